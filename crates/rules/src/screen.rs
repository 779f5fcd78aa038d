//! Many people at once (일괄 판정): a table of known facts in, an outcome and its failing clauses out.
//!
//! Owns: the mapping of columns to facts and the mask of a row. Does not own: reading CSV. What a
//! newcomer gets wrong: a second evaluator. A row is judged by the very terms the reasons come from.

use iljari_base::Date;

use crate::batch::{Builder, Masks, Plan};
use crate::eval::{self, Missing, Person};
use crate::model::{Outcome, RuleSet};
use crate::value::{Truth, Value};

/// Which column holds which fact, by the names in the head of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// For each fact, its column.
    of_fact: Vec<Option<usize>>,
    /// Columns that name no fact.
    pub others: Vec<String>,
    /// Facts without a column.
    pub absent: Vec<String>,
}

impl Columns {
    /// Maps a head to the facts of these rules.
    pub fn of(rules: &RuleSet, head: &[String]) -> Self {
        let of_fact: Vec<Option<usize>> =
            rules.facts.iter().map(|fact| head.iter().position(|name| name.trim() == fact.name)).collect();
        let others = head.iter().enumerate().filter(|(place, _)| !of_fact.contains(&Some(*place)));
        let absent = rules.facts.iter().zip(&of_fact).filter(|(_, column)| column.is_none());
        Self {
            others: others.map(|(_, name)| name.clone()).collect(),
            absent: absent.map(|(fact, _)| fact.name.clone()).collect(),
            of_fact,
        }
    }

    /// A row as a person. An empty cell is not known; a cell that cannot be read is a fault with its fact.
    pub fn person(&self, rules: &RuleSet, row: &[String], as_of: Date) -> Result<Person, Vec<(String, String)>> {
        let (mut facts, mut faults) = (Vec::with_capacity(rules.facts.len()), Vec::new());
        for (fact, column) in rules.facts.iter().zip(&self.of_fact) {
            let text = column.and_then(|column| row.get(column)).map_or("", |text| text.trim());
            let read: Option<Value> = if text.is_empty() || text == "모름" {
                None
            } else {
                fact.kind.read(text).map_err(|expected| faults.push((fact.name.clone(), expected))).ok()
            };
            facts.push(read);
        }
        if faults.is_empty() { Ok(Person { facts, as_of }) } else { Err(faults) }
    }
}

/// What came out for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screened {
    /// The outcome.
    pub outcome: Outcome,
    /// Bit by bit the broken clauses, in the order of the file.
    pub broken: u64,
    /// Bit by bit the undecided ones.
    pub unknown: u64,
    /// What could still decide.
    pub missing: Missing,
    /// Least and most points.
    pub points: (i64, i64),
}

/// Judges many rows at once, as of one day: the same as row by row, and much faster.
pub fn screen_all(rules: &RuleSet, as_of: Date, people: &[Person]) -> Vec<Screened> {
    let plan = Plan::of(&[rules], as_of);
    let slots = plan.facts().of_set(0);
    let mut table = Builder::new(plan.facts());
    for person in people {
        table.push(|slot| {
            let fact = slots.iter().position(|of_fact| *of_fact == slot)?;
            person.facts.get(fact).and_then(Option::as_ref)
        });
    }
    let mut masks = Masks::default();
    plan.screen(&table.finish(), &mut masks);
    let judged = |(row, person): (usize, &Person)| {
        let outcome = masks.outcome(0, row);
        // What is decided needs nothing more; most rows are.
        let missing = if outcome == Outcome::Conditional { eval::outcome(rules, person).1 } else { Missing::new() };
        let (broken, unknown) = (masks.broken(0, row), masks.unknown(0, row));
        Screened { outcome, broken, unknown, missing, points: points(rules, person) }
    };
    people.iter().enumerate().map(judged).collect()
}

fn points(rules: &RuleSet, person: &Person) -> (i64, i64) {
    let items = eval::points(rules, person);
    (items.iter().map(|item| item.least).sum(), items.iter().map(|item| item.most).sum())
}

/// Judges one row.
pub fn screen(rules: &RuleSet, person: &Person) -> Screened {
    let (mut broken, mut unknown) = (0_u64, 0_u64);
    for (place, clause) in rules.clauses.iter().enumerate().take(64) {
        match eval::clause_truth(rules, person, clause).0 {
            Truth::Met => {}
            Truth::NotMet => broken |= 1 << place,
            Truth::Unknown => unknown |= 1 << place,
        }
    }
    let (outcome, missing) = eval::outcome(rules, person);
    Screened { outcome, broken, unknown, missing, points: points(rules, person) }
}
