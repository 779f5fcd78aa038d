//! What a handler answers with when there is no page to show, and how pages are rendered.
//!
//! Owns: [`PageError`], [`render`], and reading a number out of an address. Does not own: the words of error pages (`frame` draws them,
//! because only there the reader's settings and the reference number are known).
//! What a newcomer gets wrong: answering 403 for another district's object. That is `NotFound`.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use iljari_base::{Failure, FailureKind, Inconsistency, Outcome, Refusal, Stop};

use crate::form::FieldErrors;
use crate::meanwhile::is_changed;
use crate::office::Duty;

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// There is no such thing, or the viewer may not know of it: 404.
    NotFound,
    /// Nobody is signed in any more: 401.
    NobodySignedIn,
    /// The officer lacks the duty: 403, naming it.
    NoDuty(Duty),
    /// The office says no: 422 with each reason, 409 where somebody else was faster. A form shows itself again instead.
    Refused(Vec<Refusal>),
    /// A form that was sent before, or cannot be the same again.
    Form(FormFault),
    /// Too many ask for the same at once; nothing was done: 503.
    Crowded,
    /// The world broke: 500 with a reference number, 507 where the disk is full; the chain goes to the log.
    Failed(Failure),
    /// Our own data is impossible: 500, logged with table, column and row.
    Inconsistent(Inconsistency),
    /// The program stumbled: a template that cannot be written or a handler that panicked.
    Stumbled(&'static str),
}

/// What is wrong with a form that carries a one-time id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    /// It was sent before with something else in it: 422.
    Changed,
    /// The first of two is still being worked on: 409.
    AtWork,
    /// Another officer sent it: 403.
    SomebodyElses,
    /// Its page is so old that nobody knows any more whether it was sent: 410.
    TooOld,
    /// Its id is none of ours: 422.
    Unreadable,
}

/// A number in an address, from 1; what is none leads nowhere.
pub fn number(text: &str) -> Result<i64, PageError> {
    text.parse().ok().filter(|number| *number > 0).ok_or(PageError::NotFound)
}

impl PageError {
    /// The status this error is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::NobodySignedIn => StatusCode::UNAUTHORIZED,
            PageError::NoDuty(_) => StatusCode::FORBIDDEN,
            PageError::Refused(refusals) if refusals.iter().any(|refusal| DECIDED.contains(&refusal.code)) => {
                StatusCode::CONFLICT
            }
            PageError::Refused(_) | PageError::Form(FormFault::Changed | FormFault::Unreadable) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            PageError::Form(FormFault::AtWork) => StatusCode::CONFLICT,
            PageError::Form(FormFault::SomebodyElses) => StatusCode::FORBIDDEN,
            PageError::Form(FormFault::TooOld) => StatusCode::GONE,
            PageError::Crowded => StatusCode::SERVICE_UNAVAILABLE,
            PageError::Failed(failure) if failure.kind == FailureKind::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
            PageError::Failed(_) | PageError::Inconsistent(_) | PageError::Stumbled(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

impl From<Stop> for PageError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusals) => PageError::Refused(refusals),
            Stop::Failed(failure) => PageError::Failed(failure),
            Stop::Inconsistent(inconsistency) => PageError::Inconsistent(inconsistency),
        }
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        PageError::Refused(vec![refusal])
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        PageError::Failed(failure)
    }
}

impl From<Inconsistency> for PageError {
    fn from(inconsistency: Inconsistency) -> Self {
        PageError::Inconsistent(inconsistency)
    }
}

/// Travels with the empty response to the frame, which draws the page.
#[derive(Clone)]
pub(crate) struct Told(pub Arc<PageError>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Told(Arc::new(self)));
        response
    }
}

/// Put into a response's extensions, it keeps the frame from drawing an error page over the body:
/// for answers to machines.
#[derive(Debug, Clone, Copy)]
pub struct AsIs;

/// The page as a response, 200.
pub fn render(page: impl Template) -> Response {
    render_with(StatusCode::OK, page)
}

/// The page with another status: 422 for a form that comes back with errors.
pub fn render_with(status: StatusCode, page: impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        // The template's own error could quote a value, so only the fact is kept.
        Err(_) => PageError::Stumbled("a template could not be written").into_response(),
    }
}

/// Refusals of an act on a thing that somebody else moved on in the meantime.
const DECIDED: [&str; 3] = ["already-decided", "call-not-checked", "no-such-objection"];

/// The status of a form that comes back: 412 where somebody else changed the text that it changes, 409 where somebody
/// else was faster, 422 for what can be mended.
pub fn status_of(stop: &Stop) -> StatusCode {
    if is_changed(stop) {
        StatusCode::PRECONDITION_FAILED
    } else if DECIDED.iter().any(|code| stop.has(code)) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// The answer to a form: on to `next`; the same page with what to mend; or, where the thing is not this
/// person's to see, not there.
pub async fn answer<P, F>(
    outcome: Outcome<()>,
    next: &str,
    again: impl FnOnce(FieldErrors) -> F,
) -> Result<Response, PageError>
where
    P: Template,
    F: Future<Output = Result<P, PageError>>,
{
    match outcome {
        Ok(()) => Ok(Redirect::to(next).into_response()),
        Err(stop) if stop.has("not-yours-to-see") => Err(PageError::NotFound),
        Err(stop) => {
            let status = status_of(&stop);
            let page = again(FieldErrors::from_stop(stop)?).await?;
            Ok(render_with(status, page))
        }
    }
}
