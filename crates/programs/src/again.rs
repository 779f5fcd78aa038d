//! Selecting again (다시 선발), after an objection that was found right (인용).
//!
//! Owns: when that is possible, what everybody keeps, and how many more seats it takes. Does not own: the
//! ranking and its confirmation (`select`). What a newcomer gets wrong: taking a seat away. The corrected
//! ranking says who should have had one; whoever was given one by the first result keeps it.
//!
//! | she had | the new run gives |
//! | --- | --- |
//! | a seat, whether she has started or not | the same seat, whatever her rank is now |
//! | a seat that she gave up, left or served out | nothing new: her turn was taken |
//! | a reserve number that passed | nothing new: she was asked |
//! | anything else | what the corrected ranking says: a seat, a reserve number, or why not |
//!
//! Somebody who gains a seat takes a free one of her place. Where none is free, because somebody who would now
//! stand behind her holds it, the place gets an additional seat (추가 자리), with the reason of the one who draws up.

use std::collections::BTreeMap;

use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::Cx;
use iljari_people::residents::Safe;
use iljari_store::Tx;

use crate::application::ApplicationState;
use crate::call::{published_of, refuse_resident_number};
use crate::model::{Call, WorkPlace};
use crate::selection::{Again, Line, Objection, OfferState, Points, Run, RunState, Standing};
use crate::{select, store};

/// Shortest and longest reason for additional seats, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=200;

/// The objections that were found right and that no confirmed run has answered yet.
pub fn unsettled<'o>(objections: &'o [Objection], confirmed: &Run) -> impl Iterator<Item = &'o Objection> {
    let since = confirmed.drawn_at;
    objections.iter().filter(move |it| it.upheld && it.answered_at.is_some_and(|at| at > since))
}

/// Whether an application may still be screened: before the result, and afterwards where her objection was found
/// right and no new result has come of it.
pub async fn may_screen(tx: &mut Tx, cx: &Cx, call_no: i64, app_no: i64) -> Outcome<bool> {
    let Some(run) = store::confirmed_run(tx, &cx.district, call_no).await? else { return Ok(true) };
    let objections = store::objections(tx, &cx.district, call_no).await?;
    Ok(unsettled(&objections, &run).any(|it| it.app_no == app_no))
}

