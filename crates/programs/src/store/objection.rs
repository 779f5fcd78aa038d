//! Statements on objections (이의신청).

use iljari_base::{Actor, DistrictCode, Outcome, Timestamp};
use iljari_store::{Tx, args};

use super::call::{actor, impossible};
use crate::selection::Objection;

/// Enters an objection with its sealed words.
pub async fn insert_objection(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    objection: &Objection,
    sealed: Vec<u8>,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_objection
           (district, call_no, objection_no, app_no, sealed, received_by, answer_due_on, state, answer, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', $8)",
        args![
            district,
            call_no,
            objection.no,
            objection.app_no,
            sealed,
            objection.received_by,
            objection.answer_due_on,
            objection.received_at
        ],
    )
    .await?;
    Ok(())
}

/// The objections of a call, in their order.
pub async fn objections(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Objection>> {
    let rows = tx
        .fetch_all(
            "SELECT objection_no, app_no, received_by, answer_due_on, state, answer, answered_at, created_at
             FROM program_objection WHERE district = $1 AND call_no = $2 ORDER BY objection_no",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let no = row.int("objection_no")?;
            let by = actor(Some(row.text("received_by")?))
                .ok_or_else(|| impossible("program_objection", "received_by", &no.to_string()))?;
            let state = row.text("state")?;
            Ok(Objection {
                no,
                app_no: row.int("app_no")?,
                answer_due_on: row.parse("answer_due_on")?,
                open: state == "open",
                upheld: state == "upheld",
                answer: row.text("answer")?,
                answered_at: row.opt_parse("answered_at")?,
                received_by: by,
                received_at: row.parse("created_at")?,
            })
        })
        .collect()
}

/// The sealed words of an objection; `None` after they were destroyed.
pub async fn objection_words(tx: &mut Tx, district: &DistrictCode, call_no: i64, no: i64) -> Outcome<Option<Vec<u8>>> {
    let row = tx
        .fetch_opt(
            "SELECT sealed FROM program_objection WHERE district = $1 AND call_no = $2 AND objection_no = $3",
            args![district, call_no, no],
        )
        .await?;
    Ok(row.map(|row| row.opt_blob("sealed")).transpose()?.flatten())
}

/// Answers an open objection. `false` when somebody else was faster.
pub async fn answer_objection(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, no): (i64, i64),
    upheld: bool,
    answer: &str,
    (by, at): (Actor, Timestamp),
) -> Outcome<bool> {
    let state = if upheld { "upheld" } else { "kept" };
    let changed = tx
        .execute(
            "UPDATE program_objection SET state = $4, answer = $5, answered_by = $6, answered_at = $7
             WHERE district = $1 AND call_no = $2 AND objection_no = $3 AND state = 'open'",
            args![district, call_no, no, state, answer, by, at],
        )
        .await?;
    Ok(changed == 1)
}
