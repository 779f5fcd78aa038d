//! Receipts: read, or refused; no made-up one is proven, because nobody here has the key.
#![no_main]

use iljari_disclosure::log::proof::{Receipt, check};
use iljari_disclosure::log::{Signer, VerifierKey};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Receipt::parse(text);
    let Ok(signer) = Signer::new("iljari.example/99001", &[7; 32]) else { return };
    let key: &VerifierKey = signer.verifier();
    assert!(check(text, key).is_err());
});
