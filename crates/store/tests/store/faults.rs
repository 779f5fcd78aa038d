//! When the world breaks: what was acknowledged is there, what was not is not, and it goes on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use iljari_base::{Entropy as _, Outcome, SeededEntropy};
use iljari_store::testing::{FreshSqlite, both, on_postgres, on_sqlite, script, start_keeping_postgres};
use iljari_store::{Store, args};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::answers::address_of;
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

/// A way to the server of `address` that breaks: of each connection the server's words are let through only for a
/// while, then it is cut in the middle of one. `longest` 0 lets everything through.
async fn breaking_way(to: SocketAddr, longest: Arc<AtomicU64>, seed: &str) -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let (cuts, chance) = (Arc::new(AtomicU64::new(0)), SeededEntropy::new(seed));
    let counted = Arc::clone(&cuts);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let most = longest.load(SeqCst);
            // Far enough that some acts come through before it.
            let mut left = if most == 0 { u64::MAX } else { 3_000 + chance.below(most) };
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let Ok(server) = TcpStream::connect(to).await else { return };
                let ((mut client_says, mut to_client), (mut server_says, mut to_server)) =
                    (client.into_split(), server.into_split());
                let asks = tokio::spawn(async move { tokio::io::copy(&mut client_says, &mut to_server).await });
                let mut part = [0; 512];
                while let Ok(read @ 1..) = server_says.read(&mut part).await {
                    let through = usize::try_from(left).unwrap_or(usize::MAX).min(read);
                    left -= u64::try_from(through).expect("small");
                    if to_client.write_all(&part[..through]).await.is_err() {
                        break;
                    }
                    if through < read {
                        counted.fetch_add(1, SeqCst);
                        break;
                    }
                }
                asks.abort();
            });
        }
    });
    (at, cuts)
}

#[tokio::test]
async fn connections_cut_in_the_middle_of_an_answer_lose_and_double_nothing() {
    let seed = std::env::var("ILJARI_FAULTS_SEED").unwrap_or_else(|_| "다리".to_owned());
    println!("ILJARI_FAULTS_SEED={seed}");
    on_postgres(async |store: Store| {
        make_notes(&store).await;
        let address = address_of(&store).await;
        let (before, rest) = address.rsplit_once('@').expect("a user");
        let (server, after) = rest.split_once('/').expect("a database");
        let longest = Arc::new(AtomicU64::new(0));
        let way = breaking_way(server.parse().expect("an address"), Arc::clone(&longest), &seed);
        let (at, cuts) = way.await;
        let over_it = Store::open(&format!("{before}@{at}/{after}")).await.expect("opened");
        longest.store(6_000, SeqCst);
        let (next, mut asked) = (Arc::new(AtomicI64::new(0)), JoinSet::new());
        for _ in 0..4 {
            let (store, next) = (over_it.clone(), Arc::clone(&next));
            asked.spawn(async move {
                let (mut kept, mut unknown) = (Vec::new(), Vec::new());
                for _ in 0..60 {
                    let id = next.fetch_add(1, SeqCst);
                    match note(&store, id, &id.to_string()).await {
                        Ok(()) => kept.push(id),
                        Err(_) => unknown.push(id),
                    }
                }
                (kept, unknown)
            });
        }
        let (mut kept, mut unknown) = (Vec::new(), Vec::new());
        for (some, others) in asked.join_all().await {
            kept.extend(some);
            unknown.extend(others);
        }
        let cut = cuts.load(SeqCst);
        assert!(cut > 5 && !unknown.is_empty() && kept.len() > 60, "{cut} cuts, {} kept", kept.len());
        // Once the line holds again, so does the work, within the time that R-05 gives.
        longest.store(0, SeqCst);
        let healed = async {
            // A connection of before may still break, behind its commit.
            while note(&over_it, 9_999, "다시").await.is_err() && !notes(&store).await.contains(&9_999) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), healed).await.expect("five seconds");
        // The key of `note` lets none in twice; what was acknowledged is there, and nothing that nobody asked for.
        let there = notes(&store).await;
        let lost: Vec<_> = kept.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let invented: Vec<_> =
            there.iter().filter(|id| **id != 9_999 && !kept.contains(id) && !unknown.contains(id)).collect();
        assert!(invented.is_empty(), "{invented:?}");
        over_it.close().await;
    })
    .await;
}

