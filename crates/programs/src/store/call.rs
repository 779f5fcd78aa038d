//! Statements on calls, pools and places.

use iljari_base::{Actor, DistrictCode, Failure, Inconsistency, Outcome, Stop, Timestamp};
use iljari_store::{Row, Tx, args};

use crate::model::{Call, CallState, Pool, Terms, WorkPlace};
use crate::rulebook::Rulebook;

/// The number of the next call of a district.
pub async fn next_call_no(tx: &mut Tx, district: &DistrictCode) -> Outcome<i64> {
    let row = tx
        .fetch_one("SELECT COALESCE(MAX(no), 0) AS no FROM program_call WHERE district = $1", args![district])
        .await?;
    Ok(row.int("no")?.saturating_add(1))
}

/// Enters a fresh draft.
pub async fn insert_call(tx: &mut Tx, district: &DistrictCode, call: &Call) -> Outcome<()> {
    let terms = &call.terms;
    tx.execute(
        "INSERT INTO program_call
           (district, no, state, title, program, as_of_on, apply_first_on, apply_last_on, result_on, work_first_on,
            work_last_on, objection_days, answer_days, wage_hourly, hours, pay_note, documents, body, contact,
            rules_text, rules_sha256, receipts_given, drafted_by, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0,
            $22, $23, $24)",
        args![
            district,
            call.no,
            call.state.as_str(),
            &terms.title,
            &terms.program,
            terms.as_of_on,
            terms.apply_first_on,
            terms.apply_last_on,
            terms.result_on,
            terms.work_first_on,
            terms.work_last_on,
            terms.objection_days,
            terms.answer_days,
            terms.wage_hourly,
            &terms.hours,
            &terms.pay_note,
            lines(&terms.documents)?,
            &terms.body,
            &terms.contact,
            call.rules.text(),
            call.rules.sha256(),
            call.drafted_by,
            &call.reason,
            call.drafted_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes a draft's terms and rules anew.
pub async fn update_call(tx: &mut Tx, district: &DistrictCode, call: &Call) -> Outcome<()> {
    let terms = &call.terms;
    tx.execute(
        "UPDATE program_call
         SET title = $3, program = $4, as_of_on = $5, apply_first_on = $6, apply_last_on = $7, result_on = $8,
             work_first_on = $9, work_last_on = $10, objection_days = $11, answer_days = $12, wage_hourly = $13,
             hours = $14, pay_note = $15, documents = $16, body = $17, contact = $18, rules_text = $19,
             rules_sha256 = $20
         WHERE district = $1 AND no = $2 AND state = 'draft'",
        args![
            district,
            call.no,
            &terms.title,
            &terms.program,
            terms.as_of_on,
            terms.apply_first_on,
            terms.apply_last_on,
            terms.result_on,
            terms.work_first_on,
            terms.work_last_on,
            terms.objection_days,
            terms.answer_days,
            terms.wage_hourly,
            &terms.hours,
            &terms.pay_note,
            lines(&terms.documents)?,
            &terms.body,
            &terms.contact,
            call.rules.text(),
            call.rules.sha256()
        ],
    )
    .await?;
    Ok(())
}

/// Moves a call on from the state it was seen in. `false` when somebody else was faster.
pub async fn move_call(
    tx: &mut Tx,
    district: &DistrictCode,
    seen: &Call,
    to: &CallState,
    reason: &str,
) -> Outcome<bool> {
    let (checked, published) = match to {
        CallState::Draft => (None, None),
        CallState::Checked { by, at } => (Some((*by, *at)), None),
        CallState::Published { by, at, .. } => (None, Some((*by, *at))),
    };
    let changed = match to {
        CallState::Published { .. } => {
            tx.execute(
                "UPDATE program_call SET state = $4, published_by = $5, published_at = $6, reason = $7
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![
                    district,
                    seen.no,
                    seen.state.as_str(),
                    to.as_str(),
                    published.map(|(by, _)| by),
                    published.map(|(_, at)| at),
                    reason
                ],
            )
            .await?
        }
        CallState::Draft | CallState::Checked { .. } => {
            tx.execute(
                "UPDATE program_call SET state = $4, checked_by = $5, checked_at = $6, reason = $7
                 WHERE district = $1 AND no = $2 AND state = $3",
                args![
                    district,
                    seen.no,
                    seen.state.as_str(),
                    to.as_str(),
                    checked.map(|(by, _)| by),
                    checked.map(|(_, at)| at),
                    reason
                ],
            )
            .await?
        }
    };
    Ok(changed == 1)
}

const CALL_COLUMNS: &str = "no, state, title, program, as_of_on, apply_first_on, apply_last_on, result_on, \
     work_first_on, work_last_on, objection_days, answer_days, wage_hourly, hours, pay_note, documents, body, contact, \
     rules_text, rules_sha256, drafted_by, checked_by, checked_at, published_by, published_at, reason, created_at";

/// Every call of a district, the newest first.
pub async fn calls(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Call>> {
    let sql = format!("SELECT {CALL_COLUMNS} FROM program_call WHERE district = $1 ORDER BY no DESC");
    tx.fetch_all(&sql, args![district]).await?.iter().map(call).collect()
}

/// One call.
pub async fn call_of(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Option<Call>> {
    let sql = format!("SELECT {CALL_COLUMNS} FROM program_call WHERE district = $1 AND no = $2");
    tx.fetch_opt(&sql, args![district, no]).await?.as_ref().map(call).transpose()
}

/// Sets a draft's pools.
pub async fn put_pools(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    pools: &[Pool],
    at: Timestamp,
) -> Outcome<()> {
    tx.execute("DELETE FROM program_pool WHERE district = $1 AND call_no = $2", args![district, call_no]).await?;
    for (place, pool) in (1_i64..).zip(pools) {
        tx.execute(
            "INSERT INTO program_pool (district, call_no, name, place, age_min, age_max, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![district, call_no, &pool.name, place, pool.age_min, pool.age_max, at],
        )
        .await?;
    }
    Ok(())
}

/// The pools of a call, in their order.
pub async fn pools(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Pool>> {
    let rows = tx
        .fetch_all(
            "SELECT name, age_min, age_max FROM program_pool WHERE district = $1 AND call_no = $2 ORDER BY place",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Pool { name: row.text("name")?, age_min: row.opt_int("age_min")?, age_max: row.opt_int("age_max")? })
        })
        .collect()
}

/// Sets a draft's places.
pub async fn put_places(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    places: &[WorkPlace],
    at: Timestamp,
) -> Outcome<()> {
    tx.execute("DELETE FROM program_place WHERE district = $1 AND call_no = $2", args![district, call_no]).await?;
    for (nth, place) in (1_i64..).zip(places) {
        tx.execute(
            "INSERT INTO program_place
               (district, call_no, no, place, name, site, dong, area, pool, node, capacity, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                district,
                call_no,
                &place.no,
                nth,
                &place.name,
                &place.site,
                &place.dong,
                &place.area,
                &place.pool,
                place.node.to_string(),
                place.capacity,
                at
            ],
        )
        .await?;
    }
    Ok(())
}

/// The places of a call, in their order.
pub async fn places(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<WorkPlace>> {
    let rows = tx
        .fetch_all(
            "SELECT no, name, site, dong, area, pool, node, capacity FROM program_place
             WHERE district = $1 AND call_no = $2 ORDER BY place",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WorkPlace {
                no: row.text("no")?,
                name: row.text("name")?,
                site: row.text("site")?,
                dong: row.text("dong")?,
                area: row.text("area")?,
                pool: row.text("pool")?,
                node: row.parse("node")?,
                capacity: row.int("capacity")?,
            })
        })
        .collect()
}

fn call(row: &Row) -> Outcome<Call> {
    let state = row.text("state")?;
    let missing = |column: &str| impossible("program_call", column, &state);
    let checked = || -> Outcome<(Actor, Timestamp)> {
        let by = actor(row.opt_text("checked_by")?).ok_or_else(|| missing("checked_by"))?;
        Ok((by, row.opt_parse("checked_at")?.ok_or_else(|| missing("checked_at"))?))
    };
    let state = match state.as_str() {
        "draft" => CallState::Draft,
        "checked" => {
            let (by, at) = checked()?;
            CallState::Checked { by, at }
        }
        "published" => CallState::Published {
            checked_by: checked()?.0,
            by: actor(row.opt_text("published_by")?).ok_or_else(|| missing("published_by"))?,
            at: row.opt_parse("published_at")?.ok_or_else(|| missing("published_at"))?,
        },
        _ => return Err(missing("state")),
    };
    let documents = row.text("documents")?;
    let documents: Vec<String> =
        serde_json::from_str(&documents).map_err(|_| impossible("program_call", "documents", &documents))?;
    Ok(Call {
        no: row.int("no")?,
        terms: Terms {
            title: row.text("title")?,
            program: row.text("program")?,
            as_of_on: row.parse("as_of_on")?,
            apply_first_on: row.parse("apply_first_on")?,
            apply_last_on: row.parse("apply_last_on")?,
            result_on: row.parse("result_on")?,
            work_first_on: row.parse("work_first_on")?,
            work_last_on: row.parse("work_last_on")?,
            objection_days: row.int("objection_days")?,
            answer_days: row.int("answer_days")?,
            wage_hourly: row.int("wage_hourly")?,
            hours: row.text("hours")?,
            pay_note: row.text("pay_note")?,
            documents,
            body: row.text("body")?,
            contact: row.text("contact")?,
        },
        rules: Rulebook::kept(row.text("rules_text")?, row.text("rules_sha256")?),
        state,
        drafted_by: actor(Some(row.text("drafted_by")?)).ok_or_else(|| missing("drafted_by"))?,
        drafted_at: row.parse("created_at")?,
        reason: row.text("reason")?,
    })
}

pub(super) fn actor(text: Option<String>) -> Option<Actor> {
    Actor::from_text(&text?)
}

pub(super) fn lines(lines: &[String]) -> Outcome<String> {
    serde_json::to_string(lines).map_err(|error| Failure::new(error).context("write a list").into())
}

pub(super) fn impossible(table: &'static str, column: &str, row: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table, column: column.to_owned(), row: row.to_owned() })
}
