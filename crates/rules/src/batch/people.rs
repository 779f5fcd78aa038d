//! People as columns (사람들의 표): one column a fact, each as narrow as its values allow.
//!
//! Owns: how a value becomes a whole number and back, and what is not known. Does not own: any test
//! on it. What a newcomer gets wrong: expecting every value to fit. A value without a number (a
//! decimal, a word nobody listed) makes its column one of plain values, which `eval` reads.

use std::collections::BTreeSet;

use iljari_base::Date;

use super::Facts;
use crate::num::Num;
use crate::value::{Kind, Value};

/// How many people are judged in one go: enough that choosing a loop costs little beside the loop.
/// Columns are filled up to a multiple of it.
pub(super) const BLOCK: usize = 1024;

/// One byte a person of a block: all bits set, or none. Aligned, so that the loops can use it in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Lane(pub(super) [u8; BLOCK]);

/// The most words of a fact whose values become one number.
const WORDS_MAX: usize = 62;

/// The farthest day from 1970-01-01 that becomes a number.
const DAYS_MAX: i64 = 900_000;

/// A value as a whole number: the number itself, days since 1970-01-01, 0 and 1, the place of a word,
/// a bit for each of several words. `None` where it is none.
pub(super) fn encode(kind: &Kind, value: &Value) -> Option<i64> {
    match (kind, value) {
        (Kind::Number | Kind::Won, Value::Number(number)) => number.as_whole(),
        (Kind::Date, Value::Date(date)) => Some(days(*date)).filter(|days| days.abs() <= DAYS_MAX),
        (Kind::Yes, Value::Yes(yes)) => Some(i64::from(*yes)),
        (Kind::One(words), Value::Word(word)) => place(words, word),
        (Kind::Any(words), Value::Words(some)) if words.len() <= WORDS_MAX => {
            some.iter().try_fold(0, |bits, word| Some(bits | 1 << place(words, word)?))
        }
        _ => None,
    }
}

/// The value behind a number.
pub(super) fn decode(kind: &Kind, code: i64) -> Option<Value> {
    let word = |words: &[String]| usize::try_from(code).ok().and_then(|at| words.get(at)).cloned();
    Some(match kind {
        Kind::Number | Kind::Won => Value::Number(Num::whole(code)),
        Kind::Date => Value::Date(Date::new(1970, 1, 1)?.plus_days(code)),
        Kind::Yes => Value::Yes(code != 0),
        Kind::One(words) => Value::Word(word(words)?),
        Kind::Any(words) => {
            let among = words.iter().take(WORDS_MAX).enumerate().filter(|(at, _)| code >> at & 1 == 1);
            Value::Words(among.map(|(_, word)| word.clone()).collect::<BTreeSet<_>>())
        }
    })
}

pub(super) fn place(words: &[String], word: &str) -> Option<i64> {
    words.iter().position(|known| known == word).and_then(|at| i64::try_from(at).ok())
}

/// Days since 1970-01-01 of the Gregorian calendar.
pub(super) fn days(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month().of_year()), i64::from(date.day()));
    // Years begin in March, so that a leap day is the last of its year.
    let year = i64::from(date.year().0) - i64::from(month <= 2);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

/// The numbers of a column above the least of them, in the narrowest type.
#[derive(Debug, Clone)]
pub(super) enum Cells {
    /// At most eight numbers, each as a bit of its own: any choice among them is one operation.
    Bits(Vec<u8>),
    Bytes(Vec<u8>),
    Shorts(Vec<u16>),
    Words(Vec<i32>),
    Longs(Vec<i64>),
    /// Values that are no whole numbers.
    Plain(Vec<Option<Value>>),
}

/// A fact of everybody.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) cells: Cells,
    /// What is added to a cell for its number; 0 for `Longs`.
    pub(super) base: i64,
    /// Least and most of the numbers that are known.
    pub(super) span: (i64, i64),
    /// Who is known, where somebody is not.
    pub(super) known: Option<Vec<u8>>,
    /// Whether somebody in the block is not known.
    gaps: Vec<bool>,
}

