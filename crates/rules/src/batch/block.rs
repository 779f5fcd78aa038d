//! A block of people through all tests (묶음 판정): lanes of bytes, joined, then spread into masks.
//!
//! Owns: the loops. They are written so that the compiler turns each into vector instructions: whole
//! lanes, one operation, no branch. Does not own: what is tested (`lower`, `bind`). What a newcomer
//! gets wrong: three values everywhere. Where everybody of a block is known one lane says it all, and
//! nothing is spent on the other two.

use super::bind::{Bound, Ranges, Way};
use super::lower::{Lit, Node, Origin, Plan};
use super::masks::{CLAUSES, Masks};
use super::people::{BLOCK, Cells, Column, Lane, People, lane};
use crate::eval::{self, Person};
use crate::expr::Compare;
use crate::value::Truth;

const ALL: u8 = 0xFF;

/// What the nodes come to in a block.
struct Lanes {
    /// Who meets it. Where nobody is unknown this lane is all there is.
    met: Vec<Lane>,
    not: Vec<Lane>,
    unknown: Vec<Lane>,
    /// Whether somebody is unknown.
    open: Vec<bool>,
}

impl Plan<'_> {
    /// Judges everybody. `masks` is filled anew; handing in the last one saves asking for memory.
    pub fn screen(&self, people: &People, masks: &mut Masks) {
        let bound = self.bind(people);
        let open = self.nodes.iter().zip(&bound).any(|(node, bound)| may_be_open(node, bound.as_ref()));
        masks.prepare(&self.sets, people.rows(), open);
        let count = self.nodes.len();
        let spare = if open { count } else { 0 };
        let mut lanes = Lanes {
            met: vec![[0; BLOCK]; count],
            not: vec![[0; BLOCK]; spare],
            unknown: vec![[0; BLOCK]; spare],
            open: vec![false; count],
        };
        for block in 0..people.blocks() {
            for (at, (node, bound)) in self.nodes.iter().zip(&bound).enumerate() {
                self.node(at, node, bound.as_ref(), people, block, &mut lanes);
            }
            let from = block * BLOCK;
            let upto = people.rows().min(from + BLOCK);
            let mut plane = 0;
            for clauses in &self.programs {
                // A program without clauses has one empty plane.
                for some in clauses.chunks(CLAUSES).chain(clauses.is_empty().then_some(&[][..])) {
                    let (broken, unknown) = masks.part(plane, from, upto);
                    write(some, &lanes, broken, unknown);
                    plane += 1;
                }
            }
        }
    }

    fn node(
        &self,
        at: usize,
        node: &Node<'_>,
        bound: Option<&Bound<'_>>,
        people: &People,
        block: usize,
        lanes: &mut Lanes,
    ) {
        match (node, bound) {
            (Node::Certain, _) => lanes.set(at, &[ALL; BLOCK]),
            (Node::Unknown, _) if lanes.not.is_empty() => {}
            (Node::Unknown, _) => lanes.open(at, &[0; BLOCK], &[0; BLOCK]),
            (Node::All(parts), _) => lanes.join(at, parts),
            (Node::Test(_, origin), Some(bound)) => {
                let (met, open) = match &bound.way {
                    Way::Same(Truth::Unknown) => ([0; BLOCK], Some([0; BLOCK])),
                    Way::Same(truth) => ([if *truth == Truth::Met { ALL } else { 0 }; BLOCK], None),
                    Way::Bytes(ranges) => {
                        (in_ranges(ranges, block, |v, from, wide| v.wrapping_sub(from) <= wide), None)
                    }
                    Way::Shorts(ranges) => {
                        (in_ranges(ranges, block, |v, from, wide| v.wrapping_sub(from) <= wide), None)
                    }
                    Way::Words(ranges) => {
                        (in_ranges(ranges, block, |v, from, wide| v.wrapping_sub(from) <= wide), None)
                    }
                    Way::Longs(ranges) => (
                        in_ranges(ranges, block, |v, from, wide| {
                            v.wrapping_sub(from).cast_unsigned() <= wide.cast_unsigned()
                        }),
                        None,
                    ),
                    Way::BitsOfBytes(cells, mask) => (of_cells(cells, block, |cell| cell & mask != 0), None),
                    Way::Bits(column, mask) => (of_cells(&longs(column, block), 0, |bits| bits & mask != 0), None),
                    Way::Pair(how, left, right) => (pair(*how, left, right, block), None),
                    Way::Against(column, keys, bounds) => against(column, keys, bounds, block),
                    Way::LookUp(column, truths) => looked_up(column, truths, block),
                    Way::Rows => self.rows(origin, people, block),
                };
                lanes.test(at, &met, open.as_ref(), &bound.needs, block);
            }
            (Node::Test(..), None) => {}
        }
    }

    /// What `eval` says, person by person.
    fn rows(&self, origin: &Origin<'_>, people: &People, block: usize) -> (Lane, Option<Lane>) {
        let (mut met, mut sure) = ([0; BLOCK], [0; BLOCK]);
        let Some(rules) = self.sets.get(origin.set) else { return (met, Some(sure)) };
        let facts = origin.term.facts();
        let mut person = Person { facts: vec![None; rules.facts.len()], as_of: self.as_of };
        let from = block * BLOCK;
        for (row, (met, sure)) in (from..people.rows()).zip(met.iter_mut().zip(&mut sure)) {
            for fact in &facts {
                let slot = self.facts.of_set(origin.set).get(*fact).copied().unwrap_or(usize::MAX);
                let value = people.column(slot).zip(self.facts.kind(slot));
                if let Some(cell) = person.facts.get_mut(*fact) {
                    *cell = value.and_then(|(column, kind)| column.value(kind, row));
                }
            }
            let (truth, _) = eval::truth(rules, &person, origin.term);
            *met = if (truth == Truth::Met) != origin.negated { ALL } else { 0 };
            *sure = if truth == Truth::Unknown { 0 } else { ALL };
        }
        (met, Some(sure))
    }
}

