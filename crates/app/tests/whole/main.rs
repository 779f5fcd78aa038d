//! Walls around the whole binary: every door, every number, every command.

mod commands;
mod doors;
mod fixtures;
mod numbers;
mod town;
