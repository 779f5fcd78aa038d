//! `catalog.json`: what there is, for programs that collect open data (DCAT in JSON-LD).
//!
//! Owns: the shape. Does not own: the tables. What a newcomer gets wrong: absolute addresses. The
//! office does not know what it is called from outside; addresses are relative to the catalogue,
//! and an export that was told its address says so in `@base`.

use iljari_web::DisplayPrefs;
use serde_json::{Value, json};

use super::{Facts, plan_years, rights, tables};

/// The catalogue of a district.
pub(super) fn write(prefs: &DisplayPrefs, facts: &Facts) -> String {
    let book = &facts.look.book;
    let modified = facts.as_of.map(|day| json!({ "@type": "xsd:date", "@value": day.to_string() }));
    let publisher = json!({ "@type": "foaf:Agent", "foaf:name": facts.provider });
    let file = |address: String, kind: &str, title: &str| {
        json!({
            "@type": "dcat:Distribution",
            "dct:title": title,
            "dcat:downloadURL": { "@id": address },
            "dcat:mediaType": kind,
        })
    };
    let dataset = |id: &str, title: &str, about: &str, changes: &str, files: Vec<Value>| {
        json!({
            "@type": "dcat:Dataset",
            "dct:identifier": format!("{}/{id}", book.code),
            "dct:title": title,
            "dct:description": about,
            "dct:accrualPeriodicity": changes,
            "dct:modified": modified,
            "dct:publisher": publisher,
            "dct:rights": rights(facts.demo),
            "dct:language": "ko",
            "dcat:distribution": files,
        })
    };
    let mut sets: Vec<Value> = tables::all(facts)
        .iter()
        .map(|table| {
            let files = vec![
                file(format!("{}.csv", table.name), "text/csv", "CSV"),
                file(format!("{}.json", table.name), "application/json", "JSON"),
            ];
            dataset(table.name, table.title, table.about, table.changes, files)
        })
        .collect();
    let plans: Vec<Value> = plan_years(book)
        .into_iter()
        .map(|year| file(format!("plan-{year}.csv"), "text/csv", &format!("{year}년 계획")))
        .collect();
    if !plans.is_empty() {
        let about = "전략부터 단위사업까지 한 줄에 하나씩, 두 계획의 목표와 사업비입니다.";
        sets.push(dataset("plan", "해마다의 계획", about, "계획을 새로 채택하면 바뀝니다.", plans));
    }
    if facts.look.seal.is_some() {
        let log = format!("../../../log/{}", book.code);
        let files = vec![
            file(format!("{log}/checkpoint"), "text/plain", "서명한 점검표"),
            file(format!("{log}/key"), "text/plain", "공개 키"),
        ];
        let about = "봉인한 장부입니다. 기록은 C2SP tlog-tiles 규격의 타일로 나뉘어 있고, 타일의 주소는 점검표 옆의 tile/입니다.";
        sets.push(dataset("log", "봉인한 장부", about, "봉인할 때마다 바뀝니다.", files));
    }
    // A disclosure's bundle may still wait for its seal; its page says so, so the catalogue names the page.
    for one in &facts.disclosures {
        let page = if prefs.export.is_some() { "/index.html" } else { "" };
        let files = vec![json!({
            "@type": "dcat:Distribution",
            "dct:title": "공시 묶음(ZIP)이 있는 화면",
            "dcat:accessURL": { "@id": format!("../disclosures/{}{page}", one.no) },
        })];
        let title = format!("{}년 일자리 공시 제{}호", one.year, one.no);
        let about = "그날의 숫자를 얼려 서명한 묶음입니다. 인터넷 없이 다시 계산할 수 있습니다.";
        sets.push(dataset(&format!("disclosure-{}", one.no), &title, about, "바뀌지 않습니다.", files));
    }
    let mut context = json!({
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    });
    let base = prefs.export.as_ref().map(|export| export.base.as_str()).unwrap_or_default();
    if let (false, Some(context)) = (base.is_empty(), context.as_object_mut()) {
        context.insert("@base".to_owned(), json!(format!("{base}/districts/{}/data/catalog.json", book.code)));
    }
    let catalog = json!({
        "@context": context,
        "@type": "dcat:Catalog",
        "dct:title": format!("{} 일자리 자료", book.name),
        "dct:publisher": publisher,
        "dct:language": "ko",
        "dct:modified": modified,
        "dcat:dataset": sets,
    });
    format!("{catalog:#}\n")
}
