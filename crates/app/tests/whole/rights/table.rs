//! The lines of `docs/rights.md`.

use std::fmt;

use iljari_web::Audience;

use super::people::Role;

/// The word for everybody.
pub const ANYBODY: &str = "누구나";

/// The page that a person reads is what the tests hold the program to.
const PAGE: &str = include_str!("../../../../../docs/rights.md");

/// One route: who opens it, whose things it opens, which fields of a resident it shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub route: String,
    pub method: String,
    pub who: String,
    pub whose: String,
    pub shows: String,
    pub protected: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, route, who, whose, shows, protected } = self;
        write!(f, "| {method} | `{route}` | {who} | {whose} | {shows} | {protected} |")
    }
}

/// Every line of the page's tables that begins with a method.
pub fn lines() -> Vec<Line> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| GET |") || line.starts_with("| POST |"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [method, route, who, whose, shows, protected] = cells[..] else { panic!("six cells: {line}") };
        let route = route.trim_matches('`');
        let [method, route, who, whose, shows, protected] =
            [method, route, who, whose, shows, protected].map(ToOwned::to_owned);
        Line { route, method, who, whose, shows, protected }
    })
    .collect()
}

/// Who may open a route, in the word of the page.
pub fn audience(row: Audience) -> String {
    match row {
        Audience::Public => ANYBODY.to_owned(),
        Audience::SignedIn => "담당자".to_owned(),
        Audience::Officer(duty) => duty.korean().to_owned(),
    }
}

/// Whether somebody gets past the door.
pub fn admits(row: Audience, role: &Role) -> bool {
    match row {
        Audience::Public => true,
        Audience::SignedIn => !role.cookie.is_empty(),
        Audience::Officer(duty) => role.duties.contains(&duty),
    }
}
