//! The numbers: leaves are added up anew, and every disclosed number is held against the sum.

use std::collections::BTreeMap;

use iljari_base::quantity::grouped;
use iljari_base::{Year, korean::with_particle};

use super::super::documents::{
    NUMBER_KEYS, TOTALS_COLUMNS, field_label, numbers, read_tree_csv, totals_csv, totals_json, tree_csv,
};
use super::super::report::Code;
use super::super::table::{guarded, read_rows};
use super::super::{Bundle, LOG, Report, TOTALS_CSV, TOTALS_JSON, TREE_CSV};
use super::Found;
use crate::log::rollup::{Line, PlanTree, RollUpProblem, TreeProblem, roll_up};
use crate::log::totals::{Fold, Key, Split, TotalsProblem};
use crate::log::words::Unit;

pub(super) fn check(bundle: &Bundle, found: &Found, report: &mut Report) {
    let mark = report.mark();
    let disclosed = found.first.as_ref().map_or(usize::MAX, |first| usize::try_from(first.size).unwrap_or(usize::MAX));
    let own = fold(found, disclosed, report);
    report.check("기재의 앞뒤", mark, "정정은 모두 앞선 기재를 가리키고, 음수가 된 합계가 없습니다.");

    let mark = report.mark();
    let tree = tree(bundle, report);
    report.check("사업 위치표", mark, "사업의 위아래가 빠짐없이 이어집니다.");

    let mark = report.mark();
    let through = found.heading.as_ref().map_or(Year(2200), |heading| heading.year);
    let (lines, problems) = roll_up(&own, &tree, through);
    for problem in problems {
        roll_up_problem(&problem, report);
    }
    csv_table(bundle, &lines, report);
    json_table(bundle, found, &lines, report);
    report.check("공시한 수", mark, format!("공시한 수 {}개를 모두 다시 계산해 같은 값을 얻었습니다.", grouped_u64(report.numbers_checked)));
}

