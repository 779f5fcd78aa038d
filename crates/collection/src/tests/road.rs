//! The whole road, on both engines: a sheet comes in, two officers look at it, and the total moves.

use iljari_base::{Actor, DistrictCode, Entropy as _, SeededEntropy};
use iljari_ledger::record;
use iljari_people::Cx;
use iljari_store::Store;
use iljari_store::testing::both;
use iljari_store::testing::faults::{How, broken_at};

use super::{Desk, HEAD, codes, of, part};
use crate::hand_in::{HandedIn, hand_in};
use crate::model::{Ask, RowState, Upload, UploadState};
use crate::send_back::send_back;
use crate::withdraw::withdraw;
use crate::{apply, store};

/// A sheet with one figure (당기) a project.
fn sheet(asks: &[&Ask], figures: &[&str]) -> String {
    let lines: Vec<String> = asks
        .iter()
        .zip(figures)
        .map(|(ask, figure)| match *figure {
            "-" => format!("{}|{}|||실적 없음|", ask.node, ask.name),
            figure => format!("{}|{}|{figure}|||", ask.node, ask.name),
        })
        .collect();
    format!("{HEAD}\n{}\n", lines.join("\n"))
}

#[tokio::test]
async fn nothing_counts_before_a_second_officer_confirms_and_then_everything_does() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let upload = desk.upload(&round, &sheet(&asked[..3], &["12", "7", "-"])).await;
        assert_eq!((desk.waiting().await, desk.look(upload).await.state), (0, UploadState::Previewed));

        let done = desk.submit(upload).await.expect("submitted");
        assert_eq!((done.staged, done.same, desk.waiting().await), (2, 1, 2));
        assert_eq!(desk.total(asked[0].node.as_str()).await, 0);
        assert_eq!(codes(&desk.submit(upload).await), ["already-decided"]);

        assert_eq!(codes(&desk.confirm(&desk.writer, upload).await), ["own-confirmation"]);
        desk.confirm(&desk.checker, upload).await.expect("confirmed");
        assert_eq!(codes(&desk.confirm(&desk.checker, upload).await), ["already-decided"]);
        assert_eq!(desk.total(asked[0].node.as_str()).await, 0, "the chore has not begun");
        desk.to_the_end(upload).await;
        assert_eq!((desk.total(asked[0].node.as_str()).await, desk.total(asked[1].node.as_str()).await), (12, 7));
        assert_eq!(desk.waiting().await, 0);
        let states: Vec<&str> = desk.rows(upload).await.iter().map(|row| row.state.as_str()).collect();
        assert_eq!(states, ["applied", "applied", "same"]);
        assert!(matches!(desk.look(upload).await.state, UploadState::Applied { .. }));
        // The chore may come again; nothing is there for it to do.
        desk.to_the_end(upload).await;
        assert_eq!(desk.total(asked[0].node.as_str()).await, 12);
    })
    .await;
}

#[tokio::test]
async fn a_stop_between_two_steps_loses_and_doubles_nothing() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked: Vec<&Ask> = asks.iter().filter(|ask| ask.by_hand()).collect();
        assert!(asked.len() > usize::try_from(apply::STEP_ROWS).expect("small"), "more than one step");
        let figures: Vec<&str> = asked.iter().map(|_| "3").collect();
        let upload = desk.upload(&round, &sheet(&asked, &figures)).await;
        desk.submit(upload).await.expect("submitted");
        desk.confirm(&desk.checker, upload).await.expect("confirmed");
        let cx = Cx::inside(&desk.office, Actor::System, desk.code.clone());
        let (mut done, mut steps) = (0, 0);
        loop {
            let acting = cx.clone();
            // Each step is an act of its own: between two of them the program may stop and another may go on.
            let last = desk.write(move |tx| Box::pin(async move { apply::step(tx, &acting, upload).await })).await;
            let last = last.expect("a step");
            steps += 1;
            let (now, total) = apply::progress(&desk.look(upload).await, &desk.rows(upload).await);
            assert!(now > done && total == asked.len(), "progress never goes back: {done} then {now} of {total}");
            done = now;
            let left = desk.write(|tx| Box::pin(async move { store::uploads_applying(tx).await })).await.expect("read");
            assert_eq!(left.is_empty(), last, "a start finds what is left");
            if last {
                break;
            }
        }
        assert!(steps > 1);
        for ask in asked {
            assert_eq!(desk.total(ask.node.as_str()).await, 3, "{}", ask.node);
        }
    })
    .await;
}

