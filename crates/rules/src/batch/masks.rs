//! What came out for everybody (판정표): which clauses are broken, which are undecided.

use crate::model::{Outcome, RuleSet};

/// Clauses in one plane of a program.
pub(super) const CLAUSES: usize = 8;

/// Bit by bit the broken and the undecided clauses of every program and person. A program has a plane
/// of eight clauses, more where it has more, and planes stand program by program: what is written
/// decides how long judging takes, and most programs have no more clauses than that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masks {
    rows: usize,
    /// First plane of each program, and behind the last.
    first: Vec<usize>,
    broken: Vec<u8>,
    unknown: Vec<u8>,
}

impl Masks {
    /// Room for these programs and people. What was there is overwritten, its memory is used again.
    pub(super) fn prepare(&mut self, sets: &[&RuleSet], rows: usize, with_unknown: bool) {
        self.rows = rows;
        self.first.clear();
        self.first.push(0);
        let mut planes = 0;
        for set in sets {
            planes += set.clauses.len().div_ceil(CLAUSES).max(1);
            self.first.push(planes);
        }
        self.broken.resize(planes * rows, 0);
        self.unknown.resize(if with_unknown { planes * rows } else { 0 }, 0);
    }

    /// Takes over the masks of some people, plane by plane.
    pub(super) fn store<const N: usize, const B: usize>(
        &mut self,
        from: usize,
        upto: usize,
        broken: &[[[u8; B]; N]],
        unknown: &[[[u8; B]; N]],
    ) {
        for (planes, gathered) in [(&mut self.broken, broken), (&mut self.unknown, unknown)] {
            for (plane, gathered) in gathered.iter().enumerate() {
                let at = plane * self.rows;
                let gathered = gathered.as_flattened();
                if let Some(part) = planes.get_mut(at + from..at + upto) {
                    part.copy_from_slice(&gathered[..upto - from]);
                }
            }
        }
    }

    /// How many people.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The broken clauses of a person, in the order of the file.
    pub fn broken(&self, program: usize, row: usize) -> u64 {
        self.joined(&self.broken, program, row)
    }

    /// The undecided clauses of a person.
    pub fn unknown(&self, program: usize, row: usize) -> u64 {
        self.joined(&self.unknown, program, row)
    }

    /// What comes out for a person.
    pub fn outcome(&self, program: usize, row: usize) -> Outcome {
        if self.any(&self.broken, program, row) {
            Outcome::NotEligible
        } else if self.any(&self.unknown, program, row) {
            Outcome::Conditional
        } else {
            Outcome::Eligible
        }
    }

    fn planes<'m>(&self, masks: &'m [u8], program: usize, row: usize) -> impl Iterator<Item = u8> + use<'m> {
        let span = self.first.get(program).copied().zip(self.first.get(program + 1).copied()).unwrap_or((0, 0));
        let rows = self.rows;
        (span.0..span.1).map(move |plane| masks.get(plane * rows + row).copied().unwrap_or(0))
    }

    fn any(&self, masks: &[u8], program: usize, row: usize) -> bool {
        self.planes(masks, program, row).any(|mask| mask != 0)
    }

    /// The first 64 clauses; [`Masks::outcome`] sees all.
    fn joined(&self, masks: &[u8], program: usize, row: usize) -> u64 {
        let planes = self.planes(masks, program, row).take(64 / CLAUSES);
        planes.enumerate().fold(0, |all, (plane, mask)| all | u64::from(mask) << (plane * CLAUSES))
    }
}
