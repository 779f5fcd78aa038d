//! The addresses that pages and style sheets name, read and turned.
//!
//! Owns: finding `href` and `src` inside tags. Does not own: where they lead (`address`).
//! What a newcomer gets wrong: replacing text everywhere. A script's own words are not links, and a
//! changed script is another script.

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// It stays as it is.
    Keep,
    /// It leads here.
    To(String),
    /// There is nothing to lead to: the words stay, the link goes.
    Drop,
}

/// A piece of a page.
enum Piece<'h> {
    /// Text, a comment, or what stands inside a script.
    Text(&'h str),
    /// A tag with its angle brackets.
    Tag(&'h str),
}

/// Every address a page names, as it means it.
pub fn of_page(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces(html) {
        if let Piece::Tag(tag) = piece {
            found.extend(attributes(tag).into_iter().map(|(_, _, value)| unescaped(value)));
        }
    }
    found
}

/// Every address a style sheet names.
pub fn of_style(css: &str) -> Vec<String> {
    let inside = |rest: &str| Some(rest.split_once(')')?.0.trim_matches(['"', '\'', ' ']).to_owned());
    css.split("url(").skip(1).filter_map(inside).collect()
}

/// The page with every link turned.
pub fn turned(html: &str, turn: impl Fn(&str) -> Turn) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Tag(tag) => {
                let mut from = 0;
                for (start, end, value) in attributes(tag) {
                    let (before, attribute) = (tag.get(from..start), tag.get(start..end));
                    out.push_str(before.unwrap_or_default());
                    match turn(&unescaped(value)) {
                        Turn::Keep => out.push_str(attribute.unwrap_or_default()),
                        Turn::To(to) => {
                            let name = attribute.and_then(|text| text.split('=').next()).unwrap_or_default();
                            out.push_str(&format!("{name}=\"{to}\""));
                        }
                        Turn::Drop => {}
                    }
                    from = end;
                }
                out.push_str(tag.get(from..).unwrap_or_default());
            }
        }
    }
    out
}

/// Cuts a page into tags and everything else.
fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, from_tag) = rest.split_at(at);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        if from_tag.starts_with("<!--") {
            let end = from_tag.find("-->").map_or(from_tag.len(), |end| end + 3);
            let (comment, after) = from_tag.split_at(end);
            pieces.push(Piece::Text(comment));
            rest = after;
            continue;
        }
        let (tag, after) = from_tag.split_at(end_of_tag(from_tag));
        pieces.push(Piece::Tag(tag));
        rest = after;
        for raw in ["script", "style"] {
            let opens = tag.strip_prefix('<').is_some_and(|name| {
                name.strip_prefix(raw).is_some_and(|after| after.starts_with([' ', '>', '\n', '\t']))
            });
            if opens {
                let end = rest.find(&format!("</{raw}")).unwrap_or(rest.len());
                let (words, after) = rest.split_at(end);
                pieces.push(Piece::Text(words));
                rest = after;
            }
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// One past the `>` that ends the tag at the start; quotes may hold one.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The `href` and `src` of a tag: from where to where in it, and the value as written.
fn attributes(tag: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    for name in [" href=\"", " src=\""] {
        let mut from = 0;
        while let Some(at) = tag.get(from..).and_then(|rest| rest.find(name)) {
            let start = from + at;
            let value_at = start + name.len();
            let Some(length) = tag.get(value_at..).and_then(|rest| rest.find('"')) else { break };
            let end = value_at + length + 1;
            // Inside another attribute's quotes it is only text.
            let quotes = tag.get(..start).unwrap_or_default().matches('"').count();
            if quotes % 2 == 0 {
                found.push((start, end, tag.get(value_at..end - 1).unwrap_or_default()));
            }
            from = end;
        }
    }
    found.sort_unstable();
    found
}

fn unescaped(value: &str) -> String {
    value.replace("&#38;", "&").replace("&#x26;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head><link rel=\"icon\" href=\"/a.svg\"></head><body><!-- <a href=\"/no\"> -->\
        <a title=\"x href=\" class=\"y\" href=\"/plan?a=1&#38;b=2#top\">말</a><a href=\"/gone\">없는 곳</a>\
        <script>const a = '<a href=\"/script\">';</script><img src=\"/b.png\" alt=\"\"></body>";

    #[test]
    fn links_are_found_in_tags_and_nowhere_else() {
        assert_eq!(of_page(PAGE), ["/a.svg", "/plan?a=1&b=2#top", "/gone", "/b.png"]);
        assert_eq!(of_style("a{src:url(\"fonts/x.woff2\")}b{background:url(data:,x)}"), ["fonts/x.woff2", "data:,x"]);
    }

    #[test]
    fn a_turned_page_differs_only_in_its_links() {
        let turn = |link: &str| match link {
            "/gone" => Turn::Drop,
            "/a.svg" => Turn::Keep,
            other => Turn::To(other.replace(['/', '?', '&', '='], "-")),
        };
        let page = turned(PAGE, turn);
        assert!(page.contains("<link rel=\"icon\" href=\"/a.svg\">"), "{page}");
        assert!(page.contains("class=\"y\" href=\"-plan-a-1-b-2#top\">말</a><a>없는 곳</a>"), "{page}");
        assert!(page.contains("'<a href=\"/script\">'") && page.contains("<!-- <a href=\"/no\"> -->"), "{page}");
        assert!(page.contains("<img src=\"-b.png\" alt=\"\">"), "{page}");
        assert_eq!(turned(PAGE, |_| Turn::Keep), PAGE);
    }
}
