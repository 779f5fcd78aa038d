//! The one write door (I12), and the windows for looking in.
//!
//! Every write of the office goes through one keeper per open store. On SQLite the keeper takes
//! all waiting acts, runs each in a savepoint of one IMMEDIATE transaction, commits once and
//! answers all: one sync of the disk pays for up to [`BATCH`] acts. An act that returns an error
//! or panics is rolled back to its savepoint alone; a commit that fails fails them all.
//!
//! On PostgreSQL each act is a transaction of its own, and takes one advisory lock first. So both
//! engines have one writer at a time and every act sees all acts before it: a check followed by
//! a write cannot be overtaken, without row locks to forget and without retries. The price is
//! that writes of several nodes stand in one queue, one round of commit each (hundreds to
//! thousands a second), which is far more than offices write; the lock can be split by district
//! when a country outgrows it.
//!
//! What a newcomer gets wrong: awaiting anything but statements inside an act (mail, files,
//! another `store.write`). Everyone else waits meanwhile.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use iljari_base::{Failure, FailureKind, Outcome, Stop};
use tokio::sync::{mpsc, oneshot};
use tracing::{Instrument as _, Span};

use crate::kept::{self, Kept};
use crate::memory::Memory;
use crate::migrate;
use crate::once::{self, Form};
use crate::open::{Engine, Pools};
use crate::tables::Tables;
use crate::tx::{Noting, Tx};
use crate::wal::{self, Bound};

/// What an act or a look gives back: its future, boxed.
pub type Act<'t, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 't>>;

/// Acts that wait before a new one has to wait outside.
const QUEUE: usize = 1024;

/// Acts that share one commit on SQLite.
const BATCH: usize = 256;

/// An act that takes longer hangs, and would stop every other write.
const LONGEST_ACT: Duration = Duration::from_secs(60);

tokio::task_local! {
    /// Set while an act or a look runs, to refuse the write that would wait for itself.
    static INSIDE: ();
}

/// The office's database (자료). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    door: mpsc::Sender<Knock>,
    lost: Arc<AtomicU32>,
    kept: Arc<Kept>,
    memory: Memory,
    bound: Bound,
}

impl Store {
    /// Opens `sqlite:/path/file.db` or `postgres://…`. Does not migrate.
    pub async fn open(url: &str) -> Result<Store, Failure> {
        let pools = Pools::open(url).await?;
        let (door, knocks) = mpsc::channel(QUEUE);
        let lost = Arc::new(AtomicU32::new(0));
        let kept = Arc::new(Kept::new());
        let bound = Bound::new();
        tokio::spawn(keep(pools.clone(), knocks, Arc::clone(&lost), Arc::clone(&kept), bound.clone()));
        Ok(Store { pools, door, lost, kept, memory: Memory::default(), bound })
    }

    /// Applies the migrations that this database does not have yet.
    pub async fn migrate(&self) -> Result<(), Failure> {
        migrate::run(&self.pools).await
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        self.pools.engine()
    }

