//! The failure matrix of seal and disclosure: every step of writing breaks once, in two ways, and the work goes on.
//!
//! The steps are those that the store reports, so a new write is walked without anybody naming it here. What came of
//! each is printed, and `docs/failure-matrix.md` holds the same table. `ILJARI_FAULTS=all` breaks every single step and goes
//! on from each in both ways; otherwise of steps that differ only in the file the first is broken, those on files on
//! SQLite alone, and the two ways take turns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use iljari_base::{Actor, Outcome, Stop, Year};
use iljari_disclosure::bundle::{self, Bundle, Options, verify};
use iljari_disclosure::log::Checkpoint;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_store::Store;
use iljari_store::testing::faults::{How, Step, broken_at, listed};
use iljari_store::testing::{FreshSqlite, on_postgres};
use tempfile::TempDir;

use super::Desk;
use super::restored::{copy_folder, desk_like, office_over};
use crate::disclose::{Wish, disclose_with};
use crate::documents::files::Files;
use crate::{publish, seal, store};

const HOWS: [How; 2] = [How::Fails, How::FailsButPersists];

/// The work that is broken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Seal,
    Disclosure,
}

impl Work {
    /// What its transactions are, in their order.
    fn transactions(self) -> &'static [&'static str] {
        match self {
            Work::Seal => &["seal"],
            Work::Disclosure => &["seal C₁", "disclosure", "seal C₂"],
        }
    }

    /// Does it, as an officer does by a button: the code of what came of it.
    async fn done(self, desk: &Desk) -> String {
        let code = |outcome: Outcome<()>| match outcome {
            Ok(()) => "accepted".to_owned(),
            Err(Stop::Refused(refusals)) => refusals.first().map_or("", |refusal| refusal.code).to_owned(),
            Err(Stop::Failed(failure)) => format!("failed: {failure}"),
            Err(Stop::Inconsistent(wrong)) => format!("inconsistent: {wrong}"),
        };
        match self {
            Work::Seal => code(seal::seal(&desk.office, &desk.code, Actor::System).await.map(|_| ())),
            Work::Disclosure => {
                let wish = Wish {
                    year: Year(2026),
                    approval_no: "일자리정책과-7 (예시)".to_owned(),
                    approval_on: iljari_base::Date::new(2026, 11, 19),
                    remark: "정정한 숫자를 다시 냅니다".to_owned(),
                };
                // What people read is bytes to every step; its own making writes nothing.
                let set = async |_| Ok(Files::from([("documents/알림.txt".to_owned(), b"2026".to_vec())]));
                code(disclose_with(&desk.office, &desk.cx(&desk.checker), wish, set).await.map(|_| ()))
            }
        }
    }
}

/// What a step is called in the table: in which transaction or after it, what is done, and to what kind of thing.
fn names(work: Work, steps: &[Step]) -> Vec<(String, String)> {
    let mut begun = 0_usize;
    let mut named = Vec::new();
    for step in steps {
        begun += usize::from(step.what == "BEGIN");
        let transaction = begun.checked_sub(1).and_then(|nth| work.transactions().get(nth)).unwrap_or(&"before");
        let words: Vec<&str> = step.of.split_whitespace().take(3).collect();
        let name = match step.what {
            "statement" => format!("`{}`", words.join(" ")),
            "BEGIN" | "COMMIT" | "SAVEPOINT act" | "RELEASE act; SAVEPOINT act" => format!("`{}`", step.what),
            // Of many files at once, after all of them.
            "sync the folders" => "what was published: sync the folders".to_owned(),
            what => format!("{}: {what}", thing(&step.of)),
        };
        named.push(((*transaction).to_owned(), name));
    }
    named
}

/// What kind of file lies at a path.
fn thing(path: &str) -> &'static str {
    let ends = |end: &str| path.ends_with(end);
    match () {
        () if ends(".key") => "signing key",
        () if ends(".signed") => "memory of the last signature",
        () if ends("/manifest") => "manifest of the bundle",
        () if ends(".zip") => "bundle as one file",
        () if path.contains("/disclosures/") => "file of the bundle",
        () if ends("/log/checkpoint") => "published checkpoint",
        () if path.contains("/log/tile/entries/") => "published entries",
        () if path.contains("/log/tile/") => "published tile",
        () => panic!("an unnamed file is written: {path}"),
    }
}

