//! `/office/seals`: what waits for the next seal, and the seals made so far.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_people::{Access, ClientAddress, Whose, log_access};
use iljari_plans::Books;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Viewer, render, render_with,
};

use super::{Names, NumberRow, book, cx, entry_row, frame};
use crate::rotate::InUse;
use crate::{rotate, seal, store};

/// One seal.
#[derive(Debug, Clone)]
pub struct SealRow {
    no: i64,
    size: i64,
    when: String,
    by: String,
}

#[derive(Template)]
#[template(path = "office/seals.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    pending: Vec<NumberRow>,
    seals: Vec<SealRow>,
    may_seal: bool,
    key: Option<InUse>,
}

/// Shows the seals.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    view(&office, &books, &prefs, &viewer, FieldErrors::none()).await.map(render)
}

/// Seals everything that is confirmed and not sealed.
pub async fn seal(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    // Pressed again it seals what is left, or finishes what a fault left behind; so the form is never used up.
    match iljari_store::once::aside(seal::seal(&office, &viewer.district, viewer.actor())).await {
        Ok(sealed) => {
            let cx = cx(&office, &viewer, &address);
            let what = sealed.map_or_else(|| "봉인할 것 없음".to_owned(), |seal| format!("봉인 {}", seal.no));
            office
                .store
                .write(move |tx| {
                    Box::pin(async move { log_access(tx, &cx, Access::to(what, Whose::Nobody)).await.map(|_| ()) })
                })
                .await?;
            Ok(Redirect::to("/office/seals").into_response())
        }
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = view(&office, &books, &prefs, &viewer, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn view(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "봉인", Desk::Seals).await?.faults(errors.len());
    let may_seal = viewer.may(Duty::Disclose);
    let today = office.clock.today();
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let pending = store::pending_entries(tx, &book.code).await?;
                let mut seals = store::seals(tx, &book.code).await?;
                seals.reverse();
                let key = rotate::in_use(tx, &book.code, today).await?;
                Ok(Page {
                    shell,
                    errors,
                    pending: pending.iter().map(|entry| entry_row(&book, &names, entry)).collect(),
                    seals: seals
                        .iter()
                        .map(|seal| SealRow {
                            no: seal.no,
                            size: seal.size,
                            when: seal.sealed_at.korean(),
                            by: names.of(seal.sealed_by),
                        })
                        .collect(),
                    may_seal,
                    key,
                })
            })
        })
        .await?;
    Ok(page)
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |pending: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("봉인", Desk::Seals).faults(errors.len()),
            errors,
            pending: (0..pending).map(super::sample_row).collect(),
            seals: (1..=i64::try_from(pending).unwrap_or(0))
                .map(|no| SealRow {
                    no,
                    size: no * 7,
                    when: "2026년 11월 5일(목) 14:03".to_owned(),
                    by: "이견본 (예시)".to_owned(),
                })
                .collect(),
            may_seal: pending > 0,
            key: (pending > 0).then(|| InUse {
                since: iljari_base::Timestamp::from_microsecond(1_791_158_400_000_000).seoul_date(),
                days: i64::try_from(pending).unwrap_or(0),
            }),
        };
        let fault = vec![iljari_base::Refusal::new("clock-behind", "", "컴퓨터 시계가 지난 봉인보다 앞에 있습니다.")];
        vec![page(0, FieldErrors::none()), page(4, fault.into()), page(100, FieldErrors::none())]
    }
}
