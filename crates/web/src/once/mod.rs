//! One form, one effect (한 양식은 한 번): the second of two equal forms is answered like the first, and does nothing.
//!
//! Owns: the id that every office form carries, waiting for the first of two, what the second is answered, and which
//! forms carry no id. Does not own: the mark of a form, which the door writes into the act's own transaction
//! (`iljari_store::once`), so that a stop at any moment leaves either both or none of them.
//!
//! By construction: the layer stands around every route of officers ([`crate::RouteTable`]), writes a fresh id into each
//! form of each page on its way out, and looks for one in whatever is sent back. No template and no handler knows of it.
//!
//! - The same id with another body is refused (422), somebody else's used id too (403), and so is a page older than
//!   [`DAYS`] days (410): what was done is remembered exactly as long.
//! - While the first is at work the second waits for it; a double click shows the first one's success. After
//!   [`PATIENCE`] it is told to look later (409).
//! - For a minute the whole answer lies in memory. Beside the act lie its status and where it led on, never a page:
//!   pages hold personal data. Where the first was answered with a page, or the program stopped between the act and
//!   its answer, the second is told that it was sent already, and where to look.
//! - A form without an id goes on as it always did: a script or a page from before a new version. Whoever sends none
//!   only forgoes the protection; rights and rules are asked all the same.
//!
//! What a newcomer gets wrong: taking an id for a permission. It opens nothing; it only says "this again".

mod fields;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::request::Parts as Asked;
use axum::http::response::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use iljari_base::{DistrictCode, Id, Outcome, Timestamp, id};
use iljari_store::once::{self, Form, Known};
use tokio::sync::watch;
use tracing::{Instrument as _, Span};

use crate::frame::route_of;
use crate::office::{Office, Viewer};
use crate::page_error::{FormFault, PageError, render};
use crate::prefs::{DisplayPrefs, Surroundings};
use crate::shell::{Desk, Shell};
use crate::wall::Sample;

/// Days for which a form's act is remembered, and for which its page may be sent.
pub const DAYS: i64 = 7;

/// Forms without an id, and why.
pub const WITHOUT: [(&str, &str); 3] = [
    ("/office/sign-in", "nobody is signed in, and a one-time code opens once"),
    ("/office/enrol", "nobody is signed in, and an invitation is used up"),
    ("/office/sign-out", "signing out again finds nobody signed in; the form stands on error pages too"),
];

/// Routes whose act is to show or to hand out: done again it shows again, and is written down again.
pub const SHOWS: [&str; 4] = [
    "/office/residents/find",
    "/office/residents/{resident}/open",
    "/office/access-log/download",
    "/office/calls/{no}/lookup/list",
];

/// How long the second of two equal forms waits for the first.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks whether another node has answered, and how many of them.
const ELSEWHERE: (Duration, usize) = (Duration::from_millis(200), 25);

/// Seconds after an act in which its answer may still come from the node that did it: as long as all those looks.
const FRESH: i64 = 5;

/// Seconds for which a whole answer lies in memory, how many, and how large at most.
const REMEMBERED: (i64, usize, usize) = (60, 256, 64 * 1024);

type Key = (DistrictCode, String);

/// The forms that are being worked on, and the answers of those just done.
pub(crate) struct Forms {
    office: Arc<Office>,
    here: Mutex<HashMap<Key, Arc<Sent>>>,
}

/// A form at work, or just done.
struct Sent {
    officer: Id<id::Officer>,
    body: String,
    answer: watch::Sender<Option<Answer>>,
    /// Until when the answer lies here; set when it is done.
    until: Mutex<Option<Timestamp>>,
}

