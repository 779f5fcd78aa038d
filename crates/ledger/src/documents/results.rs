//! 추진실적: what came of a year, number by number, with what each rests on.
//!
//! Owns: the order of its chapters and its tables. Does not own: the numbers. What a newcomer gets
//! wrong: a rate of nine months beside a rate of a year. Where a total is not whole, its row says up
//! to which month it counts.

use std::collections::BTreeSet;

use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::Split;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{CountedTarget, Measure, Node, Plan, PublishedResult, ROOT, Statistic, TargetSet};
use iljari_print::{Block, Cell, Chart, Column, Document, Drawing, Part, Row, Table, Tone, YearBar, YearBars};

use super::facts::Facts;
use super::parts::{
    self, department, figure_or_none, figure_or_unknown, note_sources, remark, source_ids, statistics, words,
};
use super::programs::{self, FUNDS, Strategy, funding_cells, strategies, won};
use super::year::{target, target_cell};
use super::{Layout, corrections, sums};
use crate::progress::overview::spent;

/// Composes the document of a year's results.
pub fn compose(facts: &Facts, layout: Layout) -> Document {
    let year = facts.year;
    let title = format!("{year}년 {} 일자리대책 추진실적", facts.book.name);
    let subtitle = match facts.until(ROOT, year, Unit::Jobs, &[]) {
        Some(month) => format!("{}, {year}년 {}월까지", facts.book.name, month.of_year()),
        None => format!("{}, {year}년", facts.book.name),
    };
    let stem = format!("추진실적-{year}");
    let mut document = Document::new(parts::meta(facts, &title, subtitle, stem));
    let mut found = BTreeSet::new();
    document.heading(1, "1. 목표와 실적");
    promises(&mut document, facts, &mut found);
    charts(&mut document, facts);
    document.heading(1, "2. 총괄표");
    sums::of_year(&mut document, facts, true);
    document.heading(1, "3. 전략별 사업의 실적");
    match (facts.tree(), layout) {
        (None, _) => document.paragraph(format!("{year}년을 담은 계획을 찾지 못해 사업별로 나눌 수 없습니다.")),
        (Some(plan), Layout::Pages) => pages(&mut document, facts, plan, &mut found),
        (Some(plan), Layout::Sheets) => {
            let nodes: Vec<&Node> = strategies(plan).into_iter().flat_map(|strategy| strategy.below).collect();
            document.push(Block::Table(counted(facts, plan, &nodes, "program_results".to_owned(), layout, &mut found)));
            let money = money(facts, plan, &nodes, "program_money".to_owned(), layout);
            document.blocks.extend(money.map(Block::Table));
        }
    }
    document.heading(1, "4. 못 미치거나 넘은 까닭");
    reasons(&mut document, facts);
    document.heading(1, "5. 비율과 사람 수로 정한 목표");
    measured(&mut document, facts, &mut found);
    corrections::chapter(&mut document, 6, facts, &mut found);
    document.heading(1, "7. 발표한 수와 장부의 수");
    published(&mut document, facts, &mut found);
    document.heading(1, "8. 개인 속성으로 나눈 표");
    attributes(&mut document, facts);
    document.heading(1, "9. 세는 방법");
    how(&mut document, facts);
    parts::sources(&mut document, 10, &facts.book, &found);
    document
}

