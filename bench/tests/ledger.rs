//! Workloads F and G in small: what is timed comes to what plain adding, the peers' check values and a second
//! reader say.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

use std::path::Path;

use iljari_bench::chance::Chance;
use iljari_bench::documents::{self, YEAR, facts, wanted};
use iljari_bench::ledger::{self, CATEGORIES, DISTRICTS, PROGRAMS, ROOT_OF_200_000, Raw};
use iljari_bench::writes;
use iljari_disclosure::bundle::{self, Options};
use iljari_disclosure::log::Hash;
use iljari_disclosure::log::tree::{Tree, leaf_hash};
use iljari_ledger::columns::By;
use serde_json::Value;

fn lines(lines: &[String]) -> Vec<Value> {
    let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    for line in &lines {
        for key in ["load_s", "work_s", "write_s", "cpu_s", "rss_mib", "crc"] {
            assert!(line[key].is_number(), "{key} in {line}");
        }
        assert!(line["fn"].as_str().is_some_and(|function| function.contains("::")), "{line}");
    }
    lines
}

/// Rows as the generator of the workload makes them, of a seed of our own.
fn made_up(rows: usize) -> Raw {
    const SEED: u64 = 31;
    println!("seed {SEED}");
    let (mut chance, mut raw) = (Chance::new(SEED), Raw::default());
    let mut below = |bound: i64| u8::try_from(chance.below(bound)).expect("small");
    for row in 0..rows {
        raw.district.push(below(25));
        raw.program.push(below(47).min(below(47)));
        raw.month.push(u8::try_from(row * 48 / rows).expect("small"));
        raw.category.push(below(8));
        raw.amount.push(if below(100) < 3 { -1 } else { 1 });
    }
    raw
}

#[test]
fn sums_of_two_hundred_thousand_rows_are_those_of_plain_adding() {
    let raw = made_up(200_000);
    let mut plain = vec![0_i64; DISTRICTS * PROGRAMS * 4 * CATEGORIES];
    let mut spoken_of = vec![false; plain.len()];
    for row in 0..raw.amount.len() {
        let (district, program) = (usize::from(raw.district[row]), usize::from(raw.program[row]));
        let (year, category) = (usize::from(raw.month[row]) / 12, usize::from(raw.category[row]));
        let cell = ((district * PROGRAMS + program) * 4 + year) * CATEGORIES + category;
        plain[cell] += i64::from(raw.amount[row]);
        spoken_of[cell] = true;
    }
    let columns = ledger::columns(&raw).expect("columns");
    assert_eq!(ledger::in_order(&columns.totals()).expect("in order"), plain);
    assert_eq!(columns.cells(By::Year), spoken_of.iter().filter(|spoken| **spoken).count());
    assert_eq!(columns.sums(By::Year).total(), plain.iter().sum::<i64>());
}

#[test]
fn the_roll_up_reads_the_peers_files_and_says_its_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let raw = made_up(3_000);
    let amount: Vec<u8> = raw.amount.iter().flat_map(|amount| amount.to_le_bytes()).collect();
    let files: [(&str, &[u8]); 5] = [
        ("district.u8", &raw.district),
        ("program.u8", &raw.program),
        ("month.u8", &raw.month),
        ("category.u8", &raw.category),
        ("amount.i32", &amount),
    ];
    for (column, bytes) in files {
        std::fs::write(folder.path().join(format!("ledger_3000.{column}")), bytes).expect("written");
    }
    let mut said = Vec::new();
    ledger::roll_up(folder.path(), 3_000, 1, &mut |line| said.push(line)).expect("rolled up");
    let said = lines(&said);
    let total: i64 = raw.amount.iter().map(|amount| i64::from(*amount)).sum();
    assert_eq!(said[0]["total"].as_i64(), Some(total));
    let functions: Vec<&str> = said.iter().filter_map(|line| line["fn"].as_str()).collect();
    assert_eq!(
        functions,
        [
            "ledger::columns::Columns::sums",
            "ledger::columns::Columns::push",
            "ledger::progress::Progress::whole",
            "ledger::progress::Progress::of"
        ]
    );
    assert!(ledger::roll_up(folder.path(), 2_999, 1, &mut |_| {}).is_err(), "no such files");
    std::fs::write(folder.path().join("ledger_3000.district.u8"), [25; 3_000]).expect("written");
    assert!(ledger::roll_up(folder.path(), 3_000, 1, &mut |_| {}).is_err(), "a district that is none");
}

#[test]
fn the_first_two_hundred_thousand_rows_have_the_peers_root() {
    let leaves: Vec<Hash> = (0..200_000).map(|number| leaf_hash(&ledger::row(number))).collect();
    let tree = Tree::of(leaves);
    assert_eq!(&tree.root().to_string()[..16], ROOT_OF_200_000);
    let mut said = Vec::new();
    ledger::merkle(5_000, 1, &mut |line| said.push(line)).expect("a tree");
    let said = lines(&said);
    let root = tree.root_at(5_000).expect("so many").to_string();
    assert!(said.len() == 5 && said.iter().all(|line| line["root"].as_str() == Some(&root)));
}

