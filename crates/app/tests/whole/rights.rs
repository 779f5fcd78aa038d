//! Role by route by object by field (S-01): the table of `docs/rights.md` against the real router.
//!
//! Owns: that every route of the binary has a line there, and that the line is what the program does. Does not own:
//! what else a route answers (`doors`). What a newcomer gets wrong: writing a line before looking. The test prints
//! the line that is true; whether it should be is for a person to say.

mod objects;
mod people;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use iljari_app::serve;
use iljari_web::local::query_value;

use self::people::{People, Role};
use super::doors::Examples;
use super::town::{Got, Town};

pub use table::{Line, audience, lines};

/// One thing that a route is asked for.
struct Object {
    path: String,
    body: String,
    protected: bool,
}

/// What a route answered to one role.
#[derive(Default)]
struct Answered {
    /// Turned away at the door: no right to the route at all.
    away: bool,
    /// At least one object was opened.
    opened: bool,
    /// At least one object was as if it did not exist.
    missing: bool,
    /// Fields of residents that anybody may apply with, and of protected ones.
    shown: [BTreeSet<&'static str>; 2],
}

/// Acts that take from others what they may see: after everything else.
const LAST: [&str; 5] = ["/withdraw", "/protect", "/lift", "/office/sign-out", "/office/sign-in"];

/// The things of the town that a route can be asked for: somebody ordinary, and somebody protected.
fn objects(examples: &Examples, people: &People, method: &Method, pattern: &str) -> Vec<Object> {
    let one = |path: String, body: String, protected: bool| Object { path, body, protected };
    let plain = |path: String| one(path, String::new(), false);
    let typed = |who: &people::Known| format!("name={}&birth={}", query_value(&who.name), who.birth);
    if method == Method::POST && pattern == "/office/residents/find" {
        let [here, hidden] = [&people.ordinary[0], &people.protected[0]];
        return vec![
            one(pattern.to_owned(), typed(here), false),
            one(pattern.to_owned(), typed(hidden), true),
            plain(pattern.to_owned()),
        ];
    }
    if pattern == "/office/access-log/download" {
        return vec![one(
            pattern.to_owned(),
            format!("month=2026-11&reason={}", query_value("월간 점검(예시)")),
            false,
        )];
    }
    if pattern.contains("{resident}") {
        let body = if pattern.ends_with("/open") { "why=contact" } else { "" };
        let of = |known: &people::Known, protected| {
            one(pattern.replace("{resident}", &known.resident), body.to_owned(), protected)
        };
        return vec![of(&people.ordinary[0], false), of(&people.protected[0], true)];
    }
    if pattern.contains("{one}") {
        return vec![plain(pattern.replace("{one}", &people.pair[0]).replace("{other}", &people.pair[1]))];
    }
    let with_app = pattern.contains("{app}");
    if with_app
        || (pattern.starts_with("/office/calls/{no}") && !["/edit", "/places"].iter().any(|it| pattern.ends_with(it)))
    {
        let body = if pattern.ends_with("/lookup/list") {
            format!("format=csv&reason={}", query_value("자격 조회 의뢰(예시)"))
        } else {
            String::new()
        };
        let known = people.ordinary.iter().map(|it| (it, false)).chain(people.protected.iter().map(|it| (it, true)));
        let mut found: Vec<Object> = known
            .map(|(it, protected)| {
                let path = pattern.replace("{no}", &it.call.to_string()).replace("{app}", &it.app.to_string());
                one(examples.fill(&path), body.clone(), protected && with_app)
            })
            .collect();
        found.dedup_by(|one, other| one.path == other.path && !with_app);
        return found;
    }
    vec![plain(examples.fill(pattern))]
}

fn turned_away(got: &Got) -> bool {
    matches!(got.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        || (got.status == StatusCode::SEE_OTHER && got.location().starts_with("/office/sign-in?next="))
}

async fn ask(town: &Town, people: &People, role: &Role, method: &Method, objects: &[Object]) -> Answered {
    let mut answered = Answered::default();
    for object in objects {
        let mut headers: Vec<(&str, &str)> = role.headers.to_vec();
        if !role.cookie.is_empty() {
            headers.push(("cookie", &role.cookie));
        }
        let got = town.ask(&town.both, method, &object.path, &headers, &object.body).await;
        let said = format!("{method} {} as {}", object.path, role.name);
        assert!(!got.status.is_server_error(), "{said}: {}", got.status);
        let away = turned_away(&got);
        answered.away |= away;
        answered.missing |= got.status == StatusCode::NOT_FOUND;
        answered.opened |= !away && got.status != StatusCode::NOT_FOUND;
        let text = got.text();
        let (ordinary, protected) = (people.seen(&people.ordinary, &text), people.seen(&people.protected, &text));
        assert!(!away || (ordinary.is_empty() && protected.is_empty()), "{said}: turned away and told all the same");
        let typed_back = object.body.starts_with("name=");
        let not_typed = |field: &&'static str| !(typed_back && ["name", "birth"].contains(field));
        answered.shown[0].extend(ordinary.into_iter().filter(|it| object.protected || not_typed(it)));
        answered.shown[1].extend(protected.into_iter().filter(|it| !object.protected || not_typed(it)));
    }
    answered
}

/// Whose things a route opens, as its answers tell it.
fn whose(who: &str, pattern: &str, answers: &BTreeMap<&str, Answered>) -> &'static str {
    let gone = |role: &str| answers.get(role).is_some_and(|it| !it.away && it.missing && !it.opened);
    let admitted = answers.values().filter(|it| !it.away).count();
    if !pattern.starts_with("/office") {
        return if pattern.starts_with("/districts") || pattern.starts_with("/log") || pattern.starts_with("/api") {
            "published"
        } else {
            "–"
        };
    }
    if who == table::ANYBODY {
        return "–";
    }
    if answers.keys().filter(|role| gone(role)).count() == admitted {
        return "own";
    }
    match (gone(people::ELSEWHERE), gone(people::OTHER_CLERK)) {
        (true, true) => "department",
        (true, false) => "district",
        (false, true) => "?",
        (false, false) => "–",
    }
}

/// The fields that a route shows; where not every role that it admits sees one, which.
fn fields(answers: &BTreeMap<&str, Answered>, nth: usize) -> String {
    // Whoever is of another district, and whoever is told that there is nothing, sees nothing to compare.
    let inside: Vec<(&str, &Answered)> = answers
        .iter()
        .filter(|(role, it)| it.opened && **role != people::ELSEWHERE)
        .map(|(role, it)| (*role, it))
        .collect();
    let all: BTreeSet<&str> = inside.iter().flat_map(|(_, it)| it.shown[nth].iter().copied()).collect();
    let told = all.iter().map(|field| {
        let to: Vec<&str> =
            inside.iter().filter(|(_, it)| it.shown[nth].contains(field)).map(|(role, _)| *role).collect();
        if to.len() == inside.len() { (*field).to_owned() } else { format!("{field} ({})", to.join(", ")) }
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "–".to_owned() } else { told.join("; ") }
}

#[tokio::test]
async fn every_route_shows_each_role_what_the_table_of_rights_says() {
    let town = Town::fresh().await;
    let examples = Examples::of(&town).await;
    let people = People::of(&town, [""; 3]).await;
    let roles = people::roles(&town).await;
    let mut rows = serve::routes().all_rows();
    // Pages first; then the acts that show; then those that take something away.
    rows.sort_by_key(|row| {
        let last = LAST.iter().position(|last| row.path.ends_with(last)).filter(|_| row.method == Method::POST);
        (last, row.method == Method::POST)
    });
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for row in &rows {
        let objects = objects(&examples, &people, &row.method, row.path);
        let mut answers = BTreeMap::new();
        for role in &roles {
            answers.insert(role.name, ask(&town, &people, role, &row.method, &objects).await);
        }
        let who = table::audience(row.audience);
        for role in &roles {
            let admitted = table::admits(row.audience, role);
            if answers[role.name].away == admitted {
                faults.push(format!("{} {} as {}: admitted is {}", row.method, row.path, role.name, !admitted));
            }
        }
        let elsewhere = &answers[people::ELSEWHERE];
        if who != table::ANYBODY && !elsewhere.shown.iter().all(BTreeSet::is_empty) {
            faults.push(format!("{} {} shows another district {:?}", row.method, row.path, elsewhere.shown));
        }
        found.push(Line {
            method: row.method.to_string(),
            route: row.path.to_owned(),
            who: who.clone(),
            whose: whose(&who, row.path, &answers).to_owned(),
            shows: fields(&answers, 0),
            protected: fields(&answers, 1),
        });
    }
    let decided: BTreeSet<Line> = lines().into_iter().collect();
    let found: BTreeSet<Line> = found.into_iter().collect();
    let told = |lines: Vec<&Line>| lines.iter().map(|line| format!("\n{line}")).collect::<String>();
    let (new, old) = (told(found.difference(&decided).collect()), told(decided.difference(&found).collect()));
    assert_eq!(faults, Vec::<String>::new());
    assert!(new.is_empty() && old.is_empty(), "docs/rights.md\nis not what it says:{old}\nis so:{new}\n");
}

/// T-23: what residents say is shown to officers, and never taken for mark-up.
#[tokio::test]
async fn hostile_texts_in_a_form_stay_texts_on_every_page() {
    let town = Town::fresh().await;
    let examples = Examples::of(&town).await;
    let people = People::of(&town, people::PAYLOADS).await;
    let roles = people::roles(&town).await;
    let (mut pages, mut told) = (0, 0);
    for row in serve::routes().all_rows() {
        let shows = row.method == Method::GET || ["/open", "/find"].iter().any(|tail| row.path.ends_with(tail));
        for object in objects(&examples, &people, &row.method, row.path).into_iter().filter(|_| shows) {
            for role in roles.iter().filter(|role| table::admits(row.audience, role)) {
                let headers = [("cookie", role.cookie.as_str())];
                let got = town.ask(&town.both, &row.method, &object.path, &headers, &object.body).await;
                if !got.header("content-type").starts_with("text/html") {
                    continue;
                }
                let text = got.text();
                pages += 1;
                for payload in people::PAYLOADS {
                    assert!(!text.contains(payload), "{} as {} carries {payload}", object.path, role.name);
                }
                for mark_up in ["<img src=x", "<script>alert", "<b>동"] {
                    assert!(!text.contains(mark_up), "{} as {} carries {mark_up}", object.path, role.name);
                }
                let escaped = ["onerror=alert(1)", "alert(1)", "b&#62;동", "b&gt;동"];
                told += usize::from(escaped.iter().any(|part| text.contains(part)));
            }
        }
    }
    assert!(pages > 300 && told > 5, "{pages} pages, {told} of them with the texts");
}

#[test]
fn the_table_of_rights_has_each_route_once_and_nobody_outside_reads_of_anybody() {
    let lines = lines();
    let routes: BTreeSet<(&str, &str)> = lines.iter().map(|it| (it.method.as_str(), it.route.as_str())).collect();
    assert_eq!(routes.len(), lines.len(), "a route has one line");
    let personal = |shown: &str| shown.split("; ").any(|field| people::PERSONAL.iter().any(|it| field.starts_with(it)));
    for line in &lines {
        let outside = line.who == table::ANYBODY;
        assert!(!(outside && (personal(&line.shows) || line.protected != "–")), "{line}");
        // Of somebody protected nobody is shown who she is.
        assert!(!personal(&line.protected), "{line}");
    }
    assert!(lines.iter().filter(|line| personal(&line.shows)).count() > 3, "somebody works with names");
}
