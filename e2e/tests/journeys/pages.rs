//! Every kind of page at a phone's width and at a desk's, before axe, vnu and the ruler. The
//! pictures stay in `target/e2e/` for people to look at.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use iljari_e2e::{App, Browser, Step, Trouble, vnu};
use serde_json::json;

use super::visit::sign_in;

/// How many pages of one kind and one district are judged.
const OF_A_KIND: usize = 2;

/// What one browser found.
struct Round<'a> {
    app: &'a App,
    browser: Browser,
    pages: Vec<PathBuf>,
    problems: Vec<String>,
    kinds: BTreeMap<String, usize>,
}

impl<'a> Round<'a> {
    fn new(app: &'a App, width: u32) -> Step<Self> {
        let browser = Browser::start(width)?;
        Ok(Self { app, browser, pages: Vec::new(), problems: Vec::new(), kinds: BTreeMap::new() })
    }

    /// Judges the page that is open.
    fn judge(&mut self, name: &str) -> Step {
        let found = self.browser.inspect(name, &mut self.pages)?;
        self.problems.extend(found.into_iter().map(|problem| problem.chars().take(600).collect()));
        Ok(())
    }

    /// Judges a page that answered a form.
    fn judge_answer(&mut self, name: &str) -> Step {
        let found = self.browser.inspect_answer(name, &mut self.pages)?;
        self.problems.extend(found.into_iter().map(|problem| problem.chars().take(600).collect()));
        Ok(())
    }

    /// Follows every link from here, and judges the first pages of each kind.
    fn follow(&mut self, start: &[&str], within: &str) -> Step {
        let mut waiting: VecDeque<String> = start.iter().map(|path| (*path).to_owned()).collect();
        while let Some(path) = waiting.pop_front() {
            let kind = kind_of(&path);
            let count = self.kinds.entry(kind.clone()).or_default();
            if *count >= most_of(&kind) {
                continue;
            }
            *count += 1;
            let name = format!("{}-{count}", file_name(&kind));
            self.browser.goto(&self.app.url(&path))?;
            self.judge(&name)?;
            let found = self.browser.script(
                "return [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))",
                json!([]),
            )?;
            for href in found.as_array().into_iter().flatten().filter_map(|href| href.as_str()) {
                let href = href.split('#').next().unwrap_or_default();
                if (href == within || href.starts_with(&format!("{within}/")))
                    && is_page(href)
                    && !waiting.iter().any(|it| it == href)
                {
                    waiting.push_back(href.to_owned());
                }
            }
        }
        Ok(())
    }

    /// Ends the round: the HTML of all pages at once, and everything that was found.
    fn end(mut self, kinds: &[&str]) -> Step {
        let missing = kinds.iter().filter(|kind| !self.kinds.contains_key(**kind));
        self.problems.extend(missing.map(|kind| format!("no link led to {kind}")));
        self.problems.extend(vnu(&self.pages)?.iter().map(ToString::to_string));
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Trouble::new(format!("{} problems:\n{}", self.problems.len(), self.problems.join("\n"))))
    }
}

/// The path without what differs between pages of one kind: ids, nodes, years. The district stays.
fn kind_of(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let kind: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| match (parts[0], place) {
            ("districts", 1) => (*part).to_owned(),
            ("districts", 3..) => "{}".to_owned(),
            (_, 2..) if part.len() > 20 => "{}".to_owned(),
            (_, 2..) if parts[1] == "disclosures" && part.bytes().all(|byte| byte.is_ascii_digit()) => "{}".to_owned(),
            // Calls differ among themselves; the applications of one do not.
            (_, 4..) if parts[1] == "calls" && part.bytes().all(|byte| byte.is_ascii_digit()) => "{}".to_owned(),
            _ => (*part).to_owned(),
        })
        .collect();
    format!("/{}", kind.join("/"))
}

/// Places of a tree and kinds of entries differ more among themselves than other pages do.
fn most_of(kind: &str) -> usize {
    match kind {
        "/office/entries/{}" => 5,
        tree if tree.ends_with("/plan/{}") => OF_A_KIND + 2,
        several if several.contains("{}") => OF_A_KIND,
        _ => 1,
    }
}

fn file_name(kind: &str) -> String {
    let name: Vec<&str> = kind.split('/').filter(|part| !part.is_empty()).collect();
    if name.is_empty() { "start".to_owned() } else { name.join("-").replace("{}", "one") }
}

fn is_page(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let files = [".zip", ".csv", ".json", ".xlsx", ".hwpx", ".pdf", ".txt", ".svg", ".png", ".ics", ".atom"];
    !path.starts_with("/log/") && !files.iter().any(|kind| path.ends_with(kind))
}

