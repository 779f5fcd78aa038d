//! Seals: what is signed, what is refused, what a crash or a restored backup leaves behind.

use iljari_base::Actor;
use iljari_disclosure::log::checkpoint::Checkpoint;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_store::testing::{both, script};
use iljari_store::{Engine, Store};

use super::{Desk, code_of};
use crate::keys::{KeyFolder, LastSigned};
use crate::model::EntryKind;
use crate::{publish, seal, store};

#[tokio::test]
async fn a_seal_holds_everything_confirmed_in_an_order_that_tells_nothing() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let mut first = None;
        for month in 1..=10 {
            let entry = desk.enter("1-1-1", 2026, (month, month), 10 + i64::from(month)).await;
            first.get_or_insert(entry);
        }
        desk.correct(&first.expect("an entry").leaf_id, 3).await;
        let sealed = desk.seal().await.expect("sealed").expect("something to seal");
        assert_eq!(desk.seal().await.expect("nothing broke"), None);
        let mut entries = desk.entries().await;
        assert_eq!(usize::try_from(sealed.size).expect("small"), entries.len());
        entries.sort_by_key(|entry| entry.sealed.expect("sealed").leaf_index);
        let leaves: Vec<Hash> = entries.iter().map(|entry| tree::leaf_hash(&entry.body)).collect();
        assert_eq!(sealed.root, tree::root(&leaves).to_string());
        let order: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        assert!(!order.is_sorted(), "the order of recording must not show");
        assert_eq!(entries.last().map(|entry| entry.kind), Some(EntryKind::Correction));
        let key = KeyFolder::new(&desk.office.keys, true).verifier(&desk.code).expect("readable").expect("a key");
        let head = Checkpoint::open(sealed.checkpoint.as_bytes(), &key).expect("signed by the log's key");
        assert_eq!((head.size, head.root), (u64::try_from(sealed.size).expect("small"), tree::root(&leaves)));
        assert_eq!(head.origin, "demo.iljari.example/99001");
        let published = desk.published();
        assert_eq!(published.get("99001/log/checkpoint").map(Vec::as_slice), Some(sealed.checkpoint.as_bytes()));
    })
    .await;
}

#[tokio::test]
async fn a_seal_is_never_dated_before_the_one_before_it() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.seal().await.expect("sealed").expect("the plan's leaf");
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.clock.advance_seconds(-3600);
        assert_eq!(code_of(&desk.seal().await), "clock-behind");
        desk.clock.advance_seconds(3600);
        desk.seal().await.expect("sealed").expect("something to seal");
    })
    .await;
}

#[tokio::test]
async fn a_flipped_byte_is_caught_before_it_is_signed() {
    both(async |store: Store| {
        let desk = Desk::on(store.clone()).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed").expect("something to seal");
        desk.enter("1-1-1", 2026, (4, 6), 50).await;
        let before = desk.published();
        let (unlock, flip) = match store.engine() {
            Engine::Sqlite => (
                "DROP TRIGGER entry_no_update",
                "UPDATE entry SET body = CAST(REPLACE(CAST(body AS TEXT), '\"n\":63', '\"n\":64') AS BLOB) WHERE amount = 63",
            ),
            Engine::Postgres => (
                "DROP TRIGGER entry_no_change ON entry",
                "UPDATE entry SET body = CONVERT_TO(REPLACE(CONVERT_FROM(body, 'UTF8'), '\"n\":63', '\"n\":64'), 'UTF8') WHERE amount = 63",
            ),
        };
        script(&store, unlock).await.expect("unlocked");
        script(&store, flip).await.expect("flipped");
        assert_eq!(code_of(&desk.seal().await), "inconsistent");
        assert_eq!(desk.published(), before, "nothing was published");
        assert_eq!(desk.entries().await.iter().filter(|entry| entry.sealed.is_none()).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn data_that_is_behind_its_own_signature_is_not_signed_over() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let sealed = desk.seal().await.expect("sealed").expect("something to seal");
        let keys = KeyFolder::new(&desk.office.keys, true);
        let signed = keys.last_signed(&desk.code).expect("readable").expect("signed once");
        assert_eq!(i64::try_from(signed.size).expect("small"), sealed.size);
        desk.enter("1-1-1", 2026, (4, 6), 50).await;

        // The database is an older backup: the key folder has signed more than there is.
        keys.remember_signed(&desk.code, LastSigned { size: signed.size + 5, root: signed.root }).expect("written");
        assert_eq!(code_of(&desk.seal().await), "behind-own-signature");
        assert_eq!(code_of(&seal::catch_up_memory(&desk.office, &desk.code).await), "behind-own-signature");

        // The database is another history of the same length.
        keys.remember_signed(&desk.code, LastSigned { size: signed.size, root: Hash([1; 32]) }).expect("written");
        assert_eq!(code_of(&desk.seal().await), "differs-from-own-signature");

        // A crash between the seal and the key folder's memory: the memory lags and is mended.
        keys.remember_signed(&desk.code, signed).expect("written");
        let newer = desk.seal().await.expect("sealed").expect("something to seal");
        keys.remember_signed(&desk.code, signed).expect("written");
        seal::catch_up_memory(&desk.office, &desk.code).await.expect("mended");
        let now = keys.last_signed(&desk.code).expect("readable").expect("signed");
        assert_eq!((i64::try_from(now.size).expect("small"), now.root.to_string()), (newer.size, newer.root));
    })
    .await;
}

#[tokio::test]
async fn published_files_can_be_deleted_and_made_again() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        for month in 1..=3 {
            desk.enter("1-1-1", 2026, (month, month), 20).await;
            desk.seal().await.expect("sealed").expect("something to seal");
        }
        let before = desk.published();
        assert_eq!(
            before.keys().filter(|name| name.contains("tile/0/")).count(),
            1,
            "no stale partial tile: {before:?}"
        );
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert_eq!(desk.published(), before);
        std::fs::write(desk.office.published.join("99001/log/stray"), b"x").expect("written");
        std::fs::write(desk.office.published.join("99001/log/checkpoint"), b"x").expect("written");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert_eq!(desk.published(), before);
    })
    .await;
}

#[tokio::test]
async fn late_entries_are_judged_by_the_seals_date() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let late = desk.enter("1-1-1", 2026, (1, 3), 20).await;
        let in_time = desk.enter("1-1-1", 2026, (9, 10), 20).await;
        seal::seal(&desk.office, &desk.code, Actor::System).await.expect("sealed");
        let code = desk.code.clone();
        let found = desk
            .office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let late = store::entry_of_leaf(tx, &code, &late.leaf_id).await?;
                    Ok((late, store::entry_of_leaf(tx, &code, &in_time.leaf_id).await?))
                })
            })
            .await
            .expect("read");
        assert!(found.0.expect("there").is_late());
        assert!(!found.1.expect("there").is_late());
    })
    .await;
}
