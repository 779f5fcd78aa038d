//! The guard of one route: asks the gate, lets in or turns away.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::local::{local_path, query_value};
use crate::office::Office;
use crate::page_error::PageError;
use crate::routes::Audience;
use crate::session::session_token;

/// What a guard knows: the office to ask, and whom to let in.
#[derive(Clone)]
pub(crate) struct Guard {
    pub office: Arc<Office>,
    pub audience: Audience,
}

/// Puts the [`crate::Viewer`] into the request and lets it through, or answers in its place.
pub(crate) async fn check(State(guard): State<Guard>, mut req: Request, next: Next) -> Response {
    let viewer = match session_token(&guard.office, req.headers()) {
        None => None,
        Some(token) => match guard.office.gate.who(&token, guard.office.clock.now()).await {
            Ok(viewer) => viewer,
            Err(stop) => return PageError::from(stop).into_response(),
        },
    };
    let Some(viewer) = viewer else {
        return nobody(&req);
    };
    let mut response = if guard.audience.admits(Some(&viewer)) {
        req.extensions_mut().insert(viewer.clone());
        next.run(req).await
    } else {
        match guard.audience {
            Audience::Officer(duty) => PageError::NoDuty(duty).into_response(),
            Audience::Public | Audience::SignedIn => PageError::NobodySignedIn.into_response(),
        }
    };
    // An error page is drawn further out and should keep the officer's frame.
    response.extensions_mut().insert(viewer);
    response
}

/// A page sends to the sign-in page and back; an act says that nothing was saved.
fn nobody(req: &Request) -> Response {
    if !matches!(*req.method(), Method::GET | Method::HEAD) {
        return PageError::NobodySignedIn.into_response();
    }
    let wanted = req.uri().path_and_query().map_or("/office", |wanted| wanted.as_str());
    let next = local_path(wanted).unwrap_or("/office");
    match HeaderValue::try_from(format!("/office/sign-in?next={}", query_value(next))) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(_) => PageError::NobodySignedIn.into_response(),
    }
}
