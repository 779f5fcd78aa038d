//! What a person does with a page: read, press, fill in, move on with the keyboard.
//!
//! Owns finding things by the words that a person sees. It knows no page. What a newcomer gets
//! wrong: there is no way to press something by its id or class, on purpose; a control that cannot
//! be found by its words cannot be found by a person either.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::Element;
use crate::{Browser, Step, Trouble};

/// What all scripts below share: visible text with its white space evened out.
const WORDS: &str = "
    const even = text => (text || '').replace(/\\s+/g, ' ').trim();
    const seen = element => element.getClientRects().length > 0;
    const pick = (all, words) => {
        const named = all.map(element => [element, words(element)]);
        const exact = named.filter(([, name]) => name === wanted);
        const close = named.filter(([, name]) => name.includes(wanted));
        const found = exact.length ? exact : close;
        return { found: found.map(([element]) => element), names: named.map(([, name]) => name).filter(Boolean) };
    };
";

const CONTROLS: &str = "
    const all = [...document.querySelectorAll('a[href], button, input[type=submit], input[type=button], summary')];
    const label = element => even(element.value && element.tagName === 'INPUT' ? element.value
        : element.getAttribute('aria-label') || element.innerText);
    return pick(all.filter(seen), label);
";

const FIELDS: &str = "
    const labels = [...document.querySelectorAll('label')].filter(label => label.control);
    const named = [...document.querySelectorAll('input[aria-label], select[aria-label], textarea[aria-label]')];
    const label = element => even(element.tagName === 'LABEL' ? element.innerText : element.getAttribute('aria-label'));
    const answer = pick([...labels, ...named], label);
    answer.found = answer.found.map(element => element.control || element);
    return answer;
";

/// The choices of the group with these words over it.
const CHOICES: &str = "
    const named = [...document.querySelectorAll('fieldset')].filter(seen);
    const groups = pick(named, group => even(group.querySelector('legend')?.innerText));
    const [group, ...others] = groups.found;
    if (!group || others.length) return groups;
    wanted = arguments[1];
    const label = element => even(element.innerText);
    return pick([...group.querySelectorAll('label')].filter(label => label.control), label);
";

/// Whether pressing it brings another page. If so, this one is marked: the mark goes with the page.
const LEADS: &str = "
    const element = arguments[0];
    const elsewhere = element.tagName === 'A' && element.href.split('#')[0] !== location.href.split('#')[0];
    const sends = element.type === 'submit' && element.form !== null;
    return window.iljariLeft = elsewhere || sends;
";

/// How long a page may take to follow.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often we look whether it is there.
const GLANCE: Duration = Duration::from_millis(20);

