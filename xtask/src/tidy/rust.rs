//! Just enough of Rust's grammar to tell code, comments and string literals apart.
//!
//! Owns that distinction and where a file's tests begin. It does not parse. A newcomer expects a
//! parser crate: the rules ask "is this word inside a string?", and a hundred lines answer that.

/// What a stretch of a Rust file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything that is neither of the others.
    Code,
    /// A line or block comment.
    Comment,
    /// A string literal, with its quotes.
    Text,
}

/// A stretch of a Rust file.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: Kind,
    /// The line it starts on, counted from one.
    pub line: usize,
    /// The stretch itself.
    pub text: &'a str,
}

/// Cuts a Rust file into its pieces, nothing left out.
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut at, mut code_from, mut line) = (0, 0, 1);
    let mut push = |kind, text: &str, from: usize, to: usize| {
        if from < to {
            pieces.push((kind, line, from, to));
            line += text[from..to].matches('\n').count();
        }
    };
    while at < source.len() {
        let rest = &source[at..];
        let found = match literal_or_comment(rest, previous(source, at)) {
            Some(found) => found,
            None => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        let (kind, length) = found;
        let end = (at + length).min(source.len());
        if kind != Kind::Code {
            push(Kind::Code, source, code_from, at);
            push(kind, source, at, end);
            code_from = end;
        }
        at = end;
    }
    push(Kind::Code, source, code_from, source.len());
    pieces.into_iter().map(|(kind, line, from, to)| Piece { kind, line, text: &source[from..to] }).collect()
}

/// The pieces of a file that are not its tests.
///
/// Tests stand at the end of a file, in a module behind `#[cfg(test)]`, or in a file of their own.
pub fn product_pieces<'a>(path: &str, source: &'a str) -> Vec<Piece<'a>> {
    let of_tests = path
        .split('/')
        .any(|part| ["tests", "tests.rs", "testing", "testing.rs", "examples", "benches"].contains(&part));
    if of_tests {
        return Vec::new();
    }
    let end = source
        .match_indices("#[cfg(test)]")
        .find(|(at, mark)| source[at + mark.len()..].trim_start().starts_with("mod "))
        .map_or(source.len(), |(at, _)| at);
    pieces(&source[..end])
}

fn previous(source: &str, at: usize) -> Option<char> {
    source[..at].chars().next_back()
}

/// If `rest` opens with a comment, a string or a character literal: what it is and how long.
/// Character literals are told as code; they only must not be taken for the start of a string.
fn literal_or_comment(rest: &str, before: Option<char>) -> Option<(Kind, usize)> {
    if rest.starts_with("//") {
        return Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((Kind::Comment, block_comment(rest)));
    }
    if let Some(body) = rest.strip_prefix('"') {
        return Some((Kind::Text, 1 + escaped_until(body, '"')));
    }
    if let Some(body) = rest.strip_prefix('r').filter(|_| !is_inside_a_name(before)) {
        return raw_string(body).map(|length| (Kind::Text, 1 + length));
    }
    if let Some(body) = rest.strip_prefix('\'') {
        let mut chars = body.chars();
        return match (chars.next(), chars.next()) {
            (Some('\\'), _) => Some((Kind::Code, 1 + escaped_until(body, '\''))),
            (Some(c), Some('\'')) => Some((Kind::Code, 2 + c.len_utf8())),
            // A lifetime or a label: the quote alone is code.
            _ => None,
        };
    }
    None
}

/// Whether an `r` after this character belongs to a name. `br"` and `cr"` do open raw strings.
fn is_inside_a_name(before: Option<char>) -> bool {
    before.is_some_and(|c| c == '_' || (c.is_alphanumeric() && c != 'b' && c != 'c'))
}

/// The length of a raw string after its `r`, if it is one.
fn raw_string(body: &str) -> Option<usize> {
    let inside = body.trim_start_matches('#');
    let hashes = body.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&close).map_or(inside.len(), |end| end + close.len());
    Some(hashes + 1 + length)
}

/// The length up to and including the first unescaped `close`.
fn escaped_until(body: &str, close: char) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == close => return at + c.len_utf8(),
            _ => {}
        }
    }
    body.len()
}

/// The length of a block comment; they nest in Rust.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        pieces(source).into_iter().filter(|piece| piece.kind == Kind::Text).map(|piece| piece.text).collect()
    }

    #[test]
    fn strings_are_told_from_what_only_looks_like_one() {
        assert_eq!(texts(r#"let a = "one"; // "two""#), [r#""one""#]);
        assert_eq!(texts(r#"/* "a /* "b" */ */ "c""#), [r#""c""#]);
        assert_eq!(texts(r#"let q = '"'; let l: &'a str = "x\"y";"#), [r#""x\"y""#]);
        assert_eq!(texts("r#\"say \"hi\"\"# br\"z\""), ["r#\"say \"hi\"\"#", "r\"z\""]);
        assert_eq!(texts(r"let b = '\''; let c = 'r';"), [""; 0]);
        assert_eq!(texts("for_r\"한글\""), ["\"한글\""]);
    }

    #[test]
    fn nothing_is_lost_and_lines_are_counted() {
        let source = "a\n\"b\nc\"\n// d\ne";
        let all = pieces(source);
        assert_eq!(all.iter().map(|piece| piece.text).collect::<String>(), source);
        assert_eq!(all.iter().map(|piece| piece.line).collect::<Vec<_>>(), [1, 2, 3, 4, 4]);
    }

    #[test]
    fn tests_at_the_end_of_a_file_are_not_the_product() {
        let source = "fn a() {}\n#[cfg(test)]\nmod tests { const B: &str = \"x\"; }";
        assert!(product_pieces("crates/a/src/b.rs", source).iter().all(|piece| piece.kind == Kind::Code));
        assert!(product_pieces("crates/a/src/tests/b.rs", source).is_empty());
        let helper = "#[cfg(test)]\nfn h() {}\nconst C: &str = \"y\";";
        assert!(product_pieces("crates/a/src/b.rs", helper).iter().any(|piece| piece.kind == Kind::Text));
    }
}
