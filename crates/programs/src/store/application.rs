//! Statements on applications, drafts, consent, evidence, documents and rounds.

use std::collections::BTreeSet;

use iljari_base::{Actor, Date, DistrictCode, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_store::{DbError, OnUnique as _, Row, Tx, args};

use super::call::{actor, impossible, lines};
use crate::application::{Application, ApplicationState, Channel, Consent, Origin, Stage, outcome_of, outcome_text};

/// Takes the next number of a call's one sequence. The row is locked until the act ends.
pub async fn take_receipt(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<i64> {
    let row = tx
        .fetch_one(
            "UPDATE program_call SET receipts_given = receipts_given + 1 WHERE district = $1 AND no = $2
             RETURNING receipts_given",
            args![district, call_no],
        )
        .await?;
    Ok(row.int("receipts_given")?)
}

/// Enters an application. Refusals: `live-application`, `household-full`, by the keys of the table.
pub async fn insert_application(tx: &mut Tx, district: &DistrictCode, it: &Application) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_application
           (district, call_no, no, resident, evidence_box, channel, dong, pool, wanted, household, household_slot, live,
            state, verdict, broken, conflicts, override_reason, taken_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, '', $16, $17)",
        args![
            district,
            it.call_no,
            it.no,
            it.resident,
            it.evidence_box,
            it.channel.as_str(),
            &it.dong,
            &it.pool,
            &it.wanted,
            it.household,
            it.household_slot,
            it.state.as_str(),
            outcome_text(it.verdict),
            lines(&it.broken)?,
            it.conflicts,
            it.taken_by,
            it.taken_at
        ],
    )
    .await
    .map_err(|error| match error {
        DbError::Unique { constraint } if constraint == "program_application_one_live" => live_already().into(),
        DbError::Unique { constraint } if constraint == "program_application_household" => household_full(1).into(),
        other => Stop::from(other),
    })?;
    Ok(())
}

/// What somebody is told who has applied already.
pub fn live_already() -> Refusal {
    let message = "이 공고에 이미 접수한 신청이 있습니다. 한 사람은 한 번만 신청할 수 있습니다. 먼저 낸 신청을 취하하면 다시 낼 수 있습니다.";
    Refusal::new("live-application", "모집공고", message).at("name")
}

/// What somebody is told whose household has applied already.
pub fn household_full(most: i64) -> Refusal {
    let message = format!("한 세대에서 {most}명까지 신청할 수 있습니다. 같은 세대의 다른 분이 이미 접수했습니다.");
    Refusal::new("household-full", "모집공고 참여제한", message).at("household")
}

const APPLICATION_COLUMNS: &str = "call_no, no, resident, evidence_box, channel, dong, pool, wanted, household, \
     household_slot, state, verdict, broken, conflicts, overridden, override_reason, taken_by, screened_by, \
     screened_at, destroyed_at, created_at";

/// Every application of a call, in the order of its numbers, withdrawn ones too.
pub async fn applications(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Application>> {
    let sql = format!(
        "SELECT {APPLICATION_COLUMNS} FROM program_application WHERE district = $1 AND call_no = $2 ORDER BY no"
    );
    tx.fetch_all(&sql, args![district, call_no]).await?.iter().map(application).collect()
}

/// What the order of a queue needs of an application (줄 선 신청). A queue of tens of thousands is read for a page of fifty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// Its number in the call.
    pub no: i64,
    /// How far it has come.
    pub stage: Stage,
    /// How often what she said and what was found differ.
    pub conflicts: i64,
    /// Whether an officer set another verdict.
    pub overridden: bool,
}

