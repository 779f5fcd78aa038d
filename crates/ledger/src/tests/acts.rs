//! What the acts refuse and in which order, beyond the everyday: deputies, successors, other
//! districts, figures that no longer fit.

use iljari_base::id::{self, Id};
use iljari_base::{Date, Outcome};
use iljari_disclosure::log::words::Why;
use iljari_people::Cx;
use iljari_people::deputy::{Appointment, appoint_deputy};
use iljari_people::handover::{HandoverWanted, hand_over};
use iljari_store::Store;
use iljari_store::testing::both;
use iljari_web::Viewer;

use super::{Desk, code_of, facts, number, period};
use crate::model::{Counted, Staged, StagedState};
use crate::record::{self, Figure};
use crate::store;

impl Desk {
    async fn correct_as(&self, cx: Cx, leaf_id: &str, right: i64, remark: &str) -> Outcome<Id<id::Staged>> {
        let (leaf_id, remark) = (leaf_id.to_owned(), remark.to_owned());
        let act =
            async move |tx: &mut iljari_store::Tx| record::correct(tx, &cx, &leaf_id, right, Why::Slip, &remark).await;
        self.write(move |tx| Box::pin(async move { act(tx).await })).await
    }

    /// Puts a number among the waiting that no form would let in.
    async fn stage(&self, like: &Staged, counted: Counted) -> Staged {
        let id = Id::fresh(&*self.clock, &*self.office.entropy);
        let staged = Staged { id, counted, state: StagedState::Waiting, ..like.clone() };
        let copy = staged.clone();
        self.write(move |tx| Box::pin(async move { store::insert_staged(tx, &copy).await })).await.expect("staged");
        staged
    }

    async fn send_back(&self, by: &Viewer, staged: &Staged, reason: &str) -> Outcome<()> {
        let (cx, viewer, id, reason) = (self.cx(by), by.clone(), staged.id, reason.to_owned());
        self.write(move |tx| Box::pin(async move { record::send_back(tx, &cx, &viewer, id, &reason).await })).await
    }

    async fn withdraw(&self, cx: Cx, staged: &Staged) -> Outcome<()> {
        let id = staged.id;
        self.write(move |tx| Box::pin(async move { record::withdraw(tx, &cx, id).await })).await
    }

    async fn deputise(&self, principal: &Viewer, deputy: &Viewer, until: Date) {
        let cx = self.cx(principal);
        let wanted = Appointment { principal: principal.officer, deputy: deputy.officer, from: cx.today(), until };
        self.write(move |tx| Box::pin(async move { appoint_deputy(tx, &cx, wanted).await })).await.expect("appointed");
    }
}

fn today() -> Date {
    Date::new(2026, 11, 20).expect("a day")
}

