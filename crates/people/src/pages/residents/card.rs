//! One resident: the card, opened with a purpose, protected, looked at with a reason.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Date, Refusal, Stop};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::super::{RenderedSample, rendered, sample, see_other};
use super::{choices, known, or_not_found, resident_id, safe, shell};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{
    self, BreakReason, Card, CardPair, Decision, EraseReason, LOOK_MINUTES, MaskedResident, PROMISE, Purpose, Resident,
    ResidentState,
};

/// `GET /office/residents/{resident}`, and the answer of opening it.
#[derive(Template)]
#[template(path = "resident.html")]
pub struct ResidentPage {
    shell: Shell,
    errors: FieldErrors,
    card: Card,
    /// Set when it was opened just now.
    opened: Option<(Resident, Purpose)>,
    purposes: Vec<Choice>,
    may_erase: bool,
}

impl ResidentPage {
    fn sentence(&self) -> &'static str {
        match (self.card.state, &self.opened) {
            (_, Some(_)) => "열어 본 것이 접속기록에 남았습니다",
            (ResidentState::Open, None) => "목적을 골라야 가린 정보가 열립니다",
            (ResidentState::Looking, None) => "긴급 열람 중입니다. 목적을 골라 열어 주세요",
            (ResidentState::Protected, None) => "보호 대상이라 아무것도 보이지 않습니다",
            (ResidentState::Erased { .. }, None) => "지운 정보입니다",
            (ResidentState::KeyGone, None) => "여는 열쇠가 없어져 읽을 수 없습니다",
        }
    }

    fn protected(&self) -> bool {
        matches!(self.card.state, ResidentState::Protected | ResidentState::Looking)
    }

    fn living(&self) -> bool {
        !matches!(self.card.state, ResidentState::Erased { .. })
    }

    fn may_open(&self) -> bool {
        matches!(self.card.state, ResidentState::Open | ResidentState::Looking)
    }

    fn erased(&self) -> Option<(String, &'static str)> {
        match self.card.state {
            ResidentState::Erased { at, why } => Some((at.korean(), why.korean())),
            _ => None,
        }
    }

    fn minutes(&self) -> i64 {
        LOOK_MINUTES
    }

    fn promise(&self) -> &'static str {
        PROMISE
    }

    fn decided(&self, pair: &CardPair) -> &'static str {
        pair.decided.map_or("결정 기다림", Decision::korean)
    }

    fn since(&self) -> Date {
        self.card.since.seoul_date()
    }
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    cx: Cx,
    resident: &str,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<ResidentPage, PageError> {
    let (id, safe) = (resident_id(resident)?, safe(office)?);
    let card = office
        .store
        .write(move |tx| Box::pin(async move { residents::card(tx, &cx, &safe, id).await }))
        .await
        .map_err(or_not_found)?;
    Ok(ResidentPage {
        shell: shell(prefs, viewer, "주민 정보").here("주민 정보").faults(errors.len()),
        errors,
        card,
        opened: None,
        purposes: choices(Purpose::ALL, Purpose::code, Purpose::korean, typed.get("why")),
        may_erase: viewer.may(Duty::Confirm),
    })
}

/// Shows the card.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    Ok(render(page(&office, &prefs, &viewer, cx, &resident, &Typed::new(), FieldErrors::none()).await?))
}

/// Opens the record for a purpose.
pub async fn open(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (id, safe) = (known(&office, &viewer, &resident).await?, safe(&office)?);
    let opened = match typed.get("why").parse::<Purpose>() {
        Ok(purpose) => {
            let cx = cx.clone();
            office
                .store
                .write(move |tx| {
                    Box::pin(async move { Ok((residents::open(tx, &cx, &safe, id, purpose).await?, purpose)) })
                })
                .await
        }
        Err(refusal) => Err(Stop::from(refusal)),
    };
    match opened {
        Ok(opened) => {
            let mut page = page(&office, &prefs, &viewer, cx, &resident, &typed, FieldErrors::none()).await?;
            page.opened = Some(opened);
            Ok(render(page))
        }
        Err(stop) if stop.has("no-such-resident") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&office, &prefs, &viewer, cx, &resident, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Marks as protected.
pub async fn protect(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    let (id, cx) = (known(&office, &viewer, &resident).await?, Cx::of(&office, &viewer, &address));
    let done = office.store.write(move |tx| Box::pin(async move { residents::protect(tx, &cx, id).await })).await;
    done.map_err(or_not_found)?;
    Ok(see_other(&format!("/office/residents/{id}")))
}

/// Ends the protection.
pub async fn lift(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    let (id, cx) = (known(&office, &viewer, &resident).await?, Cx::of(&office, &viewer, &address));
    let done = office.store.write(move |tx| Box::pin(async move { residents::lift(tx, &cx, id).await })).await;
    done.map_err(or_not_found)?;
    Ok(see_other(&format!("/office/residents/{id}")))
}

/// `GET /office/residents/{resident}/break-glass`.
#[derive(Template)]
#[template(path = "break_glass.html")]
pub struct BreakGlassPage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    reasons: Vec<Choice>,
    remark: String,
    minutes: i64,
}

fn break_glass_page(
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    resident: &str,
    typed: &Typed,
    errors: FieldErrors,
) -> BreakGlassPage {
    let remark = typed.get("remark");
    BreakGlassPage {
        shell: shell(prefs, viewer, "긴급 열람")
            .crumb("주민 정보", format!("/office/residents/{resident}"))
            .here("긴급 열람")
            .faults(errors.len()),
        errors,
        id: resident.to_owned(),
        reasons: choices(BreakReason::ALL, BreakReason::code, BreakReason::korean, typed.get("why")),
        remark: if iljari_base::korean::looks_like_resident_number(remark) { String::new() } else { remark.to_owned() },
        minutes: LOOK_MINUTES,
    }
}

/// The form, with its warning.
pub async fn break_glass_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    known(&office, &viewer, &resident).await?;
    Ok(render(break_glass_page(&prefs, &viewer, &resident, &Typed::new(), FieldErrors::none())))
}