/// Every application of a call in the order of its numbers, withdrawn ones too, as much as the queue needs.
pub async fn queue(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Queued>> {
    let sql = "SELECT no, state, conflicts, overridden FROM program_application
               WHERE district = $1 AND call_no = $2 ORDER BY no";
    let queued = |row: &Row| -> Outcome<Queued> {
        let no = row.int("no")?;
        let stage = Stage::from_text(&row.text("state")?);
        let stage = stage.ok_or_else(|| impossible("program_application", "state", &no.to_string()))?;
        Ok(Queued { no, stage, conflicts: row.int("conflicts")?, overridden: row.opt_text("overridden")?.is_some() })
    };
    tx.fetch_all(sql, args![district, call_no]).await?.iter().map(queued).collect()
}

/// The numbers of those that somebody took in.
pub async fn taken_by(tx: &mut Tx, district: &DistrictCode, call_no: i64, by: Actor) -> Outcome<BTreeSet<i64>> {
    let sql = "SELECT no FROM program_application WHERE district = $1 AND call_no = $2 AND taken_by = $3";
    let rows = tx.fetch_all(sql, args![district, call_no, by]).await?;
    rows.iter().map(|row| Ok(row.int("no")?)).collect()
}

/// The numbers of a resident's applications to a call, withdrawn ones too.
pub async fn numbers_of(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    resident: Id<id::Resident>,
) -> Outcome<Vec<i64>> {
    let sql = "SELECT no FROM program_application WHERE district = $1 AND call_no = $2 AND resident = $3 ORDER BY no";
    let rows = tx.fetch_all(sql, args![district, call_no, resident]).await?;
    rows.iter().map(|row| Ok(row.int("no")?)).collect()
}

/// One application.
pub async fn application_of(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    no: i64,
) -> Outcome<Option<Application>> {
    let sql = format!(
        "SELECT {APPLICATION_COLUMNS} FROM program_application WHERE district = $1 AND call_no = $2 AND no = $3"
    );
    tx.fetch_opt(&sql, args![district, call_no, no]).await?.as_ref().map(application).transpose()
}

/// Whether a resident has an application that stands.
pub async fn has_live(tx: &mut Tx, district: &DistrictCode, call_no: i64, resident: Id<id::Resident>) -> Outcome<bool> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS n FROM program_application
             WHERE district = $1 AND call_no = $2 AND resident = $3 AND live = 1",
            args![district, call_no, resident],
        )
        .await?;
    Ok(row.int("n")? > 0)
}

/// The numbers within a household that are taken in a call.
pub async fn household_slots(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    household: Id<id::Resident>,
) -> Outcome<BTreeSet<i64>> {
    let rows = tx
        .fetch_all(
            "SELECT household_slot FROM program_application
             WHERE district = $1 AND call_no = $2 AND household = $3 AND live = 1",
            args![district, call_no, household],
        )
        .await?;
    rows.iter().map(|row| Ok(row.int("household_slot")?)).collect()
}

/// Withdraws an application: its keys are free again.
pub async fn withdraw(tx: &mut Tx, district: &DistrictCode, call_no: i64, no: i64) -> Outcome<()> {
    tx.execute(
        "UPDATE program_application SET live = NULL, state = 'withdrawn' WHERE district = $1 AND call_no = $2 AND no = $3",
        args![district, call_no, no],
    )
    .await?;
    Ok(())
}

/// Writes down a verdict that was computed anew, and who screened it where somebody did.
pub async fn put_verdict(tx: &mut Tx, district: &DistrictCode, it: &Application) -> Outcome<()> {
    let (by, at) = match &it.state {
        ApplicationState::Screened { by, at } => (Some(*by), Some(*at)),
        _ => (None, None),
    };
    tx.execute(
        "UPDATE program_application
         SET state = $4, verdict = $5, broken = $6, conflicts = $7, overridden = $8, override_reason = $9,
             screened_by = $10, screened_at = $11
         WHERE district = $1 AND call_no = $2 AND no = $3",
        args![
            district,
            it.call_no,
            it.no,
            it.state.as_str(),
            outcome_text(it.verdict),
            lines(&it.broken)?,
            it.conflicts,
            it.overridden.map(outcome_text),
            &it.override_reason,
            by,
            at
        ],
    )
    .await?;
    Ok(())
}

/// Notes that an application's evidence is gone, and empties what was sealed.
pub async fn note_destroyed(tx: &mut Tx, district: &DistrictCode, call_no: i64, no: i64, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "UPDATE program_application SET destroyed_at = $4 WHERE district = $1 AND call_no = $2 AND no = $3",
        args![district, call_no, no, at],
    )
    .await?;
    tx.execute(
        "UPDATE program_evidence SET sealed = NULL WHERE district = $1 AND call_no = $2 AND app_no = $3",
        args![district, call_no, no],
    )
    .await?;
    tx.execute(
        "UPDATE program_objection SET sealed = NULL WHERE district = $1 AND call_no = $2 AND app_no = $3",
        args![district, call_no, no],
    )
    .await?;
    Ok(())
}

