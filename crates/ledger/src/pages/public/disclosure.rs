//! `/districts/{code}/disclosures/{no}` and its bundle: one disclosure with the facts to check it by.
//!
//! Owns: the page and handing the file out. Does not own: building the bundle (`publish`).
//! What a newcomer gets wrong: a link to a bundle that waits for its seal. Until then it says so.

use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Failure};
use iljari_disclosure::bundle::attributes::{HIDDEN, PublishedTable};
use iljari_disclosure::log::rollup::Line;
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, filters, render};
use tokio_util::io::ReaderStream;

use super::disclosed_files::{DocumentLine, listed};
use super::number::{Number, counter};
use super::sample_pages;
use crate::channel::is_web_address;
use crate::frozen::{Changed, differences, lines_of, without_repeats};
use crate::keys::KeyFolder;
use crate::model::{Announcement, Disclosure, Seal};
use crate::{attributes, publish, store};

/// The page of one disclosure.
#[derive(Debug, Clone, Template)]
#[template(path = "public/disclosure.html")]
pub struct DisclosurePage {
    pub(crate) shell: Shell,
    pub(crate) is_sample: bool,
    pub(crate) eyebrow: String,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) bundle: Option<BundleLink>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) corrects: Option<(String, String)>,
    /// The newer disclosure that corrects this one.
    pub(crate) corrected_by: Option<(String, String)>,
    pub(crate) changed: Vec<ChangedRow>,
    pub(crate) numbers: Vec<FrozenRow>,
    pub(crate) below: Vec<FrozenRow>,
    pub(crate) attributes: Vec<AttributeView>,
    pub(crate) documents: Vec<DocumentLine>,
    pub(crate) data: Vec<DocumentLine>,
    pub(crate) told: Vec<ToldLine>,
    pub(crate) verify_href: String,
}

/// A published table by a personal attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeView {
    pub(crate) caption: String,
    pub(crate) total: String,
    /// Item, number or the word for a hidden one, whether hidden. Empty for a table withheld as a whole.
    pub(crate) rows: Vec<(String, String, bool)>,
}

/// Where the bundle is and how large.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleLink {
    pub(crate) href: String,
    pub(crate) size: String,
}

/// A number as disclosed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrozenRow {
    pub(crate) name: String,
    pub(crate) field: String,
    pub(crate) unit: String,
    pub(crate) number: Number,
}

/// A number that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedRow {
    pub(crate) name: String,
    pub(crate) field: String,
    pub(crate) old: Option<Number>,
    pub(crate) new: Option<Number>,
    pub(crate) difference: i64,
}

/// Where the disclosure was announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldLine {
    pub(crate) day: String,
    pub(crate) machine_day: String,
    pub(crate) channel: &'static str,
    pub(crate) place: String,
    pub(crate) href: String,
    /// Why the line is wrong; empty while it stands.
    pub(crate) struck: String,
}

/// Everything the page is made from.
#[derive(Debug, Clone)]
pub struct Disclosed {
    /// The disclosure.
    pub disclosure: Disclosure,
    /// The seal that froze it.
    pub seal: Seal,
    /// Its year's lines.
    pub lines: Vec<Line>,
    /// The lines of the disclosure it corrects.
    pub corrected: Option<Vec<Line>>,
    /// The number of the newest disclosure that corrects this one.
    pub corrected_by: Option<i64>,
    /// Its tables by personal attributes, as published.
    pub tables: Vec<PublishedTable>,
    /// Its documents, once the bundle is there: those to read, then the data.
    pub documents: (Vec<DocumentLine>, Vec<DocumentLine>),
    /// Where it was announced, struck lines too.
    pub told: Vec<Announcement>,
    /// Bytes of the bundle, once it is there.
    pub bundle_bytes: Option<u64>,
    /// The fingerprint of the signing key.
    pub fingerprint: String,
}

/// `GET /districts/{code}/disclosures/{no}`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, no)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let no = iljari_web::number(&no)?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&book.code)?.ok_or(PageError::NotFound)?;
    let at = book.code.clone();
    let found = office.store.read(move |tx| Box::pin(async move { read(tx, &at, no).await })).await?;
    let Some(found) = found else { return Err(PageError::NotFound) };
    let bundle_bytes =
        tokio::fs::metadata(publish::bundle_zip(&office, &book.code, no)).await.ok().map(|file| file.len());
    let fingerprint = key.fingerprint();
    let documents = listed(&office, &book.code, no).await?;
    let disclosed = Disclosed { documents, bundle_bytes, fingerprint, ..found };
    Ok(render(build(&prefs, &book, &disclosed)))
}

