//! Pairs that may be one person: the queue, one pair with its reasons, the decision.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Actor, Refusal};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render,
    render_with, status_of,
};

use super::super::{RenderedSample, rendered, sample, see_other, who};
use super::{choices, known, or_not_found, resident_id, safe};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{
    self, Decision, DecisionLine, DecisionWanted, LOOK_AT_FROM, NewResident, OpenPair, PairReason, PairSide, ShownPair,
};
use crate::store;

/// `GET /office/residents/duplicates`.
#[derive(Template)]
#[template(path = "duplicates.html")]
pub struct DuplicatesPage {
    shell: Shell,
    pairs: Vec<OpenPair>,
    from: i64,
}

/// Lists the pairs that wait.
pub async fn list(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let safe = safe(&office)?;
    let pairs =
        office.store.write(move |tx| Box::pin(async move { residents::open_pairs(tx, &cx, &safe).await })).await?;
    Ok(render(DuplicatesPage {
        shell: Shell::office(&prefs, &viewer, "중복 확인", Desk::Duplicates)
            .crumb("담당자", "/office")
            .here("중복 확인"),
        pairs,
        from: LOOK_AT_FROM,
    }))
}

/// A decision, ready to read.
pub struct DecisionRow {
    at: String,
    decision: &'static str,
    why: &'static str,
    remark: String,
    by: String,
    score: i64,
}

/// `GET /office/residents/duplicates/{one}/{other}`.
#[derive(Template)]
#[template(path = "pair.html")]
pub struct PairPage {
    shell: Shell,
    errors: FieldErrors,
    shown: ShownPair,
    decisions: Vec<Choice>,
    reasons: Vec<Choice>,
    remark: String,
    history: Vec<DecisionRow>,
}

impl PairPage {
    fn sentence(&self) -> &'static str {
        match self.shown.decided {
            None => "두 기록이 한 사람인지 결정해 주세요",
            Some(Decision::Same) => "한 사람으로 이어 둔 두 기록입니다",
            Some(_) => "서로 다른 사람으로 결정한 두 기록입니다",
        }
    }
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    (one, other): (&str, &str),
    typed: &Typed,
    errors: FieldErrors,
) -> Result<PairPage, PageError> {
    let (pair, safe) = ((resident_id(one)?, resident_id(other)?), safe(office)?);
    let (shown, lines, officers) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let shown = residents::show_pair(tx, &cx, &safe, pair).await?;
                let lines = residents::history(tx, &cx, &safe, pair).await?;
                Ok((shown, lines, store::officers(tx, &cx.district).await?))
            })
        })
        .await
        .map_err(or_not_found)?;
    let row = |line: DecisionLine| DecisionRow {
        at: line.at.korean(),
        decision: line.decision.korean(),
        why: line.why.korean(),
        remark: line.remark.unwrap_or_default(),
        by: match line.by {
            Actor::Officer(by) => who(&officers, by),
            Actor::Operator => "운영자 명령".to_owned(),
            Actor::System => "프로그램".to_owned(),
            Actor::Demo => "시연자료".to_owned(),
        },
        score: line.score,
    };
    let remark = typed.get("remark");
    Ok(PairPage {
        shell: Shell::office(prefs, viewer, "짝 견주기", Desk::Duplicates)
            .crumb("담당자", "/office")
            .crumb("중복 확인", "/office/residents/duplicates")
            .here("짝 견주기")
            .faults(errors.len()),
        errors,
        decisions: decision_choices(shown.decided, typed.get("decision")),
        shown,
        reasons: choices(PairReason::ALL, PairReason::code, PairReason::korean, typed.get("why")),
        remark: if iljari_base::korean::looks_like_resident_number(remark) { String::new() } else { remark.to_owned() },
        history: lines.into_iter().map(row).collect(),
    })
}

fn decision_choices(decided: Option<Decision>, sent: &str) -> Vec<Choice> {
    let choice = |decision: Decision| {
        let hint = match decision {
            Decision::Same => "두 기록은 그대로 두고 서로 잇습니다. 참여 횟수를 셀 때 한 사람으로 셉니다.",
            Decision::Different => "다시 묻지 않습니다.",
            Decision::Undo => "앞의 결정을 없던 일로 하고 다시 결정을 기다립니다.",
        };
        Choice::new(decision.code(), decision.korean()).hint(hint).chosen(decision.code() == sent)
    };
    match decided {
        None => vec![choice(Decision::Same), choice(Decision::Different)],
        Some(_) => vec![choice(Decision::Undo)],
    }
}

