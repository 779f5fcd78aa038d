//! `/districts/{code}/data`: everything the pages show, as files, each with its dictionary.
//!
//! Owns: the page and handing the files out. Does not own: the tables (`tables`), how they are
//! written (`table`), the log's own files (`log_files`). What a newcomer gets wrong: a file without
//! its dictionary. Both are made from the same columns.

mod catalog;
pub(crate) mod table;
pub(crate) mod tables;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{Date, Timestamp, Year};
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::plan_csv;
use iljari_plans::pages::words::{home_href, provider};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, filters, render};

use super::look::{Look, look};
use crate::model::{Announcement, Disclosure, Seal};
use crate::{publish, store};
use table::Table;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "public/data.html")]
pub struct DataPage {
    pub(crate) shell: Shell,
    pub(crate) is_sample: bool,
    pub(crate) as_of: String,
    pub(crate) machine_day: String,
    pub(crate) provider: String,
    pub(crate) rights: &'static str,
    pub(crate) tables: Vec<TableView>,
    pub(crate) plan: TableView,
    pub(crate) plans: Vec<(String, String)>,
    pub(crate) log: Option<LogView>,
    pub(crate) bundles: Vec<(String, String)>,
    pub(crate) catalog_href: String,
    /// Empty in an export: files answer no questions.
    pub(crate) api_href: String,
    pub(crate) verify_href: String,
}

/// A table with its dictionary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableView {
    pub(crate) anchor: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) rows: usize,
    pub(crate) csv_href: String,
    pub(crate) json_href: String,
    pub(crate) schema_href: String,
    pub(crate) columns: Vec<(String, &'static str, &'static str)>,
}

/// The log's own files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogView {
    pub(crate) checkpoint: String,
    pub(crate) key: String,
    pub(crate) tiles: String,
    pub(crate) leaves: i64,
}

/// Everything the files and the page are made from.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Plans, totals, entries.
    pub look: Arc<Look>,
    /// Every disclosure.
    pub disclosures: Vec<Disclosure>,
    /// Where they were announced.
    pub told: Vec<Announcement>,
    /// Every seal.
    pub seals: Vec<Seal>,
    /// The day of the newest fact (데이터기준일자).
    pub as_of: Option<Date>,
    /// The day of the newest plan file.
    pub planned: Option<Date>,
    /// Who puts the data out (제공기관).
    pub provider: String,
    /// Whether this is the demo.
    pub demo: bool,
}

/// Reads them at one moment.
pub(crate) async fn facts(office: &Office, books: &Books, code: &str) -> Result<Facts, PageError> {
    let look = look(office, books, code).await?;
    let district = look.book.code.clone();
    let read = office.store.read(move |tx| {
        Box::pin(async move {
            let disclosures = store::disclosures(tx, &district).await?;
            let told = store::announcements(tx, &district).await?;
            let seals = store::seals(tx, &district).await?;
            let newest = publish::newest_fact_of(tx, &district).await?;
            let planned = iljari_plans::store::last_adopted(tx, &district).await?;
            Ok((disclosures, told, seals, newest, planned))
        })
    });
    let (disclosures, told, seals, newest, planned) = read.await?;
    let (as_of, planned) = (newest.map(Timestamp::seoul_date), planned.map(Timestamp::seoul_date));
    let provider = provider(&look.book, office.demo);
    Ok(Facts { look, disclosures, told, seals, as_of, planned, provider, demo: office.demo })
}

/// `GET /districts/{code}/data`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    Ok(render(build(&prefs, &facts(&office, &books, &code).await?)))
}

/// `GET /districts/{code}/data/{file}`: a table as CSV or JSON, a plan's year, or the catalogue.
pub async fn file(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let facts = facts(&office, &books, &code).await?;
    let (body, kind) = file_of(&prefs, &facts, &name).ok_or(PageError::NotFound)?;
    let saved = format!("iljari-{}-{name}", facts.look.book.code);
    let shown = if name == CATALOG { "inline" } else { "attachment" };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (CONTENT_DISPOSITION, format!("{shown}; filename=\"{saved}\"")),
    ];
    Ok((headers, body).into_response())
}

const CATALOG: &str = "catalog.json";
const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";

/// A file's bytes and kind; `None` for a name that is none of ours.
pub fn file_of(prefs: &DisplayPrefs, facts: &Facts, name: &str) -> Option<(String, &'static str)> {
    if name == CATALOG {
        return Some((catalog::write(prefs, facts), "application/ld+json; charset=utf-8"));
    }
    let (stem, kind) = name.rsplit_once('.')?;
    if let (Some(year), "csv") = (stem.strip_prefix("plan-"), kind) {
        let year: Year = year.parse().ok()?;
        let book = &facts.look.book;
        let plan = book.tree_in_force(year)?;
        return Some((plan_csv::write(book, plan, year, facts.planned, &facts.provider), CSV));
    }
    if let Some(stem) = stem.strip_suffix(".schema") {
        let schema = tables::named(facts, stem).filter(|_| kind == "json")?.schema();
        return Some((schema, JSON));
    }
    let table = tables::named(facts, stem)?;
    match kind {
        "csv" => Some((table.csv(facts.as_of, &facts.provider), CSV)),
        "json" => Some((table.json(facts.as_of, &facts.provider), JSON)),
        _ => None,
    }
}

/// The years whose plan has a tree to download.
fn plan_years(book: &District) -> Vec<Year> {
    book.years().into_iter().filter(|year| book.tree_in_force(*year).is_some()).collect()
}

