//! Signing in, enrolling, signing out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use iljari_web::local::{local_path, query_value};
use iljari_web::session::{sign_in_cookie, sign_out_cookie};
use iljari_web::{
    DisplayPrefs, FieldErrors, Office, PageError, PublicNav, Qr, Sample, Shell, Typed, Viewer, render, render_with,
};

use super::{RenderedSample, cookie, rendered, see_other};
use crate::access::{Access, Whose, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::enrol::{TICKET_MINUTES, Ticket};
use crate::password::{Password, TOO_BUSY};
use crate::session::Opened;
use crate::sign_in::{Attempt, Entrance};
use crate::{store, totp};

/// The cookie that tells a browser the account has been used from before.
pub const DEVICE_COOKIE: &str = "iljari_device";
/// The cookie between the first sign-in and the end of enrolment.
const TICKET_COOKIE: &str = "iljari_enrol";

/// `GET /office/sign-in`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    shell: Shell,
    errors: FieldErrors,
    login: String,
    /// Where to go afterwards; empty for the office's first page.
    next: String,
    /// Whether the letters of the password are shown while typing.
    shown: bool,
    /// Whether somebody has just signed out.
    left: bool,
    href_shown: String,
}

impl SignInPage {
    /// The kind of the password's field.
    fn kind(&self) -> &'static str {
        super::password_kind(self.shown)
    }

    fn new(prefs: &DisplayPrefs, typed: &Typed, errors: FieldErrors) -> Self {
        let next = local_path(typed.get("next")).unwrap_or_default().to_owned();
        let shown = typed.get("shown") == "1";
        let href_shown = format!("/office/sign-in?shown={}&next={}", if shown { "" } else { "1" }, query_value(&next));
        Self {
            shell: Shell::public(prefs, "담당자 로그인", None, PublicNav::None).faults(errors.len()),
            login: typed.get("login").trim().chars().take(60).collect(),
            left: typed.get("left") == "1" && errors.is_empty(),
            errors,
            next,
            shown,
            href_shown,
        }
    }
}

/// Shows the sign-in page.
pub async fn show(prefs: DisplayPrefs, typed: Typed) -> Response {
    render(SignInPage::new(&prefs, &typed, FieldErrors::none()))
}

/// Tries what was typed.
pub async fn enter(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    address: ClientAddress,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let attempt = Attempt {
        login: typed.get("login").to_owned(),
        password: Password::typed(typed.get("password")),
        code: typed.get("code").to_owned(),
        address,
        device: CookieJar::from_headers(&headers).get(DEVICE_COOKIE).map(|cookie| cookie.value().to_owned()),
    };
    match crate::sign_in::sign_in(&office, attempt).await {
        Ok(Entrance::Office { opened, device }) => {
            let to = local_path(typed.get("next")).unwrap_or("/office");
            entered(&office, &headers, &opened, &device, to)
        }
        Ok(Entrance::Enrolment { ticket }) => {
            let text = format!("{TICKET_COOKIE}={ticket}; Path=/office/enrol; Max-Age={}", TICKET_MINUTES * 60);
            let mut response = see_other("/office/enrol");
            response.headers_mut().append(SET_COOKIE, cookie(&office, &headers, &text)?);
            Ok(response)
        }
        Err(stop) => {
            let (status, wait) = if stop.has(TOO_BUSY) {
                (StatusCode::SERVICE_UNAVAILABLE, Some("10"))
            } else if stop.has("too-many-attempts") {
                (StatusCode::TOO_MANY_REQUESTS, Some("30"))
            } else {
                (StatusCode::UNPROCESSABLE_ENTITY, None)
            };
            let errors = FieldErrors::from_stop(stop)?;
            let mut response = render_with(status, SignInPage::new(&prefs, &typed, errors));
            if let Some(wait) = wait {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(wait));
            }
            Ok(response)
        }
    }
}

/// Both cookies, and on to the page.
fn entered(
    office: &Office,
    headers: &HeaderMap,
    opened: &Opened,
    device: &str,
    to: &str,
) -> Result<Response, PageError> {
    const YEAR_SECONDS: i64 = 365 * 24 * 3600;
    let mut response = see_other(to);
    let device = format!("{DEVICE_COOKIE}={device}; Path=/office/sign-in; Max-Age={YEAR_SECONDS}");
    response.headers_mut().append(SET_COOKIE, sign_in_cookie(office, headers, &opened.token)?);
    response.headers_mut().append(SET_COOKIE, cookie(office, headers, &device)?);
    Ok(response)
}

/// `GET /office/enrol`: the picture, the secret, a password of one's own.
#[derive(Template)]
#[template(path = "enrol.html")]
pub struct EnrolPage {
    shell: Shell,
    errors: FieldErrors,
    name: String,
    login: String,
    /// The secret in groups of four.
    secret: String,
    qr_side: i32,
    qr_path: String,
    shown: bool,
}

