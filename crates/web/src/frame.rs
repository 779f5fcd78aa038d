//! What happens around every request: reference number, log line, limits, headers, error pages.
//!
//! Owns: the layers. Does not own: any route. What a newcomer gets wrong: the order. From outside
//! in: pages kept from before, log and headers, the residents' lane, compression, error pages, panics, time
//! limit, cross-site check, the route.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, STRICT_TRANSPORT_SECURITY, VARY};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use iljari_base::Entropy;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::timeout::TimeoutLayer;

use crate::api;
use crate::error_page;
use crate::health;
use crate::kept::Route;
use crate::office::{Office, Viewer};
use crate::page_error::{AsIs, PageError, Told};
use crate::prefs::{DisplayPrefs, Surroundings};
use crate::routes::Doors;
use crate::shed::{self, Residents};

/// A request that takes longer is answered for; its act may still come to its end.
const SECONDS_MAX: u64 = 30;

/// No script, no inline style, nothing from elsewhere.
pub(crate) const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// For a year this host and those below it are asked for encrypted only. A browser that got the answer unencrypted
/// takes no notice, so it is said to everybody; only the demo, which has no encryption in front, says nothing.
const ENCRYPTED_ONLY: &str = "max-age=31536000; includeSubDomains";

/// Puts the frame around the routes of one listener.
pub(crate) fn around(routes: Router<Arc<Office>>, office: Arc<Office>, doors: Arc<Doors>) -> Router {
    let surroundings = Surroundings { demo: office.demo, doors };
    let lane = Arc::new(Residents::new(&surroundings));
    // Packed already, or not text: squeezing them again only costs time.
    let worth_it = DefaultPredicate::new()
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/octet-stream"));
    routes
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .layer(CsrfLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(SECONDS_MAX)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(draw_errors))
        .layer(CompressionLayer::new().compress_when(worth_it))
        .layer(from_fn_with_state(lane, shed::keep_lane))
        .layer(from_fn_with_state((Arc::clone(&office), surroundings), watch))
        .with_state(office)
}

/// The number a person can read out on the telephone and an operator finds in the log.
#[derive(Clone)]
pub(crate) struct Reference(pub String);

impl Reference {
    fn fresh(entropy: &dyn Entropy) -> Self {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut chance = [0; 8];
        entropy.fill(&mut chance);
        let mut text: String = chance.iter().map(|byte| char::from(DIGITS[usize::from(byte & 31)])).collect();
        text.insert(4, '-');
        Self(text)
    }
}

/// Around what is not answered from memory: gives the request its number and its surroundings, writes the log
/// line (the route, never the address: addresses can hold what a person typed) and the headers.
async fn watch(
    State((office, surroundings)): State<(Arc<Office>, Surroundings)>,
    mut req: Request,
    next: Next,
) -> Response {
    let reference = Reference::fresh(office.entropy.as_ref());
    let method = req.method().clone();
    let route = route_of(&req);
    let private = is_private(req.uri().path());
    req.extensions_mut().insert(reference.clone());
    req.extensions_mut().insert(surroundings);
    let began = office.clock.now().as_microsecond();
    let mut response = next.run(req).await;
    let took = office.clock.now().as_microsecond() - began;
    tracing::info!(
        request.reference = %reference.0,
        request.method = %method,
        request.route = %route,
        response.status = response.status().as_u16(),
        request.microseconds = took,
        "answered"
    );
    let (answers, seconds) = health::counters(method.as_str(), &route, response.status());
    answers.increment(1);
    seconds.record(Duration::from_micros(took.unsigned_abs()));
    response.extensions_mut().insert(Route(route));
    write_headers(response.headers_mut(), private);
    if !office.demo {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ENCRYPTED_ONLY));
    }
    response
}

/// A NUL in an address becomes the sign for what cannot be read, as one in a form does: no text of ours holds it, and a
/// statement with one is refused as a mistake of ours. Asked before any route is found, since a route keeps its parts.
pub(crate) fn without_nul(mut req: Request) -> Request {
    let address = req.uri().path_and_query().map(PathAndQuery::as_str).filter(|address| address.contains("%00"));
    if let Some(address) = address.map(|address| address.replace("%00", "%EF%BF%BD")) {
        let mut parts = req.uri().clone().into_parts();
        parts.path_and_query = address.parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *req.uri_mut() = uri;
        }
    }
    req
}

