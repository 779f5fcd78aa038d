//! Targets as tables: a plan's promises over its years, and a year's beside the term plan's.
//!
//! Owns: which promise stands in which table. Does not own: the values. What a newcomer gets wrong:
//! a total under rates. A rate has no sum; only counts that are added over the years have one.

use std::collections::BTreeSet;

use iljari_base::Year;
use iljari_disclosure::plan::{Aggregation, Figure, Indicator, Measure, Plan, TargetSet};
use iljari_print::{Block, Cell, Column, Document, Row, Table};

use super::facts::Facts;
use super::parts::{figure_or_none, note_sources, remark, source_ids, words};

/// The promises of a term plan, year by year: counts first, rates after them. The ids of the
/// sources are added to those found.
pub fn of_term(document: &mut Document, plan: &Plan, found: &mut BTreeSet<String>) {
    let years: BTreeSet<Year> = plan.target_sets.iter().flat_map(|set| set.values.years.keys().copied()).collect();
    let (rates, counts): (Vec<&TargetSet>, Vec<&TargetSet>) =
        plan.target_sets.iter().partition(|set| set.measure == Measure::Rate);
    if plan.target_sets.is_empty() {
        document.paragraph("계획에 적힌 목표를 찾지 못했습니다.");
    }
    if !counts.is_empty() {
        let mut table = Table::new("targets", "계획의 목표, 연도별").sheet("목표");
        table.columns.push(name_column());
        table.columns.push(Column::text("unit", "단위").narrow().described("목표를 세는 단위입니다."));
        for year in &years {
            let column = Column::count(format!("y{year}"), format!("{year}"));
            table.columns.push(column.described(format!("{year}년의 목표입니다.")));
        }
        table
            .columns
            .push(Column::count("total", "계").described("계획이 적은 합계입니다. 더하지 않는 목표에는 없습니다."));
        table.columns.push(source_column());
        for set in counts {
            let mut cells = vec![Cell::text(set.name.clone()), Cell::text(set.measure.as_str())];
            cells.extend(years.iter().map(|year| figure_or_none(set.values.years.get(year))));
            cells.push(total(set));
            cells.push(Cell::text(sources_of(set)));
            table.push(Row::ordinary(cells));
        }
        document.push(Block::Table(table));
    }
    if !rates.is_empty() {
        let mut table = Table::new("target_rates", "비율로 정한 목표, 연도별(%)").sheet("비율 목표");
        table.columns.push(name_column());
        for year in &years {
            let column = Column::rate(format!("y{year}"), format!("{year}"));
            table.columns.push(column.described(format!("{year}년의 목표입니다.")));
        }
        table.columns.push(source_column());
        for set in rates {
            let mut cells = vec![Cell::text(set.name.clone())];
            cells.extend(years.iter().map(|year| figure_or_none(set.values.years.get(year))));
            cells.push(Cell::text(sources_of(set)));
            table.push(Row::ordinary(cells));
        }
        document.push(Block::Table(table));
    }
    for set in &plan.target_sets {
        note_sources(found, set.values.years.values().chain(&set.values.total));
        if let Some(note) = &set.note {
            document.note(format!("{}: {}", set.name, note.trim()));
        }
    }
}

fn name_column() -> Column {
    Column::text("name", "목표").wide().heads_rows().described("목표의 이름입니다.")
}

fn source_column() -> Column {
    Column::text("source", "출처").narrow().described("출처의 번호입니다.")
}

fn total(set: &TargetSet) -> Cell {
    if set.aggregation != Aggregation::Sum {
        return Cell::NotApplicable;
    }
    let summed = || set.values.sum().filter(|_| !set.values.years.is_empty());
    match set.values.total.as_ref() {
        Some(written) => figure_or_none(Some(written)),
        None => Cell::count_or_none(summed()),
    }
}