/// What the ledger knows of a disclosure; its files are looked up afterwards.
async fn read(tx: &mut iljari_store::Tx, district: &DistrictCode, no: i64) -> iljari_base::Outcome<Option<Disclosed>> {
    let every = store::disclosures(tx, district).await?;
    let Some(disclosure) = every.iter().find(|disclosure| disclosure.no == no).cloned() else { return Ok(None) };
    let seals = store::seals(tx, district).await?;
    let Some(seal) = seals.iter().find(|seal| seal.no == disclosure.first_seal).cloned() else { return Ok(None) };
    let log = store::leaf_lines(tx, district).await?;
    let lines = lines_of(tx, district, &disclosure, &seals, &log).await?;
    let corrected = match every.iter().find(|other| Some(other.no) == disclosure.corrects_no) {
        Some(other) => Some(lines_of(tx, district, other, &seals, &log).await?),
        None => None,
    };
    let tables = attributes::published(&attributes::disclosed(tx, district, no).await?, &lines);
    let mut told = store::announcements(tx, district).await?;
    told.retain(|line| line.disclosure_no == disclosure.no);
    let corrected_by = every.iter().filter(|other| other.corrects_no == Some(no)).map(|other| other.no).max();
    Ok(Some(Disclosed {
        disclosure,
        seal,
        lines,
        corrected,
        corrected_by,
        tables,
        documents: (Vec::new(), Vec::new()),
        told,
        bundle_bytes: None,
        fingerprint: String::new(),
    }))
}

/// The page of one disclosure.
pub fn build(prefs: &DisplayPrefs, book: &District, disclosed: &Disclosed) -> DisclosurePage {
    let Disclosed {
        disclosure,
        seal,
        lines,
        corrected,
        corrected_by,
        tables,
        documents,
        told,
        bundle_bytes,
        fingerprint,
    } = disclosed;
    let home = home_href(&book.code);
    let list = format!("{home}/disclosures");
    let label = format!("제{}호", disclosure.no);
    let district = iljari_web::District::new(book.code.clone(), book.name.clone());
    let (of_root, below): (Vec<&Line>, Vec<&Line>) = telling(lines).into_iter().partition(|line| line.node.is_root());
    let root = lines.iter().find(|line| line.node.is_root() && line.field.is_none());
    let sum = root.map(|line| format!("{} {}{}", line.unit.as_str(), grouped(line.whole.total()), counter(line.unit)));
    DisclosurePage {
        shell: Shell::public(
            prefs,
            format!("{}년 공시 {label}", disclosure.year),
            Some(district),
            PublicNav::Disclosures,
        )
        .crumb("진행 상황", home.clone())
        .crumb("공시", list.clone())
        .here(label.clone()),
        is_sample: book.is_sample,
        eyebrow: format!("공시 {label} · {}", disclosure.disclosed_at.seoul_date().korean()),
        title: format!("{}의 {}년 일자리 숫자를 공시했습니다", book.name, disclosure.year),
        lead: sum.map(|sum| format!("그날 얼린 숫자는 {sum}입니다.")).unwrap_or_default(),
        bundle: bundle_bytes
            .map(|bytes| BundleLink { href: format!("{list}/{}/bundle.zip", disclosure.no), size: size_text(bytes) }),
        facts: facts(disclosure, seal, fingerprint),
        corrects: disclosure.corrects_no.map(|no| (format!("제{no}호"), format!("{list}/{no}"))),
        corrected_by: corrected_by.map(|no| (format!("제{no}호"), format!("{list}/{no}"))),
        changed: corrected
            .as_ref()
            .map(|old| changed_rows(book, disclosure, &differences(old, lines)))
            .unwrap_or_default(),
        numbers: of_root.iter().map(|line| frozen_row(book, disclosure, line)).collect(),
        below: below.iter().map(|line| frozen_row(book, disclosure, line)).collect(),
        attributes: tables.iter().map(attribute_view).collect(),
        documents: documents.0.clone(),
        data: documents.1.clone(),
        told: told_lines(told),
        verify_href: format!("{home}/verify"),
    }
}

fn attribute_view(table: &PublishedTable) -> AttributeView {
    let shown = |number: Option<i64>| number.map_or_else(|| HIDDEN.to_owned(), grouped);
    AttributeView {
        caption: format!("{} · {} ({})", table.name, table.attribute, table.unit),
        total: grouped(table.total),
        rows: table.items.iter().map(|(item, number)| (item.clone(), shown(*number), number.is_none())).collect(),
    }
}

/// Announcements by day, as readers see them.
pub(super) fn told_lines(told: &[Announcement]) -> Vec<ToldLine> {
    let mut told: Vec<&Announcement> = told.iter().collect();
    told.sort_by_key(|line| (line.announced_on, line.no));
    let line = |line: &Announcement| ToldLine {
        day: line.announced_on.korean(),
        machine_day: line.announced_on.to_string(),
        channel: line.channel.label(),
        href: if is_web_address(&line.place) { line.place.clone() } else { String::new() },
        place: line.place.clone(),
        struck: line
            .struck
            .as_ref()
            .map(|(reason, at)| format!("{}에 그은 줄. {reason}", at.seoul_date().korean()))
            .unwrap_or_default(),
    };
    told.into_iter().map(line).collect()
}

