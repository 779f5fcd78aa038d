//! What a term comes to for one person (판정): known, or unknown for want of these facts.
//!
//! Owns: the three-valued meaning of every term, ages and months. Does not own: sentences about it
//! (`explain`). What a newcomer gets wrong: treating unknown as no. A clause is unknown only if the
//! facts at hand do not decide it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use iljari_base::Date;

use crate::compile::{CompiledTest, Function, Term};
use crate::expr::{Arithmetic, Compare};
use crate::model::{Outcome, RuleSet};
use crate::num::Num;
use crate::value::{Truth, Value};

/// What is known of a person, by place in [`RuleSet::facts`], and the day that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Known values.
    pub facts: Vec<Option<Value>>,
    /// 기준일.
    pub as_of: Date,
}

/// Why something is not known: these facts are missing. Empty where a reference value is.
pub type Missing = BTreeSet<usize>;

/// A term's value or what is missing for it.
pub fn value(rules: &RuleSet, person: &Person, term: &Term) -> Result<Value, Missing> {
    match term {
        Term::Constant(value) => Ok(value.clone()),
        Term::AsOf => Ok(Value::Date(person.as_of)),
        Term::Fact(place) => person.facts.get(*place).cloned().flatten().ok_or_else(|| Missing::from([*place])),
        Term::Reference(place, key) => {
            let key = match key {
                None => 0,
                Some(key) => number(rules, person, key)?.as_whole().ok_or_else(Missing::new)?,
            };
            let reference = rules.references.get(*place).ok_or_else(Missing::new)?;
            let dated = reference.on(person.as_of).ok_or_else(Missing::new)?;
            dated.values.get(&key).map(|number| Value::Number(*number)).ok_or_else(Missing::new)
        }
        Term::Call(function, arguments) => call(rules, person, *function, arguments),
        Term::Arithmetic(how, left, right) => {
            let (one, two) = both(number(rules, person, left), number(rules, person, right))?;
            let come = match how {
                Arithmetic::Add => one.plus(two),
                Arithmetic::Sub => one.minus(two),
                Arithmetic::Mul => one.times(two),
            };
            come.map(Value::Number).ok_or_else(Missing::new)
        }
        Term::Compare(..) | Term::In(..) | Term::And(_) | Term::Or(_) | Term::Not(_) => {
            let (truth, missing) = truth(rules, person, term);
            match truth {
                Truth::Met => Ok(Value::Yes(true)),
                Truth::NotMet => Ok(Value::Yes(false)),
                Truth::Unknown => Err(missing),
            }
        }
    }
}

/// Whether a condition holds, and the facts that could still decide it.
pub fn truth(rules: &RuleSet, person: &Person, term: &Term) -> (Truth, Missing) {
    match term {
        Term::And(parts) => fold(parts.iter().map(|part| truth(rules, person, part)), Truth::Met, Truth::and),
        Term::Or(parts) => fold(parts.iter().map(|part| truth(rules, person, part)), Truth::NotMet, Truth::or),
        Term::Not(inner) => {
            let (inner, missing) = truth(rules, person, inner);
            (inner.not(), missing)
        }
        Term::Compare(how, left, right) => match both(value(rules, person, left), value(rules, person, right)) {
            Ok((one, two)) => (Truth::of(compare(*how, &one, &two)), Missing::new()),
            Err(missing) => (Truth::Unknown, missing),
        },
        Term::In(subject, tests) => match value(rules, person, subject) {
            Ok(subject) => {
                fold(tests.iter().map(|test| test_holds(rules, person, &subject, test)), Truth::NotMet, Truth::or)
            }
            Err(missing) => (Truth::Unknown, missing),
        },
        other => match value(rules, person, other) {
            Ok(Value::Yes(met)) => (Truth::of(met), Missing::new()),
            Ok(_) => (Truth::Unknown, Missing::new()),
            Err(missing) => (Truth::Unknown, missing),
        },
    }
}