/// Which steps of a run are broken: all of them, or of equal ones the first. A disclosure's first seal writes the
/// files that any seal writes; they are broken there.
fn chosen(work: Work, steps: &[Step], engine: &str, all: bool) -> Vec<usize> {
    let mut known = BTreeSet::new();
    let mut nths = Vec::new();
    for (nth, (transaction, name)) in names(work, steps).into_iter().enumerate() {
        let of_database = name.starts_with('`');
        let worth_it = of_database || (engine == "SQLite" && transaction != "seal C₁");
        if all || (worth_it && known.insert((transaction, name))) {
            nths.push(nth);
        }
    }
    nths
}

/// What was signed lately and could be seen: size and root.
async fn heads(desk: &Desk) -> Vec<(u64, Hash)> {
    let parsed = |text: &str| {
        let head = Checkpoint::parse_unverified(text.as_bytes()).expect("a checkpoint");
        (head.size, head.root)
    };
    let seals = desk.seals().await;
    let mut heads: Vec<(u64, Hash)> = seals.iter().rev().take(4).map(|seal| parsed(&seal.checkpoint)).collect();
    let path = publish::folder(&desk.office, &desk.code).join("log/checkpoint");
    if let Ok(text) = std::fs::read_to_string(path) {
        heads.push(parsed(&text));
    }
    heads.extend(desk.keys().last_signed(&desk.code).expect("readable").map(|last| (last.size, last.root)));
    heads
}

/// What stands of the work: seals and disclosures.
async fn standing(desk: &Desk) -> (usize, usize) {
    let disclosures = desk.look(|tx, code| Box::pin(store::disclosures(tx, code))).await;
    (desk.seals().await.len(), disclosures.len())
}

/// After the work went on: nothing lost, nothing twice, nothing signed that the log does not continue, all published.
async fn is_well(desk: &Desk, seen: &[(u64, Hash)], told: &str) {
    let lines = desk.look(|tx, code| Box::pin(store::leaf_lines(tx, code))).await;
    let leaves: Vec<Hash> = lines.iter().map(|line| tree::leaf_hash(line)).collect();
    for (size, root) in seen.iter().chain(&heads(desk).await) {
        let signed = leaves.get(..usize::try_from(*size).expect("small"));
        assert_eq!(signed.map(tree::root), Some(*root), "{told}: a fork: {size} leaves were signed otherwise");
    }
    let pending = desk.entries().await.iter().filter(|entry| entry.sealed.is_none()).count();
    assert_eq!(pending, 0, "{told}: something still waits for its seal");
    let last = desk.seals().await.pop().expect("a seal");
    assert_eq!(desk.published_checkpoint(), last.checkpoint, "{told}: not published");
    let memory = desk.keys().last_signed(&desk.code).expect("readable").expect("signed");
    assert_eq!(memory.root.to_string(), last.root, "{told}: not remembered");
    let disclosures = desk.look(|tx, code| Box::pin(store::disclosures(tx, code))).await;
    if let Some(last) = disclosures.last() {
        let folder = publish::bundle_folder(&desk.office, &desk.code, last.no);
        let bundle: Bundle = iljari_store::files::list(&folder)
            .expect("listed")
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
                (bundle::canonical_path(&name), std::fs::read(&path).expect("a file"))
            })
            .collect();
        let key = desk.keys().verifier(&desk.code).expect("readable").expect("a key").to_string();
        let report = verify(&bundle, &Options { key: Some(&key), since: None });
        assert_eq!((report.exit_code(), report.problems), (0, vec![]), "{told}: disclosure {}", last.no);
        assert!(publish::bundle_zip(&desk.office, &desk.code, last.no).exists(), "{told}: no ZIP");
    }
}

/// A row of the table: work, transaction and step; by engine and fault what came of it.
type Row = ((Work, String, String), BTreeMap<(&'static str, usize), String>);

/// The rows in the order in which the steps are done.
type Rows = Vec<Row>;

/// The row of a step, made where there is none.
fn row(rows: &mut Rows, key: (Work, String, String)) -> &mut BTreeMap<(&'static str, usize), String> {
    let nth = rows.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        rows.push((key, BTreeMap::new()));
        rows.len() - 1
    });
    &mut rows[nth].1
}

