//! Figures: a number with everything that makes it checkable.

use std::collections::BTreeMap;
use std::fmt;

use iljari_base::quantity::grouped;
use iljari_base::{Date, Month, Rate, Won, Year};

use crate::log::words::Unit;
use iljari_authored::Place;

/// A day, a month or a year, as exact as the source gave it (때).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// A whole year.
    Year(Year),
    /// A month.
    Month(Month),
    /// A day.
    Day(Date),
}

impl When {
    /// The year it lies in.
    pub fn year(self) -> Year {
        match self {
            Self::Year(year) => year,
            Self::Month(month) => month.year(),
            Self::Day(date) => date.year(),
        }
    }

    /// As people read it: `2023년`, `2023년 3월`, `2023년 3월 5일`.
    pub fn korean(self) -> String {
        match self {
            Self::Year(year) => format!("{year}년"),
            Self::Month(month) => format!("{}년 {}월", month.year(), month.of_year()),
            Self::Day(date) => format!("{}년 {}월 {}일", date.year(), date.month().of_year(), date.day()),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Month(month) => write!(f, "{month}"),
            Self::Day(date) => write!(f, "{date}"),
        }
    }
}

/// What a figure counts or measures (단위): the ledger's four units and those only plans know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// One of the ledger's units.
    Count(Unit),
    /// A rate (율).
    Rate,
    /// People at one moment (명): insured, employed, resident. Never a number of jobs made.
    People,
    /// Places, firms (곳).
    Places,
    /// Money (원).
    Won,
}

impl Measure {
    /// Every measure a plan file may name.
    pub const ALL: &'static [Measure] = &[
        Measure::Count(Unit::Jobs),
        Measure::Count(Unit::Persons),
        Measure::Count(Unit::Visits),
        Measure::Count(Unit::Cases),
        Measure::People,
        Measure::Places,
        Measure::Rate,
        Measure::Won,
    ];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count(unit) => unit.as_str(),
            Self::Rate => "율",
            Self::People => "명",
            Self::Places => "곳",
            Self::Won => "원",
        }
    }

    /// What is said behind a number: `개` for jobs, `명` for people.
    pub fn counter(self) -> &'static str {
        match self {
            Self::Count(Unit::Jobs) => "개",
            Self::Count(Unit::Persons | Unit::Visits) | Self::People => "명",
            Self::Count(Unit::Cases) => "건",
            Self::Places => "곳",
            Self::Won => "원",
            Self::Rate => "",
        }
    }
}

/// How the values of several periods become one (집계).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregation {
    /// 합: they are added.
    Sum,
    /// 마지막: the last one stands.
    Last,
    /// 평균: their mean.
    Average,
    /// 비율: sum of numerators over sum of denominators.
    Ratio,
}

impl Aggregation {
    /// Every way, in the format's order.
    pub const ALL: &'static [Aggregation] = &[Self::Sum, Self::Last, Self::Average, Self::Ratio];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "합",
            Self::Last => "마지막",
            Self::Average => "평균",
            Self::Ratio => "비율",
        }
    }
}

/// A rate as it was written: `65.3%` keeps its one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Percent {
    scaled: i64,
    decimals: u8,
}

impl Percent {
    /// `Percent::new(653, 1)` is 65.3 %. At most four decimals.
    pub fn new(scaled: i64, decimals: u8) -> Option<Self> {
        (decimals <= 4).then_some(Self { scaled, decimals })
    }

    /// Number of decimals that were written.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// The written digits as a whole number: 653 for 65.3 %.
    pub fn scaled(self) -> i64 {
        self.scaled
    }

    /// Ten thousandths of a percent, to compare two rates: 653000 for 65.3 %.
    pub fn fine(self) -> i64 {
        self.scaled.saturating_mul(10_i64.pow(u32::from(4_u8.saturating_sub(self.decimals))))
    }

