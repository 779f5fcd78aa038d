//! `/districts/{code}/disclosures`: what was put out, newest first.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use iljari_base::korean::with_particle;
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::feed::{Feed, FeedEntry};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};

use super::sample_pages;
use crate::model::{Announcement, Channel, Disclosure, EntryKind};
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
    pub(crate) feed_href: String,
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

/// `GET /districts/{code}/disclosures.atom`
pub async fn atom(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let feed = news(&office, &books, &code).await?;
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed.atom()).into_response())
}

/// `GET /districts/{code}/disclosures.json`
pub async fn json_feed(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let feed = news(&office, &books, &code).await?;
    Ok(([(CONTENT_TYPE, "application/feed+json; charset=utf-8")], feed.json()).into_response())
}

/// Disclosures and sealed corrections, the newest first (새 공시와 정정).
async fn news(office: &Office, books: &Books, code: &str) -> Result<Feed, PageError> {
    let book = district_of(office, books, code).await?;
    let at = book.code.clone();
    let read = office.store.read(move |tx| {
        Box::pin(async move { Ok((store::disclosures(tx, &at).await?, store::entries(tx, &at).await?)) })
    });
    let (found, entries) = read.await?;
    let (home, id) = (home_href(&book.code), format!("urn:iljari:{}", book.code));
    let disclosed = found.iter().map(|one| FeedEntry {
        id: format!("{id}:disclosure:{}", one.no),
        title: format!("{}년 일자리 공시 (제{}호)", one.year, one.no),
        summary: one.corrects_no.map_or_else(
            || format!("{}년의 숫자를 공시했습니다.", one.year),
            |no| format!("제{no}호를 바로잡았습니다. {}", one.remark),
        ),
        page: format!("{home}/disclosures/{}", one.no),
        at: one.disclosed_at,
    });
    // Before its seal a correction is nobody's business outside; its public time is the seal's.
    let corrected = entries.iter().filter(|entry| entry.kind == EntryKind::Correction).filter_map(|entry| {
        let (sealed, counted) = (entry.sealed?, entry.counted.as_ref()?);
        let year = counted.year();
        let node = counted.node.as_str();
        let name = book.node(node, year).map_or(node, |node| node.name.as_str());
        Some(FeedEntry {
            id: format!("{id}:correction:{}", entry.leaf_id),
            title: format!("{year}년 {name}의 숫자를 바로잡았습니다"),
            summary: format!("{}을(를) {:+} 바로잡았습니다.", counted.unit.as_str(), counted.amount),
            page: format!("{home}/receipts/{}", entry.leaf_id),
            at: sealed.sealed_at,
        })
    });
    let mut all: Vec<FeedEntry> = disclosed.chain(corrected).collect();
    all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.id.cmp(&other.id)));
    Ok(Feed {
        id: format!("{id}:disclosures"),
        title: format!("{} 일자리 공시와 정정", book.name),
        author: book.name.clone(),
        page: format!("{home}/disclosures"),
        entries: all,
    })
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
        feed_href: format!("{home}/disclosures"),
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
