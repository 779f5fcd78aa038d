//! What is odd about a file that is read all the same.
//!
//! Owns the list of oddities, each with a code that never changes, a Korean sentence and whether the
//! cell can still be trusted. Does not own refusals of whole files (`no`). What a newcomer gets wrong:
//! reading on in silence. What is hidden, merged, mangled or computed is said before anything is taken in.

use std::fmt;

use iljari_base::korean::with_particle;
use serde::{Deserialize, Serialize};

use crate::grid::{Area, CellRef, column_letters};

/// Something odd, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oddity {
    /// What.
    pub odd: Odd,
    /// Where.
    pub place: Place,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File => self.odd.fmt(f),
            place => write!(f, "{place}: {}", self.odd),
        }
    }
}

/// Where something is; prints as people say it. The first field is the sheet's name, empty for a CSV.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A sheet.
    Sheet(String),
    /// Rows, first and last, counted from zero.
    Rows(String, u32, u32),
    /// Columns, first and last, counted from zero.
    Columns(String, u16, u16),
    /// A rectangle.
    Area(String, Area),
    /// A cell.
    Cell(String, CellRef),
}

impl Place {
    /// The sheet's name; `None` for the file as a whole.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Place::File => None,
            Place::Sheet(sheet)
            | Place::Rows(sheet, ..)
            | Place::Columns(sheet, ..)
            | Place::Area(sheet, _)
            | Place::Cell(sheet, _) => Some(sheet),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = self.sheet().filter(|sheet| !sheet.is_empty()) {
            write!(f, "‘{sheet}’ 시트")?;
            if !matches!(self, Place::Sheet(_)) {
                f.write_str(" ")?;
            }
        }
        match self {
            Place::File | Place::Sheet(_) => Ok(()),
            Place::Rows(_, first, last) if first == last => write!(f, "{}행", u64::from(*first) + 1),
            Place::Rows(_, first, last) => write!(f, "{}–{}행", u64::from(*first) + 1, u64::from(*last) + 1),
            Place::Columns(_, first, last) if first == last => write!(f, "{}열", column_letters(*first)),
            Place::Columns(_, first, last) => write!(f, "{}–{}열", column_letters(*first), column_letters(*last)),
            Place::Area(_, area) => area.fmt(f),
            Place::Cell(_, at) => write!(f, "{at} 칸"),
        }
    }
}

/// What is odd.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Odd {
    /// Days are counted from 1904, as old Macs did; they were read so.
    Date1904,
    /// A tab that holds a chart or a dialog and no cells; it was not read.
    NoCells,
    /// The tab is hidden.
    HiddenSheet,
    /// Rows that hold something are hidden.
    HiddenRows,
    /// Columns that hold something are hidden.
    HiddenColumns,
    /// A filter with conditions is set; the rows it hides were read as well.
    Filter,
    /// Cells are merged.
    Merged,
    /// A row of totals; the word it was known by.
    TotalRow(String),
    /// A CSV record with another number of fields than the first full one.
    Ragged {
        /// Fields of the header.
        expected: u32,
        /// Fields found.
        found: u32,
    },
    /// A formula; the value that was saved with it was read.
    Formula,
    /// A formula that no program has computed.
    FormulaWithoutValue,
    /// An error such as `#REF!`.
    ErrorCell,
    /// A number of more digits than Excel keeps: the last ones are zeros that nobody typed.
    DigitsLost,
    /// Text such as `1.23457E+15`: the digits are gone.
    Scientific,
    /// A number that looks like a telephone number without its first zero.
    LeadingZeroLost,
    /// Text such as `Mar-05`, or a day without a year: Excel took something else for a date.
    DateMangled,
    /// 29 February 1900, which Excel believes in and the calendar does not.
    NoSuchDate,
    /// A day with a time; the time was left out.
    TimeDropped,
    /// Text that reads as a number: full-width digits, `1,234명`, `2만4천`; how it reads.
    NumberAsText(i64),
    /// Text that would be a number but for a letter O, l or I.
    LetterInNumber,
}

impl Odd {
    /// The code, which never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Odd::Date1904 => "date-1904",
            Odd::NoCells => "no-cells",
            Odd::HiddenSheet => "hidden-sheet",
            Odd::HiddenRows => "hidden-rows",
            Odd::HiddenColumns => "hidden-columns",
            Odd::Filter => "filter",
            Odd::Merged => "merged",
            Odd::TotalRow(_) => "total-row",
            Odd::Ragged { .. } => "ragged-row",
            Odd::Formula => "formula",
            Odd::FormulaWithoutValue => "formula-without-value",
            Odd::ErrorCell => "error-cell",
            Odd::DigitsLost => "digits-lost",
            Odd::Scientific => "scientific",
            Odd::LeadingZeroLost => "leading-zero-lost",
            Odd::DateMangled => "date-mangled",
            Odd::NoSuchDate => "no-such-date",
            Odd::TimeDropped => "time-dropped",
            Odd::NumberAsText(_) => "number-as-text",
            Odd::LetterInNumber => "letter-in-number",
        }
    }

    /// Whether what it stands at must not be taken in before somebody mends it. Everything else is only said.
    pub fn blocks(&self) -> bool {
        matches!(
            self,
            Odd::Ragged { .. }
                | Odd::FormulaWithoutValue
                | Odd::ErrorCell
                | Odd::DigitsLost
                | Odd::Scientific
                | Odd::DateMangled
                | Odd::NoSuchDate
                | Odd::LetterInNumber
        )
    }
}

