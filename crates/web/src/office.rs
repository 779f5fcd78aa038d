//! What every handler is given, and who stands behind a request.
//!
//! Owns: [`Office`] (the state), [`Duty`], [`Viewer`], and the [`Gate`] through which the kit asks
//! who a cookie belongs to. Does not own: passwords, sessions, duties as data (`people`).
//! What a newcomer gets wrong: taking the signed-in officer from the form. Take a [`Viewer`].

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use iljari_base::{Actor, Clock, DistrictCode, Entropy, Id, Outcome, Timestamp, id};
use iljari_store::Store;

use crate::page_error::PageError;

/// The running office: what every handler is given (axum state is `Arc<Office>`).
#[derive(Clone)]
pub struct Office {
    /// The database.
    pub store: Store,
    /// The clock (I7).
    pub clock: Arc<dyn Clock>,
    /// The randomness (I7).
    pub entropy: Arc<dyn Entropy>,
    /// Whether this is the demo: the strip on every page, cookies without `Secure`.
    pub demo: bool,
    /// Folder of everything published: bundles, tiles, checkpoints.
    pub published: PathBuf,
    /// Folder of the keys, outside the data and its backups.
    pub keys: PathBuf,
    /// Who a session cookie belongs to.
    pub gate: Arc<dyn Gate>,
}

/// What the office lets an officer do (업무).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Duty {
    /// Writes numbers and corrections (작성).
    Record,
    /// Confirms what another officer wrote (확인).
    Confirm,
    /// Seals and discloses (공시).
    Disclose,
    /// Keeps officers and their duties (관리).
    Administer,
    /// Reads everything, changes nothing (감사).
    Audit,
}

impl Duty {
    /// Every duty, in the order pages list them.
    pub const ALL: [Duty; 5] = [Duty::Record, Duty::Confirm, Duty::Disclose, Duty::Administer, Duty::Audit];

    /// The word on pages: 작성, 확인, 공시, 관리, 감사.
    pub fn korean(self) -> &'static str {
        match self {
            Duty::Record => "작성",
            Duty::Confirm => "확인",
            Duty::Disclose => "공시",
            Duty::Administer => "관리",
            Duty::Audit => "감사",
        }
    }

    /// The word stored in the database and sent in forms: `record`, `confirm` …
    pub fn code(self) -> &'static str {
        match self {
            Duty::Record => "record",
            Duty::Confirm => "confirm",
            Duty::Disclose => "disclose",
            Duty::Administer => "administer",
            Duty::Audit => "audit",
        }
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.korean())
    }
}

/// A word that names no duty.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("업무로 읽을 수 없습니다: {0:?}")]
pub struct BadDuty(pub String);

impl FromStr for Duty {
    type Err = BadDuty;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Duty::ALL.into_iter().find(|duty| duty.code() == text).ok_or_else(|| BadDuty(text.to_owned()))
    }
}

/// The officer behind a request (지금 로그인한 담당자).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The officer.
    pub officer: Id<id::Officer>,
    /// The name shown on the page.
    pub name: String,
    /// The district whose data this officer works on.
    pub district: DistrictCode,
    /// The department (부서).
    pub department: String,
    /// What the officer may do.
    pub duties: Vec<Duty>,
    /// The sign-in this request came through.
    pub session: Id<id::Session>,
}

impl Viewer {
    /// Whether the officer has the duty.
    pub fn may(&self, duty: Duty) -> bool {
        self.duties.contains(&duty)
    }

    /// The officer as the hand behind an act.
    pub fn actor(&self) -> Actor {
        Actor::Officer(self.officer)
    }
}

/// Handlers of routes with an audience other than public take it as an argument.
impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Absent only where a public route asks for an officer: a mistake in the route table.
        parts.extensions.get::<Viewer>().cloned().ok_or(PageError::NobodySignedIn)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Viewer>().cloned())
    }
}

/// An answer that comes later, from behind a `dyn` trait.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

/// Tells who a session cookie belongs to. `people` implements it.
pub trait Gate: Send + Sync {
    /// The officer of a living session, or `None`: unknown, ended, idle for too long, officer left.
    fn who<'a>(&'a self, cookie_token: &'a str, now: Timestamp) -> Answer<'a, Option<Viewer>>;
}
