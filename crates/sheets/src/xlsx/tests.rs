//! Workbooks, good and bad, through the reader.
//!
//! Each table of the design's bad inputs that concerns workbooks is a test here. A newcomer looks for files:
//! every workbook is built from text, so that what is wrong with it can be read.

use crate::grid::{Grid, Value};
use crate::limits::Limits;
use crate::odd::Odd;
use crate::read;
use crate::testing::{Book, relation, relations, workbook};

fn opened(book: &Book) -> Result<Grid, (&'static str, String)> {
    read(&book.bytes(), "실적.xlsx", &Limits::default())
        .map_err(|refusals| (refusals[0].code, refusals[0].message.clone()))
}

fn refused(book: &Book) -> &'static str {
    opened(book).map(|_| "read").unwrap_or_else(|(code, _)| code)
}

/// The one cell at this place, with the codes of what is odd about it.
fn cell(grid: &Grid, at: &str) -> (Value, Vec<&'static str>) {
    let cell = grid.sheets[0].cell(at.parse().unwrap()).unwrap_or_else(|| panic!("nothing at {at}"));
    (cell.value.clone(), cell.odd.iter().map(Odd::code).collect())
}

fn said(grid: &Grid) -> Vec<String> {
    grid.notes.iter().map(ToString::to_string).collect()
}

#[test]
fn every_kind_of_cell_is_read_for_what_it_shows() {
    let grid = opened(&Book::of_rows(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="3"><c r="A3"><v>204.0</v></c><c r="B3" s="1"><v>0.65300000000000002</v></c><c r="C3" s="2"><v>44990</v></c>
        <c t="b"><v>1</v></c><c t="inlineStr"><is><t>가&amp;나 &#44032;</t></is></c><c t="str"><f>"a"</f><v>글</v></c>
        <c r="H3" s="3"><v>1234567</v></c><c r="I3"><v>2.5</v></c><c r="J3" t="d"><v>2026-03-05T00:00:00</v></c></row>
        <row><c><v>7</v></c></row>"#,
    ))
    .unwrap();
    assert_eq!(cell(&grid, "A1").0, Value::Text("사업 코드".into()));
    assert_eq!(cell(&grid, "B1").0, Value::Text("당기 실적".into()));
    assert_eq!(cell(&grid, "A3"), (Value::Integer(204), vec![]));
    let Value::Percent { fraction, shown } = cell(&grid, "B3").0 else { panic!() };
    assert_eq!((fraction.to_string(), shown.to_string()), ("0.653".into(), "65.3".into()));
    assert_eq!(cell(&grid, "C3").0.to_string(), "2023-03-05");
    assert_eq!(cell(&grid, "D3").0, Value::Bool(true));
    assert_eq!(cell(&grid, "E3").0, Value::Text("가&나 가".into()));
    assert_eq!(cell(&grid, "F3"), (Value::Text("글".into()), vec!["formula"]));
    assert_eq!(cell(&grid, "H3").0, Value::Integer(1_234_567));
    assert_eq!(cell(&grid, "I3").0.to_string(), "2.5");
    assert_eq!(cell(&grid, "J3").0.to_string(), "2026-03-05");
    assert_eq!(cell(&grid, "A4").0, Value::Integer(7));
    assert!(grid.notes.is_empty() && grid.encoding.is_none());
}

#[test]
fn formulas_give_their_saved_value_or_say_that_there_is_none() {
    let grid = opened(&Book::of_rows(
        r#"<row r="1"><c r="A1"><f>SUM(B1:C1)</f><v>31</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+1</f><v></v></c>
        <c r="D1" t="str"><f>""</f><v></v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F1"><f t="shared" si="0"/><v>5</v></c></row>"#,
    ))
    .unwrap();
    assert_eq!(cell(&grid, "A1"), (Value::Integer(31), vec!["formula"]));
    assert_eq!(cell(&grid, "B1"), (Value::Empty, vec!["formula", "formula-without-value"]));
    assert_eq!(cell(&grid, "C1"), (Value::Empty, vec!["formula", "formula-without-value"]));
    assert_eq!(cell(&grid, "D1"), (Value::Empty, vec!["formula"]));
    assert_eq!(cell(&grid, "E1"), (Value::Error("#DIV/0!".into()), vec!["formula", "error-cell"]));
    assert_eq!(cell(&grid, "F1"), (Value::Integer(5), vec!["formula"]));
    let b1 = grid.sheets[0].cell("B1".parse().unwrap()).unwrap();
    assert_eq!(b1.count().map_err(|unreadable| unreadable.code), Err("formula-without-value"));
}

