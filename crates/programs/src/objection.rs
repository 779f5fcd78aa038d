//! Objections (이의신청): taken within their days, answered within theirs.
//!
//! Owns: the due days on the business calendar, and that an open one keeps the evidence. Does not own: the
//! result that follows one that was found right (`again`). What a newcomer gets wrong: the last day. Where
//! nobody works on it, the next working day is the last.

use iljari_base::{Outcome, Refusal};
use iljari_people::residents::{self, Safe};
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::calendar::{Due, Holidays};
use crate::call::{published_of, refuse_resident_number};
use crate::intake::application_of;
use crate::model::Call;
use crate::selection::Objection;
use crate::{select, store};

/// Days in which an objection is answered (행정기본법 제36조 제2항).
pub const ANSWER_DAYS: i64 = 14;

/// Takes an objection.
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `selection-not-confirmed`, `no-such-application` | | |
/// | `objections-over` | | the days are past |
/// | `objection-open` | | an earlier one of hers still waits |
/// | `resident-number`, `objection-empty` | `words` | |
pub async fn take(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    (call_no, app_no): (i64, i64),
    words: &str,
) -> Outcome<(i64, Due)> {
    let call = published_of(tx, cx, call_no).await?;
    let (_, until) = select::confirmed(tx, cx, call_no).await?;
    let it = application_of(tx, cx, call_no, app_no).await?;
    if cx.today() > until {
        let message = format!("이의신청은 {}까지였습니다.", until.korean());
        return Err(Refusal::new("objections-over", "모집공고 이의신청", message).into());
    }
    let earlier = store::objections(tx, &cx.district, call_no).await?;
    if earlier.iter().any(|objection| objection.app_no == app_no && objection.open) {
        return Err(Refusal::new("objection-open", "", "먼저 낸 이의신청에 아직 답하지 않았습니다.").into());
    }
    refuse_resident_number(&[("words", words)])?;
    let words = words.trim();
    if words.chars().count() < 5 || words.chars().count() > 2000 {
        let message = "무엇이 다르다고 하시는지 다섯 글자 이상 2,000자까지 적어 주세요.";
        return Err(Refusal::new("objection-empty", "", message).at("words").into());
    }
    let due = Holidays::known().days_after(cx.today(), ANSWER_DAYS);
    let objection = Objection {
        no: earlier.last().map_or(0, |objection| objection.no).saturating_add(1),
        app_no,
        answer_due_on: due.on,
        open: true,
        upheld: false,
        answer: String::new(),
        answered_at: None,
        received_by: cx.actor,
        received_at: cx.now(),
    };
    let context = context(call_no, objection.no);
    let sealed = residents::seal_in(tx, cx, safe, it.evidence_box, &context, words.as_bytes()).await?;
    store::insert_objection(tx, &cx.district, call_no, &objection, sealed).await?;
    log_access(tx, cx, Access::to("이의신청 접수", Whose::Receipt(call.receipt(app_no)))).await?;
    Ok((objection.no, due))
}

fn context(call_no: i64, no: i64) -> String {
    format!("program objection {call_no} {no}")
}

/// What somebody objected, opened for whoever answers, with its line of the access log; `None` after it was destroyed.
///
/// Refusals: those of `people::residents::open_in`.
pub async fn words(tx: &mut Tx, cx: &Cx, safe: &Safe, call: &Call, objection: &Objection) -> Outcome<Option<String>> {
    let call_no = call.no;
    let Some(sealed) = store::objection_words(tx, &cx.district, call_no, objection.no).await? else { return Ok(None) };
    let it = application_of(tx, cx, call_no, objection.app_no).await?;
    if it.destroyed_at.is_some() {
        return Ok(None);
    }
    log_access(tx, cx, Access::to("이의신청 내용 보기", Whose::Receipt(call.receipt(objection.app_no)))).await?;
    let plain = residents::open_in(tx, cx, safe, it.evidence_box, &context(call_no, objection.no), &sealed).await?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}

/// Answers an objection, by another officer than the one who drew the selection up. Where it is found right
/// (`upheld`), her application is screened again and `again::draw_up` makes another result.
///
/// Refusals: `no-such-objection`, `own-selection`, `resident-number`, `answer-empty`, `already-decided`.
pub async fn answer(
    tx: &mut Tx,
    cx: &Cx,
    viewer: &Viewer,
    (call_no, no): (i64, i64),
    upheld: bool,
    answer: &str,
) -> Outcome<()> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let found = store::objections(tx, &cx.district, call_no).await?.into_iter().find(|objection| objection.no == no);
    let objection = found
        .filter(|objection| objection.open)
        .ok_or_else(|| Refusal::new("no-such-objection", "", "답을 기다리는 이의신청이 아닙니다."))?;
    if run.drawn_by == viewer.actor() {
        let message = "선발안을 만든 담당자는 그 이의신청에 답할 수 없습니다. 다른 담당자가 답해야 합니다.";
        return Err(Refusal::new("own-selection", "작성자와 확인자는 다른 사람이어야 합니다", message).into());
    }
    refuse_resident_number(&[("answer", answer)])?;
    if answer.trim().chars().count() < 5 {
        let message = "답을 다섯 글자 이상 적어 주세요. 신청한 분이 그대로 읽습니다.";
        return Err(Refusal::new("answer-empty", "", message).at("answer").into());
    }
    let when = (cx.actor, cx.now());
    if !store::answer_objection(tx, &cx.district, (call_no, no), upheld, answer.trim(), when).await? {
        return Err(Refusal::new("already-decided", "", "그 사이에 다른 담당자가 답했습니다.").into());
    }
    log_access(tx, cx, Access::to("이의신청 답변", Whose::Receipt(call.receipt(objection.app_no)))).await?;
    Ok(())
}