impl Browser {
    /// All the text that a person can see on the page.
    pub fn text(&self) -> Step<String> {
        let text = self.script("return document.body.innerText", json!([]))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The page's one main heading. A page with none or several is trouble.
    pub fn heading(&self) -> Step<String> {
        let script = "return [...document.querySelectorAll('h1')].map(h => h.innerText.replace(/\\s+/g, ' ').trim())";
        let found = self.script(script, json!([]))?;
        match found.as_array().map(Vec::as_slice) {
            Some([Value::String(one)]) => Ok(one.clone()),
            _ => Err(Trouble::new(format!("{} has not one h1 but: {found}", self.url()?))),
        }
    }

    /// Goes on only if the page says this; white space does not matter.
    pub fn sees(&self, words: &str) -> Step {
        let (text, wanted) = (even(&self.text()?), even(words));
        if text.contains(&wanted) {
            return Ok(());
        }
        Err(Trouble::new(format!("{} does not say ‘{words}’. It says:\n{}", self.url()?, self.text()?)))
    }

    /// Waits until the page says this: for what a script of the page has yet to find out.
    pub fn comes_to_say(&self, words: &str) -> Step {
        let started = Instant::now();
        while self.sees(words).is_err() {
            if started.elapsed() > PATIENCE {
                return self.sees(words);
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Goes on only if the page does not say this.
    pub fn sees_no(&self, words: &str) -> Step {
        match self.sees(words) {
            Ok(()) => Err(Trouble::new(format!("{} says ‘{words}’", self.url()?))),
            Err(_) => Ok(()),
        }
    }

    /// Presses the link or button with these words and waits for the page that follows, if a page
    /// follows: a link to elsewhere, or a form that is sent.
    pub fn click(&self, words: &str) -> Step {
        let element = self.one("link or button", CONTROLS, words)?;
        // The driver itself waits only for a navigation that has begun; a form's answer takes longer.
        let leads = self.script(LEADS, json!([element.0]))?;
        self.click_element(&element)?;
        if leads != true {
            return Ok(());
        }
        let started = Instant::now();
        while self.script("return !window.iljariLeft && document.readyState === 'complete'", json!([])).ok()
            != Some(Value::Bool(true))
        {
            if started.elapsed() > PATIENCE {
                return Err(Trouble::new(format!("no page follows ‘{words}’ on {}", self.url()?)));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Presses what hands out a file: the page stays.
    pub(crate) fn press(&self, words: &str) -> Step {
        let element = self.one("link or button", CONTROLS, words)?;
        self.click_element(&element)
    }

    /// Fills the field with this label: clears it and types the text. Dates are typed as
    /// `YYYY-MM-DD`, months as `YYYY-MM`, whatever the browser's language would make of them.
    pub fn fill(&self, label: &str, text: &str) -> Step {
        let field = self.one("field", FIELDS, label)?;
        let kind = self.script("return arguments[0].type", json!([field.0]))?;
        if matches!(kind.as_str(), Some("date" | "month" | "time" | "datetime-local")) {
            let set = "arguments[0].value = arguments[1];
                       arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
                       arguments[0].dispatchEvent(new Event('change', { bubbles: true }));";
            return self.script(set, json!([field.0, text])).map(drop);
        }
        if kind != "file" {
            self.clear_element(&field)?;
        }
        self.type_into(&field, text)
    }

    /// Ticks the box or the radio button with this label; ticking a ticked box clears it.
    pub fn choose(&self, label: &str) -> Step {
        let field = self.one("box or radio button", FIELDS, label)?;
        // A label covers its control where the design draws its own box, so the label is pressed.
        let pressed = "return arguments[0].labels && arguments[0].labels[0] || arguments[0]";
        let target = Element(self.script(pressed, json!([field.0]))?);
        self.click_element(&target)
    }

    /// Ticks the box or the radio button with this label within the group with this legend: many groups of a form
    /// may offer the same words.
    pub fn choose_in(&self, legend: &str, label: &str) -> Step {
        let script = format!("let wanted = arguments[0];{WORDS}{CHOICES}");
        let answer = self.script(&script, json!([even(legend), even(label)]))?;
        let target = self.only("choice", &format!("{legend}: {label}"), &answer)?;
        self.click_element(&target)
    }

    /// Chooses an option, by its words, in the list with this label.
    pub fn select(&self, label: &str, option: &str) -> Step {
        let field = self.one("list", FIELDS, label)?;
        let set = "const even = text => text.replace(/\\s+/g, ' ').trim();
                   const options = [...arguments[0].options || []];
                   const names = options.map(option => even(option.text));
                   let at = names.indexOf(arguments[1]);
                   if (at < 0) at = names.findIndex(name => name.includes(arguments[1]));
                   if (at < 0) return names;
                   arguments[0].selectedIndex = at;
                   arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
                   arguments[0].dispatchEvent(new Event('change', { bubbles: true }));
                   return null";
        match self.script(set, json!([field.0, even(option)]))? {
            Value::Null => Ok(()),
            names => Err(Trouble::new(format!("‘{label}’ has no option ‘{option}’, only: {names}"))),
        }
    }

    /// Presses the tab key and tells what has the keyboard now: its label or its words.
    pub fn tab(&self) -> Step<String> {
        const TAB: &str = "\u{E004}";
        self.type_into(&self.active()?, TAB)?;
        let name = "const at = document.activeElement;
                    return at.getAttribute('aria-label') || at.labels && at.labels[0] && at.labels[0].innerText
                        || at.innerText || at.value || at.tagName";
        let name = self.script(name, json!([]))?;
        Ok(even(name.as_str().unwrap_or_default()))
    }

    /// Presses Enter on whatever has the keyboard.
    pub fn enter(&self) -> Step {
        const ENTER: &str = "\u{E007}";
        self.type_into(&self.active()?, ENTER)
    }

    /// The one thing of its kind with these words. Exact words win; otherwise words within words.
    fn one(&self, kind: &str, script: &str, words: &str) -> Step<Element> {
        let script = format!("const wanted = arguments[0];{WORDS}{script}");
        let answer = self.script(&script, json!([even(words)]))?;
        self.only(kind, words, &answer)
    }

    /// The one element that a search has found.
    fn only(&self, kind: &str, words: &str, answer: &Value) -> Step<Element> {
        let found = answer["found"].as_array().cloned().unwrap_or_default();
        match found.as_slice() {
            [one] => Ok(Element(one.clone())),
            [] => Err(Trouble::new(format!("{} has no {kind} ‘{words}’, only: {}", self.url()?, answer["names"]))),
            many => Err(Trouble::new(format!(
                "{} has {} of the {kind} ‘{words}’; say more of its words",
                self.url()?,
                many.len()
            ))),
        }
    }
}

/// Text with its white space evened out, as the scripts do it.
fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
