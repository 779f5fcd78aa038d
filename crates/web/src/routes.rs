//! The route table: method, path, audience, handler, a line each (I8).
//!
//! Owns: who may reach a route and on which of the two listeners it exists. Does not own: whether
//! an object belongs to the viewer's district (the slice answers 404).
//! What a newcomer gets wrong: expecting a route without an audience. There is no way to write one.
//!
//! ```
//! use iljari_web::{Audience, Duty, RouteTable};
//! # async fn page() {}
//! # async fn save() {}
//! let table = RouteTable::new()
//!     .get("/districts/{code}/plan", Audience::Public, page)
//!     .get("/office/entries/new", Audience::Officer(Duty::Record), page)
//!     .post("/office/entries/new", Audience::Officer(Duty::Record), save);
//! assert_eq!(table.rows().len(), 3);
//! ```

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::limit::RequestBodyLimitLayer;

use crate::api::Limiter;
use crate::office::{Duty, Office, Viewer};
use crate::{api, assets, frame, guard, health, kept, once, prefs, shed};

/// The largest body a request may have, unless its row says otherwise.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Who may reach a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Public,
    /// Any officer who signed in.
    SignedIn,
    /// An officer with this duty.
    Officer(Duty),
}

impl Audience {
    /// Whether this viewer belongs to it.
    pub fn admits(self, viewer: Option<&Viewer>) -> bool {
        match (self, viewer) {
            (Audience::Public, _) | (Audience::SignedIn, Some(_)) => true,
            (Audience::Officer(duty), Some(viewer)) => viewer.may(duty),
            (_, None) => false,
        }
    }
}

/// The two networks of an office. The demo serves both on one port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// For residents: routes of officers do not exist.
    Public,
    /// For officers: everything.
    Office,
    /// One listener for both.
    Both,
}

impl Side {
    // The sign-in page is open to anybody, but only on the office's network.
    fn has(self, row: &Row) -> bool {
        let officers_only =
            row.audience != Audience::Public || OFFICE_ALONE.contains(&row.path) || row.path.starts_with("/office/");
        self != Side::Public || !officers_only
    }
}

/// Open to anybody, but only on the office's network.
const OFFICE_ALONE: [&str; 2] = ["/office", "/metrics"];

/// One line of the table, for pages and for the wall that walks all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// GET or POST.
    pub method: Method,
    /// The path as axum writes it: `/districts/{code}`.
    pub path: &'static str,
    /// Who may reach it.
    pub audience: Audience,
}

struct Line {
    row: Row,
    handlers: MethodRouter<Arc<Office>>,
    body_bytes_max: usize,
}

/// The routes of a slice, and at last of the whole office.
#[derive(Default)]
pub struct RouteTable {
    lines: Vec<Line>,
}

impl RouteTable {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a file. Answers HEAD too.
    pub fn get<H, T>(self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, Arc<Office>>,
        T: 'static,
    {
        self.line(Method::GET, MethodFilter::GET, path, audience, handler)
    }

    /// A form's act; it ends in a redirect.
    pub fn post<H, T>(self, path: &'static str, audience: Audience, handler: H) -> Self
    where
        H: Handler<T, Arc<Office>>,
        T: 'static,
    {
        self.line(Method::POST, MethodFilter::POST, path, audience, handler)
    }

    /// Lets the line above take a larger body (an uploaded file).
    pub fn body_up_to(mut self, bytes: usize) -> Self {
        if let Some(line) = self.lines.last_mut() {
            line.body_bytes_max = bytes;
        }
        self
    }

    /// The lines of another table after these.
    pub fn merge(mut self, other: RouteTable) -> Self {
        self.lines.extend(other.lines);
        self
    }

    /// Every line's method, path and audience.
    pub fn rows(&self) -> Vec<Row> {
        self.lines.iter().map(|line| line.row.clone()).collect()
    }

    /// The same with the kit's own: assets, display settings, how the program is.
    pub fn all_rows(&self) -> Vec<Row> {
        self.rows().into_iter().chain(own_routes().rows()).collect()
    }

    /// The router of one listener, with the kit's own routes, the guards and the frame around it.
    ///
    /// Two lines with the same method and path are a mistake and stop the program at start.
    pub fn into_router(self, office: Arc<Office>, side: Side) -> Router {
        self.into_router_with(office, side, |routes| routes)
    }

    /// As [`RouteTable::into_router`], with something of the caller's around the routes, which is copied only for
    /// requests that are not answered from memory.
    pub fn into_router_with(self, office: Arc<Office>, side: Side, around: impl FnOnce(Router) -> Router) -> Router {
        let mut lines = self.merge(own_routes()).lines;
        lines.retain(|line| side.has(&line.row));
        let rows: Vec<Row> = lines.iter().map(|line| line.row.clone()).collect();
        let doors = Arc::new(Doors::of(&rows, side));
        let mut router = Router::new();
        let limiter = Arc::new(Limiter::default());
        let forms = Arc::new(once::Forms::new(Arc::clone(&office)));
        let desk = Arc::new(shed::Desk::new());
        for Line { row, mut handlers, body_bytes_max } in lines {
            if row.audience != Audience::Public {
                handlers = handlers
                    .layer(from_fn_with_state(Arc::clone(&desk), shed::keep_desk))
                    .layer(from_fn_with_state(Arc::clone(&forms), once::layer));
            }
            let mut handlers = handlers
                .layer::<_, Infallible>(DefaultBodyLimit::disable())
                .layer(RequestBodyLimitLayer::new(body_bytes_max));
            if row.audience != Audience::Public {
                let guard = guard::Guard { office: Arc::clone(&office), audience: row.audience };
                handlers = handlers.layer(from_fn_with_state(guard, guard::check));
            }
            if api::is_api(row.path) {
                let state = (Arc::clone(&office), Arc::clone(&limiter));
                handlers = handlers.layer(from_fn_with_state(state, api::limit));
            }
            router = router.route(row.path, handlers);
        }
        kept::in_front(Arc::clone(&office), around(frame::around(router, office, doors)))
    }

    fn line<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        audience: Audience,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<Office>>,
        T: 'static,
    {
        self.lines.push(Line {
            row: Row { method, path, audience },
            handlers: on(filter, handler),
            body_bytes_max: BODY_BYTES_MAX,
        });
        self
    }
}

/// The kit's own routes: assets, display settings, how the program is.
fn own_routes() -> RouteTable {
    RouteTable::new()
        .get("/assets/{*path}", Audience::Public, assets::serve)
        .post("/display", Audience::Public, prefs::save)
        .get("/livez", Audience::Public, health::live)
        .get("/readyz", Audience::Public, health::ready)
        .get("/version", Audience::Public, health::version)
        .get("/metrics", Audience::Public, health::metrics)
}

/// Which pages exist on a listener and for whom: menus are drawn from it, so that no link leads to
/// a page that is not there or that would turn the reader away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doors(Option<Vec<(&'static str, Audience)>>);

impl Doors {
    /// Every page there is; for samples and tests.
    pub fn all_open() -> Self {
        Self(None)
    }

    pub(crate) fn of(rows: &[Row], side: Side) -> Self {
        let pages = rows.iter().filter(|row| row.method == Method::GET && side.has(row));
        Self(Some(pages.map(|row| (row.path, row.audience)).collect()))
    }

    /// Whether the page at this path of the table is there and open to the viewer.
    pub fn open(&self, path: &str, viewer: Option<&Viewer>) -> bool {
        match &self.0 {
            None => true,
            Some(pages) => pages.iter().any(|(known, audience)| *known == path && audience.admits(viewer)),
        }
    }
}
