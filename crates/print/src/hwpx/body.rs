//! The body of an HWPX document: paragraphs and tables, in order.
//!
//! Owns: `section0.xml` and the preview text. Ids are counted, never drawn by chance.
//! What a newcomer gets wrong: the section's own settings. They stand inside its first paragraph.

use std::fmt::Write as _;

use super::styles::{Borders, Letters, Paragraphs, style_of};
use super::{NAMESPACES, XML};
use crate::fonts::{self, Weight, drawable};
use crate::model::{Block, Chart, Document, Letter, Meta, RowKind, Table};
use crate::text::escaped;

/// A4 and its margins, in the format's unit, 7,200 to an inch.
const PAGE: (u32, u32) = (59_528, 84_186);
const SIDE: u32 = 5_669;
const WIDTH: i64 = 59_528 - 2 * 5_669;
/// The least room of a column, and how much a cell keeps free at both sides.
const LEAST: i64 = 2_200;
const INSET: i64 = 1_020;

/// What the body gives.
pub(super) struct Body {
    pub(super) section: String,
    /// The first words, for file managers.
    pub(super) preview: String,
}

pub(super) fn written(document: &Document) -> Body {
    let mut writer = Writer { out: String::new(), ids: 0, preview: String::new(), break_before: false };
    let meta = &document.meta;
    writer.first(meta);
    if !meta.subtitle.is_empty() {
        writer.paragraph(Paragraphs::Body, Letters::Body, &meta.subtitle);
    }
    let issued = format!("{} · 기준일 {}", meta.issuer, meta.as_of.korean());
    writer.paragraph(Paragraphs::Body, Letters::Small, &issued);
    writer.facts(meta);
    for block in &document.blocks {
        writer.block(block);
    }
    let section = format!("{XML}<hs:sec{NAMESPACES}>{}</hs:sec>", writer.out);
    Body { section, preview: writer.preview.chars().take(1000).collect() }
}

struct Writer {
    out: String,
    ids: u32,
    preview: String,
    break_before: bool,
}

/// One cell of a table, where it stands and how it looks.
struct Place<'t> {
    column: usize,
    row: usize,
    across: usize,
    down: usize,
    width: i64,
    borders: Borders,
    head: bool,
    paragraph: Paragraphs,
    letters: Letters,
    text: &'t str,
}

impl Writer {
    fn id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn open(&mut self, paragraph: Paragraphs) {
        let (id, page_break) = (self.id(), u8::from(std::mem::take(&mut self.break_before)));
        let _ = write!(
            self.out,
            r#"<hp:p id="{id}" paraPrIDRef="{}" styleIDRef="{}" pageBreak="{page_break}" columnBreak="0" merged="0">"#,
            paragraph as u8,
            style_of(paragraph),
        );
    }

