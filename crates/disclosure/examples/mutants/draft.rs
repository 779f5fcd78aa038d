//! A disclosure before it is signed: what may be bent inside, so that the signature is good.
//!
//! Owns: sound drafts and the faults of somebody who holds the key. Does not own: faults of bytes.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::bundle::documents::documents_sha256;
use iljari_disclosure::bundle::manifest::Manifest;
use iljari_disclosure::bundle::{Bundle, DocumentInputs, Heading, TOTALS_CSV, TOTALS_JSON, TREE_CSV, documents};
use iljari_disclosure::log::rollup::PlanTree;
use iljari_disclosure::log::tile::{entry_bundles, hash_tiles};
use iljari_disclosure::log::tree::{leaf_hash, root};
use iljari_disclosure::log::words::{Field, Grade, Unit};
use iljari_disclosure::log::{Body, Checkpoint, Hash, Leaf, LeafId, Signer};

use crate::bend;
use crate::dice::Dice;
use crate::fixture::{self, correction, count, job, leaf, seniors, slot, youth};

/// A disclosure whose parts can still be changed.
#[derive(Clone)]
pub struct Draft {
    pub heading: Heading,
    pub signer: Signer,
    /// The log's lines before C₁.
    before: Vec<Vec<u8>>,
    /// Lines between C₁ and the leaf that announces the disclosure.
    between: Vec<Vec<u8>>,
    /// Lines after that leaf.
    after: Vec<Vec<u8>>,
    documents: BTreeMap<String, Vec<u8>>,
    /// What the announcing leaf says, where it does not tell the truth.
    lie: Option<Lie>,
}

/// How the announcing leaf is wrong.
#[derive(Clone, Copy)]
enum Lie {
    Size,
    Root,
    Documents,
    Year,
    Number,
    Corrects,
    Missing,
}

/// A table by a personal attribute.
const AGES: &str = "documents/attributes/연령대.csv";

/// Ages of the seniors' program in 2023, with the margin that the leaves give.
fn ages(leaves: &[Leaf]) -> Vec<u8> {
    let counts = |leaf: &&Leaf| leaf.slot().is_some_and(|slot| *slot == seniors());
    let margin: i64 = leaves.iter().filter(counts).map(Leaf::amount).sum();
    let mut text = "\u{feff}연도,사업,이름,단위,구분,항목,수\r\n".to_owned();
    for (item, number) in [
        ("합계", margin.to_string()),
        ("60~64세", "비공개".to_owned()),
        ("65~69세", "비공개".to_owned()),
        ("70세 이상", "81".to_owned()),
        ("60세 미만", "0".to_owned()),
        ("미상", "2".to_owned()),
    ] {
        text.push_str(&format!("2023,어르신,어르신 일자리,일자리 수,연령대,{item},{number}\r\n"));
    }
    text.into_bytes()
}

fn lines(leaves: &[Leaf]) -> Vec<Vec<u8>> {
    leaves.iter().map(|leaf| leaf.to_line().into_bytes()).collect()
}

fn head(origin: &str, lines: &[Vec<u8>]) -> Checkpoint {
    let hashes: Vec<Hash> = lines.iter().map(|line| leaf_hash(line)).collect();
    Checkpoint { origin: origin.to_owned(), size: u64::try_from(lines.len()).unwrap_or(0), root: root(&hashes) }
}

impl Draft {
    fn new(heading: Heading, signer: Signer, before: Vec<Leaf>, tree: &PlanTree, after: Vec<Leaf>) -> Self {
        let first = fixture::head_over(&before);
        let made = documents(&DocumentInputs {
            heading: &heading,
            leaves: &before,
            first: &first,
            tree,
            plans: &[fixture::PLAN.to_vec(), b"# revision\n".to_vec()],
            key: signer.verifier(),
            others: BTreeMap::from([
                ("documents/notice.txt".to_owned(), "공시합니다.\n".as_bytes().to_vec()),
                (AGES.to_owned(), ages(&before)),
            ]),
        })
        .expect("documents");
        let (before, after) = (lines(&before), lines(&after));
        Self { heading, signer, before, between: Vec::new(), after, documents: made.files, lie: None }
    }

