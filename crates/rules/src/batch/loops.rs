//! The loops over a block (묶음의 셈): numbers to lanes of bytes, lanes joined, lanes to masks.
//!
//! Owns: what the compiler turns into vector instructions: whole lanes, one operation, no branch, and
//! a place to write to that nothing else points at. Does not own: which loop runs when (`block`).

use super::bind::Ranges;
use super::masks::CLAUSES;
use super::people::{BLOCK, Cells, Column, Lane, lane};
use crate::expr::Compare;
use crate::value::Truth;

/// All bits of a byte of a lane.
pub(super) const ALL: u8 = 0xFF;

/// A lane of nobody.
pub(super) const NONE: Lane = Lane([0; BLOCK]);

#[inline(always)]
fn byte(met: bool) -> u8 {
    if met { ALL } else { 0 }
}

/// Each byte of two lanes joined.
#[inline(always)]
pub(super) fn zipped(one: &Lane, other: &[u8; BLOCK], out: &mut Lane, join: impl Fn(u8, u8) -> u8) {
    for (out, (one, other)) in out.0.iter_mut().zip(one.0.iter().zip(other)) {
        *out = join(*one, *other);
    }
}

/// Each byte of a lane changed by that of another.
#[inline(always)]
pub(super) fn changed(lane: &mut Lane, by: &[u8; BLOCK], join: impl Fn(u8, u8) -> u8) {
    for (lane, by) in lane.0.iter_mut().zip(by) {
        *lane = join(*lane, *by);
    }
}

/// Who is in all of these lanes, some of them flipped.
#[inline(never)]
pub(super) fn all_of<const N: usize>(parts: [(&Lane, u8); N], out: &mut Lane) {
    for (at, out) in out.0.iter_mut().enumerate() {
        let mut all = ALL;
        for (lane, flip) in parts {
            all &= lane.0[at] ^ flip;
        }
        *out = all;
    }
}

/// Who is in any of these lanes.
#[inline(never)]
pub(super) fn any_of<const N: usize>(parts: [&Lane; N], out: &mut Lane) {
    for (at, out) in out.0.iter_mut().enumerate() {
        let mut any = 0;
        for lane in parts {
            any |= lane.0[at];
        }
        *out = any;
    }
}

#[inline(always)]
fn of_cells<T: Copy>(cells: &[T], block: usize, out: &mut Lane, test: impl Fn(T) -> bool) {
    if let Some(cells) = lane(cells, block) {
        for (out, cell) in out.0.iter_mut().zip(cells) {
            *out = byte(test(*cell));
        }
    }
}

/// Who has none of these bits.
#[inline(never)]
pub(super) fn no_bits(cells: &[u8], mask: u8, block: usize, out: &mut Lane) {
    of_cells(cells, block, out, |bits| bits & mask == 0);
}

/// Who is in one of these ranges; whether that is meant or its opposite is said elsewhere.
#[inline(always)]
pub(super) fn in_ranges<T: Copy + Default + PartialOrd>(
    ranges: &Ranges<'_, T>,
    block: usize,
    out: &mut Lane,
    within: impl Fn(T, (T, T)) -> bool,
) {
    match *ranges.ranges.as_slice() {
        // No number of a narrow column is below zero.
        [(from, upto)] if from == T::default() => of_cells(ranges.cells, block, out, |cell| cell <= upto),
        [one] => of_cells(ranges.cells, block, out, |cell| within(cell, one)),
        [one, two] => of_cells(ranges.cells, block, out, |cell| within(cell, one) | within(cell, two)),
        ref more => {
            *out = NONE;
            let Some(cells) = lane(ranges.cells, block) else { return };
            for range in more {
                out.0.iter_mut().zip(cells).for_each(|(out, cell)| *out |= byte(within(*cell, *range)));
            }
        }
    }
}

/// The same of numbers that may lie below zero.
pub(super) fn in_longs(ranges: &Ranges<'_, i64>, block: usize, out: &mut Lane) {
    let within = |cell: i64, range: &(i64, i64)| cell.wrapping_sub(range.0).cast_unsigned() <= range.1.cast_unsigned();
    of_cells(ranges.cells, block, out, |cell| ranges.ranges.iter().any(|range| within(cell, range)));
}

