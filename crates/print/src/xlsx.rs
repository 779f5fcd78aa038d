//! XLSX: a cover, then a sheet for each table, ready to be printed.
//!
//! Owns: the workbook. Numbers are numbers, money is won (a column shown in 백만 원 keeps the won and
//! only its format rounds), a word in place of a number is a word. Does not own: workbooks that
//! departments fill in. What a newcomer gets wrong: a text that looks like a formula or an address;
//! texts are written as texts and never interpreted.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::fonts::{self, Weight, drawable};
use crate::model::{Block, Cell, Column, Document, Kind, Meta, Row, RowKind, Table, Unwritable, Width};
use crate::text::plain;

/// Integers up to here are exact in a spreadsheet's numbers; a longer one is written as text.
const EXACT: u64 = 9_007_199_254_740_992;
const FONT: &str = "맑은 고딕";
/// The rows over a table's head: its name, and its unit and day.
const ABOVE: u32 = 2;

/// The document's tables as a workbook.
pub fn document(document: &Document) -> Result<Vec<u8>, Unwritable> {
    document.check()?;
    let tables = document.tables();
    let names = sheet_names(&tables);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&document.meta).map_err(failed)?);
    cover(workbook.add_worksheet(), document, &tables, &names).map_err(failed)?;
    for (table, name) in tables.iter().zip(&names) {
        sheet(workbook.add_worksheet(), name, table, &document.meta).map_err(failed)?;
    }
    workbook.save_to_buffer().map_err(failed)
}

fn failed(error: XlsxError) -> Unwritable {
    Unwritable::Writer { format: "XLSX", reason: error.to_string() }
}

fn day(meta: &Meta) -> Result<ExcelDateTime, XlsxError> {
    let day = meta.as_of;
    date(day.year().0, day.month().of_year(), day.day())
}

fn date(year: i16, month: i8, day: i8) -> Result<ExcelDateTime, XlsxError> {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900), part(month), part(day))
}

/// The file's properties; its day is the document's, never the clock's.
fn properties(meta: &Meta) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(plain(&meta.title))
        .set_author(plain(&meta.issuer))
        .set_subject(plain(&meta.subtitle))
        .set_creation_datetime(&day(meta)?))
}

/// One name for each table: what the table says, without letters that sheets refuse, none twice.
fn sheet_names(tables: &[Table]) -> Vec<String> {
    let mut names: Vec<String> = vec![COVER.to_owned()];
    for table in tables {
        let wanted = if table.sheet.is_empty() { &table.id } else { &table.sheet };
        let refused = |letter: &char| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
        let base: String = plain(wanted).replace('\n', " ").chars().filter(refused).take(27).collect();
        let base = if base.trim().is_empty() { table.id.clone() } else { base.trim().to_owned() };
        let taken = |name: &str| names.iter().any(|known| known.to_lowercase() == name.to_lowercase());
        let mut name = base.clone();
        let mut number = 2;
        // Excel keeps this name for itself.
        while taken(&name) || name.eq_ignore_ascii_case("history") {
            name = format!("{base} {number}");
            number += 1;
        }
        names.push(name);
    }
    names.split_off(1)
}

const COVER: &str = "표지";

fn base() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::VerticalCenter)
}

fn ruled(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color("#CDD1D5")
}

fn head_format() -> Format {
    ruled(base())
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_background_color("#E6E8EA")
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color("#131416")
}

fn cover(sheet: &mut Worksheet, document: &Document, tables: &[Table], names: &[String]) -> Result<(), XlsxError> {
    let meta = &document.meta;
    sheet.set_name(COVER)?;
    set_up(sheet, meta)?;
    sheet.set_column_width_pixels(0, 190)?;
    sheet.set_column_width_pixels(1, 620)?;
    let quiet = base().set_font_color("#464C53");
    let wrapped = ruled(base()).set_text_wrap().set_align(FormatAlign::Top);
    let label = ruled(base()).set_bold().set_background_color("#F4F5F6").set_align(FormatAlign::Top);
    let title = base().set_bold().set_font_size(18);
    let marks = meta.marks().join(" · ");
    let mut at = 0;
    if !marks.is_empty() {
        sheet.write_string_with_format(at, 0, marks, &base().set_bold())?;
        at += 1;
    }
    sheet.write_string_with_format(at, 0, plain(&meta.title), &title)?;
    at += 1;
    if !meta.subtitle.is_empty() {
        sheet.write_string_with_format(at, 0, plain(&meta.subtitle), &quiet)?;
        at += 1;
    }
    let issued = format!("{} · 기준일 {}", meta.issuer, meta.as_of.korean());
    sheet.write_string_with_format(at, 0, plain(&issued), &quiet)?;
    at += 2;
    for fact in &meta.facts {
        sheet.write_string_with_format(at, 0, plain(&fact.label), &label)?;
        sheet.write_string_with_format(at, 1, plain(&fact.value), &wrapped)?;
        at += 1;
    }
    at += 1;
    for (table, name) in tables.iter().zip(names) {
        sheet.write_string_with_format(at, 0, name, &label)?;
        sheet.write_string_with_format(at, 1, plain(&table.caption), &wrapped)?;
        at += 1;
    }
    at += 1;
    for block in &document.blocks {
        // A letter has no table; its words stand on the cover, to be copied.
        if let Block::Letter(letter) = block {
            for (name, value) in [("수신", &letter.to), ("경유", &letter.via), ("제목", &letter.subject)] {
                if !value.is_empty() {
                    sheet.write_string_with_format(at, 0, name, &label)?;
                    sheet.write_string_with_format(at, 1, plain(value), &wrapped)?;
                    at += 1;
                }
            }
            for line in letter.lines() {
                sheet.write_string_with_format(at, 1, plain(&line), &wrapped)?;
                at += 1;
            }
        }
    }
    Ok(())
}

