//! Statements on runs, standings, points, seats, offers and objections.

use std::collections::BTreeMap;

use iljari_base::{Actor, DistrictCode, Failure, Outcome, Refusal, Timestamp};
use iljari_store::{OnUnique as _, Row, Tx, args};

use super::call::{actor, impossible};
use crate::selection::{Again, Contact, Line, Objection, Offer, OfferState, Points, Run, RunState, Standing};

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

/// Gives a place more seats by a run; they count once it is confirmed.
pub async fn insert_extra_seats(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no): (i64, i64),
    place: &str,
    seats: i64,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_extra_seat (district, call_no, run_no, place, seats, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![district, call_no, run_no, place, seats, at],
    )
    .await?;
    Ok(())
}

/// The additional seats that a run gives, by place.
pub async fn extra_seats_of(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, run_no): (i64, i64),
) -> Outcome<BTreeMap<String, i64>> {
    let rows = tx
        .fetch_all(
            "SELECT place, seats FROM program_extra_seat WHERE district = $1 AND call_no = $2 AND run_no = $3",
            args![district, call_no, run_no],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("place")?, row.int("seats")?))).collect()
}

/// The additional seats of a call that confirmed runs gave, by place.
pub async fn extra_seats(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<BTreeMap<String, i64>> {
    let rows = tx
        .fetch_all(
            "SELECT e.place AS place, e.seats AS seats FROM program_extra_seat e
             JOIN program_run r ON r.district = e.district AND r.call_no = e.call_no AND r.run_no = e.run_no
             WHERE e.district = $1 AND e.call_no = $2 AND r.state = 'confirmed'",
            args![district, call_no],
        )
        .await?;
    let mut all: BTreeMap<String, i64> = BTreeMap::new();
    for row in &rows {
        let seats = all.entry(row.text("place")?).or_insert(0);
        *seats = seats.saturating_add(row.int("seats")?);
    }
    Ok(all)
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

/// The seats of a call that are held: place, seat, whose.
pub async fn seats(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<(String, i64, i64)>> {
    let rows = tx
        .fetch_all(
            "SELECT place, seat_no, app_no FROM program_seat WHERE district = $1 AND call_no = $2 AND live = 1
             ORDER BY place, seat_no",
            args![district, call_no],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("place")?, row.int("seat_no")?, row.int("app_no")?))).collect()
}

/// The seats of a place whose job stands in the ledger: somebody started there once.
pub async fn seats_counted(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    place: &str,
    seat_no: i64,
) -> Outcome<bool> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS n FROM program_seat s
             JOIN program_participation p ON p.district = s.district AND p.call_no = s.call_no AND p.app_no = s.app_no
             WHERE s.district = $1 AND s.call_no = $2 AND s.place = $3 AND s.seat_no = $4 AND p.leaf_id IS NOT NULL",
            args![district, call_no, place, seat_no],
        )
        .await?;
    Ok(row.int("n")? > 0)
}

/// Takes a seat. Refusals by the keys of the table: `place-full`, `seat-held`.
pub async fn insert_seat(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    (place, seat_no): (&str, i64),
    app_no: i64,
    at: Timestamp,
) -> Outcome<()> {
    let row = tx
        .fetch_one(
            "SELECT COALESCE(MAX(claim_no), 0) AS no FROM program_seat WHERE district = $1 AND call_no = $2",
            args![district, call_no],
        )
        .await?;
    let claim_no = row.int("no")?.saturating_add(1);
    tx.execute(
        "INSERT INTO program_seat (district, call_no, claim_no, place, seat_no, app_no, live, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7)",
        args![district, call_no, claim_no, place, seat_no, app_no, at],
    )
    .await
    .on_unique("program_seat_one_holder", || {
        Refusal::new("place-full", "", "그 사이에 이 자리가 찼습니다. 다시 열어 보세요.")
    })?;
    Ok(())
}

/// Frees the seat that somebody holds.
pub async fn release_seat(
    tx: &mut Tx,
    district: &DistrictCode,
    call_no: i64,
    app_no: i64,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE program_seat SET live = NULL, released_at = $4
             WHERE district = $1 AND call_no = $2 AND app_no = $3 AND live = 1",
            args![district, call_no, app_no, at],
        )
        .await?;
    Ok(changed > 0)
}

/// The offers of a call, in their order.
pub async fn offers(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Offer>> {
    let rows = tx
        .fetch_all(
            "SELECT offer_no, app_no, place, state, answer_by, offered_by, created_at FROM program_offer
             WHERE district = $1 AND call_no = $2 ORDER BY offer_no",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let no = row.int("offer_no")?;
            let wrong = |column: &str| impossible("program_offer", column, &no.to_string());
            let word = row.text("state")?;
            let state = OfferState::ALL.into_iter().find(|state| state.as_str() == word);
            Ok(Offer {
                no,
                app_no: row.int("app_no")?,
                place: row.text("place")?,
                state: state.ok_or_else(|| wrong("state"))?,
                answer_by: row.parse("answer_by")?,
                offered_by: actor(Some(row.text("offered_by")?)).ok_or_else(|| wrong("offered_by"))?,
                offered_at: row.parse("created_at")?,
            })
        })
        .collect()
}

/// Enters an offer.
pub async fn insert_offer(tx: &mut Tx, district: &DistrictCode, call_no: i64, offer: &Offer) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_offer (district, call_no, offer_no, app_no, place, state, offered_by, answer_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            district,
            call_no,
            offer.no,
            offer.app_no,
            &offer.place,
            offer.state.as_str(),
            offer.offered_by,
            offer.answer_by,
            offer.offered_at
        ],
    )
    .await?;
    Ok(())
}

/// Ends an open offer. `false` when somebody else was faster.
pub async fn decide_offer(
    tx: &mut Tx,
    district: &DistrictCode,
    (call_no, offer_no): (i64, i64),
    to: OfferState,
    by: Actor,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE program_offer SET state = $4, answered_by = $5, answered_at = $6
             WHERE district = $1 AND call_no = $2 AND offer_no = $3 AND state = 'open'",
            args![district, call_no, offer_no, to.as_str(), by, at],
        )
        .await?;
    Ok(changed == 1)
}

/// Writes an attempt to reach somebody down.
pub async fn insert_contact(tx: &mut Tx, district: &DistrictCode, call_no: i64, contact: &Contact) -> Outcome<()> {
    tx.execute(
        "INSERT INTO program_contact (district, call_no, offer_no, contact_no, how, result, called_by, created_at)
         SELECT $1, $2, $3, COALESCE(MAX(contact_no), 0) + 1, $4, $5, $6, $7 FROM program_contact
         WHERE district = $1 AND call_no = $2 AND offer_no = $3",
        args![district, call_no, contact.offer_no, &contact.how, &contact.result, contact.by, contact.at],
    )
    .await?;
    Ok(())
}

/// The attempts to reach people of a call.
pub async fn contacts(tx: &mut Tx, district: &DistrictCode, call_no: i64) -> Outcome<Vec<Contact>> {
    let rows = tx
        .fetch_all(
            "SELECT offer_no, how, result, called_by, created_at FROM program_contact
             WHERE district = $1 AND call_no = $2 ORDER BY offer_no, contact_no",
            args![district, call_no],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let offer_no = row.int("offer_no")?;
            let by = actor(Some(row.text("called_by")?))
                .ok_or_else(|| impossible("program_contact", "called_by", &offer_no.to_string()))?;
            Ok(Contact {
                offer_no,
                how: row.text("how")?,
                result: row.text("result")?,
                by,
                at: row.parse("created_at")?,
            })
        })
        .collect()
}

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
