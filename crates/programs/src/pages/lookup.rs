//! `/office/calls/{no}/lookup`: the list goes out with its reason, the answer sheet comes in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx, download_reason};
use iljari_sheets::{Reader, http_status};
use iljari_web::{
    DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer as web_answer, render,
    render_with,
};

use super::{frame, number};
use crate::lookup::{Answered, answer, answer_columns, export};
use crate::store;

#[derive(Template)]
#[template(path = "programs/lookup.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    title: String,
    columns: Vec<(String, String)>,
    reason: String,
    answered: Option<usize>,
    conflicts: Vec<(String, String)>,
}

/// The page.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, number(&no)?, FieldErrors::none(), "", None).await.map(render)
}

/// The list as a file. A POST, because it needs a reason and leaves a line in the access log.
pub async fn list(
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
    let outcome = match download_reason(typed.get("reason")) {
        Err(refusal) => Err(Stop::from(refusal)),
        Ok(reason) => {
            office.store.write(move |tx| Box::pin(async move { export(tx, &cx, &safe, no, reason).await })).await
        }
    };
    match outcome.and_then(|taken| taken.map_err(Stop::from)) {
        Ok(list) => {
            let (kind, ending, bytes) = if typed.get("format") == "csv" {
                ("text/csv; charset=utf-8", "csv", list.csv())
            } else {
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                (kind, "xlsx", list.xlsx("자격 조회", office.clock.today())?)
            };
            let name = format!("attachment; filename=\"lookup-{no}.{ending}\"");
            Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
        }
        Err(stop) => {
            let again = |errors| view(&office, &prefs, &viewer, no, errors, typed.get("reason"), None);
            web_answer(Err(stop), "", again).await
        }
    }
}

/// Takes an answer sheet in; it is read in a process of its own.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(reader): Extension<Arc<Reader>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let outcome: Outcome<Answered> = async {
        let (name, bytes) = one_file(form).await?;
        let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
        let grid = reader.read(&bytes, &name).await?;
        office.store.write(move |tx| Box::pin(async move { answer(tx, &cx, &safe, no, &name, &grid).await })).await
    }
    .await;
    match outcome {
        Ok(answered) => view(&office, &prefs, &viewer, no, FieldErrors::none(), "", Some(answered)).await.map(render),
        Err(stop) => {
            let status = stop.refusals().first().map_or(422, |refusal| http_status(refusal.code));
            let at_file = |refusal: Refusal| refusal.at("file");
            let stop = match stop {
                Stop::Refused(refusals) => Stop::Refused(refusals.into_iter().map(at_file).collect()),
                other => other,
            };
            let errors = FieldErrors::from_stop(stop)?;
            let page = view(&office, &prefs, &viewer, no, errors, "", None).await?;
            Ok(render_with(StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), page))
        }
    }
}

/// The one file of a form.
pub(super) async fn one_file(form: Result<Multipart, MultipartRejection>) -> Outcome<(String, Vec<u8>)> {
    let none = || Stop::from(Refusal::new("no-file", "", "올릴 파일을 골라 주세요.").at("file"));
    let broken = |_| -> Stop {
        let message = "파일을 끝까지 받지 못했습니다. 20MB까지 올릴 수 있습니다.";
        Refusal::new("sheet-too-large", "", message).at("file").into()
    };
    let mut form = form.map_err(|_| none())?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken)?.to_vec();
            return if name.is_empty() { Err(none()) } else { Ok((name, bytes)) };
        }
    }
    Err(none())
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    reason: &str,
    answered: Option<Answered>,
) -> Result<Page, PageError> {
    let district = viewer.district.clone();
    let found = office.store.read(move |tx| Box::pin(async move { store::call_of(tx, &district, no).await })).await?;
    let call = found.filter(crate::model::Call::is_public).ok_or(PageError::NotFound)?;
    let rules = call.rules.open()?;
    let base = format!("/office/calls/{no}");
    let shell =
        frame(prefs, viewer, "자격 조회").crumb(&call.terms.title, base.clone()).here("자격 조회").faults(errors.len());
    Ok(Page {
        shell,
        errors,
        base,
        title: call.terms.title,
        columns: answer_columns(&rules),
        reason: reason.to_owned(),
        answered: answered.as_ref().map(|answered| answered.applications),
        conflicts: answered.map(|answered| answered.conflicts).unwrap_or_default(),
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |answered: Option<usize>, conflicts: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("자격 조회").faults(errors.len()),
            errors,
            base: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            columns: vec![("자격: 소득".to_owned(), "충족, 미충족, 미확인".to_owned())],
            reason: String::new(),
            answered,
            conflicts: (0..conflicts)
                .map(|nth| (format!("27-003-{nth:04}"), "‘가구소득’이 서로 다릅니다: 본인 0원, 조회 5원.".to_owned()))
                .collect(),
        };
        let fault = Refusal::new("answer-unreadable", "", "3행: 조회일: 날짜를 적어 주세요.").at("file");
        vec![
            page(None, 0, FieldErrors::none()),
            page(None, 0, vec![fault].into()),
            page(Some(900), 200, FieldErrors::none()),
        ]
    }
}
