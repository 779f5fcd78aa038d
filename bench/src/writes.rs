//! Workload F, what waits for the disk (일감 F의 쓰기): the write door, and the seal.
//!
//! Owns: an office in a folder of its own, and a raw write with a sync beside each figure, without which
//! none of them says anything. Does not own: what is written.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use iljari_base::id::Id;
use iljari_base::{Actor, Clock as _, Date, DistrictCode, Failure, FixedClock, Outcome, SeededEntropy, Stop};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::Grade;
use iljari_disclosure::log::{Body, Leaf};
use iljari_ledger::model::{Counted, EntryKind};
use iljari_ledger::store::NewEntry;
use iljari_ledger::{publish, seal, store};
use iljari_people::OfficeGate;
use iljari_plans::store::{DistrictRow, put_district};
use iljari_store::{Store, set_setting, setting};
use iljari_web::Office;
use tokio::task::JoinSet;

use crate::crc::crc32;
use crate::figure::{Line, Times};
use crate::ledger::{code, leaf};

fn told(stop: Stop) -> String {
    match stop {
        Stop::Refused(refusals) => format!("refused: {:?}", refusals.first().map(|it| it.code)),
        Stop::Failed(failure) => failure.to_string(),
        Stop::Inconsistent(wrong) => format!("{wrong:?}"),
    }
}

