//! The log: leaves, their tree, its tiles, signed heads, receipts, totals.
//!
//! Owns: the formats of `docs/reference/format.md` up to the log itself; the bundle around it is
//! [`crate::bundle`]. Does not own: any file, clock or randomness; seeds, ids and blindings come in
//! as bytes. What a newcomer gets wrong: changing a byte of any format without changing that page,
//! which others write their checkers from.

pub mod checkpoint;
pub mod commitment;
pub mod leaf;
pub mod note;
pub mod proof;
mod read;
pub mod rollup;
pub mod tile;
pub mod totals;
pub mod tree;
pub mod words;

pub use checkpoint::Checkpoint;
pub use leaf::{Body, Leaf, LeafFault, LeafId, Slot};
pub use note::{Signer, VerifierKey};
pub use tree::Hash;
