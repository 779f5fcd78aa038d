//! Why (사유): clause by clause what was used, what is missing, what would change it, and when it
//! changes by itself.
//!
//! Owns: the tree of reasons and its Korean sentences. Does not own: the verdict (`eval`), which it
//! only retells. What a newcomer gets wrong: explaining a clause by its words alone. A reason names
//! the value, the bound it was held against, and the document that proves it.

mod later;
mod remedy;
mod text;

pub use text::Plain;

use std::collections::BTreeSet;

use iljari_base::Date;

use self::later::{changes, turns};
use self::remedy::remedies;
use crate::compile::Term;
use crate::eval::{self, Missing, Person};
use crate::evidence::{Evidence, Proof, Stale};
use crate::model::{Clause, Outcome, RuleSet};
use crate::value::Truth;

/// The whole answer for one person and one set of rules (판정과 사유).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What comes out.
    pub outcome: Outcome,
    /// Clause by clause, in the order of the file.
    pub reasons: Vec<Reason>,
    /// Facts that could still decide, in the order they are asked.
    pub missing: Vec<usize>,
    /// Documents for every fact that was used or is missing, without repeats, in the order of facts.
    pub documents: Vec<String>,
    /// Documents for the missing facts alone, without repeats: exactly what is still to be brought.
    pub to_bring: Vec<String>,
    /// Facts whose document was too old to be used; they are among the missing where they could decide.
    pub stale: Vec<Stale>,
    /// What proves the used facts: the document in hand with its date, and the last day it is good for.
    pub proofs: Vec<(usize, Proof, Option<Date>)>,
    /// The first later day on which the outcome is another, everything else as it is.
    pub changes: Option<(Date, Outcome, String)>,
}

/// Why a clause is kept, broken, or not known yet (조항별 사유).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The clause, by place.
    pub clause: usize,
    /// Kept or not.
    pub truth: Truth,
    /// Whether it is asked on that day; a lifted ban is kept by everybody and shown as lifted.
    pub is_asked: bool,
    /// Known facts that entered it: place and value.
    pub used: Vec<(usize, String)>,
    /// Reference values that entered it: name, value, in force from, source.
    pub references: Vec<(String, String, Date, String)>,
    /// Facts that are missing.
    pub missing: Vec<usize>,
    /// What would change it, for a broken one.
    pub remedy: Vec<String>,
    /// The first later day on which a broken one is no longer broken, and why that day.
    pub turns: Option<(Date, Truth, String)>,
}

/// Explains everything.
pub fn explain(rules: &RuleSet, person: &Person) -> Explanation {
    let (outcome, missing) = eval::outcome(rules, person);
    let reasons: Vec<Reason> =
        rules.clauses.iter().enumerate().map(|(place, clause)| reason(rules, person, place, clause)).collect();
    let mut wanted: BTreeSet<usize> = missing.clone();
    wanted.extend(reasons.iter().flat_map(|reason| reason.used.iter().map(|(fact, _)| *fact)));
    Explanation {
        outcome,
        reasons,
        documents: documents(rules, &wanted),
        to_bring: documents(rules, &missing),
        missing: missing.into_iter().collect(),
        stale: Vec::new(),
        proofs: Vec::new(),
        changes: changes(rules, person, outcome),
    }
}

/// Explains what is known by documents: one that is too old leaves its fact unknown, and says so.
pub fn explain_evidence(rules: &RuleSet, evidence: &Evidence) -> Explanation {
    let (person, stale) = evidence.person(rules);
    let told = explain(rules, &person);
    let used: BTreeSet<usize> =
        told.reasons.iter().flat_map(|reason| reason.used.iter().map(|(fact, _)| *fact)).collect();
    let proofs = used.iter().filter_map(|fact| {
        let proof = evidence.facts.get(*fact)?.as_ref()?.proof.clone()?;
        let last = rules.facts.get(*fact)?.fresh_days.map(|days| proof.dated.plus_days(days));
        Some((*fact, proof, last))
    });
    Explanation { proofs: proofs.collect(), stale, ..told }
}

fn documents(rules: &RuleSet, facts: &BTreeSet<usize>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for fact in facts.iter().filter_map(|place| rules.facts.get(*place)) {
        if !fact.document.is_empty() && !all.contains(&fact.document) {
            all.push(fact.document.clone());
        }
    }
    all
}

fn reason(rules: &RuleSet, person: &Person, place: usize, clause: &Clause) -> Reason {
    let (truth, missing) = eval::clause_truth(rules, person, clause);
    let is_asked = clause.applies_on(person.as_of);
    if !is_asked {
        let (used, references) = (Vec::new(), Vec::new());
        let (missing, remedy) = (Vec::new(), Vec::new());
        return Reason { clause: place, truth, is_asked, used, references, missing, remedy, turns: None };
    }
    let mut used = Vec::new();
    for fact in clause.condition.facts() {
        let known = person.facts.get(fact).and_then(Option::as_ref);
        if let (Some(value), Some(fact_at)) = (known, rules.facts.get(fact)) {
            used.push((fact, value.in_unit(&fact_at.unit)));
        }
    }
    let mut references = Vec::new();
    clause.condition.walk(&mut |term| {
        let Term::Reference(place, _) = term else { return };
        let Some(reference) = rules.references.get(*place) else { return };
        let (Ok(value), Some(dated)) = (eval::value(rules, person, term), reference.on(person.as_of)) else { return };
        let source = rules.sources.get(&dated.source).cloned().unwrap_or_default();
        let row = (reference.name.clone(), value.text(reference.is_won), dated.from, source);
        if !references.contains(&row) {
            references.push(row);
        }
    });
    let mut remedy = Vec::new();
    if truth == Truth::NotMet {
        remedies(rules, person, &clause.condition, !clause.is_exclusion, &mut remedy);
        if !clause.advice.is_empty() {
            remedy.push(clause.advice.clone());
        }
    }
    let turns = if truth == Truth::NotMet { turns(rules, person, clause) } else { None };
    let missing = missing.into_iter().collect();
    Reason { clause: place, truth, is_asked, used, references, missing, remedy, turns }
}

/// The facts of a [`Missing`] by name.
pub fn names(rules: &RuleSet, missing: &Missing) -> Vec<String> {
    missing.iter().filter_map(|place| rules.facts.get(*place)).map(|fact| fact.name.clone()).collect()
}
