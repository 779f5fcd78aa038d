//! The seal (봉인): pending entries, shuffled, become leaves; the grown log is signed.
//!
//! Owns: the order of a seal's leaves, the checks before a signature, the signature. Does not own:
//! putting the result where others can read it (`publish`). What a newcomer gets wrong: trusting
//! the last root. Before anything is signed the whole log is hashed again from the entries and
//! compared with the last signature, so that a flipped bit is caught before it is signed.
//!
//! What a crash leaves behind:
//!
//! ```text
//! transaction: sealed_leaf rows + seal row with the signed checkpoint   — all or nothing
//! key folder: last signed size and root                                — may lag; the next start mends it
//! published/: tiles, then the checkpoint                               — may lag; `publish` is run at every start
//! ```

use iljari_base::entropy::shuffle;
use iljari_base::{Actor, DistrictCode, Inconsistency, Outcome, Refusal, Stop, Timestamp};
use iljari_disclosure::log::checkpoint::Checkpoint;
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::log::note::{Signer, VerifierKey};
use iljari_disclosure::log::tree::{self, Tree};
use iljari_store::Tx;
use iljari_web::Office;

use crate::keys::{KeyFolder, LastSigned};
use crate::model::{EntryKind, Seal};
use crate::store::{self, PendingLeaf};

/// Seals everything pending of a district and publishes the grown log. `None` when nothing waits.
///
/// Refusals: `other-key`, `behind-own-signature`, `differs-from-own-signature`, `clock-behind`.
pub async fn seal(office: &Office, district: &DistrictCode, actor: Actor) -> Outcome<Option<Seal>> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    // From the look at the key folder to its new memory: two seals at once must not set it back.
    let alone = keys.alone(district, "seal").await?;
    let signer = signer(office, district).await?;
    let last_signed = keys.last_signed(district)?;
    let (entropy, now, at) = (office.entropy.clone(), office.clock.now(), district.clone());
    let origin = keys.origin(district);
    let (sealed, stands) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let log = checked_log(tx, &at, last_signed).await?;
                let mut pending = store::pending_leaves(tx, &at).await?;
                if pending.is_empty() {
                    return Ok((None, log.last));
                }
                shuffle(&*entropy, &mut pending);
                pending.sort_by_key(rank);
                let seal = sign(tx, &at, log, &pending, &[&signer], &origin, actor, now).await?;
                Ok((Some(seal.clone()), Some(seal)))
            })
        })
        .await?;
    // Where nothing waits, the seal before may have broken off behind its commit: what it left undone is done now.
    if let Some(seal) = &stands {
        remember(&keys, district, seal, last_signed)?;
        drop(alone);
        if sealed.is_some() || !crate::publish::shows(office, district, seal)? {
            crate::publish::publish(office, district).await?;
        }
    }
    Ok(sealed)
}

/// The district's signing key: made before its first seal, and never again after it.
///
/// A key folder that was lost or mixed up must come back; a log that went on under a key that
/// nobody knows would be another log.
pub(crate) async fn signer(office: &Office, district: &DistrictCode) -> Outcome<Signer> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    let at = district.clone();
    let (last, named) = office
        .store
        .read(move |tx| Box::pin(async move { Ok((store::latest_seal(tx, &at).await?, named_key(tx, &at).await?)) }))
        .await?;
    let Some(last) = last else { return Ok(keys.signer(district, &*office.entropy)?) };
    crate::disclose::head(&last)?;
    let is_named = |signer: &Signer| named.as_ref().is_none_or(|named| named == signer.verifier());
    let signed = |signer: &Signer| Checkpoint::open(last.checkpoint.as_bytes(), signer.verifier()).is_ok();
    if !keys.existing(district)?.is_some_and(|key| is_named(&key))
        && keys.next(district)?.is_some_and(|key| is_named(&key))
    {
        // A rotation broke off behind its seal.
        keys.turn(district)?;
    }
    let found = keys.existing(district)?.filter(|key| is_named(key) && signed(key));
    if found.is_none() {
        // A backup from before a change of keys knows the old one only. That it is behind says better what to do.
        let (at, last_signed) = (district.clone(), keys.last_signed(district)?);
        office.store.read(move |tx| Box::pin(async move { checked_log(tx, &at, last_signed).await.map(drop) })).await?;
    }
    Ok(found.ok_or_else(other_key)?)
}

