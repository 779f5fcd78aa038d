//! Rows on their way out of a statement.
//!
//! Owns: typed access by column name. A value that is not what the column promises is an
//! [`Inconsistency`] that names table, column and row, never a guess.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use iljari_base::{Inconsistency, Month, Stop, Year};
use sqlx::postgres::{PgRow, PgValueFormat};
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Decode, Postgres, Row as _, Sqlite, TypeInfo as _, ValueRef as _};

use crate::statement::table_of;

/// One row of an answer. Plain data: keep it as long as you like.
#[derive(Debug, Clone)]
pub struct Row {
    head: Arc<Head>,
    cells: Vec<Cell>,
}

/// What all rows of one answer share.
#[derive(Debug)]
struct Head {
    sql: Arc<str>,
    columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
    Bool(bool),
    /// Something that does not cross the seam, by the engine's name for it.
    Foreign(String),
}

/// A column that is not there or does not hold what was asked for. Turns into [`Stop::Inconsistent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadColumn {
    /// The table, read from the statement; empty where it names none.
    pub table: String,
    /// The column.
    pub column: String,
    /// The row's key columns as text.
    pub row: String,
    /// What was wanted and what stood there. Never the value itself, which may be personal.
    pub why: String,
}

impl fmt::Display for BadColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} of row {}: {}", self.table, self.column, self.row, self.why)
    }
}

impl std::error::Error for BadColumn {}

impl From<BadColumn> for Inconsistency {
    fn from(bad: BadColumn) -> Self {
        Inconsistency { table: lasting(bad.table), column: format!("{} ({})", bad.column, bad.why), row: bad.row }
    }
}

impl From<BadColumn> for Stop {
    fn from(bad: BadColumn) -> Self {
        Stop::Inconsistent(bad.into())
    }
}

impl Row {
    /// The text of a column that is never NULL.
    pub fn text(&self, column: &str) -> Result<String, BadColumn> {
        self.opt_text(column)?.ok_or_else(|| self.bad(column, "wanted text, found NULL"))
    }

