//! Leaves: one writing each, and nothing else is read.

use iljari_base::Year;
use iljari_disclosure::log::leaf::{AMOUNT_MAX, LEAF_LIMIT};
use iljari_disclosure::log::words::{Field, Grade, NodeId, Unit, Why};
use iljari_disclosure::log::{Body, Hash, Leaf, LeafFault, Slot};
use proptest::prelude::*;

use crate::fixture::{self, correction, count, id, job, leaf, seniors, slot};

fn every_kind() -> Vec<Leaf> {
    let mut leaves = fixture::leaves();
    let hash = Hash::of(b"docs");
    let body = |corrects| Body::Disclosure { year: Year(2023), no: 2, size: 8, root: hash, docs: hash, corrects };
    leaves.push(leaf("disclosure", body(None)));
    leaves.push(leaf("disclosure again", body(Some(id("disclosure")))));
    leaves.push(leaf("new key", Body::Key { key: fixture::signer().verifier().clone() }));
    leaves
}

#[test]
fn every_kind_is_read_back_as_written() {
    for leaf in every_kind() {
        let line = leaf.to_line();
        assert!(line.len() < LEAF_LIMIT, "{}", line.len());
        assert_eq!(Leaf::parse(line.as_bytes()).as_ref(), Ok(&leaf), "{line}");
        let json: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(json["k"], leaf.kind());
        assert_eq!(json.to_string(), line, "a JSON library writes the same bytes");
    }
}

#[test]
fn the_longest_leaf_is_short_enough() {
    let node = "가".repeat(40);
    let long = slot(&node, 202301, 202312, Field::Training, Unit::Jobs);
    for leaf in [
        correction("a", "b", long.clone(), -AMOUNT_MAX),
        count("c", long.clone(), AMOUNT_MAX, Grade::Document),
        job("d", long),
    ] {
        assert!(leaf.to_line().len() < LEAF_LIMIT, "{}", leaf.to_line().len());
        assert!(Leaf::parse(leaf.to_line().as_bytes()).is_ok());
    }
}

