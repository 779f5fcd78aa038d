//! The rule files that come with the project, and faulty ones named after their fault.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

#[path = "files/days.rs"]
mod days;
#[path = "files/frozen.rs"]
mod frozen;
#[path = "files/logic.rs"]
mod logic;
#[path = "files/preview.rs"]
mod preview;
#[path = "files/rounds.rs"]
mod rounds;
#[path = "files/ten.rs"]
mod ten;

use std::path::{Path, PathBuf};

use iljari_authored::Severity;
use iljari_base::Date;
use iljari_rules::{Code, Outcome, Person, RuleSet, check, eval, explain, next_question, screen};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of rules") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "faulty") {
                found.extend(files(&path));
            }
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push((path.to_string_lossy().into_owned(), std::fs::read(&path).expect("a file")));
        }
    }
    found.sort();
    found
}

fn set(name: &str) -> RuleSet {
    let bytes = std::fs::read(root().join(name)).expect(name);
    let (mut sets, report) = check(&[(name, bytes)]);
    assert_eq!(
        report.count(Severity::Error),
        0,
        "{}",
        iljari_authored::render_text(&report, iljari_authored::Lang::Ko, false)
    );
    sets.remove(0)
}

fn person(rules: &RuleSet, as_of: &str, facts: &[(&str, &str)]) -> Person {
    let mut known = vec![None; rules.facts.len()];
    for (name, text) in facts {
        let place = rules.fact(name).expect(name);
        known[place] = Some(rules.facts[place].kind.read(text).expect(text));
    }
    Person { facts: known, as_of: as_of.parse::<Date>().expect("a day") }
}

#[test]
fn every_rule_file_is_sound_and_its_cases_come_out_as_written() {
    let files = files(&root());
    assert!(files.len() >= 2, "{files:?}");
    let (sets, report) = check(&files);
    let told = iljari_authored::render_text(&report, iljari_authored::Lang::Ko, false);
    assert_eq!(sets.len(), files.len());
    assert_eq!(report.problems, [], "{told}");
    for rules in &sets {
        assert!(!rules.sources.is_empty(), "{} names no source", rules.name);
    }
}

#[test]
fn the_minimum_wage_of_a_year_is_the_same_in_every_file_and_rises_with_the_years() {
    let (sets, _) = check(&files(&root()));
    let mut known: Vec<(Date, i64)> = Vec::new();
    for dated in sets.iter().filter_map(|rules| rules.reference("최저임금")).flat_map(|wage| &wage.history) {
        known.push((dated.from, dated.values[&0].as_whole().expect("whole won")));
    }
    known.sort_unstable();
    known.dedup();
    let day = |text: &str| text.parse::<Date>().expect("a day");
    assert_eq!(known, [(day("2023-01-01"), 9_620), (day("2024-01-01"), 9_860), (day("2026-01-01"), 10_320)]);
    let selecting = sets.iter().filter(|rules| !rules.scores.is_empty());
    assert!(selecting.clone().count() >= 3, "whoever selects by score pays");
    for rules in selecting {
        assert!(rules.reference("최저임금").is_some(), "{} {}", rules.name, rules.edition);
    }
}

#[test]
fn a_faulty_file_has_the_fault_it_is_named_after_and_no_other() {
    let folder = root().join("faulty");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the faulty files") {
        let path = entry.expect("an entry").path();
        let fault = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let (_, report) = check(&[(fault.as_str(), std::fs::read(&path).expect("a file"))]);
        let found: Vec<&str> = report.problems.iter().map(|problem| problem.code.as_str()).collect();
        let told = iljari_authored::render_text(&report, iljari_authored::Lang::Ko, false);
        assert!(!found.is_empty() && found.iter().all(|code| fault.starts_with(code)), "{fault}: {found:?}\n{told}");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} faulty files");
}

#[test]
fn what_is_not_known_is_never_a_refusal_and_names_its_documents() {
    let rules = set("gwangjin/donghaeng-2026-h1.yaml");
    let nobody = person(&rules, "2026-01-09", &[("사업시작일", "2026-01-09")]);
    let told = explain(&rules, &nobody);
    assert_eq!(told.outcome, Outcome::Conditional);
    assert_eq!(told.documents, ["주민등록표 등본", "소득 조회(구청이 확인)", "재산 조회(구청이 확인)"]);
    // Household size alone decides nothing, but stands in the income clause together with income.
    assert_eq!(next_question(&[(&rules, &nobody)]), Some("생년월일"));
}

