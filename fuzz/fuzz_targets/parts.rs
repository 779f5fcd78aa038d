//! The XML inside a workbook whose container is sound: no checksum stands between the machine and the reader.
#![no_main]

use iljari_fuzz::PARTS;
use iljari_sheets::{Limits, read};

#[path = "../../crates/sheets/src/testing.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod workbook;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let part = PARTS[usize::from(*first) % PARTS.len()];
    let Ok(text) = std::str::from_utf8(text) else { return };
    let book = workbook::Book::of_rows(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#).with(part, text);
    if let Err(refusals) = read(&book.bytes(), "실적.xlsx", &Limits::default()) {
        assert!(!refusals.is_empty() && refusals.iter().all(|refusal| !refusal.message.is_empty()));
    }
});
