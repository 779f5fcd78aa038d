//! Statements on participation, attendance and what became of people.

use iljari_base::{Actor, Date, DistrictCode, Outcome, Timestamp};
use iljari_store::{Row, Tx, args};

use super::call::{actor, impossible};
use crate::work::{After, Answer, AskedBy, Attendance, Participation, WorkState};

/// Enters a placement.
pub async fn insert_participation(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    it: &Participation,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_participation
           (district, call_no, app_no, place, state, placed_by, left_why, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, '', $7)",
        args![district, call_no, it.app_no, &it.place, it.state.as_str(), it.placed_by, it.placed_at],
    )
    .await?;
    Ok(())
}

const COLUMNS: &str =
    "app_no, place, state, placed_by, reported_by, started_on, leaf_id, left_on, left_why, ended_on, created_at";

/// Every participation of a call.
pub async fn participations(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Participation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM program_participation WHERE district = $1 AND call_no = $2 ORDER BY place, app_no"
    );
    tx.fetch_all(&sql, args![district, call_no]).await?.iter().map(participation).collect()
}

/// One participation.
pub async fn participation_of(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
) -> Outcome<Option<Participation>> {
    let sql =
        format!("SELECT {COLUMNS} FROM program_participation WHERE district = $1 AND call_no = $2 AND app_no = $3");
    tx.fetch_opt(&sql, args![district, call_no, app_no]).await?.as_ref().map(participation).transpose()
}

/// Moves a participation on from the state it was seen in. `false` when somebody else was faster.
pub async fn move_participation(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    seen: &Participation,
    to: &Participation,
) -> Outcome<bool> {
    let reported = match &to.state {
        WorkState::Reported { by } => Some(*by),
        _ => None,
    };
    let (left_on, why, ended_on) = match &to.state {
        WorkState::Left { on, why } => (Some(*on), why.as_str(), None),
        WorkState::Ended { on } => (None, "", Some(*on)),
        _ => (None, "", None),
    };
    let changed = tx
        .execute(
            "UPDATE program_participation
             SET state = $5, place = $6, reported_by = COALESCE($7, reported_by), started_on = $8, leaf_id = $9,
                 left_on = $10, left_why = $11, ended_on = $12
             WHERE district = $1 AND call_no = $2 AND app_no = $3 AND state = $4",
            args![
                district,
                call_no,
                seen.app_no,
                seen.state.as_str(),
                to.state.as_str(),
                &to.place,
                reported,
                to.started_on,
                to.leaf_id.clone(),
                left_on,
                why,
                ended_on
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps who confirmed a start and what opens its leaf, sealed.
pub async fn put_opening(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
    confirmed_by: Actor,
    opening: Option<Vec<u8>>,
) -> Outcome<()> {
    tx.execute(
        "UPDATE program_participation SET confirmed_by = $4, opening = $5
         WHERE district = $1 AND call_no = $2 AND app_no = $3",
        args![district, call_no, app_no, confirmed_by, opening],
    )
    .await?;
    Ok(())
}

/// What opens somebody's leaf, sealed.
pub async fn opening(tx: &mut Tx, district: &DistrictCode, call_no: i64, app_no: i64) -> Outcome<Option<Vec<u8>>> {
    let row = tx
        .fetch_opt(
            "SELECT opening FROM program_participation WHERE district = $1 AND call_no = $2 AND app_no = $3",
            args![district, call_no, app_no],
        )
        .await?;
    Ok(row.map(|row| row.opt_blob("opening")).transpose()?.flatten())
}

/// Calls whose last day of work lies before that day and where somebody still works, for the chore.
pub async fn calls_over(tx: &mut Tx, before: Date) -> Outcome<Vec<(DistrictCode, i64, Date)>> {
    let rows = tx
        .fetch_all(
            "SELECT DISTINCT c.district AS district, c.no AS no, c.work_last_on AS last FROM program_call c
             JOIN program_participation p ON p.district = c.district AND p.call_no = c.no
             WHERE c.work_last_on < $1 AND p.state = 'started' ORDER BY c.district, c.no",
            args![before],
        )
        .await?;
    rows.iter().map(|row| Ok((row.parse("district")?, row.int("no")?, row.parse("last")?))).collect()
}

/// Confirmed calls of every district whose objection period ended before that day, for the chore.
pub async fn calls_past_objections(tx: &mut Tx, before: Date) -> Outcome<Vec<(DistrictCode, i64)>> {
    let rows = tx
        .fetch_all(
            "SELECT DISTINCT district, call_no FROM program_run WHERE state = 'confirmed' AND objections_until < $1
             ORDER BY district, call_no",
            args![before],
        )
        .await?;
    rows.iter().map(|row| Ok((row.parse("district")?, row.int("call_no")?))).collect()
}

/// Keeps a month of attendance, in the place of what was said before.
pub async fn put_attendance(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    it: &Attendance,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_attendance (district, call_no, app_no, month, days, hours, written_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (district, call_no, app_no, month)
         DO UPDATE SET days = excluded.days, hours = excluded.hours, written_by = excluded.written_by",
        args![district, call_no, it.app_no, it.month, it.days, it.hours, by, at],
    )
    .await?;
    Ok(())
}

/// The attendance of a call, by month and number.
pub async fn attendance(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Attendance>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no, month, days, hours FROM program_attendance WHERE district = $1 AND call_no = $2
             ORDER BY month, app_no",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Attendance {
                app_no: row.int("app_no")?,
                month: row.month("month")?,
                days: row.int("days")?,
                hours: row.int("hours")?,
            })
        })
        .collect()
}

