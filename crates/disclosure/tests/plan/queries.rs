//! What the ledger and the pages ask of a district.

use iljari_base::{Won, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{
    Code, Counting, CountingRule, District, Lang, ROOT, Report, Severity, check, render_text,
};

use crate::small;

const HEAD: &str = "형식: 일자리-계획/1\n구: 99002\n출처: 계획서\n";

fn report(more: &[&str]) -> Report {
    let mut files = small();
    for (at, text) in more.iter().enumerate() {
        files.push((format!("more-{at}.yaml"), format!("{HEAD}{text}")));
    }
    check(&files)
}

fn district(more: &[&str]) -> District {
    let report = report(more);
    assert!(!report.has_errors(), "{}", render_text(&report, Lang::Ko, false));
    report.district.expect("a district")
}

const YEAR_WITH_TREE: &str = "종류: 연차계획\n이름표: 연차-2024\n제목: 2024년\n연도: 2024\n종합계획: 종합-2023\n집계 방식: 집계\n\
    단계: [전략, 사업, 단위사업]\n구조:\n  - 번호: 상생\n    이름: 상생 일자리\n    부문: 직접일자리 창출\n    집계 방식: {2024: 개별}\n    하위:\n      - 번호: 어르신\n        이름: 어르신 일자리\n        목표: {2024: 70}\n        세는 기준: [{방법: 참여자 누계, 시행: 2023-01-01}, {방법: 자리, 시행: 2025-01-01}]\n        하위: [{번호: 정원, 이름: 정원 지기}]\n";

#[test]
fn the_tree_in_force_is_the_year_s_own_else_the_term_s() {
    let district = district(&[YEAR_WITH_TREE]);
    let label = |year: i16| district.tree_in_force(Year(year)).map(|plan| plan.ref_label.as_str());
    assert_eq!(label(2022), None);
    assert_eq!(label(2023), Some("종합-2023"));
    assert_eq!(label(2024), Some("연차-2024"));
    assert_eq!(label(2025), Some("종합-2023"));
}

#[test]
fn the_later_of_two_plans_for_one_year_holds() {
    let earlier = YEAR_WITH_TREE.replace("연도: 2024\n", "연도: 2024\n공시일: 2024-03-20\n");
    let later = YEAR_WITH_TREE
        .replace("연도: 2024\n", "연도: 2024\n공시일: 2024-11-05\n")
        .replace("이름표: 연차-2024", "이름표: 연차-2024-2");
    let district = district(&[&later, &earlier]);
    assert_eq!(district.tree_in_force(Year(2024)).map(|plan| plan.ref_label.as_str()), Some("연차-2024-2"));
}

#[test]
fn nodes_know_what_is_above_and_below_them() {
    let district = district(&[YEAR_WITH_TREE]);
    let plan = district.tree_in_force(Year(2024)).expect("a tree");
    let ids = |nodes: Vec<&iljari_disclosure::plan::Node>| nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(plan.ancestors("정원")), ["어르신", "상생"]);
    assert_eq!(ids(plan.children(ROOT).collect()), ["상생"]);
    assert_eq!(ids(plan.descendants("상생")), ["상생", "어르신", "정원"]);
    assert_eq!(ids(plan.descendants(ROOT)).len(), 3);
    let garden = plan.node("정원").expect("a node");
    assert_eq!(plan.level_name(garden), "단위사업");
    assert_eq!(plan.field("정원"), Some(Field::Direct));
    assert_eq!(plan.counting("정원", Year(2024)), Some(Counting::Individual));
    assert_eq!(plan.counting("정원", Year(2025)), Some(Counting::Aggregate));
    assert_eq!(plan.counting_rule("정원", Year(2024)).map(|rule| rule.rule), Some(CountingRule::Participants));
    assert_eq!(plan.counting_rule("정원", Year(2025)).map(|rule| rule.rule), Some(CountingRule::Seats));
    assert!(plan.node(ROOT).is_none());
    assert!(district.knows_node(ROOT));
}

