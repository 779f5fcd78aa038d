//! Looking up rounds and uploads, with the refusals that every act of the slice shares.

use iljari_base::{DistrictCode, Outcome, Refusal, Stop};
use iljari_people::Cx;
use iljari_store::Tx;

use crate::board::{BoardLine, board};
use crate::model::{Ask, Round, Upload, UploadState};
use crate::stands::Stands;
use crate::store;

/// The upload, or `not-yours-to-see`.
pub async fn upload(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Upload> {
    store::upload_of(tx, &cx.district, no).await?.ok_or_else(not_here)
}

/// The round, or `not-yours-to-see`.
pub async fn round(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<Round> {
    store::round_of(tx, &cx.district, no).await?.ok_or_else(not_here)
}

/// The round with what it asks for, or `not-yours-to-see`.
pub async fn round_with_asks(tx: &mut Tx, cx: &Cx, no: i64) -> Outcome<(Round, Vec<Ask>)> {
    let round = round(tx, cx, no).await?;
    Ok((round, store::asks(tx, &cx.district, no).await?))
}

/// Every round of the district with its board, the newest first.
pub async fn boards(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<(Round, Vec<BoardLine>)>> {
    let stands = Stands::read(tx, district).await?;
    let mut boards = Vec::new();
    for round in store::rounds(tx, district).await? {
        let asks = store::asks(tx, district, round.no).await?;
        let mut uploads = Vec::new();
        for upload in store::uploads_of_round(tx, district, round.no).await? {
            let rows = store::rows_of(tx, district, upload.no).await?;
            uploads.push((upload, rows));
        }
        let lines = board(&round, &asks, &uploads, &stands);
        boards.push((round, lines));
    }
    Ok(boards)
}

/// Moves the upload on, or `already-decided` where somebody was faster.
pub async fn move_on(tx: &mut Tx, cx: &Cx, upload: &Upload, to: &UploadState) -> Outcome<()> {
    if store::move_upload(tx, &cx.district, upload, to).await? { Ok(()) } else { Err(already(upload)) }
}

fn not_here() -> Stop {
    Refusal::new("not-yours-to-see", "", "찾으시는 자료가 없습니다.").into()
}

/// Why an act does not fit where the upload stands.
pub fn already(upload: &Upload) -> Stop {
    let message = format!("이미 처리된 자료입니다(지금 상태: {}).", upload.state.label());
    Refusal::new("already-decided", "", message).into()
}
