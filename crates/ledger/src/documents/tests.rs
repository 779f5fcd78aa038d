//! What the documents say of the three districts, and that they say it alike in every format.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use iljari_base::id::Id;
use iljari_base::{Actor, Clock as _, Date, FixedClock, SeededEntropy, Year};
use iljari_disclosure::bundle::attributes::PublishedTable;
use iljari_disclosure::log::leaf::{Body, Leaf, LeafId, Slot};
use iljari_disclosure::log::totals::{Source, fold};
use iljari_disclosure::log::words::{Attribute, Grade, Unit};
use iljari_disclosure::plan::results_to_counts;
use iljari_print::{Block, Cell, Document, Format, Table, render};

use super::facts::{Corrects, Disclosed, Facts, Standing};
use super::{DocumentKind, Layout, compose, files, letter, letter_text};
use crate::frozen::{differences, lines_through};
use crate::model::{Counted, Entry, EntryKind};
use crate::pages::public::tests::book;
use crate::progress::Progress;

fn day() -> Date {
    Date::new(2026, 3, 27).expect("a day")
}

fn disclosed() -> Standing {
    Standing::Disclosed(Disclosed {
        no: 1,
        on: day(),
        size: 1_234,
        root: "0123456789abcdef".repeat(4),
        fingerprint: "7ff6 532d 8e6b 7b52 44fb fc41 c0df d41b".to_owned(),
        approval_no: "일자리정책과-1201 (예시)".to_owned(),
        approval_on: Some(day()),
        remark: String::new(),
    })
}

/// The facts of a year as a ledger would have them that holds exactly what the files publish.
fn facts_of(name: &str, year: i16) -> Facts {
    let book = book(name);
    let clock = FixedClock::at(day().at_hour(9));
    let entropy = SeededEntropy::new("documents");
    let mut entries: Vec<Entry> = Vec::new();
    for (nth, proposal) in
        (1_u8..).flat_map(|high| (0..=u8::MAX).map(move |low| [high, low])).zip(results_to_counts(&book))
    {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&nth);
        let slot = Slot {
            node: proposal.node.parse().expect("a node"),
            period: proposal.period,
            field: proposal.field,
            unit: proposal.unit,
        };
        let answered = proposal.correction.map(|(of, why)| (entries[of].leaf_id.clone(), why));
        let body = match &answered {
            None => Body::Count { slot: slot.clone(), n: proposal.n, grade: Grade::Sum, rest: proposal.rest },
            Some((of, why)) => Body::Correction {
                of: of.parse().expect("a leaf"),
                slot: slot.clone(),
                n: proposal.n,
                grade: Grade::Sum,
                why: *why,
            },
        };
        let leaf = Leaf::new(book.code.clone(), LeafId(bytes), body).expect("a leaf");
        entries.push(Entry {
            id: Id::fresh(&clock, &entropy),
            seq: i64::try_from(entries.len()).expect("few") + 1,
            leaf_id: leaf.id().to_string(),
            kind: if answered.is_some() { EntryKind::Correction } else { EntryKind::Count },
            body: leaf.to_line().into_bytes(),
            counted: Some(Counted {
                node: slot.node,
                period: slot.period,
                field: slot.field,
                unit: slot.unit,
                amount: proposal.n,
                grade: Grade::Sum,
                rest: proposal.rest,
            }),
            source: Some(Source::Sums),
            answers: answered.map(|(of, _)| of),
            evidence_kind: "부서집계".to_owned(),
            remark: "다시 세어 바로잡았습니다".to_owned(),
            recorded_by: Actor::Demo,
            confirmed_by: Actor::Demo,
            entered_at: clock.now(),
            sealed: None,
        });
    }
    let leaves: Vec<Leaf> = entries.iter().map(|entry| Leaf::parse(&entry.body).expect("a leaf")).collect();
    let (totals, problems) = fold(&leaves);
    assert_eq!(problems, []);
    let progress = Progress::of(&book, &totals).expect("it rolls up");
    Facts {
        book,
        year: Year(year),
        progress,
        entries,
        standing: disclosed(),
        is_demo: true,
        corrects: None,
        screened: Vec::new(),
        attributes: Vec::new(),
    }
}

