//! A power cut: what was written and not synced may be on the disk, or not, or half.
//!
//! The shim traces every write and every sync of the database and its log. A disk is then made as it could look after a
//! cut at some point of the trace: everything synced is there, of the rest a random choice of sectors.

use std::collections::BTreeMap;
use std::path::Path;

use iljari_base::{Entropy as _, SeededEntropy};
use iljari_ledger::store;
use iljari_store::Store;

use super::{Fates, Number, World, code, form, now, rounds, seed};

const SECTOR: usize = 512;

/// A line of the trace.
enum Event {
    Written { file: String, at: usize, bytes: Vec<u8> },
    Cut { file: String, length: usize },
    Synced { file: String },
}

/// The trace up to so many bytes; each line with the place in the trace at which it ends.
fn events(trace: &[u8], until: u64) -> Vec<(u64, Event)> {
    let traced = trace.get(..usize::try_from(until).expect("small")).expect("it was traced so far");
    let mut rest = traced;
    let mut events = Vec::new();
    while !rest.is_empty() {
        let number = |nth: usize| {
            let bytes = rest[nth * 8..nth * 8 + 8].try_into().expect("eight bytes");
            usize::try_from(u64::from_le_bytes(bytes)).expect("small")
        };
        let (kind, path, at, count) = (number(0), number(1), number(2), number(3));
        let (file, bytes) = rest[32..32 + path + count].split_at(path);
        let file = String::from_utf8_lossy(file).rsplit('/').next().expect("a name").to_owned();
        let event = match u8::try_from(kind).expect("a letter") {
            b'w' => Event::Written { file, at, bytes: bytes.to_vec() },
            b't' => Event::Cut { file, length: at },
            b's' => Event::Synced { file },
            other => panic!("an unknown line of the trace: {other}"),
        };
        rest = &rest[32 + path + count..];
        events.push((u64::try_from(traced.len() - rest.len()).expect("small"), event));
    }
    events
}

/// A file on a disk: what is safe, and what was done to it since the last sync.
#[derive(Default, Clone)]
struct OnDisk {
    safe: Vec<u8>,
    since: Vec<(usize, Option<Vec<u8>>)>,
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl OnDisk {
    /// Everything, as a sync leaves it; of each sector only what `reaches` lets through.
    fn after(&self, mut reaches: impl FnMut() -> bool) -> Vec<u8> {
        let mut file = self.safe.clone();
        for (at, bytes) in &self.since {
            match bytes {
                None if reaches() => file.truncate(*at),
                None => {}
                Some(bytes) => {
                    for (nth, sector) in bytes.chunks(SECTOR).enumerate() {
                        if reaches() {
                            put(&mut file, at + nth * SECTOR, sector);
                        }
                    }
                }
            }
        }
        file
    }
}

/// The files as a cut after these events leaves them.
fn disk(
    first: &BTreeMap<String, Vec<u8>>,
    events: &[(u64, Event)],
    chance: &SeededEntropy,
) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, OnDisk> = BTreeMap::new();
    for (name, bytes) in first {
        files.insert(name.clone(), OnDisk { safe: bytes.clone(), since: Vec::new() });
    }
    for (_, event) in events {
        match event {
            Event::Written { file, at, bytes } => {
                files.entry(file.clone()).or_default().since.push((*at, Some(bytes.clone())));
            }
            Event::Cut { file, length } => files.entry(file.clone()).or_default().since.push((*length, None)),
            Event::Synced { file } => {
                let file = files.entry(file.clone()).or_default();
                file.safe = file.after(|| true);
                file.since.clear();
            }
        }
    }
    files.into_iter().map(|(name, file)| (name, file.after(|| chance.below(2) == 0))).collect()
}

/// What the data says after the cut: sound, and which remarks are there.
fn wakes(folder: &Path) -> BTreeMap<String, usize> {
    now(async {
        let store = Store::open(&format!("sqlite:{}", folder.join("iljari.db").display())).await.expect("it opens");
        let health = store.health().await.expect("asked");
        assert_eq!((health.damage, health.broken_references), (vec![], 0));
        let staged = store.read(|tx| Box::pin(async move { store::staged_waiting(tx, &code()).await })).await;
        store.close().await;
        let mut remarks = BTreeMap::new();
        for staged in staged.expect("read") {
            *remarks.entry(staged.remark).or_insert(0) += 1;
        }
        remarks
    })
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let world = World::new();
    let data = world.path("data");
    let first: BTreeMap<String, Vec<u8>> = ["iljari.db", "iljari.db-wal"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), std::fs::read(data.join(name)).ok()?)))
        .collect();
    let served = world.serve_with(|command| {
        command.env("FAULTS_TRACE", world.path("trace"));
    });
    let cookie = served.sign_in(&world, "한시범");
    let mut fates = Fates::default();
    let mut acknowledged = Vec::new();
    // Enough that SQLite folds its log into the file on the way.
    for nth in 0..150 {
        assert_eq!(fates.write(&served, &cookie, nth), Some(303));
        acknowledged.push((world.number(Number::Traced), form(nth).0));
    }
    let traced = world.number(Number::Traced);
    served.kill();
    let trace = std::fs::read(world.path("trace")).expect("a trace");
    let whole = events(&trace, traced);
    let folded =
        whole.iter().filter(|(_, event)| matches!(event, Event::Synced { file } if file == "iljari.db")).count();
    assert!(folded > 0, "the log was never folded into the file");
    let chance = seed("power");
    let mut unsynced = 0;
    for cut in 0..rounds(100) {
        let until = usize::try_from(chance.below(u64::try_from(whole.len()).expect("small"))).expect("small");
        let before = &whole[..until];
        // In bytes of the trace, as the acknowledgements know it.
        let reached = before.last().map_or(0, |(end, _)| *end);
        unsynced += usize::from(matches!(before.last(), Some((_, Event::Written { .. }))));
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in disk(&first, before, &chance) {
            std::fs::write(folder.path().join(name), bytes).expect("written");
        }
        let there = wakes(folder.path());
        for (at, remark) in &acknowledged {
            if *at <= reached {
                assert_eq!(there.get(remark), Some(&1), "cut {cut} after {until} steps: lost {remark}");
            }
        }
    }
    assert!(unsynced > rounds(100) / 10, "only {unsynced} cuts fell between a write and its sync");
}