#[test]
fn a_bundle_of_the_bench_is_checked_and_a_changed_byte_is_found() {
    let mut said = Vec::new();
    ledger::verify(600, 1, &mut |line| said.push(line)).expect("it holds");
    assert_eq!(lines(&said)[0]["n"].as_u64(), Some(600));
    let mut bundle = ledger::bundle_of(600).expect("a bundle");
    assert!(bundle::verify(&bundle, &Options::default()).problems.is_empty());
    let entries = bundle.get_mut("log/tile/entries/001").expect("the second bundle of entries");
    let last = entries.len() - 1;
    entries[last - 20] ^= 1;
    assert!(!bundle::verify(&bundle, &Options::default()).problems.is_empty());
}

#[tokio::test]
async fn what_the_door_has_answered_is_there_and_seals_hold_what_waited() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut said = Vec::new();
    writes::door(folder.path(), 16, 300, 2, &mut |line| said.push(line)).await.expect("it wrote");
    writes::sealing(folder.path(), 1_203, 2, &mut |line| said.push(line)).await.expect("it sealed");
    let said = lines(&said);
    assert_eq!(said.iter().filter_map(|line| line["n"].as_u64()).collect::<Vec<_>>(), [300, 1_203, 1]);
    assert!(said[0]["per_s"].as_u64() > Some(0));
}

/// The rows of a document's JSON tables whose id begins so, as `(name, target, actual)`.
fn rows(json: &[u8], id: &str) -> Vec<(String, i64, i64)> {
    let document: Value = serde_json::from_slice(json).expect("JSON");
    let tables = document["blocks"].as_array().expect("blocks").iter().map(|block| &block["table"]);
    let mut found = Vec::new();
    for table in tables.filter(|table| table["id"].as_str().is_some_and(|it| it.starts_with(id))) {
        for row in table["rows"].as_array().expect("rows") {
            let cells = &row["cells"];
            let number = |key: &str| cells[key].as_i64().unwrap_or(-1);
            found.push((cells["name"].as_str().unwrap_or_default().to_owned(), number("target"), number("actual")));
        }
    }
    found.sort();
    found
}

/// A file as text: what a zip holds unpacked, a PDF as `pdftotext` reads it.
fn text_of(name: &str, bytes: &[u8]) -> String {
    if name.ends_with(".pdf") {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("one.pdf");
        std::fs::write(&path, bytes).expect("written");
        let out =
            std::process::Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&path).arg("-").output();
        return String::from_utf8_lossy(&out.expect("poppler-utils is there").stdout).into_owned();
    }
    if name.ends_with(".xlsx") || name.ends_with(".hwpx") {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
        let mut all = String::new();
        for place in 0..zip.len() {
            let mut part = Vec::new();
            std::io::Read::read_to_end(&mut zip.by_index(place).expect("a part"), &mut part).expect("read");
            all += &String::from_utf8_lossy(&part);
        }
        return all;
    }
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_sample_district_has_its_numbers_in_every_format() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample").join("disclosure_1.json");
    let json = std::fs::read_to_string(&sample).expect("the sample");
    let wanted = wanted(&json).expect("readable").remove(0);
    let facts = facts(&wanted, 0).expect("facts");
    let files = iljari_ledger::documents::files::all(&facts).expect("documents");
    let of_year: Vec<(String, i64, i64)> = wanted
        .programs
        .iter()
        .flat_map(|program| program.rows.iter().map(move |row| (program, row)))
        .filter(|(_, row)| row.year == YEAR)
        .map(|(program, row)| (program.name.clone(), row.target, row.actual))
        .collect();
    assert_eq!(of_year.len(), 47);
    let mut in_order = of_year.clone();
    in_order.sort();
    let results = format!("추진실적-{YEAR}");
    assert_eq!(rows(&files[&format!("{results}.json")], "program_results"), in_order);
    // Every number of the year and their sums, in each format as it writes numbers.
    let mut numbers: Vec<i64> = of_year.iter().flat_map(|(_, target, actual)| [*target, *actual]).collect();
    numbers.push(of_year.iter().map(|(_, target, _)| target).sum());
    numbers.push(of_year.iter().map(|(_, _, actual)| actual).sum());
    let mut formats = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with(&results)) {
        let text = text_of(name, bytes);
        let said: std::collections::HashSet<&str> = text
            .split(|letter: char| !letter.is_ascii_digit() && letter != ',')
            .map(|word| word.trim_matches(','))
            .collect();
        let missing: Vec<i64> = numbers
            .iter()
            .filter(|number| {
                let (plain, grouped) = (number.to_string(), iljari_base::quantity::grouped(**number));
                !said.contains(plain.as_str()) && !said.contains(grouped.as_str())
            })
            .copied()
            .collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
        formats += 1;
    }
    assert_eq!(formats, 5);
    let csv: String =
        files.iter().filter(|(name, _)| name.ends_with(".csv")).map(|(name, it)| text_of(name, it)).collect();
    assert!(of_year.iter().all(|(_, target, actual)| csv.contains(&format!(",{target},{actual},"))), "CSV");
    // The whole bench over the same file says its lines.
    let mut said = Vec::new();
    documents::documents(&sample, 1, &mut |line| said.push(line)).expect("made");
    assert_eq!(lines(&said).len(), 6);
}
