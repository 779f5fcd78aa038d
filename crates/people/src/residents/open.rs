//! Opening records: one with a purpose, many for a list, and the way from a row to plain words.
//!
//! Owns: [`open`], [`names_for_list`], and the refusals of a record that cannot be opened. Does not own:
//! how the looks read later (`looked`).
//! What a newcomer gets wrong: reading the fields somewhere else. Whoever shows a resident comes
//! through here, because here the line of the access log is written, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Date, DistrictCode, Id, Outcome, Refusal, Stop, id};
use iljari_store::Tx;
use sha2::{Digest, Sha256};

use super::model::{NewResident, Purpose, Resident};
use super::safe::{KeyGone, Safe};
use super::store::{self, Content, Record, SealedFields, WrappedKey};
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;
use crate::downloads::Cleared;
use crate::seal::Sealer;
use crate::store::Book;

/// A record's key and what it opened.
pub(crate) struct Unsealed {
    pub key: Sealer,
    pub plain: NewResident,
}

/// What a record's key is wrapped for.
pub(crate) fn key_context(district: &DistrictCode, id: Id<id::Resident>) -> String {
    format!("resident key {district} {id}")
}

/// What a field is sealed for.
pub(crate) fn field_context(district: &DistrictCode, id: Id<id::Resident>, field: &str) -> String {
    format!("resident field {district} {id} {field}")
}

pub(crate) fn no_such_resident() -> Stop {
    Refusal::new("no-such-resident", "", "찾는 주민 정보가 없습니다.").into()
}

fn erased() -> Stop {
    let message = "지운 정보입니다. 이곳에서는 다시 열 수 없습니다.";
    Refusal::new("resident-erased", "개인정보 보호법 제21조", message).into()
}

fn key_gone() -> Stop {
    let message = "이 정보를 여는 열쇠가 이미 없어졌습니다. 오래된 백업을 되살린 자료라면 더 새 백업을 쓰세요.";
    Refusal::new("resident-key-gone", "개인정보 보호법 제21조", message).into()
}

pub(crate) fn protected() -> Stop {
    let message =
        "보호 대상입니다. 꼭 필요하면 긴급 열람으로 까닭을 남기고 열어 주세요. 감사 담당자가 그 기록을 봅니다.";
    Refusal::new("protected-resident", "개인정보 보호법 제29조", message).into()
}

/// The record, or the refusal that there is none.
pub(crate) async fn existing(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<Record> {
    store::record(tx, &cx.district, id).await?.ok_or_else(no_such_resident)
}

/// Whether the district knows this resident, erased ones included: what an address may name.
pub async fn is_known(tx: &mut Tx, district: &DistrictCode, id: Id<id::Resident>) -> Outcome<bool> {
    Ok(store::record(tx, district, id).await?.is_some())
}

/// The record's own key.
pub(crate) fn key_of(safe: &Safe, record: &Record) -> Outcome<Sealer> {
    let Content::Living { key, .. } = &record.content else { return Err(erased()) };
    unwrap(safe, key, &key_context(&record.district, record.id))?
        .ok_or_else(|| store::impossible("resident", "wrapped_key", &record.id.to_string()))
}

/// A wrapped key in its week; `Ok(None)` when it was not wrapped for this context.
pub(crate) fn unwrap(safe: &Safe, key: &WrappedKey, context: &str) -> Outcome<Option<Sealer>> {
    safe.unwrap(key.week, context, &key.wrapped).map_err(|KeyGone| key_gone())
}

/// Key and fields of a living record.
pub(crate) fn unseal(safe: &Safe, record: &Record) -> Outcome<Unsealed> {
    let key = key_of(safe, record)?;
    let Content::Living { fields, .. } = &record.content else { return Err(erased()) };
    let text = |field: &'static str, sealed: &[u8]| -> Outcome<String> {
        let damaged = || store::impossible("resident", field, &record.id.to_string());
        let plain = key.open_sealed(&field_context(&record.district, record.id, field), sealed).ok_or_else(damaged)?;
        String::from_utf8(plain.to_vec()).map_err(|_| damaged())
    };
    let opt = |field, sealed: &Option<Vec<u8>>| sealed.as_deref().map(|sealed| text(field, sealed)).transpose();
    let birth: Date = text("birth", &fields.birth)?
        .parse()
        .map_err(|_| store::impossible("resident", "birth_sealed", &record.id.to_string()))?;
    let plain = NewResident {
        name: text("name", &fields.name)?,
        birth,
        phone: opt("phone", &fields.phone)?,
        address_dong: opt("dong", &fields.dong)?,
        contact_note: opt("contact", &fields.contact)?,
    };
    Ok(Unsealed { key, plain })
}

