//! A year's documents as files: every kind in every format, by path within a bundle.
//!
//! Owns: which file is made from which layout, and where it lies. Does not own: the bytes (`print`).
//! What a newcomer gets wrong: making files inside an act. Setting a PDF takes long enough to hold
//! up every other writer; make them before, hand them in.

use std::collections::BTreeMap;

use iljari_base::{Date, DistrictCode, Failure, Outcome, Year};
use iljari_print::{Format, csv, render};
use iljari_web::Office;

use super::facts::{self, Facts, Place};
use super::{DocumentKind, Layout, compose, letter, letter_text};
use crate::store;

/// Where the documents of a bundle lie.
pub const FOLDER: &str = "documents/";

/// A file by its name: `추진실적-2025.pdf`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The layout a format is made from: workbooks are sorted and pasted, all else is read.
fn layout_of(format: Format) -> Layout {
    if format == Format::Xlsx { Layout::Sheets } else { Layout::Pages }
}

/// One document in one format, with its name; `None` where the year has no such document.
pub fn one(facts: &Facts, kind: DocumentKind, format: Format) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Some(document) = compose(facts, kind, layout_of(format)) else { return Ok(None) };
    let bytes = render(&document, format).map_err(|fault| failed(&document.meta.file_stem, fault))?;
    Ok(Some((format!("{}.{}", document.meta.file_stem, format.ending()), bytes)))
}

/// A document's tables as CSV with their dictionary, in a folder of its name.
fn tables(facts: &Facts, kind: DocumentKind) -> Result<Files, Failure> {
    let Some(document) = compose(facts, kind, Layout::Sheets) else { return Ok(Files::new()) };
    let stem = &document.meta.file_stem;
    let files = csv::files(&document).map_err(|fault| failed(stem, fault))?;
    Ok(files.into_iter().map(|(name, bytes)| (format!("csv/{stem}/{name}"), bytes)).collect())
}

/// Some kinds in some formats, with their tables as CSV where `with_csv`.
pub fn of(facts: &Facts, kinds: &[DocumentKind], formats: &[Format], with_csv: bool) -> Result<Files, Failure> {
    let mut files = Files::new();
    for kind in kinds {
        for format in formats {
            files.extend(one(facts, *kind, *format)?);
        }
        if with_csv {
            files.extend(tables(facts, *kind)?);
        }
    }
    Ok(files)
}

/// Everything that a disclosure holds for people to read.
pub fn all(facts: &Facts) -> Result<Files, Failure> {
    of(facts, DocumentKind::ALL, &Format::ALL, true)
}

/// The letter for approval, to open and to paste.
pub fn letter_files(facts: &Facts) -> Result<Files, Failure> {
    let document = letter(facts);
    let stem = &document.meta.file_stem;
    let hwpx = render(&document, Format::Hwpx).map_err(|fault| failed(stem, fault))?;
    let text = letter_text(&document).into_bytes();
    Ok(Files::from([(format!("{stem}.hwpx"), hwpx), (format!("{stem}.txt"), text)]))
}

fn failed(stem: &str, fault: iljari_print::Unwritable) -> Failure {
    Failure::new(fault).context(format!("write the document {stem}"))
}

/// The same by path within a bundle.
pub fn in_bundle(files: Files) -> Files {
    files.into_iter().map(|(name, bytes)| (format!("{FOLDER}{name}"), bytes)).collect()
}

/// What stands now, for a draft of a year.
pub async fn draft_facts(office: &Office, district: &DistrictCode, year: Year) -> Outcome<Facts> {
    let (at, today, is_demo): (DistrictCode, Date, bool) = (district.clone(), office.clock.today(), office.demo);
    office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let earlier = store::disclosures(tx, &at).await?;
                let corrects = earlier.iter().rev().find(|one| one.year == year);
                facts::now(tx, today, &Place { district: &at, year, is_demo, corrects }).await
            })
        })
        .await
}

/// Makes files away from the threads that answer requests.
pub async fn made<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|fault| Failure::new(fault).context("make documents"))?
}

/// The documents of a disclosure as they were disclosed, by name.
pub async fn disclosed(office: &Office, district: &DistrictCode, no: i64) -> Outcome<Files> {
    let at = district.clone();
    let files = office.store.read(move |tx| Box::pin(async move { store::documents_of(tx, &at, no).await })).await?;
    let name = |path: String| path.strip_prefix(FOLDER).map(str::to_owned).unwrap_or(path);
    Ok(files.into_iter().map(|(path, bytes)| (name(path), bytes)).collect())
}
