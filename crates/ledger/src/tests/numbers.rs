//! A number from the first person to the second, and everything that is refused on the way.

use iljari_store::Store;
use iljari_store::testing::both;

use super::{Desk, code_of, facts, number, period};
use crate::model::{EntryKind, StagedState};
use crate::record::{self, Counting, Figure};
use crate::{store, totals};

#[tokio::test]
async fn a_total_moves_when_the_second_person_confirms_and_not_before() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let staged = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(120)).await.expect("written");
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
        assert_eq!(code_of(&desk.confirm(&desk.writer, &staged).await), "own-confirmation");
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
        let entry = desk.confirm(&desk.checker, &staged).await.expect("confirmed");
        assert_eq!(desk.total("1-1-1", 2026).await, 120);
        assert_eq!((entry.recorded_by, entry.confirmed_by), (desk.writer.actor(), desk.checker.actor()));
        assert_eq!(code_of(&desk.confirm(&desk.checker, &staged).await), "already-decided");
        assert_eq!(desk.total("1-1-1", 2026).await, 120);
    })
    .await;
}

#[tokio::test]
async fn nobody_confirms_their_own_number_whatever_their_duties() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let staged = desk.record(&desk.both, "1-1-1", (1, 3), Figure::Own(120)).await.expect("written");
        assert_eq!(code_of(&desk.confirm(&desk.both, &staged).await), "own-confirmation");
        assert_eq!(code_of(&desk.confirm(&desk.writer, &staged).await), "not-confirmer");
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
    })
    .await;
}

#[tokio::test]
async fn two_confirmers_at_once_make_one_entry() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        for round in 0..10 {
            let month = i8::try_from(round).expect("small") + 1;
            let staged = desk.record(&desk.writer, "1-1-1", (month, month), Figure::Own(7)).await.expect("written");
            let (one, other) = tokio::join!(desk.confirm(&desk.checker, &staged), desk.confirm(&desk.both, &staged));
            let mut codes = [code_of(&one), code_of(&other)];
            codes.sort_unstable();
            assert_eq!(codes, ["accepted", "already-decided"]);
            assert_eq!(desk.total("1-1-1", 2026).await, 7 * i64::from(month));
        }
    })
    .await;
}

#[tokio::test]
async fn two_officers_cannot_hand_in_the_same_months() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let (one, other) = tokio::join!(
            desk.record(&desk.writer, "1-1-1", (1, 6), Figure::Own(30)),
            desk.record(&desk.both, "1-1-1", (6, 8), Figure::Own(30)),
        );
        let mut codes = [code_of(&one), code_of(&other)];
        codes.sort_unstable();
        assert_eq!(codes, ["accepted", "overlapping-period"]);
        assert_eq!(code_of(&desk.record(&desk.both, "1-1-2", (6, 8), Figure::Own(30)).await), "accepted");
    })
    .await;
}