impl EnrolPage {
    /// The kind of the password's field.
    fn kind(&self) -> &'static str {
        super::password_kind(self.shown)
    }

    fn new(prefs: &DisplayPrefs, name: &str, login: &str, secret: &[u8], shown: bool, errors: FieldErrors) -> Self {
        let address = totp::address("iljari", login, secret);
        // Longer than any code: the secret stands beside it in letters.
        let (qr_side, qr_path) = Qr::of(&address).map_or((0, String::new()), |code| (code.side, code.path));
        Self {
            shell: Shell::public(prefs, "처음 로그인", None, PublicNav::None).faults(errors.len()),
            errors,
            name: name.to_owned(),
            login: login.to_owned(),
            secret: totp::in_groups(secret),
            qr_side,
            qr_path,
            shown,
        }
    }
}

async fn ticket(office: &Office, headers: &HeaderMap) -> Result<Option<(Ticket, crate::Officer)>, PageError> {
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(TICKET_COOKIE) else { return Ok(None) };
    let Some(ticket) = Ticket::read(office, cookie.value())? else { return Ok(None) };
    let holder = crate::enrol::ticket_holder(office, &ticket).await?;
    Ok(holder.map(|officer| (ticket, officer)))
}

/// Shows the enrolment page to whoever holds a ticket; everybody else signs in first.
pub async fn show_enrolment(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let Some((ticket, officer)) = ticket(&office, &headers).await? else {
        return Ok(see_other("/office/sign-in"));
    };
    let shown = typed.get("shown") == "1";
    Ok(render(EnrolPage::new(
        &prefs,
        &officer.name,
        officer.login.as_str(),
        &ticket.secret,
        shown,
        FieldErrors::none(),
    )))
}

/// Sets up password and code, and signs in.
pub async fn enrol(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    address: ClientAddress,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, PageError> {
    let Some((ticket, officer)) = ticket(&office, &headers).await? else {
        return Ok(see_other("/office/sign-in"));
    };
    let secret = ticket.secret.clone();
    let chosen = Password::typed(typed.get("new_password"));
    match crate::enrol::enrol(&office, ticket, chosen, typed.get("code"), address).await {
        Ok((opened, device)) => {
            let mut response = entered(&office, &headers, &opened, &device, "/office")?;
            let over = format!("{TICKET_COOKIE}=; Path=/office/enrol; Max-Age=0");
            response.headers_mut().append(SET_COOKIE, cookie(&office, &headers, &over)?);
            Ok(response)
        }
        Err(stop) => {
            let errors = FieldErrors::from_stop(stop)?;
            let page = EnrolPage::new(&prefs, &officer.name, officer.login.as_str(), &secret, false, errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Ends this session and forgets the cookie.
pub async fn leave(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                store::end_session(tx, &viewer.district, viewer.session, "signed-out", cx.now()).await?;
                log_access(tx, &cx, Access::to("로그아웃", Whose::Nobody)).await
            })
        })
        .await?;
    let mut response = see_other("/office/sign-in?left=1");
    response.headers_mut().append(SET_COOKIE, sign_out_cookie(&office, &headers)?);
    // Going back shows nothing to whoever sits down at this machine next.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<SignInPage>("sign_in", all);
    rendered::<EnrolPage>("enrol", all);
}

impl Sample for SignInPage {
    fn samples() -> Vec<Self> {
        let prefs = DisplayPrefs::sample();
        let refusal = iljari_base::Refusal::new(
            "sign-in-refused",
            "",
            "로그인 이름, 비밀번호, 인증 번호 가운데 맞지 않는 것이 있습니다.",
        );
        vec![
            Self::new(&prefs, &Typed::new(), FieldErrors::none()),
            Self::new(&prefs, &Typed::new().with("left", "1").with("shown", "1"), FieldErrors::none()),
            Self::new(
                &prefs,
                &Typed::new().with("login", super::sample::longest()).with("next", "/office/staged?page=2"),
                vec![refusal].into(),
            ),
        ]
    }
}

impl Sample for EnrolPage {
    fn samples() -> Vec<Self> {
        let prefs = DisplayPrefs::sample();
        let secret = [0x5a; totp::SECRET_BYTES];
        let refusals = vec![
            iljari_base::Refusal::new("password-too-short", "", "비밀번호는 8자 이상이어야 합니다.").at("new_password"),
            iljari_base::Refusal::new("code-wrong", "", "인증 번호가 맞지 않습니다.").at("code"),
        ];
        vec![
            Self::new(&prefs, "홍예시", "hongyesi", &secret, false, FieldErrors::none()),
            Self::new(&prefs, &super::sample::longest(), &super::sample::longest(), &secret, true, refusals.into()),
        ]
    }
}
