//! `/office/entries`: the entries, one entry, and the form that corrects it.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::quantity::grouped;
use iljari_base::{Refusal, Stop};
use iljari_disclosure::log::words::Why;
use iljari_people::{ClientAddress, logged};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::record::read_amount;
use super::{Names, NumberRow, book, counter, cx, entry_row, frame};
use crate::model::EntryKind;
use crate::{record, store};

/// How many entries the list shows.
const LISTED: i64 = 200;

#[derive(Template)]
#[template(path = "office/entries.html")]
pub(super) struct ListPage {
    shell: Shell,
    rows: Vec<NumberRow>,
    may_record: bool,
}

#[derive(Template)]
#[template(path = "office/entry.html")]
pub(super) struct OnePage {
    shell: Shell,
    row: NumberRow,
    kind: &'static str,
    leaf_id: String,
    line: String,
    remark: String,
    stands: String,
    corrections: Vec<NumberRow>,
    /// Empty until a seal holds the entry.
    receipt_href: String,
    may_correct: bool,
}

#[derive(Template)]
#[template(path = "office/correct.html")]
pub(super) struct CorrectPage {
    shell: Shell,
    errors: FieldErrors,
    leaf_id: String,
    row: NumberRow,
    stands: String,
    unit: &'static str,
    whys: Vec<Choice>,
    amount: String,
    remark: String,
}

/// The newest entries.
pub async fn list(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "기록", Desk::None).await?;
    let may_record = viewer.may(Duty::Record);
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let entries = store::latest_entries(tx, &book.code, LISTED).await?;
                let rows = entries.iter().map(|entry| entry_row(&book, &names, entry)).collect();
                Ok(ListPage { shell, rows, may_record })
            })
        })
        .await?;
    Ok(render(page))
}

/// One entry with its leaf and its corrections.
pub async fn show(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(leaf_id): Path<String>,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "기록 한 건", Desk::None).await?;
    let may_record = viewer.may(Duty::Record);
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(entry) = store::entry_of_leaf(tx, &book.code, &leaf_id).await? else { return Ok(None) };
                let names = Names::read(tx, &book.code).await?;
                let corrections = store::corrections_of(tx, &book.code, &leaf_id).await?;
                let stands = record::standing_amount(tx, &book.code, &entry).await?;
                let stands = entry
                    .counted
                    .as_ref()
                    .filter(|_| entry.kind != EntryKind::Correction)
                    .map(|counted| format!("{}{}", grouped(stands), counter(counted.unit)))
                    .unwrap_or_default();
                Ok(Some(OnePage {
                    shell,
                    row: entry_row(&book, &names, &entry),
                    kind: entry.kind.label(),
                    leaf_id,
                    line: String::from_utf8_lossy(&entry.body).into_owned(),
                    remark: entry.remark.clone(),
                    receipt_href: entry
                        .sealed
                        .map(|_| format!("/districts/{}/receipts/{}", book.code, entry.leaf_id))
                        .unwrap_or_default(),
                    may_correct: may_record && !stands.is_empty(),
                    stands,
                    corrections: corrections.iter().map(|correction| entry_row(&book, &names, correction)).collect(),
                }))
            })
        })
        .await?;
    page.map(render).ok_or(PageError::NotFound)
}

/// The form that corrects an entry.
pub async fn correct_form(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(leaf_id): Path<String>,
) -> Result<Response, PageError> {
    correct_page(&office, &books, &prefs, &viewer, leaf_id, &Typed::new(), FieldErrors::none()).await.map(render)
}

