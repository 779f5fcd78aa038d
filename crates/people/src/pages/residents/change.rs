//! Changing what is kept of a resident (정정): the form opens her record, and that is written down.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Id, Refusal, Stop, id};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer,
    meanwhile, render, render_with, status_of,
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
    meanwhile: Meanwhile,
    id: String,
    name: String,
    birth: String,
    phone: String,
    address_dong: String,
    contact_note: String,
    reasons: Vec<Choice>,
}

/// What the fields of the form are called.
const LABELS: [(&str, &str); 5] = [
    ("name", "이름"),
    ("birth", "생년월일"),
    ("phone", "전화"),
    ("address_dong", "사는 동"),
    ("contact_note", "다른 연락 방법"),
];

fn page(
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    resident: &str,
    (typed, meanwhile): (&Typed, Meanwhile),
    errors: FieldErrors,
) -> ChangePage {
    let text = |name: &str| typed.get(name).to_owned();
    ChangePage {
        shell: shell(prefs, viewer, "주민 정보 고치기")
            .crumb("주민 정보", format!("/office/residents/{resident}"))
            .here("고치기")
            .faults(errors.len()),
        errors,
        meanwhile,
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
        Ok(her) => {
            let typed = as_typed(&her);
            let opened_on = Meanwhile::opened_on(&typed);
            Ok(render(page(&prefs, &viewer, &resident, (&typed, opened_on), FieldErrors::none())))
        }
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
    let id = known(&office, &viewer, &resident).await?;
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
            let (acting, safe, sent) = (cx.clone(), safe(&office)?, typed.clone());
            office
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        if let Some(now) = residents::as_it_is(tx, &acting, &safe, id).await? {
                            meanwhile::unchanged(&sent, &as_typed(&now))?;
                        }
                        residents::change(tx, &acting, &safe, id, (new, why)).await.map(drop)
                    })
                })
                .await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/office/residents/{id}"))),
        Err(stop) if stop.has("no-such-resident") => Err(PageError::NotFound),
        Err(stop) => {
            let (status, typed) = (status_of(&stop), typed.without_resident_numbers());
            let meanwhile = if meanwhile::is_changed(&stop) {
                compared(&office, cx, id, &typed).await?
            } else {
                Meanwhile::as_sent(&typed)
            };
            let errors = FieldErrors::from_stop(stop)?;
            Ok(render_with(status, page(&prefs, &viewer, &resident, (&typed, meanwhile), errors)))
        }
    }
}

/// What another officer saved, beside what this form says. It opens the record, and that is written down.
async fn compared(office: &Office, cx: Cx, id: Id<id::Resident>, typed: &Typed) -> Result<Meanwhile, PageError> {
    let safe = safe(office)?;
    let her = office
        .store
        .write(move |tx| Box::pin(async move { residents::open(tx, &cx, &safe, id, Purpose::Rights).await }))
        .await?;
    Ok(Meanwhile::compared(&as_typed(&her), typed, &LABELS))
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<ChangePage>("change_resident", all);
}

impl Sample for ChangePage {
    fn samples() -> Vec<Self> {
        let her = super::card::sample_resident();
        let page = |changed: usize, errors: FieldErrors| Self {
            shell: sample::shell("주민 정보 고치기", Desk::Residents, &[Duty::Record]).faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(changed),
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
        vec![page(0, FieldErrors::none()), page(0, faults.into()), page(5, FieldErrors::none())]
    }
}
