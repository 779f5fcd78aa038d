//! Applications at the counter: refusals in their order, one number sequence, what holds under a race.

use std::collections::BTreeSet;

use iljari_base::Outcome;
use iljari_people::seal::Sealer;
use iljari_store::testing::both;

use super::desk::{PEOPLE, day, filled};
use super::{Desk, codes};
use crate::application::Consent;
use crate::intake::{self, Filled, Head, Received, Who};
use crate::{evidence, lookup, store};

/// What is changed in a sound application, and the codes it is refused with.
type Case = (fn(&mut Filled), &'static [&'static str]);

#[tokio::test]
async fn an_application_is_refused_in_order_of_precedence() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let one = || filled("한시범", "1961-03-02", "1-01", "0");
        let draft = desk.draft(super::desk::terms()).await.expect("a draft");
        assert_eq!(codes(&desk.submit(99, one()).await), ["no-such-call"]);
        assert_eq!(codes(&desk.submit(draft, one()).await), ["call-not-published"]);
        let no = desk.published().await;
        desk.clock.set(day("2026-11-20").at_hour(23));
        assert_eq!(codes(&desk.submit(no, one()).await), ["not-open-yet"]);
        desk.clock.set(day("2026-11-28").at_hour(0));
        assert_eq!(codes(&desk.submit(no, one()).await), ["closed"]);
        desk.clock.set(day("2026-11-27").at_hour(23));
        let with = |change: fn(&mut Filled)| {
            let mut filled = one();
            change(&mut filled);
            filled
        };
        let cases: [Case; 9] = [
            // A resident number anywhere comes before all that is wrong otherwise.
            (
                |it| {
                    it.note = "610302-1234567".to_owned();
                    it.wanted = "9-99".to_owned();
                },
                &["resident-number"],
            ),
            (|it| it.facts[0].1 = "6103021234567".to_owned(), &["resident-number"]),
            (|it| it.dong = "나루 610302–1234567".to_owned(), &["resident-number"]),
            (
                |it| {
                    it.consents = vec![Consent::OtherJobs];
                    it.wanted = "9-99".to_owned();
                },
                &["consent-needed", "consent-needed", "no-such-place"],
            ),
            (
                |it| {
                    it.facts[2].1 = "조금".to_owned();
                    it.facts.push(("키".to_owned(), "180".to_owned()));
                },
                &["fact-unreadable", "fact-unreadable"],
            ),
            (|it| it.note = "가".repeat(501), &["note-too-long"]),
            (|it| it.wanted = "2-01".to_owned(), &["pool-age"]),
            (|it| it.resident.name = "😀".to_owned(), &["name-impossible"]),
            (|it| it.resident.phone = Some("12".to_owned()), &["phone-impossible"]),
        ];
        for (change, expected) in cases {
            assert_eq!(codes(&desk.submit(no, with(change)).await), expected);
        }
        let received = desk.submit(no, one()).await.expect("taken in the last hour");
        assert_eq!((received.no, received.receipt.as_str()), (1, "26-002-0001"), "refusals take no number");
        assert_eq!(codes(&desk.submit(no, one()).await), ["same-name-and-birth"]);
    })
    .await;
}

#[tokio::test]
async fn one_person_and_one_household_apply_once() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let first = desk.submit(no, filled("한시범", "1961-03-02", "1-01", "0")).await.expect("taken");
        let again = || async {
            let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
            let known = desk
                .write(move |tx| {
                    Box::pin(async move { intake::alike(tx, &cx, &safe, "한시범", day("1961-03-02")).await })
                })
                .await
                .expect("found");
            let who = Who::Known(known.first().expect("known").id);
            desk.submit(no, Filled { who, ..filled("한시범", "1961-03-02", "1-02", "0") }).await
        };
        assert_eq!(codes(&again().await), ["live-application"]);
        // Another of the same name and birth is another person; her household is her own.
        let other = Filled { who: Who::Another, ..filled("한시범", "1961-03-02", "1-01", "0") };
        assert_eq!(desk.submit(no, other).await.expect("taken").no, 2);
        let of_head = |name: &str| Filled {
            head: Head::Other { name: "선우예시".to_owned(), birth: day("1950-01-01") },
            ..filled(name, "1990-10-10", "1-02", "0")
        };
        assert_eq!(desk.submit(no, of_head("선우보기")).await.expect("taken").no, 3);
        assert_eq!(codes(&desk.submit(no, of_head("선우시연")).await), ["household-full"]);
        let (cx, at) = (desk.cx(&desk.clerk), first.no);
        desk.write(move |tx| Box::pin(async move { intake::withdraw(tx, &cx, no, at).await }))
            .await
            .expect("withdrawn");
    })
    .await;
}

