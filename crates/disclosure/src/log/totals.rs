//! Totals (집계): the fold of leaves, and its roll-up along the plan's tree.
//!
//! Owns: the counting rules. Does not own: how totals are printed (see [`crate::bundle`]). What a
//! newcomer gets wrong: adding over units. A sum runs over nodes and over fields, never over units
//! and never over years.

use std::collections::{BTreeMap, HashMap, HashSet};

use iljari_base::Year;

use super::leaf::{Body, Leaf, LeafId};
use super::tree::Hash;
use super::words::{Field, Grade, NodeId, Unit};

/// What a total is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The year, of the period's first month.
    pub year: Year,
    /// The node.
    pub node: NodeId,
    /// The unit.
    pub unit: Unit,
    /// The field.
    pub field: Field,
}

/// A total by where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Split {
    /// From one record per person (기록).
    pub records: i64,
    /// From departments' sums (집계).
    pub sums: i64,
    /// From the press (보도).
    pub press: i64,
}

/// Which part of a split a leaf belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// 기록: a `job` leaf.
    Records,
    /// 집계: a `count` leaf of grade 1 or better.
    Sums,
    /// 보도: a `count` leaf of grade 0.
    Press,
}

impl Source {
    /// The Korean column name.
    pub fn korean(self) -> &'static str {
        match self {
            Source::Records => "기록",
            Source::Sums => "집계",
            Source::Press => "보도",
        }
    }
}

impl Split {
    /// The whole. Saturates; sums that come near the edge were refused when they were added.
    pub fn total(self) -> i64 {
        self.records.saturating_add(self.sums).saturating_add(self.press)
    }

    /// One part.
    pub fn part(self, source: Source) -> i64 {
        match source {
            Source::Records => self.records,
            Source::Sums => self.sums,
            Source::Press => self.press,
        }
    }

    /// Adds to one part; `None` when that or the whole would overflow.
    fn plus(self, source: Source, n: i64) -> Option<Self> {
        let mut sum = self;
        let part = match source {
            Source::Records => &mut sum.records,
            Source::Sums => &mut sum.sums,
            Source::Press => &mut sum.press,
        };
        *part = part.checked_add(n)?;
        sum.checked_total().map(|_| sum)
    }

    /// Part by part; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let sum = Self {
            records: self.records.checked_add(other.records)?,
            sums: self.sums.checked_add(other.sums)?,
            press: self.press.checked_add(other.press)?,
        };
        sum.checked_total().map(|_| sum)
    }

    fn checked_total(self) -> Option<i64> {
        self.records.checked_add(self.sums)?.checked_add(self.press)
    }
}

/// What is wrong with the numbers of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotalsProblem {
    /// Two leaves of one id.
    DuplicateId {
        /// Index of the second.
        index: u64,
        /// The id.
        id: LeafId,
    },
    /// Two job leaves of one commitment: one record counted twice.
    DuplicateCommitment {
        /// Index of the second.
        index: u64,
        /// Its id.
        id: LeafId,
    },
    /// A correction that names no earlier number, or one that counted nothing.
    NoEarlierLeaf {
        /// Index of the correction.
        index: u64,
        /// Its id.
        id: LeafId,
        /// The leaf it names.
        of: LeafId,
    },
    /// A correction in another node, field, unit or year than the leaf it answers.
    OtherSlot {
        /// Index of the correction.
        index: u64,
        /// Its id.
        id: LeafId,
        /// The leaf it names.
        of: LeafId,
    },
    /// After all corrections a part of a total is below zero.
    BelowZero {
        /// Which total.
        key: Key,
        /// Which part.
        source: Source,
        /// What it came to.
        n: i64,
    },
    /// A sum too large to count.
    Overflow {
        /// Which total.
        key: Key,
    },
}

/// Adds leaves up in the order of the log.
#[derive(Debug, Clone, Default)]
pub struct Fold {
    own: BTreeMap<Key, Split>,
    ids: HashSet<LeafId>,
    answerable: HashMap<LeafId, (Key, Source)>,
    commitments: HashMap<Hash, u64>,
    problems: Vec<TotalsProblem>,
    next: u64,
}

impl Fold {
    /// Nothing added yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Passes over an index whose leaf could not be read.
    pub fn skip(&mut self) {
        self.next += 1;
    }

    /// Adds the next leaf. A faulty one is left out and remembered as a problem.
    pub fn add(&mut self, leaf: &Leaf) {
        let (index, id) = (self.next, leaf.id());
        self.next += 1;
        // A leaf may break several rules at once, and each is told.
        let before = self.problems.len();
        if !self.ids.insert(id) {
            self.problems.push(TotalsProblem::DuplicateId { index, id });
        }
        let key = leaf.slot().map(|slot| Key {
            year: slot.year(),
            node: slot.node.clone(),
            unit: slot.unit,
            field: slot.field,
        });
        let source = match leaf.body() {
            Body::Job { commit, .. } => {
                if self.commitments.insert(*commit, index).is_some() {
                    self.problems.push(TotalsProblem::DuplicateCommitment { index, id });
                }
                Source::Records
            }
            Body::Count { grade: Grade::Press, .. } => Source::Press,
            Body::Correction { of, .. } => {
                let answered = self.answerable.get(of);
                match answered {
                    None => self.problems.push(TotalsProblem::NoEarlierLeaf { index, id, of: *of }),
                    Some((place, _)) if Some(place) != key.as_ref() => {
                        self.problems.push(TotalsProblem::OtherSlot { index, id, of: *of });
                    }
                    Some(_) => {}
                }
                answered.map_or(Source::Sums, |(_, source)| *source)
            }
            _ => Source::Sums,
        };
        let Some(key) = key.filter(|_| self.problems.len() == before) else {
            return;
        };
        match self.own.get(&key).copied().unwrap_or_default().plus(source, leaf.amount()) {
            Some(after) => {
                self.own.insert(key.clone(), after);
                self.answerable.insert(id, (key, source));
            }
            None => self.problems.push(TotalsProblem::Overflow { key }),
        }
    }

    /// The totals, each node for itself, and everything that was wrong.
    ///
    /// Below zero is judged here, once: a seal shuffles what it seals, so that sums in between mean
    /// nothing.
    pub fn finish(mut self) -> (BTreeMap<Key, Split>, Vec<TotalsProblem>) {
        for (key, split) in &self.own {
            for source in [Source::Records, Source::Sums, Source::Press] {
                let n = split.part(source);
                if n < 0 {
                    self.problems.push(TotalsProblem::BelowZero { key: key.clone(), source, n });
                }
            }
        }
        (self.own, self.problems)
    }
}

/// Adds up a whole list of leaves in the order of the log.
pub fn fold<'l>(leaves: impl IntoIterator<Item = &'l Leaf>) -> (BTreeMap<Key, Split>, Vec<TotalsProblem>) {
    let mut fold = Fold::new();
    for leaf in leaves {
        fold.add(leaf);
    }
    fold.finish()
}
