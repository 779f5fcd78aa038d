//! What the pages about threats and requirements claim, held against the tests.
//!
//! Owns that a test named there exists, and that each row says what holds it: a test, a reason why it does not
//! concern us, or that it is not met. It does not judge whether the test is a good one. A newcomer renames a test and
//! forgets the page that leans on it.

use std::collections::BTreeSet;

use super::Problem;
use super::tree::{Tree, problem};

/// The pages, and how many rows each must have at least: a page that lost its table promises nothing.
const PAGES: &[(&str, usize)] = &[("docs/asvs.md", 263), ("docs/bad-inputs.md", 50), ("docs/threats.md", 39)];

/// The words with which a cell says that no test holds the row, and why.
const INSTEAD: &[&str] = &["reason: ", "not met: ", "partly: "];

/// Every test that a row names exists, every row names one or says why not, and none stands twice.
pub fn hold(tree: &Tree) -> Vec<Problem> {
    let tests = tests(tree);
    let mut problems = Vec::new();
    for (page, least) in PAGES {
        let Some(text) = tree.files.get(*page) else {
            problems.push(problem(page, 0, "does not exist"));
            continue;
        };
        let mut rows = BTreeSet::new();
        for (number, line) in text.lines().enumerate() {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let is_row = line.starts_with("| ") && cells.first().is_some_and(|first| is_number(first));
            if !is_row {
                continue;
            }
            let (first, held) = (cells.first().copied().unwrap_or_default(), cells.last().copied().unwrap_or_default());
            if !rows.insert(first) {
                problems.push(problem(page, number + 1, format!("{first} stands twice")));
            }
            let named: Vec<&str> = held.split('`').skip(1).step_by(2).filter(|word| is_test_name(word)).collect();
            for name in named.iter().filter(|name| !tests.contains(**name)) {
                problems.push(problem(page, number + 1, format!("there is no test `{name}`")));
            }
            if named.is_empty() && !INSTEAD.iter().any(|word| held.contains(word)) {
                let message = format!("{first} names no test and does not say `reason:`, `partly:` or `not met:`");
                problems.push(problem(page, number + 1, message));
            }
        }
        if rows.len() < *least {
            problems.push(problem(page, 0, format!("has {} rows of {least}", rows.len())));
        }
    }
    problems
}

/// `T-07`, `S-04`, `V2.3.5`, `b.1.13`.
fn is_number(text: &str) -> bool {
    let rest = ["T-", "S-", "V", "b."].iter().find_map(|letter| text.strip_prefix(letter)).unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// A test's name is a sentence: four words at least.
fn is_test_name(word: &str) -> bool {
    word.matches('_').count() >= 3 && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The functions below a test attribute, whatever else stands between.
fn tests(tree: &Tree) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for (_, source) in tree.rust() {
        let mut waits = false;
        for line in source.lines().map(str::trim) {
            if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
                waits = true;
            } else if waits && let Some(name) = name_of(line) {
                found.insert(name);
                waits = false;
            }
        }
    }
    found
}

fn name_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    rest.strip_prefix("fn ")?.split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "#[tokio::test(flavor = \"current_thread\")]\n#[expect(x)]\nasync fn what_holds_is_tested() {}\n\
        #[test]\nfn another_thing_holds_too() {}\nfn no_test_of_any_kind() {}\n";

    fn told(threats: &str) -> Vec<String> {
        let tree = Tree::of(&[("docs/threats.md", threats), ("crates/a/src/lib.rs", SOURCE)]);
        let all = hold(&tree).iter().map(ToString::to_string).collect::<Vec<_>>();
        all.into_iter().filter(|it| !it.contains(" rows of ") && !it.ends_with("does not exist")).collect()
    }

    #[test]
    fn a_row_needs_a_test_that_exists_or_a_reason() {
        let sound = "| T-01 | a | `what_holds_is_tested`, `another_thing_holds_too` |\n\
            | T-02 | b | reason: nothing of the kind exists |\n| Number | | |\n| V1.2.10 | c | not met: later |\n";
        assert_eq!(told(sound), Vec::<String>::new());
        assert_eq!(
            told("| T-01 | a | `no_test_of_any_kind` |\n| T-02 | b | |\n| T-02 | b | reason: none |\n"),
            [
                "docs/threats.md:1: there is no test `no_test_of_any_kind`",
                "docs/threats.md:2: T-02 names no test and does not say `reason:`, `partly:` or `not met:`",
                "docs/threats.md:3: T-02 stands twice",
            ]
        );
    }

    #[test]
    fn a_page_that_lost_its_rows_is_a_problem() {
        let found: Vec<String> = hold(&Tree::of(&[("docs/threats.md", "")])).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["docs/asvs.md: does not exist", "docs/bad-inputs.md: does not exist", "docs/threats.md: has 0 rows of 39"]
        );
    }
}
