//! What answers to machines have in common (기계용 응답): problems, entity tags, cursors, how often one may ask.
//!
//! Owns: RFC 9457 problems, conditional answers, signed cursors, the RateLimit fields. Does not own: any
//! resource; those stand in the slices' `api` rooms. What a newcomer gets wrong: drawing an error in a
//! handler. A handler answers a [`PageError`], and the frame writes a problem below `/api/` and a page elsewhere.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use iljari_base::{Entropy, Failure, Refusal, Timestamp};
use iljari_store::files::{read_if_there, write_whole};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::office::Office;
use crate::page_error::{AsIs, PageError};

/// Where answers to machines begin.
pub const PREFIX: &str = "/api/";

/// Whether an address is one of a machine's.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// What a status is called, in Korean and in English.
fn titles(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => ("찾으시는 자료가 없습니다", "There is no such resource"),
        StatusCode::METHOD_NOT_ALLOWED => ("이 주소는 읽기만 할 수 있습니다", "This address can only be read"),
        StatusCode::UNPROCESSABLE_ENTITY => ("그대로는 답할 수 없습니다", "The request cannot be answered as it is"),
        StatusCode::TOO_MANY_REQUESTS => ("너무 자주 물었습니다", "Too many requests"),
        StatusCode::SERVICE_UNAVAILABLE => ("지금은 답하지 못합니다", "No answer can be given now"),
        StatusCode::INSUFFICIENT_STORAGE => ("저장할 자리가 없습니다", "There is no room left to write"),
        StatusCode::PAYLOAD_TOO_LARGE => ("보내신 것이 너무 큽니다", "The request is too large"),
        status if status.is_client_error() => ("보내신 내용을 읽지 못했습니다", "The request could not be read"),
        _ => ("저희 쪽 문제로 멈췄습니다", "The program stumbled"),
    }
}

/// A problem (RFC 9457), in two languages. `reference` is what an operator finds in the log; empty for none.
pub(crate) fn problem(status: StatusCode, told: Option<&PageError>, reference: &str) -> Value {
    let (title, title_en) = titles(status);
    let mut body = json!({
        "type": "about:blank", "title": title, "title_en": title_en, "status": status.as_u16(),
    });
    if let Some(PageError::Refused(refusals)) = told {
        if let Some(first) = refusals.first() {
            body["type"] = json!(format!("urn:iljari:refusal:{}", first.code));
            body["detail"] = json!(first.message);
        }
        let all: Vec<Value> = refusals
            .iter()
            .map(|one| json!({ "code": one.code, "detail": one.message, "basis": one.basis, "parameter": one.field }))
            .collect();
        body["errors"] = json!(all);
    }
    if status.is_server_error() && !reference.is_empty() {
        body["reference"] = json!(reference);
    }
    body
}

/// A problem as an answer.
pub(crate) fn problem_response(status: StatusCode, told: Option<&PageError>, reference: &str) -> Response {
    let body = format!("{}\n", problem(status, told, reference));
    let kind = (CONTENT_TYPE, "application/problem+json");
    let mut response = (status, [kind, (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], body).into_response();
    response.extensions_mut().insert(AsIs);
    response
}

/// The entity tag of a body.
pub fn tag(body: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Sha256::digest(body).get(..16).unwrap_or_default()))
}

/// A body with its entity tag; 304 without it where the asker has it already (RFC 9110 §13).
pub fn sent(asked: &HeaderMap, kind: &'static str, body: String) -> Response {
    let tag = tag(body.as_bytes());
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    });
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, no-cache"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Link, RateLimit, RateLimit-Policy"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    let mut response = match known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, body).into_response(),
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The key that signs cursors (쪽 표시의 열쇠); nothing depends on it for longer than a walk over pages.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

/// Its file in the key folder.
const CURSOR_KEY_FILE: &str = "cursor.key";

