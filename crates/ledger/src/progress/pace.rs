//! Whether a year reaches its target as it goes (속도): what will miss, and by how much.
//!
//! Owns: the judgement of one node's year, and its sentence. Does not own: the interval
//! (`forecast`), which target holds (`plans`).
//! What a newcomer gets wrong: judging what cannot be judged. Without a target, without a report or
//! before March there is no judgement, and that is said in words.

use iljari_base::quantity::grouped;
use iljari_base::{Date, Rate, Year};

use super::course::Course;
use super::forecast::{Forecast, Lack, forecast};

/// Before this month of the year nothing is said about its end.
pub const JUDGED_FROM_MONTH: i8 = 3;

/// How the year's end was reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// From the node's own earlier stretches: see [`Forecast`].
    History,
    /// As last year went on from the same month.
    LastYear,
    /// Each month as much as the months so far.
    Straight,
}

impl Basis {
    /// How, in words.
    pub fn korean(self) -> &'static str {
        match self {
            Basis::History => "이 자리의 지난 기록에서 남은 달만큼 이어진 기간의 가운데 값을 더했습니다",
            Basis::LastYear => "지난해 같은 달부터 연말까지 늘어난 비율대로 늘렸습니다",
            Basis::Straight => "지금까지와 같은 빠르기로 늘렸습니다",
        }
    }

    /// How, in a word for a table.
    pub fn short(self) -> &'static str {
        match self {
            Basis::History => "지난 기록",
            Basis::LastYear => "지난해 흐름",
            Basis::Straight => "같은 빠르기",
        }
    }
}

/// What can be said about a year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// No target holds.
    NoTarget,
    /// Nothing was reported.
    Nothing,
    /// Reports stop before [`JUDGED_FROM_MONTH`].
    TooEarly,
    /// An earlier year whose reports stop before December.
    Unfinished,
    /// The target is reached already.
    Reached,
    /// December was reported and the target was missed by so many.
    Missed {
        /// How many are missing.
        by: i64,
    },
    /// It will be missed by so many.
    WillMiss {
        /// The expected end.
        end: i64,
        /// How many will be missing.
        by: i64,
        /// How that was reckoned.
        basis: Basis,
    },
    /// It will be reached.
    WillReach {
        /// The expected end.
        end: i64,
        /// How that was reckoned.
        basis: Basis,
    },
}

/// A node's year beside its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// The target in force.
    pub target: Option<i64>,
    /// What stands; `None` where nothing was reported.
    pub actual: Option<i64>,
    /// The last month reported.
    pub until: Option<i8>,
    /// What a straight line to the target would have had by then, rounded half up.
    pub even: Option<i64>,
    /// What last year's shape would have had by then, rounded half up.
    pub shape: Option<i64>,
    /// The interval, or why there is none.
    pub forecast: Result<Forecast, Lack>,
    /// What follows.
    pub outlook: Outlook,
}

/// `a × b / c`, rounded half up; `None` unless `c` is positive and it fits.
fn scaled(a: i64, b: i64, c: i64) -> Option<i64> {
    let c = i128::from(c);
    if c <= 0 {
        return None;
    }
    let product = i128::from(a) * i128::from(b) * 2 + c;
    i64::try_from(product.div_euclid(c * 2)).ok()
}

/// Judges a year. `before`: the years before it, nearest first.
pub fn pace(target: Option<i64>, year: Year, now: &Course, before: &[&Course], today: Date) -> Pace {
    let target = target.filter(|target| *target > 0);
    let until = now.until();
    let last = before.first().copied();
    // Last year's shape: how much of the whole year stood by the same month.
    let shape_of = |month: i8| {
        let last = last?;
        Some((last.at(month)?, last.whole()?)).filter(|(by_then, whole)| *by_then > 0 && *whole >= *by_then)
    };
    let shape = until.and_then(shape_of);
    let forecast = forecast(now, before);
    let even = target.zip(until).and_then(|(target, month)| scaled(target, i64::from(month), 12));
    let by_shape = target.zip(shape).and_then(|(target, (by_then, whole))| scaled(target, by_then, whole));
    let judged = || {
        let Some(target) = target else { return Outlook::NoTarget };
        let Some(month) = until else { return Outlook::Nothing };
        let actual = now.total();
        if actual >= target {
            return Outlook::Reached;
        }
        if month >= 12 {
            return Outlook::Missed { by: target.saturating_sub(actual) };
        }
        if year < today.year() {
            return Outlook::Unfinished;
        }
        if month < JUDGED_FROM_MONTH {
            return Outlook::TooEarly;
        }
        let straight = || scaled(actual, 12, i64::from(month)).map(|end| (end, Basis::Straight));
        let as_last_year =
            || shape.and_then(|(by_then, whole)| Some((scaled(actual, whole, by_then)?, Basis::LastYear)));
        let from_history = forecast.ok().map(|told| (told.middle, Basis::History));
        match from_history.or_else(as_last_year).or_else(straight) {
            Some((end, basis)) if end < target => Outlook::WillMiss { end, by: target.saturating_sub(end), basis },
            Some((end, basis)) => Outlook::WillReach { end, basis },
            None => Outlook::TooEarly,
        }
    };
    let outlook = judged();
    Pace { target, actual: until.map(|_| now.total()), until, even, shape: by_shape, forecast, outlook }
}

