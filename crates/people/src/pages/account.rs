//! One's own account: sessions, password, deputy, what one did last.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use iljari_base::{Id, id};
use iljari_web::local::local_path;
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{
    RenderedSample, both, chosen_officer, colleagues, day, department_name, in_words, officer_choices, rendered,
    see_other, who,
};
use crate::access::{self, AccessLine, ReadableLine};
use crate::cx::{ClientAddress, Cx};
use crate::deputy::{self, Appointment};
use crate::model::{Deputy, Officer};
use crate::password::Password;
use crate::session;
use crate::{admin, store};

/// One sign-in in the list.
pub struct SessionRow {
    id: String,
    here: bool,
    address: String,
    since: String,
    ends: String,
}

/// One deputyship in a list.
pub struct DeputyRow {
    /// The deputy's id, in the address that ends it.
    pub(super) deputy: String,
    pub(super) principal: String,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) until: String,
    /// `하는 중`, `예정`, `끝남`.
    pub(super) state: &'static str,
    /// Whether this page's reader may end it.
    pub(super) can_end: bool,
}

/// Deputyships as rows; `ender` may end those in which they are the principal.
pub(super) fn deputy_rows(
    all: &[Deputy],
    officers: &[Officer],
    on: iljari_base::Date,
    ender: Option<Id<id::Officer>>,
) -> Vec<DeputyRow> {
    let row = |line: &Deputy| {
        let over = line.revoked_at.is_some() || line.until < on;
        DeputyRow {
            deputy: line.deputy.to_string(),
            principal: who(officers, line.principal),
            name: who(officers, line.deputy),
            from: line.from.korean(),
            until: line.until.korean(),
            state: if over {
                "끝남"
            } else if line.in_force(on) {
                "하는 중"
            } else {
                "예정"
            },
            can_end: !over && ender == Some(line.principal),
        }
    };
    all.iter().map(row).collect()
}

/// `GET /office/account`.
#[derive(Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    shell: Shell,
    name: String,
    login: String,
    department: String,
    duties: String,
    /// When this session ends without another request.
    ends: String,
    /// When it ends in any case.
    ends_anyway: String,
    notice: Option<String>,
    sessions: Vec<SessionRow>,
    may_appoint: bool,
    deputies: Vec<DeputyRow>,
    lines: Vec<ReadableLine>,
}

/// Shows one's own account.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    const LINES: i64 = 20;
    let cx = Cx::of(&office, &viewer, &address);
    let asked = viewer.clone();
    let (officer, sessions, deputies, officers, departments, lines) = office
        .store
        .read({
            let cx = cx.clone();
            move |tx| {
                Box::pin(async move {
                    let officer = admin::existing(tx, &cx.district, asked.officer).await?;
                    let sessions = session::living_sessions(tx, &cx, &officer).await?;
                    let deputies = deputy::deputies(tx, &cx, officer.id).await?;
                    let officers = store::officers(tx, &cx.district).await?;
                    let departments = store::departments(tx, &cx.district).await?;
                    let lines = access::own_lines(tx, &cx.district, cx.actor, LINES).await?;
                    let lines = access::readable(&lines, &officers);
                    Ok((officer, sessions, deputies, officers, departments, lines))
                })
            }
        })
        .await?;
    let here = sessions.iter().find(|line| line.id == viewer.session).ok_or(PageError::NobodySignedIn)?;
    let row = |line: &crate::model::SessionLine| SessionRow {
        id: line.id.to_string(),
        here: line.id == viewer.session,
        address: line.address.clone(),
        since: line.since.korean(),
        ends: line.idle_end().korean(),
    };
    let page = AccountPage {
        shell: Shell::office(&prefs, &viewer, "내 계정", Desk::None).crumb("담당자", "/office").here("내 계정"),
        name: officer.name.clone(),
        login: officer.login.to_string(),
        department: department_name(&departments, &officer.department),
        duties: in_words(&viewer.duties),
        ends: here.idle_end().korean(),
        ends_anyway: here.ends_at.korean(),
        notice: here.notice.clone(),
        sessions: sessions.iter().map(row).collect(),
        may_appoint: officer.duties_on(cx.today()).contains(&Duty::Confirm),
        deputies: deputy_rows(&deputies, &officers, cx.today(), Some(officer.id)),
        lines,
    };
    if page.notice.is_some() {
        // Told once it was shown. The next sign-in elsewhere leaves a new one.
        office
            .store
            .write(move |tx| Box::pin(async move { store::clear_notice(tx, &viewer.district, viewer.session).await }))
            .await?;
    }
    Ok(render(page))
}

/// Puts off the idle end and goes back to the page.
pub async fn extend(State(office): State<Arc<Office>>, viewer: Viewer, typed: Typed) -> Result<Response, PageError> {
    let now = office.clock.now();
    office
        .store
        .write(move |tx| Box::pin(async move { store::touch_session(tx, &viewer.district, viewer.session, now).await }))
        .await?;
    Ok(see_other(local_path(typed.get("back")).unwrap_or("/office/account")))
}

