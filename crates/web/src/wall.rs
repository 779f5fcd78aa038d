//! The wall every page stands against: samples that render, and mark-up everybody can use.
//!
//! Owns: [`Sample`], [`check_samples`], [`check_html`]. Does not own: how a page looks; for that
//! there are eyes. What a newcomer gets wrong: only the ordinary sample. Give the empty page and
//! the page with the longest name and ten thousand rows as well.
//!
//! A slice's test is one line a page: `assert_eq!(check_samples::<PlanPage>(), Vec::<String>::new())`.

mod html;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use askama::Template;

use html::{Element, Page};

/// A page that can show itself: an empty, an ordinary and an extreme case.
pub trait Sample: Sized {
    /// The cases.
    fn samples() -> Vec<Self>;
}

/// Renders every sample of a page and returns what is wrong with them; empty when all is well.
pub fn check_samples<P: Sample + Template>() -> Vec<String> {
    let name = std::any::type_name::<P>();
    let samples = P::samples();
    let mut findings = Vec::new();
    if samples.is_empty() {
        findings.push(format!("{name} has no samples"));
    }
    for (place, sample) in samples.iter().enumerate() {
        match sample.render() {
            Ok(html) => {
                let found = check_html(&html).into_iter();
                findings.extend(found.map(|finding| format!("{name}, sample {place}: {finding}")));
            }
            Err(err) => findings.push(format!("{name}, sample {place}: {err}")),
        }
    }
    findings
}

/// The languages that pages are written in, as `lang` has them.
const LANGUAGES: [&str; 4] = ["ko", "en", "zh-Hans", "vi"];
/// Attributes that are read out.
const SPOKEN: [&str; 4] = ["aria-label", "alt", "title", "placeholder"];

/// What is wrong with a whole page; empty when all is well.
pub fn check_html(html: &str) -> Vec<String> {
    let mut page = html::read(html);
    let mut findings = std::mem::take(&mut page.faults);
    document(&page, &mut findings);
    languages(&page, &mut findings);
    names(&page, &mut findings);
    for place in 0..page.elements.len() {
        let element = &page.elements[place];
        let mut say = |what: &str| findings.push(format!("line {}: {what}", element.line));
        policy(element, &mut say);
        pictures(&page, place, &mut say);
        pressed(element, &mut say);
        fields(&page, place, &mut say);
        tables(&page, place, &mut say);
    }
    words(html, &mut findings);
    findings
}

fn document(page: &Page, findings: &mut Vec<String>) {
    let named = |name: &str| page.elements.iter().filter(|element| element.name == name).collect::<Vec<_>>();
    let lang = named("html").first().and_then(|html| html.get("lang")).unwrap_or_default();
    if !LANGUAGES.contains(&lang) {
        findings.push("<html> does not say lang=\"ko\" or another language that is written here".to_owned());
    }
    for (name, what) in [("h1", "h1"), ("main", "main")] {
        let count = named(name).len();
        if count != 1 {
            findings.push(format!("{count} <{what}> instead of one"));
        }
    }
    if named("h1").iter().any(|heading| heading.text.trim().is_empty()) {
        findings.push("an empty <h1>".to_owned());
    }
    // An SVG has titles too; the page's own stands in the head.
    let in_head = |element: &&Element| element.parent.is_some_and(|parent| page.elements[parent].name == "head");
    let titles: Vec<_> = page.elements.iter().filter(|element| element.name == "title").filter(in_head).collect();
    if titles.len() != 1 || titles.iter().any(|title| title.text.trim().is_empty()) {
        findings.push("no <title> in the head, or an empty one".to_owned());
    }
}

/// Whoever listens hears every language as what it is: on a page of another language Korean says that it is Korean.
/// The title is left out; nothing inside it can say so.
fn languages(page: &Page, findings: &mut Vec<String>) {
    let korean = |text: &str| text.chars().any(|letter| ('가'..='힣').contains(&letter));
    for (place, element) in page.elements.iter().enumerate().filter(|(_, element)| element.name != "title") {
        let spoken = SPOKEN.iter().filter_map(|name| element.get(name));
        let Some(text) = spoken.chain([element.own.as_str()]).find(|text| korean(text)) else { continue };
        let lang = [element].into_iter().chain(page.above(place)).find_map(|element| element.get("lang"));
        if lang.is_some_and(|lang| lang != "ko") {
            findings.push(format!(
                "line {}: <{}> says {:?} as if it were no Korean",
                element.line,
                element.name,
                text.trim()
            ));
        }
    }
}

/// Ids are unique, and whatever refers to one finds it.
fn names(page: &Page, findings: &mut Vec<String>) {
    let mut ids = HashSet::new();
    for element in &page.elements {
        if let Some(id) = element.get("id") {
            if id.is_empty() || id.contains(char::is_whitespace) {
                findings.push(format!("line {}: the id {id:?} names nothing", element.line));
            }
            if !ids.insert(id) {
                findings.push(format!("line {}: the id {id:?} is not unique", element.line));
            }
        }
    }
    for element in &page.elements {
        let mut wanted: Vec<&str> = Vec::new();
        for attribute in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
            wanted.extend(element.get(attribute).unwrap_or_default().split_whitespace());
        }
        wanted.extend(element.get("href").and_then(|href| href.strip_prefix('#')).filter(|id| !id.is_empty()));
        let fill = element.get("fill").and_then(|fill| fill.strip_prefix("url(#"));
        wanted.extend(fill.map(|fill| fill.trim_end_matches(')')));
        for id in wanted {
            if !ids.contains(id) {
                findings
                    .push(format!("line {}: <{}> refers to {id:?}, which is not there", element.line, element.name));
            }
        }
    }
}

