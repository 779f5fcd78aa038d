//! Tables by personal attributes: form, margins against the leaves, and no small number in sight.
//!
//! Owns: what a stranger can know of such a table. Does not own: its items; no leaf has them. What
//! a newcomer gets wrong: calling the table checked. Its margin is; the report says so in words.

use iljari_base::quantity::grouped;

use super::super::attributes::{self, PublishedTable, SMALLEST_SHOWN, UNKNOWN, are_in_order, attribute_at};
use super::super::report::Code;
use super::super::{ATTRIBUTES, Bundle, Report};
use crate::log::rollup::Line;

/// What is said of every such table.
pub const NOT_RECOMPUTED: &str = "이 표의 내역은 장부로 재계산되지 않습니다.";

/// Without lines neither names nor margins can be held against anything.
pub(super) fn check(bundle: &Bundle, lines: Option<&[Line]>, report: &mut Report) {
    let mark = report.mark();
    let mut count = 0_u64;
    for (path, bytes) in bundle.iter().filter(|(path, _)| path.starts_with(ATTRIBUTES)) {
        let Some(attribute) = attribute_at(path) else {
            report.problem(
                Code::AttributesForm,
                path,
                format!("개인 속성 표의 자리에 있을 수 없는 파일입니다: {path}."),
                format!("No table by a personal attribute has this path: {path}."),
            );
            continue;
        };
        let (tables, bad_rows) = attributes::read(bytes, attribute);
        for row in &bad_rows {
            report.problem(
                Code::AttributesForm,
                path,
                format!("{attribute} 표의 {row}번째 줄을 읽을 수 없습니다."),
                format!("Row {row} of {path} cannot be read."),
            );
        }
        // What is not as it would be written says nothing; guesses about it would be noise.
        let again = attributes::files(&tables);
        let canonical = are_in_order(&tables) && again.get(path) == Some(bytes);
        if bad_rows.is_empty() && !canonical {
            report.problem(
                Code::AttributesForm,
                path,
                format!("{attribute} 표의 글자나 차례가 정해진 꼴과 다릅니다."),
                format!("{path} is not in its canonical form."),
            );
        }
        for table in tables.iter().filter(|_| bad_rows.is_empty() && canonical) {
            count += 1;
            one(path, table, lines, report);
        }
    }
    if count > 0 && lines.is_none() && report.mark() == mark {
        report.not_done("개인 속성 표", "기록을 더하지 못해 합계를 견주지 못했습니다.");
    } else if count > 0 || report.mark() != mark {
        let note = format!("표 {count}개의 합계가 기재를 더한 수와 같습니다. {NOT_RECOMPUTED}");
        report.check("개인 속성 표", mark, note);
    }
}

fn one(path: &str, table: &PublishedTable, lines: Option<&[Line]>, report: &mut Report) {
    let PublishedTable { year, unit, attribute, .. } = table;
    let what = format!("{year}년 {} {attribute} 표({unit})", table.name);
    if let Some(lines) = lines {
        margin(path, &what, table, lines, report);
    }
    inside(path, &what, table, report);
}

fn margin(path: &str, what: &str, table: &PublishedTable, lines: &[Line], report: &mut Report) {
    let PublishedTable { year, node, unit, attribute, total, .. } = table;
    let is_its = |line: &&Line| line.year == *year && line.node == *node && line.unit == *unit && line.field.is_none();
    report.numbers_checked += 1;
    match lines.iter().find(is_its) {
        None => report.problem(
            Code::AttributesTotal,
            path,
            format!("{what}: 기록이 하나도 없는 자리의 표입니다."),
            format!("{year} {node} ({unit}): no leaf counts there."),
        ),
        Some(line) => {
            if line.name != table.name {
                report.problem(
                    Code::AttributesForm,
                    path,
                    format!("{attribute} 표의 {year}년 '{node}' 이름이 사업 위치표와 다릅니다."),
                    format!("The name of {year} {node} differs from the tree table."),
                );
            }
            let right = line.whole.total();
            if right != *total {
                report.problem(
                    Code::AttributesTotal,
                    path,
                    format!("{what}: 합계는 {}인데 기록을 더하면 {}입니다.", grouped(*total), grouped(right)),
                    format!("{year} {node} ({unit}): margin {total}, the leaves give {right}."),
                );
            }
        }
    }
}

/// What the items say against each other.
fn inside(path: &str, what: &str, table: &PublishedTable, report: &mut Report) {
    let hidden = i64::try_from(table.hidden()).unwrap_or(i64::MAX);
    let open = table.items.iter().filter_map(|(_, number)| *number).fold(0, i64::saturating_add);
    let impossible = match hidden {
        0 => !table.items.is_empty() && open != table.total,
        hidden => open.saturating_add(hidden) > table.total,
    };
    if impossible {
        report.problem(
            Code::AttributesSum,
            path,
            format!("{what}: 보이는 항목의 합({})이 합계({})와 맞지 않습니다.", grouped(open), grouped(table.total)),
            format!("{what}: open items {open}, {hidden} hidden, margin {}.", table.total),
        );
    }
    let small = |(item, number): &(String, Option<i64>)| {
        item != UNKNOWN && number.is_some_and(|number| (1..SMALLEST_SHOWN).contains(&number))
    };
    for (item, _) in table.items.iter().filter(|item| small(item)) {
        report.problem(
            Code::AttributesSmall,
            path,
            format!("{what}: ‘{item}’의 수가 {SMALLEST_SHOWN}보다 작은데 가려져 있지 않습니다."),
            format!("{what}: {item} is below {SMALLEST_SHOWN} and not hidden."),
        );
    }
    if hidden == 1 {
        report.problem(
            Code::AttributesSmall,
            path,
            format!("{what}: 가린 항목이 하나뿐이라 합계에서 빼면 알 수 있습니다."),
            format!("{what}: a single hidden item follows from the margin."),
        );
    }
}