/// Keeps what somebody agreed to and refused.
pub async fn put_consents(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
    agreed: &[Consent],
    at: Timestamp,
) -> Outcome<()> {
    for consent in Consent::ALL {
        tx.execute(
            "INSERT INTO program_consent (district, call_no, app_no, purpose, agreed, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            args![district, call_no, app_no, consent.as_str(), i64::from(agreed.contains(&consent)), at],
        )
        .await?;
    }
    Ok(())
}

/// Who of a call agreed to be asked how it went, by number.
pub async fn agreed_to_survey(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<BTreeSet<i64>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no FROM program_consent WHERE district = $1 AND call_no = $2 AND purpose = $3 AND agreed = 1",
            args![district, call_no, Consent::Survey.as_str()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.int("app_no")?)).collect()
}

/// What somebody agreed to.
pub async fn consents(tx: &mut Tx, district: &DistrictCode, call_no: i64, app_no: i64) -> Outcome<Vec<Consent>> {
    let rows = tx
        .fetch_all(
            "SELECT purpose FROM program_consent WHERE district = $1 AND call_no = $2 AND app_no = $3 AND agreed = 1",
            args![district, call_no, app_no],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let word = row.text("purpose")?;
        let known = Consent::ALL.into_iter().find(|consent| consent.as_str() == word);
        all.push(known.ok_or_else(|| impossible("program_consent", "purpose", &word))?);
    }
    all.sort_unstable();
    Ok(all)
}

/// Keeps what one origin says, sealed, in the place of what it said before.
pub async fn put_evidence(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, app_no): (i64, i64),
    origin: Origin,
    sealed: Vec<u8>,
    (by, at): (Actor, Timestamp),
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_evidence (district, call_no, app_no, origin, sealed, written_by, written_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (district, call_no, app_no, origin)
         DO UPDATE SET sealed = excluded.sealed, written_by = excluded.written_by, written_at = excluded.written_at",
        args![district, call_no, app_no, origin.as_str(), sealed, by, at],
    )
    .await?;
    Ok(())
}

/// What is sealed of an applicant, by origin. Empty after it was destroyed.
pub async fn evidence(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
) -> Outcome<Vec<(Origin, Vec<u8>)>> {
    let rows = tx
        .fetch_all(
            "SELECT origin, sealed FROM program_evidence
             WHERE district = $1 AND call_no = $2 AND app_no = $3 AND sealed IS NOT NULL",
            args![district, call_no, app_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let word = row.text("origin")?;
            let origin = Origin::from_text(&word).ok_or_else(|| impossible("program_evidence", "origin", &word))?;
            Ok((origin, row.blob("sealed")?))
        })
        .collect()
}

/// Notes that a document was seen; the first to see it stays.
pub async fn put_document(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, app_no): (i64, i64),
    document: &str,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_document (district, call_no, app_no, document, seen_by, seen_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (district, call_no, app_no, document) DO NOTHING",
        args![district, call_no, app_no, document, by, at],
    )
    .await?;
    Ok(())
}

/// The documents that were seen, by whom and when.
pub async fn documents(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
) -> Outcome<Vec<(String, Actor, Timestamp)>> {
    let rows = tx
        .fetch_all(
            "SELECT document, seen_by, seen_at FROM program_document
             WHERE district = $1 AND call_no = $2 AND app_no = $3 ORDER BY document",
            args![district, call_no, app_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let document = row.text("document")?;
            let by = actor(Some(row.text("seen_by")?))
                .ok_or_else(|| impossible("program_document", "seen_by", &document))?;
            Ok((document, by, row.parse("seen_at")?))
        })
        .collect()
}

/// Keeps a draft under its code.
pub async fn put_draft(
    tx: &mut Tx,
    district: &DistrictCode,
    code: &str,
    call_no: i64,
    sealed: Vec<u8>,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_draft (district, code, call_no, sealed, saved_by, saved_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (district, code)
         DO UPDATE SET sealed = excluded.sealed, saved_by = excluded.saved_by, saved_at = excluded.saved_at",
        args![district, code, call_no, sealed, by, at],
    )
    .await?;
    Ok(())
}

