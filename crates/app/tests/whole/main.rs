//! Walls around the whole binary: every door, every number, every command.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

mod backup;
mod canaries;
mod commands;
mod deploy;
mod doors;
mod faults;
mod fixtures;
mod key_files;
mod numbers;
mod numerals;
mod rights;
mod site;
mod town;