fn table<'d>(document: &'d Document, id: &str) -> &'d Table {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    tables.into_iter().find(|table| table.id == id).unwrap_or_else(|| panic!("no table {id}"))
}

/// A cell as people see it, by the first cell of its row and its column's key.
fn shown(table: &Table, row: &str, key: &str) -> String {
    let column = table.columns.iter().position(|column| column.key == key).expect("a column");
    let name = Cell::text(row);
    let row = table.rows.iter().find(|row| row.cells.contains(&name)).unwrap_or_else(|| panic!("no row {row:?}"));
    row.cells[column].shown(table.columns[column].kind)
}

fn results(facts: &Facts) -> Document {
    compose(facts, DocumentKind::Results, Layout::Pages).expect("always there")
}

#[test]
fn every_document_of_every_year_can_be_written() {
    for name in ["naru", "gwangjin", "eunpyeong"] {
        for year in 2022..=2026 {
            let facts = facts_of(name, year);
            for kind in DocumentKind::ALL {
                for layout in [Layout::Pages, Layout::Sheets] {
                    let document = compose(&facts, *kind, layout);
                    assert_eq!(document.is_some(), kind.is_there(&facts), "{name} {year} {kind:?}");
                    if let Some(document) = document {
                        assert_eq!(document.check(), Ok(()), "{name} {year} {kind:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_invented_year_stands_in_its_tables() {
    let facts = facts_of("naru", 2025);
    let document = results(&facts);
    let by_field = table(&document, "sum_by_field");
    assert_eq!(shown(by_field, "합계", "target"), "6,084");
    assert_eq!(
        shown(table(&document, "promises"), "일자리 목표", "term"),
        "6,024",
        "the year raised what the term promised"
    );
    let counted = facts.progress.whole("전체", Year(2025), iljari_disclosure::log::words::Unit::Jobs, &[]);
    let counted = iljari_base::quantity::grouped(counted.expect("counted").total());
    for id in ["sum_by_field", "sum_by_department"] {
        assert_eq!(shown(table(&document, id), "합계", "actual"), counted);
    }
    let program = table(&document, "program_results_1");
    assert_eq!(shown(program, "어르신 공동체사업단", "target"), "220");
    assert_eq!(shown(program, "어르신 공동체사업단", "actual"), "206");
    assert_eq!(shown(program, "어르신 공동체사업단", "rate"), "93.6");
    assert_eq!(shown(program, "어르신 공동체사업단", "printed_rate"), "93.6");
    assert_eq!(
        shown(table(&document, "reasons"), "어르신 공동체사업단", "short"),
        "두부 공방을 옮기느라 석 달 동안 쉬었다"
    );
    let money = table(&document, "program_money_1");
    assert_eq!(shown(money, "어르신 공동체사업단", "planned"), "1,100");
    assert_eq!(shown(money, "어르신 공동체사업단", "spent"), "1,086");
    assert_eq!(shown(money, "어르신 공동체사업단", "national"), "435");
}

#[test]
fn what_nobody_knows_is_said_and_never_zero() {
    let document = results(&facts_of("gwangjin", 2022));
    let said: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(said.iter().any(|text| text.contains("목표는 6,000개이고, 실적은 미확인")), "{said:?}");
    let promises = table(&document, "promises");
    assert_eq!(shown(promises, "공약 3만 개", "actual"), "미확인");
    // 14,700여 is no exact number: it enters no total and stands in no cell as one.
    let document = results(&facts_of("eunpyeong", 2024));
    assert_eq!(shown(table(&document, "promises"), "일자리 수", "actual"), "미확인");
}

#[test]
fn two_promises_over_one_number_stand_side_by_side() {
    let document = results(&facts_of("gwangjin", 2025));
    let promises = table(&document, "promises");
    for name in ["공공일자리 2만4000개", "공약 3만 개"] {
        assert_eq!(shown(promises, name, "target"), "6,000");
        assert_eq!(shown(promises, name, "actual"), "6,570");
        assert_eq!(shown(promises, name, "rate"), "109.5");
    }
    let published = table(&results(&facts_of("gwangjin", 2023)), "published").clone();
    assert_eq!(shown(&published, "2023", "printed"), "103");
    assert_eq!(shown(&published, "2023", "computed"), "103.3");
    assert_eq!(shown(&published, "2023", "ledger"), "6,197");
}

#[test]
fn programs_without_a_strategy_stand_together_at_the_end() {
    let headings = |document: &Document| -> Vec<String> {
        let of = |block: &Block| match block {
            Block::Heading { level: 2, text } => Some(text.clone()),
            _ => None,
        };
        document.blocks.iter().filter_map(of).collect()
    };
    let headings = headings(&results(&facts_of("gwangjin", 2025)));
    assert_eq!(headings.iter().filter(|text| *text == "전략을 알 수 없는 사업").count(), 1, "{headings:?}");
    assert!(!headings.contains(&"청년이룸터".to_owned()), "a program is no strategy");
}

#[test]
fn a_part_of_a_year_says_up_to_which_month_it_counts() {
    let document = results(&facts_of("naru", 2026));
    assert!(document.meta.subtitle.ends_with("9월까지"), "{}", document.meta.subtitle);
    assert_eq!(shown(table(&document, "program_results_1"), "어르신 공동체사업단", "until"), "9월까지");
}

#[test]
fn a_changed_target_stands_beside_the_old_one_with_its_reason() {
    let document = compose(&facts_of("naru", 2026), DocumentKind::YearPlan, Layout::Pages).expect("a plan");
    let rates = table(&document, "year_target_rates");
    assert_eq!(shown(rates, "고용률 목표", "term"), "65.8");
    assert_eq!(shown(rates, "고용률 목표", "year"), "65.6");
    assert!(shown(rates, "고용률 목표", "reason").contains("옛 나루터"));
    let changed = table(&document, "changed_targets");
    assert_eq!(shown(changed, "장애인의 자립 일자리", "year"), "270");
}

#[test]
fn the_head_binds_to_the_log_or_says_that_nothing_is_settled() {
    let mut facts = facts_of("naru", 2025);
    let head = results(&facts).meta;
    let value = |label: &str| head.facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.clone());
    assert!(!head.draft && head.sample);
    assert_eq!(value("장부"), Some("기록 1,234건까지의 수".to_owned()));
    assert_eq!(value("장부의 요약값").map(|root| root.len()), Some(64));
    assert!(value("결재 문서번호").is_some_and(|no| no.starts_with("일자리정책과-1201")));
    facts.standing = Standing::Draft { on: day(), waiting: 2 };
    let head = results(&facts).meta;
    assert!(head.draft && !head.facts.iter().any(|fact| fact.label.contains("장부") || fact.label.contains("지문")));
    // A real district's document made by a demonstration says whose it is not.
    let real = results(&facts_of("gwangjin", 2025)).meta;
    assert!(real.facts.iter().any(|fact| fact.value.contains("광진구청이 낸 문서가 아니며")));
}

#[test]
fn a_correction_stands_with_both_numbers_and_why() {
    let mut facts = facts_of("naru", 2025);
    let corrected = super::corrections::corrected(&facts);
    for one in &corrected {
        assert_eq!(one.new - one.old, one.counted.amount);
    }
    let totals = |facts: &Facts| {
        let leaves: Vec<Leaf> = facts.entries.iter().map(|entry| Leaf::parse(&entry.body).expect("a leaf")).collect();
        fold(&leaves).0
    };
    let before = lines_through(&facts.book, Year(2025), &totals(&facts)).expect("lines");
    facts.entries.pop();
    let after = lines_through(&facts.book, Year(2025), &totals(&facts)).expect("lines");
    let changed = differences(&before, &after);
    facts.corrects = Some(Corrects { no: 1, on: day(), changed: changed.clone(), differs: before != after });
    let document = results(&facts);
    assert!(document.meta.facts.iter().any(|fact| fact.label == "바로잡은 공시"));
    if !changed.is_empty() {
        assert_eq!(table(&document, "restated").rows.len(), changed.len());
    }
}

#[test]
fn the_letter_asks_for_approval_and_lists_what_is_enclosed() {
    let text = letter_text(&letter(&facts_of("naru", 2025)));
    assert!(text.contains("제목  2025년 나루구 일자리대책 추진실적 공시"), "{text}");
    assert!(text.contains("고용정책 기본법 제9조의2"), "{text}");
    assert!(text.contains("붙임  1. 2025년 추진실적 1부."), "{text}");
    assert!(text.trim_end().ends_with("끝."), "{text}");
}

#[test]
fn a_table_by_age_says_in_every_format_what_is_hidden_and_what_all_make_together() {
    let mut facts = facts_of("naru", 2025);
    let items = [("29세 이하", Some(0)), ("30~49세", None), ("50~64세", Some(7_411)), ("65세 이상", None)];
    facts.attributes = vec![PublishedTable {
        year: Year(2025),
        node: "1-1".parse().expect("a node"),
        name: "어르신 일자리 지원".to_owned(),
        unit: Unit::Jobs,
        attribute: Attribute::Age,
        total: 7_419,
        items: items.map(|(item, number)| (item.to_owned(), number)).to_vec(),
    }];
    let document = results(&facts);
    let by_age = table(&document, "attributes");
    let said: Vec<String> = items.iter().map(|(item, _)| shown(by_age, item, "value")).collect();
    assert_eq!(said, ["0", "비공개", "7,411", "비공개"]);
    assert_eq!(shown(by_age, "계", "value"), "7,419");

    let folder = tempfile::tempdir().expect("a folder");
    let pdf = folder.path().join("attributes.pdf");
    std::fs::write(&pdf, render(&document, Format::Pdf).expect("a PDF")).expect("written");
    let out = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&pdf).arg("-").output();
    let pdf = String::from_utf8_lossy(&out.expect("poppler-utils is there").stdout).into_owned();
    let html = String::from_utf8(render(&document, Format::Html).expect("HTML")).expect("UTF-8");
    let json = String::from_utf8(render(&document, Format::Json).expect("JSON")).expect("UTF-8");
    for (text, together) in [(pdf, "7,419"), (html, "7,419"), (json, "7419")] {
        assert!(text.contains(together) && text.matches("비공개").count() >= 2, "{text}");
    }
}

#[test]
fn documents_built_twice_have_the_same_bytes() {
    let facts = facts_of("naru", 2025);
    let once = files::all(&facts).expect("made");
    assert!(once.len() > 20);
    assert!(once == files::all(&facts).expect("made"));
    for ending in ["pdf", "hwpx", "xlsx", "html", "json"] {
        assert!(once.contains_key(&format!("추진실적-2025.{ending}")), "{ending}");
    }
    assert!(once.keys().all(|name| iljari_disclosure::bundle::is_path(&format!("{}{name}", files::FOLDER))));
}

#[test]
fn pdftotext_finds_every_number_of_the_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, year) in [("naru", 2025), ("gwangjin", 2025), ("eunpyeong", 2023)] {
        let document = results(&facts_of(name, year));
        let pdf = folder.path().join(format!("{name}.pdf"));
        std::fs::write(&pdf, render(&document, Format::Pdf).expect("a PDF")).expect("written");
        let out = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&pdf).arg("-").output();
        let out = out.expect("poppler-utils is there");
        let text = String::from_utf8_lossy(&out.stdout);
        let found: BTreeSet<&str> = text.split_whitespace().collect();
        let mut missing: BTreeMap<String, String> = BTreeMap::new();
        for table in document.tables() {
            for row in &table.rows {
                for (column, cell) in table.columns.iter().zip(&row.cells) {
                    let said = cell.shown(column.kind);
                    if column.kind.is_number() && !cell.is_word() && !said.split(' ').all(|word| found.contains(word)) {
                        missing.insert(format!("{}/{}", table.id, column.key), said);
                    }
                }
            }
        }
        assert_eq!(missing, BTreeMap::new(), "{name}");
    }
}
