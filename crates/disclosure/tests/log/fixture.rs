//! A small invented log and its bundle, the same in every run.

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Month, Period, Year};
use iljari_disclosure::bundle::{self, Bundle, BundleInputs, DocumentInputs, Documents, Heading};
use iljari_disclosure::log::commitment::{Opening, content};
use iljari_disclosure::log::rollup::{PlanNode, PlanTree};
use iljari_disclosure::log::tree::{leaf_hash, root};
use iljari_disclosure::log::words::{Field, Grade, Unit, Why};
use iljari_disclosure::log::{Body, Checkpoint, Hash, Leaf, LeafId, Signer, Slot};

pub const ORIGIN: &str = "demo.iljari.example/11990";
pub const PLAN: &[u8] = "# 나루구(예시) 일자리대책 종합계획 2023\n".as_bytes();

pub fn district() -> DistrictCode {
    "11990".parse().expect("a code")
}

/// Bytes that look random and are the same in every run.
pub fn bytes(label: &str) -> [u8; 32] {
    *Hash::of(label.as_bytes()).as_bytes()
}

pub fn signer() -> Signer {
    Signer::new(ORIGIN, &bytes("format.md test key")).expect("a signer")
}

pub fn id(label: &str) -> LeafId {
    LeafId(bytes(label)[..16].try_into().expect("16 bytes"))
}

pub fn leaf(label: &str, body: Body) -> Leaf {
    Leaf::new(district(), id(label), body).expect("a leaf")
}

pub fn slot(node: &str, from: i64, to: i64, field: Field, unit: Unit) -> Slot {
    let month = |number| Month::from_number(number).expect("a month");
    let period = Period::new(month(from), month(to)).expect("a period");
    Slot { node: node.parse().expect("a node"), period, field, unit }
}

pub fn count(label: &str, slot: Slot, n: i64, grade: Grade) -> Leaf {
    leaf(label, Body::Count { slot, n, grade, rest: false })
}

pub fn opening(label: &str, name: &str) -> Opening {
    let content = content(&[("이름", name), ("생년월일", "1951-02-03")]).expect("NFC");
    Opening::new(bytes(label), content)
}

pub fn job(label: &str, slot: Slot) -> Leaf {
    let commit = opening(&format!("{label} blinding"), "홍예시").commitment();
    leaf(label, Body::Job { slot, grade: Grade::Document, commit })
}

pub fn correction(label: &str, of: &str, slot: Slot, n: i64) -> Leaf {
    leaf(label, Body::Correction { of: id(of), slot, n, grade: Grade::Sum, why: Why::Duplicate })
}

pub fn seniors() -> Slot {
    slot("어르신", 202301, 202312, Field::Direct, Unit::Jobs)
}

pub fn youth() -> Slot {
    slot("청년", 202304, 202309, Field::Private, Unit::Jobs)
}

/// The seven leaves whose numbers are disclosed.
pub fn leaves() -> Vec<Leaf> {
    let plan = Body::Plan { reference: "종합-2023".parse().expect("a name"), sha256: Hash::of(PLAN) };
    vec![
        leaf("plan", plan),
        count("seniors", seniors(), 100, Grade::Sum),
        count("seniors again", seniors(), 27, Grade::Sum),
        job("hong", seniors()),
        correction("slip", "seniors again", seniors(), -5),
        leaf("press", Body::Count { slot: youth(), n: 40, grade: Grade::Press, rest: true }),
        count("lectures", slot("청년.1", 202312, 202401, Field::Training, Unit::Visits), 12, Grade::Person),
    ]
}

pub fn node(year: i16, node: &str, parent: &str, name: &str) -> PlanNode {
    PlanNode {
        year: Year(year),
        node: node.parse().expect("a node"),
        parent: (!parent.is_empty()).then(|| parent.parse().expect("a node")),
        name: name.to_owned(),
        field: None,
    }
}

pub fn tree() -> PlanTree {
    PlanTree::new([
        node(2023, "전체", "", "나루구 일자리대책"),
        node(2023, "어르신", "전체", "어르신 일자리"),
        node(2023, "청년", "전체", "청년 일자리"),
        node(2023, "청년.1", "청년", "=청년 교실, \"첫걸음\""),
    ])
    .expect("a tree")
}

pub fn heading() -> Heading {
    Heading { origin: ORIGIN.to_owned(), district: district(), year: Year(2023), no: 1 }
}

pub fn head_over(leaves: &[Leaf]) -> Checkpoint {
    let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash).collect();
    Checkpoint { origin: ORIGIN.to_owned(), size: leaves.len() as u64, root: root(&hashes) }
}

