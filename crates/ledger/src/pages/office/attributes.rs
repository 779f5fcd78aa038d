//! `/office/attributes`: tables by personal attributes, handed in, confirmed, and what a disclosure would hide.
//!
//! Owns: forms and tables. Does not own: any refusal (`attributes`) or what is hidden
//! (`disclosure::suppress`). What a newcomer gets wrong: putting a number of these tables into an
//! address or a log line.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use iljari_base::id::{self, Id};
use iljari_base::quantity::grouped;
use iljari_base::{Outcome, Refusal, Stop, Year};
use iljari_disclosure::bundle::attributes::UNITS;
use iljari_disclosure::log::rollup::{Line, roll_up};
use iljari_disclosure::log::words::{Attribute, NodeId, Unit};
use iljari_disclosure::plan::District;
use iljari_disclosure::suppress::{Mark, Place, Screened};
use iljari_people::{ClientAddress, logged};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{
    Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render, render_with,
};

use super::{Names, book, cx, decide, frame, node_name};
use crate::attributes::{self, NewSheet, Screening};
use crate::model::{AttributeSheet, SheetState};
use crate::store;

/// How many tables the list shows.
const LISTED: usize = 60;

#[derive(Template)]
#[template(path = "office/attributes.html")]
pub(super) struct ListPage {
    shell: Shell,
    waiting: usize,
    lists: Vec<SheetList>,
    years: Vec<(String, String)>,
    may_record: bool,
}

#[derive(Template)]
#[template(path = "office/attributes_new.html")]
pub(super) struct NewPage {
    shell: Shell,
    errors: FieldErrors,
    nodes: Vec<Choice>,
    years: Vec<Choice>,
    units: Vec<Choice>,
    kinds: Vec<Choice>,
    rows: String,
    remark: String,
}

#[derive(Template)]
#[template(path = "office/attributes_one.html")]
pub(super) struct OnePage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    row: SheetRow,
    items: Vec<(String, String)>,
    rest: String,
    total: String,
    remark: String,
    reason: String,
    typed_reason: String,
    waits: bool,
    own: bool,
    may_confirm: bool,
}

#[derive(Template)]
#[template(path = "office/attributes_preview.html")]
pub(super) struct PreviewPage {
    shell: Shell,
    year: String,
    tables: Vec<PreviewTable>,
    outgrown: Vec<SheetRow>,
    hidden: usize,
}

/// Handed-in tables under one heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetList {
    id: &'static str,
    title: &'static str,
    rows: Vec<SheetRow>,
}

fn lists(waiting: Vec<SheetRow>, others: Vec<SheetRow>) -> Vec<SheetList> {
    vec![
        SheetList { id: "waiting", title: "기다리는 표", rows: waiting },
        SheetList { id: "others", title: "처리한 표", rows: others },
    ]
}

/// A handed-in table in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    href: String,
    name: String,
    what: String,
    people: String,
    when: String,
    state: String,
    needs_care: bool,
}

/// A table as a disclosure would show it, with what is behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewTable {
    name: String,
    what: String,
    total: String,
    withheld: String,
    /// Item, number, mark, whether hidden.
    rows: Vec<(String, String, String, bool)>,
}

/// Every handed-in table.
pub async fn list(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "개인 속성 표", Desk::Attributes).await?;
    let may_record = viewer.may(Duty::Record);
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let sheets = store::sheets(tx, &book.code).await?;
                let years: BTreeSet<Year> =
                    attributes::standing(&sheets).iter().map(|sheet| sheet.place.year).collect();
                let rows = |waiting: bool| -> Vec<SheetRow> {
                    let wanted = sheets.iter().rev().filter(|sheet| (sheet.state == SheetState::Waiting) == waiting);
                    wanted.take(LISTED).map(|sheet| row(&book, &names, sheet)).collect()
                };
                Ok(ListPage {
                    shell,
                    waiting: rows(true).len(),
                    lists: lists(rows(true), rows(false)),
                    years: years
                        .iter()
                        .rev()
                        .map(|year| (format!("{year}년"), format!("/office/attributes/preview/{year}")))
                        .collect(),
                    may_record,
                })
            })
        })
        .await?;
    Ok(render(page))
}

fn what(place: &Place) -> String {
    format!("{}년 · {} · {}", place.year, place.attribute, place.unit)
}

fn row(book: &District, names: &Names, sheet: &AttributeSheet) -> SheetRow {
    SheetRow {
        href: format!("/office/attributes/{}", sheet.id),
        name: node_name(book, sheet.place.node.as_str(), sheet.place.year),
        what: what(&sheet.place),
        people: match &sheet.state {
            SheetState::Confirmed { by, .. } | SheetState::SentBack { by, .. } => {
                format!("{} → {}", names.of(sheet.recorded_by), names.of(*by))
            }
            SheetState::Waiting | SheetState::Withdrawn { .. } => names.of(sheet.recorded_by),
        },
        when: sheet.recorded_at.korean(),
        state: sheet.state.label().to_owned(),
        needs_care: sheet.state == SheetState::Waiting,
    }
}

