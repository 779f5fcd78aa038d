//! The public pages with the three districts of this repository, over a real store.

mod numbers;
mod pages;
mod walk;

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::{Extension, Router};
use iljari_base::{Actor, FixedClock, Id, SeededEntropy, Timestamp};
use iljari_disclosure::plan::{self, District};
use iljari_people::Cx;
use iljari_plans::Books;
use iljari_plans::store::{DistrictRow, put_district};
use iljari_store::Store;
use iljari_web::{Answer, Gate, Office, Side, Viewer};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::look::Look;
use crate::adopt::{NewFile, adopt};
use crate::seed;

struct Nobody;

impl Gate for Nobody {
    fn who<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Option<Viewer>> {
        Box::pin(async { Ok(None) })
    }
}

/// The public side of an office with Gwangjin, Eunpyeong and Naru.
pub(crate) struct Town {
    pub office: Arc<Office>,
    pub books: Books,
    pub router: Router,
    _folder: TempDir,
}

pub(crate) struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Got {
    pub(crate) fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }
}

/// The files of a district of this repository.
pub(crate) fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts").join(name);
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .expect("the district's folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .filter(|(name, _)| name.ends_with(".yaml"))
        .collect();
    files.sort();
    files
}

/// A district of this repository.
pub(crate) fn book(name: &str) -> District {
    plan::check(&files(name)).district.expect("a district")
}

impl Town {
    /// Adopts the plans, carries published results over, and lets Naru live an invented year.
    pub(crate) async fn on(store: Store) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at: Timestamp = "2026-11-20T03:00:00.000000Z".parse().expect("an instant");
        let office = Arc::new(Office {
            store,
            clock: Arc::new(FixedClock::at(at)),
            entropy: Arc::new(SeededEntropy::new("town")),
            demo: true,
            published: folder.path().join("published"),
            keys: folder.path().join("keys"),
            gate: Arc::new(Nobody),
        });
        for name in ["gwangjin", "eunpyeong", "naru"] {
            let district = book(name);
            adopt_files(&office, &district, files(name)).await;
            seed::published_results(&office, &district).await.expect("results entered");
            if district.is_sample {
                let writer = Actor::Officer(Id::fresh(&*office.clock, &*office.entropy));
                seed::invented_year(&office, &district.code, writer).await.expect("an invented year");
            }
        }
        let books = Books::new();
        let table = crate::routes_public::routes().merge(crate::api::routes()).merge(iljari_plans::routes());
        let router = table.into_router(Arc::clone(&office), Side::Public).layer(Extension(books.clone()));
        Self { office, books, router, _folder: folder }
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Got { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn page(&self, path: &str) -> String {
        let got = self.get(path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.html());
        got.html()
    }

    pub(crate) async fn look(&self, code: &str) -> std::sync::Arc<Look> {
        super::look::look(&self.office, &self.books, code).await.expect("a look")
    }
}

async fn adopt_files(office: &Office, district: &District, files: Vec<(String, Vec<u8>)>) {
    let row = DistrictRow { code: district.code.clone(), name: district.name.clone(), is_sample: district.is_sample };
    let cx = Cx::inside(office, Actor::Demo, district.code.clone());
    let wanted: Vec<NewFile> = files
        .into_iter()
        .map(|(file_name, body)| {
            let plan = district.plans.iter().find(|plan| plan.file_name == file_name);
            let reference = plan.map(|plan| plan.ref_label.parse().expect("a name"));
            NewFile { kind: "자료".to_owned(), reference, file_name, body }
        })
        .collect();
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                put_district(tx, &row, cx.now()).await?;
                for file in wanted {
                    adopt(tx, &cx, file).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("adopted");
}
