//! Tests against the columns at hand (검사와 열의 짝): bounds become numbers of the column's own type.
//!
//! Owns: which way a test takes over these columns. Does not own: the lanes it fills (`block`). What
//! a newcomer gets wrong: a term with one fact that varies needs no row by row. It is asked once for
//! each value there is, by `eval` itself.

use super::lower::{Node, Origin, Plan, Test, merged, number_range};
use super::people::{Cells, Column, People, decode};
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::value::{Truth, Value};

/// Up to so many values of a fact, a term is asked for each of them whatever the number of people.
const VALUES_FEW: i64 = 1_024;

/// More ranges than these are slower than looking up.
const RANGES_MAX: usize = 6;

/// Numbers of a column in ranges, each as its first number and how far it goes.
#[derive(Debug)]
pub(super) struct Ranges<'p, T> {
    pub(super) cells: &'p [T],
    pub(super) ranges: Vec<(T, T)>,
    /// Whether the ranges hold those who do not pass.
    pub(super) inverted: bool,
}

/// One way over the columns.
#[derive(Debug)]
pub(super) enum Way<'p> {
    /// The same for everybody who is known.
    Same(Truth),
    Bytes(Ranges<'p, u8>),
    Shorts(Ranges<'p, u16>),
    Words(Ranges<'p, i32>),
    Longs(Ranges<'p, i64>),
    /// One of these bits, or none of them.
    BitsOfBytes {
        cells: &'p [u8],
        mask: u8,
        none: bool,
    },
    Bits(&'p Column, i64),
    Pair(Compare, &'p Column, &'p Column),
    /// For each number of the key, the range of numbers that pass, where that is known.
    Against(&'p Column, &'p Column, Vec<Option<(i64, i64)>>),
    /// For each number, what the term comes to.
    LookUp(&'p Column, Vec<Truth>),
    /// Row by row.
    Rows,
}

/// A test with its way and the columns without which it is not known.
#[derive(Debug)]
pub(super) struct Bound<'p> {
    pub(super) way: Way<'p>,
    pub(super) needs: Vec<&'p Column>,
}

impl Plan<'_> {
    /// How to go about each node.
    pub(super) fn bind<'p>(&self, people: &'p People) -> Vec<Option<Bound<'p>>> {
        let bound = |node: &Node<'_>| match node {
            Node::Test(test, origin) => Some(self.bind_test(test, origin, people)),
            _ => None,
        };
        self.nodes.iter().map(bound).collect()
    }

    fn bind_test<'p>(&self, test: &Test, origin: &Origin<'_>, people: &'p People) -> Bound<'p> {
        let column = |slot: &usize| people.column(*slot).filter(|column| !matches!(column.cells, Cells::Plain(_)));
        let found = match test {
            Test::Ranges { slot, ranges } => {
                column(slot).map(|column| Bound { way: in_ranges(column, ranges), needs: vec![column] })
            }
            Test::Bits { slot, mask } => column(slot).map(|column| {
                let way = match (&column.cells, u8::try_from(*mask)) {
                    (Cells::Bytes(cells), Ok(mask)) => Way::BitsOfBytes { cells, mask, none: false },
                    _ => Way::Bits(column, *mask),
                };
                Bound { way, needs: vec![column] }
            }),
            Test::Pair { how, left, right } => column(left)
                .zip(column(right))
                .map(|(left, right)| Bound { way: Way::Pair(*how, left, right), needs: vec![left, right] }),
            Test::Against { how, left, key } => column(left)
                .zip(column(key))
                .and_then(|(column, keys)| self.against(origin, *how, column, *key, keys, people)),
            Test::OfOne { .. } | Test::Term => None,
        };
        found.or_else(|| self.looked_up(origin, people)).unwrap_or(Bound { way: Way::Rows, needs: Vec::new() })
    }

    /// What a term comes to, by the only fact in it that varies.
    fn looked_up<'p>(&self, origin: &Origin<'_>, people: &'p People) -> Option<Bound<'p>> {
        let rules = *self.sets.get(origin.set)?;
        let mut person = Person { facts: vec![None; rules.facts.len()], as_of: self.as_of };
        let mut varying = None;
        for fact in origin.term.facts() {
            let slot = *self.facts.of_set(origin.set).get(fact)?;
            let column = people.column(slot).filter(|column| !matches!(column.cells, Cells::Plain(_)))?;
            if column.known.is_none() && column.span.0 == column.span.1 {
                *person.facts.get_mut(fact)? = decode(self.facts.kind(slot)?, column.span.0);
            } else if varying.replace((fact, slot, column)).is_some() {
                return None;
            }
        }
        let said = |person: &Person| {
            let (truth, _) = eval::truth(rules, person, origin.term);
            if origin.negated { truth.not() } else { truth }
        };
        let Some((fact, slot, column)) = varying else {
            return Some(Bound { way: Way::Same(said(&person)), needs: Vec::new() });
        };
        // `5 in (x, 5)` is known though x is not. What depends on its fact that loosely goes row by row.
        if said(&person) != Truth::Unknown {
            return None;
        }
        let values = few(column, people)?;
        let mut truths = Vec::new();
        for code in values.clone() {
            *person.facts.get_mut(fact)? = decode(self.facts.kind(slot)?, code);
            truths.push(said(&person));
        }
        let met = values.zip(&truths).filter(|(_, truth)| **truth == Truth::Met).map(|(code, _)| (code, code));
        let ranges = merged(met.collect());
        let plain = !truths.contains(&Truth::Unknown) && ranges.len() <= RANGES_MAX;
        let way = if plain { in_ranges(column, &ranges) } else { Way::LookUp(column, truths) };
        Some(Bound { way, needs: vec![column] })
    }

    fn against<'p>(
        &self,
        origin: &Origin<'_>,
        how: Compare,
        column: &'p Column,
        key: usize,
        keys: &'p Column,
        people: &People,
    ) -> Option<Bound<'p>> {
        let rules = *self.sets.get(origin.set)?;
        let fact = self.facts.of_set(origin.set).iter().position(|slot| *slot == key)?;
        let mut person = Person { facts: vec![None; rules.facts.len()], as_of: self.as_of };
        let mut bounds = Vec::new();
        for code in few(keys, people)? {
            *person.facts.get_mut(fact)? = decode(self.facts.kind(key)?, code);
            bounds.push(match eval::value(rules, &person, origin.other?) {
                // No range at all is one that begins behind its end.
                Ok(Value::Number(number)) => Some(number_range(how, number).first().copied().unwrap_or((1, 0))),
                _ => None,
            });
        }
        Some(Bound { way: Way::Against(column, keys, bounds), needs: vec![column, keys] })
    }
}