/// Shows one pair.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((one, other)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    Ok(render(page(&office, &prefs, &viewer, cx, (&one, &other), &Typed::new(), FieldErrors::none()).await?))
}

/// Decides, or takes a decision back.
pub async fn decide(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((one, other)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (pair, safe) = ((known(&office, &viewer, &one).await?, known(&office, &viewer, &other).await?), safe(&office)?);
    let read = super::super::both(typed.get("decision").parse::<Decision>(), typed.get("why").parse::<PairReason>());
    let done = match read {
        Ok((decision, why)) => {
            let wanted = DecisionWanted { pair, decision, why, remark: typed.get("remark").to_owned() };
            let cx = cx.clone();
            office.store.write(move |tx| Box::pin(async move { residents::decide(tx, &cx, &safe, wanted).await })).await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/office/residents/duplicates/{one}/{other}"))),
        Err(stop) if stop.has("no-such-resident") || stop.has("not-a-pair") => Err(PageError::NotFound),
        Err(stop) => {
            let status = status_of(&stop);
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&office, &prefs, &viewer, cx, (&one, &other), &typed, errors).await?;
            Ok(render_with(status, page))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<DuplicatesPage>("duplicates", all);
    rendered::<PairPage>("pair", all);
}

fn sample_pair(number: u8) -> OpenPair {
    let record = |phone: &str| NewResident {
        name: sample::longest(),
        birth: sample::today(),
        phone: Some(phone.to_owned()),
        address_dong: None,
        contact_note: None,
    };
    let side = |number: u8| PairSide {
        id: sample::id(number),
        masked_name: residents::masked_name(&sample::longest()),
        birth: sample::today(),
        since: sample::now(),
    };
    let (one, other) = (record("010-0000-0000"), record("010-0000-1111"));
    OpenPair { one: side(number), other: side(number + 100), score: residents::compare(&one, &other) }
}

impl Sample for DuplicatesPage {
    fn samples() -> Vec<Self> {
        let page = |many: u8| Self {
            shell: sample::shell("중복 확인", Desk::Duplicates, &[Duty::Record]),
            pairs: (0..many).map(sample_pair).collect(),
            from: LOOK_AT_FROM,
        };
        vec![page(0), page(2), page(50)]
    }
}

impl Sample for PairPage {
    fn samples() -> Vec<Self> {
        let page = |decided: Option<Decision>, lines: u8, errors: FieldErrors| {
            let line = |_| DecisionRow {
                at: sample::now().korean(),
                decision: Decision::Same.korean(),
                why: PairReason::Documents.korean(),
                remark: "신분증을 봄 ".repeat(20),
                by: sample::longest(),
                score: 11,
            };
            Self {
                shell: sample::shell("짝 견주기", Desk::Duplicates, &[Duty::Record]).faults(errors.len()),
                errors,
                decisions: decision_choices(decided, ""),
                shown: ShownPair { pair: sample_pair(1), decided },
                reasons: choices(PairReason::ALL, PairReason::code, PairReason::korean, ""),
                remark: String::new(),
                history: (0..lines).map(line).collect(),
            }
        };
        let unknown =
            || Refusal::new("decision-unknown", "", "같은 사람인지 다른 사람인지 골라 주세요.").at("decision");
        let reason = Refusal::new("pair-reason-unknown", "", "목록에서 하나를 골라 주세요.").at("why");
        vec![
            page(None, 0, FieldErrors::none()),
            page(Some(Decision::Same), 1, FieldErrors::none()),
            page(Some(Decision::Different), 30, vec![unknown(), reason].into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use iljari_base::Stop;

    use super::*;

    #[test]
    fn both_faults_of_the_form_are_told_at_once() {
        let read = super::super::super::both("".parse::<Decision>(), "".parse::<PairReason>());
        let Err(Stop::Refused(refusals)) = read else { panic!("an empty form is refused") };
        assert_eq!(refusals.iter().filter_map(|refusal| refusal.field).collect::<Vec<_>>(), ["decision", "why"]);
    }
}
