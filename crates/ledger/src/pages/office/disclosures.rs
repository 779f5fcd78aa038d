//! `/office/disclosures`: putting a year out, and what was put out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Date, Refusal, Stop, Year};
use iljari_people::{Access, ClientAddress, Whose, log_access};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{Names, book, cx, frame};
use crate::disclose::{self, Wish};
use crate::store;

/// One disclosure.
#[derive(Debug, Clone)]
pub struct Row {
    no: i64,
    year: String,
    when: String,
    by: String,
    approval: String,
    remark: String,
    corrects: String,
    href: String,
    told: usize,
    told_href: String,
}

#[derive(Template)]
#[template(path = "office/disclosures.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    rows: Vec<Row>,
    years: Vec<Choice>,
    approval_no: String,
    approval_on: String,
    remark: String,
    waiting: usize,
    may_disclose: bool,
}

/// Shows the disclosures and the form of a new one.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    view(&office, &books, &prefs, &viewer, &Typed::new(), FieldErrors::none()).await.map(render)
}

/// Discloses the chosen year.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = cx(&office, &viewer, &address);
    let outcome = match read(&typed) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok(wish) => disclose::disclose(&office, &cx, wish).await,
    };
    match outcome {
        Ok(disclosure) => {
            let what = format!("{}년 공시 {}", disclosure.year, disclosure.no);
            office
                .store
                .write(move |tx| {
                    Box::pin(async move { log_access(tx, &cx, Access::to(what, Whose::Nobody)).await.map(|_| ()) })
                })
                .await?;
            let to = format!("/districts/{}/disclosures/{}", viewer.district, disclosure.no);
            Ok(Redirect::to(&to).into_response())
        }
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = view(&office, &books, &prefs, &viewer, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

fn read(typed: &Typed) -> Result<Wish, Vec<Refusal>> {
    let mut faults = Vec::new();
    let year = typed
        .get("year")
        .parse::<Year>()
        .map_err(|_| faults.push(Refusal::new("year", "", "공시할 해를 골라 주세요.").at("year")))
        .ok();
    let date = typed.get("approval_on").trim();
    let approval_on = if date.is_empty() {
        None
    } else {
        let read = date.parse::<Date>().map_err(|_| {
            faults.push(
                Refusal::new(
                    "approval-date",
                    "",
                    format!("결재 일자는 2026-03-27처럼 적어 주세요. {date:?}라고 적으셨습니다."),
                )
                .at("approval_on"),
            );
        });
        read.ok()
    };
    match year {
        Some(year) if faults.is_empty() => Ok(Wish {
            year,
            approval_no: typed.get("approval_no").to_owned(),
            approval_on,
            remark: typed.get("remark").to_owned(),
        }),
        _ => Err(faults),
    }
}

async fn view(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "공시", Desk::Disclosures).await?.faults(errors.len());
    let (may_disclose, typed) = (viewer.may(Duty::Disclose), typed.clone());
    let this_year = office.clock.today().year();
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let waiting = store::staged_waiting(tx, &book.code).await?.len();
                let counted: std::collections::BTreeSet<Year> =
                    store::totals(tx, &book.code).await?.into_iter().map(|(key, _)| key.year).collect();
                let chosen = if typed.get("year").is_empty() {
                    counted
                        .iter()
                        .rev()
                        .find(|year| **year < this_year)
                        .or(counted.last())
                        .map(ToString::to_string)
                        .unwrap_or_default()
                } else {
                    typed.get("year").to_owned()
                };
                let told = store::announcements(tx, &book.code).await?;
                let stands =
                    |no: i64| told.iter().filter(|line| line.disclosure_no == no && line.struck.is_none()).count();
                let mut rows: Vec<Row> = store::disclosures(tx, &book.code)
                    .await?
                    .iter()
                    .map(|disclosure| Row {
                        no: disclosure.no,
                        year: format!("{}년", disclosure.year),
                        when: disclosure.disclosed_at.korean(),
                        by: names.of(disclosure.disclosed_by),
                        approval: match disclosure.approval_on {
                            Some(on) => format!("{} ({})", disclosure.approval_no, on.korean()),
                            None => "없음".to_owned(),
                        },
                        remark: disclosure.remark.clone(),
                        corrects: disclosure
                            .corrects_no
                            .map(|no| format!("{no}번 공시를 바로잡음"))
                            .unwrap_or_default(),
                        href: format!("/districts/{}/disclosures/{}", book.code, disclosure.no),
                        told: stands(disclosure.no),
                        told_href: format!("/office/disclosures/{}/channels", disclosure.no),
                    })
                    .collect();
                rows.reverse();
                Ok(Page {
                    shell,
                    errors,
                    rows,
                    years: counted
                        .iter()
                        .rev()
                        .map(|year| {
                            Choice::new(year.to_string(), format!("{year}년")).chosen(chosen == year.to_string())
                        })
                        .collect(),
                    approval_no: typed.get("approval_no").to_owned(),
                    approval_on: typed.get("approval_on").to_owned(),
                    remark: typed.get("remark").to_owned(),
                    waiting,
                    may_disclose,
                })
            })
        })
        .await?;
    Ok(page)
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |no: i64| Row {
            no,
            year: "2025년".to_owned(),
            when: "2026년 3월 27일(금) 09:00".to_owned(),
            by: "이견본 (예시)".to_owned(),
            approval: "일자리정책과-1234 (2026년 3월 26일(목))".to_owned(),
            remark: "6월 실적 5건이 겹쳐 바로잡았습니다".to_owned(),
            corrects: if no > 1 { "1번 공시를 바로잡음".to_owned() } else { String::new() },
            href: format!("/districts/99001/disclosures/{no}"),
            told: usize::try_from(no - 1).unwrap_or(0),
            told_href: format!("/office/disclosures/{no}/channels"),
        };
        let page = |rows: i64, errors: FieldErrors| Page {
            shell: super::sample_shell("공시", Desk::Disclosures).faults(errors.len()),
            errors,
            rows: (1..=rows).rev().map(row).collect(),
            years: (0..rows.min(5))
                .map(|back| Choice::new((2025 - back).to_string(), format!("{}년", 2025 - back)))
                .collect(),
            approval_no: String::new(),
            approval_on: String::new(),
            remark: String::new(),
            waiting: usize::try_from(rows).unwrap_or(0),
            may_disclose: true,
        };
        let faults = vec![
            Refusal::new("approval-or-reason", "", "결재 문서번호를 적어 주세요.").at("remark"),
            Refusal::new("nothing-changed", "", "달라진 숫자가 없습니다."),
        ];
        vec![page(0, FieldErrors::none()), page(2, faults.into()), page(60, FieldErrors::none())]
    }
}
