//! The API: what it says is what the files say, page by page, and its description fits what it answers.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use iljari_store::Store;
use iljari_store::testing::on_sqlite;
use iljari_web::Side;
use serde_json::Value;
use tower::ServiceExt as _;

use super::LISTS;
use crate::pages::public::tests::{Got, Town};

async fn json(town: &Town, path: &str) -> Value {
    let got = town.get(path).await;
    assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.html());
    assert_eq!(got.header("content-type"), "application/json", "{path}");
    serde_json::from_str(&got.html()).expect("JSON")
}

/// A problem that says its status and itself in two languages.
fn problem(got: &Got, status: StatusCode) -> Value {
    assert_eq!((got.status, got.header("content-type")), (status, "application/problem+json"), "{}", got.html());
    let problem: Value = serde_json::from_str(&got.html()).expect("JSON");
    assert_eq!(problem["status"], status.as_u16());
    for key in ["type", "title", "title_en"] {
        assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {problem}");
    }
    problem
}

#[tokio::test]
async fn pages_of_a_list_are_the_rows_of_the_file_in_order() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        for (list, table) in LISTS {
            let file = match table {
                "nodes" | "indicators" => None,
                table => Some(json_file(&town, table).await),
            };
            let mut rows = Vec::new();
            let mut next = format!("/api/v1/districts/99001/{list}?limit=60");
            while !next.is_empty() {
                let page = json(&town, &next).await;
                rows.extend(page["rows"].as_array().expect("rows").iter().cloned());
                assert!(
                    page["next"].is_null() || page["rows"].as_array().is_some_and(|rows| rows.len() == 60),
                    "{next}"
                );
                next = page["next"].as_str().unwrap_or_default().to_owned();
            }
            assert!(!rows.is_empty() || list == "channels" || list == "disclosures", "{list}");
            if let Some(file) = file {
                assert_eq!(rows, file, "{list}");
            }
        }
    })
    .await;
}

async fn json_file(town: &Town, table: &str) -> Vec<Value> {
    let text = town.page(&format!("/districts/99001/data/{table}.json")).await;
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    whole["rows"].as_array().expect("rows").clone()
}

#[tokio::test]
async fn filters_select_and_what_cannot_be_asked_is_said() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let all = json(&town, "/api/v1/districts/99001/actuals?limit=1000").await;
        let some = json(&town, "/api/v1/districts/99001/actuals?limit=1000&year=2025&field=%EB%AA%A8%EB%91%90").await;
        let wanted: Vec<&Value> = all["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["year"] == 2025 && row["field"] == "모두")
            .collect();
        assert!(!wanted.is_empty() && wanted.len() < all["rows"].as_array().expect("rows").len());
        assert_eq!(some["rows"].as_array().expect("rows").iter().collect::<Vec<_>>(), wanted);
        assert_eq!(some["total"], wanted.len());

        for (query, code) in [
            ("who=me", "unknown-parameter"),
            ("limit=0", "limit-impossible"),
            ("limit=1001", "limit-impossible"),
            ("limit=many", "limit-impossible"),
            ("cursor=AAAA", "cursor-unknown"),
        ] {
            let got = town.get(&format!("/api/v1/districts/99001/actuals?{query}")).await;
            let problem = problem(&got, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(problem["errors"][0]["code"], code, "{query}");
        }
        for path in [
            "/api/v1/districts/00000",
            "/api/v1/districts/99001/nothing",
            "/api/v2",
            "/api/v1/districts/99001/proofs/x",
        ] {
            problem(&town.get(path).await, StatusCode::NOT_FOUND);
        }
        let first = json(&town, "/api/v1/districts/99001/entries?limit=1&cursor=").await;
        assert_eq!(first, json(&town, "/api/v1/districts/99001/entries?limit=1").await, "an empty cursor is none");
        // A cursor of one list is none of another.
        let page = json(&town, "/api/v1/districts/99001/entries?limit=1").await;
        let next = page["next"].as_str().expect("more").replace("/entries", "/actuals");
        let cursor = next.split_once("cursor=").expect("a cursor").1;
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        assert!(cursor.len() == 43 && cursor.bytes().all(letter), "{cursor} is no cursor as the description says");
        assert_eq!(
            problem(&town.get(&next).await, StatusCode::UNPROCESSABLE_ENTITY)["errors"][0]["code"],
            "cursor-unknown"
        );
    })
    .await;
}

