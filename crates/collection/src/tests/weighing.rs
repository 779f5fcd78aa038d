//! What a row would change: 당기, 누계 and 실적 없음 against what stands, in a table, on both engines.

use std::sync::Arc;

use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, HEAD, of};
use crate::model::{Ask, Round};
use crate::store;
use crate::weigh::{Change, Verdict, weigh};

/// What comes of one row, in few words.
async fn verdict(desk: &Desk, round: &Round, asks: &[Ask], line: &str) -> String {
    let upload = desk.upload(round, &format!("{HEAD}\n{line}\n")).await;
    let rows = desk.rows(upload).await;
    let (cx, book, round, asks) = (desk.cx(&desk.writer), Arc::clone(&desk.book), round.clone(), asks.to_vec());
    let weighed = desk
        .write(move |tx| {
            Box::pin(async move {
                let weighed = weigh(tx, &cx, &book, &round, &asks, rows).await?;
                let faults = store::faults_of(tx, &cx.district, upload).await?;
                assert!(faults.is_empty(), "{faults:?}");
                Ok(weighed)
            })
        })
        .await
        .expect("weighed");
    let it = &weighed[0];
    match &it.verdict {
        Verdict::Unanswered => "no answer".to_owned(),
        Verdict::Same => "same".to_owned(),
        Verdict::Waits => "waits".to_owned(),
        Verdict::Changes(Change::New(period, _), by) => format!("new {period} {by}"),
        Verdict::Changes(Change::Correct { right, why, .. }, by) => format!("correct to {right} by {by} ({why})"),
        Verdict::Faulty(faults) => {
            let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.cell, fault.what)).collect();
            told.join(" / ")
        }
    }
}

