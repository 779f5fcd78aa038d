//! Seats at places (자리): taken through here and nowhere else.
//!
//! Owns: that a place never has more people than seats. Does not own: who gets one. What a newcomer gets
//! wrong: counting first and inserting then. The number of the seat is a key; the second of two is refused.

use iljari_base::{Outcome, Refusal};
use iljari_people::Cx;
use iljari_store::Tx;

use crate::model::WorkPlace;
use crate::store;

/// Takes the lowest free seat of a place for somebody who holds none. Refusals: `place-full`.
pub async fn take(tx: &mut Tx, cx: &Cx, call_no: i64, place: &WorkPlace, app_no: i64) -> Outcome<i64> {
    let taken = store::seats_of(tx, &cx.district, call_no, &place.no).await?;
    let capacity = capacity(tx, cx, call_no, place).await?;
    let Some(free) = (1..=capacity).find(|seat_no| !taken.contains(seat_no)) else {
        let message = format!("사업번호 {}의 자리 {capacity}개가 모두 찼습니다.", place.no);
        return Err(Refusal::new("place-full", "모집공고 자리", message).at("place").into());
    };
    store::insert_seat(tx, &cx.district, call_no, (&place.no, free), app_no, cx.now()).await?;
    Ok(free)
}

/// How many seats a place has: those that were announced, and those that a replaced result added (추가 자리).
pub async fn capacity(tx: &mut Tx, cx: &Cx, call_no: i64, place: &WorkPlace) -> Outcome<i64> {
    let extra = store::extra_seats(tx, &cx.district, call_no).await?;
    Ok(place.capacity.saturating_add(extra.get(&place.no).copied().unwrap_or(0)))
}

/// How many seats of a place are free.
pub async fn free(tx: &mut Tx, cx: &Cx, call_no: i64, place: &WorkPlace) -> Outcome<i64> {
    let taken = store::seats_of(tx, &cx.district, call_no, &place.no).await?;
    let capacity = capacity(tx, cx, call_no, place).await?;
    Ok(capacity.saturating_sub(i64::try_from(taken.len()).unwrap_or(i64::MAX)))
}
