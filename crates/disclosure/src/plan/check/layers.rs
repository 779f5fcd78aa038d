//! Plan over plan: terms of office, years, and what a later plan changes of an earlier one.

use std::collections::BTreeMap;

use iljari_base::{Month, Year};

use crate::plan::codes::Code;
use crate::plan::model::{Direction, District, Figure, Plan, PlanKind, TargetSet};
use crate::plan::read::dangling;
use crate::plan::{Problem, Problems};
use iljari_authored::Place;
use iljari_authored::{Both, Severity, both, quoted};

pub(super) fn check(district: &District, whole: bool, problems: &mut Problems) {
    for (at, plan) in district.plans.iter().enumerate() {
        let earlier = &district.plans[..at];
        labels(plan, earlier, problems);
        same_years(plan, earlier, problems);
        office_term(district, plan, problems);
        years(district, plan, problems);
        renamed(plan, earlier, problems);
        if let Some(term) = plan.term_plan.as_deref().filter(|_| whole) {
            let labels: Vec<&str> = district.plans.iter().map(|plan| plan.ref_label.as_str()).collect();
            if !labels.contains(&term) {
                problems.push(dangling(&plan.place, term, &labels));
            }
        }
    }
    changed_targets(district, problems);
}

fn labels(plan: &Plan, earlier: &[Plan], problems: &mut Problems) {
    if let Some(first) = earlier.iter().find(|other| other.ref_label == plan.ref_label) {
        let (label, file) = (&plan.ref_label, &first.file_name);
        let title = both!("이름표 '{label}'[을/를] 두 계획이 씁니다", "two plans use the label '{label}'");
        let todo = both!("{file}[과/와] 다른 이름표를 붙여 주세요", "give it another label than {file}");
        problems.push(Problem::new(Code::DuplicateId, &plan.place, title).found_text(label).todo(todo));
    }
}

/// Two plans for the same time need their days of disclosure to say which one holds.
fn same_years(plan: &Plan, earlier: &[Plan], problems: &mut Problems) {
    let overlaps = |other: &&Plan| {
        other.kind == plan.kind && other.first_year <= plan.last_year && plan.first_year <= other.last_year
    };
    for other in earlier.iter().filter(overlaps) {
        let ordered = plan.disclosed.is_some() && other.disclosed.is_some() && plan.disclosed != other.disclosed;
        if !ordered {
            let (one, two) = (&other.ref_label, &plan.ref_label);
            let title = both!(
                "'{one}', '{two}' 두 계획의 기간이 겹칩니다",
                "the plans '{one}' and '{two}' speak of the same years"
            );
            let todo = both!(
                "어느 것이 나중인지 알 수 있게 둘 다 '공시일'을 적어 주세요",
                "give both a '공시일', so that the later one is known"
            );
            problems.push(Problem::new(Code::TwoPlansOneYear, &plan.place, title).todo(todo));
        }
    }
}

/// A plan may outlive the term of office; that is worth a note, never an error.
fn office_term(district: &District, plan: &Plan, problems: &mut Problems) {
    let named = plan.office_term.as_deref();
    let term = match named {
        Some(name) => district.terms.iter().find(|term| term.name == name),
        None => {
            let start = plan.first_year.period().first();
            district.terms.iter().find(|term| term.period.first() <= start && start <= term.period.last())
        }
    };
    let Some(term) = term else {
        if let Some(name) = named.filter(|_| !district.terms.is_empty()) {
            let names: Vec<&str> = district.terms.iter().map(|term| term.name.as_str()).collect();
            problems.push(dangling(&plan.place, name, &names));
        }
        return;
    };
    let end: Month = plan.last_year.period().last();
    if end > term.period.last() {
        let (name, last) = (&term.name, term.period.last());
        let title = both!(
            "계획이 {end}까지라 {name}({last}까지)보다 깁니다",
            "the plan runs to {end}, past {name} (to {last})"
        );
        let todo = both!(
            "그대로 두어도 됩니다. 다음 임기에 바뀔 수 있다고 알고 계시면 됩니다",
            "nothing to do; the next term may change it"
        );
        problems.push(Problem::new(Code::PastOfficeTerm, &plan.place, title).todo(todo));
    }
}

/// Years that the target set, or the plan, does not speak of.
fn years(district: &District, plan: &Plan, problems: &mut Problems) {
    let mut outside = |place: &Place, year: Year, first: Year, last: Year, what: Both, severity: Severity| {
        let title = what.says(both!("{year}년은 기간 밖입니다", "{year} is outside its years"));
        let expected = if first == last {
            both!("{first}년", "{first}")
        } else {
            both!("{first}~{last}년", "{first} to {last}")
        };
        let todo = both!(
            "연도를 고치거나, 더 긴 기간의 약속이면 목표 묶음에 '연도'를 적어 주세요",
            "mend the year, or give the target set a longer '연도'"
        );
        let problem = Problem::new(Code::YearOutsidePlan, place, title).found(both!("{year}년", "{year}"));
        problems.push(problem.expected(expected).todo(todo).weighing(severity));
    };
    // A yearly plan speaks of its own year, whatever years the term plan's set covers.
    let bounds = |set: &TargetSet| match plan.kind {
        PlanKind::Term => (set.first_year, set.last_year),
        PlanKind::Yearly => (plan.first_year, plan.last_year),
    };
    for set in &plan.target_sets {
        let (first, last) = bounds(set);
        for (year, figure) in set.values.years.iter().filter(|(year, _)| !(first..=last).contains(year)) {
            let name = &set.name;
            outside(
                &figure.place,
                *year,
                first,
                last,
                both!("목표 묶음 '{name}'", "target set '{name}'"),
                Severity::Error,
            );
        }
    }
    for node in &plan.nodes {
        let name = &node.name;
        for (id, values) in &node.targets {
            let Some(set) = plan.target_set(id).or_else(|| district.target_set(id)) else { continue };
            let (first, last) = bounds(set);
            for (year, figure) in values.years.iter().filter(|(year, _)| !(first..=last).contains(year)) {
                outside(
                    &figure.place,
                    *year,
                    first,
                    last,
                    both!("'{name}'의 목표", "the target of '{name}'"),
                    Severity::Error,
                );
            }
        }
        for year in node.budget.keys().filter(|year| !plan.covers(**year)) {
            let what = both!("'{name}'의 사업비", "the budget of '{name}'");
            outside(&node.place, *year, plan.first_year, plan.last_year, what, Severity::Warning);
        }
    }
}

