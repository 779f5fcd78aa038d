//! The ledger's pages: what everybody sees, and what officers work with.

pub mod csv_file;
pub mod office;
pub mod public;