/// Writes the correction down for a second person.
pub async fn correct(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(leaf_id): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let why = typed.get("why").parse::<Why>();
    let outcome = match (read_amount(&typed), why) {
        (Ok(right), Ok(why)) => {
            let (cx, leaf_id, remark) =
                (cx(&office, &viewer, &address), leaf_id.clone(), typed.get("remark").to_owned());
            logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { record::correct(tx, cx, &leaf_id, right, why, &remark).await }),
                |id| format!("정정 작성 {id}"),
            )
            .await
        }
        (amount, why) => {
            let mut faults: Vec<Refusal> = amount.err().into_iter().collect();
            if why.is_err() {
                faults.push(Refusal::new("why", "", "왜 정정하는지 골라 주세요.").at("why"));
            }
            Err(Stop::Refused(faults))
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/office/staged/{id}")).into_response()),
        Err(stop) if stop.has("no-such-entry") => Err(PageError::NotFound),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = correct_page(&office, &books, &prefs, &viewer, leaf_id, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn correct_page(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    leaf_id: String,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<CorrectPage, PageError> {
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "정정 적기", Desk::None).await?.faults(errors.len());
    let (typed, wanted) = (typed.clone(), leaf_id);
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(entry) = store::entry_of_leaf(tx, &book.code, &wanted).await? else { return Ok(None) };
                let Some(counted) = &entry.counted else { return Ok(None) };
                let names = Names::read(tx, &book.code).await?;
                let stands = record::standing_amount(tx, &book.code, &entry).await?;
                Ok(Some(CorrectPage {
                    shell,
                    errors,
                    row: entry_row(&book, &names, &entry),
                    stands: grouped(stands),
                    unit: counter(counted.unit),
                    whys: Why::ALL
                        .iter()
                        .map(|why| Choice::new(why.as_str(), why_label(*why)).chosen(typed.chose("why", why.as_str())))
                        .collect(),
                    amount: typed.get("amount").to_owned(),
                    remark: typed.get("remark").to_owned(),
                    leaf_id: wanted,
                }))
            })
        })
        .await?;
    page.ok_or(PageError::NotFound)
}

fn why_label(why: Why) -> &'static str {
    match why {
        Why::Duplicate => "중복: 두 번 세었습니다",
        Why::Slip => "오기: 잘못 적었습니다",
        Why::Omission => "누락: 빠뜨렸습니다",
        Why::Rule => "기준 변경: 세는 기준이 바뀌었습니다",
        Why::Other => "기타",
    }
}

impl Sample for ListPage {
    fn samples() -> Vec<Self> {
        let page = |rows: usize| ListPage {
            shell: super::sample_shell("기록", Desk::None),
            rows: (0..rows).map(super::sample_row).collect(),
            may_record: rows > 0,
        };
        vec![page(0), page(4), page(200)]
    }
}

impl Sample for OnePage {
    fn samples() -> Vec<Self> {
        let page = |corrections: usize, remark: &str| OnePage {
            shell: super::sample_shell("기록 한 건", Desk::None),
            row: super::sample_row(1),
            kind: "집계",
            leaf_id: "ab".repeat(16),
            line: r#"{"v":1,"k":"count","d":"99001"}"#.to_owned(),
            remark: remark.to_owned(),
            stands: if corrections > 2 { String::new() } else { "12,345개".to_owned() },
            corrections: (0..corrections).map(super::sample_row).collect(),
            receipt_href: if corrections > 0 { "/districts/99001/receipts/00".to_owned() } else { String::new() },
            may_correct: corrections < 2,
        };
        vec![page(0, ""), page(1, "3분기 부서 취합표"), page(30, &"긴 설명 ".repeat(80))]
    }
}

impl Sample for CorrectPage {
    fn samples() -> Vec<Self> {
        let page = |errors: FieldErrors| CorrectPage {
            shell: super::sample_shell("정정 적기", Desk::None).faults(errors.len()),
            errors,
            leaf_id: "ab".repeat(16),
            row: super::sample_row(1),
            stands: "12,345".to_owned(),
            unit: "개",
            whys: Why::ALL.iter().map(|why| Choice::new(why.as_str(), why_label(*why))).collect(),
            amount: "58".to_owned(),
            remark: String::new(),
        };
        let fault = vec![Refusal::new("correction-without-reason", "", "무엇이 왜 틀렸는지 적어 주세요.").at("remark")];
        vec![page(FieldErrors::none()), page(fault.into())]
    }
}
