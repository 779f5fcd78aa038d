//! The statements that progress asks of `entry`: what entries count, and corrections with what they answer.

use iljari_base::{DistrictCode, Outcome, Period, Timestamp, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_store::{Tx, args};

use super::{impossible, period, source_of};
use crate::columns::Place;
use crate::progress::restated::CorrectionRow;

fn months_of(years: (Year, Year)) -> (i64, i64) {
    (years.0.period().first().number(), years.1.period().last().number())
}

/// The order of recording of the newest entry; 0 where there is none.
pub async fn newest_entry(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row =
        tx.fetch_one("SELECT COALESCE(MAX(seq), 0) AS seq FROM entry WHERE district = $1", args![district]).await?;
    Ok(row.int("seq")?)
}

/// What an entry counts, for adding up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedRow {
    /// What it is counted under.
    pub place: Place,
    /// Its months.
    pub period: Period,
    /// How many.
    pub amount: i64,
    /// When it entered.
    pub entered_at: Timestamp,
}

/// What the entries after this one count, in the order of recording.
pub async fn counted_since(tx: &mut Tx, district: &DistrictCode, seq: i64) -> Outcome<Vec<CountedRow>> {
    let rows = tx
        .fetch_all(
            "SELECT node, month_first, month_last, field, unit, split, amount, created_at
             FROM entry WHERE district = $1 AND seq > $2 AND node IS NOT NULL ORDER BY seq",
            args![district, seq],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let split = row.text("split")?;
            let place = Place {
                node: row.parse("node")?,
                field: row.parse::<Field>("field")?,
                unit: row.parse::<Unit>("unit")?,
                source: source_of(&split).ok_or_else(|| impossible("entry", "split", &split))?,
            };
            Ok(CountedRow {
                place,
                period: period(row, "entry")?,
                amount: row.int("amount")?,
                entered_at: row.parse("created_at")?,
            })
        })
        .collect()
}

/// The corrections of a year's numbers with the amount they answer, in the order of recording.
pub async fn corrections_of_year(tx: &mut Tx, district: &DistrictCode, year: Year) -> Outcome<Vec<CorrectionRow>> {
    let (from, to) = months_of((year, year));
    let rows = tx
        .fetch_all(
            "SELECT c.leaf_id, c.answers, c.node, c.month_first, c.month_last, c.unit, c.amount, c.body, c.remark,
                    a.amount AS first_amount
             FROM entry c JOIN entry a ON a.district = c.district AND a.leaf_id = c.answers
             WHERE c.district = $1 AND c.month_first >= $2 AND c.month_first <= $3
             ORDER BY c.seq",
            args![district, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CorrectionRow {
                leaf_id: row.text("leaf_id")?,
                answers: row.text("answers")?,
                first: row.int("first_amount")?,
                change: row.int("amount")?,
                node: row.text("node")?,
                period: period(row, "entry")?,
                unit: row.parse("unit")?,
                body: row.blob("body")?,
                remark: row.text("remark")?,
            })
        })
        .collect()
}
