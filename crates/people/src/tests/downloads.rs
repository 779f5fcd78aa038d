//! Large lists: two people, once, for a day, and a line for each step (T-11).

use axum::http::{Method, StatusCode};
use iljari_base::{Actor, DistrictCode, Id, Outcome, Refusal, id};
use iljari_store::Store;
use iljari_store::testing::{both, script};
use iljari_web::{Duty, Side, Viewer};

use super::kit::{TestOffice, codes, day, district};
use super::routes::{ask, form, location, text};
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;
use crate::deputy::{Appointment, appoint_deputy};
use crate::downloads::{Answer, Cleared, ROWS_MAX, Request, answer, clear, requests};
use crate::{download_reason, routes};

/// A list that is asked for.
const LIST: &str = "모집공고 3번 자격 조회 명단";

impl TestOffice {
    async fn clear(&self, cx: &Cx, rows: usize) -> Outcome<Result<Cleared, Refusal>> {
        let (cx, reason) = (cx.clone(), download_reason("자격 조회 의뢰").expect("a reason"));
        self.act(move |tx| Box::pin(async move { clear(tx, &cx, LIST, rows, reason).await })).await
    }

    /// What one is told who asks: `None` where the list may go.
    async fn told(&self, cx: &Cx, rows: usize) -> Option<&'static str> {
        self.clear(cx, rows).await.expect("answered").err().map(|refusal| refusal.code)
    }

    async fn answer_request(&self, who: Id<id::Officer>, at: DistrictCode, no: i64, said: Answer) -> Outcome<()> {
        let cx = Cx { district: at.clone(), ..self.by(who) };
        let viewer = Viewer {
            officer: who,
            name: String::new(),
            district: at,
            department: String::new(),
            duties: Duty::ALL.to_vec(),
            session: Id::fresh(self.clock.as_ref(), self.office.entropy.as_ref()),
        };
        self.act(move |tx| Box::pin(async move { answer(tx, &cx, &viewer, no, said).await })).await
    }

    async fn requests(&self) -> Vec<Request> {
        self.act(|tx| Box::pin(async move { requests(tx, &district()).await })).await.expect("read")
    }
}

/// A request for a list of 501 rows that waits; its number.
pub async fn a_request(office: &TestOffice, cx: &Cx) -> i64 {
    assert_eq!(office.told(cx, 501).await, Some("download-asked"));
    office.requests().await[0].no
}

