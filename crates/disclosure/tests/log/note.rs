//! Signed notes, checkpoints and receipts: the published key, and everything that must be refused.

use iljari_disclosure::log::checkpoint::Checkpoint;
use iljari_disclosure::log::note::{Note, NoteFault, SIGNATURES_MAX, Signer, VerifierKey};
use iljari_disclosure::log::proof::{Receipt, ReceiptFault};
use iljari_disclosure::log::tree::{Tree, leaf_hash, root};
use iljari_disclosure::log::{Hash, Leaf};

use crate::fixture;

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().expect("a key")
}

fn open(note: &str, keys: &[&VerifierKey]) -> Result<String, NoteFault> {
    Note::parse(note.as_bytes())?.verify(keys).map(str::to_owned)
}

#[test]
fn the_published_note_verifies_and_is_signed_the_same() {
    let note = format!("{TEXT}\n{PETER_LINE}");
    assert_eq!(open(&note, &[&key(PETER)]).as_deref(), Ok(TEXT));
    assert_eq!(key(PETER).to_string(), PETER);
    let signer = Signer::from_secret_text(PETER_SECRET).expect("a signer");
    assert_eq!(signer.sign(TEXT).as_deref(), Ok(note.as_str()));
    assert_eq!(signer.to_secret_text(), PETER_SECRET);
    assert_eq!(signer.verifier(), &key(PETER));
    assert!(!format!("{signer:?}").contains("AYEKFALV"));
}

#[test]
fn unknown_signatures_are_ignored_and_known_ones_must_fit() {
    let (peter, enoch) = (key(PETER), key(ENOCH));
    let both = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    assert_eq!(open(&both, &[&peter]).as_deref(), Ok(TEXT));
    assert_eq!(open(&both, &[&enoch]).as_deref(), Ok(TEXT));
    assert_eq!(open(&both, &[&peter, &enoch]).as_deref(), Ok(TEXT));
    assert_eq!(open(&both, &[]), Err(NoteFault::NotSigned));
    assert_eq!(open(&format!("{TEXT}\n{ENOCH_LINE}"), &[&peter]), Err(NoteFault::NotSigned));
    // Peter's name and id over Enoch's signature bytes: a wrong signature by a known key.
    let bent = PETER_LINE.replace("ZJkuBS9U", "ZJkuBS9V");
    assert_eq!(open(&format!("{TEXT}\n{bent}{ENOCH_LINE}"), &[&peter, &enoch]), Err(NoteFault::BadSignature));
    let longer = PETER_LINE.replace("ZJku", "ABCDZJku");
    assert_eq!(open(&format!("{TEXT}\n{longer}"), &[&peter]), Err(NoteFault::BadSignature));
    assert_eq!(open(&format!("{}\n{PETER_LINE}", TEXT.replace("you", "You")), &[&peter]), Err(NoteFault::BadSignature));
    let misnamed = PETER_LINE.replace("PeterNeumann", "CarmenSandiego");
    assert_eq!(open(&format!("{TEXT}\n{misnamed}"), &[&peter]), Err(NoteFault::NotSigned));
}

#[test]
fn malformed_notes_are_refused() {
    let too_many = format!("{TEXT}\n{}", PETER_LINE.repeat(SIGNATURES_MAX + 1));
    let cases = [
        String::new(),
        "\n".to_owned(),
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{}", PETER_LINE.trim_end()),
        format!("{TEXT}{PETER_LINE}"),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{}\n{PETER_LINE}", TEXT.replace('\n', "\r\n")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad\u{a0}Name")),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "–")),
        // The last base64 digit has bits that no byte needs; they must be zero.
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAN=")),
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAM")),
        too_many,
    ];
    for note in cases {
        assert_eq!(Note::parse(note.as_bytes()), Err(NoteFault::Malformed), "{note:?}");
    }
    let mut bytes = format!("{TEXT}\n{PETER_LINE}").into_bytes();
    bytes[0] = 0xff;
    assert_eq!(Note::parse(&bytes), Err(NoteFault::Malformed));
    let most = format!("{TEXT}\n{}", PETER_LINE.repeat(SIGNATURES_MAX));
    assert_eq!(open(&most, &[&key(PETER)]).as_deref(), Ok(TEXT));
}