impl CursorKey {
    /// Reads the key of this folder; makes it on first use.
    pub fn open(keys: &Path, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let path = keys.join(CURSOR_KEY_FILE);
        if read_if_there(&path)?.is_none() {
            let mut key = [0; 32];
            entropy.fill(&mut key);
            write_whole(&path, hex::encode(key).as_bytes(), true)?;
        }
        // Another process may have been later: what counts is what lies there.
        let text = read_if_there(&path)?.unwrap_or_default();
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim_ascii(), &mut key)
            .map_err(|error| Failure::new(error).context(format!("read the key {}", path.display())))?;
        Ok(Self(key))
    }

    /// A place in a list (쪽 표시): after so many rows of exactly this answer. `about` names the list and its
    /// filters, `state` the rows as they were, so that a list that moved meanwhile is noticed.
    pub fn sign(&self, about: &str, state: &str, after: usize) -> String {
        let after = u64::try_from(after).unwrap_or(u64::MAX).to_be_bytes();
        let state: [u8; 8] = short(state);
        let mark = self.mark(about, &after, &state);
        URL_SAFE_NO_PAD.encode([&after[..], &state[..], &mark[..]].concat())
    }

    /// Reads a place back.
    ///
    /// Refusals, of the field `cursor`: `cursor-unknown` for what we did not sign for this list, `cursor-stale`
    /// where the rows are no longer those that the first pages showed.
    pub fn read(&self, about: &str, state: &str, cursor: &str) -> Result<usize, Refusal> {
        let unknown = || {
            let message = "이 목록의 쪽 표시가 아닙니다. cursor 없이 처음부터 다시 물어 주세요.";
            Refusal::new("cursor-unknown", "", message).at("cursor")
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unknown())?;
        let (after, rest) = bytes.split_first_chunk::<8>().ok_or_else(unknown)?;
        let (was, mark) = rest.split_first_chunk::<8>().ok_or_else(unknown)?;
        if mark != self.mark(about, after, was) {
            return Err(unknown());
        }
        if *was != short(state) {
            let message = "그 사이에 자료가 바뀌었습니다. 앞 쪽과 맞지 않으니 cursor 없이 처음부터 다시 물어 주세요.";
            return Err(Refusal::new("cursor-stale", "", message).at("cursor"));
        }
        usize::try_from(u64::from_be_bytes(*after)).map_err(|_| unknown())
    }

    fn mark(&self, about: &str, after: &[u8; 8], state: &[u8; 8]) -> [u8; 16] {
        let mut mark = [0; 16];
        // HMAC takes keys of every length, so there is always a mark.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(about.as_bytes());
            mac.update(&[0]);
            mac.update(after);
            mac.update(state);
            mark.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        mark
    }
}

fn short(state: &str) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&Sha256::digest(state.as_bytes())[..8]);
    short
}

/// Questions that one address may ask in a window.
pub const QUESTIONS: u32 = 600;

/// The window, in seconds.
pub const WINDOW_SECONDS: i64 = 60;

/// Addresses that are counted one by one; more share one count, so that memory stays bounded.
const ADDRESSES_MAX: usize = 10_000;

/// How often each address asked in its window (물은 횟수). In memory alone: a restart forgets it.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<IpAddr, (Timestamp, u32)>>);

/// What is left of an address's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    questions: u32,
    seconds: i64,
    over: bool,
}

