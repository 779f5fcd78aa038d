//! Every statement on rounds, what they ask, uploads, their files, rows and faults.

use iljari_base::{Actor, Date, DistrictCode, Failure, Inconsistency, Month, Outcome, Period, Stop, Timestamp};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_ledger::record::Counting;
use iljari_store::{Row, Tx, args};

use crate::model::{Ask, Fault, Round, RowCells, RowState, SheetRow, Upload, UploadState, UploadedFile};

/// The number of the next round of a district.
pub async fn next_round_no(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row = tx
        .fetch_one("SELECT COALESCE(MAX(no), 0) AS no FROM collection_round WHERE district = $1", args![district])
        .await?;
    Ok(row.int("no")?.saturating_add(1))
}

/// Enters a round with what it asks for.
pub async fn insert_round(tx: &mut Tx, district: &DistrictCode, round: &Round, asks: &[Ask]) -> Outcome<()> {
    tx.execute(
        "INSERT INTO collection_round
           (district, no, title, month_first, month_last, deadline_on, approval_no, approval_on, approval_remark,
            opened_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            district,
            round.no,
            &round.title,
            round.period.first().number(),
            round.period.last().number(),
            round.deadline,
            &round.approval_no,
            round.approval_on,
            &round.approval_remark,
            round.opened_by,
            round.opened_at
        ],
    )
    .await?;
    for (place, ask) in (1_i64..).zip(asks) {
        tx.execute(
            "INSERT INTO collection_ask
               (district, round_no, place, node, name, department, field, unit, counting, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                district,
                round.no,
                place,
                ask.node.to_string(),
                &ask.name,
                &ask.department,
                ask.field.as_str(),
                ask.unit.as_str(),
                counting_text(ask.counting),
                round.opened_at
            ],
        )
        .await?;
    }
    Ok(())
}

const ROUND_COLUMNS: &str = "no, title, month_first, month_last, deadline_on, approval_no, approval_on, \
     approval_remark, opened_by, created_at";

