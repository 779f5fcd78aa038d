//! The grid: what stood in a file, cell by cell, exactly.
//!
//! Owns the shape every reader of an upload works with: sheets, rows, cells, places and values. Only
//! cells that hold something are kept, so that one value far down a sheet costs one cell. Does not own
//! what a column means. Names are short where a child writes them a hundred thousand times. What a newcomer
//! gets wrong: expecting a float. A number is an integer or its digits, as the file
//! said them and as the office saw them on screen.

use std::fmt;
use std::str::FromStr;

use iljari_base::Date;
use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::odd::{Odd, Oddity, Place};

/// A whole file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grid {
    /// How the text was written, for a CSV; `None` for a workbook, which says so itself.
    pub encoding: Option<Encoding>,
    /// The sheets in their order; a CSV has one, named after nothing.
    pub sheets: Vec<Sheet>,
    /// What is odd about the file, its sheets, rows and columns. What is odd about a cell stands at the cell.
    pub notes: Vec<Oddity>,
}

impl Grid {
    /// The sheet of this name.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }

    /// Everything odd in the file with its place: the notes first, then cell by cell.
    pub fn oddities(&self) -> impl Iterator<Item = Oddity> + '_ {
        let of_cells = self.sheets.iter().flat_map(|sheet| {
            sheet.cells().flat_map(move |cell| {
                cell.odd
                    .iter()
                    .map(move |odd| Oddity { odd: odd.clone(), place: Place::Cell(sheet.name.clone(), cell.at) })
            })
        });
        self.notes.iter().cloned().chain(of_cells)
    }
}

/// How a CSV's text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes "CSV UTF-8".
    Utf8Bom,
    /// CP949, the Windows form of EUC-KR, as Excel writes "CSV".
    Cp949,
    /// UTF-16, least byte first, with its mark.
    Utf16Le,
    /// UTF-16, greatest byte first, with its mark.
    Utf16Be,
}

impl Encoding {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => "UTF-8",
            Encoding::Cp949 => "CP949(EUC-KR)",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
        }
    }
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name on the tab; empty for a CSV.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// The rows that hold something, top to bottom.
    pub rows: Vec<Row>,
    /// Columns that are hidden, first and last of each stretch, counted from zero.
    pub hidden_columns: Vec<(u16, u16)>,
    /// Merged areas; the value stands in the first cell of each.
    pub merged: Vec<Area>,
}

impl Sheet {
    /// The row with this number, counted from zero; `None` where it holds nothing.
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().map(|found| &self.rows[found])
    }

    /// The cell at this place; `None` where it holds nothing.
    pub fn cell(&self, at: CellRef) -> Option<&Cell> {
        self.row(at.row)?.cell(at.column)
    }

    /// Every cell that holds something, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells)
    }

    /// Whether this column is hidden.
    pub fn column_hidden(&self, column: u16) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// The merged area that covers this place. Its value is at [`Area::first`], and every other cell of it is empty.
    pub fn merged_at(&self, at: CellRef) -> Option<Area> {
        self.merged.iter().copied().find(|area| area.holds(at))
    }
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// Counted from zero; the screen's row 17 is 16. In a CSV the record, not the line.
    #[serde(rename = "n")]
    pub number: u32,
    /// Whether the row is hidden, by hand or by a filter.
    #[serde(rename = "h", default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Whether it looks like a total (총계, 합계, 계, 소계): compare it, do not add it.
    #[serde(rename = "t", default, skip_serializing_if = "std::ops::Not::not")]
    pub total: bool,
    /// The cells that hold something, left to right.
    #[serde(rename = "c")]
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in this column, counted from zero; `None` where it holds nothing.
    pub fn cell(&self, column: u16) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.at.column).ok().map(|found| &self.cells[found])
    }
}

/// A cell that holds something, or should (a formula without a value).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its place.
    #[serde(rename = "a")]
    pub at: CellRef,
    /// What stands in it.
    #[serde(rename = "v", default, skip_serializing_if = "Value::is_empty")]
    pub value: Value,
    /// What is odd about it.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<Odd>,
}

impl Cell {
    /// What somebody sees who opens the file, without thousands separators: `204`, `65.3%`, `2026-03-31`.
    pub fn text(&self) -> String {
        self.value.to_string()
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text as it was typed.
    #[serde(rename = "t")]
    Text(String),
    /// A whole number; 204.0 is 204.
    #[serde(rename = "i")]
    Integer(i64),
    /// Any other number, as its digits.
    Decimal(Decimal),
    /// A cell that shows a percentage: 0.653 in the file, 65.3 % on the screen.
    Percent {
        /// The number in the file: 0.653.
        fraction: Decimal,
        /// A hundred times that, which is what people read: 65.3.
        shown: Decimal,
    },
    /// A day.
    Date(#[serde(with = "day")] Date),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#REF!`, `#DIV/0!` and their like.
    Error(String),
}

impl Value {
    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        *self == Value::Empty
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Empty => Ok(()),
            Value::Text(text) | Value::Error(text) => f.write_str(text),
            Value::Integer(number) => number.fmt(f),
            Value::Decimal(number) => number.fmt(f),
            Value::Percent { shown, .. } => write!(f, "{shown}%"),
            Value::Date(day) => day.fmt(f),
            Value::Bool(truth) => f.write_str(if *truth { "TRUE" } else { "FALSE" }),
        }
    }
}

