//! Writing CSV that survives a spreadsheet.
//!
//! Owns quoting, encoding, and the mark before text that a spreadsheet would run (`'=…`), which the reader
//! takes off again. What a newcomer gets wrong: quoting alone does not stop `=HYPERLINK(…)` in a quoted field.

use encoding_rs::EUC_KR;

use crate::decimal::Decimal;
use crate::grid::Encoding;

/// Rows as a CSV file with commas and CRLF, in this encoding.
pub fn write(rows: &[Vec<String>], encoding: Encoding) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| quoted(&guarded(field), ',')).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    encode(&text, encoding)
}

/// Letters with which a spreadsheet begins a formula, half and full width.
const STARTS_FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text with a mark before it where a spreadsheet would run it. A plain number is left alone.
pub(crate) fn guarded(field: &str) -> String {
    let number = !field.starts_with('+') && Decimal::read(field).is_some();
    if begins_formula(field) && !number { format!("'{field}") } else { field.to_owned() }
}

/// The text without the mark that the writer sets.
pub fn unguarded(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| begins_formula(rest)).unwrap_or(field)
}

/// Whether a formula begins here, or marks before one: `'=…` gets a mark of its own, or it would lose its own.
fn begins_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(STARTS_FORMULA)
}

/// A field as it stands in the file.
pub(crate) fn quoted(field: &str, delimiter: char) -> String {
    let needs = field.contains([delimiter, '"', '\r', '\n']) || field.starts_with(' ') || field.ends_with(' ');
    if needs { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

/// The text's bytes in this encoding. A letter that CP949 does not have becomes its nearest kin or `?`.
pub(crate) fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => ["\u{feff}".as_bytes(), text.as_bytes()].concat(),
        Encoding::Utf16Le => "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        Encoding::Cp949 => {
            let mut bytes = Vec::with_capacity(text.len());
            let mut letter_bytes = [0; 4];
            for letter in text.chars() {
                let kin = match letter {
                    '–' | '−' => '-',
                    '—' => '―',
                    '\u{a0}' => ' ',
                    other => other,
                };
                let (encoded, _, unknown) = EUC_KR.encode(kin.encode_utf8(&mut letter_bytes));
                if unknown { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
            }
            bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_marked_and_comes_back_unmarked() {
        for text in [
            "=HYPERLINK(\"http://예시\")",
            "+82-10-1234-5678",
            "@SUM(A1)",
            "\t=1",
            "-가",
            "＝1+1",
            "+82",
            "'=1",
            "''-5",
        ] {
            let marked = guarded(text);
            assert!(marked.starts_with('\''), "{text}");
            assert_eq!(unguarded(&marked), text);
        }
        for text in ["-1", "-1.5", "1+1", "가=나", "'따옴표", "", "'"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let rows = vec![vec!["가,나".into(), "그는 \"예\"라고".into(), "두\n줄".into(), "보통".into()]];
        let text = String::from_utf8(write(&rows, Encoding::Utf8)).unwrap();
        assert_eq!(text, "\"가,나\",\"그는 \"\"예\"\"라고\",\"두\n줄\",보통\r\n");
    }

    #[test]
    fn every_encoding_has_its_mark_and_its_bytes() {
        let rows = vec![vec!["가–😀".to_owned()]];
        assert_eq!(write(&rows, Encoding::Cp949), [0xB0, 0xA1, b'-', b'?', b'\r', b'\n']);
        assert!(write(&rows, Encoding::Utf8Bom).starts_with(&[0xEF, 0xBB, 0xBF, 0xEA]));
        assert!(write(&rows, Encoding::Utf16Le).starts_with(&[0xFF, 0xFE, 0x00, 0xAC]));
        assert!(write(&rows, Encoding::Utf16Be).starts_with(&[0xFE, 0xFF, 0xAC, 0x00]));
    }
}
