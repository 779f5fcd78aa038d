//! The files: their conventions, and that they say what the pages say.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use iljari_store::Store;
use iljari_store::testing::on_sqlite;
use serde_json::Value;

use crate::pages::public::tests::Town;

/// A CSV's rows as head → cell.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().expect("heads").iter().map(ToOwned::to_owned).collect();
    assert_eq!(heads.get(heads.len() - 2..), Some(["데이터기준일자".to_owned(), "제공기관".to_owned()].as_slice()));
    let row = |row: csv::StringRecord| heads.iter().cloned().zip(row.iter().map(ToOwned::to_owned)).collect();
    reader.records().map(|record| row(record.expect("as many cells as heads"))).collect()
}

#[tokio::test]
async fn every_table_says_the_same_as_csv_and_as_json() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        for code in ["11215", "11380", "99001"] {
            let page = town.page(&format!("/districts/{code}/data")).await;
            for name in ["entries", "totals", "targets", "disclosures", "channels", "sources"] {
                let there = format!("/districts/{code}/data/{name}");
                assert!(page.contains(&format!("{there}.csv")) && page.contains(&format!("{there}.json")));
                let csv = rows(&town.page(&format!("{there}.csv")).await);
                let json: Value = serde_json::from_str(&town.page(&format!("{there}.json")).await).expect("JSON");
                let lines = json["rows"].as_array().expect("rows");
                assert_eq!(csv.len(), lines.len(), "{there}");
                let columns = json["columns"].as_array().expect("a dictionary");
                for (row, line) in csv.iter().zip(lines) {
                    for column in columns {
                        let (head, key) = (column["name"].as_str().expect("a name"), &column["key"]);
                        if matches!(key.as_str(), Some("as_of" | "provider")) {
                            assert_eq!(json[key.as_str().expect("a key")], row[head], "{there}");
                            continue;
                        }
                        let said = match &line[key.as_str().expect("a key")] {
                            Value::Null => String::new(),
                            Value::Bool(yes) => if *yes { "Y" } else { "N" }.to_owned(),
                            Value::String(text) => text.clone(),
                            other => other.to_string(),
                        };
                        assert_eq!(row[head].strip_prefix('\'').unwrap_or(&row[head]), said, "{there} {head}");
                    }
                }
            }
        }
    })
    .await;
}

/// Whether a cell of the CSV is what its column's schema says.
fn is_of(kind: &str, cell: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = cell.split('-').collect();
    match kind {
        _ if cell.is_empty() => true,
        "integer" => cell.parse::<i64>().is_ok(),
        "boolean" => ["Y", "N"].contains(&cell),
        "date" => matches!(parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2)),
        "yearmonth" => matches!(parts[..], [year, month] if digits(year, 4) && digits(month, 2)),
        kind => kind == "string",
    }
}

#[tokio::test]
async fn every_csv_is_what_its_table_schema_says() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let mut kinds = std::collections::BTreeSet::new();
        for name in ["entries", "totals", "targets", "disclosures", "channels", "sources"] {
            let there = format!("/districts/99001/data/{name}");
            let schema: Value = serde_json::from_str(&town.page(&format!("{there}.schema.json")).await).expect("JSON");
            for row in rows(&town.page(&format!("{there}.csv")).await) {
                for field in schema["fields"].as_array().expect("fields") {
                    let (name, kind) = (&field["name"], field["type"].as_str().expect("a type"));
                    let cell = &row[name.as_str().expect("a name")];
                    assert!(is_of(kind, cell), "{there} {name}: {cell} is not {kind}");
                    kinds.insert(kind.to_owned());
                }
                assert_eq!(row.len(), schema["fields"].as_array().expect("fields").len());
            }
        }
        assert_eq!(kinds.len(), 5, "{kinds:?}");
        assert_eq!(town.get("/districts/99001/data/entries.schema.csv").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_entries_of_the_file_add_up_to_the_totals_of_the_file() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        for (code, year, unit, expected) in
            [("11215", "2025", "일자리 수", 6570), ("11380", "2022", "일자리 수", 14955)]
        {
            let entries = rows(&town.page(&format!("/districts/{code}/data/entries.csv")).await);
            let wanted = entries.iter().filter(|row| row["연도"] == year && row["단위"] == unit);
            let sum: i64 = wanted.map(|row| row["수"].parse::<i64>().expect("a number")).sum();
            assert_eq!(sum, expected, "{code}");
            let totals = rows(&town.page(&format!("/districts/{code}/data/totals.csv")).await);
            let whole = totals.iter().find(|row| {
                row["연도"] == year && row["사업번호"] == "전체" && row["부문"] == "모두" && row["단위"] == unit
            });
            assert_eq!(whole.expect("a total")["합계"], expected.to_string(), "{code}");
            let provider = &entries[0]["제공기관"];
            assert!(provider.starts_with("서울특별시") && provider.contains("시연"), "{provider}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_catalogue_names_files_that_are_there_and_no_others_exist() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let got = town.get("/districts/99001/data/catalog.json").await;
        assert_eq!(got.header("content-type"), "application/ld+json; charset=utf-8");
        let catalog: Value = serde_json::from_slice(&got.bytes).expect("JSON");
        let sets = catalog["dcat:dataset"].as_array().expect("datasets");
        let mut checked = 0;
        for file in sets.iter().flat_map(|set| set["dcat:distribution"].as_array().expect("files")) {
            let address = file["dcat:downloadURL"]["@id"].as_str().or(file["dcat:accessURL"]["@id"].as_str());
            let address = address.expect("an address");
            let path = match address.strip_prefix("../../../") {
                Some(from_top) => format!("/{from_top}"),
                None => match address.strip_prefix("../") {
                    Some(beside) => format!("/districts/99001/{beside}"),
                    None => format!("/districts/99001/data/{address}"),
                },
            };
            assert_eq!(town.get(&path).await.status, StatusCode::OK, "{path}");
            checked += 1;
        }
        assert!(checked >= 15, "only {checked} files");
        for gone in ["catalog", "entries", "entries.xml", "plan-2099.csv", "plan-x.csv", "plan-2025.json", "..csv"] {
            assert_eq!(
                town.get(&format!("/districts/99001/data/{gone}")).await.status,
                StatusCode::NOT_FOUND,
                "{gone}"
            );
        }
    })
    .await;
}
