//! A term written out by names and values (조건의 뜻): two editions mean the same if they spell the same.
//!
//! Owns: the spelling, with reference values as they are on a day. Does not own: the condition as an
//! officer wrote it. What a newcomer gets wrong: comparing places. Fact 3 of one file is fact 5 of the
//! next, and 재산한도 of one may be another amount than 재산한도 of the other.

use std::fmt::Write as _;

use iljari_base::Date;

use crate::compile::{CompiledTest, Term};
use crate::model::{Clause, RuleSet};

/// A clause's meaning on a day; `None` while it is not asked.
pub(super) fn clause(rules: &RuleSet, as_of: Date, clause: &Clause) -> Option<String> {
    let sign = if clause.is_exclusion { "제외 " } else { "" };
    clause.applies_on(as_of).then(|| format!("{sign}{}", term(rules, as_of, &clause.condition)))
}

/// A term's meaning on a day.
pub(super) fn term(rules: &RuleSet, as_of: Date, part: &Term) -> String {
    let all = |parts: &[Term]| parts.iter().map(|part| term(rules, as_of, part)).collect::<Vec<_>>().join(", ");
    match part {
        Term::Constant(value) => format!("{value:?}"),
        Term::AsOf => "기준일".to_owned(),
        Term::Fact(place) => rules.facts.get(*place).map(|fact| fact.name.clone()).unwrap_or_default(),
        Term::Reference(place, key) => {
            let values = rules.references.get(*place).and_then(|reference| reference.on(as_of));
            let mut out = String::from("{");
            for (key, value) in values.iter().flat_map(|dated| &dated.values) {
                let _ = write!(out, "{key}: {value}; ");
            }
            out.push('}');
            if let Some(key) = key {
                let _ = write!(out, "({})", term(rules, as_of, key));
            }
            out
        }
        Term::Call(function, parts) => format!("{}({})", function.name(), all(parts)),
        Term::Arithmetic(how, one, two) => {
            format!("({} {how:?} {})", term(rules, as_of, one), term(rules, as_of, two))
        }
        Term::Compare(how, one, two) => format!("({} {how:?} {})", term(rules, as_of, one), term(rules, as_of, two)),
        Term::In(subject, tests) => {
            let tests: Vec<String> = tests.iter().map(|one| test(rules, as_of, one)).collect();
            format!("({} in {})", term(rules, as_of, subject), tests.join(" | "))
        }
        Term::And(parts) => format!("and({})", all(parts)),
        Term::Or(parts) => format!("or({})", all(parts)),
        Term::Not(inner) => format!("not({})", term(rules, as_of, inner)),
    }
}

fn test(rules: &RuleSet, as_of: Date, test: &CompiledTest) -> String {
    match test {
        CompiledTest::Anything => "-".to_owned(),
        CompiledTest::Compare(how, right) => format!("{how:?} {}", term(rules, as_of, right)),
        CompiledTest::Between { low, low_included, high, high_included } => {
            let (low, high) = (term(rules, as_of, low), term(rules, as_of, high));
            format!("{low} {low_included} .. {high} {high_included}")
        }
    }
}