#[tokio::test]
async fn the_first_numbers_of_a_year_are_new() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let ask = of(&asks, "어르신복지과")[0].clone();
        let (code, name) = (ask.node.as_str(), ask.name.as_str());
        let table = [
            ("12||||".to_owned(), "new 2026-10..2026-10 12"),
            ("|120|||".to_owned(), "new 2026-01..2026-10 120"),
            ("12|12|||".to_owned(), "new 2026-10..2026-10 12"),
            (
                "12|120|||".to_owned(),
                "D2 당기 12와 누계 120의 셈이 서로 맞지 않습니다. 지난 누계 0에 당기를 더하면 12입니다",
            ),
            ("||실적 없음|".to_owned(), "same"),
            ("0||실적 없음|".to_owned(), "same"),
            ("12||실적 없음|".to_owned(), "E2 ‘실적 없음’을 골랐는데 같은 줄에 12가 적혀 있습니다"),
            ("0|||".to_owned(), "C2 0은 실적으로 올리지 않습니다"),
            ("|0||".to_owned(), "D2 0은 실적으로 올리지 않습니다"),
            ("|||".to_owned(), "no answer"),
            ("-5|||".to_owned(), "C2 -5처럼 0보다 작은 수는 올릴 수 없습니다. 줄이려면 먼저 올린 기록을 정정해 주세요"),
        ];
        for (figures, expected) in table {
            let line = format!("{code}|{name}|{figures}");
            assert_eq!(verdict(&desk, &round, &asks, &line).await, expected, "{figures}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_stands_decides_between_a_difference_a_correction_and_nothing() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let asked = of(&asks, "어르신복지과");
        let (before, inside, year) = (asked[0].clone(), asked[1].clone(), asked[2].clone());
        desk.enter(&before, (1, 9), 108).await;
        desk.enter(&inside, (1, 9), 108).await;
        desk.enter(&inside, (10, 10), 12).await;
        desk.enter(&year, (1, 10), 130).await;
        let table = [
            // 108 stands to September, nothing in October.
            (&before, "12|||", "new 2026-10..2026-10 12"),
            // Typed as January to October; the ledger enters what the months after September add.
            (&before, "|120||", "new 2026-01..2026-10 12"),
            (&before, "12|120||", "new 2026-10..2026-10 12"),
            (&before, "0|108||", "same"),
            (&before, "|108||", "same"),
            (&before, "||실적 없음|", "same"),
            (&before, "|108|실적 없음|", "same"),
            (&before, "|100||두 번 센 사람을 뺐습니다", "correct to 100 by -8 (기타)"),
            (&before, "|100||중복: 두 번 센 사람을 뺐습니다", "correct to 100 by -8 (중복)"),
            (
                &before,
                "|100||",
                "F2 무엇이 왜 틀렸는지 다섯 글자 이상 적어 주세요. 이 글은 누구나 볼 수 있습니다",
            ),
            (
                &before,
                "1200|||",
                "C2 먼저 올린 가장 큰 수(108)의 열 배가 넘습니다. 0을 하나 더 적지 않으셨나요? 맞다면 까닭을 적어 주세요",
            ),
            (&before, "1200|||대상 기관이 열두 곳 늘었습니다", "new 2026-10..2026-10 1200"),
            // 12 stands in October itself.
            (&inside, "12|||", "same"),
            (&inside, "|120||", "same"),
            (&inside, "15|||누락: 늦게 온 세 사람", "correct to 15 by 3 (누락)"),
            (
                &inside,
                "15|||",
                "F2 이미 12가 올라와 있어 바꾸려면 사유가 필요합니다. 무엇이 왜 틀렸는지 다섯 글자 이상 적어 주세요. 이 글은 누구나 볼 수 있습니다",
            ),
            (&inside, "|123||누락: 늦게 온 세 사람", "correct to 15 by 3 (누락)"),
            (&inside, "||실적 없음|오기: 다른 사업의 수였습니다", "correct to 0 by -12 (오기)"),
            (&inside, "|50||중복: 많이 뺐습니다", "correct to 38 by -70 (중복)"),
            (&inside, "|5||중복: 많이 뺐습니다", "D2 115만큼 줄이려면 기록 여러 개를 정정해야 합니다"),
            // One entry covers more than October.
            (&year, "12|||", "C2 이 기간을 포함한 실적 130이 2026년 1~10월 한 줄로 이미 올라와 있습니다"),
            (&year, "|133||누락: 늦게 온 세 사람", "correct to 133 by 3 (누락)"),
        ];
        for (ask, figures, expected) in table {
            let line = format!("{}|{}|{figures}", ask.node, ask.name);
            assert_eq!(verdict(&desk, &round, &asks, &line).await, expected, "{} {figures}", ask.node);
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_that_waits_is_not_handed_in_twice() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let ask = of(&asks, "어르신복지과")[0].clone();
        let line = |figures: &str| format!("{}|{}|{figures}", ask.node, ask.name);
        let upload = desk.upload(&round, &format!("{HEAD}\n{}\n", line("12|||"))).await;
        desk.submit(upload).await.expect("submitted");
        assert_eq!(verdict(&desk, &round, &asks, &line("12|12||")).await, "waits");
        assert_eq!(verdict(&desk, &round, &asks, &line("|12||")).await, "waits");
        let other = "C2 이 사업의 다른 숫자가 확인을 기다리고 있습니다";
        assert_eq!(verdict(&desk, &round, &asks, &line("13|||")).await, other);
    })
    .await;
}

#[tokio::test]
async fn a_number_on_the_program_above_or_on_a_leaf_below_is_not_counted_a_second_time() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        let leaf = asks.iter().find(|ask| ask.node.as_str() == "1-1-2-1").expect("a leaf").clone();
        let mut program = leaf.clone();
        program.node = "1-1-2".parse().expect("a node");
        desk.enter(&program, (1, 9), 108).await;
        let line = |figures: &str| format!("{}|{}|{figures}", leaf.node, leaf.name);
        let twice = "같은 달의 실적이 ‘마을 공동체일자리’에 이미 올라와 있어 두 번 세게 됩니다";
        assert_eq!(verdict(&desk, &round, &asks, &line("|64||")).await, format!("D2 {twice}"));
        assert_eq!(verdict(&desk, &round, &asks, &line("6|||")).await, "new 2026-10..2026-10 6");
    })
    .await;
}