fn grouped_u64(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The totals at C₁. Leaves behind it are walked too: a correction there must also name an earlier
/// leaf, and the log as a whole must not go below zero either.
fn fold(found: &Found, disclosed: usize, report: &mut Report) -> BTreeMap<Key, Split> {
    let mut fold = Fold::new();
    let mut at_first = None;
    for (index, leaf) in found.leaves.iter().enumerate() {
        if index == disclosed {
            at_first = Some(fold.clone());
        }
        match leaf {
            Some(leaf) => fold.add(leaf),
            None => fold.skip(),
        }
    }
    let (last, mut problems) = fold.finish();
    let own = match at_first {
        Some(fold) => {
            let (own, earlier) = fold.finish();
            // The rest of what the earlier fold found, the later one has found too.
            let at_first_only = earlier.into_iter().filter(|problem| matches!(problem, TotalsProblem::BelowZero { .. }));
            let unseen: Vec<_> = at_first_only.filter(|problem| !problems.contains(problem)).collect();
            problems.extend(unseen);
            own
        }
        None => last,
    };
    for problem in &problems {
        totals_problem(problem, report);
    }
    own
}

pub(super) fn totals_problem(problem: &TotalsProblem, report: &mut Report) {
    let path = format!("{LOG}tile/entries");
    let (code, ko, en) = match problem {
        TotalsProblem::DuplicateId { index, id } => (
            Code::DuplicateId,
            format!("{index}번 기재의 번호가 앞선 기재와 같습니다: {id}."),
            format!("Leaf {index} repeats the id {id}."),
        ),
        TotalsProblem::DuplicateCommitment { index, id } => (
            Code::DuplicateCommitment,
            format!("{index}번 기재({id})는 앞선 기재와 같은 사람 값을 씁니다. 한 기록을 두 번 센 것입니다."),
            format!("Leaf {index} ({id}) repeats a commitment: one record counted twice."),
        ),
        TotalsProblem::NoEarlierLeaf { index, id, of } => (
            Code::CorrectionTarget,
            format!("{index}번 정정({id})이 가리키는 기재({of})가 앞에 없습니다."),
            format!("Correction {index} ({id}) names {of}, which is no earlier leaf."),
        ),
        TotalsProblem::OtherSlot { index, id, of } => (
            Code::CorrectionSlot,
            format!("{index}번 정정({id})의 사업, 연도, 부문, 단위가 가리키는 기재({of})와 다릅니다."),
            format!("Correction {index} ({id}) counts elsewhere than {of}."),
        ),
        TotalsProblem::BelowZero { key, source, n } => (
            Code::BelowZero,
            format!("{}년 '{}'의 {} 합계가 {}입니다. 정정이 원래 수보다 큽니다.", key.year, key.node, source.korean(), grouped(*n)),
            format!("{} {} ({}, {}) comes to {n}.", key.year, key.node, key.unit, source.korean()),
        ),
        TotalsProblem::Overflow { key } => overflow(key),
    };
    report.problem(code, &path, ko, en);
}

fn overflow(key: &Key) -> (Code, String, String) {
    (
        Code::Overflow,
        format!("{}년 '{}'의 합계가 셀 수 없이 큽니다.", key.year, key.node),
        format!("{} {} is too large to count.", key.year, key.node),
    )
}

pub(super) fn roll_up_problem(problem: &RollUpProblem, report: &mut Report) {
    let (code, ko, en) = match problem {
        RollUpProblem::UnknownNode(key) => (
            Code::NodeUnknown,
            format!("{}년 사업 위치표에 '{}'{} 없는데 기재가 있습니다.", key.year, key.node, iljari_base::korean::particle(key.node.as_str(), "이/가")),
            format!("Leaves of {} hang on {}, which the tree does not have.", key.year, key.node),
        ),
        RollUpProblem::Overflow(key) => overflow(key),
    };
    report.problem(code, TREE_CSV, ko, en);
}

fn tree(bundle: &Bundle, report: &mut Report) -> PlanTree {
    let Some(bytes) = bundle.get(TREE_CSV) else {
        return PlanTree::default();
    };
    let (nodes, bad_rows) = read_tree_csv(bytes);
    for row in &bad_rows {
        report.problem(
            Code::TreeForm,
            TREE_CSV,
            format!("사업 위치표의 {row}번째 줄을 읽을 수 없습니다."),
            format!("Row {row} of the tree table cannot be read."),
        );
    }
    let (tree, problems) = PlanTree::understood(nodes);
    for problem in &problems {
        let (ko, en) = tree_sentence(problem);
        report.problem(Code::TreeForm, TREE_CSV, ko, en);
    }
    if bad_rows.is_empty() && problems.is_empty() && tree_csv(&tree).as_bytes() != bytes {
        report.problem(
            Code::TreeForm,
            TREE_CSV,
            "사업 위치표의 글자나 차례가 정해진 꼴과 다릅니다.",
            "The tree table is not in its canonical form.",
        );
    }
    tree
}

fn tree_sentence(problem: &TreeProblem) -> (String, String) {
    match problem {
        TreeProblem::Twice(year, node) => {
            (format!("{year}년 사업 '{node}'의 위치가 두 번 적혀 있습니다."), format!("{year} {node} stands twice."))
        }
        TreeProblem::Rootless(year, node) => {
            (format!("{year}년 사업 '{node}' 위에 '전체'가 없습니다."), format!("{year} {node} has no root above it."))
        }
        TreeProblem::UnknownParent(year, node) => (
            format!("{year}년 사업 '{node}'의 상위 사업이 표에 없습니다."),
            format!("The parent of {year} {node} is not in the table."),
        ),
        TreeProblem::Cycle(year, node) => {
            (format!("{year}년 사업 '{node}'의 위아래가 돌고 돕니다."), format!("{year} {node} is its own ancestor."))
        }
        TreeProblem::BadName(year, node) => (
            format!("{year}년 사업 '{node}'의 이름에 쓸 수 없는 글자가 있습니다."),
            format!("The name of {year} {node} cannot be printed."),
        ),
    }
}

/// Which line of a table: year, node, unit, field.
type Place = (String, String, String, String);
/// What a table prints there: name and eight numbers.
type Printed = BTreeMap<Place, (String, Vec<String>)>;

/// Keeps a printed line; the first of two counts, and the second is a problem.
fn remember(
    printed: &mut Printed,
    place: Place,
    cells: (String, Vec<String>),
    (path, table): (&str, &str),
    report: &mut Report,
) {
    if printed.contains_key(&place) {
        let (year, node, unit, field) = &place;
        report.problem(
            Code::LineUnknown,
            path,
            format!("{table}에 {year}년 '{node}'({unit} · {field}) 줄이 두 번 나옵니다."),
            format!("A line that stands twice: {place:?}."),
        );
    }
    printed.entry(place).or_insert(cells);
}

/// The counter that goes with a unit.
fn counter(unit: Unit) -> &'static str {
    match unit {
        Unit::Jobs => "개",
        Unit::Persons | Unit::Visits => "명",
        Unit::Cases => "건",
    }
}

fn place(line: &Line) -> Place {
    (line.year.to_string(), line.node.to_string(), line.unit.to_string(), field_label(line.field).to_owned())
}

/// `2023년 어르신 일자리`, with unit, field and column where it is not the headline number.
fn number_name(line: &Line, column: usize) -> String {
    let headline = line.unit == Unit::Jobs && line.field.is_none() && column == 0;
    let (year, name) = (line.year, &line.name);
    if headline {
        format!("{year}년 {name}")
    } else {
        format!("{year}년 {name}({} · {} · {})", line.unit, field_label(line.field), TOTALS_COLUMNS[5 + column])
    }
}