#[tokio::test]
async fn more_than_five_hundred_rows_take_two_people_and_leave_once() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let asker = office.officer("한시범", &[Duty::Record, Duty::Confirm]).await;
        let checker = office.officer("김보기", &[Duty::Confirm]).await;
        let stand_in = office.officer("홍예시", &[]).await;
        let other = office.officer("이견본", &[Duty::Record]).await;
        let cx = office.by(asker);
        assert_eq!(office.told(&cx, 500).await, None, "few rows go with a reason alone");
        assert_eq!(office.requests().await, Vec::new());
        assert_eq!(office.told(&cx, 501).await, Some("download-asked"));
        assert_eq!(office.told(&cx, 501).await, Some("download-waiting"), "asking twice is one request");
        let asked = office.requests().await;
        assert_eq!(
            (asked.len(), asked[0].what.as_str(), asked[0].rows, asked[0].reason.as_str(), asked[0].asked_by),
            (1, LIST, 501, "자격 조회 의뢰", asker)
        );

        // Who may not answer: the asker whatever her duties, her deputy, whoever has no duty for it, another district.
        let until =
            Appointment { principal: asker, deputy: stand_in, from: day("2026-11-23"), until: day("2026-11-30") };
        let appointing = office.by(asker);
        office
            .act(move |tx| Box::pin(async move { appoint_deputy(tx, &appointing, until).await }))
            .await
            .expect("appointed");
        let elsewhere: DistrictCode = "11998".parse().expect("a code");
        for (who, at, no, code) in [
            (asker, district(), 1, "own-download"),
            (stand_in, district(), 1, "own-download"),
            (other, district(), 1, "not-confirmer"),
            (checker, district(), 2, "no-such-download"),
            (checker, elsewhere, 1, "no-such-download"),
        ] {
            assert_eq!(codes(office.answer_request(who, at, no, Answer::Released).await), [code]);
        }
        office.answer_request(checker, district(), 1, Answer::Released).await.expect("released");
        assert_eq!(codes(office.answer_request(checker, district(), 1, Answer::Refused).await), ["already-answered"]);

        // The one who asked takes it, once; nobody else takes it in her place.
        assert_eq!(office.told(&office.by(other), 501).await, Some("download-asked"));
        let cleared = office.clear(&cx, 501).await.expect("answered").expect("it may go");
        assert_eq!(cleared.clone().reason_for(502), None, "no more than were let go");
        assert_eq!(cleared.reason_for(501).expect("a reason").as_str(), "자격 조회 의뢰");
        assert_eq!(office.told(&cx, 501).await, Some("download-asked"), "once");

        // What was let go is no longer list, and not for longer than a day.
        office.answer_request(checker, district(), 3, Answer::Released).await.expect("released");
        office.clock.advance_seconds(24 * 3600);
        assert_eq!(office.told(&cx, 501).await, Some("download-asked"), "a day later");
        office.answer_request(checker, district(), 4, Answer::Released).await.expect("released");
        assert_eq!(office.told(&cx, 552).await, Some("download-asked"), "a longer list");
        office.answer_request(checker, district(), 5, Answer::Refused).await.expect("refused");
        assert_eq!(office.told(&cx, 552).await, Some("download-asked"), "a refusal opens nothing");

        let most = usize::try_from(ROWS_MAX).expect("a number");
        assert_eq!(codes(office.clear(&cx, most + 1).await.map(drop)), ["download-too-large"]);
        let command = Cx { actor: Actor::Operator, ..cx.clone() };
        assert_eq!(codes(office.clear(&command, 501).await.map(drop)), ["officers-only"]);

        let log: Vec<String> = office.logged().await.into_iter().map(|(_, act)| act).collect();
        let lines = |start: &str| log.iter().filter(|act| act.starts_with(start)).count();
        assert_eq!(
            (lines("내려받기 승인 부탁: "), lines("내려받기 승인: "), lines("내려받기 거절: ")),
            (6, 3, 1),
            "{log:?}"
        );
        assert!(log.contains(&format!("내려받기 승인: {LIST}(501줄)")), "{log:?}");

        // What the acts refuse, the table refuses as well.
        for sql in [
            "UPDATE download_request SET answer = 'released', answered_by = asked_by, answered_at = created_at WHERE no = 6",
            "UPDATE download_request SET used_at = created_at WHERE no = 6",
            "UPDATE download_request SET used_at = NULL WHERE no = 1",
            "DELETE FROM download_request WHERE no = 6",
        ] {
            assert!(script(&office.office.store, sql).await.is_err(), "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_access_log_is_released_at_one_desk_and_taken_at_another() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let auditor = office.officer("이견본", &[Duty::Audit]).await;
        office.officer("김보기", &[Duty::Confirm]).await;
        let cx = office.by(auditor);
        office
            .act(move |tx| {
                Box::pin(async move {
                    for _ in 0..501 {
                        log_access(tx, &cx, Access::to("계획 열람", Whose::Nobody)).await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("written");
        let router = routes().into_router(office.office.clone(), Side::Office);
        let taker = format!("iljari_session={}", office.token("이견본").await);
        let checker = format!("iljari_session={}", office.token("김보기").await);
        let typed = form(&[("month", "2026-11"), ("reason", "11월 접속기록 점검")]);
        let take = async || ask(&router, &Method::POST, "/office/access-log/download", &taker, &typed).await;
        let refused = take().await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        assert!(page.contains("다른 담당자의 승인이 있어야 합니다"), "{page}");
        let desk = text(ask(&router, &Method::GET, "/office/downloads", &checker, "").await).await;
        assert!(desk.contains("접속기록 2026-11") && desk.contains("11월 접속기록 점검"), "{desk}");
        assert!(desk.contains("action=\"/office/downloads/1/release\""), "{desk}");
        // A request in words is none.
        for path in ["/office/downloads/7/release", "/office/downloads/%EC%B2%AB%EC%A7%B8/refuse"] {
            assert_eq!(ask(&router, &Method::POST, path, &checker, "").await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        let released = ask(&router, &Method::POST, "/office/downloads/1/release", &checker, "").await;
        assert_eq!((released.status(), location(&released)), (StatusCode::SEE_OTHER, "/office/downloads"));
        let again = ask(&router, &Method::POST, "/office/downloads/1/refuse", &checker, "").await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(again).await.contains("이미 답한 부탁입니다"));

        let file = take().await;
        // Meanwhile the log has grown by the lines of this very story.
        assert_eq!(file.status(), StatusCode::OK);
        let file = text(file).await;
        assert!(file.lines().nth(1).expect("a line").contains("접속기록 내려받기 2026-11"), "{file}");
        assert!(file.contains("내려받기 승인: 접속기록 2026-11"), "{file}");
        assert_eq!(take().await.status(), StatusCode::UNPROCESSABLE_ENTITY, "once");
    })
    .await;
}
