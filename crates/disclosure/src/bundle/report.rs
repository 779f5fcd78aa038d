//! What a check found: problems by code, checks by name, one exit code.
//!
//! Owns: the codes and the shape of the answer. Does not own: the finding. What a newcomer gets
//! wrong: reading an empty problem list as proof. Unless somebody named the key, the bundle may
//! have been made by anybody; that is why the exit code is then 3.

use iljari_base::{DistrictCode, Year};

use crate::log::Hash;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// What kind of problem it is. The texts are stable; pages and scripts may rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable text.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $code,)*
                }
            }

            /// What it means, in English, as the format page says it.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Code::$name => concat!($($doc,)*).trim_ascii(),)*
                }
            }
        }
    };
}

codes! {
    /// A file that every bundle has is not there.
    RequiredMissing = "required-missing",
    /// A path that no bundle may hold.
    PathForm = "path-form",
    /// The bundle has too many files or too many bytes.
    TooLarge = "too-large",
    /// A file whose place is not part of the layout.
    FileUnexpected = "file-unexpected",
    /// The key file is no verifier key.
    KeyForm = "key-form",
    /// The key is not the one that was named.
    KeyOther = "key-other",
    /// The manifest is not a signed note, or its text is not canonical.
    ManifestForm = "manifest-form",
    /// The manifest does not have exactly one signature.
    ManifestSignatures = "manifest-signatures",
    /// The manifest's signature is not by the key.
    ManifestSignature = "manifest-signature",
    /// Origin, district and key name do not belong together.
    OriginOther = "origin-other",
    /// A listed file is missing.
    FileMissing = "file-missing",
    /// A listed file has other bytes.
    FileChanged = "file-changed",
    /// A file that the manifest does not list.
    FileUnlisted = "file-unlisted",
    /// A checkpoint cannot be read.
    CheckpointForm = "checkpoint-form",
    /// A checkpoint's signature is not by the key.
    CheckpointSignature = "checkpoint-signature",
    /// A checkpoint is of another log.
    CheckpointOrigin = "checkpoint-origin",
    /// An entry bundle is missing, broken or of the wrong width.
    EntriesForm = "entries-form",
    /// An entry is not a canonical leaf.
    LeafForm = "leaf-form",
    /// A leaf of another district.
    LeafDistrict = "leaf-district",
    /// A tile is missing.
    TileMissing = "tile-missing",
    /// A tile has other bytes than the entries give.
    TileChanged = "tile-changed",
    /// The log is not as long as a checkpoint says.
    SizeDiffers = "size-differs",
    /// The log's root is not the one a checkpoint says.
    RootDiffers = "root-differs",
    /// The log names a newer key than the one that signed.
    KeyReplaced = "key-replaced",
    /// No leaf of the log announces this disclosure.
    DisclosureMissing = "disclosure-missing",
    /// A disclosure leaf does not fit the log, the documents or the disclosure it corrects.
    DisclosureDiffers = "disclosure-differs",
    /// The list of documents is not in its canonical form.
    DocumentsForm = "documents-form",
    /// A listed document is missing.
    DocumentMissing = "document-missing",
    /// A listed document has other bytes.
    DocumentChanged = "document-changed",
    /// A document that the list does not name.
    DocumentUnlisted = "document-unlisted",
    /// The plan file that a leaf names is missing.
    PlanMissing = "plan-missing",
    /// A plan file has other bytes than its leaf says.
    PlanChanged = "plan-changed",
    /// A plan file that no leaf names.
    PlanUnknown = "plan-unknown",
    /// The tree table is not canonical, or is no tree.
    TreeForm = "tree-form",
    /// Numbers at a node that the tree does not have.
    NodeUnknown = "node-unknown",
    /// Two leaves of one id.
    DuplicateId = "duplicate-id",
    /// Two job leaves of one commitment.
    DuplicateCommitment = "duplicate-commitment",
    /// A correction names no earlier leaf.
    CorrectionTarget = "correction-target",
    /// A correction counts elsewhere than the leaf it answers.
    CorrectionSlot = "correction-slot",
    /// A part of a total is below zero.
    BelowZero = "below-zero",
    /// A sum is too large to count.
    Overflow = "overflow",
    /// A disclosed table is not in its canonical form.
    TotalsForm = "totals-form",
    /// A disclosed number is not what the leaves add up to.
    NumberDiffers = "number-differs",
    /// A line that the leaves give is missing from a disclosed table.
    LineMissing = "line-missing",
    /// A disclosed table has a line that the leaves do not give.
    LineUnknown = "line-unknown",
    /// A table by a personal attribute is not in its canonical form.
    AttributesForm = "attributes-form",
    /// The margin of a table by a personal attribute is not what the leaves add up to.
    AttributesTotal = "attributes-total",
    /// The items of a table by a personal attribute cannot add up to its margin.
    AttributesSum = "attributes-sum",
    /// A table by a personal attribute shows, or gives away, a number from 1 to 4.
    AttributesSmall = "attributes-small",
    /// The earlier bundle cannot be used for comparison.
    SinceForm = "since-form",
    /// The earlier bundle is of another log.
    SinceOrigin = "since-origin",
    /// Another key than the earlier bundle's, and no leaf says so.
    SinceKey = "since-key",
    /// The earlier bundle's log is longer.
    SinceLonger = "since-longer",
    /// The earlier bundle's log is not the beginning of this one.
    SinceDiffers = "since-differs",
    /// Two checkpoints of one size and different roots: two histories.
    TwoHistories = "two-histories",
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub code: Code,
    /// The file it was found in.
    pub path: String,
    /// The sentence for everybody.
    pub sentence_ko: String,
    /// The same in English.
    pub sentence_en: String,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked, in Korean.
    pub name: &'static str,
    /// Whether it held.
    pub ok: bool,
    /// What was found, in one Korean sentence.
    pub note: String,
}

