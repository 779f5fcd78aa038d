//! What has come of the plan (진척): totals beside targets, read and never written.
//!
//! Owns: putting rolled-up totals and target sets side by side. Does not own: the totals (`totals`)
//! or the targets (`plans`). What a newcomer gets wrong: adding units or summing a rate.
//!
//! | module | answers |
//! | --- | --- |
//! | `course` | how a year went, month by month |
//! | `pace` | whether it reaches its target, and by how many not |
//! | `forecast` | where it may end, with an interval, or '자료 부족' |
//! | `fresh` | the last month reported, when the next is due |
//! | `judged` | all of this for every node of a year's tree |
//! | `overview` | sums by 부문 and department, money, promises over several years |
//! | `printed` | rates as printed beside the same rates computed |
//! | `restated` | numbers that were said again, old and new |
//! | `year` | a year read at one moment |
//! | `tables` | the same as tables to download |

pub mod course;
pub mod forecast;
pub mod fresh;
pub mod judged;
pub mod overview;
pub mod pace;
pub mod printed;
pub mod restated;
pub mod tables;
pub mod year;

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Failure, Outcome, Rate, Year};
use iljari_disclosure::log::rollup::{Line, roll_up};
use iljari_disclosure::log::totals::{Key, Split};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{District, Measure, TargetSet};
use iljari_store::Tx;

use crate::store;

/// A district's totals, rolled up along the tree of each year.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    lines: BTreeMap<(String, Year, Unit), Vec<Line>>,
}

/// A target set's value of one year and what has come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearOfTarget {
    /// The year.
    pub year: Year,
    /// The target in force; `None` where nobody gave one for the year.
    pub target: Option<i64>,
    /// What the term plan said, where the year's plan says something else.
    pub before: Option<i64>,
    /// What was counted; `None` where no entry speaks of it (미확인, never 0).
    pub actual: Option<Split>,
}

impl YearOfTarget {
    /// Actual over target, where both are there.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(self.actual?.total(), self.target?)
    }
}

/// Reads the kept-up totals and rolls them up.
pub async fn progress(tx: &mut Tx, district: &District) -> Outcome<Progress> {
    let totals: BTreeMap<Key, Split> = store::totals(tx, &district.code).await?.into_iter().collect();
    Ok(Progress::of(district, &totals)?)
}

impl Progress {
    /// Rolls these totals up along the district's trees.
    pub fn of(district: &District, totals: &BTreeMap<Key, Split>) -> Result<Self, Failure> {
        let years: BTreeSet<Year> = totals.keys().map(|key| key.year).collect();
        let tree = iljari_plans::tree::plan_tree(district, &years)?;
        let (lines, problems) = roll_up(totals, &tree, Year(i16::MAX));
        if let Some(problem) = problems.first() {
            return Err(
                Failure::new(format!("{problem:?}")).context(format!("roll up the totals of {}", district.code))
            );
        }
        let mut by_slot: BTreeMap<(String, Year, Unit), Vec<Line>> = BTreeMap::new();
        for line in lines {
            by_slot.entry((line.node.to_string(), line.year, line.unit)).or_default().push(line);
        }
        Ok(Self { lines: by_slot })
    }

    /// The node with everything below it, over the given fields (empty: all). `None` when no entry
    /// speaks of it.
    pub fn whole(&self, node: &str, year: Year, unit: Unit, fields: &[Field]) -> Option<Split> {
        let lines = self.lines.get(&(node.to_owned(), year, unit))?;
        if fields.is_empty() {
            return lines.iter().find(|line| line.field.is_none()).map(|line| line.whole);
        }
        let wanted = lines.iter().filter(|line| line.field.is_some_and(|field| fields.contains(&field)));
        wanted.fold(None, |sum: Option<Split>, line| sum.unwrap_or_default().checked_add(line.whole))
    }

    /// The lines of a node in a year: one over all fields first, then field by field.
    pub fn lines(&self, node: &str, year: Year, unit: Unit) -> &[Line] {
        self.lines.get(&(node.to_owned(), year, unit)).map_or(&[], Vec::as_slice)
    }

    /// Every year in which an entry speaks of the node.
    pub fn years(&self, node: &str, unit: Unit) -> BTreeSet<Year> {
        self.lines.keys().filter(|(id, _, of)| id == node && *of == unit).map(|(_, year, _)| *year).collect()
    }

    /// A counted target set, year by year. Empty for rates and other measures the ledger does not keep.
    pub fn of_target(&self, district: &District, set: &TargetSet) -> Vec<YearOfTarget> {
        let Measure::Count(unit) = set.measure else { return Vec::new() };
        (set.first_year.0..=set.last_year.0)
            .map(|number| {
                let year = Year(number);
                let at = district.targets(&set.id, year);
                let target = at.in_force().and_then(|figure| figure.count());
                let before = at.term.and_then(|figure| figure.count()).filter(|_| at.revised());
                YearOfTarget { year, target, before, actual: self.whole(&set.node, year, unit, &set.fields) }
            })
            .collect()
    }
}
