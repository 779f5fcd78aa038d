//! Pages built from the real files: what they must show, and what they must not invent.

use askama::Template;
use iljari_base::Year;
use iljari_web::wall::check_samples;
use iljari_web::{DisplayPrefs, check_html};

use super::book;
use crate::pages::districts::{self, DistrictsPage};
use crate::pages::plan::{self, PlanPage, planned_years};
use crate::pages::plan_csv;

fn plan_html(name: &str, year: i16) -> String {
    let page = plan::build(&DisplayPrefs::sample(), &book(name), Year(year)).expect("a plan of that year");
    page.render().expect("a page")
}

#[test]
fn every_sample_stands() {
    assert_eq!(check_samples::<DistrictsPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<PlanPage>(), Vec::<String>::new());
}

#[test]
fn every_year_of_every_district_stands() {
    for name in ["gwangjin", "eunpyeong", "naru"] {
        for year in planned_years(&book(name)) {
            let findings = check_html(&plan_html(name, year.0));
            assert_eq!(findings, Vec::<String>::new(), "{name} {year}");
        }
    }
}

#[test]
fn the_list_of_districts_says_one_true_sentence_each() {
    let books: Vec<_> = ["gwangjin", "eunpyeong", "naru"].map(|name| std::sync::Arc::new(book(name))).to_vec();
    let html = districts::build(&DisplayPrefs::sample(), &books).render().expect("a page");
    assert!(html.contains("4년 동안(2023~2026년) 일자리 51,200개를 약속했습니다"), "{html}");
    assert!(html.contains("자치구 2곳이 일자리 계획을 공개했습니다"), "{html}");
    let (real, invented) = html.split_once("지어낸 구로 해 보기").expect("the invented district apart");
    assert!(real.contains("광진구") && !real.contains("<b>나루구</b>") && invented.contains("나루구"));
}

#[test]
fn what_the_document_says_and_what_it_names_both_stand() {
    let html = plan_html("gwangjin", 2023);
    assert!(html.contains("사업: 문서는 47개라고 했고"), "{html}");
    assert!(html.contains("전략: 문서는 6개라고 했고, 이름이 나온 것은 5개입니다."), "{html}");
    assert!(html.contains("광진구의 2023년 계획은 전략 6개, 실천과제 33개, 사업 47개로 이루어집니다"), "{html}");
    let html = plan_html("gwangjin", 2025);
    assert!(html.contains("전략 5개, 세부과제 30개, 사업 64개, 단위사업 126개"), "{html}");
    assert!(html.contains("557억 원"), "{html}");
}

#[test]
fn a_raised_target_keeps_its_old_value() {
    let html = plan_html("eunpyeong", 2025);
    assert!(html.contains(">12,894개</data></del>") && html.contains(">13,931개</data></ins>"), "{html}");
    let html = plan_html("eunpyeong", 2024);
    assert!(html.contains(">65.1%</data></del>") && html.contains(">67.5%</data></ins>"), "{html}");
    assert!(
        html.contains("종합계획에 없던 이름")
            && !html.contains("없어짐")
            && html.contains("직무역량 강화·자립지원형 연계"),
        "{html}"
    );
    assert!(html.contains("1,178억 원"), "{html}");
    // Two tasks are named, but nobody says that there are only two.
    assert!(html.contains("은평구의 2024년 계획은 전략 5개로 이루어집니다"), "{html}");
}

#[test]
fn a_definition_nobody_gave_is_said_to_be_missing() {
    let html = plan_html("gwangjin", 2026);
    assert!(html.contains("민간일자리 취업 연계 70 %<small>뜻: 정의 미확인</small>"), "{html}");
}

#[test]
fn what_nobody_knows_is_a_word_and_not_a_nought() {
    let html = plan_html("gwangjin", 2023);
    assert!(html.contains("자료 없음"));
    for made_up in [">0개<", ">0원<", ">0백만 원<"] {
        assert!(!html.contains(made_up), "{made_up}");
    }
}

#[test]
fn the_table_has_a_row_a_node_and_runs_in_no_spreadsheet() {
    let naru = book("naru");
    let year = Year(2025);
    let plan = naru.tree_in_force(year).expect("a tree");
    let csv = plan_csv::write(&naru, plan, year, iljari_base::Date::new(2026, 3, 27), "예시특별시 나루구 (예시)");
    let rows = iljari_disclosure::bundle::table::read_rows(csv.as_bytes());
    assert_eq!(rows.len(), plan.nodes.len() + 1);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    for (row, node) in rows[1..].iter().zip(&plan.nodes) {
        assert_eq!((row[1].as_str(), row[4].as_str()), (node.id.as_str(), node.name.as_str()));
    }
}