/// Seals the fields with the record's key.
pub(crate) fn seal_fields(cx: &Cx, id: Id<id::Resident>, key: &Sealer, plain: &NewResident) -> Outcome<SealedFields> {
    let seal = |field: &str, text: &str| {
        key.seal(cx.entropy.as_ref(), &field_context(&cx.district, id, field), text.as_bytes())
    };
    let opt = |field, text: &Option<String>| text.as_deref().map(|text| seal(field, text)).transpose();
    Ok(SealedFields {
        name: seal("name", &plain.name)?,
        birth: seal("birth", &plain.birth.to_string())?,
        phone: opt("phone", &plain.phone)?,
        dong: opt("dong", &plain.address_dong)?,
        contact: opt("contact", &plain.contact_note)?,
    })
}

/// A record in plain words, without a line in the access log: for acts that show nobody anything.
pub(crate) fn resident(record: &Record, plain: NewResident) -> Resident {
    Resident {
        id: record.id,
        name: plain.name,
        birth: plain.birth,
        phone: plain.phone,
        address_dong: plain.address_dong,
        contact_note: plain.contact_note,
        protected: record.protected_by.is_some(),
        since: record.since,
    }
}

/// Opens one resident's record for a purpose, and writes that down.
///
/// Refusals: `no-such-resident`, `resident-erased`, `protected-resident` (unless the officer looks
/// with a reason at this hour), `resident-key-gone`.
pub async fn open(tx: &mut Tx, cx: &Cx, safe: &Safe, id: Id<id::Resident>, purpose: Purpose) -> Outcome<Resident> {
    let record = existing(tx, cx, id).await?;
    if record.protected_by.is_some() && !super::protect::may_look(tx, cx, id).await? {
        return Err(protected());
    }
    let unsealed = unseal(safe, &record)?;
    let act = if record.protected_by.is_some() { "보호 대상 긴급 열람" } else { "주민 정보 열람" };
    log_access(tx, cx, Access::to(format!("{act}({})", purpose.korean()), Whose::Resident(id))).await?;
    Ok(resident(&record, unsealed.plain))
}

