//! The cells of one sheet, as a stream.
//!
//! Owns the part of a worksheet: rows and cells in their order, hidden rows and columns, merged areas,
//! filters, formulas and their saved values. What a newcomer gets wrong: a cell may leave out its place, its
//! type and its style, and then has the next place, is a number and looks plain.

use iljari_base::Date;
use quick_xml::events::{BytesStart, Event};

use super::parts::unescaped;
use super::styles::{Shows, Styles};
use super::xml::{Xml, attribute, plain_text};
use crate::container::Container;
use crate::decimal::Decimal;
use crate::grid::{Area, CellRef, Value};
use crate::limits::Limits;
use crate::no::No;
use crate::odd::{Odd, Place};
use crate::screen::Screen;
use crate::values::{self, Reading};

/// What cells refer to.
pub(super) struct Source<'s> {
    pub styles: &'s Styles,
    pub strings: &'s [String],
    pub from_1904: bool,
    pub limits: &'s Limits,
}

/// A cell while it is read.
#[derive(Default)]
struct Draft {
    at: Option<CellRef>,
    kind: String,
    style: usize,
    formula: Option<String>,
    /// What stood in `v`; `None` where there was none.
    value: Option<String>,
    inline: String,
}

/// Where text belongs that comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Nothing,
    Value,
    Formula,
    Inline,
}

/// How much of a formula is looked at.
const FORMULA_BYTES: usize = 8 << 10;

/// Reads a sheet into the screen; whether a filter is set.
pub(super) fn read(
    container: &Container<'_>,
    part: usize,
    source: &Source<'_>,
    screen: &mut Screen<'_>,
) -> Result<bool, No> {
    let name = container.entries().get(part).map(|entry| entry.name.clone()).unwrap_or_default();
    container.with_part(part, |input| {
        let mut reader = Sheet {
            source,
            screen,
            name,
            in_data: false,
            row: None,
            next_row: 0,
            next_column: 0,
            hidden: false,
            draft: None,
            into: Into::Nothing,
            aid: false,
            filter: false,
        };
        reader.all(input)?;
        Ok(reader.filter)
    })
}

struct Sheet<'s, 'l> {
    source: &'s Source<'s>,
    screen: &'s mut Screen<'l>,
    name: String,
    in_data: bool,
    row: Option<u32>,
    next_row: u32,
    next_column: u32,
    hidden: bool,
    draft: Option<Draft>,
    into: Into,
    /// Inside a reading aid, which is no text of the cell.
    aid: bool,
    filter: bool,
}

impl Sheet<'_, '_> {
    fn broken(&self, why: &'static str) -> No {
        No::Broken { part: self.name.clone(), why }
    }

