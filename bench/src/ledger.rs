//! Workload F on our side (일감 F): sums of ten million entries, trees and proofs, seals, checks.
//!
//! Owns: reading the columns and making leaves that look like entries. Does not own: what is timed; every
//! figure names the product's function that was called.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use iljari_base::{DistrictCode, Month, Period, Timestamp, Year};
use iljari_disclosure::bundle::{self, Bundle, BundleInputs, DocumentInputs, Heading, Options};
use iljari_disclosure::log::rollup::{PlanNode, PlanTree};
use iljari_disclosure::log::totals::{Key, Source, Split};
use iljari_disclosure::log::tree::{self, Tree, leaf_hash, verify_inclusion};
use iljari_disclosure::log::words::{Field, Grade, NodeId, Unit};
use iljari_disclosure::log::{Body, Checkpoint, Hash, Leaf, LeafId, Signer, Slot};
use iljari_ledger::columns::{By, Columns, Place};
use iljari_ledger::progress::Progress;

use crate::crc::crc32;
use crate::documents::{Wanted, WantedProgram, WantedYear, book};
use crate::figure::{Line, Times};

/// Districts of the workload.
pub const DISTRICTS: usize = 25;
/// Programs of each.
pub const PROGRAMS: usize = 47;
/// Categories, which we take for fields.
pub const CATEGORIES: usize = 8;
/// Its first year.
pub const FIRST_YEAR: i16 = 2023;

