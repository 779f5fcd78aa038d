//! `/districts/{code}/plan`: the plan of one year as the document has it, with both layers.
//!
//! Owns: the page. Does not own: what came of the plan; every row leads to the node's page, which
//! is the ledger's. What a newcomer gets wrong: showing the term plan alone. In a year with a plan
//! of its own both values stay visible.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_base::{Date, Year};
use iljari_disclosure::plan::{District, Figure, Plan, PlanKind};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};
use serde::Deserialize;

use crate::books::Books;
use crate::pages::plan_sections::{Change, ChapterView, PARTLY_KNOWN, TableView, changes, chapter, sources, tables};
use crate::pages::promised::{Layer, Promised};
use crate::pages::tree_view::{Group, groups, said_and_named};
use crate::pages::words::{NOTHING, SourceView, home_href, plan_href, years_text};
use crate::pages::{district_of, samples_of_plan};

/// The page of one year's plan.
#[derive(Debug, Clone, Template)]
#[template(path = "plans/plan.html")]
pub struct PlanPage {
    pub(crate) shell: Shell,
    pub(crate) eyebrow: String,
    pub(crate) is_sample: bool,
    pub(crate) title: String,
    pub(crate) vision: String,
    pub(crate) years: Vec<YearLink>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) said: Vec<String>,
    pub(crate) year: String,
    pub(crate) layers: Vec<LayerRow>,
    pub(crate) changes: Vec<Change>,
    pub(crate) partly_known: bool,
    pub(crate) groups: Vec<Group>,
    pub(crate) inner_rows: bool,
    pub(crate) tables: Vec<TableView>,
    pub(crate) chapters: Vec<ChapterView>,
    pub(crate) sources: Vec<SourceView>,
    pub(crate) csv_href: String,
}

/// One year to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearLink {
    pub(crate) year: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// A promise of the year in both layers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayerRow {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) unconfirmed: bool,
    pub(crate) term: Promised,
    pub(crate) yearly: Promised,
    pub(crate) revised: bool,
    pub(crate) reason: String,
}

/// `?year=2025`
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The year; absent or unreadable means the latest that has begun.
    pub year: Option<String>,
}

/// `GET /districts/{code}/plan`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let year = year_asked(&book, &asked, office.clock.today())?;
    Ok(render(build(&prefs, &book, year).ok_or(PageError::NotFound)?))
}

/// The year a reader asked for, or the latest year of a plan that has begun. A year that no plan
/// speaks of is 404.
pub fn year_asked(book: &District, asked: &Asked, today: Date) -> Result<Year, PageError> {
    let years = planned_years(book);
    match &asked.year {
        Some(text) => {
            let year: Year = text.parse().map_err(|_| PageError::NotFound)?;
            years.contains(&year).then_some(year).ok_or(PageError::NotFound)
        }
        None => {
            let begun = years.iter().rev().find(|year| **year <= today.year());
            begun.or(years.first()).copied().ok_or(PageError::NotFound)
        }
    }
}

/// Every year that a plan covers.
pub fn planned_years(book: &District) -> BTreeSet<Year> {
    book.plans.iter().flat_map(|plan| (plan.first_year.0..=plan.last_year.0).map(Year)).collect()
}

/// The page of a year; `None` when no plan covers it.
pub fn build(prefs: &DisplayPrefs, book: &District, year: Year) -> Option<PlanPage> {
    let yearly = book.yearly_plans(year).next_back();
    let term = book.term_plan(year);
    let speaking = yearly.or(term)?;
    let tree = book.tree_in_force(year);
    let district = iljari_web::District::new(book.code.clone(), book.name.clone());
    let years = planned_years(book);
    let changes = changes(book, term, tree);
    let groups = tree.map(|tree| groups(book, tree, year)).unwrap_or_default();
    let plans: Vec<&Plan> = term.into_iter().chain(yearly).collect();
    Some(PlanPage {
        shell: Shell::public(prefs, format!("{year}년 계획"), Some(district), PublicNav::Plan)
            .crumb("진행 상황", home_href(&book.code))
            .here(format!("{year}년 계획")),
        eyebrow: format!("{} · {}", speaking.kind.as_str(), speaking.title),
        is_sample: book.is_sample,
        title: title(book, tree, year),
        vision: speaking.vision.clone().or_else(|| term?.vision.clone()).unwrap_or_default(),
        years: years
            .into_iter()
            .map(|each| YearLink { year: each.to_string(), href: plan_href(&book.code, each), current: each == year })
            .collect(),
        facts: facts(&plans, year),
        said: tree.map(said_and_named).unwrap_or_default(),
        year: year.to_string(),
        layers: layers(book, year),
        partly_known: changes.iter().any(|change| change.word == PARTLY_KNOWN.0 || change.word == PARTLY_KNOWN.1),
        changes,
        inner_rows: groups.iter().flat_map(|group| &group.blocks).flat_map(|block| &block.rows).any(|row| row.inner),
        groups,
        tables: plans.iter().flat_map(|plan| plan.sum_tables.iter().flat_map(|table| tables(book, table))).collect(),
        chapters: plans.iter().flat_map(|plan| &plan.chapters).map(chapter).collect(),
        sources: sources(book, &plans),
        csv_href: format!("/districts/{}/plan.csv?year={year}", book.code),
    })
}