/// What the content policy forbids, and what would leave this site unasked.
fn policy(element: &Element, say: &mut impl FnMut(&str)) {
    if matches!(element.name.as_str(), "script" | "style" | "iframe" | "object" | "embed" | "base") {
        say(&format!("<{}> is not allowed", element.name));
    }
    for (name, value) in &element.attributes {
        if name == "style" || name.starts_with("on") {
            say(&format!("the attribute {name} is not allowed"));
        }
        if !matches!(
            name.as_str(),
            "href" | "src" | "action" | "formaction" | "srcset" | "poster" | "data" | "xlink:href"
        ) {
            continue;
        }
        let address = value.trim().to_ascii_lowercase();
        let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_owned());
        let scheme =
            scheme.filter(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)));
        let outside = address.starts_with("//") || matches!(scheme.as_deref(), Some("http" | "https"));
        // A link a person may follow to a source is fine when it says that it leads outside.
        let owned_up = element.name == "a"
            && name == "href"
            && element.get("rel").is_some_and(|rel| rel.split_whitespace().any(|word| word == "external"));
        if outside && !owned_up {
            say(&format!("<{}> leads outside: {value}", element.name));
        } else if !outside && scheme.is_some_and(|scheme| !matches!(scheme.as_str(), "tel" | "mailto" | "data")) {
            say(&format!("<{}> has an address of a strange kind: {value}", element.name));
        }
    }
}

fn pictures(page: &Page, place: usize, say: &mut impl FnMut(&str)) {
    let element = &page.elements[place];
    if element.name == "img" && element.get("alt").is_none() {
        say("<img> without alt");
    }
    let inside_svg = page.above(place).any(|above| above.name == "svg");
    if element.name == "svg" && !inside_svg {
        let hidden = element.get("aria-hidden") == Some("true");
        let told = element.get("role") == Some("img")
            && (element.get("aria-label").is_some()
                || page.children(place).any(|child| child.name == "title" && !child.text.trim().is_empty()));
        if !hidden && !told {
            say("<svg> is neither hidden nor told");
        }
    }
}

/// Links and buttons say where they lead.
fn pressed(element: &Element, say: &mut impl FnMut(&str)) {
    if !matches!(element.name.as_str(), "a" | "button") {
        return;
    }
    if element.text.trim().is_empty() && element.get("aria-label").is_none_or(str::is_empty) {
        say(&format!("<{}> without words", element.name));
    }
    match (element.name.as_str(), element.get("href"), element.get("type")) {
        ("a", None | Some("" | "#"), _) => say("<a> leads nowhere"),
        ("button", _, None) => say("<button> without a type"),
        _ => {}
    }
}

fn fields(page: &Page, place: usize, say: &mut impl FnMut(&str)) {
    let element = &page.elements[place];
    if element.name == "form" && element.get("action").is_none() {
        say("<form> without an action");
    }
    if element.name == "fieldset" && page.children(place).next().is_none_or(|first| first.name != "legend") {
        say("<fieldset> does not begin with its <legend>");
    }
    let kind = element.get("type").unwrap_or_default();
    let field = matches!(element.name.as_str(), "select" | "textarea")
        || (element.name == "input" && !matches!(kind, "hidden" | "submit" | "button"));
    if !field {
        return;
    }
    let has_label = page.above(place).any(|above| above.name == "label")
        || element.get("aria-label").is_some_and(|label| !label.is_empty())
        || element.get("aria-labelledby").is_some()
        || element.get("id").is_some_and(|id| {
            let mut labels = page.elements.iter().filter(|other| other.name == "label" && other.get("for") == Some(id));
            labels.any(|label| !label.text.trim().is_empty())
        });
    if !has_label {
        say(&format!("<{}> without a label", element.name));
    }
    if element.get("name").is_none_or(str::is_empty) {
        say(&format!("<{}> without a name", element.name));
    }
    if kind == "radio" && !page.above(place).any(|above| above.name == "fieldset") {
        say("a radio button outside a <fieldset>");
    }
    if element.get("aria-invalid") == Some("true") && element.get("aria-describedby").is_none() {
        say("a faulty field does not point to its error");
    }
}

fn tables(page: &Page, place: usize, say: &mut impl FnMut(&str)) {
    let element = &page.elements[place];
    if element.name == "table" {
        let caption = page.children(place).any(|child| child.name == "caption" && !child.text.trim().is_empty());
        if !caption {
            say("<table> without a caption");
        }
        if !page.inside(place).any(|inside| inside.name == "th") {
            say("<table> without headings");
        }
    }
    if element.name == "th" && !matches!(element.get("scope"), Some("col" | "row" | "colgroup" | "rowgroup")) {
        say("<th> without a scope");
    }
}

/// Particles glued by hand and templates that were not filled in.
fn words(html: &str, findings: &mut Vec<String>) {
    const SLIPS: [&str; 10] =
        ["은(는)", "는(은)", "이(가)", "가(이)", "을(를)", "를(을)", "와(과)", "과(와)", "(으)로", "(이)"];
    for slip in SLIPS.into_iter().chain(["{{", "{%", "TODO", "undefined"]) {
        if html.contains(slip) {
            findings.push(format!("the page holds {slip:?}"));
        }
    }
}
