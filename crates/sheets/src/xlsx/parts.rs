//! Which parts a workbook has, and which it must not have.
//!
//! Owns the relationships between parts, the list of tabs, the shared texts, and the refusal of everything
//! that is more than cells: macros, links to other files, connections, embedded objects. What a newcomer
//! gets wrong: following a relationship to the outside. None is followed; all but hyperlinks are refused.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::xml::{Xml, attribute, plain_text};
use crate::container::Container;
use crate::limits::Limits;
use crate::no::No;

/// The parts of a workbook, by their entries.
pub(crate) struct Workbook {
    pub tabs: Vec<Tab>,
    pub strings: Option<usize>,
    pub styles: Option<usize>,
    pub from_1904: bool,
}

/// A tab.
pub(crate) struct Tab {
    pub name: String,
    pub hidden: bool,
    /// Where its cells are; `None` for a chart.
    pub part: Option<usize>,
}

/// A relationship: its kind's last word, and the part it leads to.
struct Relation {
    kind: String,
    target: String,
}

const MACRO: No = No::Active("매크로가");
const LINK: No = No::Active("외부 연결이");
const OBJECT: No = No::Active("삽입 개체가");

impl Workbook {
    pub(crate) fn open(container: &Container<'_>) -> Result<Self, No> {
        refuse_by_name(container)?;
        content_types(container)?;
        for entry in container.entries().iter().filter(|entry| entry.name.ends_with(".rels")) {
            relations(container, &entry.name)?;
        }
        let missing = || No::Broken { part: "_rels/.rels".into(), why: "통합 문서를 찾을 수 없음" };
        let root = relations(container, "_rels/.rels")?;
        let main = root.values().find(|relation| relation.kind == "officeDocument").ok_or_else(missing)?;
        let path = main.target.clone();
        let index = container.find(&path).ok_or_else(missing)?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = relations(container, &format!("{folder}/_rels/{file}.rels"))?;
        let part_of = |kind: &str| {
            let found = relations.values().find(|relation| relation.kind == kind);
            found.and_then(|relation| container.find(&relation.target))
        };
        let mut book =
            Self { tabs: Vec::new(), strings: part_of("sharedStrings"), styles: part_of("styles"), from_1904: false };
        container.with_part(index, |input| {
            let mut xml = Xml::new(&path, input);
            loop {
                let broken = xml.broken("속성을 읽을 수 없음");
                match xml.next()? {
                    Event::Eof => return Ok(()),
                    Event::Start(element) => {
                        let value = |name: &str| attribute(&element, name).map_err(|()| broken.clone());
                        match element.local_name().as_ref() {
                            "workbookPr" => {
                                book.from_1904 = matches!(value("date1904")?.as_deref(), Some("1" | "true"));
                            }
                            "externalReference" => return Err(LINK),
                            "sheet" => {
                                let (name, id) = (value("name")?, value(":id")?);
                                let (Some(name), Some(id)) = (name, id) else { return Err(broken) };
                                let relation = relations.get(&id).ok_or_else(|| broken.clone())?;
                                let part = match relation.kind.as_str() {
                                    "worksheet" => {
                                        Some(container.find(&relation.target).ok_or_else(|| broken.clone())?)
                                    }
                                    _ => None,
                                };
                                let hidden = matches!(value("state")?.as_deref(), Some("hidden" | "veryHidden"));
                                book.tabs.push(Tab { name, hidden, part });
                            }
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
        })?;
        let mut seen: Vec<_> = book.tabs.iter().filter_map(|tab| tab.part).collect();
        seen.sort_unstable();
        let mut names: Vec<_> = book.tabs.iter().map(|tab| tab.name.to_lowercase()).collect();
        names.sort_unstable();
        if book.tabs.is_empty()
            || seen.windows(2).any(|pair| pair[0] == pair[1])
            || names.windows(2).any(|pair| pair[0] == pair[1])
        {
            return Err(No::Broken { part: path, why: "시트 목록이 올바르지 않음" });
        }
        Ok(book)
    }
}

/// Parts that no sheet of cells needs, by where they lie.
fn refuse_by_name(container: &Container<'_>) -> Result<(), No> {
    for entry in container.entries() {
        let name = entry.name.to_lowercase();
        let under = |folder: &str| name.contains(folder);
        let binary = name.ends_with(".bin") && !under("printersettings");
        if under("vbaproject") || under("/macrosheets/") || under("/dialogsheets/") || under("customui") {
            return Err(MACRO);
        }
        if under("/externallinks/") || name.ends_with("/connections.xml") || under("/querytables/") || under("/model/")
        {
            return Err(LINK);
        }
        if under("/embeddings/") || under("/activex/") || under("/webextensions/") || binary {
            return Err(OBJECT);
        }
    }
    Ok(())
}

fn content_types(container: &Container<'_>) -> Result<(), No> {
    const PART: &str = "[Content_Types].xml";
    let index = container.find(PART).ok_or(No::Broken { part: PART.into(), why: "없음" })?;
    container.with_part(index, |input| {
        let mut xml = Xml::new(PART, input);
        loop {
            let broken = xml.broken("속성을 읽을 수 없음");
            match xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start(element) => {
                    let kind = attribute(&element, "ContentType").map_err(|()| broken)?.unwrap_or_default();
                    let kind = kind.to_lowercase();
                    if kind.contains("macroenabled") || kind.contains("vbaproject") {
                        return Err(MACRO);
                    }
                }
                _ => {}
            }
        }
    })
}

/// The relationships of a part, by id; none where it has none.
fn relations(container: &Container<'_>, path: &str) -> Result<BTreeMap<String, Relation>, No> {
    let path = path.trim_start_matches('/');
    let Some(index) = container.find(path) else { return Ok(BTreeMap::new()) };
    let folder = path.rsplit_once("_rels/").map_or("", |(folder, _)| folder);
    container.with_part(index, |input| {
        let mut xml = Xml::new(path, input);
        let mut found = BTreeMap::new();
        loop {
            let broken = xml.broken("속성을 읽을 수 없음");
            match xml.next()? {
                Event::Eof => return Ok(found),
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    let value = |name: &str| attribute(&element, name).map_err(|()| broken.clone());
                    let (id, kind, target) = (value("Id")?, value("Type")?, value("Target")?);
                    let (Some(id), Some(kind), Some(target)) = (id, kind, target) else { return Err(broken) };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    refuse_relation(&kind, value("TargetMode")?.as_deref() == Some("External"))?;
                    let target = resolved(folder, &target);
                    if found.insert(id, Relation { kind, target }).is_some() {
                        return Err(broken);
                    }
                }
                _ => {}
            }
        }
    })
}

fn refuse_relation(kind: &str, external: bool) -> Result<(), No> {
    let kind = kind.to_lowercase();
    match kind.as_str() {
        "vbaproject" | "xlmacrosheet" | "xlintlmacrosheet" | "dialogsheet" | "attachedtoolbars" => Err(MACRO),
        "externallink" | "externallinkpath" | "connections" | "querytable" | "attachedtemplate" => Err(LINK),
        "oleobject" | "package" | "control" | "activexcontrolbinary" => Err(OBJECT),
        _ if external && kind != "hyperlink" => Err(LINK),
        _ => Ok(()),
    }
}

/// A target seen from the root: `../a.xml` from `xl/worksheets/` is `xl/a.xml`.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/').filter(|step| !step.is_empty() && *step != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}

/// The texts that cells share. The count that the part declares is not looked at.
pub(super) fn shared_strings(container: &Container<'_>, index: usize, limits: &Limits) -> Result<Vec<String>, No> {
    container.with_part(index, |input| {
        let mut xml = Xml::new("xl/sharedStrings.xml", input);
        let (mut strings, mut text, mut bytes) = (Vec::new(), String::new(), 0);
        // Inside an item, inside its text, inside the reading aid that East Asian texts may carry.
        let (mut item, mut inside, mut aid) = (false, false, false);
        loop {
            let broken = xml.broken("글자를 읽을 수 없음");
            match xml.next()? {
                Event::Eof => return Ok(strings),
                Event::Start(element) => match element.local_name().as_ref() {
                    "si" => item = true,
                    "rPh" => aid = true,
                    "t" => inside = item && !aid,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "si" => {
                        item = false;
                        bytes += text.len();
                        if bytes > limits.text_bytes || strings.len() >= limits.cells {
                            return Err(No::TooMuchText);
                        }
                        strings.push(unescaped(std::mem::take(&mut text)));
                    }
                    "rPh" => aid = false,
                    "t" => inside = false,
                    _ => {}
                },
                event if inside => {
                    if let Some(piece) = plain_text(&event).map_err(|()| broken)? {
                        text.push_str(&piece);
                    }
                    if text.len() > limits.text_bytes {
                        return Err(No::TooMuchText);
                    }
                }
                _ => {}
            }
        }
    })
}

/// A text without the escapes `_x000D_` that workbooks use for letters XML cannot hold.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let letter = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match letter.filter(|_| rest.get(at + 6..at + 7) == Some("_")) {
            Some(letter) => {
                if !letter.is_control() || matches!(letter, '\n' | '\t') {
                    out.push(letter);
                }
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_the_root_and_never_above_it() {
        assert_eq!(resolved("xl/", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl/worksheets/", "../sharedStrings.xml"), "xl/sharedStrings.xml");
        assert_eq!(resolved("xl/", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolved("", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn escaped_letters_are_read_and_look_alikes_are_left() {
        assert_eq!(unescaped("가_x000D__x000A_나".into()), "가\n나");
        assert_eq!(unescaped("a_x005F_x000A_".into()), "a_x000A_");
        assert_eq!(unescaped("a_xZZZZ_ _x00 _x".into()), "a_xZZZZ_ _x00 _x");
    }
}
