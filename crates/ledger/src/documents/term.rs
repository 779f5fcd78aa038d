//! 종합계획: the plan of a term of office, from the district's situation to its summary tables.
//!
//! Owns: the order of its chapters. Does not own: any number in it. What a newcomer gets wrong:
//! leaving a chapter out where nothing is known. The chapter stays and says so.

use std::collections::BTreeSet;

use iljari_disclosure::plan::{Chapter, Development, Figure, Plan, Statistic, StatisticKind};
use iljari_plans::pages::words::years_text;
use iljari_print::{Block, Cell, Column, Document, Row, Table};

use super::facts::Facts;
use super::parts::{self, chapters, figure_or_none, figure_or_unknown, note_sources, statistics, words};
use super::programs::{self, strategies};
use super::{Layout, sums, targets};

/// The chapters of a plan's prose by the section of the document they belong to.
const SITUATION: [&str; 2] = ["여건", "고용"];
const VISION: [&str; 1] = ["비전"];

/// Composes the document of a term plan.
pub fn compose(facts: &Facts, plan: &Plan, layout: Layout) -> Document {
    let years = years_text(plan.first_year, plan.last_year);
    let stem = format!("종합계획-{}-{}", plan.first_year, plan.last_year);
    let mut document = Document::new(parts::meta(facts, &plan.title, format!("{}, {years}", facts.book.name), stem));
    let mut found = BTreeSet::new();
    situation(&mut document, facts, plan, &mut found);
    vision(&mut document, facts, plan, &mut found);
    document.heading(1, "3. 목표");
    targets::of_term(&mut document, plan, &mut found);
    targets::indicators(&mut document, &plan.indicators);
    document.heading(1, "4. 전략별 실천과제와 사업");
    match layout {
        Layout::Pages => pages(&mut document, facts, plan, &mut found),
        Layout::Sheets => sheets(&mut document, facts, plan, &mut found),
    }
    developments(&mut document, plan, &mut found);
    document.heading(1, "6. 추진체계");
    let rest = |chapter: &&Chapter| !SITUATION.contains(&chapter.id.as_str()) && !VISION.contains(&chapter.id.as_str());
    if chapters(&mut document, plan.chapters.iter().filter(rest)) == 0 {
        document.paragraph("추진체계를 적은 자료를 찾지 못했습니다.");
    }
    document.heading(1, "7. 총괄표");
    let tables = sums::of_term(plan);
    if tables.is_empty() {
        document.paragraph("부문과 부서로 나눈 총괄표를 찾지 못했습니다.");
    }
    for table in tables {
        document.push(Block::Table(table));
    }
    parts::sources(&mut document, 8, &facts.book, &found);
    document
}

fn situation(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    document.heading(1, "1. 지역 여건과 고용 지표");
    let named = |ids: &[&str], chapter: &&Chapter| ids.contains(&chapter.id.as_str());
    let prose = chapters(document, plan.chapters.iter().filter(|chapter| named(&SITUATION, chapter)));
    let labour: Vec<&Statistic> = plan.statistics.iter().filter(|one| one.kind != StatisticKind::Other).collect();
    let others: Vec<&Statistic> = plan.statistics.iter().filter(|one| one.kind == StatisticKind::Other).collect();
    let before: Vec<&Statistic> = facts.book.statistics.iter().filter(|one| is_before(plan, one)).collect();
    let mut tables = 0;
    let groups = [
        (labour, "statistics", "인구와 고용 지표"),
        (others, "other_statistics", "그 밖에 알려진 수"),
        (before, "earlier_statistics", "계획 앞의 수"),
    ];
    for (group, id, caption) in groups {
        note_sources(found, group.iter().map(|statistic| &statistic.figure));
        tables += statistics(document, id, caption, &group);
    }
    if prose + tables == 0 {
        document.paragraph("지역 여건과 고용 지표를 적은 자료를 찾지 못했습니다.");
    }
}

/// Whether a statistic that stands outside the plans is of the time before this one.
fn is_before(plan: &Plan, statistic: &Statistic) -> bool {
    statistic.figure.as_of.is_none_or(|day| day.year() < plan.first_year)
}

fn vision(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    document.heading(1, "2. 비전과 전략");
    match &plan.vision {
        Some(vision) => document.paragraph(format!("비전: {vision}")),
        None => document.paragraph("비전을 적은 자료를 찾지 못했습니다."),
    }
    chapters(document, plan.chapters.iter().filter(|chapter| VISION.contains(&chapter.id.as_str())));
    document.push(Block::Table(structure(plan)));
    if !plan.declared_counts.is_empty() {
        note_sources(found, plan.declared_counts.values());
        document.push(Block::Table(declared(facts, plan)));
    }
    if let Some(note) = &plan.note {
        for line in note.lines().map(str::trim).filter(|line| !line.is_empty()) {
            document.note(line);
        }
    }
}

