//! From an address to connections.
//!
//! Owns: which engine an address means, how its connections are set up, and what has to be true
//! of the database before it is used. Reads have their own connections, so that a page is never
//! kept waiting by a write.

use std::str::FromStr;
use std::time::Duration;

use iljari_base::Failure;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Pool, Postgres, Sqlite};

use crate::tx::Tx;

/// The database underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite,
    /// A server by URL.
    Postgres,
}

/// How long a write waits for another program that holds the SQLite file, or for a PostgreSQL
/// node that holds the write lock.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(15);

/// How long a read waits for a free connection. Longer, and the person has left.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);

/// Reading connections of one node.
const READERS: u32 = 8;

/// The lock that every write transaction on PostgreSQL takes first. Any number will do, the same forever.
const BEGIN_WRITE_POSTGRES: &str = "BEGIN; SELECT pg_advisory_xact_lock(7310579020)";

/// The connections of one open database.
#[derive(Debug, Clone)]
pub(crate) enum Pools {
    Sqlite { read: Pool<Sqlite>, write: Pool<Sqlite> },
    Postgres { read: Pool<Postgres>, write: Pool<Postgres> },
}

impl Pools {
    /// Opens `sqlite:FILE` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> Result<Self, Failure> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                return Err(Failure::new("데이터베이스 주소에 파일 이름이 없습니다. 예: sqlite:/자료/iljari.db"));
            }
            open_sqlite(path).await.map_err(|failure| failure.context(format!("opening the SQLite file {path}")))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // The address may hold a password, so it is not told.
            open_postgres(url).await.map_err(|failure| failure.context("opening the PostgreSQL database"))
        } else {
            Err(Failure::new("데이터베이스 주소는 sqlite: 또는 postgres:// 로 시작합니다"))
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A read transaction: one consistent picture, nothing can be written.
    pub(crate) async fn begin_read(&self) -> Result<Tx, Failure> {
        let (mut tx, words) = match self {
            Pools::Sqlite { read, .. } => (Tx::on_sqlite(read.acquire().await.map_err(waiting)?), "BEGIN DEFERRED"),
            Pools::Postgres { read, .. } => (
                Tx::on_postgres(read.acquire().await.map_err(waiting)?),
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ),
        };
        tx.begin(words).await?;
        Ok(tx)
    }

    /// A write transaction. While it is open no other one is, in this process or any other.
    pub(crate) async fn begin_write(&self) -> Result<Tx, Failure> {
        let (mut tx, words) = match self {
            Pools::Sqlite { write, .. } => (Tx::on_sqlite(write.acquire().await.map_err(waiting)?), "BEGIN IMMEDIATE"),
            Pools::Postgres { write, .. } => {
                (Tx::on_postgres(write.acquire().await.map_err(waiting)?), BEGIN_WRITE_POSTGRES)
            }
        };
        tx.begin_write(words).await?;
        Ok(tx)
    }

    /// Writes the whole write-ahead log into the file and empties it. Waits for looks that need it.
    pub(crate) async fn fold_log(&self) -> Result<(), Failure> {
        let Pools::Sqlite { write, .. } = self else { return Ok(()) };
        let failed = |err: sqlx::Error| Failure::new(err).context("folding the write-ahead log");
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(write).await.map_err(failed)?;
        if busy == 0 { Ok(()) } else { Err(Failure::new("a look held on to the write-ahead log")) }
    }

    pub(crate) async fn close(&self) {
        match self {
            Pools::Sqlite { read, write } => {
                read.close().await;
                // Last, so that SQLite folds its write-ahead log into the file.
                write.close().await;
            }
            Pools::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

fn waiting(err: sqlx::Error) -> Failure {
    Failure::new(err).context("waiting for a database connection")
}

async fn open_sqlite(path: &str) -> Result<Pools, Failure> {
    let file = SqliteConnectOptions::new().filename(path).busy_timeout(WAIT_FOR_OTHERS).foreign_keys(true);
    let writer = file
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // A long read lets the log grow; it shall shrink again afterwards.
        .pragma("journal_size_limit", "67108864")
        // What was deleted is overwritten: a freed page keeps no key and no wrapped one.
        .pragma("secure_delete", "ON");
    let reader = file.pragma("query_only", "ON");
    let pool = || {
        PoolOptions::<Sqlite>::new()
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(WAIT_FOR_CONNECTION)
    };
    let write = pool()
        .max_connections(1)
        .acquire_timeout(WAIT_FOR_OTHERS + WAIT_FOR_CONNECTION)
        .connect_with(writer)
        .await
        .map_err(Failure::new)?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&write).await.map_err(Failure::new)?;
    if journal != "wal" {
        return Err(Failure::new(
            "이 폴더의 파일 시스템에서는 SQLite를 안전하게 쓸 수 없습니다(WAL). 네트워크 폴더가 아닌 곳에 자료 폴더를 둡니다",
        ));
    }
    let read = pool().max_connections(READERS).connect_with(reader).await.map_err(Failure::new)?;
    Ok(Pools::Sqlite { read, write })
}

async fn open_postgres(url: &str) -> Result<Pools, Failure> {
    let wait = format!("{}s", WAIT_FOR_OTHERS.as_secs());
    let server = PgConnectOptions::from_str(url).map_err(Failure::new)?.application_name("iljari").options([
        ("lock_timeout", wait.as_str()),
        ("statement_timeout", "60s"),
        // A node that hangs with the write lock in its hand loses it.
        ("idle_in_transaction_session_timeout", "60s"),
    ]);
    // Asked once without a pool: a pool would try a wrong address again and again before it says so.
    let mut asking = server.connect().await.map_err(Failure::new)?;
    let (encoding, collation, by_code_point): (String, String, bool) = sqlx::query_as(
        "SELECT pg_encoding_to_char(encoding)::text, datcollate::text, 'Z' < 'a' AND '_' < 'a' AND 'z' < '가'
         FROM pg_database WHERE datname = current_database()",
    )
    .fetch_one(&mut asking)
    .await
    .map_err(Failure::new)?;
    asking.close().await.map_err(Failure::new)?;
    if encoding != "UTF8" || !by_code_point {
        return Err(Failure::new(format!(
            "PostgreSQL 데이터베이스는 인코딩 UTF8, 정렬 C.UTF-8로 만들어야 합니다(지금은 {encoding}, {collation}). \
             CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' 로 다시 만듭니다"
        )));
    }
    let pool = |most| PoolOptions::<Postgres>::new().max_connections(most).acquire_timeout(WAIT_FOR_CONNECTION);
    let write = pool(1).connect_lazy_with(server.clone());
    let read = pool(READERS).connect_lazy_with(server);
    Ok(Pools::Postgres { read, write })
}
