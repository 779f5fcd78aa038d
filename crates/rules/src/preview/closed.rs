//! A closed round under new rules (닫힌 회차): from verdicts and brackets alone, for the rest is destroyed.
//!
//! Owns: what the kept brackets and verdicts still decide. Does not own: what is kept and for how long.
//! What a newcomer gets wrong: guessing from the middle of a bracket. Every value that the bracket and
//! the kept verdicts allow is tried at its bounds; only where all agree is there an answer.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::Date;

use super::{Change, spell};
use crate::answers::{around, subsets};
use crate::compile::{CompiledTest, Function, Term};
use crate::eval::{self, Person};
use crate::expr::{Arithmetic, Compare};
use crate::model::{Clause, Outcome, RuleSet, ScoreItem};
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

/// What is left of an applicant when a round is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedRow {
    /// 접수번호.
    pub label: String,
    /// What came out.
    pub outcome: Outcome,
    /// Verdict by clause id.
    pub clauses: BTreeMap<String, Truth>,
    /// Bracket by item id: the cell as written.
    pub brackets: BTreeMap<String, String>,
    /// Her rank, where she had one.
    pub rank: Option<usize>,
}

/// One row of a closed round under both editions.
pub(super) fn change(old: &RuleSet, new: &RuleSet, as_of: Date, row: &ClosedRow) -> Change {
    let kept = Kept { old, new, as_of, row };
    let decided: Vec<(&Clause, Option<Truth>)> = new.clauses.iter().map(|one| (one, kept.clause(one))).collect();
    let after = if decided.iter().any(|(_, truth)| *truth == Some(Truth::NotMet)) {
        Some(Outcome::NotEligible)
    } else if decided.iter().all(|(_, truth)| *truth == Some(Truth::Met)) {
        Some(Outcome::Eligible)
    } else {
        None
    };
    let (mut least, mut most) = (0, 0);
    for item in &new.scores {
        let (low, high) = kept.points(item);
        least += low;
        most += high;
    }
    let clauses = match after {
        Some(Outcome::NotEligible) if row.outcome != Outcome::NotEligible => {
            let broken = decided.iter().filter(|(_, truth)| *truth == Some(Truth::NotMet));
            broken.map(|(clause, _)| clause.id.clone()).collect()
        }
        Some(Outcome::Eligible) if row.outcome != Outcome::Eligible => {
            let was = row.clauses.iter().filter(|(_, truth)| **truth != Truth::Met);
            was.map(|(id, _)| id.clone()).collect()
        }
        // Not known: these clauses are why.
        None => decided.iter().filter(|(_, truth)| truth.is_none()).map(|(clause, _)| clause.id.clone()).collect(),
        _ => Vec::new(),
    };
    let before: i64 = old.scores.iter().filter_map(|item| bracket(item, row)).map(|row| row.points).sum();
    Change {
        label: row.label.clone(),
        before: row.outcome,
        after,
        clauses,
        points_before: (before, before),
        points_after: (least, most),
        rank_before: row.rank,
        rank_after: None,
    }
}

fn bracket<'i>(item: &'i ScoreItem, row: &ClosedRow) -> Option<&'i crate::model::ScoreRow> {
    let label = row.brackets.get(&item.id)?;
    item.rows.iter().find(|row| row.label == *label)
}

struct Kept<'k> {
    old: &'k RuleSet,
    new: &'k RuleSet,
    as_of: Date,
    row: &'k ClosedRow,
}

