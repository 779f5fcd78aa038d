//! What an old backup lacks comes back from what was published (되찾기): the log goes on where it was, without a fork.
//!
//! Owns: entering again, in the log's order and byte for byte, every leaf that was signed and is not in these data, with
//! its place, its seal and its disclosure. Does not own: whether what lies in the folder was published by this office
//! (`published`). What a newcomer gets wrong: taking it for a backup. A leaf says what was counted; why, by whom and
//! for which person it does not say, and that stays lost. Where this office still holds the number as it waited for its
//! second person, its words come back with it.
//!
//! ```text
//! signed checkpoint, ours → every published leaf hashes to it → our own leaves are its beginning
//!   → one transaction: entries, totals, places, seals, disclosures   — all or nothing
//!   → key folder's memory → published files                          — as after every seal
//! ```

mod disclosed;
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iljari_base::{Actor, DistrictCode, Inconsistency, Outcome, Refusal, Stop, Timestamp};
use iljari_disclosure::log::Checkpoint;
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::log::note::Signer;
use iljari_disclosure::log::words::Why;
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_plans::books;
use iljari_store::Tx;
use iljari_web::Office;

use crate::append::{self, Behind};
use crate::keys::KeyFolder;
use crate::model::{Entry, EntryKind, Seal, Staged, StagedState};
use crate::{adopt, publish, seal, store};
use published::Published;

/// The kind of evidence of an entry whose evidence is not known any more.
pub const UNKNOWN_EVIDENCE: &str = "되찾음";

/// What stands in the place of the officer's words. Anybody may read it.
const UNKNOWN_WORDS: &str = "공개한 기록에서 되찾은 기록입니다. 근거와 담당자는 이 자료에 남아 있지 않습니다.";

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Leaves in the log before.
    pub before: u64,
    /// Leaves in the log now: as many as were signed.
    pub size: u64,
    /// Of what came back, entries that stood in these data and waited for a seal.
    pub pending: usize,
    /// Entries whose words still waited here for a second person.
    pub with_words: usize,
    /// Entries of which only the public leaf is known.
    pub bare: usize,
    /// Of those, leaves of one person's job each: whose, these data do not say.
    pub jobs: Vec<String>,
    /// Seals whose signed checkpoint is known.
    pub seals: usize,
    /// Numbers of the disclosures that came back.
    pub disclosures: Vec<i64>,
    /// A number that was entered here since, and the leaf that came back and counts the same months.
    pub twice: Vec<(String, String)>,
}

/// Takes back what was signed and is not in these data, from a folder as [`publish::folder`] is. `None` where nothing is missing.
///
/// Refusals: `no-published-log`, `published-not-ours`, `published-spoiled`, `published-behind`, `differs-from-published`,
/// `plan-missing`, `bundle-missing`, `disclosure-differs`, `node-with-numbers`.
pub async fn recover(
    office: &Office,
    district: &DistrictCode,
    from: &Path,
    actor: Actor,
) -> Outcome<Option<Recovered>> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    let alone = keys.alone(district, "seal").await?;
    let last_signed = keys.last_signed(district)?;
    let mut signers: Vec<Signer> = keys.existing(district)?.into_iter().collect();
    signers.extend(keys.former(district)?);
    let published = Published::read(from, district, &keys.origin(district), &signers)?;
    if let Some(signed) = last_signed
        && published.tree.root_at(signed.size) != Some(signed.root)
    {
        return Err(published.does_not_hold(signed.size).into());
    }
    let (cx, is_demo) = (Cx::inside(office, actor, district.clone()), office.demo);
    let done = office
        .store
        .write(move |tx| Box::pin(async move { take_back(tx, &cx, &published, &signers, is_demo).await }))
        .await?;
    let Some((recovered, last)) = done else { return Ok(None) };
    seal::remember(&keys, district, &last, last_signed)?;
    drop(alone);
    publish::publish(office, district).await?;
    Ok(Some(recovered))
}