/// A record as it is, to hold a form against; nobody is shown it. `None` where a change of it is refused anyway.
pub(crate) async fn as_it_is(tx: &mut Tx, cx: &Cx, safe: &Safe, id: Id<id::Resident>) -> Outcome<Option<Resident>> {
    let record = existing(tx, cx, id).await?;
    if record.protected_by.is_some() && !super::protect::may_look(tx, cx, id).await? {
        return Ok(None);
    }
    match unseal(safe, &record) {
        Ok(unsealed) => Ok(Some(resident(&record, unsealed.plain))),
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// How one person stands in a list.
#[derive(Clone, PartialEq, Eq)]
pub enum ListName {
    /// Name and day of birth.
    Named {
        /// The name.
        name: String,
        /// The day of birth.
        birth: Date,
    },
    /// Not shown: protected (보호 대상).
    Protected,
    /// Nothing is left to show (지운 정보).
    Erased,
    /// The key that opens it is gone: data restored from an old backup.
    KeyGone,
}

impl ListName {
    /// The text in the list.
    pub fn shown(&self) -> &str {
        match self {
            ListName::Named { name, .. } => name,
            ListName::Protected => "보호 대상",
            ListName::Erased => "지운 정보",
            ListName::KeyGone => "열 수 없음",
        }
    }
}

/// Why a list is opened.
#[derive(Debug, Clone)]
pub struct ListWanted {
    /// What the list is, in our words and without anybody's name: `2026 상반기 동행일자리 심사 명단`.
    pub what: String,
    /// Whose names.
    pub residents: Vec<Id<id::Resident>>,
    /// Set when the list is taken out of the office's pages: the leave to do so.
    pub download: Option<Cleared>,
}

/// Names and days of birth of many at once, with one line in the access log that names the list.
/// Somebody's own list of looks finds her in it all the same.
///
/// Protected residents are not named, not even to an officer who looks at one of them with a reason:
/// that reason is for one record. A resident who is not there at all is refused (`no-such-resident`), and so are
/// more of them than were cleared to leave (`download-not-cleared`).
pub async fn names_for_list(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    wanted: ListWanted,
) -> Outcome<BTreeMap<Id<id::Resident>, ListName>> {
    let members: BTreeSet<Id<id::Resident>> = wanted.residents.into_iter().collect();
    let reason = match wanted.download.map(|cleared| cleared.reason_for(members.len())) {
        Some(None) => {
            let message = "승인받은 것보다 명단이 깁니다. 다시 내려받아 주세요.";
            return Err(Refusal::new("download-not-cleared", "", message).at("reason").into());
        }
        Some(reason) => reason,
        None => None,
    };
    let mut names = BTreeMap::new();
    for id in &members {
        let record = existing(tx, cx, *id).await?;
        let name = match &record.content {
            Content::Erased { .. } => ListName::Erased,
            Content::Living { .. } if record.protected_by.is_some() => ListName::Protected,
            Content::Living { .. } => match unseal(safe, &record) {
                Ok(unsealed) => ListName::Named { name: unsealed.plain.name, birth: unsealed.plain.birth },
                Err(stop) if stop.has("resident-key-gone") => ListName::KeyGone,
                Err(stop) => return Err(stop),
            },
        };
        names.insert(*id, name);
    }
    let shown: BTreeSet<_> =
        names.iter().filter(|(_, name)| matches!(name, ListName::Named { .. })).map(|(id, _)| *id).collect();
    let whose = whose_of(tx, cx, &shown).await?;
    let access = match reason {
        Some(reason) => Access::download(format!("명단 내려받기: {}({}명)", wanted.what, shown.len()), whose, reason),
        None => Access::to(format!("명단 열람: {}({}명)", wanted.what, shown.len()), whose),
    };
    log_access(tx, cx, access).await?;
    Ok(names)
}

/// These residents as the subject of a line: nobody, one, or a numbered list.
pub(crate) async fn whose_of(tx: &mut Tx, cx: &Cx, shown: &BTreeSet<Id<id::Resident>>) -> Outcome<Whose> {
    let members: Vec<Id<id::Resident>> = shown.iter().copied().collect();
    match members.as_slice() {
        [] => Ok(Whose::Nobody),
        [one] => Ok(Whose::Resident(*one)),
        several => {
            let texts: Vec<String> = several.iter().map(ToString::to_string).collect();
            let sha256 = hex::encode(Sha256::digest(texts.join("\n").as_bytes()));
            let no = match store::list_number(tx, &cx.district, &sha256).await? {
                Some(no) => no,
                None => {
                    let (no, _) = crate::store::next_number(tx, &cx.district, Book::ResidentLists, cx.now()).await?;
                    store::insert_list(tx, &cx.district, (no, &sha256), several, cx.now()).await?;
                    no
                }
            };
            Ok(Whose::ResidentList(no))
        }
    }
}
