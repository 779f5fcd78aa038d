//! Filling a freed seat from the reserve list (결원 충원), in order, with a log of every attempt.
//!
//! Owns: who is next, the days to answer, and that a promotion happens at once: the seat, the standing and
//! the offer in one transaction. Does not own: the order (`ranking` made it). What a newcomer gets wrong:
//! asking two people for one seat. An open offer holds its seat.

use iljari_base::korean::with_particle;
use iljari_base::{Date, Outcome, Refusal, Stop};
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_store::Tx;

use crate::calendar::{Due, Holidays};
use crate::call::{published_of, refuse_resident_number};
use crate::model::{Call, WorkPlace};
use crate::selection::{Contact, Line, Offer, OfferState, Run, Standing};
use crate::{seats, select, store};

/// Offers the next free seat of a place to the next on its reserve list; where that list is used up, to the
/// next of the pool who still waits.
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `call-not-published`, `selection-not-confirmed` | |
/// | `no-such-place` | |
/// | `reserve-over` | the last day of work is past |
/// | `no-vacancy` | every seat is held, or offered already |
/// | `reserve-empty` | nobody waits |
pub async fn offer_next(tx: &mut Tx, cx: &Cx, call_no: i64, place_no: &str) -> Outcome<(Offer, Due)> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let place = place_of(tx, cx, call_no, place_no).await?;
    if cx.today() > call.terms.work_last_on {
        let message = "일하는 기간이 끝나 예비 순번도 끝났습니다.";
        return Err(Refusal::new("reserve-over", "모집공고 예비자", message).into());
    }
    if seats::free(tx, cx, call_no, &place).await? <= 0 {
        let message = format!("사업번호 {}에는 빈자리가 없습니다.", place.no);
        return Err(Refusal::new("no-vacancy", "", message).into());
    }
    let lines = store::lines(tx, &cx.district, call_no, run.no).await?;
    let Some(next) = next(&lines, &place) else {
        let message = format!("사업번호 {}의 예비자가 더 없습니다.", place.no);
        return Err(Refusal::new("reserve-empty", "", message).into());
    };
    let offers = store::offers(tx, &cx.district, call_no).await?;
    // The open offer holds the seat: nobody else can be given it meanwhile.
    seats::take(tx, cx, call_no, &place, next.app_no).await?;
    let due = Holidays::known().working_days_after(cx.today(), call.terms.answer_days);
    let offer = Offer {
        no: offers.last().map_or(0, |offer| offer.no).saturating_add(1),
        app_no: next.app_no,
        place: place.no.clone(),
        state: OfferState::Open,
        answer_by: due.on,
        offered_by: cx.actor,
        offered_at: cx.now(),
    };
    store::insert_offer(tx, &cx.district, call_no, &offer).await?;
    log_access(tx, cx, Access::to("예비자 연락 시작", Whose::Receipt(call.receipt(next.app_no)))).await?;
    Ok((offer, due))
}

/// Who is next for a place: its own list by rank, then the pool's.
fn next<'l>(lines: &'l [Line], place: &WorkPlace) -> Option<&'l Line> {
    let waits = |line: &&Line| line.outcome == Standing::Reserve && line.pool == place.pool;
    let by_rank = |line: &&Line| line.rank.unwrap_or(i64::MAX);
    let own = lines.iter().filter(waits).filter(|line| line.place == place.no).min_by_key(by_rank);
    own.or_else(|| lines.iter().filter(waits).min_by_key(by_rank))
}

/// Writes an attempt to reach somebody down. Refusals: `no-such-offer`, `contact-empty`, `resident-number`.
pub async fn note_contact(
    tx: &mut Tx,
    cx: &Cx,
    (call_no, offer_no): (i64, i64),
    how: &str,
    result: &str,
) -> Outcome<()> {
    let offer = open_offer(tx, cx, call_no, offer_no).await?;
    refuse_resident_number(&[("how", how), ("result", result)])?;
    if how.trim().is_empty() || result.trim().is_empty() {
        let message = "어떻게 연락했고 어떻게 되었는지 적어 주세요. 예: 전화, 받지 않음";
        return Err(Refusal::new("contact-empty", "", message).at("result").into());
    }
    let contact = Contact {
        offer_no: offer.no,
        how: how.trim().chars().take(40).collect(),
        result: result.trim().chars().take(200).collect(),
        by: cx.actor,
        at: cx.now(),
    };
    store::insert_contact(tx, &cx.district, call_no, &contact).await
}

