//! What is judged about every page: accessibility, sideways scrolling, one heading, a title.
//!
//! Owns asking axe-core and measuring the page. HTML is judged in `vnu.rs`, for many pages at
//! once. A newcomer takes zero violations for an accessible page: a machine sees only a part of
//! what matters, the rest is on the list for people in CONTRIBUTING.md.

use std::fmt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Browser, Step, Trouble, places};

/// axe-core as its makers publish it; see the note beside it.
const AXE: &str = include_str!("../vendor/axe.min.js");

/// A rule of axe-core that the page breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule's stable name, such as `image-alt`.
    pub rule: String,
    /// What the rule asks for.
    pub help: String,
    /// The elements that break it, as CSS selectors.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "axe {}: {} ({})", self.rule, self.help, self.places.join(", "))
    }
}

impl Browser {
    /// What axe-core finds wrong with the page as it stands.
    pub fn axe(&self) -> Step<Vec<Violation>> {
        if !self.runs_scripts() {
            return Err(Trouble::new("axe needs a browser that runs scripts"));
        }
        let script = format!(
            "{AXE};
             const done = arguments[arguments.length - 1];
             axe.run(document, {{ resultTypes: ['violations'] }})
                .then(found => done(found.violations), error => done(String(error)));"
        );
        let found = self.script_with_callback(&script, json!([]))?;
        let Some(list) = found.as_array() else {
            return Err(Trouble::new(format!("axe did not run: {found}")));
        };
        Ok(list.iter().map(violation).collect())
    }

    /// Goes on only if the page does not scroll sideways at this browser's width.
    pub fn no_sideways_scroll(&self) -> Step {
        let measured = self.script(MEASURE, json!([]))?;
        let wide = |key: &str| measured[key].as_u64().unwrap_or_default();
        if wide("window") != u64::from(self.width()) {
            return Err(Trouble::new(format!(
                "{} is laid out {} px wide in a window of {}; is its viewport line missing?",
                self.url()?,
                wide("window"),
                self.width()
            )));
        }
        if wide("content") <= wide("window") {
            return Ok(());
        }
        Err(Trouble::new(format!(
            "{} is {} px wide in a window of {}; what sticks out: {}",
            self.url()?,
            wide("content"),
            wide("window"),
            measured["outside"]
        )))
    }

    /// Everything at once for a page that has been reached: axe, sideways scrolling, heading and
    /// title. Keeps `NAME-WIDTH.png` and `NAME-WIDTH.html`; the latter is for [`crate::vnu`], and
    /// its path is pushed to `pages`. Returns the problems as sentences.
    pub fn inspect(&self, name: &str, pages: &mut Vec<PathBuf>) -> Step<Vec<String>> {
        self.inspect_html(name, &self.served()?, pages)
    }

    /// The same for a page that answered a form; the HTML is then the browser's reading of it.
    pub fn inspect_answer(&self, name: &str, pages: &mut Vec<PathBuf>) -> Step<Vec<String>> {
        self.inspect_html(name, &self.standing()?, pages)
    }

    fn inspect_html(&self, name: &str, html: &str, pages: &mut Vec<PathBuf>) -> Step<Vec<String>> {
        let name = format!("{name}-{}", self.width());
        self.screenshot(&name)?;
        let page = places::kept(&format!("{name}.html"))?;
        std::fs::write(&page, html).map_err(Trouble::when("keeping a page"))?;
        pages.push(page);
        let mut problems: Vec<String> = self.axe()?.iter().map(|found| format!("{name}: {found}")).collect();
        problems.extend(self.no_sideways_scroll().err().map(|trouble| format!("{name}: {trouble}")));
        problems.extend(self.heading().err().map(|trouble| format!("{name}: {trouble}")));
        if self.title()?.trim().is_empty() {
            problems.push(format!("{name}: the page has no title"));
        }
        Ok(problems)
    }
}

/// The width of the layout, the width of the content, and whatever reaches out of the layout
/// without standing in a box that scrolls by itself.
const MEASURE: &str = "
    const root = document.documentElement;
    const own = element => {
        for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
            if (getComputedStyle(up).overflowX !== 'visible') return true;
        return false;
    };
    const outside = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > root.clientWidth + 1 && !own(element))
        .map(element => element.tagName.toLowerCase() + (element.className ? '.' + element.className : ''));
    return { window: root.clientWidth, content: root.scrollWidth, outside: outside.slice(0, 5) };
";

fn violation(found: &Value) -> Violation {
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    let places = found["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|node| node["target"].as_array().cloned().unwrap_or_default())
        .filter_map(|target| target.as_str().map(str::to_owned))
        .collect();
    Violation { rule: text("id"), help: text("help"), places }
}
