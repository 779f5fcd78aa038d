//! The day on which a demo plays (시연의 오늘): a call takes weeks, and nobody waits weeks for a demo.
//!
//! Owns: a clock that is whole days beside the machine's, and the note in the data folder by which `demo code`
//! finds the same day. Does not own: any check of dates; all of them hold on that day. What a newcomer gets
//! wrong: using it beside a demo. An office has the machine's clock and no other.

use std::path::Path;
use std::sync::Arc;

use iljari_base::{Clock, Date, Failure, Outcome, SystemClock, Timestamp};
use iljari_web::Office;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// The note: how many days the demo is ahead of the machine.
const NOTE: &str = "demo-days-ahead";

/// The machine's clock, some days ahead or behind.
struct Beside {
    days: i64,
}

impl Clock for Beside {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.days.saturating_mul(SECONDS_A_DAY))
    }
}

/// The demo's office on the wished day; else today, or the day nearest to it on which the demo has calls in all
/// stages. Remembers it for `demo code`.
pub fn on(office: Arc<Office>, data: &Path, wished: Option<Date>) -> Outcome<Arc<Office>> {
    let today = SystemClock.today();
    let days = today.days_until(wished.unwrap_or_else(|| iljari_programs::seed::played_on(today)));
    let note = data.join(NOTE);
    std::fs::write(&note, format!("{days}\n"))
        .map_err(|error| Failure::new(error).context(format!("write {}", note.display())))?;
    Ok(ahead(office, days))
}

/// The office on the day on which its demo plays.
pub fn again(office: Arc<Office>, data: &Path) -> Arc<Office> {
    let noted = std::fs::read_to_string(data.join(NOTE)).ok();
    let days = noted.and_then(|text| text.trim().parse().ok()).filter(|_| office.demo).unwrap_or(0);
    ahead(office, days)
}

fn ahead(office: Arc<Office>, days: i64) -> Arc<Office> {
    if days == 0 {
        return office;
    }
    Arc::new(Office { clock: Arc::new(Beside { days }), ..(*office).clone() })
}
