//! Who gets a seat (순위와 자리): pools apart, the rules' order, then the published last rule.
//!
//! Owns: ranks in a pool, seats by rank, the cut-off, the last rule. Does not own: the order by points and
//! tie-breaks; the frozen rules have it, and nothing else can rank. Pure: the same input gives the same
//! ranking, and what is kept after the evidence is gone is input enough. What a newcomer gets wrong:
//! ranking by rules that were read from a file. They have to come out of the call, with their hash.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use iljari_rules::{Frozen, Key};

/// Somebody who can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// Her number in the call.
    pub no: i64,
    /// The pool she is ranked in.
    pub pool: String,
    /// The place she wants.
    pub place: String,
    /// Her points and her place by each tie-break.
    pub key: Key,
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

/// Ranks every pool, gives the seats of each place by rank, and numbers the reserve list behind them.
pub fn rank(frozen: &Frozen, contenders: &[Contender], seats: &BTreeMap<String, i64>) -> Vec<Ranked> {
    let mut order: Vec<&Contender> = contenders.iter().collect();
    order.sort_by(|one, other| before(frozen, one, other));
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
            .map(|(nth, contender)| (nth, contender.key.points))
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

fn before(frozen: &Frozen, one: &Contender, other: &Contender) -> Ordering {
    one.pool.cmp(&other.pool).then_with(|| frozen.order(&one.key, &other.key)).then_with(|| one.last.cmp(&other.last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frozen() -> Frozen {
        let text = include_str!("../../../rules/naru/public-works-2027.yaml");
        crate::rulebook::Rulebook::freeze(text).and_then(|kept| kept.frozen()).expect("sound rules")
    }

    fn contender(no: i64, place: &str, points: i64, ties: &[i64], last: &str) -> Contender {
        Contender {
            no,
            pool: if place.starts_with('2') { "청년" } else { "일반" }.to_owned(),
            place: place.to_owned(),
            key: Key { points, ties: ties.to_vec() },
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
        let ranked = rank(&frozen(), &all, &seats(&[("1", 2), ("2", 1)]));
        assert_eq!(told(&ranked), [(2, 1, None), (3, 2, None), (4, 3, Some(1)), (1, 4, Some(2)), (5, 1, None)]);
        let mut turned = all.to_vec();
        turned.reverse();
        assert_eq!(
            rank(&frozen(), &turned, &seats(&[("1", 2), ("2", 1)])),
            ranked,
            "the order of arrival does not matter"
        );
    }

    #[test]
    fn everybody_near_a_cut_off_is_looked_at_and_nobody_else() {
        let all: Vec<Contender> = [(1, 90), (2, 71), (3, 70), (4, 69), (5, 40)]
            .into_iter()
            .map(|(no, total)| contender(no, "1", total, &[], "a"))
            .collect();
        let near: Vec<i64> =
            rank(&frozen(), &all, &seats(&[("1", 2)])).iter().filter(|it| it.borderline).map(|it| it.no).collect();
        assert_eq!(near, [2, 3, 4]);
        // With seats for all, or a wide gap, there is nothing to look at.
        assert!(rank(&frozen(), &all, &seats(&[("1", 5)])).iter().all(|it| !it.borderline));
        assert!(rank(&frozen(), &all, &seats(&[("1", 4)])).iter().all(|it| !it.borderline));
    }
}
