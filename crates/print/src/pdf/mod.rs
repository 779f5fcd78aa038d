//! PDF, set by typst: tagged, for archives, the same bytes each time.
//!
//! Owns: the small world that the compiler sees (a template, a file of data, the charts and two
//! fonts; no disk, no clock: today is the document's day) and the standards the file keeps, PDF/A-2a and
//! PDF/UA-1. Does not own: how wide a column is (`layout.rs`) and how it looks (`assets/report.typ`).
//! What a newcomer gets wrong: writing a name into typst's mark-up. Every word goes in as data.

mod data;
mod layout;

use std::collections::HashMap;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::fonts::{BOLD, REGULAR};
use crate::model::{Document, Unwritable};

const TEMPLATE: &str = include_str!("../../assets/report.typ");

/// How many documents ago something must have been used last to be forgotten.
const KEPT: usize = 4;

/// The document as PDF.
pub fn document(document: &Document) -> Result<Vec<u8>, Unwritable> {
    Ok(typeset(document)?.bytes)
}

/// A finished PDF.
struct Typeset {
    bytes: Vec<u8>,
    /// What the compiler was not happy with: a font that is not there, a layout that does not settle.
    #[cfg_attr(not(test), expect(dead_code, reason = "only a test reads it"))]
    warnings: Vec<String>,
}

fn typeset(document: &Document) -> Result<Typeset, Unwritable> {
    document.check()?;
    let press = Press::of(document)?;
    let compiled = typst::compile::<PagedDocument>(&press);
    let pages = compiled.output.map_err(|errors| failed(&errors))?;
    let meta = &document.meta;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| unwritable(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}/{}/{}/{}", meta.issuer, meta.file_stem, meta.as_of, meta.draft)),
        creator: Smart::Custom(Some("iljari".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| failed(&errors))?;
    typst::comemo::evict(KEPT);
    let warnings = compiled.warnings.iter().map(|warning| warning.message.to_string()).collect();
    Ok(Typeset { bytes, warnings })
}

fn failed(errors: &[SourceDiagnostic]) -> Unwritable {
    let reasons: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
    unwritable(reasons.join("; "))
}

fn unwritable(reason: String) -> Unwritable {
    Unwritable::Writer { format: "PDF", reason }
}

/// What stays the same for every document: the library, the fonts, the template.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Option<(FileId, Source)>,
}

fn shop() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(|| {
        // Row heads are part of the tags; typst keeps them behind this name for now.
        let features = [Feature::A11yExtras].into_iter().collect();
        let fonts: Vec<Font> =
            [REGULAR, BOLD].into_iter().filter_map(|bytes| Font::new(Bytes::new(bytes), 0)).collect();
        let template = file_id("main.typ").map(|id| (id, Source::new(id, TEMPLATE.to_owned())));
        Shop {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template,
        }
    })
}

fn file_id(name: &str) -> Option<FileId> {
    VirtualPath::new(name).ok().map(|path| FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// The world of one document.
struct Press {
    main: FileId,
    files: HashMap<FileId, Bytes>,
    today: Option<Datetime>,
}

impl Press {
    fn of(document: &Document) -> Result<Self, Unwritable> {
        let (main, _) = shop().template.as_ref().ok_or_else(|| unwritable("no template".to_owned()))?;
        let data::Input { json, charts } = data::input(document)?;
        let mut files = HashMap::new();
        let named = charts.into_iter().enumerate().map(|(number, svg)| (data::chart_file(number), svg.into_bytes()));
        for (name, bytes) in named.chain([("data.json".to_owned(), json)]) {
            let id = file_id(&name).ok_or_else(|| unwritable(name.clone()))?;
            files.insert(id, Bytes::new(bytes));
        }
        let day = document.meta.as_of;
        let today = Datetime::from_ymd(
            i32::from(day.year().0),
            u8::try_from(day.month().of_year()).unwrap_or(1),
            u8::try_from(day.day()).unwrap_or(1),
        );
        Ok(Self { main: *main, files, today })
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &shop().library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &shop().book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match &shop().template {
            Some((main, source)) if *main == id => Ok(source.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        shop().fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, Cell, Column, Meta, Row, Table};
    use iljari_base::{Date, Year};

    #[test]
    fn the_compiler_has_nothing_to_remark_and_asks_for_no_other_file() {
        let day = Date::new(2026, 3, 31).expect("a day");
        let mut document = Document::new(Meta::new("제목", "나루구", Year(2025), day, "a"));
        let mut table = Table::new("t", "표").column(Column::text("name", "이름")).column(Column::count("n", "수"));
        table.push(Row::total(["합계 😀".into(), Cell::Count(3)]));
        document.push(Block::Table(table));
        let done = typeset(&document).expect("PDF");
        assert_eq!(done.warnings, Vec::<String>::new());
        assert!(done.bytes.starts_with(b"%PDF-1.7"));
        let press = Press::of(&document).expect("a world");
        let other = file_id("other.txt").expect("an id");
        assert_eq!(press.file(other).err(), Some(FileError::AccessDenied));
        assert_eq!(press.source(other).err(), Some(FileError::AccessDenied));
        assert_eq!(press.today(None), Datetime::from_ymd(2026, 3, 31));
    }
}
