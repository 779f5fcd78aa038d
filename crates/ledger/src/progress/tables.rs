//! The year as tables (총괄표, 과제별, 사업비 …), for pages to offer as files and for documents.
//!
//! Owns: columns and rows. Does not own: how a file is written (`print`). What a newcomer gets
//! wrong: a table with fewer words than the page. What nobody knows is said in the table too.

use iljari_disclosure::plan::{District, TargetSet};
use iljari_print::model::{Cell, Column, Row, RowKind, Table};

use super::judged::{Judged, Judgement};
use super::overview::{Funds, Overview, OverviewRow, Partial, SoFar};
use super::pace::Outlook;
use super::year::YearRead;

fn partial(sum: Partial) -> Cell {
    sum.some().map_or(Cell::Unknown, Cell::Count)
}

fn won(sum: Partial) -> Cell {
    sum.some().map_or(Cell::Unknown, |won| Cell::Won(iljari_base::Won(won)))
}

fn size(number: usize) -> Cell {
    Cell::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// 총괄표 by 부문 or by department: one row each and the sum.
pub fn overview_table(id: &str, head: &str, rows: &[OverviewRow], overview: &Overview, unit: &str) -> Table {
    let mut table = Table::new(id, format!("총괄표({head}별)"))
        .unit(format!("{unit}, 백만 원"))
        .column(Column::text("name", head).heads_rows().wide().described(format!("{head}의 이름입니다.")))
        .column(Column::count("programs", "사업").described("사업의 수입니다."))
        .column(Column::count("unit_projects", "단위사업").described("사업 아래 단위사업의 수입니다."))
        .column(Column::count("target", "목표").described("사업에 적힌 목표를 더한 수입니다."))
        .column(Column::count("target_missing", "목표 자료 없음").described("목표를 알 수 없는 사업의 수입니다."))
        .column(Column::count("actual", "실적").described("기록에서 더한 실적입니다."))
        .column(Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다. 한 번 반올림했습니다."));
    for (group, key) in [("계획", "planned"), ("집행", "spent")] {
        for (name, fund) in
            [("국비", "national"), ("시비", "city"), ("구비", "district"), ("민자", "private"), ("계", "total")]
        {
            let described = format!("{group}한 사업비 가운데 {name}입니다. 자료가 있는 사업만 더했습니다.");
            table = table
                .column(Column::millions(format!("{key}_{fund}"), name).group(group.to_owned()).described(described));
        }
    }
    for row in rows {
        table.push(Row::ordinary(overview_cells(row)));
    }
    table.push(Row::total(overview_cells(&overview.total)));
    if let Some(above) = overview.above.filter(|_| head != "부문") {
        table.note = format!(
            "사업보다 위의 자리에 적혀 {} 나눌 수 없는 실적이 {above}{unit} 있습니다.",
            iljari_base::korean::with_particle(head, "으로/로")
        );
    }
    table
}

fn overview_cells(row: &OverviewRow) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(row.name.clone()),
        size(row.programs),
        size(row.units),
        partial(row.target),
        size(row.target.missing),
        Cell::count_or_unknown(row.actual),
        row.rate().map_or(Cell::NotApplicable, Cell::Rate),
    ];
    let funds = |funds: &Funds| funds.columns().map(|(_, sum)| won(sum));
    cells.extend(funds(&row.planned));
    cells.extend(funds(&row.spent));
    cells
}

