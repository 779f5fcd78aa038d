//! Signed heads of the log: what is read without its signature says the same when it is written again.
#![no_main]

use iljari_disclosure::log::Checkpoint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(head) = Checkpoint::parse_unverified(bytes) {
        assert!(bytes.starts_with(head.text().as_bytes()));
        assert!(Checkpoint::parse_text(&head.text()).is_some());
    }
});
