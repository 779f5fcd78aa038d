//! What was published, beside what the same figures give when computed again.
//!
//! Owns: the rows of the table of published results of a node. Does not own: the results (the
//! plan files hold them, each with its source).
//! What a newcomer gets wrong: mending a printed number. Both stay, side by side.

use iljari_base::quantity::grouped;
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{Figure, Measure, PublishedResult};
use iljari_plans::pages::words::source_titles;

use super::look::Look;
use super::number::{Number, counter};
use crate::progress::printed::{self, Same};

/// One published figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishedRow {
    pub(crate) period: String,
    pub(crate) value: String,
    pub(crate) printed: String,
    pub(crate) about: bool,
    pub(crate) printed_rate: String,
    pub(crate) computed_rate: String,
    pub(crate) differs: bool,
    pub(crate) ledger: Option<Number>,
    pub(crate) counter: &'static str,
    pub(crate) parts: Vec<PartLine>,
    pub(crate) notes: Vec<String>,
    pub(crate) source: String,
}

/// A known part, or the rest nobody broke down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartLine {
    pub(crate) name: String,
    pub(crate) number: Option<Number>,
    pub(crate) text: String,
}

/// Every count published of a node, newest first.
pub fn rows(look: &Look, node: &str) -> Vec<PublishedRow> {
    let of_node = look.book.results.iter().filter(|result| result.node == node);
    let counts = of_node.filter_map(|result| match result.measure {
        Measure::Count(unit) => Some((result, unit)),
        _ => None,
    });
    let mut rows: Vec<_> = counts.map(|(result, unit)| (result.period, row(look, result, unit))).collect();
    rows.sort_by_key(|(period, _)| std::cmp::Reverse((period.first().year(), period.last())));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(look: &Look, result: &PublishedResult, unit: Unit) -> PublishedRow {
    let printed_rate = result.printed_rate.as_ref().map(|rate| rate.percent.to_string()).unwrap_or_default();
    let computed = printed::computed_rate(&look.book, result);
    let percent = result.printed_rate.as_ref().map(|rate| rate.percent);
    let computed_rate = computed.map(|rate| rate.to_string()).unwrap_or_default();
    PublishedRow {
        period: result.period.korean(),
        value: result.figure.text(),
        printed: result.figure.as_printed.clone().unwrap_or_default(),
        about: !result.figure.exact,
        differs: matches!(printed::compare(percent, computed), Same::Cut | Same::Differs),
        printed_rate,
        computed_rate,
        ledger: ledger_number(look, result, unit),
        counter: counter(unit),
        parts: parts(look, result, unit),
        notes: notes(look, result),
        source: source_titles(&look.book, &result.figure),
    }
}

/// What the ledger holds of exactly this: the year, or what ends within the period.
fn ledger_number(look: &Look, result: &PublishedResult, unit: Unit) -> Option<Number> {
    let year = result.period.first().year();
    let fields: Vec<Field> = result.field.into_iter().filter(|field| *field != Field::Unknown).collect();
    // Parts of another field belong to the whole all the same.
    let fields = if result.parts.iter().any(|part| part.field.is_some()) { Vec::new() } else { fields };
    let counted = look.counted(&result.node, year, unit, &fields);
    let inside = counted.iter().filter(|(_, counted)| result.period.covers(counted.period));
    let amounts: Vec<i64> = inside.map(|(_, counted)| counted.amount).collect();
    if amounts.is_empty() || !result.figure.exact {
        return None;
    }
    let number = Number::total(&look.book.code, &result.node, year, unit, amounts.iter().sum()).of_fields(&fields);
    let whole_year = result.period == year.period();
    Some(if whole_year { number } else { number.within(result.period) })
}

fn parts(look: &Look, result: &PublishedResult, unit: Unit) -> Vec<PartLine> {
    let year = result.period.first().year();
    let mut lines: Vec<PartLine> = result
        .parts
        .iter()
        .map(|part| {
            let split = look.progress.whole(&part.node, year, unit, &[]);
            let number = split.map(|split| Number::total(&look.book.code, &part.node, year, unit, split.total()));
            PartLine { name: look.node_name(&part.node, year), number, text: part.figure.text() }
        })
        .collect();
    if let Some(rest) = result.rest().filter(|rest| *rest > 0) {
        lines.push(PartLine {
            name: "내역 미상".to_owned(),
            number: None,
            text: format!("{}{}", grouped(rest), counter(unit)),
        });
    }
    lines
}

fn notes(look: &Look, result: &PublishedResult) -> Vec<String> {
    let said = |label: &str, text: &Option<String>| text.as_ref().map(|text| format!("{label}: {text}"));
    let counted = |label: &str, counter: &str, figure: &Option<Figure>| {
        figure.as_ref().map(|figure| format!("{label} {}{counter}", figure.amount))
    };
    let spent = result.spent.amount().map(|won| format!("집행한 사업비 {}", iljari_plans::pages::words::money(won)));
    let target = result.printed_target.as_ref().map(|target| format!("함께 발표한 목표 {}", target.figure.text()));
    let restates = result.restates.as_ref().map(|(_, why)| format!("앞서 발표한 수를 바로잡음({})", why.as_str()));
    let later = look
        .book
        .results
        .iter()
        .find(|other| result.id.is_some() && other.restates.as_ref().map(|(of, _)| of) == result.id.as_ref());
    let restated = later.map(|other| format!("뒤에 바로잡아 다시 발표: {}", other.figure.text()));
    [
        restates,
        restated,
        target,
        counted("부서", "곳", &result.department_count),
        counted("사업", "개", &result.project_count),
        spent,
        said("못 미친 까닭", &result.short_reason),
        said("넘은 까닭", &result.over_reason),
        said("앞으로", &result.outlook),
        said("비고", &result.note),
    ]
    .into_iter()
    .flatten()
    .collect()
}
