//! The ledger's pages: what everybody sees, and what officers work with.

mod course_line;
pub mod csv_file;
pub mod office;
pub mod public;
