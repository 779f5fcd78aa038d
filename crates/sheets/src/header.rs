//! Finding the columns by their names.
//!
//! Owns recognising the row of column names in a sheet that somebody has worked in: columns in another
//! order, notes above, a heading over two rows. Does not own which names are needed. What a newcomer
//! gets wrong: reading by position; the first thing people do with a form is to insert a column.

use crate::grid::{CellRef, Sheet};
use crate::reading::folded;

/// Where the names of the columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The row of the names, counted from zero; of a heading over two rows the lower one.
    pub row: u32,
    /// For each name that was asked for, its column; `None` where there is no such column.
    pub columns: Vec<Option<u16>>,
    /// Names that stand over two columns or more. Neither is to be trusted.
    pub twice: Vec<String>,
}

impl Header {
    /// The names that were asked for and are not there.
    pub fn missing<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().zip(&self.columns).filter(|(_, column)| column.is_none()).map(|(name, _)| *name).collect()
    }
}

/// How far down a heading is looked for.
const DEEPEST: u32 = 60;

impl Sheet {
    /// The row that holds most of these names, where it holds at least half of them; the first such row.
    ///
    /// Spaces, line breaks and full-width letters make no difference. A name may also stand in the
    /// row above, over a heading of two rows.
    pub fn find_header(&self, names: &[&str]) -> Option<Header> {
        let wanted: Vec<String> = names.iter().map(|name| folded(name)).collect();
        let mut best: Option<(usize, Header)> = None;
        for row in self.rows.iter().take_while(|row| row.number < DEEPEST) {
            let header = self.header_at(row.number, names, &wanted);
            let found = header.columns.iter().flatten().count();
            if found * 2 >= wanted.len().max(1) && found > 0 && best.as_ref().is_none_or(|(most, _)| found > *most) {
                best = Some((found, header));
            }
        }
        best.map(|(_, header)| header)
    }

    fn header_at(&self, number: u32, names: &[&str], wanted: &[String]) -> Header {
        let texts = |number: Option<u32>| -> Vec<(u16, String)> {
            let row = number.and_then(|number| self.row(number));
            row.into_iter().flat_map(|row| &row.cells).map(|cell| (cell.at.column, folded(&cell.text()))).collect()
        };
        let (here, above) = (texts(Some(number)), texts(number.checked_sub(1)));
        let mut twice = Vec::new();
        let columns = names
            .iter()
            .zip(wanted)
            .map(|(name, wanted)| {
                let fits = |texts: &[(u16, String)]| -> Vec<u16> {
                    texts.iter().filter(|(_, text)| text == wanted).map(|(column, _)| *column).collect()
                };
                let mut found = fits(&here);
                if found.is_empty() {
                    // Over a heading of two rows a name stands above an empty cell, never above another name.
                    found = fits(&above);
                    found.retain(|column| self.cell(CellRef::new(number, *column)).is_none());
                }
                if found.len() > 1 {
                    twice.push((*name).to_owned());
                }
                found.first().copied()
            })
            .collect();
        Header { row: number, columns, twice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Cell, Row, Value};

    fn sheet(rows: &[(u32, &[(u16, &str)])]) -> Sheet {
        let row = |(number, cells): &(u32, &[(u16, &str)])| Row {
            number: *number,
            cells: cells
                .iter()
                .map(|(column, text)| Cell {
                    at: CellRef::new(*number, *column),
                    value: Value::Text((*text).into()),
                    odd: Vec::new(),
                })
                .collect(),
            ..Row::default()
        };
        Sheet { rows: rows.iter().map(row).collect(), ..Sheet::default() }
    }

    const NAMES: &[&str] = &["사업 코드", "당기 실적", "누계 실적", "사유"];

    #[test]
    fn columns_are_found_in_any_order_below_any_notes() {
        let sheet = sheet(&[
            (0, &[(0, "작성 요령: 당기 실적을 적어 주세요")]),
            (4, &[(0, "사유"), (2, "당기\n실적"), (3, "누계실적"), (5, "사업코드")]),
            (5, &[(0, "당기 실적")]),
        ]);
        let header = sheet.find_header(NAMES).unwrap();
        assert_eq!((header.row, header.columns.clone()), (4, vec![Some(5), Some(2), Some(3), Some(0)]));
        assert!(header.missing(NAMES).is_empty() && header.twice.is_empty());
    }

    #[test]
    fn a_heading_over_two_rows_is_read_as_one() {
        let sheet =
            sheet(&[(1, &[(0, "사업 코드"), (1, "실적"), (3, "사유")]), (2, &[(1, "당기 실적"), (2, "누계 실적")])]);
        let header = sheet.find_header(NAMES).unwrap();
        assert_eq!((header.row, header.columns), (2, vec![Some(0), Some(1), Some(2), Some(3)]));
    }

    #[test]
    fn a_missing_name_and_a_name_that_stands_twice_are_said() {
        let sheet = sheet(&[(0, &[(0, "사업 코드"), (1, "당기 실적"), (2, "당기 실적"), (3, "사유")])]);
        let header = sheet.find_header(NAMES).unwrap();
        assert_eq!(header.missing(NAMES), ["누계 실적"]);
        assert_eq!(header.twice, ["당기 실적"]);
    }

    #[test]
    fn a_sheet_without_such_names_has_no_heading() {
        assert_eq!(sheet(&[(0, &[(0, "사유")]), (1, &[(0, "가"), (1, "나")])]).find_header(NAMES), None);
        assert_eq!(Sheet::default().find_header(NAMES), None);
    }
}