async fn take_back(
    tx: &mut Tx,
    cx: &Cx,
    published: &Published,
    signers: &[Signer],
    is_demo: bool,
) -> Outcome<Option<(Recovered, Seal)>> {
    let log = seal::checked_log(tx, &cx.district, None).await?;
    let (before, size) = (log.tree.size(), published.head.size);
    if published.tree.root_at(before.min(size)) != log.tree.root_at(before.min(size)) {
        return Err(differs(before.min(size)).into());
    }
    if before >= size {
        return Ok(None);
    }
    let missing = published.leaves.get(usize::try_from(before).unwrap_or(usize::MAX)..).unwrap_or_default();
    plans_are_here(tx, cx, missing).await?;
    let at = log.last.as_ref().map_or_else(|| cx.now(), |seal| seal.sealed_at.max(cx.now()));
    let mut recovered = Recovered { before, size, ..Recovered::default() };
    let places = enter_again(tx, cx, missing, &mut recovered).await?;
    let seals = set_seals(tx, cx, &log, published, &places, at).await?;
    recovered.seals = seals.len();
    let last = seals.into_iter().last().ok_or_else(|| impossible("seal", "no checkpoint of what came back"))?;
    // Looked at once more: what is remembered as signed must be what the entries hash to.
    let whole = seal::checked_log(tx, &cx.district, None).await?;
    if whole.tree.root() != published.head.root {
        return Err(impossible("entry", "what came back does not hash to the signed root"));
    }
    recovered.disclosures = disclosed::take_back(tx, cx, missing, &whole.lines, published, (signers, is_demo)).await?;
    let newest = iljari_plans::store::newest_seq(tx, &cx.district).await?;
    let book = books::as_of(tx, &cx.district, newest).await?;
    adopt::nothing_left_behind(tx, &book).await?;
    let act = format!("공개한 기록에서 장부를 되찾음: {before}건에서 {size}건으로");
    log_access(tx, cx, Access::to(act, Whose::Nobody)).await?;
    Ok(Some((recovered, last)))
}

/// Plan files are not in the log, only their hashes: they must be here before the leaves that speak of them.
async fn plans_are_here(tx: &mut Tx, cx: &Cx, missing: &[Leaf]) -> Outcome<()> {
    let here: BTreeSet<String> =
        iljari_plans::store::files(tx, &cx.district).await?.into_iter().map(|file| file.sha256).collect();
    let refusals: Vec<Refusal> = missing
        .iter()
        .filter_map(|leaf| match leaf.body() {
            Body::Plan { reference, sha256 } if !here.contains(&sha256.to_string()) => Some(Refusal::new(
                "plan-missing",
                "",
                format!(
                    "백업 뒤에 채택한 계획 ‘{reference}’의 파일이 없습니다(SHA-256 {sha256}). 공시 묶음의 documents/plan에서 찾아 같은 파일을 다시 채택한 뒤에 해 주세요."
                ),
            )),
            _ => None,
        })
        .collect();
    if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
}

/// Every missing leaf becomes an entry, unless it is one that waited here for its seal. The entries' numbers, in the
/// log's order.
async fn enter_again(tx: &mut Tx, cx: &Cx, missing: &[Leaf], recovered: &mut Recovered) -> Outcome<Vec<i64>> {
    let pending = store::pending_entries(tx, &cx.district).await?;
    let mut waiting = store::staged_waiting(tx, &cx.district).await?;
    let (mut places, mut came_back) = (Vec::with_capacity(missing.len()), Vec::new());
    for leaf in missing {
        let (name, line) = (leaf.id().to_string(), leaf.to_line().into_bytes());
        if let Some(known) = pending.iter().find(|entry| entry.leaf_id == name) {
            if known.body != line {
                return Err(differs(recovered.before).into());
            }
            recovered.pending += 1;
            places.push(known.seq);
            continue;
        }
        let here = waiting.iter().position(|staged| is_of(staged, leaf)).map(|nth| waiting.remove(nth));
        let behind = match &here {
            Some(staged) => Behind {
                evidence_kind: staged.evidence_kind.as_str(),
                remark: &staged.remark,
                recorded_by: staged.recorded_by,
            },
            None if leaf.slot().is_some() => {
                Behind { evidence_kind: UNKNOWN_EVIDENCE, remark: UNKNOWN_WORDS, recorded_by: cx.actor }
            }
            None => Behind { evidence_kind: "", remark: "", recorded_by: cx.actor },
        };
        let entry = append::enter_again(tx, cx, leaf, behind).await?;
        match &here {
            Some(staged) => {
                // It was confirmed, or it would not be in the log. By whom these data do not say.
                let state = StagedState::Confirmed { by: cx.actor, at: cx.now(), entry_seq: entry.seq };
                if !store::decide_staged(tx, &cx.district, staged.id, &state, cx.actor, cx.now()).await? {
                    return Err(impossible("staged", &staged.id.to_string()));
                }
                recovered.with_words += 1;
            }
            None => {
                recovered.bare += 1;
                if matches!(leaf.body(), Body::Job { .. }) {
                    recovered.jobs.push(name);
                }
            }
        }
        places.push(entry.seq);
        came_back.push(entry);
    }
    let since = pending.iter().filter(|entry| !places.contains(&entry.seq));
    recovered.twice = since.flat_map(|entry| counted_twice(entry, &came_back)).collect();
    Ok(places)
}

