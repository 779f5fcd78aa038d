//! Another signing key (서명 열쇠 교체): the old one signs, in the log itself, that the new one signs from here on.
//!
//! Owns: the order of a rotation. Does not own: where keys lie (`keys`). What a newcomer gets wrong: replacing the file.
//! A log that goes on under a key that it does not name is refused by everybody who checks it.
//!
//! ```text
//! next key written beside → leaf that names it, in a seal that both keys sign → the folder turns: old kept, next signs
//!                            └ a crash from here on is finished by whoever signs next
//! ```
//!
//! Both sign that one seal, so that it continues the old key's log and begins the new one's.

use iljari_base::entropy::shuffle;
use iljari_base::{Actor, Date, DistrictCode, Outcome, Refusal, Timestamp};
use iljari_disclosure::log::leaf::Body;
use iljari_disclosure::log::note::VerifierKey;
use iljari_people::Cx;
use iljari_store::Tx;
use iljari_web::Office;

use crate::append::{self, Behind};
use crate::keys::KeyFolder;
use crate::model::EntryKind;
use crate::{publish, seal, store};

/// After how many days a signing key is to be replaced (한 달).
pub const DUE_AFTER_DAYS: i64 = 31;

/// Since when the district's key signs: since the leaf that names it, or the first seal; `None` before that.
pub async fn signs_since(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    match store::key_named_at(tx, district).await? {
        Some(named) => Ok(Some(named)),
        None => store::first_sealed_at(tx, district).await,
    }
}

/// How long a signing key is in use (열쇠를 쓴 날수).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse {
    /// Since that day, in Seoul.
    pub since: Date,
    /// So many days.
    pub days: i64,
}

impl InUse {
    /// Whether it is time to replace it.
    pub fn is_due(self) -> bool {
        self.days > DUE_AFTER_DAYS
    }
}

/// How long the district's key is in use by that day; `None` before the first seal.
pub async fn in_use(tx: &mut Tx, district: &DistrictCode, today: Date) -> Outcome<Option<InUse>> {
    let since = signs_since(tx, district).await?.map(Timestamp::seoul_date);
    Ok(since.map(|since| InUse { since, days: since.days_until(today) }))
}

/// Replaces a district's signing key; the new public key.
///
/// Refusals: `nothing-signed`, `disclosure-waits`, and those of the seal.
pub async fn rotate(office: &Office, district: &DistrictCode, actor: Actor) -> Outcome<VerifierKey> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    let alone = keys.alone(district, "seal").await?;
    let old = seal::signer(office, district).await?;
    let last_signed = keys.last_signed(district)?;
    if last_signed.is_none() {
        let message = "아직 아무것도 서명하지 않았습니다. 바꿀 열쇠가 없습니다.";
        return Err(Refusal::new("nothing-signed", "", message).into());
    }
    let new = keys.next_made(district, &*office.entropy)?;
    let verifier = new.verifier().clone();
    let (cx, origin, named) = (Cx::inside(office, actor, district.clone()), keys.origin(district), verifier.clone());
    let sealed = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let log = seal::checked_log(tx, &cx.district, last_signed).await?;
                let waiting = store::pending_leaves(tx, &cx.district).await?;
                if waiting.iter().any(|entry| entry.kind == EntryKind::Disclosure) {
                    let message = "봉인을 기다리는 공시가 있습니다. 봉인한 뒤에 열쇠를 바꿔 주세요.";
                    return Err(Refusal::new("disclosure-waits", "", message).into());
                }
                let behind = Behind { evidence_kind: "", remark: "", recorded_by: cx.actor };
                append::note(tx, &cx, Body::Key { key: named }, behind).await?;
                let mut pending = store::pending_leaves(tx, &cx.district).await?;
                shuffle(&*cx.entropy, &mut pending);
                pending.sort_by_key(seal::rank);
                seal::sign(tx, &cx.district, log, &pending, &[&old, &new], &origin, cx.actor, cx.now()).await
            })
        })
        .await?;
    seal::remember(&keys, district, &sealed, last_signed)?;
    keys.turn(district)?;
    drop(alone);
    publish::publish(office, district).await?;
    Ok(verifier)
}
