//! Anything a disk may hold: the checker answers, never panics, and names what is wrong.

use std::fs;

use iljari_disclosure::plan::{Code, Lang, Report, check, diff, render_json, render_text, results_to_counts, show};
use proptest::prelude::*;

use crate::{SMALL_PLAN, root, small};

/// Everything that can be asked of a report, so that a panic anywhere would show.
fn exercise(report: &Report) {
    let text = render_text(report, Lang::Ko, true);
    assert!(!text.is_empty());
    assert!(render_json(report).contains("iljari-plan-check/1"));
    if let Some(district) = &report.district {
        let _ = show(district, Lang::En);
        let _ = results_to_counts(district);
        assert!(diff(district, district).is_empty());
    }
}

fn codes(bytes: &[u8]) -> Vec<Code> {
    let report = check(&[("file.yaml", bytes)]);
    exercise(&report);
    report.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn bytes_that_are_no_plan_are_refused_by_name() {
    assert_eq!(codes(b""), [Code::EmptyFile]);
    assert_eq!(codes(b"  \n\t\n"), [Code::EmptyFile]);
    assert_eq!(codes(b"# nothing but a comment\n"), [Code::EmptyFile]);
    assert_eq!(codes(b"\xef\xbb\xbf"), [Code::BomOnly]);
    assert_eq!(codes("형식: \0".as_bytes()), [Code::NulByte]);
    assert_eq!(codes(b"\xff\xfe\x48\x00"), [Code::NulByte]);
    assert_eq!(codes(b"\xc7\xfc\xbd\xc4: 1"), [Code::NotUtf8]);
    assert_eq!(codes(&vec![b' '; 10 * 1024 * 1024 + 1]), [Code::TooLarge]);
    assert_eq!(codes(b"hello"), [Code::WrongShape]);
    assert_eq!(codes("종류: 구".as_bytes()), [Code::MissingKey, Code::MissingKey, Code::MissingKey]);
}

#[test]
fn a_bad_byte_is_located() {
    let report = check(&[("file.yaml", b"a: 1\nb: \xff".as_slice())]);
    let point = report.problems[0].place.span.start;
    assert_eq!((point.line, point.column, point.byte), (2, 4, 8));
    assert!(report.problems[0].title.ko.contains("8번째 바이트"));
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let plain = check(&small());
    assert!(!plain.has_errors(), "{}", render_text(&plain, Lang::Ko, false));
    for change in [|text: &str| format!("\u{feff}{text}"), |text: &str| text.replace('\n', "\r\n")] {
        let files: Vec<(String, String)> = small().into_iter().map(|(name, text)| (name, change(&text))).collect();
        let report = check(&files);
        let places = |report: &Report| -> Vec<(Code, u32, u32)> {
            let of = |problem: &iljari_disclosure::plan::Problem| {
                (problem.code, problem.place.span.start.line, problem.place.span.start.column)
            };
            report.problems.iter().map(of).collect()
        };
        assert_eq!(places(&plain), places(&report));
    }
}

#[test]
fn a_bomb_of_aliases_is_refused_without_being_built() {
    let mut text = String::from("a0: &a0 [lol]\n");
    for step in 1..40 {
        text.push_str(&format!("a{step}: &a{step} [*a{}, *a{}]\n", step - 1, step - 1));
    }
    let found = codes(text.as_bytes());
    assert!(found.contains(&Code::AnchorAlias));
    let many = format!("형식: 일자리-계획/1\n종류: 실적\n구: 99002\n실적: [{}]\n", "*a, ".repeat(200_000));
    let found = codes(many.as_bytes());
    assert!(found.contains(&Code::TooManyProblems));
    assert!(found.len() <= 1001);
}

#[test]
fn nesting_without_end_is_refused() {
    assert_eq!(codes(&b"[".repeat(100_000)), [Code::YamlSyntax]);
    let deep: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(codes(deep.as_bytes()), [Code::YamlSyntax]);
}

#[test]
fn a_plan_of_thousands_of_nodes_is_checked_in_reasonable_time_or_refused() {
    let mut text = SMALL_PLAN.to_owned();
    for number in 0..6000 {
        text.push_str(&format!("  - {{번호: n{number}, 이름: 노드 {number}, 하위: 자료 없음}}\n"));
    }
    let report = check(&[("plan.yaml", text)]);
    assert!(report.problems.iter().any(|problem| problem.code == Code::TooLarge));
}

#[test]
fn no_truncation_of_a_good_file_makes_the_checker_panic() {
    let home = root().join("districts/faulty/district.yaml");
    let district = fs::read(home).expect("the district");
    for end in 0..SMALL_PLAN.len() {
        let cut = &SMALL_PLAN.as_bytes()[..end];
        let report = check(&[("district.yaml", district.as_slice()), ("term.yaml", cut)]);
        exercise(&report);
        assert!(!report.problems.is_empty(), "cut at byte {end} should be noticed");
    }
    for end in 0..district.len() {
        exercise(&check(&[("district.yaml", &district[..end])]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_checker_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        exercise(&check(&[("file.yaml", bytes)]));
    }

    #[test]
    fn no_text_in_a_value_makes_the_checker_panic(value in ".{0,40}", at in 0_usize..20) {
        let mut lines: Vec<String> = SMALL_PLAN.lines().map(str::to_owned).collect();
        let index = at % lines.len();
        if let Some((key, _)) = lines[index].split_once(": ") {
            lines[index] = format!("{key}: {value}");
        }
        let mut files = small();
        files[1].1 = lines.join("\n");
        exercise(&check(&files));
    }

    #[test]
    fn no_changed_byte_makes_the_checker_panic(at in 0_usize..SMALL_PLAN.len(), byte in any::<u8>()) {
        let mut bytes = SMALL_PLAN.as_bytes().to_vec();
        bytes[at] = byte;
        let mut files: Vec<(String, Vec<u8>)> = small().into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        files[1].1 = bytes;
        exercise(&check(&files));
    }

    #[test]
    fn swapped_words_never_make_the_checker_panic(one in 0_usize..200, two in 0_usize..200) {
        let mut words: Vec<&str> = SMALL_PLAN.split(' ').collect();
        let (one, two) = (one % words.len(), two % words.len());
        words.swap(one, two);
        let mut files = small();
        files[1].1 = words.join(" ");
        exercise(&check(&files));
    }
}