fn facts(disclosure: &Disclosure, seal: &Seal, fingerprint: &str) -> Vec<(String, String)> {
    let approval = match (disclosure.approval_no.as_str(), disclosure.approval_on) {
        ("", _) => format!("아직 없음. {}", disclosure.remark),
        (no, Some(day)) => format!("{no} ({})", day.korean()),
        (no, None) => no.to_owned(),
    };
    let mut facts = vec![
        ("결재 문서번호".to_owned(), approval),
        (
            "얼린 기록".to_owned(),
            format!("{}건. 묶음에는 이 공시를 적은 기록이 하나 더 들어 있습니다.", grouped(seal.size)),
        ),
        ("기록의 요약값".to_owned(), format!("{}…", seal.root.chars().take(16).collect::<String>())),
        ("서명 키 지문".to_owned(), fingerprint.to_owned()),
        ("얼린 날".to_owned(), seal.sealed_at.seoul_date().korean()),
    ];
    if disclosure.corrects_no.is_some() && !disclosure.approval_no.is_empty() {
        facts.push(("다시 낸 까닭".to_owned(), disclosure.remark.clone()));
    }
    facts
}

fn field_text(line: &Line) -> String {
    line.field.map_or("모든 부문", |field| field.as_str()).to_owned()
}

fn frozen_row(book: &District, disclosure: &Disclosure, line: &Line) -> FrozenRow {
    let fields: Vec<_> = line.field.into_iter().collect();
    FrozenRow {
        name: line.name.clone(),
        field: field_text(line),
        unit: line.unit.as_str().to_owned(),
        number: Number::total(&book.code, line.node.as_str(), line.year, line.unit, line.whole.total())
            .of_fields(&fields)
            .as_disclosed(disclosure.no),
    }
}

/// The lines that say something of their own: a field's line that is all of its node's number is
/// left out.
fn telling(lines: &[Line]) -> Vec<&Line> {
    let all = |line: &Line| {
        lines.iter().find(|other| other.field.is_none() && other.node == line.node && other.unit == line.unit)
    };
    let own = |line: &&Line| line.field.is_none() || all(line).is_none_or(|all| all.whole != line.whole);
    lines.iter().filter(own).collect()
}

/// A field's change is left out where the node's own line changed by the same.
fn changed_rows(book: &District, disclosure: &Disclosure, changed: &[Changed]) -> Vec<ChangedRow> {
    without_repeats(changed).into_iter().map(|one| changed_row(book, disclosure, one)).collect()
}

fn changed_row(book: &District, disclosure: &Disclosure, changed: &Changed) -> ChangedRow {
    let line = &changed.line;
    let fields: Vec<_> = line.field.into_iter().collect();
    let frozen = |value: Option<i64>, no: Option<i64>| {
        let number = Number::total(&book.code, line.node.as_str(), line.year, line.unit, value?);
        Some(number.of_fields(&fields).as_disclosed(no?))
    };
    ChangedRow {
        name: format!("{} ({})", changed.line.name, changed.line.unit.as_str()),
        field: field_text(&changed.line),
        old: frozen(changed.old, disclosure.corrects_no),
        new: frozen(changed.new, Some(disclosure.no)),
        difference: changed.new.unwrap_or(0).saturating_sub(changed.old.unwrap_or(0)),
    }
}

/// `1.9 MB`, rounded once.
pub(super) fn size_text(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes.saturating_mul(10) + unit / 2) / unit;
    let text = |unit: u64, name: &str| format!("{}.{} {name}", tenths(unit) / 10, tenths(unit) % 10);
    match bytes {
        0..1_000 => format!("{bytes}바이트"),
        1_000..1_000_000 => text(1_000, "KB"),
        _ => text(1_000_000, "MB"),
    }
}

/// `GET /districts/{code}/disclosures/{no}/bundle.zip`: the file as it lies there, piece by piece.
pub async fn bundle(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, no)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let no = iljari_web::number(&no)?;
    let path: PathBuf = publish::bundle_zip(&office, &book.code, no);
    let file = match tokio::fs::File::open(&path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(PageError::NotFound),
        Err(error) => return Err(Failure::new(error).context("open a bundle").into()),
    };
    let length = file.metadata().await.map_err(|error| Failure::new(error).context("measure a bundle"))?.len();
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"iljari-{}-{no}.zip\"", book.code)),
        (CONTENT_LENGTH, length.to_string()),
        // A rebuilt bundle has the same bytes, but whoever checks wants to see what lies there now.
        (CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

impl Sample for DisclosurePage {
    fn samples() -> Vec<Self> {
        sample_pages::disclosure()
    }
}