/// Whether a number that waits here is what a leaf entered.
fn is_of(staged: &Staged, leaf: &Leaf) -> bool {
    let counted = &staged.counted;
    let same_place = leaf.slot().is_some_and(|slot| *slot == append::slot(counted)) && leaf.amount() == counted.amount;
    let answered: Option<(String, Why)> = match leaf.body() {
        Body::Correction { of, why, .. } => Some((of.to_string(), *why)),
        Body::Count { .. } => None,
        _ => return false,
    };
    same_place && staged.correction == answered
}

/// What came back and counts the same as a number that was entered here since.
fn counted_twice(entry: &Entry, came_back: &[Entry]) -> Vec<(String, String)> {
    let Some(counted) = entry.counted.as_ref().filter(|_| entry.kind == EntryKind::Count) else { return Vec::new() };
    let same = |other: &&Entry| {
        other.kind == EntryKind::Count
            && other.counted.as_ref().is_some_and(|other| {
                (&other.node, other.field, other.unit) == (&counted.node, counted.field, counted.unit)
                    && other.period.overlaps(counted.period)
            })
    };
    came_back.iter().filter(same).map(|other| (entry.leaf_id.clone(), other.leaf_id.clone())).collect()
}

/// Sets the entries in their places, under the seals whose signed checkpoints are known. Seals in between whose
/// checkpoints nobody published stay lost: what they held belongs to the next one that is known.
async fn set_seals(
    tx: &mut Tx,
    cx: &Cx,
    log: &seal::Log,
    published: &Published,
    places: &[i64],
    at: Timestamp,
) -> Outcome<Vec<Seal>> {
    let before = log.tree.size();
    let heads: BTreeMap<u64, (&Checkpoint, &str)> = published
        .heads
        .iter()
        .map(|(head, text)| (head.size, (head, text.as_str())))
        .filter(|(size, _)| *size > before)
        .collect();
    let mut no = log.last.as_ref().map_or(0, |seal| seal.no);
    let (mut from, mut seals) = (before, Vec::new());
    for (size, (head, checkpoint)) in heads {
        no = no.saturating_add(1);
        let place = |leaf: u64| usize::try_from(leaf.saturating_sub(before)).unwrap_or(usize::MAX);
        let of_seal =
            places.get(place(from)..place(size)).ok_or_else(|| impossible("sealed_leaf", "too few leaves"))?;
        let first = i64::try_from(from).unwrap_or(i64::MAX);
        store::insert_sealed_leaves(tx, &cx.district, first, of_seal, (no, true), at).await?;
        let seal = Seal {
            no,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            root: head.root.to_string(),
            checkpoint: checkpoint.to_owned(),
            sealed_by: cx.actor,
            sealed_at: at,
        };
        store::insert_seal(tx, &cx.district, &seal).await?;
        seals.push(seal);
        from = size;
    }
    Ok(seals)
}

fn differs(size: u64) -> Refusal {
    Refusal::new(
        "differs-from-published",
        "",
        format!(
            "공개한 기록의 앞부분({size}건까지)이 이 자료와 다릅니다. 다른 자료이거나 누가 고친 것입니다. 아무것도 채우지 않았습니다."
        ),
    )
}

fn impossible(table: &'static str, row: &str) -> Stop {
    Stop::Inconsistent(Inconsistency { table, column: "recovered".to_owned(), row: row.to_owned() })
}
