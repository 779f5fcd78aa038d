//! 업무 인계: the form and what was handed over so far.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Id, Refusal, Stop, id};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{RenderedSample, both, chosen_officer, day, officer_choices, rendered, see_other, who};
use crate::cx::{ClientAddress, Cx};
use crate::handover::{self, HandoverWanted};
use crate::model::{Handover, Officer, OfficerState};
use crate::store;

/// One hand-over in the list.
pub struct HandoverRow {
    on: String,
    from: String,
    to: String,
    remark: String,
}

/// `GET /office/handover`.
#[derive(Template)]
#[template(path = "handover.html")]
pub struct HandoverPage {
    shell: Shell,
    errors: FieldErrors,
    /// Whom an administrator may hand over for; empty: only oneself.
    from_choices: Vec<Choice>,
    own_name: String,
    to_choices: Vec<Choice>,
    effective_on: String,
    remark: String,
    done: bool,
    rows: Vec<HandoverRow>,
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<HandoverPage, PageError> {
    let district = viewer.district.clone();
    let (officers, all) = office
        .store
        .read(move |tx| {
            Box::pin(async move { Ok((store::officers(tx, &district).await?, store::handovers(tx, &district).await?)) })
        })
        .await?;
    let for_others = viewer.may(Duty::Administer);
    let mine = |line: &&Handover| for_others || line.from == viewer.officer || line.to == viewer.officer;
    let row = |line: &Handover| HandoverRow {
        on: line.effective_on.korean(),
        from: who(&officers, line.from),
        to: who(&officers, line.to),
        remark: line.remark.clone(),
    };
    let staying: Vec<Officer> =
        officers.iter().filter(|officer| !matches!(officer.state, OfficerState::Left { .. })).cloned().collect();
    let own_id = viewer.officer.to_string();
    let from = if typed.get("from").is_empty() { own_id.as_str() } else { typed.get("from") };
    Ok(HandoverPage {
        shell: Shell::office(prefs, viewer, "인수인계", Desk::Handover)
            .crumb("담당자", "/office")
            .here("인수인계")
            .faults(errors.len()),
        from_choices: if for_others { officer_choices(&officers, from) } else { Vec::new() },
        own_name: viewer.name.clone(),
        to_choices: officer_choices(&staying, typed.get("to")),
        effective_on: typed.get("effective_on").to_owned(),
        remark: typed.get("remark").to_owned(),
        done: typed.get("done") == "1" && errors.is_empty(),
        errors,
        rows: all.iter().rev().filter(mine).map(row).collect(),
    })
}

/// The form and the list.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    typed: Typed,
) -> Result<Response, PageError> {
    let today = office.clock.today().to_string();
    let typed = typed.with("effective_on", today);
    Ok(render(page(&office, &prefs, &viewer, &typed, FieldErrors::none()).await?))
}

/// Reads the form. Somebody else's work is handed over by the duty 관리 only.
fn wanted(typed: &Typed, viewer: &Viewer) -> Result<HandoverWanted, Stop> {
    let from: Id<id::Officer> =
        if viewer.may(Duty::Administer) { chosen_officer(typed, "from").map_err(Stop::from)? } else { viewer.officer };
    if !viewer.may(Duty::Administer) && !typed.get("from").is_empty() && typed.get("from") != viewer.officer.to_string()
    {
        let message = "자기 업무만 인계할 수 있습니다. 다른 사람의 업무는 관리 담당자가 인계합니다.";
        return Err(Refusal::new("not-yours-to-hand-over", "", message).into());
    }
    let (to, effective_on) = both(chosen_officer(typed, "to"), day(typed, "effective_on"))?;
    Ok(HandoverWanted { from, to, effective_on, remark: typed.get("remark").to_owned() })
}

/// Hands over.
pub async fn hand_over(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let done = match wanted(&typed, &viewer) {
        Ok(wanted) => {
            office.store.write(move |tx| Box::pin(async move { handover::hand_over(tx, &cx, wanted).await })).await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other("/office/handover?done=1")),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page(&office, &prefs, &viewer, &typed, errors).await?))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<HandoverPage>("handover", all);
}

impl Sample for HandoverPage {
    fn samples() -> Vec<Self> {
        let refusal = Refusal::new("nobody-chosen", "", "담당자를 목록에서 한 사람 골라 주세요.").at("to");
        let page = |many: usize, done: bool, errors: FieldErrors| {
            let choices: Vec<Choice> =
                (0..many).map(|number| Choice::new(number.to_string(), super::sample::longest())).collect();
            Self {
                shell: super::sample::shell("인수인계", Desk::Handover, &[Duty::Record]).faults(errors.len()),
                errors,
                from_choices: choices.clone(),
                own_name: "한시범".to_owned(),
                to_choices: choices,
                effective_on: "2026-11-23".to_owned(),
                remark: String::new(),
                done,
                rows: (0..many)
                    .map(|_| HandoverRow {
                        on: super::sample::today().korean(),
                        from: super::sample::longest(),
                        to: "김보기 (kimbogi)".to_owned(),
                        remark: "부서 이동 ".repeat(20),
                    })
                    .collect(),
            }
        };
        vec![
            page(0, false, FieldErrors::none()),
            page(3, true, FieldErrors::none()),
            page(300, false, vec![refusal].into()),
        ]
    }
}
