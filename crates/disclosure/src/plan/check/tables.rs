//! Summary tables (총괄표): rows and columns add up, and agree with the targets they summarise.

use std::collections::BTreeSet;

use iljari_base::Year;

use super::{number, shown};
use crate::log::words::Field;
use crate::plan::codes::Code;
use crate::plan::model::{Aggregation, District, Figure, Node, Plan, SumTable, TableOf, TargetSet, YearFigures};
use crate::plan::{Problem, Problems};
use iljari_authored::{Both, both};

pub(super) fn check(district: &District, plan: &Plan, problems: &mut Problems) {
    for table in &plan.sum_tables {
        let set = match &table.of {
            TableOf::Targets(id) => plan.target_set(id).or_else(|| district.target_set(id)),
            TableOf::PlannedBudget | TableOf::SpentBudget => None,
        };
        if set.is_some_and(|set| set.aggregation != Aggregation::Sum) {
            let title = both!("더하지 않는 목표의 총괄표입니다", "a summary table of a target that is not summed");
            let todo = both!(
                "집계가 '합'인 목표만 총괄표로 적어 주세요",
                "give summary tables only of targets aggregated as 합"
            );
            problems.push(Problem::new(Code::RateSummed, &table.place, title).todo(todo));
            continue;
        }
        let fields: Vec<&YearFigures> = table.by_field.iter().map(|(_, row)| row).collect();
        let departments: Vec<&YearFigures> = table.by_department.iter().map(|(_, row)| row).collect();
        columns(&fields, table.field_total.as_ref(), &both!("부문별 표", "the table by field"), problems);
        columns(
            &departments,
            table.department_total.as_ref(),
            &both!("부서별 표", "the table by department"),
            problems,
        );
        let named = table.by_field.iter().map(|(field, row)| (field.as_str(), row));
        let named = named.chain(table.by_department.iter().map(|(name, row)| (name.as_str(), row)));
        for (name, row) in named.chain(table.field_total.iter().chain(&table.department_total).map(|row| ("계", row)))
        {
            across(name, row, problems);
        }
        if let (Some(one), Some(other)) = (&table.field_total, &table.department_total) {
            halves(one, other, problems);
        }
        if let Some(set) = set {
            let total = table.field_total.as_ref().or(table.department_total.as_ref());
            if let Some(total) = total {
                against_set(plan, set, total, problems);
            }
            against_programs(plan, set, table, problems);
        }
    }
}

/// Down each year: the rows against the row 계.
fn columns(rows: &[&YearFigures], total: Option<&YearFigures>, what: &Both, problems: &mut Problems) {
    let Some(total) = total else { return };
    if rows.is_empty() {
        return;
    }
    for (year, said) in &total.years {
        let cells: Vec<Option<i64>> = rows.iter().map(|row| row.years.get(year).and_then(number)).collect();
        column(&cells, said, what, &both!("{year}년", "{year}"), problems);
    }
    if let Some(said) = &total.total {
        let cells: Vec<Option<i64>> = rows.iter().map(|row| row.total.as_ref().and_then(number)).collect();
        column(&cells, said, what, &both!("계", "the total"), problems);
    }
}

fn column(cells: &[Option<i64>], said: &Figure, what: &Both, when: &Both, problems: &mut Problems) {
    let Some(wanted) = number(said) else { return };
    let sum = cells.iter().flatten().try_fold(0_i64, |sum, cell| sum.checked_add(*cell));
    let complete = cells.iter().all(Option::is_some);
    let Some(sum) = sum else { return };
    if sum == wanted || (!complete && sum < wanted) {
        return;
    }
    let title = what.says(when.says(both!("줄을 더한 값이 계와 다릅니다", "the rows do not sum to the row 계")));
    mismatch(Code::TableSum, title, sum, wanted, said, problems);
}

