//! The write-ahead log of SQLite stays bounded.
//!
//! Owns: folding the log into the file when it has grown, and ending the looks that stand in the way. Does not own: the
//! small foldings that SQLite does by itself. What a newcomer gets wrong: thinking that those are enough. A look keeps
//! its picture, and everything written after it began stays in the log until the look is over; a download over a slow
//! line would let the log grow until the disk is full.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::open::Pools;

/// From this many bytes on the log is folded, whoever looks.
const FOLDED_AT: u64 = 32 * 1024 * 1024;

/// So long a look may take even then.
const LOOK_MAX: Duration = Duration::from_secs(2);

/// Tells the looks that are under way that they hold up the folding.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    told: Arc<watch::Sender<()>>,
}

impl Bound {
    pub(crate) fn new() -> Self {
        Self { told: Arc::new(watch::Sender::new(())) }
    }

    /// Comes to its end when a look that begins now has to end.
    pub(crate) fn look(&self) -> impl Future<Output = ()> + Send + use<> {
        let (mut told, ends) = (self.told.subscribe(), Instant::now() + LOOK_MAX);
        async move {
            if told.changed().await.is_err() {
                // Nobody is left to tell.
                std::future::pending::<()>().await;
            }
            tokio::time::sleep_until(ends).await;
        }
    }

    /// Folds the log if it has grown. No write is under way meanwhile: the keeper of the door asks.
    pub(crate) async fn keep(&self, pools: &Pools, log: Option<&Path>) {
        let Some(log) = log else { return };
        if std::fs::metadata(log).map_or(0, |log| log.len()) < FOLDED_AT {
            return;
        }
        self.told.send_replace(());
        if let Err(failure) = pools.fold_log().await {
            tracing::warn!(error = %failure, "the write-ahead log was not folded; the next write tries again");
        }
    }
}

/// Where the log of a database lies; none on a server.
pub(crate) fn log_of(pools: &Pools) -> Option<PathBuf> {
    let Pools::Sqlite { write, .. } = pools else { return None };
    let mut name = write.connect_options().get_filename().as_os_str().to_owned();
    name.push("-wal");
    Some(PathBuf::from(name))
}
