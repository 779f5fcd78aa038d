//! What a participation counts as (세는 기준): dated data of the plan, read into two decisions.
//!
//! Owns: whether a start enters the ledger, and whether a leave takes the entry back. Does not own: the
//! plan's data (`plans`) or the entry (`ledger`). What a newcomer gets wrong: correcting at every leave.
//! Somebody who stayed long enough has had the job.

use iljari_base::korean::with_particle;
use iljari_base::{Date, Year};
use iljari_disclosure::log::words::NodeId;
use iljari_disclosure::plan::{Counting as PlanCounting, CountingRule, District};
use iljari_ledger::record::{Counting, NodeFacts};
use iljari_rules::eval::months;

/// How long somebody has to stay for the job to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// Full months.
    Months(i64),
    /// Days, the first one included.
    Days(i64),
}

/// A counting rule as it holds in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Whether a seat counts once, however many people follow each other on it (자리); else everybody counts (참여자 누계).
    pub by_seat: bool,
    /// The shortest stay that counts; `None` counts from the first day.
    pub shortest: Option<Stay>,
}

impl Rule {
    /// The rule of a node; everybody counts from the first day where the plan says nothing.
    pub fn of(book: &District, node: &str, year: Year) -> Self {
        let dated = book.tree_in_force(year).and_then(|plan| plan.counting_rule(node, year));
        Self {
            by_seat: dated.is_some_and(|dated| dated.rule == CountingRule::Seats),
            shortest: dated.and_then(|dated| stay(dated.minimum.as_deref()?)),
        }
    }

    /// Whether a start is an entry. `counted` says that this seat's job stands in the ledger already.
    pub fn start_counts(self, counted: bool) -> bool {
        !(self.by_seat && counted)
    }

    /// Whether a leave takes the entry back.
    pub fn leave_takes_back(self, started_on: Date, left_on: Date) -> bool {
        // A seat stays counted: whoever comes next has it, and no second entry is made for her.
        !self.by_seat && self.shortest.is_some_and(|shortest| !shortest.reached(started_on, left_on))
    }

    /// As an officer reads it.
    pub fn words(self) -> String {
        let stay = match self.shortest {
            None => "일한 첫날부터 셉니다".to_owned(),
            Some(Stay::Months(months)) => format!("{months}개월을 채우지 못하면 셈에서 뺍니다"),
            Some(Stay::Days(days)) => format!("{days}일을 채우지 못하면 셈에서 뺍니다"),
        };
        if self.by_seat {
            "한 자리를 한 번 셉니다. 다른 사람이 이어받아도 다시 세지 않습니다".to_owned()
        } else {
            format!("참여한 사람마다 셉니다. {stay}")
        }
    }
}

impl Stay {
    /// Whether somebody who left on that day has stayed long enough.
    pub fn reached(self, started_on: Date, left_on: Date) -> bool {
        match self {
            // The last day is worked: a month from the 11th is full on the 10th.
            Stay::Months(wanted) => months(started_on, left_on.plus_days(1)) >= wanted,
            Stay::Days(wanted) => started_on.days_until(left_on).saturating_add(1) >= wanted,
        }
    }
}

/// Reads `1개월`, `30일`.
fn stay(text: &str) -> Option<Stay> {
    let text = text.trim();
    let number = |rest: &str| rest.trim().parse::<i64>().ok().filter(|number| *number > 0);
    match (text.strip_suffix("개월"), text.strip_suffix('일')) {
        (Some(rest), _) => number(rest).map(Stay::Months),
        (None, Some(rest)) => number(rest).map(Stay::Days),
        (None, None) => None,
    }
}

/// What the ledger wants to know of a node; `None` where the plan of that year has none of that name.
pub fn node_facts(book: &District, node: &NodeId, year: Year) -> Option<NodeFacts> {
    let plan = book.tree_in_force(year)?;
    let found = plan.node(node.as_str())?;
    Some(NodeFacts {
        node: node.clone(),
        name: found.name.clone(),
        field: plan.field(node.as_str()),
        counting: match plan.counting(node.as_str(), year) {
            Some(PlanCounting::Individual) => Counting::Records,
            Some(PlanCounting::Aggregate) | None => Counting::Sums,
        },
    })
}

/// The words under which a correction after a short stay enters the public log. They name nobody.
pub fn left_early(program: &str) -> String {
    format!("{} 짧게 일하고 그만두어 셈에서 뺍니다", with_particle(program, "을/를"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_short_stay_is_taken_back_only_where_the_rule_says_so() {
        let people = |shortest| Rule { by_seat: false, shortest };
        let seat = Rule { by_seat: true, shortest: Some(Stay::Months(1)) };
        for (rule, left_on, takes_back) in [
            (people(None), "2027-01-11", false),
            (people(Some(Stay::Months(1))), "2027-02-09", true),
            (people(Some(Stay::Months(1))), "2027-02-10", false),
            (people(Some(Stay::Days(30))), "2027-02-08", true),
            (people(Some(Stay::Days(30))), "2027-02-09", false),
            (seat, "2027-01-12", false),
        ] {
            assert_eq!(rule.leave_takes_back(day("2027-01-11"), day(left_on)), takes_back, "{rule:?} {left_on}");
        }
    }

    #[test]
    fn a_seat_counts_once_and_people_count_each() {
        let seat = Rule { by_seat: true, shortest: None };
        let people = Rule { by_seat: false, shortest: None };
        assert_eq!(
            [seat.start_counts(false), seat.start_counts(true), people.start_counts(false), people.start_counts(true)],
            [true, false, true, true]
        );
    }

    #[test]
    fn the_shortest_stay_is_read_as_plans_write_it() {
        for (text, expected) in
            [("1개월", Some(Stay::Months(1))), (" 30 일", Some(Stay::Days(30))), ("한 달", None), ("0일", None)]
        {
            assert_eq!(stay(text), expected, "{text}");
        }
    }
}
