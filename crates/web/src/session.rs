//! The sign-in cookie: its name, its flags, its end.
//!
//! Owns: how the cookie looks. Does not own: sessions (`people` keeps them and answers the
//! [`crate::Gate`]). What a newcomer gets wrong: the cookie is only a token; nothing is read from it.

use axum::http::header::{COOKIE, HOST};
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use iljari_base::Failure;

use crate::office::Office;

/// The cookie's name where it may travel unencrypted: in the demo and on the machine itself.
pub const SESSION_COOKIE: &str = "iljari_session";

/// Its name everywhere else. Browsers keep a cookie of such a name only where it came encrypted, so that no other
/// site of the same domain can plant one (ASVS 5.0 V3.3.1).
pub const SECURE_SESSION_COOKIE: &str = "__Secure-iljari_session";

/// Minutes without a request after which a sign-in ends. Office pages say so; `people` enforces it.
pub const IDLE_MINUTES: i64 = 15;

/// The session token of a request, where there is one.
pub fn session_token(office: &Office, headers: &HeaderMap) -> Option<String> {
    headers.get(COOKIE)?;
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(name(office, headers)).map(Cookie::value)?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// The `Set-Cookie` value that signs in. `request` are the headers of the sign-in request.
///
/// No `Max-Age`: it ends with the browser at the latest. The path keeps it off public pages.
pub fn sign_in_cookie(office: &Office, request: &HeaderMap, token: &str) -> Result<HeaderValue, Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
    if token.is_empty() || !token.bytes().all(plain) {
        return Err(Failure::new("a session token holds letters a cookie cannot"));
    }
    value(office, request, token, "")
}

/// The `Set-Cookie` value that forgets the token.
pub fn sign_out_cookie(office: &Office, request: &HeaderMap) -> Result<HeaderValue, Failure> {
    value(office, request, "", "; Max-Age=0")
}

/// A browser sends its own Host; one that lies about it only weakens its own cookie.
fn name(office: &Office, request: &HeaderMap) -> &'static str {
    if office.demo || is_loopback(request) { SESSION_COOKIE } else { SECURE_SESSION_COOKIE }
}

fn value(office: &Office, request: &HeaderMap, token: &str, end: &str) -> Result<HeaderValue, Failure> {
    let name = name(office, request);
    let secure = if name == SESSION_COOKIE { "" } else { "; Secure" };
    let text = format!("{name}={token}; Path=/office; HttpOnly; SameSite=Lax{secure}{end}");
    HeaderValue::try_from(text).map_err(|err| Failure::new(err).context("writing the session cookie"))
}

fn is_loopback(request: &HeaderMap) -> bool {
    let host = request.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    matches!(name, "localhost" | "127.0.0.1" | "::1")
}
