//! What a year's documents are made from, read once: the plans, the totals, the entries, the seal.
//!
//! Owns: reading them at one moment, either as a seal froze them or as they stand now. Does not own:
//! what a document says of them. What a newcomer gets wrong: composing a disclosed document from
//! the present totals. [`frozen`] cuts the log at the seal; [`now`] does not, and its documents say
//! 확정 전.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Date, DistrictCode, Inconsistency, Month, Outcome, Stop, Year};
use iljari_disclosure::bundle::attributes::PublishedTable;
use iljari_disclosure::log::leaf::Leaf;
use iljari_disclosure::log::rollup::Line;
use iljari_disclosure::log::totals::{Key, Split, fold};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{District, Plan, ROOT};
use iljari_disclosure::suppress::Screened;
use iljari_plans::{books, tree};
use iljari_store::Tx;

use crate::frozen::{Changed, differences, lines_through, totals_of as totals_at};
use crate::model::{Counted, Disclosure, Entry, Seal};
use crate::progress::Progress;
use crate::{attributes, store};

/// Everything that a year's documents are composed from. A document is a function of this alone.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The district's plans.
    pub book: District,
    /// The year.
    pub year: Year,
    /// Rolled-up totals.
    pub progress: Progress,
    /// The entries that the totals add up, in the order of recording.
    pub entries: Vec<Entry>,
    /// Whether this is a draft or a disclosure.
    pub standing: Standing,
    /// Whether a demonstration makes it: a real district's office has then said none of it.
    pub is_demo: bool,
    /// The disclosure of the same year that this one corrects, and what changed since.
    pub corrects: Option<Corrects>,
    /// Tables by personal attributes, screened over everything disclosed before. Office only.
    pub screened: Vec<Screened>,
    /// The same as they may leave the house; documents print these.
    pub attributes: Vec<PublishedTable>,
}

/// Whether what a document says is settled (확정).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// 확정 전: made from what stands now, for review and approval.
    Draft {
        /// The day it was made from what stood then.
        on: Date,
        /// How many numbers still waited for their second person.
        waiting: usize,
    },
    /// 공시: frozen by a seal.
    Disclosed(Disclosed),
}

/// What binds a disclosed document to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// The disclosure's number in the district.
    pub no: i64,
    /// The day it was disclosed.
    pub on: Date,
    /// Leaves in the log whose numbers it prints (C₁).
    pub size: i64,
    /// That log's root, hex.
    pub root: String,
    /// Fingerprint of the key that signs.
    pub fingerprint: String,
    /// 결재 문서번호; empty when there is none yet.
    pub approval_no: String,
    /// 결재 일자.
    pub approval_on: Option<Date>,
    /// Why there is no approval yet, or why an earlier disclosure is corrected.
    pub remark: String,
}

/// An earlier disclosure of the same year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrects {
    /// Its number in the district.
    pub no: i64,
    /// The day it was disclosed.
    pub on: Date,
    /// Every number that differs.
    pub changed: Vec<Changed>,
    /// Whether anything differs at all, be it only what a number rests on.
    pub differs: bool,
}

/// The facts as a seal froze them.
pub async fn frozen(
    tx: &mut Tx,
    disclosed: Disclosed,
    place: &Place<'_>,
    seal: &Seal,
    books_seq: i64,
) -> Outcome<Facts> {
    let sealed = |entry: &Entry| entry.sealed.is_some_and(|sealed| sealed.leaf_index < seal.size);
    let mut entries = store::entries(tx, place.district).await?;
    entries.retain(sealed);
    gather(tx, Standing::Disclosed(disclosed), place, entries, books_seq).await
}

/// The facts as they stand now, sealed or not.
pub async fn now(tx: &mut Tx, today: Date, place: &Place<'_>) -> Outcome<Facts> {
    let waiting = store::staged_waiting(tx, place.district).await?.len();
    let entries = store::entries(tx, place.district).await?;
    let books_seq = iljari_plans::store::newest_seq(tx, place.district).await?;
    gather(tx, Standing::Draft { on: today, waiting }, place, entries, books_seq).await
}

/// Whose year is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// The district.
    pub district: &'p DistrictCode,
    /// The year.
    pub year: Year,
    /// Whether a demonstration asks.
    pub is_demo: bool,
    /// The earlier disclosure of that year, if there is one.
    pub corrects: Option<&'p Disclosure>,
}

