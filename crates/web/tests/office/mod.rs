//! An office with a gate of its own, asked through the real router.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use iljari_base::{Clock, Failure, FixedClock, SeededEntropy, Stop, Timestamp};
use iljari_store::Store;
use iljari_web::{Answer, Duty, Gate, Office, RouteTable, Side, Viewer};
use tower::ServiceExt;

/// Knows three officers by their tokens; `broken` breaks.
struct ThreeOfficers;

impl Gate for ThreeOfficers {
    fn who<'a>(&'a self, token: &'a str, _: Timestamp) -> Answer<'a, Option<Viewer>> {
        Box::pin(async move {
            let duties = match token {
                "nothing" => Vec::new(),
                "record" => vec![Duty::Record],
                "disclose" => vec![Duty::Disclose],
                "broken" => return Err(Stop::Failed(Failure::new("no database"))),
                _ => return Ok(None),
            };
            Ok(Some(Viewer {
                officer: "ofc_00000000000000000000000001".parse().expect("an id"),
                name: "한시범".to_owned(),
                district: "11215".parse().expect("a code"),
                department: "일자리정책과".to_owned(),
                duties,
                session: "ses_00000000000000000000000001".parse().expect("an id"),
            }))
        })
    }
}

/// A router with a database of its own.
pub struct TestOffice {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    router: Router,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answered {
    /// One header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Every value of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    }
}

impl TestOffice {
    pub async fn new(table: RouteTable, side: Side, demo: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("sqlite:{}", folder.path().join("kit.db").display());
        let clock = Arc::new(FixedClock::at(Timestamp::from_microsecond(1_795_410_000_000_000)));
        let store = Store::open(&address).await.expect("a store");
        store.migrate().await.expect("migrated");
        let office = Office {
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new("kit")),
            demo,
            published: folder.path().to_owned(),
            keys: folder.path().to_owned(),
            gate: Arc::new(ThreeOfficers),
        };
        let office = Arc::new(office);
        Self { router: table.into_router(Arc::clone(&office), side), office, clock, _folder: folder }
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, "", &[]).await
    }

    pub async fn get_as(&self, path: &str, token: Option<&str>) -> Answered {
        match token {
            Some(token) => {
                // By the name that a browser keeps for an office behind a proxy, and by the one for the machine itself.
                let cookie = format!("__Secure-iljari_session={token}; iljari_session={token}");
                self.send("GET", path, "", &[("cookie", &cookie)]).await
            }
            None => self.get(path).await,
        }
    }

    pub async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answered {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let typed = headers.iter().any(|(name, _)| *name == "content-type");
        let mut headers = headers.to_vec();
        if !typed {
            headers.push(form);
        }
        self.send("POST", path, body, &headers).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answered { status: parts.status, headers: parts.headers, body }
    }
}
