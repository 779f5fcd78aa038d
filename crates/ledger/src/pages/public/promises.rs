//! Promises beside what came of them: the years of a target set, their sum, how far it has come.
//!
//! Owns: which word stands for an unknown year, and what may be added. Does not own: the totals.
//! What a newcomer gets wrong: adding a year that is only half reported to a sum of whole years.

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_base::{Month, Rate, Year};
use iljari_disclosure::log::totals::Split;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Measure, TargetSet};
use iljari_plans::pages::promised::{Layer, Promised};
use iljari_plans::pages::words::{NOTHING, set_total, years_text};
use iljari_web::charts::{Gauge, Svg, YearBar, YearBars, gauge, year_bars};

use super::look::{Look, Reach};
use super::number::Number;

/// One year of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearLine {
    /// The year.
    pub year: Year,
    /// The target in force.
    pub target: Option<i64>,
    /// What the term plan said, where the year's plan says something else.
    pub before: Option<i64>,
    /// What was counted.
    pub actual: Option<Split>,
    /// The last month counted, where the year is not whole.
    pub until: Option<Month>,
    /// The word where nothing was counted: 미확인, 자료 없음, 진행 중, 예정.
    pub word: &'static str,
}

impl YearLine {
    /// The whole year's number.
    pub fn whole(&self) -> Option<i64> {
        self.actual.filter(|_| self.until.is_none()).map(Split::total)
    }

    /// Actual over target of a whole year.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(self.whole()?, self.target?)
    }
}

/// The ledger's unit of a set; `None` for rates, people, money.
pub fn unit_of(set: &TargetSet) -> Option<Unit> {
    match set.measure {
        Measure::Count(unit) => Some(unit),
        _ => None,
    }
}

/// The years of a counted set.
pub fn year_lines(look: &Look, set: &TargetSet, this_year: Year) -> Vec<YearLine> {
    let Some(unit) = unit_of(set) else { return Vec::new() };
    let line = |of: crate::progress::YearOfTarget| {
        let reach = look.reach(&set.node, of.year, unit, &set.fields);
        YearLine {
            year: of.year,
            target: of.target,
            before: of.before,
            actual: of.actual,
            until: match reach {
                Some(Reach::Until(month)) => Some(month),
                Some(Reach::WholeYear) | None => None,
            },
            word: unknown_word(look, &set.node, set.measure, of.year, this_year),
        }
    };
    look.progress.of_target(&look.book, set).into_iter().map(line).collect()
}

/// The word for a year nobody counted. A figure that was only reported as 약 makes it 미확인.
pub fn unknown_word(look: &Look, node: &str, measure: Measure, year: Year, this_year: Year) -> &'static str {
    if year > this_year {
        return "예정";
    }
    if year == this_year {
        return "진행 중";
    }
    let about = |result: &&iljari_disclosure::plan::PublishedResult| {
        result.node == node && result.measure == measure && !result.figure.exact
    };
    if look.book.results_of(year).any(|result| about(&result)) { "미확인" } else { NOTHING }
}

/// A row of the table beside the bars.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearRow {
    pub(crate) year: String,
    pub(crate) target: Promised,
    pub(crate) before: Promised,
    pub(crate) actual: Option<Number>,
    pub(crate) word: String,
    pub(crate) rate: String,
}

/// The rows of the table.
pub fn rows(look: &Look, set: &TargetSet, lines: &[YearLine]) -> Vec<YearRow> {
    let Some(unit) = unit_of(set) else { return Vec::new() };
    let number = |line: &YearLine| {
        let value = line.actual?.total();
        Some(Number::total(&look.book.code, &set.node, line.year, unit, value).of_fields(&set.fields))
    };
    let target = |known: Option<i64>, layer: Layer, year: Year| {
        let at = look.book.node_targets(&set.node, &set.id, year);
        let figure = if layer == Layer::Term { at.term } else { at.in_force() };
        known.and(figure).map(|figure| Promised::bare(figure, &set.id, &set.node, year, layer))
    };
    lines
        .iter()
        .map(|line| YearRow {
            year: line.year.to_string(),
            target: target(line.target, Layer::InForce, line.year).unwrap_or_else(|| Promised::words(NOTHING)),
            before: target(line.before, Layer::Term, line.year).unwrap_or_default(),
            actual: number(line),
            word: match (line.actual, line.until) {
                (None, _) => line.word.to_owned(),
                (Some(_), Some(month)) => format!("{}월까지", month.of_year()),
                (Some(_), None) => String::new(),
            },
            rate: line.rate().map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
        })
        .collect()
}

/// The bars.
pub fn bars(id: &str, what: &str, unit: &str, lines: &[YearLine]) -> Svg {
    let bar = |line: &YearLine| YearBar {
        label: match line.until {
            Some(month) => format!("{}년 {}월까지", line.year, month.of_year()),
            None => format!("{}년", line.year),
        },
        target: line.target,
        actual: line.actual.map(Split::total),
        note: line.word.to_owned(),
    };
    let rows: Vec<YearBar> = lines.iter().map(bar).collect();
    // The unit is said once: on a narrow page a counter behind every number would run into the year.
    year_bars(&YearBars { id, what: &format!("{what}, 단위: {unit}"), unit: "", rows: &rows })
}