/// What may be done with the data.
fn rights(demo: bool) -> &'static str {
    if demo {
        "시연 자료입니다. 실제 자치구의 숫자는 공개된 보고서와 보도에서 옮겼으니, 쓸 때는 출처에 적힌 원문을 밝혀 주세요. \
         나루구의 자료는 모두 지어냈습니다."
    } else {
        "누구나 쓸 수 있고, 돈을 받는 일에 써도 됩니다(공공데이터의 제공 및 이용 활성화에 관한 법률 제3조). \
         제공기관과 데이터기준일자를 함께 밝혀 주세요."
    }
}

/// The page of these facts.
pub fn build(prefs: &DisplayPrefs, facts: &Facts) -> DataPage {
    let book = &facts.look.book;
    let (home, code) = (home_href(&book.code), &book.code);
    let here = format!("{home}/data");
    let plan_columns: Vec<_> = plan_csv::dictionary().into_iter().map(|(name, meaning)| (name, "", meaning)).collect();
    DataPage {
        shell: Shell::public(prefs, "자료", Some(facts.look.district()), PublicNav::Data)
            .crumb("진행 상황", home.clone())
            .here("자료"),
        is_sample: book.is_sample,
        as_of: facts.as_of.map(Date::korean).unwrap_or_default(),
        machine_day: facts.as_of.map(|day| day.to_string()).unwrap_or_default(),
        provider: facts.provider.clone(),
        rights: rights(facts.demo),
        tables: tables::all(facts).iter().map(|table| table_view(&here, table)).collect(),
        plan: TableView {
            anchor: "plan",
            title: "해마다의 계획",
            about: "전략부터 단위사업까지 한 줄에 하나씩, 두 계획의 목표와 사업비입니다.",
            changes: "계획을 새로 채택하면 바뀝니다.",
            columns: plan_columns,
            ..TableView::default()
        },
        plans: plan_years(book)
            .into_iter()
            .map(|year| (format!("{year}년 계획"), format!("{here}/plan-{year}.csv")))
            .collect(),
        log: facts.look.seal.as_ref().map(|seal| LogView {
            checkpoint: format!("/log/{code}/checkpoint"),
            key: format!("/log/{code}/key"),
            tiles: format!("/log/{code}/tile/"),
            leaves: seal.size,
        }),
        bundles: facts
            .disclosures
            .iter()
            .rev()
            .map(|one| (format!("{}년 공시 제{}호", one.year, one.no), format!("{home}/disclosures/{}", one.no)))
            .collect(),
        catalog_href: format!("{here}/{CATALOG}"),
        api_href: if prefs.export.is_some() { String::new() } else { format!("/api/v1/districts/{code}") },
        verify_href: format!("{home}/verify"),
    }
}

fn table_view(here: &str, table: &Table) -> TableView {
    let columns = table.columns.iter().map(|column| (column.name.to_owned(), column.key, column.meaning));
    TableView {
        anchor: table.name,
        title: table.title,
        about: table.about,
        changes: table.changes,
        rows: table.rows.len(),
        csv_href: format!("{here}/{}.csv", table.name),
        json_href: format!("{here}/{}.json", table.name),
        schema_href: format!("{here}/{}.schema.json", table.name),
        columns: columns.collect(),
    }
}

impl Sample for DataPage {
    fn samples() -> Vec<Self> {
        let column = ("사업명".to_owned(), "name", "계획에 적힌 이름입니다.");
        let table = |rows: usize| TableView {
            anchor: "entries",
            title: "기록",
            about: "장부에 적힌 기록이 한 줄에 하나씩입니다.",
            changes: "담당자 두 사람이 확인하면 바뀝니다.",
            rows,
            csv_href: "/districts/99001/data/entries.csv".to_owned(),
            json_href: "/districts/99001/data/entries.json".to_owned(),
            schema_href: "/districts/99001/data/entries.schema.json".to_owned(),
            columns: vec![column.clone(), ("데이터기준일자".to_owned(), "as_of", super::sample_pages::LONG)],
        };
        let page = |tables: Vec<TableView>, years: i16| DataPage {
            shell: super::sample_pages::shell("자료", PublicNav::Data).here("자료"),
            is_sample: true,
            as_of: if years == 0 { String::new() } else { "2026년 11월 23일(월)".to_owned() },
            machine_day: if years == 0 { String::new() } else { "2026-11-23".to_owned() },
            provider: "예시특별시 나루구 (예시)".to_owned(),
            rights: rights(years % 2 == 0),
            plan: TableView { anchor: "plan", title: "해마다의 계획", ..table(0) },
            tables,
            plans: (0..years)
                .map(|back| {
                    let year = 2026 - back;
                    (format!("{year}년 계획"), format!("/districts/99001/data/plan-{year}.csv"))
                })
                .collect(),
            log: (years > 0).then(|| LogView {
                checkpoint: "/log/99001/checkpoint".to_owned(),
                key: "/log/99001/key".to_owned(),
                tiles: "/log/99001/tile/".to_owned(),
                leaves: super::sample_pages::LARGE,
            }),
            bundles: (0..years)
                .map(|no| (format!("2025년 공시 제{no}호"), format!("/districts/99001/disclosures/{no}")))
                .collect(),
            catalog_href: "/districts/99001/data/catalog.json".to_owned(),
            api_href: if years == 0 { String::new() } else { "/api/v1/districts/99001".to_owned() },
            verify_href: "/districts/99001/verify".to_owned(),
        };
        vec![page(Vec::new(), 0), page(vec![table(123)], 4), page(vec![table(10_000)], 60)]
    }
}

#[cfg(test)]
mod tests;
