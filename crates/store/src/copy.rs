//! A whole copy of the database (백업의 자료 파일), and what a copy shows before it is trusted.
//!
//! Owns: taking a copy while the office works, and asking a database whether it is sound. Does not own:
//! what else belongs to a backup, nor what the rows mean. What a newcomer gets wrong: copying the file.
//! The newest rows lie in the write-ahead log beside it, and a copy of the two may be torn between them.
//! `VACUUM INTO` writes one consistent picture, without the pages that were freed.

use std::collections::BTreeMap;
use std::path::Path;

use iljari_base::{Failure, Outcome, Refusal};
use sqlx::{AssertSqlSafe, Row as _};

use crate::door::Store;
use crate::open::Pools;

/// SQLite's code for a file that is not as it was written.
const CORRUPT: &str = "11";

/// What a database says of itself (자료 점검).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What `integrity_check` found; empty when the file is sound.
    pub damage: Vec<String>,
    /// Rows that point to a row that is not there.
    pub broken_references: u64,
    /// Rows of each table; none where there is damage.
    pub rows: BTreeMap<String, u64>,
}

impl Store {
    /// Writes a consistent copy of the database into a file that does not exist yet. The office goes on
    /// working meanwhile; what is committed later is not in it.
    ///
    /// Refusal: `database-of-a-server`, where the data lies in PostgreSQL, whose own tools copy it.
    pub async fn copy_to(&self, path: &Path) -> Outcome<()> {
        let Pools::Sqlite { write, .. } = self.pools() else { return Err(of_a_server().into()) };
        let Some(name) = path.to_str() else {
            return Err(Refusal::new("path-not-text", "", "백업 폴더의 이름에 읽을 수 없는 글자가 있습니다.").into());
        };
        // A connection of its own: a copy of a large database must not stand in the way of the keeper.
        let options = write.connect_options().as_ref().clone().create_if_missing(false);
        let doing = |error: sqlx::Error| Failure::new(error).context(format!("copy the database to {name}"));
        let mut connection = sqlx::ConnectOptions::connect(&options).await.map_err(doing)?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await.map_err(doing)?;
        sqlx::Connection::close(connection).await.map_err(doing)?;
        std::fs::File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| Failure::new(error).context(format!("keep {name}")).into())
    }

    /// Reads every page and every reference, and counts the rows. Minutes on a large database.
    ///
    /// Refusal: `database-of-a-server`, as with [`Store::copy_to`].
    pub async fn health(&self) -> Outcome<Health> {
        let Pools::Sqlite { read, .. } = self.pools() else { return Err(of_a_server().into()) };
        let doing = |error: sqlx::Error| Failure::new(error).context("check the database");
        let found: Vec<String> = match sqlx::query_scalar("PRAGMA integrity_check").fetch_all(read).await {
            Ok(found) => found,
            // Too damaged to be looked through is an answer too.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(CORRUPT) => {
                vec![error.message().to_owned()]
            }
            Err(error) => return Err(doing(error).into()),
        };
        let damage: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        if !damage.is_empty() {
            // What is damaged cannot be counted.
            return Ok(Health { damage, broken_references: 0, rows: BTreeMap::new() });
        }
        let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(read).await.map_err(doing)?.len();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .fetch_all(read)
        .await
        .map_err(doing)?;
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = format!("SELECT count(*) FROM \"{}\"", table.replace('"', "\"\""));
            let row = sqlx::query(AssertSqlSafe(count)).fetch_one(read).await.map_err(doing)?;
            let count: i64 = row.try_get(0).map_err(doing)?;
            rows.insert(table, u64::try_from(count).unwrap_or(0));
        }
        Ok(Health { damage, broken_references: u64::try_from(broken).unwrap_or(u64::MAX), rows })
    }
}

