//! Which numbers of tables by personal attributes stay hidden (가리기), and why.
//!
//! Owns: the decision, table by table, over everything that is and was ever published together. Does
//! not own: how a table is printed ([`crate::bundle::attributes`]). What a newcomer gets wrong: hiding
//! the small numbers and being done. What stands around them gives them away; most of the work
//! here is finding what else has to go, and proving that it is enough.
//!
//! **The rule.** An item of 1 to 4 people is *small* and hidden (주 비공개). Others are hidden with it
//! (보완 비공개) until every hidden small number could, for all that anybody can compute, be any of
//! 1, 2, 3, 4 and 5: not even whether it is small follows. 0 stays in the open: there is nobody whose
//! attribute it tells, and zeros are often known anyway (no teenager in a senior programme), so that
//! leaning on a hidden zero would protect nobody. The price is that whoever reads a table knows that
//! a hidden number is at least 1, and the proof grants the reader that. Where zeros leave a single
//! item, everybody's attribute would be told, and the table is withheld.
//!
//! **What the reader is granted.** The margins of every table; the tree, so that what a node has beyond
//! the tables below it is known in sum; every earlier disclosure, with the guess that people were
//! only added since, or only taken away, wherever that is what happened. What is left over in these two ways (the
//! rest beside the tables below, the change since last time) is a population too: where it has
//! items of 1 to 4, they are protected like those of a table.
//!
//! **The method** is cell suppression as statistics offices do it: primary cells by a threshold
//! rule, secondary cells by a search, an audit by feasibility intervals (L. Willenborg and T. de Waal,
//! *Elements of Statistical Disclosure Control*, 2001; A. Hundepool and others, *Statistical Disclosure
//! Control*, 2012, whose program τ-ARGUS goes about it with optimisation). Ours searches greedily and
//! proves by example: for each value that a small number must be able to have, it builds
//! a complete set of whole numbers that agrees with everything published. Where it finds none within its budget
//! it hides more, and in the end withholds the table. So it may hide more than the least possible, never
//! less than the rule.
//!
//! **Limits.** A reader who runs this program backwards may learn that a choice of complements
//! fits only some values. Items that mean the same under different words (고령자 beside 65세 이상) are not known to
//! be the same; equal words are, and are hidden together. Two persons of one item who know themselves know more
//! than a stranger does.

mod family;
mod system;

use std::collections::BTreeSet;

use iljari_base::Year;

use crate::bundle::attributes::{PublishedTable, UNKNOWN};
use crate::log::rollup::PlanTree;
use crate::log::words::{Attribute, NodeId, Unit};

pub use crate::bundle::attributes::SMALLEST_SHOWN;

/// Where a table belongs (표의 자리).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The year.
    pub year: Year,
    /// The unit.
    pub unit: Unit,
    /// By which attribute.
    pub attribute: Attribute,
    /// The node, with everything below it.
    pub node: NodeId,
}

/// A table as the office has it (원래 표): every number, the unknown rest included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeTable {
    /// Where it belongs.
    pub place: Place,
    /// Everybody; the sum of the items.
    pub total: i64,
    /// Item and number; `미상`, where there is one, last.
    pub items: Vec<(String, i64)>,
}

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// In the open (공개).
    Open,
    /// From 1 to 4 (주 비공개).
    Small,
    /// Hidden so that others do not follow (보완 비공개).
    Complement,
}

impl Mark {
    /// Every mark.
    pub const ALL: &'static [Mark] = &[Mark::Open, Mark::Small, Mark::Complement];

    /// As officers read it, and as it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::Open => "공개",
            Mark::Small => "주 비공개",
            Mark::Complement => "보완 비공개",
        }
    }

    /// Reads [`Mark::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mark| mark.as_str() == text)
    }
}

/// Why a table is withheld as a whole (표 전체 비공개).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Withheld {
    /// Fewer than five people in all.
    FewPeople,
    /// Everybody whose attribute is known has the same one.
    OneItem,
    /// Other items than an earlier disclosure's, or than the table above: what differs could be computed.
    OtherItems,
    /// Fewer people in an item than the tables below have together: one of them is wrong.
    Uneven,
    /// Nothing less protects the small numbers.
    Unprotected,
}

impl Withheld {
    /// Every reason.
    pub const ALL: &'static [Withheld] =
        &[Withheld::FewPeople, Withheld::OneItem, Withheld::OtherItems, Withheld::Uneven, Withheld::Unprotected];

