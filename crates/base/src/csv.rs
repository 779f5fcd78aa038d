//! CSV as the office hands it out: UTF-8 with a byte order mark, CRLF, quotes only where needed.
//!
//! Owns: cells and rows on their way out. Does not own: what a column means, or reading what a stranger's
//! spreadsheet made of it. What a newcomer gets wrong: a name that begins with `=`. A spreadsheet would run
//! it, so such a text cell gets an apostrophe in front.

use std::borrow::Cow;

/// The byte order mark by which spreadsheets recognise UTF-8.
pub const BOM: &str = "\u{feff}";

/// Whether a spreadsheet may take a text for a formula; full-width forms count, some fold them.
fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// A text cell that no spreadsheet runs.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text behind a guarded cell.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if looks_like_formula(text) => text,
        _ => cell,
    }
}

/// Appends one row.
pub fn write_row(out: &mut String, cells: impl IntoIterator<Item = impl AsRef<str>>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let cell = cell.as_ref();
        if cell.contains(['"', ',', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}
