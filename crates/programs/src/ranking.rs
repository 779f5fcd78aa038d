//! Who comes first (순위): points, then the stated tie-breaks in their order, then the published last rule.
//!
//! Owns: the order, seats by rank, the cut-off. Pure: the same input gives the same ranking, and what is
//! kept after the evidence is gone is input enough. What a newcomer gets wrong: keeping somebody's income
//! for the tie-break. Its place among the others is enough, and that tells nobody what she earns.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use iljari_rules::Value;

/// Somebody who can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// Her number in the call.
    pub no: i64,
    /// The pool she is ranked in.
    pub pool: String,
    /// The place she wants.
    pub place: String,
    /// Her points.
    pub total: i64,
    /// Her place by each tie-break: 1 is first. What is not known stands last.
    pub tie_places: Vec<i64>,
    /// The key of the published last rule.
    pub last: String,
}

/// How somebody stands after the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Her number in the call.
    pub no: i64,
    /// Her rank in her pool, from 1.
    pub rank: i64,
    /// Her number on the reserve list of the place; `None` for who has a seat.
    pub reserve_no: Option<i64>,
    /// Whether she stands at the cut-off of her place.
    pub borderline: bool,
}

/// So many points around a cut-off are looked at by a person.
pub const NEAR: i64 = 3;

/// Turns tie-break values into places: 1 for the first, equal values sharing one.
pub fn tie_places(values: &[Option<Value>], larger_first: bool) -> Vec<i64> {
    let order = |one: &Value, other: &Value| {
        let order = match (one, other) {
            (Value::Number(one), Value::Number(other)) => one.cmp(other),
            (Value::Date(one), Value::Date(other)) => one.cmp(other),
            (Value::Yes(one), Value::Yes(other)) => one.cmp(other),
            _ => Ordering::Equal,
        };
        if larger_first { order.reverse() } else { order }
    };
    let mut known: Vec<&Value> = values.iter().flatten().collect();
    known.sort_by(|one, other| order(one, other));
    known.dedup_by(|one, other| order(one, other) == Ordering::Equal);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    values
        .iter()
        .map(|value| match value {
            Some(value) => {
                let before = known.iter().take_while(|known| order(known, value) == Ordering::Less).count();
                count(before).saturating_add(1)
            }
            None => count(known.len()).saturating_add(1),
        })
        .collect()
}

/// Ranks every pool, gives the seats of each place by rank, and numbers the reserve list behind them.
pub fn rank(contenders: &[Contender], seats: &BTreeMap<String, i64>) -> Vec<Ranked> {
    let mut order: Vec<&Contender> = contenders.iter().collect();
    order.sort_by(|one, other| before(one, other));
    let mut ranks: BTreeMap<&str, i64> = BTreeMap::new();
    let mut taken: BTreeMap<&str, i64> = BTreeMap::new();
    let mut all = Vec::new();
    for contender in &order {
        let rank = ranks.entry(&contender.pool).or_insert(0);
        *rank = rank.saturating_add(1);
        let at = taken.entry(&contender.place).or_insert(0);
        *at = at.saturating_add(1);
        let capacity = seats.get(&contender.place).copied().unwrap_or(0);
        let reserve_no = (*at > capacity).then(|| at.saturating_sub(capacity));
        all.push(Ranked { no: contender.no, rank: *rank, reserve_no, borderline: false });
    }
    // A place's cut-off lies between the last with a seat and the first without one.
    for (place, capacity) in seats {
        let here: Vec<(usize, i64)> = order
            .iter()
            .enumerate()
            .filter(|(_, contender)| contender.place == *place)
            .map(|(nth, contender)| (nth, contender.total))
            .collect();
        let capacity = usize::try_from(*capacity).unwrap_or(0);
        let (Some(last_in), Some(first_out)) =
            (capacity.checked_sub(1).and_then(|last| here.get(last)), here.get(capacity))
        else {
            continue;
        };
        let (low, high) = (first_out.1.saturating_sub(NEAR), last_in.1.saturating_add(NEAR));
        for (nth, total) in &here {
            if let Some(ranked) = all.get_mut(*nth) {
                ranked.borderline = (low..=high).contains(total) && last_in.1.saturating_sub(first_out.1) <= NEAR;
            }
        }
    }
    all
}

