//! The fonts that documents are set in, and how wide a text is in them.
//!
//! Owns: the two embedded faces, widths in whole thousandths of the type size, the breaking of
//! Korean text between words only. Does not own: any layout. What a newcomer gets wrong: breaking a
//! line after any Hangul syllable, as engines do by default. A Korean word stays whole; only one
//! that is longer than its place is cut, and then everywhere it must.

use std::sync::OnceLock;

use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

/// Pretendard GOV, regular.
pub(crate) const REGULAR: &[u8] = include_bytes!("../assets/fonts/PretendardGOV-Regular.otf");
/// Pretendard GOV, bold.
pub(crate) const BOLD: &[u8] = include_bytes!("../assets/fonts/PretendardGOV-Bold.otf");
/// The family's name in the font files.
pub(crate) const FAMILY: &str = "Pretendard GOV";

/// A weight that there is a face for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

fn face(weight: Weight) -> Option<&'static Face<'static>> {
    static FACES: OnceLock<[Option<Face<'static>>; 2]> = OnceLock::new();
    let faces = FACES.get_or_init(|| [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).ok()));
    match weight {
        Weight::Regular => faces[0].as_ref(),
        Weight::Bold => faces[1].as_ref(),
    }
}

/// Whether the fonts hold the letter.
fn holds(letter: char) -> bool {
    face(Weight::Regular).is_some_and(|face| face.glyph_index(letter).is_some())
}

/// The width of a text, in thousandths of the type size.
pub(crate) fn width(text: &str, weight: Weight) -> i64 {
    let Some(face) = face(weight) else {
        // The face is part of the program and a test reads it; this is an upper bound all the same.
        return i64::try_from(text.chars().count()).unwrap_or(i64::MAX).saturating_mul(1000);
    };
    let units = i64::from(face.units_per_em()).max(1);
    let advance = |letter: char| {
        face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph)).map_or(units, i64::from)
    };
    let sum = text.chars().map(advance).fold(0_i64, i64::saturating_add);
    sum.saturating_mul(1000) / units
}

/// The text as it can be drawn: canonical, without control letters (line ends stay), and a letter
/// that the fonts do not hold as its number. Nothing vanishes without a trace.
pub(crate) fn drawable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfc() {
        match letter {
            '\n' => out.push('\n'),
            '\r' => {}
            // Joins and variations say how emoji look; without emoji they say nothing.
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => {}
            other if other.is_control() => out.push(' '),
            other if holds(other) => out.push(other),
            other => out.push_str(&format!("[U+{:04X}]", u32::from(other))),
        }
    }
    out
}

/// A word, cut where it is longer than its place allows. Most words are one piece.
pub(crate) fn pieces(word: &str, widest: i64, weight: Weight) -> Vec<String> {
    if width(word, weight) <= widest {
        return vec![word.to_owned()];
    }
    let (mut pieces, mut piece, mut length) = (Vec::new(), String::new(), 0_i64);
    let mut letter_text = [0_u8; 4];
    for letter in word.chars() {
        let more = width(letter.encode_utf8(&mut letter_text), weight);
        if length + more > widest && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            length = 0;
        }
        piece.push(letter);
        length += more;
    }
    pieces.push(piece);
    pieces
}

/// The lines of a text, none wider than `widest` thousandths of the type size.
pub(crate) fn lines(text: &str, widest: i64, weight: Weight) -> Vec<String> {
    let gap = width(" ", weight);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut length) = (String::new(), 0_i64);
        for word in paragraph.split_whitespace() {
            for (place, piece) in pieces(word, widest, weight).into_iter().enumerate() {
                let more = width(&piece, weight);
                let space = if line.is_empty() || place > 0 { 0 } else { gap };
                if !line.is_empty() && length + space + more > widest {
                    lines.push(std::mem::take(&mut line));
                    length = 0;
                } else if space > 0 {
                    line.push(' ');
                    length += space;
                }
                line.push_str(&piece);
                length += more;
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_are_read_and_hold_what_offices_write() {
        for weight in [Weight::Regular, Weight::Bold] {
            assert!(face(weight).is_some());
        }
        for letter in ('가'..='힣').chain("0123456789.,%–·○●■□△①「」~(){}[]<>=+-/'\"龍㎡→".chars())
        {
            assert!(holds(letter), "{letter}");
        }
    }

    #[test]
    fn digits_have_one_width() {
        let first = width("0", Weight::Regular);
        assert!("123456789".chars().all(|digit| width(&digit.to_string(), Weight::Regular) == first));
    }

    #[test]
    fn a_letter_that_the_fonts_do_not_hold_is_named() {
        assert_eq!(drawable("홍예시 😀"), "홍예시 [U+1F600]");
        assert_eq!(drawable("가\u{7}나\r\n다"), "가 나\n다");
        assert_eq!(drawable("\u{1100}\u{1161}"), "가");
    }

    #[test]
    fn lines_break_between_words_and_inside_only_where_a_word_is_too_long() {
        let wide = width("나루구 일자리", Weight::Regular);
        assert_eq!(lines("나루구 일자리 대책", wide, Weight::Regular), ["나루구 일자리", "대책"]);
        let four = width("가나다라", Weight::Regular);
        assert_eq!(lines("가 나루구일자리대책 나", four, Weight::Regular), ["가", "나루구일", "자리대책", "나"]);
        assert_eq!(lines("", four, Weight::Regular), [""]);
        for line in lines("국민기초생활보장수급자 등 취업취약계층 = 60%", four, Weight::Regular) {
            assert!(width(&line, Weight::Regular) <= four, "{line}");
        }
    }
}
