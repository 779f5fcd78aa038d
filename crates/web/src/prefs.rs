//! How this reader wants the page: text size, contrast; and what the frame needs of the request.
//!
//! Owns: the two display cookies, `POST /display`, and [`DisplayPrefs`], the extractor every page
//! handler takes and hands to [`crate::Shell`]. Does not own: what a page says.
//! What a newcomer gets wrong: building a `Shell` without it; the reader's letters then jump back
//! to the usual size on that page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use iljari_base::Timestamp;

use crate::form::Typed;
use crate::local::local_path;
use crate::routes::{Doors, Side};

const SIZE_COOKIE: &str = "iljari_size";
const CONTRAST_COOKIE: &str = "iljari_contrast";
const YEAR_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The five text sizes (글자 크기).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TextSize {
    /// 작게.
    Small,
    /// 보통.
    #[default]
    Usual,
    /// 조금 크게.
    Larger,
    /// 크게.
    Large,
    /// 가장 크게.
    Largest,
}

impl TextSize {
    /// All five, from small to large.
    pub const ALL: [TextSize; 5] =
        [TextSize::Small, TextSize::Usual, TextSize::Larger, TextSize::Large, TextSize::Largest];

    /// The number in the cookie and in `data-size`: 1 to 5.
    pub fn code(self) -> &'static str {
        match self {
            TextSize::Small => "1",
            TextSize::Usual => "2",
            TextSize::Larger => "3",
            TextSize::Large => "4",
            TextSize::Largest => "5",
        }
    }

    /// The word on the page.
    pub fn korean(self) -> &'static str {
        match self {
            TextSize::Small => "작게",
            TextSize::Usual => "보통",
            TextSize::Larger => "조금 크게",
            TextSize::Large => "크게",
            TextSize::Largest => "가장 크게",
        }
    }

    fn read(text: &str) -> Option<Self> {
        TextSize::ALL.into_iter().find(|size| size.code() == text)
    }
}

/// The two colour sets (화면 색).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Contrast {
    /// 기본.
    #[default]
    Normal,
    /// 선명하게.
    High,
}

impl Contrast {
    /// Both.
    pub const ALL: [Contrast; 2] = [Contrast::Normal, Contrast::High];

    /// The word in the cookie and in `data-contrast`.
    pub fn code(self) -> &'static str {
        match self {
            Contrast::Normal => "normal",
            Contrast::High => "high",
        }
    }

    /// The word on the page.
    pub fn korean(self) -> &'static str {
        match self {
            Contrast::Normal => "기본",
            Contrast::High => "선명하게",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Contrast::ALL.into_iter().find(|contrast| contrast.code() == text)
    }
}

/// Says that the answer will lie in a folder as a file (내보내기). Only the program itself can put it
/// into a request; nothing that comes over a network carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The newest fact in the data. The page says it, so that nobody takes an old copy for today's.
    pub as_of: Timestamp,
    /// The address the folder will be served at, without a slash at its end; empty where unknown.
    pub base: String,
}

/// What the frame of a page needs to know of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayPrefs {
    /// The reader's text size.
    pub size: TextSize,
    /// The reader's colours.
    pub contrast: Contrast,
    /// The page being read, so that saving the settings leads back to it.
    pub here: String,
    /// Whether this is the demo.
    pub demo: bool,
    /// The pages that exist on this listener, so that menus lead nowhere else.
    pub doors: Arc<Doors>,
    /// Set where the page is written into a file: no cookies, no forms.
    pub export: Option<Export>,
}

impl DisplayPrefs {
    /// For samples and tests: the usual size, the demo, every page open.
    pub fn sample() -> Self {
        Self {
            size: TextSize::default(),
            contrast: Contrast::default(),
            here: "/".to_owned(),
            demo: true,
            doors: Arc::new(Doors::all_open()),
            export: None,
        }
    }

    /// Reads the cookies; a broken one counts as not set.
    pub(crate) fn read(headers: &HeaderMap, uri: &Uri, surroundings: &Surroundings) -> Self {
        let (size, contrast) = display_cookies(headers);
        let here = uri.path_and_query().map_or("/", |here| here.as_str());
        Self {
            size,
            contrast,
            here: local_path(here).unwrap_or("/").to_owned(),
            demo: surroundings.demo,
            doors: Arc::clone(&surroundings.doors),
            export: None,
        }
    }
}

/// The two display cookies; a broken one counts as not set.
pub(crate) fn display_cookies(headers: &HeaderMap) -> (TextSize, Contrast) {
    let jar = CookieJar::from_headers(headers);
    let cookie = |name| jar.get(name).map(Cookie::value).unwrap_or_default();
    let size = TextSize::read(cookie(SIZE_COOKIE)).unwrap_or_default();
    (size, Contrast::read(cookie(CONTRAST_COOKIE)).unwrap_or_default())
}

/// What the router knows and each request needs; put into the request by the frame.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub demo: bool,
    pub doors: Arc<Doors>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { demo: false, doors: Arc::new(Doors::of(&[], Side::Public)) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DisplayPrefs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let surroundings = parts.extensions.get::<Surroundings>().cloned().unwrap_or_default();
        let export = parts.extensions.get::<Export>().cloned();
        Ok(DisplayPrefs { export, ..DisplayPrefs::read(&parts.headers, &parts.uri, &surroundings) })
    }
}

/// `POST /display`: keeps the settings in two cookies and goes back to the page.
pub(crate) async fn save(typed: Typed) -> Response {
    let back = local_path(typed.get("back")).unwrap_or("/");
    let size = TextSize::read(typed.get("size")).map(|size| (SIZE_COOKIE, size.code()));
    let contrast = Contrast::read(typed.get("contrast")).map(|contrast| (CONTRAST_COOKIE, contrast.code()));
    // The cookies hold no secret, so no Secure: the choice survives on a plain-http office network.
    let cookie = |(name, value): (&str, &str)| {
        let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax");
        (SET_COOKIE, cookie)
    };
    let cookies: Vec<_> = [size, contrast].into_iter().flatten().map(cookie).collect();
    let to = [(LOCATION, back), (CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, to, AppendHeaders(cookies)).into_response()
}
