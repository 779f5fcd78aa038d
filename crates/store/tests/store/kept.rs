//! What is kept, and when it is read again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use iljari_base::Refusal;
use iljari_store::testing::{both, on_sqlite};
use iljari_store::{set_setting, setting, watched};

use super::*;

/// Sets one word; `made` may refuse after it was set.
async fn set(store: &Store, key: &'static str, value: &'static str, keep: bool) -> Outcome<()> {
    store
        .write(move |tx| {
            Box::pin(async move {
                set_setting(tx, key, value, now()).await?;
                if keep { Ok(()) } else { Err(Refusal::new("no", "", "아니요").into()) }
            })
        })
        .await
}

/// Changes another table.
async fn elsewhere(store: &Store) {
    let sql = "INSERT INTO department (district, code, name, created_at) VALUES ($1, $2, $3, $4)";
    let act =
        store.write(move |tx| Box::pin(async move { Ok(tx.execute(sql, args!["99001", "d1", "과", now()]).await?) }));
    act.await.expect("written");
}

async fn word(store: &Store, looks: &Arc<AtomicUsize>) -> Option<String> {
    let looks = Arc::clone(looks);
    let kept = store.read_kept("word", move |tx| {
        Box::pin(async move {
            looks.fetch_add(1, Ordering::SeqCst);
            Ok(setting(tx, "word").await?)
        })
    });
    Option::clone(&kept.await.expect("read"))
}

#[tokio::test]
async fn a_kept_look_is_read_again_when_an_act_changed_it_and_only_then() {
    both(async |store: Store| {
        let looks = Arc::new(AtomicUsize::new(0));
        assert_eq!(word(&store, &looks).await, None);
        assert_eq!(word(&store, &looks).await, None);
        assert_eq!(looks.load(Ordering::SeqCst), 1);

        set(&store, "word", "one", true).await.expect("set");
        assert_eq!(word(&store, &looks).await.as_deref(), Some("one"), "seen at once");
        assert_eq!(looks.load(Ordering::SeqCst), 2);

        // Another table, an act that was refused, and a statement that met no row.
        elsewhere(&store).await;
        set(&store, "word", "two", false).await.expect_err("refused");
        store
            .write(|tx| {
                Box::pin(async move { Ok(tx.execute("DELETE FROM setting WHERE key = 'none'", args![]).await?) })
            })
            .await
            .expect("nothing met");
        assert_eq!(word(&store, &looks).await.as_deref(), Some("one"));
        assert_eq!(looks.load(Ordering::SeqCst), 2);
        assert_eq!((store.hits().found, store.hits().read), (2, 2));
    })
    .await;
}

#[tokio::test]
async fn what_another_program_commits_is_noticed() {
    let fresh = iljari_store::testing::FreshSqlite::make().await;
    let url = format!("sqlite:{}", fresh.folder.path().join("iljari.db").display());
    let other = Store::open(&url).await.expect("opened");
    let looks = Arc::new(AtomicUsize::new(0));
    assert_eq!(word(&fresh.store, &looks).await, None);
    for value in ["one", "two"] {
        set(&other, "word", value, true).await.expect("set");
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        assert_eq!(word(&fresh.store, &looks).await.as_deref(), Some(value));
    }
    other.close().await;
    fresh.store.close().await;
}

#[tokio::test]
async fn a_stamp_tells_what_was_read_and_an_act_gives_none() {
    both(async |store: Store| {
        let looked = async { store.read(|tx| Box::pin(async move { Ok(setting(tx, "word").await?) })).await };
        let (_, stamp) = watched(looked).await;
        let stamp = stamp.expect("a look");
        assert!(store.holds(&stamp).await.expect("asked"));
        set(&store, "other", "one", true).await.expect("set");
        assert!(!store.holds(&stamp).await.expect("asked"), "another row of the same table counts");

        let (_, nothing) = watched(async {}).await;
        assert!(nothing.is_none());
        let (_, acted) = watched(async {
            store.read(|tx| Box::pin(async move { Ok(setting(tx, "word").await?) })).await.expect("read");
            set(&store, "word", "two", true).await.expect("set");
        })
        .await;
        assert!(acted.is_none());
        let (_, failed) = watched(async {
            store
                .read(|tx| {
                    Box::pin(async move { Ok(tx.fetch_one("SELECT 1 FROM setting WHERE key = ''", args![]).await?) })
                })
                .await
        })
        .await;
        assert!(failed.is_none());
        // What went wrong is told as it is, not as an act that went on after it.
        let asked = async {
            store
                .read(|tx| Box::pin(async move { Ok(tx.fetch_all("SELECT nowhere FROM setting", args![]).await?) }))
                .await
        };
        let (outcome, failed) = watched(asked).await;
        assert!(format!("{:?}", outcome.expect_err("no such column")).contains("nowhere") && failed.is_none());
    })
    .await;
}

/// Readers and writers at once: nobody is ever shown an older word than one whose act was answered before he asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_reads_what_was_changed_before_he_asked() {
    on_sqlite(async |store: Store| {
        let answered = Arc::new(AtomicUsize::new(0));
        let writer = {
            let (store, answered) = (store.clone(), Arc::clone(&answered));
            tokio::spawn(async move {
                for n in 1..=300usize {
                    let act = store.write(move |tx| {
                        Box::pin(async move { Ok(set_setting(tx, "word", &n.to_string(), now()).await?) })
                    });
                    act.await.expect("set");
                    answered.store(n, Ordering::SeqCst);
                }
            })
        };
        let looks = Arc::new(AtomicUsize::new(0));
        while !writer.is_finished() {
            let before = answered.load(Ordering::SeqCst);
            let seen: usize = word(&store, &looks).await.and_then(|word| word.parse().ok()).unwrap_or(0);
            assert!(seen >= before, "{seen} was shown after {before} was answered");
        }
        writer.await.expect("ended");
        assert_eq!(word(&store, &looks).await.as_deref(), Some("300"));
    })
    .await;
}
