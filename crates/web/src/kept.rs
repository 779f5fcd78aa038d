//! Drawn pages, kept until a commit changes what they show (간직한 화면).
//!
//! Owns: the memory of public pages, what may be kept, and the service in front of everything else. It stands in front
//! of the router and is no layer of it: a router copies its whole stack of layers for each request, which costs more
//! than the answer. Does not own: when something changed; the store's [`Stamp`] tells. What is kept: an answer 200 to a plain address (no question
//! mark: what a resident typed is never kept), HTML, no cookie set, not forbidden by `no-store`, made from looks
//! into the database alone; only residents' pages (`/`, `/districts/…`) are watched for it. The address, the
//! reader's display settings, the packing and today's date are its key,
//! since pages may speak of today. What a newcomer gets wrong: a public page that shows the hour, or reads a file;
//! it would stand still until the next commit. Let it say `no-store`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    RANGE, SET_COOKIE,
};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use iljari_base::Date;
use iljari_store::{Stamp, watched};
use tower::{Service, ServiceExt as _};

use crate::office::Office;
use crate::prefs::{Contrast, Export, TextSize, display_cookies};
use crate::{frame, health};

/// Bytes of all kept pages together.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// A larger page is drawn each time.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// What an answer depends on besides its address and the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reader {
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
    /// What counts: all pages from memory; answers of the route, and their times.
    from_memory: metrics::Counter,
    answers: metrics::Counter,
    seconds: metrics::Histogram,
}

impl Page {
    /// The answer once more, counted.
    fn answer(&self) -> Response {
        self.from_memory.increment(1);
        tracing::info!(request.route = %self.route, response.status = 200, "answered from memory");
        self.answers.increment(1);
        self.seconds.record(Duration::ZERO);
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// The pages of one address, as different readers got them.
type Drawn = Vec<(Reader, Arc<Page>)>;

#[derive(Default)]
struct Shelf {
    pages: HashMap<String, Drawn>,
    bytes: usize,
}

/// The kept pages of one listener.
#[derive(Default)]
struct Pages {
    shelf: Mutex<Shelf>,
}

impl Pages {
    fn find(&self, path: &str, reader: &Reader) -> Option<Arc<Page>> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, page) = shelf.pages.get(path)?.iter().find(|(other, _)| other == reader)?;
        Some(Arc::clone(page))
    }

    fn keep(&self, path: String, reader: Reader, page: Page) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.bytes + page.body.len() > BYTES_MAX {
            // Rare, and the next readers fill it again with what is wanted now.
            *shelf = Shelf::default();
        }
        let Shelf { pages, bytes } = &mut *shelf;
        let drawn = pages.entry(path).or_default();
        // Yesterday's goes too.
        drawn.retain(|(other, old)| {
            let stays = other != &reader && other.today == reader.today;
            if !stays {
                *bytes -= old.body.len();
            }
            stays
        });
        *bytes += page.body.len();
        drawn.push((reader, Arc::new(page)));
    }
}

/// Whose request has an answer that may be kept; `None` where it has not.
fn reader_of(office: &Office, req: &Request) -> Option<Reader> {
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
    Some(Reader { size, contrast, packed, today: office.clock.today() })
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

/// The route of an answer, told to the service in front, which stands before any route is found.
#[derive(Clone)]
pub(crate) struct Route(pub String);

/// Puts the memory in front of a router.
pub(crate) fn in_front(office: Arc<Office>, router: Router) -> Router {
    Router::new().fallback_service(Front(Arc::new(Inner { office, pages: Pages::default(), router })))
}

/// In front of all: answers from memory, or lets the page be drawn and keeps it.
#[derive(Clone)]
struct Front(Arc<Inner>);

struct Inner {
    office: Arc<Office>,
    pages: Pages,
    router: Router,
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A router is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, req: Request) -> Self::Future {
        let (inner, req) = (&self.0, frame::without_nul(req));
        let Some(reader) = reader_of(&inner.office, &req) else {
            return Box::pin(inner.router.clone().oneshot(req));
        };
        let found = inner.pages.find(req.uri().path(), &reader);
        if let Some(page) = &found
            && inner.office.store.holds_by_now(&page.stamp) == Some(true)
        {
            return Box::pin(ready(Ok(page.answer())));
        }
        let inner = Arc::clone(inner);
        Box::pin(async move { Ok(inner.drawn(req, reader, found).await) })
    }
}

impl Inner {
    /// As it was found, if the database says that it still holds; else drawn anew and kept.
    async fn drawn(&self, req: Request, reader: Reader, found: Option<Arc<Page>>) -> Response {
        if let Some(page) = found
            // Where the database cannot be asked, the page's own way says so better.
            && self.office.store.holds(&page.stamp).await.unwrap_or(false)
        {
            return page.answer();
        }
        let path = req.uri().path().to_owned();
        let (Ok(mut response), stamp) = watched(self.router.clone().oneshot(req)).await;
        let route = response.extensions_mut().remove::<Route>();
        let Some((stamp, Route(route))) = stamp.zip(route).filter(|_| may_be_kept(&response)) else { return response };
        metrics::counter!(health::PAGES, "from" => "drawn").increment(1);
        let (parts, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) if body.len() > PAGE_BYTES_MAX => Response::from_parts(parts, Body::from(body)),
            Ok(body) => {
                let (answers, seconds) = health::counters("GET", &route, StatusCode::OK);
                let from_memory = metrics::counter!(health::PAGES, "from" => "memory");
                let (headers, kept) = (parts.headers.clone(), body.clone());
                let page = Page { stamp, headers, body: kept, route, from_memory, answers, seconds };
                self.pages.keep(path, reader, page);
                Response::from_parts(parts, Body::from(body))
            }
            // It was whole in memory before it was packed, so this is a fault of ours.
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}
