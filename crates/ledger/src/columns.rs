//! Entries as columns (장부의 열): what a sum over many entries reads, and nothing else.
//!
//! Owns: a district's counting entries as three columns of numbers, and adding them up by months or by
//! years. Does not own: what a sum means (`progress`), nor what was hashed; the proof of the totals reads
//! the leaves (`totals`). What a newcomer gets wrong: a cell without an entry. Its sum is not 0, it is
//! unknown (미확인), so only cells that an entry speaks of are handed out.
//!
//! An entry costs five to twelve bytes here. They are kept in memory beside the database and caught up
//! with what was entered since, so a page that asks for the sums of a year reads new entries only.
//!
//! ```text
//! place   u16  which node, field, unit and source: a number in a list of those that occur
//! period  u16  which months, likewise
//! amount  i8, i32 or i64: the narrowest that has held every amount so far
//! ```

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;
use std::sync::{Arc, Mutex, PoisonError};

use iljari_base::{DistrictCode, Failure, Outcome, Period, Timestamp, Year};
use iljari_disclosure::log::totals::{Key, Source, Split};
use iljari_disclosure::log::words::{Field, NodeId, Unit};
use iljari_store::Tx;

use crate::progress::course::MonthSum;
use crate::store;

/// What an entry is counted under, its months aside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The node it hangs on.
    pub node: NodeId,
    /// 부문.
    pub field: Field,
    /// 단위.
    pub unit: Unit,
    /// Which part of the total.
    pub source: Source,
}

/// By which time entries are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// First to last month, as the entries have them.
    Period,
    /// The year of the first month.
    Year,
}

/// A district's counting entries in the order of recording.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    newest: i64,
    places: List<Place>,
    periods: List<Period>,
    place: Vec<u16>,
    period: Vec<u16>,
    amount: Amounts,
    /// All amounts without their signs: no sum in between is larger.
    most: u64,
    told: HashMap<(u16, u16), Told>,
}

/// What entries of one place and period tell beside their sum.
#[derive(Debug, Clone, Copy)]
struct Told {
    entries: i64,
    newest: Timestamp,
}

/// What occurs, each once, by number.
#[derive(Debug, Clone)]
struct List<T> {
    items: Vec<T>,
    numbers: HashMap<T, u16>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> List<T> {
    fn number(&mut self, item: &T) -> Result<u16, Failure> {
        if let Some(number) = self.numbers.get(item) {
            return Ok(*number);
        }
        let many = || Failure::new("more than 65,536 places or periods in one district's entries");
        let number = u16::try_from(self.items.len()).map_err(|_| many())?;
        self.items.push(item.clone());
        self.numbers.insert(item.clone(), number);
        Ok(number)
    }

    fn get(&self, number: u16) -> Option<&T> {
        self.items.get(usize::from(number))
    }
}

#[derive(Debug, Clone)]
enum Amounts {
    Bytes(Vec<i8>),
    Words(Vec<i32>),
    Wide(Vec<i64>),
}

impl Default for Amounts {
    fn default() -> Self {
        Amounts::Bytes(Vec::new())
    }
}

impl Amounts {
    fn push(&mut self, amount: i64) {
        match (&mut *self, i8::try_from(amount), i32::try_from(amount)) {
            (Amounts::Bytes(column), Ok(byte), _) => return column.push(byte),
            (Amounts::Words(column), _, Ok(word)) => return column.push(word),
            (Amounts::Wide(column), ..) => return column.push(amount),
            (Amounts::Bytes(column), _, Ok(word)) => {
                let mut wider: Vec<i32> = column.iter().map(|byte| i32::from(*byte)).collect();
                wider.push(word);
                *self = Amounts::Words(wider);
                return;
            }
            _ => {}
        }
        let mut wider: Vec<i64> = match self {
            Amounts::Bytes(column) => column.iter().map(|byte| i64::from(*byte)).collect(),
            Amounts::Words(column) => column.iter().map(|word| i64::from(*word)).collect(),
            Amounts::Wide(column) => std::mem::take(column),
        };
        wider.push(amount);
        *self = Amounts::Wide(wider);
    }
}

/// Sums by place and time. A cell that no entry speaks of holds 0 and says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// Which band of cells each period number has.
    bands: Vec<usize>,
    width: usize,
    cells: Vec<i64>,
}

impl Sums {
    fn at(&self, place: u16, period: u16) -> i64 {
        let band = self.bands.get(usize::from(period)).copied().unwrap_or(usize::MAX);
        let cell = band.checked_mul(self.width).and_then(|start| start.checked_add(usize::from(place)));
        cell.and_then(|cell| self.cells.get(cell)).copied().unwrap_or(0)
    }