fn may_be_open(node: &Node<'_>, bound: Option<&Bound<'_>>) -> bool {
    let by_way = |way: &Way<'_>| match way {
        Way::Same(truth) => *truth == Truth::Unknown,
        Way::Against(_, _, bounds) => bounds.contains(&None),
        Way::LookUp(_, truths) => truths.contains(&Truth::Unknown),
        Way::Rows => true,
        _ => false,
    };
    match (node, bound) {
        (Node::Unknown, _) => true,
        (_, Some(bound)) => by_way(&bound.way) || bound.needs.iter().any(|column| column.known.is_some()),
        _ => false,
    }
}

impl Lanes {
    /// Everybody is known.
    fn set(&mut self, at: usize, met: &Lane) {
        if let (Some(lane), Some(open)) = (self.met.get_mut(at), self.open.get_mut(at)) {
            *lane = *met;
            *open = false;
        }
    }

    fn open(&mut self, at: usize, met: &Lane, not: &Lane) {
        self.set(at, met);
        if let (Some(lane), Some(unknown)) = (self.not.get_mut(at), self.unknown.get_mut(at)) {
            *lane = *not;
            *unknown = zipped(met, not, |met, not| !(met | not));
        }
        if let Some(open) = self.open.get_mut(at) {
            *open = true;
        }
    }

    /// A test's lane, cut down to those whom it knows.
    fn test(&mut self, at: usize, met: &Lane, sure: Option<&Lane>, needs: &[&Column], block: usize) {
        let mut known = sure.copied();
        for lane in needs.iter().filter_map(|column| column.known(block)) {
            known = Some(known.map_or(*lane, |known| zipped(&known, lane, |one, other| one & other)));
        }
        match known {
            None => self.set(at, met),
            Some(known) => {
                let not = zipped(met, &known, |met, known| !met & known);
                self.open(at, &zipped(met, &known, |met, known| met & known), &not);
            }
        }
    }

    /// All of them must hold.
    fn join(&mut self, at: usize, parts: &[Lit]) {
        let any_open = parts.iter().any(|lit| self.open.get(lit.node).copied().unwrap_or(false));
        if !any_open {
            let lane = self.all_known(parts);
            self.set(at, &lane);
            return;
        }
        let (mut met, mut not) = ([ALL; BLOCK], [0; BLOCK]);
        for lit in parts {
            let (holds, fails) = self.rails(*lit);
            met = zipped(&met, &holds, |one, other| one & other);
            not = zipped(&not, &fails, |one, other| one | other);
        }
        self.open(at, &met, &not);
    }

    /// Who meets it, and who does not.
    fn rails(&self, lit: Lit) -> (Lane, Lane) {
        let none = [0; BLOCK];
        let met = *self.met.get(lit.node).unwrap_or(&none);
        let open = self.open.get(lit.node).copied().unwrap_or(false);
        let not = if open { *self.not.get(lit.node).unwrap_or(&none) } else { zipped(&met, &met, |met, _| !met) };
        if lit.negated { (not, met) } else { (met, not) }
    }

    fn all_known(&self, parts: &[Lit]) -> Lane {
        const NONE: Lane = [0; BLOCK];
        let each: Vec<(&Lane, u8)> = parts
            .iter()
            .map(|lit| (self.met.get(lit.node).unwrap_or(&NONE), if lit.negated { ALL } else { 0 }))
            .collect();
        match each.as_slice() {
            [a, b] => all_of([*a, *b]),
            [a, b, c] => all_of([*a, *b, *c]),
            [a, b, c, d] => all_of([*a, *b, *c, *d]),
            more => more.iter().fold([ALL; BLOCK], |all, one| all_of([(&all, 0), *one])),
        }
    }
}

