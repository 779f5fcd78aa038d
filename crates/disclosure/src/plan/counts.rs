//! From published results to what the ledger may enter.
//!
//! Owns: the arithmetic of cumulative numbers, parts and restatements. Does not own: leaves; the
//! ledger makes them, with grade 0 (보도). What a newcomer gets wrong: entering a cumulative number
//! as it was printed. 13,262 for January to September and 14,955 for the year are not 28,217 jobs;
//! the second enters as 1,693 for October to December.

use std::collections::BTreeMap;

use iljari_base::quantity::grouped;
use iljari_base::{Month, Period};

use super::model::{District, Measure, PublishedResult};
use crate::log::words::{Field, Unit, Why};
use iljari_authored::Place;

/// One amount for the ledger to enter (count), or to take back or add (correction).
#[derive(Debug, Clone)]
pub struct CountProposal {
    /// Node of the tree.
    pub node: String,
    /// First to last month.
    pub period: Period,
    /// Field.
    pub field: Field,
    /// Unit.
    pub unit: Unit,
    /// How many; negative only in a correction.
    pub n: i64,
    /// Whether it is the rest of a whole whose other parts are known (내역 미상).
    pub rest: bool,
    /// The id of the source that published it.
    pub source: Option<String>,
    /// As the source printed it.
    pub as_printed: String,
    /// For a correction: which proposal of this list it answers, and why.
    pub correction: Option<(usize, Why)>,
    /// Where the result stands.
    pub place: Place,
}

/// Who did what, counted how: results of one key add up.
type Key = (String, Field, Unit);

/// What the ledger would hold of one cumulative series, or of one plain result.
#[derive(Default)]
struct Standing {
    amounts: BTreeMap<(String, Field), (i64, usize)>,
    last: Option<Month>,
}

/// Exact published counts as ledger counts, earlier months first. What was reported as 약, rates,
/// and results over more than one calendar year give none.
pub fn results_to_counts(district: &District) -> Vec<CountProposal> {
    let mut proposals: Vec<CountProposal> = Vec::new();
    let mut series: BTreeMap<(Key, Month), Standing> = BTreeMap::new();
    let mut plain: BTreeMap<String, Standing> = BTreeMap::new();
    let mut ordered: Vec<&PublishedResult> = district.results.iter().collect();
    ordered.sort_by_key(|result| (result.restates.is_some(), result.period.last(), result.period.first()));
    for result in ordered {
        let Some((unit, field)) = countable(result) else { continue };
        if let Some((of, why)) = &result.restates {
            if let Some(standing) = plain.get_mut(of) {
                let period = result.period;
                enter(&mut proposals, standing, result, unit, field, period, *why);
            }
            continue;
        }
        let mut standing = Standing::default();
        let mut period = result.period;
        let key = ((result.node.clone(), field, unit), result.period.first());
        if result.cumulative {
            standing = series.remove(&key).unwrap_or_default();
            let next = standing.last.and_then(following);
            period = next.and_then(|first| Period::new(first, result.period.last())).unwrap_or(result.period);
        }
        enter(&mut proposals, &mut standing, result, unit, field, period, Why::Other);
        standing.last = Some(result.period.last());
        if let Some(id) = &result.id {
            let amounts = standing.amounts.clone();
            plain.insert(id.clone(), Standing { amounts, last: standing.last });
        }
        if result.cumulative {
            series.insert(key, standing);
        }
    }
    proposals
}

/// Unit and field of a result that may be counted.
pub(crate) fn countable(result: &PublishedResult) -> Option<(Unit, Field)> {
    let Measure::Count(unit) = result.measure else { return None };
    let one_year = result.period.first().year() == result.period.last().year();
    result.figure.count().filter(|_| one_year)?;
    Some((unit, result.field?))
}

fn following(month: Month) -> Option<Month> {
    match month.of_year() {
        12 => Month::new(month.year().0 + 1, 1),
        other => Month::new(month.year().0, other + 1),
    }
}

/// Enters the difference between what a result says and what stands, part by part.
fn enter(
    proposals: &mut Vec<CountProposal>,
    standing: &mut Standing,
    result: &PublishedResult,
    unit: Unit,
    field: Field,
    period: Period,
    why: Why,
) {
    let mut wanted: Vec<(String, Field, i64, Option<&str>, bool)> = Vec::new();
    for part in &result.parts {
        if let Some(n) = part.figure.count() {
            wanted.push((part.node.clone(), part.field.unwrap_or(field), n, part.figure.source(), false));
        }
    }
    let whole = result.figure.count().unwrap_or(0);
    let has_parts = !wanted.is_empty();
    let own = if has_parts { result.rest().unwrap_or(0) } else { whole };
    wanted.push((result.node.clone(), field, own, result.figure.source(), has_parts));
    let printed = result.figure.as_printed.clone().unwrap_or_else(|| grouped(whole));
    for (node, field, n, source, rest) in wanted {
        let before = standing.amounts.get(&(node.clone(), field)).copied();
        let difference = n - before.map_or(0, |(amount, _)| amount);
        if difference == 0 {
            continue;
        }
        // A restatement answers the first number; so does a cumulative that falls.
        let answers = before.filter(|_| difference < 0 || result.restates.is_some());
        let correction = answers.map(|(_, of)| (of, why));
        if difference < 0 && correction.is_none() {
            continue;
        }
        let at = proposals.len();
        let index = correction.map_or(at, |(of, _)| of);
        // A correction lies in the months of what it corrects.
        let period = correction.and_then(|(of, _)| proposals.get(of)).map_or(period, |answered| answered.period);
        standing.amounts.insert((node.clone(), field), (n, index));
        proposals.push(CountProposal {
            node,
            period,
            field,
            unit,
            n: difference,
            rest,
            source: source.map(str::to_owned),
            as_printed: printed.clone(),
            correction,
            place: result.place.clone(),
        });
    }
}
