//! `/office/collection/new`: a round is opened.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::{Date, Month, Period, Refusal, Stop, Year};
use iljari_disclosure::plan::District;
use iljari_people::{ClientAddress, Cx, logged};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with};

use super::{book, frame};
use crate::ask::askable;
use crate::model::departments;
use crate::open_round::{RoundWanted, open_round};
use crate::stands::Stands;

#[derive(Template)]
#[template(path = "collection/new_round.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    years: Vec<Choice>,
    firsts: Vec<Choice>,
    lasts: Vec<Choice>,
    departments: Vec<Choice>,
    title: String,
    deadline: String,
    approval_no: String,
    approval_on: String,
    approval_remark: String,
}

/// How long departments get where nobody says otherwise.
const USUAL_DAYS: i64 = 10;

/// The form, last month and every department filled in.
pub async fn form(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let today = office.clock.today();
    let month = i8::max(1, today.month().of_year().saturating_sub(1)).to_string();
    let typed = Typed::new()
        .with("year", today.year().to_string())
        .with("month_first", month.clone())
        .with("month_last", month)
        .with("deadline", today.plus_days(USUAL_DAYS).to_string());
    page(&office, &books, &prefs, &viewer, &typed, true, FieldErrors::none()).await.map(render)
}

/// Opens the round.
pub async fn save(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let outcome = match read(&typed) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok(wanted) => {
            let cx = Cx::of(&office, &viewer, &address);
            logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { open_round(tx, cx, &book, wanted).await }),
                |round| format!("취합 {}회차 열기", round.no),
            )
            .await
        }
    };
    match outcome {
        Ok(round) => Ok(Redirect::to(&format!("/office/collection/{}", round.no)).into_response()),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&office, &books, &prefs, &viewer, &typed, false, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Everything the form can be wrong in, at once.
fn read(typed: &Typed) -> Result<RoundWanted, Vec<Refusal>> {
    let mut faults = Vec::new();
    let month = |name: &str| -> Option<Month> {
        let year: i16 = typed.get("year").trim().parse().ok()?;
        Month::new(year, typed.get(name).trim().parse().ok()?)
    };
    let period = month("month_first").zip(month("month_last")).and_then(|(first, last)| Period::new(first, last));
    if period.is_none() {
        let message = "해와 달을 골라 주세요. 끝 달은 시작 달보다 앞설 수 없습니다.";
        faults.push(Refusal::new("period", "", message).at("month_last"));
    }
    let mut day = |name: &'static str, label: &str| -> Option<Date> {
        let text = typed.get(name).trim();
        text.parse()
            .map_err(|_| {
                let message = format!("{label} 2026-12-04처럼 적어 주세요. ‘{text}’라고 적으셨습니다.");
                faults.push(Refusal::new("not-a-date", "", message).at(name));
            })
            .ok()
    };
    let deadline = day("deadline", "마감일은");
    let approval_on =
        if typed.get("approval_on").trim().is_empty() { None } else { day("approval_on", "결재 일자는") };
    let departments: Vec<String> = typed.all("departments").into_iter().map(str::to_owned).collect();
    if departments.is_empty() {
        faults.push(Refusal::new("nobody-asked", "", "물어볼 부서를 하나 이상 골라 주세요.").at("departments"));
    }
    match (period, deadline) {
        (Some(period), Some(deadline)) if faults.is_empty() => Ok(RoundWanted {
            title: typed.get("title").to_owned(),
            period,
            deadline,
            departments: Some(departments),
            approval_no: typed.get("approval_no").to_owned(),
            approval_on,
            approval_remark: typed.get("approval_remark").to_owned(),
        }),
        _ => Err(faults),
    }
}

async fn page(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    everyone: bool,
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "회차 열기")
        .await?
        .crumb("취합", "/office/collection")
        .here("회차 열기")
        .faults(errors.len());
    let year = typed.get("year").parse::<Year>().unwrap_or(office.clock.today().year());
    let asked = departments_of(office, &book, viewer, year).await?;
    let this_year = office.clock.today().year();
    let mut years: Vec<Year> = book.years().into_iter().filter(|known| *known <= this_year).collect();
    years.sort_unstable_by(|one, other| other.cmp(one));
    let months = |name: &str| -> Vec<Choice> {
        let value = typed.get(name);
        (1..=12_i8)
            .map(|month| Choice::new(month.to_string(), format!("{month}월")).chosen(value == month.to_string()))
            .collect()
    };
    Ok(Page {
        years: years
            .iter()
            .map(|known| Choice::new(known.to_string(), format!("{known}년")).chosen(*known == year))
            .collect(),
        firsts: months("month_first"),
        lasts: months("month_last"),
        departments: asked
            .into_iter()
            .map(|(department, projects)| {
                let chosen = everyone || typed.chose("departments", &department);
                Choice::new(&department, format!("{department} (사업 {projects}개)")).chosen(chosen)
            })
            .collect(),
        title: typed.get("title").to_owned(),
        deadline: typed.get("deadline").to_owned(),
        approval_no: typed.get("approval_no").to_owned(),
        approval_on: typed.get("approval_on").to_owned(),
        approval_remark: typed.get("approval_remark").to_owned(),
        shell,
        errors,
    })
}

/// The departments that have projects in the year's plan, and how many each.
async fn departments_of(
    office: &Office,
    book: &Arc<District>,
    viewer: &Viewer,
    year: Year,
) -> Result<Vec<(String, usize)>, PageError> {
    let (book, district) = (Arc::clone(book), viewer.district.clone());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let asks = askable(&book, year, &Stands::read(tx, &district).await?)?;
                let count = |department: &str| asks.iter().filter(|ask| ask.department == department).count();
                Ok(departments(&asks).into_iter().map(|name| (name.to_owned(), count(name))).collect())
            })
        })
        .await?;
    Ok(found)
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |departments: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("회차 열기").faults(errors.len()),
            errors,
            years: vec![Choice::new("2026", "2026년").chosen(true)],
            firsts: vec![Choice::new("10", "10월").chosen(true)],
            lasts: vec![Choice::new("10", "10월").chosen(true)],
            departments: (1..=departments)
                .map(|nth| {
                    let name = format!("찾아가는 복지·일자리 통합지원 {nth}과(예시)");
                    Choice::new(name.clone(), format!("{name} (사업 12개)")).chosen(true)
                })
                .collect(),
            title: "2026년 10월 실적".to_owned(),
            deadline: "2026-12-04".to_owned(),
            approval_no: String::new(),
            approval_on: String::new(),
            approval_remark: String::new(),
        };
        let faults = vec![
            Refusal::new("not-a-date", "", "마감일은 2026-12-04처럼 적어 주세요.").at("deadline"),
            Refusal::new("nobody-asked", "", "물어볼 부서를 하나 이상 골라 주세요.").at("departments"),
            Refusal::new("approval-or-reason", "", "결재 문서번호가 아직 없으면 그 까닭을 적어 주세요.")
                .at("approval_remark"),
        ];
        vec![page(1, FieldErrors::none()), page(9, faults.into()), page(120, FieldErrors::none())]
    }
}
