//! Residents without accounts (주민): written down by a clerk, sealed per record, erased by key.
//!
//! Owns: name, birth, phone, dong and how to reach somebody; who may be the same person; who is
//! protected; who looked. Does not own: applications, documents, households (the slices that run programs).
//! What a newcomer gets wrong: keeping a copy of a name in one's own table. Keep the
//! [`Id`](iljari_base::Id) and ask here; what else is personal goes through [`seal_for`], or into a
//! box where it must go before she does.
//!
//! # For the slices above
//!
//! Each act takes the transaction, the [`Cx`](crate::Cx) and a [`Safe`], opened before the act:
//!
//! ```no_run
//! # use iljari_base::{Date, Outcome};
//! # use iljari_people::{Cx, residents::{self, NewResident, Purpose, Safe}};
//! # use iljari_web::Office;
//! # async fn intake(office: &Office, cx: Cx, birth: Date) -> Outcome<()> {
//! let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
//! office
//!     .store
//!     .write(move |tx| {
//!         Box::pin(async move {
//!             let new = NewResident {
//!                 name: "한시범".to_owned(),
//!                 birth,
//!                 phone: None,
//!                 address_dong: Some("나루1동".to_owned()),
//!                 contact_note: None,
//!             };
//!             let enrolled = residents::enrol(tx, &cx, &safe, new).await?;
//!             // Kept as long as she is: sealed with her own key. The context names table, row and column.
//!             let sealed = residents::seal_for(tx, &cx, &safe, enrolled.id, "application 7 note", b"...").await?;
//!             residents::open_for(tx, &cx, &safe, enrolled.id, "application 7 note", &sealed).await?;
//!             // Destroyed when the objection period is over: in a box of its own.
//!             let evidence = residents::new_box(tx, &cx, &safe, enrolled.id).await?;
//!             let sealed = residents::seal_in(tx, &cx, &safe, evidence, "income", b"...").await?;
//!             residents::open_in(tx, &cx, &safe, evidence, "income", &sealed).await?;
//!             residents::destroy_box(tx, &cx, evidence, residents::DestroyReason::ObjectionsOver).await?;
//!             // Shown to an officer: with a purpose, and a line in the access log.
//!             residents::open(tx, &cx, &safe, enrolled.id, Purpose::Intake).await?;
//!             Ok(())
//!         })
//!     })
//!     .await
//! # }
//! ```
//!
//! [`names_for_list`] opens many names with one line; [`linked`] tells which records officers decided to
//! be one person; [`iljari_base::korean::refuse_resident_number`] is the check for fields, free text,
//! file names and what stands in uploads.

mod boxes;
mod card;
mod enrol;
mod erase;
mod honey;
mod looked;
mod memory;
mod model;
mod open;
mod pairs;
mod protect;
mod readable;
mod rotate;
mod safe;
mod score;
pub(crate) mod store;

pub use boxes::{destroy_box, new_box, open_for, open_in, seal_for, seal_in};
pub use card::{Card, CardPair, MaskedResident, ResidentState, card};
pub use enrol::{Alike, Enrolled, change, enrol, find};
pub use erase::{PROMISE, erase};
pub use honey::{HoneyAlarm, honey_alarms, mark_alarms_seen, plant, planted};
pub use looked::{LookLine, who_looked};
pub use model::{ChangeReason, DestroyReason, EraseReason, NewResident, Purpose, Resident, masked_name};
pub(crate) use open::as_it_is;
pub use open::{ListName, ListWanted, is_known, names_for_list, open};
pub use pairs::{
    Decision, DecisionLine, DecisionWanted, OpenPair, PairReason, PairSide, ShownPair, decide, history, linked,
    open_pairs, show_pair,
};
pub use protect::{
    BreakGlassLine, BreakReason, LOOK_MINUTES, break_glass, break_glass_of_file, lift, looks_with_reason, mark_seen,
    may_look, protect, protected, unseen_looks,
};
pub use readable::{Readable, readable};
pub use rotate::{Rotated, remember, rotate_keys};
pub use safe::{KEY_DAYS, Safe};
pub use score::{Agreement, LOOK_AT_FROM, PairField, PairLine, PairScore, compare, weight};
