//! The harness judged by itself: each judge finds a fault that was planted for it, and finds none
//! in a page that has none. Without this, a judge that never runs would look like a clean house.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use iljari_e2e::{Browser, Step, Trouble, vnu};
use serde_json::json;

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

/// Says of itself whether a script ran, in words that only a script or only its absence brings.
const SCRIPTED: &str = r#"<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>글이 바뀌는 쪽</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>글이 바뀌는 쪽입니다</h1><p id="said">처음 적힌 글입니다</p>
<noscript><p>스크립트 없이 보는 글입니다</p></noscript>
<a href="/scripted?again">다시 보기</a>
<form method="post" action="/scripted"><label for="name">이름</label> <input id="name" name="name">
<label for="kind">종류</label> <select id="kind" name="kind"><option>하나<option>둘 다</select>
<label><input type="checkbox" name="sure" value="yes"> 확인했습니다</label>
<button>보내기</button></form></main>
<script>document.getElementById('said').textContent = '스크립트가 바꾼 글입니다';</script></body></html>"#;

/// Serves the pages above until the test program ends, under a policy that forbids every script but
/// on the page that is about its own.
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
    let request = whole_request(&mut stream);
    let (page, scripts) = match request.split_whitespace().nth(1) {
        Some("/faulty") => (FAULTY, "'none'"),
        Some("/frozen") => (FROZEN, "'none'"),
        Some(path) if path.starts_with("/scripted") => (SCRIPTED, "'unsafe-inline'"),
        _ => (GOOD, "'none'"),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Security-Policy: default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; \
         form-action 'self'\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
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

/// A request with its body: who closes before everything was read resets the connection.
fn whole_request(stream: &mut TcpStream) -> String {
    let (mut request, mut part) = (Vec::new(), [0_u8; 8192]);
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let announced = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
            if body.len() >= announced.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut part) {
            Ok(count) if count > 0 => request.extend_from_slice(&part[..count]),
            _ => return text,
        }
    }
}

/// Goes on only if the page was or was not changed by its script, as told.
fn a_script_ran(browser: &Browser, ran: bool) -> Step {
    let (here, gone) = ("스크립트가 바꾼 글입니다", ["처음 적힌 글입니다", "스크립트 없이 보는 글입니다"]);
    if ran {
        browser.sees(here)?;
        gone.iter().try_for_each(|words| browser.sees_no(words))
    } else {
        browser.sees_no(here)?;
        gone.iter().try_for_each(|words| browser.sees(words))
    }
}

#[test]
fn a_browser_without_scripts_runs_none_on_any_page_and_is_used_as_any_other() -> Step {
    let (site, other_site) = (server()?, server()?.replace("127.0.0.1", "localhost"));
    for width in [360, 1280] {
        for (browser, ran) in [(Browser::start(width)?, true), (Browser::start_without_scripts(width)?, false)] {
            assert_eq!(browser.runs_scripts(), ran);
            browser.goto(&format!("{site}/scripted"))?;
            a_script_ran(&browser, ran)?;
            browser.click("다시 보기")?;
            assert_eq!(browser.url()?, format!("{site}/scripted?again"));
            a_script_ran(&browser, ran)?;
            // Another site is another process of the browser.
            browser.goto(&format!("{other_site}/scripted"))?;
            a_script_ran(&browser, ran)?;
            browser.fill("이름", "홍예시")?;
            browser.select("종류", "둘 다")?;
            browser.choose("확인했습니다")?;
            let typed = "return [...new FormData(document.forms[0]).values()].join(' ')";
            assert_eq!(browser.script(typed, json!([]))?, "홍예시 둘 다 yes");
            browser.click("보내기")?;
            assert_eq!(browser.url()?, format!("{other_site}/scripted"));
            a_script_ran(&browser, ran)?;
            browser.back()?;
            a_script_ran(&browser, ran)?;
            assert_eq!(browser.heading()?, "글이 바뀌는 쪽입니다");
            assert_eq!(browser.tab()?, "다시 보기");
            browser.no_sideways_scroll()?;
            assert_eq!(browser.axe().is_ok(), ran, "axe says so where it cannot run");
        }
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