fn before(one: &Contender, other: &Contender) -> Ordering {
    one.pool
        .cmp(&other.pool)
        .then(other.total.cmp(&one.total))
        .then_with(|| one.tie_places.cmp(&other.tie_places))
        .then_with(|| one.last.cmp(&other.last))
}

/// Which tie-break decided between two with equal points: its place in the list, the last rule being one more.
pub fn decided_by(one: &Contender, other: &Contender) -> Option<usize> {
    if one.total != other.total || one.pool != other.pool {
        return None;
    }
    let pairs = one.tie_places.iter().zip(&other.tie_places);
    Some(pairs.take_while(|(one, other)| one == other).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_rules::num::Num;

    fn contender(no: i64, place: &str, total: i64, ties: &[i64], last: &str) -> Contender {
        Contender {
            no,
            pool: if place.starts_with('2') { "청년" } else { "일반" }.to_owned(),
            place: place.to_owned(),
            total,
            tie_places: ties.to_vec(),
            last: last.to_owned(),
        }
    }

    fn seats(list: &[(&str, i64)]) -> BTreeMap<String, i64> {
        list.iter().map(|(place, seats)| ((*place).to_owned(), *seats)).collect()
    }

    fn told(ranked: &[Ranked]) -> Vec<(i64, i64, Option<i64>)> {
        ranked.iter().map(|ranked| (ranked.no, ranked.rank, ranked.reserve_no)).collect()
    }

    #[test]
    fn points_come_first_then_ties_in_order_then_the_last_rule() {
        let all = [
            contender(1, "1", 80, &[2, 1], "aa"),
            contender(2, "1", 90, &[9, 9], "ff"),
            contender(3, "1", 80, &[1, 9], "ff"),
            contender(4, "1", 80, &[2, 1], "0a"),
            contender(5, "2", 10, &[1, 1], "aa"),
        ];
        let ranked = rank(&all, &seats(&[("1", 2), ("2", 1)]));
        assert_eq!(told(&ranked), [(2, 1, None), (3, 2, None), (4, 3, Some(1)), (1, 4, Some(2)), (5, 1, None)]);
        let mut turned = all.to_vec();
        turned.reverse();
        assert_eq!(rank(&turned, &seats(&[("1", 2), ("2", 1)])), ranked, "the order of arrival does not matter");
        assert_eq!(decided_by(&all[0], &all[2]), Some(0));
        assert_eq!(decided_by(&all[0], &all[3]), Some(2), "the last rule");
        assert_eq!(decided_by(&all[0], &all[1]), None);
    }

    #[test]
    fn everybody_near_a_cut_off_is_looked_at_and_nobody_else() {
        let all: Vec<Contender> = [(1, 90), (2, 71), (3, 70), (4, 69), (5, 40)]
            .into_iter()
            .map(|(no, total)| contender(no, "1", total, &[], "a"))
            .collect();
        let near: Vec<i64> =
            rank(&all, &seats(&[("1", 2)])).iter().filter(|it| it.borderline).map(|it| it.no).collect();
        assert_eq!(near, [2, 3, 4]);
        // With seats for all, or a wide gap, there is nothing to look at.
        assert!(rank(&all, &seats(&[("1", 5)])).iter().all(|it| !it.borderline));
        assert!(rank(&all, &seats(&[("1", 4)])).iter().all(|it| !it.borderline));
    }

    #[test]
    fn tie_values_become_places_and_what_is_unknown_comes_last() {
        let number = |value: i64| Some(Value::Number(Num::whole(value)));
        let values = [number(300), None, number(100), number(300)];
        assert_eq!(tie_places(&values, false), [2, 3, 1, 2]);
        assert_eq!(tie_places(&values, true), [1, 3, 2, 1]);
        assert_eq!(tie_places(&[], true), Vec::<i64>::new());
    }
}
