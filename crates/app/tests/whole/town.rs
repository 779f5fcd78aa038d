//! The demo's three districts and its people on one clock, behind the composed routes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use iljari_app::demo::seed;
use iljari_app::serve;
use iljari_base::{FixedClock, SeededEntropy};
use iljari_disclosure::plan::{self, District};
use iljari_people::OfficeGate;
use iljari_plans::Books;
use iljari_sheets::Reader;
use iljari_store::Store;
use iljari_web::{Office, Side};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

/// Codes and folders of the three districts.
pub const DISTRICTS: [(&str, &str); 3] = [("11215", "gwangjin"), ("11380", "eunpyeong"), ("99001", "naru")];

/// The root's id as an address writes it.
pub const ROOT: &str = "%EC%A0%84%EC%B2%B4";

/// Both listeners of a demo, and the demo's.
pub struct Town {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    /// Both networks on one port.
    pub both: Router,
    /// What residents reach.
    pub public: Router,
    pub password: String,
    folder: TempDir,
}

/// An answer, read to its end.
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Got {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }
}

/// The districts' folders of this repository.
pub fn district_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts").join(name)
}

/// A district as its files tell it.
pub fn book(name: &str) -> District {
    let found =
        std::fs::read_dir(district_folder(name)).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<(String, Vec<u8>)> = found
        .filter(|path| path.extension().is_some_and(|kind| kind == "yaml"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    plan::check(&files).district.expect("a district")
}

/// A seeded town that nobody changes. To seed one sets the documents of several disclosures, so it is
/// done once and every test gets a copy.
static SEEDED: OnceCell<PathBuf> = OnceCell::const_new();

/// 23 November 2026, ten in the morning in Seoul.
fn morning() -> Arc<FixedClock> {
    Arc::new(FixedClock::at("2026-11-23T01:00:00.000000Z".parse().expect("an instant")))
}

async fn office_in(folder: &Path, clock: &Arc<FixedClock>, chance: &str) -> Arc<Office> {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).expect("a data folder");
    let store = Store::open(&format!("sqlite:{}", data.join("iljari.db").display())).await.expect("a database");
    Arc::new(Office {
        gate: Arc::new(OfficeGate::new(store.clone())),
        store,
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(chance)),
        demo: true,
        published: data.join("published"),
        keys: folder.join("keys"),
    })
}

async fn seeded() -> PathBuf {
    let folder = template("seeded");
    let office = office_in(&folder, &morning(), "whole").await;
    office.store.migrate().await.expect("migrated");
    seed::all(&office).await.expect("seeded");
    serve::prepare(&office).await.expect("prepared");
    office.store.close().await;
    folder
}

/// An empty folder that lives as long as the build does; nobody would remove a temporary one, because what
/// is kept for the whole program is never dropped.
pub fn template(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("an earlier one gone");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}

impl Town {
    /// A town of its own, as seeded.
    pub async fn fresh() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(SEEDED.get_or_init(seeded).await, folder.path());
        let clock = morning();
        // Other chances than while seeding, so that no id comes a second time.
        let office = office_in(folder.path(), &clock, "whole, afterwards").await;
        let data = folder.path().join("data");
        let books = Books::new();
        // The child that reads sheets is the binary itself, not this test program.
        let reader = Arc::new(Reader::new(env!("CARGO_BIN_EXE_iljari")));
        Self {
            both: serve::router(&office, &books, &reader, Side::Both),
            public: serve::router(&office, &books, &reader, Side::Public),
            password: seed::password(&data).expect("the demo's password"),
            office,
            clock,
            folder,
        }
    }

    /// One request; `extra` are headers.
    pub async fn ask(&self, router: &Router, method: &Method, path: &str, extra: &[(&str, &str)], body: &str) -> Got {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "127.0.0.1")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        answered(router, request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// One request with a body of any kind, which its own headers name.
    pub async fn send(&self, method: &Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answered(&self.both, request.body(Body::from(body)).expect("a request")).await
    }

    /// Everything that the town keeps.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A page or file as a stranger gets it.
    pub async fn get(&self, path: &str) -> Got {
        self.ask(&self.both, &Method::GET, path, &[], "").await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let got = self.get(path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        got.text()
    }

    /// Every page of a town as seeded that links lead to from `/`, and what it says. Two walls read them.
    pub async fn pages_as_seeded() -> &'static BTreeMap<String, String> {
        static PAGES: OnceCell<BTreeMap<String, String>> = OnceCell::const_new();
        PAGES.get_or_init(async || Self::fresh().await.public_pages().await).await
    }

    /// Every page that links lead to from `/`, and what it says; files are left out.
    pub async fn public_pages(&self) -> BTreeMap<String, String> {
        let mut waiting = vec!["/".to_owned()];
        let (mut seen, mut pages) = (BTreeSet::new(), BTreeMap::new());
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let got = self.get(&path).await;
            if got.status == StatusCode::SEE_OTHER && path.starts_with("/office") {
                continue;
            }
            assert_eq!(got.status, StatusCode::OK, "{path}");
            // A document to keep is no page of this site, even where it is HTML.
            let is_page = got.header("content-disposition").is_empty() && !path.ends_with(".html");
            if is_page && got.header("content-type").starts_with("text/html") && !path.starts_with("/office") {
                let html = got.text();
                waiting.extend(links(&html));
                pages.insert(path, html);
            }
        }
        pages
    }

    /// Signs in through the page; the session's cookie.
    pub async fn sign_in(&self, name: &str) -> String {
        // Each code opens once, and the story does not wait for the next one.
        self.clock.advance_seconds(30);
        let code = iljari_people::present_code(&self.office, name).await.expect("a code");
        let name = iljari_web::local::query_value(name);
        let body = format!("login={name}&password={}&code={code}&next=", self.password);
        let got = self.ask(&self.both, &Method::POST, "/office/sign-in", &[], &body).await;
        assert_eq!((got.status, got.location()), (StatusCode::SEE_OTHER, "/office"), "{}", got.text());
        let cookies = got.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let session =
            cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("iljari_session="));
        session.expect("a session").to_owned()
    }

    /// A request with somebody's cookie.
    pub async fn ask_as(&self, cookie: &str, method: &Method, path: &str, body: &str) -> Got {
        self.ask(&self.both, method, path, &[(COOKIE.as_str(), cookie)], body).await
    }
}

async fn answered(router: &Router, request: Request<Body>) -> Got {
    let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    Got { status: parts.status, headers: parts.headers, bytes }
}

/// The addresses of this site that a page leads to, the fragment cut off.
pub fn links(html: &str) -> Vec<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.split('#').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&"))
        .filter(|href| href.starts_with('/') && !href.starts_with("/assets/"))
        .collect()
}
