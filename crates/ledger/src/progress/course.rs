//! How a year went, month by month (해의 걸음): what had come together by the end of which month.
//!
//! Owns: the steps of one node's year, from sums over months that `columns` added up. Does not
//! own: what follows from them (`pace`, `forecast`, `fresh`).
//! What a newcomer gets wrong: reading a number into the middle of a period. A count for January to
//! September says what stood at the end of September and nothing about March.

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Outcome, Period, Timestamp, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{Plan, ROOT};
use iljari_store::Tx;

use crate::columns;

/// What was counted on one node over the same months, added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSum {
    /// The node it hangs on.
    pub node: String,
    /// First to last month.
    pub period: Period,
    /// 부문.
    pub field: Field,
    /// 단위.
    pub unit: Unit,
    /// Everything together, corrections included.
    pub amount: i64,
    /// How many entries that is.
    pub entries: i64,
    /// When the newest of them entered.
    pub newest: Timestamp,
}

/// The sums of several years of a district.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthSums(pub Vec<MonthSum>);

/// One node's year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Months counted, as first and last of the year (1 to 12), with their sum.
    runs: BTreeMap<(i8, i8), i64>,
}

/// The node, the year, and how that year went.
pub type Courses = BTreeMap<(String, Year), Course>;

/// Reads the sums of these years.
pub async fn month_sums(tx: &mut Tx, district: &DistrictCode, years: (Year, Year)) -> Outcome<MonthSums> {
    Ok(MonthSums(columns::of(tx, district).await?.month_sums(years)))
}

