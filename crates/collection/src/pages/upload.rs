//! `/office/collection/{round}/uploads/{upload}`: one upload, from its preview to its result.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::Outcome;
use iljari_people::{ClientAddress, Cx, logged};
use iljari_plans::Books;
use iljari_store::{Act, Tx};
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Typed, Viewer, answer, render};

use super::upload_view::view;
use super::{book, number};
use crate::{apply, confirm as confirming, send_back as sending, store, submit as submitting, withdraw as withdrawing};

/// What every handler below needs.
type Asked = (Arc<Office>, Books, DisplayPrefs, Viewer, ClientAddress, (i64, i64));

/// The upload as it stands now.
pub async fn show(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let place = (number(&round)?, number(&upload)?);
    view(&office, &books, &prefs, &viewer, place, FieldErrors::none(), "").await.map(render)
}

/// 확인에 올리기: every changed row becomes a staged number.
pub async fn submit(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let place = (number(&round)?, number(&upload)?);
    let asked = (office, books, prefs, viewer, address, place);
    let outcome = act(&asked, "취합 확인에 올리기", move |tx, cx, _, no| {
        Box::pin(async move { submitting::submit(tx, cx, &book, no).await.map(|_done| ()) })
    })
    .await;
    after(&asked, outcome, "").await
}

/// 확인: the second officer says yes, and the rows begin to become entries.
pub async fn confirm(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let place = (number(&round)?, number(&upload)?);
    let asked = (office, books, prefs, viewer, address, place);
    let outcome = act(&asked, "취합 확인", |tx, cx, viewer, no| {
        Box::pin(async move { confirming::confirm(tx, cx, viewer, no).await })
    })
    .await;
    if outcome.is_ok() {
        apply::begin(&asked.0, &asked.3.district, place.1);
    }
    after(&asked, outcome, "").await
}

/// Goes on with rows that a stop of the program left.
pub async fn resume(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (round, upload) = (number(&round)?, number(&upload)?);
    let district = viewer.district.clone();
    let known =
        office.store.read(move |tx| Box::pin(async move { store::upload_of(tx, &district, upload).await })).await?;
    known.filter(|known| known.round_no == round).ok_or(PageError::NotFound)?;
    apply::begin(&office, &viewer.district, upload);
    Ok(Redirect::to(&format!("/office/collection/{round}/uploads/{upload}")).into_response())
}

/// 반려: back to the department, with a reason.
pub async fn send_back(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((round, upload)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let place = (number(&round)?, number(&upload)?);
    let asked = (office, books, prefs, viewer, address, place);
    let reason = typed.get("reason").to_owned();
    let said = reason.clone();
    let outcome = act(&asked, "취합 반려", move |tx, cx, viewer, no| {
        Box::pin(async move { sending::send_back(tx, cx, viewer, no, &said).await })
    })
    .await;
    after(&asked, outcome, &reason).await
}

/// The upload is taken back.
pub async fn withdraw(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let place = (number(&round)?, number(&upload)?);
    let asked = (office, books, prefs, viewer, address, place);
    let outcome = act(&asked, "취합 거둬들이기", |tx, cx, _, no| {
        Box::pin(async move { withdrawing::withdraw(tx, cx, no).await })
    })
    .await;
    after(&asked, outcome, "").await
}

/// Runs one act on an upload and its line of the access log in one transaction.
async fn act<D>(asked: &Asked, what: &'static str, decide: D) -> Outcome<()>
where
    D: for<'t> FnOnce(&'t mut Tx, &'t Cx, &'t Viewer, i64) -> Act<'t, ()> + Send + 'static,
{
    let (office, _, _, viewer, address, (_, upload)) = asked;
    let (cx, viewer, upload) = (Cx::of(office, viewer, address), viewer.clone(), *upload);
    let done = logged(
        office,
        cx,
        move |tx, cx| Box::pin(async move { decide(tx, cx, &viewer, upload).await }),
        move |()| format!("{what} {upload}번"),
    );
    done.await
}

async fn after(asked: &Asked, outcome: Outcome<()>, typed_reason: &str) -> Result<Response, PageError> {
    let (office, books, prefs, viewer, _, place) = asked;
    let again = |errors| view(office, books, prefs, viewer, *place, errors, typed_reason);
    answer(outcome, &format!("/office/collection/{}/uploads/{}", place.0, place.1), again).await
}