/// The year's counted promises, each with its value, what came of it and what that rests on.
fn promises(document: &mut Document, facts: &Facts, found: &mut BTreeSet<String>) {
    let targets = facts.book.counted_targets(facts.year);
    if targets.is_empty() {
        let counted = facts.actual(ROOT, facts.year, Unit::Jobs, &[]);
        document.paragraph(match counted {
            Some(split) => {
                format!("{}년의 목표를 찾지 못했습니다. 실적은 {}개입니다.", facts.year, grouped(split.total()))
            }
            None => format!("{}년의 목표와 실적을 찾지 못했습니다.", facts.year),
        });
        return;
    }
    for sentence in targets.iter().filter_map(|target| sentence(facts, target)) {
        document.paragraph(sentence);
    }
    let mut table = Table::new("promises", format!("{}년의 목표와 실적", facts.year)).sheet("목표와 실적");
    table.columns = vec![
        Column::text("name", "목표").wide().heads_rows().described("목표의 이름입니다."),
        Column::text("where", "사업").described("어느 사업의 목표인지 적었습니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::count("term", "종합계획").group("목표").described("종합계획에 적힌 목표입니다."),
        Column::count("target", "올해").group("목표").described("그해에 쓰는 목표입니다."),
        Column::count("actual", "실적").described("장부의 기록을 더한 수입니다."),
        Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다. 한 번 반올림했습니다."),
    ];
    table.columns.extend(split_columns());
    table.columns.push(until_column());
    for target in &targets {
        note_sources(found, target.at.term.into_iter().chain(target.at.yearly));
        let set = target.set;
        let actual = facts.actual(&set.node, facts.year, target.unit, &set.fields);
        let goal = target.at.in_force().and_then(|figure| figure.count());
        let mut cells = vec![
            Cell::text(set.name.clone()),
            Cell::text(facts.node_name(&set.node)),
            Cell::text(target.unit.as_str()),
            figure_or_none(target.at.term),
            figure_or_none(target.at.in_force()),
            Cell::count_or_unknown(actual.map(Split::total)),
            Cell::rate_of(actual.map(Split::total), goal),
        ];
        cells.extend(split_cells(actual));
        cells.push(until_cell(facts, &set.node, target.unit, set, actual));
        table.push(Row::ordinary(cells));
    }
    document.push(Block::Table(table));
}

/// `일자리 목표: 목표 6,024개에 실적 6,133개, 달성률 101.8 %입니다.`
fn sentence(facts: &Facts, target: &CountedTarget<'_>) -> Option<String> {
    let set = target.set;
    if set.node != ROOT {
        return None;
    }
    let goal = target.at.in_force()?.count()?;
    let counter = set.measure.counter();
    let so_far = match facts.until(ROOT, facts.year, target.unit, &set.fields) {
        Some(month) => format!("{}월까지 ", month.of_year()),
        None => String::new(),
    };
    Some(match facts.actual(ROOT, facts.year, target.unit, &set.fields) {
        None => format!("{}: 목표는 {}{counter}이고, 실적은 미확인입니다.", set.name, grouped(goal)),
        Some(actual) => {
            let rate = iljari_base::Rate::new(actual.total(), goal).map(|rate| format!(" 달성률은 {rate}입니다."));
            format!(
                "{}: 목표 {}{counter}에 {so_far}실적 {}{counter}입니다.{}",
                set.name,
                grouped(goal),
                grouped(actual.total()),
                rate.unwrap_or_default()
            )
        }
    })
}

fn split_columns() -> [Column; 3] {
    let part = |key: &str, title: &str, said: &str| Column::count(key, title).group("실적의 근거").described(said);
    [
        part("records", "기록", "한 사람에 한 줄씩 남긴 기록을 센 수입니다."),
        part("sums", "집계", "부서가 합계로 낸 수입니다."),
        part("press", "보도", "보도자료나 언론에만 나온 수입니다."),
    ]
}

fn split_cells(split: Option<Split>) -> [Cell; 3] {
    match split {
        None => [Cell::NotApplicable, Cell::NotApplicable, Cell::NotApplicable],
        Some(split) => [Cell::Count(split.records), Cell::Count(split.sums), Cell::Count(split.press)],
    }
}

fn until_column() -> Column {
    Column::text("until", "기간").narrow().described("실적이 어디까지 센 수인지 적었습니다.")
}

fn until_cell(facts: &Facts, node: &str, unit: Unit, set: &TargetSet, actual: Option<Split>) -> Cell {
    match (actual, facts.until(node, facts.year, unit, &set.fields)) {
        (None, _) => Cell::NotApplicable,
        (Some(_), None) => Cell::text("한 해"),
        (Some(_), Some(month)) => Cell::text(format!("{}월까지", month.of_year())),
    }
}

/// The years up to this one as bars, and what the year's number is made of.
fn charts(document: &mut Document, facts: &Facts) {
    let plan = facts.tree().or_else(|| facts.book.plans.first());
    let Some(set) = plan.and_then(|plan| sums::summed_set(&facts.book, plan)) else { return };
    if let Some(chart) = years(facts, set) {
        document.push(Block::Chart(chart));
    }
    if let Some(chart) = parts_of(facts, set) {
        document.push(Block::Chart(chart));
    }
}

fn years(facts: &Facts, set: &TargetSet) -> Option<Chart> {
    // A pledge of other years over the same jobs is drawn as a second line.
    let other = facts.book.target_sets().into_iter().find(|other| {
        let alike = (&other.node, other.measure, &other.fields) == (&set.node, set.measure, &set.fields);
        alike && other.id != set.id
    });
    let first = other.map_or(set.first_year, |other| other.first_year.min(set.first_year));
    let value = |of: &TargetSet, year: Year| facts.book.targets(&of.id, year).in_force()?.count();
    let bar = |year: Year| {
        let actual = facts.actual(&set.node, year, Unit::Jobs, &set.fields).map(Split::total);
        let until = facts.until(&set.node, year, Unit::Jobs, &set.fields);
        YearBar {
            label: until.map_or_else(|| format!("{year}년"), |month| format!("{year}년 {}월까지", month.of_year())),
            target: value(set, year),
            other_target: other.and_then(|other| value(other, year)),
            actual,
            ..YearBar::default()
        }
    };
    let bars: Vec<YearBar> = (first.0..=facts.year.0).map(Year).map(bar).collect();
    let known = bars.iter().filter(|bar| bar.actual.is_some()).count();
    if known == 0 {
        return None;
    }
    let title = match bars.last().and_then(|bar| Some((bar.actual?, bar.target?))) {
        Some((actual, target)) => {
            format!("{}년 목표 {}개에 실적 {}개입니다", facts.year, grouped(target), grouped(actual))
        }
        None => format!("{}년까지의 목표와 실적", facts.year),
    };
    Some(Chart {
        id: "years".to_owned(),
        title,
        unit: "개".to_owned(),
        source: format!("{} 일자리 장부", facts.book.name),
        as_of: parts::as_of(facts),
        note: String::new(),
        drawing: Drawing::YearBars(YearBars {
            target_name: set.name.clone(),
            other_target_name: other.map(|other| other.name.clone()).unwrap_or_default(),
            bars,
        }),
    })
}

fn parts_of(facts: &Facts, set: &TargetSet) -> Option<Chart> {
    let split = facts.actual(&set.node, facts.year, Unit::Jobs, &set.fields)?;
    let part = |label: &str, value: i64, tone: Tone| Part { label: label.to_owned(), value, tone };
    let parts: Vec<Part> = [
        part("기록", split.records, Tone::Strong),
        part("집계", split.sums, Tone::Soft),
        part("보도", split.press, Tone::Hatched),
    ]
    .into_iter()
    .filter(|part| part.value > 0)
    .collect();
    if parts.len() < 2 {
        return None;
    }
    let said: Vec<String> = parts.iter().map(|part| format!("{} {}개", part.label, grouped(part.value))).collect();
    Some(Chart {
        id: "split".to_owned(),
        title: format!("{}년 실적은 {}입니다", facts.year, said.join(", ")),
        unit: "개".to_owned(),
        source: format!("{} 일자리 장부", facts.book.name),
        as_of: parts::as_of(facts),
        note: String::new(),
        drawing: Drawing::Split(parts),
    })
}

fn pages(document: &mut Document, facts: &Facts, plan: &Plan, found: &mut BTreeSet<String>) {
    for (nth, Strategy { name, below, .. }) in (1..).zip(strategies(plan)) {
        document.heading(2, name);
        let set = sums::summed_set(&facts.book, plan);
        let says = |node: &&Node| {
            target(facts, set, node).is_some() || facts.actual(&node.id, facts.year, Unit::Jobs, &[]).is_some()
        };
        if below.iter().any(says) {
            let table = counted(facts, plan, &below, format!("program_results_{nth}"), Layout::Pages, found);
            document.push(Block::Table(table));
        } else {
            let names: Vec<&str> = below.iter().map(|node| node.name.as_str()).collect();
            document.paragraph(if names.is_empty() {
                "이름이 알려진 사업이 없습니다.".to_owned()
            } else {
                format!("사업별 목표와 실적은 미확인입니다. 이름이 알려진 사업: {}.", names.join(", "))
            });
        }
        let money = money(facts, plan, &below, format!("program_money_{nth}"), Layout::Pages);
        document.blocks.extend(money.map(Block::Table));
    }
}

/// Every program's target, actual, rates and what the actual rests on.
fn counted(
    facts: &Facts,
    plan: &Plan,
    nodes: &[&Node],
    id: String,
    layout: Layout,
    found: &mut BTreeSet<String>,
) -> Table {
    let set = sums::summed_set(&facts.book, plan);
    let caption = format!("{}년 사업별 목표와 실적", facts.year);
    let mut table = Table::new(id, caption).unit("개").sheet("사업별 실적");
    table.columns = programs::name_columns(layout);
    table.columns.extend([
        Column::text("department", "담당부서").described("맡은 부서입니다."),
        Column::count("target", "목표").described("그해의 목표인 일자리 수입니다."),
        Column::count("actual", "실적").described("장부의 기록을 더한 일자리 수입니다."),
        Column::rate("rate", "계산").group("달성률(%)").described("실적을 목표로 나눈 값입니다. 한 번 반올림했습니다."),
        Column::rate("printed_rate", "발표")
            .group("달성률(%)")
            .described("구가 발표한 달성률입니다. 적힌 그대로입니다."),
    ]);
    table.columns.extend(split_columns());
    let until = |node: &Node| facts.until(&node.id, facts.year, Unit::Jobs, &[]);
    let partial = nodes.iter().any(|node| until(node).is_some());
    if partial {
        table.columns.push(until_column());
    }
    for node in programs::rows_of(plan, nodes, layout) {
        let actual = facts.actual(&node.id, facts.year, Unit::Jobs, &[]);
        let goal = target(facts, set, node);
        let is_program = plan.program_level() == Some(node.level);
        if !is_program && goal.is_none() && actual.is_none() {
            continue;
        }
        note_sources(found, goal);
        let nothing_asked = goal.is_none() && !node.targets_unknown && actual.is_none();
        let mut cells = vec![
            Cell::text(node.name.clone()),
            if is_program { department(plan.responsible(&node.id)) } else { Cell::text("") },
            target_cell(facts, set, node),
            if nothing_asked { Cell::NotApplicable } else { Cell::count_or_unknown(actual.map(Split::total)) },
            Cell::rate_of(actual.map(Split::total), goal.and_then(|figure| figure.count())),
            printed_rate(facts, node),
        ];
        cells.extend(split_cells(actual));
        if partial {
            cells.push(match (actual, until(node)) {
                (None, _) => Cell::NotApplicable,
                (Some(_), None) => Cell::text("한 해"),
                (Some(_), Some(month)) => Cell::text(format!("{}월까지", month.of_year())),
            });
        }
        table.push(programs::row(plan, node, layout, cells));
    }
    table
}

/// The newest result of the year that was published for a node, counted in jobs.
fn newest<'f>(facts: &'f Facts, node: &str) -> Option<&'f PublishedResult> {
    let of_node = facts.book.results_of(facts.year);
    let jobs = of_node.filter(|one| one.node == node && one.measure == Measure::Count(Unit::Jobs));
    jobs.max_by_key(|one| (one.period.last(), one.restates.is_some()))
}

