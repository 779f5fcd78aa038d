//! When the world breaks: what was acknowledged is there, what was not is not, and it goes on.

use std::sync::Arc;

use iljari_base::Outcome;
use iljari_store::testing::{both, on_postgres, on_sqlite, script};
use iljari_store::{Store, args};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::{failure, make_notes, note, notes};

#[tokio::test]
async fn a_commit_that_fails_fails_every_act_of_it() {
    both(async |store: Store| {
        make_notes(&store).await;
        // Checked only at the commit: what no migration may hold, and what makes a commit fail on demand.
        let late = "CREATE TABLE late (id BIGINT NOT NULL PRIMARY KEY,
                    note_id BIGINT NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)";
        script(&store, late).await.expect("a table");
        let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let orphan = {
            let (store, entered, leave) = (store.clone(), Arc::clone(&entered), Arc::clone(&leave));
            tokio::spawn(async move {
                let act: Outcome<()> = store
                    .write(move |tx| {
                        Box::pin(async move {
                            entered.notify_one();
                            leave.notified().await;
                            tx.execute("INSERT INTO late (id, note_id) VALUES (1, 99)", args![]).await?;
                            Ok(())
                        })
                    })
                    .await;
                act
            })
        };
        entered.notified().await;
        leave.notify_one();
        let words = failure(orphan.await.expect("the act ran"));
        assert!(words.contains("COMMIT"), "{words}");
        note(&store, 1, "하나").await.expect("the door is open");
        assert_eq!(notes(&store).await, vec![1]);
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    on_sqlite(async |store: Store| {
        make_notes(&store).await;
        // On the one write connection, so it holds until it is lifted.
        script(&store, "PRAGMA max_page_count = 60").await.expect("a small disk");
        let mut asked = JoinSet::new();
        for id in 1..=200 {
            let store = store.clone();
            asked.spawn(async move { note(&store, id, &format!("{id}{}", "가".repeat(1_000))).await.map(|()| id) });
        }
        let outcomes = asked.join_all().await;
        let mut kept: Vec<i64> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok().copied()).collect();
        kept.sort_unstable();
        assert!(kept.len() < 200, "the disk was never full");
        for outcome in outcomes {
            if outcome.is_err() {
                let words = failure(outcome);
                assert!(words.contains("full") || words.contains("act"), "{words}");
            }
        }
        assert_eq!(notes(&store).await, kept);
        script(&store, "PRAGMA max_page_count = 4294967294").await.expect("space again");
        note(&store, 1_000, "다시").await.expect("writes go on");
        kept.push(1_000);
        assert_eq!(notes(&store).await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_drops_its_connections_is_asked_again() {
    on_postgres(async |store: Store| {
        make_notes(&store).await;
        note(&store, 1, "하나").await.expect("a note");
        for id in 2..6 {
            let cut = "SELECT count(pg_terminate_backend(pid)) AS cut FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            store
                .read(move |tx| Box::pin(async move { Ok(tx.fetch_one(cut, args![]).await?.int("cut")?) }))
                .await
                .expect("the other connections were cut");
            note(&store, id, &id.to_string()).await.expect("written over a new connection");
        }
        assert_eq!(notes(&store).await, vec![1, 2, 3, 4, 5]);
    })
    .await;
}
