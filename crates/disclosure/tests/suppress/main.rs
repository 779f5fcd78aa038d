//! Hidden numbers, seen by somebody who wants them: an attacker of its own who tries every possibility.

#![expect(clippy::expect_used, reason = "a fixture that cannot be made is a failed test")]

mod attacker;
mod families;
mod stories;
