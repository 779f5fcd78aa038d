//! The format page says what the code does: every vector printed there is made anew and compared.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::bundle::attributes::{self, HIDDEN, TOTAL, UNITS, UNKNOWN};
use iljari_disclosure::bundle::{Code, zip};
use iljari_disclosure::log::checkpoint::Checkpoint;
use iljari_disclosure::log::proof::Receipt;
use iljari_disclosure::log::tile::{Level, Tile, tiles};
use iljari_disclosure::log::tree::{consistency, inclusion, root};
use iljari_disclosure::log::words::{Attribute, Field, Grade, Unit, Why};
use iljari_disclosure::log::{Body, Hash, Leaf};

use crate::attributes::{PATH as ATTRIBUTES_PATH, REFUSED, tables as attribute_tables};
use crate::fixture::{disclosure, documents, head_over, id, leaf, leaves, opening, signer, small_bundle, tree};

const PAGE: &str = include_str!("../../../../docs/reference/format.md");

/// The fenced blocks whose info string is `vector:NAME`, by name.
fn printed() -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("```vector:") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let again = blocks.insert(name.to_owned(), block.join("\n"));
            assert!(again.is_none(), "{name} is printed twice");
        }
    }
    blocks
}

fn hash_lines(hashes: &[Hash]) -> String {
    hashes.iter().map(Hash::to_string).collect::<Vec<_>>().join("\n")
}

fn example_leaves() -> Vec<Leaf> {
    let log = leaves();
    let announced = disclosure(&log, &documents(&log, &tree()).expect("documents"));
    let key = Body::Key { key: signer().verifier().clone() };
    let hash = Hash::of(b"another list of documents");
    let corrects = Some(id("disclosure"));
    let correcting = Body::Disclosure { year: Year(2023), no: 2, size: 8, root: hash, docs: hash, corrects };
    log.into_iter().chain([announced, leaf("new key", key), leaf("correcting", correcting)]).collect()
}

/// Texts that are refused, each a small step from the second example leaf.
fn refused_leaves() -> Vec<String> {
    let line = leaves()[1].to_line();
    let other = |from: &str, to: &str| line.replacen(from, to, 1);
    vec![
        other("\"n\":100", "\"n\":100.0"),
        other("\"n\":100", "\"n\":0100"),
        other("\"n\":100", "\"n\":-100"),
        other("\"n\":100", "\"n\": 100"),
        other("\"n\":100,\"grade\":1", "\"grade\":1,\"n\":100"),
        other(",\"rest\":0", ""),
        other("\"rest\":0", "\"rest\":0,\"x\":0"),
        other("202312", "202300"),
        other("어르신", "=어르신"),
        other("어르신", "\\uc5b4르신"),
        other("직접일자리 창출", "직접일자리창출"),
    ]
}

