//! Old backups, other histories, lost keys and flipped bits: nothing is signed that does not
//! continue what was signed.

use std::path::Path;
use std::sync::Arc;

use iljari_base::{Entropy as _, FixedClock, SeededEntropy};
use iljari_store::testing::{FreshSqlite, both, on_sqlite, script};
use iljari_store::{Engine, Store, args};
use iljari_web::Office;

use super::bank::bank_test;
use super::{Desk, code_of, fault_rounds, fault_seed};
use crate::keys::KeyFolder;
use crate::record::Figure;
use crate::{publish, seal, store};

pub(super) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for path in iljari_store::files::list(from).expect("listed") {
        let target = to.join(path.strip_prefix(from).expect("below"));
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        std::fs::copy(&path, target).expect("copied");
    }
}

/// The same desk over another database and another key folder.
pub(super) fn office_over(desk: &Desk, store: Store, keys: &Path, published: &Path) -> Office {
    Office {
        store,
        clock: desk.office.clock.clone(),
        entropy: Arc::new(SeededEntropy::new("restored")),
        demo: true,
        published: published.to_owned(),
        keys: keys.to_owned(),
        gate: Arc::clone(&desk.office.gate),
    }
}

#[tokio::test]
async fn a_restored_backup_signs_only_when_it_holds_all_that_was_signed() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let backups = tempfile::tempdir().expect("a folder");
    let chance = fault_seed("backups");
    let first = desk.enter("1-1-1", 2022, (1, 1), 1).await;
    let mut sizes = Vec::new();
    let back_up = |sizes: &mut Vec<i64>, size: i64| {
        copy_folder(fresh.folder.path(), &backups.path().join(sizes.len().to_string()));
        sizes.push(size);
    };
    let mut size = 0;
    for nth in 0..i64::try_from(fault_rounds(40)).expect("small") {
        if chance.below(3) == 0 {
            size = desk.seal().await.expect("sealed").map_or(size, |seal| seal.size);
        } else {
            let month = i8::try_from(nth % 12).expect("small") + 1;
            let year = 2023 + i16::try_from(nth / 12).expect("small");
            if nth < 40 {
                desk.enter("1-1-1", year, (month, month), nth + 1).await;
            } else {
                desk.correct(&first.leaf_id, 1_000 + nth).await;
            }
        }
        back_up(&mut sizes, size);
    }
    desk.seal().await.expect("sealed");
    let signed = desk.keys().last_signed(&desk.code).expect("readable").expect("signed");
    let published = desk.published();
    let signed_size = i64::try_from(signed.size).expect("small");
    back_up(&mut sizes, signed_size);

    let (mut refused, mut signed_again) = (0, 0);
    for (nth, size) in sizes.iter().enumerate() {
        let folder = backups.path().join(nth.to_string());
        let file = folder.join("iljari.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("the backup opens");
        let keys = folder.join("keys");
        copy_folder(&desk.office.keys, &keys);
        copy_folder(&desk.office.published, &folder.join("published"));
        let office = Arc::new(office_over(&desk, store.clone(), &keys, &folder.join("published")));
        let restored =
            Desk { office: Arc::clone(&office), folder: tempfile::tempdir().expect("a folder"), ..desk_like(&desk) };
        // Work goes on in the restored office; only signing waits.
        restored.enter("1-1-2", 2026, (1, 1), 5).await;
        let before = restored.seals().await;
        let code = code_of(&restored.seal().await).to_owned();
        if *size < signed_size {
            assert_eq!(code, "behind-own-signature", "backup {nth}");
            assert_eq!(restored.seals().await, before, "backup {nth}: nothing was signed");
            assert_eq!(code_of(&seal::catch_up_memory(&office, &desk.code).await), "behind-own-signature");
            assert_eq!(restored.keys().last_signed(&desk.code).expect("readable"), Some(signed), "the memory stays");
            // The published tiles are what the missing leaves come back from.
            assert_eq!(code_of(&publish::publish(&office, &desk.code).await), "behind-own-signature");
            assert!(restored.published() == published, "backup {nth}: the published log was set back");
            refused += 1;
        } else {
            assert_eq!(code, "accepted", "backup {nth}");
            signed_again += 1;
        }
        bank_test(&office, &desk.code).await;
        store.close().await;
    }
    assert!(refused > 10 && signed_again > 0, "{refused} refused, {signed_again} signed");
    fresh.store.close().await;
}

