//! The public side as a folder of files: what a resident reaches, page by page, without a server.
//!
//! Owns: walking the public listener's own routes from `/` and turning their answers into files.
//! Does not own: any page. What a newcomer gets wrong: asking the machine's clock. The pages are
//! drawn at the instant of the newest fact in the data, so the same data gives the same bytes.
//!
//! ```text
//! ask `/` → keep the answer → ask every address it names → … → mend the links → swap the folder in
//! ```

pub mod address;
pub mod folder;
pub mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use iljari_base::{Failure, FixedClock, Outcome, Refusal, Timestamp};
use iljari_ledger::publish;
use iljari_plans::Books;
use iljari_web::{Export, Office, Side};
use tower::ServiceExt as _;

use crate::serve;
use folder::Fresh;

/// What lies in the folder afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The newest fact in the data.
    pub as_of: Timestamp,
    /// Pages.
    pub pages: usize,
    /// Everything, pages and files.
    pub files: usize,
    /// Links whose page is not there, taken out of the pages: address and the page that named it.
    pub dropped: Vec<(String, String)>,
    /// How many files of an earlier run gave way.
    pub replaced: usize,
}

/// One answer that was kept.
#[derive(Debug, Clone)]
struct Kept {
    file: String,
    is_page: bool,
}

/// Writes the public side into `out`. An earlier run's folder is replaced whole; any other folder is
/// left alone.
///
/// Refusals: `not-an-export`, `nothing-to-export`, `page-failed`.
pub async fn write(office: &Arc<Office>, out: &Path, base: &str) -> Outcome<Written> {
    let districts = office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await?;
    let Some(as_of) = office.store.read(|tx| Box::pin(publish::newest_fact(tx))).await? else {
        return Err(Refusal::new("nothing-to-export", "", "내보낼 계획이나 기록이 아직 없습니다.").into());
    };
    let still = Arc::new(Office { clock: Arc::new(FixedClock::at(as_of)), ..(**office).clone() });
    let router = serve::router(&still, &Books::new(), &serve::sheet_reader(), Side::Public);
    let export = Export { as_of, base: base.to_owned() };
    let fresh = Fresh::beside(out)?;
    let mut waiting = vec![("/".to_owned(), String::new())];
    for district in &districts {
        // Nobody links every tile; a stranger who follows the log asks for them one by one.
        for name in publish::log_file_names(office, &district.code)? {
            waiting.push((format!("/log/{}/{name}", district.code), String::new()));
        }
    }
    let (kept, dropped) = walk(&router, &export, &fresh, waiting).await?;
    mend(&fresh, &kept, base)?;
    let (pages, files) = (kept.values().filter(|kept| kept.is_page).count(), kept.len());
    let replaced = fresh.swap_in(out, as_of)?;
    Ok(Written { as_of, pages, files, dropped, replaced })
}

type Walked = (BTreeMap<String, Kept>, Vec<(String, String)>);

async fn walk(router: &Router, export: &Export, fresh: &Fresh, mut waiting: Vec<(String, String)>) -> Outcome<Walked> {
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut dropped = Vec::new();
    waiting.reverse();
    while let Some((address, named_by)) = waiting.pop() {
        if kept.contains_key(&address) {
            continue;
        }
        if gone.contains(&address) {
            dropped.push((address, named_by));
            continue;
        }
        let (status, kind, bytes) = ask(router, export, &address).await?;
        if status.is_server_error() {
            let message = format!("{address} 화면을 그리지 못했습니다({status}). 아무것도 바꾸지 않았습니다.");
            return Err(Refusal::new("page-failed", "", message).into());
        }
        if status != StatusCode::OK {
            gone.insert(address.clone());
            dropped.push((address, named_by));
            continue;
        }
        let is_page = kind.starts_with("text/html");
        let file = address::file_of(&address, is_page);
        if let Some(other) = owners.insert(file.clone(), address.clone()) {
            return Err(Failure::new(format!("{other} and {address} would both be {file}")).into());
        }
        let named = match kind.split(';').next().unwrap_or_default() {
            "text/html" => links::of_page(&String::from_utf8_lossy(&bytes)),
            "text/css" => links::of_style(&String::from_utf8_lossy(&bytes)),
            _ => Vec::new(),
        };
        let next = named.iter().filter_map(|link| address::resolve(&address, link));
        waiting.extend(next.map(|(next, _)| (next, address.clone())));
        fresh.write(&file, &bytes)?;
        kept.insert(address, Kept { file, is_page });
    }
    dropped.sort();
    dropped.dedup();
    Ok((kept, dropped))
}

async fn ask(router: &Router, export: &Export, address: &str) -> Outcome<(StatusCode, String, Vec<u8>)> {
    let request = Request::builder()
        .uri(address)
        .header(HOST, "localhost")
        .extension(export.clone())
        .body(Body::empty())
        .map_err(|error| Failure::new(error).context(format!("ask for {address}")))?;
    let answer = router.clone().oneshot(request).await.map_err(|error| Failure::new(error).context("ask"))?;
    let (parts, body) = answer.into_parts();
    // A file to keep, such as a disclosed document or the checker that stands alone, is kept to the byte even
    // where it is HTML: its hash was published.
    let to_keep = parts.headers.contains_key(CONTENT_DISPOSITION) || address.ends_with(".html");
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).filter(|_| !to_keep);
    let kind = kind.unwrap_or_default().to_owned();
    let bytes =
        to_bytes(body, usize::MAX).await.map_err(|error| Failure::new(error).context(format!("read {address}")))?;
    Ok((parts.status, kind, bytes.to_vec()))
}

/// Turns every page's links into ones that work from any folder.
fn mend(fresh: &Fresh, kept: &BTreeMap<String, Kept>, base: &str) -> Outcome<()> {
    for (address, page) in kept.iter().filter(|(_, kept)| kept.is_page) {
        let html = fresh.read(&page.file)?;
        let to_file = |link: &str| match address::resolve(address, link) {
            None => links::Turn::Keep,
            Some((next, fragment)) => match kept.get(&next) {
                Some(target) => links::Turn::To(format!("{}{fragment}", address::relative(&page.file, &target.file))),
                None => links::Turn::Drop,
            },
        };
        let mut html = links::turned(&html, to_file);
        if !base.is_empty() {
            let canonical =
                format!("  <link rel=\"canonical\" href=\"{base}/{}\">\n</head>", address::place(&page.file));
            html = html.replacen("</head>", &canonical, 1);
        }
        fresh.write(&page.file, html.as_bytes())?;
    }
    Ok(())
}
