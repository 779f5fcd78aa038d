//! `/office/disclosures/{no}/channels`: writing down where a disclosure was announced.
//!
//! Owns: the form, the list, the page that strikes a line. Does not own: the refusals (`channel`).
//! What a newcomer gets wrong: a button that removes a line. There is only one that strikes it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Date, Refusal, Stop};
use iljari_people::{ClientAddress, logged};
use iljari_web::parts::Choice;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, number, render, render_with,
};

use super::{Names, cx, frame};
use crate::channel::{self, NewAnnouncement};
use crate::model::{Announcement, Channel, Disclosure};
use crate::store;

/// One line of the list.
#[derive(Debug, Clone, Default)]
pub struct ChannelRow {
    channel: &'static str,
    day: String,
    place: String,
    by: String,
    struck: String,
    strike_href: String,
}

#[derive(Template)]
#[template(path = "office/channels.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    disclosure: String,
    public_href: String,
    here: String,
    rows: Vec<ChannelRow>,
    channels: Vec<Choice>,
    announced_on: String,
    place: String,
    may_disclose: bool,
}

#[derive(Template)]
#[template(path = "office/channel_strike.html")]
pub(super) struct StrikePage {
    shell: Shell,
    errors: FieldErrors,
    disclosure: String,
    back: String,
    here: String,
    row: ChannelRow,
    reason: String,
}

/// What both pages are made from.
struct Known {
    disclosure: Disclosure,
    told: Vec<Announcement>,
    names: Names,
}

/// Shows where a disclosure was announced, and the form of a new line.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let known = known(&office, &viewer, number(&no)?).await?;
    Ok(render(view(&office, &prefs, &viewer, &known, &Typed::new(), FieldErrors::none()).await?))
}