#[tokio::test]
async fn steps_that_break_anywhere_lose_and_double_nothing() {
    let seed = std::env::var("ILJARI_FAULTS_SEED").unwrap_or_else(|_| "나루".to_owned());
    println!("ILJARI_FAULTS_SEED={seed}");
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked: Vec<&Ask> = asks.iter().filter(|ask| ask.by_hand()).collect();
        let figures: Vec<&str> = asked.iter().map(|_| "3").collect();
        let upload = desk.upload(&round, &sheet(&asked, &figures)).await;
        desk.submit(upload).await.expect("submitted");
        desk.confirm(&desk.checker, upload).await.expect("confirmed");
        let (chance, mut broken, mut done) = (SeededEntropy::new(&seed), 0, 0);
        // The program stops at thirty places, before or behind what it was about to write, and starts again.
        while broken < 30 {
            let nth = usize::try_from(chance.below(200)).expect("small");
            let how = if chance.below(2) == 0 { How::Fails } else { How::FailsButPersists };
            let work = apply::to_the_end(&desk.office, &desk.code, upload);
            let (ended, steps) = broken_at(nth, how, work).await;
            assert_eq!(ended.is_err(), steps.len() > nth, "a broken step was told as done");
            broken += usize::from(ended.is_err());
            let (now, total) = apply::progress(&desk.look(upload).await, &desk.rows(upload).await);
            assert!(now >= done && total == asked.len(), "progress never goes back: {done} then {now} of {total}");
            done = now;
            if ended.is_ok() {
                break;
            }
        }
        assert!(broken > 1, "nothing broke");
        desk.to_the_end(upload).await;
        for ask in &asked {
            assert_eq!(desk.total(ask.node.as_str()).await, 3, "{}", ask.node);
        }
        assert_eq!(desk.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_no_longer_fits_is_named_and_the_others_go_on() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        desk.enter(asked[0], (1, 9), 100).await;
        let line = |ask: &Ask, figures: &str| format!("{}|{}|{figures}", ask.node, ask.name);
        let text =
            format!("{HEAD}\n{}\n{}\n{}\n", line(asked[0], "|110||"), line(asked[1], "7|||"), line(asked[2], "5|||"));
        let upload = desk.upload(&round, &text).await;
        desk.submit(upload).await.expect("submitted");
        // Meanwhile the running sum below the first row is corrected, and one number is confirmed on its own page.
        let rows = desk.rows(upload).await;
        let RowState::Staged(third) = rows[2].state.clone() else { panic!("{:?}", rows[2].state) };
        let (cx, checker) = (desk.cx(&desk.checker), desk.checker.clone());
        let (writing, code, node) = (desk.cx(&desk.writer), desk.code.clone(), asked[0].node.to_string());
        desk.write(move |tx| {
            Box::pin(async move {
                let entries = iljari_ledger::store::entries_of_node(tx, &code, &node).await?;
                let leaf = entries[0].leaf_id.clone();
                let why = iljari_disclosure::log::words::Why::Duplicate;
                let staged = record::correct(tx, &writing, &leaf, 90, why, "두 번 센 사람을 뺐습니다").await?;
                record::confirm(tx, &cx, &checker, staged).await?;
                record::confirm(tx, &cx, &checker, third.parse().expect("an id")).await
            })
        })
        .await
        .expect("moved meanwhile");
        desk.confirm(&desk.checker, upload).await.expect("confirmed");
        desk.to_the_end(upload).await;
        let rows = desk.rows(upload).await;
        assert!(matches!(&rows[0].state, RowState::Refused(why) if why.contains("누계")), "{:?}", rows[0].state);
        assert!(matches!(rows[1].state, RowState::Applied(_)));
        assert!(matches!(rows[2].state, RowState::Applied(_)), "decided on its own page: {:?}", rows[2].state);
        assert_eq!((desk.total(asked[0].node.as_str()).await, desk.total(asked[1].node.as_str()).await), (90, 7));
        assert_eq!((desk.total(asked[2].node.as_str()).await, desk.waiting().await), (5, 0));
    })
    .await;
}

