//! Statements on looks with a reason at applications that are somebody else's.

use std::collections::BTreeSet;

use iljari_base::{DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::{Tx, args};

use crate::assigned::Look;

/// Writes a look down.
pub async fn add_look(tx: &mut Tx, district: &DistrictCode, call_no: i64, it: &Look) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_look (district, look, call_no, app_no, officer, ends_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, it.look, call_no, it.app_no, it.officer, it.ends_at, it.at],
    )
    .await?;
    Ok(())
}

/// The applications of a call at which an officer looks with a reason at this moment.
pub async fn looked_at_now(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    officer: Id<id::Officer>,
    now: Timestamp,
) -> Outcome<BTreeSet<i64>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no FROM program_look
             WHERE district = $1 AND call_no = $2 AND officer = $3 AND ends_at > $4",
            args![district, call_no, officer, now],
        )
        .await?;
    rows.iter().map(|row| Ok(row.int("app_no")?)).collect()
}

/// Every look at applications of a call, the latest first.
pub async fn looks(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Look>> {
    let rows = tx
        .fetch_all(
            "SELECT look, app_no, officer, ends_at, created_at FROM program_look
             WHERE district = $1 AND call_no = $2 ORDER BY created_at DESC, look DESC",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Look {
                look: row.parse("look")?,
                app_no: row.int("app_no")?,
                officer: row.parse("officer")?,
                at: row.parse("created_at")?,
                ends_at: row.parse("ends_at")?,
            })
        })
        .collect()
}