/// What the bundle says it discloses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// The log's origin.
    pub origin: String,
    /// The district.
    pub district: DistrictCode,
    /// The year.
    pub year: Year,
    /// Which disclosure of that year.
    pub no: i64,
    /// Size and root of the disclosed log (C₁), where readable.
    pub first: Option<(u64, Hash)>,
    /// Size and root of the whole log (C₂), where readable.
    pub second: Option<(u64, Hash)>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Everything that is wrong; at most [`PROBLEMS_MAX`].
    pub problems: Vec<Problem>,
    /// How many problems were found beyond those.
    pub further: u64,
    /// Everything that was checked, in order.
    pub checks: Vec<Check>,
    /// How many leaves were read.
    pub leaves: u64,
    /// How many disclosed numbers were compared.
    pub numbers_checked: u64,
    /// The fingerprint of the bundle's key, where readable.
    pub fingerprint: Option<String>,
    /// Whether the key was named beforehand and is this bundle's.
    pub key_named: bool,
    /// What the bundle says it discloses, where readable.
    pub disclosure: Option<Disclosed>,
}

/// Most problems kept; a ruined log would otherwise give one per leaf.
pub const PROBLEMS_MAX: usize = 1000;

impl Report {
    /// 0 all well; 1 problems; 3 all well but nobody named the key.
    pub fn exit_code(&self) -> u8 {
        match (self.problems.is_empty(), self.key_named) {
            (false, _) => 1,
            (true, true) => 0,
            (true, false) => 3,
        }
    }

    /// Whether a problem of this code was found.
    pub fn has(&self, code: Code) -> bool {
        self.problems.iter().any(|problem| problem.code == code)
    }

    pub(super) fn problem(&mut self, code: Code, path: &str, ko: impl Into<String>, en: impl Into<String>) {
        if self.problems.len() == PROBLEMS_MAX {
            self.further += 1;
            return;
        }
        let (path, sentence_ko, sentence_en) = (path.to_owned(), ko.into(), en.into());
        self.problems.push(Problem { code, path, sentence_ko, sentence_en });
    }

    /// How many problems so far: a check held if nothing was added to it.
    pub(super) fn mark(&self) -> u64 {
        self.further + u64::try_from(self.problems.len()).unwrap_or(u64::MAX)
    }

    /// A check that could not be done, because what it needs could not be read.
    pub(super) fn not_done(&mut self, name: &'static str, note: impl Into<String>) {
        self.checks.push(Check { name, ok: false, note: note.into() });
    }

    pub(super) fn check(&mut self, name: &'static str, mark: u64, note: impl Into<String>) {
        let found = self.mark() - mark;
        let note = if found == 0 { note.into() } else { format!("문제가 {found}건 있습니다.") };
        self.checks.push(Check { name, ok: found == 0, note });
    }
}
