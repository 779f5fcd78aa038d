//! one form, one effect. A hand-over is told twice as readily as once, so it shows every form that came through twice.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Response, StatusCode};
use iljari_base::{Id, id};
use iljari_store::testing::faults::{How, broken_at, listed};
use iljari_store::{Store, testing::both, testing::on_sqlite};
use iljari_web::{Duty, Side};
use tokio::task::JoinSet;

use super::kit::{TestOffice, district};
use super::routes::{ask, form, location, text};
use crate::{handover, routes};

const PATH: &str = "/office/handover";

/// An office with somebody who hands over, and somebody who takes.
struct Counter {
    office: TestOffice,
    router: Router,
    cookie: String,
    to: Id<id::Officer>,
}

impl Counter {
    async fn over(store: Store) -> Self {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[Duty::Record]).await;
        let to = office.officer("홍예시", &[Duty::Record]).await;
        let cookie = format!("iljari_session={}", office.token("한시범").await);
        let router = routes().into_router(office.office.clone(), Side::Office);
        let counter = Self { office, router, cookie, to };
        // The sign-in was looked at lately, so that no story counts a step of that.
        counter.fresh().await;
        counter
    }

    /// The program as it stands after a stop: nothing in memory.
    fn again(&self) -> Router {
        routes().into_router(self.office.office.clone(), Side::Office)
    }

    /// Opens the page; the id that its form carries.
    async fn fresh(&self) -> String {
        let page = text(ask(&self.router, &Method::GET, PATH, &self.cookie, "").await).await;
        id_in(&page, PATH)
    }

    fn filled(&self, once: &str, remark: &str) -> String {
        let to = self.to.to_string();
        form(&[("once", once), ("to", &to), ("effective_on", "2026-12-01"), ("remark", remark)])
    }

    async fn send(&self, router: &Router, body: &str) -> Response<Body> {
        ask(router, &Method::POST, PATH, &self.cookie, body).await
    }

    async fn handed_over(&self) -> usize {
        let all =
            self.office.office.store.read(|tx| Box::pin(async move { handover::handovers(tx, &district()).await }));
        all.await.expect("read").len()
    }
}

/// The id of the form that leads there.
fn id_in(page: &str, action: &str) -> String {
    let (_, rest) = page.split_once(&format!("action=\"{action}\"")).expect("the form");
    let (_, rest) = rest.split_once("name=\"once\" value=\"").expect("its id");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn fifty_equal_forms_at_once_are_one_act_and_fifty_equal_answers() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        // Two nodes of one office: what each has in memory does not help the other.
        let nodes = [counter.router.clone(), counter.again()];
        let body = counter.filled(&counter.fresh().await, "부서 이동");
        let mut asked = JoinSet::new();
        for nth in 0..50_usize {
            let (node, cookie, body) = (nodes[nth % 2].clone(), counter.cookie.clone(), body.clone());
            asked.spawn(async move { ask(&node, &Method::POST, PATH, &cookie, &body).await });
        }
        for answered in asked.join_all().await {
            assert_eq!((answered.status(), location(&answered)), (StatusCode::SEE_OTHER, "/office/handover?done=1"));
            assert!(text(answered).await.is_empty());
        }
        assert_eq!(counter.handed_over().await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_form_sent_again_after_a_stop_is_answered_as_it_was() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        let body = counter.filled(&counter.fresh().await, "부서 이동");
        for router in [counter.router.clone(), counter.router.clone(), counter.again()] {
            let answered = counter.send(&router, &body).await;
            assert_eq!((answered.status(), location(&answered)), (StatusCode::SEE_OTHER, "/office/handover?done=1"));
        }
        // Six days later too; after a week nobody knows any more, and the page is too old to be sent.
        counter.office.clock.advance_seconds(6 * 24 * 3600);
        let cookie = format!("iljari_session={}", counter.office.token("한시범").await);
        iljari_web::once::forget_old(&counter.office.office).await.expect("nothing is old yet");
        let answered = ask(&counter.again(), &Method::POST, PATH, &cookie, &body).await;
        assert_eq!((answered.status(), location(&answered)), (StatusCode::SEE_OTHER, "/office/handover?done=1"));
        counter.office.clock.advance_seconds(24 * 3600);
        let forgotten = iljari_web::once::forget_old(&counter.office.office).await.expect("forgotten");
        assert_eq!(forgotten, 1);
        let cookie = format!("iljari_session={}", counter.office.token("한시범").await);
        let late = ask(&counter.again(), &Method::POST, PATH, &cookie, &body).await;
        assert_eq!(late.status(), StatusCode::GONE);
        assert!(text(late).await.contains("일주일이 넘은 화면"));
        assert_eq!(counter.handed_over().await, 1);
    })
    .await;
}

#[tokio::test]
async fn another_text_in_the_same_form_is_refused() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        let once = counter.fresh().await;
        assert_eq!(
            counter.send(&counter.router, &counter.filled(&once, "부서 이동")).await.status(),
            StatusCode::SEE_OTHER
        );
        for router in [counter.router.clone(), counter.again()] {
            let refused = counter.send(&router, &counter.filled(&once, "휴직")).await;
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let page = text(refused).await;
            assert!(page.contains("고친 내용은 받지 않았습니다"), "{page}");
            assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        }
        let garbled = counter.send(&counter.router, &counter.filled("1234", "휴직")).await;
        assert_eq!(garbled.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(counter.handed_over().await, 1);
    })
    .await;
}

