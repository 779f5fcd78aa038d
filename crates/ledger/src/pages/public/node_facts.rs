//! What the plan says of a node, and its years with targets, money and what came of it.
//!
//! Owns: the rows. Does not own: the facts. Absent is '자료 없음', each time.

use std::collections::BTreeSet;

use iljari_base::quantity::grouped;
use iljari_base::{Rate, Year};
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Figure, Funding, Plan, ROOT, TargetAt, TargetSet};
use iljari_plans::pages::promised::{Layer, Promised};
use iljari_plans::pages::words::{NOTHING, responsible_text, rule_text};

use super::look::{Look, Reach};
use super::number::Number;
use super::promises::{unit_of, unknown_word};

/// A fact: heading and lines.
pub type Fact = (String, Vec<String>);

/// Every fact a plan may give of a node, the missing ones too.
pub fn facts(plan: &Plan, id: &str, year: Year) -> Vec<Fact> {
    let Some(node) = plan.node(id) else { return Vec::new() };
    let mut facts: Vec<Fact> = Vec::new();
    let mut add = |label: &str, lines: Vec<String>| {
        let lines = if lines.is_empty() { vec![NOTHING.to_owned()] } else { lines };
        facts.push((label.to_owned(), lines));
    };
    let one = |text: Option<String>| text.into_iter().collect::<Vec<_>>();
    add("부문", one(plan.field(id).map(|field| field.as_str().to_owned())));
    add("담당부서", one(plan.responsible(id).map(responsible_text)));
    if !node.helping.is_empty() {
        add("함께하는 부서", node.helping.clone());
    }
    add("기간", one(node.period.map(|period| period.korean())));
    add("신규·계속", one(node.standing.map(|standing| standing.as_str().to_owned())));
    add("대상", node.audience.clone());
    let content = node.content.as_deref().or(node.description.as_deref()).unwrap_or_default();
    add("내용", content.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect());
    add("법적 근거", node.laws.clone());
    add("지침", node.guidelines.clone());
    add("무엇을 하나로 세나요", one(plan.counting_rule(id, year).map(rule_text)));
    add(
        "어떻게 모으나요",
        one(plan.counting(id, year).map(|counting| {
            let meaning = match counting {
                iljari_disclosure::plan::Counting::Aggregate => "부서가 더해서 올립니다",
                iljari_disclosure::plan::Counting::Individual => "한 사람씩 적습니다",
            };
            format!("{} ({meaning})", counting.as_str())
        })),
    );
    if let Some(note) = &node.note {
        add("비고", vec![note.clone()]);
    }
    facts
}

/// A year of a node in one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeYear {
    pub(crate) year: String,
    pub(crate) unit: String,
    pub(crate) targets: Vec<TargetLine>,
    pub(crate) actual: Option<Number>,
    pub(crate) word: String,
    pub(crate) rate: String,
}

/// The promise of one set for the year, both layers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetLine {
    pub(crate) set: String,
    pub(crate) term: Promised,
    pub(crate) yearly: Promised,
    pub(crate) revised: bool,
}

/// Every year that a target or an entry speaks of, by unit.
pub fn years(look: &Look, node: &str, this_year: Year) -> Vec<NodeYear> {
    Unit::ALL.iter().flat_map(|unit| years_of_unit(look, node, *unit, this_year)).collect()
}

fn years_of_unit(look: &Look, node: &str, unit: Unit, this_year: Year) -> Vec<NodeYear> {
    let sets: Vec<&TargetSet> = look.book.target_sets().into_iter().filter(|set| unit_of(set) == Some(unit)).collect();
    let promised =
        |year: &Year| sets.iter().any(|set| look.book.node_targets(node, &set.id, *year).in_force().is_some());
    let mut years: BTreeSet<Year> = look.book.years().into_iter().filter(promised).collect();
    years.extend(look.progress.years(node, unit));
    years.into_iter().map(|year| node_year(look, node, unit, &sets, year, this_year)).collect()
}

