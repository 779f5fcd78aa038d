//! The page of keys against the key folder of an office at work.

use std::path::Path;

use axum::http::Method;
use iljari_base::Actor;
use iljari_ledger::seal;

use super::town::Town;

/// The page that a person reads is what the test holds the program to.
const PAGE: &str = include_str!("../../../../docs/reference/keys.md");

/// The files of the page, in pieces around what differs: a district, a day, an id, a work.
fn patterns() -> Vec<Vec<&'static str>> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|rest| rest.split('`').next());
    rows.map(|name| name.split(|letter: char| letter.is_ascii_uppercase()).filter(|part| !part.is_empty()).collect())
        .collect()
}

/// Whether a file's name is made of these pieces in their order, with something between them.
fn fits(name: &str, pieces: &[&str]) -> bool {
    let mut rest = name;
    for (nth, piece) in pieces.iter().enumerate() {
        let found = if nth == 0 { rest.strip_prefix(piece) } else { rest.split_once(piece).map(|(_, rest)| rest) };
        match found {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

#[tokio::test]
async fn every_file_in_the_key_folder_has_its_line_in_the_page_of_keys() {
    let town = Town::fresh().await;
    // Somebody signs in, pages through a list, writes a resident down and seals: every kind of key is made.
    town.sign_in("최모형").await;
    town.ask(&town.both, &Method::GET, "/api/v1/districts/99001/entries?limit=1", &[], "").await;
    seal::seal(&town.office, &"99001".parse().expect("a code"), Actor::System).await.expect("sealed");
    let folder: &Path = &town.office.keys;
    let names: Vec<String> = iljari_store::files::list(folder)
        .expect("listed")
        .iter()
        .map(|path| path.strip_prefix(folder).expect("below it").display().to_string())
        .collect();
    let patterns = patterns();
    assert!(patterns.len() >= 9, "{patterns:?}");
    for kind in ["log-99001.key", "people.key", "cursor.key", "log-99001.signed"] {
        assert!(names.iter().any(|name| name == kind), "{kind} is not there: {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("residents/")), "{names:?}");
    for name in &names {
        assert!(patterns.iter().any(|pieces| fits(name, pieces)), "{name} has no line in docs/reference/keys.md");
    }
    assert!(!patterns.iter().any(|pieces| fits("other.key", pieces)), "not everything has a line");
}
