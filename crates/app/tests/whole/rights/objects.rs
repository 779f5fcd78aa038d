//! The same table seen from the other two sides: by object (ordinary, protected, erased) and by field of a resident.
//!
//! Owns: what each role is answered about one resident on every page that can speak of her alone. Does not own: which routes there are
//! (the table of routes). What a newcomer gets wrong: asking about somebody protected after the glass is broken. Each role breaks
//! it for itself, and only then is asked again.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use iljari_base::Actor;
use iljari_people::Cx;
use iljari_people::residents::{self, EraseReason};
use iljari_web::local::query_value;

use super::super::town::Town;
use super::people::{self, Known, People, Role};
use super::turned_away;

/// The page that a person reads is what the test holds the program to.
const PAGE: &str = include_str!("../../../../../docs/rights.md");

/// What stands of a resident, in the order of the page's columns.
const OBJECTS: [&str; 4] = ["ordinary", "protected", "protected, glass broken", "erased"];

/// What is asked for: the word of the page, the method, the address, what is typed.
type Asked = (&'static str, Method, String, String);

fn asked(it: &Known) -> Vec<Asked> {
    let (card, application) =
        (format!("/office/residents/{}", it.resident), format!("/office/calls/{}/applications/{}", it.call, it.app));
    let get = |word, path: String| (word, Method::GET, path, String::new());
    let post = |word, path: String, body: String| (word, Method::POST, path, body);
    vec![
        get("card", card.clone()),
        post("card, opened", format!("{card}/open"), "why=contact".to_owned()),
        get("form of her data", format!("{card}/change")),
        get("who looked", format!("{card}/looked")),
        get("application", application.clone()),
        get("receipt", format!("{application}/receipt")),
        get("result", format!("{application}/result")),
        get("list of applications", format!("/office/calls/{}/applications?find={:04}", it.call, it.app)),
        post(
            "search",
            "/office/residents/find".to_owned(),
            format!("name={}&birth={}", query_value(&it.name), it.birth),
        ),
        post(
            "look-up list",
            format!("/office/calls/{}/lookup/list", it.call),
            format!("format=csv&reason={}", query_value("자격 조회 의뢰(예시)")),
        ),
    ]
}

/// What one role was answered, in the words of the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Away,
    NotThere,
    Refused,
    Shown(BTreeSet<&'static str>),
}

async fn answer(town: &Town, people: &People, role: &Role, it: &Known, asked: &Asked) -> Answer {
    let (word, method, path, body) = asked;
    let got = town.ask(&town.both, method, path, &[("cookie", &role.cookie)], body).await;
    assert!(!got.status.is_server_error(), "{word} as {}: {}", role.name, got.status);
    let mut seen = people.seen(std::slice::from_ref(it), &got.text());
    if *word == "search" {
        // What was typed stands in the form again.
        seen.retain(|field| !["name", "birth"].contains(field));
    }
    match got.status {
        _ if turned_away(&got) => Answer::Away,
        StatusCode::NOT_FOUND => Answer::NotThere,
        StatusCode::UNPROCESSABLE_ENTITY if seen.is_empty() => Answer::Refused,
        _ => Answer::Shown(seen),
    }
}

/// One line: who is shown what, who is told that it is not there, who is turned away.
fn line(object: &str, word: &str, answers: &[(&'static str, Answer)]) -> String {
    let mut groups: BTreeMap<&Answer, Vec<&str>> = BTreeMap::new();
    for (role, answer) in answers {
        groups.entry(answer).or_default().push(role);
    }
    let of = |answer: &Answer| groups.get(answer).map_or_else(|| "–".to_owned(), |roles| roles.join(", "));
    let shown = groups.iter().filter_map(|(answer, roles)| match answer {
        Answer::Shown(fields) if fields.is_empty() => Some(format!("{}: nothing of her", roles.join(", "))),
        Answer::Shown(fields) => {
            Some(format!("{}: {}", roles.join(", "), fields.iter().copied().collect::<Vec<_>>().join(" + ")))
        }
        Answer::Refused => Some(format!("{}: refused", roles.join(", "))),
        _ => None,
    });
    let shown: Vec<String> = shown.collect();
    let shown = if shown.is_empty() { "–".to_owned() } else { shown.join("; ") };
    format!("| {object} | {word} | {shown} | {} | {} |", of(&Answer::NotThere), of(&Answer::Away))
}

/// The rows of the table below a heading of the page.
fn rows_below(heading: &str) -> BTreeSet<String> {
    let (_, below) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = below.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    rows.map(str::to_owned).collect()
}

/// Says what is true where the page says something else.
fn holds(heading: &str, found: &[String]) {
    let decided = rows_below(heading);
    let true_ones: BTreeSet<String> = found.iter().cloned().collect();
    assert!(decided == true_ones, "docs/rights.md, {heading}, is so:\n{}\n", found.join("\n"));
}

#[tokio::test]
async fn every_object_and_every_field_of_a_resident_is_decided_for_every_role() {
    let town = Town::fresh().await;
    let people = People::of(&town, [""; 3]).await;
    let roles: Vec<Role> = people::roles(&town).await.into_iter().filter(|role| !role.cookie.is_empty()).collect();
    // Both of the open call, where the clerk's department screens; the erased one is of the call that is over.
    let [ordinary, protected, erased] = [&people.ordinary[1], &people.protected[1], &people.ordinary[0]];
    // She was written down twice; the other record would answer for her.
    for resident in [&erased.resident, &people.pair[1]] {
        erase(&town, resident).await;
    }
    let (mut lines, mut by_field) = (Vec::new(), BTreeMap::<&str, [BTreeSet<&str>; 4]>::new());
    for (nth, (object, it)) in OBJECTS.into_iter().zip([ordinary, protected, protected, erased]).enumerate() {
        if object.ends_with("glass broken") {
            for role in &roles {
                let path = format!("/office/residents/{}/break-glass", it.resident);
                let typed = format!("why=case&remark={}", query_value("심사를 해야 합니다(예시)"));
                town.ask_as(&role.cookie, &Method::POST, &path, &typed).await;
            }
        }
        for asked in asked(it) {
            let mut answers = Vec::new();
            for role in &roles {
                let answer = answer(&town, &people, role, it, &asked).await;
                if let Answer::Shown(fields) = &answer {
                    for field in fields {
                        by_field.entry(*field).or_default()[nth].insert(role.name);
                    }
                }
                answers.push((role.name, answer));
            }
            lines.push(line(object, asked.0, &answers));
        }
    }
    let fields: Vec<String> = by_field
        .iter()
        .map(|(field, seen)| {
            let cells = seen.each_ref().map(|roles| {
                if roles.is_empty() { "–".to_owned() } else { roles.iter().copied().collect::<Vec<_>>().join(", ") }
            });
            format!("| {field} | {} |", cells.join(" | "))
        })
        .collect();
    // Whatever the page says: of somebody protected or erased nobody is told who she is, and no other district reads of anybody.
    for (field, seen) in &by_field {
        assert!(!seen.iter().any(|roles| roles.contains(people::ELSEWHERE)), "{field} in another district");
        let personal = people::PERSONAL.contains(field);
        let told = seen[1].union(&seen[3]).copied().collect::<Vec<_>>().join(", ");
        assert!(
            !personal || told.is_empty(),
            "{field} of somebody protected or erased to {told}:\n{}\n",
            lines.join("\n")
        );
    }
    holds("By object", &lines);
    holds("By field", &fields);
}

async fn erase(town: &Town, resident: &str) {
    let cx = Cx::inside(&town.office, Actor::Demo, "99001".parse().expect("a code"));
    let id = resident.parse().expect("an id");
    let erasing = town
        .office
        .store
        .write(move |tx| Box::pin(async move { residents::erase(tx, &cx, id, EraseReason::Asked).await }));
    erasing.await.expect("erased");
}
