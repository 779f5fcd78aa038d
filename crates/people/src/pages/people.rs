//! The office's people: the list, one officer, duties, leaving, deputies.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Actor, Date, Id, Timestamp, id};
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Meanwhile, Office, PageError, Sample, Shell, Typed, Viewer,
    meanwhile, render, render_with, status_of,
};

use super::account::{DeputyPage, DeputyRow, appointment, deputy_rows, sample_deputy};
use super::{
    RenderedSample, colleagues, day, department_choices, department_name, duty_choices, in_words, officer_choices,
    officer_id, rendered, see_other, ticked_duties, who,
};
use crate::access::{Access, Whose, log_access};
use crate::admin::{self, RightsWanted};
use crate::cx::{ClientAddress, Cx};
use crate::model::{Officer, OfficerState};
use crate::store::RightsLine;
use crate::{deputy, handover, store};

/// One officer in the list.
pub struct OfficerRow {
    id: String,
    name: String,
    login: String,
    department: String,
    duties: String,
    state: StateWord,
}

/// Where an officer stands, as a tag.
pub struct StateWord {
    kind: &'static str,
    text: String,
}

fn state_word(officer: &Officer, now: Timestamp) -> StateWord {
    let word = |kind, text: String| StateWord { kind, text };
    match officer.state {
        OfficerState::Active { .. } => word("good", "쓰는 중".to_owned()),
        OfficerState::Invited { until } if now < until => word("care", "초대함".to_owned()),
        OfficerState::Invited { .. } => word("bad", "초대 기한 지남".to_owned()),
        OfficerState::Left { on } => word("quiet", format!("{on} 떠남")),
    }
}

/// `GET /office/people`.
#[derive(Template)]
#[template(path = "people.html")]
pub struct PeoplePage {
    shell: Shell,
    /// How many may sign in.
    active: usize,
    rows: Vec<OfficerRow>,
}

/// Lists the district's officers.
pub async fn list(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let now = cx.now();
    let (officers, departments) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                log_access(tx, &cx, Access::to("담당자 목록 열람", Whose::AllOfficers)).await?;
                Ok((store::officers(tx, &cx.district).await?, store::departments(tx, &cx.district).await?))
            })
        })
        .await?;
    let row = |officer: &Officer| OfficerRow {
        id: officer.id.to_string(),
        name: officer.name.clone(),
        login: officer.login.to_string(),
        department: department_name(&departments, &officer.department),
        duties: in_words(&officer.duties_on(now.seoul_date())),
        state: state_word(officer, now),
    };
    Ok(render(PeoplePage {
        shell: Shell::office(&prefs, &viewer, "담당자와 업무", Desk::People)
            .crumb("담당자", "/office")
            .here("담당자와 업무"),
        active: officers.iter().filter(|officer| matches!(officer.state, OfficerState::Active { .. })).count(),
        rows: officers.iter().map(row).collect(),
    }))
}

/// A line of the rights history, ready to read.
pub struct HistoryRow {
    at: String,
    change: String,
    detail: String,
    effective_on: Date,
    by: String,
}

/// `GET /office/people/{officer}`.
#[derive(Template)]
#[template(path = "officer.html")]
pub struct OfficerPage {
    shell: Shell,
    id: String,
    name: String,
    login: String,
    department: String,
    duties: String,
    state: StateWord,
    has_left: bool,
    /// Who has this officer's work, where it was handed over.
    successor: Option<String>,
    may_have_deputy: bool,
    deputies: Vec<DeputyRow>,
    history: Vec<HistoryRow>,
}

impl OfficerPage {
    fn sentence(&self) -> String {
        if self.has_left {
            return format!("{} 담당자는 떠났습니다", self.name);
        }
        if self.duties == "없음" {
            return format!("{} 담당자는 아직 맡은 업무가 없습니다", self.name);
        }
        format!("{} 담당자는 {} 업무를 맡고 있습니다", self.name, self.duties)
    }
}

