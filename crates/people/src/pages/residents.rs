//! Residents' pages: find, look at a card, open, change, decide about pairs, protect, erase, who looked.
//!
//! Owns: page structs, samples, thin handlers. Does not own: any rule; `residents` refuses.
//! What a newcomer gets wrong: putting what was typed into an address. A search is a POST that shows
//! its answer; an address holds ids only (addresses end up in logs).

pub mod card;
pub mod change;
pub mod duplicates;
pub mod erase;
pub mod find;
pub mod honey;
pub mod looked;
pub mod looks;

use iljari_base::{Id, Stop, id};
use iljari_web::{Choice, Desk, DisplayPrefs, Office, PageError, Shell, Viewer};

use super::RenderedSample;
use crate::residents::{self, Safe};

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    find::samples(all);
    card::samples(all);
    change::samples(all);
    looked::samples(all);
    erase::samples(all);
    duplicates::samples(all);
    looks::samples(all);
    honey::samples(all);
}

/// The keys, read before an act.
fn safe(office: &Office) -> Result<Safe, PageError> {
    Ok(Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?)
}

/// The id in an address; what cannot be one is not there.
fn resident_id(text: &str) -> Result<Id<id::Resident>, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// The resident of an address, of the officer's own district: 404 for anybody else, before a form is read.
async fn known(office: &Office, viewer: &Viewer, text: &str) -> Result<Id<id::Resident>, PageError> {
    let (id, district) = (resident_id(text)?, viewer.district.clone());
    let known = office.store.read(move |tx| Box::pin(async move { residents::is_known(tx, &district, id).await }));
    if known.await? { Ok(id) } else { Err(PageError::NotFound) }
}

/// A record that is not there is a page that is not there.
fn or_not_found(stop: Stop) -> PageError {
    if stop.has("no-such-resident") || stop.has("no-such-look") || stop.has("not-a-pair") {
        return PageError::NotFound;
    }
    stop.into()
}

/// The frame of a page below the search.
fn shell(prefs: &DisplayPrefs, viewer: &Viewer, title: &str) -> Shell {
    Shell::office(prefs, viewer, title, Desk::Residents)
        .crumb("담당자", "/office")
        .crumb("주민 찾기", "/office/residents")
}

/// Words of a closed list as choices, with an empty first line.
fn choices<T: Copy>(all: &[T], code: fn(T) -> &'static str, korean: fn(T) -> &'static str, sent: &str) -> Vec<Choice> {
    let first = Choice::new("", "고르세요");
    let lines = all.iter().map(|word| Choice::new(code(*word), korean(*word)));
    Choice::mark(std::iter::once(first).chain(lines).collect(), &[sent])
}