/// Holds one table against the lines the leaves give.
fn compare(path: &str, table: &str, printed: &Printed, lines: &[Line], report: &mut Report) {
    let mut expected = BTreeMap::new();
    for line in lines {
        let place = place(line);
        let Some((name, cells)) = printed.get(&place) else {
            report.problem(
                Code::LineMissing,
                path,
                format!(
                    "{table}에 {} 줄이 빠져 있습니다. 기록을 더하면 {}{}입니다.",
                    number_name(line, 0),
                    grouped(line.whole.total()),
                    counter(line.unit)
                ),
                format!("Missing from {path}: {place:?}; the leaves give {}.", line.whole.total()),
            );
            expected.insert(place, ());
            continue;
        };
        if *name != line.name {
            report.problem(
                Code::TotalsForm,
                path,
                format!("{table}의 {}년 '{}' 이름이 사업 위치표와 다릅니다.", line.year, line.node),
                format!("The name of {place:?} differs from the tree table."),
            );
        }
        for (column, number) in numbers(line).into_iter().enumerate() {
            report.numbers_checked += 1;
            let cell = cells.get(column).map_or("", String::as_str);
            if *cell == number.to_string() {
                continue;
            }
            let counter = counter(line.unit);
            let shown = match cell.parse::<i64>() {
                Ok(number) => format!("{}{counter}", grouped(number)),
                Err(_) => format!("'{cell}'"),
            };
            report.problem(
                Code::NumberDiffers,
                path,
                format!(
                    "{}: {table}에는 {shown}인데 기록을 더하면 {}{counter}입니다.",
                    number_name(line, column),
                    grouped(number)
                ),
                format!("{place:?} {}: printed {cell:?}, the leaves give {number}.", NUMBER_KEYS[column]),
            );
        }
        expected.insert(place, ());
    }
    for place in printed.keys().filter(|place| !expected.contains_key(*place)) {
        let (year, node, unit, field) = place;
        report.problem(
            Code::LineUnknown,
            path,
            format!("{table}에 있는 {year}년 '{node}'({unit} · {field}) 줄은 기록에서 나오지 않습니다."),
            format!("A line that no leaf gives: {place:?}."),
        );
    }
}

fn not_canonical(path: &str, table: &str, report: &mut Report) {
    report.problem(
        Code::TotalsForm,
        path,
        format!("{} 정해진 꼴과 글자까지 같지는 않습니다.", with_particle(table, "이/가")),
        format!("{path} is not in its canonical form."),
    );
}

fn csv_table(bundle: &Bundle, lines: &[Line], report: &mut Report) {
    let Some(bytes) = bundle.get(TOTALS_CSV) else {
        return;
    };
    let table = "공시표";
    let mark = report.mark();
    let mut printed = BTreeMap::new();
    for (number, row) in (1..).zip(read_rows(bytes)) {
        if number == 1 && row == TOTALS_COLUMNS {
            continue;
        }
        let [year, node, name, unit, field, cells @ ..] = row.as_slice() else {
            report.problem(
                Code::TotalsForm,
                TOTALS_CSV,
                format!("공시표의 {number}번째 줄을 읽을 수 없습니다."),
                format!("Row {number} of the totals table cannot be read."),
            );
            continue;
        };
        let place = (year.clone(), node.clone(), unit.clone(), field.clone());
        remember(&mut printed, place, (name.clone(), cells.to_vec()), (TOTALS_CSV, table), report);
    }
    // The table prints names so that no spreadsheet runs them; compare what it would print.
    let guarded_lines: Vec<Line> =
        lines.iter().map(|line| Line { name: guarded(&line.name).into_owned(), ..line.clone() }).collect();
    compare(TOTALS_CSV, table, &printed, &guarded_lines, report);
    if report.mark() == mark && totals_csv(lines).as_bytes() != bytes.as_slice() {
        not_canonical(TOTALS_CSV, table, report);
    }
}

fn json_table(bundle: &Bundle, found: &Found, lines: &[Line], report: &mut Report) {
    let Some(bytes) = bundle.get(TOTALS_JSON) else {
        return;
    };
    let table = "공시 자료(totals.json)";
    let mark = report.mark();
    let Ok(whole) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        report.problem(
            Code::TotalsForm,
            TOTALS_JSON,
            format!("{} 읽을 수 없습니다.", with_particle(table, "을/를")),
            "totals.json is no JSON.",
        );
        return;
    };
    let mut printed = BTreeMap::new();
    for row in whole.get("rows").and_then(serde_json::Value::as_array).into_iter().flatten() {
        let cell = |key: &str| match row.get(key) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let place = (cell("year"), cell("node"), cell("unit"), cell("field"));
        let cells = (cell("name"), NUMBER_KEYS.iter().map(|key| cell(key)).collect());
        remember(&mut printed, place, cells, (TOTALS_JSON, table), report);
    }
    compare(TOTALS_JSON, table, &printed, lines, report);
    let expected = match (&found.heading, &found.first, &found.key) {
        (Some(heading), Some(first), Some(key)) => Some(totals_json(heading, first, key, lines)),
        _ => None,
    };
    if report.mark() == mark && expected.as_deref().map(str::as_bytes) != Some(bytes.as_slice()) {
        not_canonical(TOTALS_JSON, table, report);
    }
}
