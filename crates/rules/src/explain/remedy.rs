//! What would change a broken clause (바뀌려면): the bound, the value now, the answer that is needed.
//!
//! Owns: sentences about one condition. Does not own: which clauses are broken. What a newcomer gets
//! wrong: naming a bound of 2,179,602.3 won. Money is whole, and the sentence says 2,179,602.

use iljari_base::korean::with_particle;

use crate::compile::{CompiledTest, Function, Term};
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::model::RuleSet;
use crate::value::{Truth, Value};

/// What each broken part would need, for the term to come to `wanted`.
pub(super) fn remedies(rules: &RuleSet, person: &Person, term: &Term, wanted: bool, out: &mut Vec<String>) {
    let (now, _) = eval::truth(rules, person, term);
    if now != Truth::of(!wanted) {
        return;
    }
    match term {
        Term::Not(inner) => remedies(rules, person, inner, !wanted, out),
        Term::And(parts) | Term::Or(parts) => {
            let mut each = Vec::new();
            // Of an `or` that should hold, or an `and` that should not, one part is enough: those that
            // cannot come any more are left out as long as another can.
            let one_is_enough = matches!(term, Term::Or(_)) == wanted;
            let is_open = |part: &&Term| !is_past(rules, person, part, wanted);
            let some_open = one_is_enough && parts.iter().any(|part| is_open(&part));
            for part in parts.iter().filter(|part| !some_open || is_open(part)) {
                remedies(rules, person, part, wanted, &mut each);
            }
            if one_is_enough && each.len() > 1 {
                out.push(format!("다음 가운데 하나면 됩니다: {}", each.join(" / ")));
            } else {
                out.extend(each);
            }
        }
        Term::Compare(how, left, right) => {
            let how = if wanted { *how } else { opposite(*how) };
            out.extend(
                answer_needed(rules, person, left, how, right).or_else(|| needed(rules, person, left, how, right)),
            );
        }
        Term::In(subject, tests) => {
            let (named, unit) = (name_of(rules, subject), unit_of(rules, subject));
            let list: Vec<String> = tests.iter().map(|test| test_text(rules, person, test, &unit)).collect();
            let list = list.join(" 또는 ");
            let end = if wanted {
                with_particle(&list, "이어야/여야")
            } else {
                format!("{} 아니어야", with_particle(&list, "이/가"))
            };
            let now = eval::value(rules, person, subject).map(|now| now.in_unit(&unit)).unwrap_or_default();
            out.push(format!("{} {end} 합니다(지금 {now})", with_particle(&named, "이/가")));
        }
        Term::Fact(place) => out.extend(answer(rules, *place, wanted)),
        _ => {}
    }
}

/// Whether it takes being younger than one is: what was missed by age or by months does not come back.
fn is_past(rules: &RuleSet, person: &Person, term: &Term, wanted: bool) -> bool {
    if eval::truth(rules, person, term).0 != Truth::of(!wanted) {
        return false;
    }
    match term {
        Term::Not(inner) => is_past(rules, person, inner, !wanted),
        Term::And(parts) | Term::Or(parts) => {
            let mut past = parts.iter().map(|part| is_past(rules, person, part, wanted));
            if matches!(term, Term::Or(_)) == wanted {
                past.all(|is_past| is_past)
            } else {
                past.any(|is_past| is_past)
            }
        }
        Term::Compare(how, left, _) => {
            let how = if wanted { *how } else { opposite(*how) };
            let counts_time = matches!(**left, Term::Call(Function::Age | Function::YearAge | Function::Months, _));
            counts_time && matches!(how, Compare::AtMost | Compare::Less)
        }
        _ => false,
    }
}

/// For a fact that is yes or no: the answer to its own question, which people know better than its name.
fn answer(rules: &RuleSet, place: usize, wanted: bool) -> Option<String> {
    let fact = rules.facts.get(place)?;
    let word = if wanted { "‘예’" } else { "‘아니오’" };
    Some(format!("‘{}’의 답이 {word}여야 합니다", fact.question))
}

fn answer_needed(rules: &RuleSet, person: &Person, left: &Term, how: Compare, right: &Term) -> Option<String> {
    let (Term::Fact(place), Ok(Value::Yes(bound))) = (left, eval::value(rules, person, right)) else { return None };
    match how {
        Compare::Equal => answer(rules, *place, bound),
        Compare::Unequal => answer(rules, *place, !bound),
        _ => None,
    }
}