impl Column {
    fn of(kind: &Kind, codes: Vec<i64>, known: Vec<u8>) -> Self {
        let rows = codes.len();
        let sure = || codes.iter().zip(&known).filter(|(_, known)| **known != 0).map(|(code, _)| *code);
        let span = (sure().min().unwrap_or(0), sure().max().unwrap_or(0));
        // Bits stay where they are.
        let least = if matches!(kind, Kind::Any(_)) { 0 } else { span.0 };
        let above = |code: i64| u64::try_from(i128::from(code) - i128::from(least)).unwrap_or(0);
        let padded = rows.next_multiple_of(BLOCK);
        let widest = above(span.1);
        let narrow = i32::try_from(widest).is_ok();
        let base = if narrow { least } else { 0 };
        let cells = if widest < 8 && !matches!(kind, Kind::Any(_)) {
            Cells::Bits(filled(codes.iter().map(|code| 1 << above(*code).min(7)), padded, 1))
        } else if u8::try_from(widest).is_ok() {
            Cells::Bytes(filled(codes.iter().map(|code| u8::try_from(above(*code)).unwrap_or(0)), padded, 0))
        } else if u16::try_from(widest).is_ok() {
            Cells::Shorts(filled(codes.iter().map(|code| u16::try_from(above(*code)).unwrap_or(0)), padded, 0))
        } else if narrow {
            Cells::Words(filled(codes.iter().map(|code| i32::try_from(above(*code)).unwrap_or(0)), padded, 0))
        } else {
            Cells::Longs(filled(codes.into_iter(), padded, 0))
        };
        Self { cells, base, span, gaps: gaps(&known), known: kept(known, padded) }
    }

    fn plain(values: Vec<Option<Value>>) -> Self {
        let known: Vec<u8> = values.iter().map(|value| if value.is_some() { 0xFF } else { 0 }).collect();
        let padded = values.len().next_multiple_of(BLOCK);
        Self { gaps: gaps(&known), known: kept(known, padded), cells: Cells::Plain(values), base: 0, span: (0, 0) }
    }

    /// Who of a block is known, where somebody is not.
    pub(super) fn known(&self, block: usize) -> Option<&[u8; BLOCK]> {
        if !self.gaps.get(block).copied().unwrap_or(true) {
            return None;
        }
        self.known.as_ref().and_then(|known| lane(known, block))
    }

    /// The number of one person, where it is known.
    pub(super) fn code(&self, row: usize) -> Option<i64> {
        if self.known.as_ref().is_some_and(|known| known.get(row).copied().unwrap_or(0) == 0) {
            return None;
        }
        let above = match &self.cells {
            Cells::Bits(cells) => i64::from(cells.get(row)?.trailing_zeros()),
            Cells::Bytes(cells) => i64::from(*cells.get(row)?),
            Cells::Shorts(cells) => i64::from(*cells.get(row)?),
            Cells::Words(cells) => i64::from(*cells.get(row)?),
            Cells::Longs(cells) => *cells.get(row)?,
            Cells::Plain(_) => return None,
        };
        Some(self.base + above)
    }

    /// The value of one person, where it is known.
    pub(super) fn value(&self, kind: &Kind, row: usize) -> Option<Value> {
        match &self.cells {
            Cells::Plain(values) => values.get(row).cloned().flatten(),
            _ => self.code(row).and_then(|code| decode(kind, code)),
        }
    }
}

fn filled<T: Copy>(cells: impl Iterator<Item = T>, padded: usize, with: T) -> Vec<T> {
    let mut all = Vec::with_capacity(padded);
    all.extend(cells);
    all.resize(padded, with);
    all
}

fn kept(known: Vec<u8>, padded: usize) -> Option<Vec<u8>> {
    known.contains(&0).then(|| filled(known.into_iter(), padded, 0))
}

fn gaps(known: &[u8]) -> Vec<bool> {
    known.chunks(BLOCK).map(|block| block.contains(&0)).collect()
}

/// A block of a column.
pub(super) fn lane<T>(cells: &[T], block: usize) -> Option<&[T; BLOCK]> {
    cells.get(block * BLOCK..)?.first_chunk()
}

/// What is known of many people, by the places of [`Facts`].
#[derive(Debug, Clone)]
pub struct People {
    rows: usize,
    columns: Vec<Column>,
}

impl People {
    /// How many.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// From finished columns of whole numbers, everybody known: what a table of a register is. The
    /// numbers are those of the kinds: a day counts from 1970-01-01, 예 is 1, a word is its place in
    /// the list, several words are a bit each. `None` where the columns are not those of the facts or
    /// not equally long.
    pub fn of_numbers(facts: &Facts, columns: Vec<Vec<i64>>) -> Option<Self> {
        let rows = columns.first().map_or(0, Vec::len);
        let fits = columns.len() == facts.len() && columns.iter().all(|column| column.len() == rows);
        let all = |((_, kind), codes): ((&str, &Kind), Vec<i64>)| {
            let known = vec![0xFF; codes.len()];
            Column::of(kind, codes, known)
        };
        fits.then(|| Self { rows, columns: facts.iter().zip(columns).map(all).collect() })
    }

