//! Selecting (선발): drawn up by one officer, confirmed by another.
//!
//! Owns: the run, who stands at the cut-off, that the confirmer looked at those, and the cut-offs. Does not
//! own: the order (`ranking`) or the verdicts (`judge`). What a newcomer gets wrong: trusting the stored
//! ranks. Confirming computes them again from the item points and stops where they differ.

use std::collections::BTreeMap;

use iljari_base::{Inconsistency, Outcome, Refusal, Stop};
use iljari_people::residents::Safe;
use iljari_people::{Cx, may_confirm};
use iljari_rules::{Frozen, Key, Outcome as Verdict, Value};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::application::{Application, ApplicationState};
use crate::assigned::only_who_answers;
use crate::calendar::{Due, Holidays};
use crate::call::{published_of, refuse_resident_number};
use crate::judge::{Judged, Proof, certain, judge};
use crate::model::{Call, WorkPlace};
use crate::ranking::{Contender, Ranked, rank};
use crate::selection::{Line, Points, Run, RunState, Standing};
use crate::{again, evidence, seats, store};

/// Draws a selection up. Refusals, the most senior first:
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `call-not-published` | |
/// | `not-your-call` | the officer is not of the call's department |
/// | `still-open` | 접수 has not ended |
/// | `selection-confirmed`, `selection-waiting` | a run is public, or waits for its confirmer |
/// | `nobody-applied` | no application stands |
/// | `not-screened` | an application was not screened yet |
/// | `conflicts-open` | origins contradict each other and no document settled it |
/// | `rules-changed` | the rules are not the ones that were announced |
pub async fn draw_up(tx: &mut Tx, cx: &Cx, safe: &Safe, call_no: i64) -> Outcome<Run> {
    let call = published_of(tx, cx, call_no).await?;
    only_who_answers(tx, cx, &call).await?;
    if cx.today() <= call.terms.apply_last_on {
        let message = format!("접수가 {}까지입니다. 끝난 뒤에 선발할 수 있습니다.", call.terms.apply_last_on.korean());
        return Err(Refusal::new("still-open", "모집공고 접수 기간", message).into());
    }
    if store::confirmed_run(tx, &cx.district, call_no).await?.is_some() {
        let message = "이미 확정하고 발표한 선발입니다. 이의신청을 받아들인 때에만 다시 선발할 수 있습니다.";
        return Err(Refusal::new("selection-confirmed", "", message).into());
    }
    let earlier = store::run(tx, &cx.district, call_no).await?;
    if earlier.as_ref().is_some_and(|run| run.state == RunState::Drawn) {
        return Err(waiting());
    }
    let live = live(tx, cx, call_no).await?;
    if live.is_empty() {
        return Err(Refusal::new("nobody-applied", "", "선발할 신청이 없습니다.").into());
    }
    let lines = judged_lines(tx, cx, safe, &call, &live).await?;
    let run = Run {
        no: earlier.map_or(0, |run| run.no).saturating_add(1),
        state: RunState::Drawn,
        rules_sha256: call.rules.sha256().to_owned(),
        drawn_by: cx.actor,
        drawn_at: cx.now(),
        again: None,
    };
    store::insert_run(tx, &cx.district, call_no, &run, &lines).await?;
    Ok(run)
}

