//! The three families that are never mixed: refusal, failure, inconsistency (style.md of the design, 1.4).

use std::fmt;

/// The office says no, for a reason the person can act on (거절).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, kebab case, e.g. `own-confirmation`.
    pub code: &'static str,
    /// The rule or article it rests on, in Korean; empty where common sense is enough.
    pub basis: &'static str,
    /// Plain polite Korean: where, what, how to mend.
    pub message: String,
    /// The form field it belongs to, where there is one.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal without a field.
    pub fn new(code: &'static str, basis: &'static str, message: impl Into<String>) -> Self {
        Self { code, basis, message: message.into(), field: None }
    }

    /// The same refusal, pinned to a form field.
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

/// The world broke: database, disk, network. Details are for the log only.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What was being done, then what went wrong below it, outermost first.
    pub chain: Vec<String>,
    /// What of the world broke, where that makes a difference to whoever is told.
    pub kind: FailureKind,
}

/// What of the world broke (고장의 갈래).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailureKind {
    /// Anything.
    #[default]
    Any,
    /// There is no room left to write. Reading goes on, and writing too as soon as there is room again.
    DiskFull,
    /// The data was written by a newer program. Starting again does not help.
    NewerData,
}

impl Failure {
    /// A failure with its first cause.
    pub fn new(what: impl fmt::Display) -> Self {
        Self { chain: vec![what.to_string()], kind: FailureKind::Any }
    }

    /// A failure of the disk or another file, told by the system.
    pub fn io(error: &std::io::Error) -> Self {
        let full = [std::io::ErrorKind::StorageFull, std::io::ErrorKind::QuotaExceeded].contains(&error.kind());
        Self::new(error).of(if full { FailureKind::DiskFull } else { FailureKind::Any })
    }

    /// The same failure, of a kind.
    #[must_use]
    pub fn of(mut self, kind: FailureKind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds what was being done.
    pub fn context(mut self, doing: impl fmt::Display) -> Self {
        self.chain.insert(0, doing.to_string());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain.join(": "))
    }
}

impl std::error::Error for Failure {}

/// Our own data is impossible: table, column and row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inconsistency {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: String,
    /// The row's key, as text.
    pub row: String,
}

impl fmt::Display for Inconsistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} of row {} is impossible", self.table, self.column, self.row)
    }
}

/// Why an act did not happen.
#[derive(Debug)]
pub enum Stop {
    /// The office says no; one refusal per fault found.
    Refused(Vec<Refusal>),
    /// The world broke.
    Failed(Failure),
    /// Our data is impossible.
    Inconsistent(Inconsistency),
}

/// What an act returns.
pub type Outcome<T> = Result<T, Stop>;

impl Stop {
    /// The refusals, where it is one; empty otherwise.
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Stop::Refused(refusals) => refusals,
            _ => &[],
        }
    }

    /// Whether a refusal with this code is among them.
    pub fn has(&self, code: &str) -> bool {
        self.refusals().iter().any(|refusal| refusal.code == code)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Refused(refusals) => {
                let texts: Vec<&str> = refusals.iter().map(|refusal| refusal.message.as_str()).collect();
                f.write_str(&texts.join(" "))
            }
            Stop::Failed(failure) => failure.fmt(f),
            Stop::Inconsistent(inconsistency) => inconsistency.fmt(f),
        }
    }
}

impl std::error::Error for Stop {}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(vec![refusal])
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<Inconsistency> for Stop {
    fn from(inconsistency: Inconsistency) -> Self {
        Stop::Inconsistent(inconsistency)
    }
}
