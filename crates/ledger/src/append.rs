//! The one way into the ledger (기재): a leaf, its entry and its total, in the act's own transaction.
//!
//! Owns: making leaves and keeping totals in step with them (I4, I5). Does not own: whether the act
//! was allowed. What a newcomer gets wrong: writing a total by hand.

use iljari_base::id::Id;
use iljari_base::{Actor, Failure, Inconsistency, Outcome, Stop};
use iljari_disclosure::log::leaf::{Body, Leaf, LeafId, Slot};
use iljari_disclosure::log::totals::{Key, Source};
use iljari_disclosure::log::words::{Grade, Why};
use iljari_people::Cx;
use iljari_store::Tx;

use crate::model::{Counted, Entry, EntryKind, Staged};
use crate::store::{self, NewEntry};

/// What stands behind an entry and enters no leaf.
#[derive(Debug, Clone, Copy)]
pub struct Behind<'b> {
    /// What it rests on (근거 종류).
    pub evidence_kind: &'b str,
    /// The officer's words.
    pub remark: &'b str,
    /// 작성자.
    pub recorded_by: Actor,
}

/// Enters a confirmed number: a count or a correction. The confirmer is the context's actor.
pub(crate) async fn enter_staged(tx: &mut Tx, cx: &Cx, staged: &Staged) -> Outcome<Entry> {
    let behind = Behind {
        evidence_kind: staged.evidence_kind.as_str(),
        remark: &staged.remark,
        recorded_by: staged.recorded_by,
    };
    match &staged.correction {
        None => count(tx, cx, &staged.counted, behind).await,
        Some((leaf_id, why)) => correction(tx, cx, leaf_id, *why, &staged.counted, behind).await,
    }
}

/// Enters a department's aggregate (집계).
pub(crate) async fn count(tx: &mut Tx, cx: &Cx, counted: &Counted, behind: Behind<'_>) -> Outcome<Entry> {
    let body = Body::Count { slot: slot(counted), n: counted.amount, grade: counted.grade, rest: counted.rest };
    let source = if counted.grade == Grade::Press { Source::Press } else { Source::Sums };
    enter(tx, cx, body, Some((counted, source)), None, behind).await
}

pub(crate) async fn correction(
    tx: &mut Tx,
    cx: &Cx,
    answered: &str,
    why: Why,
    counted: &Counted,
    behind: Behind<'_>,
) -> Outcome<Entry> {
    let of: LeafId = answered.parse().map_err(|_| impossible(answered))?;
    // A correction belongs to the part of the total that the answered leaf belongs to.
    let source = source_of(tx, cx, answered).await?;
    let body = Body::Correction { of, slot: slot(counted), n: counted.amount, grade: counted.grade, why };
    enter(tx, cx, body, Some((counted, source)), Some(answered), behind).await
}

/// Enters a leaf that counts nothing: an adopted plan, a disclosure, a key.
pub(crate) async fn note(tx: &mut Tx, cx: &Cx, body: Body, behind: Behind<'_>) -> Outcome<Entry> {
    enter(tx, cx, body, None, None, behind).await
}

pub(crate) async fn enter(
    tx: &mut Tx,
    cx: &Cx,
    body: Body,
    counted: Option<(&Counted, Source)>,
    answers: Option<&str>,
    behind: Behind<'_>,
) -> Outcome<Entry> {
    let mut name = [0; 16];
    cx.entropy.fill(&mut name);
    let leaf = Leaf::new(cx.district.clone(), LeafId(name), body)
        .map_err(|fault| Failure::new(fault).context("make a leaf"))?;
    enter_leaf(tx, cx, &leaf, counted, answers, behind).await
}

/// Enters a leaf that is known to the world and not to these data any more. What it counts follows from the leaf alone.
pub(crate) async fn enter_again(tx: &mut Tx, cx: &Cx, leaf: &Leaf, behind: Behind<'_>) -> Outcome<Entry> {
    let counts = |slot: &Slot, grade: Grade, rest: bool| Counted {
        node: slot.node.clone(),
        period: slot.period,
        field: slot.field,
        unit: slot.unit,
        amount: leaf.amount(),
        grade,
        rest,
    };
    let (counted, answers) = match leaf.body() {
        Body::Count { slot, grade, rest, .. } => {
            let source = if *grade == Grade::Press { Source::Press } else { Source::Sums };
            (Some((counts(slot, *grade, *rest), source)), None)
        }
        Body::Job { slot, grade, .. } => (Some((counts(slot, *grade, false), Source::Records)), None),
        Body::Correction { of, slot, grade, .. } => {
            let of = of.to_string();
            let source = source_of(tx, cx, &of).await?;
            (Some((counts(slot, *grade, false), source)), Some(of))
        }
        Body::Plan { .. } | Body::Disclosure { .. } | Body::Key { .. } => (None, None),
    };
    let counted = counted.as_ref().map(|(counted, source)| (counted, *source));
    enter_leaf(tx, cx, leaf, counted, answers.as_deref(), behind).await
}

/// The part of the total that a leaf belongs to, and every correction of it.
async fn source_of(tx: &mut Tx, cx: &Cx, leaf_id: &str) -> Outcome<Source> {
    let answered = store::entry_of_leaf(tx, &cx.district, leaf_id).await?;
    answered.and_then(|entry| entry.source).ok_or_else(|| impossible(leaf_id))
}

async fn enter_leaf(
    tx: &mut Tx,
    cx: &Cx,
    leaf: &Leaf,
    counted: Option<(&Counted, Source)>,
    answers: Option<&str>,
    behind: Behind<'_>,
) -> Outcome<Entry> {
    let line = leaf.to_line().into_bytes();
    let leaf_id = leaf.id().to_string();
    let kind = EntryKind::from_text(leaf.kind()).ok_or_else(|| impossible(leaf.kind()))?;
    let now = cx.clock.now();
    let new = NewEntry {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        leaf_id: &leaf_id,
        kind,
        body: &line,
        counted: counted.map(|(counted, _)| counted),
        source: counted.map(|(_, source)| source),
        answers,
        evidence_kind: behind.evidence_kind,
        remark: behind.remark,
        recorded_by: behind.recorded_by,
        confirmed_by: cx.actor,
    };
    let seq = store::insert_entry(tx, &cx.district, &new, now).await?;
    if let Some((counted, source)) = counted {
        store::add_to_total(tx, &cx.district, &key(counted), source, counted.amount, now).await?;
    }
    Ok(Entry {
        id: new.id,
        seq,
        leaf_id: leaf_id.clone(),
        kind,
        body: line.clone(),
        counted: counted.map(|(counted, _)| counted.clone()),
        source: counted.map(|(_, source)| source),
        answers: answers.map(str::to_owned),
        evidence_kind: behind.evidence_kind.to_owned(),
        remark: behind.remark.to_owned(),
        recorded_by: behind.recorded_by,
        confirmed_by: cx.actor,
        entered_at: now,
        sealed: None,
    })
}

/// The total that a counting entry adds to.
pub(crate) fn key(counted: &Counted) -> Key {
    Key { year: counted.year(), node: counted.node.clone(), unit: counted.unit, field: counted.field }
}

pub(crate) fn slot(counted: &Counted) -> Slot {
    Slot { node: counted.node.clone(), period: counted.period, field: counted.field, unit: counted.unit }
}

fn impossible(what: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table: "entry", column: "leaf_id".to_owned(), row: what.to_owned() })
}
