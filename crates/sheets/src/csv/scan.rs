//! From text to records and fields.
//!
//! Owns quotes, line ends and delimiters, and remembers where each record stood in the text, so that a column
//! can be added to the text as it is. What a newcomer gets wrong: an unclosed quote swallows the rest of
//! the file and most readers call that one long field.

use std::borrow::Cow;
use std::ops::Range;

use crate::no::No;

/// One record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'t> {
    /// Counted from zero, empty lines too.
    pub number: u32,
    /// Where it stands, without its line end.
    pub span: Range<usize>,
    /// Its fields.
    pub fields: Vec<Field<'t>>,
}

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field<'t> {
    /// What it says, without quotes.
    pub text: Cow<'t, str>,
    /// Where it stands, with its quotes.
    pub span: Range<usize>,
}

/// Calls back with each record. `longest` bounds a field's bytes, `widest` the fields of a record.
pub(crate) fn scan<'t>(
    text: &'t str,
    delimiter: u8,
    widest: usize,
    mut record: impl FnMut(Record<'t>) -> Result<(), No>,
) -> Result<(), No> {
    // Some old programs end a file with Ctrl+Z.
    let text = text.trim_end_matches('\u{1a}');
    let bytes = text.as_bytes();
    let (mut at, mut number, mut line) = (0, 0u32, 1);
    while at < bytes.len() {
        let start = at;
        let mut fields = Vec::new();
        let end = loop {
            let (field, after) = field(text, at, delimiter, &mut line)?;
            // Beyond the widest, one field more is enough to know.
            if fields.len() <= widest {
                fields.push(field);
            }
            match bytes.get(after) {
                Some(found) if *found == delimiter => at = after + 1,
                _ => break after,
            }
        };
        record(Record { number, span: start..end, fields })?;
        number = number.saturating_add(1);
        line += 1;
        at = match (bytes.get(end), bytes.get(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => end + 2,
            (Some(_), _) => end + 1,
            (None, _) => end,
        };
    }
    Ok(())
}

/// One field from here on, and where it ends: at a delimiter, a line end or the end.
fn field<'t>(text: &'t str, start: usize, delimiter: u8, line: &mut usize) -> Result<(Field<'t>, usize), No> {
    let bytes = text.as_bytes();
    let ends = |byte: u8| byte == delimiter || byte == b'\r' || byte == b'\n';
    if bytes.get(start) != Some(&b'"') {
        let length = bytes[start..].iter().position(|byte| ends(*byte)).unwrap_or(bytes.len() - start);
        let span = start..start + length;
        return Ok((Field { text: Cow::Borrowed(&text[span.clone()]), span: span.clone() }, span.end));
    }
    let opened = *line;
    let (mut at, mut doubled) = (start + 1, false);
    let close = loop {
        match bytes.get(at) {
            None => return Err(No::OpenQuote { line: opened }),
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                doubled = true;
                at += 2;
            }
            Some(b'"') => break at,
            Some(b'\n') => {
                *line += 1;
                at += 1;
            }
            Some(_) => at += 1,
        }
    };
    let after = close + 1;
    if bytes.get(after).is_some_and(|byte| !ends(*byte)) {
        return Err(No::TextAfterQuote { line: *line });
    }
    let inner = &text[start + 1..close];
    let text = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
    Ok((Field { text, span: start..after }, after))
}

/// The delimiter that the first lines agree on most: comma, semicolon or tab.
pub(crate) fn delimiter(text: &str) -> u8 {
    let mut best = (0, 0, b',');
    for candidate in *b",;\t" {
        let counts: Vec<usize> = text.lines().take(50).map(|line| outside_quotes(line, candidate)).collect();
        let most = counts
            .iter()
            .copied()
            .filter(|count| *count > 0)
            .max_by_key(|count| (counts.iter().filter(|other| *other == count).count(), *count));
        let Some(count) = most else { continue };
        let agreeing = counts.iter().filter(|other| **other == count).count();
        if (agreeing, count) > (best.0, best.1) {
            best = (agreeing, count, candidate);
        }
    }
    best.2
}

fn outside_quotes(line: &str, wanted: u8) -> usize {
    let mut inside = false;
    line.bytes()
        .filter(|byte| {
            inside ^= *byte == b'"';
            !inside && *byte == wanted
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, No> {
        let mut rows = Vec::new();
        scan(text, delimiter(text), 100, |record| {
            rows.push(record.fields.iter().map(|field| field.text.clone().into_owned()).collect());
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn records_and_fields_are_cut_where_they_end() {
        assert_eq!(
            read("가,나\r\n다,\"라,마\"\n\"바\n사\",\"그는 \"\"예\"\"\"\r자,").unwrap(),
            [vec!["가", "나"], vec!["다", "라,마"], vec!["바\n사", "그는 \"예\""], vec!["자", ""],]
        );
        assert_eq!(read("가,나\n\n다,라\n\u{1a}").unwrap(), [vec!["가", "나"], vec![""], vec!["다", "라"]]);
        assert_eq!(read("5\" 관,1").unwrap(), [vec!["5\" 관", "1"]]);
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn the_delimiter_is_what_the_lines_agree_on() {
        assert_eq!(delimiter("가;1,234;5,678\n나;204;31\n다;9;1,000\n"), b';');
        assert_eq!(delimiter("가\t1,2\t3\n나\t4\t5\n"), b'\t');
        assert_eq!(delimiter("제목 하나; 둘\n가,나,다\n라,마,바\n"), b',');
        assert_eq!(delimiter("\"가;나;다\",1\n\"라;마;바\",2\n"), b',');
        assert_eq!(delimiter("한 열뿐\n"), b',');
    }

    #[test]
    fn a_quote_that_never_closes_is_refused_with_the_line_that_opened_it() {
        assert_eq!(read("가,나\n다,\"라\n마,바\n"), Err(No::OpenQuote { line: 2 }));
        assert_eq!(read("가,나\n\"다\" 라,마\n"), Err(No::TextAfterQuote { line: 2 }));
    }
}
