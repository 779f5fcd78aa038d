//! From selection to the last day of work: two people, seats, the reserve list, the ledger, and evidence that goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use iljari_disclosure::log::commitment::Opening;
use iljari_ledger::store as ledger;
use iljari_rules::Outcome as Verdict;
use iljari_store::testing::{FreshSqlite, both};

use super::desk::{PEOPLE, day, filled};
use super::{Desk, codes};
use crate::after::{self, Asked};
use crate::selection::Standing;
use crate::work::{After, AskedBy};
use crate::{attendance, chores, evidence, intake, objection, outcome, participate, reserve, select, store};

#[tokio::test]
async fn a_selection_takes_two_people_and_open_eyes() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        assert_eq!(codes(&desk.draw_up(no).await), ["still-open"]);
        for (name, birth, wanted, assets) in PEOPLE {
            desk.submit(no, filled(name, birth, wanted, assets)).await.expect(name);
        }
        desk.clock.set(day("2026-11-29").at_hour(9));
        assert_eq!(codes(&desk.draw_up(no).await), ["not-screened"]);
        for app in 1..=6 {
            desk.screen(no, app, None).await.expect("screened");
        }
        assert_eq!(
            codes(&desk.screen(no, 4, Some((Verdict::NotEligible, "왜".to_owned()))).await),
            ["override-without-reason"]
        );
        let reason = "가족이 공무원임을 등본으로 확인함".to_owned();
        desk.screen(no, 4, Some((Verdict::NotEligible, reason))).await.expect("overridden");
        desk.draw_up(no).await.expect("drawn up");
        assert_eq!(codes(&desk.draw_up(no).await), ["selection-waiting"]);
        assert_eq!(codes(&desk.confirm(&desk.clerk, no).await), ["own-confirmation"]);
        // The override is looked at by the confirmer although it is nowhere near a cut-off.
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["borderline-not-opened"]);
        desk.open_all(&desk.clerk, no).await;
        assert_eq!(
            codes(&desk.confirm(&desk.checker, no).await),
            ["borderline-not-opened"],
            "the drawer's eyes do not count"
        );
        desk.open_all(&desk.checker, no).await;
        desk.screen(no, 5, None).await.expect("screened again");
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["accepted"], "the same instant is not later");
        assert_eq!(codes(&desk.screen(no, 5, None).await), ["selection-confirmed"]);
        let told: Vec<(i64, Standing, Option<i64>)> =
            desk.lines(no).await.iter().map(|line| (line.app_no, line.outcome, line.reserve_no)).collect();
        assert_eq!(
            told,
            [
                (1, Standing::Chosen, None),
                (2, Standing::Chosen, None),
                (3, Standing::Reserve, Some(1)),
                (5, Standing::Reserve, Some(2)),
                (4, Standing::NotEligible, None),
                (6, Standing::Chosen, None),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn something_screened_after_the_drawing_makes_it_stale() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        desk.submit(no, filled("한시범", "1961-03-02", "1-01", "0")).await.expect("taken");
        desk.screen(no, 1, None).await.expect("screened");
        desk.clock.set(day("2026-11-29").at_hour(9));
        desk.draw_up(no).await.expect("drawn up");
        desk.clock.advance_seconds(60);
        desk.screen(no, 1, None).await.expect("screened again");
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["selection-stale"]);
    })
    .await;
}

#[tokio::test]
async fn rules_changed_after_publication_can_neither_draw_up_nor_confirm() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        desk.submit(no, filled("한시범", "1961-03-02", "1-01", "0")).await.expect("taken");
        desk.screen(no, 1, None).await.expect("screened");
        desk.clock.set(day("2026-11-29").at_hour(9));
        desk.draw_up(no).await.expect("drawn up");
        let forge = |set: &str| format!("UPDATE program_call SET rules_text = {set} WHERE no = {no}");
        iljari_store::testing::script(&desk.office.store, &forge("rules_text || '# x'")).await.expect("forged");
        assert_eq!(codes(&desk.confirm(&desk.checker, no).await), ["rules-changed"]);
        let (cx, viewer) = (desk.cx(&desk.checker), desk.checker.clone());
        let back = desk.write(move |tx| {
            Box::pin(async move { select::send_back(tx, &cx, &viewer, no, "규칙이 공고와 다릅니다").await })
        });
        back.await.expect("sent back");
        assert_eq!(codes(&desk.draw_up(no).await), ["rules-changed"]);
    })
    .await;
}

