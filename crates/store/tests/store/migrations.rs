//! Migrating: once each, never backwards, never a changed file.

use iljari_base::Failure;
use iljari_store::testing::{FreshSqlite, both, script};
use iljari_store::{Store, args, set_setting, setting};

use crate::now;

async fn migrations(store: &Store) -> Vec<(i64, String)> {
    store
        .read(|tx| {
            Box::pin(async move {
                let rows = tx.fetch_all("SELECT number, name FROM migration ORDER BY number", args![]).await?;
                Ok(rows
                    .iter()
                    .map(|row| Ok((row.int("number")?, row.text("name")?)))
                    .collect::<Result<Vec<_>, iljari_store::BadColumn>>()?)
            })
        })
        .await
        .expect("the migrations are read")
}

fn words(result: Result<(), Failure>) -> String {
    result.expect_err("migrating was to fail").to_string()
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    both(async |store: Store| {
        let before = migrations(&store).await;
        assert_eq!(before.first(), Some(&(1, "0001_store_office".to_owned())));
        store.migrate().await.expect("again");
        assert_eq!(migrations(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn nodes_that_start_together_migrate_once() {
    iljari_store::testing::on_postgres(async |store: Store| {
        let before = migrations(&store).await;
        script(&store, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;").await.expect("emptied");
        let other = Store::open(&crate::answers::address_of(&store).await).await.expect("a second node");
        let (one, two) = tokio::join!(store.migrate(), other.migrate());
        one.expect("the first node migrates");
        two.expect("the second node migrates");
        assert_eq!(migrations(&store).await, before);
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_refused() {
    both(async |store: Store| {
        let newer =
            "INSERT INTO migration (number, name, sha256, applied_at) VALUES (9999, '9999_store_later', '00', '')";
        script(&store, newer).await.expect("marked as newer");
        let words = words(store.migrate().await);
        assert!(words.contains("더 새로운 프로그램") && words.contains("9999_store_later"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    both(async |store: Store| {
        script(&store, "UPDATE migration SET sha256 = '00' WHERE number = 1").await.expect("marked as changed");
        let words = words(store.migrate().await);
        assert!(words.contains("0001_store_office") && words.contains("바뀌었습니다"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn opening_again_keeps_the_data() {
    let fresh = FreshSqlite::make().await;
    let url = format!("sqlite:{}", fresh.folder.path().join("iljari.db").display());
    fresh
        .store
        .write(|tx| Box::pin(async move { Ok(set_setting(tx, "made_by", "office", now()).await?) }))
        .await
        .expect("set");
    fresh.store.close().await;
    assert!(!fresh.folder.path().join("iljari.db-wal").exists(), "closing folds the log into the file");

    let again = Store::open(&url).await.expect("opened again");
    again.migrate().await.expect("migrated already");
    let made_by = again.read(|tx| Box::pin(async move { Ok(setting(tx, "made_by").await?) })).await.expect("read");
    assert_eq!(made_by.as_deref(), Some("office"));
    again.close().await;
}

#[tokio::test]
async fn an_address_that_means_nothing_is_refused_in_plain_words() {
    for url in ["mysql://somewhere", "sqlite::memory:", "sqlite:", "iljari.db"] {
        let failure = Store::open(url).await.expect_err("no such address");
        assert!(failure.to_string().contains("데이터베이스 주소"), "{url}: {failure}");
    }
    let nowhere = "sqlite:/no-such-folder/iljari.db";
    let failure = Store::open(nowhere).await.expect_err("no such folder");
    assert!(failure.to_string().contains("/no-such-folder/iljari.db"), "{failure}");
    let secret = "postgres://somebody:parola@127.0.0.1:1/none";
    let failure = Store::open(secret).await.expect_err("nobody listens there");
    assert!(!failure.to_string().contains("parola"), "{failure}");
}

#[tokio::test]
async fn sqlite_is_set_up_to_survive_a_power_cut() {
    let fresh = FreshSqlite::make().await;
    let settings = fresh
        .store
        .write(|tx| {
            Box::pin(async move {
                let sql = "SELECT journal_mode, synchronous, foreign_keys, timeout
                           FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout";
                let row = tx.fetch_one(sql, args![]).await?;
                Ok((row.text("journal_mode")?, row.int("synchronous")?, row.int("foreign_keys")?, row.int("timeout")?))
            })
        })
        .await
        .expect("read");
    const FULL: i64 = 2;
    assert_eq!(settings, ("wal".to_owned(), FULL, 1, 15_000));
}
