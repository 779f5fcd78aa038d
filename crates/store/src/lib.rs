//! SQLite or PostgreSQL behind one seam.
//!
//! Owns: connections, the one write door (I12), consistent reads, the values and rows that cross
//! the seam, the migrations of every slice, the table `setting`, the forms whose act was done, whole copies of the database, whole files,
//! the commit number, and what is kept in memory beside the database. Does not own: any slice's
//! statement; those stand in that slice's `store.rs`, written once for both engines.
//! What a newcomer gets wrong: catching a failed statement and going on. A statement that the
//! database refused ends its act (PostgreSQL would not go on either); write `ON CONFLICT` instead.
//!
//! ```no_run
//! # use iljari_base::{Outcome, Timestamp};
//! # use iljari_store::{Store, args};
//! # async fn example(store: Store, now: Timestamp) -> Outcome<String> {
//! let word = store
//!     .write(move |tx| {
//!         Box::pin(async move {
//!             let insert = "INSERT INTO setting (key, value, created_at) VALUES ($1, $2, $3)";
//!             tx.execute(insert, args!["made_by", "office", now]).await?;
//!             let row = tx.fetch_one("SELECT key, value FROM setting WHERE key = $1", args!["made_by"]).await?;
//!             Ok(row.text("value")?)
//!         })
//!     })
//!     .await?;
//! # Ok(word)
//! # }
//! ```
//!
//! The subset both engines share: `$1` parameters, `RETURNING`, `ON CONFLICT`, plain CTEs, window
//! functions. Sums of integers may be read with [`Row::int`] on both. Dates and instants are text,
//! so text order is their order; the PostgreSQL database therefore has to sort by code point.

mod arg;
mod copy;
mod door;
mod error;
pub mod files;
mod kept;
mod memory;
mod migrate;
pub mod once;
mod open;
mod row;
mod statement;
mod steps;
mod store;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod wal;

pub use arg::Arg;
pub use copy::Health;
pub use door::{Act, Store};
pub use error::{DbError, OnUnique};
pub use kept::{Hits, Stamp, watched};
pub use memory::Memory;
pub use open::Engine;
pub use row::{BadColumn, Row};
pub use store::{set_setting, setting};
pub use tx::Tx;
