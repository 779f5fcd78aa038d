//! A workbook as a grid.
//!
//! Owns the way from the parts of a workbook to sheets: which parts there are, what must not be among them,
//! and what is hidden. Reads each part as a stream and keeps only cells that hold something (ADR 0006 says
//! why not through a library). What a newcomer gets wrong: believing a declared dimension or count.

use std::collections::BTreeSet;

use crate::container::Container;
use crate::grid::{Grid, Sheet};
use crate::limits::Limits;
use crate::no::No;
use crate::odd::{Odd, Oddity, Place};
use crate::screen::Screen;

mod cells;
mod parts;
mod styles;
pub(crate) mod xml;

pub(crate) use parts::Workbook;

/// Reads a workbook out of a sound container.
pub(crate) fn read(container: &Container<'_>, limits: &Limits) -> Result<Grid, No> {
    let book = Workbook::open(container)?;
    if book.tabs.len() > limits.sheets {
        return Err(No::TooManySheets { limit: limits.sheets });
    }
    let styles = match book.styles {
        Some(part) => styles::read(container, part)?,
        None => styles::Styles::default(),
    };
    let strings = match book.strings {
        Some(part) => parts::shared_strings(container, part, limits)?,
        None => Vec::new(),
    };
    let mut grid = Grid::default();
    if book.from_1904 {
        grid.notes.push(Oddity { odd: Odd::Date1904, place: Place::File });
    }
    let source = cells::Source { styles: &styles, strings: &strings, from_1904: book.from_1904, limits };
    let mut screen = Screen::new(limits);
    for tab in &book.tabs {
        let note = |odd| Oddity { odd, place: Place::Sheet(tab.name.clone()) };
        if tab.hidden {
            grid.notes.push(note(Odd::HiddenSheet));
        }
        let Some(part) = tab.part else {
            grid.notes.push(note(Odd::NoCells));
            continue;
        };
        screen.begin(tab.name.clone());
        let filter = cells::read(container, part, &source, &mut screen)?;
        if filter {
            grid.notes.push(note(Odd::Filter));
        }
        let mut sheet = screen.end(&mut grid.notes)?;
        sheet.hidden = tab.hidden;
        note_hidden(&sheet, &mut grid.notes);
        grid.notes.extend(
            sheet.merged.iter().map(|area| Oddity { odd: Odd::Merged, place: Place::Area(sheet.name.clone(), *area) }),
        );
        grid.sheets.push(sheet);
    }
    Ok(grid)
}

/// Says which rows and columns are hidden though they hold something.
fn note_hidden(sheet: &Sheet, notes: &mut Vec<Oddity>) {
    let mut stretch: Option<(u32, u32)> = None;
    let mut say = |stretch: Option<(u32, u32)>| {
        if let Some((first, last)) = stretch {
            notes.push(Oddity { odd: Odd::HiddenRows, place: Place::Rows(sheet.name.clone(), first, last) });
        }
    };
    for row in sheet.rows.iter().filter(|row| row.hidden) {
        stretch = match stretch {
            Some((first, last)) if last + 1 == row.number => Some((first, row.number)),
            before => {
                say(before);
                Some((row.number, row.number))
            }
        };
    }
    say(stretch);
    let mut used = BTreeSet::new();
    for cell in sheet.cells() {
        if let Some(stretch) =
            sheet.hidden_columns.iter().find(|(first, last)| (*first..=*last).contains(&cell.at.column))
        {
            used.insert(*stretch);
        }
    }
    notes.extend(used.into_iter().map(|(first, last)| Oddity {
        odd: Odd::HiddenColumns,
        place: Place::Columns(sheet.name.clone(), first, last),
    }));
}

#[cfg(test)]
#[path = "xlsx/tests.rs"]
mod tests;