#[tokio::test]
async fn each_applicant_is_told_points_rank_cut_off_and_what_would_have_changed_it() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        let told = |app: i64| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { outcome::told(tx, &cx, no, app).await }))
        };
        let third = told(3).await.expect("told");
        // 재산 18 + 부양가족 6 + 세대주 12 + 취약 0 + 실업 20 + 참여 0
        assert_eq!(third.points.iter().map(|it| it.points).collect::<Vec<_>>(), [18, 6, 12, 0, 20, 0]);
        assert_eq!((third.line.total, third.line.rank, third.cut_off), (56, Some(3), Some(62)));
        assert_eq!(third.would_change[0], "마지막으로 뽑힌 분보다 6점 적습니다.");
        assert!(
            third.would_change.iter().any(|line| line.contains("‘가족 재산’ 구간이 ‘1억원 이하’(30점)")),
            "{:?}",
            third.would_change
        );
        let first = told(1).await.expect("told");
        assert_eq!((first.line.outcome, first.would_change.len()), (Standing::Chosen, 0));
        // The two with equal points: their incomes and assets are equal too, so the published last rule decides.
        let (fourth, fifth) = (told(4).await.expect("told"), told(5).await.expect("told"));
        assert_eq!(fourth.line.total, fifth.line.total);
        let smaller = fourth.call.last_tie_key(4) < fourth.call.last_tie_key(5);
        assert_eq!(fourth.line.rank < fifth.line.rank, smaller);
    })
    .await;
}

#[tokio::test]
async fn a_start_counts_when_a_second_officer_confirms_it_and_the_reserve_moves_up() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        assert_eq!(codes(&desk.place(no, 3, "1-01").await), ["not-selected"]);
        assert_eq!(codes(&desk.place(no, 1, "2-01").await), ["another-pool"]);
        desk.place(no, 1, "1-01").await.expect("placed");
        assert_eq!(codes(&desk.report(no, 2, "2026-11-30").await), ["no-such-participation"]);
        assert_eq!(codes(&desk.report(no, 1, "2026-11-30").await), ["start-future"]);
        assert_eq!(codes(&desk.report(no, 1, "2026-11-29").await), ["start-outside"]);
        desk.clock.set(day("2026-11-30").at_hour(18));
        desk.report(no, 1, "2026-11-30").await.expect("reported");
        assert_eq!(desk.total().await, 0, "nothing counts before the second officer");
        assert_eq!(codes(&desk.start(&desk.clerk, no, 1).await), ["own-confirmation"]);
        let leaf = desk.start(&desk.checker, no, 1).await.expect("started").expect("a leaf");
        assert_eq!(desk.total().await, 1);
        assert_eq!(codes(&desk.start(&desk.checker, no, 1).await), ["not-reported"]);
        // The leaf names nobody, and what opens it lies sealed with her record.
        let (cx, safe, code, id) = (desk.cx(&desk.clerk), desk.safe(), desk.code.clone(), leaf.clone());
        let (entry, opening) = desk
            .write(move |tx| {
                Box::pin(async move {
                    let entry = ledger::entry_of_leaf(tx, &code, &id).await?.expect("an entry");
                    Ok((entry, participate::opening(tx, &cx, &safe, (no, 1)).await?.expect("an opening")))
                })
            })
            .await
            .expect("read");
        let line = String::from_utf8(entry.body).expect("text");
        assert!(line.contains(r#""from":202611,"to":202612"#), "the round's whole period: {line}");
        assert!(!line.contains("이견본") && !line.contains("26-001"), "{line}");
        let opening = Opening::new(opening.0.try_into().expect("32 bytes"), opening.1);
        assert!(line.contains(&opening.commitment().to_string()), "{line}");
        // She leaves within the month; the plan counts everybody from the first day there, so nothing is taken back.
        desk.clock.set(day("2026-12-07").at_hour(18));
        assert_eq!(codes(&desk.leave(no, 1, "2026-12-08", "이사").await), ["left-outside"]);
        assert_eq!(codes(&desk.leave(no, 1, "2026-12-04", "9").await), ["left-without-reason"]);
        let takes_back = desk.leave(no, 1, "2026-12-04", "다른 곳에 취업").await.expect("left");
        let rule = crate::counting::Rule::of(&desk.book, "1-1-1-3", iljari_base::Year(2026));
        assert_eq!(takes_back, rule.leave_takes_back(day("2026-11-30"), day("2026-12-04")));
        // The seat is free: the first of the reserve list is called, answers, and is promoted at once.
        let offer = |place: &'static str| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { reserve::offer_next(tx, &cx, no, place).await }))
        };
        let (one, due) = offer("1-01").await.expect("offered");
        assert_eq!((one.app_no, due.on), (3, day("2026-12-09")));
        assert_eq!(codes(&offer("1-01").await), ["no-vacancy"], "an open offer holds the seat");
        let answer = |yes: bool, offer_no: i64| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { reserve::answer(tx, &cx, (no, offer_no), yes).await }))
        };
        let contact = |offer_no: i64| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| {
                Box::pin(async move { reserve::note_contact(tx, &cx, (no, offer_no), "전화", "통화함").await })
            })
        };
        let expire = |offer_no: i64| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { reserve::expire(tx, &cx, (no, offer_no)).await }))
        };
        assert_eq!(codes(&answer(true, 1).await), ["not-contacted"]);
        contact(1).await.expect("noted");
        assert_eq!(codes(&expire(1).await), ["not-expired"]);
        desk.clock.set(day("2026-12-10").at_hour(9));
        expire(1).await.expect("expired");
        let (two, _) = offer("1-01").await.expect("offered");
        contact(2).await.expect("noted");
        answer(true, 2).await.expect("promoted");
        let lines = desk.lines(no).await;
        let standing = |app: i64| lines.iter().find(|line| line.app_no == app).expect("a line").outcome;
        assert_eq!((standing(3), standing(two.app_no)), (Standing::Passed, Standing::Promoted));
        desk.place(no, two.app_no, "1-01").await.expect("placed");
        desk.report(no, two.app_no, "2026-12-10").await.expect("reported");
        desk.start(&desk.checker, no, two.app_no).await.expect("started");
        assert_eq!(desk.total().await, 2, "a replacement counts again");
        // Attendance, the end by the clock, and what became of her.
        let (cx, sheet) =
            (desk.cx(&desk.clerk), super::desk::grid("접수번호|달|일한 날|일한 시간\n26-001-0001|2026-12|4|16"));
        let rows = desk
            .write(move |tx| Box::pin(async move { attendance::take(tx, &cx, no, "출근부.csv", &sheet).await }))
            .await;
        assert_eq!(rows.expect("taken"), 1);
        desk.clock.set(day("2027-01-02").at_hour(9));
        assert_eq!(chores::run(&desk.office).await.expect("done").ended, 1);
        desk.clock.set(day("2027-05-02").at_hour(9));
        let cx = desk.cx(&desk.clerk);
        let asked = Asked { months: 3, after: After::Hired, on: day("2027-05-02"), by: AskedBy::Phone };
        let noted = desk.write(move |tx| Box::pin(async move { after::note(tx, &cx, (no, 1), asked).await })).await;
        assert_eq!(codes(&noted), ["survey-refused"], "she did not agree to be asked");
    })
    .await;
}

