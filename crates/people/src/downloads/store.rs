//! Statements about requests for large lists.
//!
//! Owns: download_request. Does not own: the lists themselves.
//! What a newcomer gets wrong: looking for a request by its reason. It is found by what was asked for and by whom.

use iljari_base::{DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::{Row, Tx, args};

use super::{Answer, Request};

const COLUMNS: &str = "no, what, row_count, reason, asked_by, answer, answered_by, answered_at, used_at, created_at";

fn read(row: &Row) -> Outcome<Request> {
    let answer = match row.opt_text("answer")?.as_deref() {
        None => None,
        Some(word) => {
            let answer = Answer::of(word).ok_or_else(|| row.bad("answer", "neither released nor refused"))?;
            Some((answer, row.parse("answered_by")?, row.parse("answered_at")?))
        }
    };
    Ok(Request {
        no: row.int("no")?,
        what: row.text("what")?,
        rows: row.int("row_count")?,
        reason: row.text("reason")?,
        asked_by: row.parse("asked_by")?,
        asked_at: row.parse("created_at")?,
        answer,
        used_at: row.opt_parse("used_at")?,
    })
}

/// A request to be.
pub(super) struct NewRequest<'r> {
    pub no: i64,
    pub what: &'r str,
    pub rows: i64,
    pub reason: &'r str,
    pub asked_by: Id<id::Officer>,
}

pub(super) async fn add(tx: &mut Tx, district: &DistrictCode, new: NewRequest<'_>, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "INSERT INTO download_request (district, no, what, row_count, reason, asked_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, new.no, new.what, new.rows, new.reason, new.asked_by, at],
    )
    .await?;
    Ok(())
}

pub(super) async fn request(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Option<Request>> {
    let sql = format!("SELECT {COLUMNS} FROM download_request WHERE district = $1 AND no = $2");
    tx.fetch_opt(&sql, args![district, no]).await?.as_ref().map(read).transpose()
}

/// The last request of an officer for one list.
pub(super) async fn last_of(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    what: &str,
) -> Outcome<Option<Request>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM download_request
         WHERE district = $1 AND asked_by = $2 AND what = $3
         ORDER BY no DESC
         LIMIT 1"
    );
    tx.fetch_opt(&sql, args![district, officer, what]).await?.as_ref().map(read).transpose()
}

/// Requests without an answer first, then the latest.
pub(super) async fn latest(tx: &mut Tx, district: &DistrictCode, at_most: i64) -> Outcome<Vec<Request>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM download_request
         WHERE district = $1
         ORDER BY CASE WHEN answer IS NULL THEN 0 ELSE 1 END, no DESC
         LIMIT $2"
    );
    let rows = tx.fetch_all(&sql, args![district, at_most]).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn waiting(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS requests FROM download_request WHERE district = $1 AND answer IS NULL",
            args![district],
        )
        .await?;
    Ok(row.int("requests")?)
}

/// Writes an answer down; false where there was one already.
pub(super) async fn put_answer(
    tx: &mut Tx,
    district: &DistrictCode,
    no: i64,
    (answer, by): (Answer, Id<id::Officer>),
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE download_request
             SET answer = $3, answered_by = $4, answered_at = $5
             WHERE district = $1 AND no = $2 AND answer IS NULL",
            args![district, no, answer.code(), by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Uses a released request up; false where it was used already.
pub(super) async fn put_used(tx: &mut Tx, district: &DistrictCode, no: i64, at: Timestamp) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE download_request
             SET used_at = $3
             WHERE district = $1 AND no = $2 AND answer = 'released' AND used_at IS NULL",
            args![district, no, at],
        )
        .await?;
    Ok(changed == 1)
}