/// Fifty at once, of one household and of one person: exactly one stands, whatever the engine did in between.
#[tokio::test]
async fn cross_row_limits_hold_under_a_race() {
    both(|store| async move {
        let desk = std::sync::Arc::new(Desk::on(store).await);
        let no = desk.published().await;
        let mut tasks = Vec::new();
        for nth in 0..50 {
            let desk = std::sync::Arc::clone(&desk);
            tasks.push(tokio::spawn(async move {
                let mut it = filled(&format!("예시{}", char::from_u32(0xac00 + nth).expect("a letter")), "1970-01-01", "1-01", "0");
                it.head = Head::Other { name: "선우예시".to_owned(), birth: day("1950-01-01") };
                desk.submit(no, it).await
            }));
        }
        let mut taken: Vec<Received> = Vec::new();
        for task in tasks {
            let outcome: Outcome<Received> = task.await.expect("joined");
            match outcome {
                Ok(received) => taken.push(received),
                Err(stop) => assert!(stop.has("household-full"), "{stop:?}"),
            }
        }
        assert_eq!(taken.len(), 1);
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        assert_eq!(all.expect("read").len(), 1);
        // The keys themselves stand, even where no check was made before.
        let sql = format!(
            "INSERT INTO program_application SELECT district, call_no, 900, resident, evidence_box, channel, dong, pool, \
             wanted, household, 77, live, state, verdict, broken, conflicts, overridden, override_reason, taken_by, \
             screened_by, screened_at, destroyed_at, created_at FROM program_application WHERE call_no = {no}"
        );
        assert!(iljari_store::testing::script(&desk.office.store, &sql).await.is_err(), "one live application");
        let sql = sql.replace("resident, evidence_box", "'rsd_other', evidence_box").replace(", 77, live", ", household_slot, live");
        assert!(iljari_store::testing::script(&desk.office.store, &sql).await.is_err(), "one of a household");
    })
    .await;
}

