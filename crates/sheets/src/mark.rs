//! The uploaded file back, with a column that says what is wrong.
//!
//! Owns adding one column to a file and leaving everything else as it was. Does not own finding the
//! faults. What a newcomer gets wrong: writing the workbook anew. The department's colours, notes and
//! other sheets are theirs; only the sheet with faults is touched, and only at its right edge.

use std::collections::BTreeMap;

use iljari_base::Refusal;
use serde::{Deserialize, Serialize};

use crate::grid::{CellRef, Sheet};
use crate::limits::Limits;
use crate::no::No;
use crate::read;
use crate::reading::folded;
use crate::recognise::{Kind, kind};

mod csv;
mod xlsx;

/// The name of the column that is added, and by which it is known again.
pub const COLUMN: &str = "오류";

/// What is wrong in one sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The sheet's name; empty for a CSV.
    pub sheet: String,
    /// The names of the columns: 오류 is written in the row that holds them.
    pub columns: Vec<String>,
    /// Where it is written if no row holds them, counted from zero.
    pub header_row: Option<u32>,
    /// Cells and what is wrong with each. Several faults of one row are written in one cell.
    pub faults: Vec<(CellRef, String)>,
}

impl Marks {
    /// The row of the column names.
    fn heading(&self, sheet: &Sheet) -> Option<u32> {
        let names: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let found = if names.is_empty() { None } else { sheet.find_header(&names) };
        found.map(|header| header.row).or(self.header_row)
    }

    /// What is written in each row: the name in the heading, and each fault with its cell.
    fn lines(&self, heading: Option<u32>) -> BTreeMap<u32, String> {
        let mut lines: BTreeMap<u32, String> = BTreeMap::new();
        let mut faults: Vec<_> = self.faults.iter().collect();
        faults.sort();
        for (at, message) in faults {
            let line = lines.entry(at.row).or_default();
            if !line.is_empty() {
                line.push_str(" / ");
            }
            line.push_str(&format!("{at}: {}", crate::reading::words(message)));
        }
        if let Some(row) = heading {
            lines.insert(row, COLUMN.to_owned());
        }
        lines
    }

    /// The column they go into: the one that is named so already, or the first free one at the right.
    fn column(sheet: &Sheet, heading: Option<u32>) -> u16 {
        let heading = heading.and_then(|row| sheet.row(row));
        let named = heading.and_then(|row| row.cells.iter().rev().find(|cell| folded(&cell.text()) == COLUMN));
        match named {
            Some(cell) => cell.at.column,
            None => sheet.cells().map(|cell| cell.at.column).max().map_or(0, |last| last.saturating_add(1)),
        }
    }
}

/// The file as it came, with the marks. Meant for the child: see [`crate::Reader::mark`].
///
/// The file is read first, so that only a file that would be taken in is handed back.
pub fn with_error_column(
    bytes: &[u8],
    file_name: &str,
    marks: &[Marks],
    limits: &Limits,
) -> Result<Vec<u8>, Vec<Refusal>> {
    let marked = || {
        let grid = read::one(bytes, file_name, limits)?;
        let mut wanted = Vec::new();
        for marks in marks {
            let sheet = grid.sheet(&marks.sheet).ok_or(No::NothingToMark)?;
            let heading = marks.heading(sheet);
            wanted.push((marks.sheet.as_str(), Marks::column(sheet, heading), marks.lines(heading)));
        }
        match kind(bytes, file_name)? {
            Kind::Text => csv::with_column(bytes, &wanted, limits),
            Kind::Zip => xlsx::with_column(bytes, &wanted, limits),
        }
    };
    marked().map_err(|no: No| vec![no.refusal()])
}

#[cfg(test)]
mod tests;
