//! What was read, kept until a commit changes it (간직한 조회).
//!
//! Owns: the commit number (확정 번호), which commit changed which tables last, and the memory of looks. Does not
//! own: what is kept above it, e.g. drawn pages; those carry a [`Stamp`] and ask whether it still holds.
//!
//! Every commit raises one number in the table `commits` by one, inside its own transaction. A look notes the number
//! of its picture and the tables its statements name; it holds as long as no later commit changed one of them. Our own
//! commits are known at once: the keeper of the door tells them before it answers. Those of other programs on the same
//! data (a command, another node) are found by reading the number again, at most [`HEARD_EVERY`] later, and then count
//! as having changed every table.
//!
//! What a newcomer gets wrong: keeping what depends on more than the data, e.g. on the hour. Put it into the key.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use iljari_base::Outcome;

use crate::door::{Act, Store};
use crate::tables::{LastChanges, Tables};
use crate::tx::Tx;
use crate::{DbError, args};

/// How late a commit of another program may be noticed.
const HEARD_EVERY: Duration = Duration::from_millis(50);

/// Kept looks at most; then the least useful half goes.
const LOOKS_MAX: usize = 256;

tokio::task_local! {
    /// What the looks of this task were read from, while somebody watches.
    static WATCHED: Arc<Mutex<Watched>>;
}

/// From which picture of which tables something was made (근거 도장).
#[derive(Debug)]
pub struct Stamp {
    number: u64,
    tables: Tables,
    /// Up to this number nothing it was read from has changed; spares a second look at the tables.
    held_at: AtomicU64,
}

impl Stamp {
    fn of(number: u64, tables: Tables) -> Self {
        Self { number, tables, held_at: AtomicU64::new(number) }
    }
}

#[derive(Debug, Default)]
struct Watched {
    /// The oldest picture.
    number: Option<u64>,
    tables: Tables,
    /// Something that no number tells: an act was done, or a look failed.
    changed: bool,
}

/// Runs the future and says what its looks were read from; `None` where there was none, or where it did an act.
///
/// Looks of tasks that it spawns are not seen.
pub async fn watched<F: Future>(future: F) -> (F::Output, Option<Stamp>) {
    let watch = Arc::new(Mutex::new(Watched::default()));
    let output = WATCHED.scope(Arc::clone(&watch), future).await;
    let seen = lock(&watch);
    let stamp = match seen.number {
        Some(number) if !seen.changed => Some(Stamp::of(number, seen.tables)),
        _ => None,
    };
    (output, stamp)
}

/// Whether somebody wants to know what this task reads.
pub(crate) fn is_watched() -> bool {
    WATCHED.try_with(|_| ()).is_ok()
}

/// Notes a look for whoever watches.
pub(crate) fn note(number: u64, tables: &Tables) {
    let _unwatched = WATCHED.try_with(|watch| {
        let mut seen = lock(watch);
        seen.number = Some(seen.number.map_or(number, |oldest| oldest.min(number)));
        seen.tables.add(tables);
    });
}

/// Notes that what this task makes depends on more than its looks.
pub(crate) fn note_change() {
    let _unwatched = WATCHED.try_with(|watch| lock(watch).changed = true);
}

/// The number of this picture of the data.
pub(crate) async fn number(tx: &mut Tx) -> Result<u64, DbError> {
    let row = tx.fetch_one("SELECT number FROM commits", args![]).await?;
    read_number(row.int("number"))
}

/// Raises the number; the last statement of a commit.
pub(crate) async fn raise(tx: &mut Tx) -> Result<u64, DbError> {
    let row = tx.fetch_one("UPDATE commits SET number = number + 1 RETURNING number", args![]).await?;
    read_number(row.int("number"))
}