#[inline(always)]
fn zipped(one: &Lane, other: &Lane, join: impl Fn(u8, u8) -> u8) -> Lane {
    let mut out = [0; BLOCK];
    for (out, (one, other)) in out.iter_mut().zip(one.iter().zip(other)) {
        *out = join(*one, *other);
    }
    out
}

#[inline(never)]
fn all_of<const N: usize>(parts: [(&Lane, u8); N]) -> Lane {
    let mut out = [0; BLOCK];
    for (at, out) in out.iter_mut().enumerate() {
        let mut all = ALL;
        for (lane, flip) in parts {
            all &= lane[at] ^ flip;
        }
        *out = all;
    }
    out
}

#[inline(always)]
fn of_cells<T: Copy>(cells: &[T], block: usize, test: impl Fn(T) -> bool) -> Lane {
    let mut out = [0; BLOCK];
    if let Some(cells) = lane(cells, block) {
        for (out, cell) in out.iter_mut().zip(cells) {
            *out = if test(*cell) { ALL } else { 0 };
        }
    }
    out
}

#[inline(always)]
fn in_ranges<T: Copy>(ranges: &Ranges<'_, T>, block: usize, within: impl Fn(T, T, T) -> bool) -> Lane {
    let flip = if ranges.inverted { ALL } else { 0 };
    let (mut out, mut first) = ([0; BLOCK], true);
    for (from, wide) in &ranges.ranges {
        let one = of_cells(ranges.cells, block, |cell| within(cell, *from, *wide));
        out = if first { one } else { zipped(&out, &one, |out, one| out | one) };
        first = false;
    }
    if ranges.inverted { zipped(&out, &out, |out, _| out ^ flip) } else { out }
}

/// The numbers of a block.
fn longs(column: &Column, block: usize) -> [i64; BLOCK] {
    let mut out = [0; BLOCK];
    let base = column.base;
    match &column.cells {
        Cells::Bytes(cells) => widen(cells, block, &mut out, |cell| i64::from(cell) + base),
        Cells::Shorts(cells) => widen(cells, block, &mut out, |cell| i64::from(cell) + base),
        Cells::Words(cells) => widen(cells, block, &mut out, |cell| i64::from(cell).wrapping_add(base)),
        Cells::Longs(cells) => widen(cells, block, &mut out, |cell| cell),
        Cells::Plain(_) => {}
    }
    out
}

/// The numbers of a block, where all of the column are small.
fn ints(column: &Column, block: usize) -> Option<[i32; BLOCK]> {
    let small = |number: i64| i32::try_from(number).ok();
    let base = small(column.base)?;
    small(column.span.0).and(small(column.span.1))?;
    let mut out = [0; BLOCK];
    match &column.cells {
        Cells::Bytes(cells) => widen(cells, block, &mut out, |cell| i32::from(cell).wrapping_add(base)),
        Cells::Shorts(cells) => widen(cells, block, &mut out, |cell| i32::from(cell).wrapping_add(base)),
        Cells::Words(cells) => widen(cells, block, &mut out, |cell| cell.cast_signed().wrapping_add(base)),
        Cells::Longs(_) | Cells::Plain(_) => return None,
    }
    Some(out)
}

#[inline(always)]
fn widen<T: Copy, W>(cells: &[T], block: usize, out: &mut [W; BLOCK], wide: impl Fn(T) -> W) {
    if let Some(cells) = lane(cells, block) {
        for (out, cell) in out.iter_mut().zip(cells) {
            *out = wide(*cell);
        }
    }
}

fn pair(how: Compare, left: &Column, right: &Column, block: usize) -> Lane {
    match (ints(left, block), ints(right, block)) {
        (Some(left), Some(right)) => compared(how, &left, &right),
        _ => compared(how, &longs(left, block), &longs(right, block)),
    }
}

#[inline(always)]
fn compared<T: Copy + PartialOrd>(how: Compare, left: &[T; BLOCK], right: &[T; BLOCK]) -> Lane {
    let with = |test: fn(&T, &T) -> bool| {
        let mut out = [0; BLOCK];
        for (out, (left, right)) in out.iter_mut().zip(left.iter().zip(right)) {
            *out = if test(left, right) { ALL } else { 0 };
        }
        out
    };
    match how {
        Compare::Equal => with(|left, right| left == right),
        Compare::Unequal => with(|left, right| left != right),
        Compare::Less => with(|left, right| left < right),
        Compare::AtMost => with(|left, right| left <= right),
        Compare::More => with(|left, right| left > right),
        Compare::AtLeast => with(|left, right| left >= right),
    }
}

