//! Placed, started, left, ended (배치와 참여). A start counts once a second officer has confirmed it.
//!
//! Owns: what moves a participation on, and what of it the ledger hears. Does not own: the entry or the
//! correction (`ledger`). What a newcomer gets wrong: correcting by hand after a leave. The program's
//! counting rule says whether the job still counts, and the correction waits for a second officer.

use iljari_base::{Date, Failure, Outcome, Refusal, Stop};
use iljari_disclosure::log::words::Why;
use iljari_disclosure::plan::District;
use iljari_ledger::job::{self, NewJob};
use iljari_ledger::model::EvidenceKind;
use iljari_ledger::record;
use iljari_people::residents::{self, Safe};
use iljari_people::{Access, Cx, Whose, log_access, may_confirm};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::call::{published_of, refuse_resident_number};
use crate::counting::{Rule, left_early, node_facts};
use crate::intake::{application_of, rounds_left};
use crate::model::Call;
use crate::reserve::place_of;
use crate::work::{Participation, WorkState};
use crate::{seats, select, store};

/// Places somebody by hand (배치): at the place she was selected for, or at another one with a free seat.
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `selection-not-confirmed`, `no-such-application`, `no-such-place` | |
/// | `not-selected` | no seat is hers |
/// | `placed-already` | |
/// | `another-pool` | the place belongs to another pool |
/// | `place-full` | no seat is free there |
pub async fn place(tx: &mut Tx, cx: &Cx, (call_no, app_no): (i64, i64), place_no: &str) -> Outcome<()> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let it = application_of(tx, cx, call_no, app_no).await?;
    let to = place_of(tx, cx, call_no, place_no).await?;
    let line = store::line_of(tx, &cx.district, (call_no, run.no, app_no)).await?;
    let Some(line) = line.filter(|line| line.outcome.has_seat()) else {
        return Err(Refusal::new("not-selected", "", "선발된 분만 배치할 수 있습니다.").into());
    };
    let seen = store::participation_of(tx, &cx.district, call_no, app_no).await?;
    if seen.as_ref().is_some_and(|seen| seen.state != WorkState::Placed) {
        return Err(Refusal::new("placed-already", "", "이미 일을 시작했거나 끝난 분입니다.").into());
    }
    if to.pool != it.pool {
        let message = format!("‘{}’으로 선발된 분은 그 구분의 자리에만 배치할 수 있습니다.", it.pool);
        return Err(Refusal::new("another-pool", "모집공고 모집 구분", message).at("place").into());
    }
    let here = store::seat_of(tx, &cx.district, call_no, app_no).await?;
    if here.as_ref() != Some(&to.no) {
        store::release_seat(tx, &cx.district, call_no, app_no, cx.now()).await?;
        seats::take(tx, cx, call_no, &to, app_no).await?;
        store::set_standing(tx, &cx.district, (call_no, run.no, app_no), line.outcome, &to.no).await?;
    }
    let placed = Participation {
        app_no,
        place: to.no,
        state: WorkState::Placed,
        placed_by: cx.actor,
        placed_at: cx.now(),
        leaf_id: None,
        started_on: None,
    };
    match seen {
        None => store::insert_participation(tx, &cx.district, call_no, &placed).await?,
        Some(seen) => move_on(tx, cx, call_no, &seen, &placed).await?,
    }
    log_access(tx, cx, Access::to("배치", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(())
}

/// Writes a start down for a second officer (시작 작성).
///
/// Refusals: `no-such-participation`, `not-placed`, `start-outside`, `start-future`.
pub async fn report_start(tx: &mut Tx, cx: &Cx, (call_no, app_no): (i64, i64), on: Date) -> Outcome<()> {
    let (call, seen) = participation(tx, cx, call_no, app_no).await?;
    if seen.state != WorkState::Placed {
        return Err(Refusal::new("not-placed", "", "배치한 뒤 아직 시작하지 않은 분만 시작을 적을 수 있습니다.").into());
    }
    if on < call.terms.work_first_on || on > call.terms.work_last_on {
        let message = format!(
            "일하는 기간은 {}부터 {}까지입니다.",
            call.terms.work_first_on.korean(),
            call.terms.work_last_on.korean()
        );
        return Err(Refusal::new("start-outside", "모집공고 사업기간", message).at("started_on").into());
    }
    if on > cx.today() {
        let message = "아직 오지 않은 날입니다. 시작한 뒤에 적어 주세요.";
        return Err(Refusal::new("start-future", "", message).at("started_on").into());
    }
    let to = Participation { state: WorkState::Reported { by: cx.actor }, started_on: Some(on), ..seen.clone() };
    move_on(tx, cx, call_no, &seen, &to).await?;
    log_access(tx, cx, Access::to("참여 시작 작성", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(())
}

/// Takes a written start back. Refusals: `no-such-participation`, `not-reported`.
pub async fn take_back_start(tx: &mut Tx, cx: &Cx, (call_no, app_no): (i64, i64)) -> Outcome<()> {
    let (_, seen) = participation(tx, cx, call_no, app_no).await?;
    if !matches!(seen.state, WorkState::Reported { .. }) {
        return Err(not_reported());
    }
    let to = Participation { state: WorkState::Placed, started_on: None, ..seen.clone() };
    move_on(tx, cx, call_no, &seen, &to).await
}

/// Confirms a start: the participation, the ledger's entry and the totals together or not at all. The leaf's id
/// comes back; `None` where the counting rule has counted this seat before.
///
/// | code | when |
/// | --- | --- |
/// | `no-such-participation`, `not-reported` | |
/// | those of `people::may_confirm` | |
/// | `rounds-used-up` | she took part as often as may be, counted under lock |
/// | `unknown-node`, those of `ledger::job::enter` | |
pub async fn confirm_start(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    viewer: &Viewer,
    book: &District,
    (call_no, app_no): (i64, i64),
) -> Outcome<Option<String>> {
    let (call, seen) = participation(tx, cx, call_no, app_no).await?;
    let (WorkState::Reported { by }, Some(started_on)) = (&seen.state, seen.started_on) else {
        return Err(not_reported());
    };
    may_confirm(tx, viewer, *by, cx.today()).await?;
    let it = application_of(tx, cx, call_no, app_no).await?;
    let rules = call.rules.open()?;
    let use_no = rounds_left(tx, cx, &call, &rules, it.resident).await?;
    store::insert_round(
        tx,
        &cx.district,
        (&rules.id, it.resident),
        (use_no, call_no),
        call.terms.work_first_on,
        cx.now(),
    )
    .await?;
    let place = place_of(tx, cx, call_no, &seen.place).await?;
    let (node, year) = (place.node.clone(), call.terms.first_month().year());
    let rule = Rule::of(book, node.as_str(), year);
    let seat = store::seats(tx, &cx.district, call_no).await?.into_iter().find(|(_, _, whose)| *whose == app_no);
    let counted = match &seat {
        Some((at, seat_no, _)) => store::seats_counted(tx, &cx.district, call_no, at, *seat_no).await?,
        None => false,
    };
    let mut to = Participation { state: WorkState::Started, ..seen.clone() };
    let mut opening = None;
    if rule.start_counts(counted) {
        let facts = node_facts(book, &node, year).ok_or_else(|| {
            let message = format!("{year}년 계획에 없는 단위사업입니다({node}).");
            Stop::from(Refusal::new("unknown-node", "", message))
        })?;
        let period = call.terms.period().ok_or_else(|| Failure::new("a call's months are reversed"))?;
        let (resident, receipt) = (it.resident.to_string(), call.receipt(app_no));
        let new = NewJob {
            facts: &facts,
            period,
            evidence_kind: EvidenceKind::Document,
            remark: &call.terms.program,
            recorded_by: *by,
            stands_for: &[("resident", &resident), ("receipt", &receipt), ("place", &place.no)],
        };
        let entered = job::enter(tx, cx, viewer, new).await?;
        to.leaf_id = Some(entered.entry.leaf_id.clone());
        let plain = [entered.opening.blinding().as_slice(), entered.opening.content()].concat();
        opening =
            Some(residents::seal_for(tx, cx, safe, it.resident, &opening_context(call_no, app_no), &plain).await?);
    }
    move_on(tx, cx, call_no, &seen, &to).await?;
    store::put_opening(tx, &cx.district, call_no, app_no, cx.actor, opening).await?;
    let what = format!("참여 시작 확인({started_on})");
    log_access(tx, cx, Access::to(what, Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(to.leaf_id)
}

fn opening_context(call_no: i64, app_no: i64) -> String {
    format!("program opening {call_no} {app_no}")
}

/// What opens somebody's leaf: blinding and content, for herself. `None` where she has no leaf.
pub async fn opening(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    (call_no, app_no): (i64, i64),
) -> Outcome<Option<(Vec<u8>, Vec<u8>)>> {
    const BLINDING: usize = 32;
    let it = application_of(tx, cx, call_no, app_no).await?;
    let Some(sealed) = store::opening(tx, &cx.district, call_no, app_no).await? else { return Ok(None) };
    let plain = residents::open_for(tx, cx, safe, it.resident, &opening_context(call_no, app_no), &sealed).await?;
    Ok(plain.split_at_checked(BLINDING).map(|(blinding, content)| (blinding.to_vec(), content.to_vec())))
}

/// Somebody placed does not start (시작하지 않음): her seat is free. Refusals: `no-such-participation`, `not-placed`.
pub async fn give_up(tx: &mut Tx, cx: &Cx, (call_no, app_no): (i64, i64)) -> Outcome<()> {
    let (call, seen) = participation(tx, cx, call_no, app_no).await?;
    if seen.state != WorkState::Placed {
        return Err(Refusal::new("not-placed", "", "배치한 뒤 아직 시작하지 않은 분만 고를 수 있습니다.").into());
    }
    let to = Participation { state: WorkState::GivenUp, ..seen.clone() };
    move_on(tx, cx, call_no, &seen, &to).await?;
    store::release_seat(tx, &cx.district, call_no, app_no, cx.now()).await?;
    log_access(tx, cx, Access::to("시작하지 않음", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(())
}

/// Somebody stops (그만둠): her seat is free, and where the counting rule says so a correction waits for a second
/// officer. Whether it does comes back.
///
/// Refusals: `no-such-participation`, `not-started`, `left-outside`, `left-without-reason`, `resident-number`,
/// and those of `ledger::record::correct`.
pub async fn leave(
    tx: &mut Tx,
    cx: &Cx,
    book: &District,
    (call_no, app_no): (i64, i64),
    on: Date,
    why: &str,
) -> Outcome<bool> {
    let (call, seen) = participation(tx, cx, call_no, app_no).await?;
    let (WorkState::Started, Some(started_on)) = (&seen.state, seen.started_on) else {
        return Err(Refusal::new("not-started", "", "일하고 있는 분만 고를 수 있습니다.").into());
    };
    if on < started_on || on > cx.today() || on > call.terms.work_last_on {
        let message = format!("마지막으로 일한 날은 {}부터 오늘 사이여야 합니다.", started_on.korean());
        return Err(Refusal::new("left-outside", "", message).at("left_on").into());
    }
    refuse_resident_number(&[("why", why)])?;
    let why = why.trim();
    if why.chars().count() < 2 || why.chars().count() > 200 {
        let message = "그만둔 까닭을 두 글자 이상 200자까지 적어 주세요.";
        return Err(Refusal::new("left-without-reason", "", message).at("why").into());
    }
    let place = place_of(tx, cx, call_no, &seen.place).await?;
    let rule = Rule::of(book, place.node.as_str(), call.terms.first_month().year());
    let to = Participation { state: WorkState::Left { on, why: why.to_owned() }, ..seen.clone() };
    move_on(tx, cx, call_no, &seen, &to).await?;
    store::release_seat(tx, &cx.district, call_no, app_no, cx.now()).await?;
    let takes_back = rule.leave_takes_back(started_on, on);
    if let Some(leaf_id) = seen.leaf_id.as_ref().filter(|_| takes_back) {
        record::correct(tx, cx, leaf_id, 0, Why::Other, &left_early(&call.terms.program)).await?;
    }
    log_access(tx, cx, Access::to("중도 포기 기록", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok(takes_back && seen.leaf_id.is_some())
}

/// Ends what is over: whoever still works after the last day has finished (마침). How many.
pub async fn end_over(tx: &mut Tx, cx: &Cx, call_no: i64, last: Date) -> Outcome<u64> {
    let mut ended = 0_u64;
    for seen in store::participations(tx, &cx.district, call_no).await? {
        if seen.state == WorkState::Started {
            let to = Participation { state: WorkState::Ended { on: last }, ..seen.clone() };
            move_on(tx, cx, call_no, &seen, &to).await?;
            ended = ended.saturating_add(1);
        }
    }
    Ok(ended)
}

/// A call with somebody's participation in it, or `no-such-participation`.
pub(crate) async fn participation(tx: &mut Tx, cx: &Cx, call_no: i64, app_no: i64) -> Outcome<(Call, Participation)> {
    let call = published_of(tx, cx, call_no).await?;
    let seen = store::participation_of(tx, &cx.district, call_no, app_no).await?;
    let none = || Stop::from(Refusal::new("no-such-participation", "", "배치한 분이 아닙니다."));
    Ok((call, seen.ok_or_else(none)?))
}

fn not_reported() -> Stop {
    Refusal::new("not-reported", "", "시작 확인을 기다리는 분이 아닙니다.").into()
}

async fn move_on(tx: &mut Tx, cx: &Cx, call_no: i64, seen: &Participation, to: &Participation) -> Outcome<()> {
    if store::move_participation(tx, &cx.district, call_no, seen, to).await? {
        return Ok(());
    }
    Err(Refusal::new("already-decided", "", "그 사이에 다른 담당자가 처리했습니다. 다시 열어 보세요.").into())
}