fn read_number(number: Result<i64, crate::BadColumn>) -> Result<u64, DbError> {
    let number = number.map_err(|bad| DbError::Failed(iljari_base::Failure::new(bad)))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one open store knows of its commits, and what it keeps.
#[derive(Debug)]
pub(crate) struct Kept {
    known: AtomicU64,
    changes: Mutex<Changes>,
    began: Instant,
    /// Microseconds after `began`.
    heard_at: AtomicU64,
    looks: Mutex<HashMap<(TypeId, String), Look>>,
    loading: tokio::sync::Mutex<()>,
    found: AtomicU64,
    read: AtomicU64,
}

#[derive(Debug)]
struct Changes {
    last: LastChanges,
    /// What is older than this may have changed in any table.
    all: u64,
}

#[derive(Debug)]
struct Look {
    stamp: Arc<Stamp>,
    value: Arc<dyn Any + Send + Sync>,
    asked: u64,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self {
            known: AtomicU64::new(0),
            changes: Mutex::new(Changes { last: LastChanges::new(), all: 0 }),
            began: Instant::now(),
            heard_at: AtomicU64::new(0),
            looks: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
            found: AtomicU64::new(0),
            read: AtomicU64::new(0),
        }
    }

    /// Our own commit of that number was kept.
    pub(crate) fn committed(&self, number: u64, tables: &Tables) {
        let mut changes = lock(&self.changes);
        changes.last.changed(tables, number);
        if number != self.known.load(Ordering::Acquire) + 1 {
            // Somebody else committed in between.
            changes.all = changes.all.max(number);
        }
        self.known.fetch_max(number, Ordering::AcqRel);
    }

    /// Nobody knows whether a commit was kept: whatever was read before counts as changed.
    pub(crate) fn committed_perhaps(&self) {
        let mut changes = lock(&self.changes);
        let next = self.known.fetch_add(1, Ordering::AcqRel) + 1;
        changes.all = changes.all.max(next);
    }

    /// The number was read: what we did not commit ourselves, others did.
    fn heard(&self, number: u64) {
        let mut changes = lock(&self.changes);
        if number > self.known.load(Ordering::Acquire) {
            changes.all = changes.all.max(number);
            self.known.fetch_max(number, Ordering::AcqRel);
        }
    }

    /// When others were heard last and what time it is, where they are to be heard again.
    fn others_are_due(&self) -> Option<(u64, u64)> {
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX).max(1);
        let last = self.heard_at.load(Ordering::Relaxed);
        let due = u64::try_from(HEARD_EVERY.as_micros()).unwrap_or(0);
        (last == 0 || now.saturating_sub(last) >= due).then_some((last, now))
    }

    fn holds(&self, stamp: &Stamp) -> bool {
        let known = self.known.load(Ordering::Acquire);
        if stamp.held_at.load(Ordering::Relaxed) >= known {
            return true;
        }
        let changes = lock(&self.changes);
        let holds = changes.all <= stamp.number && changes.last.newest(&stamp.tables) <= stamp.number;
        if holds {
            stamp.held_at.fetch_max(known, Ordering::Relaxed);
        }
        holds
    }

    fn find<T: Send + Sync + 'static>(&self, key: &(TypeId, String)) -> Option<Arc<T>> {
        let mut looks = lock(&self.looks);
        let look = looks.get_mut(key)?;
        if !self.holds(&look.stamp) {
            looks.remove(key);
            return None;
        }
        look.asked = self.found.fetch_add(1, Ordering::Relaxed) + 1;
        note(look.stamp.number, &look.stamp.tables);
        Arc::clone(&look.value).downcast().ok()
    }

    fn keep<T: Send + Sync + 'static>(&self, key: (TypeId, String), stamp: Stamp, value: &Arc<T>) {
        let mut looks = lock(&self.looks);
        if looks.len() >= LOOKS_MAX {
            let mut asked: Vec<u64> = looks.values().map(|look| look.asked).collect();
            asked.sort_unstable();
            let middle = asked[asked.len() / 2];
            looks.retain(|_, look| look.asked > middle);
        }
        let value: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(value);
        let asked = self.found.load(Ordering::Relaxed);
        looks.insert(key, Look { stamp: Arc::new(stamp), value, asked });
    }
}

/// How often a kept look was found, and how often one had to be read (간직한 조회의 적중).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hits {
    /// Found in memory.
    pub found: u64,
    /// Read from the database.
    pub read: u64,
}

impl Store {
    /// Whether nothing that was read for this stamp has changed since. Where another program commits to the same
    /// data, the answer may be late by [`HEARD_EVERY`].
    pub async fn holds(&self, stamp: &Stamp) -> Outcome<bool> {
        self.hear_others().await?;
        Ok(self.kept().holds(stamp))
    }

    /// As [`Store::holds`], where it is known without asking the database.
    pub fn holds_by_now(&self, stamp: &Stamp) -> Option<bool> {
        let kept = self.kept();
        kept.others_are_due().is_none().then(|| kept.holds(stamp))
    }

    /// As [`Store::read`], but the value is kept under its type and the key, and read again only after a commit
    /// changed a table that the look named. The key must hold everything else that the look depends on.
    pub async fn read_kept<T, F>(&self, key: &str, look: F) -> Outcome<Arc<T>>
    where
        T: Send + Sync + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
    {
        self.hear_others().await?;
        let kept = self.kept();
        let key = (TypeId::of::<T>(), key.to_owned());
        if let Some(value) = kept.find(&key) {
            return Ok(value);
        }
        // Readers who come together wait for one look instead of all taking their own.
        let _one_at_a_time = kept.loading.lock().await;
        if let Some(value) = kept.find(&key) {
            return Ok(value);
        }
        kept.read.fetch_add(1, Ordering::Relaxed);
        let (value, stamp) = watched(self.read(look)).await;
        let value = Arc::new(value?);
        match stamp {
            Some(stamp) => {
                note(stamp.number, &stamp.tables);
                kept.keep(key, stamp, &value);
            }
            None => note_change(),
        }
        Ok(value)
    }

    /// How well the kept looks serve.
    pub fn hits(&self) -> Hits {
        let kept = self.kept();
        Hits { found: kept.found.load(Ordering::Relaxed), read: kept.read.load(Ordering::Relaxed) }
    }

    /// Reads the number again when that is due, by one of those who wait for an answer.
    async fn hear_others(&self) -> Outcome<()> {
        let kept = self.kept();
        let Some((last, now)) = kept.others_are_due() else { return Ok(()) };
        if kept.heard_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return Ok(());
        }
        let number = self.read_unwatched(|tx| Box::pin(async move { Ok(number(tx).await?) })).await?;
        kept.heard(number);
        Ok(())
    }
}