pub fn documents(leaves: &[Leaf], tree: &PlanTree) -> Result<Documents, Vec<bundle::Problem>> {
    documents_with(leaves, tree, BTreeMap::new())
}

/// The example's documents and further ones.
pub fn documents_with(
    leaves: &[Leaf],
    tree: &PlanTree,
    mut others: BTreeMap<String, Vec<u8>>,
) -> Result<Documents, Vec<bundle::Problem>> {
    others.insert("documents/notice.txt".to_owned(), "공시합니다.\n".as_bytes().to_vec());
    bundle::documents(&DocumentInputs {
        heading: &heading(),
        leaves,
        first: &head_over(leaves),
        tree,
        plans: &[PLAN.to_vec()],
        key: signer().verifier(),
        others,
    })
}

/// The leaf that announces these documents over these leaves.
pub fn disclosure(leaves: &[Leaf], documents: &Documents) -> Leaf {
    let head = head_over(leaves);
    let docs = documents.hash();
    let body = Body::Disclosure { year: Year(2023), no: 1, size: head.size, root: head.root, docs, corrects: None };
    leaf("disclosure", body)
}

/// The bundle of these leaves, or what its maker's own check said.
pub fn try_bundle(leaves: Vec<Leaf>, tree: &PlanTree) -> Result<Bundle, Vec<bundle::Problem>> {
    try_bundle_with(leaves, tree, BTreeMap::new())
}

/// The same with further documents.
pub fn try_bundle_with(
    leaves: Vec<Leaf>,
    tree: &PlanTree,
    others: BTreeMap<String, Vec<u8>>,
) -> Result<Bundle, Vec<bundle::Problem>> {
    let documents = documents_with(&leaves, tree, others)?;
    let first = head_over(&leaves).sign(&signer()).expect("signed");
    let mut all = leaves.clone();
    all.push(disclosure(&leaves, &documents));
    let second = head_over(&all).sign(&signer()).expect("signed");
    let lines: Vec<String> = all.iter().map(Leaf::to_line).collect();
    let inputs =
        BundleInputs { heading: &heading(), lines: &lines, first: &first, second: &second, documents: &documents };
    bundle::build(&inputs, &signer())
}

pub fn small_bundle() -> Bundle {
    try_bundle(leaves(), &tree()).expect("a bundle")
}

/// Whoever holds the key can lie with a perfect signature: signs a bundle anew after a change, all
/// the way up (documents' list, disclosure leaf, tiles, both heads, manifest).
pub fn resign(mut bundle: Bundle) -> Bundle {
    use iljari_disclosure::bundle::documents::documents_sha256;
    use iljari_disclosure::bundle::manifest::Manifest;
    use iljari_disclosure::log::tile::{entry_bundles, hash_tiles, read_entry_bundle};
    let files: BTreeMap<String, Vec<u8>> =
        bundle.iter().filter(|(path, _)| path.starts_with("documents/")).map(|(p, b)| (p.clone(), b.clone())).collect();
    let list = documents_sha256(&files);
    let entries = bundle.iter().filter(|(path, _)| path.starts_with("log/tile/entries/"));
    let mut lines: Vec<Vec<u8>> = entries
        .flat_map(|(_, bytes)| read_entry_bundle(bytes).expect("entries").into_iter().map(<[u8]>::to_vec))
        .collect();
    lines.pop();
    let hashes: Vec<Hash> = lines.iter().map(|line| leaf_hash(line)).collect();
    let first = Checkpoint { origin: ORIGIN.to_owned(), size: lines.len() as u64, root: root(&hashes) };
    let docs = Hash::of(list.as_bytes());
    let body = Body::Disclosure { year: Year(2023), no: 1, size: first.size, root: first.root, docs, corrects: None };
    lines.push(leaf("disclosure", body).to_line().into_bytes());
    let hashes: Vec<Hash> = lines.iter().map(|line| leaf_hash(line)).collect();
    let second = Checkpoint { origin: ORIGIN.to_owned(), size: lines.len() as u64, root: root(&hashes) };
    bundle.retain(|path, _| !path.starts_with("log/"));
    for (path, bytes) in hash_tiles(&hashes).into_iter().chain(entry_bundles(&lines).expect("short entries")) {
        bundle.insert(format!("log/{path}"), bytes);
    }
    bundle.insert("documents.sha256".into(), list.into_bytes());
    bundle.insert("checkpoint-1".into(), first.sign(&signer()).expect("signed").into_bytes());
    bundle.insert("checkpoint".into(), second.sign(&signer()).expect("signed").into_bytes());
    let text = Manifest::over(heading(), &bundle).text();
    bundle.insert("manifest".into(), signer().sign(&text).expect("signed").into_bytes());
    bundle
}
