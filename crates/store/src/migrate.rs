//! The numbered list of migrations, embedded, applied one transaction each.
//!
//! Owns: the table `migration` and the order. The files stand in `migrations/sqlite` and
//! `migrations/postgres` under the same names, `NNNN_slice_what.sql`; every slice adds its own.
//! What a newcomer gets wrong: editing a file that has been applied anywhere. Its hash is kept
//! and a changed file is refused; write the next one instead.
//!
//! A slice's number may be lower than one applied earlier (each slice has its own range), so a
//! migration rests only on tables of its own slice and of slices below.

use iljari_base::{Clock as _, Failure, FailureKind, SystemClock};
use sha2::{Digest as _, Sha256};

use crate::args;
use crate::open::{Engine, Pools};
use crate::tx::Tx;

/// One migration file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) number: u16,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Applies what is missing.
pub(crate) async fn run(pools: &Pools) -> Result<(), Failure> {
    let list = match pools.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    run_list(pools, list).await
}

/// Applies what is missing of this list. Several nodes may do so at once: each step holds the
/// write lock and looks again at what has been applied.
async fn run_list(pools: &Pools, list: &[Migration]) -> Result<(), Failure> {
    if let Some(pair) = list.windows(2).find(|pair| pair[0].number >= pair[1].number) {
        return Err(Failure::new(format!("two migrations share a number: {} and {}", pair[0].name, pair[1].name)));
    }
    loop {
        let mut tx = pools.begin_write().await?;
        match step(&mut tx, list).await {
            Ok(Some(migration)) => {
                tx.commit().await?;
                tracing::info!(migration.name = migration.name, "migration applied");
            }
            Ok(None) => return tx.commit().await,
            Err(failure) => {
                tx.rollback().await;
                return Err(failure);
            }
        }
    }
}

/// Checks what has been applied and applies the next one; `None` when nothing is missing.
async fn step<'l>(tx: &mut Tx, list: &'l [Migration]) -> Result<Option<&'l Migration>, Failure> {
    let applied = applied(tx).await?;
    for (number, name, sha256) in &applied {
        match list.iter().find(|migration| i64::from(migration.number) == *number) {
            None => {
                return Err(Failure::new(format!(
                    "이 데이터베이스는 더 새로운 프로그램이 쓰던 것입니다(이 프로그램이 모르는 변경: {name}). \
                     프로그램을 새 판으로 바꾸어 실행합니다"
                ))
                .of(FailureKind::NewerData));
            }
            Some(migration) if hash(migration) != *sha256 => {
                return Err(Failure::new(format!(
                    "이미 적용한 데이터베이스 변경 파일의 내용이 바뀌었습니다: {name}. 원래 파일로 되돌리고 새 번호로 추가합니다"
                )));
            }
            Some(_) => {}
        }
    }
    let missing =
        list.iter().find(|migration| !applied.iter().any(|(number, ..)| *number == i64::from(migration.number)));
    let Some(migration) = missing else {
        return Ok(None);
    };
    let doing = |failure: Failure| failure.context(format!("applying the migration {}", migration.name));
    if tx.engine() == Engine::Postgres {
        // Filling a new column of a large table may take longer than a page would wait.
        tx.script("SET LOCAL statement_timeout = 0").await.map_err(|err| doing(err.into()))?;
    }
    tx.script(migration.sql).await.map_err(|err| doing(err.into()))?;
    tx.execute(
        "INSERT INTO migration (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
        args![migration.number, migration.name, hash(migration), SystemClock.now()],
    )
    .await
    .map_err(|err| doing(err.into()))?;
    Ok(Some(migration))
}

/// Number, name and hash of what this database has.
async fn applied(tx: &mut Tx) -> Result<Vec<(i64, String, String)>, Failure> {
    let reading = |failure: Failure| failure.context("reading the applied migrations");
    tx.execute(
        "CREATE TABLE IF NOT EXISTS migration (
             number BIGINT NOT NULL PRIMARY KEY,
             name TEXT NOT NULL,
             sha256 TEXT NOT NULL,
             applied_at TEXT NOT NULL
         )",
        args![],
    )
    .await
    .map_err(|err| reading(err.into()))?;
    let rows = tx
        .fetch_all("SELECT number, name, sha256 FROM migration ORDER BY number", args![])
        .await
        .map_err(|err| reading(err.into()))?;
    rows.iter()
        .map(|row| Ok((row.int("number")?, row.text("name")?, row.text("sha256")?)))
        .collect::<Result<_, crate::BadColumn>>()
        .map_err(|bad| reading(Failure::new(bad)))
}

fn hash(migration: &Migration) -> String {
    hex::encode(Sha256::digest(migration.sql.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { number: 1, name: "0001_test_first", sql: "CREATE TABLE first (a TEXT)" };
    const BROKEN: Migration = Migration {
        number: 2,
        name: "0002_test_broken",
        sql: "CREATE TABLE second (a TEXT); INSERT INTO first VALUES ('half'); INSERT INTO nowhere VALUES (1);",
    };
    const MENDED: Migration =
        Migration { number: 2, name: "0002_test_mended", sql: "CREATE TABLE second (a TEXT); -- 끝에 설명" };
    const LATER: Migration = Migration { number: 10, name: "0010_test_later", sql: "CREATE TABLE later (a TEXT)" };

    async fn count(pools: &Pools, table: &str) -> Result<i64, String> {
        let mut tx = pools.begin_read().await.expect("a look");
        let row = tx.fetch_one(&format!("SELECT count(*) AS n FROM {table}"), args![]).await;
        row.map_err(|err| err.to_string())?.int("n").map_err(|err| err.to_string())
    }

    #[tokio::test]
    async fn a_migration_is_applied_whole_or_not_at_all_and_gaps_are_filled() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("iljari.db").display());
        let pools = Pools::open(&url).await.expect("opened");
        let failure = run_list(&pools, &[FIRST, BROKEN, LATER]).await.expect_err("it is broken").to_string();
        assert!(failure.contains("0002_test_broken"), "{failure}");
        assert_eq!(count(&pools, "migration").await, Ok(1));
        assert_eq!(count(&pools, "first").await, Ok(0));
        assert!(count(&pools, "second").await.is_err());

        run_list(&pools, &[FIRST, LATER]).await.expect("applied");
        run_list(&pools, &[FIRST, MENDED, LATER]).await.expect("a lower number of another slice comes later");
        assert_eq!(count(&pools, "migration").await, Ok(3));
        assert_eq!(count(&pools, "second").await, Ok(0));

        let twice = run_list(&pools, &[FIRST, FIRST]).await.expect_err("one number, two files").to_string();
        assert!(twice.contains("share a number"), "{twice}");
        pools.close().await;
    }
}
