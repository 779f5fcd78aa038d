//! A page's own script: written into the page, allowed by its hash, cut off from the network.
//!
//! Owns: the one way a script gets into a page, and the content policy of that answer. Does not own:
//! any script, and no page needs one to be understood. What a newcomer gets wrong: a script in a
//! template. The wall refuses it there, so that no page has one by accident.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::frame::CONTENT_POLICY;
use crate::page_error::PageError;

/// The words by which a content policy allows exactly this text.
pub fn policy_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// A script and what allows it.
#[derive(Debug, Clone)]
pub struct Script {
    element: String,
    policy: String,
}

impl Script {
    /// The script of a source that does not end its own element.
    pub fn new(source: &str) -> Self {
        let policy = format!("script-src {}; connect-src 'none'", policy_hash(source));
        Self { element: format!("<script>{source}</script>\n"), policy }
    }

    /// The part of a content policy that allows it, and keeps it from talking to anybody.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The page with the script as the last thing in its body.
    pub fn at_the_end_of(&self, mut html: String) -> String {
        let end = html.rfind("</body>").unwrap_or(html.len());
        html.insert_str(end, &self.element);
        html
    }
}

/// The page as a response, with its script.
pub fn render_with_script(page: impl Template, script: &Script) -> Response {
    let Ok(html) = page.render() else {
        return PageError::Stumbled("a template could not be written").into_response();
    };
    html_with_policy(script.at_the_end_of(html), &format!("{CONTENT_POLICY}; {}", script.policy()))
}

/// A whole page under a content policy of its own.
pub fn html_with_policy(html: String, policy: &str) -> Response {
    match HeaderValue::try_from(policy) {
        Ok(policy) => ([(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response(),
        Err(_) => PageError::Stumbled("a content policy that is no header").into_response(),
    }
}
