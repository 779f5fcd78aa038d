//! Why (사유): clause by clause what was used, what is missing, what would change it, and when it
//! changes by itself.
//!
//! Owns: the tree of reasons and its Korean sentences. Does not own: the verdict (`eval`), which it
//! only retells. What a newcomer gets wrong: explaining a clause by its words alone. A reason names
//! the value, the bound it was held against, and the document that proves it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use iljari_base::Date;
use iljari_base::korean::with_particle;

use crate::compile::{CompiledTest, Function, Term};
use crate::eval::{self, ItemPoints, Missing, Person, age};
use crate::expr::Compare;
use crate::model::{Clause, Outcome, RuleSet};
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

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
    /// Known facts that entered it: place and value.
    pub used: Vec<(usize, String)>,
    /// Reference values that entered it: name, value, in force from, source.
    pub references: Vec<(String, String, Date, String)>,
    /// Facts that are missing.
    pub missing: Vec<usize>,
    /// What would change it, for a broken one.
    pub remedy: Vec<String>,
}

/// How many years ahead is looked for a change that time brings by itself.
const YEARS_AHEAD: i16 = 15;

/// Explains everything.
pub fn explain(rules: &RuleSet, person: &Person) -> Explanation {
    let (outcome, missing) = eval::outcome(rules, person);
    let reasons: Vec<Reason> =
        rules.clauses.iter().enumerate().map(|(place, clause)| reason(rules, person, place, clause)).collect();
    let mut wanted: BTreeSet<usize> = missing.clone();
    wanted.extend(reasons.iter().flat_map(|reason| reason.used.iter().map(|(fact, _)| *fact)));
    let mut documents: Vec<String> = Vec::new();
    for fact in wanted.iter().filter_map(|place| rules.facts.get(*place)) {
        if !fact.document.is_empty() && !documents.contains(&fact.document) {
            documents.push(fact.document.clone());
        }
    }
    Explanation {
        outcome,
        reasons,
        missing: missing.into_iter().collect(),
        documents,
        changes: changes(rules, person, outcome),
    }
}

