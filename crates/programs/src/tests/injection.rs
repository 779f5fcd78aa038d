//! No text becomes a statement (ASVS 1.2.4): hostile texts in every address, query and form, on both engines.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use iljari_base::korean::name_to_compare;
use iljari_base::{Id, Outcome, id};
use iljari_people::residents::{self, NewResident};
use iljari_store::testing::both;
use iljari_store::{Engine, Store, Tx, args};
use iljari_web::local::query_value;
use iljari_web::{Audience, Duty, Row};

use super::Desk;
use super::desk::{PEOPLE, day, filled};
use super::wire::Browser;

/// What would end a text, begin a comment, match everything, or stand for a value, if anybody pasted it.
const HOSTILE: [&str; 22] = [
    "' OR '1'='1",
    "'; DROP TABLE resident; --",
    "\" OR \"\"=\"",
    "') UNION SELECT name FROM officer --",
    "%",
    "_",
    "%' ESCAPE '\\",
    "\\",
    "\\'; DELETE FROM access_log; --",
    "$1",
    "?1",
    ":name",
    "NULL",
    "1; SELECT pg_sleep(9)",
    "1 OR 1=1",
    "/* */ OR /**/ 1=1",
    "’ OR ’1’=’1",
    "＇ OR ＇1＇=＇1",
    "ʼ OR ʼ1ʼ=ʼ1",
    "김\u{0}보기",
    "\u{feff}김보기\u{202e}",
    "-1",
];

/// What every visit may move: the log of visits, its numbers, the sessions, the tries at the door.
const MOVING: [&str; 7] =
    ["access_log", "people_book", "office_session", "known_device", "sign_in_lane", "sign_in_attempt", "commits"];

/// Every row of every table, as text.
type Everything = BTreeMap<String, BTreeSet<String>>;

async fn everything(store: &Store) -> Everything {
    let engine = store.engine();
    store.read(move |tx| Box::pin(read_all(tx, engine))).await.expect("every table is read")
}

async fn read_all(tx: &mut Tx, engine: Engine) -> Outcome<Everything> {
    let columns = match engine {
        Engine::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name
             FROM pragma_table_list t JOIN pragma_table_info(t.name) c
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in tx.fetch_all(columns, args![]).await? {
        tables.entry(row.text("table_name")?).or_default().push(row.text("column_name")?);
    }
    let mut all = Everything::new();
    for (table, columns) in tables {
        let text = |column: &String| match engine {
            Engine::Sqlite => format!("quote(\"{column}\")"),
            Engine::Postgres => format!("coalesce(quote_literal(CAST(\"{column}\" AS TEXT)), 'NULL')"),
        };
        let line = columns.iter().map(text).collect::<Vec<_>>().join(" || ',' || ");
        let rows = tx.fetch_all(&format!("SELECT {line} AS line FROM \"{table}\""), args![]).await?;
        all.insert(table, rows.iter().map(|row| row.text("line")).collect::<Result<_, _>>()?);
    }
    Ok(all)
}

/// What moved between two readings that no visit moves.
fn moved(before: &Everything, after: &Everything) -> Vec<String> {
    let mut moved: Vec<String> = before.keys().filter(|table| !after.contains_key(*table)).cloned().collect();
    for (table, rows) in after.iter().filter(|(table, _)| !MOVING.contains(&table.as_str())) {
        if before.get(table) != Some(rows) {
            moved.push(table.clone());
        }
    }
    moved
}

/// A route's address, with something in the place of every parameter.
fn address(row: &Row, value: impl Fn(&str) -> String) -> String {
    let mut path = String::new();
    let mut rest = row.path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a closing brace");
        path.push_str(before);
        path.push_str(&value(name.trim_start_matches('*')));
        rest = after;
    }
    path.push_str(rest);
    path
}

/// What is there, for a parameter.
fn there(name: &str) -> String {
    match name {
        "code" => "99001",
        "year" => "2026",
        "node" => "1-1-1-3",
        "list" => "entries",
        "file" => "dates.ics",
        _ => "1",
    }
    .to_owned()
}

/// The names of the fields that pages ask for.
fn fields_of(html: &str, into: &mut BTreeSet<String>) {
    let names = html.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    into.extend(names.map(str::to_owned));
}

fn routes() -> Vec<Row> {
    crate::routes().merge(iljari_people::routes()).merge(iljari_ledger::routes()).rows()
}

/// Leaving ends the session that asks.
fn ends_the_visit(row: &Row) -> bool {
    row.path == "/office/sign-out"
}

