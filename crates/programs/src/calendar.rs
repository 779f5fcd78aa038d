//! Due dates on the Korean business calendar (기한 셈): holidays are data, and a year without data is said.
//!
//! Owns: the table of holidays as a file, and the two ways a due date is counted. Does not own: how many
//! days something takes; the call says it. What a newcomer gets wrong: guessing the holidays of a year
//! that the table does not have. The day comes with a warning instead.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::Date;

/// A day with what is unsure about it (기한).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub on: Date,
    /// What an officer has to check; empty where the table knows everything.
    pub warnings: Vec<String>,
}

/// The holidays that are known (공휴일 표).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeMap<Date, (String, bool)>,
    years: BTreeSet<i16>,
}

const TABLE: &str = include_str!("../data/holidays.csv");

/// After this many days in a row without a working day something is wrong with the table.
const LONGEST_REST: i64 = 30;

impl Holidays {
    /// The table that comes with the program.
    pub fn known() -> Self {
        Self::read(TABLE)
    }

    /// Reads lines of `date,name,확정|확인 필요`; anything else is no line of the table.
    pub fn read(text: &str) -> Self {
        let mut found = Self::default();
        for line in text.lines() {
            let mut fields = line.split(',');
            let (Some(Ok(day)), Some(name), Some(state)) =
                (fields.next().map(str::parse::<Date>), fields.next(), fields.next())
            else {
                continue;
            };
            found.years.insert(day.year().0);
            found.days.insert(day, (name.trim().to_owned(), state.trim() == "확정"));
        }
        found
    }

    /// Whether offices work on that day, as far as the table knows.
    pub fn is_working_day(&self, day: Date) -> bool {
        // 1970-01-05 was a Monday.
        let weekday = Date::new(1970, 1, 5).map_or(0, |monday| monday.days_until(day).rem_euclid(7));
        weekday < 5 && !self.days.contains_key(&day)
    }

    /// The `days`th day after `from`; where nobody works on it, the next working day (행정기본법 제6조, 민법 제161조).
    pub fn days_after(&self, from: Date, days: i64) -> Due {
        let wanted = from.plus_days(days);
        let on = self.next_working(wanted);
        Due { on, warnings: self.unsure(from.plus_days(1), on) }
    }

    /// The `days`th working day after `from`.
    pub fn working_days_after(&self, from: Date, days: i64) -> Due {
        let mut on = from;
        for _ in 0..days.max(0) {
            on = self.next_working(on.plus_days(1));
        }
        Due { on, warnings: self.unsure(from.plus_days(1), on) }
    }

    fn next_working(&self, from: Date) -> Date {
        (0..LONGEST_REST).map(|more| from.plus_days(more)).find(|day| self.is_working_day(*day)).unwrap_or(from)
    }

    fn unsure(&self, first: Date, last: Date) -> Vec<String> {
        let mut warnings = Vec::new();
        for year in first.year().0..=last.year().0 {
            if !self.years.contains(&year) {
                warnings.push(format!(
                    "{year}년 공휴일 표가 없어 토요일과 일요일만 쉬는 날로 셌습니다. 기한을 확인해 주세요."
                ));
            }
        }
        for (day, (name, sure)) in self.days.range(first..=last.max(first)) {
            if !sure {
                warnings.push(format!("{}({name})을 쉬는 날로 셌습니다. 관보에서 확인해 주세요.", day.korean()));
            }
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_last_day_on_a_holiday_moves_to_the_next_working_day() {
        let known = Holidays::known();
        for (from, days, on) in [
            ("2026-01-05", 7, "2026-01-12"),
            ("2026-01-02", 8, "2026-01-12"), // Saturday the 10th
            ("2026-02-09", 7, "2026-02-19"), // the three days of 설날
            ("2026-02-26", 3, "2026-03-03"), // 삼일절 on a Sunday, its substitute on the Monday
            ("2025-09-26", 7, "2025-10-10"), // 개천절, 추석, its substitute, 한글날
        ] {
            let due = known.days_after(day(from), days);
            assert_eq!((due.on, due.warnings.len()), (day(on), 0), "{from} + {days}");
        }
    }

    #[test]
    fn working_days_are_counted_one_by_one() {
        let known = Holidays::known();
        assert_eq!(known.working_days_after(day("2026-02-13"), 1).on, day("2026-02-19"));
        assert_eq!(known.working_days_after(day("2026-01-05"), 3).on, day("2026-01-08"));
        assert_eq!(known.working_days_after(day("2026-01-05"), 0).on, day("2026-01-05"));
    }

    #[test]
    fn what_the_table_does_not_know_is_said() {
        let known = Holidays::known();
        let later = known.days_after(day("2031-03-03"), 7);
        assert_eq!(later.on, day("2031-03-10"));
        assert!(later.warnings.iter().any(|warning| warning.contains("2031년")), "{:?}", later.warnings);
        let unsure = known.days_after(day("2026-04-27"), 4);
        assert_eq!(unsure.on, day("2026-05-04"));
        assert!(unsure.warnings.iter().any(|warning| warning.contains("노동절")), "{:?}", unsure.warnings);
        let across = known.working_days_after(day("2027-12-30"), 3);
        assert!(across.warnings.iter().any(|warning| warning.contains("2028년")));
    }

    #[test]
    fn every_line_of_the_table_is_a_day_with_a_known_state() {
        let lines = TABLE.lines().filter(|line| line.starts_with("20"));
        let mut seen = 0;
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), 3, "{line}");
            day(fields[0]);
            assert!(["확정", "확인 필요"].contains(&fields[2]), "{line}");
            seen += 1;
        }
        assert_eq!(seen, Holidays::known().days.len());
    }
}