impl Limiter {
    fn ask(&self, who: IpAddr, now: Timestamp) -> Left {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = |since: Timestamp| since.plus_seconds(WINDOW_SECONDS);
        if windows.len() >= ADDRESSES_MAX {
            windows.retain(|_, (since, _)| ends(*since) > now);
        }
        let crowded = windows.len() >= ADDRESSES_MAX && !windows.contains_key(&who);
        let who = if crowded { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { who };
        let window = windows.entry(who).or_insert((now, 0));
        if ends(window.0) <= now || window.0 > now {
            *window = (now, 0);
        }
        window.1 = window.1.saturating_add(1);
        let micros = ends(window.0).as_microsecond().saturating_sub(now.as_microsecond());
        Left {
            questions: QUESTIONS.saturating_sub(window.1),
            seconds: micros.div_euclid(1_000_000).saturating_add(1).min(WINDOW_SECONDS),
            over: window.1 > QUESTIONS,
        }
    }
}

/// Neighbours in one IPv6 network of the usual size are one asker.
fn asker(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Counts a question, answers 429 beyond the limit, and says what is left
/// (draft-ietf-httpapi-ratelimit-headers). Behind a proxy the address is the proxy's: its own limit is set there.
pub(crate) async fn limit(
    State((office, limiter)): State<(Arc<Office>, Arc<Limiter>)>,
    req: Request,
    next: Next,
) -> Response {
    let address = req
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(address)| asker(address.ip()));
    let left = limiter.ask(address, office.clock.now());
    let mut response = if left.over {
        let mut response = problem_response(StatusCode::TOO_MANY_REQUESTS, None, "");
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(left.seconds));
        response
    } else {
        next.run(req).await
    };
    let policy = format!("\"address\";q={QUESTIONS};w={WINDOW_SECONDS}");
    let rest = format!("\"address\";r={};t={}", left.questions, left.seconds);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", rest)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Turns what the frame found into a problem: the body is thrown away, headers of its own stay.
pub(crate) fn redrawn(mut response: Response, told: Option<&PageError>, reference: &str) -> Response {
    let problem = problem_response(response.status(), told, reference);
    let (parts, body) = problem.into_parts();
    response.headers_mut().remove("content-length");
    for (name, value) in &parts.headers {
        response.headers_mut().insert(name, value.clone());
    }
    *response.body_mut() = Body::new(body);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::SeededEntropy;

    #[test]
    fn a_cursor_is_read_by_its_list_in_its_state_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = CursorKey::open(folder.path(), &SeededEntropy::new("one")).expect("a key");
        let again = CursorKey::open(folder.path(), &SeededEntropy::new("other")).expect("the same key");
        let cursor = key.sign("/entries?year=2026", "as it is", 200);
        assert_eq!(again.read("/entries?year=2026", "as it is", &cursor).expect("read"), 200);
        let code = |about: &str, state: &str, cursor: &str| key.read(about, state, cursor).expect_err("refused").code;
        assert_eq!(code("/entries?year=2025", "as it is", &cursor), "cursor-unknown");
        assert_eq!(code("/entries?year=2026", "moved", &cursor), "cursor-stale");
        for nth in 0..cursor.len() {
            let mut bent = cursor.clone().into_bytes();
            bent[nth] = if bent[nth] == b'A' { b'B' } else { b'A' };
            let bent = String::from_utf8(bent).expect("text");
            let read = key.read("/entries?year=2026", "as it is", &bent);
            assert!(bent == cursor || read.is_err(), "{bent}");
        }
        for nonsense in ["", "-", "AAAA", "한글", &"A".repeat(10_000)] {
            assert_eq!(code("/entries?year=2026", "as it is", nonsense), "cursor-unknown");
        }
    }

    #[test]
    fn a_window_is_counted_by_address_and_begins_anew() {
        let limiter = Limiter::default();
        let now = Timestamp::from_microsecond(1_795_410_000_000_000);
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().expect("one"), "192.0.2.2".parse().expect("other"));
        for nth in 1..=QUESTIONS {
            let left = limiter.ask(one, now);
            assert_eq!((left.questions, left.over), (QUESTIONS - nth, false));
        }
        assert!(limiter.ask(one, now.plus_seconds(59)).over);
        assert!(!limiter.ask(other, now).over);
        assert_eq!(limiter.ask(one, now.plus_seconds(60)).questions, QUESTIONS - 1);
        // A clock that was set back does not lock anybody out.
        assert!(!limiter.ask(one, now.plus_seconds(-3600)).over);
    }

    #[test]
    fn more_addresses_than_are_counted_share_one_count() {
        let limiter = Limiter::default();
        let now = Timestamp::from_microsecond(1_795_410_000_000_000);
        for nth in 0..u32::try_from(ADDRESSES_MAX).expect("few") + 50 {
            limiter.ask(IpAddr::V4(nth.into()), now);
        }
        let windows = limiter.0.lock().expect("open");
        assert!(windows.len() <= ADDRESSES_MAX + 1);
        assert_eq!(windows.get(&IpAddr::V6(Ipv6Addr::UNSPECIFIED)).map(|window| window.1), Some(50));
    }
}
