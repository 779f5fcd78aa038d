//! Our side of the benches (견줌): the same files in as for the peers, one JSON line out.
//!
//! Owns: reading the workloads, turning their rules into our files, and the clock around the product's
//! own functions. Does not own: anything that is timed. What a newcomer gets wrong: making a function
//! faster here. A figure counts only if the product calls what was timed, and its line says which
//! function that was.

pub mod chance;
pub mod convert;
pub mod crc;
pub mod documents;
pub mod exchange;
pub mod figure;
pub mod ledger;
pub mod load;
pub mod pages;
pub mod plain;
pub mod run;
pub mod workload;
pub mod writes;
