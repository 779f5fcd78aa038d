//! Marked files, read again.
//!
//! A newcomer compares bytes: what counts is that the file opens, says what is wrong where it is wrong, and
//! that everything else reads as before.

use super::*;
use crate::container::Container;
use crate::grid::{Encoding, Grid, Value};
use crate::testing::{Book, relation, relations, workbook};
use crate::{read, recognise};

const SHEET: &str = r#"<dimension ref="A1:D4"/><cols><col min="1" max="4" width="12" customWidth="1"/></cols><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>제목</t></is></c></row>
<row r="2" spans="1:4"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="F2" s="3"/></row>
<row r="3"><c r="A3" t="inlineStr"><is><t>Y-01</t></is></c><c r="B3"><v>204</v></c></row>
<row r="4"/>
<row r="6"><c r="A6" t="inlineStr"><is><t>Y-03</t></is></c><c r="B6"><v>-5</v></c></row>
</sheetData>"#;

fn marks(sheet: &str, faults: &[(&str, &str)]) -> Vec<Marks> {
    let faults = faults.iter().map(|(at, message)| (at.parse().unwrap(), (*message).to_owned())).collect();
    vec![Marks { sheet: sheet.into(), columns: Vec::new(), header_row: Some(1), faults }]
}

fn marked(bytes: &[u8], name: &str, marks: &[Marks]) -> Vec<u8> {
    with_error_column(bytes, name, marks, &Limits::default()).unwrap()
}

fn opened(bytes: &[u8], name: &str) -> Grid {
    read(bytes, name, &Limits::default()).unwrap()
}

fn text(grid: &Grid, at: &str) -> String {
    grid.sheets[0].cell(at.parse().unwrap()).map(|cell| cell.text()).unwrap_or_default()
}

const FAULTS: &[(&str, &str)] = &[
    ("B6", "0 이상이어야 합니다 <&>."),
    ("A6", "없는 사업 코드입니다."),
    ("B4", "값이 비어 있습니다."),
    ("B5", "값이 비어 있습니다."),
    ("B9", "합계가 다릅니다."),
];

#[test]
fn the_heading_is_found_by_its_names_however_far_above_the_first_row_it_stands() {
    let original = Book::of_sheet(SHEET).bytes();
    let mut by_name = marks("실적", &[("B6", "0 이상이어야 합니다.")]);
    by_name[0].columns = vec!["사업 코드".to_owned(), "당기 실적".to_owned()];
    by_name[0].header_row = Some(4);
    let grid = opened(&marked(&original, "실적.xlsx", &by_name), "실적.xlsx");
    assert_eq!(text(&grid, "C2"), "오류");
    assert_eq!(text(&grid, "C5"), "");
}

#[test]
fn a_workbook_comes_back_with_the_column_and_otherwise_as_it_was() {
    let original = Book::of_sheet(SHEET).with("xl/media/note.xml", "a part of theirs").bytes();
    let back = marked(&original, "실적.xlsx", &marks("실적", FAULTS));
    let grid = opened(&back, "실적.xlsx");
    assert_eq!(text(&grid, "C2"), "오류");
    assert_eq!(text(&grid, "C6"), "A6: 없는 사업 코드입니다. / B6: 0 이상이어야 합니다 <&>.");
    assert_eq!(text(&grid, "C4"), "B4: 값이 비어 있습니다.");
    assert_eq!(text(&grid, "C5"), "B5: 값이 비어 있습니다.");
    assert_eq!(text(&grid, "C9"), "B9: 합계가 다릅니다.");
    assert_eq!(text(&grid, "C3"), "");
    let mut without = grid.clone();
    for row in &mut without.sheets[0].rows {
        row.cells.retain(|cell| cell.at.column != 2);
    }
    without.sheets[0].rows.retain(|row| !row.cells.is_empty());
    assert_eq!(without, opened(&original, "실적.xlsx"));
    let (before, after) =
        (Container::open(&original, &Limits::default()).unwrap(), Container::open(&back, &Limits::default()).unwrap());
    assert_eq!(before.entries().len(), after.entries().len());
    for (index, entry) in before.entries().iter().enumerate() {
        let same = before.part(index, 1 << 20) == after.part(index, 1 << 20);
        let touched = matches!(entry.name.as_str(), "xl/worksheets/sheet1.xml" | "xl/styles.xml");
        assert_eq!(same, !touched, "{}", entry.name);
    }
}

#[test]
fn the_same_column_is_used_again_and_old_faults_go() {
    let original = Book::of_sheet(SHEET).bytes();
    let once = marked(&original, "실적.xlsx", &marks("실적", FAULTS));
    let twice = marked(&once, "실적.xlsx", &marks("실적", &[("B3", "다른 오류입니다.")]));
    let grid = opened(&twice, "실적.xlsx");
    assert_eq!(
        (text(&grid, "C2"), text(&grid, "C3"), text(&grid, "C6")),
        ("오류".into(), "B3: 다른 오류입니다.".into(), String::new())
    );
    assert!(grid.sheets[0].cells().all(|cell| cell.at.column < 3));
    let none = marked(&twice, "실적.xlsx", &marks("실적", &[]));
    assert_eq!(text(&opened(&none, "실적.xlsx"), "C3"), "");
}