    fn all(&mut self, input: &mut dyn std::io::Read) -> Result<(), No> {
        let mut xml = Xml::new(&self.name, input);
        loop {
            match xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start(element) => self.start(&element)?,
                Event::End(element) => self.end(element.local_name().as_ref())?,
                event if self.into != Into::Nothing => self.text(&event)?,
                _ => {}
            }
        }
    }

    fn value(&self, element: &BytesStart<'_>, name: &str) -> Result<Option<String>, No> {
        attribute(element, name).map_err(|()| self.broken("속성을 읽을 수 없음"))
    }

    fn is_set(&self, element: &BytesStart<'_>, name: &str) -> Result<bool, No> {
        Ok(matches!(self.value(element, name)?.as_deref(), Some("1" | "true")))
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), No> {
        let name = element.local_name();
        let name: &str = name.as_ref();
        if self.draft.is_some() {
            self.into = match name {
                "v" => Into::Value,
                "f" => Into::Formula,
                "t" if !self.aid => Into::Inline,
                _ => Into::Nothing,
            };
            self.aid |= name == "rPh";
            if let Some(draft) = &mut self.draft {
                match self.into {
                    Into::Value => draft.value = Some(String::new()),
                    Into::Formula => draft.formula = Some(String::new()),
                    _ => {}
                }
            }
            return Ok(());
        }
        match name {
            "sheetData" => self.in_data = true,
            "row" if self.in_data => self.start_row(element)?,
            "c" if self.row.is_some() => self.start_cell(element)?,
            "col" => self.column(element)?,
            "filterColumn" => self.filter = true,
            "mergeCell" => self.merge(element)?,
            "oleObject" | "control" => return Err(No::Active("삽입 개체가")),
            _ => {}
        }
        Ok(())
    }

    fn start_row(&mut self, element: &BytesStart<'_>) -> Result<(), No> {
        let number = match self.value(element, "r")? {
            Some(text) => {
                let number = text.parse::<u32>().ok().and_then(|number| number.checked_sub(1));
                number.ok_or_else(|| self.broken("행 번호가 올바르지 않음"))?
            }
            None => self.next_row,
        };
        if number < self.next_row || number >= 1_048_576 {
            return Err(self.broken("행의 차례가 올바르지 않음"));
        }
        let zero_high = self
            .value(element, "ht")?
            .and_then(|height| Decimal::read(&height))
            .is_some_and(|height| height.as_integer() == Some(0));
        self.hidden = self.is_set(element, "hidden")? || zero_high;
        (self.row, self.next_row, self.next_column) = (Some(number), number + 1, 0);
        Ok(())
    }

    fn start_cell(&mut self, element: &BytesStart<'_>) -> Result<(), No> {
        let row = self.row.unwrap_or_default();
        let at = match self.value(element, "r")? {
            Some(text) => text.parse::<CellRef>().map_err(|_| self.broken("칸의 자리가 올바르지 않음"))?,
            None => {
                let column = u16::try_from(self.next_column).map_err(|_| self.broken("칸의 자리가 올바르지 않음"))?;
                CellRef::new(row, column)
            }
        };
        if at.row != row || u32::from(at.column) < self.next_column {
            return Err(self.broken("칸의 차례가 올바르지 않음"));
        }
        self.next_column = u32::from(at.column) + 1;
        let style = self.value(element, "s")?.and_then(|style| style.parse().ok()).unwrap_or(0);
        let kind = self.value(element, "t")?.unwrap_or_default();
        self.draft = Some(Draft { at: Some(at), kind, style, ..Draft::default() });
        Ok(())
    }

    fn column(&mut self, element: &BytesStart<'_>) -> Result<(), No> {
        let zero_wide = self
            .value(element, "width")?
            .and_then(|width| Decimal::read(&width))
            .is_some_and(|width| width.as_integer() == Some(0));
        if !self.is_set(element, "hidden")? && !zero_wide {
            return Ok(());
        }
        let number = |text: Option<String>| {
            text.and_then(|text| text.parse::<u16>().ok()).and_then(|number| number.checked_sub(1))
        };
        let stretch = (number(self.value(element, "min")?), number(self.value(element, "max")?));
        let (Some(first), Some(last)) = stretch else {
            return Err(self.broken("열의 번호가 올바르지 않음"));
        };
        let columns = &mut self.screen.sheet().hidden_columns;
        let room = columns.len() < usize::from(self.source.limits.columns);
        match columns.last_mut() {
            Some(before) if before.1.checked_add(1) == Some(first) => before.1 = last,
            _ if room => columns.push((first, last)),
            _ => return Err(self.broken("열의 설명이 너무 많음")),
        }
        Ok(())
    }

    fn merge(&mut self, element: &BytesStart<'_>) -> Result<(), No> {
        let area = self.value(element, "ref")?.and_then(|area| area.parse::<Area>().ok());
        let area = area.ok_or_else(|| self.broken("병합된 칸의 자리가 올바르지 않음"))?;
        let limit = self.source.limits.merged;
        let sheet = self.screen.sheet();
        if sheet.merged.len() >= limit {
            return Err(No::TooManyMerged { place: Place::Sheet(sheet.name.clone()), limit });
        }
        sheet.merged.push(area);
        Ok(())
    }

    fn text(&mut self, event: &Event<'_>) -> Result<(), No> {
        let piece = plain_text(event).map_err(|()| self.broken("모르는 기호(엔티티)가 있음"))?;
        let (Some(piece), Some(draft)) = (piece, &mut self.draft) else { return Ok(()) };
        let (text, most) = match self.into {
            Into::Value => (draft.value.get_or_insert_default(), self.source.limits.cell_bytes),
            Into::Inline => (&mut draft.inline, self.source.limits.cell_bytes),
            Into::Formula => (draft.formula.get_or_insert_default(), FORMULA_BYTES),
            Into::Nothing => return Ok(()),
        };
        // One byte over the cap is enough to be refused by it; a formula's rest is not needed.
        if text.len() <= most {
            text.push_str(&piece);
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), No> {
        match name {
            "v" | "f" | "t" => self.into = Into::Nothing,
            "rPh" => self.aid = false,
            "c" => {
                if let Some(draft) = self.draft.take() {
                    self.finish(draft)?;
                }
            }
            "row" => {
                if let (Some(number), true) = (self.row.take(), self.hidden)
                    && let Some(row) = self.screen.sheet().rows.last_mut().filter(|row| row.number == number)
                {
                    row.hidden = true;
                }
            }
            "sheetData" => self.in_data = false,
            _ => {}
        }
        Ok(())
    }

    /// A cell has ended: what it holds is handed on, where it holds something.
    fn finish(&mut self, draft: Draft) -> Result<(), No> {
        let Some(at) = draft.at else { return Ok(()) };
        if draft.formula.as_deref().is_some_and(is_dde) {
            return Err(No::Active("다른 프로그램과의 연결(DDE)이"));
        }
        let text_kind = matches!(draft.kind.as_str(), "s" | "inlineStr" | "str");
        let raw = draft.value.as_deref().unwrap_or_default();
        let mut reading = match draft.kind.as_str() {
            "s" if !raw.trim().is_empty() => {
                let string = raw.trim().parse::<usize>().ok().and_then(|index| self.source.strings.get(index));
                values::text(string.ok_or_else(|| self.broken("없는 글자를 가리킴"))?.clone())
            }
            "inlineStr" => values::text(unescaped(draft.inline)),
            "str" => values::text(unescaped(raw.to_owned())),
            "b" if !raw.is_empty() => Reading::plain(Value::Bool(matches!(raw.trim(), "1" | "true"))),
            "e" => {
                let mut error = Reading::plain(Value::Error(raw.to_owned()));
                error.odd.push(Odd::ErrorCell);
                error
            }
            "d" if !raw.is_empty() => iso_day(raw.trim()),
            _ if raw.trim().is_empty() => Reading::plain(Value::Empty),
            _ => match Decimal::read(raw.trim()) {
                Some(number) => self.shown(number.as_shown(), draft.style),
                None => values::text(raw.to_owned()),
            },
        };
        if matches!(&reading.value, Value::Text(text) if text.trim().is_empty()) {
            reading = Reading::plain(Value::Empty);
        }
        if draft.formula.is_some() {
            reading.odd.insert(0, Odd::Formula);
            // A formula whose saved value is the empty text has one; a number that is not there has not.
            if reading.value == Value::Empty && !(text_kind && draft.value.is_some()) {
                reading.odd.push(Odd::FormulaWithoutValue);
            }
        }
        if reading.value == Value::Empty && reading.odd.is_empty() {
            return Ok(());
        }
        self.screen.take(at, reading)
    }

    /// A number as its cell shows it.
    fn shown(&self, number: Decimal, style: usize) -> Reading {
        match self.source.styles.of(style) {
            Shows::Plain | Shows::Time => values::number(number, false),
            Shows::Grouped => values::number(number, true),
            Shows::Percent => Reading::plain(Value::Percent { shown: number.hundredfold(), fraction: number }),
            shows => self.day(number, shows == Shows::DayWithoutYear),
        }
    }

    fn day(&self, number: Decimal, without_year: bool) -> Reading {
        let (whole, fraction) = number.parts();
        let day = whole.filter(|_| !number.is_negative()).and_then(|serial| day_of(serial, self.source.from_1904));
        let Some(day) = day else {
            let mut reading = values::number(number, false);
            // Excel's 60 is 29 February 1900; other numbers without a day are counts in the wrong format.
            let no_day = whole == Some(60) && !self.source.from_1904;
            reading.odd = vec![if no_day { Odd::NoSuchDate } else { Odd::DateMangled }];
            return reading;
        };
        let mut reading = Reading::plain(Value::Date(day));
        if without_year {
            reading.odd.push(Odd::DateMangled);
        }
        if fraction {
            reading.odd.push(Odd::TimeDropped);
        }
        reading
    }
}