    /// The text of a column, or `None` for NULL.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, BadColumn> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text.clone())),
            other => Err(self.mismatch(column, "text", other)),
        }
    }

    /// The whole number of a column that is never NULL; sums are read with it too.
    pub fn int(&self, column: &str) -> Result<i64, BadColumn> {
        self.opt_int(column)?.ok_or_else(|| self.bad(column, "wanted a number, found NULL"))
    }

    /// The whole number of a column, or `None` for NULL.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, BadColumn> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Int(number) => Ok(Some(*number)),
            other => Err(self.mismatch(column, "a number", other)),
        }
    }

    /// Yes or no; 0 and 1 are read too, because SQLite has no other bool.
    pub fn bool(&self, column: &str) -> Result<bool, BadColumn> {
        self.opt_bool(column)?.ok_or_else(|| self.bad(column, "wanted a bool, found NULL"))
    }

    /// Yes, no, or `None` for NULL.
    pub fn opt_bool(&self, column: &str) -> Result<Option<bool>, BadColumn> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Bool(yes) => Ok(Some(*yes)),
            Cell::Int(0) => Ok(Some(false)),
            Cell::Int(1) => Ok(Some(true)),
            other => Err(self.mismatch(column, "a bool", other)),
        }
    }

    /// The bytes of a column that is never NULL.
    pub fn blob(&self, column: &str) -> Result<Vec<u8>, BadColumn> {
        self.opt_blob(column)?.ok_or_else(|| self.bad(column, "wanted bytes, found NULL"))
    }

    /// The bytes of a column, or `None` for NULL.
    pub fn opt_blob(&self, column: &str) -> Result<Option<Vec<u8>>, BadColumn> {
        match self.cell(column)? {
            Cell::Null => Ok(None),
            Cell::Blob(bytes) => Ok(Some(bytes.clone())),
            other => Err(self.mismatch(column, "bytes", other)),
        }
    }

    /// A text column read as a word of `base`: `Timestamp`, `Date`, `Id<K>`, `DistrictCode`, …
    pub fn parse<T: FromStr>(&self, column: &str) -> Result<T, BadColumn> {
        self.opt_parse(column)?.ok_or_else(|| self.bad(column, "wanted text, found NULL"))
    }

    /// As [`Row::parse`], or `None` for NULL.
    pub fn opt_parse<T: FromStr>(&self, column: &str) -> Result<Option<T>, BadColumn> {
        let Some(text) = self.opt_text(column)? else {
            return Ok(None);
        };
        let wanted = std::any::type_name::<T>();
        text.parse().map(Some).map_err(|_| self.bad(column, format!("the text is no {wanted}")))
    }

    /// A year, stored as a number.
    pub fn year(&self, column: &str) -> Result<Year, BadColumn> {
        let number = self.int(column)?;
        i16::try_from(number).map(Year).map_err(|_| self.bad(column, "the number is no year"))
    }

    /// A month, stored as the number 202501.
    pub fn month(&self, column: &str) -> Result<Month, BadColumn> {
        let number = self.int(column)?;
        Month::from_number(number).ok_or_else(|| self.bad(column, "the number is no month"))
    }

    /// The fault "this column's value is impossible", for checks beyond the kind of value.
    pub fn bad(&self, column: &str, why: impl Into<String>) -> BadColumn {
        BadColumn {
            table: table_of(&self.head.sql).unwrap_or_default().to_owned(),
            column: column.to_owned(),
            row: self.key(),
            why: why.into(),
        }
    }

    fn mismatch(&self, column: &str, wanted: &str, found: &Cell) -> BadColumn {
        let found = match found {
            Cell::Null => "NULL",
            Cell::Int(_) => "a number",
            Cell::Text(_) => "text",
            Cell::Blob(_) => "bytes",
            Cell::Bool(_) => "a bool",
            Cell::Foreign(kind) => kind,
        };
        self.bad(column, format!("wanted {wanted}, found {found}"))
    }

    fn cell(&self, column: &str) -> Result<&Cell, BadColumn> {
        let place = self.head.columns.iter().position(|name| name == column);
        place.and_then(|place| self.cells.get(place)).ok_or_else(|| self.bad(column, "no such column in the answer"))
    }

    /// What names this row: its id, district, number and key columns.
    fn key(&self) -> String {
        let names =
            |column: &str| ["id", "district", "no", "number", "key"].contains(&column) || column.ends_with("_id");
        let parts: Vec<String> = self
            .head
            .columns
            .iter()
            .zip(&self.cells)
            .filter(|(column, _)| names(column))
            .filter_map(|(column, cell)| match cell {
                Cell::Text(text) => Some(format!("{column}={text}")),
                Cell::Int(number) => Some(format!("{column}={number}")),
                _ => None,
            })
            .collect();
        if parts.is_empty() { "(no key selected)".to_owned() } else { parts.join(" ") }
    }
}

/// Keeps a table's name for as long as the program runs. There are as many as the statements name.
fn lasting(name: String) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name.as_str()) {
        return known;
    }
    let kept: &'static str = name.leak();
    names.insert(kept);
    kept
}

/// Reads the SQLite driver's rows.
pub(crate) fn from_sqlite(sql: &Arc<str>, rows: &[SqliteRow]) -> Result<Vec<Row>, sqlx::Error> {
    let names = rows.first().map(|row| row.columns().iter().map(|column| column.name().to_owned()).collect());
    let head = Arc::new(Head { sql: Arc::clone(sql), columns: names.unwrap_or_default() });
    let cell = |row: &SqliteRow, place: usize| -> Result<Cell, sqlx::Error> {
        let value = row.try_get_raw(place)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            "INTEGER" => <i64 as Decode<Sqlite>>::decode(value).map(Cell::Int),
            "TEXT" => <String as Decode<Sqlite>>::decode(value).map(Cell::Text),
            "BLOB" => <Vec<u8> as Decode<Sqlite>>::decode(value).map(Cell::Blob),
            _ => Ok(Cell::Foreign(kind)),
        }
        .map_err(sqlx::Error::Decode)
    };
    rows.iter()
        .map(|row| {
            let cells = (0..row.len()).map(|place| cell(row, place)).collect::<Result<_, _>>()?;
            Ok(Row { head: Arc::clone(&head), cells })
        })
        .collect()
}