fn vectors() -> BTreeMap<&'static str, String> {
    let mut bundle = small_bundle();
    let archive = zip(&bundle).expect("a ZIP");
    bundle.extend(attributes::files(&attribute_tables()));
    let text = |path: &str| {
        let text = String::from_utf8(bundle[path].clone()).expect("UTF-8");
        // The page cannot show a byte order mark or a carriage return.
        text.trim_start_matches('\u{feff}').replace("\r\n", "\n").trim_end_matches('\n').to_owned()
    };
    let log: Vec<Leaf> = example_leaves().into_iter().take(8).collect();
    let hashes: Vec<Hash> = log.iter().map(Leaf::hash).collect();
    let key = signer().verifier().clone();
    let opening = opening("hong blinding", "홍예시");
    let first = head_over(&log[..7]).sign(&signer()).expect("signed");
    let receipt = Receipt::issue(&hashes[..7], 3, &first, None).expect("a leaf");
    let sizes = [1_u64, 255, 256, 257, 70_000].map(|size| {
        let row = |level: Level| {
            let tiles: Vec<Tile> = tiles(size).into_iter().filter(|tile| tile.level == level).collect();
            let full = tiles.iter().filter(|tile| tile.width == 256).count();
            let partial = tiles.iter().find(|tile| tile.width < 256).map_or(0, |tile| tile.width);
            format!("{full}+{partial}")
        };
        let levels: Vec<String> = (0..3).map(|level| row(Level::Hashes(level))).collect();
        format!("{size} {}", levels.join(" "))
    });
    let paths = [
        (Level::Hashes(0), 0, 256),
        (Level::Hashes(0), 1_234_067, 256),
        (Level::Hashes(1), 1_000, 17),
        (Level::Entries, 273, 112),
    ]
    .map(|(level, index, width)| Tile { level, index, width }.to_string());
    let codes: Vec<String> = Code::ALL.iter().map(|code| format!("{}: {}", code.as_str(), code.meaning())).collect();
    let words = |list: &str, words: Vec<&str>| format!("{list}: {}", words.join(" | "));
    BTreeMap::from([
        (
            "words",
            [
                words("field", Field::ALL.iter().map(|word| word.as_str()).collect()),
                words("unit", Unit::ALL.iter().map(|word| word.as_str()).collect()),
                words("why", Why::ALL.iter().map(|word| word.as_str()).collect()),
                words("grade 0 to 4", Grade::ALL.iter().map(|word| word.as_str()).collect()),
            ]
            .join("\n"),
        ),
        (
            "leaves",
            example_leaves()
                .iter()
                .map(|leaf| format!("{}\n{}", leaf.hash(), leaf.to_line()))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        ("not-leaves", refused_leaves().join("\n")),
        ("roots", (0..=8).map(|size| format!("{size} {}", root(&hashes[..size]))).collect::<Vec<_>>().join("\n")),
        ("inclusion-3-of-7", hash_lines(&inclusion(&hashes[..7], 3).expect("a leaf"))),
        ("consistency-3-to-8", hash_lines(&consistency(&hashes, 3).expect("an older tree"))),
        ("tile-counts", sizes.join("\n")),
        ("tile-paths", paths.join("\n")),
        (
            "key",
            format!(
                "seed {}\nid {}\nkey {key}\nfingerprint {}",
                hex::encode(crate::fixture::bytes("format.md test key")),
                hex::encode(key.id()),
                key.fingerprint()
            ),
        ),
        ("checkpoint-1", text("checkpoint-1")),
        ("checkpoint", text("checkpoint")),
        ("receipt", receipt.to_string().trim_end().to_owned()),
        (
            "commitment",
            format!(
                "blinding {}\ncontent {}\ncommitment {}",
                hex::encode(opening.blinding()),
                hex::encode(opening.content()),
                opening.commitment()
            ),
        ),
        ("plan-file", text("documents/plan/종합-2023.yaml")),
        ("notice-file", text("documents/notice.txt")),
        ("tree.csv", text("documents/tree.csv")),
        ("totals.csv", text("documents/totals.csv")),
        ("totals.json", text("documents/totals.json")),
        ("dictionary.csv", text("documents/dictionary.csv")),
        ("documents.sha256", text("documents.sha256")),
        ("manifest", text("manifest")),
        ("zip", format!("{} {}", archive.len(), Hash::of(&archive))),
        (
            "attribute-words",
            [
                words("attribute", Attribute::ALL.iter().map(|word| word.as_str()).collect()),
                words("unit", UNITS.iter().map(|word| word.as_str()).collect()),
                words("hidden", vec![HIDDEN]),
                words("total", vec![TOTAL]),
                words("unknown", vec![UNKNOWN]),
            ]
            .join("\n"),
        ),
        ("attributes.csv", text(ATTRIBUTES_PATH)),
        (
            "attributes-refused",
            REFUSED.iter().map(|(code, from, to)| format!("{code}\n{from}\n{to}")).collect::<Vec<_>>().join("\n"),
        ),
        ("codes", codes.join("\n")),
    ])
}

#[test]
fn every_vector_on_the_page_is_what_the_code_makes() {
    let (printed, made) = (printed(), vectors());
    for (name, wanted) in &made {
        let shown = printed.get(*name);
        assert_eq!(shown, Some(wanted), "vector:{name} should read:\n{wanted}");
    }
    for name in printed.keys() {
        assert!(made.contains_key(name.as_str()), "vector:{name} is checked by nothing");
    }
}

#[test]
fn the_leaves_on_the_page_are_leaves_and_the_others_are_not() {
    let printed = printed();
    let lines: Vec<&str> = printed["leaves"].lines().collect();
    for pair in lines.chunks(2) {
        let leaf = Leaf::parse(pair[1].as_bytes()).expect("a leaf");
        assert_eq!(leaf.hash().to_string(), pair[0]);
    }
    for line in printed["not-leaves"].lines() {
        assert!(Leaf::parse(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn the_heads_on_the_page_are_signed_by_the_key_on_the_page() {
    let printed = printed();
    let key = printed["key"].lines().find_map(|line| line.strip_prefix("key ")).expect("a key");
    let key = key.parse().expect("a key");
    for (name, size) in [("checkpoint-1", 7), ("checkpoint", 8)] {
        let note = format!("{}\n", printed[name]);
        let head = Checkpoint::open(note.as_bytes(), &key).expect("signed");
        let root = printed["roots"].lines().nth(size).and_then(|line| line.split_once(' '));
        assert_eq!((head.size, head.root.to_string().as_str()), (size as u64, root.expect("a root").1));
    }
    let leaf = printed["leaves"].lines().nth(7).expect("the fourth leaf");
    let receipt = Receipt::parse(&format!("{}\n", printed["receipt"])).expect("a receipt");
    assert!(receipt.verify(leaf.as_bytes(), &key).is_ok());
}
