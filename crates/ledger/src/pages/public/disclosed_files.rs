//! `/districts/{code}/disclosures/{no}/documents/{…}`: each document of a disclosure by itself.
//!
//! Owns: the list with format, size and hash, and handing one out. Does not own: the bytes; they lie
//! in the published bundle. What a newcomer gets wrong: joining a request's path to a folder. Only a
//! path that the signed manifest lists is opened at all.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::{DistrictCode, Failure};
use iljari_disclosure::bundle::manifest::Manifest;
use iljari_plans::Books;
use iljari_plans::pages::district_of;
use iljari_plans::pages::words::home_href;
use iljari_web::local::query_value;
use iljari_web::{Office, PageError};

use super::disclosure::size_text;
use crate::documents::files::FOLDER;
use crate::publish;

/// One document of a disclosure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentLine {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) format: &'static str,
    pub(crate) size: String,
    pub(crate) sha256: String,
}

/// The documents of a published disclosure: those that people read, then the data. Both are empty
/// while its bundle is not there yet.
pub(super) async fn listed(
    office: &Office,
    district: &DistrictCode,
    no: i64,
) -> Result<(Vec<DocumentLine>, Vec<DocumentLine>), PageError> {
    let Some(manifest) = manifest(office, district, no).await? else { return Ok((Vec::new(), Vec::new())) };
    let documents = manifest.files.iter().filter_map(|(path, listed)| {
        let name = path.strip_prefix(FOLDER)?;
        Some(DocumentLine {
            name: name.to_owned(),
            href: format!("{}/disclosures/{no}/documents/{}", home_href(district), query_value(name)),
            format: format_of(name).0,
            size: size_text(listed.size),
            sha256: listed.sha256.to_string(),
        })
    });
    Ok(documents.partition(|line| is_read(&line.name)))
}

/// Whether somebody opens it to read or to paste, rather than to compute.
fn is_read(name: &str) -> bool {
    !name.contains('/') && !matches!(format_of(name).0, "CSV" | "JSON" | "YAML")
}

/// What a file is, for people and for browsers, by the end of its name.
pub(crate) fn format_of(name: &str) -> (&'static str, &'static str) {
    match name.rsplit('.').next().unwrap_or_default() {
        "pdf" => ("PDF", "application/pdf"),
        "html" => ("HTML", "text/html; charset=utf-8"),
        "hwpx" => ("HWPX", "application/hwp+zip"),
        "xlsx" => ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv" => ("CSV", "text/csv; charset=utf-8"),
        "json" => ("JSON", "application/json"),
        "yaml" => ("YAML", "application/yaml"),
        "txt" => ("TXT", "text/plain; charset=utf-8"),
        "svg" => ("SVG", "image/svg+xml"),
        "png" => ("PNG", "image/png"),
        _ => ("파일", "application/octet-stream"),
    }
}

async fn manifest(office: &Office, district: &DistrictCode, no: i64) -> Result<Option<Manifest>, PageError> {
    let path = publish::bundle_folder(office, district, no).join("manifest");
    let text = match tokio::fs::read_to_string(&path).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::new(error).context("read a manifest").into()),
    };
    // The text ends before the empty line that separates the signature.
    let unsigned = text.rfind("\n\n").and_then(|end| text.get(..=end));
    Ok(unsigned.and_then(Manifest::parse))
}

/// `GET /districts/{code}/disclosures/{no}/documents/{*path}`
pub async fn document(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Path((code, no, name)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    let no: i64 = no.parse().ok().filter(|no| *no > 0).ok_or(PageError::NotFound)?;
    let path = format!("{FOLDER}{name}");
    let manifest = manifest(&office, &book.code, no).await?.ok_or(PageError::NotFound)?;
    if !manifest.files.contains_key(&path) {
        return Err(PageError::NotFound);
    }
    let bytes = tokio::fs::read(publish::bundle_folder(&office, &book.code, no).join(&path))
        .await
        .map_err(|error| Failure::new(error).context("read a document"))?;
    Ok(download(&name, bytes))
}

/// A file to keep. HTML too: a document brings its own style, which the pages of this site forbid.
pub(crate) fn download(name: &str, bytes: Vec<u8>) -> Response {
    let file = name.rsplit('/').next().unwrap_or(name);
    let headers = [
        (CONTENT_TYPE, format_of(name).1.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", query_value(file))),
        (CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    (headers, bytes).into_response()
}
