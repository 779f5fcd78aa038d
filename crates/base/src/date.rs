//! Days, months, years, periods and instants, kept apart.
//!
//! `Timestamp` is what happened (UTC); `Date` is a civil day in Asia/Seoul (deadlines, ages,
//! reference dates); `Year`, `Month` and `Period` are for targets and actuals.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

/// Why a text is no date, month or instant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("날짜로 읽을 수 없습니다: {0:?}")]
pub struct BadDate(pub String);

/// A civil day in Asia/Seoul (날짜).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// A day that exists, or `None` (2023-02-29 is none).
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year this day lies in.
    pub fn year(self) -> Year {
        Year(self.0.year())
    }

    /// The month this day lies in.
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// This day plus `days` (may be negative); saturates at the calendar's ends.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days.clamp(-1_000_000, 1_000_000))))
    }

    /// How many days lie from this day to another; negative when that one is past.
    pub fn days_until(self, other: Date) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// The instant of a full hour of this day in Seoul (0 to 23; the day's start where there is no such hour).
    pub fn at_hour(self, hour: i8) -> Timestamp {
        let local = self.0.at(hour.clamp(0, 23), 0, 0, 0);
        jiff::tz::TimeZone::fixed(jiff::tz::offset(9))
            .to_timestamp(local)
            .map(Timestamp::from_jiff)
            .unwrap_or(Timestamp::from_microsecond(0))
    }

    /// As people read it: `2026년 12월 4일(금)`.
    pub fn korean(self) -> String {
        let weekday = match self.0.weekday() {
            civil::Weekday::Monday => "월",
            civil::Weekday::Tuesday => "화",
            civil::Weekday::Wednesday => "수",
            civil::Weekday::Thursday => "목",
            civil::Weekday::Friday => "금",
            civil::Weekday::Saturday => "토",
            civil::Weekday::Sunday => "일",
        };
        format!("{}년 {}월 {}일({weekday})", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Date {
    type Err = BadDate;

    /// Reads `YYYY-MM-DD` only; friendlier forms are read by the plan file's reader.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadDate(text.to_owned());
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else {
            return Err(bad());
        };
        if year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return Err(bad());
        }
        let year = year.parse().map_err(|_| bad())?;
        let month = month.parse().map_err(|_| bad())?;
        let day = day.parse().map_err(|_| bad())?;
        Self::new(year, month, day).ok_or_else(bad)
    }
}

/// A calendar year (연도).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Year(pub i16);

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Year {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<i16>() {
            Ok(year) if (1900..=2200).contains(&year) => Ok(Self(year)),
            _ => Err(BadDate(text.to_owned())),
        }
    }
}

impl Year {
    /// January to December of this year.
    pub fn period(self) -> Period {
        Period { first: Month { year: self.0, month: 1 }, last: Month { year: self.0, month: 12 } }
    }
}

/// A calendar month (월).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// A month that exists, or `None`.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1900..=2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// Reads the leaf's integer form, 202501; `None` for an impossible month.
    pub fn from_number(number: i64) -> Option<Self> {
        let year = i16::try_from(number.div_euclid(100)).ok()?;
        let month = i8::try_from(number.rem_euclid(100)).ok()?;
        Self::new(year, month)
    }

    /// The leaf's integer form: 202501.
    pub fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }

    /// The year this month lies in.
    pub fn year(self) -> Year {
        Year(self.year)
    }

    /// 1 to 12.
    pub fn of_year(self) -> i8 {
        self.month
    }

    /// The month after this one.
    pub fn next(self) -> Option<Self> {
        if self.month == 12 { Self::new(self.year + 1, 1) } else { Self::new(self.year, self.month + 1) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadDate(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(bad)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(bad());
        }
        Self::new(year.parse().map_err(|_| bad())?, month.parse().map_err(|_| bad())?).ok_or_else(bad)
    }
}

/// From the first month to the last, both included (기간).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    first: Month,
    last: Month,
}

impl Period {
    /// A period whose first month is not after its last, or `None`.
    pub fn new(first: Month, last: Month) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The day after the last one of this period; `None` at the calendar's end.
    pub fn day_after(self) -> Option<Date> {
        let last = self.last;
        if last.month == 12 { Date::new(last.year + 1, 1, 1) } else { Date::new(last.year, last.month + 1, 1) }
    }

