//! What other rooms of the office have to say on its first page (알림).
//!
//! Owns: the shape of a hint, and asking every room for its own. Does not own: what is worth a hint
//! (each slice), which rooms there are (`app` lists them). What a newcomer gets wrong: importing a
//! slice above in order to show its state. It speaks through here.

use iljari_base::{Date, DistrictCode, Outcome};
use iljari_store::Tx;

use crate::office::Answer;

/// One thing that waits somewhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    /// What it is: `취합 · 2026년 3분기`.
    pub what: String,
    /// How it stands, a whole sentence.
    pub said: String,
    /// Where to go on.
    pub href: String,
    /// Whether its time is over.
    pub late: bool,
}

/// How a room is asked, inside the reading that makes the page.
pub type Room = for<'t> fn(&'t mut Tx, DistrictCode, Date) -> Answer<'t, Vec<Hint>>;

/// The rooms that have something to say, in the order of the page.
#[derive(Clone, Copy, Default)]
pub struct Hints(pub &'static [Room]);

impl Hints {
    /// What all of them say today.
    pub async fn today(self, tx: &mut Tx, district: &DistrictCode, today: Date) -> Outcome<Vec<Hint>> {
        let mut all = Vec::new();
        for room in self.0 {
            all.extend(room(tx, district.clone(), today).await?);
        }
        Ok(all)
    }
}
