//! From bytes to text.
//!
//! Owns telling UTF-8, CP949 and UTF-16 apart, and finding the line where two of them were glued together.
//! What a newcomer gets wrong: a wrong guess does not fail, it yields other letters. So what was guessed is
//! kept with the grid, and people confirm rows they can read.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, UTF_16BE, UTF_16LE};

use crate::grid::Encoding;
use crate::no::No;

/// The text of a CSV and how it was written. The text has no byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), No> {
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        (
            Cow::Borrowed(std::str::from_utf8(rest).map_err(|bad| foreign_line(rest, bad.valid_up_to()))?),
            Encoding::Utf8Bom,
        )
    } else if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        (wide(rest, UTF_16LE)?, Encoding::Utf16Le)
    } else if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        (wide(rest, UTF_16BE)?, Encoding::Utf16Be)
    } else {
        unmarked(bytes)?
    };
    let control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\r' | '\n' | '\u{1a}');
    if let Some(at) = text.find(control) {
        return Err(No::ControlCharacters { line: line_of(text.as_bytes(), at) });
    }
    Ok((text, encoding))
}

fn wide<'b>(bytes: &'b [u8], encoding: &'static encoding_rs::Encoding) -> Result<Cow<'b, str>, No> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(No::TextEncoding { line: 1 })
}

fn cp949(bytes: &[u8]) -> Option<Cow<'_, str>> {
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Text without a mark: UTF-8 where it is valid, else CP949, unless single lines say the other thing.
fn unmarked(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), No> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !accidentally_utf8(text, bytes) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
        _ => {
            if let Some(mixed) = mixed_line(bytes) {
                return Err(mixed);
            }
            match cp949(bytes) {
                Some(text) => Ok((text, Encoding::Cp949)),
                None => Err(No::TextEncoding { line: first_unreadable(bytes) }),
            }
        }
    }
}

/// A few Hangul syllables in CP949 happen to be valid UTF-8 for letters no Korean file has.
fn accidentally_utf8(text: &str, bytes: &[u8]) -> bool {
    let foreign = !text.is_ascii();
    let only_latin = text.chars().all(|letter| letter < '\u{800}');
    foreign
        && only_latin
        && cp949(bytes).is_some_and(|korean| {
            korean.chars().all(|letter| letter.is_ascii() || ('\u{AC00}'..='\u{D7A3}').contains(&letter))
        })
}

/// The line where a file changes its encoding. A line is UTF-8 when it is valid and holds Hangul so; CP949 when
/// it is not valid UTF-8 and valid CP949.
fn mixed_line(bytes: &[u8]) -> Option<No> {
    let mut first: Option<Encoding> = None;
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let here = match std::str::from_utf8(line) {
            Ok(text) if text.chars().any(|letter| ('\u{AC00}'..='\u{D7A3}').contains(&letter)) => Encoding::Utf8,
            Ok(_) => continue,
            Err(_) if cp949(line).is_some() => Encoding::Cp949,
            Err(_) => continue,
        };
        match first {
            None => first = Some(here),
            Some(first) if first != here => {
                return Some(No::MixedEncoding { line: number, first: first.name(), other: here.name() });
            }
            Some(_) => {}
        }
    }
    None
}

/// A line of a file marked as UTF-8 that is something else.
fn foreign_line(bytes: &[u8], at: usize) -> No {
    let line = line_of(bytes, at);
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |found| at + found);
    if cp949(&bytes[start..end]).is_some() {
        No::MixedEncoding { line, first: Encoding::Utf8Bom.name(), other: Encoding::Cp949.name() }
    } else {
        No::TextEncoding { line }
    }
}

fn first_unreadable(bytes: &[u8]) -> usize {
    let lines = bytes.split(|byte| *byte == b'\n');
    (1..)
        .zip(lines)
        .find(|(_, line)| std::str::from_utf8(line).is_err() && cp949(line).is_none())
        .map_or(1, |(number, _)| number)
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::write::encode;

    fn read(bytes: &[u8]) -> Result<(String, Encoding), (&'static str, String)> {
        decode(bytes)
            .map(|(text, encoding)| (text.into_owned(), encoding))
            .map_err(|no| (no.code(), no.refusal().message))
    }

    #[test]
    fn each_encoding_is_known_by_itself() {
        let text = "사업,실적\r\n청년 인턴,204\r\n";
        for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Cp949, Encoding::Utf16Le, Encoding::Utf16Be] {
            assert_eq!(read(&encode(text, encoding)), Ok((text.to_owned(), encoding)));
        }
        assert_eq!(read(b"a,1\n"), Ok(("a,1\n".to_owned(), Encoding::Utf8)));
        let rare = encode("똠방각하,펲\n", Encoding::Cp949);
        assert_eq!(read(&rare), Ok(("똠방각하,펲\n".to_owned(), Encoding::Cp949)));
    }

    #[test]
    fn a_short_cp949_text_that_is_valid_utf8_by_accident_is_read_as_korean() {
        let bytes = [0xC4, 0xA1, b',', b'1'];
        assert_eq!(read(&bytes), Ok(("치,1".to_owned(), Encoding::Cp949)));
    }

    #[test]
    fn two_encodings_in_one_file_are_refused_with_the_line() {
        let mut file = encode("사업,실적\n청년 인턴,204\n", Encoding::Cp949);
        file.extend_from_slice("새일센터,31\n".as_bytes());
        let (code, message) = read(&file).unwrap_err();
        assert_eq!(code, "sheet-mixed-encoding");
        assert!(message.starts_with("3번째 줄") && message.contains("CP949"), "{message}");
        let mut other = "사업,실적\n".as_bytes().to_vec();
        other.extend(encode("청년 인턴,204\n", Encoding::Cp949));
        assert!(read(&other).unwrap_err().1.starts_with("2번째 줄"));
        let marked = [&[0xEF, 0xBB, 0xBF][..], &other].concat();
        assert_eq!(read(&marked).unwrap_err().0, "sheet-mixed-encoding");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_the_line() {
        assert_eq!(read(b"a,1\nb,\xFF\xFF\n").unwrap_err(), ("sheet-encoding", read(b"a\n\xFF").unwrap_err().1));
        assert_eq!(read(b"a,1\nb,\x002\n").unwrap_err().0, "sheet-control-characters");
        assert_eq!(read(&[0xFF, 0xFE, 0x00]).unwrap_err().0, "sheet-encoding");
    }
}
