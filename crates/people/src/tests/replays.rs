//! what was captured and is sent again does nothing.

use axum::Router;
use axum::http::{Method, StatusCode};
use iljari_base::{Actor, Id, id};
use iljari_store::{Store, testing::both};
use iljari_web::{Duty, Side};

use super::kit::{TestOffice, district};
use super::routes::{ask, form, text};
use crate::admin::{self, RightsWanted};
use crate::{access, handover, routes};

async fn handed_over(office: &TestOffice) -> usize {
    let all = office.office.store.read(|tx| Box::pin(async move { handover::handovers(tx, &district()).await }));
    all.await.expect("read").len()
}

fn router(office: &TestOffice) -> Router {
    routes().into_router(office.office.clone(), Side::Office)
}

/// Everything that an officer sent, word for word, with the session that it was sent in.
#[tokio::test]
async fn a_captured_form_does_nothing_once_its_session_ended() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[Duty::Record]).await;
        let to = office.officer("홍예시", &[Duty::Record]).await.to_string();
        let router = router(&office);
        let cookie = format!("iljari_session={}", office.token("한시범").await);
        let body = form(&[("to", &to), ("effective_on", "2026-12-01")]);
        let send = async |cookie: &str| ask(&router, &Method::POST, "/office/handover", cookie, &body).await.status();
        assert_eq!(send(&cookie).await, StatusCode::SEE_OTHER);
        // Signed out, run out, and signed in anew beside it: the old one stays ended.
        assert_eq!(ask(&router, &Method::POST, "/office/sign-out", &cookie, "").await.status(), StatusCode::SEE_OTHER);
        assert_eq!(send(&cookie).await, StatusCode::UNAUTHORIZED);
        let idle = format!("iljari_session={}", office.token("한시범").await);
        office.clock.advance_seconds(16 * 60);
        assert_eq!(send(&idle).await, StatusCode::UNAUTHORIZED);
        office.token("한시범").await;
        for old in [&cookie, &idle] {
            assert_eq!(send(old).await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(handed_over(&office).await, 1);
    })
    .await;
}

async fn lines_of(office: &TestOffice, officer: Id<id::Officer>) -> Vec<String> {
    let read = office
        .act(move |tx| Box::pin(async move { access::own_lines(tx, &district(), Actor::Officer(officer), 100).await }));
    read.await.expect("read").into_iter().map(|line| line.act).collect()
}

/// A download that was right an hour ago, from the browser's list of downloads.
#[tokio::test]
async fn a_download_ends_with_the_duty_that_allowed_it() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("박시연", &[Duty::Administer]).await;
        let auditor = office.officer("이견본", &[Duty::Audit]).await;
        let cookie = format!("iljari_session={}", office.token("이견본").await);
        let router = router(&office);
        let body = form(&[("month", "2026-11"), ("reason", "11월 접속기록 점검")]);
        let download =
            async |cookie: &str| ask(&router, &Method::POST, "/office/access-log/download", cookie, &body).await;
        assert_eq!(download(&cookie).await.status(), StatusCode::OK);
        let wanted = RightsWanted { department: "10".to_owned(), duties: vec![Duty::Record] };
        let cx = office.inside();
        office
            .act(move |tx| Box::pin(async move { admin::set_rights(tx, &cx, auditor, wanted).await }))
            .await
            .expect("set");
        assert_eq!(download(&cookie).await.status(), StatusCode::UNAUTHORIZED, "its session ended with the duty");
        let again = format!("iljari_session={}", office.token("이견본").await);
        let refused = download(&again).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert!(text(refused).await.contains("‘감사’ 업무를 맡은 담당자만"));
        let lines = lines_of(&office, auditor).await;
        assert_eq!(lines.iter().filter(|act| act.starts_with("접속기록 내려받기")).count(), 1, "{lines:?}");
    })
    .await;
}
