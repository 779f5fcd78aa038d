//! The harness judged by itself: each judge finds a fault that was planted for it, and finds none
//! in a page that has none. Without this, a judge that never runs would look like a clean house.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use iljari_e2e::{Browser, Step, Trouble, vnu};

const GOOD: &str = r#"<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>바른 쪽</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>바른 쪽입니다</h1>
<form action="/sent"><label for="name">이름</label> <input id="name" name="name">
<label for="month">달</label> <input id="month" name="month" type="month">
<label for="kind">종류</label> <select id="kind" name="kind"><option>하나<option>둘 다</select>
<label><input type="checkbox" name="sure" value="yes"> 확인했습니다</label>
<button>보내기</button></form></main></body></html>"#;

/// No label for the field, no text for the picture, a paragraph wider than a phone, and a closing
/// tag that closes nothing.
const FAULTY: &str = r#"<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>틀린 쪽</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>틀린 쪽입니다</h1><img src="data:,"><p style="width:500px">넓습니다</p></section></main></body></html>"#;

const FROZEN: &str = r#"<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>좁히지 못하는 쪽</title></head>
<body><main><h1>좁히지 못하는 쪽입니다</h1></main></body></html>"#;

/// Serves the pages above until the test program ends, under a policy that forbids every script.
fn server() -> Step<String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|err| Trouble::new(err.to_string()))?;
    let address = listener.local_addr().map_err(|err| Trouble::new(err.to_string()))?;
    std::thread::spawn(move || {
        // A browser also opens connections that it never uses, so each gets a thread to wait on.
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(format!("http://{address}"))
}

fn answer(mut stream: TcpStream) {
    let mut request = [0_u8; 8192];
    let length = stream.read(&mut request).unwrap_or_default();
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let page = match request.split_whitespace().nth(1) {
        Some("/faulty") => FAULTY,
        Some("/frozen") => FROZEN,
        _ => GOOD,
    };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
}

#[test]
fn a_page_without_faults_passes_every_judge_at_both_widths() -> Step {
    let site = server()?;
    let mut pages = Vec::new();
    for width in [360, 1280] {
        let browser = Browser::start(width)?;
        browser.goto(&format!("{site}/good"))?;
        assert_eq!(browser.inspect("harness-good", &mut pages)?, [""; 0]);
        assert_eq!(browser.heading()?, "바른 쪽입니다");
    }
    assert_eq!(vnu(&pages)?, []);
    assert_eq!(pages.len(), 2);
    Ok(())
}

#[test]
fn each_judge_finds_the_fault_planted_for_it() -> Step {
    let site = server()?;
    let mut pages = Vec::new();
    let browser = Browser::start(360)?;
    browser.goto(&format!("{site}/faulty"))?;
    let problems = browser.inspect("harness-faulty", &mut pages)?.join("\n");
    assert!(problems.contains("axe image-alt"), "{problems}");
    assert!(problems.contains("px wide in a window of 360") && problems.contains("\"p\""), "{problems}");
    let errors = vnu(&pages)?;
    assert!(errors.iter().any(|error| error.message.contains("section")), "{errors:?}");
    assert!(errors.iter().any(|error| error.line == 4), "{errors:?}");
    Ok(())
}

#[test]
fn a_page_that_does_not_fit_itself_to_a_phone_is_found() -> Step {
    let site = server()?;
    let browser = Browser::start(360)?;
    browser.goto(&format!("{site}/frozen"))?;
    let trouble = browser.no_sideways_scroll().err().map(|trouble| trouble.to_string()).unwrap_or_default();
    assert!(trouble.contains("viewport"), "{trouble}");
    Ok(())
}

#[test]
fn a_form_is_filled_and_sent_by_its_words() -> Step {
    let site = server()?;
    let browser = Browser::start(1280)?;
    browser.goto(&format!("{site}/good"))?;
    browser.fill("이름", "홍예시")?;
    browser.fill("달", "2025-03")?;
    browser.select("종류", "둘 다")?;
    browser.choose("확인했습니다")?;
    browser.click("보내기")?;
    let sent = browser.url()?;
    for part in ["name=%ED%99%8D%EC%98%88%EC%8B%9C", "month=2025-03", "sure=yes", "kind=%EB%91%98"] {
        assert!(sent.contains(part), "{part} is missing in {sent}");
    }
    Ok(())
}

#[test]
fn what_is_not_there_is_told_with_what_is() -> Step {
    let site = server()?;
    let browser = Browser::start(1280)?;
    browser.goto(&format!("{site}/good"))?;
    let told = |step: Step| step.err().map(|trouble| trouble.to_string()).unwrap_or_default();
    assert!(told(browser.click("지우기")).contains("보내기"), "the buttons that are there are named");
    assert!(told(browser.fill("주소", "x")).contains("이름"), "the fields that are there are named");
    assert!(told(browser.sees("없는 말")).contains("바른 쪽입니다"), "what the page says is told");
    assert!(told(browser.sees_no("바른 쪽입니다")).contains("바른"), "what should be absent is told");
    Ok(())
}

#[test]
fn the_keyboard_reaches_every_control_in_order() -> Step {
    let site = server()?;
    let browser = Browser::start(1280)?;
    browser.goto(&format!("{site}/good"))?;
    assert_eq!(browser.tab()?, "이름");
    assert_eq!(browser.tab()?, "달");
    Ok(())
}

#[test]
fn a_page_that_was_never_saved_is_trouble_and_not_a_pass() {
    assert!(vnu(&["no/such/page.html"]).is_err());
    assert!(vnu::<&str>(&[]).is_err());
}