impl Kept<'_> {
    /// Whether a clause of the new rules is kept; `None` where what is left does not decide.
    fn clause(&self, clause: &Clause) -> Option<Truth> {
        if !clause.applies_on(self.as_of) {
            return Some(Truth::Met);
        }
        let meaning = spell::clause(self.new, self.as_of, clause);
        for before in &self.old.clauses {
            let verdict = self.row.clauses.get(&before.id).copied().filter(|verdict| *verdict != Truth::Unknown);
            let Some(verdict) = verdict.filter(|_| before.applies_on(self.as_of)) else { continue };
            if spell::clause(self.old, self.as_of, before) == meaning || self.stays(before, clause, verdict) {
                return Some(verdict);
            }
        }
        let subject = subject_of(&clause.condition)?;
        let key = spell::term(self.new, self.as_of, subject);
        let values = self.possible(subject, &key, std::slice::from_ref(&clause.condition))?;
        let truths: BTreeSet<Truth> = values
            .iter()
            .map(|value| {
                let holds = self.holds(self.new, &clause.condition, &key, value);
                if clause.is_exclusion { holds.not() } else { holds }
            })
            .collect();
        let mut truths = truths.into_iter();
        match (truths.next(), truths.next()) {
            (Some(truth), None) if truth != Truth::Unknown => Some(truth),
            _ => None,
        }
    }

    /// Least and most points of an item of the new score sheet.
    fn points(&self, item: &ScoreItem) -> (i64, i64) {
        let whole = || {
            let points = item.rows.iter().map(|row| row.points);
            (points.clone().min().unwrap_or(0), points.max().unwrap_or(0))
        };
        let key = spell::term(self.new, self.as_of, &item.subject);
        let Some(values) = self.possible(&item.subject, &key, &[table(item)]) else { return whole() };
        let rows = values.iter().map(|value| self.row_of(self.new, item, value).map(|row| row.points));
        let Some(points) = rows.collect::<Option<Vec<i64>>>() else { return whole() };
        match (points.iter().min(), points.iter().max()) {
            (Some(least), Some(most)) => (*least, *most),
            _ => whole(),
        }
    }

    /// The bounds of an upper limit by household size moved to one side for every size: who kept a
    /// tighter limit keeps a looser one, who broke a looser one breaks a tighter one.
    fn stays(&self, before: &Clause, after: &Clause, verdict: Truth) -> bool {
        let (Term::Compare(how, left, right), Term::Compare(new_how, new_left, new_right)) =
            (&before.condition, &after.condition)
        else {
            return false;
        };
        let alike = how == new_how
            && matches!(how, Compare::AtMost | Compare::Less)
            && !before.is_exclusion
            && !after.is_exclusion
            && spell::term(self.old, self.as_of, left) == spell::term(self.new, self.as_of, new_left);
        let (Some((key, old)), Some((new_key, new))) =
            (limits(self.old, self.as_of, right), limits(self.new, self.as_of, new_right))
        else {
            return false;
        };
        let same_keys = key == new_key && old.keys().eq(new.keys()) && !old.is_empty();
        let all = |holds: fn(&Num, &Num) -> bool| old.values().zip(new.values()).all(|(old, new)| holds(old, new));
        alike
            && same_keys
            && match verdict {
                Truth::Met => all(|old, new| new >= old),
                Truth::NotMet => all(|old, new| new <= old),
                Truth::Unknown => false,
            }
    }

    /// Values of a subject that the kept bracket and verdicts allow, one for each stretch on which
    /// nothing turns. `None` where its values cannot be listed.
    fn possible(&self, subject: &Term, key: &str, of_new: &[Term]) -> Option<Vec<Value>> {
        let old_items: Vec<&ScoreItem> = self
            .old
            .scores
            .iter()
            .filter(|item| spell::term(self.old, self.as_of, &item.subject) == key && bracket(item, self.row).is_some())
            .collect();
        let old_clauses: Vec<(&Clause, Truth)> = self
            .old
            .clauses
            .iter()
            .filter(|clause| clause.applies_on(self.as_of))
            .filter_map(|clause| Some((clause, self.row.clauses.get(&clause.id).copied()?)))
            .filter(|(_, verdict)| *verdict != Truth::Unknown)
            .collect();
        let mut bounds = BTreeSet::new();
        for term in of_new {
            self.bounds(self.new, term, key, &mut bounds);
        }
        for term in old_items.iter().map(|item| table(item)) {
            self.bounds(self.old, &term, key, &mut bounds);
        }
        for (clause, _) in &old_clauses {
            self.bounds(self.old, &clause.condition, key, &mut bounds);
        }
        let values = self.values(subject, bounds)?;
        let allowed = values.into_iter().filter(|value| {
            let in_bracket = old_items.iter().all(|item| {
                let row = self.row_of(self.old, item, value);
                row.is_some_and(|row| Some(&row.label) == self.row.brackets.get(&item.id))
            });
            in_bracket
                && old_clauses.iter().all(|(clause, verdict)| {
                    let holds = self.holds(self.old, &clause.condition, key, value);
                    let truth = if clause.is_exclusion { holds.not() } else { holds };
                    truth == Truth::Unknown || truth == *verdict
                })
        });
        let allowed: Vec<Value> = allowed.collect();
        (!allowed.is_empty()).then_some(allowed)
    }

    /// All words of a choice, or every bound with its neighbours.
    fn values(&self, subject: &Term, bounds: BTreeSet<Num>) -> Option<Vec<Value>> {
        let kind = match subject {
            Term::Fact(place) => self.new.facts.get(*place).map(|fact| &fact.kind)?,
            Term::Call(function, _) if *function != Function::Round => &Kind::Number,
            _ => return None,
        };
        if let Term::Fact(place) = subject {
            let name = &self.new.facts.get(*place)?.name;
            let before = self.old.fact(name).and_then(|place| self.old.facts.get(place));
            if before.is_some_and(|before| before.kind != *kind) {
                return None;
            }
        }
        match kind {
            Kind::Yes => Some(vec![Value::Yes(true), Value::Yes(false)]),
            Kind::One(words) => Some(words.iter().cloned().map(Value::Word).collect()),
            Kind::Any(words) if words.len() <= 8 => Some(subsets(words)),
            Kind::Number | Kind::Won => {
                let mut numbers = BTreeSet::from([Num::whole(0)]);
                numbers.extend(bounds.into_iter().flat_map(around));
                Some(numbers.into_iter().filter(|number| *number >= Num::whole(0)).map(Value::Number).collect())
            }
            Kind::Any(_) | Kind::Date => None,
        }
    }

    /// Numbers against which the subject itself is held.
    fn bounds(&self, rules: &RuleSet, term: &Term, key: &str, found: &mut BTreeSet<Num>) {
        let is_subject = |side: &Term| spell::term(rules, self.as_of, side) == key;
        let nobody = self.nobody(rules);
        let mut bound = |side: &Term| {
            if let Ok(Value::Number(number)) = eval::value(rules, &nobody, side) {
                found.insert(number);
            }
        };
        term.walk(&mut |part| match part {
            Term::Compare(_, one, two) if is_subject(one) => bound(two),
            Term::Compare(_, one, two) if is_subject(two) => bound(one),
            Term::In(subject, tests) if is_subject(subject) => {
                for test in tests {
                    match test {
                        CompiledTest::Anything => {}
                        CompiledTest::Compare(_, right) => bound(right),
                        CompiledTest::Between { low, high, .. } => {
                            bound(low);
                            bound(high);
                        }
                    }
                }
            }
            _ => {}
        });
    }

    /// A condition with a value in the place of the subject, wherever that is compared by itself.
    /// What else it asks is not known.
    fn holds(&self, rules: &RuleSet, term: &Term, key: &str, value: &Value) -> Truth {
        let placed = self.placed(rules, term, key, value);
        eval::truth(rules, &self.nobody(rules), &placed).0
    }

    fn placed(&self, rules: &RuleSet, term: &Term, key: &str, value: &Value) -> Term {
        let side = |side: &Term| {
            if spell::term(rules, self.as_of, side) == key { Term::Constant(value.clone()) } else { side.clone() }
        };
        let deeper = |part: &Term| self.placed(rules, part, key, value);
        match term {
            Term::And(parts) => Term::And(parts.iter().map(deeper).collect()),
            Term::Or(parts) => Term::Or(parts.iter().map(deeper).collect()),
            Term::Not(inner) => Term::Not(Box::new(deeper(inner))),
            Term::Compare(how, one, two) => Term::Compare(*how, Box::new(side(one)), Box::new(side(two))),
            Term::In(subject, tests) => Term::In(Box::new(side(subject)), tests.clone()),
            Term::Fact(_) => side(term),
            other => other.clone(),
        }
    }

    fn row_of<'i>(&self, rules: &RuleSet, item: &'i ScoreItem, value: &Value) -> Option<&'i crate::model::ScoreRow> {
        let nobody = self.nobody(rules);
        for row in &item.rows {
            let mut undecided = false;
            for test in &row.tests {
                match eval::test_holds(rules, &nobody, value, test).0 {
                    Truth::Met => return Some(row),
                    Truth::Unknown => undecided = true,
                    Truth::NotMet => {}
                }
            }
            if undecided {
                return None;
            }
        }
        None
    }

    fn nobody(&self, rules: &RuleSet) -> Person {
        Person { facts: vec![None; rules.facts.len()], as_of: self.as_of }
    }
}