impl MonthSums {
    /// How a year went for every node of a plan's tree, each with what lies below it. What hangs on
    /// a node that the tree does not know counts for the whole district only.
    pub fn courses(&self, plan: Option<&Plan>, year: Year, unit: Unit, fields: &[Field]) -> Courses {
        let parents: BTreeMap<&str, &str> = plan
            .into_iter()
            .flat_map(|plan| &plan.nodes)
            .map(|node| (node.id.as_str(), node.parent.as_str()))
            .collect();
        let mut courses = Courses::new();
        let counts =
            |sum: &&MonthSum| sum.unit == unit && (fields.is_empty() || fields.contains(&sum.field)) && of(sum, year);
        for sum in self.0.iter().filter(counts) {
            let mut at = sum.node.as_str();
            // No path is longer than the tree; the bound ends a cycle that should not be.
            for _ in 0..=parents.len() {
                courses.entry((at.to_owned(), year)).or_default().add(sum.period, sum.amount);
                match parents.get(at) {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if at != ROOT {
                courses.entry((ROOT.to_owned(), year)).or_default().add(sum.period, sum.amount);
            }
        }
        courses
    }

    /// When the newest entry of a year and unit came in, node by node, not rolled up.
    pub fn newest(&self, year: Year, unit: Unit) -> BTreeMap<&str, Timestamp> {
        let mut newest: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for sum in self.0.iter().filter(|sum| sum.unit == unit && of(sum, year)) {
            let at = newest.entry(&sum.node).or_insert(sum.newest);
            *at = (*at).max(sum.newest);
        }
        newest
    }
}

fn of(sum: &MonthSum, year: Year) -> bool {
    sum.period.first().year() == year
}

impl Course {
    /// A year from periods and amounts.
    pub fn from_runs(runs: impl IntoIterator<Item = (Period, i64)>) -> Self {
        let mut course = Self::default();
        for (period, amount) in runs {
            course.add(period, amount);
        }
        course
    }

    /// Adds what was counted over some months. A period that leaves its year ends with it.
    pub fn add(&mut self, period: Period, amount: i64) {
        let last = if period.last().year() == period.first().year() { period.last().of_year() } else { 12 };
        let run = self.runs.entry((period.first().of_year(), last)).or_default();
        *run = run.saturating_add(amount);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last month somebody reported.
    pub fn until(&self) -> Option<i8> {
        self.runs.keys().map(|(_, last)| *last).max()
    }

    /// Everything counted in the year.
    pub fn total(&self) -> i64 {
        self.runs.values().fold(0, |sum, amount| sum.saturating_add(*amount))
    }

    /// The whole year's number, once December was reported.
    pub fn whole(&self) -> Option<i64> {
        (self.until() == Some(12)).then(|| self.total())
    }

    /// What had come together by the end of a month, where that can be said: somebody reported up to
    /// this month and no report runs over it.
    pub fn at(&self, month: i8) -> Option<i64> {
        let ends_here = self.runs.keys().any(|(_, last)| *last == month);
        let runs_over = self.runs.keys().any(|(first, last)| *first <= month && month < *last);
        let upto = self.runs.iter().filter(|((_, last), _)| *last <= month);
        (ends_here && !runs_over).then(|| upto.fold(0, |sum, (_, amount)| i64::saturating_add(sum, *amount)))
    }

    /// Every month whose number can be said, with what had come together.
    pub fn points(&self) -> Vec<(i8, i64)> {
        (1..=12).filter_map(|month| Some((month, self.at(month)?))).collect()
    }

    /// What each stretch of `months` months added up to, as far as was reported; `None` where the
    /// year cannot be cut that way.
    pub fn steps(&self, months: i8) -> Option<Vec<i64>> {
        let until = self.until()?;
        if months <= 0 || until % months != 0 {
            return None;
        }
        let mut steps = Vec::new();
        let mut before = 0_i64;
        for end in (1..=until).filter(|month| month % months == 0) {
            let at = self.at(end)?;
            steps.push(at.saturating_sub(before));
            before = at;
        }
        Some(steps)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    use iljari_base::Month;

    pub(crate) fn months(year: i16, first: i8, last: i8) -> Period {
        let month = |month| Month::new(year, month).expect("a month");
        Period::new(month(first), month(last)).expect("a period")
    }

    /// A year from `(first month, last month, amount)`.
    pub(crate) fn course(runs: &[(i8, i8, i64)]) -> Course {
        Course::from_runs(runs.iter().map(|(first, last, amount)| (months(2026, *first, *last), *amount)))
    }

    #[test]
    fn a_month_inside_a_longer_period_is_not_known() {
        // Eunpyeong 2022: 13,262 after three quarters, 14,955 in the year.
        let year = course(&[(1, 9, 13_262), (10, 12, 1_693)]);
        assert_eq!(year.points(), [(9, 13_262), (12, 14_955)]);
        assert_eq!((year.at(3), year.at(10)), (None, None));
        assert_eq!((year.until(), year.whole()), (Some(12), Some(14_955)));
        // A year reported at once says nothing before December, whatever else was reported on the way.
        let once = course(&[(1, 12, 6_570), (1, 3, 40)]);
        assert_eq!(once.points(), [(12, 6_610)]);
        assert_eq!(course(&[]).points(), []);
    }

    #[test]
    fn a_correction_lies_in_the_months_of_what_it_corrects() {
        let mut year = course(&[(1, 6, 316), (7, 7, 49)]);
        year.add(months(2026, 1, 6), -5);
        assert_eq!(year.points(), [(6, 311), (7, 360)]);
    }

    #[test]
    fn a_year_is_cut_into_equal_steps_or_not_at_all() {
        let quarters = course(&[(1, 3, 136), (4, 6, 180), (7, 9, 167)]);
        assert_eq!(quarters.steps(3), Some(vec![136, 180, 167]));
        assert_eq!(quarters.steps(1), None, "no month of its own");
        assert_eq!(quarters.steps(6), None, "three quarters are no half years");
        assert_eq!(quarters.steps(0), None);
        assert_eq!(course(&[]).steps(1), None);
        // One part of it reports by month, the other by quarter: together they are known by quarter.
        let mixed = course(&[(1, 1, 10), (2, 2, 20), (3, 3, 30), (1, 3, 100)]);
        assert_eq!((mixed.steps(1), mixed.steps(3)), (None, Some(vec![160])));
    }

    #[test]
    fn what_hangs_below_counts_for_everything_above() {
        let book = crate::pages::public::tests::book("naru");
        let plan = book.tree_in_force(Year(2026)).expect("a tree");
        let sum = |node: &str, last, amount| MonthSum {
            node: node.to_owned(),
            period: months(2026, last, last),
            field: Field::Direct,
            unit: Unit::Jobs,
            amount,
            entries: 1,
            newest: Timestamp::from_microsecond(i64::from(last)),
        };
        let sums = MonthSums(vec![sum("1-1-1-1", 1, 24), sum("1-1-1-2", 2, 11), sum("gone", 2, 3)]);
        let courses = sums.courses(Some(plan), Year(2026), Unit::Jobs, &[]);
        let at = |node: &str| courses.get(&(node.to_owned(), Year(2026))).map(Course::total);
        assert_eq!((at("1-1-1-1"), at("1-1-1"), at("1-1"), at(ROOT)), (Some(24), Some(35), Some(35), Some(38)));
        assert_eq!(at("1-2"), None, "nothing was reported below it, which is not 0");
        assert!(sums.courses(Some(plan), Year(2025), Unit::Jobs, &[]).is_empty());
        assert!(sums.courses(Some(plan), Year(2026), Unit::Persons, &[]).is_empty());
        assert!(sums.courses(Some(plan), Year(2026), Unit::Jobs, &[Field::Private]).is_empty());
        assert_eq!(sums.newest(Year(2026), Unit::Jobs).len(), 3);
    }
}