/// The applications that stand.
pub(crate) async fn live(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<Vec<Application>> {
    let all = store::applications(tx, &cx.district, call_no).await?;
    Ok(all.into_iter().filter(Application::is_live).collect())
}

/// Everybody judged by the frozen rules and ranked. Refusals: `not-screened`, `conflicts-open`, `rules-changed`,
/// `evidence-destroyed`.
pub(crate) async fn judged_lines(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    call: &Call,
    live: &[Application],
) -> Outcome<Vec<(Line, Vec<Points>)>> {
    ready(call, live)?;
    let frozen = call.rules.frozen()?;
    let places = store::places(tx, &cx.district, call.no).await?;
    let mut judged = Vec::new();
    for it in live {
        let known = evidence::open(tx, cx, safe, it).await?;
        judged.push(judge(call, frozen.rules(), &known, Proof::Seen));
    }
    Ok(lines(call, &frozen, &places, live, &judged))
}

pub(crate) fn waiting() -> Stop {
    let message = "선발안이 확인을 기다리고 있습니다. 먼저 확정하거나 돌려보내 주세요.";
    Refusal::new("selection-waiting", "", message).into()
}

pub(crate) fn stale() -> Stop {
    let message = "선발안을 만든 뒤에 신청이 바뀌었습니다. 돌려보내고 다시 만들어 주세요.";
    Refusal::new("selection-stale", "", message).into()
}

fn ready(call: &Call, live: &[Application]) -> Outcome<()> {
    let list = |wanted: &dyn Fn(&Application) -> bool| -> Vec<String> {
        live.iter().filter(|it| wanted(it)).map(|it| call.receipt(it.no)).collect()
    };
    let waiting = list(&|it| it.state == ApplicationState::Received);
    if !waiting.is_empty() {
        let message = format!("서류확인을 하지 않은 신청이 {}건 있습니다: {}.", waiting.len(), some_of(&waiting));
        return Err(Refusal::new("not-screened", "", message).into());
    }
    let open = list(&|it| it.conflicts > 0 && it.overridden.is_none());
    if !open.is_empty() {
        let message = format!(
            "말과 조회 결과가 다른 신청이 {}건 있습니다: {}. 서류로 확인해 주세요.",
            open.len(),
            some_of(&open)
        );
        return Err(Refusal::new("conflicts-open", "", message).into());
    }
    Ok(())
}

fn some_of(receipts: &[String]) -> String {
    const TOLD: usize = 5;
    let told = receipts.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    if receipts.len() > TOLD { format!("{told} 등") } else { told }
}

fn lines(
    call: &Call,
    frozen: &Frozen,
    places: &[WorkPlace],
    live: &[Application],
    judged: &[Judged],
) -> Vec<(Line, Vec<Points>)> {
    let mut ties: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for pool in pools_of(live) {
        let members: Vec<(&Application, &Judged)> =
            live.iter().zip(judged).filter(|(it, _)| it.pool == pool && runs(it)).collect();
        let values: Vec<Vec<Option<Value>>> = members.iter().map(|(_, judged)| judged.ties.clone()).collect();
        ties.extend(members.iter().map(|(it, _)| it.no).zip(frozen.tie_places(&values)));
    }
    let contenders: Vec<Contender> = live
        .iter()
        .zip(judged)
        .filter(|(it, _)| runs(it))
        .map(|(it, judged)| Contender {
            no: it.no,
            pool: it.pool.clone(),
            place: it.wanted.clone(),
            key: Key { points: judged.total(), ties: ties.get(&it.no).cloned().unwrap_or_default() },
            last: call.last_tie_key(it.no),
        })
        .collect();
    let ranked: BTreeMap<i64, Ranked> =
        rank(frozen, &contenders, &capacities(places)).into_iter().map(|ranked| (ranked.no, ranked)).collect();
    live.iter()
        .zip(judged)
        .map(|(it, judged)| {
            let ranked = ranked.get(&it.no);
            let outcome = match (it.standing_verdict(), ranked) {
                (Verdict::NotEligible, _) => Standing::NotEligible,
                (Verdict::Conditional, _) | (_, None) => Standing::Unproven,
                (Verdict::Eligible, Some(ranked)) if ranked.reserve_no.is_none() => Standing::Chosen,
                (Verdict::Eligible, Some(_)) => Standing::Reserve,
            };
            let line = Line {
                app_no: it.no,
                pool: it.pool.clone(),
                place: it.wanted.clone(),
                outcome,
                total: judged.total(),
                rank: ranked.map(|ranked| ranked.rank),
                reserve_no: ranked.and_then(|ranked| ranked.reserve_no),
                tie_places: ties.get(&it.no).cloned().unwrap_or_default(),
                // A verdict that a screener changed is looked at by the confirmer, wherever it ranks.
                borderline: ranked.is_some_and(|ranked| ranked.borderline) || it.overridden.is_some(),
                opened: None,
            };
            let points = frozen.rules().scores.iter().zip(&judged.points).map(|(item, found)| Points {
                item: item.name.clone(),
                bracket: found.row.and_then(|row| item.rows.get(row)).map(|row| row.label.clone()).unwrap_or_default(),
                points: certain(found),
            });
            (line, points.collect())
        })
        .collect()
}

/// Whether an applicant is ranked at all.
fn runs(it: &Application) -> bool {
    it.standing_verdict() == Verdict::Eligible
}

fn pools_of(live: &[Application]) -> Vec<String> {
    let mut pools: Vec<String> = live.iter().map(|it| it.pool.clone()).collect();
    pools.sort();
    pools.dedup();
    pools
}

pub(crate) fn capacities(places: &[WorkPlace]) -> BTreeMap<String, i64> {
    places.iter().map(|place| (place.no.clone(), place.capacity)).collect()
}

/// The ranking computed again from what stays when the evidence is gone: item points, tie places, 접수번호.
pub async fn recompute(tx: &mut Tx, cx: &Cx, call: &Call, run: &Run) -> Outcome<Vec<Ranked>> {
    let places = store::places(tx, &cx.district, call.no).await?;
    let frozen = call.rules.frozen()?;
    let mut contenders = Vec::new();
    for line in store::lines(tx, &cx.district, call.no, run.no).await? {
        if line.rank.is_none() {
            continue;
        }
        let points = store::points(tx, &cx.district, (call.no, run.no, line.app_no)).await?;
        contenders.push(Contender {
            no: line.app_no,
            pool: line.pool,
            // A place may have changed hands since; the wish does not.
            place: wish(tx, cx, call.no, line.app_no).await?,
            key: Key { points: points.iter().map(|points| points.points).sum(), ties: line.tie_places },
            last: call.last_tie_key(line.app_no),
        });
    }
    Ok(rank(&frozen, &contenders, &capacities(&places)))
}

async fn wish(tx: &mut Tx, cx: &Cx, call_no: i64, app_no: i64) -> Outcome<String> {
    Ok(crate::intake::application_of(tx, cx, call_no, app_no).await?.wanted)
}

/// Notes that the confirmer opened an applicant's points. Refusals: `no-selection`, `no-such-application`.
pub async fn open_line(tx: &mut Tx, cx: &Cx, call_no: i64, app_no: i64) -> Outcome<()> {
    let run = drawn(tx, cx, call_no).await?;
    if run.drawn_by != cx.actor {
        store::note_opened(tx, &cx.district, (call_no, run.no, app_no), cx.actor, cx.now()).await?;
    }
    Ok(())
}

/// Sends a run back. Refusals: `no-such-call`, `call-not-published`, `not-your-call`, `no-selection`, `own-confirmation`, `not-confirmer`, `send-back-without-reason`, `resident-number`.
pub async fn send_back(tx: &mut Tx, cx: &Cx, viewer: &Viewer, call_no: i64, reason: &str) -> Outcome<()> {
    let call = published_of(tx, cx, call_no).await?;
    only_who_answers(tx, cx, &call).await?;
    let run = drawn(tx, cx, call_no).await?;
    may_confirm(tx, viewer, run.drawn_by, cx.today()).await?;
    refuse_resident_number(&[("reason", reason)])?;
    if reason.trim().chars().count() < 5 {
        let message = "돌려보내는 까닭을 다섯 글자 이상 적어 주세요.";
        return Err(Refusal::new("send-back-without-reason", "", message).at("reason").into());
    }
    let state = RunState::SentBack { by: cx.actor, at: cx.now(), reason: reason.trim().to_owned() };
    decide(tx, cx, call_no, &run, &state).await
}

/// Confirms a run: the result is public, the seats are taken, the days to object begin.
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `call-not-published` | |
/// | `not-your-call` | the officer is not of the call's department |
/// | `no-selection` | nothing waits |
/// | those of `people::may_confirm` | `own-confirmation`, `not-confirmer` |
/// | `borderline-not-opened` | somebody at a cut-off, or with a changed verdict, was not looked at by this confirmer |
/// | `selection-stale` | something was screened or withdrawn since it was drawn up; for a run that takes the place of another, also where an objection was found right, a seat was freed or the reserve list moved |
/// | `offer-open` | a run that takes the place of another, while somebody on the reserve list is asked |
/// | `rules-changed` | the rules are not the ones that were announced |
pub async fn confirm(tx: &mut Tx, cx: &Cx, viewer: &Viewer, call_no: i64) -> Outcome<Due> {
    let call = published_of(tx, cx, call_no).await?;
    only_who_answers(tx, cx, &call).await?;
    let run = drawn(tx, cx, call_no).await?;
    may_confirm(tx, viewer, run.drawn_by, cx.today()).await?;
    let lines = store::lines(tx, &cx.district, call_no, run.no).await?;
    let unseen: Vec<String> = lines
        .iter()
        .filter(|line| line.borderline && line.opened.is_none_or(|(by, _)| by != cx.actor))
        .map(|line| call.receipt(line.app_no))
        .collect();
    if !unseen.is_empty() {
        let message = format!("경계에 있는 신청 {}건을 먼저 열어 보세요: {}.", unseen.len(), some_of(&unseen));
        return Err(Refusal::new("borderline-not-opened", "", message).into());
    }
    let live = live(tx, cx, call_no).await?;
    let since = |it: &Application| match &it.state {
        ApplicationState::Screened { at, .. } => *at > run.drawn_at,
        _ => true,
    };
    if live.len() != lines.len() || live.iter().any(since) {
        return Err(stale());
    }
    let earlier = again::hold_still(tx, cx, &call, &run, &lines).await?;
    // Ranks that the points do not give stop here.
    hold(&call, &run, &lines, &recompute(tx, cx, &call, &run).await?)?;
    let places = store::places(tx, &cx.district, call_no).await?;
    let due = Holidays::known().days_after(cx.today(), call.terms.objection_days);
    let state = RunState::Confirmed { by: cx.actor, at: cx.now(), objections_until: due.on };
    // First the run stands, with the additional seats that it gives; then the seats are taken.
    decide(tx, cx, call_no, &run, &state).await?;
    for line in lines.iter().filter(|line| again::gains(line, &earlier)) {
        let Some(place) = places.iter().find(|place| place.no == line.place) else {
            return Err(impossible(&line.place));
        };
        seats::take(tx, cx, call_no, place, line.app_no).await?;
    }
    Ok(due)
}

fn hold(call: &Call, run: &Run, lines: &[Line], again: &[Ranked]) -> Outcome<()> {
    let ranked = lines.iter().filter(|line| line.rank.is_some()).count();
    let same = again.iter().all(|ranked| {
        lines.iter().any(|line| {
            line.app_no == ranked.no && line.rank == Some(ranked.rank) && line.reserve_no == ranked.reserve_no
        })
    });
    if run.rules_sha256 != call.rules.sha256() || ranked != again.len() || !same {
        return Err(impossible(&format!("call {} run {}", call.no, run.no)));
    }
    Ok(())
}

pub(crate) fn impossible(row: &str) -> Stop {
    Inconsistency { table: "program_standing", column: "rank".to_owned(), row: row.to_owned() }.into()
}

async fn drawn(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<Run> {
    let run = store::run(tx, &cx.district, call_no).await?;
    run.filter(|run| run.state == RunState::Drawn)
        .ok_or_else(|| Refusal::new("no-selection", "", "확인을 기다리는 선발안이 없습니다.").into())
}

/// The newest confirmed run, which is the result that stands; else `selection-not-confirmed`.
pub(crate) async fn confirmed(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<(Run, iljari_base::Date)> {
    let run = store::confirmed_run(tx, &cx.district, call_no).await?;
    match run {
        Some(run) => match run.state {
            RunState::Confirmed { objections_until, .. } => Ok((run, objections_until)),
            _ => Err(not_confirmed()),
        },
        None => Err(not_confirmed()),
    }
}

fn not_confirmed() -> Stop {
    Refusal::new("selection-not-confirmed", "", "아직 선발을 확정하지 않았습니다.").into()
}

async fn decide(tx: &mut Tx, cx: &Cx, call_no: i64, run: &Run, state: &RunState) -> Outcome<()> {
    if store::decide_run(tx, &cx.district, call_no, run.no, state).await? {
        return Ok(());
    }
    let message = "그 사이에 다른 담당자가 이 선발안을 처리했습니다. 다시 열어 보세요.";
    Err(Refusal::new("already-decided", "", message).into())
}

/// The cut-off of each place: the points of the last with a seat, where somebody was left without one.
pub fn cut_offs(lines: &[Line]) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for line in lines.iter().filter(|line| line.rank.is_some() && line.reserve_no.is_none()) {
        let full = lines.iter().any(|other| other.place == line.place && other.reserve_no.is_some());
        if full {
            let least = all.entry(line.place.clone()).or_insert(line.total);
            *least = (*least).min(line.total);
        }
    }
    all
}
