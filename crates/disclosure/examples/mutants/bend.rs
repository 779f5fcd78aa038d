//! Faults of bytes, files, heads, keys and archives, as anybody could make them.

use iljari_disclosure::bundle::Bundle;
use iljari_disclosure::bundle::manifest::Manifest;
use iljari_disclosure::log::note::Note;
use iljari_disclosure::log::{Checkpoint, Hash, Signer};

use crate::dice::Dice;
use crate::draft::Draft;
use crate::fixture;

/// Bends some bytes.
pub fn text(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let at = dice.below(bytes.len());
    match dice.below(8) {
        0..=2 if !bytes.is_empty() => {
            bytes[at] ^= 1 << dice.below(8);
            "a bit flipped"
        }
        3 => {
            bytes.truncate(at);
            "cut short"
        }
        4 => {
            bytes.insert(at, *dice.pick(b" \n\r,\"0\\}+a"));
            "a byte put in"
        }
        5 if !bytes.is_empty() => {
            bytes.remove(at);
            "a byte taken out"
        }
        6 => {
            bytes.extend(*dice.pick(&[b"\n".as_slice(), b"\r\n", b" ", b"\n\n", b"x"]));
            "something at the end"
        }
        _ => {
            bytes.clear();
            "emptied"
        }
    }
}

/// Changes one digit.
pub fn digit(bytes: &mut [u8], dice: &mut Dice) -> &'static str {
    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
    if let Some(at) = digits.get(dice.below(digits.len())) {
        bytes[*at] = b'0' + (bytes[*at] - b'0' + 1 + u8::try_from(dice.below(9)).unwrap_or(0)) % 10;
    }
    "another digit"
}

/// Takes out, repeats or moves a line.
pub fn line(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (at, to) = (dice.below(lines.len()), dice.below(lines.len()));
    let story = match dice.below(3) {
        _ if lines.is_empty() => "no line to bend",
        0 => {
            lines.remove(at);
            "a line taken out"
        }
        1 => {
            lines.insert(to, lines[at].clone());
            "a line twice"
        }
        _ => {
            lines.swap(at, to);
            "two lines exchanged"
        }
    };
    *bytes = lines.concat();
    story
}

/// Exchanges words that mean something in a table.
pub fn words(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let pairs = [
        ("\r\n", "\n"),
        ("합계,", "민간,"),
        ("\"합계\"", "\"민간\""),
        ("어르신", "청년"),
        ("청년.1", "청년.2"),
        ("일자리 수", "실인원"),
        ("청년 일자리", "젊은이 일자리"),
        ("전체", "없음"),
        (",123,", ",128,"),
        (":40,", ":41,"),
        (",40,", ",-40,"),
        (":12,", ":012,"),
        (",12,", ",1e1,"),
        (":12,", ":12.0,"),
        ("2023,", "02023,"),
        ("\"year\":2023", "\"year\":\"2023\""),
        ("청년,청년", "\"청년\",청년"),
        ("\u{feff}", ""),
        ("'=", "="),
        ("]}\n", ""),
        ("\"no\":1", "\"no\":2"),
        ("\"size\":", "\"size\":0"),
        ("나루구", "나루구 "),
        ("나루구", "나루\u{200b}구"),
        ("65~69세,비공개", "65~69세,40"),
        ("65~69세,비공개", "65~69세,5 미만"),
        ("미만,0", "미만,4"),
        ("미만,0", "미만,00"),
        ("미상,2", "미상,비공개"),
        ("이상,81", "이상,122"),
        ("60세 미만", "미상"),
        ("60세 미만", "합계"),
        ("60세 미만", "=60세 미만"),
        ("60~64세", "65~69세"),
        ("연령대", "성별"),
        ("일자리 수,연령대", "연인원,연령대"),
        ("어르신 일자리,일자리 수,연령대", "다른 이름,일자리 수,연령대"),
        (",\n{", "\n{"),
        ("},\n", "}\n"),
    ];
    let (from, to) = *dice.pick(&pairs);
    if let Ok(old) = std::str::from_utf8(bytes) {
        *bytes = if dice.chance(50) { old.replacen(from, to, 1) } else { old.replace(from, to) }.into_bytes();
    }
    "other words in a table"
}