/// Waits until as many notes were acknowledged.
async fn acknowledged(count: &AtomicU64, at_least: u64) {
    let reached = async {
        while count.load(SeqCst) < at_least {
            tokio::task::yield_now().await;
        }
    };
    let words = format!("{at_least} acknowledged within a minute");
    tokio::time::timeout(Duration::from_secs(60), reached).await.expect(&words);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_over_under_load_and_comes_back_loses_and_doubles_nothing() {
    // Its own server: the one that other stories share does not fall.
    let mut server = tokio::task::spawn_blocking(start_keeping_postgres).await.expect("a server");
    let store = Store::open(server.url()).await.expect("opened");
    store.migrate().await.expect("migrated");
    make_notes(&store).await;
    let (next, done, end) =
        (Arc::new(AtomicI64::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut asked = JoinSet::new();
    for _ in 0..8 {
        let (store, next, done, end) = (store.clone(), Arc::clone(&next), Arc::clone(&done), Arc::clone(&end));
        asked.spawn(async move {
            let (mut kept, mut unknown) = (Vec::new(), Vec::new());
            while !end.load(SeqCst) {
                let id = next.fetch_add(1, SeqCst);
                match note(&store, id, &id.to_string()).await {
                    Ok(()) => {
                        kept.push(id);
                        done.fetch_add(1, SeqCst);
                    }
                    Err(_) => unknown.push(id),
                }
            }
            (kept, unknown)
        });
    }
    let mut slowest = Duration::ZERO;
    for round in 1..=3 {
        acknowledged(&done, round * 60).await;
        let falling = tokio::task::spawn_blocking(move || {
            server.fall_over();
            server.come_back();
            (server, Instant::now())
        });
        let (back, when) = falling.await.expect("it fell and came back");
        server = back;
        let before = done.load(SeqCst);
        acknowledged(&done, before + 1).await;
        slowest = slowest.max(when.elapsed());
    }
    end.store(true, SeqCst);
    let (mut kept, mut unknown) = (Vec::new(), Vec::new());
    for (some, others) in asked.join_all().await {
        kept.extend(some);
        unknown.extend(others);
    }
    println!("{} acknowledged, {} without an answer, well again after {slowest:?}", kept.len(), unknown.len());
    assert!(slowest < Duration::from_secs(5), "written again only {slowest:?} after the server was back");
    assert!(!unknown.is_empty(), "the server fell between two acts, three times: nothing was tried");
    let there = notes(&store).await;
    let lost: Vec<_> = kept.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let invented: Vec<_> = there.iter().filter(|id| !kept.contains(id) && !unknown.contains(id)).collect();
    assert!(invented.is_empty(), "{invented:?}");
    store.close().await;
}

#[tokio::test]
async fn a_look_that_holds_on_does_not_let_the_log_grow_without_end() {
    let fresh = FreshSqlite::make().await;
    make_notes(&fresh.store).await;
    let log = fresh.folder.path().join("iljari.db-wal");
    let (looked, store) = (Arc::new(Notify::new()), fresh.store.clone());
    let held = Arc::clone(&looked);
    let look = tokio::spawn(async move {
        let count = "SELECT count(*) AS notes FROM note";
        store
            .read(move |tx| {
                Box::pin(async move {
                    tx.fetch_one(count, args![]).await?;
                    held.notify_one();
                    std::future::pending::<()>().await;
                    Ok(())
                })
            })
            .await
    });
    looked.notified().await;
    let (word, mut largest) = ("가".repeat(300_000), 0);
    for id in 0..120 {
        note(&fresh.store, id, &format!("{id}{word}")).await.expect("written, whoever looks");
        largest = largest.max(std::fs::metadata(&log).expect("a log").len());
    }
    const MOST: u64 = 64 * 1024 * 1024;
    assert!(largest < MOST, "the log grew to {largest} bytes");
    assert!(largest > MOST / 4, "the log never grew: {largest} bytes");
    let words = failure(look.await.expect("it came to its end"));
    assert!(words.contains("was ended"), "{words}");
    assert_eq!(notes(&fresh.store).await.len(), 120);
    fresh.store.close().await;
}