    /// The word it is kept as.
    pub fn as_str(self) -> &'static str {
        match self {
            Withheld::FewPeople => "few-people",
            Withheld::OneItem => "one-item",
            Withheld::OtherItems => "other-items",
            Withheld::Uneven => "uneven",
            Withheld::Unprotected => "unprotected",
        }
    }

    /// The sentence for the officer who discloses.
    pub fn sentence(self) -> &'static str {
        match self {
            Withheld::FewPeople => "모두 더해도 5명이 되지 않아 표 전체를 싣지 않습니다.",
            Withheld::OneItem => {
                "한 항목에 모두 모여 있어 누구나 그 사람들의 속성을 알게 됩니다. 표 전체를 싣지 않습니다."
            }
            Withheld::OtherItems => {
                "앞 공시나 위 사업의 표와 항목이 다릅니다. 견주면 작은 수가 드러날 수 있어 표 전체를 싣지 않습니다."
            }
            Withheld::Uneven => {
                "아래 사업의 표를 더한 수보다 작은 항목이 있습니다. 어느 한쪽이 틀렸으니 확인할 때까지 싣지 않습니다."
            }
            Withheld::Unprotected => "몇 칸을 가려서는 작은 수를 지킬 수 없어 표 전체를 싣지 않습니다.",
        }
    }

    /// Reads [`Withheld::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == text)
    }
}

/// A table with what is hidden of it (가린 표).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screened {
    /// The table.
    pub table: AttributeTable,
    /// A mark for each item.
    pub marks: Vec<Mark>,
    /// Why it is withheld as a whole; then the marks do not matter.
    pub withheld: Option<Withheld>,
}

impl Screened {
    /// What may leave the house.
    pub fn published(&self, name: &str) -> PublishedTable {
        let Place { year, unit, attribute, node } = self.table.place.clone();
        let shown = |((item, n), mark): (&(String, i64), &Mark)| (item.clone(), (*mark == Mark::Open).then_some(*n));
        let items = match self.withheld {
            Some(_) => Vec::new(),
            None => self.table.items.iter().zip(&self.marks).map(shown).collect(),
        };
        PublishedTable { year, node, name: name.to_owned(), unit, attribute, total: self.table.total, items }
    }

    fn hides(&self, item: &str) -> bool {
        self.withheld.is_none()
            && self.table.items.iter().zip(&self.marks).any(|((name, _), mark)| name == item && *mark != Mark::Open)
    }
}

/// An item that is hidden because an equal word is hidden elsewhere for the same people.
type Tied = BTreeSet<(Place, String)>;

/// Words that mean the same in no two tables.
const SAYS_NOTHING: [&str; 3] = [UNKNOWN, "해당 없음", "기타"];

/// Decides for every table what is hidden. `earlier` has what was disclosed before, oldest first, as
/// this function decided it then; tables of other years and attributes among it do no harm. The
/// answer depends on nothing else, and not on the order of `tables`.
pub fn screen(tables: &[AttributeTable], tree: &PlanTree, earlier: &[Vec<Screened>]) -> Vec<Screened> {
    let mut places: Vec<&AttributeTable> = tables.iter().collect();
    places.sort_by(|a, b| a.place.cmp(&b.place));
    let families: BTreeSet<(Year, Unit, Attribute)> = places.iter().map(|table| kin(&table.place)).collect();
    let mut tied = Tied::new();
    loop {
        let mut screened = Vec::new();
        for of in &families {
            let new: Vec<&AttributeTable> = places.iter().copied().filter(|table| kin(&table.place) == *of).collect();
            let old: Vec<Vec<&Screened>> = earlier
                .iter()
                .map(|at_once| at_once.iter().filter(|old| kin(&old.table.place) == *of).collect())
                .collect();
            screened.extend(family::screen(&new, &old, tree, &tied));
        }
        let before = tied.len();
        tie(&screened, &mut tied);
        // Each round ties more items or is the last one; there are finitely many items.
        if tied.len() == before {
            return screened;
        }
    }
}

fn kin(place: &Place) -> (Year, Unit, Attribute) {
    (place.year, place.unit, place.attribute)
}

/// The same word for the same people, by another attribute or unit: hidden in one, hidden in all.
fn tie(screened: &[Screened], tied: &mut Tied) {
    for one in screened {
        for (item, n) in one.table.items.iter().filter(|(item, n)| *n > 0 && !SAYS_NOTHING.contains(&item.as_str())) {
            let place = &one.table.place;
            let hidden_elsewhere = screened.iter().any(|other| {
                let at = &other.table.place;
                at != place && at.node == place.node && at.year == place.year && other.hides(item)
            });
            if hidden_elsewhere && *n > 0 {
                tied.insert((place.clone(), item.clone()));
            }
        }
    }
}