/// The numbers of a block.
fn longs(column: &Column, block: usize) -> [i64; BLOCK] {
    let mut out = [0; BLOCK];
    let base = column.base;
    match &column.cells {
        Cells::Bits(cells) => widen(cells, block, &mut out, |bit| i64::from(bit.trailing_zeros()).wrapping_add(base)),
        Cells::Bytes(cells) => widen(cells, block, &mut out, |cell| i64::from(cell).wrapping_add(base)),
        Cells::Shorts(cells) => widen(cells, block, &mut out, |cell| i64::from(cell).wrapping_add(base)),
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
        Cells::Bits(cells) => {
            widen(cells, block, &mut out, |bit| bit.trailing_zeros().cast_signed().wrapping_add(base));
        }
        Cells::Bytes(cells) => widen(cells, block, &mut out, |cell| i32::from(cell).wrapping_add(base)),
        Cells::Shorts(cells) => widen(cells, block, &mut out, |cell| i32::from(cell).wrapping_add(base)),
        Cells::Words(cells) => widen(cells, block, &mut out, |cell| cell.wrapping_add(base)),
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

/// Whether one of these bits is set.
pub(super) fn bits_any(column: &Column, mask: i64, block: usize, out: &mut Lane) {
    for (out, bits) in out.0.iter_mut().zip(&longs(column, block)) {
        *out = byte(bits & mask != 0);
    }
}

/// Two facts of each person.
pub(super) fn pair(how: Compare, left: &Column, right: &Column, block: usize, out: &mut Lane) {
    match (ints(left, block), ints(right, block)) {
        (Some(left), Some(right)) => compared(how, &left, &right, out),
        _ => compared(how, &longs(left, block), &longs(right, block), out),
    }
}

#[inline(always)]
fn compared<T: Copy + PartialOrd>(how: Compare, left: &[T; BLOCK], right: &[T; BLOCK], out: &mut Lane) {
    let each = out.0.iter_mut().zip(left.iter().zip(right));
    match how {
        Compare::Equal => each.for_each(|(out, (left, right))| *out = byte(left == right)),
        Compare::Unequal => each.for_each(|(out, (left, right))| *out = byte(left != right)),
        Compare::Less => each.for_each(|(out, (left, right))| *out = byte(left < right)),
        Compare::AtMost => each.for_each(|(out, (left, right))| *out = byte(left <= right)),
        Compare::More => each.for_each(|(out, (left, right))| *out = byte(left > right)),
        Compare::AtLeast => each.for_each(|(out, (left, right))| *out = byte(left >= right)),
    }
}

/// The place of a number in a table that begins with the least of its column. Who is not known may
/// have any number and gets some place; her lane is cut later.
fn place(column: &Column, number: i64) -> usize {
    usize::try_from(number.wrapping_sub(column.span.0)).unwrap_or(usize::MAX)
}

/// A number held against a range that its key says. `sure` is who has a key that says one.
pub(super) fn against(
    column: &Column,
    keys: &Column,
    bounds: &[Option<(i64, i64)>],
    block: usize,
    met: &mut Lane,
    sure: &mut Lane,
) {
    let (numbers, keyed) = (longs(column, block), longs(keys, block));
    for ((met, sure), (number, key)) in met.0.iter_mut().zip(&mut sure.0).zip(numbers.iter().zip(&keyed)) {
        let bound = bounds.get(place(keys, *key)).copied().flatten();
        let (from, upto) = bound.unwrap_or((1, 0));
        *met = byte(from <= *number && *number <= upto);
        *sure = byte(bound.is_some());
    }
}

/// What a table says of each number. `sure` is who has one of which it says something.
pub(super) fn looked_up(column: &Column, truths: &[Truth], block: usize, met: &mut Lane, sure: &mut Lane) {
    for ((met, sure), number) in met.0.iter_mut().zip(&mut sure.0).zip(&longs(column, block)) {
        let truth = truths.get(place(column, *number)).copied().unwrap_or(Truth::Unknown);
        *met = byte(truth == Truth::Met);
        *sure = byte(truth != Truth::Unknown);
    }
}

/// Spreads up to eight lanes into one mask a person: bit i of it is lane i, flipped where `flip` is.
pub(super) fn spread(lanes: &[&Lane; CLAUSES], count: usize, flip: u8, out: &mut [u8; BLOCK]) {
    let [a, b, c, d, e, f, g, h] = *lanes;
    match count {
        0..=1 => bits([a], flip, out),
        2 => bits([a, b], flip, out),
        3 => bits([a, b, c], flip, out),
        4 => bits([a, b, c, d], flip, out),
        5 => bits([a, b, c, d, e], flip, out),
        6 => bits([a, b, c, d, e, f], flip, out),
        7 => bits([a, b, c, d, e, f, g], flip, out),
        _ => bits([a, b, c, d, e, f, g, h], flip, out),
    }
}

/// A function for each number of lanes, so that none is read that says nothing.
#[inline(never)]
fn bits<const N: usize>(lanes: [&Lane; N], flip: u8, out: &mut [u8; BLOCK]) {
    for (at, out) in out.iter_mut().enumerate() {
        let mut all = flip;
        for (bit, lane) in lanes.iter().enumerate() {
            all ^= lane.0[at] & 1 << bit;
        }
        *out = all;
    }
}
