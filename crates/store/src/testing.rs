//! Throw-away databases on both engines, for the tests of every slice.
//!
//! ```no_run
//! # use iljari_store::{Store, setting, testing::both};
//! // In a `#[tokio::test]`:
//! # async fn nothing_is_set_at_first() {
//! both(async |store: Store| {
//!     let made_by = store.read(|tx| Box::pin(async move { Ok(setting(tx, "made_by").await?) })).await;
//!     assert_eq!(made_by.expect("read"), None);
//! })
//! .await;
//! # }
//! ```
//!
//! PostgreSQL comes from the server that `ILJARI_TEST_POSTGRES` names (an address that may create
//! databases), otherwise from a server that this test process starts for itself and that ends with
//! it. Where neither can be had the test fails and says why; it is never skipped.

pub mod faults;
mod postgres;

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::str::FromStr;
use std::sync::OnceLock;
use std::task::Poll;

use iljari_base::{Entropy as _, Failure, OsEntropy};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use crate::Store;

pub use postgres::{ThrowAwayPostgres, start_keeping_postgres, start_postgres};

/// The variable that names a PostgreSQL server to use instead of starting one.
pub const POSTGRES_VARIABLE: &str = "ILJARI_TEST_POSTGRES";

/// Runs the same story on a fresh, migrated SQLite file and then on a fresh, migrated PostgreSQL database.
///
/// # Panics
/// When the story does, and when one of the databases cannot be had.
pub async fn both<F>(story: F)
where
    F: AsyncFn(Store),
{
    on_sqlite(&story).await;
    on_postgres(&story).await;
}

/// Runs the story on SQLite alone; for what does not touch a statement.
///
/// # Panics
/// As [`both`].
pub async fn on_sqlite<F>(story: F)
where
    F: AsyncFn(Store),
{
    let fresh = FreshSqlite::make().await;
    let store = fresh.store.clone();
    let told = to_its_end("SQLite", story(store)).await;
    fresh.store.close().await;
    told.unwrap_or_else(|panic| resume_unwind(panic));
}

/// A fresh, migrated SQLite database; its folder goes when this does.
#[derive(Debug)]
pub struct FreshSqlite {
    /// The open database.
    pub store: Store,
    /// Its folder.
    pub folder: TempDir,
}

impl FreshSqlite {
    /// Makes one.
    ///
    /// # Panics
    /// When the temporary folder cannot be written.
    pub async fn make() -> Self {
        let folder = must("a temporary folder", tempfile::tempdir());
        let file = folder.path().join("iljari.db");
        let store = must("a SQLite file", Store::open(&format!("sqlite:{}", file.display())).await);
        must("the SQLite migrations", store.migrate().await);
        Self { store, folder }
    }
}

/// Runs the story on PostgreSQL alone.
///
/// # Panics
/// As [`both`].
pub async fn on_postgres<F>(story: F)
where
    F: AsyncFn(Store),
{
    let (url, name) = fresh_postgres("ENCODING 'UTF8' LOCALE 'C.UTF-8'").await;
    let store = must("a PostgreSQL database", Store::open(&url).await);
    must("the PostgreSQL migrations", store.migrate().await);
    let told = to_its_end("PostgreSQL", story(store.clone())).await;
    store.close().await;
    must("dropping the database", administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await);
    told.unwrap_or_else(|panic| resume_unwind(panic));
}

/// Runs several statements in one text, in one transaction: tables and triggers that only a test needs.
///
/// # Errors
/// When one of the statements fails.
pub async fn script(store: &Store, sql: &str) -> Result<(), Failure> {
    let mut tx = store.pools().begin_write().await?;
    match tx.script(sql).await {
        Ok(()) => {
            tx.commit().await?;
            // It did not come through the door: whatever is kept may be of before.
            store.kept().committed_perhaps();
            Ok(())
        }
        Err(error) => {
            tx.rollback().await;
            Err(error.into())
        }
    }
}

/// A new empty database: its address and its name.
async fn fresh_postgres(made: &str) -> (String, String) {
    let mut chance = [0; 8];
    OsEntropy.fill(&mut chance);
    let name = format!("iljari_test_{}", hex::encode(chance));
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 {made}");
    must("a new PostgreSQL database", administer(&create).await);
    (postgres_database(&name), name)
}

/// The address of a database on the PostgreSQL server of the tests, e.g. to open a story's own once more.
///
/// # Panics
/// When the server's address cannot be read.
pub fn postgres_database(name: &str) -> String {
    let server = must("the address of the PostgreSQL server", PgConnectOptions::from_str(&admin_url()));
    server.database(name).to_url_lossy().to_string()
}

async fn administer(sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&admin_url()).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

/// The server's address: the named one, or that of the server of this process.
fn admin_url() -> String {
    static SERVER: OnceLock<ThrowAwayPostgres> = OnceLock::new();
    match std::env::var(POSTGRES_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        _ => SERVER.get_or_init(start_postgres).url().to_owned(),
    }
}

/// Lets the story run to its end or its panic, and says on which engine it panicked.
async fn to_its_end(engine: &str, story: impl Future<Output = ()>) -> Result<(), Box<dyn Any + Send>> {
    let mut story = pin!(story);
    let told = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| story.as_mut().poll(context))) {
        Ok(Poll::Ready(())) => Poll::Ready(Ok(())),
        Ok(Poll::Pending) => Poll::Pending,
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await;
    if told.is_err() {
        eprintln!("the story above failed on {engine}");
    }
    told
}

/// The value, or a panic that says what could not be had.
fn must<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|err| panic!("{what}: {err}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_postgresql_database_that_cannot_hold_or_sort_hangul_is_refused() {
        let (url, name) = fresh_postgres("ENCODING 'SQL_ASCII' LOCALE 'C'").await;
        let failure = Store::open(&url).await.expect_err("the wrong encoding").to_string();
        assert!(failure.contains("UTF8") && failure.contains("SQL_ASCII"), "{failure}");
        must("dropping the database", administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await);
    }
}
