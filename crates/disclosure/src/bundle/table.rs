//! CSV as bundles have it: UTF-8 with a byte order mark, CRLF, quotes only where needed.
//!
//! Owns: cells. Does not own: what a column means. What a newcomer gets wrong: a name that begins
//! with `=`. A spreadsheet would run it, so such a text cell gets an apostrophe in front.

pub use iljari_base::csv::{BOM, guarded, unguarded, write_row};

/// The cells of one line, or nothing where its quotes do not add up. No cell of ours holds a line end.
pub fn read_row(line: &str) -> Option<Vec<String>> {
    let (mut cells, mut rest) = (Vec::new(), line);
    loop {
        let mut cell = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let (text, after) = rest.split_once('"')?;
                cell.push_str(text);
                rest = after;
                match rest.strip_prefix('"') {
                    Some(after) => rest = after,
                    None => break,
                }
                cell.push('"');
            }
        } else {
            let (text, after) = rest.split_at(rest.find([',', '"']).unwrap_or(rest.len()));
            cell.push_str(text);
            rest = after;
        }
        cells.push(cell);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(cells),
        }
    }
}

/// Every row of a table, header included, however damaged: bytes that are no text become `�`.
pub fn read_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(BOM.as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let cell = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    reader.byte_records().map_while(Result::ok).map(|row| row.iter().map(cell).collect()).collect()
}
