//! What people and programs read: the report as text and JSON, a plan shown.

use iljari_disclosure::plan::{Lang, check, render_json, render_text, show};

use crate::small;

/// The small district with a few faults of different weight.
fn faulty() -> Vec<(String, String)> {
    let mut files = small();
    files[1].1 = files[1]
        .1
        .replace("계: 460", "계: 461")
        .replace("부문: 창업지원", "부문: 창업 지원")
        .replace("{2023: 60}", "{2023: 61}");
    files[1].1.push_str("비죤: 모두의 일자리\n공시일: 2023-02-29\n");
    files
}

#[test]
fn a_report_shows_the_line_with_a_caret_below_it() {
    let report = check(&faulty());
    insta::assert_snapshot!(render_text(&report, Lang::Ko, false));
}

#[test]
fn a_report_in_english_says_the_same() {
    let report = check(&faulty());
    insta::assert_snapshot!(render_text(&report, Lang::En, false));
}

#[test]
fn colours_are_put_around_whole_words_only() {
    let report = check(&faulty());
    let coloured = render_text(&report, Lang::Ko, true);
    assert!(coloured.contains("\u{1b}[1;31m오류[unknown-key]\u{1b}[0m"));
    let mut plain = String::new();
    let mut inside = false;
    for letter in coloured.chars() {
        match letter {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            other => plain.push(other),
        }
    }
    assert_eq!(plain, render_text(&report, Lang::Ko, false));
}

#[test]
fn json_holds_both_languages_and_the_place() {
    let report = check(&faulty());
    let json: serde_json::Value = serde_json::from_str(&render_json(&report)).expect("JSON");
    assert_eq!(json["format"], "iljari-plan-check/1");
    let problems = json["problems"].as_array().expect("a list");
    assert_eq!(problems.len(), report.problems.len());
    let date = problems.iter().find(|problem| problem["code"] == "impossible-date").expect("the date");
    assert_eq!((date["line"].as_u64(), date["column"].as_u64()), (Some(19), Some(6)));
    assert_eq!(date["severity"], "error");
    assert!(date["message"]["ko"].as_str().is_some_and(|text| text.contains("2023-02-29")));
    assert!(date["message"]["en"].as_str().is_some_and(|text| text.contains("calendar")));
}

#[test]
fn a_caret_below_a_long_line_stays_on_the_screen() {
    let mut files = small();
    let filler = "가나다라마바사아자차카타파하".repeat(40);
    files[1].1.push_str(&format!("장: [{{제목: {filler}, 본문: 글, 모름: 값}}]\n"));
    let text = render_text(&check(&files), Lang::Ko, false);
    let carets = text.lines().find(|line| line.contains('^')).expect("a caret");
    assert!(carets.chars().count() <= 104, "{carets}");
    assert!(text.contains("모름: 값"));
}

#[test]
fn a_plan_is_shown_with_targets_and_money() {
    let mut files = small();
    let head = "형식: 일자리-계획/1\n구: 99002\n출처: 계획서\n";
    let year = "종류: 연차계획\n이름표: 연차-2024\n제목: 2024년 세부계획\n연도: 2024\n종합계획: 종합-2023\n목표 묶음: [{번호: 일자리, 값: {2024: 115}}]\n";
    let results = "종류: 실적\n실적:\n  - {노드: 전체, 기간: 2023, 부문: 미상, 단위: 일자리 수, 값: 121, 목표: 100, 달성률: 121%, 내역: [{노드: 어르신, 값: 70}]}\n";
    files.push(("year.yaml".to_owned(), format!("{head}{year}")));
    files.push(("results.yaml".to_owned(), format!("{head}{results}")));
    let report = check(&files);
    let district = report.district.as_ref().expect("a district");
    insta::assert_snapshot!(format!("{}\n{}", show(district, Lang::Ko), show(district, Lang::En)));
}