impl Pace {
    /// Actual over target.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(self.actual?, self.target?)
    }

    /// How many will be, or are, missing.
    pub fn missing(&self) -> Option<i64> {
        match self.outlook {
            Outlook::Missed { by } | Outlook::WillMiss { by, .. } => Some(by),
            _ => None,
        }
    }

    /// Whether the target is missed or will be.
    pub fn misses(&self) -> bool {
        self.missing().is_some()
    }

    /// Where the year is expected to end, while it runs.
    pub fn end(&self) -> Option<i64> {
        match self.outlook {
            Outlook::WillMiss { end, .. } | Outlook::WillReach { end, .. } => Some(end),
            _ => None,
        }
    }

    /// How the end was reckoned.
    pub fn basis(&self) -> Option<Basis> {
        match self.outlook {
            Outlook::WillMiss { basis, .. } | Outlook::WillReach { basis, .. } => Some(basis),
            _ => None,
        }
    }

    /// How far ahead of the straight line, negative for behind.
    pub fn ahead(&self) -> Option<i64> {
        Some(self.actual?.saturating_sub(self.even?))
    }

    /// The judgement in a word for a table.
    pub fn word(&self) -> &'static str {
        match self.outlook {
            Outlook::NoTarget => "목표 없음",
            Outlook::Nothing => "실적 없음",
            Outlook::TooEarly => "아직 이름",
            Outlook::Unfinished => "덜 들어옴",
            Outlook::Reached => "목표 넘음",
            Outlook::Missed { .. } => "못 미침",
            Outlook::WillMiss { .. } => "못 미칠 듯",
            Outlook::WillReach { .. } => "가는 중",
        }
    }

    /// The judgement as a sentence: `이대로면 12월에 목표보다 320개 적습니다`.
    pub fn sentence(&self, counter: &str) -> String {
        let more = |number: i64| format!("{}{counter}", grouped(number));
        match self.outlook {
            Outlook::NoTarget => "이 해의 목표가 없어 견주지 않습니다".to_owned(),
            Outlook::Nothing => "들어온 기록이 없어 아직 모릅니다".to_owned(),
            Outlook::TooEarly => format!("{JUDGED_FROM_MONTH}월 기록이 들어오기 전에는 연말을 말하지 않습니다"),
            Outlook::Unfinished => "12월까지의 기록이 들어오지 않아 한 해의 수를 모릅니다".to_owned(),
            Outlook::Reached => match self.actual.zip(self.target).map(|(actual, target)| actual - target) {
                Some(0) | None => "목표에 닿았습니다".to_owned(),
                Some(over) => format!("목표보다 {} 많습니다", more(over)),
            },
            Outlook::Missed { by } => format!("목표보다 {} 적게 마쳤습니다", more(by)),
            Outlook::WillMiss { by, .. } => format!("이대로면 12월에 목표보다 {} 적습니다", more(by)),
            Outlook::WillReach { .. } => "이대로면 12월에 목표에 닿습니다".to_owned(),
        }
    }

    /// `고르게 갈 때보다 30명 앞서 있습니다`; empty once the year is whole or without a target.
    pub fn against_even(&self, counter: &str) -> String {
        let Some(ahead) = self.ahead().filter(|_| self.until.is_some_and(|month| month < 12)) else {
            return String::new();
        };
        match ahead {
            0 => "고르게 갈 때와 같습니다".to_owned(),
            1.. => format!("고르게 갈 때보다 {}{counter} 앞서 있습니다", grouped(ahead)),
            _ => format!("고르게 갈 때보다 {}{counter} 뒤져 있습니다", grouped(ahead.saturating_neg())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::tests::course;
    use super::*;

    fn day() -> Date {
        Date::new(2026, 11, 20).expect("a day")
    }

    fn of(target: Option<i64>, now: &[(i8, i8, i64)], before: &[&Course]) -> Pace {
        pace(target, Year(2026), &course(now), before, day())
    }

    #[test]
    fn each_year_is_judged_as_far_as_its_data_allow() {
        // (target, what was reported, judgement, sentence)
        type Told = (Option<i64>, &'static [(i8, i8, i64)], Outlook, &'static str);
        let straight = Basis::Straight;
        let table: &[Told] = &[
            (None, &[(1, 9, 40)], Outlook::NoTarget, "이 해의 목표가 없어 견주지 않습니다"),
            (Some(0), &[(1, 9, 40)], Outlook::NoTarget, "이 해의 목표가 없어 견주지 않습니다"),
            (Some(600), &[], Outlook::Nothing, "들어온 기록이 없어 아직 모릅니다"),
            (Some(600), &[(1, 2, 99)], Outlook::TooEarly, "3월 기록이 들어오기 전에는 연말을 말하지 않습니다"),
            (Some(6000), &[(1, 12, 6570)], Outlook::Reached, "목표보다 570개 많습니다"),
            (Some(6000), &[(1, 12, 6000)], Outlook::Reached, "목표에 닿았습니다"),
            (Some(600), &[(1, 12, 588)], Outlook::Missed { by: 12 }, "목표보다 12개 적게 마쳤습니다"),
            // Eunpyeong 2022 was past its target after three quarters already.
            (Some(12_270), &[(1, 9, 13_262)], Outlook::Reached, "목표보다 992개 많습니다"),
            (
                Some(6_320),
                &[(1, 9, 4_500)],
                Outlook::WillMiss { end: 6_000, by: 320, basis: straight },
                "이대로면 12월에 목표보다 320개 적습니다",
            ),
            (
                Some(6_000),
                &[(1, 9, 4_500)],
                Outlook::WillReach { end: 6_000, basis: straight },
                "이대로면 12월에 목표에 닿습니다",
            ),
        ];
        for (target, now, outlook, sentence) in table {
            let pace = of(*target, now, &[]);
            assert_eq!((pace.outlook, pace.sentence("개").as_str()), (*outlook, *sentence), "{target:?} {now:?}");
        }
    }

    #[test]
    fn last_years_shape_is_better_than_a_straight_line() {
        // Half of last year's number came in the last quarter.
        let last = course(&[(1, 9, 300), (10, 12, 300)]);
        let pace = of(Some(600), &[(1, 9, 310)], &[&last]);
        assert_eq!(pace.outlook, Outlook::WillReach { end: 620, basis: Basis::LastYear });
        assert_eq!((pace.even, pace.shape), (Some(450), Some(300)));
        assert_eq!(pace.against_even("명"), "고르게 갈 때보다 140명 뒤져 있습니다");
        // A last year without September of its own has no shape.
        let once = course(&[(1, 12, 600)]);
        let pace = of(Some(600), &[(1, 9, 310)], &[&once]);
        assert_eq!(pace.outlook, Outlook::WillMiss { end: 413, by: 187, basis: Basis::Straight });
        assert_eq!(pace.shape, None);
    }

    #[test]
    fn the_nodes_own_history_is_asked_first() {
        let months: Vec<(i8, i8, i64)> =
            (1..).zip([41, 38, 57, 62, 60, 58, 49, 52, 66, 64]).map(|(month, n)| (month, month, n)).collect();
        let pace = of(Some(700), &months, &[]);
        assert_eq!(pace.outlook, Outlook::WillMiss { end: 665, by: 35, basis: Basis::History });
        assert_eq!(pace.rate().map(Rate::per_mille), Some(781));
        assert_eq!(pace.against_even("명"), "고르게 갈 때보다 36명 뒤져 있습니다");
    }

    #[test]
    fn an_earlier_year_that_was_not_finished_is_not_stretched() {
        let pace = pace(Some(12_270), Year(2022), &course(&[(1, 9, 9_000)]), &[], day());
        assert_eq!(pace.outlook, Outlook::Unfinished);
        assert!(!pace.misses() && pace.end().is_none());
    }

    #[test]
    fn shares_are_rounded_once_and_never_divide_by_nothing() {
        assert_eq!(scaled(12_270, 9, 12), Some(9_203));
        assert_eq!(scaled(-5, 12, 9), Some(-7));
        assert_eq!(scaled(1, 1, 0), None);
        assert_eq!(scaled(i64::MAX, i64::MAX, 1), None);
    }
}
