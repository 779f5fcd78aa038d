//! The kit through its real router: audiences, frame, assets, display settings, error pages.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up has failed")]

mod kept;
mod office;
mod once;
mod shed;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use iljari_base::{Failure, Inconsistency, Refusal};
use iljari_web::session::{sign_in_cookie, sign_out_cookie};
use iljari_web::{Audience, DisplayPrefs, Duty, PageError, RouteTable, Side, Typed, Viewer, check_html, gallery};

use office::{Answered, TestOffice};

fn table() -> RouteTable {
    RouteTable::new()
        .get("/", Audience::Public, async || "districts")
        .get("/broken", Audience::Public, async || -> Result<(), PageError> {
            Err(Failure::new("disk full").context("writing 홍예시's file").into())
        })
        .get("/impossible", Audience::Public, async || -> Result<(), PageError> {
            let column = "amount".to_owned();
            Err(Inconsistency { table: "entry", column, row: "ent_1".to_owned() }.into())
        })
        .get("/panics", Audience::Public, panics)
        .get("/refused", Audience::Public, async || -> Result<(), PageError> {
            let refusal = Refusal::new("own-confirmation", "지침 제3조", "자기가 적은 숫자는 확인할 수 없습니다");
            Err(refusal.into())
        })
        .post("/echo", Audience::Public, async |typed: Typed| typed.get("a").to_owned())
        .post("/upload", Audience::Public, async |body: axum::body::Bytes| body.len().to_string())
        .body_up_to(200 * 1024)
        .get("/office/sign-in", Audience::Public, async || "sign in")
        .get("/office", Audience::SignedIn, async |viewer: Viewer| viewer.name)
        .get("/office/seals", Audience::Officer(Duty::Disclose), async || "seals")
        .post("/office/seals", Audience::Officer(Duty::Disclose), async || "sealed")
        .get("/office/entries/new", Audience::Officer(Duty::Record), async || "write")
        .get("/slow", Audience::Public, async || tokio::time::sleep(Duration::from_secs(60)).await)
        .get("/districts/{code}", Audience::Public, async || "")
        .get("/doors", Audience::Public, async |prefs: DisplayPrefs| {
            prefs.doors.open("/office/sign-in", None).to_string()
        })
        .merge(gallery::routes())
}

#[expect(clippy::panic, reason = "the handler that panics")]
async fn panics() -> String {
    panic!("홍예시 is in the message")
}

async fn office() -> TestOffice {
    TestOffice::new(table(), Side::Both, false).await
}

