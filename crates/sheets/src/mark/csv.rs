//! The column in a CSV: one field more a record, in the file's own encoding and delimiter.
//!
//! Owns splicing fields into the text as it is. A newcomer parses and writes the file anew: quotes,
//! spaces and line ends would change, and the department would find every line different.

use std::collections::BTreeMap;

use crate::csv::encoding::decode;
use crate::csv::scan::{delimiter, scan};
use crate::csv::write::{encode, guarded, quoted};
use crate::limits::Limits;
use crate::no::No;

pub(super) fn with_column(
    bytes: &[u8],
    marks: &[(&str, u16, BTreeMap<u32, String>)],
    limits: &Limits,
) -> Result<Vec<u8>, No> {
    let (text, encoding) = decode(bytes)?;
    let [(_, column, lines)] = marks else { return Err(No::NothingToMark) };
    let delimiter_byte = delimiter(&text);
    let mark = char::from(delimiter_byte);
    let column = usize::from(*column);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let widest = usize::from(limits.columns);
    scan(&text, delimiter_byte, widest, |record| {
        let line = lines.get(&record.number).map(String::as_str);
        let there = record.fields.get(column);
        match (line, there) {
            (line, Some(field)) => {
                // The column is there already: what it said of before is replaced, also by nothing.
                out.push_str(&text[copied..field.span.start]);
                out.push_str(&quoted(&guarded(line.unwrap_or_default()), mark));
                copied = field.span.end;
            }
            (Some(line), None) => {
                out.push_str(&text[copied..record.span.end]);
                out.extend(std::iter::repeat_n(mark, column - (record.fields.len() - 1)));
                out.push_str(&quoted(&guarded(line), mark));
                copied = record.span.end;
            }
            (None, None) => {}
        }
        Ok(())
    })?;
    out.push_str(&text[copied..]);
    Ok(encode(&out, encoding))
}