    /// The first month.
    pub fn first(self) -> Month {
        self.first
    }

    /// The last month, included.
    pub fn last(self) -> Month {
        self.last
    }

    /// Whether `other` lies wholly inside this period.
    pub fn covers(self, other: Period) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether the two share a month.
    pub fn overlaps(self, other: Period) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// As people read it: `2023년`, `2023년 4월`, `2023년 1~9월`, `2023년 1월 ~ 2024년 6월`.
    pub fn korean(self) -> String {
        let (first, last) = (self.first, self.last);
        if first.year == last.year {
            match (first.month, last.month) {
                (1, 12) => format!("{}년", first.year),
                (one, other) if one == other => format!("{}년 {}월", first.year, one),
                (one, other) => format!("{}년 {}~{}월", first.year, one, other),
            }
        } else {
            format!("{}년 {}월 ~ {}년 {}월", first.year, first.month, last.year, last.month)
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

/// An instant, UTC, to the microsecond (시각). Its text has a fixed width, so text order is time order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// From jiff's instant, cut to the microsecond.
    pub fn from_jiff(instant: jiff::Timestamp) -> Self {
        Self::from_microsecond(instant.as_microsecond())
    }

    /// From microseconds since 1970; saturates at the calendar's ends.
    pub fn from_microsecond(micros: i64) -> Self {
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        }))
    }

    /// Microseconds since 1970.
    pub fn as_microsecond(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Seconds since 1970.
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// This instant plus `seconds` (may be negative).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microsecond(self.as_microsecond().saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The civil day in Asia/Seoul. Seoul has kept UTC+9 without summer time since 1988.
    pub fn seoul_date(self) -> Date {
        Date(self.seoul().date())
    }

    /// As people read it, in Seoul: `2026년 11월 5일(목) 14:03`.
    pub fn korean(self) -> String {
        let local = self.seoul();
        format!("{} {:02}:{:02}", self.seoul_date().korean(), local.hour(), local.minute())
    }

    fn seoul(self) -> civil::DateTime {
        self.0.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).datetime()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl FromStr for Timestamp {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::from_jiff).map_err(|_| BadDate(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        assert!("2023-02-29".parse::<Date>().is_err());
        assert!("2024-02-29".parse::<Date>().is_ok());
        assert!("24-2-29".parse::<Date>().is_err());
    }

    #[test]
    fn days_are_counted_over_months_and_backwards() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert_eq!(day("2026-11-25").days_until(day("2026-12-04")), 9);
        assert_eq!(day("2026-12-04").days_until(day("2026-11-25")), -9);
        assert_eq!(day("2024-02-28").days_until(day("2025-02-28")), 366);
    }

    #[test]
    fn an_instant_keeps_its_width_and_its_order_as_text() {
        let one = Timestamp::from_microsecond(1_700_000_000_000_000);
        let other = Timestamp::from_microsecond(1_700_000_000_000_001);
        assert_eq!(one.to_string().len(), other.to_string().len());
        assert!(one.to_string() < other.to_string());
        assert_eq!(one.to_string().parse::<Timestamp>(), Ok(one));
    }

    #[test]
    fn midnight_belongs_to_seoul() {
        let instant: Timestamp = "2026-11-22T15:00:00.000000Z".parse().expect("an instant");
        assert_eq!(instant.seoul_date().to_string(), "2026-11-23");
        assert_eq!(instant.seoul_date().at_hour(0), instant);
        assert_eq!(instant.korean(), "2026년 11월 23일(월) 00:00");
    }

    #[test]
    fn periods_are_read_aloud() {
        let period = |first, last| {
            Period::new(Month::from_number(first).expect("a month"), Month::from_number(last).expect("a month"))
                .expect("a period")
        };
        assert_eq!(period(202201, 202212).korean(), "2022년");
        assert_eq!(period(202201, 202209).korean(), "2022년 1~9월");
        assert_eq!(period(202204, 202204).korean(), "2022년 4월");
        assert!(Month::from_number(202213).is_none());
    }
}