/// Shows one officer.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let id = officer_id(&officer)?;
    let cx = Cx::of(&office, &viewer, &address);
    let (today, now) = (cx.today(), cx.now());
    let looked = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(officer) = store::officer(tx, &cx.district, id).await? else { return Ok(None) };
                log_access(tx, &cx, Access::to("담당자 정보 열람", Whose::Officer(id))).await?;
                let deputies = deputy::deputies(tx, &cx, id).await?;
                let officers = store::officers(tx, &cx.district).await?;
                let departments = store::departments(tx, &cx.district).await?;
                let history = store::rights_history(tx, &cx.district, id).await?;
                let successor = handover::successor_of(tx, &cx.district, id, cx.today()).await?;
                Ok(Some((officer, deputies, officers, departments, history, successor)))
            })
        })
        .await?;
    let Some((officer, deputies, officers, departments, history, successor)) = looked else {
        return Err(PageError::NotFound);
    };
    let row = |line: &RightsLine| HistoryRow {
        at: line.at.korean(),
        change: line.change.clone(),
        detail: line.detail.clone(),
        effective_on: line.effective_on,
        by: match line.by {
            Actor::Officer(by) => who(&officers, by),
            Actor::Operator => "운영자 명령".to_owned(),
            Actor::System => "프로그램".to_owned(),
            Actor::Demo => "시연자료".to_owned(),
        },
    };
    let shell = Shell::office(&prefs, &viewer, officer.name.clone(), Desk::People);
    Ok(render(OfficerPage {
        shell: shell.crumb("담당자", "/office").crumb("담당자와 업무", "/office/people").here(&officer.name),
        id: id.to_string(),
        login: officer.login.to_string(),
        department: department_name(&departments, &officer.department),
        duties: in_words(&officer.duties_on(today)),
        state: state_word(&officer, now),
        has_left: matches!(officer.state, OfficerState::Left { .. }),
        successor: successor.map(|successor| who(&officers, successor)),
        may_have_deputy: officer.duties_on(today).contains(&Duty::Confirm),
        deputies: deputy_rows(&deputies, &officers, today, Some(id)),
        history: history.iter().map(row).collect(),
        name: officer.name,
    }))
}

/// The officer of an address, or 404.
async fn known(office: &Office, viewer: &Viewer, officer: Id<id::Officer>) -> Result<Officer, PageError> {
    let district = viewer.district.clone();
    let known =
        office.store.read(move |tx| Box::pin(async move { store::officer(tx, &district, officer).await })).await?;
    known.ok_or(PageError::NotFound)
}

fn shell_of(prefs: &DisplayPrefs, viewer: &Viewer, officer: &Officer, title: &str) -> Shell {
    let shell =
        Shell::office(prefs, viewer, format!("{title}: {}", officer.name), Desk::People).crumb("담당자", "/office");
    shell
        .crumb("담당자와 업무", "/office/people")
        .crumb(&officer.name, format!("/office/people/{}", officer.id))
        .here(title)
}

/// `GET /office/people/{officer}/rights`.
#[derive(Template)]
#[template(path = "rights.html")]
pub struct RightsPage {
    shell: Shell,
    errors: FieldErrors,
    meanwhile: Meanwhile,
    id: String,
    name: String,
    departments: Vec<Choice>,
    duties: Vec<Choice>,
}

async fn rights_page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    officer: &Officer,
    (chosen, meanwhile): ((&str, &[Duty]), Meanwhile),
    errors: FieldErrors,
) -> Result<RightsPage, PageError> {
    let district = viewer.district.clone();
    let departments =
        office.store.read(move |tx| Box::pin(async move { store::departments(tx, &district).await })).await?;
    Ok(RightsPage {
        shell: shell_of(prefs, viewer, officer, "업무 정하기").faults(errors.len()),
        errors,
        meanwhile,
        id: officer.id.to_string(),
        name: officer.name.clone(),
        departments: department_choices(&departments, chosen.0),
        duties: duty_choices(chosen.1),
    })
}

/// Department and duties in force, as the form shows them.
fn rights_of(officer: &Officer, today: Date) -> Typed {
    let typed = Typed::new().with("department", &officer.department);
    officer.duties_on(today).into_iter().fold(typed, |typed, duty| typed.with("duty", duty.code()))
}

/// The same in words, for both texts side by side.
fn rights_in_words(departments: &[(String, String)], rights: &Typed) -> Typed {
    let department = department_name(departments, rights.get("department"));
    Typed::new().with("department", department).with("duty", in_words(&ticked_duties(rights)))
}

/// What another administrator saved, beside what this form says.
async fn compared_rights(
    office: &Office,
    viewer: &Viewer,
    officer: Id<id::Officer>,
    typed: &Typed,
) -> Result<Meanwhile, PageError> {
    let now = rights_of(&known(office, viewer, officer).await?, office.clock.today());
    let district = viewer.district.clone();
    let departments =
        office.store.read(move |tx| Box::pin(async move { store::departments(tx, &district).await })).await?;
    let words = |rights: &Typed| rights_in_words(&departments, rights);
    Ok(Meanwhile::compared_in_words(&now, typed, words, &[("department", "부서"), ("duty", "맡은 업무")]))
}

