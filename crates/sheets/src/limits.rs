//! How much of a stranger's file is read.
//!
//! Owns the caps of one file; the child process has caps of its own in `child`. A newcomer raises one
//! because somebody's file did not fit: ask first why an office's sheet has 100,000 rows.

use serde::{Deserialize, Serialize};

/// The caps of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a workbook or CSV.
    pub file_bytes: usize,
    /// Bytes of a ZIP of workbooks.
    pub many_bytes: usize,
    /// Workbooks in such a ZIP.
    pub many_files: usize,
    /// Entries of a ZIP container.
    pub entries: usize,
    /// Bytes of a ZIP container, inflated, all entries together.
    pub inflated_bytes: u64,
    /// How many times larger an entry may become when it is inflated.
    pub ratio: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Rows of a sheet.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: u16,
    /// Cells of a file that hold something.
    pub cells: usize,
    /// Bytes of text in one cell.
    pub cell_bytes: usize,
    /// Bytes of text in all cells together.
    pub text_bytes: usize,
    /// Merged areas of a sheet.
    pub merged: usize,
    /// Faults of one kind that are collected before the rest is only counted.
    pub faults: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 10 << 20,
            many_bytes: 20 << 20,
            many_files: 200,
            entries: 1_000,
            inflated_bytes: 100 << 20,
            ratio: 100,
            sheets: 100,
            rows: 100_000,
            columns: 256,
            cells: 100_000,
            cell_bytes: 32 << 10,
            text_bytes: 16 << 20,
            merged: 1_000,
            faults: 200,
        }
    }
}
