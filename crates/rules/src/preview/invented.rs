//! Invented people (지어낸 사람들): from a seed, the same each time, near the bounds where rules turn.
//!
//! Owns: drawing facts that both editions read. Does not own: any likeness to a real population; a
//! share among invented people says nothing about a district. What a newcomer gets wrong: drawing
//! evenly. Almost nobody would stand where the two editions differ.

use std::collections::BTreeMap;

use iljari_base::{Date, Entropy, SeededEntropy};

use super::OpenRow;
use crate::answers::{answers, terms};
use crate::eval::{self, Person};
use crate::model::{Fact, RuleSet};
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

/// Of a hundred facts so many are not known.
const UNKNOWN_IN_HUNDRED: u64 = 5;

/// People drawn from a seed, labelled 예시. The same seed and number give the same people.
pub fn invented(old: &RuleSet, new: &RuleSet, as_of: Date, seed: u64, count: usize) -> Vec<OpenRow> {
    let chance = SeededEntropy::new(&format!("iljari 규칙 미리보기 {seed}"));
    let editions = [(old, terms(old)), (new, terms(new))];
    (1..=count)
        .map(|number| {
            let mut drawn: BTreeMap<String, Option<Value>> = BTreeMap::new();
            let mut people = editions.each_ref().map(|(rules, _)| {
                let facts = vec![None; rules.facts.len()];
                Person { facts, as_of }
            });
            for (edition, (rules, _)) in editions.iter().enumerate() {
                for (place, fact) in rules.facts.iter().enumerate() {
                    let value = match drawn.get(&fact.name) {
                        Some(value) => value.clone(),
                        None => {
                            let mut tried = Vec::new();
                            for ((rules, terms), person) in editions.iter().zip(&people) {
                                if let Some(place) = rules.fact(&fact.name) {
                                    tried.extend(answers(rules, person, place, terms));
                                }
                            }
                            let lean = editions
                                .iter()
                                .zip(&people)
                                .find_map(|((rules, _), person)| leaning(rules, person, &fact.name));
                            draw(&chance, fact, lean, as_of, &tried)
                        }
                    };
                    drawn.insert(fact.name.clone(), value.clone());
                    let fits = value.filter(|value| fact.kind.holds(value));
                    if let Some(slot) = people.get_mut(edition).and_then(|person| person.facts.get_mut(place)) {
                        *slot = fits;
                    }
                }
            }
            let [before, after] = people;
            OpenRow { label: format!("예시 {number}"), before, after }
        })
        .collect()
}

/// The answer that breaks no clause by itself, for a fact that is yes or no. Most invented people give
/// it, or nearly all of them would be refused for one thing or another.
fn leaning(rules: &RuleSet, person: &Person, name: &str) -> Option<bool> {
    let place = rules.fact(name)?;
    [true, false].into_iter().find(|answer| {
        let mut tried = Person { facts: vec![None; rules.facts.len()], as_of: person.as_of };
        if let Some(slot) = tried.facts.get_mut(place) {
            *slot = Some(Value::Yes(!answer));
        }
        rules.clauses.iter().any(|clause| eval::clause_truth(rules, &tried, clause).0 == Truth::NotMet)
    })
}

fn draw(chance: &SeededEntropy, fact: &Fact, lean: Option<bool>, as_of: Date, tried: &[Value]) -> Option<Value> {
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
    // Half stand at a bound, half anywhere.
    let at_a_bound = chance.below(2) == 0;
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
            let number = chance.below(most.saturating_mul(3) / 2 + 2);
            i64::try_from(number).ok().map(|number| Value::Number(Num::whole(number)))
        }
    }
}

fn pick(chance: &SeededEntropy, values: &[Value]) -> Option<Value> {
    let place = chance.below(u64::try_from(values.len()).unwrap_or(0));
    usize::try_from(place).ok().and_then(|place| values.get(place)).cloned()
}