/// A4, lying, as wide as the page, with page numbers and the marks on each.
fn set_up(sheet: &mut Worksheet, meta: &Meta) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    // In these strings `&` begins a code, and 255 letters are the most.
    let safe = |text: &str| plain(text).replace('\n', " ").replace('&', "&&");
    let title: String = safe(&format!("{} · {}", meta.issuer, meta.title)).chars().take(150).collect();
    let marks = meta.marks().join(" · ");
    sheet.set_header(format!("&L&9{title}&R&B{marks}"));
    sheet.set_footer(format!("&L&9기준일 {}&R&9&P / &N", meta.as_of));
    Ok(())
}

fn sheet(sheet: &mut Worksheet, name: &str, table: &Table, meta: &Meta) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    set_up(sheet, meta)?;
    let quiet = base().set_font_color("#464C53");
    sheet.write_string_with_format(0, 0, plain(&table.caption), &base().set_bold().set_font_size(14))?;
    let mut about = Vec::new();
    if !table.unit.is_empty() {
        about.push(format!("단위: {}", table.unit));
    }
    about.push(format!("기준일: {}", meta.as_of));
    about.extend(meta.marks().iter().map(ToString::to_string));
    sheet.write_string_with_format(1, 0, plain(&about.join(" · ")), &quiet)?;
    let deep = if table.has_groups() { 2 } else { 1 };
    heads(sheet, table, deep)?;
    let first = ABOVE + deep;
    let mut next = first;
    for row in &table.rows {
        write_row(sheet, next, table, row)?;
        next += 1;
    }
    if !table.note.is_empty() {
        sheet.write_string_with_format(next + 1, 0, plain(&table.note), &quiet)?;
    }
    let left = u16::from(table.columns.first().is_some_and(|column| column.heads_rows));
    sheet.set_freeze_panes(first, left)?;
    sheet.set_repeat_rows(ABOVE, first - 1)?;
    for (place, column) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width_pixels(place, column_pixels(table, usize::from(place), column))?;
    }
    Ok(())
}