    /// Everything added up.
    pub fn total(&self) -> i64 {
        self.cells.iter().sum()
    }
}

impl Columns {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.place.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Appends an entry. Refuses one with which a sum could no longer be counted.
    pub fn push(&mut self, place: &Place, period: Period, amount: i64, entered_at: Timestamp) -> Result<(), Failure> {
        let most = self.most.checked_add(amount.unsigned_abs()).filter(|most| i64::try_from(*most).is_ok());
        self.most = most.ok_or_else(|| Failure::new("amounts too large to add up"))?;
        let key = (self.places.number(place)?, self.periods.number(&period)?);
        self.place.push(key.0);
        self.period.push(key.1);
        self.amount.push(amount);
        let told = self.told.entry(key).or_insert(Told { entries: 0, newest: entered_at });
        told.entries += 1;
        told.newest = told.newest.max(entered_at);
        Ok(())
    }

    /// Adds every entry up.
    pub fn sums(&self, by: By) -> Sums {
        let width = self.places.items.len();
        let (bands, count) = match by {
            By::Period => ((0..self.periods.items.len()).collect(), self.periods.items.len()),
            By::Year => {
                let mut years: Vec<Year> = self.periods.items.iter().map(|period| period.first().year()).collect();
                let of_periods = years.clone();
                years.sort_unstable();
                years.dedup();
                let band = |year: &Year| years.binary_search(year).unwrap_or(0);
                (of_periods.iter().map(band).collect::<Vec<usize>>(), years.len())
            }
        };
        let rows = (self.place.as_slice(), self.period.as_slice());
        let cells = match &self.amount {
            // Half as wide cells stay in the first cache; no sum in between leaves them.
            Amounts::Bytes(amounts) if self.most <= SUMS_IN_WORDS => {
                wide(added::<i8, i32>(rows, amounts, &bands, width, count))
            }
            Amounts::Words(amounts) if self.most <= SUMS_IN_WORDS => {
                wide(added::<i32, i32>(rows, amounts, &bands, width, count))
            }
            Amounts::Bytes(amounts) => added::<i8, i64>(rows, amounts, &bands, width, count),
            Amounts::Words(amounts) => added::<i32, i64>(rows, amounts, &bands, width, count),
            Amounts::Wide(amounts) => added::<i64, i64>(rows, amounts, &bands, width, count),
        };
        Sums { bands, width, cells }
    }

    /// How many cells an entry speaks of, by this time.
    pub fn cells(&self, by: By) -> usize {
        let year = |period: u16| self.periods.get(period).map(|period| period.first().year());
        match by {
            By::Period => self.told.len(),
            By::Year => {
                let mut cells: Vec<_> = self.told.keys().map(|(place, period)| (*place, year(*period))).collect();
                cells.sort_unstable();
                cells.dedup();
                cells.len()
            }
        }
    }

    /// What was counted in these years, added up by node, months, field and unit, in the order of these.
    pub fn month_sums(&self, years: (Year, Year)) -> Vec<MonthSum> {
        let sums = self.sums(By::Period);
        let mut by_slot: BTreeMap<(&str, Period, &str, &str), MonthSum> = BTreeMap::new();
        for (key, told) in &self.told {
            let (Some(place), Some(period)) = (self.places.get(key.0), self.periods.get(key.1)) else { continue };
            if !(years.0..=years.1).contains(&period.first().year()) {
                continue;
            }
            let slot = (place.node.as_str(), *period, place.field.as_str(), place.unit.as_str());
            let sum = by_slot.entry(slot).or_insert_with(|| MonthSum {
                node: place.node.to_string(),
                period: *period,
                field: place.field,
                unit: place.unit,
                amount: 0,
                entries: 0,
                newest: told.newest,
            });
            sum.amount += sums.at(key.0, key.1);
            sum.entries += told.entries;
            sum.newest = sum.newest.max(told.newest);
        }
        by_slot.into_values().collect()
    }

    /// The totals by year, each node for itself, as the table of totals keeps them.
    pub fn totals(&self) -> BTreeMap<Key, Split> {
        let sums = self.sums(By::Year);
        let mut totals: BTreeMap<Key, Split> = BTreeMap::new();
        for (place_no, period_no) in self.told.keys() {
            let (Some(place), Some(period)) = (self.places.get(*place_no), self.periods.get(*period_no)) else {
                continue;
            };
            let key =
                Key { year: period.first().year(), node: place.node.clone(), unit: place.unit, field: place.field };
            let split = totals.entry(key).or_default();
            // The same cell for every period of a year, so it is set and not added.
            match place.source {
                Source::Records => split.records = sums.at(*place_no, *period_no),
                Source::Sums => split.sums = sums.at(*place_no, *period_no),
                Source::Press => split.press = sums.at(*place_no, *period_no),
            }
        }
        totals
    }
}