/// The last serial number that is a day here, in the year 4637; beyond, somebody wrote a figure into a cell for days.
const LAST_DAY: i64 = 999_999;

/// The day of a serial number; `None` where there is none.
fn day_of(serial: i64, from_1904: bool) -> Option<Date> {
    if serial > LAST_DAY {
        return None;
    }
    match (from_1904, serial) {
        (true, _) => Date::new(1904, 1, 1).map(|first| first.plus_days(serial)),
        (false, 1..=59) => Date::new(1899, 12, 31).map(|first| first.plus_days(serial)),
        (false, 61..) => Date::new(1899, 12, 30).map(|first| first.plus_days(serial)),
        (false, _) => None,
    }
}

/// A day as strict workbooks write it: `2026-03-05` or `2026-03-05T00:00:00`.
fn iso_day(text: &str) -> Reading {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let Ok(day) = day.parse() else { return values::text(text.to_owned()) };
    let mut reading = Reading::plain(Value::Date(day));
    if time.chars().any(|letter| ('1'..='9').contains(&letter)) {
        reading.odd.push(Odd::TimeDropped);
    }
    reading
}

/// Whether a formula talks to another program: `cmd|'/c …'!A1`, `DDE(…)`.
fn is_dde(formula: &str) -> bool {
    let bare: String = formula.chars().filter(|letter| !letter.is_whitespace()).collect();
    let lower = bare.to_lowercase();
    let mut outside = String::with_capacity(lower.len());
    let mut quoted = false;
    for letter in lower.chars() {
        quoted ^= letter == '"';
        if !quoted {
            outside.push(letter);
        }
    }
    let piped = outside.split_once('|').is_some_and(|(_, after)| after.contains('!'));
    piped || outside.contains("dde(") || outside.contains("ddeauto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_in_both_counts() {
        let day = |serial, from_1904| day_of(serial, from_1904).map(|day| day.to_string());
        assert_eq!(day(1, false).as_deref(), Some("1900-01-01"));
        assert_eq!(day(59, false).as_deref(), Some("1900-02-28"));
        assert_eq!(day(60, false), None);
        assert_eq!(day(61, false).as_deref(), Some("1900-03-01"));
        assert_eq!(day(44_990, false).as_deref(), Some("2023-03-05"));
        assert_eq!(day(43_528, true).as_deref(), Some("2023-03-05"));
        assert_eq!(day(73_050, false).as_deref(), Some("2099-12-31"));
        assert_eq!(day(1_000_000, false), None);
        assert_eq!(day(0, false), None);
    }

    #[test]
    fn formulas_that_talk_to_other_programs_are_known() {
        assert!(is_dde("cmd|'/c calc'!A1"));
        assert!(is_dde("DDE (\"cmd\";\"/c calc\";\"x\")"));
        assert!(!is_dde("SUM(A1:A3)"));
        assert!(!is_dde("\"a|b!\"&A1"));
        assert!(!is_dde("'다른 시트'!A1"));
    }
}