/// Takes an answer. A yes promotes at once; a no frees the seat for the next.
///
/// Refusals: `no-such-offer`, `not-contacted` (an answer needs an attempt that was written down), `already-decided`.
pub async fn answer(tx: &mut Tx, cx: &Cx, (call_no, offer_no): (i64, i64), yes: bool) -> Outcome<()> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let offer = open_offer(tx, cx, call_no, offer_no).await?;
    let reached = store::contacts(tx, &cx.district, call_no).await?.iter().any(|contact| contact.offer_no == offer_no);
    if !reached {
        let message = "연락한 기록이 없습니다. 언제 어떻게 연락했는지 먼저 적어 주세요.";
        return Err(Refusal::new("not-contacted", "", message).at("result").into());
    }
    let state = if yes { OfferState::Accepted } else { OfferState::Declined };
    end(tx, cx, &call, &run, &offer, state).await
}

/// Ends an offer whose days are over. Refusals: `no-such-offer`, `not-expired`.
pub async fn expire(tx: &mut Tx, cx: &Cx, (call_no, offer_no): (i64, i64)) -> Outcome<()> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let offer = open_offer(tx, cx, call_no, offer_no).await?;
    if cx.today() <= offer.answer_by {
        let until = with_particle(&offer.answer_by.korean(), "이/가");
        let message = format!("답할 기한인 {until} 아직 지나지 않았습니다.");
        return Err(Refusal::new("not-expired", "모집공고 예비자", message).into());
    }
    end(tx, cx, &call, &run, &offer, OfferState::Expired).await
}

async fn end(tx: &mut Tx, cx: &Cx, call: &Call, run: &Run, offer: &Offer, state: OfferState) -> Outcome<()> {
    if !store::decide_offer(tx, &cx.district, (call.no, offer.no), state, cx.actor, cx.now()).await? {
        return Err(Refusal::new("already-decided", "", "그 사이에 다른 담당자가 처리했습니다.").into());
    }
    let standing = if state == OfferState::Accepted { Standing::Promoted } else { Standing::Passed };
    store::set_standing(tx, &cx.district, (call.no, run.no, offer.app_no), standing, &offer.place).await?;
    if state != OfferState::Accepted {
        store::release_seat(tx, &cx.district, call.no, offer.app_no, cx.now()).await?;
    }
    let what = format!("예비자 {}", state.label());
    log_access(tx, cx, Access::to(what, Whose::Receipt(call.receipt(offer.app_no)))).await?;
    Ok(())
}

async fn open_offer(tx: &mut Tx, cx: &Cx, call_no: i64, offer_no: i64) -> Outcome<Offer> {
    let found = store::offers(tx, &cx.district, call_no).await?.into_iter().find(|offer| offer.no == offer_no);
    found
        .filter(|offer| offer.state == OfferState::Open)
        .ok_or_else(|| Refusal::new("no-such-offer", "", "답을 기다리는 연락이 아닙니다.").into())
}

/// A place of a call, or `no-such-place`.
pub(crate) async fn place_of(tx: &mut Tx, cx: &Cx, call_no: i64, no: &str) -> Outcome<WorkPlace> {
    let found = store::places(tx, &cx.district, call_no).await?.into_iter().find(|place| place.no == no);
    let none = || Stop::from(Refusal::new("no-such-place", "", "그런 사업번호가 없습니다.").at("place"));
    found.ok_or_else(none)
}

/// The offers whose days are over on a day.
pub fn overdue(offers: &[Offer], today: Date) -> usize {
    offers.iter().filter(|offer| offer.state == OfferState::Open && offer.answer_by < today).count()
}
