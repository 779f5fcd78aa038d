//! Statements on runs, standings and points.

use std::collections::BTreeMap;

use iljari_base::{Actor, DistrictCode, Failure, Outcome, Timestamp};
use iljari_store::{Row, Tx, args};

use super::call::{actor, impossible};
use crate::selection::{Again, Line, Points, Run, RunState, Standing};

/// Enters a run with its lines and their points.
pub async fn insert_run(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    run: &Run,
    lines: &[(Line, Vec<Points>)],
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_run (district, call_no, run_no, state, rules_sha256, drawn_by, drawn_at, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', $7)",
        args![district, call_no, run.no, run.state.as_str(), &run.rules_sha256, run.drawn_by, run.drawn_at],
    )
    .await?;
    if let Some(again) = &run.again {
        tx.execute(
            "INSERT INTO program_again (district, call_no, run_no, replaces, reason, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            args![district, call_no, run.no, again.replaces, &again.reason, run.drawn_at],
        )
        .await?;
    }
    for (line, points) in lines {
        let ties =
            serde_json::to_string(&line.tie_places).map_err(|error| Failure::new(error).context("write ties"))?;
        tx.execute(
            "INSERT INTO program_standing
               (district, call_no, run_no, app_no, pool, place, outcome, total, rank, reserve_no, tie_places,
                borderline, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                district,
                call_no,
                run.no,
                line.app_no,
                &line.pool,
                &line.place,
                line.outcome.as_str(),
                line.total,
                line.rank,
                line.reserve_no,
                ties,
                i64::from(line.borderline),
                run.drawn_at
            ],
        )
        .await?;
        for (place, item) in (1_i64..).zip(points) {
            tx.execute(
                "INSERT INTO program_points
                   (district, call_no, run_no, app_no, item, place, bracket, points, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    district,
                    call_no,
                    run.no,
                    line.app_no,
                    &item.item,
                    place,
                    &item.bracket,
                    item.points,
                    run.drawn_at
                ],
            )
            .await?;
        }
    }
    Ok(())
}

const RUN: &str = "SELECT r.run_no AS run_no, r.state AS state, r.rules_sha256 AS rules_sha256, r.drawn_by AS drawn_by,
       r.drawn_at AS drawn_at, r.decided_by AS decided_by, r.decided_at AS decided_at, r.reason AS reason,
       r.objections_until AS objections_until, a.replaces AS replaces, a.reason AS again_reason
     FROM program_run r
     LEFT JOIN program_again a ON a.district = r.district AND a.call_no = r.call_no AND a.run_no = r.run_no
     WHERE r.district = $1 AND r.call_no = $2";

/// The newest run of a call.
pub async fn run(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Option<Run>> {
    let sql = format!("{RUN} ORDER BY r.run_no DESC LIMIT 1");
    tx.fetch_opt(&sql, args![district, call_no]).await?.as_ref().map(read_run).transpose()
}

/// The newest confirmed run of a call: the result that stands.
pub async fn confirmed_run(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Option<Run>> {
    let sql = format!("{RUN} AND r.state = 'confirmed' ORDER BY r.run_no DESC LIMIT 1");
    tx.fetch_opt(&sql, args![district, call_no]).await?.as_ref().map(read_run).transpose()
}

/// Every run of a call that was ever confirmed, the first one first.
pub async fn confirmed_runs(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Run>> {
    let sql = format!("{RUN} AND r.state = 'confirmed' ORDER BY r.run_no");
    tx.fetch_all(&sql, args![district, call_no]).await?.iter().map(read_run).collect()
}

fn read_run(row: &Row) -> Outcome<Run> {
    let no = row.int("run_no")?;
    let wrong = |column: &str| impossible("program_run", column, &no.to_string());
    let decided = || -> Outcome<(Actor, Timestamp)> {
        let by = actor(row.opt_text("decided_by")?).ok_or_else(|| wrong("decided_by"))?;
        Ok((by, row.opt_parse("decided_at")?.ok_or_else(|| wrong("decided_at"))?))
    };
    let state = match row.text("state")?.as_str() {
        "drawn" => RunState::Drawn,
        "sent-back" => {
            let (by, at) = decided()?;
            RunState::SentBack { by, at, reason: row.text("reason")? }
        }
        "confirmed" => {
            let (by, at) = decided()?;
            let until = row.opt_parse("objections_until")?.ok_or_else(|| wrong("objections_until"))?;
            RunState::Confirmed { by, at, objections_until: until }
        }
        _ => return Err(wrong("state")),
    };
    Ok(Run {
        no,
        state,
        rules_sha256: row.text("rules_sha256")?,
        drawn_by: actor(Some(row.text("drawn_by")?)).ok_or_else(|| wrong("drawn_by"))?,
        drawn_at: row.parse("drawn_at")?,
        again: match row.opt_int("replaces")? {
            Some(replaces) => Some(Again { replaces, reason: row.opt_text("again_reason")?.unwrap_or_default() }),
            None => None,
        },
    })
}

/// Decides a run that was drawn up. `false` when somebody else was faster.
pub async fn decide_run(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    run_no: i64,
    to: &RunState,
) -> Outcome<bool> {
    let (by, at, reason, until) = match to {
        RunState::Drawn => return Ok(false),
        RunState::SentBack { by, at, reason } => (*by, *at, reason.as_str(), None),
        RunState::Confirmed { by, at, objections_until } => (*by, *at, "", Some(*objections_until)),
    };
    let changed = tx
        .execute(
            "UPDATE program_run
             SET state = $4, decided_by = $5, decided_at = $6, reason = $7, objections_until = $8
             WHERE district = $1 AND call_no = $2 AND run_no = $3 AND state = 'drawn'",
            args![district, call_no, run_no, to.as_str(), by, at, reason, until],
        )
        .await?;
    Ok(changed == 1)
}

/// The lines of a run, best first, those without a rank last.
pub async fn lines(tx: &mut Tx, district: &DistrictCode, call_no: i64, run_no: i64) -> Outcome<Vec<Line>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no, pool, place, outcome, total, rank, reserve_no, tie_places, borderline, opened_by, opened_at
             FROM program_standing WHERE district = $1 AND call_no = $2 AND run_no = $3
             ORDER BY pool, COALESCE(rank, 1000000), app_no",
            args![district, call_no, run_no],
        )
        .await?;
    rows.iter().map(line).collect()
}

/// Somebody's line of a run.
pub async fn line_of(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no, app_no): (i64, i64, i64),
) -> Outcome<Option<Line>> {
    let row = tx
        .fetch_opt(
            "SELECT app_no, pool, place, outcome, total, rank, reserve_no, tie_places, borderline, opened_by, opened_at
             FROM program_standing WHERE district = $1 AND call_no = $2 AND run_no = $3 AND app_no = $4",
            args![district, call_no, run_no, app_no],
        )
        .await?;
    row.as_ref().map(line).transpose()
}

