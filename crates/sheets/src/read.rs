//! Reading one file, in this process.
//!
//! Owns the order: size, name, what the bytes are, then the reader for it. What a newcomer gets wrong:
//! calling it in the server. It is what the child runs; the server asks [`crate::Reader`].

use iljari_base::Refusal;
use iljari_base::korean::looks_like_resident_number;

use crate::container::Container;
use crate::grid::Grid;
use crate::limits::Limits;
use crate::no::No;
use crate::recognise::{Inside, Kind, inside, kind};
use crate::{csv, xlsx};

/// Reads a workbook or a CSV. Pure: no files, no clock; the caps bound what it allocates.
pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Grid, Vec<Refusal>> {
    one(bytes, file_name, limits).map_err(|no| vec![no.refusal()])
}

pub(crate) fn one(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Grid, No> {
    if bytes.len() > limits.file_bytes {
        return Err(No::TooLarge { limit: limits.file_bytes });
    }
    if looks_like_resident_number(file_name) {
        return Err(No::ResidentNumberInName);
    }
    match kind(bytes, file_name)? {
        Kind::Text => csv::read::read(bytes, limits),
        Kind::Zip => {
            let container = Container::open(bytes, limits)?;
            match inside(&container, file_name)? {
                Inside::Workbook => xlsx::read(&container, limits),
                Inside::Files => Err(No::NotASheet { what: "압축(ZIP)" }),
            }
        }
    }
}