#[test]
fn every_mangling_of_a_key_is_refused() {
    for start in 0..=PETER.len() {
        for end in start..=PETER.len() {
            if (start, end) != (0, PETER.len()) {
                assert!(PETER[start..end].parse::<VerifierKey>().is_err(), "{}", &PETER[start..end]);
            }
        }
    }
    for place in 0..PETER.len() {
        let mut bytes = PETER.as_bytes().to_vec();
        bytes[place] += 1;
        let mangled = String::from_utf8(bytes).expect("ASCII");
        assert!(mangled.parse::<VerifierKey>().is_err(), "{mangled}");
    }
    // A key of the wrong length and one of an unknown algorithm, both with a fitting id.
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    for place in 0..PETER_SECRET.len() {
        let mut bytes = PETER_SECRET.as_bytes().to_vec();
        bytes[place] += 1;
        assert!(Signer::from_secret_text(&String::from_utf8(bytes).expect("ASCII")).is_err());
    }
    assert!(Signer::new("a b", &[1; 32]).is_err());
    assert!(Signer::new("", &[1; 32]).is_err());
}

#[test]
fn a_key_is_named_by_its_text_or_its_fingerprint() {
    let key = key(PETER);
    let fingerprint = key.fingerprint();
    assert_eq!(fingerprint.len(), 39);
    assert!(key.is_meant_by(PETER));
    assert!(key.is_meant_by(&format!(" {PETER}\n")));
    assert!(key.is_meant_by(&fingerprint));
    assert!(key.is_meant_by(&fingerprint.replace(' ', "").to_uppercase()));
    assert!(!key.is_meant_by(&fingerprint[1..]));
    assert!(!key.is_meant_by(ENOCH));
    assert!(!key.is_meant_by(""));
}

#[test]
fn checkpoints_are_read_as_the_standard_says() {
    let head = fixture::head_over(&fixture::leaves());
    let text = head.text();
    assert_eq!(Checkpoint::parse_text(&text), Some(head.clone()));
    assert_eq!(Checkpoint::parse_text(&format!("{text}an extension\n")), Some(head.clone()));
    let size_line = |size: &str| text.replacen("\n7\n", &format!("\n{size}\n"), 1);
    for size in ["07", "+7", "-7", " 7", "7 ", "", "7.0", "0x7", "９", "9007199254740992", "99999999999999999999"] {
        assert_eq!(Checkpoint::parse_text(&size_line(size)), None, "{size:?}");
    }
    assert_eq!(Checkpoint::parse_text(&size_line("0")).map(|head| head.size), Some(0));
    assert_eq!(Checkpoint::parse_text(&size_line("9007199254740991")).map(|head| head.size), Some((1 << 53) - 1));
    for bad in [
        text.trim_end().to_owned(),
        format!("{text}\n"),
        text.replacen('=', "", 1),
        text.replacen("demo.", "demo iljari.", 1),
        text.replacen("demo.", "데모.", 1),
        format!("\n{text}"),
        text.lines().take(2).map(|line| format!("{line}\n")).collect(),
        String::new(),
    ] {
        assert_eq!(Checkpoint::parse_text(&bad), None, "{bad:?}");
    }
    let signed = head.sign(&fixture::signer()).expect("signed");
    assert_eq!(Checkpoint::open(signed.as_bytes(), fixture::signer().verifier()), Ok(head));
    let stranger = Signer::new(fixture::ORIGIN, &[7; 32]).expect("a signer");
    assert_eq!(Checkpoint::open(signed.as_bytes(), stranger.verifier()), Err(NoteFault::NotSigned));
}

