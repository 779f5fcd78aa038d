//! Inviting an officer: the form, and the temporary password, shown once.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use iljari_base::Timestamp;
use iljari_web::{
    Choice, Desk, DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{RenderedSample, cookie, department_choices, duty_choices, officer_id, rendered, see_other, ticked_duties};
use crate::admin::{self, InvitationWanted, Invited};
use crate::cx::{ClientAddress, Cx};
use crate::seal::Sealer;
use crate::store;

/// Carries the temporary password from the act to the page that shows it. Nothing else keeps it.
const INVITATION_COOKIE: &str = "iljari_invitation";
/// How long the page may be opened after the act.
const COOKIE_SECONDS: i64 = 600;

/// `GET /office/people/new`.
#[derive(Template)]
#[template(path = "invite.html")]
pub struct InvitePage {
    shell: Shell,
    errors: FieldErrors,
    login: String,
    person: String,
    departments: Vec<Choice>,
    duties: Vec<Choice>,
}

async fn page(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    typed: &Typed,
    errors: FieldErrors,
) -> Result<InvitePage, PageError> {
    let district = viewer.district.clone();
    let departments =
        office.store.read(move |tx| Box::pin(async move { store::departments(tx, &district).await })).await?;
    let shell = Shell::office(prefs, viewer, "담당자 초대하기", Desk::People);
    Ok(InvitePage {
        shell: shell
            .crumb("담당자", "/office")
            .crumb("담당자와 업무", "/office/people")
            .here("초대하기")
            .faults(errors.len()),
        errors,
        login: typed.get("login").to_owned(),
        person: typed.get("name").to_owned(),
        departments: department_choices(&departments, typed.get("department")),
        duties: duty_choices(&ticked_duties(typed)),
    })
}

/// The form.
pub async fn form(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    Ok(render(page(&office, &prefs, &viewer, &Typed::new(), FieldErrors::none()).await?))
}

/// Invites.
pub async fn invite(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let wanted = InvitationWanted {
        login: typed.get("login").to_owned(),
        name: typed.get("name").to_owned(),
        department: typed.get("department").to_owned(),
        duties: ticked_duties(&typed),
    };
    match admin::invite(&office, &cx, wanted).await {
        Ok(invited) => invited_response(&office, &headers, &invited),
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = page(&office, &prefs, &viewer, &typed, errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Invites again an officer who lost the phone or the password.
pub async fn invite_again(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    headers: HeaderMap,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let officer = officer_id(&officer)?;
    let district = viewer.district.clone();
    let known =
        office.store.read(move |tx| Box::pin(async move { store::officer(tx, &district, officer).await })).await?;
    if known.is_none() {
        return Err(PageError::NotFound);
    }
    let invited = admin::invite_again(&office, &Cx::of(&office, &viewer, &address), officer).await?;
    invited_response(&office, &headers, &invited)
}

/// On to the page that shows the temporary password.
fn invited_response(office: &Office, headers: &HeaderMap, invited: &Invited) -> Result<Response, PageError> {
    let path = format!("/office/people/{}/invitation", invited.officer);
    let good_until = office.clock.now().plus_seconds(COOKIE_SECONDS);
    let plain = format!("{good_until} {} {}", invited.until, invited.temporary.reveal());
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let sealed = sealer.seal(office.entropy.as_ref(), &path, plain.as_bytes())?;
    let text = format!("{INVITATION_COOKIE}={}; Path={path}; Max-Age={COOKIE_SECONDS}", hex::encode(sealed));
    let mut response = see_other(&path);
    response.headers_mut().append(SET_COOKIE, cookie(office, headers, &text)?);
    Ok(response)
}

/// What the cookie carries, while it may still be shown.
fn carried(office: &Office, headers: &HeaderMap, path: &str) -> Result<Option<(Timestamp, String)>, PageError> {
    let jar = CookieJar::from_headers(headers);
    let Some(sealed) = jar.get(INVITATION_COOKIE).and_then(|cookie| hex::decode(cookie.value()).ok()) else {
        return Ok(None);
    };
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let opened = sealer.open_sealed(path, &sealed);
    let text = opened.as_ref().and_then(|plain| std::str::from_utf8(plain).ok()).unwrap_or_default();
    let mut words = text.splitn(3, ' ');
    let good_until: Option<Timestamp> = words.next().and_then(|word| word.parse().ok());
    let until: Option<Timestamp> = words.next().and_then(|word| word.parse().ok());
    let fresh = good_until.is_some_and(|good_until| office.clock.now() < good_until);
    Ok(match (fresh, until, words.next()) {
        (true, Some(until), Some(temporary)) => Some((until, temporary.to_owned())),
        _ => None,
    })
}

/// `GET /office/people/{officer}/invitation`.
#[derive(Template)]
#[template(path = "invitation.html")]
pub struct InvitationPage {
    shell: Shell,
    name: String,
    login: String,
    officer: String,
    /// The temporary password; `None` when it was shown already.
    temporary: Option<String>,
    until: String,
}

/// Shows the temporary password once: the answer also forgets the cookie it came in.
pub async fn done(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    headers: HeaderMap,
    Path(officer): Path<String>,
) -> Result<Response, PageError> {
    let id = officer_id(&officer)?;
    let district = viewer.district.clone();
    let known = office.store.read(move |tx| Box::pin(async move { store::officer(tx, &district, id).await })).await?;
    let known = known.ok_or(PageError::NotFound)?;
    let path = format!("/office/people/{id}/invitation");
    let carried = carried(&office, &headers, &path)?;
    let shell = Shell::office(&prefs, &viewer, "초대", Desk::People);
    let mut response = render(InvitationPage {
        shell: shell
            .crumb("담당자", "/office")
            .crumb("담당자와 업무", "/office/people")
            .crumb(&known.name, format!("/office/people/{id}"))
            .here("초대"),
        name: known.name,
        login: known.login.to_string(),
        officer: id.to_string(),
        until: carried.as_ref().map(|(until, _)| until.korean()).unwrap_or_default(),
        temporary: carried.map(|(_, temporary)| temporary),
    });
    let over = format!("{INVITATION_COOKIE}=; Path={path}; Max-Age=0");
    response.headers_mut().append(SET_COOKIE, cookie(&office, &headers, &over)?);
    Ok(response)
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<InvitePage>("invite", all);
    rendered::<InvitationPage>("invitation", all);
}

impl Sample for InvitePage {
    fn samples() -> Vec<Self> {
        let refusals = vec![
            iljari_base::Refusal::new("login-taken", "", "hansibeom은 다른 사람이 쓰고 있는 로그인 이름입니다.")
                .at("login"),
            iljari_base::Refusal::new("no-such-department", "", "부서를 목록에서 하나 골라 주세요.").at("department"),
        ];
        let page = |departments: usize, name: String, errors: FieldErrors| Self {
            shell: super::sample::shell("담당자 초대하기", Desk::People, &[Duty::Administer]).faults(errors.len()),
            errors,
            login: name.clone(),
            person: name,
            departments: department_choices(&vec![("10".to_owned(), "일자리정책과".to_owned()); departments], ""),
            duties: duty_choices(&[Duty::Record]),
        };
        vec![
            page(0, String::new(), FieldErrors::none()),
            page(3, "hansibeom".to_owned(), refusals.into()),
            page(80, super::sample::longest(), FieldErrors::none()),
        ]
    }
}

impl Sample for InvitationPage {
    fn samples() -> Vec<Self> {
        let page = |name: String, temporary: Option<String>| Self {
            shell: super::sample::shell("초대", Desk::People, &[Duty::Administer]),
            login: name.clone(),
            name,
            officer: super::sample::id::<iljari_base::id::Officer>(2).to_string(),
            until: super::sample::now().korean(),
            temporary,
        };
        vec![
            page("홍예시".to_owned(), None),
            page("홍예시".to_owned(), Some("abcd-efgh-jkmn-pqrs".to_owned())),
            page(super::sample::longest(), Some("abcd-efgh-jkmn-pqrs".to_owned())),
        ]
    }
}
