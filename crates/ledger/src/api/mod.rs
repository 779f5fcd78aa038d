//! The read API (`/api/v1`): plans, indicators, targets, actuals, entries, disclosures and proofs, for programs.
//!
//! Owns: the addresses, paging, filters, the description. Does not own: any number; tables come from the same
//! room as the open-data files, so that no program is told what a person is not. What a newcomer gets
//! wrong: a column for the API alone. Add it to the table; file, dictionary and description follow.

mod describe;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::LINK;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use iljari_base::Refusal;
use iljari_plans::Books;
use iljari_plans::pages::district_of;
use iljari_web::api::{CursorKey, sent, tag};
use iljari_web::local::query_value;
use iljari_web::{Audience, Office, PageError, RouteTable};
use serde_json::{Value, json};

use crate::keys::KeyFolder;
use crate::pages::public::data::table::Table;
use crate::pages::public::data::{facts, tables};
use crate::pages::public::log_files::issue;
use crate::store;

const JSON: &str = "application/json";

/// Rows of an answer, if nobody says otherwise, and at most.
const ROWS: usize = 100;
const ROWS_MAX: usize = 1000;

/// What each list is called here, and which table it shows.
const LISTS: [(&str, &str); 8] = [
    ("plans", "nodes"),
    ("indicators", "indicators"),
    ("targets", "targets"),
    ("actuals", "totals"),
    ("entries", "entries"),
    ("disclosures", "disclosures"),
    ("channels", "channels"),
    ("sources", "sources"),
];

/// The routes of the API.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .get("/api/v1", Audience::Public, start)
        .get("/api/v1/openapi.json", Audience::Public, openapi)
        .get("/api/v1/districts", Audience::Public, districts)
        .get("/api/v1/districts/{code}", Audience::Public, district)
        .get("/api/v1/districts/{code}/{list}", Audience::Public, list)
        .get("/api/v1/districts/{code}/proofs/{leaf}", Audience::Public, proof)
}

fn document(value: &Value) -> String {
    format!("{value}\n")
}

/// `GET /api/v1`: where things are.
async fn start(asked: HeaderMap) -> Response {
    let body = json!({
        "name": "iljari",
        "description": "지역 일자리 계획의 약속, 실적, 기록, 공시를 읽습니다. 로그인도 열쇠도 필요 없습니다.",
        "openapi": "/api/v1/openapi.json",
        "districts": "/api/v1/districts",
    });
    sent(&asked, JSON, document(&body))
}

/// `GET /api/v1/openapi.json`
async fn openapi(asked: HeaderMap) -> Response {
    sent(&asked, JSON, document(&describe::openapi()))
}

/// `GET /api/v1/districts`
async fn districts(State(office): State<Arc<Office>>, asked: HeaderMap) -> Result<Response, PageError> {
    let found = office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await?;
    let rows: Vec<Value> = found
        .iter()
        .map(|row| {
            json!({
                "code": row.code.as_str(), "name": row.name, "is_sample": row.is_sample,
                "href": format!("/api/v1/districts/{}", row.code),
            })
        })
        .collect();
    Ok(sent(&asked, JSON, document(&json!({ "rows": rows }))))
}

/// `GET /api/v1/districts/{code}`: the district, its lists, and how its log stands.
async fn district(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let at = book.code.clone();
    let seal = office.store.read(move |tx| Box::pin(async move { store::latest_seal(tx, &at).await })).await?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&book.code)?;
    let home = format!("/api/v1/districts/{}", book.code);
    let lists: serde_json::Map<String, Value> =
        LISTS.iter().map(|(name, _)| ((*name).to_owned(), json!(format!("{home}/{name}")))).collect();
    let log = seal.map(|seal| {
        json!({
            "size": seal.size, "root": seal.root, "sealed_on": seal.sealed_at.seoul_date().to_string(),
            "checkpoint": format!("/log/{}/checkpoint", book.code),
            "key": key.as_ref().map(ToString::to_string), "fingerprint": key.as_ref().map(|key| key.fingerprint()),
        })
    });
    let years: Vec<i16> = book.years().into_iter().map(|year| year.0).collect();
    let body = json!({
        "code": book.code.as_str(), "name": book.name, "is_sample": book.is_sample, "years": years,
        "log": log, "lists": lists,
    });
    Ok(sent(&asked, JSON, document(&body)))
}

type Asked = Vec<(String, String)>;