fn printed_rate(facts: &Facts, node: &Node) -> Cell {
    let printed = newest(facts, &node.id).and_then(|result| result.printed_rate.as_ref());
    printed.map_or(Cell::NotApplicable, |rate| Cell::Percent {
        scaled: rate.percent.scaled(),
        decimals: rate.percent.decimals(),
    })
}

/// Every program's money, planned and spent. `None` where nothing is known.
fn money(facts: &Facts, plan: &Plan, nodes: &[&Node], id: String, layout: Layout) -> Option<Table> {
    let caption = format!("{}년 사업별 사업비", facts.year);
    let mut table = Table::new(id, caption).unit("백만 원").sheet("사업별 사업비");
    table.columns = programs::name_columns(layout);
    table.columns.extend([
        Column::millions("planned", "계획").described("계획한 사업비입니다."),
        Column::rate("spent_rate", "집행률(%)").described("집행을 계획으로 나눈 값입니다."),
        Column::millions("spent", "계").group("집행").described("집행한 사업비의 합계입니다."),
    ]);
    for (key, name) in FUNDS {
        table.columns.push(Column::millions(key, name).group("집행").described(format!("집행한 {name}입니다.")));
    }
    for node in programs::rows_of(plan, nodes, layout) {
        let planned = facts.book.budget(&node.id, facts.year).and_then(|budget| budget.planned.amount());
        let spent = spent(&facts.book, node, facts.year);
        if planned.is_none() && spent.is_none() {
            continue;
        }
        let amount = spent.and_then(iljari_disclosure::plan::Funding::amount);
        let mut cells = vec![
            Cell::text(node.name.clone()),
            won(planned),
            Cell::rate_of(amount.map(|won| won.0), planned.map(|won| won.0)),
        ];
        cells.extend(funding_cells(spent));
        let mut row = programs::row(plan, node, layout, cells);
        if layout == Layout::Pages {
            row.indent = 0;
        }
        table.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Why a program fell short or went beyond, as its department wrote; 미확인 where one fell short
/// and nobody wrote why.
fn reasons(document: &mut Document, facts: &Facts) {
    let mut table = Table::new("reasons", "목표에 못 미치거나 넘은 까닭").sheet("까닭");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다."),
        Column::text("short", "못 미친 까닭").wide().described("목표에 못 미친 까닭입니다. 부서가 적었습니다."),
        Column::text("over", "넘은 까닭").wide().described("목표를 넘은 까닭입니다. 부서가 적었습니다."),
        Column::text("outlook", "앞으로").wide().described("앞으로 할 일입니다. 부서가 적었습니다."),
    ];
    let plan = facts.tree();
    let programs = plan.map(crate::progress::overview::programs).into_iter().flatten().map(|node| node.id.as_str());
    for id in std::iter::once(ROOT).chain(programs) {
        table.rows.extend(reason_row(facts, plan, id));
    }
    if table.rows.is_empty() {
        document.paragraph("까닭을 적은 자료가 없고, 한 해를 다 채우고 목표에 못 미친 사업도 없습니다.");
    } else {
        document.push(Block::Table(table));
    }
}

fn reason_row(facts: &Facts, plan: Option<&Plan>, id: &str) -> Option<Row> {
    let set = plan.and_then(|plan| sums::summed_set(&facts.book, plan));
    let goal = set.and_then(|set| facts.book.node_targets(id, &set.id, facts.year).in_force()?.count());
    let fields = if id == ROOT { set.map(|set| set.fields.as_slice()).unwrap_or_default() } else { &[] };
    let actual = facts.actual(id, facts.year, Unit::Jobs, fields).map(Split::total);
    let is_whole = facts.until(id, facts.year, Unit::Jobs, fields).is_none();
    let falls_short = is_whole && actual.zip(goal).is_some_and(|(actual, goal)| actual < goal);
    let of_node: Vec<&PublishedResult> = facts
        .book
        .results_of(facts.year)
        .filter(|one| one.node == id && one.measure == Measure::Count(Unit::Jobs))
        .collect();
    let said = |of: fn(&PublishedResult) -> Option<&str>| of_node.iter().rev().find_map(|one| of(one));
    let short = said(|one| one.short_reason.as_deref());
    let over = said(|one| one.over_reason.as_deref());
    let outlook = said(|one| one.outlook.as_deref());
    if !falls_short && short.is_none() && over.is_none() && outlook.is_none() {
        return None;
    }
    Some(Row::ordinary([
        Cell::text(facts.node_name(id)),
        Cell::rate_of(actual, goal),
        if falls_short { words(short) } else { remark(short) },
        remark(over),
        remark(outlook),
    ]))
}

/// Promises that the ledger does not count: rates, people at a moment, places.
fn measured(document: &mut Document, facts: &Facts, found: &mut BTreeSet<String>) {
    let sets = facts.book.target_sets();
    let others = sets.into_iter().filter(|set| !matches!(set.measure, Measure::Count(_) | Measure::Won));
    let (rates, counts): (Vec<&TargetSet>, Vec<&TargetSet>) = others.partition(|set| set.measure == Measure::Rate);
    let tables = [
        (rates, "rates", "비율로 정한 목표(%)", Column::rate as fn(&'static str, &'static str) -> Column),
        (counts, "people", "사람과 곳의 수로 정한 목표", Column::count as fn(&'static str, &'static str) -> Column),
    ];
    let mut any = false;
    for (sets, id, caption, column) in tables {
        let mut table = Table::new(id, caption).sheet(caption.trim_end_matches("(%)"));
        table.columns = vec![
            Column::text("name", "목표").wide().heads_rows().described("목표의 이름입니다."),
            Column::text("unit", "단위").narrow().described("값의 단위입니다."),
            column("term", "종합계획").described("종합계획에 적힌 목표입니다."),
            column("target", "올해").described("그해에 쓰는 목표입니다."),
            column("actual", "실적").described("발표한 실적입니다. 장부가 세는 수가 아닙니다."),
            Column::text("basis", "기준").wide().described("언제, 무엇을 기준으로 한 값인지 적었습니다."),
            Column::text("source", "출처").narrow().described("출처의 번호입니다."),
        ];
        for set in sets {
            table.rows.extend(measured_row(facts, set, found));
        }
        if !table.rows.is_empty() {
            any = true;
            document.push(Block::Table(table));
        }
    }
    let of_year: Vec<&Statistic> = facts.book.statistics.iter().filter(|one| is_of(facts.year, one)).collect();
    note_sources(found, of_year.iter().map(|statistic| &statistic.figure));
    if !of_year.is_empty() {
        any = true;
        document.heading(2, format!("함께 알려진 {}년의 수", facts.year));
        statistics(document, "statistics", "장부가 세지 않는 수", &of_year);
    }
    if !any {
        document.paragraph("비율이나 사람 수로 정한 목표를 찾지 못했습니다.");
    }
}

fn is_of(year: Year, statistic: &Statistic) -> bool {
    statistic.figure.as_of.is_some_and(|day| day.year() == year)
}

fn measured_row(facts: &Facts, set: &TargetSet, found: &mut BTreeSet<String>) -> Option<Row> {
    let at = facts.book.targets(&set.id, facts.year);
    let mut results = facts.book.results_of(facts.year).filter(|result| {
        result.measure == set.measure && result.indicator.is_some() && result.indicator == set.indicator
    });
    let result = results.next();
    if at.in_force().is_none() && result.is_none() {
        return None;
    }
    note_sources(found, at.term.into_iter().chain(at.yearly).chain(result.map(|result| &result.figure)));
    let basis: Vec<String> = result
        .map(|result| {
            let figure = &result.figure;
            let ratio = figure.ratio.map(|(top, bottom)| format!("{} ÷ {}", grouped(top), grouped(bottom)));
            let day = figure.as_of.map(|day| format!("{} 기준", day.korean()));
            [figure.statistic.clone(), ratio, day].into_iter().flatten().collect()
        })
        .unwrap_or_default();
    let source = result.map(|result| &result.figure).or(at.in_force()).map(source_ids).unwrap_or_default();
    Some(Row::ordinary([
        Cell::text(set.name.clone()),
        Cell::text(if set.measure == Measure::Rate { "%" } else { set.measure.as_str() }),
        figure_or_none(at.term),
        figure_or_none(at.in_force()),
        figure_or_unknown(result.map(|result| &result.figure)),
        remark(Some(&basis.join(", "))),
        Cell::text(source),
    ]))
}

/// What was published for the whole district, beside what the same figures give when computed.
fn published(document: &mut Document, facts: &Facts, found: &mut BTreeSet<String>) {
    let mut table = Table::new("published", "구 전체로 발표한 수와 장부의 수").sheet("발표와 장부");
    table.columns = vec![
        Column::text("period", "기간").heads_rows().described("발표한 수가 센 기간입니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::count("value", "발표한 수").described("발표한 실적입니다."),
        Column::count("target", "발표한 목표").described("실적과 함께 발표한 목표입니다."),
        Column::rate("printed", "발표").group("달성률(%)").described("발표한 달성률입니다. 적힌 그대로입니다."),
        Column::rate("computed", "계산").group("달성률(%)").described("발표한 실적을 발표한 목표로 나눈 값입니다."),
        Column::count("ledger", "장부의 수").described("같은 해에 장부의 기록을 더한 수입니다."),
        Column::text("note", "비고").wide().described("더 알아야 할 것을 적었습니다."),
        Column::text("source", "출처").narrow().described("출처의 번호입니다."),
    ];
    let counted = facts.book.results_of(facts.year).filter(|one| one.node == ROOT);
    for result in counted {
        let Measure::Count(unit) = result.measure else { continue };
        note_sources(found, [&result.figure]);
        let goal = result.printed_target.as_ref().and_then(|target| target.figure.count());
        let printed = result
            .printed_rate
            .as_ref()
            .map(|rate| Cell::Percent { scaled: rate.percent.scaled(), decimals: rate.percent.decimals() });
        let fields: Vec<_> = result.field.into_iter().collect();
        let whole_year = result.period == facts.year.period();
        let ledger = facts.actual(ROOT, facts.year, unit, &fields).filter(|_| whole_year).map(Split::total);
        table.push(Row::ordinary([
            Cell::text(parts::period_text(result.period)),
            Cell::text(unit.as_str()),
            parts::figure(&result.figure),
            result.printed_target.as_ref().map_or(Cell::NotApplicable, |target| parts::figure(&target.figure)),
            printed.unwrap_or(Cell::NotApplicable),
            Cell::rate_of(result.figure.count(), goal),
            Cell::count_or_none(ledger),
            remark(result.note.as_deref().map(str::trim)),
            Cell::text(source_ids(&result.figure)),
        ]));
    }
    if table.rows.is_empty() {
        document.paragraph("구 전체의 수를 따로 발표한 자료가 없습니다. 실적은 모두 장부의 기록에서 더했습니다.");
    } else {
        document.push(Block::Table(table));
        document.note("발표한 달성률은 적힌 그대로이고, 계산한 달성률은 한 번 반올림했습니다. 둘은 다를 수 있습니다.");
    }
}

/// Tables by personal attributes, as the rule on small numbers lets them out.
fn attributes(document: &mut Document, facts: &Facts) {
    if facts.attributes.is_empty() {
        document.paragraph("성별, 연령대, 동처럼 개인 속성으로 나눈 표가 없습니다.");
        return;
    }
    let mut table =
        Table::new("attributes", format!("{}년 실적을 개인 속성으로 나눈 수", facts.year)).sheet("개인 속성");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::text("attribute", "구분").described("어떤 속성으로 나누었는지 적었습니다."),
        Column::text("item", "항목").described("속성의 항목입니다. 계는 나누기 전의 수입니다."),
        Column::text("unit", "단위").narrow().described("수의 단위입니다."),
        Column::count("value", "수")
            .described("그 항목의 수입니다. 작은 수와 그것을 알 수 있게 하는 수는 비공개입니다."),
    ];
    for one in &facts.attributes {
        let row = |item: &str, value: Cell| {
            [
                Cell::text(one.name.clone()),
                Cell::text(one.attribute.as_str()),
                Cell::text(item),
                Cell::text(one.unit.as_str()),
                value,
            ]
        };
        for (item, number) in &one.items {
            table.push(Row::ordinary(row(item, number.map_or(Cell::Withheld, Cell::Count))));
        }
        table.push(Row::subtotal(row("계", Cell::Count(one.total))));
    }
    document.push(Block::Table(table));
    document.note(
        "5보다 작은 수와, 그 수를 셈해 낼 수 있게 하는 수는 비공개입니다. 속성을 모르는 사람(미상)의 수는 작아도 그대로 적습니다. 이 표의 내역은 장부로 재계산되지 않습니다.",
    );
}

fn how(document: &mut Document, facts: &Facts) {
    document.push(Block::List(vec![
        "실적은 장부의 기록을 더한 수입니다. 한 사람이 적고 다른 사람이 확인한 기록만 더합니다.".to_owned(),
        "기록은 한 사람에 한 줄씩 남긴 것, 집계는 부서가 합계로 낸 것, 보도는 보도자료나 언론에만 나온 것입니다."
            .to_owned(),
        "기간의 첫 달이 든 해의 실적으로 셉니다. 단위가 다른 수는 서로 더하지 않습니다.".to_owned(),
        "달성률은 실적을 목표로 나누어 한 번 반올림했습니다. 금액은 백만 원에서 한 번 반올림했습니다.".to_owned(),
        "미확인은 있지만 모르는 수이고, –는 없는 수입니다. 어느 쪽도 0이 아닙니다.".to_owned(),
    ]));
    if facts.book.is_sample {
        document.note("세는 기준과 근거도 지어낸 것입니다.");
    }
}
