//! The column in a workbook: a few cells spliced into the sheet's own XML.
//!
//! Owns which bytes of a sheet change: cells of one column, the column's width, one style. Every other
//! part of the workbook is copied as it lies in the ZIP. A newcomer adds a shared text: inline texts
//! leave that part alone.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::container::{Container, open};
use crate::grid::CellRef;
use crate::limits::Limits;
use crate::no::No;
use crate::xlsx::Workbook;
use crate::xlsx::xml::attribute;

/// The largest part that is spliced, in bytes.
const LARGEST: u64 = 48 << 20;

/// How wide the column becomes, in characters.
const WIDTH: u16 = 60;

/// Bytes to put in the place of others, in their order.
type Splices = Vec<(Range<usize>, String)>;

const TORN: No = No::ZipForm("다시 쓸 수 없음");

pub(super) fn with_column(
    bytes: &[u8],
    marks: &[(&str, u16, BTreeMap<u32, String>)],
    limits: &Limits,
) -> Result<Vec<u8>, No> {
    let container = Container::open(bytes, limits)?;
    let book = Workbook::open(&container)?;
    let mut changed: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    let mut style = None;
    if let Some(part) = book.styles {
        let text = text_of(&container, part)?;
        if let Some((spliced, number)) = with_style(&text)? {
            changed.insert(part, spliced.into_bytes());
            style = Some(number);
        }
    }
    for (name, column, lines) in marks {
        let tab = book.tabs.iter().find(|tab| tab.name == *name);
        let part = tab.and_then(|tab| tab.part).ok_or(No::NothingToMark)?;
        let text = text_of(&container, part)?;
        changed.insert(part, with_cells(&text, *column, lines, style)?.into_bytes());
    }
    rewritten(bytes, &changed)
}

fn text_of(container: &Container<'_>, part: usize) -> Result<String, No> {
    let name = container.entries().get(part).map(|entry| entry.name.clone()).unwrap_or_default();
    String::from_utf8(container.part(part, LARGEST)?)
        .map_err(|_| No::Broken { part: name, why: "글자를 읽을 수 없음" })
}

/// The workbook with some parts replaced; the others are copied without being inflated.
fn rewritten(bytes: &[u8], changed: &BTreeMap<usize, Vec<u8>>) -> Result<Vec<u8>, No> {
    let mut archive = open(bytes)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| TORN)?;
        match changed.get(&index) {
            None => writer.raw_copy_file(entry).map_err(|_| TORN)?,
            Some(part) => {
                let name = entry.name().map_err(|_| TORN)?.into_owned();
                let mut options = SimpleFileOptions::default();
                if let Some(time) = entry.last_modified() {
                    options = options.last_modified_time(time);
                }
                writer.start_file(name, options).map_err(|_| TORN)?;
                writer.write_all(part).map_err(|_| TORN)?;
            }
        }
    }
    writer.finish().map(Cursor::into_inner).map_err(|_| TORN)
}

fn spliced(text: &str, splices: Splices) -> String {
    let mut out = String::with_capacity(text.len() + splices.iter().map(|(_, new)| new.len()).sum::<usize>());
    let mut copied = 0;
    for (range, new) in splices {
        out.push_str(&text[copied..range.start]);
        out.push_str(&new);
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// One tag of a text, with the bytes it stands on.
struct Tag<'t> {
    event: Event<'t>,
    span: Range<usize>,
}

/// Calls back with every tag.
fn each_tag<'t>(text: &'t str, mut tag: impl FnMut(Tag<'t>) -> Result<(), No>) -> Result<(), No> {
    let broken = || No::Broken { part: "시트".into(), why: "XML이 아님" };
    let place = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).map_err(|_| broken());
    let mut reader = Reader::from_str(text);
    loop {
        let start = place(&reader)?;
        let event = reader.read_event().map_err(|_| broken())?;
        let span = start..place(&reader)?;
        match event {
            Event::Eof => return Ok(()),
            Event::Start(_) | Event::End(_) | Event::Empty(_) => tag(Tag { event, span })?,
            _ => {}
        }
    }
}

fn number_of(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name).ok().flatten()?.parse().ok()
}

