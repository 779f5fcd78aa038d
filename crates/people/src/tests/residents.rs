//! Residents: written down, found, opened, boxed, erased; on both engines.

mod honey;
mod keys;
mod pages;
mod pairs;
mod protected;

pub use protected::a_look;

use iljari_base::korean::refuse_resident_number;
use iljari_base::{Id, Outcome, id};
use iljari_store::testing::{both, on_sqlite};
use iljari_store::{Store, Tx, args};

use super::kit::{TestOffice, codes, day, district};
use crate::access::download_reason;
use crate::cx::Cx;
use crate::downloads::clear;
use crate::residents::{
    self, Alike, ChangeReason, DestroyReason, Enrolled, EraseReason, ListName, ListWanted, NewResident, Purpose,
    Resident, Safe,
};

/// 한시범, born 1961-03-12, with a phone.
pub fn han() -> NewResident {
    NewResident {
        name: "한시범".to_owned(),
        birth: day("1961-03-12"),
        phone: Some("010-0000-1111".to_owned()),
        address_dong: Some("나루1동".to_owned()),
        contact_note: Some("오후에 전화".to_owned()),
    }
}

/// Somebody else altogether.
pub fn hong() -> NewResident {
    NewResident {
        name: "홍예시".to_owned(),
        birth: day("1984-07-30"),
        phone: None,
        address_dong: None,
        contact_note: None,
    }
}

impl TestOffice {
    pub fn safe(&self) -> Safe {
        Safe::open(&self.office.keys, self.office.clock.as_ref(), self.office.entropy.as_ref()).expect("a safe")
    }

    pub async fn enrol(&self, cx: &Cx, new: NewResident) -> Outcome<Enrolled> {
        let (cx, safe) = (cx.clone(), self.safe());
        self.act(move |tx| Box::pin(async move { residents::enrol(tx, &cx, &safe, new).await })).await
    }

    pub async fn open_resident(&self, cx: &Cx, id: Id<id::Resident>) -> Outcome<Resident> {
        let (cx, safe) = (cx.clone(), self.safe());
        self.act(move |tx| Box::pin(async move { residents::open(tx, &cx, &safe, id, Purpose::Intake).await })).await
    }

    pub async fn find_resident(&self, cx: &Cx, name: &str, birth: &str) -> Outcome<Vec<Alike>> {
        let (cx, safe, name, birth) = (cx.clone(), self.safe(), name.to_owned(), day(birth));
        self.act(move |tx| Box::pin(async move { residents::find(tx, &cx, &safe, &name, birth).await })).await
    }

    pub async fn erase_resident(&self, cx: &Cx, id: Id<id::Resident>) -> Outcome<()> {
        let cx = cx.clone();
        self.act(move |tx| Box::pin(async move { residents::erase(tx, &cx, id, EraseReason::Asked).await })).await
    }

    /// Subjects and acts of the whole access log, in order.
    pub async fn logged(&self) -> Vec<(String, String)> {
        let lines = self
            .act(|tx| Box::pin(async move { crate::store::access_lines_after(tx, &district(), 0, 1000).await }))
            .await
            .expect("read");
        lines.into_iter().map(|line| (line.subject, line.act)).collect()
    }
}

/// A number that a statement counts.
pub async fn count(tx: &mut Tx, sql: &str) -> Outcome<i64> {
    Ok(tx.fetch_one(sql, args![]).await?.int("n")?)
}

