//! What stands in the ledger for each project (지금 서 있는 수), entered and waiting.
//!
//! Owns: one reading of the ledger for a whole page or batch. Does not own: any entry.
//! What a newcomer gets wrong: adding entered and waiting numbers; only entered ones count.

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Outcome, Period, Year};
use iljari_disclosure::log::words::{Field, NodeId, Unit};
use iljari_ledger::store as ledger;
use iljari_store::Tx;

use crate::model::Ask;

/// A counting entry with its corrections folded in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The entry's leaf, which a correction would name.
    pub leaf_id: String,
    /// Its months.
    pub period: Period,
    /// What it counts, corrected.
    pub amount: i64,
}

/// A number that waits for its second officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its months.
    pub period: Period,
    /// What it would add.
    pub amount: i64,
    /// The leaf it would correct.
    pub corrects: Option<String>,
}

/// What stands for one project in one unit and field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfNode {
    /// In the ledger, by period.
    pub entered: Vec<Entered>,
    /// Not yet.
    pub waiting: Vec<Waiting>,
}

impl OfNode {
    /// Entered within the year, in periods that end no later than this one.
    pub fn up_to(&self, period: Period) -> impl Iterator<Item = &Entered> {
        let (year, last) = (period.first().year(), period.last());
        self.entered.iter().filter(move |entry| entry.period.first().year() == year && entry.period.last() <= last)
    }

    /// The running sum of the year up to the end of a period; `None` where no entry speaks of it.
    pub fn cumulative(&self, period: Period) -> Option<i64> {
        self.up_to(period).map(|entry| entry.amount).reduce(i64::saturating_add)
    }

    /// The running sum of the year before a period begins; `None` where no entry speaks of it.
    pub fn before(&self, period: Period) -> Option<i64> {
        let before = self.up_to(period).filter(|entry| entry.period.last() < period.first());
        before.map(|entry| entry.amount).reduce(i64::saturating_add)
    }

    /// What was entered within the period itself; `None` where no entry lies in it.
    pub fn within(&self, period: Period) -> Option<i64> {
        let within = self.entered.iter().filter(|entry| period.covers(entry.period));
        within.map(|entry| entry.amount).reduce(i64::saturating_add)
    }
}

/// What stands for every project of a district.
#[derive(Debug, Clone, Default)]
pub struct Stands(BTreeMap<(NodeId, Field, Unit), OfNode>);

impl Stands {
    /// Reads the ledger.
    pub async fn read(tx: &mut Tx, district: &DistrictCode) -> Outcome<Self> {
        let mut by_node: BTreeMap<(NodeId, Field, Unit), OfNode> = BTreeMap::new();
        let mut corrections: BTreeMap<String, i64> = BTreeMap::new();
        let entries = ledger::entries(tx, district).await?;
        for entry in &entries {
            if let (Some(answered), Some(counted)) = (&entry.answers, &entry.counted) {
                let sum = corrections.entry(answered.clone()).or_default();
                *sum = sum.saturating_add(counted.amount);
            }
        }
        for entry in entries {
            let Some(counted) = entry.counted.filter(|_| entry.answers.is_none()) else { continue };
            let corrected = corrections.get(&entry.leaf_id).copied().unwrap_or(0);
            let amount = counted.amount.saturating_add(corrected);
            let of_node = by_node.entry((counted.node, counted.field, counted.unit)).or_default();
            of_node.entered.push(Entered { leaf_id: entry.leaf_id, period: counted.period, amount });
        }
        for staged in ledger::staged_waiting(tx, district).await? {
            let counted = staged.counted;
            let corrects = staged.correction.map(|(leaf, _)| leaf);
            let of_node = by_node.entry((counted.node, counted.field, counted.unit)).or_default();
            of_node.waiting.push(Waiting { period: counted.period, amount: counted.amount, corrects });
        }
        for of_node in by_node.values_mut() {
            of_node.entered.sort_by_key(|entry| (entry.period.last(), entry.period.first()));
        }
        Ok(Self(by_node))
    }

    /// What stands for what is asked.
    pub fn of(&self, ask: &Ask) -> OfNode {
        self.0.get(&(ask.node.clone(), ask.field, ask.unit)).cloned().unwrap_or_default()
    }

    /// Whether anything is entered or waits on this node for months of this period.
    pub fn touches(&self, node: &str, unit: Unit, period: Period) -> bool {
        self.0.iter().any(|((id, _, of), of_node)| {
            id.as_str() == node
                && *of == unit
                && (of_node.entered.iter().any(|entry| entry.amount != 0 && entry.period.overlaps(period))
                    || of_node.waiting.iter().any(|waiting| waiting.period.overlaps(period)))
        })
    }

    /// The nodes on which something of the year is entered or waits.
    pub fn nodes_of_year(&self, year: Year) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(move |((node, _, _), of_node)| {
            let entered = of_node.entered.iter().map(|entry| entry.period);
            let mut periods = entered.chain(of_node.waiting.iter().map(|waiting| waiting.period));
            periods.any(|period| period.first().year() == year).then_some(node.as_str())
        })
    }
}