fn line(row: &Row) -> Outcome<Line> {
    let app_no = row.int("app_no")?;
    let wrong = |column: &str| impossible("program_standing", column, &app_no.to_string());
    let opened = match (actor(row.opt_text("opened_by")?), row.opt_parse("opened_at")?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    Ok(Line {
        app_no,
        pool: row.text("pool")?,
        place: row.text("place")?,
        outcome: Standing::from_text(&row.text("outcome")?).ok_or_else(|| wrong("outcome"))?,
        total: row.int("total")?,
        rank: row.opt_int("rank")?,
        reserve_no: row.opt_int("reserve_no")?,
        tie_places: serde_json::from_str(&row.text("tie_places")?).map_err(|_| wrong("tie_places"))?,
        borderline: row.int("borderline")? == 1,
        opened,
    })
}

/// Changes what came out for somebody, and the place with it.
pub async fn set_standing(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no, app_no): (i64, i64, i64),
    outcome: Standing,
    place: &str,
) -> Outcome<()> {
    tx.execute(
        "UPDATE program_standing SET outcome = $5, place = $6
         WHERE district = $1 AND call_no = $2 AND run_no = $3 AND app_no = $4",
        args![district, call_no, run_no, app_no, outcome.as_str(), place],
    )
    .await?;
    Ok(())
}

/// Notes that a confirmer opened a line.
pub async fn note_opened(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no, app_no): (i64, i64, i64),
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "UPDATE program_standing SET opened_by = $5, opened_at = $6
         WHERE district = $1 AND call_no = $2 AND run_no = $3 AND app_no = $4",
        args![district, call_no, run_no, app_no, by, at],
    )
    .await?;
    Ok(())
}

/// Somebody's points in a run, item by item.
pub async fn points(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no, app_no): (i64, i64, i64),
) -> Outcome<Vec<Points>> {
    let rows = tx
        .fetch_all(
            "SELECT item, bracket, points FROM program_points
             WHERE district = $1 AND call_no = $2 AND run_no = $3 AND app_no = $4 ORDER BY place",
            args![district, call_no, run_no, app_no],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(Points { item: row.text("item")?, bracket: row.text("bracket")?, points: row.int("points")? }))
        .collect()
}

/// Everybody's points in a run, item by item, by number.
pub async fn points_of_run(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no): (i64, i64),
) -> Outcome<BTreeMap<i64, Vec<Points>>> {
    let rows = tx
        .fetch_all(
            "SELECT app_no, item, bracket, points FROM program_points
             WHERE district = $1 AND call_no = $2 AND run_no = $3 ORDER BY app_no, place",
            args![district, call_no, run_no],
        )
        .await?;
    let mut all: BTreeMap<i64, Vec<Points>> = BTreeMap::new();
    for row in &rows {
        let points = Points { item: row.text("item")?, bracket: row.text("bracket")?, points: row.int("points")? };
        all.entry(row.int("app_no")?).or_default().push(points);
    }
    Ok(all)
}