/// Along a row: its years against its 계.
fn across(name: &str, row: &YearFigures, problems: &mut Problems) {
    let Some(total) = &row.total else { return };
    let Some(said) = number(total) else { return };
    let sum = row.years.values().try_fold(0_i64, |sum, figure| sum.checked_add(number(figure)?));
    let Some(sum) = sum.filter(|_| !row.years.is_empty()) else { return };
    if sum != said {
        let title = both!(
            "총괄표 '{name}' 줄의 연도를 더한 값이 계와 다릅니다",
            "the years of the row '{name}' do not sum to its total"
        );
        mismatch(Code::TableSum, title, sum, said, total, problems);
    }
}

/// By field and by department are the same money or jobs.
fn halves(by_field: &YearFigures, by_department: &YearFigures, problems: &mut Problems) {
    for (year, one) in &by_field.years {
        let Some(other) = by_department.years.get(year) else { continue };
        if let (Some(first), Some(second)) = (number(one), number(other))
            && first != second
        {
            let title = both!(
                "{year}년 부문별 계와 부서별 계가 다릅니다",
                "the totals of {year} by field and by department differ"
            );
            mismatch(Code::TableSum, title, first, second, other, problems);
        }
    }
}

/// The table's totals against the target set they summarise.
fn against_set(plan: &Plan, set: &TargetSet, total: &YearFigures, problems: &mut Problems) {
    for (year, said) in &total.years {
        let Some(target) = plan.target(&set.node, &set.id, *year) else { continue };
        if let (Some(sum), Some(wanted)) = (number(said), number(target))
            && sum != wanted
        {
            let name = &set.name;
            let title = both!(
                "{year}년 총괄표의 계가 목표 '{name}'[과/와] 다릅니다",
                "the table's total of {year} is not the target '{name}'"
            );
            mismatch(Code::TableTarget, title, sum, wanted, said, problems);
        }
    }
}

/// Each cell by field against the programs of that field, where every one of them says its target.
fn against_programs(plan: &Plan, set: &TargetSet, table: &SumTable, problems: &mut Problems) {
    let Some(level) = plan.program_level() else { return };
    let programs: Vec<&Node> = plan.nodes.iter().filter(|node| node.level == level).collect();
    let years: BTreeSet<Year> = table.by_field.iter().flat_map(|(_, row)| row.years.keys().copied()).collect();
    for (field, row) in &table.by_field {
        for year in &years {
            let Some(cell) = row.years.get(year) else { continue };
            let of_field: Vec<&&Node> = programs.iter().filter(|node| plan.field(&node.id) == Some(*field)).collect();
            let sum = of_field.iter().try_fold(0_i64, |sum, node| {
                sum.checked_add(plan.target(&node.id, &set.id, *year).and_then(Figure::count)?)
            });
            let (Some(sum), Some(said)) = (sum, number(cell)) else { continue };
            let all_known =
                programs.iter().all(|node| plan.field(&node.id).is_some_and(|field| field != Field::Unknown));
            if !of_field.is_empty() && all_known && sum != said {
                let field = field.as_str();
                let title = both!(
                    "{year}년 '{field}' 칸이 그 부문 사업 목표의 합과 다릅니다",
                    "the cell '{field}' of {year} is not the sum of that field's programs"
                );
                mismatch(Code::TableTree, title, said, sum, cell, problems);
            }
        }
    }
}

fn mismatch(code: Code, title: Both, found: i64, wanted: i64, like: &Figure, problems: &mut Problems) {
    let (one, other, apart) = (shown(found, like), shown(wanted, like), shown((found - wanted).abs(), like));
    let found = Both::same(one);
    let expected = both!("{other}(차이 {apart})", "{other} (difference {apart})");
    let todo =
        both!("문서의 표와 견주어 틀린 쪽을 고쳐 주세요", "compare with the document's table and mend the wrong side");
    problems.push(Problem::new(code, &like.place, title).found(found).expected(expected).todo(todo));
}