/// Bends a file of a bundle, or which files there are.
pub fn files(bundle: &mut Bundle, draft: &Draft, dice: &mut Dice) -> &'static str {
    let paths: Vec<String> = bundle.keys().cloned().collect();
    if paths.is_empty() {
        return "nothing left to bend";
    }
    let path = dice.pick(&paths).clone();
    match dice.below(12) {
        0..=2 => text(bundle.get_mut(&path).expect("a file"), dice),
        3 => digit(bundle.get_mut(&path).expect("a file"), dice),
        4 => line(bundle.get_mut(&path).expect("a file"), dice),
        5 => {
            bundle.remove(&path);
            "a file removed"
        }
        6 => {
            let odd = [
                "extra",
                "documents/extra.csv",
                "documents/plan/extra.yaml",
                "log/tile/0/001",
                "log/tile/0/000.p/3",
                "log/tile/entries/001.p/1",
                "log/tile/entries/000.p/9",
                "log/tile/1/000",
                "log/tile/64/000",
                "log/tile/0/x001/000",
                "log/tile/0/x000/000",
                "log/tile/0/000.p/0",
                "log/tile/00/000",
                "log/tile/0/x009/x999/x999/x999/x999/x999/999",
                "log/checkpoint",
                "Manifest",
                "../key",
                "documents//a",
                "documents/a\\b",
                "documents/a\u{7f}",
                "documents/가\u{0301}",
                "documents/",
                "/key",
                "documents/...",
            ];
            bundle.insert((*dice.pick(&odd)).to_owned(), b"extra".to_vec());
            "a file added"
        }
        7 => {
            let bytes = bundle.remove(&path).expect("a file");
            let name = match dice.below(3) {
                0 => format!("{path}x"),
                1 => format!("documents/{}", path.replace('/', "-")),
                _ => format!("log/{path}"),
            };
            bundle.insert(name, bytes);
            "a file renamed"
        }
        8 => {
            let other = dice.pick(&paths).clone();
            let (one, two) = (bundle[&path].clone(), bundle[&other].clone());
            bundle.insert(path, two);
            bundle.insert(other, one);
            "two files exchanged"
        }
        _ => head_or_key(bundle, draft, dice),
    }
}

/// Bends what is signed, or the key: each by somebody who knows the formats.
pub fn head_or_key(bundle: &mut Bundle, draft: &Draft, dice: &mut Dice) -> &'static str {
    let stranger = Signer::new(fixture::ORIGIN, &[8; 32]).expect("a signer");
    let path = *dice.pick(&["checkpoint", "checkpoint-1"]);
    let head = bundle.get(path).and_then(|bytes| Checkpoint::parse_unverified(bytes).ok());
    let mut sign = |head: Checkpoint, signer: &Signer| {
        if let Ok(note) = head.sign(signer) {
            bundle.insert(path.to_owned(), note.into_bytes());
        }
    };
    match (dice.below(9), head) {
        (0, Some(head)) => {
            sign(head, &stranger);
            "a head by a stranger"
        }
        (1, Some(head)) => {
            let size = [0, head.size + 1, head.size.saturating_sub(1), 3, (1 << 53) - 1];
            sign(Checkpoint { size: *dice.pick(&size), ..head }, &draft.signer);
            "a head of another size"
        }
        (2, Some(head)) => {
            sign(Checkpoint { root: Hash::of(b"another log"), ..head }, &draft.signer);
            "a head of another root"
        }
        (3, Some(head)) => {
            let origin = ["other.example/11990", "no-slash", "iljari.example/bundle@v1"];
            sign(Checkpoint { origin: (*dice.pick(&origin)).to_owned(), ..head }, &draft.signer);
            "a head of another origin"
        }
        (4, Some(head)) => {
            let more = ["extension\n", "\n", "a\nb\n", " \n"];
            let note = draft.signer.sign(&format!("{}{}", head.text(), dice.pick(&more))).expect("signed");
            bundle.insert(path.to_owned(), note.into_bytes());
            "a head with further lines"
        }
        (5, _) => {
            let signed = *dice.pick(&["checkpoint", "checkpoint-1", "manifest"]);
            second_signature(bundle, signed, draft, dice)
        }
        (6, _) => {
            bundle.insert("key".into(), format!("{}\n", stranger.verifier()).into_bytes());
            "a stranger's key"
        }
        _ => {
            bundle.insert("key".into(), odd_key(draft, dice).into_bytes());
            "an odd key"
        }
    }
}

