//! A department's workbook as somebody has it open in a spreadsheet: read a cell, write into some, save it.
//!
//! Owns finding a cell as a person does, by the project's code and the column's heading, and changing that
//! cell and the sum below it, and nothing else. Styles, locks and the stamp stay as they came. A newcomer
//! makes a workbook anew instead: that would only try what we believe the form to be.

use std::fmt::Display;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use calamine::{Data, Range, Reader as _, Xlsx};
use encoding_rs::EUC_KR;
use iljari_e2e::{Step, Trouble};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The heading over the projects' codes, and the word before the row of sums.
const CODE: &str = "사업 코드";
const TOTAL: &str = "총계";

/// Where the one sheet of a form lies in its file.
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// What a person writes into a cell.
pub enum Written<'w> {
    Figure(i64),
    Words(&'w str),
}

/// A workbook with one table in one sheet.
pub struct Workbook {
    bytes: Vec<u8>,
}

impl Workbook {
    /// Opens a workbook.
    pub fn open(path: &Path) -> Step<Workbook> {
        Ok(Workbook { bytes: std::fs::read(path).map_err(Trouble::when("opening a workbook"))? })
    }

    /// What the sheet shows.
    fn shown(&self) -> Step<Range<Data>> {
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(self.bytes.as_slice()))
            .map_err(|error: calamine::XlsxError| Trouble::new(error.to_string()))?;
        let sheet = book.worksheet_range_at(0).ok_or_else(|| Trouble::new("the workbook has no sheet"))?;
        sheet.map_err(Trouble::when("reading a sheet"))
    }

    /// Where the row of this code and the column with this heading meet: row and column from zero.
    fn place(&self, shown: &Range<Data>, code: &str, heading: &str) -> Step<(u32, u32)> {
        let (names, first) = find(shown, |_, text| text == CODE, CODE)?;
        let (_, column) = find(shown, |row, text| row == names && text == heading, heading)?;
        let below = |row: u32, text: &str| row > names && text == code;
        let (row, at) = find(shown, below, code)?;
        if at == first { Ok((row, column)) } else { Err(Trouble::new(format!("‘{code}’ is no code of the table"))) }
    }

    /// What a cell shows, and its address.
    pub fn cell(&self, code: &str, heading: &str) -> Step<(String, String)> {
        let shown = self.shown()?;
        let at = self.place(&shown, code, heading)?;
        Ok((text_at(&shown, at), address(at)))
    }

    /// Writes into a cell that stands there, and lets the sum below follow.
    pub fn write(&mut self, code: &str, heading: &str, written: &Written<'_>) -> Step {
        let at = self.place(&self.shown()?, code, heading)?;
        let content = match written {
            Written::Figure(figure) => (String::new(), format!("<v>{figure}</v>")),
            Written::Words(words) => (" t=\"inlineStr\"".to_owned(), format!("<is><t>{words}</t></is>")),
        };
        let sheet = self.sheet()?;
        let (start, end) = element(&sheet, at)?;
        let style = attribute(&sheet[start..end], "s").map_or_else(String::new, |style| format!(" s=\"{style}\""));
        let (kind, content) = content;
        let cell = format!("<c r=\"{}\"{style}{kind}>{content}</c>", address(at));
        self.replace_sheet(&format!("{}{cell}{}", &sheet[..start], &sheet[end..]))?;
        self.sum(heading)
    }

    /// The sum below a column, as a spreadsheet keeps it up to date.
    fn sum(&mut self, heading: &str) -> Step {
        let shown = self.shown()?;
        let at = self.place(&shown, TOTAL, heading)?;
        let (names, _) = find(&shown, |_, text| text == CODE, CODE)?;
        let figures = (names + 1..at.0).filter_map(|row| text_at(&shown, (row, at.1)).parse::<i64>().ok());
        let sum: i64 = figures.sum();
        let sheet = self.sheet()?;
        let (start, end) = element(&sheet, at)?;
        let cell = &sheet[start..end];
        let Some((before, value)) = cell.split_once("</f>") else { return Ok(()) };
        let (_, after) = value.split_once("</v>").ok_or_else(|| Trouble::new("the sum has no value"))?;
        let cell = format!("{before}</f><v>{sum}</v>{after}");
        self.replace_sheet(&format!("{}{cell}{}", &sheet[..start], &sheet[end..]))
    }

    fn sheet(&self) -> Step<String> {
        let broken = "reading a workbook's sheet";
        let mut archive = ZipArchive::new(Cursor::new(&self.bytes)).map_err(Trouble::when(broken))?;
        let mut text = String::new();
        let mut part = archive.by_name(SHEET).map_err(Trouble::when(broken))?;
        part.read_to_string(&mut text).map_err(Trouble::when(broken))?;
        Ok(text)
    }

    /// The workbook with another sheet; every other part is copied as it lies in the file.
    fn replace_sheet(&mut self, sheet: &str) -> Step {
        fn broken<E: Display>(error: E) -> Trouble {
            Trouble::new(format!("writing a workbook: {error}"))
        }
        let mut archive = ZipArchive::new(Cursor::new(&self.bytes)).map_err(broken)?;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(broken)?;
            if part.name().map_err(broken)? == SHEET {
                writer.start_file(SHEET, SimpleFileOptions::default()).map_err(broken)?;
                writer.write_all(sheet.as_bytes()).map_err(broken)?;
            } else {
                writer.raw_copy_file(part).map_err(broken)?;
            }
        }
        self.bytes = writer.finish().map_err(broken)?.into_inner();
        Ok(())
    }

    /// Saves it as a workbook and tells the file.
    pub fn save(&self, path: &Path) -> Step<String> {
        std::fs::write(path, &self.bytes).map_err(Trouble::when("saving a workbook"))?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// Saves the sheet as Korean Excel's ‘CSV’ does, in CP949, and tells the file.
    pub fn save_as_csv(&self, path: &Path) -> Step<String> {
        let shown = self.shown()?;
        let quoted = |text: String| {
            if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
        };
        let line =
            |row: &[Data]| row.iter().map(|cell| quoted(cell.to_string())).collect::<Vec<_>>().join(",") + "\r\n";
        let text: String = shown.rows().map(line).collect();
        let (bytes, _, lost) = EUC_KR.encode(&text);
        if lost || std::str::from_utf8(&bytes).is_ok() {
            return Err(Trouble::new(format!("this is no text for CP949: {text}")));
        }
        std::fs::write(path, bytes).map_err(Trouble::when("saving a sheet as CSV"))?;
        Ok(path.to_string_lossy().into_owned())
    }
}

