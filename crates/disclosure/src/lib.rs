//! Public formats and their checker: plan file, ledger leaf, tree, checkpoint, proof, bundle.
//!
//! Owns: everything a stranger needs to rebuild a disclosed number from a bundle and a public key
//! (I10). Does not own: any IO, clock or database. What a newcomer gets wrong: adding a number
//! here that only the office can compute.

pub mod bundle;
pub mod log;
pub mod plan;
pub mod suppress;