#[test]
fn targets_keep_both_layers_and_money_is_won() {
    let year = "종류: 연차계획\n이름표: 연차-2024\n제목: 2024년\n연도: 2024\n종합계획: 종합-2023\n목표 묶음: [{번호: 일자리, 값: {2024: 115}}]\n";
    let district = district(&[year]);
    let at = district.targets("일자리", Year(2024));
    assert_eq!(at.term.and_then(|figure| figure.count()), Some(110));
    assert_eq!(at.yearly.and_then(|figure| figure.count()), Some(115));
    assert!(at.revised());
    assert_eq!(at.yearly.and_then(|figure| figure.definition.clone()).as_deref(), Some("구가 만든 일자리"));
    assert_eq!(at.yearly.and_then(|figure| figure.source()), Some("계획서"));
    let counted = district.counted_targets(Year(2023));
    assert_eq!(counted.len(), 1);
    assert_eq!(counted[0].unit, Unit::Jobs);
    let budget = district.budget("어르신", Year(2023)).expect("money");
    assert_eq!(budget.planned.amount(), Some(Won(10_000_000)));
    assert!(budget.spent.is_empty());
    assert!(district.budget("청년", Year(2023)).is_none(), "absent is absent");
}

#[test]
fn a_figure_takes_the_nearest_source_basis_and_day() {
    let results = "종류: 실적\n출처: 결과\n기준일: 2024-01\n실적:\n  - {노드: 전체, 기간: 2023, 부문: 미상, 단위: 일자리 수, 값: {값: 101, 출처: [계획서, 결과], 기준: 공시}}\n  - {노드: 어르신, 기간: 2024, 부문: 미상, 단위: 일자리 수, 값: 70, 기준일: 2024-12-31}\n"
        .to_owned();
    let mut files = small();
    files.push(("results.yaml".to_owned(), format!("형식: 일자리-계획/1\n구: 99002\n{results}")));
    let district = check(&files).district.expect("a district");
    let one = &district.results[0].figure;
    assert_eq!(one.sources, ["계획서", "결과"]);
    assert_eq!(one.basis.as_deref(), Some("공시"));
    assert_eq!(one.as_of.map(|when| when.to_string()).as_deref(), Some("2024-01"));
    let two = &district.results[1].figure;
    assert_eq!(two.source(), Some("결과"));
    assert_eq!(two.as_of.map(|when| when.to_string()).as_deref(), Some("2024-12-31"));
}

#[test]
fn an_answered_doubt_stays_visible_beside_its_answer() {
    let statistics = "종류: 실적\n통계:\n  - {번호: 인구, 이름: 인구, 종류: 인구, 뜻: 주민, 단위: 명, 값: 468988, 기준일: 2022-12}\n  - {번호: 경활, 이름: 경제활동인구, 종류: 경제활동인구, 뜻: 원문 그대로, 단위: 명, 값: 425469, 기준일: 2022-12, 답변: 원문 표현을 그대로 두었다}\n";
    let report = report(&[statistics]);
    let doubt = report.problems.iter().find(|problem| problem.code == Code::WorkingAgeShare).expect("the doubt");
    assert_eq!(doubt.severity, Severity::Note);
    assert!(doubt.todo.ko.contains("원문 표현을 그대로 두었다"));
}

#[test]
fn nothing_is_called_missing_that_may_stand_in_a_file_nobody_could_read() {
    let mut files = small();
    files[1].1.push_str("개발사업: [{번호: 가, 이름: 나, 연계: [어디]}]\n");
    assert!(check(&files).problems.iter().any(|problem| problem.code == Code::DanglingId));
    files.push(("broken.yaml".to_owned(), "단계: [".to_owned()));
    let codes: Vec<Code> = check(&files).problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::YamlSyntax]);
}
