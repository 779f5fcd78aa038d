//! What the API offers (OpenAPI 3.1), made from the same list of tables that answers.
//!
//! Owns: the document. Does not own: the columns; they come from the tables, each with its meaning.

use serde_json::{Map, Value, json};

use super::{LISTS, ROWS, ROWS_MAX, own};
use crate::pages::public::data::table::Table;
use crate::pages::public::data::tables;

/// How a cursor is written: 32 bytes in base64url, or nothing.
const CURSOR_PATTERN: &str = "^([A-Za-z0-9_-]{43})?$";

fn parameter(name: &str, place: &str, about: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "description": about, "schema": schema })
}

fn code() -> Value {
    parameter("code", "path", "자치구 코드", &json!({ "type": "string", "pattern": "^[0-9]{5}$" }))
}

/// An answer of this shape, and the problems that may come instead.
fn answers(about: &str, schema: &Value, problems: &[u16]) -> Value {
    let mut all = Map::new();
    let tag = json!({ "ETag": { "description": "내용이 같으면 같습니다.", "schema": { "type": "string" } } });
    all.insert(
        "200".to_owned(),
        json!({ "description": about, "headers": tag, "content": { "application/json": { "schema": schema } } }),
    );
    all.insert("304".to_owned(), json!({ "description": "If-None-Match에 적은 그대로입니다." }));
    for status in problems.iter().chain(&[429, 500, 503]) {
        all.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    Value::Object(all)
}

fn operation(id: &str, summary: &str, parameters: &[Value], answers: &Value) -> Value {
    json!({ "get": { "operationId": id, "summary": summary, "parameters": parameters, "responses": answers } })
}

fn list(name: &str, table: &Table) -> Value {
    let mut parameters = vec![code()];
    for key in own(table) {
        let Some(column) = table.columns.iter().find(|column| column.key == key) else { continue };
        let about = format!("{}: {} 같은 줄만 봅니다.", column.name, column.meaning);
        parameters.push(parameter(key, "query", &about, &json!({ "type": "string" })));
    }
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": ROWS_MAX, "default": ROWS });
    parameters.push(parameter("limit", "query", "한 번에 받을 줄 수", &limit));
    let cursor = json!({ "type": "string", "pattern": CURSOR_PATTERN });
    parameters.push(parameter("cursor", "query", "앞 답의 next에 있는 쪽 표시. 비우면 첫 쪽", &cursor));
    let properties: Map<String, Value> = own(table)
        .filter_map(|key| table.columns.iter().find(|column| column.key == key))
        .map(|column| {
            let mut schema = column.kind.in_json_schema();
            schema["title"] = json!(column.name);
            schema["description"] = json!(column.meaning);
            (column.key.to_owned(), schema)
        })
        .collect();
    let keys: Vec<&str> = own(table).collect();
    let text = json!({ "type": "string" });
    let shape = json!({
        "type": "object",
        "required": ["title", "about", "as_of", "provider", "total", "rows", "next"],
        "properties": {
            "title": text, "about": text, "provider": text,
            "as_of": { "type": ["string", "null"], "format": "date", "description": "가장 새로운 사실의 날짜(데이터기준일자)" },
            "total": { "type": "integer", "description": "고른 줄의 수" },
            "next": { "type": ["string", "null"], "description": "다음 쪽의 주소" },
            "rows": { "type": "array", "items": { "type": "object", "required": keys, "properties": properties } },
        },
    });
    let summary = format!("{}. {}", table.title, table.about);
    operation(name, &summary, &parameters, &answers(table.changes, &shape, &[404, 422]))
}

/// The whole description.
pub(super) fn openapi() -> Value {
    let text = json!({ "type": "string" });
    let object = json!({ "type": "object" });
    let leaf = parameter("leaf", "path", "기록ID", &json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" }));
    let mut paths = Map::new();
    let mut put = |path: &str, operation: Value| paths.insert(path.to_owned(), operation);
    put("/api/v1", operation("start", "어디에 무엇이 있는지", &[], &answers("길잡이", &object, &[])));
    put("/api/v1/openapi.json", operation("openapi", "이 문서", &[], &answers("OpenAPI 3.1", &object, &[])));
    let district = json!({
        "type": "object", "required": ["code", "name", "is_sample", "href"],
        "properties": { "code": text, "name": text, "href": text,
            "is_sample": { "type": "boolean", "description": "지어낸 구이면 참" } },
    });
    let all = json!({ "type": "object", "required": ["rows"], "properties": { "rows": { "type": "array", "items": district } } });
    put("/api/v1/districts", operation("districts", "자치구", &[], &answers("자치구 목록", &all, &[])));
    let one = json!({
        "type": "object", "required": ["code", "name", "is_sample", "years", "log", "lists"],
        "properties": { "code": text, "name": text, "is_sample": { "type": "boolean" },
            "years": { "type": "array", "items": { "type": "integer" } },
            "log": { "type": ["object", "null"], "description": "마지막 봉인. 아직 없으면 null" },
            "lists": { "type": "object", "additionalProperties": text } },
    });
    put(
        "/api/v1/districts/{code}",
        operation("district", "자치구 하나", &[code()], &answers("구와 장부의 상태", &one, &[404])),
    );
    for (name, table) in LISTS {
        if let Some(table) = tables::empty(table) {
            put(&format!("/api/v1/districts/{{code}}/{name}"), list(name, &table));
        }
    }
    let proof = json!({
        "type": "object", "required": ["id", "size", "proof", "about", "href"],
        "properties": { "id": text, "size": { "type": "integer" }, "proof": text, "about": text, "href": text },
    });
    put(
        "/api/v1/districts/{code}/proofs/{leaf}",
        operation(
            "proof",
            "기록이 장부에 들어 있다는 증명",
            &[code(), leaf],
            &answers("tlog-proof@v1", &proof, &[404]),
        ),
    );
    let problem = json!({
        "type": "object", "required": ["type", "title", "title_en", "status"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference" }, "title": text, "title_en": text,
            "status": { "type": "integer" }, "detail": text, "reference": text,
            "errors": { "type": "array", "items": { "type": "object", "required": ["code", "detail"], "properties": {
                "code": text, "detail": text, "basis": text, "parameter": { "type": ["string", "null"] } } } },
        },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "iljari", "version": "1",
            "description": "지역 일자리 계획의 약속, 실적, 기록, 공시. 읽기만 합니다. 개인의 정보는 없습니다.",
            "license": { "name": "공공데이터의 제공 및 이용 활성화에 관한 법률 제3조에 따라 누구나 이용" },
        },
        "servers": [{ "url": "/" }],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": { "Problem": problem },
            "responses": { "Problem": {
                "description": "답하지 못한 까닭(RFC 9457)",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}