#[tokio::test]
async fn a_hostile_text_in_an_address_a_query_or_a_form_is_only_a_text() {
    both(async |store: Store| {
        let desk = Desk::on(store.clone()).await;
        let no = desk.published().await;
        for (name, birth, wanted, assets) in PEOPLE.into_iter().take(3) {
            desk.submit(no, filled(name, birth, wanted, assets)).await.expect(name);
        }
        desk.elsewhere_with("정시안", &Duty::ALL).await;
        let (clerk, all) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "정시안").await);
        let who = |row: &Row| if row.audience == Audience::Officer(Duty::Record) { &clerk } else { &all };
        let listed = format!("/office/calls/{no}/applications");
        let before_list = clerk.get(&listed).await.text().matches("26-001-000").count();
        assert!(before_list >= 3);

        // Reading: what asks changes nothing, and no text makes the server stumble.
        let (mut fields, mut asked) = (BTreeSet::new(), 0);
        for row in routes().iter().filter(|row| row.method == Method::GET) {
            let got = who(row).get(&address(row, there)).await;
            assert!(got.status < 500, "{}: {}", row.path, got.status);
            fields_of(&got.text(), &mut fields);
        }
        assert!(fields.len() > 60, "{fields:?}");
        let before = everything(&store).await;
        for row in routes().iter().filter(|row| row.method == Method::GET) {
            for text in HOSTILE {
                let typed = query_value(text);
                let query: Vec<String> = fields.iter().map(|field| format!("{}={typed}", query_value(field))).collect();
                let (hostile, plain) = (address(row, |_| typed.clone()), address(row, there));
                let paths = if row.path.contains('{') {
                    vec![hostile, format!("{plain}?{}", query.join("&"))]
                } else {
                    vec![format!("{plain}?{}", query.join("&"))]
                };
                for path in paths {
                    let got = who(row).get(&path).await;
                    assert!(got.status < 500, "{} with {text:?}: {} {}", row.path, got.status, got.text());
                    asked += 1;
                }
            }
        }
        assert_eq!(moved(&before, &everything(&store).await), Vec::<String>::new(), "reading changed something");

        // Writing: every field of every form. What an act takes, it takes as a text; nothing that was there goes.
        for row in routes().iter().filter(|row| row.method == Method::POST && !ends_the_visit(row)) {
            for text in HOSTILE {
                let typed: Vec<(&str, &str)> = fields.iter().map(|field| (field.as_str(), text)).collect();
                let paths = [address(row, |_| query_value(text)), address(row, there)];
                for path in paths.iter().take(if row.path.contains('{') { 2 } else { 1 }) {
                    let got = who(row).post(path, &typed).await;
                    assert!(got.status < 500, "{path} with {text:?}: {} {}", got.status, got.text());
                    asked += 1;
                }
            }
        }
        assert!(asked > 4_000, "{asked}");
        let after = everything(&store).await;
        for (table, rows) in &before {
            let kept = after.get(table).map_or(0, BTreeSet::len);
            assert!(kept >= rows.len(), "{table}: {} rows before, {kept} after", rows.len());
        }
        for table in ["officer", "resident"] {
            assert!(after[table].is_superset(&before[table]), "{table}: a row was changed");
        }
        assert_eq!(clerk.get(&listed).await.text().matches("26-001-000").count(), before_list, "the list is as it was");
        let (read, district) = (store.clone(), desk.code.clone());
        let broken = read
            .read(move |tx| Box::pin(async move { iljari_people::verify_access_log(tx, &district).await }))
            .await
            .expect("verified");
        assert_eq!(broken, None, "the log of visits is whole");
    })
    .await;
}

#[tokio::test]
async fn a_search_finds_what_a_plain_filter_finds() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        let birth = day("1961-03-12");
        let mut known: Vec<(String, Id<id::Resident>)> = Vec::new();
        for name in HOSTILE.into_iter().chain(["홍예시", "김보기", "홍예", "홍예시1"]) {
            let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
            let new = NewResident { name: name.to_owned(), birth, phone: None, address_dong: None, contact_note: None };
            let enrolled =
                desk.write(move |tx| Box::pin(async move { residents::enrol(tx, &cx, &safe, new).await })).await;
            if let Ok(enrolled) = enrolled {
                known.push((name.to_owned(), enrolled.id));
            }
        }
        assert!(known.len() > 10, "most of these can be written: {known:?}");
        for sought in HOSTILE.into_iter().chain(["홍예시", "홍예%", "홍_시", "홍예시' --"]) {
            let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
            let found = desk
                .write(move |tx| Box::pin(async move { residents::find(tx, &cx, &safe, sought, birth).await }))
                .await;
            let Ok(found) = found else {
                assert!(!known.iter().any(|(name, _)| name == sought), "{sought:?} can be written but not looked for");
                continue;
            };
            let found: BTreeSet<Id<id::Resident>> = found.into_iter().map(|alike| alike.id).collect();
            let same = |name: &str| name_to_compare(name) == name_to_compare(sought);
            let filtered: BTreeSet<Id<id::Resident>> =
                known.iter().filter(|(name, _)| same(name)).map(|(_, id)| *id).collect();
            assert_eq!(found, filtered, "{sought:?}");
        }
    })
    .await;
}
