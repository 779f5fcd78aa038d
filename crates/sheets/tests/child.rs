//! The real child, started as the server starts it.
//!
//! What a newcomer gets wrong: testing the reader in this process and believing that the server is safe. Here
//! children die, hang, talk without end and lie, and each time a person gets a sentence.
#![cfg(unix)]

use std::path::Path;
use std::time::Duration;

use iljari_base::{Outcome, Stop};
use iljari_sheets::{Encoding, Grid, Limits, Marks, Reader, csv, zip_of};

#[path = "../src/testing.rs"]
#[expect(dead_code, reason = "the unit tests use all of it")]
mod testing;

use testing::Book;

const CHILD: &str = env!("CARGO_BIN_EXE_sheets-child");

fn reader() -> Reader {
    Reader::new(CHILD)
}

/// The child under another name, by which it misbehaves.
fn misbehaving(name: &str, folder: &Path) -> Reader {
    let link = folder.join(name);
    if let Err(error) = std::os::unix::fs::symlink(CHILD, &link) {
        panic!("no link to the child: {error}");
    }
    Reader::new(link)
}

fn code(outcome: Outcome<Grid>) -> &'static str {
    match outcome {
        Ok(_) => "read",
        Err(Stop::Refused(refusals)) => refusals[0].code,
        Err(stop) => panic!("the server would have failed: {stop}"),
    }
}

fn book() -> Vec<u8> {
    Book::of_rows(r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>204</v></c></row>"#).bytes()
}

#[tokio::test]
async fn the_child_reads_what_this_process_would_read() {
    let (bytes, limits) = (book(), Limits::default());
    let grid = reader().read(&bytes, "실적.xlsx").await.unwrap();
    assert_eq!(grid, iljari_sheets::read(&bytes, "실적.xlsx", &limits).unwrap());
    let rows = vec![
        vec!["코드".to_owned(), "비율".to_owned(), "날짜".to_owned()],
        vec!["Y-01".into(), "65.3%".into(), "=1".into()],
    ];
    let text = csv::write(&rows, Encoding::Cp949);
    let grid = reader().read(&text, "실적.csv").await.unwrap();
    assert_eq!(grid, iljari_sheets::read(&text, "실적.csv", &limits).unwrap());
    assert_eq!(grid.encoding, Some(Encoding::Cp949));
}

#[tokio::test]
async fn a_refusal_of_the_child_arrives_word_for_word() {
    let refused = reader().read(b"\xD0\xCF\x11\xE0", "실적.xlsx").await.unwrap_err();
    assert_eq!(refused.to_string(), iljari_sheets::PROTECTED);
    assert!(refused.has("sheet-protected"));
}

#[tokio::test]
async fn a_child_that_takes_more_memory_than_it_may_dies_and_the_person_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused = misbehaving("greedy", folder.path()).read(&book(), "실적.xlsx").await.unwrap_err();
    assert!(refused.has("sheet-reader-died"), "{refused}");
    assert!(refused.to_string().contains("저장된 것은 없습니다"), "{refused}");
}

#[tokio::test]
async fn a_child_that_panics_hangs_babbles_or_never_ends_is_a_refusal_too() {
    let folder = tempfile::tempdir().unwrap();
    let book = book();
    assert_eq!(code(misbehaving("panicking", folder.path()).read(&book, "실적.xlsx").await), "sheet-reader-died");
    assert_eq!(code(misbehaving("babbler", folder.path()).read(&book, "실적.xlsx").await), "sheet-reader-garbled");
    assert_eq!(code(misbehaving("talker", folder.path()).read(&book, "실적.xlsx").await), "sheet-reader-garbled");
    let stuck = misbehaving("stuck", folder.path()).with_patience(Duration::from_millis(50));
    assert_eq!(code(stuck.read(&book, "실적.xlsx").await), "sheet-reader-slow");
}