/// Draws up a run that is to take the place of the confirmed one. Refusals, the most senior first:
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-published`, `selection-not-confirmed` | | |
/// | `not-your-call` | | the officer is not of the call's department |
/// | `selection-waiting` | | a run waits for its confirmer |
/// | `nothing-upheld` | | no objection was found right since the result |
/// | `offer-open` | | somebody on the reserve list is being asked; her answer comes first |
/// | `not-screened-again` | | the application of the objection was not screened since it was found right |
/// | `conflicts-open`, `rules-changed` | | as in `select::draw_up` |
/// | `evidence-destroyed` | | nothing is left to judge by |
/// | `resident-number` | `extra_reason` | |
/// | `extra-without-reason` | `extra_reason` | a seat is due where none is free, and nobody said why one more is given |
pub async fn draw_up(tx: &mut Tx, cx: &Cx, safe: &Safe, call_no: i64, extra_reason: &str) -> Outcome<Run> {
    let call = published_of(tx, cx, call_no).await?;
    let (confirmed, _) = select::confirmed(tx, cx, call_no).await?;
    crate::assigned::only_who_answers(tx, cx, &call).await?;
    let newest = store::run(tx, &cx.district, call_no)
        .await?
        .map_or(confirmed.no, |run| if run.state == RunState::Drawn { 0 } else { run.no });
    if newest == 0 {
        return Err(select::waiting());
    }
    let objections = store::objections(tx, &cx.district, call_no).await?;
    let upheld: Vec<&Objection> = unsettled(&objections, &confirmed).collect();
    if upheld.is_empty() {
        let message = "발표한 뒤에 받아들인 이의신청이 없습니다. 결과는 이의신청을 받아들인 때에만 다시 만듭니다.";
        return Err(Refusal::new("nothing-upheld", "모집공고 이의신청", message).into());
    }
    no_offer_open(tx, cx, call_no).await?;
    let live = select::live(tx, cx, call_no).await?;
    let waiting: Vec<String> = upheld
        .iter()
        .filter(|objection| {
            let screened_at = live.iter().find(|it| it.no == objection.app_no).and_then(|it| match it.state {
                ApplicationState::Screened { at, .. } => Some(at),
                _ => None,
            });
            screened_at < objection.answered_at
        })
        .map(|objection| call.receipt(objection.app_no))
        .collect();
    if !waiting.is_empty() {
        let message = format!("이의신청을 받아들인 뒤 서류확인을 다시 하지 않았습니다: {}.", waiting.join(", "));
        return Err(Refusal::new("not-screened-again", "", message).into());
    }
    refuse_resident_number(&[("extra_reason", extra_reason)])?;
    let mut lines = select::judged_lines(tx, cx, safe, &call, &live).await?;
    let earlier = store::lines(tx, &cx.district, call_no, confirmed.no).await?;
    carry(&mut lines, &earlier);
    let extra = extra(tx, cx, &call, lines.iter().map(|(line, _)| line), &earlier).await?;
    let reason = extra_reason.trim();
    if !extra.is_empty() && !REASON.contains(&reason.chars().count()) {
        let places: Vec<String> = extra.iter().map(|(place, seats)| format!("{place}에 {seats}자리")).collect();
        let message = format!(
            "다시 매긴 순위로 뽑힌 분의 자리가 모두 차 있습니다. 먼저 뽑힌 분의 자리는 그대로 두고 새 자리를 더 둡니다(사업번호 {}). 더 두는 까닭을 다섯 글자 이상 적어 주세요.",
            places.join(", ")
        );
        return Err(Refusal::new("extra-without-reason", "모집공고 자리", message).at("extra_reason").into());
    }
    let reason = if extra.is_empty() { String::new() } else { reason.to_owned() };
    let run = Run {
        no: newest.saturating_add(1),
        state: RunState::Drawn,
        rules_sha256: call.rules.sha256().to_owned(),
        drawn_by: cx.actor,
        drawn_at: cx.now(),
        again: Some(Again { replaces: confirmed.no, reason }),
    };
    store::insert_run(tx, &cx.district, call_no, &run, &lines).await?;
    for (place, seats) in &extra {
        store::insert_extra_seats(tx, &cx.district, (call_no, run.no), place, *seats, cx.now()).await?;
    }
    Ok(run)
}

/// What a confirmer of such a run is told where something moved since it was drawn up: `selection-stale`, `offer-open`.
/// The lines of the run that it replaces come back.
pub(crate) async fn hold_still(tx: &mut Tx, cx: &Cx, call: &Call, run: &Run, lines: &[Line]) -> Outcome<Vec<Line>> {
    let Some(again) = &run.again else { return Ok(Vec::new()) };
    no_offer_open(tx, cx, call.no).await?;
    let earlier = store::lines(tx, &cx.district, call.no, again.replaces).await?;
    let objections = store::objections(tx, &cx.district, call.no).await?;
    let upheld_since = unsettled(&objections, run).next().is_some();
    let moved = lines.iter().any(|line| {
        let settled = had(&earlier, line.app_no).filter(|had| is_settled(had));
        settled.is_some_and(|had| (line.outcome, &line.place) != (had.outcome, &had.place))
    });
    let extra = extra(tx, cx, call, lines.iter(), &earlier).await?;
    if upheld_since || moved || extra != store::extra_seats_of(tx, &cx.district, (call.no, run.no)).await? {
        return Err(select::stale());
    }
    Ok(earlier)
}

async fn no_offer_open(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<()> {
    let offers = store::offers(tx, &cx.district, call_no).await?;
    if offers.iter().any(|offer| offer.state == OfferState::Open) {
        let message = "연락 중인 예비자가 있습니다. 답을 받거나 기한이 지난 뒤에 할 수 있습니다.";
        return Err(Refusal::new("offer-open", "모집공고 예비자", message).into());
    }
    Ok(())
}

fn had(earlier: &[Line], app_no: i64) -> Option<&Line> {
    earlier.iter().find(|line| line.app_no == app_no)
}

/// Whether her turn came with the result that is replaced.
fn is_settled(line: &Line) -> bool {
    line.outcome.has_seat() || line.outcome == Standing::Passed
}

/// Whether the new run gives her a seat that she did not have before.
pub(crate) fn gains(line: &Line, earlier: &[Line]) -> bool {
    line.outcome.has_seat() && !had(earlier, line.app_no).is_some_and(|had| had.outcome.has_seat())
}

/// Lets everybody keep what she had, and has whoever's result changes looked at by the confirmer.
fn carry(lines: &mut [(Line, Vec<Points>)], earlier: &[Line]) {
    for (line, _) in lines {
        let Some(had) = had(earlier, line.app_no) else { continue };
        if is_settled(had) {
            line.outcome = had.outcome;
            line.place.clone_from(&had.place);
        }
        line.borderline |= (line.outcome, line.total, line.rank) != (had.outcome, had.total, had.rank);
    }
}

/// How many more seats each place needs, so that nobody loses hers.
async fn extra<'l>(
    tx: &mut Tx,
    cx: &Cx,
    call: &Call,
    lines: impl Iterator<Item = &'l Line>,
    earlier: &[Line],
) -> Outcome<BTreeMap<String, i64>> {
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for line in lines.filter(|line| gains(line, earlier)) {
        let seats = wanted.entry(line.place.clone()).or_insert(0);
        *seats = seats.saturating_add(1);
    }
    let places = store::places(tx, &cx.district, call.no).await?;
    let mut extra = BTreeMap::new();
    for (place, gained) in wanted {
        let free = crate::seats::free(tx, cx, call.no, place_of(&places, &place)?).await?;
        if gained > free {
            extra.insert(place, gained.saturating_sub(free));
        }
    }
    Ok(extra)
}

fn place_of<'p>(places: &'p [WorkPlace], no: &str) -> Result<&'p WorkPlace, Stop> {
    places.iter().find(|place| place.no == no).ok_or_else(|| select::impossible(no))
}
