//! Sessions (접속): a random token in a cookie, its hash in the table, two ends.
//!
//! Owns: opening, extending and ending sessions, and [`OfficeGate`], which answers who a token
//! belongs to. Does not own: the cookie (`web`), passwords (`sign_in`).
//! What a newcomer gets wrong: keeping a viewer. Rights are read afresh for every request, so that
//! a duty taken away is gone at the next one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use iljari_base::{Date, Id, Outcome, Timestamp, id};
use iljari_store::{Store, Tx};
use iljari_web::office::Answer;
use iljari_web::session::IDLE_MINUTES;
use iljari_web::{Duty, Gate, Viewer};
use sha2::{Digest, Sha256};

use crate::cx::Cx;
use crate::deputy;
use crate::model::{Officer, OfficerState, SessionLine};
use crate::store::{self, NewSession};

/// Hours after which a session ends, however busy.
pub const ABSOLUTE_HOURS: i64 = 10;
/// Sessions of one officer at the same time; the oldest gives way.
pub const MOST_SESSIONS: usize = 5;
/// A request within so many seconds of the last one is not written down.
const TOUCH_AFTER_SECONDS: i64 = 30;

/// A session just opened.
pub struct Opened {
    /// Goes into the cookie; it is nowhere else.
    pub token: String,
    /// The session.
    pub session: Id<id::Session>,
}

/// By so many seconds clocks are put right every day; more is a step.
const SET_BACK_SECONDS: i64 = 60;

/// What stands in tables for a token.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// 256 random bits, as a cookie can hold them.
pub(crate) fn fresh_token(cx: &Cx) -> String {
    let mut bytes = [0; 32];
    cx.entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

impl SessionLine {
    /// When it ends if nothing more is asked.
    pub fn idle_end(&self) -> Timestamp {
        self.seen_at.plus_seconds(IDLE_MINUTES * 60).min(self.ends_at)
    }

    /// Whether it still opens the door.
    /// Time that does not pass, because the clock was set back, is no life: what was seen later than now is over.
    pub fn is_living(&self, now: Timestamp) -> bool {
        now < self.idle_end() && now.plus_seconds(SET_BACK_SECONDS) >= self.seen_at
    }
}

/// Opens a session, tells the officer's other ones, and ends the oldest beyond [`MOST_SESSIONS`].
pub(crate) async fn open(tx: &mut Tx, cx: &Cx, officer: &Officer) -> Outcome<Opened> {
    let at = cx.now();
    let before = living_sessions(tx, cx, officer).await?;
    if !before.is_empty() {
        let notice = format!("{}에 {}에서 같은 계정으로 로그인했습니다.", at.korean(), cx.address);
        store::tell_sessions(tx, officer, &notice).await?;
    }
    for old in before.iter().skip(MOST_SESSIONS - 1) {
        store::end_session(tx, &officer.district, old.id, "too-many", at).await?;
    }
    let token = fresh_token(cx);
    let session = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let ends_at = at.plus_seconds(ABSOLUTE_HOURS * 3600);
    store::insert_session(
        tx,
        NewSession { id: session, officer, token_hash: &token_hash(&token), address: &cx.address, at, ends_at },
    )
    .await?;
    Ok(Opened { token, session })
}

/// The sessions of an officer that still open the door, the latest first.
pub async fn living_sessions(tx: &mut Tx, cx: &Cx, officer: &Officer) -> Outcome<Vec<SessionLine>> {
    let mut sessions = store::open_sessions(tx, &officer.district, officer.id).await?;
    sessions.retain(|session| session.is_living(cx.now()));
    Ok(sessions)
}

/// What an officer may do on a day: one's own duties, and 확인 while deputising for somebody who has it.
pub(crate) async fn rights(tx: &mut Tx, officer: &Officer, on: Date) -> Outcome<Vec<Duty>> {
    let mut duties = officer.duties_on(on);
    let is_active = matches!(officer.state, OfficerState::Active { .. });
    if is_active && !duties.contains(&Duty::Confirm) && deputy::principal_of(tx, officer, on).await?.is_some() {
        duties.push(Duty::Confirm);
        duties.sort_unstable();
    }
    Ok(duties)
}

/// Answers who a session token belongs to (문).
pub struct OfficeGate {
    store: Store,
}

impl OfficeGate {
    /// A gate over the office's data.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    async fn look(&self, token: &str, now: Timestamp) -> Outcome<Option<Viewer>> {
        let hash = token_hash(token);
        let found = self.store.read(move |tx| Box::pin(async move { find(tx, &hash, now).await })).await?;
        let Some((viewer, seen_at)) = found else {
            return Ok(None);
        };
        if now >= seen_at.plus_seconds(TOUCH_AFTER_SECONDS) {
            let (district, session) = (viewer.district.clone(), viewer.session);
            let touched = self
                .store
                .write(move |tx| Box::pin(async move { store::touch_session(tx, &district, session, now).await }))
                .await;
            // A disk that takes nothing must not close the pages too; the session ends the earlier for it.
            if let Err(stop) = touched {
                tracing::warn!(failure = %stop, "a session could not be touched");
            }
        }
        Ok(Some(viewer))
    }
}

/// The viewer behind a living session, and when it was last seen.
async fn find(tx: &mut Tx, hash: &str, now: Timestamp) -> Outcome<Option<(Viewer, Timestamp)>> {
    let Some(session) = store::session_by_token(tx, hash).await? else {
        return Ok(None);
    };
    if session.ended_at.is_some() || !session.line.is_living(now) {
        return Ok(None);
    }
    let Some(officer) = store::officer(tx, &session.district, session.officer).await? else {
        return Ok(None);
    };
    if !matches!(officer.state, OfficerState::Active { .. }) {
        return Ok(None);
    }
    let duties = rights(tx, &officer, now.seoul_date()).await?;
    let department = store::department_name(tx, &officer.district, &officer.department).await?;
    let viewer = Viewer {
        officer: officer.id,
        name: officer.name,
        district: officer.district,
        // By name: it stands on every page. The code is the officer's own.
        department: department.unwrap_or(officer.department),
        duties,
        session: session.line.id,
    };
    Ok(Some((viewer, session.line.seen_at)))
}

impl Gate for OfficeGate {
    fn who<'a>(&'a self, cookie_token: &'a str, now: Timestamp) -> Answer<'a, Option<Viewer>> {
        Box::pin(self.look(cookie_token, now))
    }
}

/// What this sign-in should be told, until the account's page has shown it: another device signed in.
pub async fn notice(tx: &mut Tx, viewer: &Viewer) -> Outcome<Option<String>> {
    let sessions = store::open_sessions(tx, &viewer.district, viewer.officer).await?;
    Ok(sessions.into_iter().find(|line| line.id == viewer.session).and_then(|line| line.notice))
}
