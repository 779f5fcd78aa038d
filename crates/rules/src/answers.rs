//! Answers worth trying (따져 볼 답): values of a fact at which some condition can turn.
//!
//! Owns: finding them, each bound with its neighbours. Does not own: what is done with them; the next
//! question, the preview of a change and invented people all try the same answers. What a newcomer
//! gets wrong: trying round numbers. A rule turns at 2,179,602 won and on a birthday, and nowhere else.

use std::collections::BTreeSet;

use iljari_base::Date;

use crate::compile::{Function, Term};
use crate::eval::{self, Person};
use crate::model::RuleSet;
use crate::num::Num;
use crate::value::{Kind, Value};

/// Words of a choice of which every subset is tried; with more, each alone, none and all.
const WORDS_MAX: usize = 8;

/// Every term of a set of rules: conditions, looked-up values, the cells of score tables.
pub fn terms(rules: &RuleSet) -> Vec<Term> {
    let mut all: Vec<Term> = rules.clauses.iter().map(|clause| clause.condition.clone()).collect();
    for item in &rules.scores {
        let tests = item.rows.iter().flat_map(|row| row.tests.iter().cloned()).collect();
        all.push(Term::In(Box::new(item.subject.clone()), tests));
    }
    all
}

/// Values of a fact worth trying, given what else is known of a person.
pub fn answers(rules: &RuleSet, person: &Person, fact: usize, terms: &[Term]) -> Vec<Value> {
    match rules.facts.get(fact).map(|fact| &fact.kind) {
        None => Vec::new(),
        Some(Kind::Yes) => vec![Value::Yes(true), Value::Yes(false)],
        Some(Kind::One(words)) => words.iter().cloned().map(Value::Word).collect(),
        Some(Kind::Any(words)) => subsets(words),
        Some(Kind::Number | Kind::Won) => {
            let mut found = BTreeSet::from([Num::whole(0)]);
            for bound in bounds(rules, person, fact, terms) {
                found.extend(around(bound));
            }
            found.into_iter().filter(|number| *number >= Num::whole(0)).map(Value::Number).collect()
        }
        Some(Kind::Date) => days(rules, person, fact, terms).into_iter().map(Value::Date).collect(),
    }
}

/// Which words of a choice apply: every subset of few, or each alone, none and all of many.
pub fn subsets(words: &[String]) -> Vec<Value> {
    if words.len() > WORDS_MAX {
        let mut all = vec![BTreeSet::new(), words.iter().cloned().collect()];
        all.extend(words.iter().map(|word| BTreeSet::from([word.clone()])));
        return all.into_iter().map(Value::Words).collect();
    }
    (0..1_usize << words.len())
        .map(|mask| {
            let chosen = words.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1);
            Value::Words(chosen.map(|(_, word)| word.clone()).collect())
        })
        .collect()
}

/// A bound and the whole numbers beside it.
pub fn around(bound: Num) -> impl Iterator<Item = Num> {
    let below = bound.rounded_down();
    let steps = [-1, 0, 1].map(|step| below.and_then(|below| below.plus(Num::whole(step))));
    steps.into_iter().flatten()
}

/// Whether a fact stands somewhere in a term.
fn mentions(term: &Term, fact: usize) -> bool {
    times(term, fact) > 0
}

fn times(term: &Term, fact: usize) -> usize {
    let mut found = 0;
    term.walk(&mut |part| found += usize::from(matches!(part, Term::Fact(place) if *place == fact)));
    found
}

/// Whether a fact only chooses the row of a table, as 가구원수 does: then it is held against the keys
/// of that table and against no other number of the condition.
fn only_as_key(term: &Term, fact: usize) -> bool {
    let mut in_keys = 0;
    term.walk(&mut |part| {
        if let Term::Reference(_, Some(key)) = part {
            in_keys += times(key, fact);
        }
    });
    in_keys == times(term, fact)
}