/// A draft's call and what is sealed of it; `None` where the code finds none or it was emptied.
pub async fn draft(tx: &mut Tx, district: &DistrictCode, code: &str) -> Outcome<Option<(i64, Vec<u8>)>> {
    let row = tx
        .fetch_opt(
            "SELECT call_no, sealed FROM program_draft WHERE district = $1 AND code = $2 AND sealed IS NOT NULL",
            args![district, code],
        )
        .await?;
    row.map(|row| Ok((row.int("call_no")?, row.blob("sealed")?))).transpose()
}

/// Empties a draft.
pub async fn empty_draft(tx: &mut Tx, district: &DistrictCode, code: &str) -> Outcome<()> {
    tx.execute("UPDATE program_draft SET sealed = NULL WHERE district = $1 AND code = $2", args![district, code])
        .await?;
    Ok(())
}

/// Empties every draft of a call; how many there were.
pub async fn empty_drafts(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<u64> {
    let sql = "UPDATE program_draft SET sealed = NULL WHERE district = $1 AND call_no = $2 AND sealed IS NOT NULL";
    Ok(tx.execute(sql, args![district, call_no]).await?)
}

/// The rounds of a program that somebody took part in: number and first day.
pub async fn rounds(
    tx: &mut Tx,
    district: &DistrictCode,
    program: &str,
    resident: Id<id::Resident>,
) -> Outcome<Vec<(i64, Date)>> {
    let rows = tx
        .fetch_all(
            "SELECT use_no, started_on FROM program_round WHERE district = $1 AND program = $2 AND resident = $3
             ORDER BY use_no",
            args![district, program, resident],
        )
        .await?;
    rows.iter().map(|row| Ok((row.int("use_no")?, row.parse("started_on")?))).collect()
}

/// Takes the next round of a program for somebody. The number is part of the key: of two who counted the
/// same rounds, one is refused.
pub async fn insert_round(
    tx: &mut Tx,
    district: &DistrictCode,
    (program, resident): (&str, Id<id::Resident>),
    (use_no, call_no): (i64, i64),
    started_on: Date,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_round (district, program, resident, use_no, call_no, started_on, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![district, program, resident, use_no, call_no, started_on, at],
    )
    .await
    .on_unique("program_round_pkey", || {
        Refusal::new("already-decided", "", "그 사이에 다른 담당자가 참여를 기록했습니다. 다시 열어 보세요.")
    })?;
    Ok(())
}

fn application(row: &Row) -> Outcome<Application> {
    let no = row.int("no")?;
    let wrong = |column: &str| impossible("program_application", column, &no.to_string());
    let screened = match (actor(row.opt_text("screened_by")?), row.opt_parse("screened_at")?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    let state = match Stage::from_text(&row.text("state")?).ok_or_else(|| wrong("state"))? {
        Stage::Received => ApplicationState::Received,
        Stage::Screened => {
            let (by, at) = screened.ok_or_else(|| wrong("screened_by"))?;
            ApplicationState::Screened { by, at }
        }
        Stage::Withdrawn => ApplicationState::Withdrawn,
    };
    let broken = row.text("broken")?;
    Ok(Application {
        call_no: row.int("call_no")?,
        no,
        resident: row.parse("resident")?,
        evidence_box: row.parse("evidence_box")?,
        channel: Channel::from_text(&row.text("channel")?).ok_or_else(|| wrong("channel"))?,
        dong: row.text("dong")?,
        pool: row.text("pool")?,
        wanted: row.text("wanted")?,
        household: row.parse("household")?,
        household_slot: row.int("household_slot")?,
        state,
        verdict: outcome_of(&row.text("verdict")?).ok_or_else(|| wrong("verdict"))?,
        broken: serde_json::from_str(&broken).map_err(|_| wrong("broken"))?,
        conflicts: row.int("conflicts")?,
        overridden: row.opt_text("overridden")?.as_deref().and_then(outcome_of),
        override_reason: row.text("override_reason")?,
        taken_by: actor(Some(row.text("taken_by")?)).ok_or_else(|| wrong("taken_by"))?,
        taken_at: row.parse("created_at")?,
        destroyed_at: row.opt_parse("destroyed_at")?,
    })
}
