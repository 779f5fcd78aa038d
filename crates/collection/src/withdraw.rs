//! Withdrawing an upload (거둬들이기): it was a mistake, and nothing of it stays in the queue.

use iljari_base::{Outcome, Refusal};
use iljari_people::{Cx, responsible_for};
use iljari_store::Tx;

use crate::look;
use crate::model::UploadState;
use crate::send_back::each_staged;

/// Withdraws an upload that is looked at or waits. A waiting one is its submitter's, or of whoever
/// took over that officer's work.
///
/// Refusals: `not-yours-to-see`, `already-decided`, `not-your-own`.
pub async fn withdraw(tx: &mut Tx, cx: &Cx, upload_no: i64) -> Outcome<()> {
    let upload = look::upload(tx, cx, upload_no).await?;
    match upload.state {
        UploadState::Previewed => {}
        UploadState::Waiting { by, at } => {
            let own = by == cx.actor
                || match (by.officer(), cx.actor.officer()) {
                    (Some(writer), Some(actor)) => {
                        responsible_for(tx, &cx.district, writer, at.seoul_date(), cx.today()).await? == actor
                    }
                    _ => false,
                };
            if !own {
                let message = "올린 사람이나 그 업무를 넘겨받은 사람만 거둬들일 수 있습니다.";
                return Err(Refusal::new("not-your-own", "", message).into());
            }
            each_staged(tx, cx, &upload, None).await?;
        }
        _ => return Err(look::already(&upload)),
    }
    look::move_on(tx, cx, &upload, &UploadState::Withdrawn { at: cx.now() }).await
}
