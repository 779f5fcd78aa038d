//! Pages as an officer's browser asks for them, and a search for what must not stand anywhere.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use axum::{Extension, Router};
use iljari_plans::Books;
use iljari_print::testing::Search;
use iljari_sheets::Reader;
use iljari_web::Side;
use iljari_web::local::query_value;
use tower::ServiceExt as _;

use super::Desk;
use crate::shelf::Shelf;

/// A browser, signed in or not.
pub(super) struct Browser {
    router: Router,
    cookie: String,
    /// The titles of the pages it was shown.
    titles: Mutex<Vec<String>>,
}

/// What came back.
pub(super) struct Got {
    pub status: u16,
    pub location: String,
    /// Every header, as text.
    pub headers: String,
    pub bytes: Vec<u8>,
}

impl Got {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// The fields of the form that leads there, as a browser would send them untouched.
pub(super) fn fields_of(page: &str, action: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).expect("the form");
    let (form, _) = form.split_once("</form>").expect("its end");
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| plain(value))
    };
    let mut fields = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        let chosen = !["checkbox", "radio"].contains(&kind.as_str()) || tag.contains(" checked");
        if tag.starts_with("textarea ") {
            fields.push((name, plain(after.strip_prefix('\n').unwrap_or(after))));
        } else if tag.starts_with("input ") && kind != "file" && chosen {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    fields
}

/// The same fields with one value changed.
pub(super) fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

/// A text as it was before the template wrote it.
fn plain(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

/// Fields as a form sends them.
pub(super) fn form<K: AsRef<str>, V: AsRef<str>>(fields: &[(K, V)]) -> String {
    let pair = |(name, value): &(K, V)| format!("{}={}", query_value(name.as_ref()), query_value(value.as_ref()));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

impl Browser {
    /// Whoever stands outside.
    pub(super) fn stranger(desk: &Desk) -> Self {
        let routes = crate::routes().merge(iljari_people::routes()).merge(iljari_ledger::routes());
        // Its child is no program of ours: nobody here sends a file.
        let reader = Extension(Arc::new(Reader::new("no-such-program")));
        let router = routes
            .into_router(desk.office.clone(), Side::Both)
            .layer(Extension(Books::new()))
            .layer(Extension(Shelf::built_in()))
            .layer(reader);
        Self { router, cookie: String::new(), titles: Mutex::default() }
    }

    /// An officer of the desk, signed in at the door.
    pub(super) async fn of(desk: &Desk, login: &str) -> Self {
        // Each code opens once.
        desk.clock.advance_seconds(30);
        let mut browser = Self::stranger(desk);
        let code = iljari_people::present_code(&desk.office, login).await.expect("a code");
        let typed = [("login", login), ("password", "나루터에서 만나요"), ("code", &code), ("next", "")];
        let got = browser.post("/office/sign-in", &typed).await;
        assert_eq!((got.status, got.location.as_str()), (303, "/office"), "{}", got.text());
        let session = got.headers.split("iljari_session=").nth(1).expect("a session");
        browser.cookie = format!("iljari_session={}", session.split(';').next().unwrap_or_default());
        browser
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> Got {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        let text = String::from_utf8_lossy(&bytes);
        if let Some((title, _)) = text.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")) {
            self.titles.lock().expect("titles").push(title.to_owned());
        }
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Got {
            status: parts.status.as_u16(),
            location: header("location").to_owned(),
            headers: format!("{:?}", parts.headers),
            bytes,
        }
    }

    /// The titles of the pages it was shown so far.
    pub(super) fn titles(&self) -> Vec<String> {
        self.titles.lock().expect("titles").clone()
    }

    pub(super) async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, String::new()).await
    }

    pub(super) async fn post<K: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(K, V)]) -> Got {
        self.ask(Method::POST, path, form(fields)).await
    }
}

/// Every page and file that links lead a stranger to from here, by path.
pub(super) async fn everything_public(stranger: &Browser, from: &[&str]) -> Vec<(String, Got)> {
    let mut waiting: Vec<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen = std::collections::BTreeSet::new();
    let mut all = Vec::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let got = stranger.get(&path).await;
        let text = got.text();
        if got.headers.contains("text/html") && !got.headers.contains("attachment") {
            let hrefs = text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
            let ours = hrefs.filter(|href| href.starts_with("/districts/") || href.starts_with("/log/"));
            waiting.extend(ours.map(|href| href.replace("&#38;", "&").replace("&amp;", "&")));
        }
        all.push((path, got));
    }
    all
}

/// Values to look for.
pub(super) struct Secrets<'s>(Search<'s>);

impl<'s> Secrets<'s> {
    pub(super) fn of(values: impl IntoIterator<Item = &'s str>) -> Self {
        Self(Search::of(values))
    }

    /// What of them stands in these bytes as they are.
    pub(super) fn in_bytes(&self, bytes: &[u8]) -> Vec<&'s str> {
        self.0.in_bytes(bytes)
    }

    /// What of them stands in a file, packages and PDF files opened.
    pub(super) fn in_file(&self, name: &str, bytes: &[u8]) -> Vec<String> {
        self.0.in_file(name, bytes)
    }

    /// What of them stands in an address, as it is or as an address writes it.
    pub(super) fn in_address(&self, address: &str) -> Vec<&'s str> {
        self.0.values().filter(|value| address.contains(*value) || address.contains(&query_value(value))).collect()
    }

    /// What of them stands in the files below a folder, or in their names, each with its path.
    pub(super) fn in_folder(&self, folder: &Path) -> Vec<String> {
        let files = iljari_store::files::list(folder).expect("listed");
        let found = files.iter().flat_map(|path| {
            let (name, bytes) = (path.display().to_string(), std::fs::read(path).expect("a file"));
            let named = self.in_bytes(name.as_bytes()).into_iter().map(|value| format!("{value} in the name {name}"));
            named.chain(self.in_file(&name, &bytes)).collect::<Vec<_>>()
        });
        found.collect()
    }
}
