//! Every route as a stranger, as an officer without the duty, as the right officer.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, Response, StatusCode};
use iljari_store::{Store, testing::both, testing::on_sqlite};
use iljari_web::{Audience, Duty, Side};
use tower::ServiceExt;

use super::kit::{PASSWORD, TestOffice, day, district};
use crate::deputy::{Appointment, appoint_deputy};
use crate::{present_code, routes};

pub async fn ask(router: &Router, method: &Method, path: &str, cookie: &str, body: &str) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1")
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    router.clone().oneshot(request).await.expect("an answer")
}

pub async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 10_000_000).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

pub fn location(response: &Response<Body>) -> &str {
    response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default()
}

fn cookie_of(response: &Response<Body>, name: &str) -> String {
    let set = response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let found = set.into_iter().find(|text| text.starts_with(&format!("{name}="))).unwrap_or_default();
    found.split(';').next().unwrap_or_default().to_owned()
}

/// What the right officer gets for an empty form: the page, the form again, or the next page.
const EXPECTED: &[(&str, &str, u16)] = &[
    ("GET", "/office/sign-in", 200),
    ("POST", "/office/sign-in", 422),
    ("GET", "/office/enrol", 303),
    ("POST", "/office/enrol", 303),
    ("GET", "/office/account", 200),
    ("POST", "/office/session/extend", 303),
    ("GET", "/office/account/password", 200),
    ("POST", "/office/account/password", 422),
    ("POST", "/office/account/sessions/{session}/end", 303),
    ("GET", "/office/account/deputy", 200),
    ("POST", "/office/account/deputy", 422),
    ("POST", "/office/account/deputy/{deputy}/end", 303),
    ("GET", "/office/handover", 200),
    ("POST", "/office/handover", 422),
    ("GET", "/office/people", 200),
    ("GET", "/office/people/new", 200),
    ("POST", "/office/people/new", 422),
    ("GET", "/office/people/{officer}", 200),
    ("GET", "/office/people/{officer}/invitation", 200),
    ("GET", "/office/people/{officer}/rights", 200),
    ("POST", "/office/people/{officer}/rights", 422),
    ("GET", "/office/people/{officer}/left", 200),
    ("POST", "/office/people/{officer}/left", 422),
    ("GET", "/office/people/{officer}/deputy", 200),
    ("POST", "/office/people/{officer}/deputy", 422),
    ("POST", "/office/people/{officer}/deputy/{deputy}/end", 303),
    ("GET", "/office/access-log", 200),
    ("POST", "/office/access-log/download", 422),
    ("GET", "/office/downloads", 200),
    ("POST", "/office/downloads/{download}/release", 303),
    // It was answered a line above.
    ("POST", "/office/downloads/{download}/refuse", 422),
    ("GET", "/office/residents", 200),
    ("POST", "/office/residents/find", 422),
    ("GET", "/office/residents/duplicates", 200),
    ("GET", "/office/residents/duplicates/{one}/{other}", 200),
    ("POST", "/office/residents/duplicates/{one}/{other}", 422),
    // Only the auditor plants records and reads of the alarm.
    ("GET", "/office/residents/honey", 200),
    ("POST", "/office/residents/honey", 422),
    ("POST", "/office/residents/honey/seen", 422),
    ("GET", "/office/residents/looks", 200),
    ("POST", "/office/residents/looks/{look}/seen", 303),
    ("GET", "/office/residents/{resident}", 200),
    ("POST", "/office/residents/{resident}/open", 422),
    ("GET", "/office/residents/{resident}/looked", 200),
    ("GET", "/office/residents/{resident}/change", 200),
    ("POST", "/office/residents/{resident}/change", 422),
    ("GET", "/office/residents/{resident}/break-glass", 200),
    ("POST", "/office/residents/{resident}/break-glass", 422),
    ("POST", "/office/residents/{resident}/protect", 303),
    // Whoever set it cannot lift it.
    ("POST", "/office/residents/{resident}/lift", 422),
    ("GET", "/office/residents/{resident}/erase", 200),
    ("POST", "/office/residents/{resident}/erase", 422),
    ("POST", "/office/people/{officer}/invitation", 303),
    ("POST", "/office/sign-out", 303),
];