/// The parts of conditions in which a fact is held against something.
fn comparisons(terms: &[Term], fact: usize, visit: &mut dyn FnMut(&Term)) {
    for term in terms {
        term.walk(&mut |part| {
            if matches!(part, Term::Compare(..) | Term::In(..)) && mentions(part, fact) {
                visit(part);
            }
        });
    }
}

fn bounds(rules: &RuleSet, person: &Person, fact: usize, terms: &[Term]) -> Vec<Num> {
    let mut found = Vec::new();
    comparisons(terms, fact, &mut |comparison| {
        let only_as_key = only_as_key(comparison, fact);
        comparison.walk(&mut |part| {
            if let Term::Reference(place, Some(key)) = part
                && mentions(key, fact)
                && let Some(dated) = rules.references.get(*place).and_then(|table| table.on(person.as_of))
            {
                found.extend(dated.values.keys().map(|key| Num::whole(*key)));
            }
            if !only_as_key
                && !mentions(part, fact)
                && let Ok(Value::Number(number)) = eval::value(rules, person, part)
            {
                found.push(number);
            }
        });
    });
    found
}

fn days(rules: &RuleSet, person: &Person, fact: usize, terms: &[Term]) -> BTreeSet<Date> {
    let mut found = BTreeSet::new();
    comparisons(terms, fact, &mut |comparison| {
        let (mut numbers, mut from) = (BTreeSet::new(), BTreeSet::from([person.as_of]));
        let (mut years, mut months) = (false, false);
        comparison.walk(&mut |part| {
            match part {
                Term::Call(Function::Age | Function::YearAge, _) => years = true,
                Term::Call(Function::Months, _) => months = true,
                _ => {}
            }
            if mentions(part, fact) {
                return;
            }
            match eval::value(rules, person, part) {
                Ok(Value::Number(number)) => {
                    numbers.extend(number.as_whole().and_then(|number| i16::try_from(number).ok()));
                }
                Ok(Value::Date(date)) => {
                    from.insert(date);
                }
                _ => {}
            }
        });
        let mut turns = BTreeSet::new();
        for day in &from {
            turns.insert(*day);
            for number in numbers.iter().flat_map(|number: &i16| [*number, number.saturating_add(1)]) {
                if years {
                    let year = day.year().0.saturating_sub(number);
                    turns.extend(in_year(*day, year));
                    turns.extend(Date::new(year, 1, 1));
                }
                if months {
                    turns.extend(months_before(*day, number));
                }
            }
        }
        found.extend(turns.iter().flat_map(|day| [day.plus_days(-1), *day, day.plus_days(1)]));
    });
    found
}

/// The same day of another year; for 29 February of an ordinary year the 1 March.
fn in_year(day: Date, year: i16) -> Option<Date> {
    Date::new(year, day.month().of_year(), day.day()).or_else(|| Date::new(year, 3, 1))
}

fn months_before(day: Date, months: i16) -> Option<Date> {
    // Months since year 0, so that a step past January lands in the year before.
    let all = i64::from(day.year().0) * 12 + i64::from(day.month().of_year()) - 1 - i64::from(months);
    let (year, of_year) = (i16::try_from(all.div_euclid(12)).ok()?, i8::try_from(all.rem_euclid(12) + 1).ok()?);
    let month = iljari_base::Month::new(year, of_year)?;
    (0..4).find_map(|back| Date::new(month.year().0, month.of_year(), day.day() - back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_step_back_over_the_turn_of_the_year() {
        let day = |text: &str| text.parse::<Date>().ok();
        let before = |text: &str, months| day(text).and_then(|day| months_before(day, months));
        assert_eq!(before("2026-03-15", 5), day("2025-10-15"));
        assert_eq!(before("2026-01-01", 1), day("2025-12-01"));
        assert_eq!(before("2026-03-31", 1), day("2026-02-28"));
        assert_eq!(before("2026-12-31", 24), day("2024-12-31"));
    }
}