/// The form, with what is in force.
pub async fn rights_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let duties = officer.duties_on(office.clock.today());
    let opened_on = Meanwhile::opened_on(&rights_of(&officer, office.clock.today()));
    let shown = ((officer.department.as_str(), duties.as_slice()), opened_on);
    Ok(render(rights_page(&office, &prefs, &viewer, &officer, shown, FieldErrors::none()).await?))
}

/// Sets department and duties.
pub async fn set_rights(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(officer): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let cx = Cx::of(&office, &viewer, &address);
    let wanted = RightsWanted { department: typed.get("department").to_owned(), duties: ticked_duties(&typed) };
    let (id, asked, sent) = (officer.id, wanted.clone(), typed.clone());
    let done = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(now) = store::officer(tx, &cx.district, id).await? {
                    meanwhile::unchanged(&sent, &rights_of(&now, cx.today()))?;
                }
                admin::set_rights(tx, &cx, id, asked).await
            })
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/office/people/{id}"))),
        Err(stop) => {
            let status = status_of(&stop);
            let meanwhile = if meanwhile::is_changed(&stop) {
                compared_rights(&office, &viewer, id, &typed).await?
            } else {
                Meanwhile::as_sent(&typed)
            };
            let errors = FieldErrors::from_stop(stop)?;
            let shown = ((wanted.department.as_str(), wanted.duties.as_slice()), meanwhile);
            let page = rights_page(&office, &prefs, &viewer, &officer, shown, errors).await?;
            Ok(render_with(status, page))
        }
    }
}

/// `GET /office/people/{officer}/left`.
#[derive(Template)]
#[template(path = "left.html")]
pub struct LeftPage {
    shell: Shell,
    errors: FieldErrors,
    id: String,
    name: String,
    left_on: String,
    /// Who has this officer's work, where it was handed over.
    successor: Option<String>,
}

async fn left_page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    officer: &Officer,
    left_on: &str,
    errors: FieldErrors,
) -> Result<LeftPage, PageError> {
    let (district, id, today) = (viewer.district.clone(), officer.id, office.clock.today());
    let (successor, officers) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                Ok((handover::successor_of(tx, &district, id, today).await?, store::officers(tx, &district).await?))
            })
        })
        .await?;
    Ok(LeftPage {
        shell: shell_of(prefs, viewer, officer, "떠남 처리").faults(errors.len()),
        errors,
        id: id.to_string(),
        name: officer.name.clone(),
        left_on: left_on.to_owned(),
        successor: successor.map(|successor| who(&officers, successor)),
    })
}

/// The form.
pub async fn left_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let today = office.clock.today().to_string();
    Ok(render(left_page(&office, &prefs, &viewer, &officer, &today, FieldErrors::none()).await?))
}

