//! Rates as they were printed beside the same rates computed (적힌 율과 계산한 율).
//!
//! Owns: the comparison. Does not own: either number.
//! What a newcomer gets wrong: mending a printed rate. Offices cut where we round; both stay.

use iljari_base::{Period, Rate, Year};
use iljari_disclosure::plan::{District, Measure, Percent, PublishedResult};

/// A printed rate and ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The node.
    pub node: String,
    /// The months.
    pub period: Period,
    /// The number printed, in words: `14,955개`, `약 14,700개`.
    pub value: String,
    /// The rate printed.
    pub printed: Option<Percent>,
    /// The rate computed; `None` where number or target is not exactly known.
    pub computed: Option<Rate>,
    /// How they compare.
    pub same: Same,
}

/// How a printed rate compares with the computed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// One of the two is missing.
    NotComparable,
    /// The same, rounded as printed.
    Rounded,
    /// The same with its last digits cut off.
    Cut,
    /// Another number.
    Differs,
}

impl Same {
    /// As a page says it.
    pub fn korean(self) -> &'static str {
        match self {
            Same::NotComparable => "견줄 수 없음",
            Same::Rounded => "같음",
            Same::Cut => "끝자리를 버림",
            Same::Differs => "다름",
        }
    }
}

/// The figure over the target printed beside it, else over the target in force for the year.
pub fn computed_rate(book: &District, result: &PublishedResult) -> Option<Rate> {
    let printed = result.printed_target.as_ref().and_then(|target| target.figure.count());
    let year = result.period.first().year();
    let in_force = || {
        let sets = book.counted_targets(year);
        let fits = |target: &&iljari_disclosure::plan::CountedTarget<'_>| {
            target.set.node == result.node && result.measure == target.set.measure
        };
        sets.iter().find(|target| fits(target))?.at.in_force()?.count()
    };
    Rate::new(result.figure.count()?, printed.or_else(in_force)?)
}

/// Compares exactly, without rounding ours first.
pub fn compare(printed: Option<Percent>, computed: Option<Rate>) -> Same {
    let (Some(printed), Some(computed)) = (printed, computed) else { return Same::NotComparable };
    let unit = 10_i128.pow(u32::from(printed.decimals()));
    let (top, bottom) = (i128::from(computed.numerator()) * 100 * unit, i128::from(computed.denominator()));
    let said = i128::from(printed.scaled());
    if (2 * top + bottom).div_euclid(2 * bottom) == said {
        Same::Rounded
    } else if top.div_euclid(bottom) == said {
        Same::Cut
    } else {
        Same::Differs
    }
}

/// Every count published for a year, in the files' order.
pub fn printed(book: &District, year: Year) -> Vec<Printed> {
    let counts = book.results_of(year).filter(|result| matches!(result.measure, Measure::Count(_)));
    counts
        .map(|result| {
            let rate = result.printed_rate.as_ref().map(|rate| rate.percent);
            let computed = computed_rate(book, result);
            Printed {
                node: result.node.clone(),
                period: result.period,
                value: result.figure.text(),
                printed: rate,
                computed,
                same: compare(rate, computed),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::public::tests::book;

    #[test]
    fn eunpyeong_cuts_where_we_round() {
        let told = printed(&book("eunpyeong"), Year(2022));
        let year = told.iter().find(|one| one.period == Year(2022).period()).expect("the year");
        assert_eq!(year.printed.map(|rate| rate.to_string()), Some("121%".to_owned()));
        assert_eq!(year.computed.map(|rate| rate.percent_text()), Some("121.9".to_owned()), "14,955 of 12,270");
        assert_eq!(year.same, Same::Cut);
    }

    #[test]
    fn a_printed_rate_is_compared_to_the_last_digit() {
        let percent = |scaled, decimals| Percent::new(scaled, decimals);
        let rate = Rate::new(6_570, 6_000);
        let table = [
            (percent(1_095, 1), rate, Same::Rounded),
            (percent(110, 0), rate, Same::Rounded),
            (percent(109, 0), rate, Same::Cut),
            (percent(108, 0), rate, Same::Differs),
            (None, rate, Same::NotComparable),
            (percent(109, 0), None, Same::NotComparable),
            (percent(0, 0), Rate::new(0, 5), Same::Rounded),
        ];
        for (printed, computed, same) in table {
            assert_eq!(compare(printed, computed), same, "{printed:?}");
        }
    }

    #[test]
    fn what_was_said_to_be_about_computes_nothing() {
        let told = printed(&book("eunpyeong"), Year(2024));
        assert!(told.iter().any(|one| one.value == "약 14,700개" && one.computed.is_none()), "{told:?}");
    }
}
