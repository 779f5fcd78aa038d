//! Collection (취합): a round asks every department for its numbers and takes them in.
//!
//! Owns: rounds, the departments' workbooks, uploads with their faults and differences, the board of
//! who has handed in. Does not own: a number once it is written down (`ledger::record` stages it and a
//! second officer confirms it there), or how a file is read (`sheets`). What a newcomer gets wrong:
//! thinking that an upload moves a total.

pub mod apply;
pub mod ask;
pub mod board;
pub mod confirm;
pub mod hand_in;
mod hints;
mod look;
pub mod model;
pub mod open_round;
pub mod pages;
pub mod read_sheet;
pub mod result;
mod routes;
pub mod seed;
pub mod send_back;
pub mod stands;
pub mod store;
pub mod submit;
pub mod template;
#[cfg(test)]
mod tests;
pub mod weigh;
pub mod withdraw;

pub use hints::hints;
pub use routes::routes;
