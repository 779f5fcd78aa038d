//! Invented people (지어낸 사람들): from a seed, the same each time, near the bounds where rules turn.
//!
//! Owns: drawing facts that both editions read. Does not own: any likeness to a real population; a
//! share among invented people says nothing about a district. What a newcomer gets wrong: drawing
//! evenly. Almost nobody would stand where the two editions differ.

use iljari_base::{Date, Entropy, SeededEntropy};

use super::OpenRow;
use crate::answers::{answers, terms};
use crate::compile::Term;
use crate::eval::{self, Person};
use crate::model::{Fact, RuleSet};
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

/// Of a hundred facts so many are not known.
const UNKNOWN_IN_HUNDRED: u64 = 5;

/// People drawn from a seed, labelled 예시. The same seed and number give the same people.
pub fn invented(old: &RuleSet, new: &RuleSet, as_of: Date, seed: u64, count: usize) -> Vec<OpenRow> {
    let chance = SeededEntropy::new(&format!("iljari 규칙 미리보기 {seed}"));
    let drawn = facts_of_both(old, new, as_of);
    let nobody = |rules: &RuleSet| Person { facts: vec![None; rules.facts.len()], as_of };
    let one = |number: usize| {
        let (mut before, mut after) = (nobody(old), nobody(new));
        for drawing in &drawn {
            let mut tried = Vec::new();
            for (rules, person, part) in [(old, &before, &drawing.old), (new, &after, &drawing.new)] {
                if let Some((place, terms)) = part {
                    tried.extend(answers(rules, person, *place, terms));
                }
            }
            let value = draw(&chance, drawing, as_of, &tried);
            for (rules, person, part) in [(old, &mut before, &drawing.old), (new, &mut after, &drawing.new)] {
                let Some((place, _)) = part else { continue };
                let fits = |value: &Value| rules.facts.get(*place).is_some_and(|fact| fact.kind.holds(value));
                if let Some(slot) = person.facts.get_mut(*place) {
                    *slot = value.clone().filter(fits);
                }
            }
        }
        OpenRow { label: format!("예시 {number}"), before, after }
    };
    (1..=count).map(one).collect()
}

/// A fact of either edition: its place in each, with the terms it stands in.
struct Drawing<'r> {
    fact: &'r Fact,
    old: Option<(usize, Vec<Term>)>,
    new: Option<(usize, Vec<Term>)>,
    lean: Option<bool>,
}

/// Every fact once, those of the old edition first, each in the order in which it is asked.
fn facts_of_both<'r>(old: &'r RuleSet, new: &'r RuleSet, as_of: Date) -> Vec<Drawing<'r>> {
    let (old_terms, new_terms) = (terms(old), terms(new));
    let part = |rules: &RuleSet, terms: &[Term], name: &str| {
        let place = rules.fact(name)?;
        let its = terms.iter().filter(|term| term.facts().contains(&place)).cloned().collect();
        Some((place, its))
    };
    let only_new = new.facts.iter().filter(|fact| old.fact(&fact.name).is_none());
    let each = old.facts.iter().chain(only_new).map(|fact| Drawing {
        fact,
        old: part(old, &old_terms, &fact.name),
        new: part(new, &new_terms, &fact.name),
        lean: leaning(old, as_of, &fact.name).or_else(|| leaning(new, as_of, &fact.name)),
    });
    each.collect()
}

/// The answer that breaks no clause by itself, for a fact that is yes or no. Most invented people give
/// it, or nearly all of them would be refused for one thing or another.
fn leaning(rules: &RuleSet, as_of: Date, name: &str) -> Option<bool> {
    let place = rules.fact(name)?;
    if rules.facts.get(place).is_none_or(|fact| fact.kind != Kind::Yes) {
        return None;
    }
    [true, false].into_iter().find(|answer| {
        let mut tried = Person { facts: vec![None; rules.facts.len()], as_of };
        if let Some(slot) = tried.facts.get_mut(place) {
            *slot = Some(Value::Yes(!answer));
        }
        rules.clauses.iter().any(|clause| eval::clause_truth(rules, &tried, clause).0 == Truth::NotMet)
    })
}

fn draw(chance: &SeededEntropy, drawing: &Drawing<'_>, as_of: Date, tried: &[Value]) -> Option<Value> {
    let (fact, lean) = (drawing.fact, drawing.lean);
    let kind = &fact.kind;
    if fact.from_call {
        return match kind {
            Kind::Date => Some(Value::Date(as_of)),
            _ => pick(chance, tried),
        };
    }
    if chance.below(100) < UNKNOWN_IN_HUNDRED {
        return None;
    }
    // Two of five stand at a bound, the others anywhere.
    let at_a_bound = chance.below(5) < 2;
    match kind {
        Kind::Yes => {
            let usual = chance.below(8) != 0;
            Some(Value::Yes(lean.map_or_else(|| chance.below(2) == 0, |lean| lean == usual)))
        }
        Kind::One(_) | Kind::Any(_) => pick(chance, tried),
        _ if at_a_bound && !tried.is_empty() => pick(chance, tried),
        Kind::Date => Some(Value::Date(as_of.plus_days(-i64::try_from(chance.below(90 * 365)).unwrap_or(0)))),
        Kind::Number | Kind::Won => {
            let most = tried.iter().filter_map(|value| match value {
                Value::Number(number) => number.as_whole(),
                _ => None,
            });
            let most = most.max().and_then(|most| u64::try_from(most).ok()).unwrap_or(10);
            // Small numbers count people or times, and tables end where they end.
            let number = chance.below(if most < 100 { most.max(2) } else { most.saturating_mul(3) / 2 });
            i64::try_from(number).ok().map(|number| Value::Number(Num::whole(number)))
        }
    }
}

fn pick(chance: &SeededEntropy, values: &[Value]) -> Option<Value> {
    let place = chance.below(u64::try_from(values.len()).unwrap_or(0));
    usize::try_from(place).ok().and_then(|place| values.get(place)).cloned()
}