/// Keeps what somebody answered after so many months, in the place of what she said before.
pub async fn put_outcome(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, app_no): (i64, i64),
    answer: Answer,
    (by, at): (Actor, Timestamp),
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_outcome
           (district, call_no, app_no, months, outcome, asked_on, asked_how, written_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (district, call_no, app_no, months)
         DO UPDATE SET outcome = excluded.outcome, asked_on = excluded.asked_on, asked_how = excluded.asked_how,
           written_by = excluded.written_by",
        args![
            district,
            call_no,
            app_no,
            answer.months,
            answer.after.as_str(),
            answer.asked_on,
            answer.asked_by.map(AskedBy::as_str),
            by,
            at
        ],
    )
    .await?;
    Ok(())
}

/// What people of a call answered, by number and months.
pub async fn outcomes(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<(i64, Answer)>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no, months, outcome, asked_on, asked_how FROM program_outcome
             WHERE district = $1 AND call_no = $2 ORDER BY app_no, months",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let word = row.text("outcome")?;
            let after = After::from_text(&word).ok_or_else(|| impossible("program_outcome", "outcome", &word))?;
            let asked_by = match row.opt_text("asked_how")? {
                Some(word) => {
                    Some(AskedBy::from_text(&word).ok_or_else(|| impossible("program_outcome", "asked_how", &word))?)
                }
                None => None,
            };
            let answer = Answer { months: row.int("months")?, after, asked_on: row.opt_parse("asked_on")?, asked_by };
            Ok((row.int("app_no")?, answer))
        })
        .collect()
}

fn participation(row: &Row) -> Outcome<Participation> {
    let app_no = row.int("app_no")?;
    let wrong = |column: &str| impossible("program_participation", column, &app_no.to_string());
    let state = match row.text("state")?.as_str() {
        "placed" => WorkState::Placed,
        "reported" => {
            WorkState::Reported { by: actor(row.opt_text("reported_by")?).ok_or_else(|| wrong("reported_by"))? }
        }
        "started" => WorkState::Started,
        "given-up" => WorkState::GivenUp,
        "left" => {
            let on = row.opt_parse("left_on")?.ok_or_else(|| wrong("left_on"))?;
            WorkState::Left { on, why: row.text("left_why")? }
        }
        "ended" => WorkState::Ended { on: row.opt_parse("ended_on")?.ok_or_else(|| wrong("ended_on"))? },
        _ => return Err(wrong("state")),
    };
    Ok(Participation {
        app_no,
        place: row.text("place")?,
        state,
        placed_by: actor(Some(row.text("placed_by")?)).ok_or_else(|| wrong("placed_by"))?,
        placed_at: row.parse("created_at")?,
        leaf_id: row.opt_text("leaf_id")?,
        started_on: row.opt_parse("started_on")?,
    })
}
