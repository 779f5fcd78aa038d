//! Bundles as zip: what is opened is checked to its end, and made up it is never found sound.
#![no_main]

use iljari_disclosure::bundle::{Options, from_zip, verify};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(bundle) = from_zip(bytes) {
        let report = verify(&bundle, &Options::default());
        // Signed by somebody and sound in itself, no machine finds by chance; without a named key it would be 2.
        assert_ne!(report.exit_code(), 0);
    }
});
