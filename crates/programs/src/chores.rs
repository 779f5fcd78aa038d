//! What runs by the clock (정해진 때 도는 일): evidence goes, drafts are emptied, work that is over has ended.
//!
//! Owns: the order. Does not own: any of the acts. What a newcomer gets wrong: running one of these once.
//! Each may come again and does nothing more.

use std::sync::Arc;

use iljari_base::{Actor, Outcome};
use iljari_people::{Cx, residents};
use iljari_web::Office;

use crate::{evidence, participate, store};

/// What the chores did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Applications whose evidence was destroyed.
    pub destroyed: u64,
    /// Drafts that were emptied.
    pub emptied: u64,
    /// Participations that have ended.
    pub ended: u64,
}

/// Does everything that is due.
pub async fn run(office: &Arc<Office>) -> Outcome<Done> {
    let today = office.clock.today();
    let mut done = Done { destroyed: evidence::destroy_due(office).await?, ..Done::default() };
    // What went today must stay gone when yesterday's backup is restored; asked every time, because a stop may
    // have come between an erasure and this.
    residents::remember(office).await?;
    for district in office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await? {
        let emptied = evidence::empty_old_drafts(office, &district.code, today).await?;
        done.emptied = done.emptied.saturating_add(emptied);
    }
    let over = office.store.read(move |tx| Box::pin(store::calls_over(tx, today))).await?;
    for (district, call_no, last) in over {
        let cx = Cx::inside(office, Actor::System, district);
        let act =
            office.store.write(move |tx| Box::pin(async move { participate::end_over(tx, &cx, call_no, last).await }));
        done.ended = done.ended.saturating_add(act.await?);
    }
    Ok(done)
}