/// `광진구의 2025년 계획은 전략 5개, 세부과제 30개, 사업 64개로 이루어집니다`.
fn title(book: &District, tree: Option<&Plan>, year: Year) -> String {
    let counts = tree.map(counts).unwrap_or_default();
    let counts: Vec<String> = counts.iter().map(|(level, count)| format!("{level} {}개", grouped(*count))).collect();
    match counts.as_slice() {
        [] if tree.is_some_and(|tree| !tree.nodes.is_empty()) => {
            format!("{}의 {year}년 계획은 이름의 일부만 알려져 있습니다", book.name)
        }
        [] => format!("{}의 {year}년 계획에는 사업 목록이 없습니다", book.name),
        counts => {
            let listed = with_particle(&counts.join(", "), "으로/로");
            format!("{}의 {year}년 계획은 {listed} 이루어집니다", book.name)
        }
    }
}

/// Whether the document has more than the file could name.
pub fn is_partial(plan: &Plan) -> bool {
    plan.nodes.iter().any(|node| node.children_unknown) || !said_and_named(plan).is_empty()
}

/// How many of each level: as the document says, else as it names. Of a document that is known in
/// part, only what it says itself.
pub fn counts(plan: &Plan) -> Vec<(String, i64)> {
    let of = |(level, name): (usize, &String)| {
        let named = plan.nodes.iter().filter(|node| node.level == level).count();
        let declared = plan.declared_counts.get(name).and_then(Figure::count);
        let named = i64::try_from(named).ok().filter(|_| !is_partial(plan));
        let count = declared.or(named).unwrap_or(0);
        (count > 0).then(|| (name.clone(), count))
    };
    plan.levels.iter().enumerate().filter_map(of).collect()
}

fn facts(plans: &[&Plan], year: Year) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: Option<String>| {
        facts.push((label.to_owned(), value.unwrap_or_else(|| NOTHING.to_owned())));
    };
    for plan in plans {
        let years = years_text(plan.first_year, plan.last_year);
        add(plan.kind.as_str(), Some(format!("{} ({years})", plan.title)));
        add(&format!("{} 공시일", plan.kind.as_str()), plan.disclosed.map(|disclosed| disclosed.korean()));
        if plan.kind == PlanKind::Term {
            add("임기", plan.office_term.clone());
        }
        if let Some(note) = &plan.note {
            add(&format!("{} 비고", plan.kind.as_str()), Some(note.trim().to_owned()));
        }
        for (name, figure) in &plan.declared_counts {
            if !plan.levels.contains(name) {
                let counter = if name == "부서" { "곳" } else { "개" };
                add(&format!("{name} 수"), Some(format!("{}{counter}", figure.amount)));
            }
        }
    }
    let money = plans.iter().rev().find_map(|plan| plan.declared_budget.get(&year));
    add("사업비 모두", money.map(Figure::text));
    facts
}

fn layers(book: &District, year: Year) -> Vec<LayerRow> {
    let row = |set: &&iljari_disclosure::plan::TargetSet| {
        let at = book.targets(&set.id, year);
        at.in_force()?;
        let of_year = book.yearly_plans(year).rev().find_map(|plan| plan.target_set(&set.id));
        let reason = at.yearly.and_then(|figure| figure.reason.clone()).or_else(|| of_year?.reason.clone());
        Some(LayerRow {
            name: set.name.clone(),
            definition: set.definition.clone().unwrap_or_default(),
            unconfirmed: set.definition.is_none(),
            term: at.term.map_or_else(
                || Promised::words(NOTHING),
                |figure| Promised::target(figure, &set.id, &set.node, year, Layer::Term),
            ),
            yearly: at.yearly.map_or_else(
                || Promised::words("따로 없음"),
                |figure| Promised::target(figure, &set.id, &set.node, year, Layer::Yearly),
            ),
            revised: at.revised(),
            reason: reason.filter(|_| at.yearly.is_some()).unwrap_or_default(),
        })
    };
    book.target_sets().iter().filter_map(row).collect()
}

impl Sample for PlanPage {
    fn samples() -> Vec<Self> {
        samples_of_plan::all()
    }
}