/// Ends one of one's own sessions.
pub async fn end_session(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path(session): Path<String>,
) -> Result<Response, PageError> {
    let wanted: Id<id::Session> = session.parse().map_err(|_| PageError::NotFound)?;
    let cx = Cx::of(&office, &viewer, &address);
    let ended = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let officer = admin::existing(tx, &cx.district, viewer.officer).await?;
                let own = session::living_sessions(tx, &cx, &officer).await?;
                if !own.iter().any(|line| line.id == wanted) {
                    return Ok(false);
                }
                store::end_session(tx, &cx.district, wanted, "ended-elsewhere", cx.now()).await?;
                access::log_access(tx, &cx, access::Access::to("다른 로그인 끝내기", access::Whose::Nobody)).await?;
                Ok(true)
            })
        })
        .await?;
    if ended { Ok(see_other("/office/account")) } else { Err(PageError::NotFound) }
}

/// `GET /office/account/password`.
#[derive(Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    shell: Shell,
    errors: FieldErrors,
    login: String,
    shown: bool,
    done: bool,
}

impl PasswordPage {
    fn new(prefs: &DisplayPrefs, viewer: &Viewer, typed: &Typed, errors: FieldErrors) -> Self {
        let shell = Shell::office(prefs, viewer, "비밀번호 바꾸기", Desk::None);
        Self {
            shell: shell
                .crumb("담당자", "/office")
                .crumb("내 계정", "/office/account")
                .here("비밀번호")
                .faults(errors.len()),
            login: viewer.name.clone(),
            shown: typed.get("shown") == "1",
            done: typed.get("done") == "1" && errors.is_empty(),
            errors,
        }
    }

    /// The kind of the passwords' fields.
    fn kind(&self) -> &'static str {
        super::password_kind(self.shown)
    }
}

/// The form.
pub async fn password_form(prefs: DisplayPrefs, viewer: Viewer, typed: Typed) -> Response {
    render(PasswordPage::new(&prefs, &viewer, &typed, FieldErrors::none()))
}

/// Changes it.
pub async fn change_password(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (old, new) = (Password::typed(typed.get("old_password")), Password::typed(typed.get("new_password")));
    match crate::sign_in::change_password(&office, &cx, viewer.session, old, new).await {
        Ok(()) => Ok(see_other("/office/account/password?done=1")),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, PasswordPage::new(&prefs, &viewer, &Typed::new(), errors)))
        }
    }
}

/// `GET /office/account/deputy` and, for an administrator, `/office/people/{officer}/deputy`.
#[derive(Template)]
#[template(path = "deputy.html")]
pub struct DeputyPage {
    pub(super) shell: Shell,
    pub(super) errors: FieldErrors,
    /// In whose place.
    pub(super) principal: String,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) choices: Vec<Choice>,
    pub(super) from: String,
    pub(super) until: String,
}

/// The form.
pub async fn deputy_form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let typed = Typed::new().with("from", office.clock.today().to_string());
    Ok(render(own_deputy_page(&office, &prefs, &viewer, &typed, FieldErrors::none()).await?))
}

async fn own_deputy_page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<DeputyPage, PageError> {
    let asked = viewer.clone();
    let others = office
        .store
        .read(move |tx| Box::pin(async move { colleagues(tx, &asked.district, asked.officer).await }))
        .await?;
    let shell = Shell::office(prefs, viewer, "대리 확인자 정하기", Desk::None);
    Ok(DeputyPage {
        shell: shell
            .crumb("담당자", "/office")
            .crumb("내 계정", "/office/account")
            .here("대리 확인자")
            .faults(errors.len()),
        errors,
        principal: viewer.name.clone(),
        action: "/office/account/deputy".to_owned(),
        back: "/office/account".to_owned(),
        choices: officer_choices(&others, typed.get("deputy")),
        from: typed.get("from").to_owned(),
        until: typed.get("until").to_owned(),
    })
}

/// Reads the form for this principal.
pub(super) fn appointment(typed: &Typed, principal: Id<id::Officer>) -> Result<Appointment, iljari_base::Stop> {
    let deputy = chosen_officer(typed, "deputy");
    let days = both(day(typed, "from"), day(typed, "until"));
    match (deputy, days) {
        (Ok(deputy), Ok((from, until))) => Ok(Appointment { principal, deputy, from, until }),
        (deputy, days) => {
            let mut refusals: Vec<_> = deputy.err().into_iter().collect();
            refusals.extend(days.err().iter().flat_map(iljari_base::Stop::refusals).cloned());
            Err(iljari_base::Stop::Refused(refusals))
        }
    }
}