fn heads(sheet: &mut Worksheet, table: &Table, deep: u32) -> Result<(), XlsxError> {
    let format = head_format();
    let place = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
    for span in table.spans() {
        let start = place(span.start);
        if let Some(group) = span.group {
            let end = place(span.start + span.columns.len() - 1);
            if start == end {
                sheet.write_string_with_format(ABOVE, start, plain(group), &format)?;
            } else {
                sheet.merge_range(ABOVE, start, ABOVE, end, &plain(group), &format)?;
            }
        }
        for (column, at) in span.columns.iter().zip(start..) {
            let title = plain(&column.title);
            match (deep, span.group) {
                (2, None) => {
                    sheet.merge_range(ABOVE, at, ABOVE + 1, at, &title, &format)?;
                }
                (2, Some(_)) => {
                    sheet.write_string_with_format(ABOVE + 1, at, title, &format)?;
                }
                _ => {
                    sheet.write_string_with_format(ABOVE, at, title, &format)?;
                }
            }
        }
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, at: u32, table: &Table, row: &Row) -> Result<(), XlsxError> {
    for (place, (column, cell)) in (0_u16..).zip(table.columns.iter().zip(&row.cells)) {
        let indent = if place == 0 { row.indent.min(15) } else { 0 };
        let format = cell_format(column, cell, row.kind, indent);
        let kind = column.kind;
        match cell {
            Cell::Count(count) if count.unsigned_abs() <= EXACT => {
                sheet.write_number_with_format(at, place, *count as f64, &format)?;
            }
            Cell::Won(won) if won.0.unsigned_abs() <= EXACT => {
                sheet.write_number_with_format(at, place, won.0 as f64, &format)?;
            }
            Cell::Year(year) => {
                sheet.write_number_with_format(at, place, year.0, &format)?;
            }
            Cell::Rate(_) | Cell::Percent { .. } => {
                let shown = cell.shown(kind);
                // Read from the text that everybody sees, so that no second rounding happens.
                match shown.replace(',', "").parse::<f64>() {
                    Ok(number) => sheet.write_number_with_format(at, place, number, &format)?,
                    Err(_) => sheet.write_string_with_format(at, place, shown, &format)?,
                };
            }
            Cell::Date(day) => {
                match date(day.year().0, day.month().of_year(), day.day()) {
                    Ok(date) => sheet.write_datetime_with_format(at, place, &date, &format)?,
                    // Before 1900 a workbook has no dates.
                    Err(_) => sheet.write_string_with_format(at, place, day.to_string(), &format)?,
                };
            }
            _ => {
                sheet.write_string_with_format(at, place, plain(&cell.shown(kind)), &format)?;
            }
        }
    }
    Ok(())
}

fn cell_format(column: &Column, cell: &Cell, row: RowKind, indent: u8) -> Format {
    let mut format = ruled(base());
    format = match row {
        RowKind::Ordinary => format,
        RowKind::Subtotal => format.set_bold().set_background_color("#F4F5F6"),
        RowKind::Total => format
            .set_bold()
            .set_background_color("#F4F5F6")
            .set_border_top(FormatBorder::Thin)
            .set_border_top_color("#131416"),
    };
    format = if column.kind.is_number() {
        format.set_align(FormatAlign::Right)
    } else {
        format.set_align(FormatAlign::Left).set_text_wrap()
    };
    if indent > 0 {
        format = format.set_indent(indent);
    }
    match (cell, column.kind) {
        (Cell::Won(_), Kind::Millions) => format.set_num_format("#,##0,,"),
        (Cell::Count(_) | Cell::Won(_), _) => format.set_num_format("#,##0"),
        (Cell::Rate(_), _) => format.set_num_format("#,##0.0"),
        (Cell::Percent { decimals, .. }, _) if *decimals > 0 => {
            format.set_num_format(format!("#,##0.{}", "0".repeat(usize::from(*decimals))))
        }
        (Cell::Percent { .. }, _) => format.set_num_format("#,##0"),
        (Cell::Year(_), _) => format.set_num_format("0"),
        (Cell::Date(_), _) => format.set_num_format("yyyy-mm-dd"),
        // A text stays one, also when somebody edits the cell.
        _ => format.set_num_format("@"),
    }
}

/// As wide as the longest cell, between limits; beyond them words wrap.
fn column_pixels(table: &Table, place: usize, column: &Column) -> u32 {
    let most = match column.width {
        Width::Narrow => 120,
        Width::Fitting => 230,
        Width::Wide => 380,
    };
    let pixels = |text: &str, weight| {
        text.lines().map(|line| fonts::width(&drawable(line), weight) * 14 / 1000 + 18).max().unwrap_or(0)
    };
    let cells = table.rows.iter().filter_map(|row| Some((row, row.cells.get(place)?)));
    let widest = cells
        .map(|(row, cell)| {
            let indent = if place == 0 { i64::from(row.indent) * 12 } else { 0 };
            pixels(&cell.shown(column.kind), Weight::Bold) + indent
        })
        .max()
        .unwrap_or(0);
    // Numbers never wrap, so nothing limits them; a head may wrap.
    let widest = if column.kind.is_number() { widest.min(400) } else { widest.min(most) };
    let head = pixels(&column.title, Weight::Bold).min(110);
    u32::try_from(widest.max(head).max(56)).unwrap_or(56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_workbooks_take_and_none_twice() {
        let table = |id: &str, sheet: &str| Table::new(id, "표").sheet(sheet);
        let names = sheet_names(&[
            table("a", "총괄표"),
            table("b", "총괄표"),
            table("c", "사업/부서: [전체]?"),
            table("d", ""),
            table("e", "표지"),
            table("f", "아주 긴 이름을 가진 표의 이름이라서 서른한 글자를 넘는 이름"),
            table("g", "'"),
        ]);
        assert_eq!(names[..5], ["총괄표", "총괄표 2", "사업부서 전체", "d", "표지 2"]);
        assert!(names[5].chars().count() <= 31 && names[6] == "g", "{names:?}");
    }
}
