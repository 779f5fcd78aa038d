//! The journeys, one module each, in one test program.

mod collection;
mod harness;
mod pages;
mod quarter;
mod spine;
mod verifier;
mod visit;
mod workbook;
