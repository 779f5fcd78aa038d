//! Finding a resident by exact name and day of birth.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Date, Refusal};
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::super::{RenderedSample, day, rendered, sample};
use super::safe;
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, Alike};

/// One record that was found.
pub struct FoundRow {
    id: String,
    name: String,
    birth: Date,
}

/// `GET /office/residents`, and the answer of a search.
#[derive(Template)]
#[template(path = "residents.html")]
pub struct ResidentsPage {
    shell: Shell,
    errors: FieldErrors,
    name: String,
    birth: String,
    /// `None` before a search.
    found: Option<Vec<FoundRow>>,
}

impl ResidentsPage {
    fn sentence(&self) -> String {
        match self.found.as_ref().map(Vec::len) {
            None => "이름과 생년월일이 모두 맞아야 찾습니다".to_owned(),
            Some(0) => "이름과 생년월일이 모두 맞는 사람이 없습니다".to_owned(),
            Some(count) => format!("이름과 생년월일이 맞는 기록이 {count}건 있습니다"),
        }
    }
}

fn page(
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    found: Option<Vec<FoundRow>>,
    errors: FieldErrors,
) -> ResidentsPage {
    ResidentsPage {
        shell: Shell::office(prefs, viewer, "주민 찾기", Desk::Residents)
            .crumb("담당자", "/office")
            .here("주민 찾기")
            .faults(errors.len()),
        errors,
        name: typed.get("name").to_owned(),
        birth: typed.get("birth").to_owned(),
        found,
    }
}

/// The empty form. What is typed never stands in an address.
pub async fn show(prefs: DisplayPrefs, viewer: Viewer) -> Result<Response, PageError> {
    Ok(render(page(&prefs, &viewer, &Typed::new(), None, FieldErrors::none())))
}

/// Searches, and shows who was found with the name half hidden.
pub async fn find(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let safe = safe(&office)?;
    let found = match day(&typed, "birth") {
        Ok(birth) => {
            let name = typed.get("name").to_owned();
            office
                .store
                .write(move |tx| Box::pin(async move { residents::find(tx, &cx, &safe, &name, birth).await }))
                .await
        }
        Err(refusal) => {
            let empty = typed.get("name").trim().is_empty();
            let name = empty.then(|| Refusal::new("name-impossible", "", "이름을 적어 주세요.").at("name"));
            Err(iljari_base::Stop::Refused(name.into_iter().chain([refusal]).collect()))
        }
    };
    let row = |alike: Alike| FoundRow { id: alike.id.to_string(), name: alike.masked_name, birth: alike.birth };
    match found {
        Ok(found) => {
            let rows = found.into_iter().map(row).collect();
            Ok(render(page(&prefs, &viewer, &typed, Some(rows), FieldErrors::none())))
        }
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let typed = typed.without_resident_numbers();
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page(&prefs, &viewer, &typed, None, errors)))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<ResidentsPage>("residents", all);
}

impl Sample for ResidentsPage {
    fn samples() -> Vec<Self> {
        let refusal = Refusal::new("name-impossible", "", "이름을 1자에서 30자까지 적어 주세요.").at("name");
        let page = |found: Option<u8>, errors: FieldErrors| Self {
            shell: sample::shell("주민 찾기", Desk::Residents, &[Duty::Record]).faults(errors.len()),
            errors,
            name: sample::longest(),
            birth: "1961-03-12".to_owned(),
            found: found.map(|many| {
                let row = |number: u8| FoundRow {
                    id: sample::id::<iljari_base::id::Resident>(number).to_string(),
                    name: crate::residents::masked_name(&sample::longest()),
                    birth: sample::today(),
                };
                (0..many).map(row).collect()
            }),
        };
        vec![
            page(None, FieldErrors::none()),
            page(None, vec![refusal].into()),
            page(Some(0), FieldErrors::none()),
            page(Some(40), FieldErrors::none()),
        ]
    }
}