async fn gather(
    tx: &mut Tx,
    standing: Standing,
    place: &Place<'_>,
    entries: Vec<Entry>,
    books_seq: i64,
) -> Outcome<Facts> {
    let book = books::as_of(tx, place.district, books_seq).await?;
    let totals = totals_of(&entries)?;
    let years: BTreeSet<Year> = totals.keys().map(|key| key.year).filter(|of| *of <= place.year).collect();
    let after = lines_through(&book, place.year, &totals)?;
    let trees = tree::plan_tree(&book, &years)?;
    let screened = attributes::screened(tx, place.district, place.year, &after, &trees).await?.tables;
    let attributes = attributes::published(&screened, &after);
    let corrects = match place.corrects {
        None => None,
        Some(earlier) => {
            let seals = store::seals(tx, place.district).await?;
            let log = store::leaf_lines(tx, place.district).await?;
            let old_book = books::as_of(tx, place.district, earlier.books_seq).await?;
            let before = lines_through(&old_book, place.year, &totals_at(earlier, &seals, &log)?)?;
            let old_tables = attributes::disclosed(tx, place.district, earlier.no).await?;
            let old_tables = attributes::published(&old_tables, &before);
            let differs = before != after || old_tables != attributes;
            let of_year =
                |lines: Vec<Line>| -> Vec<Line> { lines.into_iter().filter(|line| line.year == place.year).collect() };
            let changed = differences(&of_year(before), &of_year(after));
            Some(Corrects { no: earlier.no, on: earlier.disclosed_at.seoul_date(), changed, differs })
        }
    };
    let progress = Progress::of(&book, &totals)?;
    let is_demo = place.is_demo;
    Ok(Facts { book, year: place.year, progress, entries, standing, is_demo, corrects, screened, attributes })
}

fn totals_of(entries: &[Entry]) -> Outcome<BTreeMap<Key, Split>> {
    let impossible = |row: String| Stop::Inconsistent(Inconsistency { table: "entry", column: "body".to_owned(), row });
    let leaf = |entry: &Entry| Leaf::parse(&entry.body).map_err(|fault| impossible(fault.to_string()));
    let leaves: Vec<Leaf> = entries.iter().map(leaf).collect::<Outcome<_>>()?;
    let (totals, problems) = fold(&leaves);
    match problems.first() {
        None => Ok(totals),
        Some(problem) => Err(impossible(format!("{problem:?}"))),
    }
}

impl Facts {
    /// Whether the ledger counts anything in the year.
    pub fn counts_anything(&self) -> bool {
        self.entries.iter().filter_map(|entry| entry.counted.as_ref()).any(|counted| counted.year() == self.year)
    }

    /// The term plan that covers the year.
    pub fn term_plan(&self) -> Option<&Plan> {
        self.book.term_plan(self.year)
    }

    /// The year's own plan, the one disclosed last.
    pub fn year_plan(&self) -> Option<&Plan> {
        self.book.yearly_plans(self.year).next_back()
    }

    /// The plan whose tree holds in the year.
    pub fn tree(&self) -> Option<&Plan> {
        self.book.tree_in_force(self.year)
    }

    /// A node's name in the year; the root's is the district's.
    pub fn node_name(&self, node: &str) -> String {
        if node == ROOT {
            return format!("{} 전체", self.book.name);
        }
        self.book.node(node, self.year).map_or_else(|| node.to_owned(), |node| node.name.clone())
    }

    /// What was counted at a node and below it in a year; `None` when no entry speaks of it.
    pub fn actual(&self, node: &str, year: Year, unit: Unit, fields: &[Field]) -> Option<Split> {
        self.progress.whole(node, year, unit, fields)
    }

    /// The last month that a total counts, where that is not the whole year.
    pub fn until(&self, node: &str, year: Year, unit: Unit, fields: &[Field]) -> Option<Month> {
        let below = self.book.tree_in_force(year).map(|plan| plan.descendants(node)).unwrap_or_default();
        let counts = |counted: &&Counted| {
            counted.year() == year
                && counted.unit == unit
                && (fields.is_empty() || fields.contains(&counted.field))
                && (node == ROOT
                    || counted.node.as_str() == node
                    || below.iter().any(|below| below.id == counted.node.as_str()))
        };
        let counted = self.entries.iter().filter_map(|entry| entry.counted.as_ref()).filter(counts);
        let last = counted.map(|counted| counted.period.last()).max()?;
        (last < year.period().last()).then_some(last)
    }
}
