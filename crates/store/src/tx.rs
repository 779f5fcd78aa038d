//! One transaction's end of a connection: the only thing a statement can run on.
//!
//! Owns: running statements and telling what went wrong. Does not own: when a transaction begins
//! and ends; that is the door's. What a newcomer gets wrong: a statement that failed spends the
//! whole transaction, on both engines; the act that goes on anyway is rolled back.

use std::sync::Arc;

use iljari_base::{Failure, FailureKind};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::arg::{self, Arg};
use crate::error::{self, DbError, Report};
use crate::memory::Memory;
use crate::open::Engine;
use crate::row::{self, Row};
use crate::statement;
use crate::steps::{self, Fate};
use crate::tables::{self, Tables};

/// A transaction, lent to one act or one look.
#[derive(Debug)]
pub struct Tx {
    connection: Connection,
    spent: bool,
    open: bool,
    noting: Noting,
    noted: Tables,
    memory: Option<Memory>,
    /// What the first statement that failed for more than itself said of the world.
    world: FailureKind,
}

/// Which tables a transaction notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noting {
    /// None: nobody asks.
    Nothing,
    /// Those it names.
    Named,
    /// Those in which it changed a row.
    Changed,
}

#[derive(Debug)]
enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Tx {
    /// Which engine this runs on. Statements are the same; ask only for what cannot be.
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// What is kept in memory beside this database. `None` in an act, which sees rows that may yet be
    /// rolled back and must not be remembered.
    pub fn memory(&self) -> Option<&Memory> {
        self.memory.as_ref()
    }

    /// Runs a statement and says how many rows it changed.
    pub async fn execute(&mut self, sql: &str, args: Vec<Arg>) -> Result<u64, DbError> {
        self.check(sql, &args)?;
        match steps::fate("statement", sql) {
            Fate::Done => match self.change(sql, args).await {
                Ok(count) => {
                    self.note(sql, count > 0);
                    Ok(count)
                }
                Err(err) => Err(self.spend(err).await),
            },
            #[cfg(feature = "testing")]
            fate => {
                let done = fate == Fate::FailsButPersists && self.change(sql, args).await.is_ok();
                Err(self.broken(done))
            }
        }
    }

    /// Runs a statement and gives all rows of its answer.
    pub async fn fetch_all(&mut self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, DbError> {
        self.check(sql, &args)?;
        match if steps::writes(sql) { steps::fate("statement", sql) } else { Fate::Done } {
            Fate::Done => match self.fetch(sql, args).await {
                Ok(rows) => {
                    self.note(sql, !rows.is_empty());
                    Ok(rows)
                }
                Err(err) => Err(self.spend(err).await),
            },
            #[cfg(feature = "testing")]
            fate => {
                let done = fate == Fate::FailsButPersists && self.fetch(sql, args).await.is_ok();
                Err(self.broken(done))
            }
        }
    }

    /// A statement that a test broke, before or after the database did it.
    #[cfg(feature = "testing")]
    fn broken(&mut self, done: bool) -> DbError {
        self.spent = true;
        DbError::Failed(steps::broken(if done { "the answer to a statement" } else { "a statement" }))
    }

    /// As [`Tx::fetch_all`], where the answer has one row or none.
    pub async fn fetch_opt(&mut self, sql: &str, args: Vec<Arg>) -> Result<Option<Row>, DbError> {
        let mut rows = self.fetch_all(sql, args).await?;
        if rows.len() > 1 {
            return Err(Failure::new(format!("one row was wanted, {} came: {sql}", rows.len())).into());
        }
        Ok(rows.pop())
    }

    /// As [`Tx::fetch_all`], where the answer has exactly one row.
    pub async fn fetch_one(&mut self, sql: &str, args: Vec<Arg>) -> Result<Row, DbError> {
        let row = self.fetch_opt(sql, args).await?;
        row.ok_or_else(|| Failure::new(format!("one row was wanted, none came: {sql}")).into())
    }

    async fn change(&mut self, sql: &str, args: Vec<Arg>) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(Arc::<str>::from(sql));
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let query = sqlx::query_with::<Sqlite, _>(sql, arg::for_sqlite(args)?);
                Ok(query.execute(&mut **connection).await?.rows_affected())
            }
            Connection::Postgres(connection) => {
                let query = sqlx::query_with::<Postgres, _>(sql, arg::for_postgres(args)?);
                Ok(query.execute(&mut **connection).await?.rows_affected())
            }
        }
    }

    async fn fetch(&mut self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, sqlx::Error> {
        let sql = Arc::<str>::from(sql);
        let text = AssertSqlSafe(Arc::clone(&sql));
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let query = sqlx::query_with::<Sqlite, _>(text, arg::for_sqlite(args)?);
                row::from_sqlite(&sql, &query.fetch_all(&mut **connection).await?)
            }
            Connection::Postgres(connection) => {
                let query = sqlx::query_with::<Postgres, _>(text, arg::for_postgres(args)?);
                row::from_postgres(&sql, &query.fetch_all(&mut **connection).await?)
            }
        }
    }

    /// Notes the tables of a statement that answered with a row, or changed one.
    fn note(&mut self, sql: &str, any: bool) {
        match self.noting {
            Noting::Named => self.noted.add(&Tables::of(sql)),
            Noting::Changed if any && tables::may_change(sql) => self.noted.add(&Tables::changed_by(sql)),
            Noting::Nothing | Noting::Changed => {}
        }
    }

    /// What both engines have to refuse alike, before either sees it.
    fn check(&self, sql: &str, args: &[Arg]) -> Result<(), DbError> {
        if self.spent {
            return Err(Failure::new("an earlier statement of this act failed; nothing more runs in it").into());
        }
        // PostgreSQL cannot hold this letter, so SQLite shall not either.
        if args.iter().any(|arg| matches!(arg, Arg::Text(Some(text)) if text.contains('\0'))) {
            return Err(Failure::new(format!("a text with a NUL letter: {sql}")).into());
        }
        match statement::objection(sql, args.len()) {
            Some(objection) => Err(Failure::new(format!("{objection}: {sql}")).into()),
            None => Ok(()),
        }
    }

    /// Marks the transaction as spent and tells what went wrong.
    async fn spend(&mut self, err: sqlx::Error) -> DbError {
        self.spent = true;
        let report = match &self.connection {
            Connection::Sqlite(_) => error::of_sqlite(&err),
            Connection::Postgres(_) => Report::Told(error::of_postgres(&err)),
        };
        match report {
            Report::Told(error) => {
                if let DbError::Failed(failure) = &error {
                    self.world = failure.kind;
                }
                error
            }
            Report::Columns(place) => DbError::Unique { constraint: self.name_of_unique(&place).await },
        }
    }

    /// The name of the unique key that SQLite told as `table.a, table.b`.
    async fn name_of_unique(&mut self, place: &str) -> String {
        const KEYS: &str = "
            SELECT i.name AS name, i.origin AS origin, c.name AS column_name
            FROM pragma_index_list($1) i
            JOIN pragma_index_info(i.name) c
            WHERE i.\"unique\" = 1
            ORDER BY i.seq DESC, c.seqno";
        let parts = || place.split(", ").filter_map(|part| part.split_once('.'));
        let table = parts().next().map_or(place, |(table, _)| table);
        let columns: Vec<String> = parts().map(|(_, column)| column.to_owned()).collect();
        let mut keys: Vec<(String, String, Vec<String>)> = Vec::new();
        for row in self.fetch(KEYS, vec![table.into()]).await.unwrap_or_default() {
            let (Ok(name), Ok(origin)) = (row.text("name"), row.text("origin")) else {
                continue;
            };
            let column = row.opt_text("column_name").ok().flatten().unwrap_or_default();
            match keys.last_mut() {
                Some((last, _, of)) if *last == name => of.push(column),
                _ => keys.push((name, origin, vec![column])),
            }
        }
        match keys.into_iter().find(|(_, _, of)| *of == columns) {
            Some((name, origin, _)) if origin == "c" => name,
            Some((_, origin, _)) if origin == "u" => format!("{table}_{}_key", columns.join("_")),
            // Declared as the primary key, or an INTEGER PRIMARY KEY, which has no index at all.
            _ => format!("{table}_pkey"),
        }
    }
}