    fn run(&mut self, letters: Letters, text: &str) {
        let _ = write!(self.out, r#"<hp:run charPrIDRef="{}"><hp:t>{}</hp:t></hp:run>"#, letters as u8, lines(text));
    }

    fn paragraph(&mut self, paragraph: Paragraphs, letters: Letters, text: &str) {
        self.open(paragraph);
        self.run(letters, text);
        self.out.push_str("</hp:p>");
        self.preview.push_str(&escaped_preview(text));
        self.preview.push_str("\r\n");
    }

    /// The title, in the paragraph that carries the section's settings, the running head and the page number.
    fn first(&mut self, meta: &Meta) {
        self.open(Paragraphs::Title);
        let _ = write!(self.out, r#"<hp:run charPrIDRef="0">{}"#, section_settings());
        let marks = meta.marks().join(" · ");
        let running = if marks.is_empty() {
            format!("{} · {}", meta.issuer, meta.title)
        } else {
            format!("[{marks}] {} · {}", meta.issuer, meta.title)
        };
        let id = self.id();
        let _ = write!(
            self.out,
            r#"<hp:ctrl><hp:header id="{id}" applyPageType="BOTH"><hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="TOP" linkListIDRef="0" linkListNextIDRef="0" textWidth="{WIDTH}" textHeight="4252" hasTextRef="0" hasNumRef="0">"#
        );
        self.open(Paragraphs::Right);
        self.run(Letters::Small, &running);
        self.out.push_str(
            r#"</hp:p></hp:subList></hp:header></hp:ctrl><hp:ctrl><hp:pageNum pos="BOTTOM_CENTER" formatType="DIGIT" sideChar="-"/></hp:ctrl></hp:run>"#,
        );
        self.run(Letters::Title, &meta.title);
        self.out.push_str("</hp:p>");
        self.preview.push_str(&escaped_preview(&meta.title));
        self.preview.push_str("\r\n");
    }

    fn facts(&mut self, meta: &Meta) {
        if meta.facts.is_empty() {
            return;
        }
        let widths = [WIDTH * 3 / 10, WIDTH - WIDTH * 3 / 10];
        self.open_table(meta.facts.len(), &widths, false);
        for (row, fact) in meta.facts.iter().enumerate() {
            self.out.push_str("<hp:tr>");
            for (column, text) in [&fact.label, &fact.value].into_iter().enumerate() {
                self.cell(&Place {
                    column,
                    row,
                    across: 1,
                    down: 1,
                    width: widths[column],
                    borders: if column == 0 { Borders::Head } else { Borders::Cell },
                    head: column == 0,
                    paragraph: Paragraphs::CellLeft,
                    letters: Letters::Cell,
                    text,
                });
            }
            self.out.push_str("</hp:tr>");
        }
        self.close_table();
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let (paragraph, letters) = match level {
                    0 | 1 => (Paragraphs::Heading1, Letters::Heading1),
                    2 => (Paragraphs::Heading2, Letters::Heading2),
                    _ => (Paragraphs::Heading3, Letters::Heading3),
                };
                self.paragraph(paragraph, letters, text);
            }
            Block::Paragraph(text) => self.paragraph(Paragraphs::Body, Letters::Body, text),
            Block::Note(text) => self.paragraph(Paragraphs::Body, Letters::Small, text),
            Block::List(items) => {
                for item in items {
                    self.paragraph(Paragraphs::Item, Letters::Body, &format!("○ {item}"));
                }
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
            Block::Letter(letter) => self.letter(letter),
            Block::PageBreak => self.break_before = true,
        }
    }

    fn chart(&mut self, chart: &Chart) {
        self.table(&chart.table());
        if !chart.note.is_empty() {
            self.paragraph(Paragraphs::Body, Letters::Small, &chart.note);
        }
    }

    fn letter(&mut self, letter: &Letter) {
        for (label, value) in [("수신", &letter.to), ("(경유)", &letter.via), ("제목", &letter.subject)] {
            if label == "(경유)" || !value.is_empty() {
                self.paragraph(Paragraphs::Body, Letters::Body, format!("{label}  {value}").trim_end());
            }
        }
        for line in letter.lines() {
            self.paragraph(Paragraphs::Body, Letters::Body, &line);
        }
        if !letter.sender.is_empty() {
            self.paragraph(Paragraphs::Centre, Letters::Sender, &letter.sender);
        }
    }

    fn table(&mut self, table: &Table) {
        self.paragraph(Paragraphs::Caption, Letters::Caption, &table.caption);
        if !table.unit.is_empty() {
            self.paragraph(Paragraphs::Right, Letters::Small, &format!("(단위: {})", table.unit));
        }
        if !table.columns.is_empty() {
            let deep = if table.has_groups() { 2 } else { 1 };
            let widths = widths(table);
            self.open_table(deep + table.rows.len(), &widths, true);
            self.heads(table, deep, &widths);
            self.rows(table, deep, &widths);
            self.close_table();
        }
        if !table.note.is_empty() {
            self.paragraph(Paragraphs::Body, Letters::Small, &table.note);
        }
    }

    fn heads(&mut self, table: &Table, deep: usize, widths: &[i64]) {
        let head = |column, row, across, down, text| Place {
            column,
            row,
            across,
            down,
            width: widths[column..column + across].iter().sum(),
            borders: Borders::Head,
            head: true,
            paragraph: Paragraphs::CellCentre,
            letters: Letters::CellBold,
            text,
        };
        let spans = table.spans();
        for row in 0..deep {
            self.out.push_str("<hp:tr>");
            for span in &spans {
                match span.group {
                    Some(group) if row == 0 => self.cell(&head(span.start, row, span.columns.len(), 1, group)),
                    None if row > 0 => {}
                    _ => {
                        let down = if span.group.is_some() { 1 } else { deep };
                        for (place, column) in (span.start..).zip(span.columns) {
                            self.cell(&head(place, row, 1, down, &column.title));
                        }
                    }
                }
            }
            self.out.push_str("</hp:tr>");
        }
    }

    fn rows(&mut self, table: &Table, deep: usize, widths: &[i64]) {
        for (row, at) in table.rows.iter().zip(deep..) {
            self.out.push_str("<hp:tr>");
            let sum = row.kind != RowKind::Ordinary;
            for (place, (column, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
                let mut text = cell.shown(column.kind);
                if place == 0 && row.indent > 0 {
                    // Ideographic spaces: an officer's paste keeps them, margins it does not.
                    text = format!("{}{text}", "\u{3000}".repeat(usize::from(row.indent)));
                }
                self.cell(&Place {
                    column: place,
                    row: at,
                    across: 1,
                    down: 1,
                    width: widths[place],
                    borders: if sum { Borders::Sum } else { Borders::Cell },
                    head: column.heads_rows,
                    paragraph: if column.kind.is_number() { Paragraphs::CellRight } else { Paragraphs::CellLeft },
                    letters: if sum { Letters::CellBold } else { Letters::Cell },
                    text: &text,
                });
            }
            self.out.push_str("</hp:tr>");
        }
    }

    fn open_table(&mut self, rows: usize, widths: &[i64], repeats: bool) {
        self.open(Paragraphs::Body);
        let (id, width) = (self.id(), widths.iter().sum::<i64>());
        let height = 1_700 * i64::try_from(rows).unwrap_or(1);
        let _ = write!(
            self.out,
            r#"<hp:run charPrIDRef="0"><hp:tbl id="{id}" zOrder="0" numberingType="TABLE" textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" pageBreak="CELL" repeatHeader="{}" rowCnt="{rows}" colCnt="{}" cellSpacing="0" borderFillIDRef="{}" noAdjust="0"><hp:sz width="{width}" widthRelTo="ABSOLUTE" height="{height}" heightRelTo="ABSOLUTE" protect="0"/><hp:pos treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" vertRelTo="PARA" horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/><hp:outMargin left="0" right="0" top="0" bottom="283"/><hp:inMargin left="510" right="510" top="141" bottom="141"/>"#,
            u8::from(repeats),
            widths.len(),
            Borders::Cell as u8,
        );
    }

    fn close_table(&mut self) {
        self.out.push_str("</hp:tbl></hp:run></hp:p>");
    }

    fn cell(&mut self, place: &Place<'_>) {
        let Place { column, row, across, down, width, borders, head, paragraph, letters, text } = place;
        let _ = write!(
            self.out,
            r#"<hp:tc name="" header="{}" hasMargin="0" protect="0" editable="0" dirty="0" borderFillIDRef="{}"><hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="CENTER" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" hasNumRef="0">"#,
            u8::from(*head),
            *borders as u8,
        );
        self.open(*paragraph);
        self.run(*letters, text);
        let height = 1_700 * down;
        let _ = write!(
            self.out,
            r#"</hp:p></hp:subList><hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="{across}" rowSpan="{down}"/><hp:cellSz width="{width}" height="{height}"/><hp:cellMargin left="510" right="510" top="141" bottom="141"/></hp:tc>"#
        );
    }
}

/// Text with its line ends as the format has them.
fn lines(text: &str) -> String {
    escaped(text).replace('\n', "<hp:lineBreak/>")
}

fn escaped_preview(text: &str) -> String {
    crate::text::plain(text).replace('\n', " ")
}

/// How the columns share the page: as their longest words and lines ask, numbers whole if at all possible.
fn widths(table: &Table) -> Vec<i64> {
    // Nine points; 100 units to a point.
    let units = |thousandths: i64| thousandths * 9 / 10 + INSET;
    let wanted: Vec<i64> = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let number = column.kind.is_number();
            let shown = table.rows.iter().filter_map(|row| row.cells.get(place)).map(|cell| cell.shown(column.kind));
            let widest = shown
                .map(|text| fonts::width(&drawable(&text), Weight::Bold).min(if number { 12_000 } else { 18_000 }))
                .max()
                .unwrap_or(0);
            units(widest.max(fonts::width(&drawable(&column.title), Weight::Bold).min(5_000))).max(LEAST)
        })
        .collect();
    let all: i64 = wanted.iter().sum::<i64>().max(1);
    let mut widths: Vec<i64> = wanted.iter().map(|width| width * WIDTH / all).collect();
    // What rounding left goes to the last, so that the table is exactly as wide as the page.
    let left = WIDTH - widths.iter().sum::<i64>();
    if let Some(last) = widths.last_mut() {
        *last += left;
    }
    widths
}

