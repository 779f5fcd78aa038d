//! Bundles that are wrong in a thousand ways, each with what the checker says about it.
//!
//! `cargo run -p iljari-disclosure --example mutants -- COUNT SEED` prints one line of JSON per bundle.
//! The same two numbers give the same lines. The journeys hand them to the verifier in the browser,
//! which must come to the same verdict with the same codes.
//!
//! Owns: the vandalism and its chance. Does not own: any judgement; what is expected is whatever
//! the checker answers, even "nothing is wrong". What a newcomer gets wrong: only bending bytes.
//! Most later checks are out of reach unless the bent bundle is signed anew, all the way up.

#![expect(clippy::expect_used, reason = "a bundle that cannot be made is a bug in this program")]

mod bend;
mod dice;
mod draft;
#[path = "../../tests/log/fixture.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod fixture;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iljari_disclosure::bundle::{Bundle, Options, Report, from_zip, verify, zip};
use serde_json::{Value, json};

use dice::Dice;
use draft::Draft;

fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse::<u64>().ok());
    let (count, seed) = (numbers.next().unwrap_or(1_000), numbers.next().unwrap_or(1));
    let drafts = Draft::all();
    let sound: Vec<Bundle> = drafts.iter().map(Draft::bundle).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let whole: Vec<Value> = sound.iter().map(|bundle| files(bundle.iter())).collect();
    writeln!(out, "{}", json!({ "sound": whole }))?;
    for number in 0..count {
        writeln!(out, "{}", mutant(number, seed, &drafts, &sound))?;
    }
    out.flush()
}

/// The mutant of this number.
fn mutant(number: u64, seed: u64, drafts: &[Draft], sound: &[Bundle]) -> Value {
    let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
    let which = dice.below(drafts.len());
    let mut draft = drafts[which].clone();
    let mut story = Vec::new();
    // A third is only bent outside, a third only inside and then signed well, the rest both.
    let (inside, outside) = (!number.is_multiple_of(3), number % 3 != 1);
    if inside {
        for _ in 0..1 + dice.below(2) {
            story.push(draft.bend(&mut dice));
        }
    }
    let mut bundle = draft.bundle();
    if outside {
        for _ in 0..1 + dice.below(2) {
            story.push(bend::files(&mut bundle, &draft, &mut dice));
        }
        if dice.chance(40) {
            story.push(bend::sign_manifest(&mut bundle, &draft, &mut dice));
        }
    }
    let key = named_key(&draft, &mut dice);
    let since = dice.chance(30).then(|| earlier(drafts, sound, &mut story, &mut dice));
    if number % 10 == 9
        && let Ok(archive) = zip(&bundle)
    {
        return packed(number, &story, archive, &mut dice);
    }
    let report = verify(&bundle, &Options { key: key.as_deref(), since: since.as_ref() });
    json!({
        "number": number, "story": story, "key": key, "files": difference(&bundle, which, sound),
        "since": since.map(|since| difference(&since, 0, sound)), "verdict": report.exit_code(), "codes": codes(&report),
    })
}

/// A bent archive: its fate is to be refused, or to be the bundle it was.
fn packed(number: u64, story: &[&'static str], mut archive: Vec<u8>, dice: &mut Dice) -> Value {
    let how = bend::archive(&mut archive, dice);
    let (verdict, codes) = match from_zip(&archive) {
        Ok(bundle) => {
            let report = verify(&bundle, &Options::default());
            (json!(report.exit_code()), codes(&report))
        }
        Err(_) => (json!("refused"), BTreeSet::new()),
    };
    let story: Vec<&str> = story.iter().copied().chain([how]).collect();
    json!({ "number": number, "story": story, "zip": STANDARD.encode(archive), "verdict": verdict, "codes": codes })
}

fn codes(report: &Report) -> BTreeSet<&'static str> {
    assert_eq!(report.further, 0, "so many problems that codes may be lost");
    report.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// The key that somebody names: none, its text, its fingerprint in several hands, or another.
fn named_key(draft: &Draft, dice: &mut Dice) -> Option<String> {
    let key = draft.signer.verifier();
    match dice.below(6) {
        0 | 1 => None,
        2 => Some(key.to_string()),
        3 => Some(key.fingerprint()),
        4 => Some(format!(" {}\u{3000}", key.fingerprint().to_uppercase().replace(' ', ""))),
        _ => Some("0000 0000 0000 0000 0000 0000 0000 0000".to_owned()),
    }
}

/// An earlier bundle, sound or bent.
fn earlier(drafts: &[Draft], sound: &[Bundle], story: &mut Vec<&'static str>, dice: &mut Dice) -> Bundle {
    story.push("compared with an earlier bundle");
    let mut bundle = dice.pick(sound).clone();
    if dice.chance(40) {
        let mut draft = dice.pick(drafts).clone();
        if dice.chance(50) {
            story.push(draft.bend(dice));
        }
        bundle = draft.bundle();
        if dice.chance(50) {
            story.push(bend::head_or_key(&mut bundle, &draft, dice));
        }
    }
    bundle
}

fn files<'b>(files: impl Iterator<Item = (&'b String, &'b Vec<u8>)>) -> Value {
    files.map(|(path, bytes)| (path.clone(), json!(STANDARD.encode(bytes)))).collect::<serde_json::Map<_, _>>().into()
}

/// A bundle as what it adds to a sound one and what it lacks.
fn difference(bundle: &Bundle, which: usize, sound: &[Bundle]) -> Value {
    let base = &sound[which];
    let gone: Vec<&String> = base.keys().filter(|path| !bundle.contains_key(*path)).collect();
    let put: BTreeMap<&String, &Vec<u8>> =
        bundle.iter().filter(|(path, bytes)| base.get(*path) != Some(bytes)).collect();
    json!({ "of": which, "gone": gone, "put": files(put.into_iter()) })
}
