//! Summary tables (총괄표): by field and by department, over a term's years and in one year.
//!
//! Owns: their columns and which promise they are of. Does not own: adding up (`progress`) or the
//! numbers. What a newcomer gets wrong: a rate over a sum that lacks a part. Such a row has none.

use iljari_base::{Won, Year};
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{District, Figure, Measure, Plan, ROOT, SumTable, TableOf, TargetSet, YearFigures};
use iljari_print::{Block, Cell, Column, Document, Row, Table};

use super::facts::Facts;
use super::parts::figure;
use crate::progress::overview::{Overview, OverviewRow, Partial, overview};

/// The name of the row for what was counted above the programs.
const ABOVE: &str = "내역 미상";

/// The promise that the summary adds up: jobs of the whole district. One that programs share in goes
/// before one that stands alone, and one of the plan itself before a pledge from elsewhere.
pub fn summed_set<'b>(book: &'b District, plan: &Plan) -> Option<&'b TargetSet> {
    let of_jobs = |set: &&TargetSet| set.node == ROOT && set.measure == Measure::Count(Unit::Jobs);
    let sets: Vec<&TargetSet> = book.target_sets().into_iter().filter(of_jobs).collect();
    let shared = |set: &&&TargetSet| plan.nodes.iter().any(|node| node.targets.contains_key(&set.id));
    let years = |set: &TargetSet| (set.first_year, set.last_year);
    let own = |set: &&&TargetSet| years(set) == (plan.first_year, plan.last_year);
    let found = sets.iter().find(shared).or_else(|| sets.iter().find(own)).or_else(|| sets.first());
    found.copied()
}

/// The year's summary by field and by department, with what came of it or the plan alone.
pub fn of_year(document: &mut Document, facts: &Facts, with_actual: bool) {
    let plan = facts.tree();
    let Some(set) = plan.and_then(|plan| summed_set(&facts.book, plan)) else {
        document.paragraph("일자리 수로 정한 목표가 없어 총괄표를 만들지 못했습니다.");
        return;
    };
    let sums = overview(&facts.book, set, facts.year, &facts.progress);
    let year = facts.year;
    let captions = [
        ("sum_by_field", format!("{year}년 총괄표, 부문별"), "총괄표 부문별", "부문", &sums.by_field, None),
        (
            "sum_by_department",
            format!("{year}년 총괄표, 부서별"),
            "총괄표 부서별",
            "부서",
            &sums.by_department,
            sums.above,
        ),
    ];
    for (id, caption, sheet, head, rows, above) in captions {
        let mut table = Table::new(id, caption).unit("개, 백만 원").sheet(sheet);
        table.columns = columns(head, with_actual);
        for row in rows {
            table.push(Row::ordinary(cells(row, with_actual)));
        }
        if let Some(above) = above.filter(|_| with_actual) {
            let row = OverviewRow { name: ABOVE.to_owned(), actual: Some(above), ..OverviewRow::default() };
            table.push(Row::ordinary(rest_cells(&row)));
        }
        table.push(Row::total(cells(&sums.total, with_actual)));
        table.note = note(&sums, rows, with_actual);
        document.push(Block::Table(table));
    }
}

fn columns(head: &str, with_actual: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::text("name", head).wide().heads_rows().described("부문이나 부서의 이름입니다."),
        Column::count("programs", "사업 수").narrow().described("사업의 수입니다."),
        Column::count("target", "목표")
            .group("일자리")
            .described("사업의 목표를 더한 일자리 수입니다. 합계는 계획 전체의 목표입니다."),
    ];
    if with_actual {
        columns.extend([
            Column::count("actual", "실적").group("일자리").described("장부의 기록을 더한 일자리 수입니다."),
            Column::rate("rate", "달성률(%)")
                .group("일자리")
                .described("실적을 목표로 나눈 값입니다. 한 번 반올림했습니다."),
        ]);
    }
    columns.push(Column::millions("planned", "계획").group("사업비").described("계획한 사업비입니다."));
    if with_actual {
        columns.extend([
            Column::millions("spent", "집행").group("사업비").described("집행한 사업비입니다."),
            Column::rate("spent_rate", "집행률(%)").group("사업비").described("집행을 계획으로 나눈 값입니다."),
        ]);
    }
    columns
}

fn count(sum: Partial) -> Cell {
    match (sum.some(), sum.missing) {
        (Some(sum), _) => Cell::Count(sum),
        (None, 0) => Cell::NotApplicable,
        (None, _) => Cell::Unknown,
    }
}

fn money(sum: Partial) -> Cell {
    match (sum.some(), sum.missing) {
        (Some(sum), _) => Cell::Won(Won(sum)),
        (None, 0) => Cell::NotApplicable,
        (None, _) => Cell::Unknown,
    }
}