/// A whole answer, as often as it is asked for.
#[derive(Clone)]
struct Answer {
    parts: Parts,
    body: Bytes,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        match to_bytes(body, usize::MAX).await {
            Ok(body) => Self { parts, body },
            Err(_) => Self::of_error(PageError::Stumbled("an answer broke off")),
        }
    }

    fn of_error(error: PageError) -> Self {
        let (parts, _) = error.into_response().into_parts();
        Self { parts, body: Bytes::new() }
    }

    fn response(self) -> Response {
        Response::from_parts(self.parts, Body::from(self.body))
    }
}

/// The page for a form that was sent before and whose answer is not at hand.
#[derive(Template)]
#[template(path = "page/already.html")]
pub(crate) struct AlreadyPage {
    shell: Shell,
    section: String,
}

/// A form as it was sent.
struct Asking {
    viewer: Viewer,
    act: String,
    body: String,
    prefs: DisplayPrefs,
    section: String,
}

/// Around every route of officers: one effect for each form, and an id in each form of the answer.
pub(crate) async fn layer(State(forms): State<Arc<Forms>>, req: Request, next: Next) -> Response {
    let viewer = req.extensions().get::<Viewer>().cloned();
    let response = match viewer {
        Some(viewer) if *req.method() == Method::POST => Arc::clone(&forms).take(viewer, req, next).await,
        _ => next.run(req).await,
    };
    forms.with_ids(response).await
}

/// Forgets the forms that are too old to be sent again; how many there were.
pub async fn forget_old(office: &Office) -> Outcome<u64> {
    let oldest = office.clock.now().plus_seconds(-DAYS * 24 * 3600);
    office.store.write(move |tx| Box::pin(once::forget_before(tx, oldest))).await
}

impl Forms {
    pub(crate) fn new(office: Arc<Office>) -> Self {
        Self { office, here: Mutex::new(HashMap::new()) }
    }

    /// Works on a form, or answers what its first sending was answered.
    async fn take(self: Arc<Self>, viewer: Viewer, req: Request, next: Next) -> Response {
        // A browser says how long a form is. What does not end by itself is read by its handler, piece by piece.
        if SHOWS.contains(&route_of(&req).as_str()) || req.body().size_hint().exact().is_none() {
            return next.run(req).await;
        }
        let (asked, body) = req.into_parts();
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        let Some(id) = fields::id_in(&asked.headers, &bytes) else {
            return next.run(Request::from_parts(asked, Body::from(bytes))).await;
        };
        match fields::drawn_at(&id) {
            None => return PageError::Form(FormFault::Unreadable).into_response(),
            Some(at) if at.plus_seconds(DAYS * 24 * 3600) < self.office.clock.now() => {
                return PageError::Form(FormFault::TooOld).into_response();
            }
            Some(_) => {}
        }
        let asking = Asking::of(viewer, &asked, &id, &bytes);
        let (sent, first) = self.place(&asking);
        if !first {
            return sent.awaited(&asking).await;
        }
        let req = Request::from_parts(asked, Body::from(bytes));
        // A browser that goes away must not leave the second of two without an answer, so this does not end with it.
        let work = tokio::spawn(self.work(asking, sent, req, next).instrument(Span::current()));
        match work.await {
            Ok(answer) => answer.response(),
            Err(gone) if gone.is_panic() => std::panic::resume_unwind(gone.into_panic()),
            Err(_) => PageError::Stumbled("a form's work was given up").into_response(),
        }
    }

    /// The form's place among those at work; whether it is new there.
    fn place(&self, asking: &Asking) -> (Arc<Sent>, bool) {
        let now = self.office.clock.now();
        let mut here = self.here();
        here.retain(|_, sent| sent.until().is_none_or(|until| now < until));
        if let Some(known) = here.get(&asking.key()) {
            return (Arc::clone(known), false);
        }
        let sent = Arc::new(Sent {
            officer: asking.viewer.officer,
            body: asking.body.clone(),
            answer: watch::Sender::new(None),
            until: Mutex::new(None),
        });
        here.insert(asking.key(), Arc::clone(&sent));
        (sent, true)
    }