/// The first cell, by rows, that is as wanted.
fn find(shown: &Range<Data>, wanted: impl Fn(u32, &str) -> bool, name: &str) -> Step<(u32, u32)> {
    let (top, left) = shown.start().unwrap_or_default();
    let places = (top..).zip(shown.rows()).flat_map(|(row, cells)| (left..).zip(cells).map(move |it| (row, it)));
    places
        .into_iter()
        .find(|(row, (_, cell))| wanted(*row, cell.to_string().trim()))
        .map(|(row, (column, _))| (row, column))
        .ok_or_else(|| Trouble::new(format!("the sheet has no ‘{name}’")))
}

fn text_at(shown: &Range<Data>, at: (u32, u32)) -> String {
    shown.get_value(at).map(ToString::to_string).unwrap_or_default()
}

/// `F11` for row 10 and column 5. The forms have less than 26 columns.
fn address((row, column): (u32, u32)) -> String {
    let letter = u8::try_from(column).map_or('?', |column| char::from(b'A' + column % 26));
    format!("{letter}{}", row + 1)
}

/// Where a cell's element begins and ends in a sheet. Every cell of a form has one, for its colour.
fn element(sheet: &str, at: (u32, u32)) -> Step<(usize, usize)> {
    let address = address(at);
    let missing = || Trouble::new(format!("the sheet has no cell {address}"));
    let start = sheet.find(&format!("<c r=\"{address}\"")).ok_or_else(missing)?;
    let tag = start + sheet[start..].find('>').ok_or_else(missing)? + 1;
    if sheet[start..tag].ends_with("/>") {
        return Ok((start, tag));
    }
    let end = sheet[tag..].find("</c>").ok_or_else(missing)?;
    Ok((start, tag + end + "</c>".len()))
}

fn attribute<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}
