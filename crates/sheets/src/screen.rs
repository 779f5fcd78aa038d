//! What is watched for while any file is read.
//!
//! Owns the caps of the grid, the refusal of resident registration numbers, and the rows of totals. Does not
//! own formats: readers hand in each cell as they find it. What a newcomer gets wrong: checking for
//! resident numbers after the file was stored. The first one ends the reading.

use std::collections::BTreeMap;

use iljari_base::korean::looks_like_resident_number;

use crate::grid::{Cell, CellRef, Row, Sheet, Value};
use crate::limits::Limits;
use crate::no::No;
use crate::odd::{Odd, Oddity, Place};
use crate::reading::folded;
use crate::values::Reading;

/// Takes cells in, sheet by sheet.
pub(crate) struct Screen<'l> {
    limits: &'l Limits,
    cells: usize,
    text: usize,
    sheet: Sheet,
    columns: BTreeMap<u16, Watched>,
}

/// What a column has shown so far.
#[derive(Default)]
struct Watched {
    /// A name such as 주민등록번호 stands above.
    named: bool,
    numbers: usize,
    /// Numbers that are resident numbers once the zeros are put back that Excel has dropped.
    shortened: usize,
}

impl<'l> Screen<'l> {
    pub(crate) fn new(limits: &'l Limits) -> Self {
        Self { limits, cells: 0, text: 0, sheet: Sheet::default(), columns: BTreeMap::new() }
    }

    pub(crate) fn begin(&mut self, name: String) {
        self.sheet = Sheet { name, ..Sheet::default() };
        self.columns.clear();
    }

