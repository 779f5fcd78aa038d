//! `/office/calls/{no}`: one call on its way, and what is to do next.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::quantity::grouped;
use iljari_base::{Outcome, Refusal};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx};
use iljari_plans::Books;
use iljari_web::parts::Step;
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::{act, book, frame, number};
use crate::assigned::{ToldLook, told};
use crate::model::{Call, CallState, WorkPlace};
use crate::{call, store, wage};

/// One place as a row.
pub(super) struct PlaceRow {
    pub(super) no: String,
    pub(super) name: String,
    pub(super) site: String,
    pub(super) area: String,
    pub(super) pool: String,
    pub(super) seats: String,
}

impl PlaceRow {
    pub(super) fn of(place: &WorkPlace) -> Self {
        Self {
            no: place.no.clone(),
            name: place.name.clone(),
            site: format!("{} ({})", place.site, place.dong),
            area: place.area.clone(),
            pool: place.pool.clone(),
            seats: grouped(place.capacity),
        }
    }

    pub(super) fn sample(nth: usize) -> Self {
        Self {
            no: format!("3-{nth:02}"),
            name: "어르신 말벗과 생활 돌봄, 병원 동행까지 함께하는 이웃 살피미".to_owned(),
            site: "나루구 강변동로 12길 34 강변동 주민센터 2층 (강변1동)".to_owned(),
            area: "돌봄·건강".to_owned(),
            pool: "일반".to_owned(),
            seats: "12".to_owned(),
        }
    }
}

/// A look at an application that was somebody else's, as a row.
struct LookRow {
    at: String,
    until: String,
    who: String,
    receipt: String,
    remark: String,
}

#[derive(Template)]
#[template(path = "programs/call.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    title: String,
    heading: String,
    state: &'static str,
    steps: Vec<Step>,
    facts: Vec<(&'static str, String)>,
    places: Vec<PlaceRow>,
    /// What still keeps the draft from being checked.
    gaps: Vec<String>,
    /// What keeps it from nothing and should be looked at before it is published.
    remarks: Vec<String>,
    sent_back: String,
    reason: String,
    sha256: String,
    notice_href: String,
    may_write: bool,
    may_confirm: bool,
    may_audit: bool,
    /// For whoever answers for the call: who opened applications of it without having to do with them.
    looks: Vec<LookRow>,
}

/// The page.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    view(&office, &books, &prefs, &viewer, number(&no)?, FieldErrors::none(), "").await.map(render)
}

/// What every handler below needs.
type Asked = (Arc<Office>, Books, DisplayPrefs, Viewer, ClientAddress, i64);

/// 점검.
pub async fn check(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let (no, plans) = (number(&no)?, book(&office, &books, &viewer).await?);
    let outcome = act(&office, (&viewer, &address), (no, "점검"), move |tx, cx, _| {
        Box::pin(async move { call::check(tx, cx, &plans, no).await })
    })
    .await;
    after((office, books, prefs, viewer, address, no), outcome, "").await
}

/// 돌려보내기.
pub async fn send_back(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let (no, reason) = (number(&no)?, typed.get("reason").to_owned());
    let outcome = act(&office, (&viewer, &address), (no, "돌려보내기"), move |tx, cx, _| {
        Box::pin(async move { call::send_back(tx, cx, no, &reason).await })
    })
    .await;
    after((office, books, prefs, viewer, address, no), outcome, typed.get("reason")).await
}

/// 공고.
pub async fn publish(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    let (no, plans) = (number(&no)?, book(&office, &books, &viewer).await?);
    let outcome = act(&office, (&viewer, &address), (no, "공고"), move |tx, cx, viewer| {
        Box::pin(async move { call::publish(tx, cx, viewer, &plans, no).await })
    })
    .await;
    after((office, books, prefs, viewer, address, no), outcome, "").await
}

async fn after(asked: Asked, outcome: Outcome<()>, reason: &str) -> Result<Response, PageError> {
    let (office, books, prefs, viewer, _, no) = &asked;
    let again = |errors| view(office, books, prefs, viewer, *no, errors, reason);
    answer(outcome, &format!("/office/calls/{no}"), again).await
}

async fn view(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    reason: &str,
) -> Result<Page, PageError> {
    let district = viewer.district.clone();
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &district, no).await? else { return Ok(None) };
                Ok(Some((call, store::places(tx, &district, no).await?)))
            })
        })
        .await?;
    let (call, places) = found.ok_or(PageError::NotFound)?;
    let plans = book(office, books, viewer).await?;
    let looks = looks(office, viewer, &call).await?;
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let gaps: Vec<Refusal> = match call.state {
        CallState::Draft => call::gaps(&cx, &plans, &call, &places)?,
        _ => Vec::new(),
    };
    let remarks = match call.state {
        CallState::Published { .. } => Vec::new(),
        _ => wage::remarks(&call.terms, &*call.rules.open()?),
    };
    let shell = frame(prefs, viewer, &call.terms.title).here(&call.terms.title).faults(errors.len());
    let today = office.clock.today();
    Ok(Page {
        shell,
        errors,
        base: format!("/office/calls/{no}"),
        heading: heading(&call, gaps.len(), call.phase(today)),
        state: call.state.as_str(),
        steps: steps(&call),
        facts: facts(&call),
        places: places.iter().map(PlaceRow::of).collect(),
        gaps: gaps.iter().map(gap_in_words).collect(),
        remarks: remarks.into_iter().map(|remark| remark.message).collect(),
        sent_back: call.reason.clone(),
        reason: reason.to_owned(),
        sha256: call.rules.sha256().to_owned(),
        notice_href: if call.is_public() {
            format!("/districts/{}/calls/{no}", viewer.district)
        } else {
            String::new()
        },
        title: call.terms.title,
        may_write: viewer.may(Duty::Record),
        may_confirm: viewer.may(Duty::Confirm),
        may_audit: viewer.may(Duty::Audit),
        looks,
    })
}

