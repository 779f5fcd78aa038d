//! Going through an application's documents (서류확인): seen by whom, the verdict again, an override with its reason.
//!
//! Owns: what a screener may decide. Does not own: the verdict itself (`judge`). What a newcomer gets
//! wrong: overriding in silence. The computed verdict stays beside the screener's, with the reason.

use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::residents::Safe;
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_rules::Outcome as Verdict;
use iljari_store::Tx;

use crate::application::{ApplicationState, Origin};
use crate::call::{published_of, refuse_all, resident_numbers};
use crate::intake::application_of;
use crate::judge::{Judged, Proof, fault_of, judge};
use crate::{again, evidence, store};

/// Shortest and longest reason of an override, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// What a screener decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Screened {
    /// The documents that were seen, as the rules name them.
    pub seen: Vec<String>,
    /// What stands in a document and was told otherwise: facts by name.
    pub read: Vec<(String, String)>,
    /// Another verdict than the computed one, with the reason.
    pub instead: Option<(Verdict, String)>,
}

/// Screens an application; the verdict comes back. Refusals, the most senior first:
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-published`, `no-such-application` | | |
/// | `already-withdrawn` | | |
/// | `selection-confirmed` | | the result is public, and no objection of hers was found right since |
/// | `evidence-destroyed` | | |
/// | `resident-number` | `reason`, `read` | |
/// | `override-without-reason` | `reason` | shorter than five letters or too long |
/// | `unknown-document` | `seen` | no fact of the rules is proven by it |
/// | `fact-unreadable` | `read` | |
pub async fn decide(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    (call_no, no): (i64, i64),
    screened: Screened,
) -> Outcome<Judged> {
    let call = published_of(tx, cx, call_no).await?;
    let mut it = application_of(tx, cx, call_no, no).await?;
    if !it.is_live() {
        return Err(Refusal::new("already-withdrawn", "", "취하한 신청입니다.").into());
    }
    if !again::may_screen(tx, cx, call_no, no).await? {
        let message = "선발 결과를 발표했습니다. 바꾸려면 이의신청으로 접수해 주세요.";
        return Err(Refusal::new("selection-confirmed", "", message).into());
    }
    let rules = call.rules.open()?;
    let mut known = evidence::open(tx, cx, safe, &it).await?;
    let reason = screened.instead.as_ref().map(|(_, reason)| reason.trim()).unwrap_or_default();
    let read = screened.read.iter().map(|(_, text)| ("read", text.as_str()));
    let texts: Vec<(&'static str, &str)> = std::iter::once(("reason", reason)).chain(read).collect();
    refuse_all(resident_numbers(&texts))?;
    let mut refusals = Vec::new();
    if screened.instead.is_some() && !REASON.contains(&reason.chars().count()) {
        let message = "판정을 바꾸는 까닭을 다섯 글자 이상 500자까지 적어 주세요.";
        refusals.push(Refusal::new("override-without-reason", "", message).at("reason"));
    }
    for document in &screened.seen {
        if !rules.facts.iter().any(|fact| fact.document == *document) {
            let message = format!("이 공고의 서류가 아닙니다({document}).");
            refusals.push(Refusal::new("unknown-document", "", message).at("seen"));
        }
    }
    for (name, text) in &screened.read {
        let fault = match rules.facts.iter().find(|fact| fact.name == *name && !fact.from_call) {
            None => Some("이 공고가 묻지 않는 것입니다".to_owned()),
            Some(fact) => fault_of(fact, text),
        };
        if let Some(fault) = fault {
            refusals.push(Refusal::new("fact-unreadable", "", format!("{name}: {fault}.")).at("read"));
        }
    }
    refuse_all(refusals)?;
    for document in &screened.seen {
        store::put_document(tx, &cx.district, (call_no, no), document, cx.actor, cx.now()).await?;
        known.seen.insert(document.clone());
    }
    if !screened.read.is_empty() {
        known.document.facts.extend(screened.read.iter().map(|(name, text)| (name.clone(), text.trim().to_owned())));
        evidence::put(tx, cx, safe, &it, Origin::Document, &known.document).await?;
    }
    let judged = judge(&call, &rules, &known, Proof::Seen);
    it.state = ApplicationState::Screened { by: cx.actor, at: cx.now() };
    it.verdict = judged.outcome;
    it.broken = judged.broken();
    it.conflicts = i64::try_from(judged.conflicts.len()).unwrap_or(i64::MAX);
    it.override_reason = reason.to_owned();
    it.overridden = screened.instead.map(|(verdict, _)| verdict);
    store::put_verdict(tx, &cx.district, &it).await?;
    log_access(tx, cx, Access::to("서류확인", Whose::Receipt(call.receipt(no)))).await?;
    Ok(judged)
}

/// What is known of an applicant with the verdict by proven facts, for the screener's page.
pub async fn look(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    (call_no, no): (i64, i64),
) -> Outcome<(crate::model::Call, crate::application::Application, crate::application::Evidence, Judged)> {
    let call = published_of(tx, cx, call_no).await?;
    let it = application_of(tx, cx, call_no, no).await?;
    let rules = call.rules.open()?;
    let known = match evidence::open(tx, cx, safe, &it).await {
        Err(Stop::Refused(refusals)) if refusals.iter().any(|refusal| refusal.code == "evidence-destroyed") => {
            crate::application::Evidence::default()
        }
        other => other?,
    };
    let judged = judge(&call, &rules, &known, Proof::Seen);
    Ok((call, it, known, judged))
}