    /// How many write transactions were lost one after another (full disk, failing sync); 0 after one that was kept.
    pub fn lost_in_a_row(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Does an act: all of it or, when it returns an error, nothing of it.
    ///
    /// The act is carried out even when the caller stops waiting for its answer. Where it comes from a form
    /// ([`once::as_form`]), its transaction says so; where the form's act was done before, nothing of this one is kept.
    pub async fn write<T, F>(&self, act: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
    {
        outside()?;
        kept::note_change();
        let (answer, answered) = oneshot::channel();
        let (span, form) = (Span::current(), once::current());
        let ask = Waiting { act: Some(act), outcome: None, answer, span, form, marked: false };
        let gone = || Stop::Failed(Failure::new("the store is closed"));
        self.door.send(Knock::Act(Box::new(ask))).await.map_err(|_| gone())?;
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Looks at one consistent picture of the data. Writing in it fails.
    pub async fn read<T, F>(&self, look: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
    {
        if !kept::is_watched() {
            return self.read_unwatched(look).await;
        }
        let watching = self
            .read_unwatched(|tx| {
                Box::pin(async move {
                    let number = kept::number(tx).await?;
                    tx.start_noting(Noting::Named);
                    Ok((number, look(tx).await?, tx.take_noted()))
                })
            })
            .await;
        match watching {
            Ok((number, seen, tables)) => {
                kept::note(number, &tables);
                Ok(seen)
            }
            Err(stop) => {
                kept::note_change();
                Err(stop)
            }
        }
    }

    /// A look of which nobody wants to know what it read.
    pub(crate) async fn read_unwatched<T, F>(&self, look: F) -> Outcome<T>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send,
    {
        outside()?;
        let held_up = self.bound.look();
        let mut tx = self.pools.begin_read().await?.remembering(&self.memory);
        let outcome = tokio::select! {
            outcome = perform(&mut tx, look) => outcome,
            () = held_up => Err(Failure::new("a look took too long while much was written, and was ended").into()),
        };
        tx.rollback().await;
        outcome
    }

    /// What is known of the commits, and what is kept.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Carries out what already waits, then closes every connection.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.door.send(Knock::Close(done)).await.is_ok() {
            // An error means that the keeper has ended, which is what is wanted.
            let _ended = closed.await;
        }
        self.pools.close().await;
    }

    /// The connections, for what is neither an act nor a look: a copy of the whole, the tests' own scripts.
    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }
}

/// Refuses to stand inside an act and ask for another.
fn outside() -> Result<(), Failure> {
    match INSIDE.try_with(|()| ()) {
        Ok(()) => Err(Failure::new("an act must not ask the store for another act or look: use its own Tx")),
        Err(_) => Ok(()),
    }
}

/// What comes to the keeper.
enum Knock {
    Act(Box<dyn Ask>),
    Close(oneshot::Sender<()>),
}

/// An act that waits, whatever it returns.
trait Ask: Send {
    /// Runs it and says whether to keep what it did.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 't>>;
    /// Gives the caller what the act returned.
    fn answer(self: Box<Self>);
    /// Tells the caller that the act did not happen, or that nobody knows.
    fn fail(self: Box<Self>, failure: Failure);
}

struct Waiting<T, F> {
    act: Option<F>,
    outcome: Option<Outcome<T>>,
    answer: oneshot::Sender<Outcome<T>>,
    span: Span,
    form: Option<Arc<Form>>,
    /// Whether the mark of the form stands in the transaction of this act.
    marked: bool,
}

impl<T, F> Ask for Waiting<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 't>> {
        Box::pin(async move {
            let Some(act) = self.act.take() else {
                return false;
            };
            let mut outcome = perform(tx, act).instrument(self.span.clone()).await;
            if let Some(form) = self.form.clone().filter(|_| outcome.is_ok()) {
                match form.mark(tx).await {
                    Ok(marked) => self.marked = marked,
                    Err(stop) => outcome = Err(stop),
                }
            }
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        })
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            if let (true, Some(form)) = (self.marked, &self.form) {
                form.committed();
            }
            // The caller may have stopped waiting; the act has happened all the same.
            let _unheard = self.answer.send(outcome);
        }
    }

    fn fail(self: Box<Self>, failure: Failure) {
        let _unheard = self.answer.send(Err(failure.into()));
    }
}

/// Runs an act or a look. Going on after a failed statement is a failure, on both engines.
async fn perform<T, F>(tx: &mut Tx, act: F) -> Outcome<T>
where
    F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T>,
{
    let outcome = to_its_end(tx, act).await;
    if outcome.is_ok() && tx.is_spent() {
        return Err(Failure::new("an act went on after a statement of it had failed").into());
    }
    outcome
}

/// A panic or a hang of the act becomes its failure, and stays its own.
async fn to_its_end<T, F>(tx: &mut Tx, act: F) -> Outcome<T>
where
    F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T>,
{
    let mut future = match catch_unwind(AssertUnwindSafe(move || act(tx))) {
        Ok(future) => future,
        Err(panic) => return Err(panicked(&*panic).into()),
    };
    let safe = poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.unwrap_or_else(|panic| Poll::Ready(Err(panicked(&*panic).into())))
    });
    match tokio::time::timeout(LONGEST_ACT, INSIDE.scope((), safe)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::new("an act took too long and was stopped").into()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Failure::new(format!("an act panicked: {}", words.unwrap_or("(no words)")))
}