fn fold(
    parts: impl Iterator<Item = (Truth, Missing)>,
    start: Truth,
    join: fn(Truth, Truth) -> Truth,
) -> (Truth, Missing) {
    let (mut all, mut wanted) = (start, Missing::new());
    for (part, missing) in parts {
        all = join(all, part);
        wanted.extend(missing);
    }
    // What is decided needs nothing more, whatever some part of it does not know.
    if all == Truth::Unknown { (all, wanted) } else { (all, Missing::new()) }
}

/// Whether a value passes a unary test.
pub fn test_holds(rules: &RuleSet, person: &Person, subject: &Value, test: &CompiledTest) -> (Truth, Missing) {
    let against = |how: Compare, term: &Term| match value(rules, person, term) {
        Ok(other) => (Truth::of(compare(how, subject, &other)), Missing::new()),
        Err(missing) => (Truth::Unknown, missing),
    };
    match test {
        CompiledTest::Anything => (Truth::Met, Missing::new()),
        CompiledTest::Compare(how, term) => against(*how, term),
        CompiledTest::Between { low, low_included, high, high_included } => {
            let at_least = if *low_included { Compare::AtLeast } else { Compare::More };
            let at_most = if *high_included { Compare::AtMost } else { Compare::Less };
            fold([against(at_least, low), against(at_most, high)].into_iter(), Truth::Met, Truth::and)
        }
    }
}

fn both<A, B>(one: Result<A, Missing>, two: Result<B, Missing>) -> Result<(A, B), Missing> {
    match (one, two) {
        (Ok(one), Ok(two)) => Ok((one, two)),
        (Err(mut one), Err(two)) => {
            one.extend(two);
            Err(one)
        }
        (Err(missing), Ok(_)) | (Ok(_), Err(missing)) => Err(missing),
    }
}

fn number(rules: &RuleSet, person: &Person, term: &Term) -> Result<Num, Missing> {
    match value(rules, person, term)? {
        Value::Number(number) => Ok(number),
        _ => Err(Missing::new()),
    }
}

