//! Adopting a plan file (계획 채택): the file is kept, and a plan's hash enters the ledger.
//!
//! Owns: the one transaction of both, and the rule that no number loses its place. Does not own:
//! whether the file is sound (`disclosure::plan` checked it before).

use std::collections::BTreeSet;

use iljari_base::id::Id;
use iljari_base::{Outcome, Refusal, Stop, Year};
use iljari_disclosure::log::leaf::Body;
use iljari_disclosure::log::tree::Hash;
use iljari_disclosure::log::words::{NodeId, PlanRef};
use iljari_disclosure::plan::District;
use iljari_people::Cx;
use iljari_plans::PlanFile;
use iljari_store::Tx;

use crate::append::{self, Behind};
use crate::store;

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

/// Whether every number, entered or waiting, has its place in the trees of this book. Asked after a
/// district's files were adopted, in the same act: a total without a node could not be shown or disclosed.
///
/// Refusal: `node-with-numbers`, one for each node and year.
pub async fn nothing_left_behind(tx: &mut Tx, book: &District) -> Outcome<()> {
    let entered = store::totals(tx, &book.code).await?.into_iter().map(|(key, _)| (key.year, key.node));
    let mut places: BTreeSet<(Year, NodeId)> = entered.collect();
    for staged in store::staged_waiting(tx, &book.code).await? {
        places.insert((staged.counted.year(), staged.counted.node));
    }
    let has_place = |year: Year, node: &NodeId| {
        node.is_root() || book.tree_in_force(year).is_some_and(|plan| plan.node(node.as_str()).is_some())
    };
    let homeless: Vec<Refusal> = places
        .iter()
        .filter(|(year, node)| !has_place(*year, node))
        .map(|(year, node)| {
            Refusal::new(
                "node-with-numbers",
                "",
                format!(
                    "{year}년 ‘{node}’에 이미 올린 실적이 있는데 새 계획에는 이 번호가 없습니다. 계획에 번호를 남겨 두거나, 확인을 기다리는 실적이면 먼저 돌려보내 주세요."
                ),
            )
        })
        .collect();
    if homeless.is_empty() { Ok(()) } else { Err(Stop::Refused(homeless)) }
}
