//! `/office/calls/{no}/break-glass`: an application that is somebody else's, opened with a reason for half an hour.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Outcome, Refusal};
use iljari_people::residents::{LOOK_MINUTES, Safe};
use iljari_people::{ClientAddress, Cx};
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::{frame, missing, number};
use crate::assigned::break_glass;
use crate::call::published_of;

#[derive(Template)]
#[template(path = "programs/glass.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    title: String,
    receipt: String,
    remark: String,
    minutes: i64,
}

/// The form, with its warning.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, number(&no)?, FieldErrors::none(), &Typed::new()).await.map(render)
}

/// Breaks the glass, and leads to what the officer's duties let her see of it.
pub async fn open(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let (receipt, remark) = (typed.get("receipt").to_owned(), typed.get("remark").to_owned());
    let outcome: Outcome<i64> = office
        .store
        .write(move |tx| Box::pin(async move { break_glass(tx, &cx, &safe, no, (&receipt, &remark)).await }))
        .await;
    let page = if viewer.may(Duty::Record) { "applications" } else { "selection" };
    let next = outcome.as_ref().map(|app| format!("/office/calls/{no}/{page}/{app}")).unwrap_or_default();
    let again = |errors| view(&office, &prefs, &viewer, no, errors, &typed);
    answer(outcome.map(|_| ()), &next, again).await
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    typed: &Typed,
) -> Result<Page, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let call = office.store.read(move |tx| Box::pin(async move { published_of(tx, &cx, no).await })).await;
    let call = call.map_err(missing)?;
    let base = format!("/office/calls/{no}");
    let kept = |name: &str| match typed.get(name) {
        text if looks_like_resident_number(text) => String::new(),
        text => text.to_owned(),
    };
    Ok(Page {
        shell: frame(prefs, viewer, "긴급 열람")
            .crumb(&call.terms.title, base.clone())
            .here("긴급 열람")
            .faults(errors.len()),
        errors,
        base,
        title: call.terms.title,
        receipt: kept("receipt"),
        remark: kept("remark"),
        minutes: LOOK_MINUTES,
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |remark: &str, errors: FieldErrors| Page {
            shell: super::sample_shell("긴급 열람").faults(errors.len()),
            errors,
            base: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            receipt: "27-003-0012".to_owned(),
            remark: remark.to_owned(),
            minutes: LOOK_MINUTES,
        };
        let fault = Refusal::new("remark-too-short", "", "무슨 일로 여는지 5자 이상 적어 주세요.").at("remark");
        vec![
            page("", FieldErrors::none()),
            page("급함", vec![fault].into()),
            page(&"창구에 와 계십니다. ".repeat(27), FieldErrors::none()),
        ]
    }
}
