//! One person's job becomes an entry (개별 기록): the act that the programs above call.
//!
//! Owns: the refusals of that act, and the fresh blinding behind which the person stands. Does not own:
//! who the person is, or keeping what opens the commitment; that goes back to the caller, who seals it.
//! What a newcomer gets wrong: putting the day she started into the period. A leaf carries the whole
//! period of the round, so that it cannot be matched with what neighbours saw.

use iljari_base::{Actor, Failure, Outcome, Period, Refusal};
use iljari_disclosure::log::commitment::{Opening, content};
use iljari_disclosure::log::leaf::Body;
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::{Field, Unit};
use iljari_people::{Cx, may_confirm};
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::append::{self, Behind};
use crate::model::{Counted, Entry, EvidenceKind};
use crate::record::{Counting, NodeFacts};

/// A job that one officer wrote down and another is about to confirm.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'j> {
    /// Where it counts.
    pub facts: &'j NodeFacts,
    /// The whole period of the round.
    pub period: Period,
    /// What it rests on.
    pub evidence_kind: EvidenceKind,
    /// Words that anybody may read; never about the person.
    pub remark: &'j str,
    /// 작성자.
    pub recorded_by: Actor,
    /// What the commitment stands for: names and values in a fixed order.
    pub stands_for: &'j [(&'j str, &'j str)],
}

/// A job that was entered.
#[derive(Debug)]
pub struct EnteredJob {
    /// Its entry.
    pub entry: Entry,
    /// What opens its commitment. The caller seals it with the person's own key and keeps no other copy.
    pub opening: Opening,
}

/// Enters one person's job: the leaf, the entry and the total, together or not at all. The confirmer is the viewer.
///
/// Refusals: `counted-by-sums`, `two-years`, `press-is-no-person`, and those of `people::may_confirm`
/// (`own-confirmation`, `not-confirmer`).
pub async fn enter(tx: &mut Tx, cx: &Cx, viewer: &Viewer, job: NewJob<'_>) -> Outcome<EnteredJob> {
    if job.facts.counting == Counting::Sums {
        return Err(Refusal::new(
            "counted-by-sums",
            "계획 파일의 집계 방식",
            format!("‘{}’ 사업은 부서 집계로 셉니다. 한 사람씩 기록할 수 없습니다.", job.facts.name),
        )
        .into());
    }
    if job.period.first().year() != job.period.last().year() {
        return Err(Refusal::new("two-years", "", "한 사람의 일자리는 한 해 안의 기간으로 적습니다.").into());
    }
    if job.evidence_kind == EvidenceKind::Press {
        return Err(Refusal::new("press-is-no-person", "", "보도 자료로는 한 사람의 일자리를 적을 수 없습니다.").into());
    }
    may_confirm(tx, viewer, job.recorded_by, cx.today()).await?;
    let mut blinding = [0; 32];
    cx.entropy.fill(&mut blinding);
    let content = content(job.stands_for).ok_or_else(|| Failure::new("a commitment's text is not NFC or too long"))?;
    let opening = Opening::new(blinding, content);
    let counted = Counted {
        node: job.facts.node.clone(),
        period: job.period,
        field: job.facts.field.unwrap_or(Field::Unknown),
        unit: Unit::Jobs,
        amount: 1,
        grade: job.evidence_kind.grade(),
        rest: false,
    };
    let body = Body::Job { slot: append::slot(&counted), grade: counted.grade, commit: opening.commitment() };
    let behind = Behind { evidence_kind: job.evidence_kind.as_str(), remark: job.remark, recorded_by: job.recorded_by };
    let entry = append::enter(tx, cx, body, Some((&counted, Source::Records)), None, behind).await?;
    Ok(EnteredJob { entry, opening })
}
