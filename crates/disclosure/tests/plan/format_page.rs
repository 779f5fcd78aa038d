//! The format page and the program say the same: its district checks clean, its fragments are
//! understood, its table of codes is complete.

use std::collections::BTreeSet;
use std::fs;

use iljari_disclosure::plan::{Code, Lang, Severity, check, render_text, results_to_counts};

use crate::root;

fn page() -> String {
    fs::read_to_string(root().join("docs/reference/plan-format.md")).expect("the format page")
}

/// Fenced blocks of YAML with what stands behind the word `yaml`.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match &mut open {
            None => open = line.strip_prefix("```yaml").map(|name| (name.trim().to_owned(), String::new())),
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    blocks
}

#[test]
fn the_district_of_the_page_checks_without_errors_or_warnings() {
    let files: Vec<(String, String)> = blocks(&page()).into_iter().filter(|(name, _)| !name.is_empty()).collect();
    assert_eq!(files.len(), 4);
    let report = check(&files);
    let serious = report.problems.iter().filter(|problem| problem.severity != Severity::Note).count();
    assert_eq!(serious, 0, "{}", render_text(&report, Lang::Ko, false));
    let district = report.district.expect("a district");
    let entered: Vec<(String, String, i64, bool)> = results_to_counts(&district)
        .into_iter()
        .map(|count| (count.node, count.period.to_string(), count.n, count.rest))
        .collect();
    let count = |node: &str, period: &str, n, rest| (node.to_owned(), period.to_owned(), n, rest);
    assert_eq!(
        entered,
        [
            count("전체", "2023-01..2023-09", 240, false),
            count("전체", "2023-10..2023-12", 78, false),
            count("정원지기", "2024-01..2024-12", 150, false),
            count("나루안내", "2024-01..2024-12", 70, false),
            count("어르신일자리", "2024-01..2024-12", 50, true),
        ]
    );
}

#[test]
fn every_fragment_of_the_page_uses_known_keys() {
    let frame = |kind: &str, rest: &str, body: &str| {
        let head = format!("형식: 일자리-계획/1\n종류: {kind}\n구: 99001\n금액 단위: 백만원\n{rest}");
        let district = "형식: 일자리-계획/1\n종류: 구\n코드: 99001\n이름: 나루구\n예시: 예\n".to_owned();
        [("district.yaml".to_owned(), district), ("fragment.yaml".to_owned(), head + body)]
    };
    let plan_head = "이름표: 종합-2023\n제목: 보기\n기간: 2023~2026\n단계: [전략, 실천과제, 사업, 단위사업]\n";
    let form =
        [Code::UnknownKey, Code::UnknownWord, Code::WrongShape, Code::YamlSyntax, Code::MissingKey, Code::NotANumber];
    for (_, body) in blocks(&page()).into_iter().filter(|(name, _)| name.is_empty()) {
        let files = match body.as_str() {
            text if text.contains("실적:") || text.starts_with("동별:") => frame("실적", "", &body),
            text if text.starts_with("값:") => {
                let last = text.lines().last().unwrap_or_default();
                let result = format!("실적:\n  - {{노드: 전체, 기간: 2023, 부문: 미상, 단위: 일자리 수, {last}}}\n");
                frame("실적", "", &result)
            }
            _ => frame("종합계획", plan_head, &body),
        };
        let report = check(&files);
        let wrong: BTreeSet<&str> = report
            .problems
            .iter()
            .filter(|problem| form.contains(&problem.code))
            .map(|problem| problem.code.as_str())
            .collect();
        assert!(wrong.is_empty(), "{body}\n{}", render_text(&report, Lang::Ko, false));
    }
}

#[test]
fn the_table_of_codes_is_the_program_s_own() {
    let mut table = String::from("| code | weight | says |\n| --- | --- | --- |\n");
    for code in Code::ALL {
        let weight = code.severity().word(Lang::Ko);
        table.push_str(&format!("| `{}` | {weight} | {}. {} |\n", code.as_str(), code.korean(), code.english()));
    }
    assert!(page().contains(&table), "docs/reference/plan-format.md should hold this table:\n\n{table}");
}

#[test]
fn every_key_of_the_page_s_tables_is_a_key_of_the_program() {
    // A key that the reader does not know would be an unknown key; the reverse is caught by the fragments.
    let source = ["cx", "district", "extras", "figure", "head", "node", "places", "plan", "results", "targets", "tree"]
        .map(|name| {
            fs::read_to_string(root().join(format!("crates/disclosure/src/plan/read/{name}.rs")))
                .expect("a source file")
        })
        .join("\n");
    for line in page().lines().filter(|line| line.starts_with("| `")) {
        let Some(cell) = line.split('|').nth(1) else { continue };
        for key in cell.split('`').skip(1).step_by(2) {
            let korean = key.chars().next().is_some_and(|letter| ('가'..='힣').contains(&letter));
            assert!(!korean || source.contains(&format!("\"{key}\"")), "{key}");
        }
    }
}