/// A form that was refused is mended and sent again, by the same page as by the one that came back.
#[tokio::test]
async fn a_refused_form_is_not_used_up() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        let once = counter.fresh().await;
        let refused = counter.send(&counter.router, &counter.filled(&once, &"가".repeat(201))).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let fresh = id_in(&text(refused).await, PATH);
        assert_ne!(fresh, once, "what came back is a form of its own");
        let mended = counter.send(&counter.router, &counter.filled(&once, "부서 이동")).await;
        assert_eq!(mended.status(), StatusCode::SEE_OTHER);
        assert_eq!(counter.handed_over().await, 1);
    })
    .await;
}

/// The act was committed, its answer was not kept: the second is told where to look, and nothing happens twice.
#[tokio::test]
async fn a_stop_between_the_act_and_its_answer_is_answered() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        let body = counter.filled(&counter.fresh().await, "첫 번째");
        let (_, steps) = listed(counter.send(&counter.router, &body)).await;
        let at = |wanted: &str| {
            let found = steps.iter().position(|step| step.of.contains(wanted));
            found.unwrap_or_else(|| panic!("no step {wanted}: {steps:?}"))
        };
        let (mark, answer) = (at("INSERT INTO form_act"), at("UPDATE form_act"));
        let commit = mark + steps[mark..].iter().position(|step| step.what == "COMMIT").expect("a commit");
        assert!(mark < commit && commit < answer, "the mark stands in the act's own transaction: {steps:?}");
        // (step, how, what the first is told, how often it happened)
        let cases = [
            (answer, How::Fails, StatusCode::SEE_OTHER, 1),
            (commit, How::FailsButPersists, StatusCode::INTERNAL_SERVER_ERROR, 1),
            (commit, How::Fails, StatusCode::INTERNAL_SERVER_ERROR, 0),
            (mark, How::Fails, StatusCode::INTERNAL_SERVER_ERROR, 0),
        ];
        for (step, how, told, times) in cases {
            let before = counter.handed_over().await;
            let body = counter.filled(&counter.fresh().await, "두 번째");
            let (first, reached) = broken_at(step, how, counter.send(&counter.router, &body)).await;
            assert!(reached.len() > step, "nothing was broken: {reached:?}");
            assert_eq!((first.status(), counter.handed_over().await - before), (told, times), "{how:?} at {step}");
            // Nobody waits any more for an answer that has not come in all this time.
            counter.office.clock.advance_seconds(10);
            let second = counter.send(&counter.again(), &body).await;
            if times == 1 {
                assert_eq!(second.status(), StatusCode::OK, "{how:?} at {step}");
                let page = text(second).await;
                assert!(
                    page.contains("이미 한 번 보내셨습니다") && page.contains("href=\"/office/handover\""),
                    "{page}"
                );
                assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
            } else {
                assert_eq!(
                    second.status(),
                    StatusCode::SEE_OTHER,
                    "{how:?} at {step}: it did not happen, so it does now"
                );
            }
            assert_eq!(counter.handed_over().await - before, 1, "{how:?} at {step}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_tabs_are_two_forms_and_a_script_without_an_id_goes_on() {
    on_sqlite(async |store: Store| {
        let counter = Counter::over(store).await;
        let tabs = [counter.fresh().await, counter.fresh().await];
        assert_ne!(tabs[0], tabs[1]);
        for once in &tabs {
            let answered = counter.send(&counter.router, &counter.filled(once, "부서 이동")).await;
            assert_eq!(answered.status(), StatusCode::SEE_OTHER);
        }
        assert_eq!(counter.handed_over().await, 2);
        let body = form(&[("to", &counter.to.to_string()), ("effective_on", "2026-12-01")]);
        assert_eq!(counter.send(&counter.router, &body).await.status(), StatusCode::SEE_OTHER);
        assert_eq!(counter.handed_over().await, 3);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_form_does_nothing() {
    both(async |store: Store| {
        let counter = Counter::over(store).await;
        let body = counter.filled(&counter.fresh().await, "부서 이동");
        assert_eq!(counter.send(&counter.router, &body).await.status(), StatusCode::SEE_OTHER);
        let other = format!("iljari_session={}", counter.office.token("홍예시").await);
        for router in [counter.router.clone(), counter.again()] {
            let refused = ask(&router, &Method::POST, PATH, &other, &body).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN);
            assert!(text(refused).await.contains("다른 담당자가 보낸 양식입니다"));
        }
        assert_eq!(counter.handed_over().await, 1);
    })
    .await;
}

/// A search is no act: it shows the same once more, and is written down once more.
#[tokio::test]
async fn looking_uses_no_form_up() {
    on_sqlite(async |store: Store| {
        let counter = Counter::over(store).await;
        let page = text(ask(&counter.router, &Method::GET, "/office/residents", &counter.cookie, "").await).await;
        let once = id_in(&page, "/office/residents/find");
        let body = form(&[("once", &once), ("name", "한시범"), ("birth", "1961-03-12")]);
        for router in [counter.router.clone(), counter.router.clone(), counter.again()] {
            let found = ask(&router, &Method::POST, "/office/residents/find", &counter.cookie, &body).await;
            assert!(text(found).await.contains("맞는 사람이 없습니다"));
        }
    })
    .await;
}
