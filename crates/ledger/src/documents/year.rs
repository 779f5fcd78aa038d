//! 연차별 세부계획: one year of the plan, beside what the term plan promised for it.
//!
//! Owns: the order of its chapters and the table of programs with target and money. Does not own:
//! the targets. What a newcomer gets wrong: a year without a plan of its own. The term plan's tree
//! holds then, and the document says so.

use std::collections::BTreeSet;

use iljari_base::Year;
use iljari_disclosure::plan::{Figure, Node, Plan, PlanKind, TargetSet};
use iljari_print::{Block, Cell, Column, Document, Table};

use super::facts::Facts;
use super::parts::{self, chapters, department, note_sources, statistics};
use super::programs::{self, FUNDS, funding_cells, strategies};
use super::{Layout, sums, targets};

/// Composes the document of a year's plan. `plan` is the one whose tree holds in the year.
pub fn compose(facts: &Facts, plan: &Plan, layout: Layout) -> Document {
    let year = facts.year;
    let own = facts.year_plan();
    let title = match own {
        Some(own) => own.title.clone(),
        None => format!("{year}년 {} 일자리대책 세부계획", facts.book.name),
    };
    let mut document =
        Document::new(parts::meta(facts, &title, format!("{}, {year}년", facts.book.name), format!("세부계획-{year}")));
    let mut found = BTreeSet::new();
    document.heading(1, format!("1. {year}년 계획"));
    about(&mut document, facts, plan);
    if let Some(own) = own {
        chapters(&mut document, own.chapters.iter());
        let all: Vec<_> = own.statistics.iter().collect();
        note_sources(&mut found, all.iter().map(|statistic| &statistic.figure));
        statistics(&mut document, "statistics", "함께 적은 통계", &all);
    }
    document.heading(1, "2. 목표");
    targets::of_year(&mut document, facts, &mut found);
    if let Some(changed) = targets::changed(facts) {
        document.push(Block::Table(changed));
    }
    document.heading(1, "3. 전략별 사업");
    match layout {
        Layout::Pages => pages(&mut document, facts, plan, &mut found),
        Layout::Sheets => {
            let nodes: Vec<&Node> = strategies(plan).into_iter().flat_map(|strategy| strategy.below).collect();
            let described = programs::described(plan, &facts.book, &nodes, "programs".to_owned(), layout);
            document.push(Block::Table(described));
            document.push(Block::Table(of_year(facts, plan, &nodes, "program_year".to_owned(), layout, &mut found)));
        }
    }
    document.heading(1, "4. 총괄표");
    sums::of_year(&mut document, facts, false);
    parts::sources(&mut document, 5, &facts.book, &found);
    document
}

fn about(document: &mut Document, facts: &Facts, plan: &Plan) {
    let year = facts.year;
    let term = facts.term_plan().map(|term| term.title.clone());
    match (facts.year_plan(), term) {
        (Some(own), Some(term)) => {
            document.paragraph(format!("{term}에 따라 {year}년에 할 일을 정했습니다."));
            let day = own.disclosed.map(|day| format!("공시한 날은 {}입니다.", day.korean()));
            document.paragraph(day.unwrap_or_else(|| "공시한 날은 미확인입니다.".to_owned()));
        }
        (Some(_), None) => document.paragraph("이 해를 담은 종합계획을 찾지 못했습니다."),
        (None, _) => document
            .paragraph(format!("{year}년의 세부계획을 찾지 못했습니다. 아래는 종합계획에 적힌 {year}년의 몫입니다.")),
    }
    if plan.kind == PlanKind::Term && facts.year_plan().is_some() {
        document.paragraph("세부계획의 사업 구조를 찾지 못해 종합계획의 구조를 따랐습니다.");
    }
    let notes = facts.year_plan().and_then(|own| own.note.as_deref()).unwrap_or_default();
    for line in notes.lines().map(str::trim).filter(|line| !line.is_empty()) {
        document.note(line);
    }
    let money = facts.year_plan().and_then(|own| own.declared_budget.get(&year));
    if let Some(money) = money.or_else(|| facts.term_plan()?.declared_budget.get(&year)) {
        document.paragraph(format!("계획이 밝힌 {year}년 사업비는 {}입니다.", money.text()));
    }
}

