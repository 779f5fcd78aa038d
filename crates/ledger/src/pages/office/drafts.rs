//! `/office/disclosures/drafts/{year}`: what a disclosure would hold, to be reviewed and approved.
//!
//! Owns: the list and making one draft when it is asked for. Does not own: what a draft says
//! (`documents`). What a newcomer gets wrong: keeping a draft. It is made from what stands at that
//! moment, says so on every page, and is gone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::Year;
use iljari_print::Format;
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Viewer, render};

use super::frame;
use crate::documents::files;
use crate::documents::{DocumentKind, Facts, Standing};
use crate::pages::public::disclosed_files::download;

/// A document with its formats.
#[derive(Debug, Clone)]
pub struct DraftRow {
    name: String,
    what: &'static str,
    /// The format's name and where to get it.
    formats: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "office/drafts.html")]
pub(super) struct Page {
    shell: Shell,
    year: String,
    corrects: String,
    changed: usize,
    waiting: usize,
    rows: Vec<DraftRow>,
}

/// Shows which drafts there are.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(year): Path<String>,
) -> Result<Response, PageError> {
    let year = year_of(&year)?;
    let facts = files::draft_facts(&office, &viewer.district, year).await?;
    let title = format!("{year}년 확정 전 문서");
    let shell = frame(&office, &prefs, &viewer, &title, Desk::Disclosures).await?;
    Ok(render(view(shell, &facts)))
}

fn year_of(text: &str) -> Result<Year, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

fn view(shell: Shell, facts: &Facts) -> Page {
    let year = facts.year;
    let waiting = match facts.standing {
        Standing::Draft { waiting, .. } => waiting,
        Standing::Disclosed(_) => 0,
    };
    let row = |kind: &DocumentKind| DraftRow {
        name: format!("{year}년 {}", kind.as_str()),
        what: what(*kind),
        formats: Format::ALL
            .iter()
            .map(|format| {
                let ending = format.ending();
                (ending.to_uppercase(), href(year, &format!("{}.{ending}", kind.as_str())))
            })
            .collect(),
    };
    let letter = DraftRow {
        name: "기안문".to_owned(),
        what: "결재를 올릴 때 붙여 넣을 본문과 붙임 목록입니다.",
        formats: ["hwpx", "txt"]
            .iter()
            .map(|ending| (ending.to_uppercase(), href(year, &format!("기안문.{ending}"))))
            .collect(),
    };
    let there = DocumentKind::ALL.iter().filter(|kind| kind.is_there(facts));
    Page {
        shell,
        year: year.to_string(),
        corrects: facts.corrects.as_ref().map(|corrects| format!("{}번", corrects.no)).unwrap_or_default(),
        changed: facts.corrects.as_ref().map_or(0, |corrects| corrects.changed.len()),
        waiting,
        rows: there.map(row).chain([letter]).collect(),
    }
}

fn what(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Results => "그해의 목표와 실적, 총괄표, 바로잡은 수입니다.",
        DocumentKind::YearPlan => "그해에 할 일과 목표, 사업비입니다.",
        DocumentKind::TermPlan => "임기 전체의 목표와 사업입니다.",
    }
}

fn href(year: Year, name: &str) -> String {
    format!("/office/disclosures/drafts/{year}/{}", iljari_web::local::query_value(name))
}

/// Makes one draft.
pub async fn file(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    Path((year, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let year = year_of(&year)?;
    let (stem, ending) = name.split_once('.').ok_or(PageError::NotFound)?;
    let kind = DocumentKind::from_text(stem);
    let format = Format::ALL.into_iter().find(|format| format.ending() == ending);
    let facts = files::draft_facts(&office, &viewer.district, year).await?;
    let made = match (kind, format) {
        (Some(kind), Some(format)) => files::made(move || files::one(&facts, kind, format)).await?,
        _ if stem == "기안문" => {
            let files = files::made(move || files::letter_files(&facts)).await?;
            files.into_iter().find(|(file, _)| file.ends_with(&format!(".{ending}")))
        }
        _ => None,
    };
    let (name, bytes) = made.ok_or(PageError::NotFound)?;
    Ok(download(&format!("확정전-{name}"), bytes))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |name: &str| DraftRow {
            name: name.to_owned(),
            what: "그해의 목표와 실적, 총괄표, 바로잡은 수입니다.",
            formats: ["HTML", "PDF", "XLSX", "HWPX", "JSON"]
                .iter()
                .map(|format| ((*format).to_owned(), format!("/office/disclosures/drafts/2025/a.{format}")))
                .collect(),
        };
        let page = |rows: Vec<DraftRow>, corrects: &str, changed: usize, waiting: usize| Page {
            shell: super::sample_shell("2025년 확정 전 문서", Desk::Disclosures),
            year: "2025".to_owned(),
            corrects: corrects.to_owned(),
            changed,
            waiting,
            rows,
        };
        vec![
            page(vec![row("기안문")], "", 0, 0),
            page(vec![row("2025년 추진실적"), row("기안문")], "1번", 3, 2),
            page(
                (0..40).map(|nth| row(&format!("아주 길고 긴 이름을 가진 {nth}번째 문서"))).collect(),
                "59번",
                10_000,
                10_000,
            ),
        ]
    }
}
