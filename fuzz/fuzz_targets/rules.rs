//! Rule files: whatever stands in one, the checker answers, in both languages and as JSON.
#![no_main]

use iljari_authored::{Lang, render_json, render_text};
use iljari_rules::check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (_, report) = check(&[("rules.yaml", bytes)]);
    assert!(!render_text(&report, Lang::Ko, false).is_empty());
    assert!(!render_text(&report, Lang::En, true).is_empty());
    assert!(!render_json(&report, "rules").is_empty());
});