fn reason(rules: &RuleSet, person: &Person, place: usize, clause: &Clause) -> Reason {
    let (truth, missing) = eval::clause_truth(rules, person, clause);
    let mut used = Vec::new();
    for fact in clause.condition.facts() {
        let known = person.facts.get(fact).and_then(Option::as_ref);
        if let (Some(value), Some(fact_at)) = (known, rules.facts.get(fact)) {
            used.push((fact, value.text(fact_at.kind == Kind::Won)));
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
    Reason { clause: place, truth, used, references, missing: missing.into_iter().collect(), remedy }
}

/// What each broken part would need, for the term to come to `wanted`.
fn remedies(rules: &RuleSet, person: &Person, term: &Term, wanted: bool, out: &mut Vec<String>) {
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
        (Value::Number(number), Compare::AtMost) if won => Value::Number(floor(*number)),
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

fn floor(number: Num) -> Num {
    let rounded = number.rounded().unwrap_or(number);
    if rounded > number { rounded.minus(Num::whole(1)).unwrap_or(rounded) } else { rounded }
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

fn is_won(rules: &RuleSet, term: &Term) -> bool {
    let mut won = false;
    term.walk(&mut |part| match part {
        Term::Fact(place) => won |= rules.facts.get(*place).is_some_and(|fact| fact.kind == Kind::Won),
        Term::Reference(place, _) => won |= rules.references.get(*place).is_some_and(|reference| reference.is_won),
        _ => {}
    });
    // 나이, 개월, 개수 of anything are no money.
    won && !matches!(term, Term::Call(Function::Age | Function::YearAge | Function::Months | Function::Count, _))
}

fn name_of(rules: &RuleSet, term: &Term) -> String {
    match term {
        Term::AsOf => "기준일".to_owned(),
        Term::Fact(place) => rules.facts.get(*place).map(|fact| fact.name.clone()).unwrap_or_default(),
        Term::Reference(place, _) => rules.references.get(*place).map(|it| it.name.clone()).unwrap_or_default(),
        Term::Call(Function::Age, _) => "만 나이".to_owned(),
        Term::Call(Function::YearAge, _) => "연 나이".to_owned(),
        Term::Call(Function::Months, _) => "지난 개월 수".to_owned(),
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

/// The first later day on which the outcome is another, and why: a birthday, a month that is over, a
/// new reference value. What the call says (사업시작일) is taken to move along, as the next call's would.
fn changes(rules: &RuleSet, person: &Person, now: Outcome) -> Option<(Date, Outcome, String)> {
    let last = Date::new(person.as_of.year().0.saturating_add(YEARS_AHEAD), 12, 31)?;
    let mut days: BTreeSet<Date> = BTreeSet::new();
    for clause in &rules.clauses {
        clause.condition.walk(&mut |term| turning_days(rules, person, term, last, &mut days));
    }
    days.retain(|day| *day > person.as_of && *day <= last);
    days.into_iter().find_map(|day| {
        let then = moved(rules, person, day);
        let (outcome, _) = eval::outcome(rules, &then);
        (outcome != now).then(|| (day, outcome, why_then(rules, &then, day, outcome)))
    })
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

fn why_then(rules: &RuleSet, then: &Person, day: Date, outcome: Outcome) -> String {
    let mut birthday = None;
    for clause in &rules.clauses {
        clause.condition.walk(&mut |term| {
            if let Term::Call(Function::Age, arguments) = term
                && let Some(Ok(Value::Date(birth))) = arguments.first().map(|first| eval::value(rules, then, first))
                && age(birth, day) > age(birth, day.plus_days(-1))
            {
                birthday = Some(age(birth, day));
            }
        });
    }
    let then = match outcome {
        Outcome::Eligible => "그때부터 신청할 수 있습니다",
        Outcome::Conditional => "그때는 다른 사실을 확인하면 신청할 수 있습니다",
        Outcome::NotEligible => "그때부터는 신청할 수 없습니다",
    };
    match birthday {
        Some(years) => format!("{day}에 만 {years}세가 됩니다. {then}"),
        None => format!("{day}에 조건이 달라집니다. {then}"),
    }
}

/// The question whose answer decides most: the missing fact that stands in the most undecided
/// clauses of all programs, the one asked earlier where two are equal. Facts are matched by name.
pub fn next_question<'r>(asked: &[(&'r RuleSet, &Person)]) -> Option<&'r str> {
    let mut counts: Vec<(&'r str, usize)> = Vec::new();
    for (rules, person) in asked {
        let broken = rules.clauses.iter().any(|clause| eval::clause_truth(rules, person, clause).0 == Truth::NotMet);
        if broken {
            continue;
        }
        for clause in &rules.clauses {
            let (truth, missing) = eval::clause_truth(rules, person, clause);
            if truth != Truth::Unknown {
                continue;
            }
            for fact in missing.iter().filter_map(|place| rules.facts.get(*place)).filter(|fact| !fact.from_call) {
                match counts.iter_mut().find(|(name, _)| *name == fact.name) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((&fact.name, 1)),
                }
            }
        }
    }
    // The first of the largest: `max_by_key` would take the last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map(|(name, _)| *name)
}

impl Explanation {
    /// The explanation as lines a person reads, the score sheet behind it where there is one.
    pub fn text(&self, rules: &RuleSet, points: &[ItemPoints]) -> String {
        let mut out = format!("{} · {}: {}\n", rules.name, rules.edition, self.outcome.korean());
        for reason in &self.reasons {
            let Some(clause) = rules.clauses.get(reason.clause) else { continue };
            let _ = writeln!(out, "  [{}] {}{}", reason.truth, clause.name, parenthesised(&clause.basis));
            for (fact, value) in &reason.used {
                let Some(fact) = rules.facts.get(*fact) else { continue };
                let _ = writeln!(out, "      {}: {value}{}", fact.name, parenthesised(&fact.document));
            }
            for (name, value, from, source) in &reason.references {
                let _ = writeln!(out, "      {name}: {value} ({from}부터, {source})");
            }
            for fact in reason.missing.iter().filter_map(|place| rules.facts.get(*place)) {
                let _ = writeln!(out, "      아직 모름: {}{}", fact.name, parenthesised(&fact.document));
            }
            for remedy in &reason.remedy {
                let _ = writeln!(out, "      바뀌려면: {remedy}");
            }
        }
        if let Some((_, _, sentence)) = &self.changes {
            let _ = writeln!(out, "  {sentence}");
        }
        if !self.documents.is_empty() {
            let _ = writeln!(out, "  필요한 서류: {}", self.documents.join(", "));
        }
        if !points.is_empty() {
            let (least, most) =
                (points.iter().map(|item| item.least).sum::<i64>(), points.iter().map(|item| item.most).sum::<i64>());
            let span = if least == most { format!("{least}점") } else { format!("{least}~{most}점") };
            let example = if rules.scores_are_sample { " (예시 배점표)" } else { "" };
            let _ = writeln!(out, "  점수: {span}{example}");
            for (item, got) in rules.scores.iter().zip(points) {
                let label =
                    got.row.and_then(|row| item.rows.get(row)).map_or("아직 모름", |row| row.label.as_str());
                let span =
                    if got.least == got.most { got.least.to_string() } else { format!("{}~{}", got.least, got.most) };
                let _ = writeln!(out, "      {}: {label} → {span}점", item.name);
            }
        }
        out
    }
}

fn parenthesised(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

/// The facts of a [`Missing`] by name.
pub fn names(rules: &RuleSet, missing: &Missing) -> Vec<String> {
    missing.iter().filter_map(|place| rules.facts.get(*place)).map(|fact| fact.name.clone()).collect()
}
