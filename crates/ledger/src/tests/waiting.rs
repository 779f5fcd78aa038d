//! The statements on what waits and what was disclosed, told on both engines.

use iljari_base::id::{self, Id};
use iljari_base::{Date, Stop, Year};
use iljari_disclosure::log::words::Why;
use iljari_store::testing::both;
use iljari_store::{Store, Tx, args};

use super::statements::{Maker, counted, garam, naru, on};
use crate::model::{Disclosure, Staged, StagedState};
use crate::store;

#[tokio::test]
async fn a_staged_number_comes_back_in_each_of_its_states() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let naru = naru();
                let plain = make.staged(&naru, 63);
                let correction = Staged {
                    correction: Some(("ab".repeat(16), Why::Slip)),
                    counted: counted("1-1-1", (1, 3), -5),
                    as_typed: "63 → 58".to_owned(),
                    ..make.staged(&naru, 0)
                };
                let back = make.staged(&naru, 12);
                for staged in [&plain, &correction, &back] {
                    make.clock.advance_seconds(1);
                    store::insert_staged(tx, staged).await?;
                    assert_eq!(store::staged_of(tx, &naru, staged.id).await?.as_ref(), Some(staged));
                }
                assert_eq!(store::staged_of(tx, &garam(), plain.id).await?, None, "another district's is not found");
                assert_eq!(store::staged_waiting(tx, &naru).await?.len(), 3);
                assert_eq!(store::staged_waiting(tx, &garam()).await?, []);
                assert_eq!(store::staged_decided(tx, &naru, 9).await?, []);

                let at = make.now();
                let confirmed = StagedState::Confirmed { by: make.checker, at, entry_seq: 7 };
                assert!(!store::decide_staged(tx, &garam(), plain.id, &confirmed, make.checker, at).await?);
                assert!(store::decide_staged(tx, &naru, plain.id, &confirmed, make.checker, at).await?);
                let twice = StagedState::Withdrawn { at };
                assert!(!store::decide_staged(tx, &naru, plain.id, &twice, make.writer, at).await?, "decided once");
                make.clock.advance_seconds(60);
                let later = make.now();
                let reason = "2번 시트가 빠졌습니다".to_owned();
                let sent = StagedState::SentBack { by: make.checker, at: later, reason };
                assert!(store::decide_staged(tx, &naru, back.id, &sent, make.checker, later).await?);
                make.clock.advance_seconds(60);
                let last = StagedState::Withdrawn { at: make.now() };
                assert!(store::decide_staged(tx, &naru, correction.id, &last, make.writer, make.now()).await?);

                let state = async |tx: &mut Tx, id: Id<id::Staged>| store::staged_of(tx, &naru, id).await;
                assert_eq!(state(tx, plain.id).await?.map(|it| it.state), Some(confirmed));
                assert_eq!(state(tx, back.id).await?.map(|it| it.state), Some(sent));
                assert_eq!(state(tx, correction.id).await?, Some(Staged { state: last, ..correction.clone() }));
                assert_eq!(store::staged_waiting(tx, &naru).await?, []);
                let newest: Vec<_> = store::staged_decided(tx, &naru, 2).await?.iter().map(|it| it.id).collect();
                assert_eq!(newest, [correction.id, back.id], "the newest first, and no more than wanted");
                Ok(())
            })
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_disclosure_comes_back_with_and_without_what_may_be_absent() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let naru = naru();
                let first = Disclosure {
                    id: make.id(),
                    no: 1,
                    year: Year(2025),
                    leaf_id: "ab".repeat(16),
                    first_seal: 3,
                    books_seq: 2,
                    corrects_no: None,
                    approval_no: String::new(),
                    approval_on: None,
                    remark: "결재가 다음 주입니다".to_owned(),
                    disclosed_by: make.checker,
                    disclosed_at: make.now(),
                };
                let second = Disclosure {
                    id: make.id(),
                    no: 2,
                    corrects_no: Some(1),
                    approval_no: "일자리정책과-1201".to_owned(),
                    approval_on: Date::new(2026, 3, 26),
                    leaf_id: "cd".repeat(16),
                    ..first.clone()
                };
                store::insert_disclosure(tx, &naru, &second).await?;
                store::insert_disclosure(tx, &naru, &first).await?;
                assert_eq!(store::disclosures(tx, &naru).await?, [first, second], "oldest first");
                assert_eq!(store::disclosures(tx, &garam()).await?, []);
                Ok(())
            })
        })
        .await;
        for fault in ["UPDATE disclosure SET remark = '다른 말' WHERE no = 1", "DELETE FROM disclosure"] {
            let told = store.write(move |tx| Box::pin(async move { Ok(tx.execute(fault, args![]).await?) })).await;
            assert!(told.expect_err(fault).to_string().contains("a trigger refused it"), "{fault}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_is_told_with_its_table_and_column() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                store::insert_staged(tx, &make.staged(&naru(), 63)).await?;
                tx.execute("UPDATE staged SET state = 'lost'", args![]).await?;
                Ok(())
            })
        })
        .await;
        let decided = store.read(|tx| Box::pin(async move { store::staged_decided(tx, &naru(), 9).await })).await;
        let Err(Stop::Inconsistent(found)) = decided else { panic!("an unknown state was read: {decided:?}") };
        assert_eq!((found.table, found.column.as_str(), found.row.as_str()), ("staged", "state", "lost"));
    })
    .await;
}
