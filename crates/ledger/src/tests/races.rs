//! Many hands at once: what must happen once happens once, and nobody's work is lost.

use std::sync::Arc;

use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, code_of};
use crate::record::Figure;
use crate::store;

/// How often the codes of several hands say each thing.
fn tally(mut codes: Vec<String>) -> Vec<(String, usize)> {
    codes.sort();
    let mut counted: Vec<(String, usize)> = Vec::new();
    for code in codes {
        match counted.last_mut() {
            Some((last, times)) if *last == code => *times += 1,
            _ => counted.push((code, 1)),
        }
    }
    counted
}

async fn all<F>(hands: impl IntoIterator<Item = F>) -> Vec<String>
where
    F: Future<Output = String> + Send + 'static,
{
    let hands: Vec<_> = hands.into_iter().map(tokio::spawn).collect();
    let mut told = Vec::new();
    for hand in hands {
        told.push(hand.await.expect("no hand panicked"));
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_confirmers_at_once_make_one_entry() {
    both(async |store: Store| {
        let desk = Arc::new(Desk::on(store).await);
        for month in 1..=5 {
            let staged = desk.record(&desk.writer, "1-1-1", (month, month), Figure::Own(7)).await.expect("written");
            let told = all((0..16).map(|nth| {
                let (desk, staged) = (Arc::clone(&desk), staged.clone());
                async move {
                    let by = if nth % 2 == 0 { &desk.checker } else { &desk.both };
                    code_of(&desk.confirm(by, &staged).await).to_owned()
                }
            }))
            .await;
            assert_eq!(tally(told), [("accepted".to_owned(), 1), ("already-decided".to_owned(), 15)]);
            assert_eq!(desk.total("1-1-1", 2026).await, 7 * i64::from(month));
        }
        desk.balances().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_who_hand_in_the_same_months_one_succeeds() {
    both(async |store: Store| {
        let desk = Arc::new(Desk::on(store).await);
        let told = all((0..16).map(|nth| {
            let desk = Arc::clone(&desk);
            async move {
                let by = if nth % 2 == 0 { &desk.writer } else { &desk.both };
                code_of(&desk.record(by, "1-1-1", (1, 6), Figure::Own(30 + nth)).await).to_owned()
            }
        }))
        .await;
        assert_eq!(tally(told), [("accepted".to_owned(), 1), ("overlapping-period".to_owned(), 15)]);
        assert_eq!(desk.look(|tx, code| Box::pin(store::staged_waiting(tx, code))).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_corrections_of_one_entry_one_waits() {
    both(async |store: Store| {
        let desk = Arc::new(Desk::on(store).await);
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let told = all((0..8).map(|nth| {
            let (desk, leaf_id) = (Arc::clone(&desk), entry.leaf_id.clone());
            async move { code_of(&desk.stage_correction(&leaf_id, nth).await).to_owned() }
        }))
        .await;
        assert_eq!(tally(told), [("accepted".to_owned(), 1), ("correction-waiting".to_owned(), 7)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn seals_at_once_leave_one_log_one_memory_and_the_newest_checkpoint() {
    both(async |store: Store| {
        let desk = Arc::new(Desk::on(store).await);
        let mut waiting = Vec::new();
        for month in 1..=10 {
            waiting.push(desk.record(&desk.writer, "1-1-1", (month, month), Figure::Own(7)).await.expect("written"));
        }
        let told = all(waiting.into_iter().map(|staged| {
            let desk = Arc::clone(&desk);
            async move {
                desk.confirm(&desk.checker, &staged).await.expect("confirmed");
                code_of(&desk.seal().await).to_owned()
            }
        }))
        .await;
        assert_eq!(tally(told), [("accepted".to_owned(), 10)]);
        let last = desk.seals().await.pop().expect("a seal");
        let remembered = desk.keys().last_signed(&desk.code).expect("readable").expect("signed");
        assert_eq!(
            (i64::try_from(remembered.size).expect("small"), remembered.root.to_string()),
            (last.size, last.root)
        );
        assert_eq!(desk.published_checkpoint(), last.checkpoint);
        desk.balances().await;
    })
    .await;
}