fn of_a_server() -> Refusal {
    let message =
        "자료가 PostgreSQL에 있습니다. 그 자료는 PostgreSQL의 도구(pg_dump, pg_basebackup)로 백업하고 되살립니다.";
    Refusal::new("database-of-a-server", "", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FreshSqlite, on_postgres, script};
    use crate::{set_setting, setting};
    use iljari_base::{Clock as _, SystemClock};

    async fn set(store: &Store, value: &'static str) {
        let now = SystemClock.now();
        store
            .write(move |tx| Box::pin(async move { Ok(set_setting(tx, "word", value, now).await?) }))
            .await
            .expect("set");
    }

    #[tokio::test]
    async fn a_copy_is_the_picture_of_its_moment_and_says_that_it_is_sound() {
        let fresh = FreshSqlite::make().await;
        set(&fresh.store, "before").await;
        let copy = fresh.folder.path().join("copy.db");
        fresh.store.copy_to(&copy).await.expect("copied");
        set(&fresh.store, "after").await;

        let opened = Store::open(&format!("sqlite:{}", copy.display())).await.expect("opened");
        let word = opened.read(|tx| Box::pin(async move { Ok(setting(tx, "word").await?) })).await.expect("read");
        assert_eq!(word.as_deref(), Some("before"));
        let health = opened.health().await.expect("asked");
        assert_eq!((health.damage.len(), health.broken_references), (0, 0));
        assert_eq!(health.rows, fresh.store.health().await.expect("asked").rows);
        assert!(health.rows["migration"] > 0);

        let again = fresh.store.copy_to(&copy).await;
        assert!(again.is_err(), "a copy does not go over an earlier one");
    }

    /// A copy of a database with two tables that the tests may spoil.
    async fn spoilable() -> (FreshSqlite, std::path::PathBuf) {
        let fresh = FreshSqlite::make().await;
        let two = "CREATE TABLE one (a BIGINT PRIMARY KEY); CREATE TABLE two (a BIGINT REFERENCES one (a));";
        script(&fresh.store, two).await.expect("made");
        let many: String = (0..400).map(|nth| format!("INSERT INTO one VALUES ({nth});")).collect();
        script(&fresh.store, &many).await.expect("filled");
        let copy = fresh.folder.path().join("copy.db");
        fresh.store.copy_to(&copy).await.expect("copied");
        (fresh, copy)
    }

    #[tokio::test]
    async fn a_damaged_page_is_found() {
        let (_fresh, copy) = spoilable().await;
        let mut bytes = std::fs::read(&copy).expect("read");
        // The fullest page of rows (its first byte is 13, then their number at 3) is that of table `one`.
        let cells = |at: &usize| u16::from_be_bytes([bytes[at + 3], bytes[at + 4]]);
        let pages = (1..bytes.len() / 4096).map(|page| page * 4096).filter(|at| bytes[*at] == 13);
        let page = pages.max_by_key(cells).expect("rows");
        // Its rows now lie nowhere.
        bytes[page + 8..page + 64].fill(0xff);
        std::fs::write(&copy, &bytes).expect("written");
        let opened = Store::open(&format!("sqlite:{}", copy.display())).await.expect("opened");
        assert!(!opened.health().await.expect("asked").damage.is_empty());
    }

    #[tokio::test]
    async fn a_reference_to_nothing_is_found() {
        let (_fresh, copy) = spoilable().await;
        let careless = sqlx::sqlite::SqliteConnectOptions::new().filename(&copy).foreign_keys(false);
        let mut connection = sqlx::ConnectOptions::connect(&careless).await.expect("opened");
        sqlx::query("INSERT INTO two VALUES (4000)").execute(&mut connection).await.expect("inserted");
        sqlx::Connection::close(connection).await.expect("closed");
        let opened = Store::open(&format!("sqlite:{}", copy.display())).await.expect("opened");
        let health = opened.health().await.expect("asked");
        assert_eq!((health.damage.len(), health.broken_references, health.rows["two"]), (0, 1, 1));
    }

    #[tokio::test]
    async fn a_server_s_database_is_copied_by_its_own_tools() {
        on_postgres(async |store: Store| {
            let refused = store.copy_to(Path::new("nowhere.db")).await.expect_err("refused");
            assert!(refused.has("database-of-a-server"));
            assert!(store.health().await.expect_err("refused").has("database-of-a-server"));
        })
        .await;
    }
}
