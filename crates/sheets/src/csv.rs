//! CSV, in and out.
//!
//! Owns the text between bytes and fields: encodings, delimiters, quotes. Does not own what a text means as
//! a value; workbooks and CSV share that. What a newcomer gets wrong: a CSV from an office is rarely UTF-8.

pub(crate) mod encoding;
pub(crate) mod read;
pub(crate) mod scan;
pub(crate) mod write;

pub use write::{unguarded, write};
