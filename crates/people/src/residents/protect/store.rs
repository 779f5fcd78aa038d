//! Statements about protection and about looks with a reason.
//!
//! Owns: resident_protection, resident_break_glass. Does not own: the mark on the record itself
//! (`resident`), which is written together with the history.
//! What a newcomer gets wrong: asking whether a look is over by a flag. It is over when its time is.

use iljari_base::{Actor, DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::{Row, Tx, args};

pub(crate) async fn add_protection(
    tx: &mut Tx,
    district: &DistrictCode,
    (seq, id, change): (i64, Id<id::Resident>, &str),
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_protection (district, seq, resident, change, changed_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![district, seq, id, change, by, at],
    )
    .await?;
    Ok(())
}

/// A look to be.
pub(crate) struct NewLook {
    pub id: Id<id::BreakGlass>,
    pub resident: Id<id::Resident>,
    pub officer: Id<id::Officer>,
    pub why: &'static str,
    pub sealed: Vec<u8>,
    pub ends_at: Timestamp,
}

pub(crate) async fn add_look(tx: &mut Tx, district: &DistrictCode, new: NewLook, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "INSERT INTO resident_break_glass (district, id, resident, officer, why, remark_sealed, ends_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![district, new.id, new.resident, new.officer, new.why, new.sealed, new.ends_at, at],
    )
    .await?;
    Ok(())
}

/// Whether an officer's look at a protected resident is not over yet; a look at a file is none.
pub(crate) async fn looks_now(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    id: Id<id::Resident>,
    now: Timestamp,
) -> Outcome<bool> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS looks
             FROM resident_break_glass
             WHERE district = $1 AND officer = $2 AND resident = $3 AND ends_at > $4 AND why <> $5",
            args![district, officer, id, now, super::FILE],
        )
        .await?;
    Ok(row.int("looks")? > 0)
}

/// A look as it lies in the table.
#[derive(Debug, Clone)]
pub(crate) struct LookRow {
    pub id: Id<id::BreakGlass>,
    pub resident: Id<id::Resident>,
    pub officer: Id<id::Officer>,
    pub why: String,
    pub sealed: Option<Vec<u8>>,
    pub ends_at: Timestamp,
    pub seen_by: Option<Id<id::Officer>>,
    pub at: Timestamp,
}

const COLUMNS: &str = "id, resident, officer, why, remark_sealed, ends_at, seen_by, created_at";

fn read_look(row: &Row) -> Outcome<LookRow> {
    Ok(LookRow {
        id: row.parse("id")?,
        resident: row.parse("resident")?,
        officer: row.parse("officer")?,
        why: row.text("why")?,
        sealed: row.opt_blob("remark_sealed")?,
        ends_at: row.parse("ends_at")?,
        seen_by: row.opt_parse("seen_by")?,
        at: row.parse("created_at")?,
    })
}

pub(crate) async fn look(tx: &mut Tx, district: &DistrictCode, id: Id<id::BreakGlass>) -> Outcome<Option<LookRow>> {
    let sql = format!("SELECT {COLUMNS} FROM resident_break_glass WHERE district = $1 AND id = $2");
    tx.fetch_opt(&sql, args![district, id]).await?.as_ref().map(read_look).transpose()
}

/// Looks not seen yet first, then the latest.
pub(crate) async fn looks(tx: &mut Tx, district: &DistrictCode, at_most: i64) -> Outcome<Vec<LookRow>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM resident_break_glass
         WHERE district = $1
         ORDER BY CASE WHEN seen_by IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC
         LIMIT $2"
    );
    let rows = tx.fetch_all(&sql, args![district, at_most]).await?;
    rows.iter().map(read_look).collect()
}

pub(crate) async fn unseen(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS looks FROM resident_break_glass WHERE district = $1 AND seen_by IS NULL",
            args![district],
        )
        .await?;
    Ok(row.int("looks")?)
}

/// Marks a look as seen; false where it was already.
pub(crate) async fn mark_seen(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::BreakGlass>,
    by: Id<id::Officer>,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE resident_break_glass
             SET seen_by = $3, seen_at = $4
             WHERE district = $1 AND id = $2 AND seen_by IS NULL",
            args![district, id, by, at],
        )
        .await?;
    Ok(changed == 1)
}