#[tokio::test]
async fn corrections_are_refused_in_their_order() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let corrected = desk.enter("1-1-2", 2026, (1, 3), 20).await;
        let correction = desk.correct(&corrected.leaf_id, 19).await;
        let waiting = desk.enter("1-1-2", 2026, (4, 6), 8).await;
        desk.stage_correction(&waiting.leaf_id, 9).await.expect("waits");
        let plan = desk.entries().await.into_iter().find(|entry| entry.counted.is_none()).expect("the plan's leaf");
        let (nobody, why) = ("f".repeat(32), "오타를 바로잡습니다");
        let table: [(&str, i64, String, &str); 12] = [
            // Each line has the faults of the lines below it too, where the two can meet.
            (&nobody, -1, format!("홍예시 900101-1234567 {}", "길".repeat(500)), "resident-number"),
            (&nobody, -1, "길".repeat(501), "remark-too-long"),
            (&nobody, -1, "   오타임   ".to_owned(), "correction-without-reason"),
            (&nobody, -1, why.to_owned(), "no-such-entry"),
            (&correction.leaf_id, -1, why.to_owned(), "correction-of-correction"),
            (&plan.leaf_id, -1, why.to_owned(), "not-a-count"),
            (&waiting.leaf_id, -1, why.to_owned(), "correction-waiting"),
            (&entry.leaf_id, i64::MIN, why.to_owned(), "below-zero"),
            (&entry.leaf_id, -1, why.to_owned(), "below-zero"),
            (&entry.leaf_id, i64::MAX, why.to_owned(), "too-large"),
            (&entry.leaf_id, 63, why.to_owned(), "nothing-new"),
            (&entry.leaf_id, 64, why.to_owned(), "accepted"),
        ];
        for (leaf_id, right, remark, expected) in table {
            let outcome = desk.correct_as(desk.cx(&desk.writer), leaf_id, right, &remark).await;
            assert_eq!(code_of(&outcome), expected, "{leaf_id} {right} {remark}");
        }
        // 20 was corrected to 19, which is what stands: 20 is news, 19 is not.
        let again = async |right| desk.correct_as(desk.cx(&desk.writer), &corrected.leaf_id, right, why).await;
        assert_eq!(code_of(&again(19).await), "nothing-new");
        assert_eq!(code_of(&again(20).await), "accepted");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_number_no_leaf_can_hold_is_refused_when_it_is_typed() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let most = 1_000_000_000;
        for figure in [Figure::Own(most + 1), Figure::Own(i64::MAX), Figure::Cumulative(i64::MAX)] {
            assert_eq!(code_of(&desk.record(&desk.writer, "1-1-1", (1, 3), figure).await), "too-large", "{figure:?}");
        }
        let staged = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(most)).await.expect("written");
        let entry = desk.confirm(&desk.checker, &staged).await.expect("confirmed");
        assert_eq!(desk.total("1-1-1", 2026).await, most);
        desk.correct(&entry.leaf_id, 0).await;
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_deputy_confirms_for_another_but_never_round_about_for_oneself() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let of_both = desk.record(&desk.both, "1-1-1", (1, 3), Figure::Own(30)).await.expect("written");
        let of_checker = desk.record(&desk.checker, "1-1-1", (4, 6), Figure::Own(40)).await.expect("written");
        let own = desk.record(&desk.writer, "1-1-1", (7, 9), Figure::Own(50)).await.expect("written");
        assert_eq!(code_of(&desk.confirm(&desk.writer, &of_both).await), "not-confirmer");

        desk.deputise(&desk.both, &desk.writer, today().plus_days(3)).await;
        // Deputising for the one who wrote it would be that one's own confirmation.
        assert_eq!(code_of(&desk.confirm(&desk.writer, &of_both).await), "own-confirmation");
        assert_eq!(code_of(&desk.send_back(&desk.writer, &of_both, "시트가 다릅니다").await), "own-confirmation");
        assert_eq!(code_of(&desk.confirm(&desk.writer, &own).await), "own-confirmation");
        let entry = desk.confirm(&desk.writer, &of_checker).await.expect("for 홍예시");
        assert_eq!((entry.recorded_by, entry.confirmed_by), (desk.checker.actor(), desk.writer.actor()));

        // The day after the last day it is over.
        desk.clock.advance_seconds(4 * 86_400);
        let later = desk.record(&desk.checker, "1-1-2", (4, 6), Figure::Own(4)).await.expect("written");
        assert_eq!(code_of(&desk.confirm(&desk.writer, &later).await), "not-confirmer");
        assert_eq!(desk.total("1-1-1", 2026).await, 40);
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_over_may_take_back_what_waits_and_still_cannot_confirm_it() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let before = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(30)).await.expect("written");
        assert_eq!(code_of(&desk.withdraw(desk.cx(&desk.both), &before).await), "not-your-own");
        let cx = desk.cx(&desk.checker);
        let wanted = HandoverWanted {
            from: desk.writer.officer,
            to: desk.both.officer,
            effective_on: today(),
            remark: "자리를 옮깁니다".to_owned(),
        };
        desk.write(move |tx| Box::pin(async move { hand_over(tx, &cx, wanted).await })).await.expect("handed over");
        desk.withdraw(desk.cx(&desk.both), &before).await.expect("taken over, taken back");
        assert_eq!(code_of(&desk.withdraw(desk.cx(&desk.both), &before).await), "already-decided");
        assert_eq!(code_of(&desk.confirm(&desk.checker, &before).await), "already-decided");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn what_waits_in_another_district_is_not_there() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let staged = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(30)).await.expect("written");
        let entry = desk.enter("1-1-2", 2026, (1, 3), 7).await;
        let elsewhere = || Cx { district: "99002".parse().expect("a code"), ..desk.cx(&desk.checker) };
        let (cx, viewer, id) = (elsewhere(), desk.checker.clone(), staged.id);
        let confirmed: Outcome<_> =
            desk.write(move |tx| Box::pin(async move { record::confirm(tx, &cx, &viewer, id).await })).await;
        assert_eq!(code_of(&confirmed), "not-yours-to-see");
        assert_eq!(code_of(&desk.withdraw(elsewhere(), &staged).await), "not-yours-to-see");
        let correction = desk.correct_as(elsewhere(), &entry.leaf_id, 6, "오타를 바로잡습니다").await;
        assert_eq!(code_of(&correction), "no-such-entry");
        assert_eq!(desk.total("1-1-1", 2026).await, 0);
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_correction_sent_back_leaves_the_entry_free_for_another() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let entry = desk.enter("1-1-1", 2026, (1, 3), 63).await;
        let first = desk.stage_correction(&entry.leaf_id, 50).await.expect("written");
        desk.send_back(&desk.checker, &first, "13건이 아니라 5건입니다").await.expect("sent back");
        assert_eq!(desk.total("1-1-1", 2026).await, 63);
        desk.correct(&entry.leaf_id, 58).await;
        assert_eq!(desk.total("1-1-1", 2026).await, 58);
        assert_eq!(code_of(&desk.confirm(&desk.checker, &first).await), "already-decided");
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn what_no_longer_fits_is_refused_at_its_confirmation() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let written = desk.record(&desk.writer, "1-1-1", (1, 3), Figure::Own(63)).await.expect("written");
        let twin = desk.stage(&written, written.counted.clone()).await;
        let beside = desk.stage(&written, Counted { period: period(2026, (3, 5)), ..written.counted.clone() }).await;
        let entry = desk.confirm(&desk.checker, &written).await.expect("confirmed");
        for late in [&twin, &beside] {
            assert_eq!(code_of(&desk.confirm(&desk.checker, late).await), "overlapping-period");
        }
        let correction = desk.stage_correction(&entry.leaf_id, 3).await.expect("written");
        let too_much = desk.stage(&correction, Counted { amount: -61, ..correction.counted.clone() }).await;
        desk.confirm(&desk.checker, &correction).await.expect("confirmed");
        assert_eq!(code_of(&desk.confirm(&desk.checker, &too_much).await), "below-zero");
        assert_eq!(desk.total("1-1-1", 2026).await, 3);
        desk.balances().await;
    })
    .await;
}

