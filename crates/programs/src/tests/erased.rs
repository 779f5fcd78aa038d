//! Erased against a log that only grows (T-28): the person's record goes, in every backup too, and nothing moves in
//! the log that her job stands in.

use std::path::Path;
use std::sync::Arc;

use iljari_base::{Actor, Id, Outcome, id};
use iljari_disclosure::log::Checkpoint;
use iljari_disclosure::log::proof::Receipt;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_ledger::keys::KeyFolder;
use iljari_ledger::{seal, store as ledger, totals};
use iljari_people::residents::{self, EraseReason, Purpose, Safe};
use iljari_people::{Cx, OfficeGate};
use iljari_store::Store;
use iljari_store::testing::FreshSqlite;
use iljari_web::Office;

use super::desk::day;
use super::{Desk, codes};
use crate::intake::application_of;
use crate::{chores, participate};

/// A backup as it is taken: every file of the database's folder.
fn back_up(fresh: &FreshSqlite) -> tempfile::TempDir {
    let backup = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(fresh.folder.path()).expect("the data") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, backup.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    backup
}

/// An office over a restored backup, with the keys and the clock of today.
async fn restored(backup: &Path, desk: &Desk) -> Arc<Office> {
    let store = Store::open(&format!("sqlite:{}", backup.join("iljari.db").display())).await.expect("opened");
    let gate = Arc::new(OfficeGate::new(store.clone()));
    Arc::new(Office { store, gate, published: backup.join("published"), ..(*desk.office).clone() })
}

/// What stands of her in an office: her name, and what opens the leaf of her job.
async fn read_there(
    office: &Arc<Office>,
    desk: &Desk,
    at: (i64, i64),
    her: Id<id::Resident>,
) -> (Outcome<String>, Outcome<bool>) {
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref()).expect("keys");
    let cx = Cx::inside(office, Actor::Demo, desk.code.clone());
    let (acting, with) = (cx.clone(), safe.clone());
    let name = office
        .store
        .write(move |tx| {
            Box::pin(async move { Ok(residents::open(tx, &acting, &with, her, Purpose::Rights).await?.name) })
        })
        .await;
    let opening = office
        .store
        .write(move |tx| Box::pin(async move { Ok(participate::opening(tx, &cx, &safe, at).await?.is_some()) }))
        .await;
    (name, opening)
}

/// Root and size of the log as hashed anew, and whether a receipt for this leaf holds under its checkpoint.
async fn log_of(office: &Arc<Office>, desk: &Desk, leaf_id: &str) -> (u64, Hash) {
    let (code, wanted) = (desk.code.clone(), leaf_id.to_owned());
    let (lines, last, entry, wrong) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                Ok((
                    ledger::leaf_lines(tx, &code).await?,
                    ledger::latest_seal(tx, &code).await?.expect("a seal"),
                    ledger::entry_of_leaf(tx, &code, &wanted).await?.expect("her job"),
                    totals::audit(tx, &code).await?,
                ))
            })
        })
        .await
        .expect("read");
    assert!(wrong.is_empty(), "totals are a fold of entries");
    let leaves: Vec<Hash> = lines.iter().map(|line| tree::leaf_hash(line)).collect();
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&desk.code).expect("readable").expect("a key");
    let head = Checkpoint::open(last.checkpoint.as_bytes(), &key).expect("signed by today's key");
    assert_eq!(tree::root(&leaves), head.root, "the log hashes to what was signed");
    let index = u64::try_from(entry.sealed.expect("sealed").leaf_index).expect("a place");
    let receipt = Receipt::issue(&leaves, index, &last.checkpoint, None).expect("a receipt");
    receipt.verify(&entry.body, &key).expect("her job's place is proven");
    (head.size, head.root)
}

#[tokio::test]
async fn an_erased_person_is_gone_from_the_oldest_backup_and_the_log_is_what_it_was() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let no = desk.selected().await;
    desk.clock.set(day("2026-11-30").at_hour(18));
    for app in [1, 2] {
        desk.place(no, app, "1-01").await.expect("placed");
        desk.report(no, app, "2026-11-30").await.expect("reported");
    }
    let leaf = desk.start(&desk.checker, no, 1).await.expect("started").expect("a leaf");
    desk.start(&desk.checker, no, 2).await.expect("started").expect("a leaf");
    seal::seal(&desk.office, &desk.code, Actor::System).await.expect("sealed").expect("something to seal");
    let of = |app: i64| {
        let cx = desk.cx(&desk.clerk);
        desk.write(move |tx| Box::pin(async move { Ok(application_of(tx, &cx, no, app).await?.resident) }))
    };
    let (her, other) = (of(1).await.expect("hers"), of(2).await.expect("another's"));
    let before = log_of(&desk.office, &desk, &leaf).await;
    assert!(before.0 >= 2);
    let total = desk.total().await;
    let oldest = back_up(&fresh);
    let (name, opening) = read_there(&desk.office, &desk, (no, 1), her).await;
    assert_eq!((name.expect("hers").as_str(), opening.expect("hers")), ("이견본", true));

    let cx = desk.cx(&desk.checker);
    desk.write(move |tx| Box::pin(async move { residents::erase(tx, &cx, her, EraseReason::Asked).await }))
        .await
        .expect("erased");
    residents::remember(&desk.office).await.expect("remembered");
    let (name, opening) = read_there(&desk.office, &desk, (no, 1), her).await;
    assert_eq!((codes(&name), codes(&opening)), (vec!["resident-erased"], vec!["resident-erased"]), "here at once");
    assert_eq!(log_of(&desk.office, &desk, &leaf).await, before, "the log is what it was");
    assert_eq!(desk.total().await, total, "her job counts as it did");

    // A backup restored on the next day: the chore of its start erases her again before anybody can look.
    desk.clock.advance_seconds(86_400);
    let young = back_up_of(oldest.path());
    let there = restored(young.path(), &desk).await;
    assert!(residents::rotate_keys(&there).await.expect("the chore").erased_again > 0, "erased once more");
    let (name, _) = read_there(&there, &desk, (no, 1), her).await;
    assert_eq!(codes(&name), ["resident-erased"]);
    assert_eq!(log_of(&there, &desk, &leaf).await, before);
    there.store.close().await;

    // Five weeks of chores; then the oldest backup with the keys of that day.
    for _ in 0..36 {
        desk.clock.advance_seconds(86_400);
        residents::rotate_keys(&desk.office).await.expect("the week's keys");
        chores::run(&desk.office).await.expect("the chores");
    }
    let there = restored(oldest.path(), &desk).await;
    let (name, opening) = read_there(&there, &desk, (no, 1), her).await;
    assert_eq!((codes(&name), codes(&opening)), (vec!["resident-key-gone"], vec!["resident-key-gone"]));
    assert_eq!(log_of(&there, &desk, &leaf).await, before, "root and proofs are what they were");
    seal::catch_up_memory(&there, &desk.code).await.expect("the restored log is the signed one");
    let (name, opening) = read_there(&desk.office, &desk, (no, 2), other).await;
    assert!(name.is_ok() && opening.is_ok(), "whoever was not erased is there");
    assert_eq!(log_of(&desk.office, &desk, &leaf).await, before);
    there.store.close().await;
    fresh.store.close().await;
}

/// A copy of a backup, so that one can be restored twice.
fn back_up_of(backup: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(backup).expect("the backup") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, copy.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    copy
}