    /// The rate as two integers.
    pub fn rate(self) -> Option<Rate> {
        Rate::new(self.scaled, 100_i64.checked_mul(10_i64.pow(u32::from(self.decimals)))?)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i64.pow(u32::from(self.decimals));
        let sign = if self.scaled < 0 { "-" } else { "" };
        write!(f, "{sign}{}", grouped((self.scaled / unit).abs()))?;
        if self.decimals > 0 {
            write!(f, ".{:0width$}", (self.scaled % unit).abs(), width = usize::from(self.decimals))?;
        }
        f.write_str("%")
    }
}

/// The number itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// A whole number of something.
    Count(i64),
    /// A rate.
    Percent(Percent),
    /// Money.
    Won(Won),
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(number) => f.write_str(&grouped(*number)),
            Self::Percent(percent) => write!(f, "{percent}"),
            Self::Won(won) => f.write_str(&won_text(*won)),
        }
    }
}

/// Money as people say it: `557억 원`, `590백만 원`, `1,500원`.
pub fn won_text(won: Won) -> String {
    let (whole, rest) = (won.0 / 100_000_000, won.0 % 100_000_000);
    if whole != 0 && rest == 0 { format!("{}억 원", grouped(whole)) } else { won.korean() }
}

/// A number with its definition, unit, basis, source and reference date (수치). What the file left
/// out is inherited from the nearest enclosing key, so a reader of this type need not look around.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The number.
    pub amount: Amount,
    /// What it counts.
    pub measure: Measure,
    /// False for 약: shown, but enters no exact total.
    pub exact: bool,
    /// What it means, in words (정의). `None` where nobody says.
    pub definition: Option<String>,
    /// On what basis it was counted (기준).
    pub basis: Option<String>,
    /// Ids of its sources (출처) in [`District::sources`](super::District::sources), the first the main one.
    pub sources: Vec<String>,
    /// The day, month or year it holds for (기준일).
    pub as_of: Option<When>,
    /// As the source printed it (표기), where that differs.
    pub as_printed: Option<String>,
    /// Numerator and denominator of a rate.
    pub ratio: Option<(i64, i64)>,
    /// The statistic that published a rate (공표값).
    pub statistic: Option<String>,
    /// Why it differs from what was announced before (까닭).
    pub reason: Option<String>,
    /// Anything else (비고).
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl Figure {
    /// The exact whole number, or `None` for a rate, money or 약.
    pub fn count(&self) -> Option<i64> {
        match self.amount {
            Amount::Count(number) if self.exact => Some(number),
            _ => None,
        }
    }

    /// The rate, if it is one.
    pub fn percent(&self) -> Option<Percent> {
        match self.amount {
            Amount::Percent(percent) => Some(percent),
            _ => None,
        }
    }

    /// The money, if it is some, exact or not.
    pub fn won(&self) -> Option<Won> {
        match self.amount {
            Amount::Won(won) => Some(won),
            _ => None,
        }
    }

    /// The id of its main source.
    pub fn source(&self) -> Option<&str> {
        self.sources.first().map(String::as_str)
    }

    /// With counter and 약: `12,894개`, `약 14,700개`, `65.3%`, `557억 원`.
    pub fn text(&self) -> String {
        let about = if self.exact { "" } else { "약 " };
        match self.amount {
            Amount::Count(_) => format!("{about}{}{}", self.amount, self.measure.counter()),
            Amount::Percent(_) | Amount::Won(_) => format!("{about}{}", self.amount),
        }
    }
}

/// Values by year with the total the document gives (계).
#[derive(Debug, Clone, Default)]
pub struct YearFigures {
    /// Year by year; a year without value is absent, not zero.
    pub years: BTreeMap<Year, Figure>,
    /// The total as written. For rates there is none.
    pub total: Option<Figure>,
}

impl YearFigures {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.years.is_empty() && self.total.is_none()
    }

    /// The sum of the years, when every one is an exact count and they do not overflow.
    pub fn sum(&self) -> Option<i64> {
        self.years.values().try_fold(0_i64, |sum, figure| sum.checked_add(figure.count()?))
    }
}
