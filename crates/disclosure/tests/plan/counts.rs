//! Published results as the ledger may enter them.

use iljari_disclosure::log::words::Why;
use iljari_disclosure::plan::{CountProposal, check, results_to_counts};

use crate::small;

fn counts(results: &str) -> Vec<CountProposal> {
    let mut files = small();
    let head = "형식: 일자리-계획/1\n종류: 실적\n구: 99002\n출처: 결과\n실적:\n";
    files.push(("results.yaml".to_owned(), format!("{head}{results}")));
    results_to_counts(&check(&files).district.expect("a district"))
}

/// Node, first and last month, amount, whether it is a rest.
fn brief(counts: &[CountProposal]) -> Vec<(&str, i64, i64, i64, bool)> {
    counts
        .iter()
        .map(|count| {
            (count.node.as_str(), count.period.first().number(), count.period.last().number(), count.n, count.rest)
        })
        .collect()
}

#[test]
fn a_cumulative_number_enters_as_the_difference_to_what_stands() {
    let found = counts(
        "  - {노드: 전체, 기간: 2022, 누계: 예, 부문: 미상, 단위: 일자리 수, 값: 14955}\n\
         \x20 - {노드: 전체, 기간: 2022-01 ~ 2022-09, 누계: 예, 부문: 미상, 단위: 일자리 수, 값: 13262}\n",
    );
    assert_eq!(brief(&found), [("전체", 202201, 202209, 13262, false), ("전체", 202210, 202212, 1693, false)]);
    assert_eq!(found.iter().map(|count| count.n).sum::<i64>(), 14955);
    assert_eq!(found[1].as_printed, "14,955");
    assert_eq!(found[1].source.as_deref(), Some("결과"));
}

#[test]
fn parts_enter_with_one_rest() {
    let found = counts(
        "  - 노드: 전체\n    기간: 2023\n    부문: 직접일자리 창출\n    단위: 일자리 수\n    값: 6197\n    내역:\n      - {노드: 어르신, 값: 2624}\n      - {노드: 청년, 값: 157}\n",
    );
    assert_eq!(
        brief(&found),
        [
            ("어르신", 202301, 202312, 2624, false),
            ("청년", 202301, 202312, 157, false),
            ("전체", 202301, 202312, 3416, true),
        ]
    );
}

#[test]
fn what_is_about_a_rate_or_over_years_enters_nothing() {
    let found = counts(
        "  - {노드: 전체, 기간: 2024, 부문: 미상, 단위: 일자리 수, 값: 약 14700}\n\
         \x20 - {노드: 전체, 기간: 2024, 단위: 율, 값: {값: 65.0%, 공표값: 지역별고용조사}}\n\
         \x20 - {노드: 전체, 기간: 2023, 단위: 명, 값: 66942}\n\
         \x20 - {노드: 전체, 기간: 2022~2023, 부문: 미상, 단위: 일자리 수, 값: 29389}\n",
    );
    assert!(found.is_empty());
}

#[test]
fn a_falling_cumulative_is_a_correction_of_what_it_falls_from() {
    let found = counts(
        "  - {노드: 전체, 기간: 2022-01 ~ 2022-06, 누계: 예, 부문: 미상, 단위: 일자리 수, 값: 100}\n\
         \x20 - {노드: 전체, 기간: 2022-01 ~ 2022-09, 누계: 예, 부문: 미상, 단위: 일자리 수, 값: 90}\n\
         \x20 - {노드: 전체, 기간: 2022, 누계: 예, 부문: 미상, 단위: 일자리 수, 값: 120}\n",
    );
    assert_eq!(
        brief(&found),
        [
            ("전체", 202201, 202206, 100, false),
            ("전체", 202201, 202206, -10, false),
            ("전체", 202210, 202212, 30, false),
        ]
    );
    assert_eq!(found[1].correction, Some((0, Why::Other)));
    assert_eq!(found[2].correction, None);
}

#[test]
fn a_restatement_is_a_correction_with_its_reason() {
    let found = counts(
        "  - {번호: 첫 발표, 노드: 전체, 기간: 2023, 부문: 미상, 단위: 일자리 수, 값: 6190}\n\
         \x20 - {노드: 전체, 기간: 2023, 부문: 미상, 단위: 일자리 수, 값: 6197, 바로잡음: 첫 발표, 까닭: 누락}\n",
    );
    assert_eq!(brief(&found), [("전체", 202301, 202312, 6190, false), ("전체", 202301, 202312, 7, false)]);
    assert_eq!(found[1].correction, Some((0, Why::Omission)));
}

#[test]
fn two_units_or_two_nodes_are_two_series() {
    let found = counts(
        "  - {노드: 어르신, 기간: 2023-01 ~ 2023-06, 누계: 예, 부문: 직접일자리 창출, 단위: 일자리 수, 값: 60}\n\
         \x20 - {노드: 어르신, 기간: 2023-01 ~ 2023-06, 누계: 예, 부문: 직접일자리 창출, 단위: 실인원, 값: 50}\n\
         \x20 - {노드: 청년, 기간: 2023-01 ~ 2023-06, 누계: 예, 부문: 창업지원, 단위: 일자리 수, 값: 20}\n",
    );
    assert_eq!(found.iter().map(|count| count.n).collect::<Vec<_>>(), [60, 50, 20]);
}