fn needed(rules: &RuleSet, person: &Person, left: &Term, how: Compare, right: &Term) -> Option<String> {
    let bound = eval::value(rules, person, right).ok()?;
    let now = eval::value(rules, person, left).ok()?;
    let unit = Some(unit_of(rules, left)).filter(|unit| !unit.is_empty()).unwrap_or_else(|| unit_of(rules, right));
    // Money is whole won: at most 2,179,602.3원 is at most 2,179,602원.
    let bound = match (&bound, how) {
        (Value::Number(number), Compare::AtMost) if unit == "원" => {
            Value::Number(number.rounded_down().unwrap_or(*number))
        }
        _ => bound,
    };
    let bound = bound.in_unit(&unit);
    let words = match how {
        Compare::Equal => with_particle(&bound, "이어야/여야"),
        Compare::Unequal => format!("{} 아니어야", with_particle(&bound, "이/가")),
        Compare::Less => format!("{bound}보다 적어야"),
        Compare::AtMost => format!("{bound} 이하여야"),
        Compare::More => format!("{bound}보다 많아야"),
        Compare::AtLeast => format!("{bound} 이상이어야"),
    };
    let subject = with_particle(&name_of(rules, left), "이/가");
    Some(format!("{subject} {words} 합니다(지금 {})", now.in_unit(&unit)))
}

fn opposite(how: Compare) -> Compare {
    match how {
        Compare::Equal => Compare::Unequal,
        Compare::Unequal => Compare::Equal,
        Compare::Less => Compare::AtLeast,
        Compare::AtMost => Compare::More,
        Compare::More => Compare::AtMost,
        Compare::AtLeast => Compare::Less,
    }
}

/// What a number is counted in.
fn unit_of(rules: &RuleSet, term: &Term) -> String {
    match term {
        Term::Fact(place) => rules.facts.get(*place).map(|fact| fact.unit.clone()).unwrap_or_default(),
        Term::Reference(place, _) => {
            let is_won = rules.references.get(*place).is_some_and(|reference| reference.is_won);
            if is_won { "원".to_owned() } else { String::new() }
        }
        Term::Call(Function::Age | Function::YearAge, _) => "세".to_owned(),
        Term::Call(Function::Months, _) => "개월".to_owned(),
        Term::Call(Function::Count, _) => "가지".to_owned(),
        Term::Call(Function::Percent, _) => "%".to_owned(),
        Term::Call(Function::Round, parts) => parts.first().map(|part| unit_of(rules, part)).unwrap_or_default(),
        Term::Arithmetic(_, one, two) => {
            let unit = unit_of(rules, one);
            if unit.is_empty() { unit_of(rules, two) } else { unit }
        }
        _ => String::new(),
    }
}

fn name_of(rules: &RuleSet, term: &Term) -> String {
    match term {
        Term::AsOf => "기준일".to_owned(),
        Term::Fact(place) => rules.facts.get(*place).map(|fact| fact.name.clone()).unwrap_or_default(),
        Term::Reference(place, _) => rules.references.get(*place).map(|it| it.name.clone()).unwrap_or_default(),
        Term::Call(Function::Age, _) => "만 나이".to_owned(),
        Term::Call(Function::YearAge, _) => "연 나이".to_owned(),
        Term::Call(Function::Months, _) => "지난 개월 수".to_owned(),
        Term::Call(Function::Percent, parts) => {
            let names: Vec<String> = parts.iter().map(|part| name_of(rules, part)).collect();
            format!("{}의 비율", names.join(" 대 "))
        }
        Term::Call(_, arguments) => arguments.first().map(|first| name_of(rules, first)).unwrap_or_default(),
        Term::Arithmetic(_, one, _) => name_of(rules, one),
        _ => "이 조건".to_owned(),
    }
}

fn test_text(rules: &RuleSet, person: &Person, test: &CompiledTest, unit: &str) -> String {
    let text = |term: &Term| eval::value(rules, person, term).map(|value| value.in_unit(unit)).unwrap_or_default();
    match test {
        CompiledTest::Anything => "무엇이든".to_owned(),
        CompiledTest::Compare(Compare::Equal, term) => text(term),
        CompiledTest::Compare(how, term) => {
            let words = match how {
                Compare::Less => "미만",
                Compare::AtMost => "이하",
                Compare::More => "초과",
                Compare::AtLeast => "이상",
                Compare::Equal | Compare::Unequal => "아님",
            };
            format!("{} {words}", text(term))
        }
        CompiledTest::Between { low, low_included, high, high_included } => {
            let low_word = if *low_included { "이상" } else { "초과" };
            let high_word = if *high_included { "이하" } else { "미만" };
            format!("{} {low_word} {} {high_word}", text(low), text(high))
        }
    }
}