/// The sentence for values that Excel has changed by itself.
pub(crate) const EXCEL_CHANGED: &str = "엑셀이 값을 바꾼 것 같습니다. 열 서식을 '텍스트'로 바꿔 주세요.";

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Odd::Date1904 => f.write_str("날짜를 1904년부터 세는 파일입니다. 그에 맞추어 읽었습니다."),
            Odd::NoCells => f.write_str("칸이 없는 시트(차트 등)라서 읽지 않았습니다."),
            Odd::HiddenSheet => f.write_str("숨겨진 시트입니다."),
            Odd::HiddenRows => f.write_str("내용이 있는 행이 숨겨져 있습니다."),
            Odd::HiddenColumns => f.write_str("내용이 있는 열이 숨겨져 있습니다."),
            Odd::Filter => f.write_str("필터가 걸려 있습니다. 보이지 않는 행도 함께 읽었습니다."),
            Odd::Merged => f.write_str("병합된 칸입니다. 값은 첫 칸의 것으로 읽었습니다."),
            Odd::TotalRow(word) => write!(f, "‘{word}’ 행입니다. 더하지 않고 비교에만 씁니다."),
            Odd::Ragged { expected, found } => {
                write!(
                    f,
                    "칸이 {expected}개여야 하는데 {} 있습니다. 쉼표나 따옴표를 확인해 주세요.",
                    with_particle(&format!("{found}개"), "이/가")
                )
            }
            Odd::Formula => f.write_str("수식입니다. 저장된 계산값을 읽었습니다."),
            Odd::FormulaWithoutValue => {
                f.write_str("수식에 계산된 값이 없습니다. 엑셀에서 열어 다시 저장하거나 값을 직접 적어 주세요.")
            }
            Odd::ErrorCell => f.write_str("오류 값이 들어 있습니다. 수식을 고치거나 값을 직접 적어 주세요."),
            Odd::DigitsLost => write!(f, "15자리를 넘는 숫자여서 끝자리가 0으로 바뀌었을 수 있습니다. {EXCEL_CHANGED}"),
            Odd::Scientific => write!(f, "숫자가 지수 모양으로 바뀌어 있습니다. {EXCEL_CHANGED}"),
            Odd::LeadingZeroLost => write!(f, "앞자리 0이 사라진 번호로 보입니다. {EXCEL_CHANGED}"),
            Odd::DateMangled => write!(f, "다른 값이 날짜로 바뀐 것으로 보입니다. {EXCEL_CHANGED}"),
            Odd::NoSuchDate => f.write_str("1900년 2월 29일은 없는 날짜입니다. 날짜를 확인해 주세요."),
            Odd::TimeDropped => f.write_str("시각이 함께 적혀 있습니다. 날짜만 읽었습니다."),
            Odd::NumberAsText(value) => {
                let reading = with_particle(&value.to_string(), "으로/로");
                write!(f, "글자로 적힌 숫자입니다. {reading} 읽었습니다.")
            }
            Odd::LetterInNumber => {
                f.write_str("숫자 사이에 영문자(O, l, I)가 있습니다. 숫자 0이나 1로 다시 적어 주세요.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oddity_says_where_and_what() {
        let cell = Place::Cell("실적".into(), CellRef::new(16, 3));
        let said = Oddity { odd: Odd::FormulaWithoutValue, place: cell }.to_string();
        assert_eq!(
            said,
            "‘실적’ 시트 D17 칸: 수식에 계산된 값이 없습니다. 엑셀에서 열어 다시 저장하거나 값을 직접 적어 주세요."
        );
        let rows = Oddity { odd: Odd::HiddenRows, place: Place::Rows(String::new(), 2, 8) };
        assert_eq!(rows.to_string(), "3–9행: 내용이 있는 행이 숨겨져 있습니다.");
        let file = Oddity { odd: Odd::Date1904, place: Place::File };
        assert!(file.to_string().starts_with("날짜를 1904년부터"));
    }

    #[test]
    fn a_reading_is_said_with_the_particle_that_fits() {
        assert!(Odd::NumberAsText(1234).to_string().ends_with("1234로 읽었습니다."));
        assert!(Odd::NumberAsText(24_000).to_string().ends_with("24000으로 읽었습니다."));
    }
}