/// What only the door and the migrations do.
impl Tx {
    pub(crate) fn on_sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self::over(Connection::Sqlite(connection))
    }

    pub(crate) fn on_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self::over(Connection::Postgres(connection))
    }

    fn over(connection: Connection) -> Self {
        Self {
            connection,
            spent: false,
            open: false,
            noting: Noting::Nothing,
            noted: Tables::default(),
            memory: None,
            world: FailureKind::Any,
        }
    }

    /// Lets a look see the memory.
    pub(crate) fn remembering(mut self, memory: &Memory) -> Self {
        self.memory = Some(memory.clone());
        self
    }

    /// From now on notes these tables.
    pub(crate) fn start_noting(&mut self, noting: Noting) {
        self.noting = noting;
    }

    /// What was noted since it was last taken, which stays.
    pub(crate) fn noted(&self) -> &Tables {
        &self.noted
    }

    /// What was noted since it was last taken.
    pub(crate) fn take_noted(&mut self) -> Tables {
        std::mem::take(&mut self.noted)
    }

    /// Whether a statement failed since [`Tx::renew`].
    pub(crate) fn is_spent(&self) -> bool {
        self.spent
    }

    /// What a failed statement of this transaction said of the world: a full disk rolls all of it back.
    pub(crate) fn world(&self) -> FailureKind {
        self.world
    }

    /// Ready for the next act, after the last one was kept or rolled back.
    pub(crate) fn renew(&mut self) {
        self.spent = false;
    }

    /// Begins, with the engine's own words.
    pub(crate) async fn begin(&mut self, words: &'static str) -> Result<(), Failure> {
        self.open = true;
        self.script(words).await.map_err(Failure::from).map_err(|failure| failure.context("beginning a transaction"))
    }

    /// Begins a write transaction: a step of writing.
    pub(crate) async fn begin_write(&mut self, words: &'static str) -> Result<(), Failure> {
        match steps::fate("BEGIN", "") {
            Fate::Done => self.begin(words).await,
            #[cfg(feature = "testing")]
            fate => {
                if fate == Fate::FailsButPersists {
                    self.begin(words).await?;
                }
                Err(steps::broken("BEGIN"))
            }
        }
    }

    /// Commits. An error leaves the outcome open; the connection is then not used again.
    pub(crate) async fn commit(&mut self) -> Result<(), Failure> {
        self.control("COMMIT").await.map_err(|failure| failure.context("committing"))?;
        self.open = false;
        Ok(())
    }

    /// Rolls everything back. A connection that cannot is closed instead of used again.
    pub(crate) async fn rollback(&mut self) {
        if self.open && self.control("ROLLBACK").await.is_ok() {
            self.open = false;
        }
    }

    /// Runs a transaction word.
    pub(crate) async fn control(&mut self, word: &'static str) -> Result<(), Failure> {
        match if word.starts_with("ROLLBACK") { Fate::Done } else { steps::fate(word, "") } {
            Fate::Done => self.say(word).await,
            #[cfg(feature = "testing")]
            fate => {
                if fate == Fate::FailsButPersists {
                    self.say(word).await?;
                }
                Err(steps::broken(word))
            }
        }
    }

    async fn say(&mut self, word: &'static str) -> Result<(), Failure> {
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlx::query(word).execute(&mut **connection).await.map(|_| ()),
            Connection::Postgres(connection) => sqlx::query(word).execute(&mut **connection).await.map(|_| ()),
        }
        .map_err(|err| error::failure(&err).context(word))
    }

    /// Runs several statements in one text, as a migration holds them.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), DbError> {
        let script = sqlx::raw_sql(AssertSqlSafe(sql));
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => script.execute(&mut **connection).await.map(|_| ()),
            Connection::Postgres(connection) => script.execute(&mut **connection).await.map(|_| ()),
        };
        match done {
            Ok(()) => Ok(()),
            Err(err) => Err(self.spend(err).await),
        }
    }
}

impl Drop for Tx {
    /// Left in the middle (the caller went away, the program is ending): the connection is closed,
    /// which rolls back, and never goes back to its pool with a transaction open.
    fn drop(&mut self) {
        if self.open {
            match &mut self.connection {
                Connection::Sqlite(connection) => connection.close_on_drop(),
                Connection::Postgres(connection) => connection.close_on_drop(),
            }
        }
    }
}
