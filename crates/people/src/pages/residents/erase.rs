//! Erasing a resident: what goes, what stays, the promise, a reason.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Refusal, Stop};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::super::{RenderedSample, rendered, sample, see_other};
use super::{choices, known, shell};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, EraseReason, PROMISE};

/// What an officer may choose; the fourth reason is the chore's own.
const REASONS: [EraseReason; 3] = [EraseReason::Asked, EraseReason::Retention, EraseReason::Mistake];

/// `GET /office/residents/{resident}/erase`.
#[derive(Template)]
#[template(path = "erase_resident.html")]
pub struct ErasePage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    reasons: Vec<Choice>,
    promise: &'static str,
}

fn page(prefs: &DisplayPrefs, viewer: &Viewer, resident: &str, typed: &Typed, errors: FieldErrors) -> ErasePage {
    ErasePage {
        shell: shell(prefs, viewer, "주민 정보 지우기")
            .crumb("주민 정보", format!("/office/residents/{resident}"))
            .here("지우기")
            .faults(errors.len()),
        errors,
        id: resident.to_owned(),
        reasons: choices(&REASONS, EraseReason::code, EraseReason::korean, typed.get("why")),
        promise: PROMISE,
    }
}

/// The form.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    known(&office, &viewer, &resident).await?;
    Ok(render(page(&prefs, &viewer, &resident, &Typed::new(), FieldErrors::none())))
}

/// Erases, and remembers it beside the keys.
pub async fn erase(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let (id, cx) = (known(&office, &viewer, &resident).await?, Cx::of(&office, &viewer, &address));
    let done = match typed.get("why").parse::<EraseReason>() {
        Ok(why) if REASONS.contains(&why) => {
            office.store.write(move |tx| Box::pin(async move { residents::erase(tx, &cx, id, why).await })).await
        }
        Ok(_) => Err(Refusal::new("erase-reason-unknown", "", "목록에서 하나를 골라 주세요.").at("why").into()),
        Err(refusal) => Err(Stop::from(refusal)),
    };
    match done {
        Ok(()) => {
            residents::remember(&office).await?;
            Ok(see_other(&format!("/office/residents/{id}")))
        }
        Err(stop) if stop.has("no-such-resident") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&prefs, &viewer, &resident, &typed, errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<ErasePage>("erase_resident", all);
}

impl Sample for ErasePage {
    fn samples() -> Vec<Self> {
        let page = |errors: FieldErrors| Self {
            shell: sample::shell("주민 정보 지우기", Desk::Residents, &[Duty::Confirm]).faults(errors.len()),
            errors,
            id: sample::id::<iljari_base::id::Resident>(1).to_string(),
            reasons: choices(&REASONS, EraseReason::code, EraseReason::korean, ""),
            promise: PROMISE,
        };
        let refusal = Refusal::new("erase-reason-unknown", "", "목록에서 하나를 골라 주세요.").at("why");
        vec![page(FieldErrors::none()), page(vec![refusal].into())]
    }
}
