//! Every step of writing, by name, so that a test can break any one of them.
//!
//! Owns: asking what is to become of a step before it is done. A step is one statement that writes, one word of a
//! transaction, or one operation on a file. In the binary nothing is asked and every step is done; with the feature
//! `testing` the fault that `testing::faults` holds is asked. What a newcomer gets wrong: writing a file or ending a
//! transaction past these; the failure matrix of the ledger would no longer see it.

use std::io;
use std::path::Path;

/// What becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is done.
    Done,
    /// It is not done, and says so.
    #[cfg(feature = "testing")]
    Fails,
    /// It is done, and says that it was not: the answer was lost.
    #[cfg(feature = "testing")]
    FailsButPersists,
}

/// The fate of the next step.
#[cfg(not(feature = "testing"))]
pub(crate) fn fate(_what: &'static str, _of: &str) -> Fate {
    Fate::Done
}

#[cfg(feature = "testing")]
pub(crate) use crate::testing::faults::fate;

/// Whether a statement writes.
pub(crate) fn writes(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    ["INSERT", "UPDATE", "DELETE"].contains(&word)
}

/// What a broken step says.
#[cfg(feature = "testing")]
pub(crate) fn broken(what: &str) -> iljari_base::Failure {
    iljari_base::Failure::new(format!("a test broke this step: {what}"))
}

/// One operation on a file.
pub(crate) fn on_file<T>(what: &'static str, path: &Path, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match fate(what, &path.to_string_lossy()) {
        Fate::Done => work(),
        #[cfg(feature = "testing")]
        Fate::Fails => Err(io::Error::other(broken(what))),
        #[cfg(feature = "testing")]
        Fate::FailsButPersists => work().and(Err(io::Error::other(broken(what)))),
    }
}
