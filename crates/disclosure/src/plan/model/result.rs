//! Published results (실적): what was reported to have come of a plan.

use iljari_base::Period;

use super::figure::{Figure, Percent};
use super::{Funding, Measure};
use crate::log::words::{Field, Why};
use iljari_authored::Place;

/// A result as it was published (공표 실적). Not yet a ledger entry; see
/// [`results_to_counts`](crate::plan::results_to_counts).
#[derive(Debug, Clone)]
pub struct PublishedResult {
    /// An id, where another result refers to it.
    pub id: Option<String>,
    /// The node of the tree it is a result of.
    pub node: String,
    /// First to last month.
    pub period: Period,
    /// Its field; `None` for what is no count of jobs.
    pub field: Option<Field>,
    /// What it counts.
    pub measure: Measure,
    /// The indicator it is a value of.
    pub indicator: Option<String>,
    /// The number.
    pub figure: Figure,
    /// Whether it was counted from the first month of its period on (누계).
    pub cumulative: bool,
    /// Known parts (내역).
    pub parts: Vec<Part>,
    /// The target printed beside it.
    pub printed_target: Option<PrintedTarget>,
    /// The achievement rate printed beside it.
    pub printed_rate: Option<PrintedRate>,
    /// Why it fell short (미달 사유).
    pub short_reason: Option<String>,
    /// Why it went beyond (초과 사유).
    pub over_reason: Option<String>,
    /// What comes next (향후계획).
    pub outlook: Option<String>,
    /// Number of departments given beside it.
    pub department_count: Option<Figure>,
    /// Number of projects given beside it.
    pub project_count: Option<Figure>,
    /// Money spent, given beside it.
    pub spent: Funding,
    /// The id of the result it restates, and why.
    pub restates: Option<(String, Why)>,
    /// Note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl PublishedResult {
    /// What of the whole the known parts leave over (내역 미상); `None` without parts or where the
    /// whole is not exact. A part that is only 약 known stays in the rest.
    pub fn rest(&self) -> Option<i64> {
        if self.parts.is_empty() {
            return None;
        }
        let known = self.parts.iter().filter_map(|part| part.figure.count());
        known.into_iter().try_fold(self.figure.count()?, i64::checked_sub)
    }
}

/// A known part of a result.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its node.
    pub node: String,
    /// Its field; the whole's where it says nothing.
    pub field: Option<Field>,
    /// What it counts; the whole's where it says nothing.
    pub measure: Measure,
    /// The number.
    pub figure: Figure,
    /// Where it stands.
    pub place: Place,
}

/// A target as printed beside a result.
#[derive(Debug, Clone)]
pub struct PrintedTarget {
    /// Which target set, where the file says so.
    pub set: Option<String>,
    /// The number.
    pub figure: Figure,
}

/// An achievement rate as printed beside a result.
#[derive(Debug, Clone)]
pub struct PrintedRate {
    /// The rate.
    pub percent: Percent,
    /// Where it stands.
    pub place: Place,
}