#[tokio::test]
async fn a_cumulative_figure_is_not_confirmed_over_a_sum_that_has_moved() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let up_to = async |months, sum| {
            let typed = number(2022, months, Figure::Cumulative(sum), "보도 자료");
            desk.record_as(&desk.writer, &facts("1-1-1"), typed).await.expect("written")
        };
        let september = up_to((1, 9), 13_262).await;
        let december = up_to((1, 12), 14_955).await;
        assert_eq!((december.counted.period, december.counted.amount), (period(2022, (10, 12)), 1693));
        // Confirmed alone, the year would read 1,693 where the officer wrote 14,955.
        assert_eq!(code_of(&desk.confirm(&desk.checker, &december).await), "cumulative-moved");
        desk.send_back(&desk.checker, &september, "시트가 다릅니다").await.expect("sent back");
        assert_eq!(code_of(&desk.confirm(&desk.checker, &december).await), "cumulative-moved");
        desk.send_back(&desk.checker, &december, "다시 적어 주세요").await.expect("sent back");

        let september = up_to((1, 9), 13_200).await;
        let december = up_to((1, 12), 14_955).await;
        let entry = desk.confirm(&desk.checker, &september).await.expect("confirmed");
        // A correction in between moves the sum as well, until the year is written anew.
        desk.correct(&entry.leaf_id, 13_262).await;
        assert_eq!(code_of(&desk.confirm(&desk.checker, &december).await), "cumulative-moved");
        desk.withdraw(desk.cx(&desk.writer), &december).await.expect("taken back");
        let december = up_to((1, 12), 14_955).await;
        assert_eq!(december.counted.amount, 1693);
        desk.confirm(&desk.checker, &december).await.expect("confirmed");
        assert_eq!(desk.total("1-1-1", 2022).await, 14_955);
        desk.balances().await;
    })
    .await;
}