/// The people and the clock of a desk, for the same office over another database.
pub(super) fn desk_like(desk: &Desk) -> Desk {
    Desk {
        office: Arc::clone(&desk.office),
        clock: Arc::<FixedClock>::clone(&desk.clock),
        code: desk.code.clone(),
        writer: desk.writer.clone(),
        checker: desk.checker.clone(),
        both: desk.both.clone(),
        folder: tempfile::tempdir().expect("a folder"),
    }
}

#[tokio::test]
async fn another_history_of_the_same_length_is_not_signed_over() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed").expect("something to seal");
        let other = FreshSqlite::make().await;
        let twin = Desk::on(other.store.clone()).await;
        twin.enter("1-1-1", 2026, (1, 3), 64).await;
        twin.seal().await.expect("sealed").expect("something to seal");
        let signed = desk.keys().last_signed(&desk.code).expect("readable").expect("signed");
        let of_twin = twin.keys().last_signed(&twin.code).expect("readable").expect("signed");
        assert!(signed.size == of_twin.size && signed.root != of_twin.root);
        // Today's key folder comes to the other data.
        copy_folder(&desk.office.keys, &twin.office.keys);
        twin.enter("1-1-1", 2026, (4, 6), 5).await;
        assert_eq!(code_of(&twin.seal().await), "differs-from-own-signature");
        assert_eq!(code_of(&seal::catch_up_memory(&twin.office, &twin.code).await), "differs-from-own-signature");
        other.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_log_is_not_signed_on_with_a_key_that_nobody_knows() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let first = desk.seal().await.expect("sealed").expect("the plan's leaf");
        let kept = tempfile::tempdir().expect("a folder");
        copy_folder(&desk.office.keys, kept.path());
        std::fs::remove_dir_all(&desk.office.keys).expect("the key folder is lost");
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        assert_eq!(code_of(&desk.seal().await), "other-key");
        assert_eq!(desk.seals().await, std::slice::from_ref(&first));
        assert_eq!(desk.published_checkpoint(), first.checkpoint);
        copy_folder(kept.path(), &desk.office.keys);
        desk.seal().await.expect("sealed").expect("something to seal");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn any_flipped_bit_of_a_sealed_entry_is_caught_before_the_next_signature() {
    both(async |store: Store| {
        let desk = Desk::on(store.clone()).await;
        for month in 1..=9 {
            desk.enter("1-1-1", 2026, (month, month), 20 + i64::from(month)).await;
            if month % 4 == 0 {
                desk.seal().await.expect("sealed");
            }
        }
        desk.seal().await.expect("sealed");
        desk.enter("1-1-1", 2026, (10, 11), 50).await;
        let (seals, published) = (desk.seals().await, desk.published());
        let unlock = match store.engine() {
            Engine::Sqlite => "DROP TRIGGER entry_no_update",
            Engine::Postgres => "DROP TRIGGER entry_no_change ON entry",
        };
        script(&store, unlock).await.expect("unlocked");
        let set = async |seq: i64, body: Vec<u8>| {
            let set = "UPDATE entry SET body = $1 WHERE seq = $2";
            let done =
                desk.write(move |tx| Box::pin(async move { Ok(tx.execute(set, args![body, seq]).await?) })).await;
            assert_eq!(done.expect("set"), 1);
        };
        let chance = fault_seed("flips");
        let pick = |bound: usize| usize::try_from(chance.below(u64::try_from(bound).expect("small"))).expect("small");
        let sealed: Vec<_> = desk.entries().await.into_iter().filter(|entry| entry.sealed.is_some()).collect();
        for nth in 0..fault_rounds(60) {
            let entry = &sealed[pick(sealed.len())];
            let mut body = entry.body.clone();
            let (place, bit) = (pick(body.len()), pick(8));
            body[place] ^= 1 << bit;
            set(entry.seq, body).await;
            let told = format!("flip {nth}: entry {}, byte {place}, bit {bit}", entry.seq);
            assert_eq!(code_of(&desk.seal().await), "inconsistent", "{told}");
            assert_eq!(code_of(&seal::catch_up_memory(&desk.office, &desk.code).await), "inconsistent", "{told}");
            assert_eq!(code_of(&publish::publish(&desk.office, &desk.code).await), "inconsistent", "{told}");
            set(entry.seq, entry.body.clone()).await;
        }
        assert_eq!(desk.seals().await, seals);
        assert!(desk.published() == published, "something was published over flipped data");
        desk.seal().await.expect("sealed").expect("all is well again");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_flipped_bit_of_a_published_file_is_mended_and_never_signed() {
    on_sqlite(async |store: Store| {
        let desk = Desk::on(store).await;
        for month in 1..=6 {
            desk.enter("1-1-1", 2026, (month, month), 20 + i64::from(month)).await;
        }
        desk.seal().await.expect("sealed").expect("something to seal");
        let whole = desk.published();
        let names: Vec<&String> = whole.keys().collect();
        let chance = fault_seed("published flips");
        let pick = |bound: usize| usize::try_from(chance.below(u64::try_from(bound).expect("small"))).expect("small");
        for nth in 0..fault_rounds(60) {
            let name = names[pick(names.len())];
            let mut bytes = whole[name].clone();
            let place = pick(bytes.len());
            bytes[place] ^= 1 << pick(8);
            std::fs::write(desk.office.published.join(name), bytes).expect("written");
            publish::publish(&desk.office, &desk.code).await.expect("published");
            assert!(desk.published() == whole, "flip {nth}: {name}, byte {place}");
        }
        // What is signed next comes from the entries, whatever lies in the folder.
        let checkpoint = desk.office.published.join(desk.code.as_str()).join("log/checkpoint");
        std::fs::write(checkpoint, b"demo.iljari.example/99001\n9\n").expect("written");
        desk.enter("1-1-1", 2026, (7, 7), 9).await;
        desk.seal().await.expect("sealed").expect("something to seal");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_changed_seal_is_caught_as_well() {
    both(async |store: Store| {
        let desk = Desk::on(store.clone()).await;
        let first = desk.seal().await.expect("sealed").expect("the plan's leaf");
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let unlock = match store.engine() {
            Engine::Sqlite => "DROP TRIGGER seal_no_update",
            Engine::Postgres => "DROP TRIGGER seal_no_change ON seal",
        };
        script(&store, unlock).await.expect("unlocked");
        for (column, wrong) in [("root", "'ab'"), ("size", "7"), ("checkpoint", "'x'")] {
            script(&store, &format!("UPDATE seal SET {column} = {wrong} WHERE no = 1")).await.expect("changed");
            assert_eq!(code_of(&desk.seal().await), "inconsistent", "{column}");
            let mend = "UPDATE seal SET root = $1, size = $2, checkpoint = $3 WHERE no = 1";
            let was = args![&first.root, first.size, &first.checkpoint];
            let mended = desk.write(move |tx| Box::pin(async move { Ok(tx.execute(mend, was).await?) })).await;
            mended.expect("mended");
        }
        desk.seal().await.expect("sealed").expect("all is well again");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_crash_anywhere_after_the_seal_is_mended_at_the_next_start() {
    on_sqlite(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed");
        let lagging = tempfile::tempdir().expect("a folder");
        copy_folder(&desk.office.keys, &lagging.path().join("keys"));
        copy_folder(&desk.office.published, &lagging.path().join("published"));
        desk.enter("1-1-1", 2026, (4, 6), 50).await;
        desk.seal().await.expect("sealed");
        let whole = desk.published();
        let names: Vec<&String> = whole.keys().collect();
        // The database has the second seal; the key folder and each published file may lack it.
        for cut in 0..=names.len() {
            std::fs::remove_dir_all(&desk.office.keys).expect("removed");
            std::fs::remove_dir_all(&desk.office.published).expect("removed");
            copy_folder(&lagging.path().join("keys"), &desk.office.keys);
            copy_folder(&lagging.path().join("published"), &desk.office.published);
            for name in &names[..cut] {
                let path = desk.office.published.join(name);
                iljari_store::files::write_whole(&path, &whole[*name], false).expect("written");
            }
            // Half a file that was being written when the power went.
            let half = desk.office.published.join(desk.code.as_str()).join("log/.checkpoint.new");
            std::fs::write(half, b"demo.ilj").expect("written");
            seal::catch_up_memory(&desk.office, &desk.code).await.expect("caught up");
            publish::publish(&desk.office, &desk.code).await.expect("published");
            assert!(desk.published() == whole, "cut after {cut} files");
            let keys = KeyFolder::new(&desk.office.keys, true);
            let last = desk.look(|tx, code| Box::pin(store::latest_seal(tx, code))).await.expect("a seal");
            let memory = keys.last_signed(&desk.code).expect("readable").expect("signed");
            assert_eq!((i64::try_from(memory.size).expect("small"), memory.root.to_string()), (last.size, last.root));
        }
        let waiting = desk.record(&desk.writer, "1-1-1", (7, 9), Figure::Own(9)).await.expect("written");
        desk.confirm(&desk.checker, &waiting).await.expect("confirmed");
        desk.seal().await.expect("sealed").expect("the log goes on");
        desk.balances().await;
    })
    .await;
}