/// The empty form.
pub async fn form(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    typed: Typed,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "개인 속성 표 올리기", Desk::Attributes).await?;
    Ok(render(new_page(shell, &office, &book, &typed, FieldErrors::none())))
}

/// Hands a table in for a second person.
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
        Ok(new) => {
            let (cx, book) = (cx(&office, &viewer, &address), Arc::clone(&book));
            logged(
                &office,
                cx,
                move |tx, cx| Box::pin(async move { attributes::hand_in(tx, cx, &book, &new).await }),
                |id| format!("개인 속성 표 작성 {id}"),
            )
            .await
        }
    };
    match outcome {
        Ok(id) => Ok(Redirect::to(&format!("/office/attributes/{id}")).into_response()),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let shell = frame(&office, &prefs, &viewer, "개인 속성 표 올리기", Desk::Attributes).await?;
            let shell = shell.faults(errors.len());
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, new_page(shell, &office, &book, &typed, errors)))
        }
    }
}

/// Everything the form can be wrong in, at once.
fn read(typed: &Typed) -> Result<NewSheet, Vec<Refusal>> {
    let mut faults = Vec::new();
    let mut miss = |field: &'static str, message: &str| faults.push(Refusal::new(field, "", message).at(field));
    let node: Option<NodeId> = typed.get("node").parse().ok();
    let year: Option<Year> = typed.get("year").parse().ok();
    let unit: Option<Unit> = typed.get("unit").parse().ok();
    let attribute: Option<Attribute> = typed.get("attribute").parse().ok();
    if node.is_none() {
        miss("node", "사업을 골라 주세요.");
    }
    if year.is_none() {
        miss("year", "해를 골라 주세요.");
    }
    if unit.is_none() {
        miss("unit", "단위를 골라 주세요.");
    }
    if attribute.is_none() {
        miss("attribute", "무엇으로 나눈 표인지 골라 주세요.");
    }
    // Whatever else is wrong, a number of a person is told first and shown nowhere again.
    if iljari_base::korean::looks_like_resident_number(typed.get("rows")) {
        return Err(vec![attributes::resident_number("rows")]);
    }
    let items = match attribute {
        None => Vec::new(),
        Some(attribute) => attributes::read_rows(attribute, typed.get("rows")).unwrap_or_else(|refusals| {
            faults.extend(refusals);
            Vec::new()
        }),
    };
    match (node, year, unit, attribute) {
        (Some(node), Some(year), Some(unit), Some(attribute)) if faults.is_empty() => {
            Ok(NewSheet { place: Place { year, unit, attribute, node }, items, remark: typed.get("remark").to_owned() })
        }
        _ => Err(faults),
    }
}

fn new_page(shell: Shell, office: &Office, book: &District, typed: &Typed, errors: FieldErrors) -> NewPage {
    let this_year = office.clock.today().year();
    let chosen = |name: &str, default: &str| match typed.get(name) {
        "" => default.to_owned(),
        value => value.to_owned(),
    };
    let (year, unit) = (chosen("year", &this_year.to_string()), chosen("unit", Unit::Jobs.as_str()));
    let mut years: Vec<i16> = book.years().into_iter().map(|year| year.0).filter(|year| *year <= this_year.0).collect();
    years.sort_unstable_by(|one, other| other.cmp(one));
    // A number of a person does not come back to the screen.
    let said = |name: &str| match typed.get(name) {
        text if iljari_base::korean::looks_like_resident_number(text) => String::new(),
        text => text.to_owned(),
    };
    NewPage {
        nodes: super::record::node_choices(book, typed.get("node")),
        years: years
            .iter()
            .map(|known| Choice::new(known.to_string(), format!("{known}년")).chosen(year == known.to_string()))
            .collect(),
        units: UNITS
            .iter()
            .map(|each| Choice::new(each.as_str(), each.as_str()).chosen(unit == each.as_str()))
            .collect(),
        kinds: Attribute::ALL
            .iter()
            .map(|kind| {
                Choice::new(kind.as_str(), kind.as_str())
                    .hint(attributes::items_hint(*kind))
                    .chosen(typed.chose("attribute", kind.as_str()))
            })
            .collect(),
        rows: said("rows"),
        remark: said("remark"),
        shell,
        errors,
    }
}

/// One handed-in table.
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

