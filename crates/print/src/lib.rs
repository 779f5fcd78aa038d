//! Documents (문서): one model out as HTML, PDF, XLSX, HWPX, CSV and JSON, the same bytes each time.
//!
//! Owns: the document model, the writers, the charts in it, and the fonts they are set in. Does not
//! own: what a document says (that is the slice that makes it). What a newcomer gets wrong: putting a
//! date of today or a random id into a file; a document built twice has the same bytes.

pub mod chart;
pub mod csv;
mod fonts;
pub mod html;
pub mod hwpx;
pub mod json;
pub mod model;
pub mod pdf;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod xlsx;

use std::collections::BTreeMap;

pub use model::{
    Block, Cell, Chart, Column, Document, Drawing, Fact, Kind, Letter, Line, LinePoint, Meta, Part, Row, RowKind,
    Table, Tile, TileMap, Tone, Unwritable, Width, YearBar, YearBars,
};

/// A format that is one file. CSV is many, see [`csv::files`]; pictures are in [`chart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One page that stands alone.
    Html,
    /// PDF/A-2a and PDF/UA-1.
    Pdf,
    /// A workbook.
    Xlsx,
    /// Tables to paste, in Hancom's open format.
    Hwpx,
    /// Data.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 5] = [Format::Html, Format::Pdf, Format::Xlsx, Format::Hwpx, Format::Json];

    /// The end of a file's name, without the point.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
            Format::Hwpx => "hwpx",
            Format::Json => "json",
        }
    }

    /// The type for an HTTP answer.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Html => "text/html; charset=utf-8",
            Format::Pdf => "application/pdf",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Hwpx => "application/hwp+zip",
            Format::Json => "application/json",
        }
    }
}

/// The document in a format. The same document gives the same bytes.
pub fn render(document: &Document, format: Format) -> Result<Vec<u8>, Unwritable> {
    match format {
        Format::Html => html::page(document),
        Format::Pdf => pdf::document(document),
        Format::Xlsx => xlsx::document(document),
        Format::Hwpx => hwpx::document(document),
        Format::Json => json::document(document),
    }
}

/// How wide the PNG pictures of [`files`] are, in pixels.
pub const PNG_WIDTH: u32 = 1920;

/// The document in every format, as a folder: `STEM.pdf` and its like, `csv/ID.csv` for each table with
/// `csv/dictionary.csv`, `charts/ID.svg` and `charts/ID.png` for each chart.
pub fn files(document: &Document) -> Result<BTreeMap<String, Vec<u8>>, Unwritable> {
    let stem = &document.meta.file_stem;
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        files.insert(format!("{stem}.{}", format.ending()), render(document, format)?);
    }
    for (name, bytes) in csv::files(document)? {
        files.insert(format!("csv/{name}"), bytes);
    }
    for block in &document.blocks {
        if let Block::Chart(chart) = block {
            let svg = chart::svg(chart, &document.meta.marks());
            files.insert(format!("charts/{}.png", chart.id), chart::png(&svg, PNG_WIDTH)?);
            files.insert(format!("charts/{}.svg", chart.id), svg.into_bytes());
        }
    }
    Ok(files)
}
