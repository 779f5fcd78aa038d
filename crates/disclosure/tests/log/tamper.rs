//! Vandals: every flipped bit, every missing, added, renamed or exchanged file is refused.

use std::collections::BTreeSet;

use iljari_disclosure::bundle::{Bundle, Code, Options, from_zip, verify, zip};
use proptest::prelude::*;

use crate::fixture::small_bundle;

/// Exit code 1, whether or not a key is named.
fn is_refused(bundle: &Bundle) -> bool {
    verify(bundle, &Options::default()).exit_code() == 1
}

#[test]
fn flipped_bits_are_refused_in_every_file() {
    let bundle = small_bundle();
    assert!(!is_refused(&bundle));
    let total: usize = bundle.values().map(Vec::len).sum();
    // The signed shell in full; of the rest every bit position of at least every 29th byte.
    let mut tried = 0;
    let mut seen = BTreeSet::new();
    let mut damaged = bundle.clone();
    for (path, bytes) in &bundle {
        let whole = ["key", "checkpoint"].contains(&path.as_str());
        let positions = (0..bytes.len() * 8).filter(|bit| whole || bit % 29 == 0 || bit / 8 + 1 == bytes.len());
        for bit in positions {
            let file = damaged.get_mut(path).expect("a file");
            file[bit / 8] ^= 1 << (bit % 8);
            assert!(is_refused(&damaged), "{path} bit {bit}");
            damaged.get_mut(path).expect("a file")[bit / 8] ^= 1 << (bit % 8);
            tried += 1;
            seen.insert(path.clone());
        }
    }
    assert_eq!(damaged, bundle);
    assert_eq!(seen.len(), bundle.len(), "every file was tried");
    assert!(tried >= 5_000, "{tried} of {} bits", total * 8);
}

#[test]
fn a_file_removed_added_emptied_renamed_or_exchanged_is_refused_by_name() {
    let bundle = small_bundle();
    let paths: Vec<String> = bundle.keys().cloned().collect();
    for path in &paths {
        let mut changed = bundle.clone();
        let bytes = changed.remove(path).expect("a file");
        let report = verify(&changed, &Options::default());
        assert_eq!(report.exit_code(), 1, "{path} removed");
        assert!(report.problems.iter().any(|problem| problem.path == *path), "{path} is named");

        for name in [format!("{path}x"), format!("documents/{}", path.replace('/', "-")), format!("log/{path}")] {
            let mut renamed = changed.clone();
            renamed.insert(name.clone(), bytes.clone());
            assert!(is_refused(&renamed), "{path} renamed to {name}");
        }
        let mut emptied = bundle.clone();
        emptied.insert(path.clone(), vec![]);
        assert!(is_refused(&emptied), "{path} emptied");
        let mut longer = bundle.clone();
        longer.get_mut(path).expect("a file").push(b'\n');
        assert!(is_refused(&longer), "{path} with one more newline");
        for other in paths.iter().filter(|other| bundle[*other] != bundle[path]) {
            let mut exchanged = bundle.clone();
            exchanged.insert(path.clone(), bundle[other].clone());
            exchanged.insert(other.clone(), bundle[path].clone());
            assert!(is_refused(&exchanged), "{path} exchanged with {other}");
        }
    }
    for path in
        ["extra", "documents/extra.csv", "documents/plan/extra.yaml", "log/tile/0/001", "log/tile/entries/001.p/1"]
    {
        let mut changed = bundle.clone();
        changed.insert(path.to_owned(), b"extra".to_vec());
        let report = verify(&changed, &Options::default());
        assert!(report.has(Code::FileUnlisted), "{path} added");
        assert!(report.problems.iter().any(|problem| problem.path == path), "{path} is named");
    }
}

#[test]
fn flipped_bits_of_the_zip_are_refused() {
    let archive = zip(&small_bundle()).expect("a ZIP");
    for bit in (0..archive.len() * 8).filter(|bit| bit % 61 == 0 || bit / 8 > archive.len() - 80) {
        let mut damaged = archive.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(from_zip(&damaged).is_err(), "bit {bit}");
    }
}

#[test]
fn nonsense_never_panics() {
    assert_eq!(verify(&Bundle::new(), &Options::default()).exit_code(), 1);
    let bundle = small_bundle();
    // Each file alone, and each cut short at many places.
    for (path, bytes) in &bundle {
        let alone = Bundle::from([(path.clone(), bytes.clone())]);
        assert!(is_refused(&alone));
        for cut in (0..bytes.len()).step_by(1 + bytes.len() / 12) {
            let mut damaged = bundle.clone();
            damaged.insert(path.clone(), bytes[..cut].to_vec());
            assert!(is_refused(&damaged), "{path} cut at {cut}");
        }
    }
    let mut huge = bundle;
    let checkpoint = String::from_utf8(huge["checkpoint"].clone()).expect("UTF-8");
    huge.insert("checkpoint".into(), checkpoint.replacen("\n8\n", "\n9007199254740991\n", 1).into_bytes());
    assert!(verify(&huge, &Options::default()).has(Code::SizeDiffers));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn overwritten_stretches_never_panic_and_are_refused(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), noise in prop::collection::vec(any::<u8>(), 1..40)
    ) {
        let bundle = small_bundle();
        let path = bundle.keys().nth(which.index(bundle.len())).expect("a file").clone();
        let mut damaged = bundle.clone();
        let file = damaged.get_mut(&path).expect("a file");
        let start = at.index(file.len());
        for (place, byte) in noise.into_iter().enumerate().take(file.len() - start) {
            file[start + place] = byte;
        }
        prop_assume!(damaged != bundle);
        prop_assert!(is_refused(&damaged), "{}", path);
    }

    #[test]
    fn arbitrary_zips_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(from_zip(&bytes).is_err());
        bytes.splice(0..0, *b"PK\x03\x04");
        prop_assert!(from_zip(&bytes).is_err());
    }
}
