//! How new the numbers are (갱신): the last month reported, when the next report is due, who is late.
//!
//! Owns: the rule. It stands in [`RULE`] in the words that pages show. Does not own: collection
//! rounds and their deadlines (the slice above asks departments and keeps its own days).
//! What a newcomer gets wrong: taking a plan's year for its rhythm. The rhythm is read from what the
//! node really reported.

use iljari_base::{Date, Month, Period, Year};

use super::course::Course;

/// The rule, as pages say it.
pub const RULE: &str = "보고 간격은 그 사업이 지금까지 보고한 간격에서 읽고, 읽을 수 없으면 석 달로 봅니다. \
     다음 기간이 끝난 다음 달 말까지(한 해에 한 번 보고하는 자리는 다음 해 3월 말까지) 들어올 것으로 봅니다.";

/// The rhythm where none can be read, in months.
const ASSUMED: i8 = 3;

/// How new a node's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fresh {
    /// The last month reported; `None` where nothing ever was.
    pub last: Option<Month>,
    /// Months between reports.
    pub rhythm: i8,
    /// Whether the rhythm was read from reports, not assumed.
    pub read: bool,
    /// The day by which the next report is due (다음 갱신 예정).
    pub due: Date,
    /// Whether that day is past.
    pub overdue: bool,
}

/// How new a node's numbers are. `years`: newest first; `begins`: the first year of the plan, from
/// which on the first report is awaited where there was none.
pub fn fresh(years: &[(Year, &Course)], begins: Year, today: Date) -> Option<Fresh> {
    let known: Vec<&(Year, &Course)> = years.iter().filter(|(_, course)| !course.is_empty()).collect();
    let (rhythm, read) = match known.iter().find_map(|(_, course)| distance(course)) {
        Some(distance) => (distance, true),
        None if !known.is_empty() && known.iter().all(|(_, course)| course.until() == Some(12)) => (12, true),
        None => (ASSUMED, false),
    };
    let last = known.first().and_then(|(year, course)| Month::new(year.0, course.until()?));
    let after = match last {
        Some(month) => count(month),
        None => i64::from(begins.0) * 12,
    };
    // Reports end where the rhythm cuts the year: after June, a yearly report is due for December.
    let rhythm_wide = i64::from(rhythm);
    let next = (after.div_euclid(rhythm_wide) + 1) * rhythm_wide;
    let due = last_day(next + if rhythm == 12 { 3 } else { 1 })?;
    Some(Fresh { last, rhythm, read, due, overdue: today > due })
}

/// Months since the year 0, counting the month itself: January 2026 is 2026 × 12 + 1.
fn count(month: Month) -> i64 {
    i64::from(month.year().0) * 12 + i64::from(month.of_year())
}

fn last_day(count: i64) -> Option<Date> {
    let year = i16::try_from((count - 1).div_euclid(12)).ok()?;
    let month = Month::new(year, i8::try_from((count - 1).rem_euclid(12) + 1).ok()?)?;
    Period::new(month, month)?.day_after().map(|day| day.plus_days(-1))
}

/// The smallest distance between two reports of a year that has two.
fn distance(course: &Course) -> Option<i8> {
    let points = course.points();
    if points.len() < 2 {
        return None;
    }
    let ends: Vec<i8> = std::iter::once(0).chain(points.iter().map(|(month, _)| *month)).collect();
    let smallest = ends.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).min()?;
    // A rhythm cuts the year evenly: 5 months become 4.
    [12, 6, 4, 3, 2, 1].into_iter().find(|even| *even <= smallest)
}

impl Fresh {
    /// `2026년 9월까지`; `아직 없음`.
    pub fn until(&self) -> String {
        self.last
            .map_or_else(|| "아직 없음".to_owned(), |month| format!("{}년 {}월까지", month.year(), month.of_year()))
    }

    /// `다음 갱신 예정 2027년 1월 31일`, `2026년 10월 31일까지였습니다`.
    pub fn sentence(&self) -> String {
        let day = format!("{}년 {}월 {}일", self.due.year(), self.due.month().of_year(), self.due.day());
        if self.overdue {
            format!("갱신이 늦었습니다. {day}까지였습니다")
        } else {
            format!("다음 갱신 예정 {day}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::tests::course;
    use super::*;

    #[test]
    fn the_next_report_is_due_by_the_nodes_own_rhythm() {
        type Row = (&'static [(i8, i8, i64)], &'static [(i8, i8, i64)], i8, bool, &'static str, bool);
        // (this year, last year, rhythm, read, due, overdue on 20 November 2026)
        let table: &[Row] = &[
            (&[(1, 1, 5), (2, 2, 5), (3, 8, 5)], &[], 1, true, "2026-10-31", true),
            (&[(1, 10, 5), (10, 10, 5)], &[(1, 1, 5), (2, 2, 5)], 1, true, "2026-12-31", false),
            (&[(1, 3, 5), (4, 6, 5), (7, 9, 5)], &[], 3, true, "2027-01-31", false),
            (&[(1, 3, 5), (4, 6, 5)], &[], 3, true, "2026-10-31", true),
            (&[(1, 9, 5)], &[(1, 12, 5)], 3, false, "2027-01-31", false),
            (&[], &[(1, 12, 6_570)], 12, true, "2027-03-31", false),
            (&[(1, 6, 5)], &[(1, 6, 5), (7, 12, 5)], 6, true, "2027-01-31", false),
            (&[], &[], 3, false, "2026-04-30", true),
        ];
        let today = Date::new(2026, 11, 20).expect("a day");
        for (now, last, rhythm, read, due, overdue) in table {
            let (now, last) = (course(now), course(last));
            let told = fresh(&[(Year(2026), &now), (Year(2025), &last)], Year(2026), today).expect("a rule");
            let found = (told.rhythm, told.read, told.due.to_string(), told.overdue);
            assert_eq!(found, (*rhythm, *read, (*due).to_owned(), *overdue), "{now:?} {last:?}");
        }
    }

    #[test]
    fn what_is_late_says_since_when() {
        let (now, today) = (course(&[(1, 3, 5), (4, 6, 5)]), Date::new(2026, 11, 20).expect("a day"));
        let told = fresh(&[(Year(2026), &now)], Year(2023), today).expect("a rule");
        assert_eq!(told.until(), "2026년 6월까지");
        assert_eq!(told.sentence(), "갱신이 늦었습니다. 2026년 10월 31일까지였습니다");
        let early = fresh(&[(Year(2026), &now)], Year(2023), Date::new(2026, 8, 1).expect("a day")).expect("a rule");
        assert_eq!(early.sentence(), "다음 갱신 예정 2026년 10월 31일");
    }
}
