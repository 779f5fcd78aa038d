//! Forms that go out and come back, also through other programs.
//!
//! What a newcomer gets wrong: reading back only what this crate wrote. The files in `fixtures` were saved by
//! LibreOffice, and a second reader judges what we write.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use iljari_sheets::{ColumnKind, Encoding, FormCell, Grid, Limits, Sheet, Value, read};

mod sample;

const SAVED: &[u8] = include_bytes!("fixtures/form-saved-by-libreoffice.xlsx");
const SAVED_CSV: &[u8] = include_bytes!("fixtures/form-saved-by-libreoffice-cp949.csv");

fn opened(bytes: &[u8], name: &str) -> Grid {
    read(bytes, name, &Limits::default()).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

/// What the department's rows say, found by the names of the columns.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let form = sample::form();
    let names: Vec<&str> = form.columns.iter().map(|column| column.name.as_str()).collect();
    let header = sheet.find_header(&names).unwrap_or_else(|| panic!("no heading"));
    assert!(header.missing(&names).is_empty());
    let below = sheet.rows.iter().filter(|row| row.number > header.row && !row.total);
    let texts = below.map(|row| {
        let columns = header.columns.iter().map(|column| column.and_then(|column| row.cell(column)));
        columns.map(|cell| cell.map(|cell| cell.text()).unwrap_or_default()).collect::<Vec<_>>()
    });
    texts.filter(|row| !row[0].is_empty()).collect()
}

fn sent() -> Vec<Vec<String>> {
    let text = |cell: &FormCell| match cell {
        FormCell::Empty => String::new(),
        FormCell::Text(text) | FormCell::Locked(text) => text.clone(),
        FormCell::Number(figure) => figure.to_string(),
    };
    sample::form().rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn a_form_reads_back_as_it_went_out() {
    let form = sample::form();
    let grid = opened(&form.xlsx().unwrap(), "서식.xlsx");
    assert_eq!(rows(&grid.sheets[0]), sent());
    let stamps = grid.stamps();
    assert_eq!(stamps.len(), 1);
    assert_eq!((stamps[0].0, &stamps[0].2), (0, &form.stamp));
    let total = grid.sheets[0].rows.last().unwrap();
    assert!(total.total && total.cell(3).map(|cell| cell.value.clone()) == Some(Value::Integer(13_827)));
    assert!(grid.oddities().all(|oddity| !oddity.odd.blocks()), "{:?}", grid.oddities().collect::<Vec<_>>());
}

#[test]
fn a_form_saved_by_libreoffice_has_no_difference_that_nobody_typed() {
    let ours = opened(&sample::form().xlsx().unwrap(), "서식.xlsx");
    let saved = opened(SAVED, "서식.xlsx");
    assert_eq!(saved.sheets, ours.sheets);
    assert_eq!(saved.stamps(), ours.stamps());
    assert_eq!(saved.notes, ours.notes);
}

#[test]
fn a_cp949_form_saved_by_libreoffice_has_none_either() {
    let ours = opened(&sample::form().csv(Encoding::Cp949), "서식.csv");
    let saved = opened(SAVED_CSV, "서식.csv");
    assert_eq!(saved, ours);
    assert_eq!(saved.encoding, Some(Encoding::Cp949));
    assert_eq!(rows(&saved.sheets[0]), sent());
    assert_eq!(saved.stamps()[0].2, sample::form().stamp);
}

#[test]
fn the_same_form_is_the_same_bytes() {
    assert_eq!(sample::form().xlsx().unwrap(), sample::form().xlsx().unwrap());
}

#[test]
fn another_reader_finds_the_same_figures() {
    let bytes = sample::form().xlsx().unwrap();
    let ours = opened(&bytes, "서식.xlsx");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("실적").unwrap();
    let mut seen = 0;
    for (row, column, data) in range.used_cells() {
        let at = iljari_sheets::CellRef::new(u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
        let text = match data {
            Data::Empty => continue,
            Data::String(text) if text.is_empty() => continue,
            other => other.to_string(),
        };
        assert_eq!(ours.sheets[0].cell(at).map(|cell| cell.text()), Some(text), "{at}");
        seen += 1;
    }
    assert_eq!(seen, ours.sheets[0].cells().count());
}

/// The XML of the one sheet that a form writes.
fn sheet_xml(bytes: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap_or_else(|error| panic!("{error}"));
    let part = archive.by_name("xl/worksheets/sheet1.xml").unwrap_or_else(|error| panic!("{error}"));
    std::io::read_to_string(part).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_form_is_locked_without_a_password_and_open_where_the_department_writes() {
    let xml = sheet_xml(sample::form().xlsx().unwrap());
    assert!(
        xml.contains("<sheetProtection sheet=\"1\"") && !xml.contains("password") && !xml.contains("hashValue"),
        "{xml}"
    );
    assert!(xml.contains("type=\"whole\"") && xml.contains("sqref=\"E9:E12\""), "{xml}");
    assert!(xml.contains("<formula1>\"실적 있음,실적 없음\"</formula1>"), "{xml}");
    assert!(xml.contains("ySplit=\"8\"") && xml.contains("xSplit=\"2\""), "{xml}");
    // Rows to fill in and the one that the system counts have different styles in the same column.
    let style = |at: &str| {
        let cell = xml.split(&format!("<c r=\"{at}\" s=\"")).nth(1).unwrap_or_else(|| panic!("no cell {at}"));
        cell.split('"').next().unwrap_or_default().to_owned()
    };
    assert_eq!(style("E9"), style("E10"));
    assert_ne!(style("E9"), style("E12"));
    assert_eq!(style("E12"), style("F12"));
}

#[test]
fn text_that_a_spreadsheet_would_run_goes_out_as_text() {
    let mut form = sample::form();
    form.rows[0][1] = FormCell::Text("=HYPERLINK(\"http://예시\")".into());
    let xml = sheet_xml(form.xlsx().unwrap());
    assert_eq!(xml.matches("<f>").count(), 3, "only the sums are formulas");
    let csv = opened(&form.csv(Encoding::Utf8Bom), "서식.csv");
    let name = csv.sheets[0].rows[3].cell(1).map(|cell| cell.text());
    assert_eq!(name.as_deref(), Some("=HYPERLINK(\"http://예시\")"));
}

#[test]
fn a_form_without_rows_and_a_form_of_one_column_are_written_too() {
    let mut form = sample::form();
    form.rows.clear();
    assert!(rows(&opened(&form.xlsx().unwrap(), "서식.xlsx").sheets[0]).is_empty());
    form.columns.truncate(1);
    form.columns[0].kind = ColumnKind::Count;
    form.rows = vec![vec![FormCell::Number(i64::MAX)], vec![FormCell::Number(1 << 40)]];
    let grid = opened(&form.xlsx().unwrap(), "서식.xlsx");
    let values: Vec<String> = grid.sheets[0].cells().map(|cell| cell.text()).collect();
    assert!(values.contains(&i64::MAX.to_string()) && values.contains(&(1i64 << 40).to_string()), "{values:?}");
}