/// Marks as left.
pub async fn mark_left(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(officer): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let cx = Cx::of(&office, &viewer, &address);
    let id = officer.id;
    let done = match day(&typed, "left_on") {
        Ok(on) => office.store.write(move |tx| Box::pin(async move { admin::mark_left(tx, &cx, id, on).await })).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/office/people/{id}"))),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = left_page(&office, &prefs, &viewer, &officer, typed.get("left_on"), errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

async fn deputy_page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    officer: &Officer,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<DeputyPage, PageError> {
    let (district, id) = (viewer.district.clone(), officer.id);
    let others = office.store.read(move |tx| Box::pin(async move { colleagues(tx, &district, id).await })).await?;
    Ok(DeputyPage {
        shell: shell_of(prefs, viewer, officer, "대리 확인자 정하기").faults(errors.len()),
        errors,
        principal: officer.name.clone(),
        action: format!("/office/people/{id}/deputy"),
        back: format!("/office/people/{id}"),
        choices: officer_choices(&others, typed.get("deputy")),
        from: typed.get("from").to_owned(),
        until: typed.get("until").to_owned(),
    })
}

/// The form, for somebody who is already away.
pub async fn deputy_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let typed = Typed::new().with("from", office.clock.today().to_string());
    Ok(render(deputy_page(&office, &prefs, &viewer, &officer, &typed, FieldErrors::none()).await?))
}

/// Appoints.
pub async fn appoint_deputy(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(officer): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let cx = Cx::of(&office, &viewer, &address);
    let done = match appointment(&typed, officer.id) {
        Ok(wanted) => {
            office.store.write(move |tx| Box::pin(async move { deputy::appoint_deputy(tx, &cx, wanted).await })).await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/office/people/{}", officer.id))),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = deputy_page(&office, &prefs, &viewer, &officer, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Ends a deputyship early.
pub async fn end_deputy(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path((officer, deputy)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let officer = known(&office, &viewer, officer_id(&officer)?).await?;
    let deputy = known(&office, &viewer, officer_id(&deputy)?).await?;
    let cx = Cx::of(&office, &viewer, &address);
    let id = officer.id;
    office.store.write(move |tx| Box::pin(async move { deputy::end_deputy(tx, &cx, id, deputy.id).await })).await?;
    Ok(see_other(&format!("/office/people/{id}")))
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<PeoplePage>("people", all);
    rendered::<OfficerPage>("officer", all);
    rendered::<RightsPage>("rights", all);
    rendered::<LeftPage>("left", all);
}

impl Sample for PeoplePage {
    fn samples() -> Vec<Self> {
        let page = |many: usize, name: &str| Self {
            shell: super::sample::shell("담당자와 업무", Desk::People, &[Duty::Administer]),
            active: many,
            rows: (0..many)
                .map(|number| OfficerRow {
                    id: super::sample::id::<id::Officer>(2).to_string(),
                    name: name.to_owned(),
                    login: format!("login{number}"),
                    department: "일자리정책과".to_owned(),
                    duties: in_words(if number % 3 == 0 { &[] } else { &Duty::ALL }),
                    state: StateWord {
                        kind: ["good", "care", "bad", "quiet"][number % 4], text: "쓰는 중".to_owned()
                    },
                })
                .collect(),
        };
        vec![page(0, ""), page(5, "홍예시"), page(1000, &super::sample::longest())]
    }
}

impl Sample for OfficerPage {
    fn samples() -> Vec<Self> {
        let page = |many: u8, name: String, has_left: bool| Self {
            shell: super::sample::shell("홍예시", Desk::People, &[Duty::Administer]),
            id: super::sample::id::<id::Officer>(2).to_string(),
            login: name.clone(),
            name,
            department: "일자리정책과".to_owned(),
            duties: in_words(if many == 0 || has_left { &[] } else { &Duty::ALL }),
            state: match has_left {
                true => StateWord { kind: "quiet", text: "2026-11-20 떠남".to_owned() },
                false => StateWord { kind: "good", text: "쓰는 중".to_owned() },
            },
            has_left,
            successor: (many > 1).then(super::sample::longest),
            may_have_deputy: many > 0,
            deputies: (0..many).map(|_| sample_deputy("김보기 (kimbogi)")).collect(),
            history: (0..many)
                .map(|_| HistoryRow {
                    at: super::sample::now().korean(),
                    change: "업무 더함".to_owned(),
                    detail: "확인".to_owned(),
                    effective_on: super::sample::today(),
                    by: "한시범 (hansibeom)".to_owned(),
                })
                .collect(),
        };
        vec![
            page(0, "홍예시".to_owned(), false),
            page(2, "홍예시".to_owned(), true),
            page(200, super::sample::longest(), false),
        ]
    }
}

impl Sample for RightsPage {
    fn samples() -> Vec<Self> {
        let refusal = iljari_base::Refusal::new("last-administrator", "", "하나뿐인 관리 담당자입니다.").at("duty");
        let page = |many: usize, name: String, errors: FieldErrors| Self {
            shell: super::sample::shell("업무 정하기", Desk::People, &[Duty::Administer]).faults(errors.len()),
            errors,
            meanwhile: Meanwhile::sample(if many > 3 { 2 } else { 0 }),
            id: super::sample::id::<id::Officer>(2).to_string(),
            name,
            departments: department_choices(&vec![("10".to_owned(), "일자리정책과".to_owned()); many], ""),
            duties: duty_choices(&[Duty::Record]),
        };
        vec![
            page(0, "홍예시".to_owned(), FieldErrors::none()),
            page(3, "홍예시".to_owned(), vec![refusal].into()),
            page(80, super::sample::longest(), FieldErrors::none()),
        ]
    }
}

impl Sample for LeftPage {
    fn samples() -> Vec<Self> {
        let refusal =
            iljari_base::Refusal::new("left-in-future", "", "떠난 날은 오늘까지 적을 수 있습니다.").at("left_on");
        let page = |name: String, successor: Option<String>, errors: FieldErrors| Self {
            shell: super::sample::shell("떠남 처리", Desk::People, &[Duty::Administer]).faults(errors.len()),
            errors,
            id: super::sample::id::<id::Officer>(2).to_string(),
            name,
            left_on: "2026-11-23".to_owned(),
            successor,
        };
        vec![
            page("홍예시".to_owned(), None, FieldErrors::none()),
            page("홍예시".to_owned(), Some("김보기 (kimbogi)".to_owned()), vec![refusal].into()),
            page(super::sample::longest(), Some(super::sample::longest()), FieldErrors::none()),
        ]
    }
}
