//! The lower sections of a year's plan: what changed, summary tables, prose, sources.
//!
//! Owns: their rows. Does not own: the page they stand on (`plan`).
//! What a newcomer gets wrong: calling a program dropped because a newspaper did not name it.

use std::collections::BTreeSet;

use iljari_base::Year;
use iljari_disclosure::plan::{Chapter, District, Figure, Node, Plan, SumTable, TableOf, YearFigures, won_text};

use super::plan::is_partial;
use super::words::{SourceView, node_href, source_view};

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

/// What is said of a name that only one of two partly known documents gives.
pub(crate) const PARTLY_KNOWN: (&str, &str) = ("종합계획에 없던 이름", "이 해에 나오지 않은 이름");

/// What a year's own tree has otherwise than the term plan's, headings and programs.
pub(crate) fn changes(book: &District, term: Option<&Plan>, tree: Option<&Plan>) -> Vec<Change> {
    let (Some(term), Some(tree)) = (term, tree) else { return Vec::new() };
    if std::ptr::eq(term, tree) || !term.has_tree {
        return Vec::new();
    }
    // Where a document is known in part, a name that is missing is not a program that was dropped.
    let (new, gone) = if is_partial(term) || is_partial(tree) { PARTLY_KNOWN } else { ("새로 생김", "없어짐") };
    let change = |word, plan: &Plan, node: &Node, name: String| Change {
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

pub(crate) fn tables(book: &District, table: &SumTable) -> Vec<TableView> {
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

pub(crate) fn chapter(chapter: &Chapter) -> ChapterView {
    let paragraphs = chapter.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    ChapterView { title: chapter.title.clone(), paragraphs: paragraphs.map(str::to_owned).collect() }
}

/// Every source that a figure of these plans rests on, in the order of their ids.
pub(crate) fn sources(book: &District, plans: &[&Plan]) -> Vec<SourceView> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        let of_sets = plan.target_sets.iter().map(|set| &set.values);
        let of_nodes = plan.nodes.iter().flat_map(|node| node.targets.values());
        let values = of_sets.chain(of_nodes).flat_map(|values| values.years.values().chain(&values.total));
        let budgets = plan.nodes.iter().flat_map(|node| node.budget.values());
        let money = budgets.flat_map(|year| {
            [&year.planned, &year.spent]
                .into_iter()
                .flat_map(|funding| funding.funds().into_iter().filter_map(|(_, figure)| figure).chain(&funding.total))
        });
        let declared = plan.declared_counts.values().chain(plan.declared_budget.values());
        let figures = values.chain(money).chain(declared);
        used.extend(figures.flat_map(|figure| figure.sources.iter().map(String::as_str)));
    }
    used.into_iter().filter_map(|id| book.sources.get(id)).map(source_view).collect()
}