/// The numbers of a column, where they are so few that each can be tried.
fn few(column: &Column, people: &People) -> Option<std::ops::RangeInclusive<i64>> {
    let (least, most) = column.span;
    let most_tried = i64::try_from(people.rows()).unwrap_or(i64::MAX).max(VALUES_FEW);
    most.checked_sub(least).filter(|wide| *wide < most_tried).map(|_| least..=most)
}

/// Ranges as the column's own numbers, those who pass or those who do not, whichever are fewer.
fn in_ranges<'p>(column: &'p Column, wanted: &[(i64, i64)]) -> Way<'p> {
    let (least, most) = column.span;
    let cut = |ranges: &[(i64, i64)]| -> Vec<(i64, i64)> {
        let cut = ranges.iter().map(|range| (range.0.max(least), range.1.min(most)));
        cut.filter(|range| range.0 <= range.1).collect()
    };
    let inside = cut(wanted);
    let mut outside = Vec::new();
    let mut from = Some(least);
    for range in &inside {
        if let Some(from) = from.filter(|from| *from < range.0) {
            outside.push((from, range.0 - 1));
        }
        from = range.1.checked_add(1);
    }
    if let Some(from) = from.filter(|from| *from <= most) {
        outside.push((from, most));
    }
    if inside.is_empty() || outside.is_empty() {
        return Way::Same(Truth::of(outside.is_empty()));
    }
    // What reaches up to the most is said by what lies below it: a range that begins at the least
    // needs one comparison.
    let from_least = |ranges: &[(i64, i64)]| ranges.first().is_some_and(|range| range.0 == least);
    let inverted = (outside.len(), from_least(&inside)) < (inside.len(), from_least(&outside));
    let ranges = if inverted { outside } else { inside };
    match &column.cells {
        Cells::Bits(cells) => {
            let bit = |number: i64| 1_u8.checked_shl(u32::try_from(number - column.base).unwrap_or(0)).unwrap_or(0);
            let mask = ranges.iter().flat_map(|range| range.0..=range.1).fold(0, |mask, number| mask | bit(number));
            Way::BitsOfBytes { cells, mask, none: inverted }
        }
        Cells::Bytes(cells) => Way::Bytes(typed(cells, column.base, &ranges, inverted)),
        Cells::Shorts(cells) => Way::Shorts(typed(cells, column.base, &ranges, inverted)),
        Cells::Words(cells) => Way::Words(typed(cells, column.base, &ranges, inverted)),
        Cells::Longs(cells) => {
            let ranges = ranges.iter().map(|range| (range.0, range.1.wrapping_sub(range.0))).collect();
            Way::Longs(Ranges { cells, ranges, inverted })
        }
        Cells::Plain(_) => Way::Rows,
    }
}

fn typed<'p, T: TryFrom<i64> + Default>(
    cells: &'p [T],
    base: i64,
    ranges: &[(i64, i64)],
    inverted: bool,
) -> Ranges<'p, T> {
    // The ranges lie between the least and the most of the column, so they fit its type.
    let narrow = |number: i64| T::try_from(number).unwrap_or_default();
    let ranges = ranges.iter().map(|range| (narrow(range.0 - base), narrow(range.1 - range.0))).collect();
    Ranges { cells, ranges, inverted }
}
