//! What goes wrong at a counter, as it happens to people (b.5): the form that is sent twice, the back button, a second
//! tab, a session that ends while somebody is typing, and a resident number that is pasted where a note belongs. On a
//! phone, where every one of them is harder to see.
//!
//! Owns the human rows of the table of bad inputs at the counter. Which words each refusal has is tried where the act
//! is. A newcomer expects a warning before the back button; there is none, because nothing can be lost by it.

use iljari_e2e::{App, Browser, Step, Trouble};
use serde_json::json;

use super::programs::{CALL, FIRST_DAY};
use super::visit::sign_in;

const NO: i64 = 3;
const WIDTH: u32 = 360;

/// A person at the counter, and everything that she tells.
struct Person {
    name: &'static str,
    birth: &'static str,
    note: &'static str,
}

struct Counter {
    app: App,
    clerk: Browser,
}

impl Counter {
    fn open() -> Step<Counter> {
        let app = App::start_on(FIRST_DAY)?;
        let clerk = Browser::start(WIDTH)?;
        sign_in(&app, &clerk, "오보기", &format!("/office/calls/{NO}/applications"))?;
        Ok(Counter { app, clerk })
    }

    fn new_form(&self) -> Step {
        self.clerk.goto(&self.app.url(&format!("/office/calls/{NO}/applications/new")))?;
        self.clerk.sees("신청하는 분의 이야기를 적습니다")
    }

    /// Types the whole story, up to the button.
    fn tells(&self, it: &Person) -> Step {
        let clerk = &self.clerk;
        clerk.fill("접수한 동", "갈대동")?;
        clerk.fill("이름", it.name)?;
        clerk.fill("생년월일", it.birth)?;
        clerk.fill("사는 동", "갈대동")?;
        clerk.select("희망 사업번호", "1-02 전화기 교실 도우미")?;
        clerk.choose_in("나루구에 사시나요", "예")?;
        clerk.fill("본인까지 몇 명인가요", "2")?;
        clerk.fill("가족이 한 달에 버는 돈", "1500000")?;
        clerk.fill("가족이 가진 재산", "350000000")?;
        clerk.choose_in("세대주이신가요", "예")?;
        clerk.fill("부양하는 가족", "1")?;
        clerk.choose_in("해당하는 것이 있나요", "없음")?;
        clerk.fill("일을 쉰 지", "7")?;
        clerk.fill("지난 두 해에", "0")?;
        clerk.choose_in("개인정보 동의", "신청을 받고 선발하는 데 쓰기")?;
        clerk.choose_in("개인정보 동의", "조회하기")?;
        clerk.fill("적어 둘 것", it.note)
    }

    /// What stands in the form's fields, by name: text, and what is ticked. Not the form's own id, which each page has anew.
    fn typed(&self) -> Step<Vec<(String, String)>> {
        let script = "return [...new FormData(document.querySelector('main form[action$=\"/applications/new\"]'))]";
        let found = self.clerk.script(script, json!([]))?;
        let text = |pair: &serde_json::Value, nth: usize| pair[nth].as_str().unwrap_or_default().to_owned();
        let fields = found.as_array().into_iter().flatten().map(|pair| (text(pair, 0), text(pair, 1)));
        Ok(fields.filter(|(name, _)| name != "once").collect())
    }

