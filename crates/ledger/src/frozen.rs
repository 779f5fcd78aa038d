//! A district's numbers as a disclosure froze them, and what a corrected one changed.
//!
//! Owns: folding the log up to a seal again, for the pages and for the documents. Does not own: the
//! bundle (`disclose`).
//! What a newcomer gets wrong: showing the present total beside the word 공시. A disclosure says
//! what was true at its seal.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{DistrictCode, Inconsistency, Outcome, Stop, Year};
use iljari_disclosure::log::leaf::Leaf;
use iljari_disclosure::log::rollup::{Line, roll_up};
use iljari_disclosure::log::totals::{Key, Split, fold};
use iljari_disclosure::plan::District;
use iljari_plans::{books, tree};
use iljari_store::Tx;

use crate::model::{Disclosure, Seal};

/// The disclosed year's lines as they were at the disclosure's first seal.
pub async fn lines_of(
    tx: &mut Tx,
    district: &DistrictCode,
    disclosure: &Disclosure,
    seals: &[Seal],
    log: &[Vec<u8>],
) -> Outcome<Vec<Line>> {
    let totals = totals_of(disclosure, seals, log)?;
    let book = books::as_of(tx, district, disclosure.books_seq).await?;
    lines_in(&book, disclosure.year, &totals)
}

/// The totals of all years as they were at the disclosure's first seal.
pub fn totals_of(disclosure: &Disclosure, seals: &[Seal], log: &[Vec<u8>]) -> Outcome<BTreeMap<Key, Split>> {
    let Some(seal) = seals.iter().find(|seal| seal.no == disclosure.first_seal) else {
        return Err(impossible("first_seal", &disclosure.first_seal.to_string()));
    };
    let size = usize::try_from(seal.size).unwrap_or(usize::MAX);
    let mut leaves = Vec::new();
    for line in log.iter().take(size) {
        leaves.push(Leaf::parse(line).map_err(|fault| impossible("body", &fault.to_string()))?);
    }
    let (totals, problems) = fold(&leaves);
    match problems.first() {
        None => Ok(totals),
        Some(problem) => Err(impossible("totals", &format!("{problem:?}"))),
    }
}

/// The lines of every year up to this one, as a disclosure of that year has them.
pub fn lines_through(book: &District, year: Year, totals: &BTreeMap<Key, Split>) -> Outcome<Vec<Line>> {
    let years: BTreeSet<Year> = totals.keys().map(|key| key.year).filter(|of| *of <= year).collect();
    let (lines, problems) = roll_up(totals, &tree::plan_tree(book, &years)?, year);
    match problems.first() {
        None => Ok(lines),
        Some(problem) => Err(impossible("totals", &format!("{problem:?}"))),
    }
}

/// One year's lines of these totals, along the tree of that year.
pub fn lines_in(book: &District, year: Year, totals: &BTreeMap<Key, Split>) -> Outcome<Vec<Line>> {
    let mut lines = lines_through(book, year, totals)?;
    lines.retain(|line| line.year == year);
    Ok(lines)
}

/// A number that a correcting disclosure changed; `None` where it was not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Whose number.
    pub line: Line,
    /// Before.
    pub old: Option<i64>,
    /// After.
    pub new: Option<i64>,
}

/// Every line whose whole differs, in the order of the newer one; gone ones last.
pub fn differences(old: &[Line], new: &[Line]) -> Vec<Changed> {
    let key = |line: &Line| (line.node.clone(), line.unit, line.field);
    let before: BTreeMap<_, i64> = old.iter().map(|line| (key(line), line.whole.total())).collect();
    let after: BTreeSet<_> = new.iter().map(key).collect();
    let changed = new.iter().filter_map(|line| {
        let (old, new) = (before.get(&key(line)).copied(), line.whole.total());
        (old != Some(new)).then(|| Changed { line: line.clone(), old, new: Some(new) })
    });
    let gone = old.iter().filter(|line| !after.contains(&key(line)));
    changed.chain(gone.map(|line| Changed { line: line.clone(), old: Some(line.whole.total()), new: None })).collect()
}

/// The changes without those of a 부문 that only repeat what the node's own line says: what pages, documents and
/// letters count and list.
pub fn without_repeats(changed: &[Changed]) -> Vec<&Changed> {
    let difference = |one: &Changed| one.new.unwrap_or(0).saturating_sub(one.old.unwrap_or(0));
    let told = |one: &&Changed| {
        let whole = |other: &&Changed| {
            other.line.field.is_none() && other.line.node == one.line.node && other.line.unit == one.line.unit
        };
        let same = changed.iter().find(whole).is_some_and(|other| difference(other) == difference(one));
        one.line.field.is_none() || !same
    };
    changed.iter().filter(told).collect()
}

fn impossible(column: &str, row: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table: "disclosure", column: column.to_owned(), row: row.to_owned() })
}