/// An office to break: on SQLite a copy for every fault, on PostgreSQL one whose log grows all the while.
enum Ground<'g> {
    Copies(&'g FreshSqlite, &'g Desk),
    One(&'g Desk),
}

/// The desk of one fault, and what it stands on.
struct Stand {
    desk: Desk,
    _folder: Option<TempDir>,
}

impl Ground<'_> {
    fn engine(&self) -> &'static str {
        match self {
            Ground::Copies(..) => "SQLite",
            Ground::One(_) => "PostgreSQL",
        }
    }

    async fn stand(&self) -> Stand {
        match self {
            Ground::Copies(fresh, desk) => {
                let folder = tempfile::tempdir().expect("a folder");
                copy_folder(fresh.folder.path(), folder.path());
                let (keys, published) = (folder.path().join("keys"), folder.path().join("published"));
                for (from, to) in [(&desk.office.keys, &keys), (&desk.office.published, &published)] {
                    if from.exists() {
                        copy_folder(from, to);
                    }
                }
                let file = folder.path().join("iljari.db");
                let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("the copy opens");
                let office = Arc::new(office_over(desk, store, &keys, &published));
                Stand { desk: Desk { office, ..desk_like(desk) }, _folder: Some(folder) }
            }
            Ground::One(desk) => {
                let office = Arc::clone(&desk.office);
                Stand { desk: Desk { office, ..desk_like(desk) }, _folder: None }
            }
        }
    }

    async fn left(&self, stand: Stand) {
        if matches!(self, Ground::Copies(..)) {
            stand.desk.balances().await;
            stand.desk.office.store.close().await;
        }
    }
}

/// Something that waits for its seal and changes the year: each time another number.
async fn something_new(desk: &Desk) {
    let entries = desk.entries().await;
    let first = entries.iter().find(|entry| entry.counted.is_some()).expect("an entry");
    desk.correct(&first.leaf_id, 1_000 + i64::try_from(entries.len()).expect("small")).await;
    desk.clock.advance_seconds(60);
}

/// Breaks the steps of a work one after another.
async fn walk(ground: &Ground<'_>, work: Work, rows: &mut Rows) {
    let (engine, all) = (ground.engine(), breaks_all());
    let stand = ground.stand().await;
    something_new(&stand.desk).await;
    let (done, steps) = listed(work.done(&stand.desk)).await;
    assert_eq!(done, "accepted");
    ground.left(stand).await;
    for nth in chosen(work, &steps, engine, all) {
        for (turn, how) in HOWS.into_iter().enumerate() {
            // The person tries again, or the program was ended by the fault and starts first.
            let ways = if all { vec![false, true] } else { vec![(nth + turn) % 2 == 1] };
            for starts_again in ways {
                let stand = ground.stand().await;
                let desk = &stand.desk;
                something_new(desk).await;
                let before = standing(desk).await;
                let (done, reached) = broken_at(nth, how, work.done(desk)).await;
                let Some((transaction, name)) = names(work, &reached).get(nth).cloned() else {
                    // A full tile takes the place of two steps.
                    assert_eq!(done, "accepted");
                    continue;
                };
                let told = format!("{engine}, {transaction}, {name}, {how:?}, starts again: {starts_again}");
                assert!(done.starts_with("failed: "), "{told}: a broken step was told as {done}");
                let cell = went_on(desk, work, before, starts_again, &told).await;
                let row = row(rows, (work, transaction.clone(), name.clone()));
                let was = row.entry((engine, turn)).or_insert_with(|| cell.clone());
                assert_eq!(*was, cell, "{told}: the same step ended otherwise");
                ground.left(stand).await;
            }
        }
    }
}

/// Goes on after a fault, and says what stood and what the next try came to.
async fn went_on(desk: &Desk, work: Work, before: (usize, usize), starts_again: bool, told: &str) -> String {
    let (seen, kept) = (heads(desk).await, standing(desk).await);
    if starts_again {
        seal::catch_up_memory(&desk.office, &desk.code).await.expect(told);
        publish::publish(&desk.office, &desk.code).await.expect(told);
    }
    let again = work.done(desk).await;
    is_well(desk, &seen, told).await;
    let wanted = match work {
        Work::Seal => (before.0 + 1, before.1),
        // The first seal takes the new number, the second the disclosure.
        Work::Disclosure => (before.0 + 2, before.1 + 1),
    };
    assert_eq!(standing(desk).await, wanted, "{told}: not exactly once");
    let stood = match (kept.1 > before.1, kept.0 - before.0) {
        (false, 0) => "nothing stands",
        (false, _) => "sealed",
        (true, 1) => "disclosed",
        (true, _) => "disclosed, sealed",
    };
    match again.as_str() {
        "accepted" if work == Work::Seal && kept != before => format!("{stood}; finished"),
        "accepted" => format!("{stood}; done"),
        "nothing-changed" => format!("{stood}; finished"),
        other => panic!("{told}: then {other}"),
    }
}