    async fn work(self: Arc<Self>, asking: Asking, sent: Arc<Sent>, req: Request, next: Next) -> Answer {
        let mut leaving = Leaving { forms: &self, key: asking.key(), sent: &sent, stays: false };
        let (response, done) = self.once(&asking, req, next).await;
        let answer = Answer::of(response).await;
        leaving.stays = done && answer.body.len() <= REMEMBERED.2;
        sent.answer.send_replace(Some(answer.clone()));
        answer
    }

    /// Does the form's work unless it was done before; whether it was done now.
    async fn once(&self, asking: &Asking, req: Request, next: Next) -> (Response, bool) {
        match self.known(asking).await {
            Err(error) => return (error.into_response(), false),
            // Another node has done it this moment, and is about to keep what it answers.
            Ok(Some(known)) if known.answer.is_none() && self.is_fresh(&known) => {
                return (self.elsewhere(asking).await, false);
            }
            Ok(Some(known)) => return (asking.told_again(&known), false),
            Ok(None) => {}
        }
        let Asking { viewer, act, body, .. } = asking;
        let now = self.office.clock.now();
        let form = Arc::new(Form::new(viewer.district.clone(), viewer.officer, act.clone(), body.clone(), now));
        let response = once::as_form(Arc::clone(&form), next.run(req)).await;
        if form.was_taken() {
            return (self.elsewhere(asking).await, false);
        }
        let kept = response.status().is_success() || response.status().is_redirection();
        if form.is_done() && kept {
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
            self.keep(asking, response.status().as_u16(), location).await;
        }
        (response, form.is_done() && kept)
    }

    async fn known(&self, asking: &Asking) -> Result<Option<Known>, PageError> {
        let (district, act) = asking.key();
        let look = self.office.store.read(move |tx| Box::pin(async move { once::known(tx, &district, &act).await }));
        Ok(look.await?)
    }

    /// Whether the act was done so lately that its answer may still come.
    fn is_fresh(&self, known: &Known) -> bool {
        self.office.clock.now() < known.at.plus_seconds(FRESH)
    }

    /// Another node did it in the meantime: its answer, as soon as that lies beside the act.
    async fn elsewhere(&self, asking: &Asking) -> Response {
        let (between, times) = ELSEWHERE;
        for _ in 0..times {
            match self.known(asking).await {
                Err(error) => return error.into_response(),
                Ok(Some(known)) if known.answer.is_some() || known.officer != asking.viewer.officer => {
                    return asking.told_again(&known);
                }
                Ok(_) => tokio::time::sleep(between).await,
            }
        }
        asking.already()
    }

    /// Keeps status and address. The act stands already: where this fails, the second of two is told where to look.
    async fn keep(&self, asking: &Asking, status: u16, location: Option<String>) {
        let (district, act) = asking.key();
        let kept = self
            .office
            .store
            .write(move |tx| {
                Box::pin(async move { once::keep_answer(tx, &district, &act, (status, location.as_deref())).await })
            })
            .await;
        if let Err(stop) = kept {
            tracing::warn!(failure = %stop, "what a form was answered could not be kept");
        }
    }

    /// The answer with a fresh id in each of its forms.
    async fn with_ids(&self, response: Response) -> Response {
        let headers = response.headers();
        let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_page || headers.contains_key(CONTENT_DISPOSITION) {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            return PageError::Stumbled("a page broke off").into_response();
        };
        let now = self.office.clock.now();
        let fresh = || fields::fresh(self.office.entropy.as_ref(), now);
        let written = std::str::from_utf8(&bytes).ok().and_then(|html| fields::written_in(html, fresh));
        let Some(html) = written else {
            return Response::from_parts(parts, Body::from(bytes));
        };
        parts.headers.remove(CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(html))
    }

