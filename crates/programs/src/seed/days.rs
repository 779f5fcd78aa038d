//! The days on which the demo's story can play (시연의 날): within the invented plan's year and the invented rules' days.
//!
//! Owns: the nearest such day. Does not own: the story. What a newcomer gets wrong: a demo that shows nothing because
//! its year is over. It plays on the last day on which it could be told.

use iljari_base::Date;

use super::{EARLIER_BEGAN_DAYS_AGO, RULES};
use crate::rulebook::Rulebook;

/// The year whose invented plan counts one by one wherever the demo puts people.
const YEAR: i16 = 2026;
/// How many days after the demo's the work of its draft begins: 5 until 접수, 9 of it, a week after.
const DRAFT_WORK_DAYS_AHEAD: i64 = 21;

/// The day nearest to this one on which all calls of the story lie within the invented plan's year and the days of
/// the invented rules: on it the demo shows calls in all their stages.
pub fn played_on(today: Date) -> Date {
    let Some(last_of_year) = Date::new(YEAR, 12, 31) else { return today };
    let rules = Rulebook::freeze(RULES).ok().and_then(|rules| rules.open().ok());
    let Some(from) = rules.map(|rules| rules.from) else { return today };
    // Rules are judged by on the day before 접수 begins.
    let first = from.plus_days(EARLIER_BEGAN_DAYS_AGO + 1);
    today.clamp(first, last_of_year.plus_days(-DRAFT_WORK_DAYS_AHEAD))
}

#[cfg(test)]
mod tests {
    use super::super::{LARGE_BEGAN_DAYS_AGO, LARGE_DAYS, terms};
    use super::*;
    use crate::call;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_demo_of_any_day_plays_on_one_on_which_all_its_calls_can_be() {
        let rules = Rulebook::freeze(RULES).expect("sound").open().expect("opens");
        for (today, played) in [
            ("2026-01-20", "2026-08-09"),
            ("2026-08-09", "2026-08-09"),
            ("2026-11-26", "2026-11-26"),
            ("2026-12-10", "2026-12-10"),
            ("2027-01-03", "2026-12-10"),
            ("2031-02-07", "2026-12-10"),
        ] {
            let on = played_on(day(today));
            assert_eq!(on, day(played), "{today}");
            let over = terms("가을", on.plus_days(-EARLIER_BEGAN_DAYS_AGO), 3);
            let open = terms("연말", on, 12);
            for terms in [over, terms("하반기", on.plus_days(-LARGE_BEGAN_DAYS_AGO), LARGE_DAYS), open] {
                assert_eq!(call::faults(&terms), [], "{today}");
                assert!(rules.in_force_on(terms.as_of_on), "{today}: {}", terms.as_of_on);
                assert_eq!((terms.work_first_on.year().0, terms.work_last_on.year().0), (YEAR, YEAR), "{today}");
            }
            assert_eq!(call::faults(&terms("설맞이", on.plus_days(5), 9)), [], "{today}: the draft");
        }
        // A day further out on either side something would be refused.
        let after = terms("설맞이", day("2026-12-11").plus_days(5), 9);
        assert!(!call::faults(&after).is_empty(), "the last day is the last");
        let before = terms("가을", day("2026-08-08").plus_days(-EARLIER_BEGAN_DAYS_AGO), 3);
        assert!(!rules.in_force_on(before.as_of_on), "the first day is the first");
    }
}
