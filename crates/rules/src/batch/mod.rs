//! Many people or many programs at once (일괄 판정): the compiled conditions, column by column.
//!
//! Owns: the facts that several sets of rules share, people as columns, and which test of which
//! clause is asked once for all. Does not own: what a condition means. Every test here comes from a
//! [`Term`](crate::compile::Term), and where it has no form in columns `eval` is asked row by row.
//! What a newcomer gets wrong: treating this as a second set of rules. It may be slower than it is,
//! never different: a test holds it against `eval`, clause by clause.

mod bind;
mod block;
mod loops;
mod lower;
mod masks;
mod one;
mod people;

use crate::model::RuleSet;
use crate::value::Kind;

pub use lower::Plan;
pub use masks::Masks;
pub use one::{Known, Verdict};
pub use people::{Builder, People};

/// The facts of several sets of rules, each once (함께 쓰는 사실). Facts are one and the same where
/// name and kind are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    all: Vec<(String, Kind)>,
    of_set: Vec<Vec<usize>>,
}

impl Facts {
    /// The facts of these sets, in the order in which they first stand.
    pub fn of(sets: &[&RuleSet]) -> Self {
        let mut all: Vec<(String, Kind)> = Vec::new();
        let mut of_set = Vec::with_capacity(sets.len());
        for set in sets {
            let mut slots = Vec::with_capacity(set.facts.len());
            for fact in &set.facts {
                let known = all.iter().position(|(name, kind)| *name == fact.name && *kind == fact.kind);
                slots.push(known.unwrap_or_else(|| {
                    all.push((fact.name.clone(), fact.kind.clone()));
                    all.len() - 1
                }));
            }
            of_set.push(slots);
        }
        Self { all, of_set }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Name and kind of each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Kind)> {
        self.all.iter().map(|(name, kind)| (name.as_str(), kind))
    }

    /// The places of a set's own facts among these.
    pub fn of_set(&self, set: usize) -> &[usize] {
        self.of_set.get(set).map_or(&[], Vec::as_slice)
    }

    fn kind(&self, slot: usize) -> Option<&Kind> {
        self.all.get(slot).map(|(_, kind)| kind)
    }
}
