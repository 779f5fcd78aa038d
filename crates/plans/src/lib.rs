//! Plan versions, the tree of strategies, tasks and programs, indicators, yearly targets (계획).
//!
//! Owns: the adopted plan files, the books read from them, the public and the officers' plan pages.
//! Does not own: what a plan file means (that is `disclosure::plan`) nor any actual (that is
//! `ledger`). What a newcomer gets wrong: adopting a plan here. Adopting writes a leaf, so it is
//! `ledger::adopt`, which calls [`store::insert_file`] in the same transaction.

pub mod books;
pub mod pages;
pub mod routes;
pub mod store;
pub mod tree;

#[cfg(test)]
mod tests;

pub use books::Books;
pub use pages::samples;
pub use routes::routes;
pub use store::PlanFile;