/// A key file that is none, or only nearly the key.
fn odd_key(draft: &Draft, dice: &mut Dice) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let key = draft.signer.verifier().to_string();
    let with = |public: [u8; 32]| {
        let name = fixture::ORIGIN;
        let tagged = [&[1], public.as_slice()].concat();
        let id = Hash::of(&[name.as_bytes(), b"\n", &tagged].concat()).to_string();
        format!("{name}+{}+{}\n", &id[..8], STANDARD.encode(tagged))
    };
    let mut high = [0xff; 32];
    high[31] = 0x7f;
    match dice.below(9) {
        0 => key,
        1 => format!("{key}\n\n"),
        2 => format!("{}\n", key.to_uppercase()),
        3 => format!("{}\n", key.replacen('+', "++", 1)),
        // The neutral point, and the point of order two.
        4 => with(std::array::from_fn(|at| u8::from(at == 0))),
        5 => with(std::array::from_fn(|at| if at == 0 { 0xec } else { high[at] })),
        // Coordinates that are not reduced: 2^255 - 19 and a few above it.
        6 => {
            with(std::array::from_fn(
                |at| if at == 0 { 0xed + u8::try_from(dice.below(19)).unwrap_or(0) } else { high[at] },
            ))
        }
        7 => with(std::array::from_fn(|at| if at == 31 { 0x40 } else { 7 })),
        _ => format!("{}=\n", key.trim_end_matches('=')),
    }
}

/// A further signature line on a note: a witness's, the same again, or a broken one.
fn second_signature(bundle: &mut Bundle, path: &str, draft: &Draft, dice: &mut Dice) -> &'static str {
    let Some(note) = bundle.get(path).and_then(|bytes| String::from_utf8(bytes.clone()).ok()) else {
        return "no note to sign";
    };
    let Ok(parsed) = Note::parse(note.as_bytes()) else { return "no note to sign" };
    let last = |signed: String| signed.rsplit("\n\n").next().unwrap_or_default().to_owned();
    let line = match dice.below(7) {
        0 => last(Signer::new("witness.example", &[3; 32]).and_then(|it| it.sign(parsed.text())).expect("signed")),
        1 => last(draft.signer.sign(parsed.text()).expect("signed")),
        2 => last(draft.signer.sign("another text\n").expect("signed")),
        3 => "\u{2014} witness.example AAAAAAE=\n".to_owned(),
        4 => "\u{2014} witness.example AAAAAA==\n".to_owned(),
        5 => "\u{2014} wit+ness AAAAAAE=\n".to_owned(),
        _ => "\u{2014} witness.example  AAAAAAE=\n".to_owned(),
    };
    bundle.insert(path.to_owned(), format!("{note}{line}").into_bytes());
    "a further signature"
}

/// Signs a new manifest over the files as they are now.
pub fn sign_manifest(bundle: &mut Bundle, draft: &Draft, dice: &mut Dice) -> &'static str {
    let text = Manifest::over(draft.heading.clone(), bundle).text();
    let (signer, story) = if dice.chance(80) {
        (draft.signer.clone(), "the manifest signed anew")
    } else {
        (Signer::new(fixture::ORIGIN, &[8; 32]).expect("a signer"), "the manifest signed by a stranger")
    };
    if let Ok(note) = signer.sign(&text) {
        bundle.insert("manifest".into(), note.into_bytes());
    }
    story
}

/// Bends an archive, or leaves it.
pub fn archive(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let at = dice.below(bytes.len());
    match dice.below(6) {
        0 => "packed well",
        1 => {
            bytes.truncate(at);
            "an archive cut short"
        }
        2 => {
            bytes.push(0);
            "an archive with a byte more"
        }
        3 => {
            // The directory and its end: every byte there is determined.
            let near = bytes.len() - 1 - dice.below(600.min(bytes.len()));
            bytes[near] ^= 1 << dice.below(8);
            "a bit flipped in the directory"
        }
        4 => {
            let near = dice.below(80.min(bytes.len()));
            bytes[near] ^= 1 << dice.below(8);
            "a bit flipped at the front"
        }
        _ => {
            bytes[at] ^= 1 << dice.below(8);
            "a bit flipped in an archive"
        }
    }
}
