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
use iljari_disclosure::plan::{District, Figure, Plan, PlanKind, SumTable, TableOf, YearFigures, won_text};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};
use serde::Deserialize;

use crate::books::Books;
use crate::pages::tree_view::{Group, groups, said_and_named};
use crate::pages::words::{NOTHING, SourceView, home_href, node_href, plan_href, source_view, years_text};
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
    pub(crate) term: String,
    pub(crate) yearly: String,
    pub(crate) revised: bool,
    pub(crate) reason: String,
}

/// What the year's tree has otherwise than the term plan's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub(crate) word: &'static str,
    pub(crate) level: String,
    pub(crate) name: String,
    pub(crate) href: String,
}

/// A summary table (총괄표).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableView {
    pub(crate) caption: String,
    pub(crate) note: String,
    pub(crate) first: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<String>)>,
    pub(crate) total: Option<Vec<String>>,
}

/// A chapter of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterView {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
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
        add("공시일", plan.disclosed.map(|disclosed| disclosed.korean()));
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
            term: at.term.map_or_else(|| NOTHING.to_owned(), Figure::text),
            yearly: at.yearly.map_or_else(|| "따로 없음".to_owned(), Figure::text),
            revised: at.revised(),
            reason: reason.filter(|_| at.yearly.is_some()).unwrap_or_default(),
        })
    };
    book.target_sets().iter().filter_map(row).collect()
}

/// What is said of a name that only one of two partly known documents gives.
const PARTLY_KNOWN: (&str, &str) = ("종합계획에 없던 이름", "이 해에 나오지 않은 이름");

/// What a year's own tree has otherwise than the term plan's, headings and programs.
fn changes(book: &District, term: Option<&Plan>, tree: Option<&Plan>) -> Vec<Change> {
    let (Some(term), Some(tree)) = (term, tree) else { return Vec::new() };
    if std::ptr::eq(term, tree) || !term.has_tree {
        return Vec::new();
    }
    // Where a document is known in part, a name that is missing is not a program that was dropped.
    let (new, gone) = if is_partial(term) || is_partial(tree) {
        PARTLY_KNOWN
    } else {
        ("새로 생김", "없어짐")
    };
    let change = |word, plan: &Plan, node: &iljari_disclosure::plan::Node, name: String| Change {
        word,
        level: plan.level_name(node).to_owned(),
        name,
        href: node_href(&book.code, &node.id),
    };
    let mut changes = Vec::new();
    for node in &tree.nodes {
        match term.node(&node.id) {
            None => changes.push(change(new, tree, node, node.name.clone())),
            Some(before) if before.name != node.name => {
                changes.push(change("이름이 바뀜", tree, node, format!("{} → {}", before.name, node.name)));
            }
            Some(_) => {}
        }
    }
    let missing = term.nodes.iter().filter(|node| tree.node(&node.id).is_none());
    changes.extend(missing.map(|node| change(gone, term, node, node.name.clone())));
    changes
}

fn tables(book: &District, table: &SumTable) -> Vec<TableView> {
    let (caption, note) = match &table.of {
        TableOf::Targets(id) => {
            let set = book.target_set(id);
            (set.map_or(id.as_str(), |set| set.name.as_str()).to_owned(), set.map_or("", |set| set.measure.as_str()))
        }
        TableOf::PlannedBudget => ("사업비 계획".to_owned(), ""),
        TableOf::SpentBudget => ("사업비 집행".to_owned(), ""),
    };
    let mut views = Vec::new();
    let mut add = |first, rows: Vec<(String, &YearFigures)>, total: Option<&YearFigures>| {
        if rows.is_empty() {
            return;
        }
        let every = || rows.iter().map(|(_, row)| *row).chain(total);
        let years: BTreeSet<Year> = every().flat_map(|row| row.years.keys().copied()).collect();
        let with_total = every().any(|row| row.total.is_some());
        let cells = |row: &YearFigures| {
            let of_year = years.iter().map(|year| cell(row.years.get(year)));
            let sum = with_total.then(|| cell(row.total.as_ref()));
            of_year.chain(sum).collect::<Vec<_>>()
        };
        let columns = years.iter().map(|year| format!("{year}년")).chain(with_total.then(|| "계".to_owned()));
        views.push(TableView {
            caption: caption.clone(),
            note: if note.is_empty() { String::new() } else { format!("단위: {note}") },
            first,
            columns: columns.collect(),
            rows: rows.iter().map(|(name, row)| (name.clone(), cells(row))).collect(),
            total: total.map(cells),
        });
    };
    let by_field = table.by_field.iter().map(|(field, row)| (field.as_str().to_owned(), row)).collect();
    add("부문", by_field, table.field_total.as_ref());
    let by_department = table.by_department.iter().map(|(name, row)| (name.clone(), row)).collect();
    add("부서", by_department, table.department_total.as_ref());
    views
}

fn cell(figure: Option<&Figure>) -> String {
    match figure {
        None => "–".to_owned(),
        Some(figure) => figure.won().map_or_else(|| figure.amount.to_string(), won_text),
    }
}

fn chapter(chapter: &iljari_disclosure::plan::Chapter) -> ChapterView {
    let paragraphs = chapter.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    ChapterView { title: chapter.title.clone(), paragraphs: paragraphs.map(str::to_owned).collect() }
}

/// Every source that a figure of these plans rests on, in the order of their ids.
fn sources(book: &District, plans: &[&Plan]) -> Vec<SourceView> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        let of_sets = plan.target_sets.iter().map(|set| &set.values);
        let of_nodes = plan.nodes.iter().flat_map(|node| node.targets.values());
        let values = of_sets.chain(of_nodes).flat_map(|values| values.years.values().chain(&values.total));
        let budgets = plan.nodes.iter().flat_map(|node| node.budget.values());
        let money = budgets.flat_map(|year| {
            [&year.planned, &year.spent].into_iter().flat_map(|funding| {
                funding.funds().into_iter().filter_map(|(_, figure)| figure).chain(&funding.total)
            })
        });
        let declared = plan.declared_counts.values().chain(plan.declared_budget.values());
        let figures = values.chain(money).chain(declared);
        used.extend(figures.flat_map(|figure| figure.sources.iter().map(String::as_str)));
    }
    used.into_iter().filter_map(|id| book.sources.get(id)).map(source_view).collect()
}

impl Sample for PlanPage {
    fn samples() -> Vec<Self> {
        samples_of_plan::all()
    }
}