/// 확인.
pub async fn confirm(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let outcome = decide(&office, &viewer, &address, &id, "개인 속성 표 확인", move |tx, cx, viewer, id| {
        Box::pin(async move { attributes::confirm(tx, cx, viewer, &book, id).await })
    })
    .await;
    after(&office, &books, &prefs, &viewer, &id, outcome, "").await
}

/// 반려.
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
    let outcome = decide(&office, &viewer, &address, &id, "개인 속성 표 반려", move |tx, cx, viewer, id| {
        Box::pin(async move { attributes::send_back(tx, cx, viewer, id, &said).await })
    })
    .await;
    after(&office, &books, &prefs, &viewer, &id, outcome, &reason).await
}

/// The writer takes the table back.
pub async fn withdraw(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let outcome = decide(&office, &viewer, &address, &id, "개인 속성 표 거둬들임", |tx, cx, _, id| {
        Box::pin(async move { attributes::withdraw(tx, cx, id).await })
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
    answer(outcome, &format!("/office/attributes/{id}"), again).await
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
    let Ok(id) = id.parse::<Id<id::AttributeSheet>>() else { return Err(PageError::NotFound) };
    let book = book(office, books, viewer).await?;
    let shell = frame(office, prefs, viewer, "개인 속성 표 보기", Desk::Attributes).await?.faults(errors.len());
    let (may_confirm, actor, typed_reason) = (viewer.may(Duty::Confirm), viewer.actor(), typed_reason.to_owned());
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(sheet) = attributes::sheet(tx, &book.code, id).await? else { return Ok(None) };
                let names = Names::read(tx, &book.code).await?;
                let place = &sheet.place;
                let whole = crate::progress::progress(tx, &book)
                    .await?
                    .whole(place.node.as_str(), place.year, place.unit, &[])
                    .map_or(0, |split| split.total());
                let known: i64 = sheet.items.iter().map(|(_, n)| *n).sum();
                let own = sheet.recorded_by == actor;
                Ok(Some(OnePage {
                    shell,
                    errors,
                    id: sheet.id.to_string(),
                    row: row(&book, &names, &sheet),
                    items: sheet.items.iter().map(|(item, n)| (item.clone(), grouped(*n))).collect(),
                    rest: if whole > known { grouped(whole - known) } else { String::new() },
                    total: grouped(whole),
                    remark: sheet.remark.clone(),
                    reason: match &sheet.state {
                        SheetState::SentBack { reason, .. } => reason.clone(),
                        _ => String::new(),
                    },
                    typed_reason,
                    waits: sheet.state == SheetState::Waiting,
                    own,
                    may_confirm: may_confirm && !own,
                }))
            })
        })
        .await?;
    page.ok_or(PageError::NotFound)
}

/// What the next disclosure of a year would hide, and why.
pub async fn preview(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(year): Path<String>,
) -> Result<Response, PageError> {
    let year: Year = year.parse().map_err(|_| PageError::NotFound)?;
    let book = book(&office, &books, &viewer).await?;
    let title = format!("{year}년 표 가림 미리보기");
    let shell = frame(&office, &prefs, &viewer, &title, Desk::Attributes).await?;
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &book.code).await?;
                let trees = iljari_plans::tree::plan_tree(&book, &BTreeSet::from([year]))?;
                let totals = store::totals(tx, &book.code).await?;
                let of_year = totals.into_iter().filter(|(key, _)| key.year == year).collect();
                let (lines, _): (Vec<Line>, _) = roll_up(&of_year, &trees, year);
                let screening = attributes::screened(tx, &book.code, year, &lines, &trees).await?;
                Ok(preview_page(shell, &book, &names, year, &screening))
            })
        })
        .await?;
    Ok(render(page))
}

fn preview_page(shell: Shell, book: &District, names: &Names, year: Year, screening: &Screening) -> PreviewPage {
    let hidden = |one: &Screened| one.marks.iter().filter(|mark| **mark != Mark::Open).count();
    PreviewPage {
        shell,
        year: year.to_string(),
        hidden: screening.tables.iter().filter(|one| one.withheld.is_none()).map(hidden).sum(),
        tables: screening
            .tables
            .iter()
            .map(|one| PreviewTable {
                name: node_name(book, one.table.place.node.as_str(), year),
                what: what(&one.table.place),
                total: grouped(one.table.total),
                withheld: one.withheld.map(|reason| reason.sentence().to_owned()).unwrap_or_default(),
                rows: one
                    .table
                    .items
                    .iter()
                    .zip(&one.marks)
                    .map(|((item, n), mark)| (item.clone(), grouped(*n), mark.as_str().to_owned(), *mark != Mark::Open))
                    .collect(),
            })
            .collect(),
        outgrown: screening.outgrown.iter().map(|(sheet, _)| row(book, names, sheet)).collect(),
    }
}

