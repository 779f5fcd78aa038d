//! Reading a cell as a count, a day or a word.
//!
//! Owns what every slice that takes numbers out of a cell has to get right the same way. Does not own
//! which column is meant or what range is allowed. What a newcomer gets wrong: an empty cell is not 0.

use iljari_base::Date;
use iljari_base::korean::{self, BadNumber};
use unicode_normalization::UnicodeNormalization;

use crate::grid::{Cell, Value};
use crate::odd::Odd;

/// Why a cell is no count or no day: the sentence for the person, where and what being said by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The code, which never changes.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Unreadable {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Cell {
    /// The cell as a whole number, as people write it; `None` when it is empty.
    ///
    /// `1,234명`, full-width digits and `2만4천` are read; whoever shows a preview finds
    /// [`Odd::NumberAsText`] at the cell. 약, fractions, percentages and days are refused.
    pub fn count(&self) -> Result<Option<i64>, Unreadable> {
        if let Some(odd) = self.odd.iter().find(|odd| odd.blocks()) {
            return Err(Unreadable::new(odd.code(), odd.to_string()));
        }
        match &self.value {
            Value::Empty => Ok(None),
            Value::Integer(number) if number.abs() > korean::NUMBER_MAX => {
                let lost = self.odd.iter().find(|odd| matches!(odd, Odd::LeadingZeroLost));
                Err(match lost {
                    Some(odd) => Unreadable::new(odd.code(), odd.to_string()),
                    None => Unreadable::new("too-large", sentence(&BadNumber::TooLarge)),
                })
            }
            Value::Integer(number) => Ok(Some(*number)),
            Value::Decimal(_) => Err(Unreadable::new("decimal", sentence(&BadNumber::Decimal))),
            Value::Percent { .. } => {
                Err(Unreadable::new("percent", "백분율이 적혀 있습니다. 비율이 아니라 개수를 적어 주세요."))
            }
            Value::Date(_) => Err(Unreadable::new(
                "date",
                "날짜가 들어 있습니다. 엑셀이 숫자를 날짜로 바꾼 것 같습니다. 칸 서식을 '숫자'로 바꾸고 다시 적어 주세요.",
            )),
            Value::Bool(_) | Value::Error(_) => Err(Unreadable::new("not-a-number", sentence(&BadNumber::NotANumber))),
            Value::Text(text) if text.trim().is_empty() => Ok(None),
            Value::Text(text) => match korean::read_number(text) {
                Ok(reading) if reading.about => Err(Unreadable::new(
                    "about",
                    "‘약’, ‘여’처럼 어림한 숫자는 합계에 넣을 수 없습니다. 정확한 숫자를 적어 주세요.",
                )),
                Ok(reading) => Ok(Some(reading.value)),
                Err(BadNumber::Empty) => Ok(None),
                Err(bad) => Err(Unreadable::new(bad_code(&bad), sentence(&bad))),
            },
        }
    }

    /// The cell as a day; `None` when it is empty. Text is read as `2026-03-05`, `2026.3.5`, `2026/3/5`,
    /// `20260305` or `2026년 3월 5일`; `03/04/05` could be three days and is refused.
    pub fn day(&self) -> Result<Option<Date>, Unreadable> {
        if let Some(odd) = self.odd.iter().find(|odd| odd.blocks()) {
            return Err(Unreadable::new(odd.code(), odd.to_string()));
        }
        let unclear = || Unreadable::new("not-a-date", "날짜로 읽을 수 없습니다. 2026-03-05처럼 적어 주세요.");
        match &self.value {
            Value::Empty => Ok(None),
            Value::Date(day) => Ok(Some(*day)),
            Value::Text(text) if text.trim().is_empty() => Ok(None),
            Value::Text(text) => read_day(text).map(Some).ok_or_else(unclear),
            Value::Integer(number) => read_day(&number.to_string()).map(Some).ok_or_else(unclear),
            _ => Err(unclear()),
        }
    }

    /// The cell's words: trimmed, in canonical form, runs of spaces and line breaks made one space.
    pub fn words(&self) -> String {
        words(&self.text())
    }
}

/// A text's words: canonical form, runs of white space made one space, nothing invisible.
pub fn words(text: &str) -> String {
    let visible: String = text.nfc().filter(|letter| !invisible(*letter)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as it is compared: full-width and half-width alike, without any white space, lower case.
pub fn folded(text: &str) -> String {
    text.nfkc().filter(|letter| !letter.is_whitespace() && !invisible(*letter)).flat_map(char::to_lowercase).collect()
}

fn invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}')
}

fn sentence(bad: &BadNumber) -> String {
    format!("{bad}.")
}

