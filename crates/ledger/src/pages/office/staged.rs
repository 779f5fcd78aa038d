//! `/office/staged`: what waits for its second person, and the decision.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::Outcome;
use iljari_base::id::{self, Id};
use iljari_base::quantity::grouped;
use iljari_disclosure::log::words::Unit;
use iljari_people::{ClientAddress, Cx};
use iljari_plans::Books;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, filters, render,
};

use super::{Names, NumberRow, book, counter, decide, frame, staged_row};
use crate::model::{Staged, StagedState};
use crate::{progress, record, store};

/// How many decided numbers the list shows.
const DECIDED: i64 = 20;

#[derive(Template)]
#[template(path = "office/staged.html")]
pub(super) struct ListPage {
    shell: Shell,
    waiting: Vec<NumberRow>,
    decided: Vec<NumberRow>,
}

#[derive(Template)]
#[template(path = "office/staged_one.html")]
pub(super) struct OnePage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    row: NumberRow,
    grade: String,
    remark: String,
    why: String,
    answers: String,
    before: String,
    after: String,
    year: String,
    waits: bool,
    own: bool,
    withdrawable: bool,
    may_confirm: bool,
    decision: String,
    reason: String,
    typed_reason: String,
}

/// Everything that waits, and what was decided lately.
pub async fn list(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "확인 대기", Desk::Staged).await?;
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let waiting = store::staged_waiting(tx, &book.code).await?;
                let decided = store::staged_decided(tx, &book.code, DECIDED).await?;
                Ok(ListPage {
                    shell,
                    waiting: waiting.iter().map(|staged| staged_row(&book, &names, staged)).collect(),
                    decided: decided.iter().map(|staged| staged_row(&book, &names, staged)).collect(),
                })
            })
        })
        .await?;
    Ok(render(page))
}

/// One waiting or decided number.
pub async fn show(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let page = one(&office, &books, &prefs, &viewer, &id, FieldErrors::none(), "").await?;
    Ok(render(page))
}

/// 확인: the number becomes an entry.
pub async fn confirm(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let outcome = decide(&office, &viewer, &address, &id, "실적 확인", |tx, cx, viewer, id| {
        Box::pin(async move { record::confirm(tx, cx, viewer, id).await.map(|_entry| ()) })
    })
    .await;
    after(&office, &books, &prefs, &viewer, &id, outcome, "").await
}

/// 반려: back to its writer, with a reason.
pub async fn send_back(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let reason = typed.get("reason").to_owned();
    let said = reason.clone();
    let outcome = decide(&office, &viewer, &address, &id, "실적 반려", move |tx, cx, viewer, id| {
        Box::pin(async move { record::send_back(tx, cx, viewer, id, &said).await })
    })
    .await;
    after(&office, &books, &prefs, &viewer, &id, outcome, &reason).await
}

/// The writer takes the number back.
pub async fn withdraw(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let outcome = decide(&office, &viewer, &address, &id, "실적 거둬들임", |tx, cx, _, id| {
        Box::pin(async move { record::withdraw(tx, cx, id).await })
    })
    .await;
    after(&office, &books, &prefs, &viewer, &id, outcome, "").await
}

async fn after(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    id: &str,
    outcome: Outcome<()>,
    typed_reason: &str,
) -> Result<Response, PageError> {
    let again = |errors| one(office, books, prefs, viewer, id, errors, typed_reason);
    answer(outcome, &format!("/office/staged/{id}"), again).await
}

