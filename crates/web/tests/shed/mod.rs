//! Too many at once: they are told so at once, and the other lanes stay open.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use iljari_web::{Audience, Duty, RouteTable, Side};

use crate::office::TestOffice;

/// What the residents' lane takes, at work and waiting.
const LANE: usize = 64 + 512;

fn table() -> RouteTable {
    let slow = async || tokio::time::sleep(Duration::from_secs(20)).await;
    RouteTable::new()
        .get("/slow", Audience::Public, slow)
        .get("/quick", Audience::Public, async || "quick")
        .get("/api/v1", Audience::Public, async || "machine")
        .get("/office/sign-in", Audience::Public, async || "sign in")
        .get("/office/entries/new", Audience::Officer(Duty::Record), async || "write")
}

#[tokio::test]
async fn a_crowd_is_told_to_come_again_and_the_counter_works_on() {
    let office = Arc::new(TestOffice::new(table(), Side::Both, false).await);
    // From here on only the time of this test passes, and nobody waits for it.
    tokio::time::pause();
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..LANE + 40 {
        let office = Arc::clone(&office);
        crowd.spawn(async move { office.get("/slow").await.status });
    }
    let (mut turned_away, mut answered) = (0, 0);
    // Those beyond the queue are answered before any time has passed, the others when their second is over.
    let began = tokio::time::Instant::now();
    let mut at_once = 0;
    while turned_away < LANE + 40 - 64 {
        match crowd.join_next().await.expect("one of the crowd").expect("ended") {
            StatusCode::SERVICE_UNAVAILABLE => turned_away += 1,
            other => panic!("{other} in the first second"),
        }
        if began.elapsed() < Duration::from_millis(900) {
            at_once = turned_away;
        }
    }
    assert!(at_once >= 40, "{at_once} were told at once");
    assert!(began.elapsed() < Duration::from_secs(2), "and all within their second");

    let away = office.get("/quick").await;
    assert_eq!((away.status, away.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert!(away.body.contains("지금 이용하는 분이 많습니다") && away.body.contains("<main"), "{}", away.body);
    assert!(away.header("content-security-policy").contains("default-src 'none'"));
    let machine = office.get("/api/v1").await;
    assert_eq!((machine.status, machine.header("content-type")), (away.status, "application/problem+json"));
    assert_eq!(machine.header("retry-after"), "10");

    assert_eq!(office.get("/livez").await.status, StatusCode::OK);
    assert_eq!(office.get("/office/sign-in").await.body, "sign in");
    assert_eq!(office.get_as("/office/entries/new", Some("record")).await.body, "write");

    while let Some(status) = crowd.join_next().await {
        assert_eq!(status.expect("ended"), StatusCode::OK);
        answered += 1;
    }
    assert_eq!(answered, 64);
    assert_eq!(office.get("/quick").await.body, "quick", "normal again");
}

fn desk() -> RouteTable {
    let slow = async || tokio::time::sleep(Duration::from_secs(20)).await;
    RouteTable::new()
        .post("/office/slow", Audience::Officer(Duty::Record), slow)
        .post("/office/quick", Audience::Officer(Duty::Record), async || "done")
        .get("/office/entries/new", Audience::Officer(Duty::Record), async || "write")
        .get("/quick", Audience::Public, async || "quick")
}

/// What the lane of officers' forms takes: at work, and waiting.
const FORMS: (usize, usize) = (32, 64);

#[tokio::test]
async fn a_rush_of_forms_is_told_to_come_again_and_pages_work_on() {
    let office = Arc::new(TestOffice::new(desk(), Side::Both, false).await);
    let send = async |office: &TestOffice, path: &str, body: &str| {
        let cookie = "__Secure-iljari_session=record; iljari_session=record";
        office.post(path, body, &[("cookie", cookie)]).await
    };
    tokio::time::pause();
    let mut rush = tokio::task::JoinSet::new();
    for nth in 0..FORMS.0 + FORMS.1 + 20 {
        let office = Arc::clone(&office);
        rush.spawn(async move { send(&office, "/office/slow", &format!("a={nth}")).await.status });
    }
    let began = tokio::time::Instant::now();
    for nth in 0..FORMS.1 + 20 {
        let told = rush.join_next().await.expect("one of the rush").expect("ended");
        assert_eq!(told, StatusCode::SERVICE_UNAVAILABLE, "{nth}");
        assert!(nth >= 20 || began.elapsed() < Duration::from_millis(900), "{nth} is told at once");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "the others within their second");

    let away = send(&office, "/office/quick", "a=typed").await;
    assert_eq!((away.status, away.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert!(away.body.contains("지금 한꺼번에 몰려 처리하지 못했습니다"), "{}", away.body);
    assert!(away.body.contains("그대로 다시 보냅니다"), "{}", away.body);
    assert_eq!(iljari_web::check_html(&away.body), Vec::<String>::new());
    assert_eq!(office.get_as("/office/entries/new", Some("record")).await.body, "write");
    assert_eq!(office.get("/quick").await.body, "quick");

    while let Some(status) = rush.join_next().await {
        assert_eq!(status.expect("ended"), StatusCode::OK);
    }
    assert_eq!(send(&office, "/office/quick", "a=typed").await.body, "done", "the same form once more");
}
