//! The next best question (다음에 물을 것): the one whose answer leaves the least to ask.
//!
//! Owns: weighing questions by trying their answers. Does not own: how it is asked. What a newcomer
//! gets wrong: asking what stands in the most conditions. An answer that ends a whole program settles
//! more than one that every program would like to know.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::answers::{answers, terms};
use crate::compile::Term;
use crate::eval::{self, Person};
use crate::model::RuleSet;
use crate::value::{Truth, Value};

/// A program whose outcome is not known yet.
struct Open<'r> {
    rules: &'r RuleSet,
    person: Person,
    terms: Vec<Term>,
}

impl Open<'_> {
    /// What is known of each clause. Nothing more is asked of a program with a broken one.
    fn truths(&self) -> Vec<Truth> {
        self.rules.clauses.iter().map(|clause| eval::clause_truth(self.rules, &self.person, clause).0).collect()
    }
}

/// How many clauses still ask for something: none where one is broken.
fn still_open(truths: &[Truth]) -> u64 {
    if truths.contains(&Truth::NotMet) {
        return 0;
    }
    u64::try_from(truths.iter().filter(|truth| **truth == Truth::Unknown).count()).unwrap_or(u64::MAX)
}

/// How much a question leaves open: over the results its answers can have, the mean number of clauses
/// that still ask for something, as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    clauses: u64,
    results: u64,
}

impl Left {
    fn compare(self, other: Self) -> Ordering {
        (self.clauses * other.results).cmp(&(other.clauses * self.results))
    }
}

/// The question that settles most: for each missing fact every answer worth trying is tried, in all
/// programs at once, and the results that differ are weighed alike. Where two leave as much, the one
/// that stands in more undecided clauses, then the one asked earlier. Facts are matched by name; what
/// the call says is never asked.
pub fn next_question<'r>(asked: &[(&'r RuleSet, &Person)]) -> Option<&'r str> {
    let mut open: Vec<Open<'r>> = Vec::new();
    let mut candidates: Vec<(&'r str, u64)> = Vec::new();
    for (rules, person) in asked {
        let program = Open { rules, person: (*person).clone(), terms: terms(rules) };
        let truths = program.truths();
        if still_open(&truths) == 0 {
            continue;
        }
        for (clause, _) in rules.clauses.iter().zip(&truths).filter(|(_, truth)| **truth == Truth::Unknown) {
            let (_, missing) = eval::clause_truth(rules, person, clause);
            for fact in missing.iter().filter_map(|place| rules.facts.get(*place)).filter(|fact| !fact.from_call) {
                match candidates.iter_mut().find(|(name, _)| *name == fact.name) {
                    Some((_, count)) => *count += 1,
                    None => candidates.push((&fact.name, 1)),
                }
            }
        }
        open.push(program);
    }
    let mut best: Option<(&'r str, Left, u64)> = None;
    for (name, clauses) in candidates {
        let left = left_by(&mut open, name);
        let better = best.is_none_or(|(_, best_left, best_clauses)| {
            left.compare(best_left).then_with(|| best_clauses.cmp(&clauses)) == Ordering::Less
        });
        if better {
            best = Some((name, left, clauses));
        }
    }
    best.map(|(name, _, _)| name)
}

/// Tries every answer in the programs that have the fact; of the others as much is left as before.
fn left_by(open: &mut [Open<'_>], name: &str) -> Left {
    let (mut asking, mut elsewhere): (Vec<(usize, &mut Open<'_>)>, u64) = (Vec::new(), 0);
    for program in open {
        match program.rules.fact(name) {
            Some(place) => asking.push((place, program)),
            None => elsewhere += still_open(&program.truths()),
        }
    }
    let mut tried: Vec<Value> = Vec::new();
    for (place, program) in &asking {
        for answer in answers(program.rules, &program.person, *place, &program.terms) {
            if !tried.contains(&answer) {
                tried.push(answer);
            }
        }
    }
    let mut results: BTreeSet<Vec<Vec<Truth>>> = BTreeSet::new();
    for answer in tried {
        let mut result = Vec::with_capacity(asking.len());
        for (place, program) in &mut asking {
            let fits = program.rules.facts.get(*place).is_some_and(|fact| fact.kind.holds(&answer));
            let slot = program.person.facts.get_mut(*place).filter(|slot| fits && slot.is_none());
            let is_tried = slot.map(|slot| *slot = Some(answer.clone())).is_some();
            result.push(program.truths());
            if is_tried && let Some(slot) = program.person.facts.get_mut(*place) {
                *slot = None;
            }
        }
        results.insert(result);
    }
    let count = |results: usize| u64::try_from(results).unwrap_or(u64::MAX);
    let clauses: u64 = results.iter().flatten().map(|truths| still_open(truths)).sum();
    let results = count(results.len()).max(1);
    Left { clauses: clauses + elsewhere * results, results }
}