    /// Four sound drafts: the page's own, the log that goes on from it, one under a new key, one with full tiles.
    pub fn all() -> Vec<Self> {
        let small = fixture::leaves();
        let announced = fixture::disclosure(&small, &fixture::documents(&small, &fixture::tree()).expect("documents"));
        let second = Heading { year: Year(2024), no: 1, ..fixture::heading() };
        let next = Signer::new(fixture::ORIGIN, &fixture::bytes("the next key")).expect("a signer");
        let tree = PlanTree::new(fixture::tree().nodes().cloned().chain([
            fixture::node(2024, "전체", "", "나루구 일자리대책"),
            fixture::node(2024, "어르신", "전체", "어르신, \"새\" 일자리"),
            fixture::node(2024, "청년", "전체", "청년 일자리"),
        ]))
        .expect("a tree");
        let revision =
            Body::Plan { reference: "종합-2023".parse().expect("a name"), sha256: Hash::of(b"# revision\n") };
        let seniors_later = || slot("어르신", 202401, 202403, Field::Direct, Unit::Jobs);
        let mut longer = small.clone();
        longer.push(announced.clone());
        longer.extend([
            leaf("revision", revision),
            count("later", seniors_later(), 31, Grade::Sum),
            job("kim", seniors_later()),
            correction("later slip", "later", seniors_later(), -1),
            correction("again", "slip", seniors(), 2),
            count("persons", slot("청년", 202402, 202402, Field::Matching, Unit::Persons), 9, Grade::Press),
            count("next year", slot("청년", 202501, 202502, Field::Matching, Unit::Persons), 7, Grade::Sum),
        ]);
        let mut rotated = longer.clone();
        rotated.push(leaf("rotation", Body::Key { key: next.verifier().clone() }));
        let mut wide = small.clone();
        wide.extend((0..260).map(|number| job(&format!("job {number}"), seniors())));
        vec![
            Self::new(fixture::heading(), fixture::signer(), small, &fixture::tree(), vec![]),
            Self::new(
                second.clone(),
                fixture::signer(),
                longer,
                &tree,
                vec![count("afterwards", youth(), 3, Grade::Sum)],
            ),
            Self::new(second, next, rotated, &tree, vec![]),
            Self::new(fixture::heading(), fixture::signer(), wide, &fixture::tree(), vec![]),
        ]
    }

    /// The bundle of this draft, signed well whatever it says.
    pub fn bundle(&self) -> Bundle {
        let list = documents_sha256(&self.documents);
        let first = head(&self.heading.origin, &self.before);
        let mut log: Vec<Vec<u8>> = self.before.iter().chain(&self.between).cloned().collect();
        log.extend(self.announcement(&first, Hash::of(list.as_bytes())));
        log.extend(self.after.iter().cloned());
        let mut bundle = self.documents.clone();
        let hashes: Vec<Hash> = log.iter().map(|line| leaf_hash(line)).collect();
        for (path, bytes) in hash_tiles(&hashes).into_iter().chain(entry_bundles(&log).expect("short entries")) {
            bundle.insert(format!("log/{path}"), bytes);
        }
        let signed = |head: Checkpoint| head.sign(&self.signer).expect("a head").into_bytes();
        bundle.insert("documents.sha256".into(), list.into_bytes());
        bundle.insert("key".into(), format!("{}\n", self.signer.verifier()).into_bytes());
        bundle.insert("checkpoint-1".into(), signed(first));
        bundle.insert("checkpoint".into(), signed(head(&self.heading.origin, &log)));
        let text = Manifest::over(self.heading.clone(), &bundle).text();
        bundle.insert("manifest".into(), self.signer.sign(&text).expect("a manifest").into_bytes());
        bundle
    }

    fn announcement(&self, first: &Checkpoint, docs: Hash) -> Option<Vec<u8>> {
        let (mut year, mut no, mut size, mut root) = (self.heading.year, self.heading.no, first.size, first.root);
        let (mut docs, mut corrects) = (docs, None);
        match self.lie {
            Some(Lie::Size) => size = size.saturating_sub(1),
            Some(Lie::Root) => root = Hash::of(b"another log"),
            Some(Lie::Documents) => docs = Hash::of(b"other documents"),
            Some(Lie::Year) => year = Year(year.0 + 1),
            Some(Lie::Number) => no += 1,
            Some(Lie::Corrects) => corrects = Some(fixture::id("disclosure")),
            Some(Lie::Missing) => return None,
            None => {}
        }
        let id = LeafId(fixture::bytes("announcement")[..16].try_into().expect("16 bytes"));
        let body = Body::Disclosure { year, no, size, root, docs, corrects };
        // A year or number that no leaf can hold is announced by none.
        Some(Leaf::new(fixture::district(), id, body).ok()?.to_line().into_bytes())
    }

