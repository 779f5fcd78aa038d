//! The chore of the week keys: wrap living records anew, then destroy keys whose time is over.
//!
//! Owns: [`rotate_keys`], and [`remember`], which keeps the list of what was erased beside the keys. Does
//! not own: when it runs: at every start, and once a day.
//! What a newcomer gets wrong: the order. A key is destroyed only when no row is wrapped with it any
//! more. A crash in between leaves records under two weeks, which everything else reads; the next run goes on.

use std::sync::Arc;

use iljari_base::id::Kind;
use iljari_base::{Actor, Date, Failure, Id, Outcome, id};
use iljari_store::Tx;
use iljari_web::Office;

use super::model::{DestroyReason, EraseReason};
use super::open::unseal;
use super::safe::{self, KEY_DAYS, Safe};
use super::store::{self, BoxRow, Content, Record, WrappedKey};
use super::{boxes, enrol, erase, memory};
use crate::cx::Cx;

/// Rows wrapped anew in one transaction: short enough that nobody at a counter waits for it.
const AT_ONCE: i64 = 100;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Records wrapped with this week's key.
    pub records: u64,
    /// Boxes wrapped with this week's key.
    pub boxes: u64,
    /// The weeks whose keys were destroyed, by their Mondays.
    pub destroyed: Vec<Date>,
    /// Records and boxes erased once more, because a restored backup had brought them back.
    pub erased_again: u64,
}

/// Wraps every living record and box with this week's key, makes the tags of the blind index anew, and
/// destroys the keys of weeks that began 35 days ago or earlier. Doing it twice does nothing more.
pub async fn rotate_keys(office: &Arc<Office>) -> Outcome<Rotated> {
    let mut done = Rotated { erased_again: remember(office).await?, ..Rotated::default() };
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let earlier: Vec<Date> = safe.weeks().filter(|week| *week < safe.week()).collect();
    for week in earlier {
        loop {
            let (here, safe) = (Arc::clone(office), safe.clone());
            let (records, boxes) =
                office.store.write(move |tx| Box::pin(async move { step(tx, &here, &safe, week).await })).await?;
            done.records += records;
            done.boxes += boxes;
            if records + boxes == 0 {
                break;
            }
        }
    }
    let today = office.clock.today();
    let in_use = office.store.read(|tx| Box::pin(store::weeks_in_use(tx))).await?;
    let kept: Vec<Date> = safe.weeks().collect();
    if let Some(week) = in_use.iter().find(|week| week.days_until(today) >= KEY_DAYS && kept.contains(week)) {
        // Never silently lose a living record: say which week, destroy nothing.
        return Err(Failure::new(format!("records are still wrapped with the key of {week}")).into());
    }
    done.destroyed = safe::destroy_old(&office.keys, today)?;
    Ok(done)
}

async fn step(tx: &mut Tx, office: &Office, safe: &Safe, week: Date) -> Outcome<(u64, u64)> {
    let (mut records, mut boxes) = (0, 0);
    for record in store::wrapped_in(tx, week, AT_ONCE).await? {
        wrap_anew(tx, office, safe, &record).await?;
        records += 1;
    }
    for row in store::boxes_wrapped_in(tx, week, AT_ONCE).await? {
        wrap_box_anew(tx, office, safe, &row).await?;
        boxes += 1;
    }
    Ok((records, boxes))
}

async fn wrap_anew(tx: &mut Tx, office: &Office, safe: &Safe, record: &Record) -> Outcome<()> {
    let cx = Cx::inside(office, Actor::System, record.district.clone());
    let unsealed = unseal(safe, record)?;
    store::put_key(tx, &cx.district, record.id, enrol::wrapped(&cx, safe, record.id, &unsealed.key)?).await?;
    store::drop_tags(tx, &cx.district, record.id).await?;
    enrol::put_tags(tx, &cx, safe, record.id, &unsealed.plain).await
}

async fn wrap_box_anew(tx: &mut Tx, office: &Office, safe: &Safe, row: &BoxRow) -> Outcome<()> {
    let key = boxes::box_key(safe, row)?;
    let wrapped = safe.wrap(office.entropy.as_ref(), &boxes::box_key_context(row), &key)?;
    store::put_box_key(tx, &row.district, row.id, WrappedKey { week: safe.week(), wrapped }).await
}

/// Brings the memory beside the keys and the database together: what was erased here is remembered
/// there for 35 days, and what a restored backup brought back is erased once more. How many that were.
///
/// Call it after every erasure, too: an erasure that is not remembered yet could be undone by a restore.
pub async fn remember(office: &Arc<Office>) -> Outcome<u64> {
    let since = office.clock.now().plus_seconds(-KEY_DAYS * 86_400);
    let mut gone = memory::read(&office.keys)?;
    let before = gone.clone();
    gone.retain(|_, at| *at >= since);
    let mut again = 0;
    for (district, id) in gone.keys().cloned().collect::<Vec<_>>() {
        let cx = Cx::inside(office, Actor::System, district);
        again += office.store.write(move |tx| Box::pin(async move { erase_again(tx, &cx, &id).await })).await?;
    }
    let (records, boxes) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                Ok((store::erased_since(tx, since).await?, store::boxes_destroyed_since(tx, since).await?))
            })
        })
        .await?;
    for (district, id, at) in records {
        gone.entry((district, id.to_string())).or_insert(at);
    }
    for (district, id, at) in boxes {
        gone.entry((district, id.to_string())).or_insert(at);
    }
    if gone != before {
        memory::write(&office.keys, &gone, office.entropy.as_ref())?;
    }
    Ok(again)
}

async fn erase_again(tx: &mut Tx, cx: &Cx, id: &str) -> Outcome<u64> {
    if let Ok(resident) = id.parse::<Id<id::Resident>>() {
        let living = store::record(tx, &cx.district, resident)
            .await?
            .is_some_and(|record| matches!(record.content, Content::Living { .. }));
        if living {
            erase::erase(tx, cx, resident, EraseReason::Restored).await?;
            return Ok(1);
        }
    } else if let Ok(owned) = id.parse::<Id<id::ResidentBox>>() {
        if store::box_row(tx, &cx.district, owned).await?.is_some_and(|row| row.key.is_some()) {
            boxes::destroy_box(tx, cx, owned, DestroyReason::Restored).await?;
            return Ok(1);
        }
    } else {
        let kinds = (id::Resident::PREFIX, id::ResidentBox::PREFIX);
        return Err(
            Failure::new(format!("the memory of erasures names {id:?}, neither {} nor {}", kinds.0, kinds.1)).into()
        );
    }
    Ok(0)
}
