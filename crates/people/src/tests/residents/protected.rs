//! Protected residents: found by nobody, opened with a reason for half an hour, seen by a supervisor.

use iljari_base::{Id, Outcome, Timestamp, id};
use iljari_store::Store;
use iljari_store::testing::both;

use super::super::kit::{TestOffice, codes};
use super::{han, hong};
use crate::cx::Cx;
use crate::residents::{self, BreakGlassLine, BreakReason, ChangeReason, LOOK_MINUTES, ListName, ListWanted};

impl TestOffice {
    async fn protect(&self, cx: &Cx, id: Id<id::Resident>) -> Outcome<()> {
        let cx = cx.clone();
        self.act(move |tx| Box::pin(async move { residents::protect(tx, &cx, id).await })).await
    }

    async fn lift(&self, cx: &Cx, id: Id<id::Resident>) -> Outcome<()> {
        let cx = cx.clone();
        self.act(move |tx| Box::pin(async move { residents::lift(tx, &cx, id).await })).await
    }

    async fn break_glass(&self, cx: &Cx, id: Id<id::Resident>, remark: &str) -> Outcome<Timestamp> {
        let (cx, safe, remark) = (cx.clone(), self.safe(), remark.to_owned());
        self.act(move |tx| {
            Box::pin(async move { residents::break_glass(tx, &cx, &safe, id, BreakReason::Here, &remark).await })
        })
        .await
    }

    async fn looks(&self, cx: &Cx) -> Vec<BreakGlassLine> {
        let (cx, safe) = (cx.clone(), self.safe());
        self.act(move |tx| Box::pin(async move { residents::looks_with_reason(tx, &cx, &safe).await }))
            .await
            .expect("looks")
    }

    async fn mark_seen(&self, cx: &Cx, look: Id<id::BreakGlass>) -> Outcome<()> {
        let cx = cx.clone();
        self.act(move |tx| Box::pin(async move { residents::mark_seen(tx, &cx, look).await })).await
    }

    async fn name_in_list(&self, cx: &Cx, id: Id<id::Resident>) -> ListName {
        let (cx, safe) = (cx.clone(), self.safe());
        let wanted = ListWanted { what: "명단".to_owned(), residents: vec![id], download: None };
        let names =
            self.act(move |tx| Box::pin(async move { residents::names_for_list(tx, &cx, &safe, wanted).await })).await;
        names.expect("opened").remove(&id).expect("in it")
    }
}

/// A look with a reason at a resident who is protected from now on.
pub async fn a_look(office: &TestOffice, cx: &Cx, id: Id<id::Resident>) -> Id<id::BreakGlass> {
    office.protect(cx, id).await.expect("protected");
    office.break_glass(cx, id, "창구에 와 있음").await.expect("opened");
    office.looks(cx).await[0].id
}

#[tokio::test]
async fn a_protected_resident_is_in_no_answer_to_anybody() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (clerk, other) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (cx, elsewhere) = (office.by(clerk), office.by(other));
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let double = office.enrol(&cx, han()).await.expect("enrolled").id;
        assert_eq!(office.open_pairs(&cx).await.len(), 1);
        office.protect(&cx, her).await.expect("protected");
        assert_eq!(codes(office.protect(&cx, her).await), ["already-protected"]);

        for hand in [&cx, &elsewhere, &office.inside()] {
            let found: Vec<_> = office.find_resident(hand, "한시범", "1961-03-12").await.expect("looked");
            assert_eq!(found.iter().map(|alike| alike.id).collect::<Vec<_>>(), [double]);
            assert_eq!(codes(office.open_resident(hand, her).await), ["protected-resident"]);
            assert!(office.name_in_list(hand, her).await == ListName::Protected);
            assert!(office.open_pairs(hand).await.is_empty());
            let (at, safe) = (hand.clone(), office.safe());
            let changed = office
                .act(move |tx| {
                    Box::pin(async move { residents::change(tx, &at, &safe, her, (hong(), ChangeReason::Slip)).await })
                })
                .await;
            assert_eq!(codes(changed.map(|_| ())), ["protected-resident"]);
        }
        // A third record like hers is told of the double, not of her.
        let alike = office.enrol(&elsewhere, han()).await.expect("enrolled").alike;
        assert_eq!(alike.iter().map(|alike| alike.id).collect::<Vec<_>>(), [double]);
        // She can still be erased, unopened.
        office.erase_resident(&cx, her).await.expect("erased");
        assert_eq!(codes(office.protect(&cx, her).await), ["resident-erased"]);
    })
    .await;
}