    /// Changes something inside, as somebody with the key could, and tells what.
    pub fn bend(&mut self, dice: &mut Dice) -> &'static str {
        match dice.below(12) {
            0..=4 => self.bend_log(dice),
            5..=8 => self.bend_tables(dice),
            9 => {
                self.lie = Some(*dice.pick(&[
                    Lie::Size,
                    Lie::Root,
                    Lie::Documents,
                    Lie::Year,
                    Lie::Number,
                    Lie::Corrects,
                    Lie::Missing,
                ]));
                "the announcing leaf lies"
            }
            10 => self.bend_heading(dice),
            _ => self.bend_documents(dice),
        }
    }

    fn bend_heading(&mut self, dice: &mut Dice) -> &'static str {
        match dice.below(4) {
            0 => {
                let origin = ["other.example/11990", "11990", "demo.iljari.example/11215", "a/b/11990", "7"];
                self.heading.origin = (*dice.pick(&origin)).to_owned();
                "everything is of another origin"
            }
            1 => {
                self.heading.district = "11215".parse().expect("a code");
                "the manifest names another district"
            }
            2 => {
                self.heading.no = *dice.pick(&[2, 1_000_000_000, 1_000_000_001, 7]);
                "the disclosure has another number"
            }
            _ => {
                self.heading.year = Year(*dice.pick(&[1900, 2022, 2024, 2025, 2200]));
                "the disclosure is of another year"
            }
        }
    }

    fn bend_documents(&mut self, dice: &mut Dice) -> &'static str {
        match dice.below(6) {
            5 => {
                let path = [
                    "documents/attributes/성별.csv",
                    "documents/attributes/나이.csv",
                    "documents/attributes/성별/a.csv",
                ];
                let bytes = self.documents.get(AGES).cloned().unwrap_or_default();
                self.documents.insert((*dice.pick(&path)).to_owned(), bytes);
                "a table of ages under another attribute"
            }
            0 => {
                self.documents.insert("documents/plan/종합-2022.yaml".into(), b"# nobody's plan\n".to_vec());
                "a plan that nobody adopted"
            }
            1 => {
                self.documents.insert("documents/plan/종합-2023.yaml".into(), b"# other bytes\n".to_vec());
                "a plan with other bytes"
            }
            2 => {
                let paths: Vec<String> = self.documents.keys().cloned().collect();
                self.documents.remove(dice.pick(&paths));
                "a document never written"
            }
            3 => {
                let path = *dice.pick(&[
                    "documents/a:b",
                    "documents/../key",
                    "documents/\u{1100}\u{1161}",
                    "documents/가/나.pdf",
                ]);
                self.documents.insert(path.to_owned(), b"more".to_vec());
                "a further document, perhaps under an odd path"
            }
            _ => {
                let paths: Vec<String> = self.documents.keys().cloned().collect();
                let path = dice.pick(&paths);
                bend::text(self.documents.get_mut(path).expect("a document"), dice);
                "a document bent before it was signed"
            }
        }
    }

    fn bend_tables(&mut self, dice: &mut Dice) -> &'static str {
        let path = *dice.pick(&[TOTALS_CSV, TOTALS_CSV, TOTALS_JSON, TOTALS_JSON, TREE_CSV, AGES]);
        let Some(bytes) = self.documents.get_mut(path) else { return "no such table" };
        match dice.below(4) {
            0 => bend::digit(bytes, dice),
            1 => bend::line(bytes, dice),
            2 => bend::words(bytes, dice),
            _ => bend::text(bytes, dice),
        }
    }

    /// A place in the log, and its line.
    fn any_line(&mut self, dice: &mut Dice) -> Option<(usize, String)> {
        // Most leaves of the wide log are alike; the first ones are the interesting ones.
        let at = if dice.chance(80) { dice.below(self.before.len().min(17)) } else { dice.below(self.before.len()) };
        Some((at, String::from_utf8(self.before.get(at)?.clone()).ok()?))
    }

    fn bend_log(&mut self, dice: &mut Dice) -> &'static str {
        let Some((at, line)) = self.any_line(dice) else { return "an empty log" };
        match dice.below(12) {
            0 => {
                self.before.remove(at);
                "a leaf left out"
            }
            1 => {
                let to = dice.below(self.before.len());
                self.before.swap(at, to);
                "two leaves exchanged"
            }
            2 => {
                self.before.push(line.into_bytes());
                "a leaf twice"
            }
            3 => {
                let replaced = [
                    ("\"n\":1", "\"n\":2"),
                    ("\"n\":", "\"n\":-"),
                    ("\"grade\":1", "\"grade\":0"),
                    ("\"from\":2023", "\"from\":2024"),
                    ("\"from\":2024", "\"from\":2023"),
                    ("어르신", "청년"),
                    ("청년", "어디"),
                    ("일자리 수", "실인원"),
                    ("직접일자리 창출", "민간"),
                    ("\"d\":\"11990\"", "\"d\":\"11215\""),
                    ("\"v\":1", "\"v\":2"),
                    ("\"rest\":0", "\"rest\":2"),
                    ("\"to\":2023", "\"to\":2022"),
                ];
                let (from, to) = *dice.pick(&replaced);
                self.before[at] = line.replacen(from, to, 1).into_bytes();
                "a leaf that says something else"
            }
            4 => {
                bend::text(&mut self.before[at], dice);
                "a leaf bent"
            }
            5 => {
                let odd = [
                    correction("astray", "nobody", seniors(), -1),
                    correction("of a plan", "plan", seniors(), -1),
                    correction("elsewhere", "seniors", youth(), -1),
                    correction("too much", "seniors", seniors(), -900),
                    correction("of a correction", "slip", seniors(), 1),
                    correction("later month", "seniors", slot("어르신", 202305, 202305, Field::Direct, Unit::Jobs), -2),
                ];
                let to = dice.below(self.before.len() + 1);
                self.before.insert(to, dice.pick(&odd).to_line().into_bytes());
                "a further correction"
            }
            6 => {
                let Body::Job { slot, grade, commit } = fixture::leaves()[3].body().clone() else { return "no job" };
                self.before.push(leaf("same person", Body::Job { slot, grade, commit }).to_line().into_bytes());
                "one commitment twice"
            }
            7 => {
                let slots = [
                    slot("어디", 202301, 202301, Field::Other, Unit::Jobs),
                    slot("청년", 202201, 202201, Field::Other, Unit::Jobs),
                    slot("청년", 202601, 202601, Field::Other, Unit::Jobs),
                    youth(),
                ];
                let more = count("more", dice.pick(&slots).clone(), 5, Grade::Sum).to_line().into_bytes();
                let list = dice.below(3);
                [&mut self.before, &mut self.between, &mut self.after][list].push(more);
                "a further count"
            }
            8 => {
                let key = Signer::new(dice.pick::<&str>(&[fixture::ORIGIN, "other.example/11990"]), &[5; 32])
                    .expect("a signer");
                self.before
                    .push(leaf("rotation to nobody", Body::Key { key: key.verifier().clone() }).to_line().into_bytes());
                "another key announced"
            }
            9 => {
                let size = dice.below(self.before.len() + 3);
                let hash = head(&self.heading.origin, &self.before[..size.min(self.before.len())]).root;
                let corrects = *dice.pick(&[None, Some(fixture::id("disclosure")), Some(fixture::id("seniors"))]);
                let (year, no) = (Year(*dice.pick(&[2022, 2023, 2024])), *dice.pick(&[1, 2]));
                let body = Body::Disclosure {
                    year,
                    no,
                    size: u64::try_from(size).unwrap_or(0),
                    root: hash,
                    docs: hash,
                    corrects,
                };
                self.before.push(leaf("another announcement", body).to_line().into_bytes());
                "another disclosure announced"
            }
            10 => {
                let reference = dice.pick(&["종합-2023", "새-계획"]).parse().expect("a name");
                let body = Body::Plan { reference, sha256: Hash::of(dice.pick::<&[u8]>(&[fixture::PLAN, b"unknown"])) };
                self.before.push(leaf("another plan", body).to_line().into_bytes());
                "another plan adopted"
            }
            _ => {
                let odd: &[&[u8]] = &[b"", b"{}", b"\xff", "{\"v\":1,\"k\":\"없음\"}".as_bytes()];
                let to = dice.below(self.before.len() + 1);
                self.before.insert(to, dice.pick(odd).to_vec());
                "an entry that is no leaf"
            }
        }
    }
}
