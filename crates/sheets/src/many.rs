//! A ZIP of sheets, as a department's 총괄 hands in several at once.
//!
//! Owns finding and taking out the sheets of such a ZIP. Does not own reading them (`read`). What a
//! newcomer gets wrong: a workbook is a ZIP as well; what is inside decides.

use iljari_base::Refusal;

use crate::limits::Limits;
use crate::no::No;

/// The sheets in a ZIP, by entry and name; `None` where the file is no ZIP of sheets but one file.
pub(crate) fn list(
    bytes: &[u8],
    file_name: &str,
    limits: &Limits,
) -> Result<Option<Vec<(usize, String)>>, Vec<Refusal>> {
    let _ = (bytes, file_name, limits);
    Ok(None)
}

/// One sheet of a ZIP: its name and its bytes.
pub(crate) fn take_out(bytes: &[u8], entry: usize, limits: &Limits) -> Result<(String, Vec<u8>), Vec<Refusal>> {
    let _ = (bytes, entry, limits);
    Err(vec![No::ManyEmpty.refusal()])
}