pub(crate) fn other_key() -> Refusal {
    Refusal::new(
        "other-key",
        "",
        "지난 봉인에 서명한 열쇠가 열쇠 폴더에 없습니다. 다른 열쇠로는 이어서 서명하지 않습니다. 열쇠 폴더를 되살린 뒤 다시 해 주세요.",
    )
}

/// The key that the log itself names as the one that signs from then on; `None` before the first rotation.
pub(crate) async fn named_key(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<VerifierKey>> {
    let Some(line) = store::key_line(tx, district).await? else { return Ok(None) };
    match Leaf::parse(&line).ok().as_ref().map(Leaf::body) {
        Some(Body::Key { key }) => Ok(Some(key.clone())),
        _ => Err(Stop::Inconsistent(Inconsistency {
            table: "entry",
            column: "body".to_owned(),
            row: format!("{district}: the newest leaf of a key"),
        })),
    }
}

/// The log as it stands, hashed anew from the entries, with its last seal.
pub(crate) struct Log {
    /// The leaves' lines.
    pub(crate) lines: Vec<Vec<u8>>,
    /// The tree over them.
    pub(crate) tree: Tree,
    /// The last seal.
    pub(crate) last: Option<Seal>,
}

/// Hashes the log again from the entries and holds it against both memories of what was signed.
pub(crate) async fn checked_log(tx: &mut Tx, district: &DistrictCode, last_signed: Option<LastSigned>) -> Outcome<Log> {
    let lines = store::leaf_lines(tx, district).await?;
    let tree = Tree::of(lines.iter().map(|line| tree::leaf_hash(line)).collect());
    let last = store::latest_seal(tx, district).await?;
    let as_signed = match &last {
        Some(seal) => u64::try_from(seal.size).ok() == Some(tree.size()) && seal.root == tree.root().to_string(),
        None => tree.size() == 0,
    };
    if !as_signed {
        return Err(Stop::Inconsistent(Inconsistency {
            table: "entry",
            column: "body".to_owned(),
            row: format!(
                "{district}: the entries no longer hash to the root of seal {}",
                last.map_or(0, |seal| seal.no)
            ),
        }));
    }
    check_own_signature(&tree, last_signed)?;
    Ok(Log { lines, tree, last })
}

/// How a district's log stands (장부의 상태).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Entries that are leaves of the log.
    pub sealed: u64,
    /// Entries that wait for the next seal.
    pub pending: u64,
    /// The last seal, whose root the entries have.
    pub last: Option<Seal>,
}

/// Hashes the log anew from the entries and holds it against the last seal. An entry that was changed is an
/// inconsistency.
pub async fn standing(tx: &mut Tx, district: &DistrictCode) -> Outcome<Standing> {
    let log = checked_log(tx, district, None).await?;
    let pending = store::pending_leaves(tx, district).await?.len();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Ok(Standing { sealed: log.tree.size(), pending: count(pending), last: log.last })
}

impl Standing {
    /// Whether this key signed the last seal; `true` before the first one, which nobody signed yet.
    pub fn signed_by(&self, key: &VerifierKey) -> bool {
        self.last.as_ref().is_none_or(|seal| Checkpoint::open(seal.checkpoint.as_bytes(), key).is_ok())
    }
}

/// The key folder remembers the last signed size and root apart from the database (R-25).
fn check_own_signature(tree: &Tree, last_signed: Option<LastSigned>) -> Outcome<()> {
    let Some(last) = last_signed else { return Ok(()) };
    match tree.root_at(last.size) {
        None => Err(Refusal::new(
            "behind-own-signature",
            "",
            format!(
                "이 자료에는 기록이 {}건뿐인데 이미 {}건까지 서명했습니다. 오래된 자료를 되살린 것 같습니다. 공개한 기록으로 빠진 것을 채우기(`iljari ledger recover`) 전에는 봉인하지 않습니다.",
                tree.size(),
                last.size
            ),
        )
        .into()),
        Some(root) if root != last.root => Err(Refusal::new(
            "differs-from-own-signature",
            "",
            format!("앞에서 서명한 기록 {}건과 지금 자료가 다릅니다. 봉인하지 않습니다.", last.size),
        )
        .into()),
        Some(_) => Ok(()),
    }
}

