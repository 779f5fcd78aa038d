//! Opening a round: what it asks, and each refusal.

use iljari_base::Date;
use iljari_ledger::record::Counting;
use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, codes, of, period, wanted};
use crate::model::{NO_DEPARTMENT, departments};
use crate::open_round::RoundWanted;

#[tokio::test]
async fn a_round_asks_every_department_for_its_leaves_and_lists_what_is_counted_by_records() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (round, asks) = desk.october().await;
        assert_eq!((round.no, round.title.as_str()), (1, "2026년 10월 실적"));
        let names = departments(&asks);
        assert_eq!(names.first(), Some(&"일자리정책과"));
        assert_eq!(names.len(), 9);
        assert!(!names.contains(&NO_DEPARTMENT));
        let node = |id: &str| asks.iter().find(|ask| ask.node.as_str() == id);
        assert!(node("1-1-2-1").is_some() && node("1-1-2").is_none(), "leaves where nothing stands");
        assert_eq!(node("1-1-1-3").map(|ask| ask.counting), Some(Counting::Records));
        assert_eq!(node("1-1-2-1").map(|ask| ask.counting), Some(Counting::Sums));
    })
    .await;
}

#[tokio::test]
async fn where_a_number_stands_on_a_program_the_program_is_asked_and_not_its_leaves() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (_, asks) = desk.october().await;
        let mut program = asks.iter().find(|ask| ask.node.as_str() == "1-1-2-1").expect("a leaf").clone();
        program.node = "1-1-2".parse().expect("a node");
        desk.enter(&program, (1, 9), 108).await;
        let (round, asks) = desk.october().await;
        assert_eq!(round.no, 2);
        let asked: Vec<&str> = asks.iter().map(|ask| ask.node.as_str()).filter(|id| id.starts_with("1-1-2")).collect();
        assert_eq!(asked, ["1-1-2"]);
    })
    .await;
}

#[tokio::test]
async fn only_the_departments_that_were_chosen_are_asked() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let chosen = Some(vec!["건축과".to_owned(), "어르신복지과".to_owned()]);
        let round = desk.open(RoundWanted { departments: chosen, ..wanted() }).await.expect("opened");
        let (code, no) = (desk.code.clone(), round.no);
        let asks = desk.write(move |tx| Box::pin(async move { crate::store::asks(tx, &code, no).await })).await;
        let asks = asks.expect("asks");
        assert_eq!(departments(&asks), ["어르신복지과", "건축과"]);
        assert!(!of(&asks, "건축과").is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_fault_of_a_round_is_refused_beside_its_field_and_all_at_once() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let resident = "900101-1234567".to_owned();
        let table: Vec<(RoundWanted, Vec<&str>)> = vec![
            (RoundWanted { title: resident.clone(), ..wanted() }, vec!["resident-number"]),
            (RoundWanted { title: "가".repeat(61), ..wanted() }, vec!["too-long"]),
            (RoundWanted { deadline: day("2026-11-19"), ..wanted() }, vec!["deadline-past"]),
            (RoundWanted { approval_no: "일자리-1".to_owned(), ..wanted() }, vec!["approval-date"]),
            (RoundWanted { approval_on: Some(day("2026-11-20")), ..wanted() }, vec!["approval-date"]),
            (RoundWanted { approval_remark: "아직".to_owned(), ..wanted() }, vec!["approval-or-reason"]),
            (RoundWanted { departments: Some(vec!["없는과".to_owned()]), ..wanted() }, vec!["nobody-asked"]),
            (
                RoundWanted { deadline: day("2026-11-19"), approval_remark: resident, ..wanted() },
                vec!["resident-number", "deadline-past"],
            ),
            (RoundWanted { deadline: day("2026-11-20"), ..wanted() }, vec!["accepted"]),
            (
                RoundWanted {
                    approval_no: "일자리-1".to_owned(),
                    approval_on: Some(day("2026-11-20")),
                    approval_remark: String::new(),
                    period: period((7, 9)),
                    ..wanted()
                },
                vec!["accepted"],
            ),
        ];
        for (wanted, expected) in table {
            let told = format!("{wanted:?}");
            assert_eq!(codes(&desk.open(wanted).await), expected, "{told}");
        }
        let month = |year, month| iljari_base::Month::new(year, month).expect("a month");
        let long = iljari_base::Period::new(month(2025, 12), month(2026, 1)).expect("a period");
        assert_eq!(codes(&desk.open(RoundWanted { period: long, ..wanted() }).await), ["two-years"]);
        let far = iljari_base::Period::new(month(2031, 1), month(2031, 1)).expect("a period");
        assert_eq!(codes(&desk.open(RoundWanted { period: far, ..wanted() }).await), ["no-plan"]);
    })
    .await;
}
