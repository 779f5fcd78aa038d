//! Programs (사업 운영): from the notice to the first day of work, every answer with its reasons.
//!
//! Owns: calls, applications, look-ups, screening, selection, the reserve list, participation. Does not
//! own: what a rule means (`rules`), who a resident is (`people`), a job once it counts (`ledger`).
//! What a newcomer gets wrong: computing a verdict twice. Screening, selection and the applicant's own page
//! all ask the rules that the call froze.

pub mod after;
pub mod again;
pub mod application;
pub mod assigned;
pub mod attendance;
pub mod calendar;
pub mod call;
pub mod chores;
pub mod code;
pub mod counting;
pub mod evidence;
pub mod hidden;
mod hints;
pub mod intake;
pub mod judge;
pub mod left;
pub mod lookup;
pub mod model;
pub mod notice;
pub mod objection;
pub mod outcome;
pub mod pages;
pub mod participate;
pub mod ranking;
pub mod reserve;
mod routes;
pub mod rulebook;
pub mod screen;
pub mod seats;
pub mod seed;
pub mod select;
pub mod selection;
pub mod shelf;
pub mod spot_check;
pub mod store;
pub mod suitable;
#[cfg(test)]
mod tests;
pub mod wage;
pub mod words;
pub mod work;

pub use hints::hints;
pub use routes::routes;
