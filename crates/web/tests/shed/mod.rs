//! Too many residents at once: they are told so at once, and the officers' lane stays open.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use iljari_web::{Audience, Duty, RouteTable, Side};

use crate::office::TestOffice;

/// What `AT_ONCE` and `WAITING_MAX` in the kit say together.
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