/// A day between two processes: `2026-03-31`.
mod day {
    use iljari_base::Date;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The place of a cell in its sheet; prints as people say it, `D17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "(u32, u16)", from = "(u32, u16)")]
pub struct CellRef {
    /// Counted from zero.
    pub row: u32,
    /// Counted from zero; A is 0.
    pub column: u16,
}

impl CellRef {
    /// The cell in this row and column, both counted from zero.
    pub fn new(row: u32, column: u16) -> Self {
        Self { row, column }
    }
}

impl From<CellRef> for (u32, u16) {
    fn from(at: CellRef) -> Self {
        (at.row, at.column)
    }
}

impl From<(u32, u16)> for CellRef {
    fn from((row, column): (u32, u16)) -> Self {
        Self { row, column }
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), u64::from(self.row) + 1)
    }
}

/// Why a text names no cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCellRef;

impl FromStr for CellRef {
    type Err = BadCellRef;

    /// Reads `D17`, also `$D$17`, up to `XFD1048576`.
    fn from_str(text: &str) -> Result<Self, BadCellRef> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 || letters > 3 {
            return Err(BadCellRef);
        }
        let (letters, digits) = text.split_at(letters);
        let digits = digits.strip_prefix('$').unwrap_or(digits);
        if digits.is_empty() || digits.len() > 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadCellRef);
        }
        let column =
            letters.bytes().fold(0u32, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
        let row: u32 = digits.parse().map_err(|_| BadCellRef)?;
        if row == 0 || row > 1_048_576 || column > 16_384 {
            return Err(BadCellRef);
        }
        Ok(Self { row: row - 1, column: u16::try_from(column - 1).map_err(|_| BadCellRef)? })
    }
}

/// The letters of a column counted from zero: 0 is A, 27 is AB.
pub fn column_letters(column: u16) -> String {
    let mut rest = u32::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// A rectangle of cells; prints as `B2:D4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Area {
    /// Its upper left cell.
    pub first: CellRef,
    /// Its lower right cell.
    pub last: CellRef,
}

impl Area {
    /// Whether the place lies in it.
    pub fn holds(self, at: CellRef) -> bool {
        (self.first.row..=self.last.row).contains(&at.row)
            && (self.first.column..=self.last.column).contains(&at.column)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.first, self.last)
    }
}

impl FromStr for Area {
    type Err = BadCellRef;

    /// Reads `B2:D4`; a single cell is an area of its own.
    fn from_str(text: &str) -> Result<Self, BadCellRef> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let (first, last): (CellRef, CellRef) = (first.parse()?, last.parse()?);
        if first.row > last.row || first.column > last.column {
            return Err(BadCellRef);
        }
        Ok(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_as_the_screen_says_them() {
        for text in ["A1", "D17", "Z9", "AA1", "AZ10", "ZZ1", "AAA1", "XFD1048576"] {
            assert_eq!(text.parse::<CellRef>().map(|at| at.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("$D$17".parse(), Ok(CellRef::new(16, 3)));
        for bad in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "A1A", "가1", "A-1", "A99999999"] {
            assert_eq!(bad.parse::<CellRef>(), Err(BadCellRef), "{bad}");
        }
    }

    #[test]
    fn an_area_knows_what_it_covers() {
        let area: Area = "B2:D4".parse().unwrap();
        assert!(area.holds("C3".parse().unwrap()) && area.holds("D4".parse().unwrap()));
        assert!(!area.holds("E4".parse().unwrap()) && !area.holds("B5".parse().unwrap()));
        assert_eq!("D4:B2".parse::<Area>(), Err(BadCellRef));
        assert_eq!(area.to_string(), "B2:D4");
    }

    #[test]
    fn a_cell_is_found_by_its_place_and_an_empty_place_has_none() {
        let cell = |at: &str| Cell { at: at.parse().unwrap(), value: Value::Integer(204), odd: Vec::new() };
        let sheet = Sheet {
            rows: vec![Row { number: 4, cells: vec![cell("B5"), cell("D5")], ..Row::default() }],
            ..Sheet::default()
        };
        assert_eq!(sheet.cell("D5".parse().unwrap()).map(Cell::text).as_deref(), Some("204"));
        assert_eq!(sheet.cell("C5".parse().unwrap()), None);
        assert_eq!(sheet.cell("B6".parse().unwrap()), None);
    }
}
