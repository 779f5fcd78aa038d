//! The statements that progress asks of `entry`: sums over months, and corrections with what they answer.

use iljari_base::{DistrictCode, Outcome, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_store::{Tx, args};

use super::period;
use crate::progress::course::MonthSum;
use crate::progress::restated::CorrectionRow;

fn months_of(years: (Year, Year)) -> (i64, i64) {
    (years.0.period().first().number(), years.1.period().last().number())
}

/// What was counted in these years, added up by node, months, field and unit.
pub async fn month_sums(tx: &mut Tx, district: &DistrictCode, years: (Year, Year)) -> Outcome<Vec<MonthSum>> {
    let (from, to) = months_of(years);
    let rows = tx
        .fetch_all(
            "SELECT node, month_first, month_last, field, unit, CAST(SUM(amount) AS BIGINT) AS amount,
                    COUNT(*) AS entries, MAX(created_at) AS newest
             FROM entry WHERE district = $1 AND month_first >= $2 AND month_first <= $3
             GROUP BY node, month_first, month_last, field, unit
             ORDER BY node, month_first, month_last, field, unit",
            args![district, from, to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MonthSum {
                node: row.text("node")?,
                period: period(row, "entry")?,
                field: row.parse::<Field>("field")?,
                unit: row.parse::<Unit>("unit")?,
                amount: row.int("amount")?,
                entries: row.int("entries")?,
                newest: row.parse("newest")?,
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