/// The keeper of the door: takes what waits, until the store is closed or forgotten.
async fn keep(pools: Pools, mut knocks: mpsc::Receiver<Knock>, lost: Arc<AtomicU32>, kept: Arc<Kept>, bound: Bound) {
    let log = wal::log_of(&pools);
    let batch = match pools.engine() {
        Engine::Sqlite => BATCH,
        Engine::Postgres => 1,
    };
    let mut knocked = Vec::with_capacity(batch);
    let mut closing = Vec::new();
    while knocks.recv_many(&mut knocked, batch).await > 0 {
        let mut asks = Vec::with_capacity(knocked.len());
        for knock in knocked.drain(..) {
            match knock {
                Knock::Act(ask) => asks.push(ask),
                Knock::Close(done) => {
                    knocks.close();
                    closing.push(done);
                }
            }
        }
        if asks.is_empty() {
            continue;
        }
        match carry_out(&pools, &mut asks, &kept).await {
            Ok(()) => {
                lost.store(0, Ordering::Relaxed);
                asks.into_iter().for_each(|ask| ask.answer());
            }
            Err(failure) => {
                lost.fetch_add(1, Ordering::Relaxed);
                tracing::error!(acts.count = asks.len(), error = %failure, "a write transaction was lost");
                for ask in asks {
                    ask.fail(failure.clone());
                }
            }
        }
        bound.keep(&pools, log.as_deref()).await;
    }
    for done in closing {
        let _unheard = done.send(());
    }
}

/// One transaction around these acts. An error means that none of them was kept.
async fn carry_out(pools: &Pools, asks: &mut [Box<dyn Ask>], kept: &Kept) -> Result<(), Failure> {
    let mut tx = pools.begin_write().await?;
    tx.start_noting(Noting::Changed);
    let done = match pools.engine() {
        Engine::Sqlite => each_in_a_savepoint(&mut tx, asks, kept).await,
        Engine::Postgres => alone(&mut tx, asks, kept).await,
    };
    match done {
        Ok(()) => Ok(()),
        Err(failure) => {
            tx.rollback().await;
            // Where the disk was full, the word that failed afterwards only says that the transaction is gone.
            let kind = if failure.kind == FailureKind::Any { tx.world() } else { failure.kind };
            Err(failure.of(kind))
        }
    }
}

/// Between two acts: what the last one did is kept, and the next begins. One text, because every word is a
/// walk to the connection's thread and back, and an act of one row has little else to pay for.
const KEEP: &str = "RELEASE act; SAVEPOINT act";

/// The same where the last one is undone: the savepoint itself stays. The commit lets the last one go.
const UNDO: &str = "ROLLBACK TO act";

async fn each_in_a_savepoint(tx: &mut Tx, asks: &mut [Box<dyn Ask>], kept: &Kept) -> Result<(), Failure> {
    let mut changed = Tables::default();
    tx.control("SAVEPOINT act").await?;
    for ask in asks {
        let keep = ask.run(tx).await;
        let noted = tx.take_noted();
        if keep {
            changed.add(&noted);
        }
        // A full or failing disk makes SQLite roll back the whole transaction by itself. Then the
        // savepoint is gone and this fails, as it must: the acts before are lost too.
        tx.control(if keep { KEEP } else { UNDO }).await?;
        tx.renew();
    }
    commit(tx, &changed, kept).await
}

async fn alone(tx: &mut Tx, asks: &mut [Box<dyn Ask>], kept: &Kept) -> Result<(), Failure> {
    for ask in asks {
        let keep = ask.run(tx).await;
        let changed = tx.take_noted();
        if keep {
            commit(tx, &changed, kept).await?;
        } else {
            tx.rollback().await;
        }
    }
    Ok(())
}

/// Commits, under the next commit number where anything changed.
async fn commit(tx: &mut Tx, changed: &Tables, kept: &Kept) -> Result<(), Failure> {
    if changed.is_empty() {
        return tx.commit().await;
    }
    let number = kept::raise(tx).await?;
    match tx.commit().await {
        Ok(()) => {
            kept.committed(number, changed);
            Ok(())
        }
        Err(failure) => {
            kept.committed_perhaps();
            Err(failure)
        }
    }
}
