//! `/districts/{code}/disclosures`: what was put out, newest first.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::korean::with_particle;
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};

use super::sample_pages;
use crate::model::{Announcement, Channel, Disclosure};
use crate::store;

/// The list of disclosures.
#[derive(Debug, Clone, Template)]
#[template(path = "public/disclosures.html")]
pub struct DisclosuresPage {
    pub(crate) shell: Shell,
    pub(crate) is_sample: bool,
    pub(crate) title: String,
    pub(crate) lines: Vec<DisclosureLine>,
    pub(crate) verify_href: String,
}

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisclosureLine {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) day: String,
    pub(crate) corrects: String,
    pub(crate) corrected_by: String,
    pub(crate) told: String,
}

/// `GET /districts/{code}/disclosures`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let at = book.code.clone();
    let read = office.store.read(move |tx| {
        Box::pin(async move { Ok((store::disclosures(tx, &at).await?, store::announcements(tx, &at).await?)) })
    });
    let (found, told) = read.await?;
    Ok(render(build(&prefs, &book, &found, &told)))
}

/// The page of these disclosures.
pub fn build(prefs: &DisplayPrefs, book: &District, found: &[Disclosure], told: &[Announcement]) -> DisclosuresPage {
    let home = home_href(&book.code);
    let line = |disclosure: &Disclosure| {
        let corrector = found.iter().find(|other| other.corrects_no == Some(disclosure.no));
        DisclosureLine {
            href: format!("{home}/disclosures/{}", disclosure.no),
            title: format!("{}년 일자리 공시 (제{}호)", disclosure.year, disclosure.no),
            day: disclosure.disclosed_at.seoul_date().korean(),
            corrects: disclosure.corrects_no.map(|no| format!("제{no}호를 바로잡음")).unwrap_or_default(),
            corrected_by: corrector.map(|other| format!("제{}호가 바로잡음", other.no)).unwrap_or_default(),
            told: told_text(told, disclosure.no),
        }
    };
    let name = with_particle(&book.name, "은/는");
    DisclosuresPage {
        shell: Shell::public(
            prefs,
            "공시",
            Some(iljari_web::District::new(book.code.clone(), book.name.clone())),
            PublicNav::Disclosures,
        )
        .crumb("진행 상황", home.clone())
        .here("공시"),
        is_sample: book.is_sample,
        title: match found.len() {
            0 => format!("{name} 아직 공시하지 않았습니다"),
            count => format!("{name} 공시를 {count}번 했습니다"),
        },
        lines: found.iter().rev().map(line).collect(),
        verify_href: format!("{home}/verify"),
    }
}

/// `홈페이지, 언론에 알림`; the kinds of place, each once, struck lines left out.
fn told_text(told: &[Announcement], no: i64) -> String {
    let stands = |line: &&Announcement| line.disclosure_no == no && line.struck.is_none();
    let kinds: BTreeSet<Channel> = told.iter().filter(stands).map(|line| line.channel).collect();
    let words: Vec<&str> = kinds.iter().map(|channel| channel.as_str()).collect();
    if words.is_empty() { String::new() } else { format!("{}에 알림", words.join(", ")) }
}

impl Sample for DisclosuresPage {
    fn samples() -> Vec<Self> {
        sample_pages::disclosures()
    }
}