async fn looks(office: &Office, viewer: &Viewer, call: &Call) -> Result<Vec<LookRow>, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let of = call.clone();
    let found = office.store.read(move |tx| Box::pin(async move { told(tx, &cx, &safe, &of).await })).await?;
    let row = |it: ToldLook| LookRow {
        at: it.look.at.korean(),
        until: it.look.ends_at.korean(),
        who: it.who,
        receipt: call.receipt(it.look.app_no),
        remark: it.remark,
    };
    Ok(found.into_iter().map(row).collect())
}

fn heading(call: &Call, gaps: usize, phase: &str) -> String {
    match &call.state {
        CallState::Draft if gaps > 0 => format!("공고하려면 {gaps}가지를 더 적어야 합니다"),
        CallState::Draft => "빠진 것이 없습니다. 확인을 부탁할 수 있습니다".to_owned(),
        CallState::Checked { .. } => "다른 담당자의 확인을 기다립니다".to_owned(),
        CallState::Published { at, .. } => format!("{}에 공고했고 지금은 ‘{phase}’입니다", at.seoul_date().korean()),
    }
}

/// A gap with the article that it rests on.
fn gap_in_words(gap: &Refusal) -> String {
    if gap.basis.is_empty() { gap.message.clone() } else { format!("{} ({})", gap.message, gap.basis) }
}

fn steps(call: &Call) -> Vec<Step> {
    let current = match call.state {
        CallState::Draft => 0,
        CallState::Checked { .. } => 1,
        CallState::Published { .. } => 2,
    };
    Step::way(&[("쓰기", ""), ("다른 담당자의 확인", ""), ("공고", "")], current)
}

/// What a call says, in the order people ask for it.
pub(crate) fn facts(call: &Call) -> Vec<(&'static str, String)> {
    let terms = &call.terms;
    let mut facts = vec![
        ("접수", format!("{}부터 {}까지", terms.apply_first_on.korean(), terms.apply_last_on.korean())),
        ("결과 발표", format!("{} 예정", terms.result_on.korean())),
        ("일하는 기간", format!("{}부터 {}까지", terms.work_first_on.korean(), terms.work_last_on.korean())),
        ("일하는 시간", terms.hours.clone()),
        ("임금", format!("시간당 {}원", grouped(terms.wage_hourly))),
        ("더 드리는 것", terms.pay_note.clone()),
        ("자격을 보는 기준일", terms.as_of_on.korean()),
        (
            "이의신청",
            format!("발표 다음 날부터 {}일. 마지막 날이 쉬는 날이면 다음 일하는 날까지", terms.objection_days),
        ),
        (
            "예비자",
            format!(
                "점수 순서대로 예비 순번을 정하고, 자리가 비면 순서대로 연락합니다. 일하는 날로 {}일 안에 답이 없으면 다음 분에게 연락합니다. 예비 순번은 {}까지 유효합니다",
                terms.answer_days,
                terms.work_last_on.korean()
            ),
        ),
        ("묻는 곳", terms.contact.clone()),
    ];
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |state: &'static str, gaps: usize, places: usize, errors: FieldErrors| Page {
            shell: super::sample_shell("모집공고").faults(errors.len()),
            errors,
            base: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "다른 담당자의 확인을 기다립니다".to_owned(),
            state,
            steps: Step::way(&[("쓰기", ""), ("다른 담당자의 확인", ""), ("공고", "")], 1),
            facts: vec![("접수", "2026년 11월 23일(월)부터 2026년 12월 4일(금)까지".to_owned())],
            places: (1..=places).map(PlaceRow::sample).collect(),
            gaps: (1..=gaps)
                .map(|nth| format!("사업번호 3-{nth:02}: 2027년 계획에 없는 단위사업 코드입니다."))
                .collect(),
            remarks: if places == 0 {
                Vec::new()
            } else {
                vec!["시간당 10,320원은 2026년 생활임금 12,000원보다 1,680원 적습니다.".to_owned()]
            },
            sent_back: if gaps > 0 { "배점표의 합계를 다시 봐 주세요".to_owned() } else { String::new() },
            reason: String::new(),
            sha256: "9f".repeat(32),
            notice_href: if state == "published" { "/districts/99001/calls/3".to_owned() } else { String::new() },
            may_write: true,
            may_confirm: true,
            may_audit: true,
            looks: (0..places / 3)
                .map(|nth| LookRow {
                    at: "2026년 12월 1일(화) 10:00:00".to_owned(),
                    until: "2026년 12월 1일(화) 10:30:00".to_owned(),
                    who: "선우 보기 알렉산드라 예시 (복지정책과)".to_owned(),
                    receipt: "27-003-0012".to_owned(),
                    remark: if nth == 0 { String::new() } else { "본인이 창구에서 결과를 물음".to_owned() },
                })
                .collect(),
        };
        let fault =
            Refusal::new("send-back-without-reason", "", "돌려보내는 까닭을 다섯 글자 이상 적어 주세요.").at("reason");
        vec![
            page("draft", 2, 0, FieldErrors::none()),
            page("checked", 0, 3, vec![fault].into()),
            page("published", 0, 300, FieldErrors::none()),
        ]
    }
}