#[tokio::test]
async fn the_table_lets_in_whom_a_row_names_and_nobody_else() {
    let office = office().await;
    // row, token → status
    let cases = [
        ("/office", None, StatusCode::SEE_OTHER),
        ("/office", Some("unknown"), StatusCode::SEE_OTHER),
        ("/office", Some("nothing"), StatusCode::OK),
        ("/office", Some("record"), StatusCode::OK),
        ("/office/seals", None, StatusCode::SEE_OTHER),
        ("/office/seals", Some("nothing"), StatusCode::FORBIDDEN),
        ("/office/seals", Some("record"), StatusCode::FORBIDDEN),
        ("/office/seals", Some("disclose"), StatusCode::OK),
        ("/office/entries/new", Some("record"), StatusCode::OK),
        ("/office/entries/new", Some("disclose"), StatusCode::FORBIDDEN),
        ("/office", Some("broken"), StatusCode::INTERNAL_SERVER_ERROR),
        ("/office/sign-in", None, StatusCode::OK),
    ];
    for (path, token, expected) in cases {
        let answered = office.get_as(path, token).await;
        assert_eq!(answered.status, expected, "{path} as {token:?}");
    }
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_back_by_a_local_address() {
    let office = office().await;
    let answered = office.get("/office/seals?year=2025&b=%EA%B0%80").await;
    assert_eq!(answered.header("location"), "/office/sign-in?next=/office/seals%3Fyear%3D2025%26b%3D%25EA%25B0%2580");
    let answered = office.post("/office/seals", "a=1", &[]).await;
    assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
    assert!(answered.body.contains("로그인이 끝나서 저장하지 않았습니다"), "{}", answered.body);
    assert_eq!(check_html(&answered.body), Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_duty_is_told_which_duty_it_takes() {
    let answered = office().await.get_as("/office/seals", Some("record")).await;
    assert!(answered.body.contains("이 일을 할 권한이 없습니다"), "{}", answered.body);
    assert!(answered.body.contains("‘공시’ 업무를 맡은 담당자만"), "{}", answered.body);
    // The officer keeps the officer's frame, with the desks that are open and no other.
    assert!(answered.body.contains("<body class=\"office\">"));
    assert!(answered.body.contains("/office/entries/new") && !answered.body.contains("href=\"/office/seals\""));
    assert_eq!(check_html(&answered.body), Vec::<String>::new());
}

#[tokio::test]
async fn officers_routes_do_not_exist_on_the_public_listener() {
    let office = TestOffice::new(table(), Side::Public, false).await;
    for path in ["/office", "/office/seals", "/office/entries/new", "/office/sign-in"] {
        assert_eq!(office.get_as(path, Some("disclose")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(office.post("/office/seals", "", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("/").await.status, StatusCode::OK);
    assert_eq!(office.get("/doors").await.body, "false");
    let both = TestOffice::new(table(), Side::Office, false).await;
    assert_eq!(both.get("/").await.status, StatusCode::OK);
    assert_eq!(both.get("/doors").await.body, "true");
}

#[tokio::test]
async fn every_row_has_its_audience_in_the_list() {
    let rows = table().rows();
    let seals: Vec<_> = rows.iter().filter(|row| row.path == "/office/seals").collect();
    assert_eq!(seals.len(), 2);
    assert!(seals.iter().all(|row| row.audience == Audience::Officer(Duty::Disclose)));
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let office = office().await;
    for path in ["/", "/nowhere", "/panics", "/broken", "/office", "/office/seals", "/assets/tokens.css"] {
        let answered = office.get_as(path, Some("record")).await;
        let policy = answered.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{path}");
        assert_eq!(answered.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answered.header("referrer-policy"), "same-origin", "{path}");
        assert!(answered.header("permissions-policy").contains("camera=()"), "{path}");
        let private = path.starts_with("/office");
        assert_eq!(answered.header("cache-control") == "no-store", private, "{path}");
    }
}

#[tokio::test]
async fn error_pages_are_korean_pages_in_the_frame_and_tell_no_secrets() {
    let office = office().await;
    let cases = [
        ("/nowhere", StatusCode::NOT_FOUND, "찾으시는 화면이 없습니다"),
        ("/broken", StatusCode::INTERNAL_SERVER_ERROR, "저희 쪽 문제로 멈췄습니다"),
        ("/impossible", StatusCode::INTERNAL_SERVER_ERROR, "저희 쪽 문제로 멈췄습니다"),
        ("/panics", StatusCode::INTERNAL_SERVER_ERROR, "저희 쪽 문제로 멈췄습니다"),
        ("/refused", StatusCode::UNPROCESSABLE_ENTITY, "자기가 적은 숫자는 확인할 수 없습니다"),
        ("/echo", StatusCode::METHOD_NOT_ALLOWED, "이 주소로는 그렇게 보낼 수 없습니다"),
    ];
    for (path, status, sentence) in cases {
        let answered = office.get(path).await;
        assert_eq!(answered.status, status, "{path}");
        assert_eq!(answered.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(answered.body.contains(sentence), "{path}: {}", answered.body);
        assert!(!answered.body.contains("홍예시") && !answered.body.contains("disk full"), "{path}");
        assert_eq!(answered.body.contains("확인 번호"), status.is_server_error(), "{path}");
        assert_eq!(check_html(&answered.body), Vec::<String>::new(), "{path}");
    }
    assert!(office.get("/refused").await.body.contains("지침 제3조"));
}

#[tokio::test]
async fn a_post_from_another_site_is_turned_away() {
    let office = office().await;
    let cross = office.post("/echo", "a=1", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
    assert!(cross.body.contains("다른 사이트에서 보낸 것이라"), "{}", cross.body);
    let foreign = office.post("/echo", "a=1", &[("origin", "https://evil.example"), ("host", "iljari.example")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let own = office.post("/echo", "a=1", &[("sec-fetch-site", "same-origin")]).await;
    assert_eq!((own.status, own.body.as_str()), (StatusCode::OK, "1"));
}

#[tokio::test]
async fn a_body_has_a_limit_that_a_row_may_raise() {
    let office = office().await;
    let large = format!("a={}", "1".repeat(100 * 1024));
    let answered = office.post("/echo", &large, &[]).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answered.body.contains("보내신 것이 너무 큽니다"), "{}", answered.body);
    assert_eq!(office.post("/upload", &large, &[]).await.status, StatusCode::OK);
    let larger = "1".repeat(300 * 1024);
    assert_eq!(office.post("/upload", &larger, &[]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A body that cannot be read is a page too, not a line of English.
    let answered = office.post("/echo", "a=1", &[("content-type", "application/json")]).await;
    assert_eq!(answered.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answered.body.contains("보내신 내용을 읽지 못했습니다"), "{}", answered.body);
}

#[tokio::test]
async fn assets_have_their_type_and_are_kept_under_their_hash() {
    let office = office().await;
    let cases = [
        ("tokens.css", "text/css; charset=utf-8"),
        ("iljari.css", "text/css; charset=utf-8"),
        ("fonts.css", "text/css; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ];
    for (name, kind) in cases {
        let address = iljari_web::assets::href(name);
        let answered = office.get(&address).await;
        assert_eq!(answered.status, StatusCode::OK, "{address}");
        assert_eq!(answered.header("content-type"), kind, "{name}");
        assert_eq!(answered.header("cache-control"), "public, max-age=31536000, immutable", "{name}");
        let tag = answered.header("etag").to_owned();
        let again = office.send("GET", &address, "", &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{name}");
        let bare = office.get(&format!("/assets/{name}")).await;
        assert_eq!(bare.header("cache-control"), "public, no-cache", "{name}");
        let stale = office.get(&format!("/assets/{name}?v=0000")).await;
        assert_eq!(stale.header("cache-control"), "public, no-cache", "{name}");
    }
    for name in ["nothing.css", "../Cargo.toml", "%2e%2e/Cargo.toml", "fonts"] {
        assert_eq!(office.get(&format!("/assets/{name}")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn every_font_slice_the_style_sheet_names_is_there_and_nothing_is_fetched_from_elsewhere() {
    let office = office().await;
    let fonts = office.get("/assets/fonts.css").await.body;
    let slices: Vec<&str> = fonts.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(slices.len() > 100);
    for slice in [slices[0], slices[slices.len() / 2], slices[slices.len() - 1]] {
        let answered = office.get(&format!("/assets/{slice}")).await;
        assert_eq!((answered.status, answered.header("content-type")), (StatusCode::OK, "font/woff2"), "{slice}");
        assert!(answered.header("cache-control").contains("immutable"), "{slice}");
    }
    for name in ["fonts.css", "tokens.css", "iljari.css"] {
        let sheet = office.get(&format!("/assets/{name}")).await.body;
        assert!(!sheet.contains("http:") && !sheet.contains("https:") && !sheet.contains("@import"), "{name}");
    }
}

#[tokio::test]
async fn a_long_page_is_packed_and_a_font_is_not() {
    let office = office().await;
    let packed = office.send("GET", "/gallery", "", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let font = "/assets/fonts/pretendard-gov-1.3.9/PretendardGOVVariable.subset.100.woff2";
    let font = office.send("GET", font, "", &[("accept-encoding", "gzip")]).await;
    assert_eq!(font.header("content-encoding"), "");
}

#[tokio::test]
async fn display_settings_are_kept_and_lead_back_only_to_this_site() {
    let office = office().await;
    let cases = [
        ("/districts/11215?year=2025", "/districts/11215?year=2025"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ];
    for (back, expected) in cases {
        let body = format!("size=5&contrast=high&back={}", iljari_web::local::query_value(back));
        let answered = office.post("/display", &body, &[]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER);
        assert_eq!(answered.header("location"), expected, "{back:?}");
        let cookies = answered.all("set-cookie");
        assert_eq!(cookies.len(), 2);
        assert!(cookies[0].starts_with("iljari_size=5; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"));
        assert!(cookies[1].starts_with("iljari_contrast=high;"));
    }
    let answered = office.post("/display", "size=9&contrast=%22evil", &[]).await;
    assert!(answered.all("set-cookie").is_empty());
}

#[tokio::test]
async fn both_layouts_stand_in_every_size_and_contrast() {
    let office = TestOffice::new(table(), Side::Both, true).await;
    for path in ["/gallery", "/gallery?faults=3", "/gallery/office"] {
        for size in ["1", "2", "3", "4", "5"] {
            for contrast in ["normal", "high"] {
                let cookie = format!("iljari_size={size}; iljari_contrast={contrast}");
                let Answered { body, .. } = office.send("GET", path, "", &[("cookie", &cookie)]).await;
                let opening = format!("<html lang=\"ko\" data-size=\"{size}\" data-contrast=\"{contrast}\">");
                assert!(body.contains(&opening), "{path}");
                assert!(body.contains(&format!("value=\"{size}\" checked>")), "{path} {size}");
                assert!(body.contains(&format!("value=\"{contrast}\" checked>")), "{path} {contrast}");
                assert!(body.contains("시연 화면"), "{path}");
                assert_eq!(check_html(&body), Vec::<String>::new(), "{path} {size} {contrast}");
            }
        }
    }
    let odd = office.send("GET", "/gallery", "", &[("cookie", "iljari_size=\"><script>; iljari_contrast=7")]).await;
    assert!(odd.body.contains("data-size=\"2\" data-contrast=\"normal\""));
}

#[tokio::test]
async fn a_real_office_shows_no_demo_strip_and_no_invented_number() {
    let body = office().await.get("/gallery").await.body;
    assert!(!body.contains("시연 화면") && !body.contains("예시 번호"));
    assert!(body.contains("<title>부품 한 장 | 나루구 | 일자리</title>"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_for() {
    let office = office().await;
    // From here on the clock of the test jumps ahead whenever everybody waits.
    tokio::time::pause();
    let answered = office.get("/slow").await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answered.body.contains("이미 저장되었을 수 있습니다"), "{}", answered.body);
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_the_route_and_the_reference_and_not_what_was_asked() {
    let office = office().await;
    let lines = Lines::default();
    let kept = lines.clone();
    let writer = tracing_subscriber::fmt().with_writer(move || kept.clone()).with_ansi(false).finish();
    let watching = tracing::subscriber::set_default(writer);
    let broken = office.get("/broken?name=private-name").await;
    office.get("/districts/11215?name=private-name").await;
    drop(watching);
    let log = String::from_utf8(lines.0.lock().expect("the lines").clone()).expect("text");
    let reference = broken.body.split("nowrap\">").nth(1).and_then(|rest| rest.get(..9)).expect("a reference");
    assert_eq!(log.matches(reference).count(), 2, "{log}");
    assert!(log.contains("request.route=/districts/{code}") && log.contains("the act failed"), "{log}");
    assert!(!log.contains("private-name") && !log.contains("11215"), "{log}");
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let office = office().await;
    let from = |host: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static(host));
        headers
    };
    let signed_in = |host| sign_in_cookie(&office.office, &from(host), "abc_-9");
    let cookie = signed_in("iljari.example").expect("a cookie");
    assert_eq!(cookie, "__Secure-iljari_session=abc_-9; Path=/office; HttpOnly; SameSite=Lax; Secure");
    for host in ["127.0.0.1:8080", "localhost", "[::1]:8080"] {
        let cookie = signed_in(host).expect("a cookie");
        assert_eq!(cookie, "iljari_session=abc_-9; Path=/office; HttpOnly; SameSite=Lax", "{host}");
    }
    assert!(sign_in_cookie(&office.office, &from("localhost"), "a; Domain=evil").is_err());
    assert!(sign_in_cookie(&office.office, &from("localhost"), "").is_err());
    let gone = sign_out_cookie(&office.office, &from("localhost.evil.example")).expect("a cookie");
    assert_eq!(gone, "__Secure-iljari_session=; Path=/office; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
}

#[tokio::test]
async fn a_cookie_that_another_site_could_plant_opens_nothing() {
    let office = office().await;
    let ask = async |host: &'static str, cookie: &'static str| {
        office.send("GET", "/office", "", &[("host", host), ("cookie", cookie)]).await.status
    };
    assert_eq!(ask("iljari.example", "__Secure-iljari_session=record").await, StatusCode::OK);
    assert_eq!(ask("iljari.example", "iljari_session=record").await, StatusCode::SEE_OTHER);
    // On the machine itself nothing is encrypted, and the name says so.
    assert_eq!(ask("127.0.0.1:8081", "iljari_session=record").await, StatusCode::OK);
    assert_eq!(ask("127.0.0.1:8081", "__Secure-iljari_session=record").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_office_is_asked_for_encrypted_only_and_a_demo_is_not() {
    for (demo, wanted) in [(false, "max-age=31536000; includeSubDomains"), (true, "")] {
        let office = TestOffice::new(table(), Side::Both, demo).await;
        for path in ["/", "/nowhere", "/broken", "/office", "/assets/tokens.css"] {
            assert_eq!(office.get(path).await.header("strict-transport-security"), wanted, "{path}");
        }
    }
}

#[tokio::test]
async fn whoever_is_turned_away_stands_in_the_log_by_id_and_route() {
    let office = office().await;
    let lines = Lines::default();
    let kept = lines.clone();
    let writer = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(move || kept.clone())
        .with_ansi(false)
        .finish();
    // With one listener alone, whether a line is wanted is asked of whichever test comes to it first, for good.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let watching = tracing::subscriber::set_default(writer);
    let turned = office.get_as("/office/seals?name=private-name", Some("record")).await;
    assert_eq!(turned.status, StatusCode::FORBIDDEN);
    let headers = [("sec-fetch-site", "cross-site"), ("cookie", "__Secure-iljari_session=disclose")];
    assert_eq!(office.post("/office/seals", "a=private-name", &headers).await.status, StatusCode::FORBIDDEN);
    drop(watching);
    let log = String::from_utf8(lines.0.lock().expect("the lines").clone()).expect("text");
    let told = |words: &str| log.lines().find(|line| line.contains(words)).unwrap_or_default().to_owned();
    let without_duty = told("without the duty");
    for part in ["request.route=/office/seals", "officer.id=ofc_", "duty.wanted=\"disclose\""] {
        assert!(without_duty.contains(part), "{part}: {log}");
    }
    assert!(told("from another site").contains("request.route="), "{log}");
    assert!(!log.contains("private-name") && !log.contains("한시범"), "{log}");
}

/// No text in an address bar, a header or a method gets another answer than the address itself.
#[tokio::test]
async fn headers_that_anybody_can_write_change_nothing() {
    let office = office().await;
    let plain = office.get("/office").await;
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "for=127.0.0.1;host=evil.example"),
        ("x-real-ip", "127.0.0.1"),
        ("x-original-url", "/office/seals"),
        ("x-rewrite-url", "/office/seals"),
        ("x-user-id", "ofc_00000000000000000000000001"),
        ("x-http-method-override", "POST"),
        ("x-method-override", "DELETE"),
    ] {
        let asked = office.send("GET", "/office", "", &[(name, value)]).await;
        assert_eq!((asked.status, asked.header("location")), (plain.status, plain.header("location")), "{name}");
        assert!(!asked.body.contains("evil.example"), "{name}");
    }
    for method in ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"] {
        let asked = office.send(method, "/echo", "", &[]).await;
        assert!(
            matches!(asked.status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::FORBIDDEN),
            "{method}: {}",
            asked.status
        );
    }
}
