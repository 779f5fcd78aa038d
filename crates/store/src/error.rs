//! What the database says no with, told the same on both engines.
//!
//! SQLite reports a unique violation by table and columns, PostgreSQL by the constraint's name;
//! both end as the name. So a unique index is created with a name (`CREATE UNIQUE INDEX
//! entry_one_x ON …`), a primary key is called `<table>_pkey`, and a plain `UNIQUE (a, b)`
//! is called `<table>_a_b_key`, as PostgreSQL does by itself.

use iljari_base::{Failure, FailureKind, Refusal, Stop};

/// Why a statement did not do what it says.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A row like this is there already.
    #[error("the unique constraint {constraint} stands against it")]
    Unique {
        /// The name of the unique index or key.
        constraint: String,
    },
    /// The row it points to is not there, or rows still point to this one.
    #[error("a foreign key stands against it")]
    ForeignKey,
    /// A trigger refused it.
    #[error("a trigger refused it: {message}")]
    Refused {
        /// The trigger's own words.
        message: String,
    },
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Failed(failure) => failure,
            other => Failure::new(other),
        }
    }
}

/// A constraint that no act answered for is a failure: whoever can hit it answers with [`OnUnique`].
impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Stop::Failed(error.into())
    }
}

/// Turns a unique violation into a refusal, at the statement that can cause it.
pub trait OnUnique<T> {
    /// `tx.execute(…).await.on_unique("entry_one_x", || Refusal::new(…))?`
    fn on_unique(self, constraint: &str, refuse: impl FnOnce() -> Refusal) -> Result<T, Stop>;
}

impl<T> OnUnique<T> for Result<T, DbError> {
    fn on_unique(self, constraint: &str, refuse: impl FnOnce() -> Refusal) -> Result<T, Stop> {
        self.map_err(|error| match error {
            DbError::Unique { constraint: broken } if broken == constraint => refuse().into(),
            other => other.into(),
        })
    }
}

/// What an engine reported, before SQLite's columns are looked up.
pub(crate) enum Report {
    /// Told already.
    Told(DbError),
    /// SQLite's `table.column, table.column` of a unique violation.
    Columns(String),
}

/// Reads SQLite's extended result codes.
pub(crate) fn of_sqlite(error: &sqlx::Error) -> Report {
    const FOREIGN_KEY: &str = "787";
    const PRIMARY_KEY: &str = "1555";
    const TRIGGER: &str = "1811";
    const UNIQUE: &str = "2067";
    let Some(reported) = error.as_database_error() else {
        return Report::Told(failed(error));
    };
    let message = reported.message();
    match reported.code().as_deref() {
        Some(UNIQUE | PRIMARY_KEY) => {
            let place = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
            match place.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
                Some(index) => Report::Told(DbError::Unique { constraint: index.to_owned() }),
                None => Report::Columns(place.to_owned()),
            }
        }
        Some(FOREIGN_KEY) => Report::Told(DbError::ForeignKey),
        Some(TRIGGER) => Report::Told(DbError::Refused { message: message.to_owned() }),
        _ => Report::Told(failed(error)),
    }
}

/// Reads PostgreSQL's SQLSTATE.
pub(crate) fn of_postgres(error: &sqlx::Error) -> DbError {
    let Some(reported) = error.as_database_error() else {
        return failed(error);
    };
    match (reported.code().as_deref(), reported.constraint()) {
        (Some("23505"), Some(constraint)) => DbError::Unique { constraint: constraint.to_owned() },
        (Some("23503"), _) => DbError::ForeignKey,
        (Some("P0001"), _) => DbError::Refused { message: reported.message().to_owned() },
        _ => failed(error),
    }
}

/// A failure with the driver's words.
fn failed(error: &sqlx::Error) -> DbError {
    DbError::Failed(failure(error))
}

/// The same, where no statement is told about. SQLite's codes and PostgreSQL's for a full disk are known.
pub(crate) fn failure(error: &sqlx::Error) -> Failure {
    const FULL: [&str; 2] = ["13", "53100"];
    let code = error.as_database_error().and_then(|reported| reported.code());
    let full = code.is_some_and(|code| FULL.contains(&&*code));
    Failure::new(error).of(if full { FailureKind::DiskFull } else { FailureKind::Any })
}
