//! Files to take away: workbooks, results, and an upload with its faults written in.
//!
//! Nothing personal is in them, so the access log asks for no reason.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use iljari_base::{Failure, Outcome};
use iljari_disclosure::plan::District;
use iljari_people::Cx;
use iljari_plans::Books;
use iljari_sheets::Reader;
use iljari_store::Tx;
use iljari_web::{Office, PageError, Viewer};

use super::{book, number};
use crate::model::{Fault, Round, Upload, UploadedFile, departments};
use crate::stands::Stands;
use crate::template::{self, Workbook};
use crate::weigh::{Verdict, Weighed, weigh};
use crate::{look, result, store};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ZIP: &str = "application/zip";
const CSV: &str = "text/csv; charset=utf-8";

/// Every department's workbook.
pub async fn all_workbooks(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    Path(round): Path<String>,
) -> Result<Response, PageError> {
    let (no, district) = (number(&round)?, viewer.district.clone());
    let book = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(round) = store::round_of(tx, &district, no).await? else { return Ok(None) };
                let asks = store::asks(tx, &district, no).await?;
                let stands = Stands::read(tx, &district).await?;
                template::all_workbooks(&district, &round, &asks, &stands).map(Some)
            })
        })
        .await?;
    file(book.ok_or(PageError::NotFound)?, ZIP)
}

/// One department's workbook; `3.xlsx` is the third department of the round.
pub async fn workbook(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    Path((round, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (no, district) = (number(&round)?, viewer.district.clone());
    let place = number(name.split('.').next().unwrap_or_default())?;
    let book = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(round) = store::round_of(tx, &district, no).await? else { return Ok(None) };
                let asks = store::asks(tx, &district, no).await?;
                let place = usize::try_from(place.saturating_sub(1)).unwrap_or(usize::MAX);
                let Some(department) = departments(&asks).get(place).map(|name| (*name).to_owned()) else {
                    return Ok(None);
                };
                let stands = Stands::read(tx, &district).await?;
                template::workbook(&district, &round, &asks, &department, &stands).map(Some)
            })
        })
        .await?;
    file(book.ok_or(PageError::NotFound)?, XLSX)
}

/// What came of every row, as CSV.
pub async fn result(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    viewer: Viewer,
    Path((round, upload)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (round, upload) = (number(&round)?, number(&upload)?);
    let book = book(&office, &books, &viewer).await?;
    let cx = Cx::inside(&office, viewer.actor(), viewer.district.clone());
    let held = office
        .store
        .read(move |tx| Box::pin(async move { held(tx, &cx, &book, round, upload).await }))
        .await
        .map_err(absent)?;
    let file_name = format!("취합-{round}회차-{upload}번-결과.csv");
    file(Workbook { file_name, bytes: result::result_csv(&held.rows) }, CSV)
}

/// The uploaded file back, with a column 오류; `2.xlsx` is the upload's second file.
pub async fn marked(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Extension(reader): Extension<Arc<Reader>>,
    viewer: Viewer,
    Path((round, upload, name)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let (round, upload) = (number(&round)?, number(&upload)?);
    let file_no = number(name.split('.').next().unwrap_or_default())?;
    let book = book(&office, &books, &viewer).await?;
    let cx = Cx::inside(&office, viewer.actor(), viewer.district.clone());
    let (held, body) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let held = held(tx, &cx, &book, round, upload).await?;
                Ok((held, store::file_body(tx, &cx.district, upload, file_no).await?))
            })
        })
        .await
        .map_err(absent)?;
    let known = held.files.iter().find(|file| file.no == file_no).ok_or(PageError::NotFound)?;
    let body = body.ok_or(PageError::NotFound)?;
    let marks = result::marks(file_no, &held.faults, held.rows.iter().map(|it| &it.row));
    if marks.is_empty() {
        return Err(PageError::NotFound);
    }
    let bytes = reader.mark(&body, &known.name, marks).await?;
    let (stem, ending) = known.name.rsplit_once('.').unwrap_or((&known.name, "xlsx"));
    let kind = if ending.eq_ignore_ascii_case("csv") { CSV } else { XLSX };
    file(Workbook { file_name: format!("{stem}-오류 표시.{ending}"), bytes }, kind)
}

/// An upload with everything that can be said of it now.
pub(crate) struct Held {
    pub round: Round,
    pub upload: Upload,
    pub files: Vec<UploadedFile>,
    pub rows: Vec<Weighed>,
    /// What is wrong in the files, and then what the ledger says to rows that were only read.
    pub faults: Vec<Fault>,
}

/// Reads an upload of a round and weighs its rows against what stands now.
pub(crate) async fn held(tx: &mut Tx, cx: &Cx, book: &District, round_no: i64, no: i64) -> Outcome<Held> {
    let upload = look::upload(tx, cx, no).await?;
    // An upload has one address; under another round's there is nothing.
    let round_no = if upload.round_no == round_no { round_no } else { 0 };
    let (round, asks) = look::round_with_asks(tx, cx, round_no).await?;
    let files = store::files_of(tx, &cx.district, no).await?;
    let rows = store::rows_of(tx, &cx.district, no).await?;
    let rows = weigh(tx, cx, book, &round, &asks, rows).await?;
    let mut faults = store::faults_of(tx, &cx.district, no).await?;
    for row in &rows {
        if let (Verdict::Faulty(of_row), crate::model::RowState::Read) = (&row.verdict, &row.row.state) {
            faults.extend(of_row.iter().cloned());
        }
    }
    Ok(Held { round, upload, files, rows, faults })
}

/// What is not there is told as such.
pub(super) fn absent(stop: iljari_base::Stop) -> PageError {
    if stop.has("not-yours-to-see") { PageError::NotFound } else { stop.into() }
}

/// A file to save, under its Korean name (RFC 8187).
fn file(workbook: Workbook, kind: &'static str) -> Result<Response, PageError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded: String = workbook
        .file_name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let ending = workbook.file_name.rsplit('.').next().unwrap_or("bin");
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("attachment; filename=\"collection.{ending}\"; filename*=UTF-8''{encoded}");
    Response::builder()
        .header(CONTENT_TYPE, kind)
        .header(CONTENT_DISPOSITION, name)
        .body(Body::from(workbook.bytes))
        .map_err(|error| Failure::new(error).context("hand out a file").into())
}
