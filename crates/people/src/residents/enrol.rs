//! Writing a resident down, changing what is kept, and finding her again.
//!
//! Owns: [`enrol`], [`change`], [`find`], and which records are looked at as alike. Does not own: the
//! scores (`score`), nor what officers decide about a pair (`pairs`).
//! What a newcomer gets wrong: searching by half a name. Two exact fields find somebody, nothing else
//! does, and there is no list of everybody (a curious officer would read it).

use std::collections::BTreeSet;

use iljari_base::{Date, Id, Outcome, Refusal, Stop, id};
use iljari_store::Tx;

use super::model::{ChangeReason, NAME_BIRTH, NewResident, masked_name, name_birth};
use super::open::{self, key_context, seal_fields, unseal, whose_of};
use super::safe::Safe;
use super::score::{PairScore, compare};
use super::store::{self, Content, Record, WrappedKey};
use super::{pairs, protect};
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;
use crate::seal::Sealer;

/// Most records that one record is compared with: a shelter's phone can be hundreds of people's.
const COMPARED_MAX: usize = 50;

/// Somebody who may be the same person, as little as an officer needs to decide.
#[derive(Clone, PartialEq, Eq)]
pub struct Alike {
    /// The other record.
    pub id: Id<id::Resident>,
    /// Her name, its middle hidden.
    pub masked_name: String,
    /// Her day of birth.
    pub birth: Date,
    /// Why she looks alike.
    pub score: PairScore,
}

/// A record that was just written down.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Its id.
    pub id: Id<id::Resident>,
    /// Who may be the same person; protected residents are never among them.
    pub alike: Vec<Alike>,
}

/// Writes a resident down. A record that looks alike is no obstacle: both stay until somebody decides.
///
/// Refusals, one a field: `resident-number`, `name-impossible`, `birth-impossible`, `phone-impossible`, `text-too-long`.
pub async fn enrol(tx: &mut Tx, cx: &Cx, safe: &Safe, new: NewResident) -> Outcome<Enrolled> {
    let new = new.checked(cx.today()).map_err(Stop::Refused)?;
    let id = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let key = Sealer::fresh(cx.entropy.as_ref());
    let wrapped = wrapped(cx, safe, id, &key)?;
    let fields = seal_fields(cx, id, &key, &new)?;
    store::insert(tx, &cx.district, id, (wrapped, fields), cx.actor, cx.now()).await?;
    log_access(tx, cx, Access::to("주민 등록", Whose::Resident(id))).await?;
    let alike = index(tx, cx, safe, id, &new).await?;
    Ok(Enrolled { id, alike })
}

/// Changes what is kept of a resident (정정); returns who looks alike now. The access log says why and which fields,
/// never what stood or stands in them.
///
/// Refusals: those of [`enrol`], and `no-such-resident`, `resident-erased`, `protected-resident`, `resident-key-gone`,
/// `nothing-changed`.
pub async fn change(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    (new, why): (NewResident, ChangeReason),
) -> Outcome<Vec<Alike>> {
    let record = open::existing(tx, cx, id).await?;
    if record.protected_by.is_some() && !protect::may_look(tx, cx, id).await? {
        return Err(open::protected());
    }
    let open::Unsealed { key, plain } = unseal(safe, &record)?;
    let new = new.checked(cx.today()).map_err(Stop::Refused)?;
    let changed = changed_fields(&plain, &new);
    if changed.is_empty() {
        return Err(
            Refusal::new("nothing-changed", "", "바뀐 것이 없습니다. 고칠 칸을 고친 뒤 다시 눌러 주세요.").into()
        );
    }
    let fields = seal_fields(cx, id, &key, &new)?;
    store::put_fields(tx, &cx.district, id, fields, cx.now()).await?;
    // Tags are of the week that wraps the key; both are made anew together.
    store::put_key(tx, &cx.district, id, wrapped(cx, safe, id, &key)?).await?;
    let act = format!("주민 정보 정정({}): {}", why.korean(), changed.join(", "));
    log_access(tx, cx, Access::to(act, Whose::Resident(id))).await?;
    store::drop_tags(tx, &cx.district, id).await?;
    index(tx, cx, safe, id, &new).await
}