fn cells(row: &OverviewRow, with_actual: bool) -> Vec<Cell> {
    let programs = i64::try_from(row.programs).unwrap_or(i64::MAX);
    let name = if row.name == "계" { "합계" } else { row.name.as_str() };
    let mut cells = vec![Cell::text(name), Cell::Count(programs), count(row.target)];
    if with_actual {
        cells.push(Cell::count_or_unknown(row.actual));
        cells.push(Cell::rate_of(row.actual, row.target.whole()));
    }
    cells.push(money(row.planned.total));
    if with_actual {
        cells.push(money(row.spent.total));
        cells.push(Cell::rate_of(row.spent.total.whole(), row.planned.total.whole()));
    }
    cells
}

/// What no program's number holds: only an actual.
fn rest_cells(row: &OverviewRow) -> Vec<Cell> {
    let mut cells = vec![Cell::NotApplicable; 8];
    if let Some(name) = cells.get_mut(0) {
        *name = Cell::text(row.name.clone());
    }
    if let Some(actual) = cells.get_mut(3) {
        *actual = Cell::count_or_unknown(row.actual);
    }
    cells
}

fn note(sums: &Overview, rows: &[OverviewRow], with_actual: bool) -> String {
    let mut said = Vec::new();
    let lacking = rows.iter().any(|row| row.target.known > 0 && row.target.missing > 0);
    if lacking {
        said.push("목표를 모르는 사업은 빼고 더했습니다.");
    }
    let lacks_money = rows.iter().any(|row| {
        let spent = row.spent.total;
        let planned = row.planned.total;
        (planned.known > 0 && planned.missing > 0) || (with_actual && spent.known > 0 && spent.missing > 0)
    });
    if lacks_money {
        said.push("사업비를 모르는 사업은 빼고 더했습니다.");
    }
    if with_actual && sums.above.is_some() {
        said.push("내역 미상은 구 전체로만 알려져 어느 사업인지 모르는 실적입니다.");
    }
    said.join(" ")
}

/// The summary tables of a term: as the plan prints them. Empty where it prints none.
pub fn of_term(plan: &Plan) -> Vec<Table> {
    plan.sum_tables.iter().enumerate().flat_map(|(nth, sums)| term_tables(plan, nth, sums)).collect()
}

fn term_tables(plan: &Plan, nth: usize, sums: &SumTable) -> Vec<Table> {
    let (what, is_money) = match &sums.of {
        TableOf::Targets(set) => (plan.target_set(set).map_or(set.as_str(), |set| set.name.as_str()), false),
        TableOf::PlannedBudget => ("사업비(계획)", true),
        TableOf::SpentBudget => ("사업비(집행)", true),
    };
    let years: Vec<Year> = (plan.first_year.0..=plan.last_year.0).map(Year).collect();
    let fields = sums.by_field.iter().map(|(field, values)| (field.as_str(), values)).collect::<Vec<_>>();
    let departments = sums.by_department.iter().map(|(name, values)| (name.as_str(), values)).collect::<Vec<_>>();
    let halves =
        [("field", "부문", fields, &sums.field_total), ("department", "부서", departments, &sums.department_total)];
    let mut tables = Vec::new();
    for (key, head, rows, total) in halves {
        if rows.is_empty() {
            continue;
        }
        let unit = if is_money { "백만 원" } else { "개" };
        let mut table = Table::new(format!("sum_{key}_{}", nth + 1), format!("{what}, {head}별"))
            .unit(unit)
            .sheet(format!("총괄표 {head}별 {}", nth + 1));
        table.columns.push(Column::text("name", head).wide().heads_rows().described("부문이나 부서의 이름입니다."));
        let number = |key: String, title: String| {
            if is_money { Column::millions(key, title) } else { Column::count(key, title) }
        };
        for year in &years {
            table.columns.push(number(format!("y{year}"), year.to_string()).described(format!("{year}년의 값입니다.")));
        }
        table.columns.push(number("total".to_owned(), "계".to_owned()).described("계획이 적은 합계입니다."));
        for (name, values) in rows {
            table.push(Row::ordinary(term_cells(name, values, &years)));
        }
        if let Some(total) = total {
            table.push(Row::total(term_cells("합계", total, &years)));
        }
        tables.push(table);
    }
    tables
}

fn term_cells(name: &str, values: &YearFigures, years: &[Year]) -> Vec<Cell> {
    let cell = |value: Option<&Figure>| value.map_or(Cell::Unknown, figure);
    let mut cells = vec![Cell::text(name)];
    cells.extend(years.iter().map(|year| cell(values.years.get(year))));
    cells.push(cell(values.total.as_ref()));
    cells
}
