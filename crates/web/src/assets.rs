//! Style sheets, fonts, the mark: in the binary, each under the hash of its bytes.
//!
//! Owns: `/assets/…`. Does not own: anything published or uploaded.
//! What a newcomer gets wrong: linking a file without [`href`]. The hash is what lets browsers keep
//! it for a year and still see a change at once.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::page_error::PageError;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets"]
struct Files;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "public, no-cache";

/// The short hash of every file, read once.
static HASHES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let hash = |name: &str| Some(short_hash(&Files::get(name)?));
    Files::iter().filter_map(|name| hash(&name).map(|hash| (name.into_owned(), hash))).collect()
});

fn short_hash(file: &rust_embed::EmbeddedFile) -> String {
    hex::encode(&file.metadata.sha256_hash()[..8])
}

/// The address of an asset: `/assets/iljari.css?v=…`. A name that does not exist leads to a 404.
pub fn href(name: &str) -> String {
    match HASHES.get(name) {
        Some(hash) => format!("/assets/{name}?v={hash}"),
        None => format!("/assets/{name}"),
    }
}

/// The text of an asset, for a page that must stand alone.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
}

pub(crate) async fn serve(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    request: HeaderMap,
) -> Result<Response, PageError> {
    let (Some(file), Some(hash)) = (Files::get(&name), HASHES.get(&name)) else {
        return Err(PageError::NotFound);
    };
    let tag = format!("\"{hash}\"");
    // Font slices are named by the style sheet without a hash; their folder holds the version.
    let named_by_content = query.as_deref() == Some(&format!("v={hash}")) || name.starts_with("fonts/");
    let keep = if named_by_content { FOR_EVER } else { ASK_AGAIN };
    let known = request.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag.as_str()), (CACHE_CONTROL, keep)]).into_response());
    }
    let headers = [(CONTENT_TYPE, kind(&name)), (ETAG, tag.as_str()), (CACHE_CONTROL, keep)];
    Ok((headers, file.data.into_owned()).into_response())
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