/// Writes a line down.
pub async fn add(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = cx(&office, &viewer, &address);
    let outcome = match read(&typed, no) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok(new) => {
            let act = logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { channel::announce(tx, cx, new).await }),
                move |line| format!("공시 {no} 알린 곳 {line} 적기"),
            );
            act.await.map(|_line| ())
        }
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&here(no)).into_response()),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let known = known(&office, &viewer, no).await?;
            let page = view(&office, &prefs, &viewer, &known, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Shows the line that is to be struck.
pub async fn strike_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path((no, line)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let known = known(&office, &viewer, number(&no)?).await?;
    let line = number(&line)?;
    Ok(render(strike_view(&office, &prefs, &viewer, &known, line, "", FieldErrors::none()).await?))
}

/// Strikes it.
pub async fn strike(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, line)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, PageError> {
    let (no, line) = (number(&no)?, number(&line)?);
    let cx = cx(&office, &viewer, &address);
    let reason = typed.get("reason").to_owned();
    let act = logged(
        &office,
        cx,
        move |tx, cx| Box::pin(async move { channel::strike(tx, cx, no, line, &reason).await }),
        move |()| format!("공시 {no} 알린 곳 {line} 긋기"),
    );
    match act.await {
        Ok(()) => Ok(Redirect::to(&here(no)).into_response()),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let known = known(&office, &viewer, no).await?;
            let page = strike_view(&office, &prefs, &viewer, &known, line, typed.get("reason"), errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

fn here(no: i64) -> String {
    format!("/office/disclosures/{no}/channels")
}

async fn known(office: &Office, viewer: &Viewer, no: i64) -> Result<Known, PageError> {
    let district = viewer.district.clone();
    let found = office.store.read(move |tx| {
        Box::pin(async move {
            let disclosures = store::disclosures(tx, &district).await?;
            let mut told = store::announcements(tx, &district).await?;
            told.retain(|line| line.disclosure_no == no);
            told.sort_by_key(|line| (line.announced_on, line.no));
            let names = Names::read(tx, &district).await?;
            let disclosure = disclosures.into_iter().find(|disclosure| disclosure.no == no);
            Ok(disclosure.map(|disclosure| Known { disclosure, told, names }))
        })
    });
    found.await?.ok_or(PageError::NotFound)
}

fn read(typed: &Typed, disclosure_no: i64) -> Result<NewAnnouncement, Vec<Refusal>> {
    let mut faults = Vec::new();
    let channel = Channel::from_text(typed.get("channel"));
    if channel.is_none() {
        faults.push(Refusal::new("channel", "", "어디에 알렸는지 골라 주세요.").at("channel"));
    }
    let text = typed.get("announced_on").trim();
    let day = text.parse::<Date>().ok();
    if day.is_none() {
        let message = match text {
            "" => "알린 날을 적어 주세요. 예: 2026-03-27".to_owned(),
            _ => format!("알린 날은 2026-03-27처럼 적어 주세요. {text:?}라고 적으셨습니다."),
        };
        faults.push(Refusal::new("announced-on", "", message).at("announced_on"));
    }
    match (channel, day) {
        (Some(channel), Some(announced_on)) => {
            Ok(NewAnnouncement { disclosure_no, channel, announced_on, place: typed.get("place").to_owned() })
        }
        _ => Err(faults),
    }
}

fn label(disclosure: &Disclosure) -> String {
    format!("{}년 공시 제{}호", disclosure.year, disclosure.no)
}

fn row(known: &Known, line: &Announcement, may_disclose: bool) -> ChannelRow {
    let struck = line.struck.as_ref().map(|(reason, at)| format!("{}에 그음. {reason}", at.seoul_date().korean()));
    ChannelRow {
        channel: line.channel.label(),
        day: line.announced_on.korean(),
        place: line.place.clone(),
        by: known.names.of(line.told_by),
        strike_href: if may_disclose && struck.is_none() {
            format!("{}/{}", here(known.disclosure.no), line.no)
        } else {
            String::new()
        },
        struck: struck.unwrap_or_default(),
    }
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    known: &Known,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let may_disclose = viewer.may(Duty::Disclose);
    let chosen = |channel: &Channel| typed.get("channel") == channel.as_str();
    let choice = |channel: Channel| Choice::new(channel.as_str(), channel.label()).chosen(chosen(&channel));
    Ok(Page {
        shell: frame(office, prefs, viewer, "알린 곳", Desk::Disclosures).await?.faults(errors.len()),
        errors,
        disclosure: label(&known.disclosure),
        public_href: format!("/districts/{}/disclosures/{}", viewer.district, known.disclosure.no),
        here: here(known.disclosure.no),
        rows: known.told.iter().map(|line| row(known, line, may_disclose)).collect(),
        channels: Channel::ALL.into_iter().map(choice).collect(),
        announced_on: typed.get("announced_on").to_owned(),
        place: typed.get("place").to_owned(),
        may_disclose,
    })
}

async fn strike_view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    known: &Known,
    line: i64,
    reason: &str,
    errors: FieldErrors,
) -> Result<StrikePage, PageError> {
    let found = known.told.iter().find(|known| known.no == line).ok_or(PageError::NotFound)?;
    Ok(StrikePage {
        shell: frame(office, prefs, viewer, "알린 곳 긋기", Desk::Disclosures).await?.faults(errors.len()),
        errors,
        disclosure: label(&known.disclosure),
        back: here(known.disclosure.no),
        here: format!("{}/{line}", here(known.disclosure.no)),
        row: row(known, found, false),
        reason: reason.to_owned(),
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let place = "https://jobs.example.kr/board/notice/2026/03/27/regional-job-target-disclosure-0001";
        let row = |nth: usize| ChannelRow {
            channel: Channel::ALL[nth % 4].label(),
            day: "2026년 3월 27일(금)".to_owned(),
            place: place.to_owned(),
            by: "이견본 (예시)".to_owned(),
            struck: if nth % 3 == 1 {
                "2026년 4월 2일(목)에 그음. 다른 공시를 다룬 기사였습니다".to_owned()
            } else {
                String::new()
            },
            strike_href: if nth % 3 == 1 { String::new() } else { format!("{}/{nth}", here(1)) },
        };
        let page = |rows: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("알린 곳", Desk::Disclosures).faults(errors.len()),
            errors,
            disclosure: "2025년 공시 제1호".to_owned(),
            public_href: "/districts/99001/disclosures/1".to_owned(),
            here: here(1),
            rows: (0..rows).map(row).collect(),
            channels: Channel::ALL.into_iter().map(|it| Choice::new(it.as_str(), it.label())).collect(),
            announced_on: String::new(),
            place: String::new(),
            may_disclose: true,
        };
        let faults = vec![
            Refusal::new("channel", "", "어디에 알렸는지 골라 주세요.").at("channel"),
            Refusal::new("place-missing", "", "올린 주소를 적어 주세요.").at("place"),
        ];
        vec![page(0, FieldErrors::none()), page(2, faults.into()), page(60, FieldErrors::none())]
    }
}

impl Sample for StrikePage {
    fn samples() -> Vec<Self> {
        let page = |place: &str, errors: FieldErrors| Self {
            shell: super::sample_shell("알린 곳 긋기", Desk::Disclosures).faults(errors.len()),
            errors,
            disclosure: "2025년 공시 제1호".to_owned(),
            back: here(1),
            here: format!("{}/1", here(1)),
            row: ChannelRow {
                channel: "언론",
                day: "2026년 3월 27일(금)".to_owned(),
                place: place.to_owned(),
                ..ChannelRow::default()
            },
            reason: String::new(),
        };
        let fault = Refusal::new("strike-without-reason", "", "왜 틀렸는지 5글자 이상 적어 주세요.").at("reason");
        vec![
            page("나루신문 ‘일자리 1,260개’ (예시)", FieldErrors::none()),
            page("나루신문", vec![fault].into()),
            page(&"아주 긴 기사 제목이 이어집니다 ".repeat(18), FieldErrors::none()),
        ]
    }
}
