//! The log and the bundle against published vectors, an independent oracle, and vandals.

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