/// The route as its table writes it: an address can hold what a person typed.
pub(crate) fn route_of(req: &Request) -> String {
    req.extensions().get::<MatchedPath>().map_or_else(|| "(none)".to_owned(), |matched| matched.as_str().to_owned())
}

pub(crate) fn is_private(path: &str) -> bool {
    path == "/office" || path.starts_with("/office/")
}

fn write_headers(headers: &mut HeaderMap, private: bool) {
    for (name, value) in HEADERS {
        // A route may have its own reason for another value (tiles are read from other sites).
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if private {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else if !headers.contains_key(CACHE_CONTROL) {
        // The page depends on the display cookies.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
}

/// A panic is a bug: the hook has printed where, the log line carries the reference.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    PageError::Stumbled("a handler panicked").into_response()
}

/// Draws the Korean page for every error that is not one already.
async fn draw_errors(req: Request, next: Next) -> Response {
    let surroundings = req.extensions().get::<Surroundings>().cloned().unwrap_or_default();
    let reference = req.extensions().get::<Reference>().cloned();
    let for_machines = api::is_api(req.uri().path());
    let route = route_of(&req);
    let prefs = DisplayPrefs::read(req.headers(), req.uri(), &surroundings);
    let prefs = match *req.method() {
        // Going back to an act's address would be a GET of something that only takes POST.
        Method::GET | Method::HEAD => prefs,
        _ => DisplayPrefs { here: "/".to_owned(), ..prefs },
    };
    let response = next.run(req).await;
    let status = response.status();
    let told = response.extensions().get::<Told>().cloned();
    if told.is_none() && (!status.is_client_error() && !status.is_server_error()) {
        return response;
    }
    let drawn = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if drawn || response.extensions().get::<AsIs>().is_some() {
        return response;
    }
    let reference = reference.map(|reference| reference.0).unwrap_or_default();
    if let Some(Told(error)) = &told {
        log(error, &reference, &route, response.extensions().get::<Viewer>());
    }
    if response.extensions().get::<ProtectionError>().is_some() {
        tracing::warn!(request.reference = %reference, request.route = %route, "an act from another site was turned away");
    }
    if for_machines {
        return api::redrawn(response, told.as_ref().map(|told| told.0.as_ref()), &reference);
    }
    let viewer = response.extensions().get::<Viewer>().cloned();
    let cross_site = response.extensions().get::<ProtectionError>().is_some();
    let cause = error_page::Cause { status, told: told.map(|told| told.0), cross_site };
    let (mut parts, _) = response.into_parts();
    // They described the body that is thrown away.
    parts.headers.remove("content-length");
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let html = error_page::draw(&cause, &prefs, viewer.as_ref(), &reference);
    Response::from_parts(parts, Body::from(html))
}

/// Logged once, here, where the error is handled. Of a person only the internal id.
fn log(error: &PageError, reference: &str, route: &str, viewer: Option<&Viewer>) {
    match error {
        PageError::Failed(failure) => {
            tracing::error!(request.reference = %reference, "the act failed: {failure}");
        }
        PageError::Inconsistent(inconsistency) => {
            tracing::error!(
                request.reference = %reference,
                data.table = inconsistency.table,
                data.column = %inconsistency.column,
                data.row = %inconsistency.row,
                "our own data is impossible"
            );
        }
        PageError::Stumbled(how) => {
            tracing::error!(request.reference = %reference, "the program stumbled: {how}");
        }
        PageError::NoDuty(duty) => {
            let officer = viewer.map(|viewer| viewer.officer.to_string()).unwrap_or_default();
            tracing::warn!(
                request.reference = %reference,
                request.route = %route,
                officer.id = %officer,
                duty.wanted = duty.code(),
                "an officer without the duty was turned away"
            );
        }
        PageError::NotFound
        | PageError::NobodySignedIn
        | PageError::Refused(_)
        | PageError::Form(_)
        | PageError::Crowded => {}
    }
}
