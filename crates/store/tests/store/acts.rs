//! Acts: all or nothing, one after the other, none lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use iljari_base::{Failure, Refusal};
use iljari_store::testing::{both, on_postgres};
use iljari_store::{DbError, Store, Tx, args};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::{failure, make_notes, note, notes};

async fn insert(tx: &mut Tx, id: i64) -> Result<u64, DbError> {
    tx.execute(
        "INSERT INTO note (id, district, word, line) VALUES ($1, $2, $3, $4)",
        args![id, "11215", format!("낱말 {id}"), id],
    )
    .await
}

#[tokio::test]
async fn an_act_that_refuses_leaves_nothing() {
    both(async |store: Store| {
        make_notes(&store).await;
        let outcome = store
            .write(|tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    Err::<(), _>(Refusal::new("not-today", "", "오늘은 쓸 수 없습니다.").into())
                })
            })
            .await;
        assert!(outcome.expect_err("a refusal").has("not-today"));
        assert!(notes(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_act_that_fails_takes_no_neighbour_with_it() {
    both(async |store: Store| {
        make_notes(&store).await;
        // The first act holds the door while the others queue up, so that on SQLite they share a commit.
        let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let mut asked = JoinSet::new();
        {
            let (store, entered, leave) = (store.clone(), Arc::clone(&entered), Arc::clone(&leave));
            asked.spawn(async move {
                store
                    .write(move |_| {
                        Box::pin(async move {
                            entered.notify_one();
                            leave.notified().await;
                            Ok(0)
                        })
                    })
                    .await
            });
        }
        entered.notified().await;
        for id in 1..=30 {
            let store = store.clone();
            asked.spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            insert(tx, id).await?;
                            match id % 5 {
                                1 => Err(Refusal::new("odd", "", "이 줄은 쓸 수 없습니다.").into()),
                                2 => Err(Failure::new("out of ink").into()),
                                3 => panic!("the pen broke"),
                                4 => {
                                    // Its own word again: the database refuses, the act returns that.
                                    insert(tx, id).await?;
                                    Ok(id)
                                }
                                _ => Ok(id),
                            }
                        })
                    })
                    .await
            });
        }
        tokio::task::yield_now().await;
        leave.notify_one();
        let outcomes = asked.join_all().await;
        assert_eq!(outcomes.len(), 31);
        let mut kept: Vec<i64> = outcomes.into_iter().filter_map(Result::ok).filter(|id| *id > 0).collect();
        kept.sort_unstable();
        assert_eq!(kept, vec![5, 10, 15, 20, 25, 30]);
        assert_eq!(notes(&store).await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_a_failure_of_its_own_act_and_the_door_stays_open() {
    both(async |store: Store| {
        make_notes(&store).await;
        let outcome = store
            .write(|tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    if notes_in(tx).await? == 1 {
                        panic!("잉크가 없음");
                    }
                    Ok(())
                })
            })
            .await;
        assert!(failure(outcome).contains("잉크가 없음"));
        let before_its_future = store.write::<(), _>(|_| panic!("no pen at all")).await;
        assert!(failure(before_its_future).contains("no pen at all"));
        note(&store, 2, "다음").await.expect("the next act");
        assert_eq!(notes(&store).await, vec![2]);
    })
    .await;
}

async fn notes_in(tx: &mut Tx) -> Result<i64, iljari_base::Stop> {
    Ok(tx.fetch_one("SELECT count(*) AS notes FROM note", args![]).await?.int("notes")?)
}

#[tokio::test]
async fn two_hundred_writes_at_once_are_all_kept_and_none_overtakes() {
    both(async |store: Store| {
        make_notes(&store).await;
        let mut asked = JoinSet::new();
        for _ in 0..200 {
            let store = store.clone();
            asked.spawn(async move {
                store
                    .write(|tx| {
                        Box::pin(async move {
                            // Look, then write what was seen: lost updates would show here.
                            let seen = notes_in(tx).await?;
                            insert(tx, seen + 1).await?;
                            Ok(seen + 1)
                        })
                    })
                    .await
            });
        }
        let mut ids: Vec<i64> = asked.join_all().await.into_iter().map(|id| id.expect("written")).collect();
        ids.sort_unstable();
        assert_eq!(ids, (1..=200).collect::<Vec<i64>>());
        assert_eq!(notes(&store).await, ids);
    })
    .await;
}