#[tokio::test]
async fn a_seat_is_never_given_to_two() {
    both(|store| async move {
        let desk = Arc::new(Desk::on(store).await);
        let no = desk.selected().await;
        // 1-02 has one seat and nobody selected; both of 1-01 are sent there at once.
        let mut tasks = Vec::new();
        for app in [1, 2] {
            let desk = Arc::clone(&desk);
            tasks.push(tokio::spawn(async move { desk.place(no, app, "1-02").await }));
        }
        let mut full = 0;
        for task in tasks {
            match task.await.expect("joined") {
                Ok(()) => {}
                Err(stop) => {
                    assert!(stop.has("place-full"), "{stop:?}");
                    full += 1;
                }
            }
        }
        assert_eq!(full, 1);
        let code = desk.code.clone();
        let seats =
            desk.write(move |tx| Box::pin(async move { store::seats(tx, &code, no).await })).await.expect("seats");
        let distinct: BTreeSet<(String, i64)> = seats.iter().map(|(place, seat, _)| (place.clone(), *seat)).collect();
        assert_eq!((seats.len(), distinct.len()), (3, 3), "who was refused keeps her own seat: {seats:?}");
        let sql = format!(
            "INSERT INTO program_seat SELECT district, call_no, 99, place, seat_no, 99, live, released_at, created_at \
             FROM program_seat WHERE call_no = {no} AND claim_no = 1 AND live = 1"
        );
        let held = seats.iter().any(|(place, seat, app)| (place.as_str(), *seat, *app) == ("1-01", 1, 1));
        let forged = iljari_store::testing::script(&desk.office.store, &sql).await;
        assert_eq!(forged.is_err(), held, "a second holder of a held seat is refused by the key");
    })
    .await;
}

