//! What would change a broken clause (바뀌려면): the bound, the value now, the answer that is needed.
//!
//! Owns: sentences about one condition. Does not own: which clauses are broken. What a newcomer gets
//! wrong: naming a bound of 2,179,602.3 won. Money is whole, and the sentence says 2,179,602.

use iljari_base::korean::with_particle;

use crate::compile::{CompiledTest, Function, Term};
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::model::RuleSet;
use crate::value::{Kind, Truth, Value};

/// What each broken part would need, for the term to come to `wanted`.
pub(super) fn remedies(rules: &RuleSet, person: &Person, term: &Term, wanted: bool, out: &mut Vec<String>) {
    let (now, _) = eval::truth(rules, person, term);
    if now != Truth::of(!wanted) {
        return;
    }
    match term {
        Term::Not(inner) => remedies(rules, person, inner, !wanted, out),
        Term::And(parts) | Term::Or(parts) => parts.iter().for_each(|part| remedies(rules, person, part, wanted, out)),
        Term::Compare(how, left, right) => {
            let how = if wanted { *how } else { opposite(*how) };
            if let Some(sentence) = needed(rules, person, left, how, right) {
                out.push(sentence);
            }
        }
        Term::In(subject, tests) => {
            let named = name_of(rules, subject);
            let list: Vec<String> =
                tests.iter().map(|test| test_text(rules, person, test, is_won(rules, subject))).collect();
            let end = if wanted { "이어야 합니다" } else { "이 아니어야 합니다" };
            out.push(format!("{} {}{end}", with_particle(&named, "이/가"), list.join(" 또는 ")));
        }
        Term::Fact(_) => {
            let answer = if wanted { "예" } else { "아니오" };
            out.push(format!("‘{}’에 {answer}일 때 됩니다", name_of(rules, term)));
        }
        _ => {}
    }
}

fn needed(rules: &RuleSet, person: &Person, left: &Term, how: Compare, right: &Term) -> Option<String> {
    let bound = eval::value(rules, person, right).ok()?;
    let now = eval::value(rules, person, left).ok()?;
    let won = is_won(rules, left) || is_won(rules, right);
    // Money is whole won: at most 2,179,602.3원 is at most 2,179,602원.
    let bound = match (&bound, how) {
        (Value::Number(number), Compare::AtMost) if won => Value::Number(number.rounded_down().unwrap_or(*number)),
        _ => bound,
    };
    let words = match how {
        Compare::Equal => "이어야 합니다",
        Compare::Unequal => "이 아니어야 합니다",
        Compare::Less => "보다 적어야 합니다",
        Compare::AtMost => " 이하여야 합니다",
        Compare::More => "보다 많아야 합니다",
        Compare::AtLeast => " 이상이어야 합니다",
    };
    let subject = with_particle(&name_of(rules, left), "이/가");
    Some(format!("{subject} {}{words}(지금 {})", bound.text(won), now.text(won)))
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

pub(super) fn is_won(rules: &RuleSet, term: &Term) -> bool {
    let mut won = false;
    term.walk(&mut |part| match part {
        Term::Fact(place) => won |= rules.facts.get(*place).is_some_and(|fact| fact.kind == Kind::Won),
        Term::Reference(place, _) => won |= rules.references.get(*place).is_some_and(|reference| reference.is_won),
        _ => {}
    });
    // 나이, 개월, 개수 of anything are no money.
    won && !matches!(
        term,
        Term::Call(Function::Age | Function::YearAge | Function::Months | Function::Count | Function::Percent, _)
    )
}

pub(super) fn name_of(rules: &RuleSet, term: &Term) -> String {
    match term {
        Term::AsOf => "기준일".to_owned(),
        Term::Fact(place) => rules.facts.get(*place).map(|fact| fact.name.clone()).unwrap_or_default(),
        Term::Reference(place, _) => rules.references.get(*place).map(|it| it.name.clone()).unwrap_or_default(),
        Term::Call(Function::Age, _) => "만 나이".to_owned(),
        Term::Call(Function::YearAge, _) => "연 나이".to_owned(),
        Term::Call(Function::Months, _) => "지난 개월 수".to_owned(),
        Term::Call(Function::Percent, parts) => {
            let names: Vec<String> = parts.iter().map(|part| name_of(rules, part)).collect();
            format!("{} 비율(%)", names.join(" 대 "))
        }
        Term::Call(_, arguments) => arguments.first().map(|first| name_of(rules, first)).unwrap_or_default(),
        Term::Arithmetic(_, one, _) => name_of(rules, one),
        _ => "이 조건".to_owned(),
    }
}

fn test_text(rules: &RuleSet, person: &Person, test: &CompiledTest, won: bool) -> String {
    let text = |term: &Term| eval::value(rules, person, term).map(|value| value.text(won)).unwrap_or_default();
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
