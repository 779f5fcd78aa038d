//! Whole documents, in every format.

#![expect(clippy::expect_used, reason = "a test may stop where its own preparation fails")]

mod figures;
mod formats;
mod sample;
