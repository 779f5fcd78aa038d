//! Programs (사업 운영): from the notice to the first day of work, every answer with its reasons.
//!
//! Owns: calls, applications, look-ups, screening, selection, the reserve list, participation. Does not
//! own: what a rule means (`rules`), who a resident is (`people`), a job once it counts (`ledger`).
//! What a newcomer gets wrong: computing a verdict twice. Screening, selection and the applicant's own page
//! all ask the rules that the call froze.

pub mod calendar;
pub mod call;
pub mod model;
pub mod notice;
pub mod pages;
mod routes;
pub mod rulebook;
pub mod store;
#[cfg(test)]
mod tests;

pub use routes::routes;
