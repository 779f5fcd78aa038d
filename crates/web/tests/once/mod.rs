//! One form, one effect: what the layer does around a handler, at its own pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use iljari_store::set_setting;
use iljari_web::{Audience, Office, PageError, RouteTable, Side, check_html, once};
use tokio::sync::Notify;

use crate::office::{Answered, TestOffice};

/// A handler that says when it was entered, and leaves when it is told to. Each story has its own.
struct Held {
    path: &'static str,
    entered: Notify,
    leave: Notify,
    runs: AtomicUsize,
}

impl Held {
    const fn at(path: &'static str) -> Self {
        Self { path, entered: Notify::const_new(), leave: Notify::const_new(), runs: AtomicUsize::new(0) }
    }

    /// Answers with how often it ran: two answers differ unless the second is the first one's.
    async fn run(&self, office: &Office) -> Result<String, PageError> {
        let run = self.runs.fetch_add(1, SeqCst) + 1;
        self.entered.notify_one();
        self.leave.notified().await;
        let now = office.clock.now();
        let act =
            office.store.write(move |tx| Box::pin(async move { Ok(set_setting(tx, "word", "하나", now).await?) }));
        act.await?;
        Ok(format!("run {run}"))
    }
}

static TWICE: Held = Held::at("/office/twice");
static LONG: Held = Held::at("/office/long");
static GONE: Held = Held::at("/office/gone");
static PANICS: AtomicUsize = AtomicUsize::new(0);

const PAGE: &str = "<!DOCTYPE html><form method=\"post\" action=\"/office/twice\"><button>보내기</button></form>";

fn table() -> RouteTable {
    let held = [&TWICE, &LONG, &GONE].into_iter().fold(RouteTable::new(), |table, held| {
        let run = move |office: State<Arc<Office>>| async move { held.run(&office).await };
        table.post(held.path, Audience::SignedIn, run)
    });
    held.get(TWICE.path, Audience::SignedIn, async || Html(PAGE)).post("/office/panics", Audience::SignedIn, panics)
}

#[expect(clippy::panic, reason = "the handler that panics")]
async fn panics() -> String {
    PANICS.fetch_add(1, SeqCst);
    panic!("the pen broke")
}

/// An office, and a form of its page.
async fn office() -> (Arc<TestOffice>, String) {
    let office = TestOffice::new(table(), Side::Both, false).await;
    let page = office.get_as(TWICE.path, Some("record")).await.body;
    let (_, rest) = page.split_once("name=\"once\" value=\"").expect("an id");
    let body = format!("once={}&a=1", rest.split('"').next().expect("a value"));
    (Arc::new(office), body)
}

async fn send(office: &TestOffice, path: &str, body: &str) -> Answered {
    let cookie = "__Secure-iljari_session=record; iljari_session=record";
    office.post(path, body, &[("cookie", cookie)]).await
}

/// Sends it beside the story.
fn sent(office: &Arc<TestOffice>, path: &'static str, body: &str) -> tokio::task::JoinHandle<Answered> {
    let (office, body) = (Arc::clone(office), body.to_owned());
    tokio::spawn(async move { send(&office, path, &body).await })
}

/// R-07, the double click: the second shows the first one's success, however soon it comes.
#[tokio::test]
async fn the_second_of_two_equal_forms_waits_for_the_first() {
    let (office, body) = office().await;
    let first = sent(&office, TWICE.path, &body);
    TWICE.entered.notified().await;
    let second = sent(&office, TWICE.path, &body);
    tokio::task::yield_now().await;
    TWICE.leave.notify_one();
    let third = async { send(&office, TWICE.path, &body).await };
    for answered in [first.await.expect("asked"), second.await.expect("asked"), third.await] {
        assert_eq!((answered.status, answered.body.as_str()), (StatusCode::OK, "run 1"));
    }
    // After a minute only that it was sent is known: the answer was a page, and those are not kept.
    office.clock.advance_seconds(61);
    let late = send(&office, TWICE.path, &body).await;
    assert!(late.status == StatusCode::OK && late.body.contains("이미 한 번 보내셨습니다"), "{}", late.body);
    assert!(late.body.contains("href=\"/office/twice\""), "back to where it came from: {}", late.body);
    assert_eq!(check_html(&late.body), Vec::<String>::new());
    assert_eq!(TWICE.runs.load(SeqCst), 1);
}

#[tokio::test]
async fn whoever_waits_too_long_is_told_to_look_later() {
    let (office, body) = office().await;
    let first = sent(&office, LONG.path, &body);
    LONG.entered.notified().await;
    tokio::time::pause();
    let second = send(&office, LONG.path, &body).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.body.contains("아직 처리하고 있습니다"), "{}", second.body);
    tokio::time::resume();
    LONG.leave.notify_one();
    assert_eq!(first.await.expect("asked").body, "run 1");
    assert_eq!(LONG.runs.load(SeqCst), 1);
}

/// A browser that goes away in the middle (a double click does that to the first of two) stops nothing.
#[tokio::test]
async fn a_browser_that_goes_away_leaves_the_answer_to_the_second() {
    let (office, body) = office().await;
    let first = sent(&office, GONE.path, &body);
    GONE.entered.notified().await;
    first.abort();
    assert!(first.await.is_err_and(|gone| gone.is_cancelled()));
    let second = sent(&office, GONE.path, &body);
    tokio::task::yield_now().await;
    GONE.leave.notify_one();
    assert_eq!(second.await.expect("asked").body, "run 1");
    assert_eq!(GONE.runs.load(SeqCst), 1);
}

#[tokio::test]
async fn a_handler_that_panics_keeps_nobody_waiting_and_leaves_the_form_free() {
    let (office, body) = office().await;
    for nth in 1..=2 {
        assert_eq!(send(&office, "/office/panics", &body).await.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(PANICS.load(SeqCst), nth);
    }
}

#[test]
fn every_form_without_an_id_has_its_reason() {
    for (path, why) in once::WITHOUT {
        assert!(path.starts_with("/office/") && why.len() > 20, "{path}: {why}");
    }
}