#[test]
fn days_follow_the_files_own_count_and_impossible_ones_are_named() {
    let rows = r#"<row r="1"><c r="A1" s="2"><v>60</v></c><c r="B1" s="2"><v>44990.75</v></c><c r="C1" s="4"><v>44990</v></c>
        <c r="D1" s="2"><v>0</v></c><c r="E1" s="2"><v>43528</v></c><c r="F1" s="2"><v>-3</v></c></row>"#;
    let grid = opened(&Book::of_rows(rows)).unwrap();
    assert_eq!(cell(&grid, "A1"), (Value::Integer(60), vec!["no-such-date"]));
    assert_eq!((cell(&grid, "B1").0.to_string(), cell(&grid, "B1").1), ("2023-03-05".into(), vec!["time-dropped"]));
    assert_eq!(cell(&grid, "C1").1, ["date-mangled"]);
    assert_eq!(cell(&grid, "D1"), (Value::Integer(0), vec!["date-mangled"]));
    assert_eq!(cell(&grid, "F1"), (Value::Integer(-3), vec!["date-mangled"]));
    let sheets = r#"<sheet name="실적" sheetId="1" r:id="rId1"/>"#;
    let old = Book::of_rows(rows).with("xl/workbook.xml", &workbook(r#"<workbookPr date1904="1"/>"#, sheets));
    let grid = opened(&old).unwrap();
    assert_eq!(cell(&grid, "E1").0.to_string(), "2023-03-05");
    assert_eq!(said(&grid), ["날짜를 1904년부터 세는 파일입니다. 그에 맞추어 읽었습니다."]);
}

#[test]
fn what_is_hidden_merged_or_filtered_is_read_and_said() {
    let book = Book::of_sheet(
        r#"<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><cols><col min="2" max="3" width="9" hidden="1"/><col min="9" max="9" width="0" customWidth="1"/></cols>
        <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>사업</t></is></c><c r="C1"><v>1</v></c></row>
        <row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="3" hidden="true"><c r="A3"><v>3</v></c></row>
        <row r="4" hidden="1"/><row r="9" ht="0" customHeight="1"><c r="A9"><v>9</v></c></row></sheetData>
        <autoFilter ref="A1:C9"><filterColumn colId="0"><filters><filter val="1"/></filters></filterColumn></autoFilter><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>"#,
    );
    let sheets = r#"<sheet name="실적" sheetId="1" r:id="rId1" state="veryHidden"/>"#;
    let grid = opened(&book.with("xl/workbook.xml", &workbook("", sheets))).unwrap();
    assert_eq!(
        said(&grid),
        [
            "‘실적’ 시트: 숨겨진 시트입니다.",
            "‘실적’ 시트: 필터가 걸려 있습니다. 보이지 않는 행도 함께 읽었습니다.",
            "‘실적’ 시트 2–3행: 내용이 있는 행이 숨겨져 있습니다.",
            "‘실적’ 시트 9행: 내용이 있는 행이 숨겨져 있습니다.",
            "‘실적’ 시트 B–C열: 내용이 있는 열이 숨겨져 있습니다.",
            "‘실적’ 시트 A1:B1: 병합된 칸입니다. 값은 첫 칸의 것으로 읽었습니다.",
        ]
    );
    let sheet = &grid.sheets[0];
    assert!(sheet.hidden && sheet.column_hidden(1) && !sheet.column_hidden(0) && sheet.column_hidden(8));
    assert_eq!(sheet.merged_at("B1".parse().unwrap()).map(|area| area.first.to_string()).as_deref(), Some("A1"));
    assert_eq!(sheet.rows.iter().map(|row| row.hidden).collect::<Vec<_>>(), [false, true, true, true]);
}

#[test]
fn what_excel_has_changed_and_what_only_looks_like_a_number_is_named() {
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let grid = opened(&Book::of_rows(&format!(
        r#"<row r="1"><c r="A1"><v>1234567890123456</v></c>{}{}{}{}<c r="F1"><v>1012345678</v></c><c r="G1" s="3"><v>1012345678</v></c></row>"#,
        text("B1", "1.23457E+15"),
        text("C1", "Mar-05"),
        text("D1", "1,234명"),
        text("E1", "1O4"),
    )))
    .unwrap();
    assert_eq!(cell(&grid, "A1").1, ["digits-lost"]);
    assert_eq!(cell(&grid, "B1").1, ["scientific"]);
    assert_eq!(cell(&grid, "C1").1, ["date-mangled"]);
    assert_eq!(cell(&grid, "D1").1, ["number-as-text"]);
    assert_eq!(cell(&grid, "E1").1, ["letter-in-number"]);
    assert_eq!(cell(&grid, "F1").1, ["leading-zero-lost"]);
    assert_eq!(cell(&grid, "G1").1, [""; 0]);
    assert_eq!(grid.oddities().count(), 6);
    let message = grid.oddities().next().map(|oddity| oddity.to_string()).unwrap();
    assert!(message.contains("엑셀이 값을 바꾼 것 같습니다. 열 서식을 '텍스트'로 바꿔 주세요"), "{message}");
}

#[test]
fn one_value_in_the_last_cell_is_refused_and_a_declared_size_is_not_believed() {
    let far = Book::of_rows(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    let (code, message) = opened(&far).unwrap_err();
    assert_eq!(code, "sheet-too-many-rows");
    assert!(message.starts_with("‘실적’ 시트 XFD1048576 칸"), "{message}");
    let wide = Book::of_rows(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#);
    assert_eq!(refused(&wide), "sheet-too-many-columns");
    let declared = Book::of_sheet(
        r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1" spans="1:16384"><c r="A1"><v>1</v></c></row></sheetData>"#,
    )
    .edited("xl/sharedStrings.xml", r#"uniqueCount="2""#, r#"uniqueCount="4294967295""#);
    assert_eq!(opened(&declared).unwrap().sheets[0].cells().count(), 1);
    let styled =
        Book::of_rows(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>"#);
    assert_eq!(opened(&styled).unwrap().sheets[0].cells().count(), 1);
}

#[test]
fn macros_links_and_objects_are_refused_with_what_to_do() {
    let book = || Book::of_rows(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    let part = |name: &str| book().with(name, "x");
    let related = |kind: &str, external: bool| {
        book().with("xl/_rels/workbook.xml.rels", &relations(&relation("rId9", kind, "a.xml", external)))
    };
    let of_sheet = |kind: &str, external: bool| {
        let one = relation("rId1", kind, "file:///c:/a", external);
        book().with("xl/worksheets/_rels/sheet1.xml.rels", &format!("<Relationships>{one}</Relationships>"))
    };
    let macro_type = book().edited(
        "[Content_Types].xml",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
        "vnd.ms-excel.sheet.macroEnabled.main",
    );
    let formula = |formula: &str| Book::of_rows(&format!(r#"<row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row>"#));
    for (book, what) in [
        (part("xl/vbaProject.bin"), "매크로가"),
        (part("xl/macrosheets/sheet1.xml"), "매크로가"),
        (macro_type, "매크로가"),
        (part("xl/externalLinks/externalLink1.xml"), "외부 연결이"),
        (part("xl/connections.xml"), "외부 연결이"),
        (part("xl/queryTables/queryTable1.xml"), "외부 연결이"),
        (related("externalLink", false), "외부 연결이"),
        (of_sheet("image", true), "외부 연결이"),
        (part("xl/embeddings/oleObject1.bin"), "삽입 개체가"),
        (part("xl/embeddings/Microsoft_Excel_Sheet1.xlsx"), "삽입 개체가"),
        (part("xl/activeX/activeX1.xml"), "삽입 개체가"),
        (of_sheet("oleObject", false), "삽입 개체가"),
        (
            Book::of_sheet(r#"<sheetData/><oleObjects><oleObject progId="Package" shapeId="1"/></oleObjects>"#),
            "삽입 개체가",
        ),
        (formula("cmd|'/c calc'!A1"), "다른 프로그램과의 연결(DDE)이"),
    ] {
        let (code, message) = opened(&book).unwrap_err();
        assert_eq!(
            (code, message),
            (
                "sheet-active-content",
                format!("{what} 들어 있습니다. 매크로·외부 연결·삽입 개체를 빼고 다시 저장해 주세요")
            )
        );
    }
    assert_eq!(refused(&of_sheet("hyperlink", true)), "read");
    assert_eq!(refused(&part("xl/printerSettings/printerSettings1.bin")), "read");
}

#[test]
fn xml_that_plays_tricks_is_refused() {
    let rows = |rows: &str| Book::of_rows(rows);
    let sheet = "xl/worksheets/sheet1.xml";
    let cell = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    let bomb = r#"<!DOCTYPE a [<!ENTITY b "가가가"><!ENTITY c "&b;&b;">]><worksheet/>"#;
    for (name, book) in [
        ("an entity bomb", rows(cell).with(sheet, bomb)),
        (
            "a DOCTYPE in the shared texts",
            rows(cell).with("xl/sharedStrings.xml", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><sst/>"),
        ),
        ("an unknown entity", rows(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>&xxe;</t></is></c></row>"#)),
        ("depth", rows(&format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000)))),
        ("one long tag", rows(&format!(r#"<row r="1" {}/>"#, r#"a="b" "#.repeat(100_000)))),
        (
            "a text of 50 MB",
            rows(&format!(
                r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>"#,
                random_letters(5 << 20)
            )),
        ),
        ("bytes that are no UTF-8", {
            let broken = rows(cell).edited(sheet, "<v>1</v>", "<v>\u{1}</v>");
            broken.edited(sheet, "<v>\u{1}</v>", "<v>1</w>")
        }),
        (
            "rows out of order",
            rows(r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#),
        ),
        ("one row twice", rows(&format!("{cell}{cell}"))),
        ("one cell twice", rows(r#"<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>"#)),
        ("a cell of another row", rows(r#"<row r="1"><c r="A7"><v>1</v></c></row>"#)),
        ("row 0", rows(r#"<row r="0"/>"#)),
        ("a shared text that is not there", rows(r#"<row r="1"><c r="A1" t="s"><v>99</v></c></row>"#)),
        (
            "two tabs of one sheet",
            rows(cell).with(
                "xl/workbook.xml",
                &workbook(
                    "",
                    r#"<sheet name="가" sheetId="1" r:id="rId1"/><sheet name="나" sheetId="2" r:id="rId1"/>"#,
                ),
            ),
        ),
        (
            "a tab without a sheet",
            rows(cell).with("xl/workbook.xml", &workbook("", r#"<sheet name="가" sheetId="1" r:id="rId7"/>"#)),
        ),
        ("no tabs", rows(cell).with("xl/workbook.xml", &workbook("", ""))),
        ("no workbook", rows(cell).with("_rels/.rels", "<Relationships/>")),
        ("a sheet cut short", rows(cell).with(sheet, "<worksheet><sheetData><row r=\"1\">")),
    ] {
        assert_eq!(refused(&book), "sheet-broken", "{name}");
    }
}

/// Letters that do not shrink, so that the ratio of the ZIP stays an honest one.
fn random_letters(count: usize) -> String {
    let mut state = 1u32;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from(state >> 27).unwrap_or(0) % 26)
        })
        .collect()
}

#[test]
fn caps_hold_for_shared_texts_merged_areas_and_sheets() {
    let limits = Limits { text_bytes: 100, merged: 2, sheets: 1, ..Limits::default() };
    let code = |book: &Book| read(&book.bytes(), "실적.xlsx", &limits).map_err(|refusals| refusals[0].code);
    let cell = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let texts =
        Book::of_rows(cell).with("xl/sharedStrings.xml", &format!("<sst><si><t>{}</t></si></sst>", "가".repeat(40)));
    assert_eq!(code(&texts), Err("sheet-too-much-text"));
    // One shared text in many cells counts as often as it is shown.
    let many: String = (1..=9).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    assert_eq!(code(&Book::of_rows(&many)), Err("sheet-too-much-text"));
    let merged = r#"<sheetData/><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/><mergeCell ref="A3:B3"/></mergeCells>"#;
    assert_eq!(code(&Book::of_sheet(merged)), Err("sheet-too-many-merged"));
    let sheets = r#"<sheet name="가" sheetId="1" r:id="rId1"/><sheet name="나" sheetId="2" r:id="rId9"/>"#;
    let two = Book::of_rows(cell).with("xl/workbook.xml", &workbook("", sheets)).with(
        "xl/_rels/workbook.xml.rels",
        &relations(&relation("rId9", "chartsheet", "chartsheets/sheet1.xml", false)),
    );
    assert_eq!(code(&two), Err("sheet-too-many-sheets"));
    let grid = opened(&two).unwrap();
    assert_eq!(said(&grid), ["‘나’ 시트: 칸이 없는 시트(차트 등)라서 읽지 않았습니다."]);
}

#[test]
fn a_resident_number_in_any_sheet_refuses_the_whole_workbook() {
    let hidden = r#"<sheet name="실적" sheetId="1" r:id="rId1" state="hidden"/>"#;
    let book = Book::of_rows(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>900101-1234567</t></is></c></row>"#);
    let (code, message) = opened(&book.with("xl/workbook.xml", &workbook("", hidden))).unwrap_err();
    assert_eq!(code, "sheet-resident-number");
    assert!(message.starts_with("‘실적’ 시트 A1 칸") && !message.contains("900101"), "{message}");
    let fine = Book::of_rows(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#).bytes();
    let named = read(&fine, "홍예시_900101-1234567.xlsx", &Limits::default()).map_err(|refusals| refusals[0].clone());
    assert!(named.is_err_and(|refusal| refusal.code == "sheet-resident-number" && !refusal.message.contains("900101")));
}

#[test]
fn a_workbook_in_the_strict_form_or_with_prefixes_is_read_as_any_other() {
    let book = Book::of_rows("").with(
        "xl/worksheets/sheet1.xml",
        r#"<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1"><x:c r="A1" t="d" s="2"><x:v>2026-03-05T10:30:00</x:v></x:c></x:row></x:sheetData></x:worksheet>"#,
    );
    let grid = opened(&book).unwrap();
    assert_eq!((cell(&grid, "A1").0.to_string(), cell(&grid, "A1").1), ("2026-03-05".into(), vec!["time-dropped"]));
}

#[test]
fn files_of_other_programs_in_the_same_wrapping_are_told_apart() {
    use crate::testing::zip_with;
    use zip::CompressionMethod::Stored;
    let code = |entries: &[(&str, &[u8])], name: &str| {
        read(&zip_with(entries, Stored), name, &Limits::default()).map_err(|refusals| refusals[0].code)
    };
    assert_eq!(
        code(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"x")], "실적.docx"),
        Err("sheet-not-a-sheet")
    );
    assert_eq!(code(&[("mimetype", b"application/hwp+zip")], "실적.hwpx"), Err("sheet-not-a-sheet"));
    assert_eq!(
        code(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")], "실적.ods"),
        Err("sheet-old-format")
    );
    assert_eq!(
        code(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"x")], "실적.xlsb"),
        Err("sheet-old-format")
    );
    assert_eq!(code(&[("a.csv", b"1")], "실적.xlsx"), Err("sheet-not-as-named"));
    assert_eq!(code(&[("a.csv", b"1")], "실적.zip"), Err("sheet-not-a-sheet"));
    let book = Book::of_rows("").bytes();
    let named = |name: &str| read(&book, name, &Limits::default()).map_err(|refusals| refusals[0].code);
    assert_eq!(named("실적.csv").map(|_| ()), Err("sheet-not-as-named"));
    assert_eq!(named("실적.xls").map(|_| ()), Err("sheet-not-as-named"));
    assert_eq!(named("실적.XLSX").map(|grid| grid.sheets.len()), Ok(1));
}