#[tokio::test]
async fn a_confined_child_can_open_no_file() {
    let folder = tempfile::tempdir().unwrap();
    // It leaves with the code of a child that read nothing, which is the server's failure and no refusal.
    let answer = misbehaving("curious", folder.path()).read(&book(), "실적.xlsx").await;
    assert!(matches!(answer, Err(Stop::Failed(_))), "{answer:?}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_failure_and_no_refusal() {
    let answer = Reader::new("/nowhere/iljari").read(&book(), "실적.xlsx").await;
    assert!(matches!(answer, Err(Stop::Failed(_))), "{answer:?}");
}

#[tokio::test]
async fn a_zip_of_sheets_is_read_one_by_one_and_one_bad_sheet_spoils_no_other() {
    let files = vec![
        ("일자리과.xlsx".to_owned(), book()),
        ("복지과.xlsx".to_owned(), b"\xD0\xCF\x11\xE0".to_vec()),
        ("청년과.csv".to_owned(), "코드,실적\nY-01,204\n".as_bytes().to_vec()),
    ];
    let zip = zip_of(&files).unwrap();
    let parts = reader().read_many(&zip, "제출.zip").await.unwrap();
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["일자리과.xlsx", "복지과.xlsx", "청년과.csv"]);
    assert!(parts[0].grid.is_ok() && parts[2].grid.is_ok());
    assert_eq!(parts[1].grid.as_ref().map_err(|refusals| refusals[0].code), Err("sheet-protected"));
    for (part, (_, bytes)) in parts.iter().zip(&files) {
        assert_eq!(&part.bytes, bytes);
    }
    let single = reader().read_many(&book(), "실적.xlsx").await.unwrap();
    assert_eq!((single.len(), single[0].grid.is_ok()), (1, true));
    let refused = reader().read_many(&zip_of(&[("a.txt".into(), vec![])]).unwrap(), "제출.zip").await;
    assert!(refused.is_err_and(|stop| stop.has("sheet-zip-without-sheets")));
}

#[tokio::test]
async fn marks_are_written_in_the_child() {
    let marks = vec![Marks {
        sheet: "실적".into(),
        columns: vec!["사업 코드".into()],
        header_row: None,
        faults: vec![("B2".parse().unwrap(), "비어 있습니다.".into())],
    }];
    let marked = reader().mark(&book(), "실적.xlsx", marks).await.unwrap();
    let grid = reader().read(&marked, "실적.xlsx").await.unwrap();
    assert_eq!(
        grid.sheets[0].cell("C2".parse().unwrap()).map(|cell| cell.text()).as_deref(),
        Some("B2: 비어 있습니다.")
    );
}

#[tokio::test]
async fn what_is_too_large_never_reaches_a_child() {
    let limits = Limits { many_bytes: 10, ..Limits::default() };
    let refused = Reader::new("/nowhere/iljari").with_limits(limits).read(&book(), "실적.xlsx").await;
    assert_eq!(code(refused), "sheet-too-large");
    assert_eq!(iljari_sheets::http_status("sheet-too-large"), 413);
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_files_cost_the_server_no_memory() {
    let far = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
    let rows: String =
        (1..=60_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    let long = format!("<sst><si><t>{}</t></si></sst>", "가나다라".repeat(2_000));
    let files = [
        ("1.xlsx", Book::of_sheet(far).bytes(), "sheet-too-many-rows"),
        ("2.xlsx", Book::of_rows("").with("xl/media/zeros.xml", &"0".repeat(24 << 20)).bytes(), "sheet-zip-bomb"),
        ("3.xlsx", Book::of_rows(&rows).with("xl/sharedStrings.xml", &long).bytes(), "sheet-too-much-text"),
        ("4.csv", "1\n".repeat(1_000_000).into_bytes(), "sheet-too-many-rows"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, _) in &files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let server = tempfile::tempdir().unwrap();
    let link = server.path().join("server");
    std::os::unix::fs::symlink(CHILD, &link).unwrap();
    let output = std::process::Command::new(link).arg(CHILD).arg(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut lines = said.lines();
    for (name, _, expected) in &files {
        assert_eq!(lines.next(), Some(format!("{name} {expected}").as_str()), "{said}");
    }
    let grown: u64 = lines.next().and_then(|line| line.strip_prefix("grown ")).unwrap().parse().unwrap();
    assert!(grown < 20 << 10, "the server grew by {grown} kB");
}