/// What no list can be asked (b.6): a problem that says which word was wrong, and never what somebody wrote into it.
#[tokio::test]
async fn every_line_of_the_table_of_bad_questions_is_a_problem() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let list = "/api/v1/districts/99001/actuals";
        let long = format!("cursor={}", "A".repeat(4000));
        for (query, code) in [
            ("limit=-1", "limit-impossible"),
            ("limit=1000000000", "limit-impossible"),
            ("limit=9223372036854775808", "limit-impossible"),
            ("limit=1e3", "limit-impossible"),
            ("limit=1.0", "limit-impossible"),
            ("limit=%EF%BC%91", "limit-impossible"),
            ("limit=", "limit-impossible"),
            ("limit=%00", "limit-impossible"),
            ("offset=5", "unknown-parameter"),
            ("sort=unlisted-mark", "unknown-parameter"),
            ("include=rows.rows.rows", "unknown-parameter"),
            ("__proto__=unlisted-mark", "unknown-parameter"),
            ("year%5B%5D=2025", "unknown-parameter"),
            ("YEAR=2025", "unknown-parameter"),
            ("cursor=..%2F..%2Funlisted-mark", "cursor-unknown"),
            ("cursor=%F0%9F%98%80", "cursor-unknown"),
            (long.as_str(), "cursor-unknown"),
        ] {
            let got = town.get(&format!("{list}?{query}")).await;
            let told = problem(&got, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(told["errors"][0]["code"], code, "{query}");
            assert!(
                !got.html().contains("unlisted-mark") && !got.html().contains("AAAAAAAA"),
                "{query}: {}",
                got.html()
            );
        }
        // A filter is compared and never run: what fits nothing selects nothing.
        for query in
            ["year=2025%27%20OR%20%271%27%3D%271", "field=%27%3B%20DROP%20TABLE%20entry%3B--", "year=1e309", "year=NaN"]
        {
            let page = json(&town, &format!("{list}?{query}")).await;
            assert_eq!((page["total"].as_u64(), page["rows"].as_array().map(Vec::len)), (Some(0), Some(0)), "{query}");
        }
        for path in [
            "/api/v1/districts/99001%2F..%2F11215",
            "/api/v1/districts/%00",
            "/api/v1/districts/%2e%2e",
            "/api/v1/districts/99001/actuals%00",
            "/api/v1/districts/99001/actuals/",
            "/api/v1/districts/99001/proofs/%27",
            "/api/v1/districts/99001/proofs/ff00ff00ff00ff00ff00ff00ff00ff00",
            "/api/v1//districts",
        ] {
            problem(&town.get(path).await, StatusCode::NOT_FOUND);
        }
        // Nothing is written by way of the API, in whatever form it comes.
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            for (kind, body) in [("application/json", "{\"a\": 1,}"), ("text/xml", "<!DOCTYPE a>"), ("", "")] {
                let request = Request::builder().method(method).uri(list).header("content-type", kind);
                let request = request.body(Body::from(body)).expect("a request");
                let got = town.router.clone().oneshot(request).await.expect("an answer");
                assert_eq!(got.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {kind}");
                let allowed = got.headers().get("allow").and_then(|value| value.to_str().ok()).unwrap_or_default();
                assert!(allowed.contains("GET"), "{method}: {allowed}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_an_answer_is_not_sent_it_again() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let path = "/api/v1/districts/99001/targets";
        let first = town.get(path).await;
        let tag = first.header("etag").to_owned();
        let ask = async |tags: &str| {
            let request =
                Request::builder().uri(path).header("if-none-match", tags).body(Body::empty()).expect("a request");
            town.router.clone().oneshot(request).await.expect("an answer")
        };
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = ask(&tags).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{tags}");
            assert_eq!(again.headers()["etag"], *tag);
            assert!(to_bytes(again.into_body(), 1).await.expect("a body").is_empty());
        }
        assert_eq!(ask("\"other\"").await.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_again() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let ask = async |address: &str| {
            let mut request = Request::builder().uri("/api/v1").body(Body::empty()).expect("a request");
            let address: SocketAddr = address.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(address));
            town.router.clone().oneshot(request).await.expect("an answer")
        };
        let first = ask("192.0.2.7:1000").await;
        assert_eq!(first.headers()["ratelimit-policy"], "\"address\";q=600;w=60");
        assert_eq!(first.headers()["ratelimit"], "\"address\";r=599;t=60");
        for _ in 1..600 {
            assert_eq!(ask("192.0.2.7:1001").await.status(), StatusCode::OK);
        }
        let over = ask("192.0.2.7:1002").await;
        assert_eq!(
            (over.status(), &over.headers()["retry-after"]),
            (StatusCode::TOO_MANY_REQUESTS, &"60".parse().expect("60"))
        );
        assert_eq!(ask("192.0.2.8:1000").await.status(), StatusCode::OK, "somebody else may ask");
        // Pages are not counted: a reader at the same office is not turned away.
        assert_eq!(town.get("/districts/99001").await.status, StatusCode::OK);
    })
    .await;
}