/// What residents can reach, and the pages that say no.
fn public_round(width: u32) -> Step {
    let app = App::start(&[])?;
    let mut round = Round::new(&app, width)?;
    round.follow(&["/"], "/districts")?;
    for (name, path) in [
        ("error-404", "/nowhere"),
        ("error-404-district", "/districts/00000"),
        ("sign-in", "/office/sign-in"),
        ("sign-in-next", "/office/plan"),
    ] {
        round.browser.goto(&app.url(path))?;
        round.judge(name)?;
    }
    round.browser.fill("로그인 이름", "한시범")?;
    round.browser.click("로그인하기")?;
    round.browser.sees("맞지 않는 것이 있습니다")?;
    round.judge_answer("error-422-sign-in")?;
    let of = |code: &str| {
        let kinds = ["", "/plan", "/plan/{}", "/plan/{}/{}", "/how", "/disclosures", "/data", "/verify"];
        kinds.map(|kind| format!("/districts/{code}{kind}")).to_vec()
    };
    let mut kinds: Vec<String> = ["11215", "11380", "99001"].iter().flat_map(|code| of(code)).collect();
    kinds.push("/districts/99001/disclosures/{}".to_owned());
    round.end(&kinds.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What an officer with every duty can reach, and what another one is refused.
fn office_round(width: u32) -> Step {
    let app = App::start(&[])?;
    let mut round = Round::new(&app, width)?;
    sign_in(&app, &round.browser, "최모형", "/office")?;
    round.follow(&["/office"], "/office")?;
    round.browser.goto(&app.url("/office/staged/stg_00000000000000000000000000"))?;
    round.judge("error-404-office")?;
    round.browser.goto(&app.url("/office/entries/new"))?;
    round.browser.click("확인해 달라고 올리기")?;
    round.browser.sees("군데를 고쳐 주세요")?;
    round.judge_answer("error-422-record")?;
    round.browser.goto(&app.url("/office/disclosures"))?;
    round.browser.click("이 해를 공시하기")?;
    round.browser.sees("군데를 고쳐 주세요")?;
    round.judge_answer("error-422-disclosures")?;
    round.browser.goto(&app.url("/office"))?;
    round.browser.click("로그아웃하기")?;
    round.browser.sees("로그아웃했습니다")?;
    round.judge("signed-out")?;
    sign_in(&app, &round.browser, "한시범", "/office/plan")?;
    round.judge("office-plan-gwangjin")?;
    round.browser.goto(&app.url("/office/people"))?;
    round.browser.sees("이 일을 할 권한이 없습니다")?;
    round.judge("error-403-office")?;
    round.end(&[
        "/office",
        "/office/plan",
        "/office/entries",
        "/office/entries/new",
        "/office/entries/{}",
        "/office/entries/{}/correct",
        "/office/staged",
        "/office/staged/{}",
        "/office/collection",
        "/office/collection/new",
        "/office/collection/1",
        "/office/collection/1/uploads/1",
        "/office/calls/2/applications/{}",
        "/office/calls/2/selection/{}",
        "/office/calls/2/work",
        "/office/calls/4/places",
        "/office/seals",
        "/office/disclosures",
        "/office/disclosures/{}/channels",
        "/office/disclosures/{}/channels/{}",
        "/office/account",
        "/office/account/password",
        "/office/account/deputy",
        "/office/handover",
        "/office/people",
        "/office/people/new",
        "/office/people/{}",
        "/office/people/{}/rights",
        "/office/people/{}/left",
        "/office/people/{}/deputy",
        "/office/access-log",
    ])
}

#[test]
fn residents_pages_hold_on_a_phone() -> Step {
    public_round(360)
}

#[test]
fn residents_pages_hold_at_a_desk() -> Step {
    public_round(1280)
}

#[test]
fn officers_pages_hold_on_a_phone() -> Step {
    office_round(360)
}

#[test]
fn officers_pages_hold_at_a_desk() -> Step {
    office_round(1280)
}

#[test]
fn the_largest_letters_and_the_sharpest_colours_fit_a_phone() -> Step {
    let app = App::start(&[])?;
    let mut round = Round::new(&app, 360)?;
    round.browser.goto(&app.url("/districts/11215"))?;
    round.browser.click("글자")?;
    round.browser.choose("가장 크게")?;
    round.browser.choose("선명하게")?;
    round.browser.click("이대로 저장하기")?;
    let pages = [
        ("home", "/districts/11215"),
        ("plan", "/districts/99001/plan"),
        ("node", "/districts/99001/plan/전체"),
        ("node-year", "/districts/99001/plan/전체/2025"),
        ("disclosure", "/districts/99001/disclosures/2"),
        ("verify", "/districts/99001/verify"),
        ("sign-in", "/office/sign-in"),
    ];
    for (name, path) in pages {
        round.browser.goto(&app.url(path))?;
        let chosen = round.browser.script(
            "return document.documentElement.dataset.size + document.documentElement.dataset.contrast",
            json!([]),
        )?;
        assert!(chosen.as_str().is_some_and(|it| it.starts_with('5') && it.len() > 1), "{chosen}");
        round.judge(&format!("largest-{name}"))?;
    }
    sign_in(&app, &round.browser, "홍예시", "/office/staged")?;
    round.judge("largest-staged")?;
    round.browser.goto(&app.url("/office/entries/new"))?;
    round.judge("largest-record")?;
    round.end(&[])
}