    /// Takes in a cell that holds something. Rows and columns come in order.
    pub(crate) fn take(&mut self, at: CellRef, reading: Reading) -> Result<(), No> {
        let sheet = &self.sheet.name;
        if at.row >= self.limits.rows {
            return Err(No::TooManyRows { place: Place::Cell(sheet.clone(), at), limit: self.limits.rows });
        }
        if at.column >= self.limits.columns {
            return Err(No::TooManyColumns { place: Place::Cell(sheet.clone(), at), limit: self.limits.columns });
        }
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(No::TooManyCells { limit: self.limits.cells });
        }
        if let Value::Text(text) | Value::Error(text) = &reading.value {
            if text.len() > self.limits.cell_bytes {
                return Err(No::CellTooLong { place: Place::Cell(sheet.clone(), at), limit: self.limits.cell_bytes });
            }
            self.text += text.len();
            if self.text > self.limits.text_bytes {
                return Err(No::TooMuchText);
            }
        }
        self.watch(at, &reading)?;
        let cell = Cell { at, value: reading.value, odd: reading.odd };
        match self.sheet.rows.last_mut().filter(|row| row.number == at.row) {
            Some(row) => row.cells.push(cell),
            None => self.sheet.rows.push(Row { number: at.row, cells: vec![cell], ..Row::default() }),
        }
        Ok(())
    }

    fn watch(&mut self, at: CellRef, reading: &Reading) -> Result<(), No> {
        let refuse = || Err(No::ResidentNumber { place: Place::Cell(self.sheet.name.clone(), at) });
        match &reading.value {
            Value::Text(text) => {
                // Few texts hold so many digits; the rest need no closer look.
                if text.chars().filter(|letter| letter.is_numeric()).nth(12).is_some()
                    && looks_like_resident_number(text)
                {
                    return refuse();
                }
                let named = self.columns.get(&at.column).is_some_and(|column| column.named);
                if named && has_six_digits(text) {
                    return refuse();
                }
                // The bytes of the longest such name; anything longer is a sentence about it.
                if text.len() <= 60 && text.contains('번') {
                    let name = folded(text);
                    if (name.starts_with("주민등록번호") || name.starts_with("주민번호")) && name.chars().count() <= 12
                    {
                        self.columns.entry(at.column).or_default().named = true;
                    }
                }
            }
            Value::Integer(number) if !reading.grouped => {
                let digits = number.to_string();
                if digits.len() == 13 && looks_like_resident_number(&digits) {
                    return refuse();
                }
                let column = self.columns.entry(at.column).or_default();
                if column.named && digits.len() >= 6 {
                    return refuse();
                }
                column.numbers += 1;
                if (11..=12).contains(&digits.len()) && looks_like_resident_number(&format!("{number:013}")) {
                    column.shortened += 1;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The sheet so far, for what only a format knows of it.
    pub(crate) fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    /// Ends the sheet: rows of totals are marked, and columns are judged as a whole.
    pub(crate) fn end(&mut self, notes: &mut Vec<Oddity>) -> Result<Sheet, No> {
        let judged =
            self.columns.iter().find(|(_, column)| column.shortened >= 2 && column.shortened * 2 > column.numbers);
        if let Some((column, _)) = judged {
            return Err(No::ResidentNumber { place: Place::Columns(self.sheet.name.clone(), *column, *column) });
        }
        let mut sheet = std::mem::take(&mut self.sheet);
        for row in &mut sheet.rows {
            if let Some(word) = word_of_total(row) {
                row.total = true;
                notes.push(Oddity {
                    odd: Odd::TotalRow(word),
                    place: Place::Rows(sheet.name.clone(), row.number, row.number),
                });
            }
        }
        Ok(sheet)
    }
}

fn has_six_digits(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 6
}

/// The word by which a row is one of totals: its first text, with figures beside it.
fn word_of_total(row: &Row) -> Option<String> {
    const WORDS: &[&str] =
        &["총계", "합계", "계", "소계", "총합계", "총합", "전체합계", "누계", "total", "sum", "subtotal", "grandtotal"];
    let text = row.cells.iter().find_map(|cell| match &cell.value {
        Value::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    })?;
    if text.len() > 60 {
        return None;
    }
    let word: String = folded(text).chars().filter(|letter| letter.is_alphanumeric()).collect();
    let figures = row.cells.iter().any(|cell| {
        matches!(cell.value, Value::Integer(_) | Value::Decimal(_) | Value::Percent { .. })
            || cell.odd.iter().any(|odd| matches!(odd, Odd::Formula | Odd::NumberAsText(_)))
    });
    (figures && WORDS.contains(&word.as_str())).then(|| crate::reading::words(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::field;

    fn read(rows: &[&[&str]]) -> Result<(Sheet, Vec<Oddity>), No> {
        let limits = Limits::default();
        let mut screen = Screen::new(&limits);
        screen.begin("명단".into());
        for (row, cells) in (0u32..).zip(rows) {
            for (column, text) in (0u16..).zip(*cells) {
                screen.take(CellRef::new(row, column), field(text))?;
            }
        }
        let mut notes = Vec::new();
        screen.end(&mut notes).map(|sheet| (sheet, notes))
    }

    #[test]
    fn a_resident_number_anywhere_refuses_the_file_without_repeating_it() {
        for rows in [
            &[&["이름", "비고"][..], &["한시범(예시)", "900101-1234567 확인"]][..],
            &[&["9001011234567"]],
            &[&["９００１０１－１２３４５６７"]],
        ] {
            let no = read(rows).unwrap_err();
            assert_eq!(no.code(), "sheet-resident-number");
            assert!(!no.refusal().message.contains("1234567"), "{}", no.refusal().message);
        }
    }

    #[test]
    fn a_column_of_resident_numbers_without_their_first_zero_is_known() {
        let no = read(&[&["가", "103014123456"], &["나", "510313123456"], &["다", "7"]]).unwrap_err();
        assert_eq!(no, No::ResidentNumber { place: Place::Columns("명단".into(), 1, 1) });
        assert!(read(&[&["가", "103014123456"], &["나", "204"], &["다", "7"]]).is_ok());
    }

    #[test]
    fn a_column_named_so_is_refused_once_it_holds_digits() {
        assert!(read(&[&["주민등록 번호(앞자리)"], &["900101"]]).is_err());
        assert!(read(&[&["주민등록번호"], &["900101-1******"]]).is_err());
        assert!(read(&[&["주민등록번호"]]).is_ok());
        assert!(read(&[&["주민등록번호는 적지 마십시오. 적으면 파일을 받지 않습니다."], &["900101"]]).is_ok());
    }

    #[test]
    fn an_amount_with_its_thousands_set_apart_is_no_resident_number() {
        assert!(read(&[&["1012234567890"]]).is_err());
        assert!(read(&[&["1,012,234,567,890"]]).is_ok());
    }

    #[test]
    fn rows_of_totals_are_known_by_their_word_and_their_figures() {
        let (sheet, notes) =
            read(&[&["구분", "계", "남"], &["청년", "204", "100"], &["합 계", "204", "100"], &["계", "계획", "안"]])
                .unwrap();
        let totals: Vec<bool> = sheet.rows.iter().map(|row| row.total).collect();
        assert_eq!(totals, [false, false, true, false]);
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].to_string(), "‘명단’ 시트 3행: ‘합 계’ 행입니다. 더하지 않고 비교에만 씁니다.");
    }

    #[test]
    fn the_caps_of_a_grid_hold() {
        let limits = Limits { rows: 3, columns: 2, cells: 4, cell_bytes: 12, text_bytes: 20, ..Limits::default() };
        let mut screen = Screen::new(&limits);
        screen.begin(String::new());
        let mut take =
            |row, column, text: &str| screen.take(CellRef::new(row, column), field(text)).map_err(|no| no.code());
        assert_eq!(take(0, 0, "1"), Ok(()));
        assert_eq!(take(0, 2, "1"), Err("sheet-too-many-columns"));
        assert_eq!(take(3, 0, "1"), Err("sheet-too-many-rows"));
        assert_eq!(take(1, 0, "열두바이트넘음"), Err("sheet-cell-too-long"));
        assert_eq!(take(1, 0, "네글자임"), Ok(()));
        assert_eq!(take(1, 1, "네글자임"), Err("sheet-too-much-text"));
        assert_eq!(take(2, 0, "1"), Err("sheet-too-many-cells"));
    }
}