#[tokio::test]
async fn breaking_the_glass_opens_one_record_for_one_officer_and_half_an_hour() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (clerk, other) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (cx, elsewhere) = (office.by(clerk), office.by(other));
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let second = office.enrol(&cx, hong()).await.expect("enrolled").id;
        assert_eq!(codes(office.break_glass(&cx, her, "창구에 와 있음").await), ["not-protected"]);
        office.protect(&elsewhere, her).await.expect("protected");
        office.protect(&elsewhere, second).await.expect("protected");
        let long = "가".repeat(301);
        for (remark, code) in
            [("610312-1234567", "resident-number"), ("급함", "remark-too-short"), (&long, "remark-too-long")]
        {
            assert_eq!(codes(office.break_glass(&cx, her, remark).await), [code]);
        }
        assert_eq!(codes(office.break_glass(&office.inside(), her, "창구에 와 있음").await), ["officers-only"]);
        assert_eq!(codes(office.open_resident(&cx, her).await), ["protected-resident"], "nothing was opened by trying");

        let ends_at = office.break_glass(&cx, her, "창구에 와 있음").await.expect("opened");
        assert_eq!(ends_at, office.now().plus_seconds(LOOK_MINUTES * 60));
        assert_eq!(office.open_resident(&cx, her).await.expect("opened").name, "한시범");
        assert_eq!(codes(office.open_resident(&elsewhere, her).await), ["protected-resident"]);
        assert_eq!(codes(office.open_resident(&cx, second).await), ["protected-resident"]);
        assert!(
            office.name_in_list(&cx, her).await == ListName::Protected,
            "the reason is for one record, not for lists"
        );
        office.clock.advance_seconds(LOOK_MINUTES * 60 - 1);
        assert!(office.open_resident(&cx, her).await.is_ok());
        office.clock.advance_seconds(1);
        assert_eq!(codes(office.open_resident(&cx, her).await), ["protected-resident"]);

        let asked = cx.clone();
        let looks = office
            .act(move |tx| Box::pin(async move { residents::who_looked(tx, &asked, her).await }))
            .await
            .expect("looked");
        let read: Vec<_> = looks.iter().map(|look| (look.who.as_str(), look.what.as_str(), look.break_glass)).collect();
        assert_eq!(
            read,
            [
                ("김보기", "보호 대상 긴급 열람(접수)", true),
                ("김보기", "보호 대상 긴급 열람(접수)", true),
                ("김보기", "보호 대상 긴급 열람 시작(본인이 창구에 와 있음)", true),
                ("이견본", "보호 대상 지정", false),
                ("김보기", "주민 등록", false),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_supervisor_sees_every_look_and_nobody_their_own() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (clerk, auditor) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (cx, supervisor) = (office.by(clerk), office.by(auditor));
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        office.protect(&cx, her).await.expect("protected");
        office.break_glass(&cx, her, "창구에 와 있음").await.expect("opened");
        office.clock.advance_seconds(60);
        office.break_glass(&cx, her, "다시 와 있음").await.expect("opened");
        let looks = office.looks(&supervisor).await;
        let read: Vec<_> =
            looks.iter().map(|look| (look.resident, look.officer, look.remark.as_deref(), look.seen_by)).collect();
        assert_eq!(read, [(her, clerk, Some("다시 와 있음"), None), (her, clerk, Some("창구에 와 있음"), None)]);
        let latest = looks[0].id;
        assert_eq!(codes(office.mark_seen(&cx, latest).await), ["own-look"]);
        assert_eq!(codes(office.mark_seen(&office.inside(), latest).await), ["officers-only"]);
        let nowhere = "brk_01kb3wmz8q0000000000000001".parse().expect("an id");
        assert_eq!(codes(office.mark_seen(&supervisor, nowhere).await), ["no-such-look"]);
        office.mark_seen(&supervisor, latest).await.expect("seen");
        assert_eq!(codes(office.mark_seen(&supervisor, latest).await), ["already-seen"]);
        // What nobody has seen yet comes first.
        let looks = office.looks(&supervisor).await;
        assert_eq!(looks.iter().map(|look| look.seen_by).collect::<Vec<_>>(), [None, Some(auditor)]);
        // Erasing her takes the words along and leaves the fact.
        office.erase_resident(&cx, her).await.expect("erased");
        let looks = office.looks(&supervisor).await;
        assert!(
            looks.len() == 2 && looks.iter().all(|look| look.remark.is_none() && look.why == Some(BreakReason::Here))
        );
        for sql in [
            "DELETE FROM resident_break_glass",
            "DELETE FROM resident_protection",
            "UPDATE resident_protection SET change = 'lifted'",
        ] {
            let refused = office.act(move |tx| Box::pin(async move { Ok(tx.execute(sql, vec![]).await?) })).await;
            assert!(refused.expect_err(sql).to_string().contains("a trigger refused it"), "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn protection_is_lifted_by_somebody_else_than_set_it() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (clerk, other) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (cx, elsewhere) = (office.by(clerk), office.by(other));
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        assert_eq!(codes(office.lift(&elsewhere, her).await), ["not-protected"]);
        office.protect(&cx, her).await.expect("protected");
        assert_eq!(codes(office.lift(&cx, her).await), ["own-protection"]);
        office.lift(&elsewhere, her).await.expect("lifted");
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 1);
        assert_eq!(office.open_resident(&cx, her).await.expect("opened").name, "한시범");
        let nowhere = "rsd_01kb3wmz8q0000000000000001".parse().expect("an id");
        assert_eq!(codes(office.protect(&cx, nowhere).await), ["no-such-resident"]);
        assert_eq!(codes(office.lift(&cx, nowhere).await), ["no-such-resident"]);
    })
    .await;
}