/// The ids of all sources of a set's values, each once.
fn sources_of(set: &TargetSet) -> String {
    let mut ids: Vec<&str> = Vec::new();
    let figures = set.values.total.iter().chain(set.values.years.values());
    for id in figures.flat_map(|figure| figure.sources.iter().map(String::as_str)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.join(", ")
}

/// What is measured: definition, unit, which way is better.
pub fn indicators(document: &mut Document, indicators: &[Indicator]) {
    if indicators.is_empty() {
        return;
    }
    let mut table = Table::new("indicators", "지표의 뜻").sheet("지표");
    table.columns = vec![
        Column::text("name", "지표").heads_rows().described("지표의 이름입니다."),
        Column::text("kind", "구분").narrow().described("공통 지표인지 구가 따로 정한 개별 지표인지 적었습니다."),
        Column::text("unit", "단위").narrow().described("지표의 단위입니다."),
        Column::text("aggregation", "모으는 법").narrow().described("여러 해의 값을 하나로 만드는 방법입니다."),
        Column::text("definition", "뜻").wide().described("무엇을 재는지 적었습니다."),
        Column::text("note", "비고").wide().described("더 알아야 할 것을 적었습니다."),
    ];
    for indicator in indicators {
        table.push(Row::ordinary([
            Cell::text(indicator.name.clone()),
            words(indicator.kind.map(|kind| kind.as_str())),
            Cell::text(if indicator.measure == Measure::Rate { "%" } else { indicator.measure.as_str() }),
            Cell::text(indicator.aggregation.as_str()),
            words(indicator.definition.as_deref()),
            remark(indicator.note.as_deref().map(str::trim)),
        ]));
    }
    document.push(Block::Table(table));
}

/// A year's promises with both layers: what the term plan said and what holds.
pub fn of_year(document: &mut Document, facts: &Facts, found: &mut BTreeSet<String>) {
    let sets: Vec<&TargetSet> = facts.book.target_sets();
    let in_year = |set: &&&TargetSet| facts.book.targets(&set.id, facts.year).in_force().is_some();
    let (rates, counts): (Vec<&TargetSet>, Vec<&TargetSet>) =
        sets.iter().filter(in_year).partition(|set| set.measure == Measure::Rate);
    if rates.is_empty() && counts.is_empty() {
        document.paragraph(format!("{}년의 목표를 찾지 못했습니다.", facts.year));
    }
    let tables = [
        (counts, "year_targets", "목표", Column::count as fn(&'static str, &'static str) -> Column),
        (rates, "year_target_rates", "비율 목표", Column::rate as fn(&'static str, &'static str) -> Column),
    ];
    for (sets, id, sheet, column) in tables {
        if sets.is_empty() {
            continue;
        }
        let mut table = Table::new(id, format!("{}년의 {sheet}", facts.year)).sheet(sheet);
        table.columns = vec![
            name_column(),
            Column::text("where", "사업").described("어느 사업의 목표인지 적었습니다."),
            Column::text("unit", "단위").narrow().described("목표를 세는 단위입니다."),
            column("term", "종합계획").described("종합계획에 적힌 목표입니다."),
            column("year", "올해 계획").described("그해 세부계획이 정한 목표입니다. 따로 정하지 않았으면 없습니다."),
            Column::text("reason", "바꾼 까닭").wide().described("종합계획과 다르게 정한 까닭입니다."),
            source_column(),
        ];
        for set in sets {
            table.push(year_row(facts, set, found));
        }
        document.push(Block::Table(table));
    }
}

fn year_row(facts: &Facts, set: &TargetSet, found: &mut BTreeSet<String>) -> Row {
    let at = facts.book.targets(&set.id, facts.year);
    note_sources(found, at.term.into_iter().chain(at.yearly));
    let set_reason = || {
        let set = facts.year_plan().and_then(|plan| plan.target_set(&set.id));
        set.and_then(|set| set.reason.as_deref())
    };
    let reason = at.yearly.filter(|_| at.revised()).map(|figure| figure.reason.as_deref().or_else(set_reason));
    Row::ordinary([
        Cell::text(set.name.clone()),
        Cell::text(facts.node_name(&set.node)),
        Cell::text(if set.measure == Measure::Rate { "%" } else { set.measure.as_str() }),
        figure_or_none(at.term),
        figure_or_none(at.yearly),
        // A changed target without a reason says so; an unchanged one needs none.
        reason.map_or_else(|| Cell::text(""), words),
        Cell::text(at.in_force().map(source_ids).unwrap_or_default()),
    ])
}

/// The targets of programs that the year's plan changed, with both values and the reason.
pub fn changed(facts: &Facts) -> Option<Table> {
    let plan = facts.tree()?;
    let mut table = Table::new("changed_targets", "종합계획에서 바꾼 사업별 목표").sheet("바꾼 목표");
    table.columns = vec![
        Column::text("name", "사업").wide().heads_rows().described("사업의 이름입니다."),
        Column::text("set", "목표").described("어느 목표인지 적었습니다."),
        Column::count("term", "종합계획").described("종합계획에 적힌 목표입니다."),
        Column::count("year", "올해 계획").described("그해 세부계획이 정한 목표입니다."),
        Column::text("reason", "까닭").wide().described("바꾼 까닭입니다."),
    ];
    for node in &plan.nodes {
        for set in facts.book.target_sets().into_iter().filter(|set| set.node != node.id) {
            let at = facts.book.node_targets(&node.id, &set.id, facts.year);
            let (Some(term), Some(yearly)) = (at.term, at.yearly) else { continue };
            if !at.revised() || term.count().is_none() || yearly.count().is_none() {
                continue;
            }
            table.push(Row::ordinary([
                Cell::text(node.name.clone()),
                Cell::text(set.name.clone()),
                figure_or_none(Some(term)),
                figure_or_none(Some(yearly)),
                words(reason_of(plan, &set.id, yearly)),
            ]));
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The value's own reason, else that of the set in the year's plan.
fn reason_of<'p>(plan: &'p Plan, set: &str, figure: &'p Figure) -> Option<&'p str> {
    figure.reason.as_deref().or_else(|| plan.target_set(set)?.reason.as_deref())
}
