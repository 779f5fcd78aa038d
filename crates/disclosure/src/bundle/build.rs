//! Building a bundle (공시 묶음 만들기), in the two steps a disclosure has.
//!
//! First the documents over C₁; their list's hash goes into the disclosure leaf. Then, once that
//! leaf is sealed into C₂, the bundle around them. Owns: putting files together. Does not own:
//! sealing, or deciding what is disclosed. What a newcomer gets wrong: publishing what was built.
//! Only what [`verify`] finds nothing wrong with is returned at all.

use std::collections::BTreeMap;

use super::documents::{dictionary_csv, documents_sha256, totals_csv, totals_json, tree_csv};
use super::manifest::Manifest;
use super::report::{Code, Problem, Report};
use super::{
    ATTRIBUTES, Bundle, CHECKPOINT, CHECKPOINT_1, DICTIONARY_CSV, DOCUMENTS, DOCUMENTS_SHA256, Heading, KEY, LOG,
    MANIFEST, Options, TOTALS_CSV, TOTALS_JSON, TREE_CSV, plan_path, verify,
};
use crate::log::leaf::{Body, Leaf};
use crate::log::rollup::{Line, PlanTree, roll_up};
use crate::log::tile::{entry_bundles, hash_tiles};
use crate::log::totals::fold;
use crate::log::tree::leaf_hash;
use crate::log::{Checkpoint, Hash, Signer, VerifierKey};

/// What the documents are made from.
#[derive(Debug, Clone)]
pub struct DocumentInputs<'i> {
    /// What is disclosed.
    pub heading: &'i Heading,
    /// The log up to C₁.
    pub leaves: &'i [Leaf],
    /// C₁.
    pub first: &'i Checkpoint,
    /// The plan trees in force.
    pub tree: &'i PlanTree,
    /// The plan files that `plan` leaves name, in any order.
    pub plans: &'i [Vec<u8>],
    /// The key that signs.
    pub key: &'i VerifierKey,
    /// Further documents by path under `documents/`: what people read, tables bound by hash only.
    pub others: BTreeMap<String, Vec<u8>>,
}

/// Every document of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// By path, `documents/…`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// `documents.sha256`.
    pub list: String,
    /// The disclosed lines.
    pub lines: Vec<Line>,
}

impl Documents {
    /// What goes into the disclosure leaf as `docs`.
    pub fn hash(&self) -> Hash {
        Hash::of(self.list.as_bytes())
    }
}

/// Why nothing was built: the checker's own sentences.
pub type BuildProblems = Vec<Problem>;

fn problem(code: Code, path: &str, ko: impl Into<String>, en: impl Into<String>) -> BuildProblems {
    let mut report = Report::default();
    report.problem(code, path, ko, en);
    report.problems
}

/// Builds the documents over C₁.
pub fn documents(inputs: &DocumentInputs<'_>) -> Result<Documents, BuildProblems> {
    let (own, wrong) = fold(inputs.leaves);
    let (lines, unplaced) = roll_up(&own, inputs.tree, inputs.heading.year);
    if !wrong.is_empty() || !unplaced.is_empty() {
        return Err(super::verify::number_problems(&wrong, &unplaced));
    }
    let mut files = inputs.others.clone();
    if let Some(path) = files.keys().find(|path| !path.starts_with(DOCUMENTS)) {
        return Err(problem(
            Code::PathForm,
            path,
            format!("문서는 {DOCUMENTS} 아래에 있어야 합니다: {path}."),
            format!("A document must lie under {DOCUMENTS}: {path}."),
        ));
    }
    let by_hash: BTreeMap<Hash, &Vec<u8>> = inputs.plans.iter().map(|bytes| (Hash::of(bytes), bytes)).collect();
    let mut versions = BTreeMap::new();
    for leaf in inputs.leaves {
        let Body::Plan { reference, sha256 } = leaf.body() else {
            continue;
        };
        let nth = versions.entry(reference).or_insert(0);
        *nth += 1;
        let path = plan_path(reference, *nth);
        let Some(bytes) = by_hash.get(sha256) else {
            return Err(problem(
                Code::PlanMissing,
                &path,
                format!("채택된 계획 '{reference}'의 파일이 없습니다: {path}."),
                format!("The file of adopted plan {reference} is missing: {path}."),
            ));
        };
        files.insert(path, (*bytes).clone());
    }
    let with_attributes = files.keys().any(|path| path.starts_with(ATTRIBUTES));
    let json = totals_json(inputs.heading, inputs.first, inputs.key, &lines);
    files.insert(TOTALS_CSV.to_owned(), totals_csv(&lines).into_bytes());
    files.insert(TOTALS_JSON.to_owned(), json.into_bytes());
    files.insert(TREE_CSV.to_owned(), tree_csv(inputs.tree).into_bytes());
    files.insert(DICTIONARY_CSV.to_owned(), dictionary_csv(with_attributes).into_bytes());
    let list = documents_sha256(&files);
    Ok(Documents { files, list, lines })
}

/// What a bundle is made from.
#[derive(Debug, Clone)]
pub struct BundleInputs<'i, L> {
    /// What is disclosed.
    pub heading: &'i Heading,
    /// The lines of the whole log up to C₂.
    pub lines: &'i [L],
    /// C₁, signed.
    pub first: &'i str,
    /// C₂, signed.
    pub second: &'i str,
    /// The documents.
    pub documents: &'i Documents,
}

/// Builds and signs the bundle, and checks it as anybody else would.
pub fn build<L: AsRef<[u8]>>(inputs: &BundleInputs<'_, L>, signer: &Signer) -> Result<Bundle, BuildProblems> {
    let mut bundle = inputs.documents.files.clone();
    bundle.insert(DOCUMENTS_SHA256.to_owned(), inputs.documents.list.clone().into_bytes());
    bundle.insert(KEY.to_owned(), format!("{}\n", signer.verifier()).into_bytes());
    bundle.insert(CHECKPOINT.to_owned(), inputs.second.as_bytes().to_vec());
    bundle.insert(CHECKPOINT_1.to_owned(), inputs.first.as_bytes().to_vec());
    let hashes: Vec<Hash> = inputs.lines.iter().map(|line| leaf_hash(line.as_ref())).collect();
    let bundles = entry_bundles(inputs.lines).map_err(|fault| {
        problem(Code::EntriesForm, LOG, format!("{fault}."), "An entry is too long for an entry bundle.")
    })?;
    for (path, bytes) in hash_tiles(&hashes).into_iter().chain(bundles) {
        bundle.insert(format!("{LOG}{path}"), bytes);
    }
    let text = Manifest::over(inputs.heading.clone(), &bundle).text();
    let signed = signer.sign(&text).map_err(|_| {
        problem(Code::ManifestForm, MANIFEST, "파일 목록에 서명할 수 없습니다.", "The manifest cannot be signed.")
    })?;
    bundle.insert(MANIFEST.to_owned(), signed.into_bytes());
    let report = verify(&bundle, &Options { key: Some(&signer.verifier().to_string()), since: None });
    if report.problems.is_empty() { Ok(bundle) } else { Err(report.problems) }
}