#[tokio::test]
async fn every_route_answers_everybody_as_its_row_says() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let chief = office.officer("박시연", &[Duty::Record, Duty::Administer, Duty::Confirm, Duty::Audit]).await;
        let officer = office.officer("김보기", &[Duty::Confirm]).await;
        let deputy = office.officer("홍예시", &[]).await;
        let router = routes().into_router(office.office.clone(), Side::Both);
        let rows = routes().rows();
        assert_eq!(rows.len(), EXPECTED.len(), "a new route needs a line here");
        for (principal, by) in [(chief, chief), (officer, chief)] {
            let cx = office.by(by);
            let wanted = Appointment { principal, deputy, from: day("2026-11-23"), until: day("2026-11-30") };
            office
                .act(move |tx| Box::pin(async move { appoint_deputy(tx, &cx, wanted).await }))
                .await
                .expect("appointed");
        }
        let idle = office.token("박시연").await;
        let idle_session = office.who(&idle).await.expect("in").session;
        let right = format!("iljari_session={}", office.token("박시연").await);
        // Nobody made the deputy hold 관리 or 감사; 확인 comes with the deputyship, so a third one is the wrong one.
        office.officer("한시범", &[Duty::Disclose]).await;
        let wrong = format!("iljari_session={}", office.token("한시범").await);

        let at_the_counter = office.by(officer);
        let one = office.enrol(&at_the_counter, super::residents::han()).await.expect("enrolled").id;
        let other = office.enrol(&at_the_counter, super::residents::han()).await.expect("enrolled").id;
        let guarded = office.enrol(&at_the_counter, super::residents::hong()).await.expect("enrolled").id;
        let look = super::residents::a_look(&office, &at_the_counter, guarded).await;
        let download = super::downloads::a_request(&office, &at_the_counter).await;

        for (method, pattern, expected) in EXPECTED {
            let row = rows.iter().find(|row| row.method.as_str() == *method && row.path == *pattern).expect(pattern);
            let path = pattern
                .replace("{officer}", &officer.to_string())
                .replace("{deputy}", &deputy.to_string())
                .replace("{session}", &idle_session.to_string())
                .replace("{one}", &one.to_string())
                .replace("{other}", &other.to_string())
                .replace("{look}", &look.to_string())
                .replace("{download}", &download.to_string())
                .replace("{resident}", &one.to_string());
            let is_get = row.method == Method::GET;
            for (who, cookie) in [("stranger", ""), ("forger", "iljari_session=AAAA"), ("wrong", wrong.as_str())] {
                let admitted =
                    row.audience == Audience::Public || (who == "wrong" && row.audience == Audience::SignedIn);
                if admitted {
                    continue;
                }
                let response = ask(&router, &row.method, &path, cookie, "").await;
                match (who, is_get) {
                    ("wrong", _) => assert_eq!(response.status(), StatusCode::FORBIDDEN, "{method} {pattern} as {who}"),
                    (_, true) => assert!(
                        location(&response).starts_with("/office/sign-in?next=/office"),
                        "{method} {pattern} as {who}"
                    ),
                    (_, false) => {
                        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{method} {pattern} as {who}")
                    }
                }
            }
            let response = ask(&router, &row.method, &path, &right, "").await;
            assert_eq!(response.status().as_u16(), *expected, "{method} {pattern} as the right officer");
            assert_eq!(response.headers()["cache-control"], "no-store", "{method} {pattern}");
            if response.status() != StatusCode::SEE_OTHER {
                assert_eq!(iljari_web::check_html(&text(response).await), Vec::<String>::new(), "{method} {pattern}");
            }
        }
        assert!(office.who(right.trim_start_matches("iljari_session=")).await.is_none(), "signed out");
        let public = routes().into_router(office.office.clone(), Side::Public);
        assert_eq!(ask(&public, &Method::GET, "/office/sign-in", "", "").await.status(), StatusCode::NOT_FOUND);
    })
    .await;
}

