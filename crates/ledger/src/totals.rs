//! The kept-up totals (집계) and their proof against the entries (I5).
//!
//! Owns: folding the entries anew, comparing, rebuilding. Does not own: the counting rules (they
//! are `disclosure::log::totals`, the same that a stranger's checker uses).

use std::collections::BTreeMap;

use iljari_base::{Clock, DistrictCode, Inconsistency, Outcome, Stop};
use iljari_disclosure::log::leaf::Leaf;
use iljari_disclosure::log::totals::{Key, Source, Split, fold};
use iljari_store::Tx;

use crate::model::{Entry, EntryKind};
use crate::{columns, store};

/// Folds every entry, sealed or not, by the public counting rules.
pub async fn folded(tx: &mut Tx, district: &DistrictCode) -> Outcome<BTreeMap<Key, Split>> {
    let mut entries = store::entries(tx, district).await?;
    // The log shuffles what it seals, but corrections always come after what they answer.
    entries.sort_by_key(|entry| entry.kind == EntryKind::Correction);
    fold_entries(&entries)
}

fn fold_entries(entries: &[Entry]) -> Outcome<BTreeMap<Key, Split>> {
    let mut leaves = Vec::with_capacity(entries.len());
    for entry in entries {
        leaves.push(Leaf::parse(&entry.body).map_err(|fault| impossible(&entry.leaf_id, &fault.to_string()))?);
    }
    let (totals, problems) = fold(&leaves);
    match problems.first() {
        None => Ok(totals),
        Some(problem) => Err(impossible("all", &format!("{problem:?}"))),
    }
}

/// Compares the kept-up totals, and what the table of entries itself counts, with the fold. An empty answer
/// means that they agree.
pub async fn audit(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Difference>> {
    let folded = folded(tx, district).await?;
    let kept: BTreeMap<Key, Split> = store::totals(tx, district).await?.into_iter().collect();
    let columns = columns::read(tx, district).await?.totals();
    let mut keys: Vec<&Key> = folded.keys().chain(kept.keys()).chain(columns.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differences = keys.into_iter().filter_map(|key| {
        let of = |totals: &BTreeMap<Key, Split>| totals.get(key).copied().unwrap_or_default();
        let (from_entries, kept_up, in_columns) = (of(&folded), of(&kept), of(&columns));
        let agree = from_entries == kept_up && from_entries == in_columns;
        (!agree).then(|| Difference { key: key.clone(), from_entries, kept_up, in_columns })
    });
    Ok(differences.collect())
}

/// A total that does not agree with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which total.
    pub key: Key,
    /// What the entries' leaves add up to.
    pub from_entries: Split,
    /// What was kept.
    pub kept_up: Split,
    /// What the columns beside the leaves add up to, from which pages take their sums by month.
    pub in_columns: Split,
}

/// Deletes the totals and folds them anew.
pub async fn rebuild(tx: &mut Tx, clock: &dyn Clock, district: &DistrictCode) -> Outcome<()> {
    let folded = folded(tx, district).await?;
    store::clear_totals(tx, district).await?;
    for (key, split) in &folded {
        for source in [Source::Records, Source::Sums, Source::Press] {
            store::add_to_total(tx, district, key, source, split.part(source), clock.now()).await?;
        }
    }
    Ok(())
}

fn impossible(row: &str, why: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table: "entry", column: format!("body ({why})"), row: row.to_owned() })
}
