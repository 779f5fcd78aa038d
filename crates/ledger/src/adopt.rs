//! Adopting a plan file (계획 채택): the file is kept, and a plan's hash enters the ledger.
//!
//! Owns: the one transaction of both. Does not own: whether the file is sound (`disclosure::plan`
//! checked it before).

use iljari_base::Outcome;
use iljari_base::id::Id;
use iljari_disclosure::log::leaf::Body;
use iljari_disclosure::log::tree::Hash;
use iljari_disclosure::log::words::PlanRef;
use iljari_people::Cx;
use iljari_plans::PlanFile;
use iljari_store::Tx;

use crate::append::{self, Behind};

/// A file to adopt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// What it is: 구, 출처, 종합계획, 연차계획, 실적.
    pub kind: String,
    /// The plan's name; `None` for a file that is no plan.
    pub reference: Option<PlanRef>,
    /// The file's name in the district's folder.
    pub file_name: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Keeps the file as the newest of its name; a plan enters the ledger with the hash of its bytes.
pub async fn adopt(tx: &mut Tx, cx: &Cx, file: NewFile) -> Outcome<()> {
    let sha256 = Hash::of(&file.body);
    let kept = PlanFile {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        kind: file.kind,
        reference: file.reference.as_ref().map(ToString::to_string).unwrap_or_default(),
        file_name: file.file_name,
        sha256: sha256.to_string(),
        body: file.body,
        adopted_by: cx.actor,
        adopted_at: cx.clock.now(),
    };
    iljari_plans::store::insert_file(tx, &cx.district, &kept).await?;
    if let Some(reference) = file.reference {
        let behind = Behind { evidence_kind: "", remark: &kept.file_name, recorded_by: cx.actor };
        append::note(tx, cx, Body::Plan { reference, sha256 }, behind).await?;
    }
    Ok(())
}
