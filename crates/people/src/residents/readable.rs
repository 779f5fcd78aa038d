//! Whether the keys at hand open what the database holds (열림 확인): for a restore and its drill.
//!
//! Owns: counting living records and opening one of each week. Does not own: showing anything; nobody sees
//! what was opened, so no look is written down. What a newcomer gets wrong: trusting a backup whose
//! rows are all there. Without the key of their week they are noise.

use iljari_base::Outcome;
use iljari_store::Tx;

use super::open::unseal;
use super::safe::Safe;
use super::store;

/// What the keys at hand open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readable {
    /// Records that are not erased.
    pub living: u64,
    /// Of these, records wrapped in a week whose key is here and opened one of them.
    pub opens: u64,
}

/// Opens one living record of each week with the keys at hand. A record that its key does not open is an
/// inconsistency; a week without a key is counted as closed.
pub async fn readable(tx: &mut Tx, safe: &Safe) -> Outcome<Readable> {
    let mut found = Readable::default();
    for (week, records) in store::living_by_week(tx).await? {
        found.living = found.living.saturating_add(records);
        if safe.weeks().all(|kept| kept != week) {
            continue;
        }
        if let Some(record) = store::wrapped_in(tx, week, 1).await?.first() {
            unseal(safe, record)?;
            found.opens = found.opens.saturating_add(records);
        }
    }
    Ok(found)
}
