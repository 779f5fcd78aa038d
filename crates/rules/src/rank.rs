//! The order of people by points (순위): the score sheet, then the tie-breaks in their stated order.
//!
//! Owns: who stands before whom and what decided it. Does not own: how many places there are, or the
//! last rule of a call for those whom nothing tells apart. What a newcomer gets wrong: ranking
//! somebody whose points are not known yet. She has no rank until they are.

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
    let keys: Vec<Vec<Option<Value>>> = people
        .iter()
        .map(|person| rules.ties.iter().map(|tie| eval::value(rules, person, &tie.subject).ok()).collect())
        .collect();
    let is_ranked = |one: &Ranked| one.outcome == Outcome::Eligible && one.points.0 == one.points.1;
    let mut order: Vec<usize> = (0..all.len()).filter(|place| all.get(*place).is_some_and(is_ranked)).collect();
    let points_of = |place: usize| all.get(place).map_or(0, |one| one.points.0);
    let stands = |one: usize, other: usize| {
        points_of(other).cmp(&points_of(one)).then_with(|| order_by_ties(rules, keys.get(one), keys.get(other)))
    };
    order.sort_by(|one, other| stands(*one, *other));
    let mut decided: Vec<(usize, usize, Option<Before>)> = Vec::with_capacity(order.len());
    let mut shared = 1;
    for (at, place) in order.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).and_then(|at| order.get(at))
            && stands(*before, *place) != Ordering::Equal
        {
            shared = at + 1;
        }
        let next = order.get(at + 1).map(|next| {
            if points_of(*place) == points_of(*next) {
                before_by_ties(rules, keys.get(*place), keys.get(*next))
            } else {
                Before::Points
            }
        });
        decided.push((*place, shared, next));
    }
    for (place, rank, before_next) in decided {
        if let Some(one) = all.get_mut(place) {
            one.rank = Some(rank);
            one.before_next = before_next;
        }
    }
    all
}

type Keys<'k> = Option<&'k Vec<Option<Value>>>;

/// Tie by tie; what is not known stands behind what is.
fn order_by_ties(rules: &RuleSet, one: Keys<'_>, other: Keys<'_>) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else { return Ordering::Equal };
    rules
        .ties
        .iter()
        .zip(one.iter().zip(other))
        .map(|(tie, (one, other))| match (one, other) {
            (Some(one), Some(other)) if tie.larger_first => compare(other, one),
            (Some(one), Some(other)) => compare(one, other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

fn before_by_ties(rules: &RuleSet, one: Keys<'_>, other: Keys<'_>) -> Before {
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
