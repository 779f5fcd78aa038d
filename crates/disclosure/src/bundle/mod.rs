//! The disclosure bundle (공시 묶음): every file behind a disclosed number, and its checker.
//!
//! Owns: the layout, the disclosed tables, the manifest, the ZIP twin and `verify`. Does not own:
//! reading or writing files; a bundle is a map from path to bytes. What a newcomer gets wrong:
//! trusting a part before the whole. A file's bytes mean something only once the manifest that
//! lists them is signed by the key somebody named.

pub mod attributes;
pub mod build;
pub mod documents;
pub mod manifest;
pub mod report;
pub mod table;
pub mod verify;
pub mod zip;

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Year};
use unicode_normalization::{UnicodeNormalization, is_nfc};

pub use build::{BundleInputs, DocumentInputs, Documents, build, documents};
pub use report::{Check, Code, Disclosed, Problem, Report};
pub use verify::{Options, verify};
pub use zip::{ZipFault, from_zip, zip};

/// A bundle: path within the bundle to bytes.
pub type Bundle = BTreeMap<String, Vec<u8>>;

/// The signed list of every other file.
pub const MANIFEST: &str = "manifest";
/// The key that signed, as text.
pub const KEY: &str = "key";
/// The head the bundle's log ends with (C₂).
pub const CHECKPOINT: &str = "checkpoint";
/// The head whose numbers are disclosed (C₁).
pub const CHECKPOINT_1: &str = "checkpoint-1";
/// The log's folder.
pub const LOG: &str = "log/";
/// The documents' folder.
pub const DOCUMENTS: &str = "documents/";
/// The list of the documents' hashes; its own hash is in the disclosure leaf.
pub const DOCUMENTS_SHA256: &str = "documents.sha256";
/// The disclosed numbers as a table.
pub const TOTALS_CSV: &str = "documents/totals.csv";
/// The disclosed numbers for machines.
pub const TOTALS_JSON: &str = "documents/totals.json";
/// What the columns mean.
pub const DICTIONARY_CSV: &str = "documents/dictionary.csv";
/// The plan trees in force.
pub const TREE_CSV: &str = "documents/tree.csv";
/// The plan files' folder.
pub const PLANS: &str = "documents/plan/";

/// The tables by personal attributes.
pub const ATTRIBUTES: &str = "documents/attributes/";

/// Most files in a bundle.
pub const FILES_MAX: usize = 20_000;
/// Most bytes in a bundle, all files together.
pub const BYTES_MAX: u64 = 512 << 20;

/// What is being disclosed: whose log, which district, which year, the how-manieth time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The log's origin; its last part is the district's code.
    pub origin: String,
    /// The district.
    pub district: DistrictCode,
    /// The disclosed year.
    pub year: Year,
    /// Which disclosure of that year, from 1.
    pub no: i64,
}

/// Whether a text may be a path in a bundle: parts between slashes, none empty or of dots only, no
/// backslash, colon or control character, NFC, at most 200 bytes.
pub fn is_path(path: &str) -> bool {
    let part_is_sound = |part: &str| !part.is_empty() && !part.bytes().all(|byte| byte == b'.');
    path.len() <= 200
        && is_nfc(path)
        && !path.chars().any(|letter| letter.is_control() || matches!(letter, '\\' | ':'))
        && path.split('/').all(part_is_sound)
}

/// The path as a bundle knows it, for a folder that a system has unpacked: NFC, forward slashes.
/// Some systems hand out Hangul file names in decomposed form.
pub fn canonical_path(path: &str) -> String {
    path.replace('\\', "/").nfc().collect()
}

/// Where the `nth` (from 1) adopted version of a plan lies.
pub fn plan_path(reference: &crate::log::words::PlanRef, nth: usize) -> String {
    // A tilde cannot stand in a plan's name, so that no two plans meet in one path.
    if nth <= 1 { format!("{PLANS}{reference}.yaml") } else { format!("{PLANS}{reference}~{nth}.yaml") }
}
