//! Counts by 동 (동별 표): published beside the results, part of no total of the ledger.

use std::collections::BTreeMap;

use iljari_base::Period;

use super::Measure;
use super::figure::Figure;
use iljari_authored::Place;

/// A published table by 동.
#[derive(Debug, Clone)]
pub struct DongTable {
    /// Its id in the district.
    pub id: String,
    /// What it counts: `어르신 일자리 참여자`.
    pub name: String,
    /// The node it belongs to.
    pub node: String,
    /// First to last month.
    pub period: Period,
    /// What it counts in.
    pub measure: Measure,
    /// The values, in the file's order; a 동 that is missing or says '자료 없음' has none.
    pub values: Vec<(String, DongValue)>,
    /// The sum, as written.
    pub total: Option<Figure>,
    /// Where it stands.
    pub place: Place,
}

/// What a table says of one 동.
#[derive(Debug, Clone)]
pub enum DongValue {
    /// A number.
    Known(Box<Figure>),
    /// 5 미만: hidden because it is small.
    Small,
    /// 비공개: hidden so that a small one cannot be computed.
    Withheld,
}

/// The words for a value that is hidden because it is small.
pub const SMALL: &str = "5 미만";
/// The word for a value that is hidden beside a small one.
pub const WITHHELD: &str = "비공개";
/// Numbers from 1 up to below this one are hidden.
pub const SMALL_BELOW: i64 = 5;

/// Where the tiles of a district's 동 lie: column and row, from 1.
pub type DongPlaces = BTreeMap<String, (u8, u8)>;

impl DongTable {
    /// The value of a 동; `None` where the file says nothing.
    pub fn value(&self, dong: &str) -> Option<&DongValue> {
        self.values.iter().find(|(name, _)| name == dong).map(|(_, value)| value)
    }

    /// How many values are hidden.
    pub fn hidden(&self) -> usize {
        self.values.iter().filter(|(_, value)| !matches!(value, DongValue::Known(_))).count()
    }
}
