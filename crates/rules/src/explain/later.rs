//! What time changes by itself (저절로 바뀌는 날): a birthday, a month that is over, a new reference value.
//!
//! Owns: the first later day with another outcome, and its sentence. Does not own: the outcome of any
//! day (`eval`). What a newcomer gets wrong: moving the day alone. The next call's start moves with it.

use std::collections::BTreeSet;

use iljari_base::Date;

use crate::compile::{Function, Term};
use crate::eval::{self, Person, age};
use crate::model::{Clause, Outcome, RuleSet};
use crate::value::{Truth, Value};

/// How many years ahead is looked for a change that time brings by itself.
const YEARS_AHEAD: i16 = 15;

/// The first later day on which the outcome is another, and why: a birthday, a month that is over, a
/// new reference value. What the call says (사업시작일) is taken to move along, as the next call's would.
pub(super) fn changes(rules: &RuleSet, person: &Person, now: Outcome) -> Option<(Date, Outcome, String)> {
    let last = Date::new(person.as_of.year().0.saturating_add(YEARS_AHEAD), 12, 31)?;
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for clause in &rules.clauses {
        days.extend(days_of(rules, person, clause, last));
    }
    days.into_iter().find_map(|day| {
        let then = moved(rules, person, day);
        let (outcome, _) = eval::outcome(rules, &then);
        let come = match outcome {
            Outcome::Eligible => "그때부터 신청할 수 있습니다",
            Outcome::Conditional => "그때는 다른 사실을 확인하면 신청할 수 있습니다",
            Outcome::NotEligible => "그때부터는 신청할 수 없습니다",
        };
        (outcome != now).then(|| (day, outcome, format!("{}. {come}", why_then(rules, &then, &rules.clauses, day))))
    })
}

/// The first later day on which a broken clause is no longer broken, whatever the others say.
pub(super) fn turns(rules: &RuleSet, person: &Person, clause: &Clause) -> Option<(Date, Truth, String)> {
    let last = Date::new(person.as_of.year().0.saturating_add(YEARS_AHEAD), 12, 31)?;
    days_of(rules, person, clause, last).into_iter().find_map(|day| {
        let then = moved(rules, person, day);
        let (truth, _) = eval::clause_truth(rules, &then, clause);
        let sentence = || why_then(rules, &then, std::slice::from_ref(clause), day);
        (truth != Truth::NotMet).then(|| (day, truth, sentence()))
    })
}

/// Later days on which a clause can turn.
fn days_of(rules: &RuleSet, person: &Person, clause: &Clause, last: Date) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    clause.condition.walk(&mut |term| turning_days(rules, person, term, last, &mut days));
    days.extend(clause.from);
    days.extend(clause.upto.map(|upto| upto.plus_days(1)));
    days.retain(|day| *day > person.as_of && *day <= last);
    days
}

fn moved(rules: &RuleSet, person: &Person, day: Date) -> Person {
    let mut then = Person { facts: person.facts.clone(), as_of: day };
    for (fact, value) in rules.facts.iter().zip(then.facts.iter_mut()) {
        if let (true, Some(Value::Date(at))) = (fact.from_call, &*value) {
            *value = Some(Value::Date((*at).max(day)));
        }
    }
    then
}

fn turning_days(rules: &RuleSet, person: &Person, term: &Term, last: Date, days: &mut BTreeSet<Date>) {
    let date = |term: &Term| match eval::value(rules, person, term) {
        Ok(Value::Date(date)) => Some(date),
        _ => None,
    };
    match term {
        Term::Call(Function::Age, arguments) => {
            let Some(birth) = arguments.first().and_then(date) else { return };
            for year in person.as_of.year().0..=last.year().0 {
                // 29 February falls on 1 March of an ordinary year.
                let birthday = Date::new(year, birth.month().of_year(), birth.day()).or_else(|| Date::new(year, 3, 1));
                days.extend(birthday);
            }
        }
        Term::Call(Function::YearAge, _) => {
            days.extend((person.as_of.year().0..=last.year().0).filter_map(|year| Date::new(year, 1, 1)));
        }
        Term::Call(Function::Months, arguments) => {
            let Some(first) = arguments.first().and_then(date) else { return };
            for year in person.as_of.year().0..=last.year().0 {
                for month in 1..=12 {
                    let day = (0..4).find_map(|back| Date::new(year, month, first.day() - back));
                    // A month without that day is over on the first day of the next.
                    days.extend(day.map(|day| if day.day() < first.day() { day.plus_days(1) } else { day }));
                }
            }
        }
        Term::Compare(_, one, two) => {
            for side in [one, two] {
                if let Some(date) = date(side) {
                    days.extend([date, date.plus_days(1)]);
                }
            }
        }
        Term::Reference(place, _) => {
            if let Some(reference) = rules.references.get(*place) {
                days.extend(reference.history.iter().map(|dated| dated.from));
            }
        }
        _ => {}
    }
}

/// What happens on a day: a birthday, a year of one's age by the calendar, a clause that is lifted.
fn why_then(rules: &RuleSet, then: &Person, clauses: &[Clause], day: Date) -> String {
    let mut why = None;
    for clause in clauses {
        clause.condition.walk(&mut |term| {
            let Term::Call(function @ (Function::Age | Function::YearAge), arguments) = term else { return };
            let birth = arguments.first().map(|first| eval::value(rules, then, first));
            let Some(Ok(Value::Date(birth))) = birth else { return };
            let years = i64::from(day.year().0) - i64::from(birth.year().0);
            let is_new_year = (day.month().of_year(), day.day()) == (1, 1);
            if *function == Function::Age && age(birth, day) > age(birth, day.plus_days(-1)) {
                why = Some(format!("{day}에 만 {}세가 됩니다", age(birth, day)));
            } else if *function == Function::YearAge && is_new_year {
                why = Some(format!("{day}에 연 나이 {years}세가 됩니다"));
            }
        });
        if clause.upto.is_some_and(|upto| upto.plus_days(1) == day) {
            why = Some(format!("{day}부터는 ‘{}’ 조건을 묻지 않습니다", clause.name));
        }
    }
    why.unwrap_or_else(|| format!("{day}에 조건이 달라집니다"))
}
