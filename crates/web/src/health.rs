//! How the program is (상태 확인): `/livez`, `/readyz`, `/version`, `/metrics`.
//!
//! Owns: the four answers. Does not own: what is measured elsewhere; the frame counts answers as they go
//! out. What a newcomer gets wrong: taking "not ready" for "dead". A program whose disk is full is alive: it
//! is not to be restarted, only not to be asked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;

use crate::office::Office;
use crate::page_error::AsIs;
use crate::recurring;

/// Write transactions that were lost one after another until we say that we are not ready.
const LOST_MAX: u32 = 3;

/// How long the data may take to be read until we say that we are not ready. Whoever asks wants to know at once.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// Whether the program was told to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// From now on the program says that it is not ready: it was told to end, and new work shall go elsewhere.
pub fn end() {
    ENDING.store(true, Ordering::SeqCst);
}

/// Seconds at which answering times are counted.
const BOUNDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The answers that were given, by route and status (답한 수).
pub(crate) const ANSWERS: &str = "iljari_answers_total";

/// How long they took.
pub(crate) const SECONDS: &str = "iljari_answer_seconds";

/// Public pages, by where they came from: `memory` or `drawn` (간직한 화면의 적중).
pub(crate) const PAGES: &str = "iljari_pages_total";

/// Residents' requests that were turned away because too many came at once (혼잡).
pub(crate) const TURNED_AWAY: &str = "iljari_turned_away_total";

/// Whether an address is one of these answers.
pub(crate) fn is_own(path: &str) -> bool {
    ["/livez", "/readyz", "/version", "/metrics"].contains(&path)
}

/// What counts the answers of a route, and their times.
pub(crate) fn counters(method: &str, route: &str, status: StatusCode) -> (metrics::Counter, metrics::Histogram) {
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.as_u16().to_string())];
    (metrics::counter!(ANSWERS, &labels), metrics::histogram!(SECONDS, &labels[1..2]))
}

/// Everything counted in this process; `None` where something else counts already.
static COUNTED: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// How often the times that were noted are added up. Nobody may ever ask for `/metrics`, and until they are added up
/// each answer's time takes room of its own.
const ADDED_UP_EVERY: Duration = Duration::from_secs(5);

/// Begins to count. What happened before is not counted. Asks for a runtime around it.
pub fn count() {
    COUNTED.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BOUNDS);
        let handle = builder.ok()?.install_recorder().ok()?;
        metrics::describe_counter!(ANSWERS, "Answers by method, route and status");
        metrics::describe_counter!(PAGES, "Public pages that may be kept, by where they came from");
        metrics::describe_counter!(TURNED_AWAY, "Requests turned away because too many came at once");
        metrics::describe_histogram!(SECONDS, metrics::Unit::Seconds, "Time to an answer by route");
        let counted = handle.clone();
        tokio::spawn(async move {
            let mut times = tokio::time::interval(ADDED_UP_EVERY);
            loop {
                times.tick().await;
                counted.run_upkeep();
            }
        });
        Some(handle)
    });
}

fn plain(status: StatusCode, text: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, text).into_response();
    response.extensions_mut().insert(AsIs);
    response
}

/// `GET /livez`: the program runs.
pub(crate) async fn live() -> Response {
    plain(StatusCode::OK, "ok\n".to_owned())
}

/// `GET /readyz`: it can read its data, and what was acknowledged lately was kept. Notes say what people have left
/// undone for too long; they are no reason not to ask us.
pub(crate) async fn ready(State(office): State<Arc<Office>>) -> Response {
    let look = office.store.read(|_| Box::pin(async { Ok(()) }));
    let read = tokio::time::timeout(READ_WITHIN, look).await.is_ok_and(|looked| looked.is_ok());
    let (lost, ending) = (office.store.lost_in_a_row(), ENDING.load(Ordering::SeqCst));
    let ready = read && lost < LOST_MAX && !ending;
    let word = |good: bool| if good { "ok" } else { "failing" };
    let mut text = format!("database {}\nwrites {}\n", word(read), word(lost < LOST_MAX));
    if ending {
        text.push_str("ending\n");
    }
    text.push_str(&recurring::notes(office.clock.now()));
    plain(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, text)
}

/// `GET /version`: which program this is.
pub(crate) async fn version(State(office): State<Arc<Office>>) -> Response {
    let body = json!({ "name": "iljari", "version": env!("CARGO_PKG_VERSION"), "demo": office.demo });
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, format!("{body}\n")).into_response()
}

/// `GET /metrics`: what was counted, as Prometheus reads it. No label names a person or an address.
pub(crate) async fn metrics(State(office): State<Arc<Office>>) -> Response {
    let counted = COUNTED.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    let hits = office.store.hits();
    let own = format!(
        "# HELP iljari_looks_total Looks into the data that may be kept, by where they came from\n# TYPE iljari_looks_total counter\n\
         iljari_looks_total{{from=\"memory\"}} {}\niljari_looks_total{{from=\"database\"}} {}\n\
         # HELP iljari_lost_writes Write transactions lost in a row\n# TYPE iljari_lost_writes gauge\niljari_lost_writes {}\n\
         # HELP iljari_build_info Which program this is\n# TYPE iljari_build_info gauge\niljari_build_info{{version=\"{}\"}} 1\n",
        hits.found,
        hits.read,
        office.store.lost_in_a_row(),
        env!("CARGO_PKG_VERSION"),
    );
    let headers = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    let ages = recurring::measured(office.clock.now());
    (headers, format!("{counted}{own}{ages}")).into_response()
}
