//! What stands out among the numbers of two officers (T-05), and what does not.

use iljari_base::{Actor, Id};
use iljari_store::testing::both;

use super::Desk;
use crate::model::Entry;
use crate::watch::{Departments, Habit, Odd, odd};

fn habits(found: &[Odd]) -> Vec<(Habit, usize, usize)> {
    found.iter().map(|odd| (odd.habit, odd.count, odd.of)).collect()
}

/// The same entries with something changed in each.
fn changed(entries: &[Entry], change: impl Fn(usize, &mut Entry)) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for (nth, entry) in entries.iter_mut().enumerate() {
        change(nth, entry);
    }
    entries
}

#[tokio::test]
async fn habits_of_two_officers_stand_out_and_innocent_numbers_do_not() {
    both(async |store| {
        let desk = Desk::on(store).await;
        for month in 1..=9 {
            desk.enter("1-1-1", 2026, (month, month), 63).await;
        }
        let apart = Departments::from([(desk.writer.officer, "과".to_owned())]);
        assert_eq!(habits(&odd(&desk.entries().await, &apart)), [], "nine are no habit");
        desk.enter("1-1-1", 2026, (10, 10), 63).await;
        let entries = desk.entries().await;
        let found = odd(&entries, &apart);
        assert_eq!(habits(&found), [(Habit::OnePair, 10, 10)]);
        assert_eq!(found[0].who, [desk.writer.actor(), desk.checker.actor()]);
        let one = Departments::from([desk.writer.officer, desk.checker.officer].map(|it| (it, "과".to_owned())));
        assert_eq!(habits(&odd(&entries, &one)), [(Habit::OnePair, 10, 10), (Habit::OneDepartment, 10, 10)]);

        // Everything else stays apart: every other number is confirmed by somebody else.
        let other = desk.both.actor();
        let shared = changed(&entries, |nth, entry| {
            if nth % 2 == 0 {
                entry.confirmed_by = other;
            }
        });
        assert_eq!(habits(&odd(&shared, &apart)), [], "two confirmers, no habit");
        let round = changed(&shared, |nth, entry| {
            if let Some(counted) = &mut entry.counted {
                // Ten of eleven entries count: the plan's leaf does not.
                counted.amount = if nth < 5 { 1_234 } else { 700 };
            }
        });
        let found = odd(&round, &apart);
        assert_eq!(habits(&found), [(Habit::Round, 6, 10)]);
        assert_eq!(found[0].who, [desk.writer.actor()]);
        let small = changed(&round, |_, entry| {
            if let Some(counted) = &mut entry.counted {
                counted.amount = 50;
            }
        });
        assert_eq!(habits(&odd(&small, &apart)), [], "small numbers are round by chance");
        // The 29th of November; the others are of the 20th.
        let late = changed(&shared, |nth, entry| {
            if nth > 4 {
                entry.entered_at = entry.entered_at.plus_seconds(9 * 24 * 3600);
            }
        });
        assert_eq!(habits(&odd(&late, &apart)), [(Habit::MonthEnd, 6, 10)]);

        // Twenty within an hour, by whomever they were written.
        let counting: Vec<Entry> = entries.iter().filter(|entry| entry.counted.is_some()).cloned().collect();
        let many: Vec<Entry> = counting.iter().cycle().take(20).cloned().collect();
        let hasty = changed(&many, |nth, entry| {
            entry.recorded_by = Actor::Officer(Id::fresh(&*desk.clock, &*desk.office.entropy));
            entry.entered_at = entry.entered_at.plus_seconds(i64::try_from(nth).expect("few") * 189);
        });
        let found = odd(&hasty, &apart);
        assert_eq!((habits(&found), found[0].who.clone()), (vec![(Habit::Haste, 20, 20)], vec![desk.checker.actor()]));
        let slow = changed(&hasty, |nth, entry| {
            entry.entered_at = entry.entered_at.plus_seconds(i64::try_from(nth).expect("few"));
        });
        assert_eq!(habits(&odd(&slow, &apart)), [], "the last came an hour after the first");
        // A command's and the demo's entries have no habits.
        let demo = changed(&entries, |_, entry| entry.recorded_by = Actor::Demo);
        assert_eq!(habits(&odd(&demo, &one)), []);
    })
    .await;
}
