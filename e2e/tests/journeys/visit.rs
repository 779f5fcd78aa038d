//! What several journeys do: come in as somebody, read a number, disclose, take a disclosure home.

use iljari_e2e::{App, Browser, Said, Step, Trouble};
use serde_json::json;

/// Opens a page of officers, is sent to sign in, signs in and arrives at that page.
pub fn sign_in(app: &App, browser: &Browser, name: &str, page: &str) -> Step {
    let officer = app.officer(name)?;
    browser.goto(&app.url(page))?;
    browser.fill("로그인 이름", &officer.login)?;
    browser.fill("비밀번호", &officer.password)?;
    browser.fill("인증 번호", &app.code(name)?)?;
    browser.click("로그인하기")?;
    let arrived = browser.url()?;
    if arrived == app.url(page) {
        Ok(())
    } else {
        Err(Trouble::new(format!("{name} is at {arrived}: {}", browser.text()?)))
    }
}

/// The number that the public pages give for a node, a year and the unit 일자리 수; 0 where they
/// say that there is none. Read from the page, as the browser shows it.
pub fn jobs(app: &App, browser: &Browser, code: &str, node: &str, year: &str) -> Step<i64> {
    browser.goto(&app.url(&format!("/districts/{code}/plan/{node}")))?;
    let script = "
        const wanted = [...document.querySelectorAll('data')].filter(it => it.dataset.node === arguments[0]
            && it.dataset.year === arguments[1] && it.dataset.unit === '일자리 수'
            && ['field', 'part', 'through', 'period', 'within', 'leaf', 'disclosure'].every(more => !(more in it.dataset)));
        return wanted.map(it => Number(it.innerText.replaceAll(',', '')));";
    let found = browser.script(script, json!([node, year]))?;
    let numbers: Vec<i64> = found.as_array().into_iter().flatten().filter_map(|it| it.as_i64()).collect();
    match numbers.as_slice() {
        [] => Ok(0),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(*first),
        several => Err(Trouble::new(format!("{} gives {several:?}", browser.url()?))),
    }
}

/// The text of one element, chosen by what it is and not by its words.
pub fn text_of(browser: &Browser, selector: &str) -> Step<String> {
    let found = browser.script("return document.querySelector(arguments[0])?.innerText ?? null", json!([selector]))?;
    let text = found.as_str().ok_or_else(|| Trouble::new(format!("nothing is {selector}")))?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Downloads a district's newest disclosure as a citizen does, and tells the file.
pub fn newest_bundle(app: &App, citizen: &Browser, code: &str, name: &str) -> Step<String> {
    citizen.goto(&app.url(&format!("/districts/{code}/disclosures")))?;
    citizen.no_sideways_scroll()?;
    let newest = text_of(citizen, "main ul.tasks a")?;
    citizen.click(&newest)?;
    citizen.no_sideways_scroll()?;
    let zip = citizen.download("공시 묶음 받기", &app.scratch().join(name))?;
    Ok(zip.to_string_lossy().into_owned())
}

/// Fills in the form that discloses a year, up to its button.
pub fn ask_to_disclose(officer: &Browser, year: &str, approval: &str, remark: &str) -> Step {
    let today =
        officer.script("return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' }).format()", json!([]))?;
    officer.select("공시할 해", &format!("{year}년"))?;
    officer.fill("결재 문서번호", approval)?;
    officer.fill("결재 일자", today.as_str().unwrap_or_default())?;
    officer.fill("결재가 아직 없거나 다시 내는 까닭", remark)
}

/// Goes on only if a command ended with this code and said these words.
pub fn expect(said: &Said, code: i32, words: &[&str]) -> Step {
    let missing = words.iter().find(|word| !said.words.contains(*word));
    match (said.status.code() == Some(code), missing) {
        (true, None) => Ok(()),
        (false, _) => Err(Trouble::new(format!("ended with {} instead of {code}:\n{}", said.status, said.words))),
        (_, Some(missing)) => Err(Trouble::new(format!("does not say ‘{missing}’:\n{}", said.words))),
    }
}