#[tokio::test]
async fn an_objection_has_its_days_and_holds_the_evidence() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        let take = |app: i64, words: &'static str| {
            let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
            desk.write(move |tx| Box::pin(async move { objection::take(tx, &cx, &safe, (no, app), words).await }))
        };
        assert_eq!(codes(&take(3, "짧").await), ["objection-empty"]);
        assert_eq!(codes(&take(3, "제 번호는 750707-1234567입니다").await), ["resident-number"]);
        let (first, due) = take(3, "재산에 전세금이 두 번 들어갔습니다").await.expect("taken");
        assert_eq!(due.on, day("2026-12-14"), "fourteen days from the 29th end on a Sunday");
        assert_eq!(codes(&take(3, "한 번 더 말씀드립니다").await), ["objection-open"]);
        // The days to object end on 6 December, a Sunday: the 7th is the last.
        desk.clock.set(day("2026-12-07").at_hour(23));
        take(4, "점수가 같은데 왜 뒤인지 궁금합니다").await.expect("in time");
        desk.clock.set(day("2026-12-08").at_hour(0));
        assert_eq!(codes(&take(5, "늦었지만 말씀드립니다").await), ["objections-over"]);
        assert_eq!(chores::run(&desk.office).await.expect("done").destroyed, 0, "an open objection holds");
        let answer = |by: &iljari_web::Viewer, objection_no: i64| {
            let (cx, viewer) = (desk.cx(by), by.clone());
            desk.write(move |tx| {
                Box::pin(async move {
                    objection::answer(tx, &cx, &viewer, (no, objection_no), false, "전세금은 한 번만 더했습니다").await
                })
            })
        };
        assert_eq!(codes(&answer(&desk.clerk, first).await), ["own-selection"]);
        answer(&desk.checker, first).await.expect("answered");
        answer(&desk.checker, 2).await.expect("answered");
        assert_eq!(codes(&answer(&desk.checker, 2).await), ["no-such-objection"]);
        assert_eq!(chores::run(&desk.office).await.expect("done").destroyed, 6);
        let remembered = std::fs::read_to_string(desk.office.keys.join("residents/erased.txt")).expect("remembered");
        assert_eq!(remembered.lines().count(), 6, "a restored backup does not bring them back");
        assert_eq!(chores::run(&desk.office).await.expect("done").destroyed, 0, "once");
    })
    .await;
}

/// S-02: the ranking comes out the same before and after, and no seeded value lies in the database, its
/// write-ahead log or a copy of it, at any time.
#[tokio::test]
async fn evidence_is_never_readable_in_the_files_and_gone_after_the_objections() {
    const SECRET: &str = "987654321";
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let no = desk.published().await;
    for (name, birth, wanted, assets) in PEOPLE {
        let assets = if name == "이견본" { SECRET } else { assets };
        let mut it = filled(name, birth, wanted, assets);
        it.note = "강변 셋째 집에 사심".to_owned();
        desk.submit(no, it).await.expect(name);
    }
    for app in 1..=6 {
        desk.screen(no, app, None).await.expect("screened");
    }
    desk.clock.set(day("2026-11-29").at_hour(9));
    desk.draw_up(no).await.expect("drawn up");
    desk.open_all(&desk.checker, no).await;
    desk.confirm(&desk.checker, no).await.expect("confirmed");
    let again = || {
        let cx = desk.cx(&desk.clerk);
        desk.write(move |tx| {
            Box::pin(async move {
                let call = store::call_of(tx, &cx.district, no).await?.expect("a call");
                let run = store::run(tx, &cx.district, no).await?.expect("a run");
                select::recompute(tx, &cx, &call, &run).await
            })
        })
    };
    let open = || {
        let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
        desk.write(move |tx| {
            Box::pin(async move {
                let it = intake::application_of(tx, &cx, no, 1).await?;
                evidence::open(tx, &cx, &safe, &it).await
            })
        })
    };
    let before = again().await.expect("recomputed");
    assert_eq!(open().await.expect("open").declared.facts.get("가구재산").map(String::as_str), Some(SECRET));
    let backup = tempfile::tempdir().expect("a folder");
    let mut files = 0;
    for entry in std::fs::read_dir(fresh.folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, backup.path().join(path.file_name().expect("a name"))).expect("copied");
            files += 1;
        }
    }
    assert!(files >= 1, "there is a database to search");
    let search = |folder: &std::path::Path| {
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let bytes = std::fs::read(&path).expect("a file");
                for wanted in [SECRET, "강변 셋째", "이견본", "010-0000-0000", "1961-03-02"] {
                    let found = bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes());
                    assert!(!found, "{wanted} stands in {}", path.display());
                }
            }
        }
    };
    search(fresh.folder.path());
    search(backup.path());
    desk.clock.set(day("2026-12-08").at_hour(9));
    assert_eq!(chores::run(&desk.office).await.expect("done").destroyed, 6);
    assert_eq!(codes(&open().await), ["evidence-destroyed"]);
    assert_eq!(again().await.expect("recomputed"), before, "item points, tie places and numbers are enough");
    search(fresh.folder.path());
    let cx = desk.cx(&desk.clerk);
    let told = desk.write(move |tx| Box::pin(async move { outcome::told(tx, &cx, no, 3).await })).await.expect("told");
    assert_eq!(told.points.len(), 6, "her points stay");
}
