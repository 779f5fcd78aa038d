//! CSV of departments: read, or refused with words.
#![no_main]

use iljari_sheets::{Limits, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(refusals) = read(bytes, "실적.csv", &Limits::default()) {
        assert!(!refusals.is_empty() && refusals.iter().all(|refusal| !refusal.message.is_empty()));
    }
});