/// Reads the PostgreSQL driver's rows.
pub(crate) fn from_postgres(sql: &Arc<str>, rows: &[PgRow]) -> Result<Vec<Row>, sqlx::Error> {
    let names = rows.first().map(|row| row.columns().iter().map(|column| column.name().to_owned()).collect());
    let head = Arc::new(Head { sql: Arc::clone(sql), columns: names.unwrap_or_default() });
    let cell = |row: &PgRow, place: usize| -> Result<Cell, sqlx::Error> {
        let value = row.try_get_raw(place)?;
        if value.is_null() {
            return Ok(Cell::Null);
        }
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            "INT8" => <i64 as Decode<Postgres>>::decode(value).map(Cell::Int),
            "INT4" => <i32 as Decode<Postgres>>::decode(value).map(|number| Cell::Int(number.into())),
            "INT2" => <i16 as Decode<Postgres>>::decode(value).map(|number| Cell::Int(number.into())),
            "TEXT" | "VARCHAR" | "CHAR" | "NAME" => <String as Decode<Postgres>>::decode(value).map(Cell::Text),
            "BYTEA" => <Vec<u8> as Decode<Postgres>>::decode(value).map(Cell::Blob),
            "BOOL" => <bool as Decode<Postgres>>::decode(value).map(Cell::Bool),
            // What sum() of BIGINT gives.
            "NUMERIC" if value.format() == PgValueFormat::Binary => {
                value.as_bytes().map(|bytes| whole_numeric(bytes).map_or(Cell::Foreign(kind), Cell::Int))
            }
            _ => Ok(Cell::Foreign(kind)),
        }
        .map_err(sqlx::Error::Decode)
    };
    rows.iter()
        .map(|row| {
            let cells = (0..row.len()).map(|place| cell(row, place)).collect::<Result<_, _>>()?;
            Ok(Row { head: Arc::clone(&head), cells })
        })
        .collect()
}

/// Reads PostgreSQL's binary NUMERIC where it is whole and fits: digits of base 10,000, the first
/// of which counts for 10,000 to the power of `weight`.
fn whole_numeric(bytes: &[u8]) -> Option<i64> {
    let mut words = bytes.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight, sign) = (words.next()?, words.next()?, words.next()?);
    let _shown_decimals = words.next()?;
    if count == 0 && sign == 0 {
        return Some(0);
    }
    if count < 1 || weight < count - 1 || !(sign == 0 || sign == 0x4000) {
        return None;
    }
    let mut value: i64 = 0;
    for _ in 0..=weight {
        let digit = i64::from(words.next().unwrap_or(0));
        let digit = if sign == 0 { digit } else { -digit };
        value = value.checked_mul(10_000)?.checked_add(digit)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(count: i16, weight: i16, sign: i16, digits: &[i16]) -> Option<i64> {
        let words = [&[count, weight, sign, 0], digits].concat();
        whole_numeric(&words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>())
    }

    #[test]
    fn whole_sums_are_read_and_others_are_not() {
        assert_eq!(numeric(0, 0, 0, &[]), Some(0));
        assert_eq!(numeric(2, 1, 0, &[5, 1200]), Some(51_200));
        assert_eq!(numeric(1, 1, 0, &[5]), Some(50_000));
        assert_eq!(numeric(2, 1, 0x4000, &[5, 1200]), Some(-51_200));
        assert_eq!(numeric(5, 4, 0x4000, &[922, 3372, 368, 5477, 5808]), Some(i64::MIN));
        assert_eq!(numeric(5, 4, 0, &[922, 3372, 368, 5477, 5808]), None);
        assert_eq!(numeric(2, 0, 0, &[1, 5000]), None);
        assert_eq!(numeric(0, 0, -0x4000, &[]), None);
    }
}