/// Every node of the tree with its year: target, actual, what is expected, how new it is.
pub fn judged_table(judgement: &Judgement, rows: &[&Judged], unit: &str) -> Table {
    let mut table = Table::new("tasks", "과제와 사업의 목표와 실적")
        .sheet("과제별")
        .unit(unit)
        .column(Column::text("id", "번호").described("계획 파일의 번호입니다."))
        .column(Column::text("level", "단계").described("계획이 부르는 단계의 이름입니다."))
        .column(Column::text("name", "이름").heads_rows().wide().described("과제나 사업의 이름입니다."))
        .column(Column::text("department", "담당부서").described("담당부서입니다."))
        .column(Column::text("field", "부문").described("부문입니다."))
        .column(Column::count("target", "목표").described("그해의 목표입니다. 없으면 아래 목표의 합입니다."))
        .column(Column::count("actual", "실적").described("들어온 달까지의 실적입니다."))
        .column(Column::count("until", "들어온 달").described("마지막으로 보고된 달입니다."))
        .column(Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다."))
        .column(Column::count("even", "고르게 갔다면").described("목표에 고르게 갔다면 그 달에 있었을 수입니다."))
        .column(Column::count("expected", "연말 예상").described("지금 흐름으로 본 12월의 수입니다."))
        .column(
            Column::count("expected_low", "예상 최소")
                .described("예상의 가장 적은 값입니다. 자료가 모자라면 없습니다."),
        )
        .column(
            Column::count("expected_high", "예상 최대")
                .described("예상의 가장 많은 값입니다. 자료가 모자라면 없습니다."),
        )
        .column(Column::text("basis", "예상한 방법").described("연말 예상을 낸 방법입니다."))
        .column(Column::count("missing", "모자랄 수").described("목표에서 예상(마친 해는 실적)을 뺀 수입니다."))
        .column(Column::text("outlook", "판단").described("목표에 닿을지에 대한 판단입니다."))
        .column(Column::text("due", "다음 갱신 예정").described("다음 보고가 들어올 것으로 보는 날입니다."));
    for row in rows {
        let pace = &row.pace;
        let ends = pace.forecast.ok().filter(|_| pace.end().is_some());
        table.push(Row::ordinary([
            Cell::text(row.id.clone()),
            Cell::text(judgement.levels.get(row.level).cloned().unwrap_or_default()),
            Cell::text(row.name.clone()),
            row.department.clone().map_or(Cell::Unknown, Cell::Text),
            row.field.map_or(Cell::Unknown, |field| Cell::text(field.as_str())),
            Cell::count_or_none(pace.target),
            Cell::count_or_unknown(pace.actual),
            Cell::count_or_none(pace.until.map(i64::from)),
            pace.rate().map_or(Cell::NotApplicable, Cell::Rate),
            Cell::count_or_none(pace.even),
            Cell::count_or_none(pace.end()),
            Cell::count_or_none(ends.map(|told| told.low)),
            Cell::count_or_none(ends.map(|told| told.high)),
            pace.basis().map_or(Cell::NotApplicable, |basis| Cell::text(basis.short())),
            Cell::count_or_none(pace.missing()),
            Cell::text(if matches!(pace.outlook, Outlook::WillMiss { .. }) { "못 미칠 듯" } else { pace.word() }),
            row.fresh.map_or(Cell::NotApplicable, |fresh| Cell::text(fresh.due.to_string())),
        ]));
    }
    table
}

/// Every counted promise of several years beside what came of it.
pub fn promises_table(book: &District, year: &YearRead, sets: &[&TargetSet]) -> Table {
    let mut table = Table::new("promises", "여러 해에 걸친 약속")
        .sheet("약속")
        .column(Column::text("name", "목표 묶음").heads_rows().wide().described("약속의 이름입니다."))
        .column(Column::text("years", "기간").described("약속이 말하는 해입니다."))
        .column(Column::count("target", "목표").described("그 기간에 약속한 수입니다."))
        .column(Column::count("actual", "실적").described("그 기간에 센 수입니다."))
        .column(Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다."))
        .column(Column::text("unknown", "미확인").described("아무도 세지 않은 지난 해입니다."));
    for set in sets {
        let Some(so_far) = SoFar::of(book, set, &year.progress, year.year) else { continue };
        let unknown: Vec<String> = so_far.unknown.iter().map(ToString::to_string).collect();
        table.push(Row {
            kind: RowKind::Ordinary,
            indent: 0,
            cells: vec![
                Cell::text(set.name.clone()),
                Cell::text(iljari_plans::pages::words::years_text(set.first_year, set.last_year)),
                Cell::Count(so_far.target),
                Cell::count_or_unknown(so_far.actual),
                Cell::rate_of(so_far.actual, Some(so_far.target)),
                Cell::text(unknown.join(", ")),
            ],
        });
    }
    table
}

/// The development projects (개발사업) with their stages.
pub fn developments_table(book: &District) -> Table {
    let mut table = Table::new("developments", "개발사업")
        .column(Column::text("name", "개발사업").heads_rows().wide().described("개발사업의 이름입니다."))
        .column(Column::text("stage", "단계").described("어디까지 왔는지입니다."))
        .column(Column::text("milestones", "일정").wide().described("알려진 일정입니다."))
        .column(Column::count("expected_jobs", "예상 일자리").described("알려진 예상 일자리입니다."));
    for development in book.all_developments() {
        let milestones: Vec<String> =
            development.milestones.iter().map(|(what, when)| format!("{} {what}", when.korean())).collect();
        let expected = development.expected_jobs.as_ref();
        let exact = expected.and_then(|figure| figure.count());
        let about = expected.and_then(|figure| match figure.amount {
            iljari_disclosure::plan::Amount::Count(number) => Some(number),
            _ => None,
        });
        table.push(Row::ordinary([
            Cell::text(development.name.clone()),
            development.stage.map_or(Cell::Unknown, |stage| Cell::text(stage.as_str())),
            Cell::text(milestones.join(", ")),
            exact.map(Cell::Count).or(about.map(Cell::About)).unwrap_or(Cell::Unknown),
        ]));
    }
    table
}

#[cfg(test)]
mod tests {
    use iljari_base::{Date, Year};

    use super::super::course::MonthSums;
    use super::super::judged::judge;
    use super::super::overview::overview;
    use super::*;
    use crate::pages::public::tests::book;

    #[test]
    fn every_table_can_be_written_in_every_format() {
        for (name, year) in [("gwangjin", 2025), ("eunpyeong", 2024), ("naru", 2026)] {
            let book = book(name);
            let set = iljari_plans::pages::words::main_set(&book).expect("a set");
            let read = YearRead {
                year: Year(year),
                progress: crate::progress::Progress::default(),
                sums: MonthSums::default(),
                restated: Vec::new(),
            };
            let summary = overview(&book, set, Year(year), &read.progress);
            let by_field = overview_table("by_field", "부문", &summary.by_field, &summary, "개");
            let by_department = overview_table("by_department", "부서", &summary.by_department, &summary, "개");
            let today = Date::new(2026, 11, 20).expect("a day");
            let judgement = judge(&book, set, Year(year), &read.sums, today).expect("a judgement");
            let rows: Vec<&Judged> = judgement.rows.iter().collect();
            let sets = book.target_sets();
            let tables = [
                by_field,
                by_department,
                judged_table(&judgement, &rows, "개"),
                promises_table(&book, &read, &sets),
                developments_table(&book),
            ];
            for table in tables {
                assert_eq!(table.check(), Ok(()), "{name} {}", table.id);
            }
        }
    }
}