#[test]
fn whatever_is_written_otherwise_is_refused() {
    let line = count("seniors", seniors(), 100, Grade::Sum).to_line();
    let swap = |from: &str, to: &str| {
        assert!(line.contains(from), "{from}");
        line.replacen(from, to, 1)
    };
    let cases = [
        (String::new(), "empty"),
        (format!("{line}\n"), "newline"),
        (format!(" {line}"), "space before"),
        (format!("\u{feff}{line}"), "byte order mark"),
        (swap(":100", ": 100"), "space inside"),
        (swap(":100", ":100.0"), "decimal"),
        (swap(":100", ":1e2"), "exponent"),
        (swap(":100", ":0100"), "leading zero"),
        (swap(":100", ":+100"), "plus"),
        (swap(":100", ":-0"), "minus zero"),
        (swap(":100", ":-100"), "negative count"),
        (swap(":100", ":1000000001"), "too much"),
        (swap(":100", ":99999999999999999999"), "beyond 64 bits"),
        (swap(":100", ":\"100\""), "text for a number"),
        (swap(":100", ":null"), "null"),
        (swap("\"v\":1", "\"v\":2"), "other version"),
        (swap("\"k\":\"count\"", "\"k\":\"draw-commit\""), "unknown kind"),
        (swap("11990", "1199"), "short district"),
        (swap("202301", "202313"), "month 13"),
        (swap("202301", "202401"), "from after to"),
        (swap("\"grade\":1", "\"grade\":5"), "grade 5"),
        (swap("\"rest\":0", "\"rest\":2"), "rest 2"),
        (swap("\"rest\":0", "\"rest\":false"), "bool"),
        (swap(",\"rest\":0", ""), "missing key"),
        (swap("}", ",\"more\":1}"), "further key"),
        (swap("}", "}}"), "behind the end"),
        (swap("어르신", "어르신 1"), "space in a node"),
        (swap("어르신", "=어르신"), "formula"),
        (swap("어르신", ""), "no node"),
        (swap("어르신", "\\uc5b4르신"), "escape"),
        (swap("어르신", "어\\\"르신"), "escaped quote"),
        (swap("어르신", "어\u{1105}\u{1173}신"), "loose jamo"),
        (swap("어르신", &"가".repeat(41)), "long node"),
        (swap("직접일자리 창출", "직접일자리창출"), "field without space"),
        (swap("일자리 수", "일자리"), "unknown unit"),
        (line.to_uppercase(), "capital hex"),
        (line.replace(r#""from":202301,"to":202312"#, r#""to":202312,"from":202301"#), "key order"),
        (format!("{line}{}", " ".repeat(LEAF_LIMIT)), "too long"),
    ];
    for (text, why) in cases {
        assert!(Leaf::parse(text.as_bytes()).is_err(), "{why}: {text}");
    }
    assert_eq!(Leaf::parse(&[0xff, 0xfe]), Err(LeafFault::NotUtf8));
    assert_eq!(Leaf::parse(&[b' '; 512]), Err(LeafFault::TooLong(512)));
    assert_eq!(Leaf::parse(swap("어르신", "\u{1100}\u{1161}").as_bytes()), Err(LeafFault::NotNfc));
    assert_eq!(
        Leaf::parse(swap("\"k\":\"count\"", "\"k\":\"draw-commit\"").as_bytes()),
        Err(LeafFault::UnknownKind("draw-commit".into()))
    );
}

#[test]
fn values_outside_their_limits_make_no_leaf() {
    let new = |body| Leaf::new(fixture::district(), id("x"), body);
    let persons = Slot { unit: Unit::Persons, ..seniors() };
    let hash = Hash::of(b"x");
    let (grade, why) = (Grade::Sum, Why::Slip);
    let disclosure =
        |year, no, size| Body::Disclosure { year: Year(year), no, size, root: hash, docs: hash, corrects: None };
    for body in [
        Body::Count { slot: seniors(), n: -1, grade, rest: false },
        Body::Count { slot: seniors(), n: AMOUNT_MAX + 1, grade, rest: false },
        Body::Job { slot: persons, grade: Grade::Document, commit: hash },
        Body::Job { slot: seniors(), grade: Grade::Press, commit: hash },
        Body::Correction { of: id("y"), slot: seniors(), n: 0, grade, why },
        Body::Correction { of: id("y"), slot: seniors(), n: -AMOUNT_MAX - 1, grade, why },
        disclosure(1899, 1, 1),
        disclosure(2023, 0, 1),
        disclosure(2023, 1, 1 << 53),
    ] {
        assert!(new(body.clone()).is_err(), "{body:?}");
    }
    assert!(new(Body::Count { slot: seniors(), n: 0, grade, rest: true }).is_ok());
    assert!(new(Body::Correction { of: id("y"), slot: seniors(), n: 5, grade, why }).is_ok());
}

#[test]
fn words_are_read_back_and_unknown_ones_refused() {
    for field in Field::ALL {
        assert_eq!(field.as_str().parse(), Ok(*field));
    }
    for unit in Unit::ALL {
        assert_eq!(unit.as_str().parse(), Ok(*unit));
    }
    for why in Why::ALL {
        assert_eq!(why.as_str().parse(), Ok(*why));
    }
    for grade in Grade::ALL {
        assert_eq!(Grade::from_number(grade.number()), Some(*grade));
        assert_eq!(grade.as_str().parse(), Ok(*grade));
    }
    assert_eq!((Field::ALL.len(), Unit::ALL.len(), Why::ALL.len(), Grade::ALL.len()), (9, 4, 5, 5));
    assert!(" 건".parse::<Unit>().is_err());
    for bad in ["", ".", "..", "-1", "가/나", "가 나", "a_b", "ㄱ", "é", "a~2"] {
        assert!(bad.parse::<NodeId>().is_err(), "{bad:?}");
    }
    for good in ["전체", "1.2", "A-1", "어르신.1-가"] {
        assert!(good.parse::<NodeId>().is_ok(), "{good:?}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics_and_never_reads_two_texts_as_one_leaf(
        which in 0_usize..10, place in 0_usize..512, byte in any::<u8>()
    ) {
        let line = every_kind()[which].to_line();
        let mut bytes = line.clone().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(leaf) = Leaf::parse(&bytes) {
            prop_assert_eq!(leaf.to_line().into_bytes(), bytes);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Leaf::parse(&bytes);
    }
}