#[tokio::test]
async fn a_resident_is_written_down_found_and_opened() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let clerk = office.officer("김보기", &[]).await;
        let cx = office.by(clerk);
        let enrolled = office.enrol(&cx, han()).await.expect("enrolled");
        assert!(enrolled.alike.is_empty());
        let her = office.open_resident(&cx, enrolled.id).await.expect("opened");
        assert_eq!((her.name.as_str(), her.birth, her.protected), ("한시범", day("1961-03-12"), false));
        assert_eq!(her.phone.as_deref(), Some("010-0000-1111"));
        assert_eq!(her.address_dong.as_deref(), Some("나루1동"));
        assert_eq!(her.contact_note.as_deref(), Some("오후에 전화"));
        assert_eq!(her.since, office.now());

        // Both fields, exactly; spelling aside.
        for (name, birth, found) in [
            ("한시범", "1961-03-12", 1),
            (" 한 시범 ", "1961-03-12", 1),
            ("한시범", "1961-03-13", 0),
            ("한시빔", "1961-03-12", 0),
            ("홍예시", "1961-03-12", 0),
        ] {
            let alike = office.find_resident(&cx, name, birth).await.expect("looked");
            assert_eq!(alike.len(), found, "{name} {birth}");
            assert!(alike.iter().all(|alike| alike.id == enrolled.id && alike.masked_name == "한○범"));
        }
        let subject = format!("주민 {}", enrolled.id);
        let nobody = "해당 없음".to_owned();
        let found = "주민 찾기(이름과 생년월일)".to_owned();
        let log = office.logged().await;
        assert_eq!(
            log[log.len() - 7..],
            [
                (subject.clone(), "주민 등록".to_owned()),
                (subject.clone(), "주민 정보 열람(접수)".to_owned()),
                (subject.clone(), found.clone()),
                (subject, found.clone()),
                (nobody.clone(), found.clone()),
                (nobody.clone(), found.clone()),
                (nobody, found),
            ]
        );
        let nowhere = office.open_resident(&cx, "rsd_01kb3wmz8q0000000000000001".parse().expect("an id")).await;
        assert_eq!(codes(nowhere), ["no-such-resident"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_at_the_counter_is_not_kept() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let typed = NewResident { name: "한시범 610312-1234567".to_owned(), birth: day("2030-01-01"), ..han() };
        assert_eq!(codes(office.enrol(&cx, typed).await), ["resident-number", "birth-impossible"]);
        let kept =
            office.act(|tx| Box::pin(async move { count(tx, "SELECT COUNT(*) AS n FROM resident").await })).await;
        assert_eq!(kept.expect("counted"), 0);
        assert!(refuse_resident_number("file", "신청서_６１０３１２-１２３４５６７.hwpx").is_err());
    })
    .await;
}