/// T-18: whoever sits down at the machine next finds nothing by going back.
#[tokio::test]
async fn signing_out_clears_what_the_browser_kept() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("박시연", &[Duty::Audit]).await;
        let cookie = format!("iljari_session={}", office.token("박시연").await);
        let router = routes().into_router(office.office.clone(), Side::Both);
        assert_eq!(ask(&router, &Method::GET, "/office/account", &cookie, "").await.status(), StatusCode::OK);
        let left = ask(&router, &Method::POST, "/office/sign-out", &cookie, "").await;
        assert_eq!((left.status(), location(&left)), (StatusCode::SEE_OTHER, "/office/sign-in?left=1"));
        assert_eq!(left.headers()["clear-site-data"], "\"cache\"");
        assert_eq!(left.headers()["cache-control"], "no-store");
        assert_eq!(cookie_of(&left, "iljari_session"), "iljari_session=");
        let back = ask(&router, &Method::GET, "/office/account", &cookie, "").await;
        assert!(location(&back).starts_with("/office/sign-in"), "the session is gone on the server too");
    })
    .await;
}

#[tokio::test]
async fn another_districts_officer_does_not_exist() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("박시연", &[Duty::Administer]).await;
        let stranger: iljari_base::Id<iljari_base::id::Officer> =
            iljari_base::Id::fresh(office.clock.as_ref(), office.office.entropy.as_ref());
        let router = routes().into_router(office.office.clone(), Side::Office);
        let cookie = format!("iljari_session={}", office.token("박시연").await);
        for (method, tail) in [
            (Method::GET, ""),
            (Method::GET, "/invitation"),
            (Method::POST, "/invitation"),
            (Method::GET, "/rights"),
            (Method::POST, "/rights"),
            (Method::GET, "/left"),
            (Method::POST, "/left"),
            (Method::GET, "/deputy"),
            (Method::POST, "/deputy"),
        ] {
            for who in [stranger.to_string(), "nonsense".to_owned()] {
                let response =
                    ask(&router, &method, &format!("/office/people/{who}{tail}"), &cookie, "left_on=2026-11-23").await;
                assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {who}{tail}");
            }
        }
    })
    .await;
}

/// A form's body.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", iljari_web::local::query_value(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn signing_in_sets_both_cookies_and_leads_back_to_the_page() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("한시범", &[Duty::Record]).await;
        let router = routes().into_router(office.office.clone(), Side::Office);
        for (next, expected) in
            [("/office/handover?done=1", "/office/handover?done=1"), ("//evil.example", "/office"), ("", "/office")]
        {
            let code = present_code(&office.office, "한시범").await.expect("a code");
            let body = form(&[("login", "한시범"), ("password", PASSWORD), ("code", &code), ("next", next)]);
            let response = ask(&router, &Method::POST, "/office/sign-in", "", &body).await;
            assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, expected));
            let cookies = [cookie_of(&response, "iljari_session"), cookie_of(&response, "iljari_device")];
            assert!(cookies.iter().all(|cookie| cookie.len() > 43), "{cookies:?}");
            for cookie in response.headers().get_all(SET_COOKIE) {
                let cookie = cookie.to_str().expect("text");
                assert!(
                    cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/office"),
                    "{cookie}"
                );
            }
            office.clock.advance_seconds(60);
        }
        // Wrong: the name stays, the password and the code do not.
        let body = form(&[("login", "한시범"), ("password", "틀린 비밀번호"), ("code", "123456")]);
        let response = ask(&router, &Method::POST, "/office/sign-in", "", &body).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(response).await;
        assert!(page.contains("value=\"한시범\"") && !page.contains("틀린 비밀번호") && !page.contains("123456"));
        for _ in 0..4 {
            ask(&router, &Method::POST, "/office/sign-in", "", &body).await;
        }
        let response = ask(&router, &Method::POST, "/office/sign-in", "", &body).await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(response.headers().contains_key("retry-after"));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_shown_once_and_leads_to_the_office() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("박시연", &[Duty::Administer]).await;
        let router = routes().into_router(office.office.clone(), Side::Office);
        let chief = format!("iljari_session={}", office.token("박시연").await);
        let body = form(&[
            ("name", "홍예시"),
            ("login", "hongyesi"),
            ("department", "10"),
            ("duty", "record"),
            ("duty", "confirm"),
        ]);
        let response = ask(&router, &Method::POST, "/office/people/new", &chief, &body).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let to = location(&response).to_owned();
        let carried = cookie_of(&response, "iljari_invitation");
        let shown = ask(&router, &Method::GET, &to, &format!("{chief}; {carried}"), "").await;
        assert_eq!(cookie_of(&shown, "iljari_invitation"), "iljari_invitation=", "the answer forgets it");
        let page = text(shown).await;
        let at = page.find("receipt__no\">").expect("the password") + "receipt__no\">".len();
        let temporary = &page[at..at + 19];
        let again = text(ask(&router, &Method::GET, &to, &chief, "").await).await;
        assert!(!again.contains(temporary) && again.contains("한 번만 보입니다"));

        let body = form(&[("login", "hongyesi"), ("password", temporary), ("code", "")]);
        let response = ask(&router, &Method::POST, "/office/sign-in", "", &body).await;
        assert_eq!(location(&response), "/office/enrol");
        let ticket = cookie_of(&response, "iljari_enrol");
        let page = text(ask(&router, &Method::GET, "/office/enrol", &ticket, "").await).await;
        assert_eq!(iljari_web::check_html(&page), Vec::<String>::new());
        let at = page.find("<code>").expect("the secret") + "<code>".len();
        let letters: String =
            page[at..].chars().take_while(|letter| *letter != '<').filter(|letter| *letter != ' ').collect();
        let code = crate::totp::code(&from_base32(&letters), crate::totp::step_at(office.now()));
        let wrong =
            ask(&router, &Method::POST, "/office/enrol", &ticket, &form(&[("new_password", "짧음"), ("code", &code)]))
                .await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(iljari_web::check_html(&text(wrong).await), Vec::<String>::new());
        let done = ask(
            &router,
            &Method::POST,
            "/office/enrol",
            &ticket,
            &form(&[("new_password", PASSWORD), ("code", &code)]),
        )
        .await;
        assert_eq!(location(&done), "/office");
        let token = cookie_of(&done, "iljari_session").replace("iljari_session=", "");
        assert_eq!(office.who(&token).await.expect("in").duties, [Duty::Record, Duty::Confirm]);
        let late = ask(&router, &Method::GET, "/office/enrol", &ticket, "").await;
        assert_eq!(location(&late), "/office/sign-in");
    })
    .await;
}