async fn one(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    id: &str,
    errors: FieldErrors,
    typed_reason: &str,
) -> Result<OnePage, PageError> {
    let Ok(id) = id.parse::<Id<id::Staged>>() else { return Err(PageError::NotFound) };
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "숫자 확인하기", Desk::Staged).await?.faults(errors.len());
    let (may, may_record, typed_reason) =
        (viewer.may(Duty::Confirm), viewer.may(Duty::Record), typed_reason.to_owned());
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(staged) = store::staged_of(tx, &book.code, id).await? else { return Ok(None) };
                let names = Names::read(tx, &book.code).await?;
                let counted = &staged.counted;
                let standing = progress::progress(tx, &book)
                    .await?
                    .whole(counted.node.as_str(), counted.year(), counted.unit, &[])
                    .map(|split| split.total());
                let after = standing.unwrap_or(0).saturating_add(counted.amount);
                let (decision, reason) = decision(&names, &staged);
                Ok(Some(OnePage {
                    shell,
                    errors,
                    id: staged.id.to_string(),
                    row: staged_row(&book, &names, &staged),
                    grade: counted.grade.to_string(),
                    remark: staged.remark.clone(),
                    why: staged.correction.as_ref().map(|(_, why)| why.to_string()).unwrap_or_default(),
                    answers: staged.correction.as_ref().map(|(leaf, _)| leaf.clone()).unwrap_or_default(),
                    before: standing.map(|total| total_text(total, counted.unit)).unwrap_or_default(),
                    after: total_text(after, counted.unit),
                    year: counted.year().to_string(),
                    waits: staged.state == StagedState::Waiting,
                    own: staged.recorded_by == cx.actor,
                    withdrawable: may_record && record::answers_for(tx, &cx, &staged).await?,
                    may_confirm: may,
                    decision,
                    reason,
                    typed_reason,
                }))
            })
        })
        .await?;
    page.ok_or(PageError::NotFound)
}

fn total_text(amount: i64, unit: Unit) -> String {
    format!("{}{}", grouped(amount), counter(unit))
}

fn decision(names: &Names, staged: &Staged) -> (String, String) {
    match &staged.state {
        StagedState::Waiting => (String::new(), String::new()),
        StagedState::Confirmed { by, at, .. } => {
            (format!("{} 담당자가 {}에 확인했습니다.", names.of(*by), at.korean()), String::new())
        }
        StagedState::SentBack { by, at, reason } => {
            (format!("{} 담당자가 {}에 돌려보냈습니다.", names.of(*by), at.korean()), reason.clone())
        }
        StagedState::Withdrawn { at } => (format!("쓴 사람이 {}에 거둬들였습니다.", at.korean()), String::new()),
    }
}

impl Sample for ListPage {
    fn samples() -> Vec<Self> {
        let page = |waiting: usize| ListPage {
            shell: super::sample_shell("확인 대기", Desk::Staged),
            waiting: (0..waiting).map(super::sample_row).collect(),
            decided: (0..waiting).map(super::sample_row).collect(),
        };
        vec![page(0), page(3), page(500)]
    }
}

impl Sample for OnePage {
    fn samples() -> Vec<Self> {
        let page = |waits: bool, own: bool, errors: FieldErrors| OnePage {
            shell: super::sample_shell("숫자 확인하기", Desk::Staged).faults(errors.len()),
            errors,
            id: "stg_01kb0000000000000000000000".to_owned(),
            row: super::sample_row(0),
            grade: "집계".to_owned(),
            remark: "3분기 부서 취합표 2번 시트".to_owned(),
            why: if own { "중복".to_owned() } else { String::new() },
            answers: if own { "ab".repeat(16) } else { String::new() },
            before: "5,764개".to_owned(),
            after: "5,884개".to_owned(),
            year: "2026".to_owned(),
            waits,
            own,
            withdrawable: own,
            may_confirm: true,
            decision: if waits {
                String::new()
            } else {
                "김보기 (예시) 담당자가 돌려보냈습니다.".to_owned()
            },
            reason: if waits { String::new() } else { "근거 시트를 다시 확인해 주세요".to_owned() },
            typed_reason: String::new(),
        };
        let refusal = vec![iljari_base::Refusal::new("own-confirmation", "", "직접 쓴 숫자는 확인할 수 없습니다.")];
        vec![
            page(true, false, FieldErrors::none()),
            page(true, true, refusal.into()),
            page(false, true, FieldErrors::none()),
        ]
    }
}
