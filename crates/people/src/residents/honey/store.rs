//! Statements on planted records.
//!
//! Owns: resident_honey. Does not own: the lines of the access log that raise an alarm; it asks for their numbers.

use iljari_base::{Actor, DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::{Tx, args};

use super::super::store::impossible;

/// A planted record as it lies in the table.
pub(super) struct HoneyRow {
    pub resident: Id<id::Resident>,
    pub planted_by: Actor,
    pub seen_seq: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    district: &DistrictCode,
    (resident, seen_seq): (Id<id::Resident>, i64),
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_honey (district, resident, planted_by, seen_seq, created_at) VALUES ($1, $2, $3, $4, $5)",
        args![district, resident, by, seen_seq, at],
    )
    .await?;
    Ok(())
}

pub(super) async fn all(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<HoneyRow>> {
    let rows = tx
        .fetch_all(
            "SELECT resident, planted_by, seen_seq FROM resident_honey WHERE district = $1 ORDER BY resident",
            args![district],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let resident: Id<id::Resident> = row.parse("resident")?;
        let by = Actor::from_text(&row.text("planted_by")?)
            .ok_or_else(|| impossible("resident_honey", "planted_by", &resident.to_string()))?;
        all.push(HoneyRow { resident, planted_by: by, seen_seq: row.int("seen_seq")? });
    }
    Ok(all)
}

pub(super) async fn set_seen(
    tx: &mut Tx,
    district: &DistrictCode,
    resident: Id<id::Resident>,
    seen_seq: i64,
) -> Outcome<()> {
    tx.execute(
        "UPDATE resident_honey SET seen_seq = $3 WHERE district = $1 AND resident = $2",
        args![district, resident, seen_seq],
    )
    .await?;
    Ok(())
}

/// The number of the newest line of the access log.
pub(super) async fn newest_line(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let sql = "SELECT COALESCE(MAX(seq), 0) AS seq FROM access_log WHERE district = $1";
    Ok(tx.fetch_one(sql, args![district]).await?.int("seq")?)
}
