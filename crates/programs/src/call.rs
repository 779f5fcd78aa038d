//! The acts on a call (모집공고): draft, revise, set places, check, send back, publish.
//!
//! Owns: what must be there before a call can be public, and that two people stand behind it. Does not
//! own: how a notice looks (`notice`, `pages`). What a newcomer gets wrong: mending a published call. A
//! published one does not change; another call says what is different.

use std::collections::BTreeSet;

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Outcome, Refusal, Stop};
use iljari_disclosure::plan::{Counting, District};
use iljari_people::{Cx, may_confirm};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::model::{Call, CallState, Pool, Terms, WorkPlace};
use crate::rulebook::Rulebook;
use crate::{store, wage};

/// Longest free text of a call, in characters.
const BODY_MAX: usize = 4000;
/// Longest single line, in characters.
const LINE_MAX: usize = 200;
/// Most people at one place.
pub const CAPACITY_MAX: i64 = 500;
/// Most places of a call.
const PLACES_MAX: usize = 300;

/// Drafts a call. Refusals as in [`faults`].
pub async fn draft(tx: &mut Tx, cx: &Cx, terms: Terms, rules: Rulebook) -> Outcome<i64> {
    refuse_all(faults(&terms))?;
    let no = store::next_call_no(tx, &cx.district).await?;
    let call = Call {
        no,
        terms,
        rules,
        state: CallState::Draft,
        drafted_by: cx.actor,
        drafted_at: cx.now(),
        reason: String::new(),
    };
    store::insert_call(tx, &cx.district, &call).await?;
    let everybody = Pool { name: "일반".to_owned(), age_min: None, age_max: None };
    store::put_pools(tx, &cx.district, no, &[everybody], cx.now()).await?;
    Ok(no)
}

/// Changes a draft. Refusals: `no-such-call`, `call-not-draft`, and those of [`faults`].
pub async fn revise(tx: &mut Tx, cx: &Cx, no: i64, terms: Terms, rules: Rulebook) -> Outcome<()> {
    let call = draft_of(tx, cx, no).await?;
    refuse_all(faults(&terms))?;
    store::update_call(tx, &cx.district, &Call { terms, rules, ..call }).await
}

