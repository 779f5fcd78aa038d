//! Forms to fill in: what an office sends out and gets back.
//!
//! Owns the description of a form, the stamp by which it is known again, and how it is laid out so that
//! a clerk understands it at once. Does not own which rows and columns a round needs. What a newcomer
//! gets wrong: hiding the stamp in the document's properties. People save with LibreOffice, paste into
//! another workbook or export a CSV; only a cell survives all of that.

use iljari_base::Date;

use crate::grid::{Grid, Sheet};

mod csv;
mod xlsx;

/// A form with one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The name on the tab.
    pub sheet: String,
    /// The large line at the top.
    pub title: String,
    /// What to do, one sentence a line; stands in a box above the table.
    pub instructions: Vec<String>,
    /// What the form is known by when it comes back.
    pub stamp: Stamp,
    /// The columns, left to right.
    pub columns: Vec<FormColumn>,
    /// The rows, each with one cell a column.
    pub rows: Vec<Vec<FormCell>>,
    /// The word before a last row of sums (합계); `None` for no such row. Sums stand below columns of figures.
    pub totals: Option<String>,
    /// How many columns at the left stay in sight while scrolling.
    pub frozen_columns: u16,
    /// The day that the file says it was made on, so that the same form is the same bytes.
    pub created: Date,
}

/// A column of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormColumn {
    /// Its name; the reader finds the column by it.
    pub name: String,
    /// What to write there, in a few words; stands below the name and beside the cell that is chosen.
    pub hint: String,
    /// Its width in characters (a Hangul syllable counts two).
    pub width: u16,
    /// Who writes it, and what.
    pub kind: ColumnKind,
}

/// Who writes a column, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// We do: codes, names.
    Fixed,
    /// We do: figures of before, grey.
    Previous,
    /// The department: a whole number from 0 up.
    Count,
    /// The department: a whole number, also below 0.
    SignedCount,
    /// The department: one of these words.
    Choice(Vec<String>),
    /// The department: a text of at most so many letters.
    Words(u32),
    /// We do: what is wrong with the row.
    Faults,
}

impl ColumnKind {
    /// Whether the department writes here.
    pub fn is_input(&self) -> bool {
        matches!(self, ColumnKind::Count | ColumnKind::SignedCount | ColumnKind::Choice(_) | ColumnKind::Words(_))
    }

    /// Whether figures stand here, which a last row can sum.
    pub fn is_figure(&self) -> bool {
        matches!(self, ColumnKind::Previous | ColumnKind::Count | ColumnKind::SignedCount)
    }
}

/// What stands in a cell of a form when it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FormCell {
    /// Nothing; in an input column a cell to fill in.
    #[default]
    Empty,
    /// A text; in an input column it can be overwritten.
    Text(String),
    /// A figure; in an input column it can be overwritten.
    Number(i64),
    /// A text in an input column that nobody is to overwrite, such as 시스템 집계.
    Locked(String),
}

/// By what a form is known again: `iljari-form/1;round=…;department=…` in one cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Names and values, in their order. Names are ASCII words.
    pub codes: Vec<(String, String)>,
}

/// How every stamp begins.
const STAMP: &str = "iljari-form/1";

/// What stands before the stamp, for the person who wonders whether to delete it.
const STAMP_LABEL: &str = "서식 정보(지우지 마세요)";

impl Stamp {
    /// A stamp with these codes.
    pub fn new<'c>(codes: impl IntoIterator<Item = (&'c str, &'c str)>) -> Self {
        Self { codes: codes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect() }
    }

    /// The value of a code.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.codes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// As it stands in the cell.
    fn line(&self) -> String {
        let codes: String =
            self.codes.iter().map(|(name, value)| format!(";{}={}", escaped(name), escaped(value))).collect();
        format!("{STAMP_LABEL} {STAMP}{codes}")
    }

    /// Reads a cell's text; `None` where no stamp stands.
    pub fn read(text: &str) -> Option<Self> {
        let text = crate::reading::words(text);
        let (_, rest) = text.split_once(STAMP)?;
        if rest.is_empty() {
            return Some(Self::default());
        }
        let codes = rest
            .strip_prefix(';')?
            .split(';')
            .map(|code| code.split_once('=').map(|(name, value)| (unescaped(name), unescaped(value))))
            .collect::<Option<Vec<_>>>()?;
        Some(Self { codes })
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace(';', "%3B").replace('=', "%3D")
}

fn unescaped(text: &str) -> String {
    text.trim().replace("%3D", "=").replace("%3B", ";").replace("%25", "%")
}

impl Sheet {
    /// The stamps in this sheet, top to bottom, each with its row. One sheet may hold several departments'
    /// tables, pasted below each other.
    pub fn stamps(&self) -> Vec<(u32, Stamp)> {
        let texts = self.cells().filter_map(|cell| match &cell.value {
            crate::grid::Value::Text(text) => Stamp::read(text).map(|stamp| (cell.at.row, stamp)),
            _ => None,
        });
        texts.collect()
    }
}

impl Grid {
    /// Every stamp of the file: the sheet's index, the row, the stamp.
    pub fn stamps(&self) -> Vec<(usize, u32, Stamp)> {
        let sheets = self.sheets.iter().enumerate();
        sheets
            .flat_map(|(index, sheet)| sheet.stamps().into_iter().map(move |(row, stamp)| (index, row, stamp)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_comes_back_whatever_stands_in_its_values() {
        let stamp = Stamp::new([("round", "2026-q2"), ("department", "일자리;정책=과 100%3D"), ("version", "3")]);
        assert_eq!(Stamp::read(&stamp.line()), Some(stamp.clone()));
        assert_eq!(stamp.get("round"), Some("2026-q2"));
        assert_eq!(stamp.get("nothing"), None);
        let wrapped = format!("  {}  ", stamp.line().replace(' ', "\n"));
        assert!(Stamp::read(&wrapped).is_some());
    }

    #[test]
    fn other_text_is_no_stamp() {
        assert_eq!(Stamp::read("iljari-form/2;round=1"), None);
        assert_eq!(Stamp::read("iljari-form/1x"), None);
        assert_eq!(Stamp::read("iljari-form/1;round"), None);
        assert_eq!(Stamp::read("당기 실적"), None);
    }
}