/// The place of a number in a table that begins with the least of its column. Who is not known may
/// have any number and gets some place; her lane is cut later.
fn place(column: &Column, number: i64) -> usize {
    usize::try_from(number.wrapping_sub(column.span.0)).unwrap_or(0)
}

fn against(column: &Column, keys: &Column, bounds: &[Option<(i64, i64)>], block: usize) -> (Lane, Option<Lane>) {
    let (numbers, keyed) = (longs(column, block), longs(keys, block));
    let (mut met, mut sure) = ([0; BLOCK], [0; BLOCK]);
    for ((met, sure), (number, key)) in met.iter_mut().zip(&mut sure).zip(numbers.iter().zip(&keyed)) {
        if let Some(Some((from, upto))) = bounds.get(place(keys, *key)) {
            *met = if from <= number && number <= upto { ALL } else { 0 };
            *sure = ALL;
        }
    }
    (met, bounds.contains(&None).then_some(sure))
}

fn looked_up(column: &Column, truths: &[Truth], block: usize) -> (Lane, Option<Lane>) {
    let (mut met, mut sure) = ([0; BLOCK], [0; BLOCK]);
    for ((met, sure), number) in met.iter_mut().zip(&mut sure).zip(&longs(column, block)) {
        let truth = truths.get(place(column, *number)).copied().unwrap_or(Truth::Unknown);
        *met = if truth == Truth::Met { ALL } else { 0 };
        *sure = if truth == Truth::Unknown { 0 } else { ALL };
    }
    (met, truths.contains(&Truth::Unknown).then_some(sure))
}

/// Spreads up to sixteen clauses into one mask a person.
fn write(clauses: &[Lit], lanes: &Lanes, broken: &mut [u16], unknown: Option<&mut [u16]>) {
    const NONE: Lane = [0; BLOCK];
    let is_open = |lit: &Lit| lanes.open.get(lit.node).copied().unwrap_or(false);
    let mut flip = 0_u16;
    let mut each = [&NONE; CLAUSES];
    for (at, (lit, lane)) in clauses.iter().zip(&mut each).enumerate() {
        let fails = if is_open(lit) && !lit.negated { &lanes.not } else { &lanes.met };
        *lane = fails.get(lit.node).unwrap_or(&NONE);
        // Where all are known, who does not meet it has broken it.
        if !is_open(lit) && !lit.negated {
            flip |= 1 << at;
        }
    }
    spread(&each, clauses.len(), flip, broken);
    let Some(unknown) = unknown else { return };
    if !clauses.iter().any(is_open) {
        unknown.fill(0);
        return;
    }
    for (lit, lane) in clauses.iter().zip(&mut each) {
        *lane = lanes.unknown.get(lit.node).filter(|_| is_open(lit)).unwrap_or(&NONE);
    }
    spread(&each, clauses.len(), 0, unknown);
}

fn spread(lanes: &[&Lane; CLAUSES], count: usize, flip: u16, out: &mut [u16]) {
    let [a, b, c, d, e, f, g, h, high @ ..] = *lanes;
    let low = match count {
        0 => [0; BLOCK],
        1..=4 => bits([a, b, c, d]),
        5 => bits([a, b, c, d, e]),
        6 => bits([a, b, c, d, e, f]),
        7 => bits([a, b, c, d, e, f, g]),
        _ => bits([a, b, c, d, e, f, g, h]),
    };
    let [i, j, k, l, ..] = high;
    match count {
        0..=8 => stored(out, &low, |at| u16::from(at) ^ flip),
        9 => joined(out, &low, &bits([i]), flip),
        10 => joined(out, &low, &bits([i, j]), flip),
        11..=12 => joined(out, &low, &bits([i, j, k, l]), flip),
        _ => joined(out, &low, &bits(high), flip),
    }
}

#[inline(never)]
fn bits<const N: usize>(lanes: [&Lane; N]) -> Lane {
    let mut out = [0; BLOCK];
    for (at, out) in out.iter_mut().enumerate() {
        let mut all = 0;
        for (bit, lane) in lanes.iter().enumerate() {
            all |= lane[at] & 1 << bit;
        }
        *out = all;
    }
    out
}

#[inline(always)]
fn stored(out: &mut [u16], low: &Lane, mask: impl Fn(u8) -> u16) {
    match out.as_mut_array::<BLOCK>() {
        Some(out) => out.iter_mut().zip(low).for_each(|(out, low)| *out = mask(*low)),
        None => out.iter_mut().zip(low).for_each(|(out, low)| *out = mask(*low)),
    }
}

#[inline(never)]
fn joined(out: &mut [u16], low: &Lane, high: &Lane, flip: u16) {
    for (out, (low, high)) in out.iter_mut().zip(low.iter().zip(high)) {
        *out = (u16::from(*low) | u16::from(*high) << 8) ^ flip;
    }
}