fn failed(failure: Failure) -> String {
    failure.to_string()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Bytes written to a new file of the folder and synced, once.
fn raw_sync(folder: &Path, bytes: &[u8]) -> Result<(), String> {
    let path = folder.join("raw.bin");
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = File::create(&path).map_err(wrong)?;
    file.write_all(bytes).map_err(wrong)?;
    file.sync_data().map_err(wrong)
}

/// The same appended to one open file, a block and a sync a time, as a log does it.
fn raw_appends(folder: &Path, appends: usize) -> Result<Times, String> {
    let path = folder.join("appended.bin");
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = File::create(&path).map_err(wrong)?;
    let mut times = Times::default();
    for _ in 0..appends {
        times.run(|| file.write_all(&[b'x'; 512]).and_then(|()| file.sync_data())).map_err(wrong)?;
    }
    Ok(times)
}

async fn open(folder: &Path, name: &str) -> Result<Store, String> {
    let store = Store::open(&format!("sqlite:{}", folder.join(name).display())).await.map_err(failed)?;
    store.migrate().await.map_err(failed)?;
    Ok(store)
}

/// How long an answer took for the given share of the clients, in thousandths.
fn share(waits: &[Duration], thousandths: usize) -> Duration {
    waits.get((waits.len() * thousandths / 1000).min(waits.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// So many clients, each waiting for its answer before it asks again, until so many acts of one row are kept.
pub async fn door(
    folder: &Path,
    clients: usize,
    acts: usize,
    runs: usize,
    say: &mut dyn FnMut(String),
) -> Result<(), String> {
    let from = Instant::now();
    let store = open(folder, "door.db").await?;
    let opened = from.elapsed();
    let clock = FixedClock::at(Date::new(2026, 11, 20).ok_or("no day")?.at_hour(9));
    let now = clock.now();
    let (mut work, mut waits) = (Times::default(), Vec::new());
    for run in 0..runs {
        let next = Arc::new(AtomicUsize::new(0));
        let clients_of_run = work.start();
        let mut waiting = JoinSet::new();
        for _ in 0..clients {
            let (store, next) = (store.clone(), Arc::clone(&next));
            waiting.spawn(async move {
                let mut waits = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= acts {
                        return Ok::<_, Stop>(waits);
                    }
                    let from = Instant::now();
                    let key = format!("bench.{run}.{number}");
                    store.write(move |tx| Box::pin(async move { Ok(set_setting(tx, &key, "1", now).await?) })).await?;
                    waits.push(from.elapsed());
                }
            });
        }
        while let Some(done) = waiting.join_next().await {
            waits.extend(done.map_err(|error| error.to_string())?.map_err(told)?);
        }
        work.stop(clients_of_run);
    }
    store.close().await;
    // What was answered is there after the file is opened anew.
    let store = open(folder, "door.db").await?;
    let asked: Outcome<usize> = store
        .read(move |tx| {
            Box::pin(async move {
                let mut there = 0;
                for run in 0..runs {
                    for number in 0..acts {
                        there += usize::from(setting(tx, &format!("bench.{run}.{number}")).await?.is_some());
                    }
                }
                Ok(there)
            })
        })
        .await;
    let there = asked.map_err(told)?;
    store.close().await;
    if there != acts * runs {
        return Err(format!("{there} of {} answered acts are there", acts * runs));
    }
    let raw = raw_appends(folder, 200)?;
    waits.sort_unstable();
    let per_second =
        |time: Duration| u64::try_from(u128::from(count(acts)) * 1_000_000_000 / time.as_nanos().max(1)).unwrap_or(0);
    say(Line::new("F", "durable acts of one row", "store::Store::write")
        .number("n", count(acts))
        .number("clients", count(clients))
        .number("per_s", per_second(work.wall()))
        .number("per_s_best", per_second(work.shortest()))
        .time("p50_s", share(&waits, 500))
        .time("p99_s", share(&waits, 990))
        .number("crc", crc32(there.to_string().bytes()))
        .time("load_s", opened)
        .times(&work)
        .time("write_s", work.wall())
        .time("raw_append_and_sync_s", raw.wall())
        .time("raw_append_and_sync_min_s", raw.shortest())
        .end());
    Ok(())
}

/// An office with so many districts, none of them with a plan.
async fn office(folder: &Path, districts: usize) -> Result<Office, String> {
    let store = open(folder, "seal.db").await?;
    let clock = Arc::new(FixedClock::at(Date::new(2026, 11, 20).ok_or("no day")?.at_hour(9)));
    let office = Office {
        gate: Arc::new(OfficeGate::new(store.clone())),
        store,
        clock,
        entropy: Arc::new(SeededEntropy::new("bench")),
        demo: true,
        published: folder.join("published"),
        keys: folder.join("keys"),
    };
    for number in 0..districts {
        let row = DistrictRow { code: code(number)?, name: format!("예시{number}구"), is_sample: true };
        let now = office.clock.now();
        let put = office.store.write(move |tx| Box::pin(async move { put_district(tx, &row, now).await })).await;
        put.map_err(told)?;
    }
    Ok(office)
}

/// Enters leaves that wait for their seal, as `append` does, and says how many bytes their lines have.
async fn enter(office: &Office, district: &DistrictCode, first: u64, entries: u64) -> Result<usize, String> {
    let mut bytes = 0;
    let numbers: Vec<u64> = (first..first + entries).collect();
    for part in numbers.chunks(1_000) {
        let leaves: Vec<Leaf> = part.iter().map(|number| leaf(district, *number)).collect::<Result<_, _>>()?;
        bytes += leaves.iter().map(|leaf| leaf.to_line().len()).sum::<usize>();
        let (at, now) = (district.clone(), office.clock.now());
        let ids: Vec<_> = leaves.iter().map(|_| Id::fresh(&*office.clock, &*office.entropy)).collect();
        let written = office.store.write(move |tx| {
            Box::pin(async move {
                for (leaf, id) in leaves.iter().zip(ids) {
                    let Body::Count { slot, n, grade, rest } = leaf.body() else { continue };
                    let counted = Counted {
                        node: slot.node.clone(),
                        period: slot.period,
                        field: slot.field,
                        unit: slot.unit,
                        amount: *n,
                        grade: *grade,
                        rest: *rest,
                    };
                    let source = if *grade == Grade::Press { Source::Press } else { Source::Sums };
                    let line = leaf.to_line().into_bytes();
                    let leaf_id = leaf.id().to_string();
                    let entry = NewEntry {
                        id,
                        leaf_id: &leaf_id,
                        kind: EntryKind::Count,
                        body: &line,
                        counted: Some(&counted),
                        source: Some(source),
                        answers: None,
                        evidence_kind: "부서집계",
                        remark: "예시",
                        recorded_by: Actor::Demo,
                        confirmed_by: Actor::Demo,
                    };
                    store::insert_entry(tx, &at, &entry, now).await?;
                }
                Ok(())
            })
        });
        written.await.map_err(told)?;
    }
    Ok(bytes)
}

/// Seals of so many pending entries, each of a district of its own, beside a raw write and sync of the same
/// lines; and seals of one more entry on top of them.
pub async fn sealing(folder: &Path, entries: u64, runs: usize, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let from = Instant::now();
    let office = office(folder, runs).await?;
    let mut lines = 0;
    for number in 0..runs {
        lines = enter(&office, &code(number)?, 1, entries).await?;
    }
    let load = from.elapsed();
    let (mut work, mut again, mut raw, mut published) = (Times::default(), Times::default(), Times::default(), 0);
    let mut crc = 0;
    for number in 0..runs {
        let district = code(number)?;
        raw.run(|| raw_sync(folder, &vec![b'x'; lines]))?;
        let started = work.start();
        let sealed = seal::seal(&office, &district, Actor::Demo).await.map_err(told)?;
        work.stop(started);
        let sealed = sealed.ok_or("nothing waited")?;
        if u64::try_from(sealed.size) != Ok(entries) {
            return Err(format!("{} leaves sealed", sealed.size));
        }
        crc = crc32(sealed.root.bytes());
        published = 0;
        for name in publish::log_file_names(&office, &district).map_err(told)? {
            let path = publish::folder(&office, &district).join("log").join(name);
            published += std::fs::metadata(&path).map_or(0, |meta| meta.len());
        }
        enter(&office, &district, entries + 1, 1).await?;
        let started = again.start();
        let one = seal::seal(&office, &district, Actor::Demo).await.map_err(told)?;
        again.stop(started);
        if one.map(|seal| u64::try_from(seal.size).unwrap_or(0)) != Some(entries + 1) {
            return Err("the entry that came last was not sealed".to_owned());
        }
    }
    office.store.close().await;
    let ratio = |times: &Times| u64::try_from(times.wall().as_nanos() * 10 / raw.wall().as_nanos().max(1)).unwrap_or(0);
    for (what, times, number) in [("seal of pending entries", &work, entries), ("seal of one more", &again, 1)] {
        say(Line::new("F", what, "ledger::seal::seal")
            .number("n", number)
            .number("line_bytes", count(lines))
            .number("published_bytes", published)
            .number("crc", crc)
            .time("load_s", load)
            .times(times)
            .time("write_s", times.wall())
            .time("raw_write_and_sync_s", raw.wall())
            .number("tenfold_of_raw", ratio(times))
            .end());
    }
    Ok(())
}