/// `GET /api/v1/districts/{code}/{list}`: rows of a table, filtered by its columns, page by page.
///
/// Refusals: `unknown-parameter`, `limit-impossible`, `cursor-unknown`, `cursor-stale`.
async fn list(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, name)): Path<(String, String)>,
    Query(wanted): Query<Asked>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let table = LISTS.iter().find(|(known, _)| *known == name).ok_or(PageError::NotFound)?.1;
    let facts = facts(&office, &books, &code).await?;
    let table = tables::for_programs(&facts, table).ok_or(PageError::NotFound)?;
    let page = Page::read(&table, &wanted)?;
    let rows: Vec<Value> = page.rows(&table);
    // The state of what was asked for, not of the district: a filter that did not move keeps its cursors.
    let here = format!("/api/v1/districts/{}/{name}", facts.look.book.code);
    let filters = page.filters();
    let about = format!("{here}?{filters}");
    let state = tag(json!(rows).to_string().as_bytes());
    let key = CursorKey::open(&office.keys, &*office.entropy)?;
    let after = page.cursor.map_or(Ok(0), |cursor| key.read(&about, &state, cursor))?;
    let shown: Vec<&Value> = rows.iter().skip(after).take(page.limit).collect();
    let next = after.saturating_add(shown.len());
    let next = (next < rows.len()).then(|| {
        let between = if filters.is_empty() { "" } else { "&" };
        format!("{here}?{filters}{between}limit={}&cursor={}", page.limit, key.sign(&about, &state, next))
    });
    let body = json!({
        "title": table.title, "about": table.about, "as_of": facts.as_of.map(|day| day.to_string()),
        "provider": facts.provider, "total": rows.len(), "rows": shown, "next": next,
    });
    let mut response = sent(&asked, JSON, document(&body));
    if let Some(Ok(link)) = next.map(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\""))) {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// What an address asks of a list.
struct Page<'a> {
    filters: Vec<(&'static str, &'a str)>,
    limit: usize,
    cursor: Option<&'a str>,
}

impl<'a> Page<'a> {
    fn read(table: &Table, wanted: &'a Asked) -> Result<Self, Refusal> {
        let mut page = Page { filters: Vec::new(), limit: ROWS, cursor: None };
        for (name, value) in wanted {
            match name.as_str() {
                // Left empty, as a form leaves it, it is the first page.
                "cursor" => page.cursor = Some(value.as_str()).filter(|cursor| !cursor.is_empty()),
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=ROWS_MAX).contains(limit));
                    page.limit = limit.ok_or_else(|| {
                        let message = format!("limit는 1부터 {ROWS_MAX}까지입니다.");
                        Refusal::new("limit-impossible", "", message).at("limit")
                    })?;
                }
                name => {
                    let known = own(table).find(|key| *key == name).ok_or_else(|| {
                        let names: Vec<&str> = own(table).collect();
                        let message = format!("이 목록은 {}, limit, cursor로만 고를 수 있습니다.", names.join(", "));
                        Refusal::new("unknown-parameter", "", message)
                    })?;
                    page.filters.push((known, value));
                }
            }
        }
        page.filters.sort_unstable();
        Ok(page)
    }

    /// The filters as an address writes them, always in the same order.
    fn filters(&self) -> String {
        let pairs: Vec<String> =
            self.filters.iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        pairs.join("&")
    }

    fn rows(&self, table: &Table) -> Vec<Value> {
        let fits = |row: &Value| {
            self.filters.iter().all(|(name, wanted)| match &row[*name] {
                Value::Null => wanted.is_empty(),
                Value::String(text) => text == wanted,
                Value::Bool(yes) => wanted.parse() == Ok(*yes),
                Value::Number(number) => number.as_i64().is_some_and(|number| wanted.parse() == Ok(number)),
                Value::Array(_) | Value::Object(_) => false,
            })
        };
        table.rows.iter().map(|row| table.object(row)).filter(fits).collect()
    }
}

/// The columns that are a list's own: what stands in every row alike is said once.
fn own(table: &Table) -> impl Iterator<Item = &'static str> {
    let last = crate::pages::public::data::table::LAST;
    table.columns.iter().map(|column| column.key).filter(move |key| last.iter().all(|column| column.key != *key))
}

/// `GET /api/v1/districts/{code}/proofs/{leaf}`: that an entry is in the log, under the newest seal.
async fn proof(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, leaf)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let issued = issue(&office, &book.code, &leaf).await?.ok_or(PageError::NotFound)?;
    let body = json!({
        "id": leaf, "size": issued.size, "proof": issued.receipt.to_string(),
        "about": "기록이 장부에 들어 있음을 증명합니다(tlog-proof@v1). 내용이 사실임을 증명하지는 않습니다.",
        "href": format!("/log/{}/proof/{leaf}", book.code),
    });
    Ok(sent(&asked, JSON, document(&body)))
}
