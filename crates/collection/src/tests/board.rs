//! The board: what makes a department handed in, and what does not.

use iljari_base::Date;
use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, HEAD, of};
use crate::board::{board, reminder, time_left};
use crate::model::{Ask, DepartmentState, Round};
use crate::send_back::send_back;
use crate::stands::Stands;
use crate::store;

/// How a department stands now, and how many of its projects are answered.
async fn state(desk: &Desk, round: &Round, department: &str) -> (DepartmentState, usize) {
    let (code, no) = (desk.code.clone(), round.no);
    let (asks, uploads, stands) = desk
        .write(move |tx| {
            Box::pin(async move {
                let mut uploads = Vec::new();
                for upload in store::uploads_of_round(tx, &code, no).await? {
                    let rows = store::rows_of(tx, &code, upload.no).await?;
                    uploads.push((upload, rows));
                }
                Ok((store::asks(tx, &code, no).await?, uploads, Stands::read(tx, &code).await?))
            })
        })
        .await
        .expect("read");
    let lines = board(round, &asks, &uploads, &stands);
    let line = lines.into_iter().find(|line| line.department == department).expect("a line");
    (line.state, line.answered)
}

fn sheet(asks: &[&Ask], figures: &str) -> String {
    let lines: Vec<String> = asks.iter().map(|ask| format!("{}|{}|{figures}", ask.node, ask.name)).collect();
    format!("{HEAD}\n{}\n", lines.join("\n"))
}

#[tokio::test]
async fn a_department_owes_its_answer_until_every_project_has_one() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let department = "어르신복지과";
        let asked = of(&asks, department);
        let of_department = async || state(&desk, &round, department).await;
        assert_eq!(of_department().await, (DepartmentState::Missing, 0));
        // Looked at is not handed in.
        let first = desk.upload(&round, &sheet(&asked[1..], "7|||")).await;
        assert_eq!(of_department().await, (DepartmentState::Missing, 0));
        desk.submit(first).await.expect("submitted");
        assert_eq!(of_department().await, (DepartmentState::Missing, asked.len() - 1), "one empty row is no answer");
        let second = desk.upload(&round, &sheet(&asked[..1], "||실적 없음|")).await;
        desk.submit(second).await.expect("submitted");
        assert_eq!(of_department().await, (DepartmentState::InReview, asked.len()));
        for upload in [first, second] {
            desk.confirm(&desk.checker, upload).await.expect("confirmed");
            desk.to_the_end(upload).await;
        }
        assert_eq!(of_department().await, (DepartmentState::HandedIn, asked.len()));
    })
    .await;
}

#[tokio::test]
async fn nothing_to_report_is_an_answer_and_what_comes_back_is_owed_again() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "여성가족과");
        let first = desk.upload(&round, &sheet(&asked, "||실적 없음|")).await;
        desk.submit(first).await.expect("submitted");
        let (cx, checker) = (desk.cx(&desk.checker), desk.checker.clone());
        desk.write(move |tx| {
            Box::pin(async move { send_back(tx, &cx, &checker, first, "정말 없는지 다시 봐 주세요").await })
        })
        .await
        .expect("sent back");
        assert_eq!(state(&desk, &round, "여성가족과").await.0, DepartmentState::SentBack);
        let again = desk.upload(&round, &sheet(&asked, "||실적 없음|다시 보았습니다")).await;
        desk.submit(again).await.expect("submitted");
        desk.confirm(&desk.checker, again).await.expect("confirmed");
        assert_eq!(state(&desk, &round, "여성가족과").await, (DepartmentState::Nothing, asked.len()));
    })
    .await;
}

#[tokio::test]
async fn a_number_that_an_officer_typed_for_them_is_an_answer() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        for ask in of(&asks, "건축과") {
            desk.enter(ask, (10, 10), 9).await;
        }
        assert_eq!(state(&desk, &round, "건축과").await.0, DepartmentState::HandedIn);
    })
    .await;
}

#[tokio::test]
async fn the_reminder_names_who_owes_what_and_until_when() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let lines = board(&round, &asks, &[], &Stands::default());
        let text = reminder(&round, &lines, day("2026-11-25"));
        assert!(text.starts_with("[2026년 10월 실적 취합]\n2026년 12월 4일(금), 마감까지 9일 남았습니다."), "{text}");
        assert!(text.contains("- 어르신복지과: 사업 ") && text.contains("빈칸은 답이 아닙니다"), "{text}");
        assert_eq!(time_left(&round, day("2026-12-04")), "오늘이 마감입니다");
        assert_eq!(time_left(&round, day("2026-12-07")), "마감이 3일 지났습니다");
        assert_eq!(reminder(&round, &[], day("2026-11-25")), "");
    })
    .await;
}
