//! Reads a page of ours into a list of elements, strictly: every element is closed where it should.
//!
//! Owns: enough HTML for our own templates. Does not own: the tolerance of browsers; what a browser
//! would mend is a fault here.

/// One element.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub parent: Option<usize>,
    /// The text inside, children included.
    pub text: String,
    /// The text inside that stands in no child.
    pub own: String,
    pub line: usize,
}

impl Element {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements in document order, and what was wrong with the mark-up.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub elements: Vec<Element>,
    pub faults: Vec<String>,
}

impl Page {
    /// The elements above this one, nearest first.
    pub(super) fn above(&self, place: usize) -> impl Iterator<Item = &Element> {
        let mut next = self.elements[place].parent;
        std::iter::from_fn(move || {
            let here = &self.elements[next?];
            next = here.parent;
            Some(here)
        })
    }

    /// Everything inside this element, in document order.
    pub(super) fn inside(&self, place: usize) -> impl Iterator<Item = &Element> {
        let within = move |element: &&Element| element.parent.is_some_and(|parent| parent >= place);
        self.elements[place + 1..].iter().take_while(within)
    }

    /// The direct children of this element.
    pub(super) fn children(&self, place: usize) -> impl Iterator<Item = &Element> {
        self.inside(place).filter(move |element| element.parent == Some(place))
    }
}

const VOID: [&str; 9] = ["area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];
/// Their content is text up to their end tag.
const TEXT_ONLY: [&str; 4] = ["script", "style", "textarea", "title"];

/// Reads a page.
pub(super) fn read(html: &str) -> Page {
    let mut reader = Reader { rest: html, whole: html, page: Page::default(), open: Vec::new() };
    reader.run();
    reader.page
}

struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
    page: Page,
    open: Vec<usize>,
}

impl Reader<'_> {
    fn run(&mut self) {
        match self.rest.strip_prefix("<!DOCTYPE html>") {
            Some(rest) => self.rest = rest,
            None => self.fault("does not begin with <!DOCTYPE html>"),
        }
        while !self.rest.is_empty() {
            let Some(text_end) = self.rest.find('<') else {
                self.text(self.rest.len());
                break;
            };
            self.text(text_end);
            if self.rest.starts_with("<!--") {
                match self.rest.find("-->") {
                    Some(end) => self.rest = &self.rest[end + 3..],
                    None => return self.fault("a comment without an end"),
                }
            } else if self.rest.starts_with("</") {
                self.end_tag();
            } else {
                self.start_tag();
            }
        }
        while let Some(place) = self.open.pop() {
            let element = &self.page.elements[place];
            let fault = format!("line {}: <{}> is never closed", element.line, element.name);
            self.page.faults.push(fault);
        }
    }

    fn text(&mut self, length: usize) {
        let (text, rest) = self.rest.split_at(length);
        for place in &self.open {
            self.page.elements[*place].text.push_str(text);
        }
        if let Some(place) = self.open.last() {
            self.page.elements[*place].own.push_str(text);
        }
        self.rest = rest;
    }

    fn end_tag(&mut self) {
        let Some(end) = self.rest.find('>') else {
            self.fault("an end tag without >");
            self.rest = "";
            return;
        };
        let name = self.rest[2..end].trim().to_owned();
        self.rest = &self.rest[end + 1..];
        match self.open.last() {
            Some(place) if self.page.elements[*place].name == name => {
                self.open.pop();
            }
            Some(place) => {
                let open = &self.page.elements[*place];
                let text = format!("</{name}> where <{}> of line {} is open", open.name, open.line);
                self.fault(&text);
                // Go back to the element that was meant, so that one slip is one fault.
                if let Some(meant) = self.open.iter().rposition(|place| self.page.elements[*place].name == name) {
                    self.open.truncate(meant);
                }
            }
            None => self.fault(&format!("</{name}> without a start")),
        }
    }

    fn start_tag(&mut self) {
        let line = self.line();
        let Some((name, attributes, closed, length)) = tag(&self.rest[1..]) else {
            self.fault("a < that begins no tag");
            self.rest = &self.rest[1..];
            return;
        };
        for (place, (attribute, _)) in attributes.iter().enumerate() {
            if attributes[..place].iter().any(|(earlier, _)| earlier == attribute) {
                self.fault(&format!("<{name}> has {attribute} twice"));
            }
        }
        self.rest = &self.rest[1 + length..];
        let parent = self.open.last().copied();
        let in_svg = name == "svg" || self.open.iter().any(|place| self.page.elements[*place].name == "svg");
        self.page.elements.push(Element { name: name.clone(), attributes, parent, line, ..Element::default() });
        let place = self.page.elements.len() - 1;
        if VOID.contains(&name.as_str()) && !in_svg {
            return;
        }
        if closed {
            if !in_svg {
                self.fault(&format!("<{name}/> closes nothing in HTML"));
            }
            return;
        }
        self.open.push(place);
        if TEXT_ONLY.contains(&name.as_str()) && !in_svg {
            let end = self.rest.find(&format!("</{name}>")).unwrap_or(self.rest.len());
            self.text(end);
        }
    }

    fn line(&self) -> usize {
        let read = self.whole.len() - self.rest.len();
        self.whole[..read].matches('\n').count() + 1
    }

    fn fault(&mut self, what: &str) {
        let line = self.line();
        self.page.faults.push(format!("line {line}: {what}"));
    }
}

type Tag = (String, Vec<(String, String)>, bool, usize);

/// Reads a start tag after its `<`: name, attributes, whether it ends in `/>`, and its length.
fn tag(text: &str) -> Option<Tag> {
    let name_end = text.find(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/')?;
    let name = &text[..name_end];
    if name.is_empty() || !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let mut attributes = Vec::new();
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((name.to_owned(), attributes, true, text.len() - after.len()));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((name.to_owned(), attributes, false, text.len() - after.len()));
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '>' | '/'))?;
        if end == 0 {
            return None;
        }
        let attribute = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let close = after.find('"')?;
            value = after[..close].to_owned();
            rest = &after[close + 1..];
        } else if rest.starts_with('=') {
            // Unquoted values are how a variable breaks out of its attribute.
            return None;
        }
        attributes.push((attribute, value));
    }
}