/// The sheet with a cell in this column in each of these rows.
fn with_cells(text: &str, column: u16, lines: &BTreeMap<u32, String>, style: Option<u32>) -> Result<String, No> {
    let mut sheet = Splicer {
        text,
        column,
        style,
        waiting: lines.clone(),
        prefix: String::new(),
        splices: Vec::new(),
        row: None,
        next_row: 0,
        next_column: 0,
        replacing: None,
        last_width: None,
        widths: false,
    };
    each_tag(text, |tag| sheet.tag(tag))?;
    if !sheet.waiting.is_empty() {
        return Err(No::NothingToMark);
    }
    Ok(spliced(text, sheet.splices))
}

struct Splicer<'t> {
    text: &'t str,
    column: u16,
    style: Option<u32>,
    /// Rows that have no cell yet.
    waiting: BTreeMap<u32, String>,
    /// What stands before each name: `x:` where the program writes prefixes.
    prefix: String,
    splices: Splices,
    row: Option<u32>,
    next_row: u32,
    next_column: u32,
    /// Where the cell begins that is being replaced.
    replacing: Option<usize>,
    /// The last column whose width is described.
    last_width: Option<u32>,
    widths: bool,
}

impl Splicer<'_> {
    fn tag(&mut self, tag: Tag<'_>) -> Result<(), No> {
        let (element, empty) = match &tag.event {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(element) => {
                match element.local_name().as_ref() {
                    "c" => self.cell_ends(tag.span.end),
                    "row" => {
                        self.row_ends(tag.span.start);
                        self.row = None;
                    }
                    "cols" => self.widen(tag.span.start, false),
                    "sheetData" => self.rows_before(u32::MAX, tag.span.start),
                    _ => {}
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        match element.local_name().as_ref() {
            // The declared size would be wrong; programs find it out by themselves.
            "dimension" if empty => self.splices.push((tag.span, String::new())),
            "col" => self.last_width = self.last_width.max(number_of(element, "max")),
            "cols" => self.widths = true,
            "sheetData" => {
                let name = element.name();
                let name: &str = name.as_ref();
                self.prefix = name.strip_suffix("sheetData").unwrap_or_default().to_owned();
                if !self.widths {
                    self.widen(tag.span.start, true);
                }
                if empty {
                    self.splices.push((tag.span.clone(), String::new()));
                    let at = tag.span.end;
                    self.splices.push((at..at, format!("<{}sheetData>", self.prefix)));
                    self.rows_before(u32::MAX, at);
                    self.splices.push((at..at, format!("</{}sheetData>", self.prefix)));
                }
            }
            "row" => self.row_begins(element, &tag, empty),
            "c" if self.row.is_some() => self.cell_begins(element, &tag, empty),
            _ => {}
        }
        Ok(())
    }

    fn row_begins(&mut self, element: &BytesStart<'_>, tag: &Tag<'_>, empty: bool) {
        let number = number_of(element, "r").map_or(self.next_row, |number| number.saturating_sub(1));
        self.rows_before(number, tag.span.start);
        (self.next_row, self.next_column) = (number.saturating_add(1), 0);
        if !empty {
            self.row = Some(number);
        } else if let Some(cell) = self.take_cell(number) {
            // `<row r="5"/>` is opened for the cell.
            let own = self.text[tag.span.clone()].trim_end_matches("/>").trim_end().to_owned();
            self.splices.push((tag.span.clone(), format!("{own}>{cell}</{}row>", self.prefix)));
        }
    }

    fn cell_begins(&mut self, element: &BytesStart<'_>, tag: &Tag<'_>, empty: bool) {
        let at = attribute(element, "r").ok().flatten().and_then(|at| at.parse::<CellRef>().ok());
        let column = at.map_or(self.next_column, |at| at.column.into());
        self.next_column = column.saturating_add(1);
        if column == u32::from(self.column) {
            if empty {
                self.replace(tag.span.clone());
            } else {
                self.replacing = Some(tag.span.start);
            }
        } else if column > u32::from(self.column) {
            self.row_ends(tag.span.start);
        }
    }

    fn cell_ends(&mut self, end: usize) {
        if let Some(start) = self.replacing.take() {
            self.replace(start..end);
        }
    }

    /// The cell of this column: a new one in its place where the row has a fault, else nothing.
    fn replace(&mut self, span: Range<usize>) {
        let Some(row) = self.row else { return };
        let below = self.waiting.contains_key(&row);
        let cell = self.take_cell(row).unwrap_or_default();
        // Above the heading the column may hold a part of a merged title, which stays.
        let old = self.text[span.clone()].contains("<v") || self.text[span.clone()].contains("<is");
        if below || old {
            self.splices.push((span, cell));
        }
    }

    fn row_ends(&mut self, at: usize) {
        if let Some(cell) = self.row.and_then(|row| self.take_cell(row)) {
            self.splices.push((at..at, cell));
        }
    }

    /// Rows with faults that the sheet does not have are put before this one.
    fn rows_before(&mut self, number: u32, at: usize) {
        let later = self.waiting.split_off(&number);
        let missing: Vec<u32> = self.waiting.keys().copied().collect();
        for row in missing {
            if let Some(cell) = self.take_cell(row) {
                let prefix = &self.prefix;
                self.splices.push((at..at, format!("<{prefix}row r=\"{}\">{cell}</{prefix}row>", u64::from(row) + 1)));
            }
        }
        self.waiting = later;
    }

    fn take_cell(&mut self, row: u32) -> Option<String> {
        let line = self.waiting.remove(&row)?;
        let at = CellRef::new(row, self.column);
        let style = self.style.map_or_else(String::new, |style| format!(" s=\"{style}\""));
        let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
        let (prefix, line) = (&self.prefix, escape(line.as_str()));
        Some(format!(
            "<{prefix}c r=\"{at}\"{style} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{line}</{prefix}t></{prefix}is></{prefix}c>"
        ))
    }

    /// The column's width, where the sheet describes none from there on.
    fn widen(&mut self, at: usize, alone: bool) {
        let column = u32::from(self.column) + 1;
        if self.last_width.is_some_and(|last| last >= column) {
            return;
        }
        let prefix = self.prefix_at(at);
        let width = format!("<{prefix}col min=\"{column}\" max=\"{column}\" width=\"{WIDTH}\" customWidth=\"1\"/>");
        let width = if alone { format!("<{prefix}cols>{width}</{prefix}cols>") } else { width };
        self.splices.push((at..at, width));
    }

    /// The prefix of the tag that begins here.
    fn prefix_at(&self, at: usize) -> &str {
        let name = self.text[at..].trim_start_matches(['<', '/']);
        let name =
            name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':').next().unwrap_or_default();
        name.split_once(':').map_or("", |(prefix, _)| &name[..=prefix.len()])
    }
}

/// The style sheet with one style more, for faults, and its number; `None` where the sheet is unusual.
fn with_style(text: &str) -> Result<Option<(String, u32)>, No> {
    // Where the list of fonts and that of cell styles end, and how many each holds by our own count.
    let mut fonts: Option<(usize, u32)> = None;
    let mut styles: Option<(usize, u32)> = None;
    let (mut in_fonts, mut in_styles, mut count, mut prefixed) = (false, false, 0u32, false);
    let mut counts: Splices = Vec::new();
    each_tag(text, |tag| {
        match &tag.event {
            Event::Start(element) | Event::Empty(element) => {
                prefixed |= element.name().as_ref().contains(':') && element.local_name().as_ref() == "styleSheet";
                match element.local_name().as_ref() {
                    "fonts" if matches!(tag.event, Event::Start(_)) => (in_fonts, count) = (true, 0),
                    "cellXfs" if matches!(tag.event, Event::Start(_)) => (in_styles, count) = (true, 0),
                    "font" if in_fonts => count += 1,
                    "xf" if in_styles => count += 1,
                    _ => {}
                }
                let list = matches!(element.local_name().as_ref(), "fonts" | "cellXfs");
                if let Some(said) = number_of(element, "count").filter(|_| list) {
                    let tag_text = &text[tag.span.clone()];
                    let more = tag_text
                        .replace(&format!("count=\"{said}\""), &format!("count=\"{}\"", said.saturating_add(1)));
                    counts.push((tag.span.clone(), more));
                }
            }
            Event::End(element) => match element.local_name().as_ref() {
                "fonts" => (in_fonts, fonts) = (false, Some((tag.span.start, count))),
                "cellXfs" => (in_styles, styles) = (false, Some((tag.span.start, count))),
                _ => {}
            },
            _ => {}
        }
        Ok(())
    })?;
    let (Some((fonts_end, font)), Some((styles_end, style)), false) = (fonts, styles, prefixed) else {
        return Ok(None);
    };
    let mut splices = counts;
    splices.push((
        fonts_end..fonts_end,
        "<font><b/><sz val=\"10\"/><color rgb=\"FFB42318\"/><name val=\"맑은 고딕\"/></font>".into(),
    ));
    splices.push((
        styles_end..styles_end,
        format!("<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"center\" wrapText=\"1\"/></xf>"),
    ));
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    Ok(Some((spliced(text, splices), style)))
}