fn from_base32(letters: &str) -> Vec<u8> {
    let (mut pending, mut bits, mut out) = (0_u32, 0, Vec::new());
    for letter in letters.bytes() {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        pending = (pending << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((pending >> bits) & 255).expect("a byte"));
        }
    }
    out
}

#[tokio::test]
async fn a_download_leaves_its_reason_in_the_log() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        office.officer("이견본", &[Duty::Audit]).await;
        let router = routes().into_router(office.office.clone(), Side::Office);
        let cookie = format!("iljari_session={}", office.token("이견본").await);
        let download = async |reason: &str| {
            ask(
                &router,
                &Method::POST,
                "/office/access-log/download",
                &cookie,
                &form(&[("month", "2026-11"), ("reason", reason)]),
            )
            .await
        };
        let refused = download("점검").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("5자 이상"));
        let file = download("11월 접속기록 점검").await;
        assert_eq!(file.status(), StatusCode::OK);
        assert_eq!(file.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
        let file = text(file).await;
        let last = file.lines().nth(1).expect("a line");
        assert!(
            last.contains("접속기록 내려받기 2026-11")
                && last.contains("11월 접속기록 점검")
                && last.contains("이견본"),
            "{last}"
        );
        let whole = office
            .act(|tx| Box::pin(async move { crate::verify_access_log(tx, &district()).await }))
            .await
            .expect("verified");
        assert_eq!(whole, None);
    })
    .await;
}

#[tokio::test]
async fn only_ones_own_work_is_handed_over_without_the_duty() {
    on_sqlite(async |store: Store| {
        let office = TestOffice::over(store).await;
        let writer = office.officer("한시범", &[Duty::Record]).await;
        let other = office.officer("홍예시", &[Duty::Record]).await;
        let router = routes().into_router(office.office.clone(), Side::Office);
        let cookie = format!("iljari_session={}", office.token("한시범").await);
        let hand = async |from: &str, to: &str| {
            let body = form(&[("from", from), ("to", to), ("effective_on", "2026-12-01"), ("remark", "부서 이동")]);
            ask(&router, &Method::POST, "/office/handover", &cookie, &body).await
        };
        let refused = hand(&other.to_string(), &writer.to_string()).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("자기 업무만 인계할 수 있습니다"));
        assert_eq!(location(&hand("", &other.to_string()).await), "/office/handover?done=1");
    })
    .await;
}
