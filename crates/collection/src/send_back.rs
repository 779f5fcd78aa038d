//! Sending an upload back (반려): to the department, with a reason.
//!
//! Owns: both roads. While it is looked at, an officer with 작성 sends back what the department has to
//! mend; once it waits, its second officer does, and every staged number goes back with it.

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Outcome, Refusal, Stop};
use iljari_ledger::record;
use iljari_people::{Cx, may_confirm};
use iljari_store::Tx;
use iljari_web::{Duty, Viewer};

use crate::model::{RowState, Upload, UploadState};
use crate::{look, store};

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// Sends an upload back.
///
/// Refusals: `not-yours-to-see`, `already-decided`, `no-duty` and those of `people::may_confirm`; then, for
/// whoever may, `resident-number`, `remark-too-long`, `send-back-without-reason`.
pub async fn send_back(tx: &mut Tx, cx: &Cx, viewer: &Viewer, upload_no: i64, reason: &str) -> Outcome<()> {
    let upload = look::upload(tx, cx, upload_no).await?;
    // Whoever may not send it back has no field to mend, so the reason is looked at last.
    let reason = match upload.state {
        UploadState::Previewed if viewer.may(Duty::Record) => checked(reason)?,
        UploadState::Previewed => {
            return Err(Refusal::new("no-duty", "", "작성 업무를 맡은 담당자가 부서로 돌려보냅니다.").into());
        }
        UploadState::Waiting { by, .. } => {
            may_confirm(tx, viewer, by, cx.today()).await?;
            let reason = checked(reason)?;
            each_staged(tx, cx, &upload, Some((viewer, &reason))).await?;
            reason
        }
        _ => return Err(look::already(&upload)),
    };
    look::move_on(tx, cx, &upload, &UploadState::SentBack { by: cx.actor, at: cx.now(), reason }).await
}

fn checked(reason: &str) -> Result<String, Stop> {
    let reason = reason.trim();
    if looks_like_resident_number(reason) {
        let message = "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.";
        return Err(Refusal::new("resident-number", "개인정보 보호법 제24조의2", message).at("reason").into());
    }
    let length = reason.chars().count();
    if length > REASON_MAX {
        let message = format!("{REASON_MAX}자까지 적을 수 있습니다. 지금은 {length}자입니다.");
        return Err(Refusal::new("remark-too-long", "", message).at("reason").into());
    }
    if length < 5 {
        let message = "돌려보내는 까닭을 다섯 글자 이상 적어 주세요. 부서가 보고 고칩니다.";
        return Err(Refusal::new("send-back-without-reason", "", message).at("reason").into());
    }
    Ok(reason.to_owned())
}

/// Takes every staged number of the upload out of the queue: back to its writer, or withdrawn by them.
/// What somebody decided one by one meanwhile stays decided.
pub(crate) async fn each_staged(tx: &mut Tx, cx: &Cx, upload: &Upload, by: Option<(&Viewer, &str)>) -> Outcome<()> {
    for row in store::rows_staged(tx, &cx.district, upload.no, i64::MAX).await? {
        let RowState::Staged(staged) = &row.state else { continue };
        let Ok(id) = staged.parse() else { continue };
        let outcome = match by {
            Some((viewer, reason)) => record::send_back(tx, cx, viewer, id, reason).await,
            None => record::withdraw(tx, cx, id).await,
        };
        match outcome {
            Err(stop) if !stop.has("already-decided") => return Err(stop),
            _ => {}
        }
        store::set_row_state(tx, &cx.district, upload.no, row.no, &RowState::Read).await?;
    }
    Ok(())
}
