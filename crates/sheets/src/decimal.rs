//! Decimal numbers as digits, exact.
//!
//! Owns reading a number out of a file without passing through a float, and the one rounding that is
//! right there: a workbook stores binary fractions with 17 digits, and the screen shows 15. What a
//! newcomer gets wrong: 0.65300000000000002 in the file is the 0.653 that somebody typed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number as digits: sign, whole part and fraction without trailing zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    negative: bool,
    /// Significant digits without zeros at either end; empty for zero.
    digits: Box<str>,
    /// Where the point stands, counted from the digits' left end; may lie outside of them.
    point: i32,
}

/// What Excel shows and keeps, in significant digits.
const SHOWN_DIGITS: usize = 15;

/// Longest number that is read; a longer one is no number of an office.
const LONGEST: usize = 160;

/// Largest power of ten that is read.
const GREATEST_EXPONENT: i32 = 60;

impl Decimal {
    /// Reads `-12.50`, `6.53E-1`; `None` for anything else (no spaces, no separators).
    pub fn read(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        if exponent.abs() > GREATEST_EXPONENT {
            return None;
        }
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
        Some(Self::tidy(negative, format!("{whole}{fraction}"), point))
    }

    /// The whole number, as a decimal.
    pub fn whole(number: i64) -> Self {
        let digits = number.unsigned_abs().to_string();
        let point = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        Self::tidy(number < 0, digits, point)
    }

    fn tidy(negative: bool, digits: String, point: i32) -> Self {
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let digits: Box<str> = digits.trim_matches('0').into();
        if digits.is_empty() {
            return Self { negative: false, digits, point: 0 };
        }
        Self { negative, digits, point: point.saturating_sub(i32::try_from(leading).unwrap_or(i32::MAX)) }
    }

    /// As the screen shows it: rounded to 15 significant digits, half away from zero.
    pub fn as_shown(self) -> Self {
        if self.digits.len() <= SHOWN_DIGITS {
            return self;
        }
        let up = self.digits.as_bytes()[SHOWN_DIGITS] >= b'5';
        let mut digits = self.digits.as_bytes()[..SHOWN_DIGITS].to_vec();
        let mut point = self.point;
        if up {
            let carried = digits.iter_mut().rev().all(|digit| {
                let nine = *digit == b'9';
                *digit = if nine { b'0' } else { *digit + 1 };
                nine
            });
            if carried {
                digits.insert(0, b'1');
                point = point.saturating_add(1);
            }
        }
        Self::tidy(self.negative, digits.into_iter().map(char::from).collect(), point)
    }

    /// The whole number it is, if it is one that fits.
    pub fn as_integer(&self) -> Option<i64> {
        let length = i32::try_from(self.digits.len()).ok()?;
        if self.digits.is_empty() {
            return Some(0);
        }
        if self.point < length || self.point > 19 {
            return None;
        }
        let zeros = usize::try_from(self.point - length).ok()?;
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}{}", self.digits, "0".repeat(zeros)).parse().ok()
    }

    /// A hundred times it: the percentage that a fraction is.
    pub fn hundredfold(&self) -> Self {
        if self.digits.is_empty() {
            return self.clone();
        }
        Self { point: self.point.saturating_add(2), ..self.clone() }
    }

    /// A hundredth of it: the fraction that a percentage is.
    pub fn hundredth(&self) -> Self {
        if self.digits.is_empty() {
            return self.clone();
        }
        Self { point: self.point.saturating_sub(2), ..self.clone() }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Its whole part without its sign, where it fits, and whether a fraction follows.
    pub fn parts(&self) -> (Option<i64>, bool) {
        let text = self.to_string();
        let text = text.strip_prefix('-').unwrap_or(&text);
        match text.split_once('.') {
            Some((whole, _)) => (whole.parse().ok(), true),
            None => (text.parse().ok(), false),
        }
    }

    /// How many digits stand before the point; zero for 0.5.
    pub fn whole_digits(&self) -> u32 {
        u32::try_from(self.point).unwrap_or(0)
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for Decimal {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or("no number")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let length = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        if self.point <= 0 {
            write!(f, "0.{}{}", zeros(-self.point), self.digits)
        } else if self.point >= length {
            write!(f, "{}{}", self.digits, zeros(self.point - length))
        } else {
            let (whole, fraction) = self.digits.split_at(usize::try_from(self.point).unwrap_or(0));
            write!(f, "{whole}.{fraction}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Decimal::read(text).map(|number| number.as_shown().to_string())
    }

    #[test]
    fn a_number_comes_back_as_somebody_typed_it() {
        for (stored, typed) in [
            ("204", "204"),
            ("204.0", "204"),
            ("0.65300000000000002", "0.653"),
            ("203.99999999999997", "204"),
            ("99.999999999999997", "100"),
            ("6.53E-1", "0.653"),
            ("1.2345678901234567E+19", "12345678901234600000"),
            ("-0.5", "-0.5"),
            ("-0", "0"),
            ("0.000", "0"),
            (".5", "0.5"),
            ("+7", "7"),
            ("1E-7", "0.0000001"),
        ] {
            assert_eq!(shown(stored).as_deref(), Some(typed), "{stored}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", " 1", "1 ", "1,000", "0x10", "NaN", "inf", "1e", "1e999999", "--1", ".", "-", "１", "1e2.5"] {
            assert_eq!(Decimal::read(text), None, "{text:?}");
        }
        assert_eq!(Decimal::read(&"9".repeat(161)), None);
    }

    #[test]
    fn whole_numbers_are_integers_and_others_are_not() {
        let integer = |text: &str| Decimal::read(text).and_then(|number| number.as_integer());
        assert_eq!(integer("204.0"), Some(204));
        assert_eq!(integer("1.2E3"), Some(1200));
        assert_eq!(integer("-31"), Some(-31));
        assert_eq!(integer("0"), Some(0));
        assert_eq!(integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer("9223372036854775808"), None);
        assert_eq!(integer("0.653"), None);
        assert_eq!(Decimal::whole(-1200).to_string(), "-1200");
    }

    #[test]
    fn a_percentage_and_its_fraction_are_the_same_digits() {
        let fraction = Decimal::read("0.653").unwrap();
        assert_eq!(fraction.hundredfold().to_string(), "65.3");
        assert_eq!(fraction.hundredfold().hundredth(), fraction);
        assert_eq!(Decimal::read("1.081").unwrap().hundredfold().to_string(), "108.1");
        assert_eq!(Decimal::read("0").unwrap().hundredfold().to_string(), "0");
    }
}
