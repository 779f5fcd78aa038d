//! Whatever comes in, the reader answers.
//!
//! Random bytes, sound files cut short, and sound files with bytes changed. A newcomer hopes for a found
//! fault: each failure prints the smallest case, and that case becomes a test of its own.

use std::sync::LazyLock;

use iljari_sheets::mark::with_error_column;
use iljari_sheets::{CellRef, Encoding, Limits, Marks, Value, csv, read};
use proptest::prelude::*;

#[path = "../src/testing.rs"]
#[expect(dead_code, reason = "the unit tests use all of it")]
mod testing;

use testing::Book;

static SHEET: &str = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Y-01 &amp; 가</t></is></c><c r="B2" s="1"><v>0.653</v></c><c r="C2" s="2"><v>44990.5</v></c><c r="D2"><f>SUM(B2:C2)</f></c></row></sheetData><mergeCells><mergeCell ref="A5:B6"/></mergeCells>"#;

static FILES: LazyLock<Vec<(Vec<u8>, &str)>> = LazyLock::new(|| {
    let rows = vec![vec!["코드".to_owned(), "실적".to_owned()], vec!["Y-01".into(), "1,204 \"명\"".into()]];
    vec![
        (Book::of_sheet(SHEET).bytes(), "실적.xlsx"),
        (csv::write(&rows, Encoding::Cp949), "실적.csv"),
        (csv::write(&rows, Encoding::Utf16Le), "실적.csv"),
    ]
});

fn try_all(bytes: &[u8], name: &str) {
    let limits = Limits::default();
    let marks =
        [Marks { sheet: "실적".into(), columns: vec!["사업 코드".into()], header_row: Some(0), faults: vec![(CellRef::new(1, 1), "확인".into())] }];
    let refused = read(bytes, name, &limits).map(|grid| grid.oddities().count());
    if let Err(refusals) = &refused {
        assert!(refusals.iter().all(|refusal| !refusal.message.is_empty() && refusal.code.starts_with("sheet-")));
    }
    let _ = with_error_column(bytes, name, &marks, &limits);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000), start in 0usize..4, name in 0usize..3) {
        let starts: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xEF\xBB\xBF", b"\xFF\xFE"];
        let name = ["실적.xlsx", "실적.csv", "제출.zip"][name];
        try_all(&[starts[start], &bytes].concat(), name);
    }

    #[test]
    fn changed_and_cut_files_are_answered(file in 0usize..3, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let (sound, name) = &FILES[file];
        let mut bytes = sound.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        try_all(&bytes, name);
    }

    #[test]
    fn changed_parts_in_a_sound_container_are_answered(part in 0usize..4, changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(br#"<>/"= &;abc0129.-:!?[]xr"#.to_vec())), 1..8), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let name = ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"][part];
        let book = Book::of_sheet(SHEET);
        let mut text = book.part(name);
        for (at, byte) in changes {
            let at = at.index(text.len());
            text[at] = byte;
        }
        if !whole {
            text.truncate(cut.index(text.len()));
        }
        try_all(&book.with_bytes(name, &text).bytes(), "실적.xlsx");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_as_csv_comes_back(rows in prop::collection::vec(prop::collection::vec("[ -:<-~가-힣–\n]{0,8}", 2..5), 1..6), encoding in 0usize..4) {
        let encoding = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be][encoding];
        let grid = read(&csv::write(&rows, encoding), "실적.csv", &Limits::default());
        prop_assume!(grid.is_ok() || rows.iter().flatten().any(|text| text.chars().filter(char::is_ascii_digit).count() > 6));
        let Ok(grid) = grid else { return Ok(()) };
        for (row, fields) in (0u32..).zip(&rows) {
            for (column, text) in (0u16..).zip(fields) {
                let cell = grid.sheets[0].cell(CellRef::new(row, column));
                match cell.map(|cell| &cell.value) {
                    None => prop_assert!(text.trim().is_empty(), "{text:?} is gone"),
                    Some(Value::Text(found)) => prop_assert_eq!(found, text),
                    Some(_) => prop_assert!(text.trim().starts_with(|first: char| first.is_ascii_digit() || first == '-'), "{:?}", text),
                }
            }
        }
    }
}

#[test]
fn every_cut_of_a_sound_workbook_is_refused() {
    let (sound, name) = &FILES[0];
    for end in 0..sound.len() {
        assert!(read(&sound[..end], name, &Limits::default()).is_err(), "cut at {end}");
    }
}
