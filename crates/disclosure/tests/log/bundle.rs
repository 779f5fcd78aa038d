//! The bundle and its checker: what it finds, how it says so, and that it never gives up early.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::bundle::documents::{read_documents_sha256, totals_csv};
use iljari_disclosure::bundle::manifest::Manifest;
use iljari_disclosure::bundle::{
    self, Bundle, Code, Options, Report, TOTALS_CSV, TOTALS_JSON, TREE_CSV, ZipFault, canonical_path, from_zip,
    is_path, verify, zip,
};
use iljari_disclosure::log::note::Note;
use iljari_disclosure::log::tree::root;
use iljari_disclosure::log::words::{Field, Grade, Unit};
use iljari_disclosure::log::{Body, Checkpoint, Hash, Leaf, Signer};

use crate::fixture::{
    self, correction, count, heading, job, leaf, leaves, resign, seniors, signer, slot, small_bundle, tree, try_bundle,
};

fn check(bundle: &Bundle) -> Report {
    verify(bundle, &Options { key: Some(&signer().verifier().to_string()), since: None })
}

fn codes(report: &Report) -> Vec<Code> {
    let mut codes: Vec<Code> = report.problems.iter().map(|problem| problem.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

fn sentences(report: &Report) -> Vec<&str> {
    report.problems.iter().map(|problem| problem.sentence_ko.as_str()).collect()
}

fn text(bundle: &Bundle, path: &str) -> String {
    String::from_utf8(bundle[path].clone()).expect("UTF-8")
}

fn replaced(bundle: &Bundle, path: &str, from: &str, to: &str) -> Bundle {
    let old = text(bundle, path);
    assert!(old.contains(from), "{from:?} not in {path}");
    let mut bundle = bundle.clone();
    bundle.insert(path.to_owned(), old.replacen(from, to, 1).into_bytes());
    bundle
}

#[test]
fn a_sound_bundle_is_found_sound() {
    let bundle = small_bundle();
    let report = check(&bundle);
    assert_eq!(report.problems, []);
    assert_eq!(report.exit_code(), 0);
    assert!(report.key_named && report.checks.iter().all(|check| check.ok));
    assert_eq!(report.leaves, 8);
    // Ten lines of eight numbers, in two tables.
    let lines = text(&bundle, TOTALS_CSV).lines().count() - 1;
    assert_eq!(report.numbers_checked, lines as u64 * 16);
    assert_eq!(report.fingerprint, Some(signer().verifier().fingerprint()));
    let disclosed = report.disclosure.expect("a disclosure");
    assert_eq!((disclosed.year, disclosed.no), (Year(2023), 1));
    assert_eq!(disclosed.first, Some((7, fixture::head_over(&leaves()).root)));
    assert_eq!(disclosed.second.map(|(size, _)| size), Some(8));
}

#[test]
fn without_a_named_key_all_else_is_checked_and_the_exit_code_says_so() {
    let bundle = small_bundle();
    let report = verify(&bundle, &Options::default());
    assert_eq!((report.problems.len(), report.exit_code(), report.key_named), (0, 3, false));
    let fingerprint = report.fingerprint.expect("a fingerprint");
    let named = verify(&bundle, &Options { key: Some(&fingerprint), since: None });
    assert_eq!(named.exit_code(), 0);
    let stranger = Signer::new(fixture::ORIGIN, &[9; 32]).expect("a signer").verifier().to_string();
    let report = verify(&bundle, &Options { key: Some(&stranger), since: None });
    assert_eq!((codes(&report), report.exit_code()), (vec![Code::KeyOther], 1));
    let damaged = replaced(&bundle, TOTALS_CSV, "123", "128");
    assert_eq!(verify(&damaged, &Options::default()).exit_code(), 1);
}

#[test]
fn a_changed_digit_is_a_changed_file_and_a_named_number() {
    let damaged = replaced(&small_bundle(), TOTALS_CSV, "합계,123,1,122,0,123", "합계,128,1,122,0,123");
    let report = check(&damaged);
    assert_eq!(codes(&report), [Code::FileChanged, Code::DocumentChanged, Code::NumberDiffers]);
    assert!(
        sentences(&report).contains(&"2023년 어르신 일자리: 공시표에는 128개인데 기록을 더하면 123개입니다."),
        "{:?}",
        sentences(&report)
    );
}

#[test]
fn a_perfectly_signed_lie_is_found_in_the_numbers() {
    let bundle = small_bundle();
    let lie = resign(replaced(&bundle, TOTALS_CSV, "합계,123,1,122,0,123", "합계,1128,1,122,0,123"));
    let report = check(&lie);
    assert_eq!(codes(&report), [Code::NumberDiffers]);
    assert_eq!(sentences(&report), ["2023년 어르신 일자리: 공시표에는 1,128개인데 기록을 더하면 123개입니다."]);
    let lie = resign(replaced(&bundle, TOTALS_JSON, "\"press\":40", "\"press\":41"));
    let report = check(&lie);
    assert_eq!(codes(&report), [Code::NumberDiffers]);
    assert_eq!(
        sentences(&report),
        [
            "2023년 나루구 일자리대책(일자리 수 · 합계 · 보도): 공시 자료(totals.json)에는 41개인데 기록을 더하면 40개입니다."
        ]
    );
    let unsigned = resign(bundle);
    assert_eq!(check(&unsigned).problems, [], "signing anew alone changes nothing");
}

#[test]
fn missing_and_invented_lines_are_named() {
    let bundle = small_bundle();
    let csv = text(&bundle, TOTALS_CSV);
    let row = csv.lines().find(|line| line.contains("청년,청년 일자리,일자리 수,민간")).expect("a row");
    let report = check(&resign(replaced(&bundle, TOTALS_CSV, &format!("{row}\r\n"), "")));
    assert_eq!(codes(&report), [Code::LineMissing]);
    let report = check(&resign(replaced(&bundle, TOTALS_CSV, row, &row.replace("민간", "기타"))));
    assert_eq!(codes(&report), [Code::LineMissing, Code::LineUnknown]);
    let report = check(&resign(replaced(&bundle, TOTALS_CSV, row, &row.replace("청년 일자리", "젊은이 일자리"))));
    assert_eq!(codes(&report), [Code::TotalsForm]);
    let report = check(&resign(replaced(&bundle, TOTALS_CSV, "\r\n", "\n")));
    assert_eq!(codes(&report), [Code::TotalsForm]);
    // A lie before the truth, in the hope that the reader keeps the last.
    let twice = format!("{}\r\n{row}", row.replace("40", "41"));
    let report = check(&resign(replaced(&bundle, TOTALS_CSV, row, &twice)));
    assert_eq!(codes(&report), [Code::NumberDiffers, Code::LineUnknown]);
    let report = check(&resign(replaced(&bundle, TOTALS_JSON, "\"no\":1", "\"no\":2")));
    assert_eq!(codes(&report), [Code::TotalsForm]);
    let report = check(&resign(replaced(&bundle, TOTALS_JSON, "]}", "")));
    assert_eq!(codes(&report), [Code::TotalsForm]);
}

#[test]
fn the_tree_table_must_be_a_tree_and_canonical() {
    let bundle = small_bundle();
    for (from, to, wanted) in [
        ("2023,어르신,전체,", "2023,어르신,청년.9,", Code::TreeForm),
        ("2023,어르신,전체,어르신 일자리,", "2023,어르신,전체,어르신 일자리,없는 부문", Code::TreeForm),
        ("\r\n", "\n", Code::TreeForm),
        ("2023,어르신,전체,어르신 일자리,\r\n", "", Code::NodeUnknown),
    ] {
        let report = check(&resign(replaced(&bundle, TREE_CSV, from, to)));
        assert!(report.has(wanted), "{from:?}: {:?}", codes(&report));
    }
    // Moving a node under another moves numbers, and the tables then differ.
    let report = check(&resign(replaced(&bundle, TREE_CSV, "2023,어르신,전체,", "2023,어르신,청년,")));
    assert!(report.has(Code::NumberDiffers) || report.has(Code::LineMissing), "{:?}", codes(&report));
}

#[test]
fn a_log_that_contradicts_itself_cannot_be_disclosed() {
    let refused = |change: fn(&mut Vec<Leaf>)| {
        let mut leaves = leaves();
        change(&mut leaves);
        let problems = try_bundle(leaves, &tree()).expect_err("refused");
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(refused(|leaves| leaves.push(correction("z", "nobody", seniors(), -1))), [Code::CorrectionTarget]);
    assert_eq!(refused(|leaves| leaves.push(correction("z", "seniors", fixture::youth(), -1))), [Code::CorrectionSlot]);
    assert_eq!(refused(|leaves| leaves.push(correction("z", "seniors", seniors(), -900))), [Code::BelowZero]);
    assert_eq!(refused(|leaves| leaves.push(leaves[1].clone())), [Code::DuplicateId]);
    assert_eq!(
        refused(|leaves| {
            let Body::Job { slot, grade, commit } = leaves[3].body().clone() else { panic!("a job") };
            leaves.push(leaf("copy", Body::Job { slot, grade, commit }));
        }),
        [Code::DuplicateCommitment]
    );
    assert_eq!(
        refused(|leaves| leaves.push(count(
            "far",
            slot("어디", 202301, 202301, Field::Other, Unit::Jobs),
            1,
            Grade::Sum
        ))),
        [Code::NodeUnknown]
    );
    assert_eq!(
        refused(|leaves| {
            let body = Body::Plan { reference: "종합-2023".parse().expect("a name"), sha256: Hash::of(b"second") };
            leaves.push(leaf("revision", body));
        }),
        [Code::PlanMissing]
    );
    let stranger = Leaf::new("11215".parse().expect("a code"), fixture::id("far"), leaves()[1].body().clone());
    let mut foreign = leaves();
    foreign.push(stranger.expect("a leaf"));
    let problems = try_bundle(foreign, &tree()).expect_err("refused");
    assert!(problems.iter().any(|problem| problem.code == Code::LeafDistrict));
}

/// A bundle signed by the right key around a log that its maker's own program would refuse.
fn forged(change: fn(&mut Vec<Leaf>)) -> Report {
    let mut log = leaves();
    change(&mut log);
    log.push(leaves()[0].clone());
    let mut bundle = small_bundle();
    let lines: Vec<String> = log.iter().map(Leaf::to_line).collect();
    bundle.retain(|path, _| !path.starts_with("log/tile/entries"));
    for (path, bytes) in iljari_disclosure::log::tile::entry_bundles(&lines).expect("short") {
        bundle.insert(format!("log/{path}"), bytes);
    }
    check(&resign(bundle))
}

#[test]
fn the_checker_finds_what_the_maker_should_have() {
    assert!(forged(|leaves| leaves.push(correction("z", "nobody", seniors(), -1))).has(Code::CorrectionTarget));
    assert!(forged(|leaves| leaves.swap(2, 4)).has(Code::CorrectionTarget));
    assert!(forged(|leaves| leaves.push(correction("z", "seniors", fixture::youth(), -1))).has(Code::CorrectionSlot));
    assert!(forged(|leaves| leaves.push(correction("z", "seniors", seniors(), -900))).has(Code::BelowZero));
    assert!(forged(|leaves| leaves.push(leaves[1].clone())).has(Code::DuplicateId));
    let hidden = forged(|leaves| drop(leaves.remove(1)));
    assert!(hidden.has(Code::NumberDiffers), "{:?}", codes(&hidden));
    let added = forged(|leaves| leaves.push(count("more", seniors(), 5, Grade::Sum)));
    assert!(sentences(&added).contains(&"2023년 어르신 일자리: 공시표에는 123개인데 기록을 더하면 128개입니다."));
    let plan_gone = forged(|leaves| drop(leaves.remove(0)));
    assert!(plan_gone.has(Code::PlanUnknown), "{:?}", codes(&plan_gone));
    let newer_key = forged(|leaves| {
        let key = Signer::new(fixture::ORIGIN, &[5; 32]).expect("a signer").verifier().clone();
        leaves.push(leaf("rotation", Body::Key { key }));
    });
    assert!(newer_key.has(Code::KeyReplaced));
    let false_history = forged(|leaves| {
        let hash = Hash::of(b"never");
        let body = Body::Disclosure { year: Year(2022), no: 1, size: 3, root: hash, docs: hash, corrects: None };
        leaves.push(leaf("earlier", body));
    });
    assert!(false_history.has(Code::DisclosureDiffers));
    let corrects_nothing = forged(|leaves| {
        let hash = Hash::of(b"docs");
        let hashes: Vec<Hash> = leaves[..3].iter().map(Leaf::hash).collect();
        let corrects = Some(fixture::id("seniors"));
        let body = Body::Disclosure { year: Year(2022), no: 1, size: 3, root: root(&hashes), docs: hash, corrects };
        leaves.push(leaf("earlier", body));
    });
    assert!(corrects_nothing.has(Code::DisclosureDiffers));
}

#[test]
fn revisions_of_a_plan_lie_side_by_side() {
    let second = "# 나루구(예시) 일자리대책 종합계획 2023, 고침\n".as_bytes().to_vec();
    let mut log = leaves();
    let body = Body::Plan { reference: "종합-2023".parse().expect("a name"), sha256: Hash::of(&second) };
    log.push(leaf("revision", body));
    let head = fixture::head_over(&log);
    let documents = iljari_disclosure::bundle::documents(&iljari_disclosure::bundle::DocumentInputs {
        heading: &heading(),
        leaves: &log,
        first: &head,
        tree: &tree(),
        plans: &[second.clone(), fixture::PLAN.to_vec()],
        key: signer().verifier(),
        others: BTreeMap::new(),
    })
    .expect("documents");
    assert_eq!(documents.files["documents/plan/종합-2023.yaml"], fixture::PLAN);
    assert_eq!(documents.files["documents/plan/종합-2023~2.yaml"], second);
}

#[test]
fn a_second_signature_on_the_manifest_is_refused() {
    let mut bundle = small_bundle();
    let stranger = Signer::new("somebody.example", &[3; 32]).expect("a signer");
    let note = text(&bundle, "manifest");
    let signed_text = Note::parse(note.as_bytes()).expect("a note").text().to_owned();
    let line = stranger.sign(&signed_text).expect("signed").rsplit("\n\n").next().expect("a line").to_owned();
    bundle.insert("manifest".into(), format!("{note}{line}").into_bytes());
    assert_eq!(codes(&check(&bundle)), [Code::ManifestSignatures]);
    bundle.insert("manifest".into(), stranger.sign(&signed_text).expect("signed").into_bytes());
    assert_eq!(codes(&check(&bundle)), [Code::ManifestSignature]);
}

#[test]
fn a_checkpoint_with_a_witness_signature_is_still_good() {
    let mut bundle = small_bundle();
    let witness = Signer::new("witness.example", &[3; 32]).expect("a signer");
    let head = text(&bundle, "checkpoint");
    let signed_text = Note::parse(head.as_bytes()).expect("a note").text().to_owned();
    let line = witness.sign(&signed_text).expect("signed").rsplit("\n\n").next().expect("a line").to_owned();
    bundle.insert("checkpoint".into(), format!("{head}{line}").into_bytes());
    let manifest = Manifest::over(heading(), &bundle).text();
    bundle.insert("manifest".into(), signer().sign(&manifest).expect("signed").into_bytes());
    assert_eq!(check(&bundle).problems, []);
}

#[test]
fn a_head_is_never_taken_for_a_manifest_nor_a_manifest_for_a_head() {
    let bundle = small_bundle();
    let manifest = Note::parse(&bundle["manifest"]).expect("a note").text().to_owned();
    let head = Note::parse(&bundle["checkpoint"]).expect("a note").text().to_owned();
    assert!(Manifest::parse(&manifest).is_some() && Checkpoint::parse_text(&manifest).is_none());
    assert!(Manifest::parse(&head).is_none() && Checkpoint::parse_text(&head).is_some());
    for bad in [
        manifest.replacen("11990\n2023", "1199\n2023", 1),
        manifest.replacen("2023 1\n", "2023 01\n", 1),
        manifest.replacen("2023 1\n", "2023 0\n", 1),
        manifest.replacen("2023 1\n", "02023 1\n", 1),
        manifest.trim_end().to_owned(),
        format!("{manifest}\n"),
        manifest.replacen("checkpoint\n", "../checkpoint\n", 1),
        manifest.replacen("key\n", "manifest\n", 1),
    ] {
        assert_eq!(Manifest::parse(&bad), None, "{bad}");
    }
    let mut lines: Vec<&str> = manifest.lines().collect();
    lines.swap(4, 5);
    assert_eq!(Manifest::parse(&format!("{}\n", lines.join("\n"))), None, "unsorted");
}

/// A later bundle of the same log: `more` is appended, then disclosed as number 2.
fn later(more: Vec<Leaf>, signer: &Signer, change: fn(&mut Vec<Leaf>)) -> Bundle {
    use iljari_disclosure::bundle::{BundleInputs, DocumentInputs, Heading};
    let documents_before = fixture::documents(&leaves(), &tree()).expect("documents");
    let mut log = leaves();
    log.push(fixture::disclosure(&leaves(), &documents_before));
    change(&mut log);
    log.extend(more);
    let heading = Heading { no: 2, ..heading() };
    let documents = iljari_disclosure::bundle::documents(&DocumentInputs {
        heading: &heading,
        leaves: &log,
        first: &fixture::head_over(&log),
        tree: &tree(),
        plans: &[fixture::PLAN.to_vec()],
        key: signer.verifier(),
        others: BTreeMap::new(),
    })
    .expect("documents");
    let first = fixture::head_over(&log);
    let body = Body::Disclosure {
        year: Year(2023),
        no: 2,
        size: first.size,
        root: first.root,
        docs: documents.hash(),
        corrects: None,
    };
    let signed_first = first.sign(signer).expect("signed");
    log.push(leaf("second disclosure", body));
    let second = fixture::head_over(&log).sign(signer).expect("signed");
    let lines: Vec<String> = log.iter().map(Leaf::to_line).collect();
    let inputs =
        BundleInputs { heading: &heading, lines: &lines, first: &signed_first, second: &second, documents: &documents };
    iljari_disclosure::bundle::build(&inputs, signer).expect("a bundle")
}

fn since(new: &Bundle, old: &Bundle) -> Report {
    verify(new, &Options { key: None, since: Some(old) })
}

#[test]
fn a_later_bundle_continues_the_earlier_one() {
    let (old, me) = (small_bundle(), signer());
    let more = vec![count("more", seniors(), 4, Grade::Sum)];
    let new = later(more.clone(), &me, |_| {});
    assert_eq!(since(&new, &old).problems, []);
    assert_eq!(since(&old, &old).problems, [], "a bundle continues itself");
    assert_eq!(codes(&since(&old, &new)), [Code::SinceLonger]);

    // The past rewritten: a leaf of the sealed log has another amount.
    let rewritten = later(more, &me, |log| {
        log[1] = count("seniors", seniors(), 101, Grade::Sum);
        log.pop();
    });
    let report = since(&rewritten, &old);
    assert!(report.has(Code::SinceDiffers), "{:?}", codes(&report));
}

#[test]
fn two_heads_of_one_size_raise_an_alarm_with_both_roots() {
    let old = small_bundle();
    let mut other_log = leaves();
    other_log[1] = count("seniors", seniors(), 101, Grade::Sum);
    let other = try_bundle(other_log, &tree()).expect("a bundle");
    let report = since(&other, &old);
    assert!(report.has(Code::TwoHistories) && report.has(Code::SinceDiffers));
    let alarm = report.problems.iter().find(|problem| problem.code == Code::TwoHistories).expect("an alarm");
    let root_of =
        |bundle: &Bundle| Checkpoint::parse_unverified(&bundle["checkpoint-1"]).expect("a head").root.to_string();
    assert!(alarm.sentence_ko.contains(&root_of(&old)) && alarm.sentence_ko.contains(&root_of(&other)));
}

#[test]
fn another_key_needs_a_leaf_that_says_so() {
    let (old, next) = (small_bundle(), Signer::new(fixture::ORIGIN, &[11; 32]).expect("a signer"));
    let silent = later(vec![], &next, |_| {});
    assert!(since(&silent, &old).has(Code::SinceKey));
    let rotation = leaf("rotation", Body::Key { key: next.verifier().clone() });
    let announced = later(vec![rotation], &next, |_| {});
    assert_eq!(since(&announced, &old).problems, []);
}

#[test]
fn an_unusable_earlier_bundle_is_a_problem_not_a_pass() {
    let bundle = small_bundle();
    assert!(since(&bundle, &Bundle::new()).has(Code::SinceForm));
    let mut old = bundle.clone();
    old.remove("checkpoint");
    assert!(since(&bundle, &old).has(Code::SinceForm));
    let old = replaced(&bundle, "checkpoint", "\n8\n", "\n9\n");
    assert!(since(&bundle, &old).has(Code::SinceForm));
}

#[test]
fn the_zip_twin_goes_around_and_is_the_same_twice() {
    let bundle = small_bundle();
    let archive = zip(&bundle).expect("a ZIP");
    assert_eq!(archive, zip(&small_bundle()).expect("a ZIP"));
    assert_eq!(from_zip(&archive).as_ref(), Ok(&bundle));
    // An independent reader sees the same files, stored and timeless.
    let mut reader = ::zip::ZipArchive::new(std::io::Cursor::new(&archive)).expect("a ZIP");
    assert_eq!(reader.len(), bundle.len());
    for (place, (path, bytes)) in bundle.iter().enumerate() {
        let mut file = reader.by_index(place).expect("a file");
        assert_eq!(file.name().expect("a name"), path.as_str());
        assert_eq!(file.compression(), ::zip::CompressionMethod::Stored);
        let time = file.last_modified().expect("a time");
        assert_eq!((time.year(), time.month(), time.day(), time.hour()), (1980, 1, 1, 0));
        let mut read = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut read).expect("readable");
        assert_eq!(&read, bytes);
    }
}

#[test]
fn a_zip_of_another_make_is_refused() {
    let archive = zip(&small_bundle()).expect("a ZIP");
    for end in [0, 1, 4, 29, 30, 100, archive.len() - 1] {
        assert!(from_zip(&archive[..end]).is_err(), "cut at {end}");
    }
    let mut longer = archive.clone();
    longer.push(0);
    assert_eq!(from_zip(&longer), Err(ZipFault::NotCanonical));
    let with = |at: usize, byte: u8| {
        let mut bent = archive.clone();
        bent[at] = byte;
        from_zip(&bent)
    };
    assert!(matches!(with(8, 8), Err(ZipFault::NotStored(_))), "deflated");
    assert_eq!(with(10, 1), Err(ZipFault::NotCanonical), "another time");
    assert_eq!(with(14, archive[14] ^ 1), Err(ZipFault::NotCanonical), "another checksum");
    assert!(matches!(with(25, 0xff), Err(ZipFault::TooLarge)), "a size beyond all limits");
    for path in ["../key", "/key", "a//b", "a\\b", "a/./b", "c:key", "a/..", "\u{1100}\u{1161}", ""] {
        let mut bundle = Bundle::new();
        bundle.insert(path.to_owned(), vec![]);
        assert!(matches!(zip(&bundle), Err(ZipFault::BadPath(_))), "{path:?}");
        assert!(!is_path(path));
    }
    // Names of one length, so that a byte can be exchanged in place.
    let two = zip(&Bundle::from([("aa".to_owned(), vec![1]), ("ab".to_owned(), vec![2])])).expect("a ZIP");
    let renamed = |from: u8, to: u8| two.iter().map(|byte| if *byte == from { to } else { *byte }).collect::<Vec<u8>>();
    assert!(matches!(from_zip(&renamed(b'b', b'a')), Err(ZipFault::Order(_))), "twice");
    assert!(matches!(from_zip(&renamed(b'b', b'A')), Err(ZipFault::Order(_))), "out of order");
    assert!(matches!(from_zip(&renamed(b'b', b'\\')), Err(ZipFault::BadPath(_))), "backslash");
    assert!(matches!(from_zip(&renamed(b'b', b'/')), Err(ZipFault::BadPath(_))), "empty part");
    let many: Bundle = (0..=20_000).map(|number| (format!("f{number:05}"), vec![])).collect();
    assert_eq!(zip(&many), Err(ZipFault::TooManyFiles));
    assert_eq!(from_zip(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), Err(ZipFault::NotCanonical), "empty");
}

#[test]
fn unpacked_names_come_back_to_their_canonical_form() {
    let apart: String = "documents/plan/\u{110c}\u{1169}\u{11bc}\u{1112}\u{1161}\u{11b8}-2023.yaml".to_owned();
    assert_eq!(canonical_path(&apart), "documents/plan/종합-2023.yaml");
    assert_eq!(canonical_path("documents\\tree.csv"), "documents/tree.csv");
}

#[test]
fn tables_are_safe_to_open_in_a_spreadsheet() {
    let csv = text(&small_bundle(), TOTALS_CSV);
    assert!(csv.starts_with("\u{feff}연도,사업,이름,단위,부문,합계,기록,집계,보도,"));
    assert!(csv.contains("2023,청년.1,\"'=청년 교실, \"\"첫걸음\"\"\",연인원,합계,12,0,12,0,12,0,12,0\r\n"), "{csv}");
    assert!(csv.lines().all(|line| !line.split(',').any(|cell| cell.trim_matches('"').starts_with('='))));
    assert_eq!(totals_csv(&[]).lines().count(), 1);
}

#[test]
fn the_list_of_documents_is_read_strictly() {
    let bundle = small_bundle();
    let list = text(&bundle, "documents.sha256");
    assert!(read_documents_sha256(list.as_bytes()).is_some());
    let mut lines: Vec<&str> = list.lines().collect();
    lines.swap(0, 1);
    let unsorted = format!("{}\n", lines.join("\n"));
    for bad in [
        unsorted,
        list.trim_end().to_owned(),
        list.replacen("  ", " ", 1),
        list.replacen("documents/", "", 1),
        String::new(),
        format!("{list}{list}"),
    ] {
        assert!(read_documents_sha256(bad.as_bytes()).is_none(), "{bad}");
    }
}

#[test]
fn a_large_log_verifies_and_a_change_deep_inside_is_named() {
    let mut log = leaves();
    for number in 0..1_500 {
        log.push(job(&format!("job {number}"), seniors()));
    }
    let bundle = try_bundle(log, &tree()).expect("a bundle");
    let report = check(&bundle);
    assert_eq!((report.problems.len(), report.leaves), (0, 1_508));
    let mut damaged = bundle.clone();
    let entries = damaged.get_mut("log/tile/entries/003").expect("entries");
    let place = entries.windows(7).position(|window| window == b"\"n\":1,\"").expect("an amount") + 4;
    entries[place] = b'2';
    let report = check(&damaged);
    assert!(report.has(Code::LeafForm) && report.has(Code::RootDiffers) && report.has(Code::TileChanged));
    assert!(report.has(Code::FileChanged) && report.has(Code::NumberDiffers));
    assert!(sentences(&report).iter().any(|sentence| sentence.contains("768번 기재")), "{:?}", sentences(&report));
}

#[test]
fn every_fault_of_the_shell_has_its_own_code() {
    type Change = fn(&mut Bundle);
    fn sign_text(text: &str) -> Vec<u8> {
        signer().sign(text).expect("signed").into_bytes()
    }
    fn other_origin(bundle: &mut Bundle, path: &str) {
        let head = Checkpoint::parse_unverified(&bundle[path]).expect("a head");
        let head = Checkpoint { origin: "other.example/11990".into(), ..head };
        bundle.insert(path.into(), head.sign(&signer()).expect("signed").into_bytes());
    }
    let cases: [(&str, Code, Change); 18] = [
        ("no tree table", Code::RequiredMissing, |bundle| drop(bundle.remove(TREE_CSV))),
        ("a path upwards", Code::PathForm, |bundle| drop(bundle.insert("documents/../key".into(), vec![]))),
        ("too many files", Code::TooLarge, |bundle| {
            bundle.extend((0..20_000).map(|number| (format!("documents/{number}"), vec![])));
        }),
        ("a file of no kind", Code::FileUnexpected, |bundle| drop(bundle.insert("notes".into(), vec![]))),
        ("a tile path that is none", Code::FileUnexpected, |bundle| drop(bundle.insert("log/tile/0/0".into(), vec![]))),
        ("a key without newline", Code::KeyForm, |bundle| {
            bundle.get_mut("key").expect("a key").pop();
        }),
        ("a manifest without signature", Code::ManifestForm, |bundle| {
            bundle.insert("manifest".into(), Manifest::over(heading(), bundle).text().into_bytes());
        }),
        ("a signed text that is no manifest", Code::ManifestForm, |bundle| {
            bundle.insert("manifest".into(), sign_text("iljari.example/bundle@v1\n"));
        }),
        ("a manifest of another district", Code::OriginOther, |bundle| {
            let heading = bundle::Heading { district: "11215".parse().expect("a code"), ..heading() };
            bundle.insert("manifest".into(), sign_text(&Manifest::over(heading, bundle).text()));
        }),
        ("a listed file gone", Code::FileMissing, |bundle| drop(bundle.remove("documents/notice.txt"))),
        ("a head of two lines", Code::CheckpointForm, |bundle| {
            drop(bundle.insert("checkpoint".into(), sign_text("a\n1\n")))
        }),
        ("a head by a stranger", Code::CheckpointSignature, |bundle| {
            let stranger = Signer::new(fixture::ORIGIN, &[8; 32]).expect("a signer");
            let head = Checkpoint::parse_unverified(&bundle["checkpoint"]).expect("a head");
            bundle.insert("checkpoint".into(), head.sign(&stranger).expect("signed").into_bytes());
        }),
        ("the head of another log", Code::CheckpointOrigin, |bundle| other_origin(bundle, "checkpoint-1")),
        ("no tile", Code::TileMissing, |bundle| drop(bundle.remove("log/tile/0/000.p/8"))),
        ("a tile left over", Code::TileChanged, |bundle| {
            drop(bundle.insert("log/tile/0/000.p/7".into(), vec![0; 224]))
        }),
        ("a list of documents with a blank line", Code::DocumentsForm, |bundle| {
            bundle.get_mut("documents.sha256").expect("a list").push(b'\n');
        }),
        ("a disclosed document gone", Code::DocumentMissing, |bundle| drop(bundle.remove("documents/notice.txt"))),
        ("a document never disclosed", Code::DocumentUnlisted, |bundle| {
            bundle.insert("documents/more.txt".into(), vec![]);
        }),
    ];
    for (what, code, change) in cases {
        let mut bundle = small_bundle();
        change(&mut bundle);
        let report = check(&bundle);
        assert!(report.has(code), "{what}: {:?}", codes(&report));
    }
}

#[test]
fn broken_entry_bundles_are_named() {
    let entries = "log/tile/entries/000.p/8";
    let with = |change: fn(&mut Bundle, Vec<u8>)| {
        let mut bundle = small_bundle();
        let bytes = bundle.remove(entries).expect("entries");
        change(&mut bundle, bytes);
        let report = check(&bundle);
        assert!(report.has(Code::EntriesForm), "{:?}", codes(&report));
    };
    with(|bundle, bytes| drop(bundle.insert("log/tile/entries/001.p/8".into(), bytes)));
    with(|bundle, bytes| drop(bundle.insert("log/tile/entries/000.p/9".into(), bytes)));
    with(|bundle, bytes| drop(bundle.insert("log/tile/entries/000".into(), bytes)));
    with(|bundle, bytes| drop(bundle.insert("log/tile/entries/000.p/8".into(), bytes[..bytes.len() - 1].to_vec())));
    with(|bundle, bytes| {
        bundle.insert("log/tile/entries/000.p/8".into(), bytes.clone());
        bundle.insert("log/tile/entries/000.p/7".into(), bytes);
    });
    with(|bundle, bytes| {
        bundle.insert("log/tile/entries/000.p/8".into(), bytes.clone());
        bundle.insert("log/tile/entries/001.p/8".into(), bytes);
    });
}

#[test]
fn a_disclosure_that_the_log_does_not_announce_is_refused() {
    // The manifest says number 2; the log announces number 1 only.
    let mut bundle = small_bundle();
    let heading = bundle::Heading { no: 2, ..heading() };
    let text = Manifest::over(heading, &bundle).text();
    bundle.insert("manifest".into(), signer().sign(&text).expect("signed").into_bytes());
    assert!(check(&bundle).has(Code::DisclosureMissing));
    // The log announces other documents.
    let mut bundle = small_bundle();
    bundle.insert("documents/notice.txt".into(), b"other".to_vec());
    let files: BTreeMap<String, Vec<u8>> =
        bundle.iter().filter(|(path, _)| path.starts_with("documents/")).map(|(p, b)| (p.clone(), b.clone())).collect();
    let list = bundle::documents::documents_sha256(&files);
    bundle.insert("documents.sha256".into(), list.into_bytes());
    let text = Manifest::over(fixture::heading(), &bundle).text();
    bundle.insert("manifest".into(), signer().sign(&text).expect("signed").into_bytes());
    assert_eq!(codes(&check(&bundle)), [Code::DisclosureDiffers]);
}

#[test]
fn an_exchanged_plan_is_found_even_when_signed_anew() {
    let mut bundle = small_bundle();
    bundle.insert("documents/plan/종합-2023.yaml".into(), b"another plan\n".to_vec());
    assert_eq!(codes(&check(&resign(bundle))), [Code::PlanChanged]);
}

#[test]
fn a_sum_beyond_counting_is_a_problem_not_a_panic() {
    use iljari_disclosure::log::rollup::{RollUpProblem, roll_up};
    use iljari_disclosure::log::totals::{Key, Split};
    let key = |node: &str| Key {
        year: Year(2023),
        node: node.parse().expect("a node"),
        unit: Unit::Jobs,
        field: Field::Direct,
    };
    let huge = Split { records: 0, sums: i64::MAX, press: 0 };
    assert_eq!(huge.checked_add(Split { records: 1, sums: 0, press: 0 }), None);
    let own = BTreeMap::from([(key("어르신"), huge), (key("청년"), huge)]);
    let (_, problems) = roll_up(&own, &tree(), Year(2023));
    assert!(problems.iter().any(|problem| matches!(problem, RollUpProblem::Overflow(_))));
}

#[test]
fn an_earlier_bundle_of_another_log_is_no_measure() {
    let (bundle, me) = (small_bundle(), signer());
    let mut old = bundle.clone();
    for path in ["checkpoint", "checkpoint-1"] {
        let head = Checkpoint::parse_unverified(&old[path]).expect("a head");
        let head = Checkpoint { origin: "other.example/11990".into(), ..head };
        old.insert(path.into(), head.sign(&me).expect("signed").into_bytes());
    }
    assert_eq!(codes(&since(&bundle, &old)), [Code::SinceOrigin]);
}