/// The same id under another name or level: perhaps one thing renamed, perhaps two things.
fn renamed(plan: &Plan, earlier: &[Plan], problems: &mut Problems) {
    for node in &plan.nodes {
        let Some((other, before)) = earlier.iter().rev().find_map(|other| Some((other, other.node(&node.id)?))) else {
            continue;
        };
        let (here, there) = (plan.level_name(node), other.level_name(before));
        if before.name == node.name && here == there {
            continue;
        }
        let (id, label) = (&node.id, &other.ref_label);
        let title = both!(
            "'{id}'의 이름이나 단계가 '{label}'[과/와] 다릅니다",
            "'{id}' has another name or level than in '{label}'"
        );
        let found = Both::same(format!("{here} {}", node.name));
        let expected = Both::same(format!("{there} {}", before.name));
        let todo = both!(
            "같은 것이 이름을 바꾼 것이면 그대로 두고, 다른 것이면 번호를 새로 붙여 주세요",
            "leave it if one thing was renamed; give another thing another id"
        );
        problems.push(Problem::new(Code::RenamedNode, &node.place, title).found(found).expected(expected).todo(todo));
    }
}

/// Target, node, year: what one promise is identified by.
type Promise<'a> = (&'a str, &'a str, Year);

/// Each promise through the plans in their order: raised is noted, lowered needs a reason.
fn changed_targets(district: &District, problems: &mut Problems) {
    let mut standing: BTreeMap<Promise<'_>, (&Figure, &Plan)> = BTreeMap::new();
    for plan in &district.plans {
        let of_sets = plan.target_sets.iter().flat_map(|set| {
            set.values
                .years
                .iter()
                .map(move |(year, figure)| ((set.id.as_str(), set.node.as_str(), *year), figure, set.reason.as_deref()))
        });
        let of_nodes = plan.nodes.iter().flat_map(|node| {
            node.targets.iter().flat_map(move |(set, values)| {
                values.years.iter().map(move |(year, figure)| ((set.as_str(), node.id.as_str(), *year), figure, None))
            })
        });
        for (promise, figure, reason) in of_sets.chain(of_nodes) {
            if let Some((before, other)) = standing.insert(promise, (figure, plan))
                && !std::ptr::eq(other, plan)
            {
                let down_is_good = district
                    .target_set(promise.0)
                    .and_then(|set| district.indicator(set.indicator.as_deref()?))
                    .is_some_and(|indicator| indicator.direction == Some(Direction::Down));
                let reason = figure.reason.as_deref().or(reason);
                change(district, promise, before, other, figure, reason, down_is_good, problems);
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one message needs all of them; a struct would only rename them")]
fn change(
    district: &District,
    (set, node, year): Promise<'_>,
    before: &Figure,
    other: &Plan,
    now: &Figure,
    reason: Option<&str>,
    down_is_good: bool,
    problems: &mut Problems,
) {
    let order = match (before.count(), now.count(), before.percent(), now.percent()) {
        (Some(before), Some(now), ..) => now.cmp(&before),
        (_, _, Some(before), Some(now)) => now.fine().cmp(&before.fine()),
        _ => return,
    };
    if order.is_eq() {
        return;
    }
    let weaker = if down_is_good { order.is_gt() } else { order.is_lt() };
    let name = district.target_set(set).map_or(set, |set| set.name.as_str());
    let place_name = district.node(node, year).map_or(node, |node| node.name.as_str());
    let label = &other.ref_label;
    let (from, to) = (before.text(), now.text());
    let found = both!("{year}년 {to}", "{to} for {year}");
    let expected = both!("{label}의 {from}", "{from} in {label}");
    let problem = if weaker && reason.is_none() {
        let title = both!(
            "'{place_name}'의 {year}년 '{name}' 목표를 까닭 없이 낮췄습니다",
            "the {year} target '{name}' of '{place_name}' is lowered without a reason"
        );
        let todo = both!(
            "'{{값: {to}, 까닭: …}}'처럼 까닭을 적어 주세요. 두 값 모두 공개됩니다",
            "add a reason: '{{값: {to}, 까닭: …}}'; both values are published"
        );
        Problem::new(Code::LoweredTarget, &now.place, title).todo(todo)
    } else {
        let way = if order.is_gt() { both!("올렸습니다", "raised") } else { both!("낮췄습니다", "lowered") };
        let (way_ko, way_en) = (way.ko, way.en);
        let it = quoted(name, "을/를");
        let ko = format!("'{place_name}'의 {year}년 목표 {it} {way_ko}");
        let en = format!("the {year} target '{name}' of '{place_name}' is {way_en}");
        let todo = match reason {
            Some(reason) => both!("까닭: {reason}", "reason: {reason}"),
            None => both!("두 값이 모두 공개됩니다", "both values are published"),
        };
        Problem::new(Code::RevisedTarget, &now.place, Both { ko, en }).todo(todo)
    };
    problems.push(problem.found(found).expected(expected));
}
