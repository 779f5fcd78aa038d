//! Checking a bundle (확인): everything that leaves, tree and signatures determine, anew.
//!
//! Owns: the order of the checks and what each says. Does not own: any IO; it takes a map of bytes.
//! It never panics and never stops at the first fault: one changed byte in a table shows both as a
//! changed file and as the number that differs. What a newcomer gets wrong: letting a later check
//! lean on something an earlier one has refused. Where a step cannot be done it says so and is not
//! counted as held.

mod attributes;
mod files;
mod history;
mod numbers;
mod papers;
mod since;
mod tables;

pub use attributes::NOT_RECOMPUTED;

use super::{Bundle, Heading, Problem, Report};
use crate::log::rollup::RollUpProblem;
use crate::log::totals::TotalsProblem;
use crate::log::{Checkpoint, Hash, Leaf, VerifierKey};

/// What the checker is told beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'o> {
    /// The key it must be: its whole text, or its fingerprint.
    pub key: Option<&'o str>,
    /// An earlier bundle of the same log, which this one must continue.
    pub since: Option<&'o Bundle>,
}

/// What earlier steps found out for later ones.
#[derive(Default)]
struct Found {
    heading: Option<Heading>,
    key: Option<VerifierKey>,
    first: Option<Checkpoint>,
    second: Option<Checkpoint>,
    /// Whether every entry stands where its path says. If not, no leaf is read.
    entries: bool,
    /// The leaves in order; `None` where an entry is no leaf.
    leaves: Vec<Option<Leaf>>,
    /// Their leaf hashes.
    hashes: Vec<Hash>,
}

impl Found {
    /// How many leaves are disclosed, if that is known and the log has so many.
    fn disclosed(&self) -> Option<usize> {
        let size = usize::try_from(self.first.as_ref()?.size).ok()?;
        (self.entries && size <= self.leaves.len()).then_some(size)
    }
}

/// Checks a bundle as far as it can be checked.
pub fn verify(bundle: &Bundle, options: &Options<'_>) -> Report {
    let mut report = Report::default();
    let mut found = Found::default();
    files::check(bundle, options, &mut found, &mut report);
    history::check(bundle, &mut found, &mut report);
    papers::check(bundle, &found, &mut report);
    numbers::check(bundle, &found, &mut report);
    if let Some(old) = options.since {
        since::check(old, &found, &mut report);
    }
    report
}

/// The sentences for what is wrong with a log's numbers, before there is a bundle.
pub(super) fn number_problems(wrong: &[TotalsProblem], unplaced: &[RollUpProblem]) -> Vec<Problem> {
    let mut report = Report::default();
    wrong.iter().for_each(|problem| numbers::totals_problem(problem, &mut report));
    unplaced.iter().for_each(|problem| numbers::roll_up_problem(problem, &mut report));
    report.problems
}
