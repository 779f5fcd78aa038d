//! The order of people by points (순위): the score sheet, then the tie-breaks in their stated order.
//!
//! Owns: who stands before whom and what decided it. Does not own: how many places there are, or the
//! last rule of a call for those whom nothing tells apart. What a newcomer gets wrong: keeping
//! somebody's income for a tie-break. Her place among the others by it is enough to order everybody
//! again ([`Key`]), and it tells nobody what she earns.

use std::cmp::Ordering;

use crate::eval::{self, ItemPoints, Person};
use crate::model::{Outcome, RuleSet};
use crate::value::Value;

/// What came out for one person among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The outcome; only 가능 is ranked.
    pub outcome: Outcome,
    /// Item by item.
    pub items: Vec<ItemPoints>,
    /// Least and most points in all.
    pub points: (i64, i64),
    /// 1 for the first. Whom nothing tells apart shares a rank. `None` while the outcome is another or
    /// points are not known.
    pub rank: Option<usize>,
    /// What put her before the next one in the order.
    pub before_next: Option<Before>,
}

/// What orders somebody among others, without any fact about her: what may be kept when the evidence is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Points.
    pub points: i64,
    /// Her place by each tie-break, in the rules' order: 1 is first. What is not known stands last.
    pub ties: Vec<i64>,
}

/// What decides between two people (무엇으로 앞섰는가).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// More points.
    Points,
    /// Equal points, and this tie-break.
    Tie(String),
    /// Nothing in the rules; the call's last rule decides.
    Nothing,
    /// Perhaps a tie-break, but a fact for it is not known.
    NotKnown(String),
}

/// The order of people: more points first, then the better place by the first tie-break that tells them apart.
pub(crate) fn stands(one: &Key, other: &Key) -> Ordering {
    other.points.cmp(&one.points).then_with(|| one.ties.cmp(&other.ties))
}

/// Turns values into places by each tie-break: 1 for the first, equal values sharing one, what is not known behind
/// everything that is. A row for each person, in the order in which they were given.
pub(crate) fn places(rules: &RuleSet, values: &[Vec<Option<Value>>]) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::with_capacity(rules.ties.len()); values.len()];
    for (nth, tie) in rules.ties.iter().enumerate() {
        let order = |one: &Value, other: &Value| {
            if tie.larger_first { compare(other, one) } else { compare(one, other) }
        };
        let column: Vec<Option<&Value>> = values.iter().map(|row| row.get(nth).and_then(Option::as_ref)).collect();
        let mut known: Vec<&Value> = column.iter().copied().flatten().collect();
        known.sort_by(|one, other| order(one, other));
        known.dedup_by(|one, other| order(one, other) == Ordering::Equal);
        for (row, value) in all.iter_mut().zip(&column) {
            let before =
                value.map_or(known.len(), |value| known.partition_point(|known| order(known, value) == Ordering::Less));
            row.push(i64::try_from(before).unwrap_or(i64::MAX).saturating_add(1));
        }
    }
    all
}

/// Ranks people; the answer stands in the order in which they were given.
pub(crate) fn rank(rules: &RuleSet, people: &[Person]) -> Vec<Ranked> {
    let mut all: Vec<Ranked> = people
        .iter()
        .map(|person| {
            let items = eval::points(rules, person);
            let points = (items.iter().map(|item| item.least).sum(), items.iter().map(|item| item.most).sum());
            let (outcome, _) = eval::outcome(rules, person);
            Ranked { outcome, items, points, rank: None, before_next: None }
        })
        .collect();
    let values: Vec<Vec<Option<Value>>> = people
        .iter()
        .map(|person| rules.ties.iter().map(|tie| eval::value(rules, person, &tie.subject).ok()).collect())
        .collect();
    let keys: Vec<Key> =
        all.iter().zip(places(rules, &values)).map(|(one, ties)| Key { points: one.points.0, ties }).collect();
    let is_ranked = |one: &Ranked| one.outcome == Outcome::Eligible && one.points.0 == one.points.1;
    let mut order: Vec<(usize, &Key)> =
        keys.iter().enumerate().filter(|(nth, _)| all.get(*nth).is_some_and(is_ranked)).collect();
    order.sort_by(|(_, one), (_, other)| stands(one, other));
    let mut decided: Vec<(usize, usize, Option<Before>)> = Vec::with_capacity(order.len());
    let mut shared = 1;
    for (at, (nth, key)) in order.iter().enumerate() {
        if let Some((_, before)) = at.checked_sub(1).and_then(|at| order.get(at))
            && stands(before, key) != Ordering::Equal
        {
            shared = at + 1;
        }
        let next = order.get(at + 1).map(|(next, other)| {
            if key.points == other.points {
                before_by_ties(rules, values.get(*nth), values.get(*next))
            } else {
                Before::Points
            }
        });
        decided.push((*nth, shared, next));
    }
    for (nth, rank, before_next) in decided {
        if let Some(one) = all.get_mut(nth) {
            one.rank = Some(rank);
            one.before_next = before_next;
        }
    }
    all
}

type Values<'v> = Option<&'v Vec<Option<Value>>>;

fn before_by_ties(rules: &RuleSet, one: Values<'_>, other: Values<'_>) -> Before {
    let (Some(one), Some(other)) = (one, other) else { return Before::Nothing };
    for (tie, (one, other)) in rules.ties.iter().zip(one.iter().zip(other)) {
        match (one, other) {
            (Some(one), Some(other)) if compare(one, other) == Ordering::Equal => {}
            (Some(_), Some(_)) => return Before::Tie(tie.name.clone()),
            _ => return Before::NotKnown(tie.name.clone()),
        }
    }
    Before::Nothing
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::Date(one), Value::Date(other)) => one.cmp(other),
        (Value::Yes(one), Value::Yes(other)) => one.cmp(other),
        (Value::Word(one), Value::Word(other)) => one.cmp(other),
        (Value::Words(one), Value::Words(other)) => one.len().cmp(&other.len()),
        _ => Ordering::Equal,
    }
}
