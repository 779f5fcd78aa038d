//! Drawn pages, kept until a commit changes what they show (간직한 화면).
//!
//! Owns: the memory of public pages, what may be kept, and the layer around everything else. Does not own: when
//! something changed; the store's [`Stamp`] tells. What is kept: an answer 200 to a plain address (no question
//! mark: what a resident typed is never kept), HTML, no cookie set, not forbidden by `no-store`, made from looks
//! into the database alone; only residents' pages (`/`, `/districts/…`) are watched for it. The address, the
//! reader's display settings, the packing and today's date are its key,
//! since pages may speak of today. What a newcomer gets wrong: a public page that shows the hour, or reads a file;
//! it would stand still until the next commit. Let it say `no-store`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    RANGE, SET_COOKIE,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use iljari_base::Date;
use iljari_store::{Stamp, watched};

use crate::office::Office;
use crate::prefs::{Contrast, Export, TextSize, display_cookies};
use crate::{frame, health};

/// Bytes of all kept pages together.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// A larger page is drawn each time.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// What an answer depends on besides the data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    path: String,
    size: TextSize,
    contrast: Contrast,
    packed: bool,
    today: Date,
}

struct Page {
    stamp: Stamp,
    headers: HeaderMap,
    body: Bytes,
    route: String,
    answers: metrics::Counter,
    seconds: metrics::Histogram,
}

#[derive(Default)]
struct Shelf {
    pages: HashMap<Key, Arc<Page>>,
    bytes: usize,
}

/// The kept pages of one listener.
#[derive(Default)]
pub(crate) struct Pages {
    shelf: Mutex<Shelf>,
}

impl Pages {
    fn find(&self, key: &Key) -> Option<Arc<Page>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).pages.get(key).cloned()
    }

    fn keep(&self, key: Key, page: Page) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.bytes + page.body.len() > BYTES_MAX {
            // Rare, and the next readers fill it again with what is wanted now.
            *shelf = Shelf::default();
        }
        shelf.bytes += page.body.len();
        if let Some(old) = shelf.pages.insert(key, Arc::new(page)) {
            shelf.bytes -= old.body.len();
        }
    }
}

/// The key of a request whose answer may be kept.
fn key_of(office: &Office, req: &Request) -> Option<Key> {
    let (uri, headers) = (req.uri(), req.headers());
    let page = uri.path() == "/" || uri.path().starts_with("/districts/");
    let own = uri.query().is_some() || req.extensions().get::<Export>().is_some();
    let particular =
        [AUTHORIZATION, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE].iter().any(|name| headers.contains_key(name));
    if req.method() != Method::GET || !page || own || particular {
        return None;
    }
    let (size, contrast) = if headers.contains_key(COOKIE) { display_cookies(headers) } else { Default::default() };
    let packed = headers.get(ACCEPT_ENCODING).is_some_and(|how| how.as_bytes().windows(4).any(|word| word == b"gzip"));
    Some(Key { path: uri.path().to_owned(), size, contrast, packed, today: office.clock.today() })
}

/// Whether an answer made from looks alone may be given to the next reader.
fn may_be_kept(response: &Response) -> bool {
    let headers = response.headers();
    let says = |name, word: &str| {
        headers
            .get(name)
            .is_some_and(|value: &axum::http::HeaderValue| value.to_str().is_ok_and(|it| it.contains(word)))
    };
    response.status() == StatusCode::OK
        && says(CONTENT_TYPE, "text/html")
        && !headers.contains_key(SET_COOKIE)
        && !says(CACHE_CONTROL, "no-store")
}

/// Outermost of all: answers from memory, or lets the page be drawn and keeps it.
pub(crate) async fn serve(
    State((office, pages)): State<(Arc<Office>, Arc<Pages>)>,
    req: Request,
    next: Next,
) -> Response {
    let Some(key) = key_of(&office, &req) else { return next.run(req).await };
    if let Some(page) = pages.find(&key)
        // Where the database cannot be asked, the page's own way says so better.
        && office.store.holds(&page.stamp).await.unwrap_or(false)
    {
        metrics::counter!(health::PAGES, "from" => "memory").increment(1);
        tracing::info!(request.route = %page.route, response.status = 200, "answered from memory");
        page.answers.increment(1);
        page.seconds.record(Duration::ZERO);
        let mut response = Response::new(Body::from(page.body.clone()));
        *response.headers_mut() = page.headers.clone();
        return response;
    }
    let route = frame::route_of(&req);
    let (response, stamp) = watched(next.run(req)).await;
    let Some(stamp) = stamp.filter(|_| may_be_kept(&response)) else { return response };
    metrics::counter!(health::PAGES, "from" => "drawn").increment(1);
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(body) if body.len() > PAGE_BYTES_MAX => Response::from_parts(parts, Body::from(body)),
        Ok(body) => {
            let (answers, seconds) = health::counters("GET", &route, StatusCode::OK);
            let page = Page { stamp, headers: parts.headers.clone(), body: body.clone(), route, answers, seconds };
            pages.keep(key, page);
            Response::from_parts(parts, Body::from(body))
        }
        // It was whole in memory before it was packed, so this is a fault of ours.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
