//! Confirming an upload (확인): the second officer says yes to the whole of it.
//!
//! Owns: the decision. Does not own: making the entries; `apply` works through the rows afterwards, each
//! through `ledger::record::confirm`, which asks again whether this officer may. What a newcomer gets
//! wrong: expecting the total to have moved when this returns.

use iljari_base::Outcome;
use iljari_people::{Cx, may_confirm};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::model::UploadState;
use crate::{look, store};

/// Confirms a waiting upload.
///
/// Refusals: `not-yours-to-see`, `already-decided`, and those of `people::may_confirm`
/// (`own-confirmation`, `not-confirmer`).
pub async fn confirm(tx: &mut Tx, cx: &Cx, viewer: &Viewer, upload_no: i64) -> Outcome<()> {
    let upload = look::upload(tx, cx, upload_no).await?;
    let UploadState::Waiting { by: submitted_by, .. } = upload.state else { return Err(look::already(&upload)) };
    may_confirm(tx, viewer, submitted_by, cx.today()).await?;
    let applying = UploadState::Applying { submitted_by, by: cx.actor, at: cx.now() };
    look::move_on(tx, cx, &upload, &applying).await?;
    // An upload of nothing but 실적 없음 has no row to work through.
    if store::rows_staged(tx, &cx.district, upload_no, 1).await?.is_empty() {
        let upload = look::upload(tx, cx, upload_no).await?;
        let applied = UploadState::Applied { by: cx.actor, at: cx.now(), finished_at: cx.now() };
        look::move_on(tx, cx, &upload, &applied).await?;
    }
    Ok(())
}
