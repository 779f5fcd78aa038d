//! Tables by personal attributes in a bundle: what a stranger finds in them, and what not.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::bundle::attributes::{self, PublishedTable, attribute_at};
use iljari_disclosure::bundle::verify::NOT_RECOMPUTED;
use iljari_disclosure::bundle::{Bundle, Code, Options, Report, verify};
use iljari_disclosure::log::words::{Attribute, Unit};

use crate::fixture::{leaves, resign, signer, small_bundle, tree, try_bundle_with};

pub const PATH: &str = "documents/attributes/연령대.csv";

/// The tables that the format page prints.
pub fn tables() -> Vec<PublishedTable> {
    let table = |node: &str, name: &str, total, items: &[(&str, Option<i64>)]| PublishedTable {
        year: Year(2023),
        node: node.parse().expect("a node"),
        name: name.to_owned(),
        unit: Unit::Jobs,
        attribute: Attribute::Age,
        total,
        items: items.iter().map(|(item, number)| ((*item).to_owned(), *number)).collect(),
    };
    let ages =
        [("60~64세", None), ("65~69세", None), ("70세 이상", Some(81)), ("60세 미만", Some(0)), ("미상", Some(2))];
    vec![table("전체", "나루구 일자리대책", 163, &[]), table("어르신", "어르신 일자리", 123, &ages)]
}

/// Code, row before, row after (empty: left out).
pub const REFUSED: &[(&str, &str, &str)] = &[
    (
        "attributes-form",
        "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,163",
        "2023,전체,나루구,일자리 수,연령대,합계,163",
    ),
    (
        "attributes-form",
        "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,163",
        "2023,전체,나루구 일자리대책,연인원,연령대,합계,12",
    ),
    (
        "attributes-form",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,0",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,00",
    ),
    (
        "attributes-form",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,0",
        "2023,어르신,어르신 일자리,일자리 수,성별,60세 미만,0",
    ),
    (
        "attributes-form",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,0",
        "2023,어르신,어르신 일자리,일자리 수,연령대,미상,0",
    ),
    (
        "attributes-form",
        "2023,어르신,어르신 일자리,일자리 수,연령대,65~69세,비공개",
        "2023,어르신,어르신 일자리,일자리 수,연령대,65~69세,5 미만",
    ),
    (
        "attributes-total",
        "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,163",
        "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,164",
    ),
    (
        "attributes-total",
        "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,163",
        "2023,전체,나루구 일자리대책,실인원,연령대,합계,163",
    ),
    (
        "attributes-sum",
        "2023,어르신,어르신 일자리,일자리 수,연령대,70세 이상,81",
        "2023,어르신,어르신 일자리,일자리 수,연령대,70세 이상,120",
    ),
    (
        "attributes-small",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,0",
        "2023,어르신,어르신 일자리,일자리 수,연령대,60세 미만,4",
    ),
    ("attributes-small", "2023,어르신,어르신 일자리,일자리 수,연령대,65~69세,비공개", ""),
];

fn with_tables(tables: &[PublishedTable]) -> Bundle {
    try_bundle_with(leaves(), &tree(), attributes::files(tables)).expect("a bundle")
}

fn check(bundle: &Bundle) -> Report {
    verify(bundle, &Options { key: Some(&signer().verifier().to_string()), since: None })
}

fn codes(report: &Report) -> Vec<&'static str> {
    let mut codes: Vec<&str> = report.problems.iter().map(|problem| problem.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn changed(bundle: &Bundle, path: &str, from: &str, to: &str) -> Bundle {
    let old = String::from_utf8(bundle[path].clone()).expect("UTF-8");
    assert!(old.contains(from), "{from}");
    let mut bundle = bundle.clone();
    bundle.insert(path.to_owned(), old.replacen(from, to, 1).into_bytes());
    resign(bundle)
}

#[test]
fn sound_tables_are_found_sound_and_said_to_be_checked_in_their_margins_only() {
    let bundle = with_tables(&tables());
    let report = check(&bundle);
    assert_eq!(report.problems, []);
    let said = report.checks.iter().find(|check| check.name == "개인 속성 표").expect("a check of its own");
    assert!(said.ok && said.note.contains(NOT_RECOMPUTED), "{}", said.note);
    assert_eq!(report.numbers_checked, check(&small_bundle()).numbers_checked + 2, "two margins more");
    let dictionary = String::from_utf8(bundle["documents/dictionary.csv"].clone()).expect("UTF-8");
    assert!(dictionary.contains("attributes/*.csv,항목"));
    // Without tables nothing is said about them.
    assert!(!check(&small_bundle()).checks.iter().any(|check| check.name == "개인 속성 표"));
}

#[test]
fn each_fault_of_a_table_has_its_code() {
    let bundle = with_tables(&tables());
    for (code, from, to) in REFUSED {
        let to = if to.is_empty() { String::new() } else { format!("{to}\r\n") };
        let report = check(&changed(&bundle, PATH, &format!("{from}\r\n"), &to));
        assert_eq!(codes(&report), [*code], "{from} -> {to}: {:?}", report.problems);
    }
}

#[test]
fn an_open_table_must_add_up_and_a_table_needs_two_items() {
    let mut open = tables();
    open[1].items = vec![("남성".to_owned(), Some(60)), ("여성".to_owned(), Some(63))];
    assert_eq!(check(&with_tables(&open)).problems, []);
    open[1].items[0].1 = Some(61);
    let problems = try_bundle_with(leaves(), &tree(), attributes::files(&open)).expect_err("refused");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::AttributesSum]);
    open[1].items = vec![("여성".to_owned(), Some(123))];
    let problems = try_bundle_with(leaves(), &tree(), attributes::files(&open)).expect_err("refused");
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::AttributesForm]);
}

#[test]
fn only_files_of_the_list_may_lie_among_the_tables() {
    for path in ["documents/attributes/소득.csv", "documents/attributes/성별.txt", "documents/attributes/성별/a.csv"]
    {
        let others = BTreeMap::from([(path.to_owned(), b"x".to_vec())]);
        let problems = try_bundle_with(leaves(), &tree(), others).expect_err("refused");
        assert!(problems.iter().all(|problem| problem.code == Code::AttributesForm && problem.path == path));
    }
    // A file without a single table, bad line ends, and tables in another order.
    let bundle = with_tables(&tables());
    let header = "연도,사업,이름,단위,구분,항목,수\r\n";
    let mut empty = bundle.clone();
    empty.insert(PATH.to_owned(), format!("\u{feff}{header}").into_bytes());
    assert_eq!(codes(&check(&resign(empty))), ["attributes-form"]);
    assert_eq!(codes(&check(&changed(&bundle, PATH, "\r\n", "\n"))), ["attributes-form"]);
    let root = "2023,전체,나루구 일자리대책,일자리 수,연령대,합계,163\r\n";
    let moved = changed(&bundle, PATH, root, "");
    assert_eq!(check(&moved).problems, [], "a table less is another disclosure, not a fault");
    assert_eq!(codes(&check(&changed(&moved, PATH, header, &format!("{header}{root}")))), ["attributes-form"]);
}

#[test]
fn a_table_reads_back_as_it_was_written() {
    let written = attributes::files(&tables());
    let (read, bad) = attributes::read(&written[PATH], Attribute::Age);
    assert_eq!((attribute_at(PATH), bad), (Some(Attribute::Age), vec![]));
    let mut sorted = tables();
    sorted.reverse();
    assert_eq!(read, sorted);
    assert_eq!(read[0].rows()[1], ("60~64세", "비공개".to_owned()));
}
