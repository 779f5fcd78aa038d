//! Planted records, for the auditors: who found or opened one, and planting another.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Actor, Refusal};
use iljari_store::Tx;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::super::{RenderedSample, day, rendered, sample, see_other};
use super::safe;
use crate::access::{Access, Whose, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, HoneyAlarm, NewResident};
use crate::store;

/// An alarm, ready to read.
pub struct AlarmRow {
    at: String,
    officer: String,
    act: String,
    resident: String,
}

/// `GET /office/residents/honey`.
#[derive(Template)]
#[template(path = "honey.html")]
pub struct HoneyPage {
    shell: Shell,
    errors: FieldErrors,
    rows: Vec<AlarmRow>,
    planted: usize,
    name: String,
    birth: String,
}

async fn read(tx: &mut Tx, cx: &Cx) -> iljari_base::Outcome<(Vec<AlarmRow>, usize)> {
    log_access(tx, cx, Access::to("미끼 기록 점검", Whose::AllOfficers)).await?;
    let officers = store::officers(tx, &cx.district).await?;
    let name = |alarm: &HoneyAlarm| match Actor::from_text(&alarm.actor) {
        Some(Actor::Officer(officer)) => officers
            .iter()
            .find(|known| known.id == officer)
            .map_or_else(|| alarm.account.clone(), |known| known.name.clone()),
        _ => alarm.account.clone(),
    };
    let row = |alarm: &HoneyAlarm| AlarmRow {
        at: alarm.at.map(|at| at.korean()).unwrap_or_default(),
        officer: name(alarm),
        act: alarm.act.clone(),
        resident: alarm.resident.to_string(),
    };
    let rows = residents::honey_alarms(tx, cx).await?.iter().map(row).collect();
    Ok((rows, residents::planted(tx, cx).await?))
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<HoneyPage, PageError> {
    let (rows, planted) = office.store.write(move |tx| Box::pin(async move { read(tx, &cx).await })).await?;
    Ok(HoneyPage {
        shell: Shell::office(prefs, viewer, "미끼 기록", Desk::AccessLog)
            .crumb("담당자", "/office")
            .crumb("접속기록", "/office/access-log")
            .here("미끼 기록")
            .faults(errors.len()),
        errors,
        rows,
        planted,
        name: typed.get("name").to_owned(),
        birth: typed.get("birth").to_owned(),
    })
}

/// The alarms.
pub async fn list(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    Ok(render(page(&office, &prefs, &viewer, cx, &Typed::new(), FieldErrors::none()).await?))
}

/// Plants a record.
pub async fn plant(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (safe, acting) = (safe(&office)?, cx.clone());
    let done = match day(&typed, "birth") {
        Ok(birth) => {
            let name = typed.get("name").to_owned();
            let new = NewResident { name, birth, phone: None, address_dong: None, contact_note: None };
            office
                .store
                .write(move |tx| Box::pin(async move { residents::plant(tx, &acting, &safe, new).await.map(drop) }))
                .await
        }
        Err(refusal) => Err(refusal.into()),
    };
    answered(&office, &prefs, &viewer, cx, typed, done).await
}

/// Notes that the alarms were seen.
pub async fn seen(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let acting = cx.clone();
    let done =
        office.store.write(move |tx| Box::pin(async move { residents::mark_alarms_seen(tx, &acting).await })).await;
    answered(&office, &prefs, &viewer, cx, Typed::new(), done).await
}

async fn answered(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    typed: Typed,
    done: iljari_base::Outcome<()>,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(see_other("/office/residents/honey")),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(office, prefs, viewer, cx, &typed.without_resident_numbers(), errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<HoneyPage>("honey", all);
}

impl Sample for HoneyPage {
    fn samples() -> Vec<Self> {
        let row = |_| AlarmRow {
            at: sample::now().korean(),
            officer: "한시범 (예시)".to_owned(),
            act: "주민 정보 열람(접수)".to_owned(),
            resident: sample::id::<iljari_base::id::Resident>(1).to_string(),
        };
        let page = |rows: usize, errors: FieldErrors| Self {
            shell: sample::shell("미끼 기록", Desk::AccessLog, &[Duty::Audit]).faults(errors.len()),
            errors,
            rows: (0..rows).map(row).collect(),
            planted: 3,
            name: sample::longest(),
            birth: "1961-03-12".to_owned(),
        };
        let refusal = Refusal::new("name-known", "", "아무도 찾을 까닭이 없는 이름을 지어내 주세요.").at("name");
        vec![page(0, FieldErrors::none()), page(2, vec![refusal].into()), page(200, FieldErrors::none())]
    }
}