/// Corrections come after everything that they may answer; the rest keeps its shuffled order.
pub(crate) fn rank(entry: &PendingLeaf) -> u8 {
    match entry.kind {
        EntryKind::Plan | EntryKind::Key => 0,
        EntryKind::Count | EntryKind::Job => 1,
        EntryKind::Correction => 2,
        EntryKind::Disclosure => 3,
    }
}

#[expect(clippy::too_many_arguments, reason = "each is one fact of the signature; a struct would only rename them")]
pub(crate) async fn sign(
    tx: &mut Tx,
    district: &DistrictCode,
    mut log: Log,
    pending: &[PendingLeaf],
    signers: &[&Signer],
    origin: &str,
    actor: Actor,
    now: Timestamp,
) -> Outcome<Seal> {
    if let Some(last) = &log.last
        && now < last.sealed_at
    {
        return Err(Refusal::new(
            "clock-behind",
            "",
            format!(
                "컴퓨터 시계가 지난 봉인({})보다 앞에 있습니다. 시계를 맞춘 뒤 다시 봉인해 주세요.",
                last.sealed_at.korean()
            ),
        )
        .into());
    }
    let no = log.last.as_ref().map_or(0, |seal| seal.no).saturating_add(1);
    let first = i64::try_from(log.tree.size()).unwrap_or(i64::MAX);
    let in_order: Vec<i64> = pending.iter().map(|entry| entry.seq).collect();
    store::insert_sealed_leaves(tx, district, first, &in_order, (no, false), now).await?;
    pending.iter().for_each(|entry| log.tree.push(tree::leaf_hash(&entry.body)));
    // Looked at once more right before signing: what is signed must continue what was signed.
    let last = log.last.as_ref().map(crate::disclose::head).transpose()?;
    let head = Checkpoint::continuing(origin, last.as_ref(), &log.tree).map_err(|fork| {
        Stop::Inconsistent(Inconsistency { table: "entry", column: "body".to_owned(), row: fork.to_string() })
    })?;
    let checkpoint =
        head.sign_by(signers).map_err(|fault| iljari_base::Failure::new(fault).context("sign a checkpoint"))?;
    let seal = Seal {
        no,
        size: i64::try_from(head.size).unwrap_or(i64::MAX),
        root: head.root.to_string(),
        checkpoint,
        sealed_by: actor,
        sealed_at: now,
    };
    store::insert_seal(tx, district, &seal).await?;
    Ok(seal)
}

/// Writes the seal into the key folder's memory, unless it is there.
pub(crate) fn remember(
    keys: &KeyFolder,
    district: &DistrictCode,
    seal: &Seal,
    remembered: Option<LastSigned>,
) -> Outcome<()> {
    let root = seal.root.parse().map_err(|_| {
        Stop::Inconsistent(Inconsistency { table: "seal", column: "root".to_owned(), row: seal.no.to_string() })
    })?;
    let size = u64::try_from(seal.size).unwrap_or(0);
    let last = LastSigned { size, root };
    if remembered != Some(last) {
        keys.remember_signed(district, last)?;
    }
    Ok(())
}

/// At start: the key folder may lag behind the database by one seal (a crash between the two).
/// It is brought up only when the database's log contains exactly what the folder remembers.
pub async fn catch_up_memory(office: &Office, district: &DistrictCode) -> Outcome<()> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    let _alone = keys.alone(district, "seal").await?;
    let last_signed = keys.last_signed(district)?;
    let at = district.clone();
    let log = office.store.read(move |tx| Box::pin(async move { checked_log(tx, &at, last_signed).await })).await?;
    match log.last {
        Some(seal) => remember(&keys, district, &seal, last_signed),
        None => Ok(()),
    }
}