#[tokio::test]
async fn the_same_file_again_says_so_until_it_was_sent_back() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let text = sheet(&asked[..1], &["12"]);
        let first = desk.upload(&round, &text).await;
        let again = desk.hand_in(&round, vec![part("이름만 다른 파일.csv", &text)]).await.expect("known");
        assert_eq!(again, HandedIn::Known(first));
        // Beside a new file, the known one is skipped and named.
        let other = sheet(&asked[1..2], &["7"]);
        let both_files = vec![part("가.csv", &text), part("나.csv", &other), part("다.csv", &other)];
        let HandedIn::New(second) = desk.hand_in(&round, both_files).await.expect("taken in") else { panic!() };
        let code = desk.code.clone();
        let (files, faults) = desk
            .write(move |tx| {
                Box::pin(async move {
                    Ok((store::files_of(tx, &code, second).await?, store::faults_of(tx, &code, second).await?))
                })
            })
            .await
            .expect("read");
        assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["나.csv"]);
        assert_eq!(faults.len(), 2);
        assert!(faults.iter().all(|fault| !fault.blocks && fault.what.contains("건너뛰었습니다")));
        // In another round, and after it was sent back, it may come again.
        let (next, _) = desk.october().await;
        assert!(matches!(desk.hand_in(&next, vec![part("가.csv", &text)]).await, Ok(HandedIn::New(_))));
        let (cx, writer) = (desk.cx(&desk.writer), desk.writer.clone());
        desk.write(move |tx| {
            Box::pin(async move { send_back(tx, &cx, &writer, first, "3행을 다시 봐 주세요").await })
        })
        .await
        .expect("sent back");
        assert!(matches!(desk.hand_in(&round, vec![part("가.csv", &text)]).await, Ok(HandedIn::New(_))));
    })
    .await;
}

#[tokio::test]
async fn several_files_are_one_upload_and_one_project_in_two_of_them_is_a_fault() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let parts =
            vec![part("가.csv", &sheet(&asked[..2], &["12", "7"])), part("나.csv", &sheet(&asked[1..3], &["8", "5"]))];
        let HandedIn::New(upload) = desk.hand_in(&round, parts).await.expect("taken in") else { panic!() };
        let rows = desk.rows(upload).await;
        assert_eq!(rows.iter().map(|row| (row.no, row.file_no)).collect::<Vec<_>>(), [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(codes(&desk.submit(upload).await), ["faults-left"]);
        assert_eq!(desk.waiting().await, 0, "all or nothing");
    })
    .await;
}

#[tokio::test]
async fn an_upload_with_a_fault_or_without_an_answer_is_not_submitted() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let faulty = desk.upload(&round, &sheet(&asked[..2], &["12", "2O4"])).await;
        assert_eq!(codes(&desk.submit(faulty).await), ["faults-left"]);
        let against = desk.upload(&round, &sheet(&asked[..1], &["0"])).await;
        assert_eq!(codes(&desk.submit(against).await), ["faults-left"]);
        let empty = desk.upload(&round, &sheet(&asked[..2], &["", ""])).await;
        assert_eq!(codes(&desk.submit(empty).await), ["nothing-answered"]);
        assert_eq!(desk.waiting().await, 0);
        assert_eq!(codes(&desk.submit(99).await), ["not-yours-to-see"]);
    })
    .await;
}