fn sample_sheet(nth: usize) -> SheetRow {
    SheetRow {
        href: format!("/office/attributes/ats_{nth:026}"),
        name: "찾아가는 일자리센터 취업 연계와 어르신·장애인 맞춤 상담(예시)".to_owned(),
        what: "2025년 · 취약계층 · 일자리 수".to_owned(),
        people: "한시범 (예시) → 김보기 (예시)".to_owned(),
        when: "2026년 11월 5일(목) 14:03".to_owned(),
        state: "확인 대기".to_owned(),
        needs_care: nth.is_multiple_of(2),
    }
}

impl Sample for ListPage {
    fn samples() -> Vec<Self> {
        let page = |rows: usize| ListPage {
            shell: super::sample_shell("개인 속성 표", Desk::Attributes),
            waiting: rows,
            lists: lists((0..rows).map(sample_sheet).collect(), (0..rows * 10).map(sample_sheet).collect()),
            years: (0..rows.min(3))
                .map(|nth| (format!("{}년", 2026 - nth), "/office/attributes/preview/2025".to_owned()))
                .collect(),
            may_record: true,
        };
        vec![page(0), page(2), page(6)]
    }
}

impl Sample for NewPage {
    fn samples() -> Vec<Self> {
        let page = |errors: FieldErrors, rows: &str| NewPage {
            shell: super::sample_shell("개인 속성 표 올리기", Desk::Attributes).faults(errors.len()),
            errors,
            nodes: vec![Choice::new("1-1-1", "어르신 일자리 (예시)")],
            years: vec![Choice::new("2025", "2025년").chosen(true)],
            units: UNITS.iter().map(|unit| Choice::new(unit.as_str(), unit.as_str())).collect(),
            kinds: Attribute::ALL
                .iter()
                .map(|kind| Choice::new(kind.as_str(), kind.as_str()).hint(attributes::items_hint(*kind)))
                .collect(),
            rows: rows.to_owned(),
            remark: String::new(),
        };
        let faults = vec![
            Refusal::new("item-unknown", "", "2번째 줄: ‘성별’에 없는 항목입니다.").at("rows"),
            Refusal::new("node", "", "사업을 골라 주세요.").at("node"),
        ];
        vec![
            page(FieldErrors::none(), ""),
            page(faults.into(), "남성 12\n여자 3"),
            page(FieldErrors::none(), &"여성 1\n".repeat(200)),
        ]
    }
}

impl Sample for OnePage {
    fn samples() -> Vec<Self> {
        let page = |items: usize, waits: bool, own: bool, errors: FieldErrors| OnePage {
            shell: super::sample_shell("개인 속성 표 보기", Desk::Attributes).faults(errors.len()),
            errors,
            id: "ats_00000000000000000000000000".to_owned(),
            row: sample_sheet(1),
            items: (0..items).map(|nth| (format!("자양{nth}동"), grouped(12_345))).collect(),
            rest: if items > 2 { "3".to_owned() } else { String::new() },
            total: grouped(123_456),
            remark: if items > 2 { "취합표 2번 시트 (예시)".to_owned() } else { String::new() },
            reason: if waits { String::new() } else { "동이 둘 빠졌습니다".to_owned() },
            typed_reason: String::new(),
            waits,
            own,
            may_confirm: waits && !own,
        };
        let faults = vec![Refusal::new("send-back-without-reason", "", "까닭을 적어 주세요.").at("reason")];
        vec![
            page(1, true, true, FieldErrors::none()),
            page(6, true, false, faults.into()),
            page(199, false, false, FieldErrors::none()),
        ]
    }
}

impl Sample for PreviewPage {
    fn samples() -> Vec<Self> {
        let table = |rows: usize, withheld: &str| PreviewTable {
            name: "나루 동행일자리 (예시)".to_owned(),
            what: "2025년 · 연령대 · 일자리 수".to_owned(),
            total: grouped(12_345),
            withheld: withheld.to_owned(),
            rows: (0..rows)
                .map(|nth| {
                    let mark = Mark::ALL[nth % 3];
                    (format!("{}~{}세", nth * 5, nth * 5 + 4), grouped(7), mark.as_str().to_owned(), mark != Mark::Open)
                })
                .collect(),
        };
        let page = |tables: Vec<PreviewTable>, outgrown: usize| PreviewPage {
            shell: super::sample_shell("2025년 표 가림 미리보기", Desk::Attributes),
            year: "2025".to_owned(),
            hidden: tables.len() * 2,
            tables,
            outgrown: (0..outgrown).map(sample_sheet).collect(),
        };
        let reason = iljari_disclosure::suppress::Withheld::Unprotected.sentence();
        vec![
            page(Vec::new(), 0),
            page(vec![table(4, ""), table(2, reason)], 1),
            page((0..40).map(|_| table(25, "")).collect(), 3),
        ]
    }
}
