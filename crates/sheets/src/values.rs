//! From what a file says to a value, and what is odd about it.
//!
//! Owns the rules that workbooks and CSV share: when a text is a number, when Excel has changed it. Does not
//! own number formats (`xlsx::styles`). What a newcomer gets wrong: `Mar-05` in a CSV was never a date.

use iljari_base::korean;

use crate::decimal::Decimal;
use crate::grid::Value;
use crate::odd::Odd;
use crate::reading::words;

/// A value, what is odd about it, and whether its thousands are set apart on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub value: Value,
    pub odd: Vec<Odd>,
    pub grouped: bool,
}

impl Reading {
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, odd: Vec::new(), grouped: false }
    }
}

/// Digits that Excel keeps of a whole number.
const KEPT_DIGITS: u32 = 15;

/// A number of a workbook's cell.
pub(crate) fn number(number: Decimal, grouped: bool) -> Reading {
    let mut odd = Vec::new();
    if number.whole_digits() > KEPT_DIGITS {
        odd.push(Odd::DigitsLost);
    }
    let value = match number.as_integer() {
        Some(whole) => Value::Integer(whole),
        None => Value::Decimal(number),
    };
    if !grouped && matches!(value, Value::Integer(1_000_000_000..=1_099_999_999)) {
        odd.push(Odd::LeadingZeroLost);
    }
    Reading { value, odd, grouped }
}

/// A text cell of a workbook: it stays text, and what it looks like is said.
pub(crate) fn text(text: String) -> Reading {
    let odd = odd_of(&text).into_iter().collect();
    Reading { value: Value::Text(text), odd, grouped: false }
}

/// A field of a CSV, where everything is text: plain numbers and percentages become what they are.
pub(crate) fn field(field: &str) -> Reading {
    let trimmed = field.trim();
    if let Some((digits, grouped)) = plain_number(trimmed)
        && let Some(read) = Decimal::read(&digits)
    {
        // A CSV says every digit it has, so none is rounded away.
        return number(read, grouped);
    }
    if let Some((digits, _)) = trimmed.strip_suffix('%').and_then(|number| plain_number(number.trim_end()))
        && let Some(shown) = Decimal::read(&digits)
    {
        return Reading::plain(Value::Percent { fraction: shown.hundredth(), shown });
    }
    text(field.to_owned())
}

/// The digits of `-1234.5` or `1,234`, and whether commas stood in them; nothing with a zero before its digits.
fn plain_number(text: &str) -> Option<(String, bool)> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    let grouped = whole.contains(',');
    let sound = if grouped {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        digits(first) && first.len() <= 3 && groups.all(|group| group.len() == 3 && digits(group))
    } else {
        digits(whole)
    };
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    (sound && !leading_zero).then(|| (text.replace(',', ""), grouped))
}

/// What is odd about a text.
fn odd_of(text: &str) -> Option<Odd> {
    if text.len() > 120 || !text.chars().any(char::is_numeric) {
        return None;
    }
    let text = words(text);
    // With a letter of the Latin alphabet it is no number as people write them, only one that was changed.
    let latin = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if is_scientific(&text) {
        return Some(Odd::Scientific);
    }
    if is_mangled_date(&text) {
        return Some(Odd::DateMangled);
    }
    if !latin
        && let Ok(reading) = korean::read_number(&text)
        && !reading.plain
        && !reading.about
    {
        return Some(Odd::NumberAsText(reading.value));
    }
    (latin && has_letters_for_digits(&text)).then_some(Odd::LetterInNumber)
}

/// `1.23457E+15`
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let power = exponent.strip_prefix(['+', '-']);
    power.is_some_and(|power| (1..=3).contains(&power.len()) && power.bytes().all(|byte| byte.is_ascii_digit()))
        && plain_number(mantissa).is_some_and(|(_, grouped)| !grouped)
}

/// `Mar-05`, `5-Mar`, `05-Mar-26`, `03월 05일`
fn is_mangled_date(text: &str) -> bool {
    const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let short = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((month, day)) = text.split_once('월') {
        let day = day.trim().strip_suffix('일');
        return short(month.trim()) && day.is_some_and(short);
    }
    let parts: Vec<&str> = text.split('-').collect();
    let months = parts.iter().filter(|part| MONTHS.contains(&part.to_lowercase().as_str())).count();
    months == 1 && (2..=3).contains(&parts.len()) && parts.iter().filter(|part| short(part)).count() == parts.len() - 1
}

/// `1O4`, `l2`
fn has_letters_for_digits(text: &str) -> bool {
    let stands_in = |letter: char| matches!(letter, 'O' | 'o' | 'l' | 'I');
    text.chars().count() > 1
        && text.chars().any(stands_in)
        && text.chars().any(|letter| letter.is_ascii_digit())
        && text.chars().all(|letter| stands_in(letter) || letter.is_ascii_digit() || letter == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<&'static str>) {
        let reading = field(text);
        let kind = match reading.value {
            Value::Integer(_) => "정수",
            Value::Decimal(_) => "소수",
            Value::Percent { .. } => "백분율",
            _ => "글자",
        };
        (format!("{kind} {}", reading.value), reading.odd.iter().map(Odd::code).collect())
    }

    #[test]
    fn fields_become_what_they_plainly_are() {
        assert_eq!(read("204").0, "정수 204");
        assert_eq!(read(" 1,234 ").0, "정수 1234");
        assert_eq!(read("-31").0, "정수 -31");
        assert_eq!(read("204.0").0, "정수 204");
        assert_eq!(read("0.653").0, "소수 0.653");
        assert_eq!(read("65.3%").0, "백분율 65.3%");
        assert_eq!(read("0012").0, "글자 0012");
        assert_eq!(read("1,23").0, "글자 1,23");
        assert_eq!(read("2026-03-05").0, "글자 2026-03-05");
        assert_eq!(
            field("65.3%").value,
            Value::Percent { fraction: Decimal::read("0.653").unwrap(), shown: Decimal::read("65.3").unwrap() }
        );
    }

    #[test]
    fn what_excel_has_changed_is_named() {
        for text in ["1.23457E+15", "9E+12"] {
            assert_eq!(read(text).1, ["scientific"], "{text}");
        }
        for text in ["Mar-05", "5-Mar", "05-mar-26", "03월 05일"] {
            assert_eq!(read(text).1, ["date-mangled"], "{text}");
        }
        assert_eq!(read("1012345678").1, ["leading-zero-lost"]);
        assert_eq!(read("1,012,345,678").1, [""; 0]);
        assert_eq!(read("1234567890123456").1, ["digits-lost"]);
        for text in ["COVID-19", "2026-03-05", "E-1", "Mar", "3월", "A-1", "Mar-Apr", "1E5가"] {
            assert_eq!(read(text).1, [""; 0], "{text}");
        }
    }

    #[test]
    fn text_that_is_almost_a_number_is_named_with_its_reading() {
        for (text, value) in [("１２３", 123), ("1,234명", 1234), ("2만4천", 24_000)] {
            assert_eq!(field(text).odd, [Odd::NumberAsText(value)], "{text}");
        }
        for text in ["1O4", "l2", "I,OOO1"] {
            assert_eq!(read(text).1, ["letter-in-number"], "{text}");
        }
        for text in ["약 200", "만남", "P-101", "OO", "2026년 1분기", "제1호"] {
            assert_eq!(read(text).1, [""; 0], "{text}");
        }
    }
}
