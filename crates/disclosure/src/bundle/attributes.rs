//! Tables by personal attributes (개인 속성 표) as they are published: items, hidden ones, a margin.
//!
//! Owns: their bytes, both ways. Does not own: which numbers are hidden ([`crate::suppress`]
//! decides) or any hidden number; a type of this module has no room for one. What a newcomer gets
//! wrong: another word for numbers hidden as complements. It would tell which of them are small.

use std::collections::BTreeMap;

use iljari_base::{Year, korean};

use super::ATTRIBUTES;
use super::table::{BOM, guarded, read_rows, unguarded, write_row};
use crate::log::checkpoint::read_decimal;
use crate::log::words::{Attribute, NodeId, Unit};

/// Columns of a file.
pub const ATTRIBUTE_COLUMNS: [&str; 7] = ["연도", "사업", "이름", "단위", "구분", "항목", "수"];
/// What stands for a hidden number, small or not.
pub const HIDDEN: &str = "비공개";
/// The item of the margin.
pub const TOTAL: &str = "합계";
/// The item of those whose attribute nobody knows.
pub const UNKNOWN: &str = "미상";
/// Numbers from 1 to just below this are hidden.
pub const SMALLEST_SHOWN: i64 = 5;
/// Most items in a table.
pub const ITEMS_MAX: usize = 200;
/// Longest item, in characters.
pub const ITEM_CHARS_MAX: usize = 40;
/// Largest number of an item.
pub const ITEM_NUMBER_MAX: i64 = 1_000_000_000;

/// The units in which a number counts people; the others count a person several times or none.
pub const UNITS: [Unit; 2] = [Unit::Jobs, Unit::Persons];

/// One published table (공개한 표).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedTable {
    /// The year.
    pub year: Year,
    /// The node.
    pub node: NodeId,
    /// Its name in that year.
    pub name: String,
    /// The unit.
    pub unit: Unit,
    /// By which attribute.
    pub attribute: Attribute,
    /// The margin.
    pub total: i64,
    /// Item and number, `None` where it is hidden. Empty when the table is withheld as a whole.
    pub items: Vec<(String, Option<i64>)>,
}

impl PublishedTable {
    /// How many numbers are hidden.
    pub fn hidden(&self) -> usize {
        self.items.iter().filter(|(_, number)| number.is_none()).count()
    }

    /// The rows that documents and spreadsheets print: margin first, hidden ones as [`HIDDEN`].
    pub fn rows(&self) -> Vec<(&str, String)> {
        let shown = |number: &Option<i64>| number.map_or_else(|| HIDDEN.to_owned(), |number| number.to_string());
        let items = self.items.iter().map(|(item, number)| (item.as_str(), shown(number)));
        std::iter::once((TOTAL, self.total.to_string())).chain(items).collect()
    }

    fn place(&self) -> (Year, &NodeId, Unit) {
        (self.year, &self.node, self.unit)
    }
}

/// Whether a text may be an item.
pub fn is_item(text: &str) -> bool {
    text != TOTAL && text.chars().count() <= ITEM_CHARS_MAX && korean::canonical_name(text).as_deref() == Some(text)
}

/// Where an attribute's tables lie.
pub fn path(attribute: Attribute) -> String {
    format!("{ATTRIBUTES}{attribute}.csv")
}

/// The attribute whose tables lie at a path.
pub fn attribute_at(path: &str) -> Option<Attribute> {
    path.strip_prefix(ATTRIBUTES)?.strip_suffix(".csv")?.parse().ok()
}

/// The files of some tables, by path. The order they come in does not matter, that of items does.
pub fn files(tables: &[PublishedTable]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for attribute in Attribute::ALL {
        let mut of_it: Vec<&PublishedTable> = tables.iter().filter(|table| table.attribute == *attribute).collect();
        of_it.sort_by(|a, b| a.place().cmp(&b.place()));
        if !of_it.is_empty() {
            files.insert(path(*attribute), csv(&of_it).into_bytes());
        }
    }
    files
}

fn csv(tables: &[&PublishedTable]) -> String {
    let mut out = BOM.to_owned();
    write_row(&mut out, ATTRIBUTE_COLUMNS);
    for table in tables {
        let (year, name) = (table.year.to_string(), guarded(&table.name));
        for (item, number) in table.rows() {
            let item = guarded(item);
            let (node, unit) = (table.node.as_str(), table.unit.as_str());
            write_row(&mut out, [year.as_str(), node, &name, unit, table.attribute.as_str(), &item, &number]);
        }
    }
    out
}

/// Reads a file as far as it can be read; the numbers of rows that could not, header = 1. Whether
/// it is canonical a caller finds out by writing the tables again.
pub fn read(bytes: &[u8], attribute: Attribute) -> (Vec<PublishedTable>, Vec<usize>) {
    let mut tables: Vec<PublishedTable> = Vec::new();
    let mut bad = Vec::new();
    for (number, row) in (1..).zip(read_rows(bytes)) {
        if number == 1 && row == ATTRIBUTE_COLUMNS {
            continue;
        }
        if take(&row, attribute, &mut tables).is_none() {
            bad.push(number);
        }
    }
    (tables, bad)
}

/// Adds a row to the tables; `None` where it fits nowhere.
fn take(row: &[String], attribute: Attribute, tables: &mut Vec<PublishedTable>) -> Option<()> {
    let [year, node, name, unit, kind, item, number] = row else {
        return None;
    };
    let (year, node): (Year, NodeId) = (year.parse().ok()?, node.parse().ok()?);
    let unit = unit.parse().ok().filter(|unit| UNITS.contains(unit))?;
    let (name, item) = (unguarded(name).to_owned(), unguarded(item));
    if kind.parse() != Ok(attribute) {
        return None;
    }
    let shown = if number == HIDDEN { None } else { Some(i64::try_from(read_decimal(number)?).ok()?) };
    if item == TOTAL {
        let total = shown?;
        tables.push(PublishedTable { year, node, name, unit, attribute, total, items: Vec::new() });
        return Some(());
    }
    let table = tables.last_mut().filter(|table| table.place() == (year, &node, unit) && table.name == name)?;
    let fits = is_item(item)
        && table.items.len() < ITEMS_MAX
        && table.items.iter().all(|(known, _)| known != item && known != UNKNOWN)
        && shown.is_none_or(|number| number <= ITEM_NUMBER_MAX);
    fits.then(|| table.items.push((item.to_owned(), shown)))
}

/// Whether tables stand in their order, no place twice, none with a single item.
pub fn are_in_order(tables: &[PublishedTable]) -> bool {
    tables.iter().zip(tables.iter().skip(1)).all(|(one, next)| one.place() < next.place())
        && tables.iter().all(|table| table.items.len() != 1)
}
