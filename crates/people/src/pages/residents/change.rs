//! Changing what is kept of a resident (정정): the form opens her record, and that is written down.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Refusal, Stop};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::super::{RenderedSample, both, day, rendered, sample, see_other};
use super::{choices, known, safe, shell};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, ChangeReason, NewResident, Purpose, Resident};

/// `GET /office/residents/{resident}/change`.
#[derive(Template)]
#[template(path = "change_resident.html")]
pub struct ChangePage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    name: String,
    birth: String,
    phone: String,
    address_dong: String,
    contact_note: String,
    reasons: Vec<Choice>,
}

fn page(prefs: &DisplayPrefs, viewer: &Viewer, resident: &str, typed: &Typed, errors: FieldErrors) -> ChangePage {
    let text = |name: &str| typed.get(name).to_owned();
    ChangePage {
        shell: shell(prefs, viewer, "주민 정보 고치기")
            .crumb("주민 정보", format!("/office/residents/{resident}"))
            .here("고치기")
            .faults(errors.len()),
        errors,
        id: resident.to_owned(),
        name: text("name"),
        birth: text("birth"),
        phone: text("phone"),
        address_dong: text("address_dong"),
        contact_note: text("contact_note"),
        reasons: choices(ChangeReason::ALL, ChangeReason::code, ChangeReason::korean, typed.get("why")),
    }
}

/// A record as the form shows it.
fn as_typed(her: &Resident) -> Typed {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    Typed::new()
        .with("name", her.name.clone())
        .with("birth", her.birth.to_string())
        .with("phone", or_empty(&her.phone))
        .with("address_dong", or_empty(&her.address_dong))
        .with("contact_note", or_empty(&her.contact_note))
}

/// The form with what is kept now. What may not or cannot be opened leads back to the card, which says why.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (id, safe) = (known(&office, &viewer, &resident).await?, safe(&office)?);
    let opened = office
        .store
        .write(move |tx| Box::pin(async move { residents::open(tx, &cx, &safe, id, Purpose::Rights).await }))
        .await;
    match opened {
        Ok(her) => Ok(render(page(&prefs, &viewer, &resident, &as_typed(&her), FieldErrors::none()))),
        Err(Stop::Refused(_)) => Ok(see_other(&format!("/office/residents/{id}"))),
        Err(stop) => Err(stop.into()),
    }
}

/// Changes the record.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (id, safe) = (known(&office, &viewer, &resident).await?, safe(&office)?);
    let done = match both(day(&typed, "birth"), typed.get("why").parse::<ChangeReason>()) {
        Ok((birth, why)) => {
            let filled = |name: &str| Some(typed.get(name).to_owned());
            let new = NewResident {
                name: typed.get("name").to_owned(),
                birth,
                phone: filled("phone"),
                address_dong: filled("address_dong"),
                contact_note: filled("contact_note"),
            };
            office
                .store
                .write(move |tx| {
                    Box::pin(async move { residents::change(tx, &cx, &safe, id, (new, why)).await.map(drop) })
                })
                .await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/office/residents/{id}"))),
        Err(stop) if stop.has("no-such-resident") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&prefs, &viewer, &resident, &typed.without_resident_numbers(), errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<ChangePage>("change_resident", all);
}

impl Sample for ChangePage {
    fn samples() -> Vec<Self> {
        let her = super::card::sample_resident();
        let page = |errors: FieldErrors| Self {
            shell: sample::shell("주민 정보 고치기", Desk::Residents, &[Duty::Record]).faults(errors.len()),
            errors,
            id: her.id.to_string(),
            name: her.name.clone(),
            birth: her.birth.to_string(),
            phone: her.phone.clone().unwrap_or_default(),
            address_dong: her.address_dong.clone().unwrap_or_default(),
            contact_note: her.contact_note.clone().unwrap_or_default(),
            reasons: choices(ChangeReason::ALL, ChangeReason::code, ChangeReason::korean, "moved"),
        };
        let faults = vec![
            Refusal::new("name-impossible", "", "이름을 1자에서 30자까지 적어 주세요.").at("name"),
            Refusal::new("change-reason-unknown", "", "목록에서 하나를 골라 주세요.").at("why"),
        ];
        vec![page(FieldErrors::none()), page(faults.into())]
    }
}