#[tokio::test]
async fn sending_back_and_withdrawing_leave_nothing_in_the_queue() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let upload = desk.upload(&round, &sheet(&asked[..2], &["12", "7"])).await;
        desk.submit(upload).await.expect("submitted");
        let back = async |by: &iljari_web::Viewer, reason: &'static str| {
            let (cx, viewer) = (desk.cx(by), by.clone());
            desk.write(move |tx| Box::pin(async move { send_back(tx, &cx, &viewer, upload, reason).await })).await
        };
        assert_eq!(codes(&back(&desk.checker, "왜").await), ["send-back-without-reason"]);
        assert_eq!(codes(&back(&desk.checker, "900101-1234567 님이 빠졌습니다").await), ["resident-number"]);
        assert_eq!(codes(&back(&desk.writer, "3행을 다시 봐 주세요").await), ["own-confirmation"]);
        back(&desk.checker, "3행을 다시 봐 주세요").await.expect("sent back");
        assert_eq!(desk.waiting().await, 0);
        assert_eq!(codes(&back(&desk.checker, "3행을 다시 봐 주세요").await), ["already-decided"]);

        let upload = desk.upload(&round, &sheet(&asked[..2], &["12", "8"])).await;
        desk.submit(upload).await.expect("submitted");
        let take = async |by: &iljari_web::Viewer| {
            let cx = desk.cx(by);
            desk.write(move |tx| Box::pin(async move { withdraw(tx, &cx, upload).await })).await
        };
        assert_eq!(codes(&take(&desk.both).await), ["not-your-own"]);
        take(&desk.writer).await.expect("withdrawn");
        assert_eq!(desk.waiting().await, 0);
        assert_eq!(codes(&take(&desk.writer).await), ["already-decided"]);
        let looked_at = desk.upload(&round, &sheet(&asked[..2], &["12", "9"])).await;
        let (cx, checker) = (desk.cx(&desk.checker), desk.checker.clone());
        let sent = desk
            .write(move |tx| {
                Box::pin(async move { send_back(tx, &cx, &checker, looked_at, "3행을 다시 봐 주세요").await })
            })
            .await;
        assert_eq!(codes(&sent), ["no-duty"], "while it is looked at, it is the writer's to send back");
    })
    .await;
}

#[tokio::test]
async fn an_upload_of_nothing_but_nothing_is_done_when_it_is_confirmed() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let upload = desk.upload(&round, &sheet(&of(&asks, "여성가족과"), &["-", "-", "-", "-"])).await;
        let done = desk.submit(upload).await.expect("submitted");
        assert!(done.staged == 0 && done.same > 0);
        desk.confirm(&desk.checker, upload).await.expect("confirmed");
        assert!(matches!(desk.look(upload).await.state, UploadState::Applied { .. }));
    })
    .await;
}

#[tokio::test]
async fn another_district_sees_and_moves_nothing() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let upload = desk.upload(&round, &sheet(&of(&asks, "어르신복지과")[..1], &["12"])).await;
        desk.submit(upload).await.expect("submitted");
        let elsewhere: DistrictCode = "99002".parse().expect("a code");
        let mut stranger = desk.checker.clone();
        stranger.district = elsewhere.clone();
        let cx = Cx::inside(&desk.office, stranger.actor(), elsewhere.clone());
        let confirmed = desk
            .write(move |tx| Box::pin(async move { crate::confirm::confirm(tx, &cx, &stranger, upload).await }))
            .await;
        assert_eq!(codes(&confirmed), ["not-yours-to-see"]);
        let found = desk
            .write(move |tx| {
                Box::pin(async move {
                    let rounds = store::rounds(tx, &elsewhere).await?.len();
                    Ok((rounds, store::rows_of(tx, &elsewhere, upload).await?.len()))
                })
            })
            .await;
        assert_eq!(found.expect("read"), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn whoever_hands_in_without_end_is_stopped_for_the_day() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let (cx, no) = (desk.cx(&desk.writer), round.no);
        desk.write(move |tx| {
            Box::pin(async move {
                for _ in 0..200 {
                    let no_of_upload = store::next_upload_no(tx, &cx.district).await?;
                    let (uploaded_by, uploaded_at) = (cx.actor, cx.now());
                    let upload = Upload {
                        no: no_of_upload,
                        round_no: no,
                        uploaded_by,
                        uploaded_at,
                        state: UploadState::Previewed,
                    };
                    store::insert_upload(tx, &cx.district, &upload).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("handed in");
        let text = sheet(&of(&asks, "어르신복지과")[..1], &["12"]);
        assert_eq!(codes(&desk.hand_in(&round, vec![part("가.csv", &text)]).await), ["too-many-uploads"]);
        // A colleague goes on, and tomorrow so does she.
        let (colleague, file) =
            (desk.cx(&desk.both), vec![part("나.csv", &sheet(&of(&asks, "어르신복지과")[1..2], &["7"]))]);
        let handed_in = desk.write(move |tx| Box::pin(async move { hand_in(tx, &colleague, no, file).await })).await;
        assert!(matches!(handed_in, Ok(HandedIn::New(_))), "{handed_in:?}");
        desk.clock.advance_seconds(24 * 3600);
        assert!(matches!(desk.hand_in(&round, vec![part("가.csv", &text)]).await, Ok(HandedIn::New(_))));
    })
    .await;
}