#[tokio::test]
async fn a_change_moves_the_index_along() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.by(office.officer("김보기", &[]).await);
        let first = office.enrol(&cx, hong()).await.expect("enrolled").id;
        let second = office.enrol(&cx, han()).await.expect("enrolled").id;
        let (change, safe) = (cx.clone(), office.safe());
        // The second one is the first one's twin on paper now.
        let new = NewResident { phone: None, ..hong() };
        let alike = office
            .act(move |tx| {
                Box::pin(async move { residents::change(tx, &change, &safe, second, (new, ChangeReason::Slip)).await })
            })
            .await
            .expect("changed");
        assert_eq!(alike.iter().map(|alike| alike.id).collect::<Vec<_>>(), [first]);
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 0);
        assert_eq!(office.find_resident(&cx, "홍예시", "1984-07-30").await.expect("looked").len(), 2);
        assert_eq!(office.open_resident(&cx, second).await.expect("opened").name, "홍예시");
        let (change, safe) = (cx.clone(), office.safe());
        let bad = NewResident { name: "...".to_owned(), ..hong() };
        let refused = office
            .act(move |tx| {
                Box::pin(async move { residents::change(tx, &change, &safe, second, (bad, ChangeReason::Slip)).await })
            })
            .await;
        assert_eq!(codes(refused), ["name-impossible"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_one_line_and_everybody_in_it_finds_it() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let clerk = office.officer("김보기", &[]).await;
        let cx = office.by(clerk);
        let one = office.enrol(&cx, han()).await.expect("enrolled").id;
        let other = office.enrol(&cx, hong()).await.expect("enrolled").id;
        let gone = office.enrol(&cx, NewResident { name: "이견본".to_owned(), ..hong() }).await.expect("enrolled").id;
        office.erase_resident(&cx, gone).await.expect("erased");
        let before = office.logged().await.len();
        for download in [None, None, Some(download_reason("자격 조회 의뢰").expect("a reason"))] {
            let (cx, safe) = (cx.clone(), office.safe());
            let names = office
                .act(move |tx| {
                    Box::pin(async move {
                        let what = "심사 명단".to_owned();
                        let download = match download {
                            Some(reason) => clear(tx, &cx, &what, 4, reason).await?.ok(),
                            None => None,
                        };
                        let wanted = ListWanted { what, residents: vec![other, one, gone, one], download };
                        residents::names_for_list(tx, &cx, &safe, wanted).await
                    })
                })
                .await
                .expect("opened");
            let shown: Vec<&str> = [one, other, gone].iter().map(|id| names[id].shown()).collect();
            assert_eq!(shown, ["한시범", "홍예시", "지운 정보"]);
            assert!(names[&one] == ListName::Named { name: "한시범".to_owned(), birth: day("1961-03-12") });
        }
        let log = office.logged().await;
        let list = "주민 명단 1번".to_owned();
        assert_eq!(
            log[before..],
            [
                (list.clone(), "명단 열람: 심사 명단(2명)".to_owned()),
                (list.clone(), "명단 열람: 심사 명단(2명)".to_owned()),
                (list, "명단 내려받기: 심사 명단(2명)".to_owned()),
            ]
        );
        let asked = cx.clone();
        let looks = office
            .act(move |tx| Box::pin(async move { residents::who_looked(tx, &asked, one).await }))
            .await
            .expect("looked");
        let read: Vec<_> =
            looks.iter().map(|look| (look.who.as_str(), look.department.as_str(), look.what.as_str())).collect();
        assert_eq!(
            read,
            [
                ("김보기", "일자리정책과", "명단 내려받기: 심사 명단(2명)"),
                ("김보기", "일자리정책과", "명단 열람: 심사 명단(2명)"),
                ("김보기", "일자리정책과", "명단 열람: 심사 명단(2명)"),
                ("김보기", "일자리정책과", "주민 등록"),
            ]
        );
        assert_eq!(looks[0].reason.as_deref(), Some("자격 조회 의뢰"));
        assert_eq!(looks[0].at, Some(office.now()));
        assert!(looks.iter().all(|look| !look.break_glass));
        // Asking is a look of its own; the erased one still has her list.
        let asked = cx.clone();
        let (again, of_gone) = office
            .act(move |tx| {
                Box::pin(async move {
                    let again = residents::who_looked(tx, &asked, one).await?;
                    Ok((again, residents::who_looked(tx, &asked, gone).await?))
                })
            })
            .await
            .expect("looked");
        assert_eq!(again.first().map(|look| look.what.as_str()), Some("내 정보를 본 사람 목록"));
        let of_gone: Vec<&str> = of_gone.iter().map(|look| look.what.as_str()).collect();
        assert_eq!(of_gone, ["주민 정보 삭제(본인이 삭제를 요구함)", "주민 등록"]);
    })
    .await;
}

