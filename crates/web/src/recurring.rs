//! What somebody has to do again and again (되풀이할 일): practise a restore, replace a signing key.
//!
//! Owns: when each was done last, as the chores of this process found it, and whether it is overdue. Does not own:
//! finding that out, or doing it. What a newcomer gets wrong: making an overdue duty of people a reason not to be
//! asked. The program is ready all the same; `/readyz` says it in a note, `/metrics` as a number.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use iljari_base::Timestamp;

/// One duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// Which: `backup-drill`, `signing-key`.
    pub what: &'static str,
    /// Whose: a district's code; empty where it is the whole office's.
    pub district: String,
    /// When it was done last; `None` for never.
    pub last: Option<Timestamp>,
    /// After how many days it is overdue.
    pub days: i64,
}

impl Recurring {
    /// Whether it should have been done again by now.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.overdue(now).is_some()
    }

    /// How many days ago it was done, where that is too long; `Some(None)` for never.
    fn overdue(&self, now: Timestamp) -> Option<Option<i64>> {
        match self.last.map(|last| last.seoul_date().days_until(now.seoul_date())) {
            None => Some(None),
            Some(days) if days > self.days => Some(Some(days)),
            Some(_) => None,
        }
    }
}

static KNOWN: Mutex<Vec<Recurring>> = Mutex::new(Vec::new());

/// Tells everything that is known, in the place of what was told before.
pub fn tell(known: Vec<Recurring>) {
    *KNOWN.lock().unwrap_or_else(PoisonError::into_inner) = known;
}

fn known() -> Vec<Recurring> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A line for each overdue duty, as `/readyz` has them.
pub(crate) fn notes(now: Timestamp) -> String {
    lines(&known(), now)
}

fn lines(known: &[Recurring], now: Timestamp) -> String {
    let mut text = String::new();
    for one in known {
        let Some(days) = one.overdue(now) else { continue };
        let whose = if one.district.is_empty() { String::new() } else { format!(" {}", one.district) };
        let _ = match days {
            None => writeln!(text, "note {}{whose} never", one.what),
            Some(days) => writeln!(text, "note {}{whose} {days} days ago", one.what),
        };
    }
    text
}

/// The ages as Prometheus reads them. What was never done has none.
pub(crate) fn measured(now: Timestamp) -> String {
    ages(&known(), now)
}

fn ages(known: &[Recurring], now: Timestamp) -> String {
    let mut text = String::new();
    for one in known {
        let Some(last) = one.last else { continue };
        if text.is_empty() {
            text.push_str(
                "# HELP iljari_since_last_seconds Time since a recurring duty was done last\n# TYPE iljari_since_last_seconds gauge\n",
            );
        }
        let age = now.as_second().saturating_sub(last.as_second());
        let _ =
            writeln!(text, "iljari_since_last_seconds{{what=\"{}\",district=\"{}\"}} {age}", one.what, one.district);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::Date;

    #[test]
    fn a_duty_is_noted_when_its_days_are_over_and_measured_always() {
        let day = |day: i8| Date::new(2026, 11, day).expect("a day").at_hour(9);
        let known = [
            Recurring { what: "backup-drill", district: String::new(), last: Some(day(1)), days: 8 },
            Recurring { what: "signing-key", district: "11215".to_owned(), last: None, days: 31 },
        ];
        let never = "note signing-key 11215 never\n";
        assert_eq!(lines(&known, day(9)), never, "on the eighth day");
        assert_eq!(lines(&known, day(10)), format!("note backup-drill 9 days ago\n{never}"));
        let measured = ages(&known, day(2));
        assert!(
            measured.ends_with("iljari_since_last_seconds{what=\"backup-drill\",district=\"\"} 86400\n"),
            "{measured}"
        );
        assert_eq!(ages(&[], day(2)), "");
    }
}
