//! Lines of the log: what is read as a leaf is written back to the very same bytes.
#![no_main]

use iljari_disclosure::log::Leaf;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.to_line().as_bytes(), bytes);
    }
});