/// Appoints one's own deputy.
pub async fn appoint_deputy(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let done = match appointment(&typed, viewer.officer) {
        Ok(wanted) => {
            office.store.write(move |tx| Box::pin(async move { deputy::appoint_deputy(tx, &cx, wanted).await })).await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Ok(()) => Ok(see_other("/office/account")),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = own_deputy_page(&office, &prefs, &viewer, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Ends one's own deputy's time early.
pub async fn end_deputy(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path(deputy): Path<String>,
) -> Result<Response, PageError> {
    let deputy = super::officer_id(&deputy)?;
    let cx = Cx::of(&office, &viewer, &address);
    office
        .store
        .write(move |tx| Box::pin(async move { deputy::end_deputy(tx, &cx, viewer.officer, deputy).await }))
        .await?;
    Ok(see_other("/office/account"))
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<AccountPage>("account", all);
    rendered::<PasswordPage>("password", all);
    rendered::<DeputyPage>("deputy", all);
}

pub(super) fn sample_line(number: u8, text: &str) -> AccessLine {
    AccessLine {
        seq: i64::from(number),
        id: super::sample::id::<id::Access>(number).to_string(),
        actor: super::sample::id::<id::Officer>(1).to_string(),
        account: "hansibeom".to_owned(),
        address: "10.0.0.7".to_owned(),
        subject: access::NOBODYS.to_owned(),
        act: text.to_owned(),
        download: number.is_multiple_of(2),
        reason: number.is_multiple_of(2).then(|| "11월 접속기록 점검".to_owned()),
        prev_hash: "0".repeat(64),
        hash: "f".repeat(64),
        at: super::sample::now().to_string(),
    }
}

pub(super) fn sample_deputy(name: &str) -> DeputyRow {
    DeputyRow {
        deputy: super::sample::id::<id::Officer>(2).to_string(),
        principal: "한시범 (hansibeom)".to_owned(),
        name: name.to_owned(),
        from: super::sample::today().korean(),
        until: super::sample::today().plus_days(7).korean(),
        state: "하는 중",
        can_end: true,
    }
}

impl Sample for AccountPage {
    fn samples() -> Vec<Self> {
        let page = |many: u8, name: String, notice: Option<String>| Self {
            shell: super::sample::shell("내 계정", Desk::None, &[Duty::Record, Duty::Confirm])
                .crumb("담당자", "/office")
                .here("내 계정"),
            name,
            login: "hansibeom".to_owned(),
            department: "일자리정책과".to_owned(),
            duties: in_words(&[Duty::Record, Duty::Confirm]),
            ends: super::sample::now().plus_seconds(900).korean(),
            ends_anyway: super::sample::now().plus_seconds(36_000).korean(),
            notice,
            sessions: (1..=many.max(1))
                .map(|number| SessionRow {
                    id: super::sample::id::<id::Session>(number).to_string(),
                    here: number == 1,
                    address: "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff".to_owned(),
                    since: super::sample::now().korean(),
                    ends: super::sample::now().plus_seconds(900).korean(),
                })
                .collect(),
            may_appoint: many > 0,
            deputies: (0..many).map(|_| sample_deputy(&super::sample::longest())).collect(),
            lines: {
                let lines: Vec<_> =
                    (0..many.saturating_mul(4)).map(|number| sample_line(number, "접속기록 열람 2026-11")).collect();
                access::readable(&lines, &[])
            },
        };
        let told = "2026년 11월 23일(월) 09:58에 10.0.0.9에서 같은 계정으로 로그인했습니다.".to_owned();
        vec![
            page(0, "홍예시".to_owned(), None),
            page(2, "한시범".to_owned(), Some(told)),
            page(5, super::sample::longest(), None),
        ]
    }
}

impl Sample for PasswordPage {
    fn samples() -> Vec<Self> {
        let refusal = iljari_base::Refusal::new(
            "password-too-short",
            "",
            "비밀번호는 8자 이상이어야 합니다. 3자를 적으셨습니다.",
        )
        .at("new_password");
        let old = iljari_base::Refusal::new("old-password-wrong", "", "지금 쓰는 비밀번호가 맞지 않습니다.")
            .at("old_password");
        let page = |shown: bool, done: bool, errors: FieldErrors| Self {
            shell: super::sample::shell("비밀번호 바꾸기", Desk::None, &[]).faults(errors.len()),
            errors,
            login: "hansibeom".to_owned(),
            shown,
            done,
        };
        vec![
            page(false, false, FieldErrors::none()),
            page(true, true, FieldErrors::none()),
            page(false, false, vec![old, refusal].into()),
        ]
    }
}

impl Sample for DeputyPage {
    fn samples() -> Vec<Self> {
        let refusal =
            iljari_base::Refusal::new("date-unreadable", "", "날짜를 적어 주세요. 예: 2026-12-04").at("until");
        let page = |many: u8, until: &str, errors: FieldErrors| Self {
            shell: super::sample::shell("대리 확인자 정하기", Desk::None, &[Duty::Confirm]).faults(errors.len()),
            errors,
            principal: super::sample::longest(),
            action: "/office/account/deputy".to_owned(),
            back: "/office/account".to_owned(),
            choices: (0..=many).map(|number| Choice::new(number.to_string(), super::sample::longest())).collect(),
            from: super::sample::today().to_string(),
            until: until.to_owned(),
        };
        vec![
            page(0, "", FieldErrors::none()),
            page(5, "2026-12-04", FieldErrors::none()),
            page(200, "내일", vec![refusal].into()),
        ]
    }
}
