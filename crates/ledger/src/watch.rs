//! What stands out among the numbers that two officers entered (살펴볼 실적), for the auditor (T-05).
//!
//! Owns: five plain questions to the entries, each with what it is compared with. Does not own: any judgement. Two
//! officers who conspire leave no wrong number behind, only a habit; and most habits are innocent. What a newcomer
//! gets wrong: hiding a number because it stands out. Nothing here changes anything; somebody goes and asks.

use std::collections::BTreeMap;

use iljari_base::id::{self, Id};
use iljari_base::{Actor, Date, Timestamp};

use crate::model::Entry;

/// Fewer entries than these are no habit.
const LEAST: usize = 10;
/// So many confirmed within one hour were hardly read.
const HASTE: usize = 20;
/// Numbers from here on can be round by more than chance.
const ROUND_FROM: i64 = 100;

/// What about them stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Habit {
    /// Nine of ten of an officer's numbers were confirmed by one and the same.
    OnePair,
    /// Both are of one department.
    OneDepartment,
    /// Confirmed within one hour.
    Haste,
    /// More than half of an officer's numbers from a hundred on end in two zeros.
    Round,
    /// More than half of an officer's numbers were entered on the last two days of a month.
    MonthEnd,
}

impl Habit {
    /// The words on the page.
    pub fn korean(self) -> &'static str {
        match self {
            Habit::OnePair => "거의 모두 한 사람이 확인함",
            Habit::OneDepartment => "같은 부서 사람끼리 적고 확인함",
            Habit::Haste => "한 시간 안에 몰아서 확인함",
            Habit::Round => "끝 두 자리가 00인 수가 많음",
            Habit::MonthEnd => "달의 마지막 이틀에 몰림",
        }
    }
}

/// Something that stands out: whose, how many, of how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// What.
    pub habit: Habit,
    /// Who wrote, or who confirmed, or both in this order.
    pub who: Vec<Actor>,
    /// How many entries.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

/// The department of each officer.
pub type Departments = BTreeMap<Id<id::Officer>, String>;

/// Everything that stands out, the strongest of a kind first. Only what two officers entered is looked at: commands and the
/// demo have no habits.
pub fn odd(entries: &[Entry], departments: &Departments) -> Vec<Odd> {
    let by_two: Vec<ByTwo> = entries.iter().filter_map(ByTwo::of).collect();
    let mut found = Vec::new();
    for (author, theirs) in grouped(&by_two, |it| it.author) {
        let all = theirs.len();
        for (confirmer, pair) in grouped(&theirs, |it| it.confirmer) {
            let who = || vec![Actor::Officer(author), Actor::Officer(confirmer)];
            if all >= LEAST && pair.len().saturating_mul(10) >= all.saturating_mul(9) {
                found.push(Odd { habit: Habit::OnePair, who: who(), count: pair.len(), of: all });
            }
            let department = departments.get(&author);
            if department.is_some() && department == departments.get(&confirmer) && pair.len() >= LEAST {
                found.push(Odd { habit: Habit::OneDepartment, who: who(), count: pair.len(), of: all });
            }
        }
        let who = || vec![Actor::Officer(author)];
        let large: Vec<i64> = theirs.iter().map(|it| it.amount).filter(|amount| *amount >= ROUND_FROM).collect();
        let round = large.iter().filter(|amount| *amount % 100 == 0).count();
        if large.len() >= LEAST && round.saturating_mul(2) > large.len() {
            found.push(Odd { habit: Habit::Round, who: who(), count: round, of: large.len() });
        }
        let late = theirs.iter().filter(|it| at_the_end_of_a_month(it.entered_at.seoul_date())).count();
        if all >= LEAST && late.saturating_mul(2) > all {
            found.push(Odd { habit: Habit::MonthEnd, who: who(), count: late, of: all });
        }
    }
    for (confirmer, theirs) in grouped(&by_two, |it| it.confirmer) {
        let most = most_within_an_hour(&theirs);
        if most >= HASTE {
            let who = vec![Actor::Officer(confirmer)];
            found.push(Odd { habit: Habit::Haste, who, count: most, of: theirs.len() });
        }
    }
    found.sort_by(|one, other| one.habit.cmp(&other.habit).then(other.count.cmp(&one.count)));
    found
}

/// A number that two officers entered.
#[derive(Clone, Copy)]
struct ByTwo {
    author: Id<id::Officer>,
    confirmer: Id<id::Officer>,
    amount: i64,
    entered_at: Timestamp,
}

impl ByTwo {
    fn of(entry: &Entry) -> Option<Self> {
        let (Actor::Officer(author), Actor::Officer(confirmer)) = (entry.recorded_by, entry.confirmed_by) else {
            return None;
        };
        let amount = entry.counted.as_ref()?.amount;
        Some(Self { author, confirmer, amount, entered_at: entry.entered_at })
    }
}

fn grouped(all: &[ByTwo], by: impl Fn(&ByTwo) -> Id<id::Officer>) -> BTreeMap<Id<id::Officer>, Vec<ByTwo>> {
    let mut groups: BTreeMap<Id<id::Officer>, Vec<ByTwo>> = BTreeMap::new();
    for it in all {
        groups.entry(by(it)).or_default().push(*it);
    }
    groups
}

/// Whether the day after the next is of another month.
fn at_the_end_of_a_month(day: Date) -> bool {
    day.plus_days(2).month() != day.month()
}

/// The most entries that any hour holds.
fn most_within_an_hour(all: &[ByTwo]) -> usize {
    let mut seconds: Vec<i64> = all.iter().map(|it| it.entered_at.as_second()).collect();
    seconds.sort_unstable();
    let within = |first: (usize, &i64)| {
        let end = first.1.saturating_add(3600);
        seconds.partition_point(|second| *second < end).saturating_sub(first.0)
    };
    seconds.iter().enumerate().map(within).max().unwrap_or(0)
}