/// Where every sum in between fits into an i32.
const SUMS_IN_WORDS: u64 = 0x7FFF_FFFF;

/// Entries looked at together. Those recorded together often tell of the same months, and then their band of
/// cells is looked up once.
const BLOCK: usize = 4096;

fn added<A, C>(rows: (&[u16], &[u16]), amounts: &[A], bands: &[usize], width: usize, count: usize) -> Vec<C>
where
    A: Copy,
    C: Copy + Default + AddAssign + From<A>,
{
    let mut cells = vec![C::default(); width * count];
    let band_of = |period: u16| bands.get(usize::from(period)).copied().unwrap_or(0) * width;
    let blocks = rows.0.chunks(BLOCK).zip(rows.1.chunks(BLOCK)).zip(amounts.chunks(BLOCK));
    for ((places, periods), amounts) in blocks {
        let first = periods.first().copied().unwrap_or(0);
        let differing = periods.iter().fold(0, |differing, period| differing | (period ^ first));
        if differing == 0 {
            let start = band_of(first);
            let Some(band) = cells.get_mut(start..start + width) else { continue };
            for (place, amount) in places.iter().zip(amounts) {
                if let Some(cell) = band.get_mut(usize::from(*place)) {
                    *cell += C::from(*amount);
                }
            }
        } else {
            for ((place, period), amount) in places.iter().zip(periods).zip(amounts) {
                if let Some(cell) = cells.get_mut(band_of(*period) + usize::from(*place)) {
                    *cell += C::from(*amount);
                }
            }
        }
    }
    cells
}

fn wide(cells: Vec<i32>) -> Vec<i64> {
    cells.into_iter().map(i64::from).collect()
}

/// The columns kept of each district, beside its database.
#[derive(Debug, Default)]
struct Kept(Mutex<BTreeMap<DistrictCode, Arc<Columns>>>);

/// The district's entries as this look or act sees them.
pub async fn of(tx: &mut Tx, district: &DistrictCode) -> Outcome<Arc<Columns>> {
    let newest = store::newest_entry(tx, district).await?;
    let kept = tx.memory().map(|memory| memory.of::<Kept>());
    let known = kept.as_ref().and_then(|kept| {
        let columns = kept.0.lock().unwrap_or_else(PoisonError::into_inner).get(district).cloned();
        // A look that began before the last entries must not see them.
        columns.filter(|columns| columns.newest <= newest)
    });
    let known = known.unwrap_or_default();
    if known.newest == newest {
        return Ok(known);
    }
    let columns = caught_up(tx, district, Arc::unwrap_or_clone(known), newest).await?;
    let columns = Arc::new(columns);
    if let Some(kept) = kept {
        let mut all = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let there = all.entry(district.clone()).or_default();
        if there.newest < newest {
            *there = Arc::clone(&columns);
        }
    }
    Ok(columns)
}

/// The district's entries read anew, nothing remembered: for whoever doubts.
pub async fn read(tx: &mut Tx, district: &DistrictCode) -> Outcome<Columns> {
    let newest = store::newest_entry(tx, district).await?;
    caught_up(tx, district, Columns::default(), newest).await
}