#[test]
fn a_receipt_goes_around_and_every_change_of_it_is_refused() {
    let (leaves, signer) = (fixture::leaves(), fixture::signer());
    let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash).collect();
    let signed = fixture::head_over(&leaves).sign(&signer).expect("signed");
    for (index, leaf) in leaves.iter().enumerate() {
        let line = leaf.to_line();
        let receipt = Receipt::issue(&hashes, index as u64, &signed, None).expect("a leaf");
        let text = receipt.to_string();
        assert!(text.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {index}\n")));
        let read = Receipt::parse(&text).expect("a receipt");
        assert_eq!(read, receipt);
        let head = read.verify(line.as_bytes(), signer.verifier()).expect("verified");
        assert_eq!((head.size, head.root), (7, root(&hashes)));
        let other = leaves[(index + 1) % leaves.len()].to_line();
        assert_eq!(read.verify(other.as_bytes(), signer.verifier()), Err(ReceiptFault::NotIncluded));
    }
    assert!(Receipt::issue(&hashes, 7, &signed, None).is_none());

    let line = leaves[3].to_line();
    let with_extra = Receipt::issue(&hashes, 3, &signed, Some(line.clone().into_bytes())).expect("a leaf");
    assert!(with_extra.to_string().starts_with("c2sp.org/tlog-proof@v1\nextra "));
    assert_eq!(Receipt::parse(&with_extra.to_string()), Ok(with_extra));

    let text = Receipt::issue(&hashes, 3, &signed, None).expect("a leaf").to_string();
    for bit in 0..text.len() * 8 {
        let mut bytes = text.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let accepted = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| Receipt::parse(text).ok())
            .and_then(|receipt| receipt.verify(line.as_bytes(), signer.verifier()).ok());
        assert!(accepted.is_none(), "bit {bit}");
    }
}

#[test]
fn a_receipt_of_a_foreign_log_is_refused() {
    let signer = fixture::signer();
    let hashes = [leaf_hash(b"a")];
    let foreign = Checkpoint { origin: "elsewhere.example/11990".into(), size: 1, root: root(&hashes) };
    let signed = foreign.sign(&signer).expect("signed");
    let receipt = Receipt::issue(&hashes, 0, &signed, None).expect("a leaf");
    assert_eq!(receipt.verify(b"a", signer.verifier()), Err(ReceiptFault::Signature(NoteFault::NotSigned)));
}

#[test]
fn a_flipped_bit_in_an_old_leaf_is_found_before_signing() {
    use iljari_disclosure::log::checkpoint::Fork;
    let mut lines: Vec<Vec<u8>> = fixture::leaves().iter().map(|leaf| leaf.to_line().into_bytes()).collect();
    let hashes = |lines: &[Vec<u8>]| lines.iter().map(|line| leaf_hash(line)).collect::<Vec<Hash>>();
    let sealed = Checkpoint::continuing(fixture::ORIGIN, None, &Tree::of(hashes(&lines))).expect("the first head");
    assert_eq!(sealed, fixture::head_over(&fixture::leaves()));
    lines.push(b"one more".to_vec());
    let next = Checkpoint::continuing(fixture::ORIGIN, Some(&sealed), &Tree::of(hashes(&lines))).expect("a next head");
    assert_eq!(next.size, 8);
    let mut chance = 1_u64;
    for _ in 0..1_000 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let which = (chance >> 40) as usize % 7;
        let bit = (chance >> 20) as usize % (lines[which].len() * 8);
        lines[which][bit / 8] ^= 1 << (bit % 8);
        let fork =
            Checkpoint::continuing(fixture::ORIGIN, Some(&sealed), &Tree::of(hashes(&lines))).expect_err("a fork");
        assert!(fork.size == 7 && fork.sealed == sealed.root && fork.found.is_some());
        lines[which][bit / 8] ^= 1 << (bit % 8);
    }
    let fewer = hashes(&lines[..6]);
    assert_eq!(
        Checkpoint::continuing(fixture::ORIGIN, Some(&sealed), &Tree::of(fewer)),
        Err(Fork { size: 7, sealed: sealed.root, found: None })
    );
}
