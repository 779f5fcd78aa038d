//! Workbooks and archives of them: read, or refused with words. The container is what the bytes say it is.
#![no_main]

use iljari_sheets::{Limits, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in ["실적.xlsx", "제출.zip"] {
        if let Err(refusals) = read(bytes, name, &Limits::default()) {
            assert!(!refusals.is_empty() && refusals.iter().all(|refusal| !refusal.message.is_empty()));
        }
    }
});