#[tokio::test]
async fn refusals_come_in_their_order() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        desk.enter("1-1-1", 2026, (1, 3), 120).await;
        let by_record = {
            let mut facts = facts("1-1-1");
            facts.counting = Counting::Records;
            facts
        };
        let rrn = "홍예시 900101-1234567";
        let across = {
            let mut number = number(2025, (12, 12), Figure::Own(5), "");
            number.period = iljari_base::Period::new(period(2025, (12, 12)).first(), period(2026, (1, 1)).last())
                .expect("a period");
            number
        };
        let table = [
            // Each line has every fault of the lines below it too, where the two can meet.
            (&by_record, number(2026, (11, 12), Figure::Own(0), rrn), "resident-number"),
            (&by_record, number(2026, (11, 12), Figure::Own(0), &"길".repeat(501)), "remark-too-long"),
            (&by_record, number(2026, (11, 12), Figure::Own(0), ""), "counted-by-record"),
            (&facts("1-1-1"), number(2026, (11, 12), Figure::Own(0), ""), "future-period"),
            (&facts("1-1-1"), across, "two-years"),
            (&facts("1-1-1"), number(2026, (2, 3), Figure::Cumulative(0), ""), "cumulative-from-january"),
            (&facts("1-1-1"), number(2026, (1, 3), Figure::Own(0), ""), "not-positive"),
            (&facts("1-1-1"), number(2026, (1, 3), Figure::Own(-4), ""), "not-positive"),
            (&facts("1-1-1"), number(2026, (3, 5), Figure::Own(5000), ""), "overlapping-period"),
            (&facts("1-1-1"), number(2026, (1, 2), Figure::Cumulative(200), ""), "overlapping-period"),
            (&facts("1-1-1"), number(2026, (1, 6), Figure::Cumulative(100), ""), "falling-cumulative"),
            (&facts("1-1-1"), number(2026, (1, 6), Figure::Cumulative(120), ""), "nothing-new"),
            (&facts("1-1-1"), number(2026, (4, 6), Figure::Own(1200), ""), "ten-times"),
            (&facts("1-1-1"), number(2026, (4, 6), Figure::Own(1200), "기관이 열 곳 늘었습니다"), "accepted"),
        ];
        for (facts, number, expected) in table {
            let told = format!("{number:?}");
            assert_eq!(code_of(&desk.record_as(&desk.writer, facts, number).await), expected, "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn cumulative_figures_enter_as_what_they_add() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let first = number(2022, (1, 9), Figure::Cumulative(13262), "3분기 보도");
        let staged = desk.record_as(&desk.writer, &facts("1-1-1"), first).await.expect("written");
        desk.confirm(&desk.checker, &staged).await.expect("confirmed");
        let year = number(2022, (1, 12), Figure::Cumulative(14955), "연말 보도");
        let staged = desk.record_as(&desk.writer, &facts("1-1-1"), year).await.expect("written");
        assert_eq!((staged.counted.period, staged.counted.amount), (period(2022, (10, 12)), 1693));
        assert_eq!(staged.as_typed, "누계 14,955");
        desk.confirm(&desk.checker, &staged).await.expect("confirmed");
        assert_eq!(desk.total("1-1-1", 2022).await, 14955);
    })
    .await;
}

#[tokio::test]
async fn a_number_is_sent_back_with_a_reason_or_taken_back_by_its_writer() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let staged = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(120)).await.expect("written");
        let send_back = async |reason: &'static str| {
            let (cx, viewer, id) = (desk.cx(&desk.checker), desk.checker.clone(), staged.id);
            desk.write(move |tx| Box::pin(async move { record::send_back(tx, &cx, &viewer, id, reason).await })).await
        };
        assert_eq!(code_of(&send_back("왜").await), "send-back-without-reason");
        send_back("근거 시트가 없습니다").await.expect("sent back");
        assert_eq!(code_of(&send_back("근거 시트가 없습니다").await), "already-decided");
        let again =
            desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(119)).await.expect("the months are free again");
        let withdraw = async |by: &iljari_web::Viewer| {
            let (cx, id) = (desk.cx(by), again.id);
            desk.write(move |tx| Box::pin(async move { record::withdraw(tx, &cx, id).await })).await
        };
        assert_eq!(code_of(&withdraw(&desk.both).await), "not-your-own");
        withdraw(&desk.writer).await.expect("taken back");
        let code = desk.code.clone();
        let (waiting, decided) = desk
            .office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    Ok((store::staged_waiting(tx, &code).await?, store::staged_decided(tx, &code, 10).await?))
                })
            })
            .await
            .expect("read");
        assert!(waiting.is_empty());
        assert!(
            decided.iter().any(
                |one| matches!(&one.state, StagedState::SentBack { reason, .. } if reason == "근거 시트가 없습니다")
            )
        );
        assert!(decided.iter().any(|one| matches!(one.state, StagedState::Withdrawn { .. })));
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_entry_is_answered_by_a_correction_and_never_goes_below_zero() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        assert_eq!(code_of(&desk.stage_correction("ff00ff00ff00ff00ff00ff00ff00ff00", 1).await), "no-such-entry");
        assert_eq!(code_of(&desk.stage_correction(&entry.leaf_id, -1).await), "below-zero");
        assert_eq!(code_of(&desk.stage_correction(&entry.leaf_id, 63).await), "nothing-new");
        let correction = desk.correct(&entry.leaf_id, 58).await;
        assert_eq!(desk.total("1-1-1", 2026).await, 58);
        assert_eq!(
            (correction.kind, correction.answers.as_deref()),
            (EntryKind::Correction, Some(entry.leaf_id.as_str()))
        );
        assert_eq!(code_of(&desk.stage_correction(&correction.leaf_id, 60).await), "correction-of-correction");
        let waiting = desk.stage_correction(&entry.leaf_id, 0).await.expect("written");
        assert_eq!(waiting.as_typed, "58 → 0");
        assert_eq!(code_of(&desk.stage_correction(&entry.leaf_id, 1).await), "correction-waiting");
        desk.confirm(&desk.checker, &waiting).await.expect("confirmed");
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
        let code = desk.code.clone();
        let leaf_id = entry.leaf_id.clone();
        let corrections = desk
            .office
            .store
            .read(move |tx| Box::pin(async move { store::corrections_of(tx, &code, &leaf_id).await }))
            .await
            .expect("read");
        let amounts: Vec<i64> = corrections.iter().filter_map(|one| one.counted.as_ref()).map(|it| it.amount).collect();
        assert_eq!(amounts, [-5, -58]);
    })
    .await;
}