async fn caught_up(tx: &mut Tx, district: &DistrictCode, mut columns: Columns, newest: i64) -> Outcome<Columns> {
    for row in store::counted_since(tx, district, columns.newest).await? {
        columns.push(&row.place, row.period, row.amount, row.entered_at)?;
    }
    columns.newest = newest;
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::Month;

    struct Chance(u64);

    impl Chance {
        fn below(&mut self, below: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % below
        }
    }

    fn months(year: i16, first: i8, last: i8) -> Period {
        let month = |month| Month::new(year, month).expect("a month");
        Period::new(month(first), month(last)).expect("a period")
    }

    /// Adds the same up the slow way, row by row.
    #[derive(Default)]
    struct Slow {
        totals: BTreeMap<Key, Split>,
        months: BTreeMap<Slot, (i64, i64, Timestamp)>,
    }

    /// Node, months, field, unit.
    type Slot = (String, Period, String, String);

    impl Slow {
        fn push(&mut self, place: &Place, period: Period, amount: i64, at: Timestamp) {
            let key =
                Key { year: period.first().year(), node: place.node.clone(), unit: place.unit, field: place.field };
            let split = self.totals.entry(key).or_default();
            match place.source {
                Source::Records => split.records += amount,
                Source::Sums => split.sums += amount,
                Source::Press => split.press += amount,
            }
            let slot = (place.node.to_string(), period, place.field.to_string(), place.unit.to_string());
            let sum = self.months.entry(slot).or_insert((0, 0, at));
            *sum = (sum.0 + amount, sum.1 + 1, sum.2.max(at));
        }
    }

    fn agree(columns: &Columns, slow: &Slow) {
        assert_eq!(columns.totals(), slow.totals);
        let years = (Year(2023), Year(2026));
        let told = columns.month_sums(years).into_iter().map(|sum| {
            let slot = (sum.node, sum.period, sum.field.to_string(), sum.unit.to_string());
            (slot, (sum.amount, sum.entries, sum.newest))
        });
        assert_eq!(told.collect::<BTreeMap<_, _>>(), slow.months);
        let told: Vec<_> = columns.month_sums(years).into_iter().collect();
        let in_order = |one: &MonthSum| (one.node.clone(), one.period, one.field.as_str(), one.unit.as_str());
        assert!(told.is_sorted_by_key(in_order), "node, months, field, unit");
        let total: i64 = slow.totals.values().map(|split| split.total()).sum();
        assert_eq!((columns.sums(By::Year).total(), columns.sums(By::Period).total()), (total, total));
    }

    #[test]
    fn sums_of_twenty_thousand_entries_are_those_of_adding_row_by_row() {
        let mut chance = Chance(31);
        let places: Vec<Place> = (0..60)
            .map(|number| Place {
                node: format!("{}-{}", number % 7, number / 7).parse().expect("a node"),
                field: Field::ALL[number % Field::ALL.len()],
                unit: Unit::ALL[number % 2],
                source: [Source::Records, Source::Sums, Source::Press][number % 3],
            })
            .collect();
        // In bytes first, then one that needs a word, then one that needs more; mostly the months in order.
        for widest in [100, 40_000, 3_000_000_000] {
            let (mut columns, mut slow) = (Columns::default(), Slow::default());
            agree(&columns, &slow);
            for row in 0..20_000_u64 {
                let place = &places[usize::try_from(chance.below(60)).expect("small")];
                let month = i8::try_from(row * 48 / 20_000 % 12).expect("small") + 1;
                let year = 2023 + i16::try_from(row * 48 / 20_000 / 12).expect("small");
                let period = match chance.below(20_000) {
                    0 => months(2023 + i16::try_from(chance.below(4)).expect("small"), 1, 12),
                    _ => months(year, month, month),
                };
                let amount = match chance.below(9_000) {
                    0 => widest,
                    _ => i64::try_from(chance.below(200)).expect("small") - 100,
                };
                let at = Timestamp::from_microsecond(i64::try_from(row).expect("small"));
                columns.push(place, period, amount, at).expect("it counts");
                slow.push(place, period, amount, at);
            }
            assert_eq!(columns.len(), 20_000);
            agree(&columns, &slow);
            assert_eq!((columns.cells(By::Year), columns.cells(By::Period)), {
                let told: Vec<_> = columns
                    .told
                    .keys()
                    .map(|(place, period)| (*place, columns.periods.items[usize::from(*period)].first().year()))
                    .collect();
                (told.iter().collect::<std::collections::BTreeSet<_>>().len(), columns.told.len())
            });
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused_and_a_sum_of_nothing_has_no_cell() {
        let place =
            Place { node: "1".parse().expect("a node"), field: Field::Direct, unit: Unit::Jobs, source: Source::Sums };
        let (now, year) = (Timestamp::from_microsecond(0), months(2026, 1, 12));
        let mut columns = Columns::default();
        columns.push(&place, year, i64::MAX, now).expect("it counts");
        assert!(columns.push(&place, year, -1, now).is_err());
        assert_eq!((columns.len(), columns.sums(By::Year).total()), (1, i64::MAX));
        // Counted and taken back is 0; not counted is nothing.
        let mut columns = Columns::default();
        columns.push(&place, year, 5, now).expect("it counts");
        columns.push(&place, year, -5, now).expect("it counts");
        let sums = columns.month_sums((Year(2026), Year(2026)));
        assert_eq!(sums.iter().map(|sum| (sum.amount, sum.entries)).collect::<Vec<_>>(), [(0, 2)]);
        assert!(columns.month_sums((Year(2025), Year(2025))).is_empty());
        assert!(Columns::default().totals().is_empty() && Columns::default().is_empty());
    }
}