#[tokio::test]
async fn an_act_of_one_node_waits_for_the_act_of_another() {
    on_postgres(async |store: Store| {
        make_notes(&store).await;
        let other = Store::open(&crate::answers::address_of(&store).await).await.expect("a second node");
        let (entered, others_turn) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let first = {
            let (entered, others_turn) = (Arc::clone(&entered), Arc::clone(&others_turn));
            store.write(move |tx| {
                Box::pin(async move {
                    insert(tx, 1).await?;
                    entered.notify_one();
                    // Until the other act has come in, as it must not, or is seen to wait.
                    let waiting = "SELECT count(*) AS acts FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
                    while !others_turn.load(SeqCst) && tx.fetch_one(waiting, args![]).await?.int("acts")? == 0 {
                        tokio::task::yield_now().await;
                    }
                    Ok(others_turn.load(SeqCst))
                })
            })
        };
        let second = async {
            entered.notified().await;
            other
                .write(move |tx| {
                    Box::pin(async move {
                        others_turn.store(true, SeqCst);
                        notes_in(tx).await
                    })
                })
                .await
        };
        let (overtaken, seen) = tokio::join!(first, second);
        assert!(!overtaken.expect("the first act"), "the second act came in while the first was open");
        assert_eq!(seen.expect("the second act"), 1, "the second act did not see the first");
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn going_on_after_a_failed_statement_keeps_nothing() {
    both(async |store: Store| {
        make_notes(&store).await;
        note(&store, 1, "하나").await.expect("the first note");
        let outcome = store
            .write(|tx| {
                Box::pin(async move {
                    insert(tx, 2).await?;
                    let refused = insert(tx, 1).await;
                    assert!(matches!(refused, Err(DbError::Unique { .. })));
                    let after = insert(tx, 3).await;
                    assert!(matches!(after, Err(DbError::Failed(_))));
                    Ok(())
                })
            })
            .await;
        assert!(failure(outcome).contains("went on"));
        assert_eq!(notes(&store).await, vec![1]);
    })
    .await;
}

#[tokio::test]
async fn an_act_cannot_end_its_transaction_nor_ask_for_another_act() {
    both(async |store: Store| {
        make_notes(&store).await;
        for word in ["COMMIT", "ROLLBACK", "SELECT 1; COMMIT", "SAVEPOINT mine", "PRAGMA foreign_keys = OFF"] {
            let outcome = store
                .write(move |tx| {
                    Box::pin(async move {
                        insert(tx, 1).await?;
                        tx.execute(word, args![]).await?;
                        Ok(())
                    })
                })
                .await;
            assert!(failure(outcome).contains(word), "{word} was let through");
        }
        let again = store.clone();
        let outcome =
            store.write(move |_| Box::pin(async move { again.write(|_| Box::pin(async { Ok(()) })).await })).await;
        assert!(failure(outcome).contains("another act"));
        assert!(notes(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_stops_waiting_does_not_undo_its_act() {
    both(async |store: Store| {
        make_notes(&store).await;
        let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let asked = {
            let (store, entered, leave) = (store.clone(), Arc::clone(&entered), Arc::clone(&leave));
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            entered.notify_one();
                            leave.notified().await;
                            insert(tx, 1).await?;
                            Ok(())
                        })
                    })
                    .await
            })
        };
        entered.notified().await;
        asked.abort();
        leave.notify_one();
        note(&store, 2, "뒤").await.expect("the next act");
        assert_eq!(notes(&store).await, vec![1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_says_so() {
    both(async |store: Store| {
        make_notes(&store).await;
        store.close().await;
        assert!(failure(note(&store, 1, "늦음").await).contains("closed"));
        let looked = store.read(|_| Box::pin(async { Ok(()) })).await;
        assert!(failure(looked).contains("connection"));
    })
    .await;
}