fn breaks_all() -> bool {
    std::env::var("ILJARI_FAULTS").is_ok_and(|wanted| wanted == "all")
}

/// The table as `docs/failure-matrix.md` holds it.
fn table(rows: &Rows, work: Work) -> String {
    let mut text = String::from(
        "| transaction, and files behind it | step | SQLite: fails | fails but persisted | PostgreSQL: fails | fails but persisted |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for ((_, transaction, name), cells) in rows.iter().filter(|(key, _)| key.0 == work) {
        let cell = |engine, how| cells.get(&(engine, how)).map_or("–", String::as_str);
        let cells = [("SQLite", 0), ("SQLite", 1), ("PostgreSQL", 0), ("PostgreSQL", 1)].map(|(e, h)| cell(e, h));
        text.push_str(&format!("| {transaction} | {name} | {} |\n", cells.join(" | ")));
    }
    text
}

/// An office that has sealed and disclosed before: the very first ones make more than those that follow.
async fn used(desk: &Desk) {
    desk.enter("1-1-1", 2026, (1, 3), 63).await;
    assert_eq!(Work::Disclosure.done(desk).await, "accepted");
    something_new(desk).await;
    assert_eq!(Work::Disclosure.done(desk).await, "accepted");
}

#[tokio::test]
async fn whatever_step_of_a_seal_or_a_disclosure_breaks_the_next_try_goes_on() {
    let mut rows = Rows::new();
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    used(&desk).await;
    fresh.store.close().await;
    for work in [Work::Seal, Work::Disclosure] {
        walk(&Ground::Copies(&fresh, &desk), work, &mut rows).await;
    }
    let rows = std::sync::Mutex::new(rows);
    on_postgres(async |store: Store| {
        let desk = Desk::on(store).await;
        used(&desk).await;
        let mut walked = std::mem::take(&mut *rows.lock().expect("nobody panicked"));
        for work in [Work::Seal, Work::Disclosure] {
            walk(&Ground::One(&desk), work, &mut walked).await;
        }
        *rows.lock().expect("nobody panicked") = walked;
        desk.balances().await;
    })
    .await;
    let rows = rows.into_inner().expect("nobody panicked");
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/failure-matrix.md"));
    let page = page.expect("the page");
    let tables = [Work::Seal, Work::Disclosure].map(|work| table(&rows, work));
    tables.iter().for_each(|table| println!("{table}"));
    let lacks = tables.iter().any(|table| !page.contains(table));
    assert!(breaks_all() || !lacks, "docs/failure-matrix.md should hold the two tables above");
}

#[tokio::test]
async fn whatever_step_of_the_first_seal_breaks_one_key_signs_one_log() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    fresh.store.close().await;
    for how in HOWS {
        for nth in 0.. {
            let folder = tempfile::tempdir().expect("a folder");
            copy_folder(fresh.folder.path(), folder.path());
            let file = folder.path().join("iljari.db");
            let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("the copy opens");
            let (keys, published) = (folder.path().join("keys"), folder.path().join("published"));
            let office = Arc::new(office_over(&desk, store.clone(), &keys, &published));
            let copy = Desk { office, ..desk_like(&desk) };
            let (done, reached) = broken_at(nth, how, Work::Seal.done(&copy)).await;
            if reached.len() <= nth {
                assert_eq!(done, "accepted");
                assert!(nth > 20, "only {nth} steps were seen");
                break;
            }
            let told = format!("{how:?} at {:?}", reached[nth]);
            assert!(done.starts_with("failed: "), "{told}: a broken step was told as {done}");
            let seen = heads(&copy).await;
            assert_eq!(Work::Seal.done(&copy).await, "accepted", "{told}");
            is_well(&copy, &seen, &told).await;
            copy.balances().await;
            store.close().await;
        }
    }
}
