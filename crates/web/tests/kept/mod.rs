//! Which answers are given from memory, and when they are drawn anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{Html, IntoResponse, Response};
use iljari_base::{Clock as _, Timestamp};
use iljari_store::{set_setting, setting};
use iljari_web::{Audience, DisplayPrefs, Office, PageError, RouteTable, Side};

use crate::office::TestOffice;

const DAY_SECONDS: i64 = 86_400;

/// `/districts/{what}`: the word in the database and how often a page was drawn.
async fn page(office: &Office, what: &str, size: &str, drawn: &AtomicUsize) -> Result<Response, PageError> {
    let word = office.store.read(|tx| Box::pin(async move { Ok(setting(tx, "word").await?) })).await?;
    let count = drawn.fetch_add(1, Ordering::SeqCst) + 1;
    let html = Html(format!("{} {size} {} {count}", word.unwrap_or_default(), office.clock.today()));
    Ok(match what {
        "secret" => ([(CACHE_CONTROL, "no-store")], html).into_response(),
        "cookie" => ([(SET_COOKIE, "a=b")], html).into_response(),
        "file" => html.0.into_response(),
        "nothing" => return Err(PageError::NotFound),
        _ => html.into_response(),
    })
}

fn table(drawn: &Arc<AtomicUsize>) -> RouteTable {
    let drawn = Arc::clone(drawn);
    RouteTable::new()
        .get(
            "/districts/{what}",
            Audience::Public,
            async move |State(office): State<Arc<Office>>, prefs: DisplayPrefs, Path(what): Path<String>| {
                page(&office, &what, prefs.size.code(), &drawn).await
            },
        )
        .get("/districts/{what}/still", Audience::Public, async || Html("no look"))
}

async fn set(office: &TestOffice, key: &'static str, word: &'static str) {
    let now = Timestamp::from_microsecond(1_795_410_000_000_000);
    let act = office.office.store.write(move |tx| Box::pin(async move { Ok(set_setting(tx, key, word, now).await?) }));
    act.await.expect("set");
}

#[tokio::test]
async fn a_public_page_is_drawn_once_until_an_act_changes_what_it_shows() {
    let drawn = Arc::new(AtomicUsize::new(0));
    let office = TestOffice::new(table(&drawn), Side::Public, false).await;
    let first = office.get("/districts/99001").await;
    assert_eq!(first.body, " 2 2026-11-23 1");
    let again = office.get("/districts/99001").await;
    assert_eq!((&again.body, again.status), (&first.body, first.status));
    assert_eq!(again.headers, first.headers, "the very same headers, the wall of them included");
    assert!(again.header("content-security-policy").contains("default-src 'none'"));

    set(&office, "word", "moved").await;
    assert_eq!(office.get("/districts/99001").await.body, "moved 2 2026-11-23 2", "seen at once");

    // Another page, other letters, packed, another day: each drawn once.
    assert_eq!(office.get("/districts/99002").await.body, "moved 2 2026-11-23 3");
    let large = [("cookie", "iljari_size=4; theirs=1")];
    for _ in 0..2 {
        assert_eq!(office.send("GET", "/districts/99001", "", &large).await.body, "moved 4 2026-11-23 4");
    }
    office.clock.advance_seconds(DAY_SECONDS);
    for _ in 0..2 {
        assert_eq!(office.get("/districts/99001").await.body, "moved 2 2026-11-24 5");
    }
    assert_eq!(office.clock.today().to_string(), "2026-11-24");
}

#[tokio::test]
async fn what_somebody_typed_and_what_may_not_be_stored_is_drawn_each_time() {
    let drawn = Arc::new(AtomicUsize::new(0));
    let office = TestOffice::new(table(&drawn), Side::Public, false).await;
    for path in ["/districts/99001?birth=1950", "/districts/secret", "/districts/cookie", "/districts/file"] {
        let before = drawn.load(Ordering::SeqCst);
        office.get(path).await;
        office.get(path).await;
        assert_eq!(drawn.load(Ordering::SeqCst), before + 2, "{path}");
    }
    let before = drawn.load(Ordering::SeqCst);
    for header in [("if-none-match", "\"a\""), ("range", "bytes=0-1"), ("authorization", "Bearer a")] {
        office.send("GET", "/districts/99001", "", &[header]).await;
    }
    office.send("HEAD", "/districts/99001", "", &[]).await;
    assert_eq!(drawn.load(Ordering::SeqCst), before + 4);
    assert_eq!(office.get("/districts/nothing").await.status, 404);
    assert_eq!(office.get("/districts/nothing").await.status, 404);
    assert_eq!(drawn.load(Ordering::SeqCst), before + 6, "an error is never kept");
    assert_eq!(office.get("/districts/99001/still").await.body, "no look");
}