/// Sets a draft's pools and places anew.
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-draft` | | |
/// | `place-twice` | `places` | one 사업번호 stands twice |
/// | `place-unnamed` | `places` | number, name, site or 동 is missing |
/// | `place-capacity` | `places` | fewer than one or more than 500 people |
/// | `place-pool` | `places` | its pool is none of the call's |
/// | `pool-ages` | `pools` | the youngest is older than the oldest |
pub async fn set_places(tx: &mut Tx, cx: &Cx, no: i64, pools: Vec<Pool>, places: Vec<WorkPlace>) -> Outcome<()> {
    draft_of(tx, cx, no).await?;
    let mut refusals = Vec::new();
    let mut at = |code, message: String| refusals.push(Refusal::new(code, "", message).at("places"));
    let mut seen = BTreeSet::new();
    for place in &places {
        if !seen.insert(place.no.as_str()) {
            at("place-twice", format!("같은 사업번호({})가 두 번 있습니다. 하나만 남겨 주세요.", place.no));
        }
        if [&place.no, &place.name, &place.site, &place.dong].iter().any(|text| text.trim().is_empty()) {
            at("place-unnamed", format!("사업번호 ‘{}’ 줄에 번호, 이름, 일하는 곳, 동을 모두 적어 주세요.", place.no));
        }
        if !(1..=CAPACITY_MAX).contains(&place.capacity) {
            at("place-capacity", format!("사업번호 {}: 자리는 1에서 {CAPACITY_MAX}까지 적어 주세요.", place.no));
        }
        if !pools.iter().any(|pool| pool.name == place.pool) {
            at("place-pool", format!("사업번호 {}: 없는 모집 구분입니다({}).", place.no, place.pool));
        }
    }
    if places.len() > PLACES_MAX {
        at("too-many-places", format!("사업번호는 {PLACES_MAX}개까지 적을 수 있습니다."));
    }
    for pool in &pools {
        if pool.age_min.zip(pool.age_max).is_some_and(|(least, most)| least > most) {
            let message = format!("‘{}’ 모집 구분의 나이가 뒤바뀌었습니다.", pool.name);
            refusals.push(Refusal::new("pool-ages", "", message).at("pools"));
        }
    }
    if pools.is_empty() {
        refusals.push(Refusal::new("no-pool", "", "모집 구분을 하나 이상 적어 주세요. 예: 일반").at("pools"));
    }
    refuse_all(refusals)?;
    store::put_pools(tx, &cx.district, no, &pools, cx.now()).await?;
    store::put_places(tx, &cx.district, no, &places, cx.now()).await
}

/// Says that a draft is complete (점검). Every gap at once:
///
/// | code | when |
/// | --- | --- |
/// | `no-such-call`, `call-not-draft` | |
/// | `no-places` | nothing to apply for |
/// | `unknown-node` | a place counts for nothing in the plan of its year |
/// | `counted-by-sums` | the plan counts that project by department sums, so no person can be entered there |
/// | `rules-not-in-force` | the rules do not hold on the day that counts |
/// | `rules-of-elsewhere` | the rules are another district's |
/// | `two-years` | the months of work lie in two years |
/// | `below-minimum-wage` | the pay is below the minimum wage of a year that is worked in (`wage`) |
/// | `apply-past` | 접수 would end before today |
pub async fn check(tx: &mut Tx, cx: &Cx, book: &District, no: i64) -> Outcome<()> {
    let call = draft_of(tx, cx, no).await?;
    let places = store::places(tx, &cx.district, no).await?;
    let refusals = gaps(cx, book, &call, &places)?;
    refuse_all(refusals)?;
    let state = CallState::Checked { by: cx.actor, at: cx.now() };
    move_on(tx, cx, &call, &state, "").await
}

/// What still keeps a draft from being checked.
pub fn gaps(cx: &Cx, book: &District, call: &Call, places: &[WorkPlace]) -> Result<Vec<Refusal>, Stop> {
    let mut refusals = faults(&call.terms);
    let mut say = |code, message: String| refusals.push(Refusal::new(code, "", message));
    if places.is_empty() {
        say("no-places", "지원할 자리가 없습니다. 사업번호를 하나 이상 적어 주세요.".to_owned());
    }
    let year = call.terms.first_month().year();
    let plan = book.tree_in_force(year);
    for place in places {
        let node = place.node.as_str();
        match plan.filter(|plan| plan.node(node).is_some()) {
            None => say(
                "unknown-node",
                format!(
                    "사업번호 {}: {year}년 계획에 없는 단위사업 코드입니다({node}). 코드를 확인해 주세요.",
                    place.no
                ),
            ),
            Some(plan) if plan.counting(node, year) != Some(Counting::Individual) => say(
                "counted-by-sums",
                format!(
                    "사업번호 {}: 부서 집계로 세는 단위사업입니다({node}). 한 사람씩 기록하는 사업만 고를 수 있습니다.",
                    place.no
                ),
            ),
            Some(_) => {}
        }
    }
    let rules = call.rules.open()?;
    if !rules.in_force_on(call.terms.as_of_on) {
        let message =
            format!("규칙이 기준일({})에는 쓰이지 않습니다. 유효 기간을 확인해 주세요.", call.terms.as_of_on.korean());
        say("rules-not-in-force", message);
    }
    if rules.district.as_ref().is_some_and(|code| *code != cx.district.as_str()) {
        say("rules-of-elsewhere", "다른 구의 규칙입니다. 이 구의 규칙 파일을 골라 주세요.".to_owned());
    }
    if call.terms.work_first_on.year() != call.terms.work_last_on.year() {
        let message = "일하는 기간이 두 해에 걸칩니다. 실적은 한 해에 적으므로 해마다 나누어 공고해 주세요.";
        say("two-years", message.to_owned());
    }
    if call.terms.apply_last_on < cx.today() {
        say("apply-past", "접수가 끝나는 날이 이미 지났습니다. 날짜를 다시 정해 주세요.".to_owned());
    }
    refusals.extend(wage::refusals(&call.terms, &rules));
    Ok(refusals)
}

/// Sends a checked call back to its drafter. Refusals: `no-such-call`, `call-not-checked`, `send-back-without-reason`.
pub async fn send_back(tx: &mut Tx, cx: &Cx, no: i64, reason: &str) -> Outcome<()> {
    let call = checked_of(tx, cx, no).await?;
    if reason.trim().chars().count() < 5 {
        let message = "돌려보내는 까닭을 다섯 글자 이상 적어 주세요.";
        return Err(Refusal::new("send-back-without-reason", "", message).at("reason").into());
    }
    refuse_resident_number(&[("reason", reason)])?;
    move_on(tx, cx, &call, &CallState::Draft, reason.trim()).await
}

/// Publishes a checked call: from now on everybody sees it and nothing of it changes.
///
/// Refusals: `no-such-call`, `call-not-checked`, those of `people::may_confirm` (`own-confirmation` for whoever
/// drafted or checked it, `not-confirmer`), and every gap of [`check`] that has opened since.
pub async fn publish(tx: &mut Tx, cx: &Cx, viewer: &Viewer, book: &District, no: i64) -> Outcome<()> {
    let call = checked_of(tx, cx, no).await?;
    let CallState::Checked { by, .. } = call.state else { return Err(not_checked()) };
    may_confirm(tx, viewer, by, cx.today()).await?;
    may_confirm(tx, viewer, call.drafted_by, cx.today()).await?;
    let places = store::places(tx, &cx.district, no).await?;
    refuse_all(gaps(cx, book, &call, &places)?)?;
    let state = CallState::Published { checked_by: by, by: cx.actor, at: cx.now() };
    move_on(tx, cx, &call, &state, "").await
}

/// What is wrong with the terms themselves, each beside its field.
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `resident-number` | any text | it looks like a resident number |
/// | `empty` | title, program, hours, contact | nothing is written |
/// | `too-long` | any text | it is longer than fits |
/// | `apply-order` | `apply_last_on` | 접수 would end before it begins |
/// | `result-order` | `result_on` | the result would come before 접수 ends |
/// | `work-order` | `work_first_on` | work would begin before the result |
/// | `work-end` | `work_last_on` | work would end before it begins |
/// | `objection-days` | `objection_days` | fewer than 3 or more than 90 |
/// | `answer-days` | `answer_days` | fewer than 1 or more than 15 |
/// | `wage` | `wage_hourly` | no amount |
pub fn faults(terms: &Terms) -> Vec<Refusal> {
    let documents = terms.documents.join("\n");
    let texts = [
        ("title", terms.title.as_str(), LINE_MAX, true),
        ("program", &terms.program, LINE_MAX, true),
        ("hours", &terms.hours, LINE_MAX, true),
        ("contact", &terms.contact, LINE_MAX, true),
        ("pay_note", &terms.pay_note, BODY_MAX, false),
        ("documents", &documents, BODY_MAX, false),
        ("body", &terms.body, BODY_MAX, false),
    ];
    let mut refusals = resident_numbers(&texts.map(|(field, text, ..)| (field, text)));
    for (field, text, most, needed) in texts {
        let length = text.chars().count();
        if needed && text.trim().is_empty() {
            refusals.push(Refusal::new("empty", "", "비어 있습니다. 적어 주세요.").at(field));
        }
        if length > most {
            let message = format!("{most}자까지 적을 수 있습니다. 지금은 {length}자입니다.");
            refusals.push(Refusal::new("too-long", "", message).at(field));
        }
    }
    let mut order = |wrong: bool, code, field, message: &str| {
        if wrong {
            refusals.push(Refusal::new(code, "", message).at(field));
        }
    };
    order(terms.apply_last_on < terms.apply_first_on, "apply-order", "apply_last_on", "접수가 시작하기 전에 끝납니다.");
    order(terms.result_on <= terms.apply_last_on, "result-order", "result_on", "발표는 접수가 끝난 뒤여야 합니다.");
    order(terms.work_first_on < terms.result_on, "work-order", "work_first_on", "일은 발표한 뒤에 시작해야 합니다.");
    order(terms.work_last_on < terms.work_first_on, "work-end", "work_last_on", "일이 시작하기 전에 끝납니다.");
    let days = "3일에서 90일 사이로 정해 주세요.";
    order(!(3..=90).contains(&terms.objection_days), "objection-days", "objection_days", days);
    let days = "1일에서 15일 사이로 정해 주세요.";
    order(!(1..=15).contains(&terms.answer_days), "answer-days", "answer_days", days);
    order(terms.wage_hourly <= 0, "wage", "wage_hourly", "시간당 금액을 적어 주세요.");
    refusals
}

/// The refusal that a resident number typed anywhere gets: on the spot, nothing is kept.
pub(crate) fn resident_numbers(texts: &[(&'static str, &str)]) -> Vec<Refusal> {
    let message = "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.";
    let found = texts.iter().filter(|(_, text)| looks_like_resident_number(text));
    found.map(|(field, _)| Refusal::new("resident-number", "개인정보 보호법 제24조의2", message).at(field)).collect()
}

pub(crate) fn refuse_resident_number(texts: &[(&'static str, &str)]) -> Outcome<()> {
    refuse_all(resident_numbers(texts))
}

pub(crate) fn refuse_all(refusals: Vec<Refusal>) -> Outcome<()> {
    if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
}

/// A call of the district, or `no-such-call`.
pub(crate) async fn call_of(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Call> {
    let found = store::call_of(tx, &cx.district, no).await?;
    found.ok_or_else(|| Refusal::new("no-such-call", "", "모집공고를 찾지 못했습니다.").into())
}

/// A published call of the district, or `no-such-call`, `call-not-published`.
pub(crate) async fn published_of(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Call> {
    let call = call_of(tx, cx, no).await?;
    if call.is_public() {
        return Ok(call);
    }
    Err(Refusal::new("call-not-published", "", "아직 공고하지 않은 모집입니다.").into())
}

async fn draft_of(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Call> {
    let call = call_of(tx, cx, no).await?;
    match call.state {
        CallState::Draft => Ok(call),
        _ => {
            let message = "작성 중인 공고만 고칠 수 있습니다. 확인을 기다리는 공고는 먼저 돌려받아 주세요.";
            Err(Refusal::new("call-not-draft", "", message).into())
        }
    }
}

async fn checked_of(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Call> {
    let call = call_of(tx, cx, no).await?;
    if matches!(call.state, CallState::Checked { .. }) { Ok(call) } else { Err(not_checked()) }
}

fn not_checked() -> Stop {
    Refusal::new("call-not-checked", "", "확인을 기다리는 공고가 아닙니다. 다른 담당자가 먼저 처리했을 수 있습니다.")
        .into()
}

async fn move_on(tx: &mut Tx, cx: &Cx, call: &Call, state: &CallState, reason: &str) -> Outcome<()> {
    if store::move_call(tx, &cx.district, call, state, reason).await? {
        return Ok(());
    }
    let message = "그 사이에 다른 담당자가 이 공고를 처리했습니다. 다시 열어 보세요.";
    Err(Refusal::new("already-decided", "", message).into())
}
