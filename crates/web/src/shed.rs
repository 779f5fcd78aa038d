//! What happens when too many come at once (혼잡): residents' requests wait a moment, and then are told so.
//!
//! Owns: the lane of the public pages: how many are answered at once, how many may wait and how long. Officers'
//! pages are outside of it, so that the counter goes on working while residents crowd the site. Does not own: the
//! guesses at a password, which the sign-in slows down itself; the limits of the API.
//! What a newcomer gets wrong: a longer queue. Whoever waited ten seconds has asked three times more by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;

use crate::prefs::{DisplayPrefs, Surroundings};
use crate::{api, error_page, frame, health};

/// Residents' requests that are worked on at once. Their looks share eight connections.
const AT_ONCE: usize = 64;

/// Requests that may wait for one of those.
const WAITING_MAX: usize = 512;

/// How long one may wait.
const WAIT: Duration = Duration::from_secs(1);

/// When to come again, in seconds.
const RETRY_SECONDS: &str = "10";

/// The lane of one listener.
pub(crate) struct Lane {
    places: Semaphore,
    waiting: AtomicUsize,
    /// Drawn once: a crowd is no time for drawing.
    page: String,
}

impl Lane {
    pub(crate) fn new(surroundings: &Surroundings) -> Self {
        // Nobody in particular: the usual letters, and a way back to the first page.
        let prefs = DisplayPrefs::read(&HeaderMap::new(), &Uri::from_static("/"), surroundings);
        Self { places: Semaphore::new(AT_ONCE), waiting: AtomicUsize::new(0), page: error_page::crowded(&prefs) }
    }

    fn crowded(&self, for_machines: bool) -> Response {
        metrics::counter!(health::TURNED_AWAY).increment(1);
        let retry = (RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        let no_store = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if for_machines {
            let problem = api::problem_response(StatusCode::SERVICE_UNAVAILABLE, None, "");
            return ([retry, no_store], problem).into_response();
        }
        let kind = (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        (StatusCode::SERVICE_UNAVAILABLE, [retry, no_store, kind], self.page.clone()).into_response()
    }
}

/// Counts one who waits, for as long as it lives.
struct Waiting<'l>(&'l AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets a request in, lets it wait, or turns it away before anything was done for it.
pub(crate) async fn keep_lane(State(lane): State<Arc<Lane>>, req: Request, next: Next) -> Response {
    let path = req.uri().path();
    // How the program is must be told most of all when it is crowded.
    if frame::is_private(path) || health::is_own(path) {
        return next.run(req).await;
    }
    let for_machines = api::is_api(path);
    let place = match lane.places.try_acquire() {
        Ok(place) => place,
        Err(_) => {
            let others = lane.waiting.fetch_add(1, Ordering::Relaxed);
            let _waiting = Waiting(&lane.waiting);
            if others >= WAITING_MAX {
                return lane.crowded(for_machines);
            }
            match tokio::time::timeout(WAIT, lane.places.acquire()).await {
                Ok(Ok(place)) => place,
                _ => return lane.crowded(for_machines),
            }
        }
    };
    let response = next.run(req).await;
    drop(place);
    response
}