fn failed(path: &Path, error: impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// The workload's columns as they lie in files, one a column.
#[derive(Debug, Default)]
pub struct Raw {
    /// District, 0 to 24.
    pub district: Vec<u8>,
    /// Program, 0 to 46.
    pub program: Vec<u8>,
    /// Month, 0 is the first year's January.
    pub month: Vec<u8>,
    /// Category, 0 to 7.
    pub category: Vec<u8>,
    /// How many.
    pub amount: Vec<i32>,
}

/// Reads `ledger_ROWS.*` from a folder.
pub fn raw(data: &Path, rows: usize) -> Result<Raw, String> {
    let bytes = |column: &str| {
        let path = data.join(format!("ledger_{rows}.{column}"));
        let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
        let wide = if column.ends_with("i32") { 4 } else { 1 };
        if bytes.len() == rows * wide { Ok(bytes) } else { Err(failed(&path, "not so many rows")) }
    };
    let amount = bytes("amount.i32")?.as_chunks::<4>().0.iter().map(|four| i32::from_le_bytes(*four)).collect();
    Ok(Raw {
        district: bytes("district.u8")?,
        program: bytes("program.u8")?,
        month: bytes("month.u8")?,
        category: bytes("category.u8")?,
        amount,
    })
}

/// The node of a program of a district, where one list of entries holds several districts.
fn node(district: usize, program: usize) -> Result<NodeId, String> {
    format!("{district}-{program}").parse().map_err(|error| format!("{error}"))
}

fn month(number: usize) -> Result<Period, String> {
    let year = FIRST_YEAR + i16::try_from(number / 12).map_err(|error| error.to_string())?;
    let month = i8::try_from(number % 12 + 1).ok().and_then(|month| Month::new(year, month));
    month.and_then(|month| Period::new(month, month)).ok_or_else(|| format!("no month {number}"))
}

/// The rows as the product keeps entries: all districts in one, in the order in which they come.
pub fn columns(raw: &Raw) -> Result<Columns, String> {
    let mut places = Vec::new();
    for district in 0..DISTRICTS {
        for program in 0..PROGRAMS {
            for field in Field::ALL.iter().take(CATEGORIES) {
                let node = node(district, program)?;
                places.push(Place { node, field: *field, unit: Unit::Jobs, source: Source::Records });
            }
        }
    }
    let periods: Vec<Period> = (0..48).map(month).collect::<Result<_, _>>()?;
    let mut columns = Columns::default();
    let rows = raw.district.iter().zip(&raw.program).zip(&raw.month).zip(&raw.category).zip(&raw.amount);
    for ((((district, program), month), category), amount) in rows {
        let number = (usize::from(*district) * PROGRAMS + usize::from(*program)) * CATEGORIES + usize::from(*category);
        let (place, period) = (places.get(number), periods.get(usize::from(*month)));
        let (place, period) = place.zip(period).ok_or("a row outside the workload")?;
        let told = columns.push(place, *period, i64::from(*amount), Timestamp::from_microsecond(0));
        told.map_err(|error| error.to_string())?;
    }
    Ok(columns)
}

/// Sums in the order of district, program, year, category, as the check value is taken over them.
pub fn in_order(totals: &BTreeMap<Key, Split>) -> Result<Vec<i64>, String> {
    let mut sums = Vec::new();
    for district in 0..DISTRICTS {
        for program in 0..PROGRAMS {
            let node = node(district, program)?;
            for year in 0..4_i16 {
                for field in Field::ALL.iter().take(CATEGORIES) {
                    let key =
                        Key { year: Year(FIRST_YEAR + year), node: node.clone(), unit: Unit::Jobs, field: *field };
                    sums.push(totals.get(&key).map_or(0, |split| split.total()));
                }
            }
        }
    }
    Ok(sums)
}

fn crc_of(sums: &[i64]) -> u32 {
    crc32(sums.iter().flat_map(|sum| sum.to_le_bytes()))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn each(times: &Times, number: usize, line: Line) -> Line {
    let number = u32::try_from(number).unwrap_or(u32::MAX).max(1);
    line.time("each_s", times.wall() / number)
        .time("each_min_s", times.shortest() / number)
        .time("each_cpu_s", times.processor() / number)
}

/// Adds ten million entries up by district, program, year and category.
pub fn roll_up(data: &Path, rows: usize, runs: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let (mut load, mut push) = (Times::default(), Times::default());
    let raw = load.run(|| raw(data, rows))?;
    let columns = push.run(|| columns(&raw))?;
    let raw_total: i64 = raw.amount.iter().map(|amount| i64::from(*amount)).sum();
    // What the machine can do at that moment: the peers' eight bytes a row, read once.
    let mut read = Times::default();
    for _ in 0..runs {
        read.run(|| {
            let wide = |column: &[u8]| column.iter().fold(0_u8, |all, byte| all ^ byte);
            let narrow = wide(&raw.district) ^ wide(&raw.program) ^ wide(&raw.month) ^ wide(&raw.category);
            black_box((narrow, raw.amount.iter().fold(0, |all, amount| all ^ amount)))
        });
    }
    let mut work = Times::default();
    let mut sums = columns.sums(By::Year);
    for _ in 0..runs {
        sums = work.run(|| black_box(&columns).sums(By::Year));
    }
    let totals = columns.totals();
    let ordered = in_order(&totals)?;
    let total = sums.total();
    if total != raw_total || ordered.iter().sum::<i64>() != raw_total {
        return Err(format!("the rows come to {raw_total}, our sums to {total}"));
    }
    let groups = columns.cells(By::Year);
    if rows == 10_000_000 && (groups, total) != (37_600, 9_400_672) {
        return Err(format!("{groups} groups and {total} instead of 37,600 and 9,400,672"));
    }
    say(Line::new("F", "roll-up", "ledger::columns::Columns::sums")
        .number("n", count(rows))
        .number("groups", count(groups))
        .number("total", u64::try_from(total).unwrap_or(0))
        .number("crc", crc_of(&ordered))
        .time("load_s", load.total() + push.total())
        .times(&work)
        .time("write_s", std::time::Duration::ZERO)
        .time("read_cpu_s", read.processor())
        .time("read_cpu_min_s", read.processor_least())
        .end());
    let line = Line::new("F", "kept-up cell: an entry added", "ledger::columns::Columns::push")
        .number("n", count(rows))
        .number("crc", crc_of(&ordered))
        .time("load_s", load.total())
        .times(&push)
        .time("write_s", std::time::Duration::ZERO);
    say(each(&push, rows, line).end());
    cell(&totals, runs, say)
}

/// One district's achieved numbers beside its targets, node by node and year by year, as every page asks.
fn cell(totals: &BTreeMap<Key, Split>, runs: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let years = [2023, 2024, 2025, 2026];
    let wanted = Wanted {
        district: "구00".to_owned(),
        vision: "예시".to_owned(),
        programs: (0..PROGRAMS)
            .map(|program| WantedProgram {
                id: format!("0-{program}"),
                name: format!("사업 {program}(예시)"),
                strategy: "전략".to_owned(),
                summary: "예시".to_owned(),
                rows: years.map(|year| WantedYear { year, target: 100, actual: 0, budget: 1 }).to_vec(),
            })
            .collect(),
    };
    let mut load = Times::default();
    let book = load.run(|| book(&wanted, 0))?;
    let own: BTreeMap<Key, Split> = totals
        .iter()
        .filter(|(key, _)| key.node.as_str().starts_with("0-"))
        .map(|(key, split)| (key.clone(), *split))
        .collect();
    let (mut rolled, mut progress) = (Times::default(), Progress::default());
    for _ in 0..runs {
        progress = rolled.run(|| Progress::of(&book, &own)).map_err(|error| error.to_string())?;
    }
    let names: Vec<String> = wanted.programs.iter().map(|program| program.id.clone()).collect();
    let asked = names.len() * years.len() * 100;
    let (mut work, mut total) = (Times::default(), 0);
    for _ in 0..runs {
        total = work.run(|| {
            let mut total = 0;
            for _ in 0..100 {
                for name in &names {
                    for year in years {
                        let split = black_box(&progress).whole(name, Year(year), Unit::Jobs, &[]);
                        total += split.map_or(0, |split| split.total());
                    }
                }
            }
            total
        });
    }
    let wanted: i64 = own.values().map(|split| split.total()).sum();
    if total != wanted * 100 {
        return Err(format!("the district's cells come to {total} instead of {}", wanted * 100));
    }
    let line = Line::new("F", "kept-up cell: a total asked for", "ledger::progress::Progress::whole")
        .number("n", count(asked))
        .number("crc", crc_of(&[total]))
        .time("load_s", load.total())
        .times(&work)
        .time("write_s", std::time::Duration::ZERO);
    say(each(&work, asked, line).end());
    let line = Line::new("F", "totals of a district along its tree", "ledger::progress::Progress::of")
        .number("n", count(own.len()))
        .number("crc", crc_of(&[wanted]))
        .time("load_s", load.total())
        .times(&rolled)
        .time("write_s", std::time::Duration::ZERO);
    say(line.end());
    Ok(())
}

/// Row `number` of the workload's tree.
pub fn row(number: u64) -> [u8; 64] {
    let mut row = [7; 64];
    let (head, _) = row.split_at_mut(8);
    head.copy_from_slice(&number.to_le_bytes());
    row
}

/// Root of the first 200,000 rows, its first sixteen digits.
pub const ROOT_OF_200_000: &str = "87062a8d92cd1764";

/// Proofs asked for, as many as the peers.
const PROOFS: usize = 2_000;

/// The tree over the workload's rows: leaf hashes, nodes, proofs, checks.
pub fn merkle(rows: usize, runs: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let mut load = Times::default();
    let lines: Vec<[u8; 64]> = load.run(|| (0..count(rows)).map(row).collect());
    let (mut leaf_times, mut hashes) = (Times::default(), Vec::new());
    for _ in 0..runs {
        hashes = leaf_times.run(|| lines.iter().map(|line| leaf_hash(black_box(line))).collect::<Vec<Hash>>());
    }
    let (mut build, mut kept) = (Times::default(), Tree::default());
    for _ in 0..runs {
        let leaves = hashes.clone();
        kept = build.run(|| Tree::of(black_box(leaves)));
    }
    let (mut roots, mut root) = (Times::default(), tree::empty_root());
    for _ in 0..runs {
        root = roots.run(|| tree::root(black_box(&hashes)));
    }
    if kept.root() != root {
        return Err("a tree and its root differ".to_owned());
    }
    if let Some(first) = kept.root_at(200_000)
        && !first.to_string().starts_with(ROOT_OF_200_000)
    {
        return Err(format!("the first 200,000 rows have the root {first}"));
    }
    let size = kept.size();
    let places: Vec<u64> = (0..PROOFS).map(|nth| count(nth * 7919 % rows.max(1))).collect();
    let (mut prove, mut proofs) = (Times::default(), Vec::new());
    for _ in 0..runs {
        proofs = prove.run(|| places.iter().map(|place| kept.inclusion(*place, size).unwrap_or_default()).collect());
    }
    let (mut check, mut held) = (Times::default(), 0);
    for _ in 0..runs {
        held = check.run(|| {
            let each = places.iter().zip(&proofs).filter(|(place, proof)| {
                let leaf = usize::try_from(**place).ok().and_then(|place| hashes.get(place));
                leaf.is_some_and(|leaf| verify_inclusion(**place, size, leaf, proof, black_box(&root)))
            });
            each.count()
        });
    }
    if held != PROOFS {
        return Err(format!("{held} of {PROOFS} proofs hold"));
    }
    let crc = crc32(root.0.iter().copied());
    let proof_crc = crc32(proofs.iter().flatten().flat_map(|hash: &Hash| hash.0));
    let figures: [(&str, &str, &Times, usize, u32); 5] = [
        (
            "leaf hashes",
            "disclosure::log::tree::leaf_hash",
            &leaf_times,
            rows,
            crc32(hashes.iter().flat_map(|hash| hash.0)),
        ),
        ("tree from leaf hashes", "disclosure::log::tree::Tree::of", &build, rows, crc),
        ("root alone", "disclosure::log::tree::root", &roots, rows, crc),
        ("inclusion proofs", "disclosure::log::tree::Tree::inclusion", &prove, PROOFS, proof_crc),
        ("checks of them", "disclosure::log::tree::verify_inclusion", &check, PROOFS, crc),
    ];
    for (what, function, times, number, crc) in figures {
        let line = Line::new("F", what, function)
            .number("n", count(number))
            .number("leaves", count(rows))
            .text("root", &root.to_string())
            .number("crc", crc)
            .time("load_s", load.total())
            .times(times)
            .time("write_s", std::time::Duration::ZERO);
        say(each(times, number, line).end());
    }
    Ok(())
}

/// A made-up district's code.
pub fn code(number: usize) -> Result<DistrictCode, String> {
    format!("99{:03}", 100 + number).parse().map_err(|error| format!("{error}"))
}

/// A counting leaf that looks as an office's do; the same number gives the same leaf.
pub fn leaf(district: &DistrictCode, number: u64) -> Result<Leaf, String> {
    let mut id = [0; 16];
    let seed = Hash::of(&number.to_le_bytes());
    id.copy_from_slice(seed.0.split_at(16).0);
    let place = usize::try_from(number).map_err(|error| error.to_string())?;
    let slot = Slot {
        node: node(0, place % PROGRAMS)?,
        period: month(place / PROGRAMS % 48)?,
        field: Field::ALL.get(place % CATEGORIES).copied().unwrap_or(Field::Unknown),
        unit: Unit::Jobs,
    };
    let n = i64::try_from(number % 900).unwrap_or(0) + 1;
    Leaf::new(district.clone(), LeafId(id), Body::Count { slot, n, grade: Grade::Sum, rest: false })
        .map_err(|fault| fault.to_string())
}

/// A bundle over so many leaves, with its disclosure leaf as the last.
pub fn bundle_of(leaves: usize) -> Result<Bundle, String> {
    let district = code(0)?;
    let origin = format!("demo.iljari.example/{district}");
    let signer = Signer::new(&origin, &Hash::of(b"bench").0).map_err(|fault| fault.to_string())?;
    let year = Year(FIRST_YEAR + 3);
    let mut all: Vec<Leaf> = (1..count(leaves)).map(|number| leaf(&district, number)).collect::<Result<_, _>>()?;
    let mut nodes = Vec::new();
    for of in (0..4).map(|add| Year(FIRST_YEAR + add)) {
        let plain = |node: NodeId, parent: Option<NodeId>, name: &str| PlanNode {
            year: of,
            node,
            parent,
            name: name.to_owned(),
            field: None,
        };
        nodes.push(plain(NodeId::root(), None, "예시구 일자리대책"));
        for program in 0..PROGRAMS {
            nodes.push(plain(node(0, program)?, Some(NodeId::root()), &format!("사업 {program}(예시)")));
        }
    }
    let tree = PlanTree::new(nodes).map_err(|problems| format!("{problems:?}"))?;
    let head = |leaves: &[Leaf]| {
        let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash).collect();
        Checkpoint { origin: origin.clone(), size: count(leaves.len()), root: tree::root(&hashes) }
    };
    let first = head(&all);
    let heading = Heading { origin: origin.clone(), district: district.clone(), year, no: 1 };
    let told = |problems: Vec<bundle::Problem>| format!("{:?}", problems.first().map(|it| it.sentence_en.clone()));
    let documents = bundle::documents(&DocumentInputs {
        heading: &heading,
        leaves: &all,
        first: &first,
        tree: &tree,
        plans: &[],
        key: signer.verifier(),
        others: BTreeMap::new(),
    })
    .map_err(told)?;
    let docs = documents.hash();
    let body = Body::Disclosure { year, no: 1, size: first.size, root: first.root, docs, corrects: None };
    all.push(Leaf::new(district, LeafId([0xFF; 16]), body).map_err(|fault| fault.to_string())?);
    let sign = |head: &Checkpoint| head.sign(&signer).map_err(|fault| fault.to_string());
    let (first, second) = (sign(&first)?, sign(&head(&all))?);
    let lines: Vec<String> = all.iter().map(Leaf::to_line).collect();
    let inputs =
        BundleInputs { heading: &heading, lines: &lines, first: &first, second: &second, documents: &documents };
    bundle::build(&inputs, &signer).map_err(told)
}

/// A stranger's check of a whole disclosure.
pub fn verify(leaves: usize, runs: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let mut load = Times::default();
    let bundle = load.run(|| bundle_of(leaves))?;
    let bytes: usize = bundle.values().map(Vec::len).sum();
    let (mut work, mut report) = (Times::default(), bundle::Report::default());
    for _ in 0..runs {
        report = work.run(|| bundle::verify(black_box(&bundle), &Options::default()));
    }
    if !report.problems.is_empty() || report.leaves != count(leaves) {
        return Err(format!("{} leaves and {} problems", report.leaves, report.problems.len()));
    }
    let crc = crc32(bundle.values().flatten().copied());
    let line = Line::new("F", "check of a whole disclosure", "disclosure::bundle::verify")
        .number("n", count(leaves))
        .number("numbers", report.numbers_checked)
        .number("bytes", count(bytes))
        .number("crc", crc)
        .time("load_s", load.total())
        .times(&work)
        .time("write_s", std::time::Duration::ZERO);
    say(each(&work, leaves, line).end());
    Ok(())
}