    /// How many applications the queue has.
    fn applications(&self) -> Step<usize> {
        self.clerk.goto(&self.app.url(&format!("/office/calls/{NO}/applications")))?;
        self.clerk.no_sideways_scroll()?;
        let heading = self.clerk.heading()?;
        let number: String =
            heading.chars().skip_while(|it| !it.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        number.parse().map_err(|_| Trouble::new(format!("the queue says ‘{heading}’")))
    }

    fn send(&self) -> Step {
        self.clerk.click("접수하기")?;
        self.clerk.no_sideways_scroll()
    }
}

/// The page as the browser has it, with everything that is not shown.
fn whole_page(browser: &Browser) -> Step<String> {
    let html = browser.script("return document.documentElement.outerHTML", json!([]))?;
    Ok(html.as_str().unwrap_or_default().to_owned())
}

/// A resident number is refused on the spot, wherever it was pasted, with why; everything else that was typed stays,
/// and the number itself comes back in no field.
fn a_pasted_number(counter: &Counter) -> Step {
    let number = "610302-1234567";
    let clerk = &counter.clerk;
    let it = Person { name: "한시범", birth: "1961-03-02", note: "" };
    counter.new_form()?;
    counter.tells(&it)?;
    let before = counter.typed()?;
    for (field, button) in [
        ("적어 둘 것", "접수하기"),
        ("연락하는 다른 방법", "저장하고 나중에 이어서"),
        ("이름", "접수하기"),
        ("전화번호", "저장하고 나중에 이어서"),
    ] {
        let kept = counter.typed()?;
        clerk.fill(field, &format!("주민번호 {number}"))?;
        clerk.click(button)?;
        clerk.no_sideways_scroll()?;
        clerk.sees("주민등록번호처럼 보이는 숫자가")?;
        let after = counter.typed()?;
        assert!(after.iter().all(|(_, text)| !text.contains(number)), "{field}: {after:?}");
        assert!(!whole_page(clerk)?.contains(number), "{field}: nowhere on the page");
        for (name, text) in
            kept.iter().filter(|(name, _)| !["note", "contact_note", "name", "phone"].contains(&name.as_str()))
        {
            assert!(after.contains(&(name.clone(), text.clone())), "{field}: {name} was {text}, now {after:?}");
        }
        clerk.fill("이름", it.name)?;
    }
    clerk.screenshot(&format!("counter-pasted-number-{WIDTH}"))?;
    assert_eq!(before.len(), counter.typed()?.len(), "as many fields as before");
    counter.send()?;
    clerk.sees("신청을 접수했습니다")
}

/// The same form sent twice at once, as an impatient thumb does: one application, and the page that follows is that of
/// the success. Sent again over the back button: the same receipt. Told anew: she is known, and there is no second one.
fn sent_twice(counter: &Counter) -> Step {
    let clerk = &counter.clerk;
    let before = counter.applications()?;
    let it = Person { name: "홍예시", birth: "1965-07-08", note: "두 번 눌림" };
    counter.new_form()?;
    counter.tells(&it)?;
    let twice = "const form = document.querySelector('main form[action$=\"/applications/new\"]');
        const act = document.createElement('input'); act.type = 'hidden'; act.name = 'act'; act.value = 'submit';
        form.append(act); form.submit(); form.submit();";
    clerk.script(twice, json!([]))?;
    clerk.comes_to_say("신청을 접수했습니다")?;
    assert_eq!(counter.applications()?, before + 1, "once");

    // The receipt is read, then the back button, and the same form is sent again: the same receipt, and no second one.
    let it = Person { name: "김보기", birth: "1966-09-10", note: "뒤로 갔다 옴" };
    counter.new_form()?;
    counter.tells(&it)?;
    counter.send()?;
    clerk.sees("신청을 접수했습니다")?;
    let receipt = clerk.url()?;
    clerk.back()?;
    clerk.sees("신청하는 분의 이야기를 적습니다")?;
    assert!(counter.typed()?.contains(&("name".to_owned(), it.name.to_owned())), "the browser kept what was typed");
    counter.send()?;
    clerk.sees("신청을 접수했습니다")?;
    assert_eq!(clerk.url()?, receipt, "of the same application");

    // Told anew on a page of its own: a colleague did not know.
    counter.new_form()?;
    counter.tells(&it)?;
    counter.send()?;
    clerk.sees("이름과 생년월일이 같은 분이 이미 등록되어 있습니다")?;
    clerk.choose_in("이미 등록된 분인가요", "같은 분입니다")?;
    counter.send()?;
    clerk.sees("이 공고에 이미 접수한 신청이 있습니다")?;
    assert!(counter.typed()?.contains(&("note".to_owned(), it.note.to_owned())), "what was typed is kept");
    assert_eq!(counter.applications()?, before + 2, "and no third");
    Ok(())
}

/// The same person in two tabs: the second is told, and loses nothing of what was typed.
fn two_tabs(counter: &Counter) -> Step {
    let clerk = &counter.clerk;
    let before = counter.applications()?;
    let it = Person { name: "이견본", birth: "1967-11-12", note: "두 탭" };
    counter.new_form()?;
    counter.tells(&it)?;
    clerk.in_another_tab(|clerk| {
        counter.new_form()?;
        counter.tells(&it)?;
        counter.send()?;
        clerk.sees("신청을 접수했습니다")
    })?;
    counter.send()?;
    clerk.sees("이름과 생년월일이 같은 분이 이미 등록되어 있습니다")?;
    let typed = counter.typed()?;
    for (name, text) in [("name", it.name), ("birth", it.birth), ("note", it.note), ("fact:가구재산", "350000000")]
    {
        assert!(typed.contains(&(name.to_owned(), text.to_owned())), "{name} in {typed:?}");
    }
    assert_eq!(counter.applications()?, before + 1);
    Ok(())
}

/// The session ends while somebody types: she signs in beside it, sends again, and nothing was lost.
fn the_session_ends(counter: &Counter) -> Step {
    let clerk = &counter.clerk;
    let before = counter.applications()?;
    let it = Person { name: "박시연", birth: "1968-01-14", note: "적는 사이에 로그인이 끝남" };
    counter.new_form()?;
    counter.tells(&it)?;
    clerk.in_another_tab(|clerk| {
        clerk.goto(&counter.app.url("/office"))?;
        clerk.click("로그아웃하기")
    })?;
    counter.send()?;
    clerk.sees("로그인이 끝나서 저장하지 않았습니다")?;
    clerk.screenshot(&format!("counter-session-ended-{WIDTH}"))?;
    clerk.in_another_tab(|clerk| {
        sign_in(&counter.app, clerk, "오보기", &format!("/office/calls/{NO}/applications"))?;
        clerk.sees(CALL)
    })?;
    clerk.reload()?;
    clerk.sees("신청을 접수했습니다")?;
    clerk.no_sideways_scroll()?;
    assert_eq!(counter.applications()?, before + 1);
    clerk.goto(&counter.app.url(&format!("/office/calls/{NO}/applications/{}", before + 1)))?;
    clerk.sees(it.name)?;
    clerk.sees(it.birth)?;
    clerk.sees("350,000,000원")
}

#[test]
fn what_goes_wrong_at_a_counter_loses_nothing_and_counts_nothing_twice() -> Step {
    let counter = Counter::open()?;
    a_pasted_number(&counter)?;
    sent_twice(&counter)?;
    two_tabs(&counter)?;
    the_session_ends(&counter)
}