/// A score table as the one term its bounds are found in.
fn table(item: &ScoreItem) -> Term {
    let tests = item.rows.iter().flat_map(|row| row.tests.iter().cloned()).collect();
    Term::In(Box::new(item.subject.clone()), tests)
}

/// What a condition first holds against something.
fn subject_of(term: &Term) -> Option<&Term> {
    let has_facts = |term: &Term| !term.facts().is_empty();
    match term {
        Term::Not(inner) => subject_of(inner),
        Term::And(parts) | Term::Or(parts) => parts.iter().find_map(subject_of),
        Term::Compare(_, one, two) => [one, two].into_iter().map(|side| &**side).find(|side| has_facts(side)),
        Term::In(subject, _) => Some(&**subject).filter(|subject| has_facts(subject)),
        Term::Fact(_) => Some(term),
        _ => None,
    }
}

/// An upper limit that depends on one number: how that number is spelled, and the limit for each.
fn limits(rules: &RuleSet, as_of: Date, term: &Term) -> Option<(String, BTreeMap<i64, Num>)> {
    match term {
        Term::Reference(place, Some(key)) => {
            let dated = rules.references.get(*place)?.on(as_of)?;
            Some((spell::term(rules, as_of, key), dated.values.clone()))
        }
        Term::Arithmetic(Arithmetic::Mul, one, two) => {
            let (table, share) = match (&**one, &**two) {
                (table, Term::Constant(Value::Number(share))) => (table, *share),
                (Term::Constant(Value::Number(share)), table) => (table, *share),
                _ => return None,
            };
            let (key, values) = limits(rules, as_of, table)?;
            let times = values.into_iter().map(|(key, value)| Some((key, value.times(share)?)));
            Some((key, times.collect::<Option<_>>()?))
        }
        _ => None,
    }
}