/// `$ref` followed inside the document.
fn resolved<'v>(whole: &'v Value, value: &'v Value) -> &'v Value {
    match value["$ref"].as_str().and_then(|place| place.strip_prefix('#')) {
        Some(place) => whole.pointer(place).expect("a reference to something"),
        None => value,
    }
}

/// As much of JSON Schema as the description uses.
fn fits(whole: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = resolved(whole, schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        return Err(format!("{value} is {kind}, not {kinds:?}"));
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(key).is_none() {
            return Err(format!("{key} is missing"));
        }
    }
    if let (Some(properties), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        for (key, value) in object {
            let schema = properties.get(key).ok_or_else(|| format!("{key} is not described"))?;
            fits(whole, schema, value).map_err(|fault| format!("{key}: {fault}"))?;
        }
    }
    for item in value.as_array().into_iter().flatten() {
        fits(whole, &schema["items"], item)?;
    }
    Ok(())
}

#[tokio::test]
async fn the_description_names_every_route_and_every_answer_fits_it() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let described = json(&town, "/api/v1/openapi.json").await;
        let paths = described["paths"].as_object().expect("paths");
        let mut routes = BTreeSet::new();
        for row in super::routes().rows() {
            match row.path.ends_with("/{list}") {
                true => routes.extend(LISTS.iter().map(|(list, _)| row.path.replace("{list}", list))),
                false => drop(routes.insert(row.path.to_owned())),
            }
        }
        assert_eq!(paths.keys().cloned().collect::<BTreeSet<_>>(), routes);

        crate::seal::seal(&town.office, &"99001".parse().expect("a code"), iljari_base::Actor::Operator)
            .await
            .expect("sealed");
        let entries = json(&town, "/api/v1/districts/99001/entries").await;
        let leaf = entries["rows"][0]["id"].as_str().expect("an id").to_owned();
        for (path, operation) in paths {
            let schema = &operation["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            for code in ["11215", "99001"] {
                let asked = path.replace("{code}", code).replace("{leaf}", &leaf);
                if path.contains("{leaf}") && code != "99001" {
                    continue;
                }
                let value = json(&town, &asked).await;
                fits(&described, schema, &value).unwrap_or_else(|fault| panic!("{asked}: {fault}"));
            }
        }
        let problem = town.get("/api/v1/districts/99001/entries?limit=0").await;
        let schema = resolved(&described, &paths["/api/v1/districts/{code}/entries"]["get"]["responses"]["422"]);
        let schema = &schema["content"]["application/problem+json"]["schema"];
        fits(&described, schema, &serde_json::from_str(&problem.html()).expect("JSON")).expect("the problem fits");
    })
    .await;
}

#[tokio::test]
async fn the_api_is_on_both_networks_and_metrics_on_the_office_s_alone() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        assert_eq!(town.get("/livez").await.html(), "ok\n");
        assert_eq!(town.get("/readyz").await.html(), "database ok\nwrites ok\n");
        assert!(town.get("/version").await.html().contains("\"name\":\"iljari\""));
        assert_eq!(town.get("/metrics").await.status, StatusCode::NOT_FOUND);
        let office = super::routes().into_router(town.office.clone(), Side::Office);
        for (path, wanted) in [("/metrics", "iljari_lost_writes 0"), ("/api/v1", "openapi")] {
            let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            let answer = office.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK);
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            assert!(String::from_utf8_lossy(&body).contains(wanted), "{path}");
        }
    })
    .await;
}