/// Every round of a district, the newest first.
pub async fn rounds(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Round>> {
    let sql = format!("SELECT {ROUND_COLUMNS} FROM collection_round WHERE district = $1 ORDER BY no DESC");
    tx.fetch_all(&sql, args![district]).await?.iter().map(round).collect()
}

/// One round.
pub async fn round_of(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Option<Round>> {
    let sql = format!("SELECT {ROUND_COLUMNS} FROM collection_round WHERE district = $1 AND no = $2");
    tx.fetch_opt(&sql, args![district, no]).await?.as_ref().map(round).transpose()
}

/// What a round asks for, in the order of the plan.
pub async fn asks(tx: &mut Tx, district: &DistrictCode, round_no: i64) -> Outcome<Vec<Ask>> {
    let rows = tx
        .fetch_all(
            "SELECT node, name, department, field, unit, counting FROM collection_ask
             WHERE district = $1 AND round_no = $2 ORDER BY place",
            args![district, round_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let counting = row.text("counting")?;
            Ok(Ask {
                node: row.parse("node")?,
                name: row.text("name")?,
                department: row.text("department")?,
                field: row.parse::<Field>("field")?,
                unit: row.parse::<Unit>("unit")?,
                counting: counting_of(&counting).ok_or_else(|| impossible("collection_ask", "counting", &counting))?,
            })
        })
        .collect()
}

/// The number of the next upload of a district.
pub async fn next_upload_no(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row = tx
        .fetch_one("SELECT COALESCE(MAX(no), 0) AS no FROM collection_upload WHERE district = $1", args![district])
        .await?;
    Ok(row.int("no")?.saturating_add(1))
}

/// How many uploads somebody handed in since that instant.
pub async fn uploads_since(tx: &mut Tx, district: &DistrictCode, by: Actor, since: Timestamp) -> Outcome<i64> {
    let sql = "SELECT COUNT(*) AS uploads FROM collection_upload
               WHERE district = $1 AND uploaded_by = $2 AND created_at > $3";
    Ok(tx.fetch_one(sql, args![district, by, since]).await?.int("uploads")?)
}

/// Enters a fresh upload.
pub async fn insert_upload(tx: &mut Tx, district: &DistrictCode, upload: &Upload) -> Outcome<()> {
    tx.execute(
        "INSERT INTO collection_upload (district, no, round_no, state, uploaded_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![district, upload.no, upload.round_no, upload.state.as_str(), upload.uploaded_by, upload.uploaded_at],
    )
    .await?;
    Ok(())
}

const UPLOAD_COLUMNS: &str = "no, round_no, state, uploaded_by, submitted_by, submitted_at, decided_by, decided_at, \
     reason, finished_at, created_at";

/// One upload.
pub async fn upload_of(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Option<Upload>> {
    let sql = format!("SELECT {UPLOAD_COLUMNS} FROM collection_upload WHERE district = $1 AND no = $2");
    tx.fetch_opt(&sql, args![district, no]).await?.as_ref().map(upload).transpose()
}

/// The uploads of a round, the newest first.
pub async fn uploads_of_round(tx: &mut Tx, district: &DistrictCode, round_no: i64) -> Outcome<Vec<Upload>> {
    let sql = format!(
        "SELECT {UPLOAD_COLUMNS} FROM collection_upload WHERE district = $1 AND round_no = $2 ORDER BY no DESC"
    );
    tx.fetch_all(&sql, args![district, round_no]).await?.iter().map(upload).collect()
}

/// The uploads that wait for their second officer, of every round, oldest first.
pub async fn uploads_waiting(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Upload>> {
    let sql =
        format!("SELECT {UPLOAD_COLUMNS} FROM collection_upload WHERE district = $1 AND state = 'waiting' ORDER BY no");
    tx.fetch_all(&sql, args![district]).await?.iter().map(upload).collect()
}

/// The confirmed uploads of every district whose rows are not all entries yet, for the chore.
pub async fn uploads_applying(tx: &mut Tx) -> Outcome<Vec<(DistrictCode, i64)>> {
    let rows = tx
        .fetch_all("SELECT district, no FROM collection_upload WHERE state = 'applying' ORDER BY district, no", args![])
        .await?;
    rows.iter().map(|row| Ok((row.parse("district")?, row.int("no")?))).collect()
}

/// Moves an upload on from the state it was seen in. `false` when somebody else was faster.
pub async fn move_upload(tx: &mut Tx, district: &DistrictCode, seen: &Upload, to: &UploadState) -> Outcome<bool> {
    let from = seen.state.as_str();
    let changed = match to {
        UploadState::Previewed => 0,
        UploadState::Waiting { by, at } => {
            tx.execute(
                "UPDATE collection_upload SET state = $4, submitted_by = $5, submitted_at = $6
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![district, seen.no, from, to.as_str(), *by, *at],
            )
            .await?
        }
        UploadState::SentBack { by, at, reason } => {
            tx.execute(
                "UPDATE collection_upload SET state = $4, decided_by = $5, decided_at = $6, reason = $7
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![district, seen.no, from, to.as_str(), *by, *at, reason],
            )
            .await?
        }
        UploadState::Withdrawn { at } => {
            tx.execute(
                "UPDATE collection_upload SET state = $4, decided_at = $5
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![district, seen.no, from, to.as_str(), *at],
            )
            .await?
        }
        UploadState::Applying { by, at, .. } => {
            tx.execute(
                "UPDATE collection_upload SET state = $4, decided_by = $5, decided_at = $6
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![district, seen.no, from, to.as_str(), *by, *at],
            )
            .await?
        }
        UploadState::Applied { finished_at, .. } => {
            tx.execute(
                "UPDATE collection_upload SET state = $4, finished_at = $5
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![district, seen.no, from, to.as_str(), *finished_at],
            )
            .await?
        }
    };
    Ok(changed == 1)
}

/// Keeps a file of an upload as it came.
pub async fn insert_file(
    tx: &mut Tx,
    district: &DistrictCode,
    upload_no: i64,
    file: &UploadedFile,
    body: &[u8],
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO collection_file (district, upload_no, file_no, name, sha256, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, upload_no, file.no, &file.name, &file.sha256, body.to_vec(), at],
    )
    .await?;
    Ok(())
}

/// The files of an upload, without their bytes.
pub async fn files_of(tx: &mut Tx, district: &DistrictCode, upload_no: i64) -> Outcome<Vec<UploadedFile>> {
    let rows = tx
        .fetch_all(
            "SELECT file_no, name, sha256 FROM collection_file WHERE district = $1 AND upload_no = $2
             ORDER BY file_no",
            args![district, upload_no],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(UploadedFile { no: row.int("file_no")?, name: row.text("name")?, sha256: row.text("sha256")? }))
        .collect()
}

/// A file's bytes.
pub async fn file_body(tx: &mut Tx, district: &DistrictCode, upload_no: i64, file_no: i64) -> Outcome<Option<Vec<u8>>> {
    let row = tx
        .fetch_opt(
            "SELECT body FROM collection_file WHERE district = $1 AND upload_no = $2 AND file_no = $3",
            args![district, upload_no, file_no],
        )
        .await?;
    row.map(|row| Ok(row.blob("body")?)).transpose()
}

/// The newest upload of a round that holds a file of this content and was neither sent back nor withdrawn.
pub async fn upload_with_content(
    tx: &mut Tx,
    district: &DistrictCode,
    round_no: i64,
    sha256: &str,
) -> Outcome<Option<i64>> {
    let row = tx
        .fetch_one(
            "SELECT MAX(u.no) AS no FROM collection_file f
             JOIN collection_upload u ON u.district = f.district AND u.no = f.upload_no
             WHERE f.district = $1 AND u.round_no = $2 AND f.sha256 = $3
               AND u.state <> 'sent-back' AND u.state <> 'withdrawn'",
            args![district, round_no, sha256],
        )
        .await?;
    Ok(row.opt_int("no")?)
}

/// Enters a row as it was read.
pub async fn insert_row(
    tx: &mut Tx,
    district: &DistrictCode,
    upload_no: i64,
    row: &SheetRow,
    at: Timestamp,
) -> Outcome<()> {
    let cells =
        serde_json::to_string(&row.cells).map_err(|error| Failure::new(error).context("write a row's cells"))?;
    tx.execute(
        "INSERT INTO collection_row
           (district, upload_no, row_no, file_no, sheet, cells, node, own, cumulative, none_to_report, reason, state,
            message, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            district,
            upload_no,
            row.no,
            row.file_no,
            &row.sheet,
            cells,
            row.node.to_string(),
            row.own,
            row.cumulative,
            i64::from(row.nothing),
            &row.reason,
            row.state.as_str(),
            "",
            at
        ],
    )
    .await?;
    Ok(())
}

const ROW_COLUMNS: &str = "upload_no, row_no, file_no, sheet, cells, node, own, cumulative, none_to_report, reason, \
     state, staged_id, message";

/// The rows of an upload, as they stand in its files.
pub async fn rows_of(tx: &mut Tx, district: &DistrictCode, upload_no: i64) -> Outcome<Vec<SheetRow>> {
    let sql =
        format!("SELECT {ROW_COLUMNS} FROM collection_row WHERE district = $1 AND upload_no = $2 ORDER BY row_no");
    tx.fetch_all(&sql, args![district, upload_no]).await?.iter().map(sheet_row).collect()
}

/// The next rows of an upload that wait to become entries, the first ones first.
pub async fn rows_staged(tx: &mut Tx, district: &DistrictCode, upload_no: i64, most: i64) -> Outcome<Vec<SheetRow>> {
    let sql = format!(
        "SELECT {ROW_COLUMNS} FROM collection_row
         WHERE district = $1 AND upload_no = $2 AND state = 'staged' ORDER BY row_no LIMIT $3"
    );
    tx.fetch_all(&sql, args![district, upload_no, most]).await?.iter().map(sheet_row).collect()
}

/// Writes down how far a row has come.
pub async fn set_row_state(
    tx: &mut Tx,
    district: &DistrictCode,
    upload_no: i64,
    row_no: i64,
    state: &RowState,
) -> Outcome<()> {
    let (staged, message) = match state {
        RowState::Read | RowState::Same => (None, ""),
        RowState::Staged(staged) => (Some(staged.clone()), ""),
        RowState::Applied(leaf) => (None, leaf.as_str()),
        RowState::Refused(words) => (None, words.as_str()),
    };
    tx.execute(
        "UPDATE collection_row SET state = $4, staged_id = $5, message = $6
         WHERE district = $1 AND upload_no = $2 AND row_no = $3",
        args![district, upload_no, row_no, state.as_str(), staged, message],
    )
    .await?;
    Ok(())
}

/// Enters what was wrong or odd in an upload's files.
pub async fn insert_faults(
    tx: &mut Tx,
    district: &DistrictCode,
    upload_no: i64,
    faults: &[Fault],
    at: Timestamp,
) -> Outcome<()> {
    for (fault_no, fault) in (1_i64..).zip(faults) {
        tx.execute(
            "INSERT INTO collection_fault
               (district, upload_no, fault_no, file_no, sheet, cell, stood, what, todo, blocks, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                district,
                upload_no,
                fault_no,
                fault.file_no,
                &fault.sheet,
                &fault.cell,
                &fault.stood,
                &fault.what,
                &fault.todo,
                i64::from(fault.blocks),
                at
            ],
        )
        .await?;
    }
    Ok(())
}

/// What was wrong or odd in an upload's files, in their order.
pub async fn faults_of(tx: &mut Tx, district: &DistrictCode, upload_no: i64) -> Outcome<Vec<Fault>> {
    let rows = tx
        .fetch_all(
            "SELECT file_no, sheet, cell, stood, what, todo, blocks FROM collection_fault
             WHERE district = $1 AND upload_no = $2 ORDER BY fault_no",
            args![district, upload_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Fault {
                file_no: row.int("file_no")?,
                sheet: row.text("sheet")?,
                cell: row.text("cell")?,
                stood: row.text("stood")?,
                what: row.text("what")?,
                todo: row.text("todo")?,
                blocks: row.int("blocks")? == 1,
            })
        })
        .collect()
}

fn round(row: &Row) -> Outcome<Round> {
    let (first, last) = (row.int("month_first")?, row.int("month_last")?);
    let period = Month::from_number(first)
        .zip(Month::from_number(last))
        .and_then(|(first, last)| Period::new(first, last))
        .ok_or_else(|| impossible("collection_round", "month_first", &format!("{first}..{last}")))?;
    Ok(Round {
        no: row.int("no")?,
        title: row.text("title")?,
        period,
        deadline: row.parse::<Date>("deadline_on")?,
        approval_no: row.text("approval_no")?,
        approval_on: row.opt_parse("approval_on")?,
        approval_remark: row.text("approval_remark")?,
        opened_by: actor(row, "collection_round", "opened_by")?,
        opened_at: row.parse("created_at")?,
    })
}

fn upload(row: &Row) -> Outcome<Upload> {
    let table = "collection_upload";
    let word = row.text("state")?;
    let state = match word.as_str() {
        "previewed" => UploadState::Previewed,
        "waiting" => UploadState::Waiting { by: actor(row, table, "submitted_by")?, at: row.parse("submitted_at")? },
        "sent-back" => UploadState::SentBack {
            by: actor(row, table, "decided_by")?,
            at: row.parse("decided_at")?,
            reason: row.text("reason")?,
        },
        "withdrawn" => UploadState::Withdrawn { at: row.parse("decided_at")? },
        "applying" => UploadState::Applying {
            submitted_by: actor(row, table, "submitted_by")?,
            by: actor(row, table, "decided_by")?,
            at: row.parse("decided_at")?,
        },
        "applied" => UploadState::Applied {
            by: actor(row, table, "decided_by")?,
            at: row.parse("decided_at")?,
            finished_at: row.parse("finished_at")?,
        },
        _ => return Err(impossible(table, "state", &word)),
    };
    Ok(Upload {
        no: row.int("no")?,
        round_no: row.int("round_no")?,
        uploaded_by: actor(row, table, "uploaded_by")?,
        uploaded_at: row.parse("created_at")?,
        state,
    })
}

fn sheet_row(row: &Row) -> Outcome<SheetRow> {
    let table = "collection_row";
    let word = row.text("state")?;
    let state = match word.as_str() {
        "read" => RowState::Read,
        "same" => RowState::Same,
        "staged" => RowState::Staged(row.text("staged_id")?),
        "applied" => RowState::Applied(row.text("message")?),
        "refused" => RowState::Refused(row.text("message")?),
        _ => return Err(impossible(table, "state", &word)),
    };
    let cells: RowCells =
        serde_json::from_str(&row.text("cells")?).map_err(|error| impossible(table, "cells", &error.to_string()))?;
    Ok(SheetRow {
        no: row.int("row_no")?,
        file_no: row.int("file_no")?,
        sheet: row.text("sheet")?,
        cells,
        node: row.parse("node")?,
        own: row.opt_int("own")?,
        cumulative: row.opt_int("cumulative")?,
        nothing: row.int("none_to_report")? == 1,
        reason: row.text("reason")?,
        state,
    })
}

fn counting_text(counting: Counting) -> &'static str {
    match counting {
        Counting::Sums => "집계",
        Counting::Records => "개별",
    }
}

fn counting_of(text: &str) -> Option<Counting> {
    [Counting::Sums, Counting::Records].into_iter().find(|counting| counting_text(*counting) == text)
}

fn actor(row: &Row, table: &'static str, column: &'static str) -> Outcome<Actor> {
    let text = row.text(column)?;
    Actor::from_text(&text).ok_or_else(|| impossible(table, column, &text))
}

fn impossible(table: &'static str, column: &str, value: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table, column: column.to_owned(), row: value.to_owned() })
}
