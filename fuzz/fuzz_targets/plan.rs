//! Plan files: whatever stands in one, the checker answers, in both languages and as JSON.
#![no_main]

use iljari_disclosure::plan::{Lang, check, render_json, render_text};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let report = check(&[("file.yaml", bytes)]);
    assert!(!render_text(&report, Lang::Ko, false).is_empty());
    assert!(!render_text(&report, Lang::En, true).is_empty());
    assert!(!render_json(&report).is_empty());
});