fn compare(how: Compare, one: &Value, two: &Value) -> bool {
    let order = match (one, two) {
        (Value::Number(one), Value::Number(two)) => Some(one.cmp(two)),
        (Value::Date(one), Value::Date(two)) => Some(one.cmp(two)),
        _ => None,
    };
    let equal = match (one, two) {
        // Any of several words equals one word if it is among them.
        (Value::Words(words), Value::Word(word)) => words.contains(word),
        _ => one == two,
    };
    match how {
        Compare::Equal => equal,
        Compare::Unequal => !equal,
        Compare::Less => order == Some(Ordering::Less),
        Compare::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Compare::More => order == Some(Ordering::Greater),
        Compare::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

fn call(rules: &RuleSet, person: &Person, function: Function, arguments: &[Term]) -> Result<Value, Missing> {
    let mut known = Vec::with_capacity(arguments.len());
    let mut missing = Missing::new();
    for argument in arguments {
        match value(rules, person, argument) {
            Ok(value) => known.push(value),
            Err(more) => missing.extend(more),
        }
    }
    if known.len() < arguments.len() {
        return Err(missing);
    }
    let come = match (function, known.as_slice()) {
        (Function::Age, [Value::Date(birth), Value::Date(day)]) => Some(Num::whole(age(*birth, *day))),
        (Function::YearAge, [Value::Date(birth), Value::Date(day)]) => {
            Some(Num::whole(i64::from(day.year().0) - i64::from(birth.year().0)))
        }
        (Function::Months, [Value::Date(first), Value::Date(last)]) => Some(Num::whole(months(*first, *last))),
        (Function::Round, [Value::Number(number)]) => number.rounded(),
        (Function::Percent, [Value::Number(part), Value::Number(whole)]) => part.percent_of(*whole),
        (Function::Count, [Value::Words(words)]) => i64::try_from(words.len()).ok().map(Num::whole),
        _ => None,
    };
    come.map(Value::Number).ok_or(missing)
}

/// Completed years (만 나이, 민법 제158조). Before birth it is below zero.
pub fn age(birth: Date, day: Date) -> i64 {
    let years = i64::from(day.year().0) - i64::from(birth.year().0);
    let (birthday, today) = ((birth.month().of_year(), birth.day()), (day.month().of_year(), day.day()));
    if today < birthday { years - 1 } else { years }
}

/// Completed months between two days.
pub fn months(first: Date, last: Date) -> i64 {
    let months = (i64::from(last.year().0) - i64::from(first.year().0)) * 12 + i64::from(last.month().of_year())
        - i64::from(first.month().of_year());
    if last.day() < first.day() { months - 1 } else { months }
}

/// What comes out of all clauses, and the facts that could still decide.
pub fn outcome(rules: &RuleSet, person: &Person) -> (Outcome, Missing) {
    let (truth, missing) =
        fold(rules.clauses.iter().map(|clause| clause_truth(rules, person, clause)), Truth::Met, Truth::and);
    (truth.into(), missing)
}

/// Whether a clause is kept: its condition holds, or for an exclusion does not. On a day on which it
/// is not asked (a ban that was lifted) it is kept by everybody.
pub fn clause_truth(rules: &RuleSet, person: &Person, clause: &crate::model::Clause) -> (Truth, Missing) {
    if !clause.applies_on(person.as_of) {
        return (Truth::Met, Missing::new());
    }
    let (holds, missing) = truth(rules, person, &clause.condition);
    (if clause.is_exclusion { holds.not() } else { holds }, missing)
}

/// One item's points, or the least and most that are still possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPoints {
    /// The row that matched.
    pub row: Option<usize>,
    /// Least.
    pub least: i64,
    /// Most.
    pub most: i64,
    /// What is missing to decide it.
    pub missing: Missing,
}

/// The score sheet, item by item.
pub fn points(rules: &RuleSet, person: &Person) -> Vec<ItemPoints> {
    rules
        .scores
        .iter()
        .map(|item| {
            let mut possible: Vec<(usize, i64)> = Vec::new();
            let mut wanted = Missing::new();
            let subject = value(rules, person, &item.subject);
            for (place, row) in item.rows.iter().enumerate() {
                let (truth, missing) = match &subject {
                    Ok(subject) => fold(
                        row.tests.iter().map(|test| test_holds(rules, person, subject, test)),
                        Truth::NotMet,
                        Truth::or,
                    ),
                    Err(missing) => (Truth::Unknown, missing.clone()),
                };
                match truth {
                    // First match: rows below it no longer matter, those above that are unknown do.
                    Truth::Met => {
                        possible.push((place, row.points));
                        break;
                    }
                    Truth::Unknown => {
                        possible.push((place, row.points));
                        wanted.extend(missing);
                    }
                    Truth::NotMet => {}
                }
            }
            let all = possible.iter().map(|(_, points)| *points);
            let (least, most) = (all.clone().min().unwrap_or(0), all.max().unwrap_or(0));
            let row =
                if possible.len() == 1 && wanted.is_empty() { possible.first().map(|(place, _)| *place) } else { None };
            ItemPoints { row, least, most, missing: wanted }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        for (birth, on, years) in [
            ("2008-01-09", "2026-01-08", 17),
            ("2008-01-09", "2026-01-09", 18),
            ("2004-02-29", "2026-02-28", 21),
            ("2004-02-29", "2026-03-01", 22),
            ("2004-02-29", "2028-02-29", 24),
            ("1961-03-02", "2026-03-01", 64),
            ("2026-05-05", "2026-05-04", -1),
        ] {
            assert_eq!(age(day(birth), day(on)), years, "born {birth}, on {on}");
        }
    }

    #[test]
    fn months_are_counted_when_they_are_over() {
        assert_eq!(months(day("2025-08-31"), day("2026-02-28")), 5);
        assert_eq!(months(day("2025-08-28"), day("2026-02-28")), 6);
        assert_eq!(months(day("2025-08-29"), day("2025-08-29")), 0);
    }
}