#[test]
fn an_empty_sheet_data_and_prefixes_are_no_obstacle() {
    let bare = Book::of_sheet("<sheetData/>").bytes();
    let grid = opened(&marked(&bare, "실적.xlsx", &marks("실적", &[("A3", "빈 시트입니다.")])), "실적.xlsx");
    assert_eq!((text(&grid, "A2"), text(&grid, "A3")), ("오류".into(), "A3: 빈 시트입니다.".into()));
    let prefixed = Book::of_rows("").with(
        "xl/worksheets/sheet1.xml",
        r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"#,
    );
    let back = marked(&prefixed.bytes(), "실적.xlsx", &marks("실적", &[("A3", "확인해 주세요.")]));
    assert_eq!(text(&opened(&back, "실적.xlsx"), "B3"), "A3: 확인해 주세요.");
    let container = Container::open(&back, &Limits::default()).unwrap();
    let sheet = container.part(container.find("xl/worksheets/sheet1.xml").unwrap(), 1 << 20).unwrap();
    let sheet = String::from_utf8(sheet).unwrap();
    assert!(sheet.contains("<x:cols><x:col min=\"2\"") && sheet.contains("<x:row r=\"2\"><x:c r=\"B2\""), "{sheet}");
}

#[test]
fn only_the_sheet_that_is_named_is_touched() {
    let sheets = r#"<sheet name="실적" sheetId="1" r:id="rId1"/><sheet name="메모" sheetId="2" r:id="rId9"/>"#;
    let book = Book::of_sheet(SHEET)
        .with("xl/workbook.xml", &workbook("", sheets))
        .with("xl/_rels/workbook.xml.rels", &relations(&relation("rId9", "worksheet", "worksheets/sheet2.xml", false)))
        .with(
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row r=\"3\"><c r=\"A3\"><v>1</v></c></row></sheetData></worksheet>",
        );
    let back = opened(&marked(&book.bytes(), "실적.xlsx", &marks("메모", &[("A3", "확인해 주세요.")])), "실적.xlsx");
    assert_eq!(
        back.sheets[1].cell("B3".parse().unwrap()).map(|cell| cell.text()).as_deref(),
        Some("A3: 확인해 주세요.")
    );
    assert_eq!(back.sheets[0], opened(&book.bytes(), "실적.xlsx").sheets[0]);
    let nowhere = with_error_column(&book.bytes(), "실적.xlsx", &marks("없는 시트", FAULTS), &Limits::default());
    assert_eq!(nowhere.map_err(|refusals| refusals[0].code), Err("sheet-nothing-to-mark"));
}

#[test]
fn a_marked_form_still_opens_with_another_reader() {
    use calamine::{Reader, Xlsx};
    let back = marked(&Book::of_sheet(SHEET).bytes(), "실적.xlsx", &marks("실적", FAULTS));
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(back)).unwrap();
    let range = book.worksheet_range("실적").unwrap();
    assert_eq!(
        range.get_value((5, 2)).map(ToString::to_string).as_deref(),
        Some("A6: 없는 사업 코드입니다. / B6: 0 이상이어야 합니다 <&>.")
    );
    assert_eq!(range.get_value((2, 1)).map(ToString::to_string).as_deref(), Some("204"));
}

#[test]
fn a_csv_keeps_its_encoding_its_delimiter_and_every_other_byte() {
    let original = "실적 제출;;\r\n코드;당기 실적;사유\r\nY-01; 204 ;\"가;나\"\r\n\r\nY-02;x\r\n";
    for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Cp949, Encoding::Utf16Le] {
        let bytes = crate::csv::write::encode(original, encoding);
        let faults = marks("", &[("B5", "숫자로 읽을 수 없습니다; 다시 적어 주세요."), ("A3", "=확인")]);
        let back = marked(&bytes, "실적.csv", &faults);
        let (text, found) = crate::csv::encoding::decode(&back).unwrap();
        assert_eq!(found, encoding);
        assert_eq!(
            text,
            "실적 제출;;\r\n코드;당기 실적;사유;오류\r\nY-01; 204 ;\"가;나\";A3: =확인\r\n\r\nY-02;x;;\"B5: 숫자로 읽을 수 없습니다; 다시 적어 주세요.\"\r\n"
        );
        let again = marked(&back, "실적.csv", &marks("", &[("B5", "아직입니다.")]));
        let (text, _) = crate::csv::encoding::decode(&again).unwrap();
        assert_eq!(
            text,
            "실적 제출;;\r\n코드;당기 실적;사유;오류\r\nY-01; 204 ;\"가;나\";\r\n\r\nY-02;x;;B5: 아직입니다.\r\n"
        );
    }
}

#[test]
fn a_file_that_would_not_be_read_is_not_marked() {
    let refused = with_error_column(b"\xD0\xCF\x11\xE0", "실적.xlsx", &marks("실적", FAULTS), &Limits::default());
    assert_eq!(refused.map_err(|refusals| refusals[0].code), Err("sheet-protected"));
    assert_eq!(recognise::extension("폴더.v1/실적.XLSX"), "xlsx");
    assert_eq!(
        opened(&Book::of_sheet(SHEET).bytes(), "실적.xlsx").sheets[0]
            .cell("B3".parse().unwrap())
            .map(|cell| cell.value.clone()),
        Some(Value::Integer(204))
    );
}
