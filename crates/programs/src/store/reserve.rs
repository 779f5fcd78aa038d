//! Statements on seats at places and on calling the reserve list: offers and attempts to reach somebody.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Actor, DistrictCode, Outcome, Refusal, Timestamp};
use iljari_store::{OnUnique as _, Tx, args};

use super::call::{actor, impossible};
use crate::selection::{Contact, Offer, OfferState};

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

/// The numbers of a place's seats that are held.
pub async fn seats_of(tx: &mut Tx, district: &DistrictCode, call_no: i64, place: &str) -> Outcome<BTreeSet<i64>> {
    let rows = tx
        .fetch_all(
            "SELECT seat_no FROM program_seat WHERE district = $1 AND call_no = $2 AND place = $3 AND live = 1",
            args![district, call_no, place],
        )
        .await?;
    rows.iter().map(|row| Ok(row.int("seat_no")?)).collect()
}

/// The place at which somebody holds a seat.
pub async fn seat_of(tx: &mut Tx, district: &DistrictCode, call_no: i64, app_no: i64) -> Outcome<Option<String>> {
    let row = tx
        .fetch_opt(
            "SELECT place FROM program_seat WHERE district = $1 AND call_no = $2 AND app_no = $3 AND live = 1",
            args![district, call_no, app_no],
        )
        .await?;
    Ok(row.map(|row| row.text("place")).transpose()?)
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
