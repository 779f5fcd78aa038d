//! Files arrive: `POST /office/collection/{round}/uploads`.
//!
//! Owns: taking the files out of the request. What a newcomer gets wrong: reading them here. A file is
//! read in a process of its own, before the act that stores it, so that nothing waits for it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::{Access, ClientAddress, Cx, Whose, log_access};
use iljari_sheets::{Reader, http_status};
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Viewer, render_with};

use super::{number, round};
use crate::hand_in::{HandedIn, Incoming, hand_in, read};

/// Takes the files in and shows what they say.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(reader): Extension<Arc<Reader>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(round_no): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let round_no = number(&round_no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let outcome = match incoming(form).await {
        Err(stop) => Err(stop),
        Ok(files) => take(&office, &reader, cx, round_no, files).await,
    };
    match outcome {
        Ok(HandedIn::New(no)) => {
            Ok(Redirect::to(&format!("/office/collection/{round_no}/uploads/{no}")).into_response())
        }
        Ok(HandedIn::Known(no)) => {
            let page = round::view(&office, &prefs, &viewer, round_no, FieldErrors::none(), Some(no)).await?;
            Ok(render_with(StatusCode::CONFLICT, page))
        }
        Err(stop) if stop.has("not-yours-to-see") => Err(PageError::NotFound),
        Err(stop) => {
            let status = stop.refusals().first().map_or(422, |refusal| http_status(refusal.code));
            let errors = FieldErrors::from_stop(stop)?;
            let page = round::view(&office, &prefs, &viewer, round_no, errors, None).await?;
            Ok(render_with(StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), page))
        }
    }
}

async fn take(office: &Office, reader: &Reader, cx: Cx, round_no: i64, files: Vec<Incoming>) -> Outcome<HandedIn> {
    let parts = match read(reader, files).await {
        Ok(parts) => parts,
        Err(stop) => {
            if stop.has("sheet-resident-number") {
                // Nothing of the file is kept, but that it was there is.
                let what = Access::to(format!("취합 {round_no}회차 파일 거절(주민등록번호)"), Whose::Nobody);
                office
                    .store
                    .write(move |tx| Box::pin(async move { log_access(tx, &cx, what).await.map(|_| ()) }))
                    .await?;
            }
            return Err(stop);
        }
    };
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let handed_in = hand_in(tx, &cx, round_no, parts).await?;
                if let HandedIn::New(no) = handed_in {
                    log_access(tx, &cx, Access::to(format!("취합 파일 올리기 {no}번"), Whose::Nobody)).await?;
                }
                Ok(handed_in)
            })
        })
        .await
}

/// The files of the form. A body that breaks off or is too large is told like any other fault.
async fn incoming(form: Result<Multipart, MultipartRejection>) -> Outcome<Vec<Incoming>> {
    // A form without files is no multipart form; it is told so like one in which none was chosen.
    let Ok(mut form) = form else { return Ok(Vec::new()) };
    let broken = |_| -> Stop {
        let message = "파일을 끝까지 받지 못했습니다. 모두 합쳐 20MB까지 올릴 수 있습니다. 나누어 다시 올려 주세요.";
        Refusal::new("sheet-too-large", "", message).at("files").into()
    };
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("files") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?.to_vec();
        files.push(Incoming { name, bytes });
    }
    Ok(files)
}