#[tokio::test]
async fn totals_are_a_fold_of_entries_and_a_planted_difference_is_found() {
    both(async |store: Store| {
        let raw = store.clone();
        let desk = Desk::on(store).await;
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.enter("1-1-2", 2026, (1, 3), 40).await;
        desk.enter("1-1-1", 2025, (1, 12), 11).await;
        desk.correct(&entry.leaf_id, 58).await;
        let audit = async || {
            let code = desk.code.clone();
            desk.office
                .store
                .read(move |tx| Box::pin(async move { totals::audit(tx, &code).await }))
                .await
                .expect("audited")
        };
        let kept = async || {
            let code = desk.code.clone();
            desk.office
                .store
                .read(move |tx| Box::pin(async move { store::totals(tx, &code).await }))
                .await
                .expect("totals")
        };
        assert_eq!(audit().await, []);
        let before = kept().await;
        iljari_store::testing::script(&raw, "UPDATE total SET sums = sums + 1 WHERE node = '1-1-2'")
            .await
            .expect("planted");
        let found = audit().await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kept_up.total(), found[0].from_entries.total()), (41, 40));
        let (code, clock) = (desk.code.clone(), desk.clock.clone());
        desk.write(move |tx| Box::pin(async move { totals::rebuild(tx, &*clock, &code).await }))
            .await
            .expect("rebuilt");
        assert_eq!((kept().await, audit().await), (before, Vec::new()));
        // A number changed beside its leaf: pages would show it by month, so it is found too.
        let unlock = match raw.engine() {
            iljari_store::Engine::Sqlite => "DROP TRIGGER entry_no_update",
            iljari_store::Engine::Postgres => "DROP TRIGGER entry_no_change ON entry",
        };
        for script in [unlock, "UPDATE entry SET amount = 41 WHERE amount = 40"] {
            iljari_store::testing::script(&raw, script).await.expect("planted");
        }
        let found = audit().await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].in_columns.total(), found[0].from_entries.total(), found[0].kept_up.total()),
            (41, 40, 40)
        );
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_what_is_entered() {
    both(async |store: Store| {
        let desk = Desk::on(store.clone()).await;
        desk.enter("1-1-1", 2026, (1, 3), 63).await;
        desk.seal().await.expect("sealed");
        for statement in [
            "UPDATE entry SET amount = 64 WHERE amount = 63",
            "DELETE FROM entry",
            "UPDATE seal SET size = size + 1",
            "DELETE FROM seal",
            "UPDATE sealed_leaf SET leaf_index = leaf_index + 100",
            "DELETE FROM sealed_leaf",
            "UPDATE plan_file SET body = body",
            "DELETE FROM plan_file",
        ] {
            let refused = store
                .write(move |tx| Box::pin(async move { Ok(tx.execute(statement, iljari_store::args![]).await?) }))
                .await;
            assert!(refused.is_err(), "{statement}");
        }
        assert_eq!(desk.total("1-1-1", 2026).await, 63);
    })
    .await;
}
