//! The journeys, one module each, in one test program.

mod collection;
mod counter;
mod harness;
mod pages;
mod programs;
mod quarter;
mod spine;
mod suitable;
mod verifier;
mod visit;
mod workbook;
