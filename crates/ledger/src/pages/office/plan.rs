//! `/office/plan`: the year's tree with targets, actuals and the door to each program's number.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Counting, District, Measure, Plan, TargetSet};
use iljari_plans::Books;
use iljari_web::parts::Choice;
use iljari_web::{Desk, DisplayPrefs, Duty, Office, PageError, Sample, Shell, Typed, Viewer, render};

use super::{book, frame};
use crate::progress::{self, Progress};

/// One node of the tree.
#[derive(Debug, Clone, Default)]
pub struct NodeRow {
    depth: usize,
    level: String,
    name: String,
    href: String,
    field: String,
    department: String,
    counting: String,
    target: String,
    actual: String,
    record_href: String,
}

/// An outermost node with everything below it; a plan is long, and an officer looks for one program.
#[derive(Debug, Clone, Default)]
pub struct NodeGroup {
    name: String,
    said: String,
    open: bool,
    rows: Vec<NodeRow>,
}

/// A tree of this many rows is short enough to lie open.
const OPEN_ROWS_MAX: usize = 15;

#[derive(Template)]
#[template(path = "office/plan.html")]
pub(super) struct Page {
    shell: Shell,
    district: String,
    year: Year,
    plan: String,
    years: Vec<Choice>,
    groups: Vec<NodeGroup>,
    programs: usize,
}

/// Shows the tree in force in a year (`?year=`).
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    typed: Typed,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "계획 구조", Desk::Plan).await?;
    let years: Vec<Year> = book.years().into_iter().filter(|year| book.tree_in_force(*year).is_some()).collect();
    let today = office.clock.today().year();
    let newest = years.iter().copied().filter(|year| *year <= today).max().or(years.first().copied());
    let year = typed.get("year").parse::<Year>().ok().filter(|year| years.contains(year)).or(newest);
    let at = Arc::clone(&book);
    let progress = office.store.read(move |tx| Box::pin(async move { progress::progress(tx, &at).await })).await?;
    let may_record = viewer.may(Duty::Record);
    let (rows, plan) = match year.and_then(|year| Some((year, book.tree_in_force(year)?))) {
        Some((year, plan)) => (rows(&book, plan, year, &progress, may_record), plan.title.clone()),
        None => (Vec::new(), String::new()),
    };
    Ok(render(Page {
        shell,
        district: book.name.clone(),
        year: year.unwrap_or(today),
        plan,
        years: years
            .iter()
            .map(|each| Choice::new(each.to_string(), format!("{each}년")).chosen(Some(*each) == year))
            .collect(),
        programs: rows.iter().filter(|row| !row.counting.is_empty()).count(),
        groups: groups(rows),
    }))
}

/// Cuts the rows, which stand in the plan's order, at every outermost node.
fn groups(rows: Vec<NodeRow>) -> Vec<NodeGroup> {
    let open = rows.len() <= OPEN_ROWS_MAX;
    let mut groups: Vec<NodeGroup> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if row.depth > 0 => group.rows.push(row),
            _ => groups.push(NodeGroup { name: row.name.clone(), said: String::new(), open, rows: vec![row] }),
        }
    }
    for group in &mut groups {
        let programs = group.rows.iter().filter(|row| !row.counting.is_empty()).count();
        let top = group.rows.first();
        let (target, actual) = top.map(|row| (row.target.as_str(), row.actual.as_str())).unwrap_or_default();
        group.said = format!("사업 {programs}개 · 목표 {target} · 실적 {actual}");
    }
    groups
}

fn rows(book: &District, plan: &Plan, year: Year, progress: &Progress, may_record: bool) -> Vec<NodeRow> {
    let lowest = plan.program_level().unwrap_or(0);
    let sets: Vec<&TargetSet> =
        book.target_sets().into_iter().filter(|set| matches!(set.measure, Measure::Count(_))).collect();
    plan.nodes
        .iter()
        .map(|node| {
            let is_program = node.level >= lowest;
            let individual = plan.counting(&node.id, year) == Some(Counting::Individual);
            let target = sets
                .iter()
                .find_map(|set| book.node_targets(&node.id, &set.id, year).in_force())
                .map_or_else(|| "자료 없음".to_owned(), |figure| figure.text());
            let actual = progress
                .whole(&node.id, year, Unit::Jobs, &[])
                .map_or_else(|| "아직 없음".to_owned(), |split| format!("{}개", grouped(split.total())));
            NodeRow {
                depth: plan.ancestors(&node.id).len(),
                level: plan.level_name(node).to_owned(),
                name: node.name.clone(),
                href: format!("/districts/{}/plan/{}", book.code, node.id),
                field: plan.field(&node.id).map_or_else(|| "자료 없음".to_owned(), |field| field.to_string()),
                department: plan
                    .responsible(&node.id)
                    .map_or_else(|| "자료 없음".to_owned(), |responsible| responsible.department.clone()),
                counting: match (is_program, individual) {
                    (false, _) => String::new(),
                    (true, true) => "개별".to_owned(),
                    (true, false) => "집계".to_owned(),
                },
                target,
                actual,
                record_href: if is_program && may_record && !individual {
                    format!("/office/entries/new?node={}&year={year}", node.id)
                } else {
                    String::new()
                },
            }
        })
        .collect()
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |nth: usize| NodeRow {
            depth: nth % 4,
            level: ["전략", "실천과제", "사업", "단위사업"][nth % 4].to_owned(),
            name: "어르신이 오래 일하는 강변 만들기와 취약계층 맞춤 지원 (예시)".to_owned(),
            href: "/districts/99001/plan/어르신일자리".to_owned(),
            field: "직접일자리 창출".to_owned(),
            department: "어르신복지과".to_owned(),
            counting: if nth % 4 > 1 { "집계".to_owned() } else { String::new() },
            target: "2,600개".to_owned(),
            actual: "2,588개".to_owned(),
            record_href: if nth % 4 > 1 {
                "/office/entries/new?node=어르신일자리&year=2026".to_owned()
            } else {
                String::new()
            },
        };
        let page = |rows: usize| Page {
            shell: super::sample_shell("계획 구조", Desk::Plan),
            district: "나루구".to_owned(),
            year: Year(2026),
            plan: if rows == 0 { String::new() } else { "나루구 일자리대책 (예시)".to_owned() },
            years: vec![Choice::new("2026", "2026년").chosen(true)],
            groups: groups((0..rows).map(row).collect()),
            programs: rows / 2,
        };
        vec![page(0), page(8), page(180)]
    }
}