fn node_year(look: &Look, node: &str, unit: Unit, sets: &[&TargetSet], year: Year, this_year: Year) -> NodeYear {
    let at: Vec<(&&TargetSet, TargetAt<'_>)> = sets
        .iter()
        .map(|set| (set, look.book.node_targets(node, &set.id, year)))
        .filter(|(_, at)| at.in_force().is_some())
        .collect();
    let reach = look.reach(node, year, unit, &[]);
    let actual = look.progress.whole(node, year, unit, &[]);
    let number = actual.map(|split| Number::total(&look.book.code, node, year, unit, split.total()));
    // A rate only against a promise that counts every field; the others have their own fields.
    let target = at.iter().find(|(set, _)| set.fields.is_empty() || node != ROOT);
    let target = target.and_then(|(_, at)| at.in_force()?.count());
    let rate = match (reach, actual, target) {
        (Some(Reach::WholeYear), Some(split), Some(target)) => Rate::new(split.total(), target),
        _ => None,
    };
    NodeYear {
        year: year.to_string(),
        unit: unit.as_str().to_owned(),
        targets: at
            .iter()
            .map(|(set, at)| TargetLine {
                set: if at_most_one(sets) { String::new() } else { set.name.clone() },
                term: bare(at.term, set, node, year, Layer::Term),
                yearly: bare(at.yearly, set, node, year, Layer::Yearly),
                revised: at.revised(),
            })
            .collect(),
        word: match (actual, reach) {
            (Some(_), Some(Reach::Until(month))) => format!("{}월까지", month.of_year()),
            (Some(_), _) => String::new(),
            (None, _) => {
                unknown_word(look, node, iljari_disclosure::plan::Measure::Count(unit), year, this_year).to_owned()
            }
        },
        actual: number,
        rate: rate.map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
    }
}

fn bare(figure: Option<&Figure>, set: &TargetSet, node: &str, year: Year, layer: Layer) -> Promised {
    figure.map(|figure| Promised::bare(figure, &set.id, node, year, layer)).unwrap_or_default()
}

fn at_most_one(sets: &[&TargetSet]) -> bool {
    sets.len() <= 1
}

/// A year's money.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyRow {
    pub(crate) year: String,
    pub(crate) kind: &'static str,
    pub(crate) total: Promised,
    pub(crate) funds: Vec<(&'static str, Promised)>,
}

/// Planned and spent money of every year a plan gives some for this very node.
pub fn money_rows(look: &Look, node: &str) -> Vec<MoneyRow> {
    let mut rows = Vec::new();
    for year in look.book.years() {
        let Some(budget) = look.book.budget(node, year) else { continue };
        for (kind, funding) in [("계획", &budget.planned), ("집행", &budget.spent)] {
            if !funding.is_empty() {
                rows.push(money_row(node, year, kind, funding));
            }
        }
    }
    rows
}

fn money_row(node: &str, year: Year, kind: &'static str, funding: &Funding) -> MoneyRow {
    let or_nothing = |won: Option<iljari_base::Won>, fund: &str| {
        won.map_or_else(|| Promised::words(NOTHING), |won| Promised::money(won, node, year, kind, fund))
    };
    MoneyRow {
        year: year.to_string(),
        kind,
        total: or_nothing(funding.amount(), "계"),
        funds: funding
            .funds()
            .into_iter()
            .map(|(name, figure)| (name, or_nothing(figure.and_then(Figure::won), name)))
            .collect(),
    }
}

/// A period of a year with what had come together by its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeriodRow {
    pub(crate) period: String,
    pub(crate) before: String,
    pub(crate) own: Number,
    pub(crate) together: Number,
    pub(crate) rest: bool,
}

/// A year's periods in order, with the running sum. Each period counts with its corrections.
pub fn periods(look: &Look, node: &str, year: Year, unit: Unit) -> Vec<PeriodRow> {
    let mut found: Vec<(iljari_base::Period, i64, i64, bool)> = Vec::new();
    for (entry, counted) in look.counted(node, year, unit, &[]) {
        let first_amount = if entry.answers.is_none() { counted.amount } else { 0 };
        let at = found.iter_mut().find(|(period, ..)| *period == counted.period);
        match at {
            Some((_, first, now, rest)) => {
                *first = first.saturating_add(first_amount);
                *now = now.saturating_add(counted.amount);
                *rest |= counted.rest;
            }
            None => found.push((counted.period, first_amount, counted.amount, counted.rest)),
        }
    }
    found.sort_by_key(|(period, ..)| (period.last(), period.first()));
    let code = &look.book.code;
    let sum_through = |last| found.iter().filter(|(period, ..)| period.last() <= last).map(|(_, _, now, _)| now).sum();
    found
        .iter()
        .map(|(period, first, now, rest)| PeriodRow {
            period: period.korean(),
            before: if first == now { String::new() } else { grouped(*first) },
            own: Number::total(code, node, year, unit, *now).of_period(*period),
            together: Number::total(code, node, year, unit, sum_through(period.last())).through(period.last()),
            rest: *rest,
        })
        .collect()
}
