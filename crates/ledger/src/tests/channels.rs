//! Where a disclosure was announced: what may be written, what is refused, and that nothing goes away.

use iljari_base::{Date, Outcome, Year};
use iljari_store::testing::both;
use iljari_store::{Store, args};

use super::{Desk, code_of};
use crate::channel::{self, NewAnnouncement};
use crate::disclose::{Wish, disclose};
use crate::model::{Announcement, Channel};
use crate::{publish, store};

async fn disclosed(store: Store) -> Desk {
    let desk = Desk::on(store).await;
    desk.enter("1-1-1", 2026, (1, 3), 63).await;
    let wish = Wish {
        year: Year(2026),
        approval_no: "과-1".to_owned(),
        approval_on: Date::new(2026, 11, 19),
        remark: String::new(),
    };
    disclose(&desk.office, &desk.cx(&desk.checker), wish).await.expect("disclosed");
    desk
}

fn line(channel: Channel, day: i8, place: &str) -> NewAnnouncement {
    NewAnnouncement {
        disclosure_no: 1,
        channel,
        announced_on: Date::new(2026, 11, day).expect("a day"),
        place: place.to_owned(),
    }
}

async fn announce(desk: &Desk, new: NewAnnouncement) -> Outcome<i64> {
    let cx = desk.cx(&desk.checker);
    desk.write(move |tx| Box::pin(async move { channel::announce(tx, &cx, new).await })).await
}

async fn strike(desk: &Desk, disclosure_no: i64, no: i64, reason: &str) -> Outcome<()> {
    let (cx, reason) = (desk.cx(&desk.checker), reason.to_owned());
    desk.write(move |tx| Box::pin(async move { channel::strike(tx, &cx, disclosure_no, no, &reason).await })).await
}

async fn told(desk: &Desk) -> Vec<Announcement> {
    let code = desk.code.clone();
    let read = desk.office.store.read(move |tx| Box::pin(async move { store::announcements(tx, &code).await }));
    read.await.expect("read")
}

#[tokio::test]
async fn a_channel_is_written_down_and_a_wrong_one_is_struck_with_its_reason() {
    both(async |store: Store| {
        let desk = disclosed(store).await;
        let before = newest(&desk).await;
        desk.clock.advance_seconds(3600);
        let site = line(Channel::Website, 20, "  https://jobs.example.kr/notice/1  ");
        assert_eq!(announce(&desk, site.clone()).await.expect("written"), 1);
        assert_eq!(announce(&desk, line(Channel::Press, 20, "나루신문 1면 (예시)")).await.expect("written"), 2);
        assert!(newest(&desk).await > before, "an export made now is newer");
        assert_eq!(code_of(&announce(&desk, site).await), "announced-twice");
        strike(&desk, 1, 2, "다른 공시를 다룬 기사였습니다").await.expect("struck");
        assert_eq!(code_of(&strike(&desk, 1, 2, "두 번 그을 수는 없습니다").await), "struck-already");
        let found = told(&desk).await;
        let said = found.iter().map(|line| (line.no, line.channel, line.place.as_str(), line.struck.is_some()));
        let expected = [
            (1, Channel::Website, "https://jobs.example.kr/notice/1", false),
            (2, Channel::Press, "나루신문 1면 (예시)", true),
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
        assert_eq!(found[1].struck.as_ref().map(|(why, _)| why.as_str()), Some("다른 공시를 다룬 기사였습니다"));
        // What was struck may be true another time.
        assert_eq!(announce(&desk, line(Channel::Press, 20, "나루신문 1면 (예시)")).await.expect("written"), 3);
        for change in [
            "UPDATE disclosure_channel SET place = 'x'",
            "DELETE FROM disclosure_channel",
            "UPDATE disclosure_channel_strike SET reason = 'x'",
            "DELETE FROM disclosure_channel_strike",
        ] {
            let done = desk.write(move |tx| Box::pin(async move { Ok(tx.execute(change, args![]).await?) })).await;
            assert!(done.expect_err(change).to_string().contains("never"), "{change}");
        }
    })
    .await;
}

async fn newest(desk: &Desk) -> Option<iljari_base::Timestamp> {
    desk.office.store.read(|tx| Box::pin(publish::newest_fact(tx))).await.expect("read")
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_field_it_belongs_to() {
    both(async |store: Store| {
        let desk = disclosed(store).await;
        for (new, code) in [
            (line(Channel::Website, 20, ""), "place-missing"),
            (line(Channel::Website, 20, "구청 누리집"), "place-not-an-address"),
            (line(Channel::Briefing, 21, "나루강당"), "announced-later"),
            (line(Channel::Briefing, 19, "나루강당"), "announced-before"),
            (line(Channel::Briefing, 20, "홍예시 900101-1234567"), "resident-number"),
            (line(Channel::Press, 20, &"가".repeat(301)), "text-too-long"),
            (NewAnnouncement { disclosure_no: 9, ..line(Channel::Press, 20, "나루신문") }, "no-such-disclosure"),
        ] {
            assert_eq!(code_of(&announce(&desk, new).await), code);
        }
        assert_eq!(told(&desk).await, [], "nothing was written");
        announce(&desk, line(Channel::Reis, 20, "공시 게시판")).await.expect("written");
        assert_eq!(code_of(&strike(&desk, 1, 1, "틀림").await), "strike-without-reason");
        assert_eq!(code_of(&strike(&desk, 1, 7, "없는 줄입니다").await), "no-such-announcement");
        assert_eq!(code_of(&strike(&desk, 2, 1, "다른 공시의 줄입니다").await), "no-such-announcement");
        assert_eq!(told(&desk).await[0].struck, None);
    })
    .await;
}
