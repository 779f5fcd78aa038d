//! The log and the bundle against published vectors, an independent oracle, and vandals.

#![expect(clippy::expect_used, reason = "a fixture that cannot be made is a failed test")]

mod attributes;
mod bundle;
mod fixture;
mod leaf;
mod note;
mod page;
mod privacy;
mod tamper;
mod tile;
mod totals;
mod tree;
