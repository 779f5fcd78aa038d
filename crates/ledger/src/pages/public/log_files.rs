//! `/log/{code}/…`: the log as static files: signed head, tiles, key, receipts.
//!
//! Owns: handing out what `publish` wrote, with headers that let anybody read it from anywhere.
//! Does not own: the files. What a newcomer gets wrong: joining a request's path to a folder. A
//! tile's path is read into a tile first and written anew, so no other file can be asked for.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{DistrictCode, Failure, Inconsistency, Stop};
use iljari_disclosure::log::proof::Receipt;
use iljari_disclosure::log::tile::{Tile, WIDTH};
use iljari_disclosure::log::tree::leaf_hash;
use iljari_plans::Books;
use iljari_plans::pages::district_of;
use iljari_web::{Office, PageError};

use crate::keys::KeyFolder;
use crate::{publish, store, trees};

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "public, no-cache";

/// Any site may read the log: whoever watches it need not ask us.
fn open_to_all(kind: &'static str, keep: &'static str, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, keep),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, body).into_response()
}

async fn published(office: &Office, district: &DistrictCode, name: &str) -> Result<Vec<u8>, PageError> {
    let path = publish::folder(office, district).join("log").join(name);
    match tokio::fs::read(&path).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(PageError::NotFound),
        Err(error) => Err(Failure::new(error).context("read a published file").into()),
    }
}

/// `GET /log/{code}/checkpoint`
pub async fn checkpoint(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    Ok(open_to_all(TEXT, ASK_AGAIN, published(&office, &book.code, "checkpoint").await?))
}

/// `GET /log/{code}/tile/{*path}`
pub async fn tile(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, path)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let tile: Tile = format!("tile/{path}").parse().map_err(|_| PageError::NotFound)?;
    let bytes = published(&office, &book.code, &tile.to_string()).await?;
    // A partial tile gives way to a wider one when the log grows; a full one never changes again.
    let keep = if u64::from(tile.width) == WIDTH { FOR_EVER } else { ASK_AGAIN };
    Ok(open_to_all(BYTES, keep, bytes))
}

/// `GET /log/{code}/key`
pub async fn key(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&book.code)?.ok_or(PageError::NotFound)?;
    Ok(open_to_all(TEXT, ASK_AGAIN, format!("{key}\n").into_bytes()))
}

/// A receipt and how long the log is under whose seal it was issued.
pub(crate) struct Issued {
    pub(crate) receipt: Receipt,
    pub(crate) size: i64,
}

/// The receipt of an entry under the newest seal; nothing before the first one that holds it.
pub(crate) async fn issue(office: &Office, district: &DistrictCode, leaf: &str) -> Result<Option<Issued>, PageError> {
    let (at, asked) = (district.clone(), leaf.to_owned());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(entry) = store::entry_of_leaf(tx, &at, &asked).await? else { return Ok(None) };
                let (Some(sealed), Some(seal)) = (entry.sealed, store::latest_seal(tx, &at).await?) else {
                    return Ok(None);
                };
                let tree = trees::of_seal(tx, &at, &seal).await?;
                Ok(Some((entry.body, sealed.leaf_index, seal, tree)))
            })
        })
        .await?;
    let Some((line, index, seal, tree)) = found else { return Ok(None) };
    let (Ok(index), Ok(size)) = (u64::try_from(index), u64::try_from(seal.size)) else { return Ok(None) };
    // The line is read now and the tree may be older: a receipt over another line would prove nothing.
    let place = usize::try_from(index).ok().and_then(|place| tree.leaves().get(place));
    if place != Some(&leaf_hash(&line)) {
        return Err(Stop::Inconsistent(Inconsistency {
            table: "entry",
            column: "body".to_owned(),
            row: leaf.to_owned(),
        })
        .into());
    }
    let receipt = Receipt::from_tree(&tree, size, index, &seal.checkpoint, Some(line));
    Ok(receipt.map(|receipt| Issued { receipt, size: seal.size }))
}

/// `GET /log/{code}/proof/{leaf}`: a receipt under the newest seal. 404 before the first one that
/// holds the entry.
pub async fn proof(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, leaf)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let receipt = issue(&office, &book.code, &leaf).await?.ok_or(PageError::NotFound)?.receipt;
    let name = format!("attachment; filename=\"iljari-{}-{}.tlog-proof\"", book.code, leaf.get(..8).unwrap_or("proof"));
    let mut response = open_to_all(TEXT, ASK_AGAIN, receipt.to_string().into_bytes());
    if let Ok(name) = name.parse() {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
