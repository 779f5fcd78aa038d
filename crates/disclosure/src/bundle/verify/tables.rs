//! The disclosed tables, held number by number against what the leaves add up to.

use std::collections::BTreeMap;

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;

use super::super::documents::{NUMBER_KEYS, TOTALS_COLUMNS, field_label, numbers, totals_csv, totals_json};
use super::super::report::Code;
use super::super::table::{BOM, guarded, read_row};
use super::super::{Bundle, Report, TOTALS_CSV, TOTALS_JSON};
use super::Found;
use crate::log::rollup::Line;
use crate::log::words::Unit;

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

/// The lines of a table, however damaged; a carriage return before a newline belongs to the line's end.
fn lines_of(bytes: &[u8]) -> impl Iterator<Item = (usize, Option<&str>)> {
    let whole = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let count = if whole.is_empty() { 0 } else { usize::MAX };
    let lines = whole.split(|byte| *byte == b'\n').take(count);
    (1..).zip(lines.map(|line| std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()))
}

fn unreadable(path: &str, table: &str, number: usize, report: &mut Report) {
    report.problem(
        Code::TotalsForm,
        path,
        format!("{table}의 {number}번째 줄을 읽을 수 없습니다."),
        format!("Line {number} of {path} cannot be read."),
    );
}

pub(super) fn csv(bundle: &Bundle, lines: &[Line], report: &mut Report) {
    let Some(bytes) = bundle.get(TOTALS_CSV) else {
        return;
    };
    let table = "공시표";
    let mark = report.mark();
    let mut printed = BTreeMap::new();
    let mut rows = lines_of(bytes.strip_prefix(BOM.as_bytes()).unwrap_or(bytes))
        .map(|(number, line)| (number, line.and_then(read_row).unwrap_or_default()));
    if rows.next().is_none_or(|(_, head)| head != TOTALS_COLUMNS) {
        unreadable(TOTALS_CSV, table, 1, report);
    }
    for (number, row) in rows {
        match row.as_slice() {
            [year, node, name, unit, field, cells @ ..] if cells.len() == NUMBER_KEYS.len() => {
                let place = (year.clone(), node.clone(), unit.clone(), field.clone());
                remember(&mut printed, place, (name.clone(), cells.to_vec()), (TOTALS_CSV, table), report);
            }
            _ => unreadable(TOTALS_CSV, table, number, report),
        }
    }
    // The table prints names so that no spreadsheet runs them; compare what it would print.
    let guarded_lines: Vec<Line> =
        lines.iter().map(|line| Line { name: guarded(&line.name).into_owned(), ..line.clone() }).collect();
    compare(TOTALS_CSV, table, &printed, &guarded_lines, report);
    if report.mark() == mark && totals_csv(lines).as_bytes() != bytes.as_slice() {
        not_canonical(TOTALS_CSV, table, report);
    }
}

/// Reads a row of `totals.json` by the one way it is written; numbers may be anything unquoted.
fn json_row(line: &str) -> Option<(Place, (String, Vec<String>))> {
    let mut rest = line;
    let bare = |key: &str, rest: &mut &str| -> Option<String> {
        let after = rest.strip_prefix(key)?;
        let end = after.find(['"', ',', '{', '}']).filter(|end| *end > 0)?;
        let (value, left) = after.split_at(end);
        *rest = left;
        Some(value.to_owned())
    };
    let text = |key: &str, rest: &mut &str| -> Option<String> {
        let after = rest.strip_prefix(key)?.strip_prefix('"')?;
        let (mut value, mut letters) = (String::new(), after.char_indices());
        loop {
            match letters.next()? {
                (end, '"') => {
                    *rest = after.get(end + 1..)?;
                    return Some(value);
                }
                (_, '\\') => {
                    value.push(letters.next().map(|(_, letter)| letter).filter(|it| matches!(it, '"' | '\\'))?)
                }
                (_, letter) if letter < ' ' => return None,
                (_, letter) => value.push(letter),
            }
        }
    };
    let year = bare("{\"year\":", &mut rest)?;
    let node = text(",\"node\":", &mut rest)?;
    let name = text(",\"name\":", &mut rest)?;
    let unit = text(",\"unit\":", &mut rest)?;
    let field = text(",\"field\":", &mut rest)?;
    let mut cells = Vec::new();
    for key in NUMBER_KEYS {
        cells.push(bare(&format!(",\"{key}\":"), &mut rest)?);
    }
    matches!(rest, "}" | "},").then_some(((year, node, unit, field), (name, cells)))
}

pub(super) fn json(bundle: &Bundle, found: &Found, lines: &[Line], report: &mut Report) {
    let Some(bytes) = bundle.get(TOTALS_JSON) else {
        return;
    };
    let table = "공시 자료(totals.json)";
    let mark = report.mark();
    let mut printed = BTreeMap::new();
    // What the first line says is compared with the rest, once the numbers agree.
    for (number, line) in lines_of(bytes).skip(1).filter(|(_, line)| *line != Some("]}")) {
        match line.and_then(json_row) {
            Some((place, cells)) => remember(&mut printed, place, cells, (TOTALS_JSON, table), report),
            None => unreadable(TOTALS_JSON, table, number, report),
        }
    }
    compare(TOTALS_JSON, table, &printed, lines, report);
    let (Some(heading), Some(first), Some(key)) = (&found.heading, &found.first, &found.key) else {
        return;
    };
    if report.mark() == mark && totals_json(heading, first, key, lines).as_bytes() != bytes.as_slice() {
        not_canonical(TOTALS_JSON, table, report);
    }
}
