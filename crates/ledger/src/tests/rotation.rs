//! The signing key is replaced: the log goes on, old bundles stay what they were, and a stranger can follow.

use std::sync::Arc;

use iljari_base::{Actor, Outcome, Year};
use iljari_disclosure::bundle::{self, Bundle, Options, verify};
use iljari_disclosure::log::Checkpoint;
use iljari_store::Store;
use iljari_store::testing::faults::{How, broken_at};
use iljari_store::testing::{FreshSqlite, both};

use super::restored::{copy_folder, desk_like, office_over};
use super::{Desk, code_of};
use crate::disclose::{Wish, disclose_with};
use crate::documents::files::Files;
use crate::model::Disclosure;
use crate::publish;
use crate::rotate::rotate;

pub(super) async fn put_out(desk: &Desk) -> Outcome<Disclosure> {
    let wish = Wish {
        year: Year(2026),
        approval_no: "일자리정책과-7 (예시)".to_owned(),
        approval_on: iljari_base::Date::new(2026, 11, 19),
        remark: "정정한 숫자를 다시 냅니다".to_owned(),
    };
    let set = async |_| Ok(Files::from([("documents/알림.txt".to_owned(), b"2026".to_vec())]));
    disclose_with(&desk.office, &desk.cx(&desk.checker), wish, set).await
}

fn bundle_of(desk: &Desk, no: i64) -> Bundle {
    let folder = publish::bundle_folder(&desk.office, &desk.code, no);
    let read = |path: std::path::PathBuf| {
        let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        (bundle::canonical_path(&name), std::fs::read(&path).expect("a file"))
    };
    iljari_store::files::list(&folder).expect("listed").into_iter().map(read).collect()
}

#[tokio::test]
async fn a_log_goes_on_under_a_key_that_the_old_one_named() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        assert_eq!(code_of(&rotate(&desk.office, &desk.code, Actor::Operator).await), "nothing-signed");
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        put_out(&desk).await.expect("disclosed");
        let old = desk.keys().verifier(&desk.code).expect("readable").expect("a key");
        let before = bundle_of(&desk, 1);

        let new = rotate(&desk.office, &desk.code, Actor::Operator).await.expect("rotated");
        assert_ne!(new, old);
        assert_eq!(desk.keys().verifier(&desk.code).expect("readable"), Some(new.clone()));
        let turning = desk.seals().await.pop().expect("a seal").checkpoint;
        for key in [&old, &new] {
            Checkpoint::open(turning.as_bytes(), key).expect("both keys sign the seal in between");
        }

        desk.correct(&entry.leaf_id, 60).await;
        put_out(&desk).await.expect("disclosed under the new key");
        let last = desk.seals().await.pop().expect("a seal").checkpoint;
        assert!(Checkpoint::open(last.as_bytes(), &old).is_err(), "the old key signs no more");
        let after = bundle_of(&desk, 2);
        let named = new.to_string();
        let report = verify(&after, &Options { key: Some(&named), since: Some(&before) });
        assert_eq!((report.exit_code(), report.problems), (0, vec![]));
        let named = old.to_string();
        let report = verify(&after, &Options { key: Some(&named), since: Some(&before) });
        assert_ne!(report.exit_code(), 0, "who knows the old key is told");

        // What the old key signed can be made again, to the byte.
        let published = desk.published();
        std::fs::remove_dir_all(&desk.office.published).expect("removed");
        publish::publish(&desk.office, &desk.code).await.expect("published");
        assert!(desk.published() == published);
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_rotation_that_breaks_anywhere_is_finished_by_whoever_signs_next() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    desk.enter("1-1-1", 2026, (1, 3), 63).await;
    desk.seal().await.expect("sealed").expect("something to seal");
    fresh.store.close().await;
    for how in [How::Fails, How::FailsButPersists] {
        for nth in 0.. {
            let folder = tempfile::tempdir().expect("a folder");
            copy_folder(fresh.folder.path(), folder.path());
            let (keys, published) = (folder.path().join("keys"), folder.path().join("published"));
            copy_folder(&desk.office.keys, &keys);
            copy_folder(&desk.office.published, &published);
            let file = folder.path().join("iljari.db");
            let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("the copy opens");
            let copy =
                Desk { office: Arc::new(office_over(&desk, store.clone(), &keys, &published)), ..desk_like(&desk) };
            let rotating = rotate(&copy.office, &copy.code, Actor::Operator);
            let (rotated, reached) = broken_at(nth, how, rotating).await;
            assert_eq!(rotated.is_err(), reached.len() > nth, "a broken step was told as done");
            if rotated.is_ok() {
                assert!(nth > 20, "only {nth} steps were seen");
                store.close().await;
                break;
            }
            // Nobody rotates again: work simply goes on.
            let told = format!("{how:?} at {:?}", reached[nth]);
            copy.enter("1-1-1", 2026, (4, 6), 20).await;
            put_out(&copy).await.expect(&told);
            let key = copy.keys().verifier(&copy.code).expect("readable").expect("a key").to_string();
            let report = verify(&bundle_of(&copy, 1), &Options { key: Some(&key), since: None });
            assert_eq!((report.exit_code(), report.problems), (0, vec![]), "{told}");
            copy.balances().await;
            store.close().await;
        }
    }
}