#[tokio::test]
async fn what_others_seal_goes_with_her_and_a_box_goes_before() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let other = office.enrol(&cx, hong()).await.expect("enrolled").id;
        let (at, safe) = (cx.clone(), office.safe());
        let (sealed, evidence, boxed) = office
            .act(move |tx| {
                Box::pin(async move {
                    let sealed =
                        residents::seal_for(tx, &at, &safe, her, "application 1 note", "쪽지".as_bytes()).await?;
                    let evidence = residents::new_box(tx, &at, &safe, her).await?;
                    let boxed = residents::seal_in(tx, &at, &safe, evidence, "income", b"1200000").await?;
                    Ok((sealed, evidence, boxed))
                })
            })
            .await
            .expect("sealed");
        assert!(
            !sealed.windows(6).any(|six| six == "쪽지".as_bytes())
                && !boxed.windows(7).any(|seven| seven == b"1200000")
        );

        let for_her = async |owner: Id<id::Resident>, context: &'static str| {
            let (cx, safe, sealed) = (cx.clone(), office.safe(), sealed.clone());
            office
                .act(move |tx| {
                    Box::pin(async move { residents::open_for(tx, &cx, &safe, owner, context, &sealed).await })
                })
                .await
                .map(|plain| plain.to_vec())
        };
        let in_box = async |context: &'static str| {
            let (cx, safe, boxed) = (cx.clone(), office.safe(), boxed.clone());
            office
                .act(move |tx| {
                    Box::pin(async move { residents::open_in(tx, &cx, &safe, evidence, context, &boxed).await })
                })
                .await
                .map(|plain| plain.to_vec())
        };
        assert_eq!(for_her(her, "application 1 note").await.expect("opened"), "쪽지".as_bytes());
        assert_eq!(in_box("income").await.expect("opened"), b"1200000");
        for wrong in [
            for_her(her, "application 2 note").await,
            for_her(other, "application 1 note").await,
            in_box("assets").await,
        ] {
            assert!(
                matches!(wrong, Err(iljari_base::Stop::Inconsistent(_))),
                "what does not fit is told by table and context"
            );
        }

        let destroy = async |why| {
            let cx = cx.clone();
            office.act(move |tx| Box::pin(async move { residents::destroy_box(tx, &cx, evidence, why).await })).await
        };
        let before = office.logged().await.len();
        destroy(DestroyReason::ObjectionsOver).await.expect("destroyed");
        destroy(DestroyReason::ObjectionsOver).await.expect("nothing left to do");
        assert_eq!(
            office.logged().await[before..],
            [(format!("주민 {her}"), "증빙 파기(이의신청 기간이 끝남)".to_owned())],
            "told once"
        );
        assert_eq!(codes(in_box("income").await), ["box-destroyed"]);
        assert_eq!(for_her(her, "application 1 note").await.expect("the person stays"), "쪽지".as_bytes());

        // A second box goes with its owner, and so does what her own key sealed.
        let (at, safe) = (cx.clone(), office.safe());
        let second = office
            .act(move |tx| Box::pin(async move { residents::new_box(tx, &at, &safe, her).await }))
            .await
            .expect("a box");
        office.erase_resident(&cx, her).await.expect("erased");
        assert_eq!(codes(for_her(her, "application 1 note").await), ["resident-erased"]);
        let (at, safe) = (cx.clone(), office.safe());
        let sealing = office
            .act(move |tx| Box::pin(async move { residents::seal_in(tx, &at, &safe, second, "income", b"1").await }))
            .await;
        assert_eq!(codes(sealing), ["box-destroyed"]);
        let (at, safe) = (cx.clone(), office.safe());
        let third = office.act(move |tx| Box::pin(async move { residents::new_box(tx, &at, &safe, her).await })).await;
        assert_eq!(codes(third), ["resident-erased"]);
        let nowhere: Id<id::ResidentBox> = "rbx_01kb3wmz8q0000000000000001".parse().expect("an id");
        let at = cx.clone();
        let none = office
            .act(move |tx| {
                Box::pin(async move { residents::destroy_box(tx, &at, nowhere, DestroyReason::Withdrawn).await })
            })
            .await;
        assert_eq!(codes(none), ["no-such-box"]);
    })
    .await;
}