/// The page and what belongs to it.
fn section_settings() -> String {
    let (width, height) = PAGE;
    let note = |after: &str, line: &str, place: &str| {
        format!(
            r##"<hp:autoNumFormat type="DIGIT" userChar="" prefixChar="" suffixChar=")" supscript="0"/><hp:noteLine length="{line}" type="SOLID" width="0.12 mm" color="#000000"/><hp:noteSpacing betweenNotes="{after}" belowLine="567" aboveLine="850"/><hp:numbering type="CONTINUOUS" newNum="1"/><hp:placement place="{place}" beneathText="0"/>"##
        )
    };
    let borders: String = ["BOTH", "EVEN", "ODD"]
        .map(|pages| {
            format!(
                r#"<hp:pageBorderFill type="{pages}" borderFillIDRef="{}" textBorder="PAPER" headerInside="0" footerInside="0" fillArea="PAPER"><hp:offset left="1417" right="1417" top="1417" bottom="1417"/></hp:pageBorderFill>"#,
                Borders::None as u8
            )
        })
        .concat();
    format!(
        r#"<hp:secPr id="" textDirection="HORIZONTAL" spaceColumns="1134" tabStop="8000" tabStopVal="4000" tabStopUnit="HWPUNIT" outlineShapeIDRef="1" memoShapeIDRef="0" textVerticalWidthHead="0" masterPageCnt="0"><hp:grid lineGrid="0" charGrid="0" wonggojiFormat="0"/><hp:startNum pageStartsOn="BOTH" page="0" pic="0" tbl="0" equation="0"/><hp:visibility hideFirstHeader="0" hideFirstFooter="0" hideFirstMasterPage="0" border="SHOW_ALL" fill="SHOW_ALL" hideFirstPageNum="0" hideFirstEmptyLine="0" showLineNumber="0"/><hp:lineNumberShape restartType="0" countBy="0" distance="0" startNumber="0"/><hp:pagePr landscape="WIDELY" width="{width}" height="{height}" gutterType="LEFT_ONLY"><hp:margin header="4252" footer="4252" gutter="0" left="{SIDE}" right="{SIDE}" top="5668" bottom="4252"/></hp:pagePr><hp:footNotePr>{}</hp:footNotePr><hp:endNotePr>{}</hp:endNotePr>{borders}</hp:secPr><hp:ctrl><hp:colPr id="" type="NEWSPAPER" layout="LEFT" colCount="1" sameSz="1" sameGap="0"/></hp:ctrl>"#,
        note("283", "-1", "EACH_COLUMN"),
        note("0", "14692344", "END_OF_DOCUMENT"),
    )
}
