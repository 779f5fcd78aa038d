//! `/districts/{code}/plan/{node}/{year}`: the entries that a number counts.
//!
//! Owns: the page. Does not own: the addition; the list below the number is what was added, the
//! nodes below included. What a newcomer gets wrong: listing the node's own entries only.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use iljari_base::Year;
use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::{Source, Split};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::ROOT;
use iljari_plans::Books;
use iljari_plans::pages::words::{node_href, node_year_href};
use iljari_web::{DisplayPrefs, Office, PageError, Pager, Sample, Shell, filters, render};
use serde::Deserialize;

use super::entry_view::{EntryView, before_and_after, view};
use super::home::Sentence;
use super::look::{Look, look};
use super::node::{plan_of, shell};
use super::number::{Number, counter};
use super::sample_pages;

/// The page of one node in one year.
#[derive(Debug, Clone, Template)]
#[template(path = "public/node_year.html")]
pub struct NodeYearPage {
    pub(crate) shell: Shell,
    pub(crate) eyebrow: String,
    pub(crate) is_sample: bool,
    pub(crate) title: Sentence,
    pub(crate) node_href: String,
    pub(crate) units: Vec<UnitTable>,
    pub(crate) entries: Vec<EntryView>,
    pub(crate) all: usize,
    pub(crate) pager: Pager,
}

/// The total of one unit, field by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitTable {
    pub(crate) unit: String,
    pub(crate) rows: Vec<FieldRow>,
    pub(crate) whole: Option<FieldRow>,
}

/// One line of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldRow {
    pub(crate) field: String,
    pub(crate) parts: Vec<(&'static str, Number)>,
    pub(crate) whole: Number,
}

/// `?page=2`
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The page of the list, from 1.
    pub page: Option<String>,
}

/// `GET /districts/{code}/plan/{node}/{year}`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, node, year)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    if let Some(answer) = super::chart_file::file(&office, &books, &code, &node, &year).await {
        return answer;
    }
    let look = look(&office, &books, &code).await?;
    let year: Year = year.parse().map_err(|_| PageError::NotFound)?;
    let number = asked.page.as_deref().and_then(|page| page.parse().ok()).unwrap_or(1);
    Ok(render(build(&prefs, &look, &node, year, number).ok_or(PageError::NotFound)?))
}

/// The page; `None` for a node nobody knows or a year that neither a plan nor an entry speaks of.
pub fn build(prefs: &DisplayPrefs, look: &Look, node: &str, year: Year, page: i64) -> Option<NodeYearPage> {
    let book = &look.book;
    let counted_years = Unit::ALL.iter().any(|unit| look.progress.years(node, *unit).contains(&year));
    if !book.knows_node(node) || !(book.years().contains(&year) || counted_years) {
        return None;
    }
    let name = look.node_name(node, year);
    let changes = before_and_after(&look.entries);
    let found: Vec<_> = Unit::ALL.iter().flat_map(|unit| look.counted(node, year, *unit, &[])).collect();
    let href = node_year_href(&book.code, node, year);
    let pager = Pager::of(i64::try_from(found.len()).unwrap_or(i64::MAX), page, format!("{href}?page="));
    let from = usize::try_from(pager.offset()).unwrap_or(0);
    let rows = usize::try_from(Pager::ROWS).unwrap_or(50);
    let shown = found.iter().rev().skip(from).take(rows);
    let plan = plan_of(look, node, year).map(|(plan, _)| plan);
    Some(NodeYearPage {
        shell: year_shell(shell(prefs, look, plan, node, &name, year), look, node, year),
        eyebrow: format!("{year}년 · {}", if node == ROOT { "구 전체" } else { name.as_str() }),
        is_sample: book.is_sample,
        title: title(look, node, year, &name, found.len()),
        node_href: node_href(&book.code, node),
        units: Unit::ALL.iter().filter_map(|unit| unit_table(look, node, year, *unit)).collect(),
        entries: shown.map(|(entry, counted)| view(look, entry, counted, &changes)).collect(),
        all: found.len(),
        pager,
    })
}

/// The node's own step becomes a link, the year the last one.
fn year_shell(mut shell: Shell, look: &Look, node: &str, year: Year) -> Shell {
    if let Some(last) = shell.crumbs.last_mut() {
        last.href = node_href(&look.book.code, node);
    }
    shell.title = format!("{} {year}년 기록", shell.title);
    shell.here(format!("{year}년 기록"))
}

/// `광진구의 2025년 일자리 6,570개는 기록 1건을 더한 수입니다`
fn title(look: &Look, node: &str, year: Year, name: &str, entries: usize) -> Sentence {
    let first = Unit::ALL.iter().find_map(|unit| Some((*unit, look.progress.whole(node, year, *unit, &[])?)));
    let Some((unit, split)) = first else {
        let before = format!("{name}의 {year}년 실적은 아직 장부에 없습니다");
        return Sentence { before, ..Sentence::default() };
    };
    let thing = if unit == Unit::Jobs { "일자리 " } else { "" };
    let records = i64::try_from(entries).unwrap_or(i64::MAX);
    Sentence {
        before: format!("{name}의 {year}년 {thing}"),
        number: Some(Number::total(&look.book.code, node, year, unit, split.total())),
        after: format!("{} 기록 {}건을 더한 수입니다", with_particle(counter(unit), "은/는"), grouped(records)),
    }
}

fn unit_table(look: &Look, node: &str, year: Year, unit: Unit) -> Option<UnitTable> {
    let lines = look.progress.lines(node, year, unit);
    let row = |field: Option<Field>, split: Split| {
        let fields: Vec<Field> = field.into_iter().collect();
        let total = |value| Number::total(&look.book.code, node, year, unit, value).of_fields(&fields);
        let part = |source: Source| (source.korean(), total(split.part(source)).of_part(source));
        FieldRow {
            field: field.map_or("모두", |field| field.as_str()).to_owned(),
            parts: [Source::Records, Source::Sums, Source::Press].map(part).to_vec(),
            whole: total(split.total()),
        }
    };
    let (whole, by_field): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.field.is_none());
    (!lines.is_empty()).then(|| UnitTable {
        unit: unit.as_str().to_owned(),
        rows: by_field.iter().map(|line| row(line.field, line.whole)).collect(),
        whole: whole.first().map(|line| row(None, line.whole)),
    })
}

impl Sample for NodeYearPage {
    fn samples() -> Vec<Self> {
        sample_pages::node_year()
    }
}