fn pages(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    for (nth, strategy) in (1..).zip(strategies(plan)) {
        if !strategy.open(document) {
            continue;
        }
        let below = strategy.below;
        if says_numbers(facts, plan, &below) {
            let table = of_year(facts, plan, &below, format!("program_year_{nth}"), Layout::Pages, found);
            document.push(Block::Table(table));
        } else {
            let described = programs::described(plan, &facts.book, &below, format!("programs_{nth}"), Layout::Pages);
            document.push(Block::Table(described));
            document.note("이 전략의 사업별 목표와 사업비를 적은 자료를 찾지 못했습니다.");
        }
    }
}

/// Whether anything is known that the table of target and money would show.
fn says_numbers(facts: &Facts, plan: &Plan, nodes: &[&Node]) -> bool {
    let set = sums::summed_set(&facts.book, plan);
    nodes.iter().any(|node| target(facts, set, node).is_some() || has_money(facts, node, facts.year))
}

fn has_money(facts: &Facts, node: &Node, year: Year) -> bool {
    facts.book.budget(&node.id, year).is_some_and(|budget| !budget.planned.is_empty())
}

/// A program's share in the summed promise.
pub fn target<'f>(facts: &'f Facts, set: Option<&TargetSet>, node: &Node) -> Option<&'f Figure> {
    facts.book.node_targets(&node.id, &set?.id, facts.year).in_force()
}

/// The cell of a program's target: 미확인 where the file says that it is not known, – where the
/// program promises no jobs.
pub fn target_cell(facts: &Facts, set: Option<&TargetSet>, node: &Node) -> Cell {
    match target(facts, set, node) {
        Some(figure) => parts::figure(figure),
        None if node.targets_unknown => Cell::Unknown,
        None => Cell::NotApplicable,
    }
}

fn of_year(
    facts: &Facts,
    plan: &Plan,
    nodes: &[&Node],
    id: String,
    layout: Layout,
    found: &mut BTreeSet<String>,
) -> Table {
    let set = sums::summed_set(&facts.book, plan);
    let caption = format!("{}년 사업별 목표와 사업비", facts.year);
    let mut table = Table::new(id, caption).unit("개, 백만 원").sheet("사업별 목표와 사업비");
    table.columns = programs::name_columns(layout);
    table.columns.extend([
        Column::text("field", "부문").described("일자리를 만드는 방법입니다."),
        Column::text("department", "담당부서").described("맡은 부서입니다."),
        Column::text("counting", "집계").narrow().described("부서의 합계로 모으는지 한 사람씩 기록하는지 적었습니다."),
        Column::count("target", "목표").described("그해의 목표인 일자리 수입니다."),
        Column::millions("total", "계").group("사업비").described("그해의 사업비 합계입니다."),
    ]);
    for (key, name) in FUNDS {
        table.columns.push(Column::millions(key, name).group("사업비").described(format!("그해의 {name}입니다.")));
    }
    for node in programs::rows_of(plan, nodes, layout) {
        note_sources(found, target(facts, set, node));
        let cells = cells(facts, plan, set, node);
        table.push(programs::row(plan, node, layout, cells));
    }
    table
}

fn cells(facts: &Facts, plan: &Plan, set: Option<&TargetSet>, node: &Node) -> Vec<Cell> {
    let above = programs::is_above_programs(plan, node);
    let is_program = plan.program_level() == Some(node.level);
    let blank = || Cell::text("");
    let mut cells = vec![
        Cell::text(node.name.clone()),
        if is_program { programs::field(plan.field(&node.id)) } else { blank() },
        if is_program { department(plan.responsible(&node.id)) } else { blank() },
        if above {
            blank()
        } else {
            plan.counting(&node.id, facts.year).map_or(Cell::Unknown, |mode| Cell::text(mode.as_str()))
        },
        target_cell(facts, set, node),
    ];
    if has_money(facts, node, facts.year) {
        cells.extend(funding_cells(facts.book.budget(&node.id, facts.year).map(|budget| &budget.planned)));
    } else {
        // Only programs are given money; what they hand on to unit projects no plan says.
        let lacking = if is_program { Cell::Unknown } else { Cell::NotApplicable };
        cells.extend(vec![lacking; FUNDS.len() + 1]);
    }
    cells
}
