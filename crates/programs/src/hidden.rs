//! What stays hidden of protected applicants (보호 대상): where and when they work.
//!
//! Owns: that no page shows a protected person's place or days to anybody but an officer who looks at her with a
//! reason at this hour. Does not own: who is protected (`people::residents`). What a newcomer gets wrong: marking her
//! line in a public list. She is left out of it; her result is told where she applied.

use std::collections::BTreeSet;

use iljari_base::Outcome;
use iljari_people::{Cx, residents};
use iljari_store::Tx;

use crate::store;

/// What stands in the place of a hidden place or day.
pub const COVER: &str = "보호 대상이라 가렸습니다";

/// The applications of a call whose places stay hidden from whoever asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden(BTreeSet<i64>);

impl Hidden {
    /// Hidden from the officer of this act.
    pub async fn from(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<Self> {
        let mut hidden = BTreeSet::new();
        // Few are protected, and a call may have tens of thousands of applications.
        for resident in residents::protected(tx, &cx.district).await? {
            let theirs = store::numbers_of(tx, &cx.district, call_no, resident).await?;
            if !theirs.is_empty() && !residents::may_look(tx, cx, resident).await? {
                hidden.extend(theirs);
            }
        }
        Ok(Self(hidden))
    }

    /// Whether this application's place is hidden.
    pub fn has(&self, app_no: i64) -> bool {
        self.0.contains(&app_no)
    }

    /// A place or a day as it may be shown.
    pub fn cover(&self, app_no: i64, text: &str) -> String {
        if self.has(app_no) { COVER.to_owned() } else { text.to_owned() }
    }
}