    fn here(&self) -> MutexGuard<'_, HashMap<Key, Arc<Sent>>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a form from those at work when its work ends, however it ends.
struct Leaving<'f> {
    forms: &'f Forms,
    key: Key,
    sent: &'f Sent,
    stays: bool,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if self.sent.answer.borrow().is_none() {
            // The work panicked: those who wait for it are told the same.
            let stumbled = Answer::of_error(PageError::Stumbled("a handler panicked"));
            self.sent.answer.send_replace(Some(stumbled));
        }
        let mut here = self.forms.here();
        let remembered = here.values().filter(|sent| sent.until().is_some()).count();
        if self.stays && remembered < REMEMBERED.1 {
            let until = self.forms.office.clock.now().plus_seconds(REMEMBERED.0);
            *self.sent.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        } else {
            here.remove(&self.key);
        }
    }
}

impl Sent {
    fn until(&self) -> Option<Timestamp> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of the first, when it has come.
    async fn awaited(&self, asking: &Asking) -> Response {
        if let Some(fault) = asking.fault(self.officer, &self.body) {
            return PageError::Form(fault).into_response();
        }
        let mut answers = self.answer.subscribe();
        let answer = tokio::time::timeout(PATIENCE, answers.wait_for(Option::is_some)).await;
        match answer {
            Ok(Ok(answer)) => match answer.clone() {
                Some(answer) => answer.response(),
                None => PageError::Form(FormFault::AtWork).into_response(),
            },
            _ => PageError::Form(FormFault::AtWork).into_response(),
        }
    }
}

impl Asking {
    fn of(viewer: Viewer, asked: &Asked, id: &str, bytes: &[u8]) -> Self {
        let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
        let surroundings = asked.extensions.get::<Surroundings>().cloned().unwrap_or_default();
        let section = section(asked.uri.path(), &surroundings, &viewer);
        let prefs = DisplayPrefs::read(&asked.headers, &asked.uri, &surroundings);
        Self {
            act: fields::act_of(id),
            body: fields::body_of(id, path, &asked.headers, bytes),
            prefs: DisplayPrefs { here: section.clone(), ..prefs },
            section,
            viewer,
        }
    }

    fn key(&self) -> Key {
        (self.viewer.district.clone(), self.act.clone())
    }

    /// Why this is not the same form again.
    fn fault(&self, officer: Id<id::Officer>, body: &str) -> Option<FormFault> {
        if officer != self.viewer.officer {
            return Some(FormFault::SomebodyElses);
        }
        (body != self.body).then_some(FormFault::Changed)
    }

    /// What a form is answered whose act was done before.
    fn told_again(&self, known: &Known) -> Response {
        if let Some(fault) = self.fault(known.officer, &known.body) {
            return PageError::Form(fault).into_response();
        }
        let answered = known.answer.as_ref().and_then(|(status, to)| {
            let to = HeaderValue::from_str(to.as_deref()?).ok()?;
            Some((StatusCode::from_u16(*status).ok()?, [(LOCATION, to)]).into_response())
        });
        answered.unwrap_or_else(|| self.already())
    }

    fn already(&self) -> Response {
        let shell = Shell::office(&self.prefs, &self.viewer, "이미 보낸 양식", Desk::None);
        render(AlreadyPage { shell, section: self.section.clone() })
    }
}

/// The page of the menu that the form's address lies below.
fn section(path: &str, surroundings: &Surroundings, viewer: &Viewer) -> String {
    let first: Vec<&str> = path.splitn(4, '/').take(3).collect();
    let section = first.join("/");
    if surroundings.doors.open(&section, Some(viewer)) { section } else { "/office".to_owned() }
}

impl Sample for AlreadyPage {
    fn samples() -> Vec<Self> {
        let viewer = crate::gallery::sample_viewer();
        let shell = viewer.map(|viewer| Shell::office(&DisplayPrefs::sample(), &viewer, "이미 보낸 양식", Desk::None));
        shell.map(|shell| AlreadyPage { shell, section: "/office/calls".to_owned() }).into_iter().collect()
    }
}
