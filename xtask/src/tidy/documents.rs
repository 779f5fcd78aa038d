//! The paths that our documents name.
//!
//! Owns that they exist. It does not judge prose. What a newcomer gets wrong: a path in backticks
//! is a promise; something that is only an example gets angle brackets, as in `<slice>/store.rs`.

use super::Problem;
use super::tree::{Tree, problem};

/// The documents whose paths are promises.
const DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "README.ko.md", "SECURITY.md"];

/// Endings by which a word without a slash is known to be a file.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".html", ".yaml", ".css", ".js"];

/// Made by running the commands, so absent from a fresh clone.
const MADE_LATER: &[&str] = &["target/", "data/", "keys/", "published/"];

/// Every path in backticks exists, and so does every file that a document links to.
pub fn paths_exist(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let pages = tree
        .files
        .iter()
        .filter(|(path, _)| DOCUMENTS.contains(&path.as_str()) || path.starts_with("docs/"))
        .filter(|(path, _)| path.ends_with(".md"));
    for (page, text) in pages {
        let promised = DOCUMENTS.contains(&page.as_str());
        let mut fenced = false;
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            let quoted = line.split('`').skip(1).step_by(2).filter(|word| promised && is_path(word));
            for path in quoted.filter(|path| !exists(tree, path)) {
                problems.push(problem(page, number + 1, format!("`{path}` does not exist")));
            }
            for target in links(line) {
                if !tree.exists(&beside(page, target)) {
                    problems.push(problem(page, number + 1, format!("links to {target}, which does not exist")));
                }
            }
        }
    }
    problems
}

/// Whether a word in backticks is a path from the root: it has a slash or a file's ending, and
/// nothing in it that a path of ours would not have. Web addresses and URL paths are not.
fn is_path(word: &str) -> bool {
    let plain = !word.is_empty()
        && !word.starts_with(['/', '-', '~'])
        && word.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c));
    let looks = word.contains('/') || ENDINGS.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len());
    plain && looks && !MADE_LATER.iter().any(|made| word.starts_with(made))
}

/// Whether what is named exists. A bare file name is fine when some folder has such a file.
fn exists(tree: &Tree, path: &str) -> bool {
    let bare = !path.contains('/');
    tree.exists(path) || bare && tree.files.keys().any(|file| file.ends_with(&format!("/{path}")))
}

/// The targets of a line's links that stay in the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with('/'))
}

/// A link's target as a path from the root, given the page that it stands on.
fn beside(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_gone_is_a_problem_at_its_line() {
        let tree = Tree::of(&[
            ("ARCHITECTURE.md", "# A\nSee `crates/base/` and `crates/gone/src/lib.rs`, run `cargo xtask ci`.\n"),
            (
                "CONTRIBUTING.md",
                "`docs/<page>.md` `/districts/{code}` `lib.rs` `gone.toml`\n```\n`crates/in/a/fence`\n```\n",
            ),
            ("crates/base/src/lib.rs", ""),
        ]);
        let found: Vec<(String, usize)> = paths_exist(&tree).into_iter().map(|p| (p.file, p.line)).collect();
        assert_eq!(found, [("ARCHITECTURE.md".to_owned(), 2), ("CONTRIBUTING.md".to_owned(), 1)]);
    }

    #[test]
    fn a_dead_link_is_a_problem_in_every_document() {
        let tree = Tree::of(&[
            ("docs/adr/0001-a.md", "[up](../../README.md) [dead](0002-b.md) [web](https://example.org/x)"),
            ("README.md", ""),
        ]);
        let found = paths_exist(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("0002-b.md"));
    }
}