/// Strategies and tasks with the number of programs below each.
fn structure(plan: &Plan) -> Table {
    let mut table = Table::new("structure", "전략과 실천과제").sheet("전략과 과제");
    table.columns = vec![
        Column::text("name", "이름").wide().heads_rows().described("전략이나 실천과제의 이름입니다."),
        Column::text("level", "단계").narrow().described("전략인지 실천과제인지 적었습니다."),
        Column::count("programs", "사업 수").narrow().described("그 아래 놓인 사업의 수입니다."),
        Column::text("description", "내용").wide().described("무엇을 하려는지 적었습니다."),
    ];
    let level = plan.program_level();
    for node in plan.nodes.iter().filter(|node| programs::is_above_programs(plan, node)) {
        let below = plan.descendants(&node.id).into_iter().filter(|below| Some(below.level) == level).count();
        let cells = [
            Cell::text(node.name.clone()),
            Cell::text(plan.level_name(node)),
            Cell::Count(i64::try_from(below).unwrap_or(i64::MAX)),
            parts::remark(node.description.as_deref().map(str::trim)),
        ];
        let indent = u8::try_from(plan.ancestors(&node.id).len()).unwrap_or(u8::MAX);
        table.push(Row::ordinary(cells).indent(indent));
    }
    table
}

/// How many of what the document says it has, beside how many have a name here.
fn declared(facts: &Facts, plan: &Plan) -> Table {
    let mut table = Table::new("declared", "계획이 밝힌 수와 이름이 알려진 수").sheet("구성");
    table.columns = vec![
        Column::text("what", "무엇").heads_rows().described("무엇의 수인지 적었습니다."),
        Column::count("declared", "밝힌 수").described("계획이나 보도가 밝힌 수입니다."),
        Column::count("named", "이름이 알려진 수").described("이 자료에 이름이 있는 수입니다."),
        Column::text("note", "비고").wide().described("더 알아야 할 것을 적었습니다."),
        Column::text("source", "출처").narrow().described("출처의 번호입니다."),
    ];
    for (what, figure) in &plan.declared_counts {
        let level = plan.levels.iter().position(|level| level == what);
        let named = level.map(|level| plan.nodes.iter().filter(|node| node.level == level).count());
        let departments = (what == "부서" && facts.book.departments_known).then_some(facts.book.departments.len());
        let named = named.or(departments).and_then(|count| i64::try_from(count).ok());
        table.push(Row::ordinary([
            Cell::text(what.clone()),
            figure_or_unknown(Some(figure)),
            Cell::count_or_none(named),
            parts::remark(figure.note.as_deref()),
            Cell::text(parts::source_ids(figure)),
        ]));
    }
    table
}

fn pages(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    for (nth, strategy) in (1..).zip(strategies(plan)) {
        if !strategy.open(document) {
            continue;
        }
        let below = strategy.below;
        let described = programs::described(plan, &facts.book, &below, format!("programs_{nth}"), Layout::Pages);
        document.push(Block::Table(described));
        let targets = programs::targets(plan, &below, format!("program_targets_{nth}"), Layout::Pages, found);
        let budget = programs::budget(plan, &below, format!("program_budgets_{nth}"));
        match (targets, budget) {
            (None, None) => document.note("이 전략의 사업별 목표와 사업비를 적은 자료를 찾지 못했습니다."),
            (targets, budget) => {
                document.blocks.extend(targets.into_iter().chain(budget).map(Block::Table));
            }
        }
    }
}

fn sheets(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    let nodes: Vec<_> = strategies(plan).into_iter().flat_map(|strategy| strategy.below).collect();
    let described = programs::described(plan, &facts.book, &nodes, "programs".to_owned(), Layout::Sheets);
    document.push(Block::Table(described));
    let targets = programs::targets(plan, &nodes, "program_targets".to_owned(), Layout::Sheets, found);
    let tables = targets.into_iter().chain(programs::budget_by_year(plan, &nodes));
    document.blocks.extend(tables.map(Block::Table));
}

fn developments(document: &mut Document, plan: &Plan, found: &mut BTreeSet<String>) {
    document.heading(1, "5. 개발사업");
    if plan.developments.is_empty() {
        document.paragraph("계획에 이어진 개발사업을 적은 자료를 찾지 못했습니다.");
        return;
    }
    let mut table = Table::new("developments", "일자리와 이어진 개발사업").sheet("개발사업");
    table.columns = vec![
        Column::text("name", "개발사업").wide().heads_rows().described("개발사업의 이름입니다."),
        Column::text("stage", "상태").narrow().described("어디까지 왔는지 적었습니다."),
        Column::text("milestones", "일정").wide().described("무엇을 언제 하는지 적었습니다."),
        Column::text("linked", "이어진 사업").described("함께 가는 전략이나 사업입니다."),
        Column::count("jobs", "예상 일자리").described("생길 것으로 보는 일자리 수입니다."),
        Column::text("source", "출처").narrow().described("출처의 번호입니다."),
    ];
    for development in &plan.developments {
        found.extend(development.sources.iter().cloned());
        note_sources(found, development.expected_jobs.iter());
        table.push(development_row(plan, development));
    }
    document.push(Block::Table(table));
}

fn development_row(plan: &Plan, development: &Development) -> Row {
    let milestones: Vec<String> =
        development.milestones.iter().map(|(what, when)| format!("{} {what}", when.korean())).collect();
    let name = |id: &String| plan.node(id).map_or_else(|| id.clone(), |node| node.name.clone());
    let linked: Vec<String> = development.linked.iter().map(name).collect();
    let jobs: Option<&Figure> = development.expected_jobs.as_ref();
    Row::ordinary([
        Cell::text(development.name.clone()),
        words(development.stage.map(|stage| stage.as_str())),
        words(Some(milestones.join(", ").as_str())),
        Cell::text(linked.join(", ")),
        jobs.map_or(Cell::Unknown, |jobs| figure_or_none(Some(jobs))),
        Cell::text(development.sources.join(", ")),
    ])
}
