//! The job ledger (일자리 원장): entries, corrections, totals, seals, disclosures.
//!
//! Owns: the only way to write an entry (I4), the totals that are a fold of entries (I5), the seal
//! that signs them, the disclosure that puts a year out, and the pages that show all this. Does not
//! own: the formats (they are `disclosure`), the plans (`plans`), who an officer is (`people`).
//! What a newcomer gets wrong: changing an entry. A wrong entry is answered by a correcting one.

pub mod adopt;
pub mod api;
pub mod append;
pub mod attributes;
pub mod channel;
pub mod columns;
pub mod disclose;
pub mod documents;
pub mod frozen;
pub mod job;
pub mod keys;
pub mod model;
pub mod pages;
pub mod progress;
pub mod publish;
pub mod record;
pub mod recover;
pub mod rotate;
mod routes_office;
mod routes_public;
pub mod seal;
pub mod seed;
pub mod store;
#[cfg(test)]
mod tests;
pub mod totals;
pub mod trees;
pub mod watch;

use iljari_web::RouteTable;

/// Every route of the ledger, for everybody and for officers.
pub fn routes() -> RouteTable {
    routes_public::routes().merge(routes_office::routes()).merge(api::routes())
}