/// The names of the fields that differ.
fn changed_fields(old: &NewResident, new: &NewResident) -> Vec<&'static str> {
    let fields = [
        ("이름", old.name != new.name),
        ("생년월일", old.birth != new.birth),
        ("전화", old.phone != new.phone),
        ("사는 동", old.address_dong != new.address_dong),
        ("연락 방법", old.contact_note != new.contact_note),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Finds by exact name and day of birth, both. Protected residents are not found. Writes down who was found.
pub async fn find(tx: &mut Tx, cx: &Cx, safe: &Safe, name: &str, birth: Date) -> Outcome<Vec<Alike>> {
    let wanted = NewResident { name: name.to_owned(), birth, phone: None, address_dong: None, contact_note: None };
    let wanted = wanted.checked(cx.today()).map_err(Stop::Refused)?;
    let ids = tagged(tx, cx, safe, NAME_BIRTH, &name_birth(&wanted.name, birth)).await?;
    let found: Vec<Alike> = compared(tx, cx, safe, &wanted, ids)
        .await?
        .into_iter()
        .filter(|(record, _)| record.protected_by.is_none())
        .map(|(_, alike)| alike)
        .collect();
    let whose = whose_of(tx, cx, &found.iter().map(|alike| alike.id).collect()).await?;
    log_access(tx, cx, Access::to("주민 찾기(이름과 생년월일)", whose)).await?;
    Ok(found)
}

/// A record's key wrapped with this week's.
pub(crate) fn wrapped(cx: &Cx, safe: &Safe, id: Id<id::Resident>, key: &Sealer) -> Outcome<WrappedKey> {
    let wrapped = safe.wrap(cx.entropy.as_ref(), &key_context(&cx.district, id), key)?;
    Ok(WrappedKey { week: safe.week(), wrapped })
}

/// Writes the tags and the pairs of a record; who of them may be shown, the most alike first.
async fn index(tx: &mut Tx, cx: &Cx, safe: &Safe, id: Id<id::Resident>, plain: &NewResident) -> Outcome<Vec<Alike>> {
    // The strongest kind first, so that a phone shared by hundreds crowds out nobody with her name. No more are
    // gathered than are compared: a shelter's phone must not cost its next guest a walk over all before her.
    let mut near = Vec::new();
    for (kind, text) in plain.index_texts() {
        for other in tagged(tx, cx, safe, kind, &text).await? {
            if near.len() < COMPARED_MAX && other != id && !near.contains(&other) {
                near.push(other);
            }
        }
    }
    put_tags(tx, cx, safe, id, plain).await?;
    let mut alike: Vec<(Record, Alike)> = compared(tx, cx, safe, plain, near).await?;
    alike.retain(|(_, alike)| alike.score.wants_a_look());
    for (_, other) in &alike {
        pairs::note(tx, cx, id, other.id, other.score.total()).await?;
    }
    let mut shown: Vec<Alike> =
        alike.into_iter().filter(|(record, _)| record.protected_by.is_none()).map(|(_, alike)| alike).collect();
    shown.sort_by_key(|alike| (-alike.score.total(), alike.id));
    if !shown.is_empty() {
        let whose = whose_of(tx, cx, &shown.iter().map(|alike| alike.id).collect()).await?;
        log_access(tx, cx, Access::to("비슷한 주민 견주기", whose)).await?;
    }
    Ok(shown)
}

/// The tags of a record, all of this week.
pub(crate) async fn put_tags(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    plain: &NewResident,
) -> Outcome<()> {
    for (kind, text) in plain.index_texts() {
        if let Some(tag) = safe.tag(safe.week(), &cx.district, kind, &text) {
            store::add_tag(tx, &cx.district, id, (kind, tag), cx.now()).await?;
        }
    }
    Ok(())
}

/// Who has this text in the blind index, whatever week the tag was made in; of each week as many as are compared,
/// and one more for the record itself.
async fn tagged(tx: &mut Tx, cx: &Cx, safe: &Safe, kind: &str, text: &str) -> Outcome<BTreeSet<Id<id::Resident>>> {
    let at_most = i64::try_from(COMPARED_MAX).unwrap_or(i64::MAX).saturating_add(1);
    let mut all = BTreeSet::new();
    for week in safe.weeks() {
        if let Some(tag) = safe.tag(week, &cx.district, kind, text) {
            all.extend(store::tagged(tx, &cx.district, (kind, tag), at_most).await?);
        }
    }
    Ok(all)
}

/// These records beside the one wanted. Records whose key is gone cannot be compared and are left out.
async fn compared(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    wanted: &NewResident,
    ids: impl IntoIterator<Item = Id<id::Resident>> + Send,
) -> Outcome<Vec<(Record, Alike)>> {
    let mut all = Vec::new();
    for id in ids.into_iter().take(COMPARED_MAX) {
        let Some(record) = store::record(tx, &cx.district, id).await? else { continue };
        if matches!(record.content, Content::Erased { .. }) {
            continue;
        }
        match unseal(safe, &record) {
            Ok(unsealed) => {
                let score = compare(wanted, &unsealed.plain);
                let masked = masked_name(&unsealed.plain.name);
                all.push((record, Alike { id, masked_name: masked, birth: unsealed.plain.birth, score }));
            }
            Err(stop) if stop.has("resident-key-gone") => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(all)
}
