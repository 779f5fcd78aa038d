//! The pay of a call (임금), held against the minimum wage and the district's living wage.
//!
//! Owns: the two names under which rule files give them, and what is said where the pay is below. Does not own:
//! the amounts, which stand in the call's own rules as reference values with their days and sources. What a
//! newcomer gets wrong: taking last year's minimum for this year's. It is set anew for every year; where the rules
//! have none of the year that is worked in, nothing was compared, and the officer is told so.

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_base::{Refusal, Year};
use iljari_rules::RuleSet;

use crate::model::Terms;

/// The reference value of rule files that holds the minimum wage, won an hour (최저임금).
pub const MINIMUM: &str = "최저임금";
/// The reference value that holds the district's living wage, won an hour (생활임금).
pub const LIVING: &str = "생활임금";
/// Who pays less than the minimum breaks this.
const ARTICLE: &str = "최저임금법 제6조제1항";

/// Something that an officer should look at and that keeps a call from nothing (눈여겨볼 것).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Stable code, kebab case.
    pub code: &'static str,
    /// Plain polite Korean.
    pub message: String,
}

/// Refuses pay below the minimum wage of a year that is worked in (`below-minimum-wage`), one refusal a year.
pub fn refusals(terms: &Terms, rules: &RuleSet) -> Vec<Refusal> {
    let below = |year: Year| {
        let least = of_year(rules, MINIMUM, year).filter(|least| terms.wage_hourly < *least)?;
        let message = format!(
            "시간당 {}원은 {year}년 최저임금 {}원보다 {}원 적습니다. {}원 이상으로 고쳐 주세요.",
            grouped(terms.wage_hourly),
            grouped(least),
            grouped(least.saturating_sub(terms.wage_hourly)),
            grouped(least)
        );
        Some(Refusal::new("below-minimum-wage", ARTICLE, message).at("wage_hourly"))
    };
    years(terms).into_iter().filter_map(below).collect()
}

/// What else is to be said of the pay:
///
/// | code | when |
/// | --- | --- |
/// | `minimum-wage-unknown` | the rules have no minimum wage of a year that is worked in |
/// | `below-living-wage` | the pay is below the living wage of such a year; the rules need not have one |
pub fn remarks(terms: &Terms, rules: &RuleSet) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for year in years(terms) {
        if of_year(rules, MINIMUM, year).is_none() {
            let last = match newest(rules, MINIMUM) {
                Some((of, least)) => format!(" 규칙에 있는 마지막 값은 {of}년 {}원입니다.", grouped(least)),
                None => String::new(),
            };
            let wage = with_particle(MINIMUM, "이/가");
            let message = format!(
                "확인 필요: 규칙 파일에 {year}년 {wage} 없어 시간당 {}원과 견주지 못했습니다.{last} 고시한 값을 확인해 주세요.",
                grouped(terms.wage_hourly)
            );
            remarks.push(Remark { code: "minimum-wage-unknown", message });
        }
        if let Some(living) = of_year(rules, LIVING, year).filter(|living| terms.wage_hourly < *living) {
            let message = format!(
                "시간당 {}원은 {year}년 {LIVING} {}원보다 {}원 적습니다. {LIVING} 조례가 미치는 모집인지 확인해 주세요.",
                grouped(terms.wage_hourly),
                grouped(living),
                grouped(living.saturating_sub(terms.wage_hourly))
            );
            remarks.push(Remark { code: "below-living-wage", message });
        }
    }
    remarks
}

/// The years of the first and the last day of work. A call that lies in two is refused for that elsewhere.
fn years(terms: &Terms) -> Vec<Year> {
    let mut years = vec![terms.work_first_on.year(), terms.work_last_on.year()];
    years.dedup();
    years
}

/// A wage as it was set for a year, whole won; the highest where a year has several.
fn of_year(rules: &RuleSet, name: &str, year: Year) -> Option<i64> {
    let history = rules.reference(name)?.history.iter();
    history.filter(|dated| dated.from.year() == year).filter_map(|dated| dated.values.get(&0)?.as_whole()).max()
}

/// The newest wage that the rules have, with its year.
fn newest(rules: &RuleSet, name: &str) -> Option<(Year, i64)> {
    let dated = rules.reference(name)?.history.last()?;
    Some((dated.from.year(), dated.values.get(&0)?.as_whole()?))
}