/// The heading over the years: what is known, as a sentence.
pub fn years_sentence(lines: &[YearLine]) -> String {
    let known: Vec<&YearLine> = lines.iter().filter(|line| line.whole().is_some()).collect();
    let judged: Vec<&&YearLine> = known.iter().filter(|line| line.rate().is_some()).collect();
    let reached = judged.iter().filter(|line| line.whole() >= line.target).count();
    match (known.as_slice(), judged.len()) {
        ([], _) => "한 해를 다 채운 실적은 아직 없습니다".to_owned(),
        ([one], _) => format!("계획 기간에서 확인된 실적은 {}년뿐입니다", one.year),
        (_, 0) => "목표와 견줄 수 있는 해가 없습니다".to_owned(),
        (_, all) if reached == all => format!("확인된 {all}년 모두 목표에 닿았습니다"),
        (_, all) => format!("확인된 {all}년 가운데 {reached}년은 목표에 닿았습니다"),
    }
}

/// The sum over the whole years, where there are at least two.
pub fn known_sum(look: &Look, set: &TargetSet, lines: &[YearLine]) -> Option<YearRow> {
    let unit = unit_of(set)?;
    let known: Vec<&YearLine> = lines.iter().filter(|line| line.whole().is_some() && line.target.is_some()).collect();
    let (first, last) = (known.first()?.year, known.last()?.year);
    let together = usize::try_from(last.0 - first.0).ok()? + 1 == known.len();
    if known.len() < 2 || !together {
        return None;
    }
    let actual = known.iter().filter_map(|line| line.whole()).sum::<i64>();
    let target = known.iter().filter_map(|line| line.target).sum::<i64>();
    let number = Number::over_years(&look.book.code, &set.node, (first, last), unit, actual).of_fields(&set.fields);
    Some(YearRow {
        year: format!("{}년 합계", known.len()),
        target: Promised::words(grouped(target)),
        actual: Some(number),
        rate: Rate::new(actual, target)?.to_string(),
        ..YearRow::default()
    })
}

/// A whole promise and how far it has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) heading: String,
    pub(crate) number: Option<Number>,
    pub(crate) said: String,
    pub(crate) picture: Svg,
    pub(crate) note: String,
}

/// The view of one counted set; `None` where the set gives no total.
pub fn promise(look: &Look, set: &TargetSet, place: usize, this_year: Year) -> Option<PromiseView> {
    let unit = unit_of(set)?;
    let total = set_total(set)?;
    let lines = year_lines(look, set, this_year);
    let known: Vec<&YearLine> = lines.iter().filter(|line| line.actual.is_some()).collect();
    let counter = super::number::counter(unit);
    let so_far = known.iter().filter_map(|line| line.actual).map(Split::total).sum::<i64>();
    let whole_years = known.iter().filter(|line| line.until.is_none()).count();
    let span = years_text(set.first_year, set.last_year);
    let all_years = lines.len();
    let (number, said, heading) = match (known.first(), known.last()) {
        (Some(first), Some(last)) => {
            let years = (first.year, last.year);
            let number = Number::over_years(&look.book.code, &set.node, years, unit, so_far).of_fields(&set.fields);
            let rate = Rate::new(so_far, total).map(|rate| rate.to_string()).unwrap_or_default();
            let heading = format!("{}, {rate} 왔습니다", set.name);
            (Some(number), years_text(first.year, last.year), heading)
        }
        _ => (None, String::new(), format!("{}, 실적은 아직 없습니다", set.name)),
    };
    let id = format!("promise-{place}");
    let picture = gauge(&Gauge {
        id: &id,
        what: &format!("{} {span}", set.name),
        unit: counter,
        target: Some(total),
        actual: number.as_ref().map(|number| number.value),
        actual_word: "지금까지",
        unknown_word: "아직 없음",
        legend: false,
    });
    Some(PromiseView {
        name: set.name.clone(),
        definition: set.definition.clone().unwrap_or_else(|| "정의 미확인".to_owned()),
        heading,
        number,
        said,
        picture,
        note: pace(&lines, whole_years, all_years, &span),
        id,
    })
}

/// `5년 가운데 3년치를 확인했습니다. 고르게 갔다면 60.0 %인 때입니다. 2022년은 자료 없음, 2026년은 진행 중입니다.`
fn pace(lines: &[YearLine], whole_years: usize, all_years: usize, span: &str) -> String {
    let even = i64::try_from(whole_years).ok().zip(i64::try_from(all_years).ok());
    let even = even.and_then(|(part, whole)| Rate::new(part, whole));
    let mut sentences = match even {
        Some(rate) if whole_years > 0 => vec![format!(
            "{span} {all_years}년 가운데 {whole_years}년치를 확인했습니다. 고르게 갔다면 {rate}인 때입니다."
        )],
        _ => vec![format!("{span} 목표입니다.")],
    };
    let left: Vec<String> = lines
        .iter()
        .filter(|line| line.whole().is_none())
        .map(|line| match line.until {
            Some(month) => format!("{}년은 {}월까지", line.year, month.of_year()),
            None => format!("{}년은 {}", line.year, line.word),
        })
        .collect();
    if !left.is_empty() && whole_years > 0 {
        sentences.push(format!("{}입니다.", left.join(", ")));
    }
    sentences.join(" ")
}

/// `목표 6,000개보다 570개 많습니다`.
pub fn against_target(actual: i64, target: i64, counter: &str) -> String {
    let goal = format!("목표 {}{counter}", grouped(target));
    match actual.saturating_sub(target) {
        0 => format!("{} 같습니다", with_particle(&goal, "과/와")),
        more @ 1.. => format!("{goal}보다 {}{counter} 많습니다", grouped(more)),
        less => format!("{goal}보다 {}{counter} 적습니다", grouped(less.saturating_neg())),
    }
}
