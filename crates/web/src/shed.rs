//! What happens when too many come at once (혼잡): residents' requests wait a moment, and then are told so.
//!
//! Owns: the lanes: how many requests of a kind are worked on at once, how many may wait and how long. Residents'
//! pages have one, officers' forms another, officers' pages a third, so that the counter goes on working while
//! residents crowd the site, and a rush of forms does not fill the queue at the write door in which every page that
//! writes down who looked has to stand too. Does not own: the guesses at a password, which the sign-in slows down
//! itself; the limits of the API.
//! What a newcomer gets wrong: a longer queue. Whoever waited ten seconds has asked three times more by then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::page_error::PageError;
use crate::prefs::{DisplayPrefs, Surroundings};
use crate::{api, error_page, frame, health};

/// How wide a lane is.
struct Width {
    /// Requests that are worked on at once.
    at_once: usize,
    /// Requests that may wait for one of those places.
    waiting: usize,
    /// How long one may wait.
    wait: Duration,
}

/// Residents' pages. Their looks share eight connections.
const RESIDENTS: Width = Width { at_once: 64, waiting: 512, wait: Duration::from_secs(1) };

/// Officers' forms. Acts stand in one queue at the write door whatever is done here; this many in it pay for one sync
/// of the disk together and still let a page through within a fraction of a second.
const FORMS: Width = Width { at_once: 32, waiting: 64, wait: Duration::from_secs(1) };

/// Officers' pages, an export among them. An officer waits rather than starting again.
const PAGES: Width = Width { at_once: 64, waiting: 256, wait: Duration::from_secs(5) };

/// When to come again, in seconds.
const RETRY: HeaderValue = HeaderValue::from_static("10");

/// A lane: places to be worked on, and those who wait for one.
struct Lane {
    width: &'static Width,
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Lane {
    fn new(width: &'static Width) -> Self {
        Self { width, places: Semaphore::new(width.at_once), waiting: AtomicUsize::new(0) }
    }

    /// A place, at once or after a short wait; `None` where it is too crowded for that.
    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        let others = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        let place = match others < self.width.waiting {
            true => tokio::time::timeout(self.width.wait, self.places.acquire()).await.ok().and_then(Result::ok),
            false => None,
        };
        if place.is_none() {
            metrics::counter!(health::TURNED_AWAY).increment(1);
        }
        place
    }
}

/// Counts one who waits, for as long as it lives.
struct Waiting<'l>(&'l AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The residents' lane of one listener.
pub(crate) struct Residents {
    lane: Lane,
    /// Drawn once: a crowd is no time for drawing.
    page: String,
}

impl Residents {
    pub(crate) fn new(surroundings: &Surroundings) -> Self {
        // Nobody in particular: the usual letters, and a way back to the first page.
        let prefs = DisplayPrefs::read(&HeaderMap::new(), &Uri::from_static("/"), surroundings);
        Self { lane: Lane::new(&RESIDENTS), page: error_page::crowded(&prefs) }
    }

    fn crowded(&self, for_machines: bool) -> Response {
        let (retry, no_store) = ((RETRY_AFTER, RETRY), (CACHE_CONTROL, HeaderValue::from_static("no-store")));
        if for_machines {
            let problem = api::problem_response(StatusCode::SERVICE_UNAVAILABLE, None, "");
            return ([retry, no_store], problem).into_response();
        }
        let kind = (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        (StatusCode::SERVICE_UNAVAILABLE, [retry, no_store, kind], self.page.clone()).into_response()
    }
}

/// Lets a resident's request in, lets it wait, or turns it away before anything was done for it.
pub(crate) async fn keep_lane(State(residents): State<Arc<Residents>>, req: Request, next: Next) -> Response {
    let path = req.uri().path();
    // How the program is must be told most of all when it is crowded.
    if frame::is_private(path) || health::is_own(path) {
        return next.run(req).await;
    }
    let for_machines = api::is_api(path);
    match residents.lane.place().await {
        Some(_place) => next.run(req).await,
        None => residents.crowded(for_machines),
    }
}

/// The officers' lanes of one listener.
pub(crate) struct Desk {
    forms: Lane,
    pages: Lane,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { forms: Lane::new(&FORMS), pages: Lane::new(&PAGES) }
    }
}

/// The same for officers. It stands behind the reading of a form, so that a slow line does not hold a place, and
/// behind the one-time id, so that the same form may be sent again after it was turned away.
pub(crate) async fn keep_desk(State(desk): State<Arc<Desk>>, req: Request, next: Next) -> Response {
    let lane = if *req.method() == Method::POST { &desk.forms } else { &desk.pages };
    match lane.place().await {
        Some(_place) => next.run(req).await,
        None => ([(RETRY_AFTER, RETRY)], PageError::Crowded).into_response(),
    }
}