/// Breaks the glass.
pub async fn break_glass(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (id, safe) = (known(&office, &viewer, &resident).await?, safe(&office)?);
    let remark = typed.get("remark").to_owned();
    let done = match typed.get("why").parse::<BreakReason>() {
        Ok(why) => {
            office
                .store
                .write(move |tx| {
                    Box::pin(async move { residents::break_glass(tx, &cx, &safe, id, why, &remark).await })
                })
                .await
        }
        Err(refusal) => Err(Stop::from(refusal)),
    };
    match done {
        Ok(_) => Ok(see_other(&format!("/office/residents/{id}"))),
        Err(stop) if stop.has("no-such-resident") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = break_glass_page(&prefs, &viewer, &resident, &typed, errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<ResidentPage>("resident", all);
    rendered::<BreakGlassPage>("break_glass", all);
}

/// An invented resident.
pub(super) fn sample_resident() -> Resident {
    Resident {
        id: sample::id(1),
        name: sample::longest(),
        birth: sample::today(),
        phone: Some("010-0000-0000".to_owned()),
        address_dong: Some("나루1동".to_owned()),
        contact_note: Some("오후에 전화 ".repeat(30)),
        protected: false,
        since: sample::now(),
    }
}

impl Sample for ResidentPage {
    fn samples() -> Vec<Self> {
        let masked = MaskedResident {
            name: residents::masked_name(&sample::longest()),
            birth_year: sample::today().year(),
            phone: true,
            contact_note: false,
            address_dong: Some("나루1동".to_owned()),
        };
        let page = |state, pairs: u8, opened: bool, errors: FieldErrors| {
            let pair = |number: u8| CardPair {
                other: sample::id(number),
                decided: [None, Some(Decision::Same), Some(Decision::Different)][usize::from(number % 3)],
                score: 12,
            };
            let shown = matches!(state, ResidentState::Open | ResidentState::Looking);
            Self {
                shell: sample::shell("주민 정보", Desk::Residents, &[Duty::Record]).faults(errors.len()),
                errors,
                card: Card {
                    id: sample::id(1),
                    state,
                    masked: shown.then(|| masked.clone()),
                    pairs: (0..pairs).map(pair).collect(),
                    since: sample::now(),
                },
                opened: opened.then(|| (sample_resident(), Purpose::Screening)),
                purposes: choices(Purpose::ALL, Purpose::code, Purpose::korean, ""),
                may_erase: opened,
            }
        };
        let refusal = Refusal::new("purpose-unknown", "", "목록에서 하나를 골라 주세요.").at("why");
        let erased = ResidentState::Erased { at: sample::now(), why: EraseReason::Asked };
        vec![
            page(ResidentState::Open, 0, false, FieldErrors::none()),
            page(ResidentState::Open, 3, true, FieldErrors::none()),
            page(ResidentState::Open, 200, false, vec![refusal].into()),
            page(ResidentState::Looking, 0, true, FieldErrors::none()),
            page(ResidentState::Protected, 0, false, FieldErrors::none()),
            page(erased, 0, false, FieldErrors::none()),
            page(ResidentState::KeyGone, 0, false, FieldErrors::none()),
        ]
    }
}

impl Sample for BreakGlassPage {
    fn samples() -> Vec<Self> {
        let page = |remark: &str, errors: FieldErrors| Self {
            shell: sample::shell("긴급 열람", Desk::Residents, &[Duty::Record]).faults(errors.len()),
            errors,
            id: sample::id::<iljari_base::id::Resident>(1).to_string(),
            reasons: choices(BreakReason::ALL, BreakReason::code, BreakReason::korean, "here"),
            remark: remark.to_owned(),
            minutes: LOOK_MINUTES,
        };
        let refusal = Refusal::new("remark-too-short", "", "무슨 일로 여는지 5자 이상 적어 주세요.").at("remark");
        vec![page("", FieldErrors::none()), page(&"가".repeat(300), vec![refusal].into())]
    }
}