#[test]
fn a_no_says_the_bound_the_value_and_when_it_changes_by_itself() {
    let rules = set("gwangjin/donghaeng-2026-h1.yaml");
    let young = person(
        &rules,
        "2026-01-09",
        &[
            ("사업시작일", "2026-01-09"),
            ("생년월일", "2008-03-02"),
            ("광진구민", "예"),
            ("가구원수", "1"),
            ("가구소득", "0"),
            ("가구재산", "0"),
        ],
    );
    let told = explain(&rules, &young);
    assert_eq!(told.outcome, Outcome::NotEligible);
    assert_eq!(told.reasons[0].remedy, ["만 나이가 18세 이상이어야 합니다(지금 17세)"]);
    let (day, then, sentence) = told.changes.clone().expect("a birthday comes by itself");
    assert_eq!((day.to_string().as_str(), then), ("2026-03-02", Outcome::Eligible));
    assert_eq!(sentence, "2026-03-02에 만 18세가 됩니다. 그때부터 신청할 수 있습니다");
    let rich = person(&rules, "2026-01-09", &[("가구원수", "1"), ("가구소득", "2,200,000원")]);
    let told = explain(&rules, &rich);
    assert_eq!(told.reasons[2].remedy, ["가구소득이 2,179,602원 이하여야 합니다(지금 2,200,000원)"]);
    assert_eq!(told.reasons[2].references[0].1, "2,564,238원");
}

#[test]
fn completed_years_and_calendar_years_are_different_rules() {
    let rules = set("eunpyeong/internship-4050-2024.yaml");
    // Born on the last day of 1984: 39 by completed years all of 2024 but its last day, 40 by the calendar.
    let late = person(&rules, "2024-03-04", &[("생년월일", "1984-12-31"), ("은평구민", "예"), ("미취업", "예")]);
    assert_eq!(eval::age("1984-12-31".parse().expect("a day"), late.as_of), 39);
    assert_eq!(explain(&rules, &late).outcome, Outcome::Eligible);
}

#[test]
fn points_are_a_span_until_every_item_is_known() {
    let rules = set("gwangjin/donghaeng-2026-h1.yaml");
    assert_eq!(rules.points_max(), 100);
    let half = person(&rules, "2026-01-09", &[("가구재산", "2억원"), ("세대주", "아니오"), ("최근참여횟수", "2")]);
    let columns = screen::screen(&rules, &half);
    assert_eq!(columns.points, (24 - 10, 24 + 18 + 20 + 20 - 10));
    let item = &eval::points(&rules, &half)[0];
    assert_eq!(rules.scores[0].rows[item.row.expect("a row")].label, "(1억원..2억원]");
}

#[test]
fn a_row_of_a_table_is_judged_by_the_terms_the_reasons_come_from() {
    let rules = set("gwangjin/donghaeng-2026-h1.yaml");
    let head: Vec<String> = ["접수번호", "생년월일", "가구원수", "가구소득"].map(str::to_owned).to_vec();
    let columns = screen::Columns::of(&rules, &head);
    assert_eq!(columns.others, ["접수번호"]);
    assert!(columns.absent.contains(&"가구재산".to_owned()));
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    let as_of: Date = "2026-01-09".parse().expect("a day");
    let rich = columns.person(&rules, &row(["1", "1990-01-01", "1", "300만원"]), as_of).expect("readable");
    assert_eq!(screen::screen(&rules, &rich).broken, 0b0100);
    let faults = columns.person(&rules, &row(["2", "90.1.1", "한 명", ""]), as_of).expect_err("unreadable");
    assert_eq!(faults.iter().map(|(fact, _)| fact.as_str()).collect::<Vec<_>>(), ["생년월일", "가구원수"]);
}

#[test]
fn a_code_is_said_once_in_the_reference_page() {
    let page = std::fs::read_to_string(root().join("../docs/reference/rules-format.md")).expect("the format page");
    for code in Code::ALL {
        let row = format!(
            "| `{}` | {} | {} {} |",
            code.as_str(),
            match code.severity() {
                Severity::Error => "오류",
                Severity::Warning => "경고",
                Severity::Note => "알림",
            },
            code.korean(),
            code.english()
        );
        assert_eq!(page.matches(&row).count(), 1, "the page should have this row once:\n{row}");
    }
}
