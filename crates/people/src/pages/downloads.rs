//! Large lists that somebody asked for: what waits for a second officer, what was answered.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::Refusal;
use iljari_web::filters;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Viewer, render, render_with,
};

use super::{RenderedSample, rendered, sample, see_other, who};
use crate::cx::{ClientAddress, Cx};
use crate::downloads::{self, Answer, RELEASE_HOURS, ROWS_ALONE, Request};
use crate::model::Officer;
use crate::store;

/// A request, ready to read.
pub struct RequestRow {
    no: i64,
    what: String,
    rows: i64,
    reason: String,
    asked_by: String,
    asked_at: String,
    /// The word, who said it, when.
    answer: Option<(&'static str, String, String)>,
    used_at: Option<String>,
    own: bool,
}

/// `GET /office/downloads`.
#[derive(Template)]
#[template(path = "downloads.html")]
pub struct DownloadsPage {
    shell: Shell,
    errors: FieldErrors,
    requests: Vec<RequestRow>,
    /// How many rows go with one officer.
    alone: i64,
    /// How long a release holds.
    hours: i64,
}

impl DownloadsPage {
    fn waiting(&self) -> usize {
        self.requests.iter().filter(|request| request.answer.is_none()).count()
    }
}

fn row(request: Request, officers: &[Officer], viewer: &Viewer) -> RequestRow {
    RequestRow {
        no: request.no,
        what: request.what,
        rows: request.rows,
        reason: request.reason,
        asked_by: who(officers, request.asked_by),
        asked_at: request.asked_at.korean(),
        answer: request.answer.map(|(answer, by, at)| (answer.korean(), who(officers, by), at.korean())),
        used_at: request.used_at.map(iljari_base::Timestamp::korean),
        own: request.asked_by == viewer.officer,
    }
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    errors: FieldErrors,
) -> Result<DownloadsPage, PageError> {
    let district = viewer.district.clone();
    let (requests, officers) = office
        .store
        .read(move |tx| {
            Box::pin(
                async move { Ok((downloads::requests(tx, &district).await?, store::officers(tx, &district).await?)) },
            )
        })
        .await?;
    Ok(DownloadsPage {
        shell: Shell::office(prefs, viewer, "내려받기 승인", Desk::Downloads)
            .crumb("담당자", "/office")
            .here("내려받기 승인")
            .faults(errors.len()),
        errors,
        requests: requests.into_iter().map(|request| row(request, &officers, viewer)).collect(),
        alone: ROWS_ALONE,
        hours: RELEASE_HOURS,
    })
}

/// What waits, and what was answered.
pub async fn list(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    Ok(render(page(&office, &prefs, &viewer, FieldErrors::none()).await?))
}

/// Lets a list go, once.
pub async fn release(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    answer(&office, &prefs, &viewer, &address, &no, Answer::Released).await
}

/// Keeps it in the house.
pub async fn refuse(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    answer(&office, &prefs, &viewer, &address, &no, Answer::Refused).await
}

async fn answer(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    address: &ClientAddress,
    no: &str,
    said: Answer,
) -> Result<Response, PageError> {
    let no = no.parse().map_err(|_| PageError::NotFound)?;
    let (cx, by) = (Cx::of(office, viewer, address), viewer.clone());
    let act = office.store.write(move |tx| Box::pin(async move { downloads::answer(tx, &cx, &by, no, said).await }));
    match act.await {
        Ok(()) => Ok(see_other("/office/downloads")),
        Err(stop) if stop.has("no-such-download") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page(office, prefs, viewer, errors).await?))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<DownloadsPage>("downloads", all);
}

impl Sample for DownloadsPage {
    fn samples() -> Vec<Self> {
        let request = |number: i64| RequestRow {
            no: number,
            what: format!("모집공고 {number}번 자격 조회 명단"),
            rows: 501 + number * 777,
            reason: "자격 조회를 의뢰하려고 내려받습니다 ".repeat(5),
            asked_by: sample::longest(),
            asked_at: sample::now().korean(),
            answer: (number % 3 != 0).then(|| {
                let answer = if number % 3 == 1 { Answer::Released } else { Answer::Refused };
                (answer.korean(), sample::longest(), sample::now().korean())
            }),
            used_at: (number % 6 == 1).then(|| sample::now().plus_seconds(600).korean()),
            own: number % 6 == 0,
        };
        let page = |many: i64, errors: FieldErrors| Self {
            shell: sample::shell("내려받기 승인", Desk::Downloads, &[Duty::Confirm]).faults(errors.len()),
            errors,
            requests: (0..many).map(request).collect(),
            alone: ROWS_ALONE,
            hours: RELEASE_HOURS,
        };
        let refusal = Refusal::new("already-answered", "", "이미 답한 부탁입니다.");
        vec![page(0, FieldErrors::none()), page(7, vec![refusal].into()), page(200, FieldErrors::none())]
    }
}
