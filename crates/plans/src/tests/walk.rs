//! Every route over a real store, on both engines.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::{Extension, Router};
use iljari_base::{Actor, Clock as _, FixedClock, Id, SeededEntropy, Timestamp};
use iljari_store::Store;
use iljari_store::testing::both;
use iljari_web::{Answer, Gate, Office, Side, Viewer, check_html};
use tower::ServiceExt as _;

use super::{book, files};
use crate::store::{DistrictRow, PlanFile, insert_file, put_district};
use crate::{Books, routes};

struct Nobody;

impl Gate for Nobody {
    fn who<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Option<Viewer>> {
        Box::pin(async { Ok(None) })
    }
}

async fn adopt(store: &Store, name: &'static str, entropy: &SeededEntropy, clock: &FixedClock) {
    let district = book(name);
    let row = DistrictRow { code: district.code.clone(), name: district.name.clone(), is_sample: district.is_sample };
    let now = clock.now();
    let kept: Vec<PlanFile> = files(name)
        .into_iter()
        .map(|(file_name, body)| PlanFile {
            id: Id::fresh(clock, entropy),
            kind: "자료".to_owned(),
            reference: String::new(),
            file_name,
            sha256: String::new(),
            body,
            adopted_by: Actor::Demo,
            adopted_at: now,
        })
        .collect();
    let code = district.code.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                put_district(tx, &row, now).await?;
                for file in &kept {
                    insert_file(tx, &code, file).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("adopted");
}

async fn get(router: &Router, path: &str) -> (StatusCode, String, String) {
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, kind.unwrap_or_default(), String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_stranger_walks_through_the_plans() {
    both(async |store: Store| {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FixedClock::at("2026-11-20T03:00:00.000000Z".parse().expect("an instant"));
        let entropy = SeededEntropy::new("plans");
        for name in ["gwangjin", "naru"] {
            adopt(&store, name, &entropy, &clock).await;
        }
        let office = Office {
            store,
            clock: Arc::new(clock),
            entropy: Arc::new(entropy),
            demo: true,
            published: folder.path().to_owned(),
            keys: folder.path().to_owned(),
            gate: Arc::new(Nobody),
        };
        let router = routes().into_router(Arc::new(office), Side::Public).layer(Extension(Books::new()));
        let naru = book("naru").code;
        for path in ["/".to_owned(), format!("/districts/{naru}/plan"), "/districts/11215/plan?year=2023".to_owned()] {
            let (status, _, html) = get(&router, &path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(check_html(&html), Vec::<String>::new(), "{path}");
        }
        let (status, kind, csv) = get(&router, "/districts/11215/plan.csv?year=2025").await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert!(csv.contains("청년이룸터"));
        for missing in [
            "/districts/99999/plan",
            "/districts/gwangjin/plan",
            "/districts/11215/plan?year=1999",
            "/districts/11215/plan?year=soon",
            "/districts/11215/plan.csv?year=2099",
        ] {
            assert_eq!(get(&router, missing).await.0, StatusCode::NOT_FOUND, "{missing}");
        }
    })
    .await;
}
