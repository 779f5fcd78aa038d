//! A CSV as a grid.
//!
//! Owns the one sheet of a CSV: which width its records should have, and its caps. What a newcomer gets
//! wrong: the first line is often a title, so the width is what most records agree on.

use std::collections::BTreeMap;

use super::encoding::decode;
use super::scan::{delimiter, scan};
use super::unguarded;
use crate::grid::{CellRef, Grid};
use crate::limits::Limits;
use crate::no::No;
use crate::odd::{Odd, Oddity, Place};
use crate::screen::Screen;
use crate::values::field;

/// Reads a CSV.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Grid, No> {
    let (text, encoding) = decode(bytes)?;
    let mut screen = Screen::new(limits);
    screen.begin(String::new());
    // Each record's width, and its width without empty fields at its end.
    let mut widths: Vec<(u32, u32, u32)> = Vec::new();
    scan(&text, delimiter(&text), limits.columns.into(), |record| {
        if record.number >= limits.rows {
            let place = Place::Rows(String::new(), record.number, record.number);
            return Err(No::TooManyRows { place, limit: limits.rows });
        }
        let mut last = 0;
        for (column, found) in (0u16..).zip(&record.fields) {
            let text = unguarded(&found.text);
            if !text.trim().is_empty() {
                last = u32::from(column) + 1;
                screen.take(CellRef::new(record.number, column), field(text))?;
            }
        }
        if last > 0 {
            widths.push((record.number, u32::try_from(record.fields.len()).unwrap_or(u32::MAX), last));
        }
        Ok(())
    })?;
    let mut notes = Vec::new();
    let expected = usual_width(&widths);
    // A line with one field is a title or a note above the table, as people write them.
    let ragged = widths.iter().filter(|(_, width, last)| *last > expected || (*width < expected && *last > 1));
    for (number, width, last) in ragged {
        if notes.len() == limits.faults {
            return Err(No::TooManyRagged { limit: limits.faults });
        }
        let found = if *last > expected { *last } else { *width };
        notes
            .push(Oddity { odd: Odd::Ragged { expected, found }, place: Place::Rows(String::new(), *number, *number) });
    }
    let sheet = screen.end(&mut notes)?;
    Ok(Grid { encoding: Some(encoding), sheets: vec![sheet], notes })
}

/// The width that most records of more than one field have.
fn usual_width(widths: &[(u32, u32, u32)]) -> u32 {
    let mut counted: BTreeMap<u32, usize> = BTreeMap::new();
    for (_, width, _) in widths.iter().filter(|(_, width, _)| *width > 1) {
        *counted.entry(*width).or_default() += 1;
    }
    counted.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(1, |(width, _)| width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::write;
    use crate::grid::{Encoding, Value};

    fn read_text(text: &str) -> Result<Grid, &'static str> {
        read(text.as_bytes(), &Limits::default()).map_err(|no| no.code())
    }

    #[test]
    fn what_the_writer_wrote_comes_back_in_every_encoding() {
        let rows: Vec<Vec<String>> = [
            ["사업 코드", "사업명", "당기 실적", "연락처"],
            ["Y-01", "청년 인턴, \"예시\"", "204", "+82-2-1234-5678"],
            ["Y-02", "=1+1", "-3", "@예시"],
        ]
        .iter()
        .map(|row| row.iter().map(|text| (*text).to_owned()).collect())
        .collect();
        for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Cp949, Encoding::Utf16Le, Encoding::Utf16Be] {
            let grid = read(&write(&rows, encoding), &Limits::default()).unwrap();
            assert_eq!(grid.encoding, Some(encoding));
            let back: Vec<Vec<String>> =
                grid.sheets[0].rows.iter().map(|row| row.cells.iter().map(|cell| cell.text()).collect()).collect();
            assert_eq!(back, rows);
            assert!(grid.notes.is_empty());
        }
    }

    #[test]
    fn ragged_records_are_named_and_titles_are_not() {
        let grid = read_text("2분기 실적\n\n코드,실적,사유\nY-01,204,\nY-02,31\nY-03,1,204,오타\nY-04,5,,,\n").unwrap();
        let said: Vec<String> = grid.notes.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "5행: 칸이 3개여야 하는데 2개가 있습니다. 쉼표나 따옴표를 확인해 주세요.",
                "6행: 칸이 3개여야 하는데 4개가 있습니다. 쉼표나 따옴표를 확인해 주세요.",
            ]
        );
        assert!(grid.notes.iter().all(|note| note.odd.blocks()));
    }

    #[test]
    fn ragged_records_are_collected_up_to_two_hundred() {
        let sound = "가,나,다\n".repeat(300);
        let ragged = |count| format!("{sound}{}", "가,나\n".repeat(count));
        assert_eq!(read_text(&ragged(200)).unwrap().notes.len(), 200);
        assert_eq!(read_text(&ragged(201)), Err("sheet-too-many-ragged"));
    }

    #[test]
    fn too_many_rows_and_too_long_a_field_are_refused() {
        assert_eq!(read_text(&"1\n".repeat(1_000_000)), Err("sheet-too-many-rows"));
        assert_eq!(read_text(&"\n".repeat(100_001)), Err("sheet-too-many-rows"));
        assert_eq!(read_text(&format!("가,{}\n", "a".repeat(9 << 20))), Err("sheet-cell-too-long"));
        assert_eq!(read_text(&format!("가,\"{}\n", "a\n".repeat(1 << 20))), Err("sheet-open-quote"));
        assert_eq!(read_text(&format!("{}\n", "1,".repeat(300))), Err("sheet-too-many-columns"));
    }

    #[test]
    fn an_empty_text_is_an_empty_sheet() {
        for text in ["", "\u{feff}", "\n\n", ",,,\n"] {
            let grid = read_text(text).unwrap();
            assert!(grid.sheets[0].rows.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn values_are_exact() {
        let grid = read_text("코드,실적,비율\nY-01,\"1,204\",65.3%\n").unwrap();
        let row = &grid.sheets[0].rows[1];
        assert_eq!(row.cell(1).map(|cell| cell.value.clone()), Some(Value::Integer(1204)));
        assert_eq!(row.cell(2).map(|cell| cell.text()).as_deref(), Some("65.3%"));
    }
}
