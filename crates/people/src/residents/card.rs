//! One resident's card: as much as a page shows before anything is opened.
//!
//! Owns: [`card`] and [`ResidentState`]. Does not own: opening (`open`), deciding (`pairs`).
//! What a newcomer gets wrong: thinking that a masked name is no look. It is one, and it is written down.

use iljari_base::{Id, Outcome, Timestamp, Year, id};
use iljari_store::Tx;

use super::model::{EraseReason, masked_name};
use super::open::{existing, unseal};
use super::pairs::{self, Decision};
use super::protect;
use super::safe::Safe;
use super::store::{self, Content};
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;

/// Where a record stands, for the officer who asks (주민 정보의 상태).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResidentState {
    /// Opened by any officer with a purpose.
    Open,
    /// Protected, and nothing is shown.
    Protected,
    /// Protected, and this officer looks with a reason at this hour.
    Looking,
    /// Nothing is left.
    Erased {
        /// When it went.
        at: Timestamp,
        /// Why.
        why: EraseReason,
    },
    /// The key that opens it is gone: data restored from an old backup.
    KeyGone,
}

/// What is shown before anything is opened.
#[derive(Clone, PartialEq, Eq)]
pub struct MaskedResident {
    /// The name, its middle hidden.
    pub name: String,
    /// The year of birth.
    pub birth_year: Year,
    /// Whether a phone is kept.
    pub phone: bool,
    /// Whether there is a note on how to reach her.
    pub contact_note: bool,
    /// The dong.
    pub address_dong: Option<String>,
}

/// A pair of this record with another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardPair {
    /// The other record.
    pub other: Id<id::Resident>,
    /// What was decided; `None` while it waits.
    pub decided: Option<Decision>,
    /// How alike they were when they were last compared.
    pub score: i64,
}

/// One resident's card.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// The record.
    pub id: Id<id::Resident>,
    /// Where it stands.
    pub state: ResidentState,
    /// As much as is shown; `None` where nothing may or can be.
    pub masked: Option<MaskedResident>,
    /// Who may be the same person; without protected residents.
    pub pairs: Vec<CardPair>,
    /// When it was written down.
    pub since: Timestamp,
}

/// Shows the card of a record, and writes that down.
///
/// Refusals: `no-such-resident`.
pub async fn card(tx: &mut Tx, cx: &Cx, safe: &Safe, id: Id<id::Resident>) -> Outcome<Card> {
    let record = existing(tx, cx, id).await?;
    let mut masked = None;
    let state = match &record.content {
        Content::Erased { at, why } => {
            let why = why.parse().map_err(|_| store::impossible("resident", "erased_why", &id.to_string()))?;
            ResidentState::Erased { at: *at, why }
        }
        Content::Living { .. } if record.protected_by.is_some() && !protect::may_look(tx, cx, id).await? => {
            ResidentState::Protected
        }
        Content::Living { .. } => match unseal(safe, &record) {
            Ok(unsealed) => {
                let plain = unsealed.plain;
                masked = Some(MaskedResident {
                    name: masked_name(&plain.name),
                    birth_year: plain.birth.year(),
                    phone: plain.phone.is_some(),
                    contact_note: plain.contact_note.is_some(),
                    address_dong: plain.address_dong,
                });
                if record.protected_by.is_some() { ResidentState::Looking } else { ResidentState::Open }
            }
            Err(stop) if stop.has("resident-key-gone") => ResidentState::KeyGone,
            Err(stop) => return Err(stop),
        },
    };
    let mut shown = Vec::new();
    if matches!(state, ResidentState::Open | ResidentState::Looking) {
        for row in pairs::pairs_of(tx, cx, id).await? {
            let other = if row.pair.0 == id { row.pair.1 } else { row.pair.0 };
            let beside = existing(tx, cx, other).await?;
            if pairs::shown(tx, cx, &beside).await? {
                let decided = pairs::decided(&row)?;
                shown.push(CardPair { other, decided, score: row.score });
            }
        }
    }
    let act = match state {
        ResidentState::Open | ResidentState::KeyGone => "주민 정보 화면(가린 채)",
        ResidentState::Looking => "보호 대상 긴급 열람(가린 채)",
        ResidentState::Protected => "보호 대상 화면(보이지 않음)",
        ResidentState::Erased { .. } => "지운 주민 정보 화면",
    };
    log_access(tx, cx, Access::to(act, Whose::Resident(id))).await?;
    Ok(Card { id, state, masked, pairs: shown, since: record.since })
}
