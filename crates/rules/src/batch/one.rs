//! One person, all programs (한 사람의 판정): the same plan without columns.
//!
//! Owns: what a page needs that asks of one person where she may take part. Does not own: the tree
//! of reasons (`explain`). What a newcomer gets wrong: asking `explain` of every program first. This
//! tells which ones are worth it, for a hundredth of the time.

use std::fmt::Write as _;

use super::lower::{Lit, Node, Origin, Plan, Test};
use super::people::encode;
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::model::Outcome;
use crate::value::{Truth, Value};

/// What is known of one person, by the places of [`Facts`](super::Facts) (한 사람의 사실).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    values: Vec<Option<Value>>,
    codes: Vec<i64>,
    /// Whether the code says it; otherwise the value does, where there is one.
    coded: Vec<bool>,
}

/// What came out for one person: a line for each program (판정 줄).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Broken and undecided clauses of each program, bit by bit, the first 64 of them.
    pub programs: Vec<(u64, u64)>,
    /// What comes out of each program, all of its clauses seen.
    pub outcomes: Vec<Outcome>,
    /// What each node came to: bit 0 met, bit 1 not met, none unknown.
    nodes: Vec<u8>,
}

const MET: u8 = 1;
const NOT: u8 = 2;

fn turned(code: u8) -> u8 {
    code >> 1 | (code & 1) << 1
}

fn code(truth: Truth) -> u8 {
    match truth {
        Truth::Met => MET,
        Truth::NotMet => NOT,
        Truth::Unknown => 0,
    }
}

impl Plan<'_> {
    /// A person's facts, read once for all programs. `values` stand by the places of
    /// [`Facts`](super::Facts); what is left out at the end is not known.
    pub fn known(&self, mut values: Vec<Option<Value>>) -> Known {
        values.resize(self.facts.len(), None);
        let read = |((_, kind), value): ((&str, &crate::value::Kind), &Option<Value>)| {
            value.as_ref().and_then(|value| encode(kind, value))
        };
        let codes: Vec<Option<i64>> = self.facts.iter().zip(&values).map(read).collect();
        Known {
            coded: codes.iter().map(Option::is_some).collect(),
            codes: codes.iter().map(|code| code.unwrap_or(0)).collect(),
            values,
        }
    }

    /// Judges one person by all programs.
    pub fn judge(&self, known: &Known, verdict: &mut Verdict) {
        verdict.nodes.clear();
        for node in &self.nodes {
            let came = match node {
                Node::Certain => MET,
                Node::Unknown => 0,
                Node::All(parts) => {
                    let (mut met, mut not) = (MET, 0);
                    for lit in parts {
                        let part = lit_code(&verdict.nodes, *lit);
                        met &= part;
                        not |= part;
                    }
                    met & MET | not & NOT
                }
                Node::Test(test, origin) => self.tried(test, origin, known),
            };
            verdict.nodes.push(came);
        }
        verdict.programs.clear();
        verdict.outcomes.clear();
        for clauses in &self.programs {
            let (mut broken, mut open) = (0_u64, 0_u64);
            let (mut any_broken, mut all_met) = (0, MET);
            for (at, lit) in clauses.iter().enumerate() {
                let came = lit_code(&verdict.nodes, *lit);
                any_broken |= came & NOT;
                all_met &= came;
                if at < 64 {
                    broken |= u64::from(came >> 1) << at;
                    open |= u64::from(came == 0) << at;
                }
            }
            verdict.programs.push((broken, open));
            verdict.outcomes.push(match (any_broken, all_met) {
                (0, MET) => Outcome::Eligible,
                (0, _) => Outcome::Conditional,
                _ => Outcome::NotEligible,
            });
        }
    }

    fn tried(&self, test: &Test, origin: &Origin<'_>, known: &Known) -> u8 {
        let code_of = |slot: &usize| match known.coded.get(*slot) {
            Some(true) => known.codes.get(*slot).copied(),
            _ => None,
        };
        let plain = |slot: &usize| known.values.get(*slot).is_some_and(Option::is_some);
        match test {
            Test::Ranges { slot, ranges } => match code_of(slot) {
                Some(number) => said(ranges.iter().any(|(from, upto)| *from <= number && number <= *upto)),
                None if plain(slot) => self.asked(origin, known),
                None => 0,
            },
            Test::Bits { slot, mask } => match code_of(slot) {
                Some(bits) => said(bits & mask != 0),
                None if plain(slot) => self.asked(origin, known),
                None => 0,
            },
            Test::Pair { how, left, right } => match (code_of(left), code_of(right)) {
                (Some(left), Some(right)) => said(match how {
                    Compare::Less => left < right,
                    Compare::AtMost => left <= right,
                    _ => left == right,
                }),
                _ if plain(left) && plain(right) => self.asked(origin, known),
                _ => 0,
            },
            Test::Against { .. } | Test::OfOne { .. } | Test::Term => self.asked(origin, known),
        }
    }

    /// What `eval` says.
    fn asked(&self, origin: &Origin<'_>, known: &Known) -> u8 {
        let Some(rules) = self.sets.get(origin.set) else { return 0 };
        let mut person = Person { facts: vec![None; rules.facts.len()], as_of: self.as_of };
        for fact in origin.term.facts() {
            let slot = self.facts.of_set(origin.set).get(fact).copied().unwrap_or(usize::MAX);
            if let Some(cell) = person.facts.get_mut(fact) {
                *cell = known.values.get(slot).cloned().flatten();
            }
        }
        let came = code(eval::truth(rules, &person, origin.term).0);
        if origin.negated { turned(came) } else { came }
    }

    /// The answer in short, a line for each program and one for each clause that is broken or not
    /// decided: its sentence, its article, and the facts with their documents that are missing.
    pub fn text(&self, known: &Known, verdict: &Verdict, out: &mut String) {
        for (set, ((rules, clauses), outcome)) in
            self.sets.iter().zip(&self.programs).zip(&verdict.outcomes).enumerate()
        {
            for part in [rules.name.as_str(), ": ", outcome.korean(), "\n"] {
                out.push_str(part);
            }
            for (clause, lit) in rules.clauses.iter().zip(clauses) {
                let came = lit_code(&verdict.nodes, *lit);
                if came == MET {
                    continue;
                }
                out.push_str(if came == NOT { "  [미충족] " } else { "  [아직 모름] " });
                out.push_str(&clause.name);
                if !clause.basis.is_empty() {
                    let _ = write!(out, " ({})", clause.basis);
                }
                out.push('\n');
                if came == 0 {
                    self.missing(set, &clause.condition, known, out);
                }
            }
        }
    }

    fn missing(&self, set: usize, condition: &crate::compile::Term, known: &Known, out: &mut String) {
        let Some(rules) = self.sets.get(set) else { return };
        for fact in condition.facts() {
            let slot = self.facts.of_set(set).get(fact).copied().unwrap_or(usize::MAX);
            if let (Some(None), Some(fact)) = (known.values.get(slot), rules.facts.get(fact)) {
                for part in ["      ", fact.name.as_str(), ": ", fact.document.as_str(), "\n"] {
                    out.push_str(part);
                }
            }
        }
    }
}

fn lit_code(nodes: &[u8], lit: Lit) -> u8 {
    let came = nodes.get(lit.node).copied().unwrap_or(0);
    if lit.negated { turned(came) } else { came }
}

fn said(met: bool) -> u8 {
    if met { MET } else { NOT }
}