#[tokio::test]
async fn an_erased_resident_leaves_her_id_and_the_fact() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        office.erase_resident(&cx, her).await.expect("erased");
        assert_eq!(codes(office.open_resident(&cx, her).await), ["resident-erased"]);
        assert_eq!(codes(office.erase_resident(&cx, her).await), ["already-erased"]);
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 0);
        assert!(office.enrol(&cx, han()).await.expect("enrolled anew").alike.is_empty());
        for (sql, expected) in [
            ("SELECT COUNT(*) AS n FROM resident WHERE state = 'erased' AND erased_why = 'asked'", 1),
            (
                "SELECT COUNT(*) AS n FROM resident WHERE wrapped_key IS NULL AND name_sealed IS NULL AND week IS NULL",
                1,
            ),
            ("SELECT COUNT(*) AS n FROM resident_tag", 4),
        ] {
            let counted = office.act(move |tx| Box::pin(async move { count(tx, sql).await })).await;
            assert_eq!(counted.expect("counted"), expected, "{sql}");
        }
        let at = (cx.clone(), office.safe());
        let living = office.enrol(&cx, hong()).await.expect("enrolled").id;
        let evidence = office
            .act(move |tx| Box::pin(async move { residents::new_box(tx, &at.0, &at.1, living).await }))
            .await
            .expect("a box");
        let at = cx.clone();
        office
            .act(move |tx| {
                Box::pin(async move { residents::destroy_box(tx, &at, evidence, DestroyReason::Withdrawn).await })
            })
            .await
            .expect("destroyed");
        for sql in [
            "DELETE FROM resident",
            "UPDATE resident SET erased_why = 'mistake' WHERE state = 'erased'",
            "DELETE FROM resident_box",
            "UPDATE resident_box SET destroyed_why = 'x' WHERE destroyed_at IS NOT NULL",
        ] {
            let refused = office.act(move |tx| Box::pin(async move { Ok(tx.execute(sql, vec![]).await?) })).await;
            assert!(refused.expect_err(sql).to_string().contains("a trigger refused it"), "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_clerks_who_write_the_same_person_down_at_once_see_one_pair() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (one, other) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (one, other) = (office.by(one), office.by(other));
        let (left, right) = tokio::join!(office.enrol(&one, han()), office.enrol(&other, han()));
        let (left, right) = (left.expect("enrolled"), right.expect("enrolled"));
        let mut told = [left.alike.len(), right.alike.len()];
        told.sort_unstable();
        assert_eq!(told, [0, 1], "whoever came second was told");
        let (earlier, later) = if left.alike.is_empty() { (left, right) } else { (right, left) };
        assert_eq!(later.alike[0].id, earlier.id);
        let pairs =
            office.act(|tx| Box::pin(async move { count(tx, "SELECT COUNT(*) AS n FROM resident_pair").await })).await;
        assert_eq!(pairs.expect("counted"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_phone_of_many_people_crowds_out_nobody() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        for number in 0..60_u32 {
            // The shelter's phone; names and days that have nothing to do with each other.
            let letter = char::from_u32(0xac00 + number * 31).expect("a letter");
            let birth = day("1950-01-01").plus_days(i64::from(number) * 397);
            office.enrol(&cx, NewResident { name: format!("{letter}쉼터"), birth, ..han() }).await.expect("enrolled");
        }
        office.clock.advance_seconds(60);
        let first = office.enrol(&cx, han()).await.expect("enrolled").id;
        let alike = office.enrol(&cx, han()).await.expect("enrolled").alike;
        assert_eq!(alike.first().map(|alike| (alike.id, alike.score.total())), Some((first, 18)));
    })
    .await;
}

#[tokio::test]
async fn another_district_sees_nothing() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let there = Cx { district: "11215".parse().expect("a code"), ..cx.clone() };
        assert_eq!(codes(office.open_resident(&there, her).await), ["no-such-resident"]);
        assert_eq!(office.find_resident(&there, "한시범", "1961-03-12").await.expect("looked").len(), 0);
        assert!(office.enrol(&there, han()).await.expect("enrolled").alike.is_empty());
        assert_eq!(codes(office.erase_resident(&there, her).await), ["no-such-resident"]);
    })
    .await;
}
