//! One consistent look at a district: its book, its totals, its entries, its newest seal.
//!
//! Owns: reading them together, so that a number and the entries behind it belong to one moment.
//! Does not own: what is shown of them. What a newcomer gets wrong: taking a total whose newest
//! entry ends in September for a whole year; ask [`Look::reach`].

use std::collections::BTreeSet;
use std::sync::Arc;

use iljari_base::{DistrictCode, Month, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{District, ROOT};
use iljari_plans::Books;
use iljari_web::{Office, PageError};

use crate::model::{Counted, Entry, Seal};
use crate::progress::course::{MonthSum, MonthSums};
use crate::progress::{Progress, progress};
use crate::store;

/// What a page is made from.
#[derive(Debug, Clone)]
pub struct Look {
    /// The district's plans.
    pub book: Arc<District>,
    /// Rolled-up totals.
    pub progress: Progress,
    /// Every entry, in the order of recording.
    pub entries: Vec<Entry>,
    /// The newest seal.
    pub seal: Option<Seal>,
}

/// Looks at the district of an address; 404 when there is none. Kept until a commit changes it.
pub async fn look(office: &Office, books: &Books, code: &str) -> Result<Arc<Look>, PageError> {
    let code: DistrictCode = code.parse().map_err(|_| PageError::NotFound)?;
    let books = books.clone();
    let found = office
        .store
        .read_kept(code.clone().as_str(), move |tx| {
            Box::pin(async move {
                let Some(book) = books.within(tx, &code).await? else { return Ok(None) };
                let progress = progress(tx, &book).await?;
                let entries = store::entries(tx, &code).await?;
                let seal = store::latest_seal(tx, &code).await?;
                Ok(Some(Arc::new(Look { book, progress, entries, seal })))
            })
        })
        .await?;
    Option::clone(&found).ok_or(PageError::NotFound)
}

/// How far the entries of a total reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Up to December.
    WholeYear,
    /// Only up to this month.
    Until(Month),
}

impl Look {
    /// The node and everything below it, in the tree of that year.
    pub fn ids(&self, node: &str, year: Year) -> BTreeSet<String> {
        let below = self.book.tree_in_force(year).map(|plan| plan.descendants(node)).unwrap_or_default();
        let mut ids: BTreeSet<String> = below.into_iter().map(|node| node.id.clone()).collect();
        ids.insert(node.to_owned());
        ids
    }

    /// The entries that a total adds up, in the order of recording. Fields empty: all.
    pub fn counted(&self, node: &str, year: Year, unit: Unit, fields: &[Field]) -> Vec<(&Entry, &Counted)> {
        let ids = self.ids(node, year);
        let counts = |counted: &Counted| {
            counted.year() == year
                && counted.unit == unit
                && (fields.is_empty() || fields.contains(&counted.field))
                && (node == ROOT || ids.contains(counted.node.as_str()))
        };
        let with_numbers = self.entries.iter().filter_map(|entry| Some((entry, entry.counted.as_ref()?)));
        with_numbers.filter(|(_, counted)| counts(counted)).collect()
    }

    /// How far a total reaches; `None` when no entry speaks of it.
    pub fn reach(&self, node: &str, year: Year, unit: Unit, fields: &[Field]) -> Option<Reach> {
        let last = self.counted(node, year, unit, fields).iter().map(|(_, counted)| counted.period.last()).max()?;
        Some(if last >= year.period().last() { Reach::WholeYear } else { Reach::Until(last) })
    }

    /// The entries as sums over months, for the judgement of a year.
    pub fn sums(&self) -> MonthSums {
        let sum = |entry: &Entry| {
            let counted = entry.counted.as_ref()?;
            Some(MonthSum {
                node: counted.node.as_str().to_owned(),
                period: counted.period,
                field: counted.field,
                unit: counted.unit,
                amount: counted.amount,
                entries: 1,
                newest: entry.entered_at,
            })
        };
        MonthSums(self.entries.iter().filter_map(sum).collect())
    }

    /// The entry behind a leaf id.
    pub fn entry(&self, leaf_id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.leaf_id == leaf_id)
    }

    /// How many entries no seal holds yet.
    pub fn unsealed(&self) -> usize {
        self.entries.iter().filter(|entry| entry.sealed.is_none()).count()
    }

    /// The district as the frame names it.
    pub fn district(&self) -> iljari_web::District {
        iljari_web::District::new(self.book.code.clone(), self.book.name.clone())
    }

    /// A node's name: the root's is the district's.
    pub fn node_name(&self, node: &str, year: Year) -> String {
        if node == ROOT {
            return self.book.name.clone();
        }
        self.book.node(node, year).map_or_else(|| node.to_owned(), |node| node.name.clone())
    }
}
