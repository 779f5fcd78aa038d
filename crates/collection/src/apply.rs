//! Working through a confirmed upload (반영): a chore in small steps.
//!
//! Owns: that every row has its end exactly once. A step is one transaction: some rows become entries
//! and say so, together or not at all, so a crash between two steps loses and doubles nothing.
//! A row that no longer fits is refused by the ledger's own words and goes back to its writer; the others
//! go on, and the page names each. What a newcomer gets wrong: one transaction for the whole upload; a
//! single project that somebody corrected meanwhile would hold back forty departments.

use std::sync::Arc;

use iljari_base::{Actor, DistrictCode, Failure, Id, Outcome, Stop, id};
use iljari_ledger::model::StagedState;
use iljari_ledger::{record, store as ledger};
use iljari_people::{Cx, admin};
use iljari_store::Tx;
use iljari_web::{Office, Viewer};

use crate::model::{RowState, SheetRow, Upload, UploadState};
use crate::{look, store};

/// Rows of one step. The other writers of the office wait no longer than that.
pub const STEP_ROWS: i64 = 20;

/// Works through the next rows. `true` when none is left.
pub async fn step(tx: &mut Tx, cx: &Cx, upload_no: i64) -> Outcome<bool> {
    let upload = look::upload(tx, cx, upload_no).await?;
    let UploadState::Applying { by, at, .. } = upload.state else { return Ok(true) };
    let confirming = Cx { actor: by, ..cx.clone() };
    let viewer = viewer(tx, &confirming, by).await?;
    for row in store::rows_staged(tx, &cx.district, upload_no, STEP_ROWS).await? {
        let end = apply(tx, &confirming, &viewer, &row).await?;
        store::set_row_state(tx, &cx.district, upload_no, row.no, &end).await?;
    }
    if !store::rows_staged(tx, &cx.district, upload_no, 1).await?.is_empty() {
        return Ok(false);
    }
    let applied = UploadState::Applied { by, at, finished_at: cx.now() };
    look::move_on(tx, cx, &upload, &applied).await?;
    Ok(true)
}

async fn apply(tx: &mut Tx, cx: &Cx, viewer: &Viewer, row: &SheetRow) -> Outcome<RowState> {
    let RowState::Staged(text) = &row.state else { return Ok(row.state.clone()) };
    let id: Id<id::Staged> = text.parse().map_err(Failure::new)?;
    match record::confirm(tx, cx, viewer, id).await {
        Ok(entry) => Ok(RowState::Applied(entry.leaf_id)),
        Err(stop) if stop.has("already-decided") => decided_elsewhere(tx, cx, id).await,
        Err(Stop::Refused(refusals)) => {
            let words = refusals.into_iter().map(|refusal| refusal.message).collect::<Vec<_>>().join(" ");
            // Its writer finds it among what came back. An officer who may not confirm cannot send back either.
            match record::send_back(tx, cx, viewer, id, &words).await {
                Ok(()) | Err(Stop::Refused(_)) => Ok(RowState::Refused(words)),
                Err(other) => Err(other),
            }
        }
        Err(other) => Err(other),
    }
}

/// Somebody decided this one number on its own page before its turn came.
async fn decided_elsewhere(tx: &mut Tx, cx: &Cx, id: Id<id::Staged>) -> Outcome<RowState> {
    let staged = ledger::staged_of(tx, &cx.district, id).await?;
    if let Some(StagedState::Confirmed { entry_seq, .. }) = staged.as_ref().map(|staged| &staged.state) {
        let entries = ledger::entries(tx, &cx.district).await?;
        if let Some(entry) = entries.into_iter().find(|entry| entry.seq == *entry_seq) {
            return Ok(RowState::Applied(entry.leaf_id));
        }
    }
    let label = staged.map_or("없음", |staged| staged.state.label());
    Ok(RowState::Refused(format!("이 숫자만 따로 처리되었습니다(지금 상태: {label}).")))
}

/// The confirming officer, as `record::confirm` wants to know them; it reads their duties itself.
pub(crate) async fn viewer(tx: &mut Tx, cx: &Cx, by: Actor) -> Outcome<Viewer> {
    let officer = by.officer().ok_or_else(|| Failure::new("an upload was confirmed by no officer"))?;
    let known = admin::officer(tx, &cx.district, officer).await?;
    let known = known.ok_or_else(|| Failure::new("the officer who confirmed an upload is not there"))?;
    Ok(Viewer {
        officer,
        name: known.name.clone(),
        district: cx.district.clone(),
        department: String::new(),
        duties: known.duties_on(cx.today()),
        session: Id::fresh(&*cx.clock, &*cx.entropy),
    })
}

/// Works through an upload to its end.
pub async fn to_the_end(office: &Office, district: &DistrictCode, upload_no: i64) -> Outcome<()> {
    let cx = Cx::inside(office, Actor::System, district.clone());
    loop {
        let acting = cx.clone();
        if office.store.write(move |tx| Box::pin(async move { step(tx, &acting, upload_no).await })).await? {
            return Ok(());
        }
    }
}

/// Starts working through an upload beside whatever else the office does. A failure leaves it where the
/// last whole step ended; the next start, or the button on its page, goes on from there.
pub fn begin(office: &Arc<Office>, district: &DistrictCode, upload_no: i64) {
    let (office, district) = (Arc::clone(office), district.clone());
    tokio::spawn(async move {
        if let Err(stop) = to_the_end(&office, &district, upload_no).await {
            tracing::error!(upload.no = upload_no, failure = %stop, "an upload stopped on its way into the ledger");
        }
    });
}

/// Goes on with every upload that a stop of the program left half way (정해진 때 도는 일).
pub async fn resume(office: &Arc<Office>) -> Outcome<()> {
    let left = office.store.read(|tx| Box::pin(store::uploads_applying(tx))).await?;
    for (district, upload_no) in left {
        begin(office, &district, upload_no);
    }
    Ok(())
}

/// How far an upload has come: rows that have their end, of those that have one to come.
pub fn progress(upload: &Upload, rows: &[SheetRow]) -> (usize, usize) {
    let ended = |row: &&SheetRow| matches!(row.state, RowState::Applied(_) | RowState::Refused(_));
    let ahead = |row: &&SheetRow| matches!(row.state, RowState::Staged(_));
    let done = rows.iter().filter(ended).count();
    let total = done.saturating_add(rows.iter().filter(ahead).count());
    debug_assert!(!matches!(upload.state, UploadState::Applied { .. }) || done == total);
    (done, total)
}