fn bad_code(bad: &BadNumber) -> &'static str {
    match bad {
        BadNumber::Empty => "empty",
        BadNumber::Decimal => "decimal",
        BadNumber::LeadingZero => "leading-zero",
        BadNumber::TooLarge => "too-large",
        BadNumber::Commas => "commas",
        BadNumber::NotANumber => "not-a-number",
    }
}

/// A day in one of the forms in which the year cannot be mistaken.
fn read_day(text: &str) -> Option<Date> {
    let folded: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let (year, month, day) = if folded.len() == 8 && folded.bytes().all(|byte| byte.is_ascii_digit()) {
        (&folded[..4], &folded[4..6], &folded[6..])
    } else if let Some((year, rest)) = folded.split_once('년') {
        let (month, day) = rest.split_once('월')?;
        (year, month, day.strip_suffix('일')?)
    } else {
        let separator = ['-', '.', '/'].into_iter().find(|separator| folded.contains(*separator))?;
        let mut parts = folded.strip_suffix(separator).unwrap_or(&folded).split(separator);
        let found = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        found
    };
    let number = |part: &str, longest: usize| {
        let digits = !part.is_empty() && part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i16>().ok()).flatten()
    };
    if year.len() != 4 {
        return None;
    }
    let small = |part: &str| number(part, 2).and_then(|value| i8::try_from(value).ok());
    Date::new(number(year, 4)?, small(month)?, small(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Decimal;
    use crate::grid::CellRef;

    fn cell(value: Value) -> Cell {
        Cell { at: CellRef::new(0, 0), value, odd: Vec::new() }
    }

    fn text(text: &str) -> Cell {
        cell(Value::Text(text.into()))
    }

    #[test]
    fn counts_are_read_as_people_write_them_and_an_empty_cell_is_not_zero() {
        assert_eq!(cell(Value::Integer(204)).count(), Ok(Some(204)));
        assert_eq!(text("1,234명").count(), Ok(Some(1234)));
        assert_eq!(text("２４０００").count(), Ok(Some(24_000)));
        assert_eq!(cell(Value::Empty).count(), Ok(None));
        assert_eq!(text("  ").count(), Ok(None));
        let code = |cell: Cell| cell.count().map_err(|unreadable| unreadable.code);
        assert_eq!(code(text("약 200")), Err("about"));
        assert_eq!(code(text("2.5")), Err("decimal"));
        assert_eq!(code(text("없음")), Err("not-a-number"));
        assert_eq!(code(text("0123")), Err("leading-zero"));
        assert_eq!(code(cell(Value::Decimal(Decimal::read("2.5").unwrap()))), Err("decimal"));
        assert_eq!(code(cell(Value::Integer(1_000_000_001))), Err("too-large"));
    }

    #[test]
    fn what_excel_has_changed_is_never_read_as_a_count() {
        let mut mangled = cell(Value::Integer(1_012_345_678));
        mangled.odd.push(Odd::LeadingZeroLost);
        assert_eq!(mangled.count().map_err(|unreadable| unreadable.code), Err("leading-zero-lost"));
        let mut formula = cell(Value::Empty);
        formula.odd.extend([Odd::Formula, Odd::FormulaWithoutValue]);
        assert_eq!(formula.count().map_err(|unreadable| unreadable.code), Err("formula-without-value"));
        let day = Date::new(2026, 3, 5).unwrap();
        assert_eq!(cell(Value::Date(day)).count().map_err(|unreadable| unreadable.code), Err("date"));
    }

    #[test]
    fn days_are_read_where_the_year_cannot_be_mistaken() {
        let day = Date::new(2023, 3, 5);
        for form in
            ["2023-03-05", "2023.3.5", "2023. 3. 5.", "2023/3/5", "20230305", "2023년 3월 5일", "２０２３-３-５"]
        {
            assert_eq!(text(form).day().ok().flatten(), day, "{form}");
        }
        for form in ["03/04/05", "23.3.5", "2023-02-29", "5-Mar", "2023-3", "2023-3-5-1", "2023-+3-05", "12345"] {
            assert_eq!(text(form).day().map_err(|unreadable| unreadable.code), Err("not-a-date"), "{form}");
        }
        assert_eq!(cell(Value::Integer(20_230_305)).day().ok().flatten(), day);
        assert!(cell(Value::Integer(44_990)).day().is_err());
    }

    #[test]
    fn words_are_compared_without_width_space_or_invisible_letters() {
        assert_eq!(words(" 당기\n 실적\u{200b} "), "당기 실적");
        assert_eq!(folded("당기 실적 （Ａ）"), folded("당기실적(a)"));
    }
}