#[tokio::test]
async fn refusing_everything_optional_changes_nothing() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let bare = desk.submit(no, filled("한시범", "1961-03-02", "1-01", "0")).await.expect("taken");
        let all = Filled { consents: Consent::ALL.to_vec(), ..filled("홍예시", "1961-03-02", "1-01", "0") };
        let full = desk.submit(no, all).await.expect("taken");
        assert_eq!((bare.verdict, &bare.missing), (full.verdict, &full.missing));
        let (one, other) =
            (desk.screen(no, 1, None).await.expect("one"), desk.screen(no, 2, None).await.expect("other"));
        assert_eq!((one.outcome, one.total()), (other.outcome, other.total()));
        let code = desk.code.clone();
        let kept = desk.write(move |tx| Box::pin(async move { store::consents(tx, &code, no, 1).await })).await;
        assert_eq!(kept.expect("read"), [Consent::Select, Consent::LookUp]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_found_again_by_its_code_and_gone_when_handed_in() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let sealer = || Sealer::open(&desk.office.keys, desk.office.entropy.as_ref()).expect("a key");
        let keep = |text: &str| {
            let (cx, sealer) = (desk.cx(&desk.clerk), sealer());
            let pairs = vec![("name".to_owned(), text.to_owned())];
            desk.write(move |tx| Box::pin(async move { intake::save_draft(tx, &cx, &sealer, no, None, &pairs).await }))
        };
        let find = |code: String| {
            let (cx, sealer) = (desk.cx(&desk.clerk), sealer());
            desk.write(move |tx| Box::pin(async move { intake::find_draft(tx, &cx, &sealer, &code).await }))
        };
        assert_eq!(codes(&keep("610302-1234567").await), ["resident-number"]);
        let code = keep("한시범").await.expect("kept");
        let (call_no, found, pairs) = find(crate::code::shown(&code).to_lowercase()).await.expect("found");
        assert_eq!((call_no, &found, pairs[0].1.as_str()), (no, &code, "한시범"));
        assert_eq!(codes(&find("34679ACD".to_owned()).await), ["no-such-draft"]);
        let handed_in = Filled { draft: Some(code.clone()), ..filled("한시범", "1961-03-02", "1-01", "0") };
        desk.submit(no, handed_in).await.expect("taken");
        assert_eq!(codes(&find(code).await), ["no-such-draft"]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_sheet_changes_verdicts_and_shows_what_contradicts() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        for (name, birth, wanted, assets) in PEOPLE.into_iter().take(3) {
            desk.submit(no, filled(name, birth, wanted, assets)).await.expect(name);
        }
        let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
        let reason = iljari_people::download_reason("하반기 자격 조회").expect("a reason");
        let list =
            desk.write(move |tx| Box::pin(async move { lookup::export(tx, &cx, &safe, no, reason).await })).await;
        let list = list.expect("exported").expect("a short list");
        assert_eq!(list.rows()[0][..3], ["26-001-0001".to_owned(), "이견본".to_owned(), "1961-03-02".to_owned()]);
        // Whatever part of the list turns up leads back to who took it.
        let marks: BTreeSet<&str> = list.rows().iter().map(|row| row.last().expect("a cell").as_str()).collect();
        let mark = format!("{} {}", desk.clerk.name, desk.office.clock.now().korean());
        assert_eq!(marks, BTreeSet::from([mark.as_str()]));
        let csv = String::from_utf8(list.csv()).expect("text");
        assert!(csv.contains("일모아 사업번호(서식 확인 필요)") && csv.contains("재정지원 중복참여"), "{csv}");
        let head = "접수번호|자격: 소득|가구재산|조회일|재정지원 중복참여|중복참여 조회일";
        let answer = |rows: &str| {
            let grid = super::desk::grid(&format!("{head}\n{rows}"));
            let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
            desk.write(move |tx| Box::pin(async move { lookup::answer(tx, &cx, &safe, no, "결과.csv", &grid).await }))
        };
        for (rows, code) in [
            ("26-001-0099|충족||2026-11-23||", "unknown-receipt"),
            ("26-001-0001|글쎄||2026-11-23||", "answer-unreadable"),
            ("26-001-0001|충족||||", "answer-without-day"),
            ("26-001-0001|충족||2026-11-19||", "answer-too-old"),
            ("26-001-0001|||2026-11-23|중복|", "answer-without-day"),
            ("26-001-0001|||||", "nothing-answered"),
        ] {
            assert_eq!(codes(&answer(rows).await), [code], "{rows}");
        }
        let twice = "26-001-0001|충족||2026-11-23||\n26-001-0001|충족||2026-11-23||";
        assert_eq!(codes(&answer(twice).await), ["receipt-twice"]);
        let rows = "26-001-0001|충족|50000000|2026-11-23|해당 없음|2026-11-23\n\
                    26-001-0002|미충족|150000000|2026-11-23|해당 없음|2026-11-23\n\
                    26-001-0003|충족|260000000|2026-11-23|중복|2026-11-23";
        let answered = answer(rows).await.expect("answered");
        assert_eq!(answered.applications, 3);
        let told: BTreeSet<&str> = answered.conflicts.iter().map(|(receipt, _)| receipt.as_str()).collect();
        assert_eq!(told, BTreeSet::from(["26-001-0003"]), "her assets differ; {:?}", answered.conflicts);
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        let verdicts: Vec<&str> = all.expect("read").iter().map(|it| it.verdict.korean()).collect();
        // The second is unknown by figures that nobody proved, so the look-up's own no decides.
        assert_eq!(verdicts, ["조건부 가능", "불가", "불가"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_told_is_sealed_and_opens_for_the_screener_only_while_it_may() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        desk.submit(no, filled("한시범", "1961-03-02", "1-01", "123456789")).await.expect("taken");
        let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
        let known = desk
            .write(move |tx| {
                Box::pin(async move {
                    let it = intake::application_of(tx, &cx, no, 1).await?;
                    evidence::open(tx, &cx, &safe, &it).await
                })
            })
            .await
            .expect("opened");
        assert_eq!(known.declared.facts.get("가구재산").map(String::as_str), Some("123456789"));
        assert_eq!(format!("{known:?}"), "Evidence(…)");
    })
    .await;
}