    pub(super) fn column(&self, slot: usize) -> Option<&Column> {
        self.columns.get(slot)
    }

    pub(super) fn blocks(&self) -> usize {
        self.rows.div_ceil(BLOCK)
    }

    /// Everything known of one person, by the places of [`Facts`].
    pub fn values(&self, facts: &Facts, row: usize) -> Vec<Option<Value>> {
        facts.iter().zip(&self.columns).map(|((_, kind), column)| column.value(kind, row)).collect()
    }
}

/// Columns while people are added to them.
#[derive(Debug)]
pub struct Builder<'f> {
    facts: &'f Facts,
    rows: usize,
    columns: Vec<Growing>,
}

#[derive(Debug, Default)]
struct Growing {
    codes: Vec<i64>,
    known: Vec<u8>,
    plain: Option<Vec<Option<Value>>>,
}

impl<'f> Builder<'f> {
    /// Nobody yet.
    pub fn new(facts: &'f Facts) -> Self {
        Self { facts, rows: 0, columns: facts.iter().map(|_| Growing::default()).collect() }
    }

    /// Adds a person. `value` says what is known for a place of [`Facts`].
    pub fn push<'v>(&mut self, value: impl Fn(usize) -> Option<&'v Value>) {
        for (slot, ((_, kind), column)) in self.facts.iter().zip(&mut self.columns).enumerate() {
            column.push(kind, value(slot));
        }
        self.rows += 1;
    }

    /// The columns.
    pub fn finish(self) -> People {
        let finish = |((_, kind), column): ((&str, &Kind), Growing)| match column.plain {
            Some(values) => Column::plain(values),
            None => Column::of(kind, column.codes, column.known),
        };
        People { rows: self.rows, columns: self.facts.iter().zip(self.columns).map(finish).collect() }
    }
}

impl Growing {
    fn push(&mut self, kind: &Kind, value: Option<&Value>) {
        let code = value.map(|value| encode(kind, value));
        if code == Some(None) && self.plain.is_none() {
            let before = self.codes.iter().zip(&self.known);
            self.plain = Some(before.map(|(code, known)| decode(kind, *code).filter(|_| *known != 0)).collect());
        }
        match (&mut self.plain, code) {
            (Some(plain), _) => plain.push(value.cloned()),
            (None, code) => {
                self.known.push(if code.is_some() { 0xFF } else { 0 });
                self.codes.push(code.flatten().unwrap_or(0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_back() {
        for text in ["1970-01-01", "1900-02-28", "2000-02-29", "1899-12-31", "2026-01-09", "2100-03-01"] {
            let date: Date = text.parse().expect("a day");
            assert_eq!(days(date), Date::new(1970, 1, 1).expect("a day").days_until(date), "{text}");
            let code = encode(&Kind::Date, &Value::Date(date)).expect("near enough");
            assert_eq!(decode(&Kind::Date, code), Some(Value::Date(date)));
        }
    }

    #[test]
    fn a_column_is_as_narrow_as_its_values_and_says_who_is_not_known() {
        let column = Column::of(&Kind::Number, vec![-3, 0, 252, 7], vec![0xFF, 0, 0xFF, 0xFF]);
        assert!(matches!(column.cells, Cells::Bytes(_)) && column.span == (-3, 252));
        assert_eq!([0, 1, 2, 3].map(|row| column.code(row)), [Some(-3), None, Some(252), Some(7)]);
        let wide = Column::of(&Kind::Number, vec![i64::MIN, i64::MAX], vec![0xFF, 0xFF]);
        assert_eq!([wide.code(0), wide.code(1)], [Some(i64::MIN), Some(i64::MAX)]);
        assert!(wide.known(0).is_none() && column.known(0).is_some());
    }

    #[test]
    fn a_value_without_a_number_makes_its_column_plain() {
        let mut column = Growing::default();
        let half = Value::Number(Num::new(5, 1).expect("0.5"));
        for value in [Some(&Value::Number(Num::whole(4))), None, Some(&half)] {
            column.push(&Kind::Number, value);
        }
        assert_eq!(column.plain, Some(vec![Some(Value::Number(Num::whole(4))), None, Some(half)]));
    }
}
