//! `/districts/{code}/plan/{node}`: one node over time, with every entry and every correction.
//!
//! Owns: the page. Does not own: the rows (`node_facts`), the sentences of entries (`entry_view`).
//! What a newcomer gets wrong: hiding the old number of a corrected entry. Old and new both stay.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::korean::with_particle;
use iljari_base::{Date, Year};
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Plan, ROOT};
use iljari_plans::Books;
use iljari_plans::pages::words::{home_href, node_href, plan_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, filters, render};

use super::entry_view::before_and_after;
use super::home::Sentence;
use super::look::{Look, Reach, look};
use super::node_facts::{Fact, MoneyRow, NodeYear, PeriodRow, facts, money_rows, periods, years};
use super::number::{Number, counter};
use super::promises::{YearLine, bars, year_lines};
use super::published::{self, PublishedRow};
use super::sample_pages;
use super::story::{Chapter, story};
use crate::model::{Disclosure, Entry};
use crate::pages::course_line;
use crate::progress::judged::judge;
use crate::progress::overview::unit_of;
use crate::store;

/// The page of one node.
#[derive(Debug, Clone, Template)]
#[template(path = "public/node.html")]
pub struct NodePage {
    pub(crate) shell: Shell,
    pub(crate) eyebrow: String,
    pub(crate) is_sample: bool,
    pub(crate) title: Sentence,
    pub(crate) lead: String,
    pub(crate) corrections: usize,
    pub(crate) late: usize,
    pub(crate) facts: Vec<Fact>,
    pub(crate) years: Vec<NodeYear>,
    pub(crate) one_unit: Option<String>,
    pub(crate) bars: iljari_web::charts::Svg,
    pub(crate) money: Vec<MoneyRow>,
    pub(crate) published: Vec<PublishedRow>,
    pub(crate) periods: Vec<PeriodTable>,
    pub(crate) course: Option<CourseView>,
    pub(crate) story: Vec<Chapter>,
    pub(crate) children: Vec<Child>,
    pub(crate) gap: String,
    pub(crate) node_href: String,
}

/// The periods of one year and unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeriodTable {
    pub(crate) year: String,
    pub(crate) unit: String,
    pub(crate) rows: Vec<PeriodRow>,
}

/// How this year goes, month by month, beside its target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseView {
    pub(crate) year: String,
    pub(crate) picture: iljari_web::charts::Svg,
    pub(crate) sentence: String,
    pub(crate) even: String,
    pub(crate) method: String,
}

/// A node right below this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Child {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) level: String,
    pub(crate) number: Option<Number>,
    pub(crate) year: String,
}

/// `GET /districts/{code}/plan/{node}`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path((code, node)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let look = look(&office, &books, &code).await?;
    let at = look.book.code.clone();
    let disclosures = office.store.read(move |tx| Box::pin(async move { store::disclosures(tx, &at).await })).await?;
    let today = office.clock.today();
    let page = build(&prefs, &look, &node, &disclosures, today).ok_or(PageError::NotFound)?;
    Ok(render(page))
}

/// The plan that a node is described from: the one in force this year or last that knows it.
pub fn plan_of<'l>(look: &'l Look, node: &str, this_year: Year) -> Option<(&'l Plan, Year)> {
    let years = look.book.years();
    let known = |year: &Year| {
        let plan = look.book.tree_in_force(*year)?;
        (node == ROOT || plan.node(node).is_some()).then_some((plan, *year))
    };
    let begun = years.iter().rev().filter(|year| **year <= this_year).find_map(known);
    begun.or_else(|| years.iter().find_map(known))
}

/// The page of a node; `None` when no plan knows it.
pub fn build(
    prefs: &DisplayPrefs,
    look: &Look,
    node: &str,
    disclosures: &[Disclosure],
    today: Date,
) -> Option<NodePage> {
    let (book, this_year) = (&look.book, today.year());
    if !book.knows_node(node) {
        return None;
    }
    let described = plan_of(look, node, this_year);
    let plan =
        described.map(|(plan, _)| plan).or_else(|| book.plans.iter().rev().find(|plan| plan.node(node).is_some()));
    let year = described.map_or(this_year, |(_, year)| year);
    let name = look.node_name(node, year);
    let behind = behind(look, node);
    let changes = before_and_after(&look.entries);
    let (title, lead) = said(look, node, &name);
    let years = years(look, node, this_year);
    Some(NodePage {
        shell: shell(prefs, look, plan, node, &name, year),
        eyebrow: eyebrow(plan, node),
        is_sample: book.is_sample,
        title,
        lead,
        corrections: behind.iter().filter(|entry| entry.answers.is_some()).count(),
        late: behind.iter().filter(|entry| entry.is_late()).count(),
        facts: plan.map(|plan| facts(plan, node, year)).unwrap_or_default(),
        one_unit: one_unit(&years),
        years,
        bars: node_bars(look, node, &name, this_year),
        money: money_rows(look, node),
        published: published::rows(look, node),
        periods: period_tables(look, node),
        course: course(look, node, &name, today),
        story: story(look, node, disclosures, &changes),
        children: children(look, plan, node),
        gap: gap(plan, node),
        node_href: node_href(&book.code, node),
    })
}

/// Every entry that some total of the node counts.
fn behind<'l>(look: &'l Look, node: &str) -> Vec<&'l Entry> {
    let slots =
        Unit::ALL.iter().flat_map(|unit| look.progress.years(node, *unit).into_iter().map(move |year| (*unit, year)));
    slots.flat_map(|(unit, year)| look.counted(node, year, unit, &[])).map(|(entry, _)| entry).collect()
}

/// The trail: home, plan, what lies above, the node.
pub(super) fn shell(
    prefs: &DisplayPrefs,
    look: &Look,
    plan: Option<&Plan>,
    node: &str,
    name: &str,
    year: Year,
) -> Shell {
    let code = &look.book.code;
    let label = if node == ROOT { "구 전체" } else { name };
    let mut shell = Shell::public(prefs, label, Some(look.district()), PublicNav::Plan)
        .crumb("진행 상황", home_href(code))
        .crumb("계획", plan_href(code, year));
    let above = plan.map(|plan| plan.ancestors(node)).unwrap_or_default();
    for above in above.into_iter().rev() {
        shell = shell.crumb(above.name.clone(), node_href(code, &above.id));
    }
    shell.here(label)
}

/// The unit of all rows, where they have but one.
fn one_unit(years: &[NodeYear]) -> Option<String> {
    let first = years.first()?.unit.clone();
    years.iter().all(|row| row.unit == first).then_some(first)
}

fn eyebrow(plan: Option<&Plan>, node: &str) -> String {
    let Some((plan, found)) = plan.and_then(|plan| Some((plan, plan.node(node)?))) else {
        return "구 전체".to_owned();
    };
    let department = plan.responsible(node).map(|responsible| format!(" · {}", responsible.department));
    format!("{} {}{}", plan.level_name(found), found.id, department.unwrap_or_default())
}

/// `어르신 일자리 지원에서 2024년에 일자리 270개를 만들었습니다`
fn said(look: &Look, node: &str, name: &str) -> (Sentence, String) {
    let latest = Unit::ALL.iter().find_map(|unit| {
        let year = look.progress.years(node, *unit).into_iter().next_back()?;
        Some((*unit, year, look.progress.whole(node, year, *unit, &[])?))
    });
    let Some((unit, year, split)) = latest else {
        let title = format!("{name}의 실적은 아직 장부에 없습니다");
        return (Sentence { before: title, ..Sentence::default() }, String::new());
    };
    let thing = if unit == Unit::Jobs { "일자리 " } else { "" };
    let place = if node == ROOT { with_particle(name, "은/는") } else { format!("{name}에서") };
    let (when, until) = match look.reach(node, year, unit, &[]) {
        Some(Reach::Until(month)) => (format!("{year}년 {}월까지", month.of_year()), true),
        _ => (format!("{year}년에"), false),
    };
    let title = Sentence {
        before: format!("{place} {when} {thing}"),
        number: Some(Number::total(&look.book.code, node, year, unit, split.total())),
        after: format!("{} 만들었습니다", with_particle(counter(unit), "을/를")),
    };
    let lead = if until { "한 해가 아직 다 차지 않은 수입니다.".to_owned() } else { String::new() };
    (title, lead)
}

fn node_bars(look: &Look, node: &str, name: &str, this_year: Year) -> iljari_web::charts::Svg {
    let sets = look.book.target_sets();
    let unit_and_set = sets.iter().find_map(|set| {
        let unit = super::promises::unit_of(set)?;
        let of_node =
            look.book.years().into_iter().any(|year| look.book.node_targets(node, &set.id, year).in_force().is_some());
        of_node.then_some((unit, *set))
    });
    let Some((unit, set)) = unit_and_set else { return iljari_web::charts::Svg::default() };
    let lines = if set.node == node {
        year_lines(look, set, this_year)
    } else {
        (set.first_year.0..=set.last_year.0)
            .map(|number| node_line(look, node, unit, &set.id, Year(number), this_year))
            .collect()
    };
    bars("node-years", name, counter(unit), &lines)
}

fn node_line(look: &Look, node: &str, unit: Unit, set: &str, year: Year, this_year: Year) -> YearLine {
    let at = look.book.node_targets(node, set, year);
    YearLine {
        year,
        target: at.in_force().and_then(|figure| figure.count()),
        before: at.term.and_then(|figure| figure.count()).filter(|_| at.revised()),
        actual: look.progress.whole(node, year, unit, &[]),
        until: match look.reach(node, year, unit, &[]) {
            Some(Reach::Until(month)) => Some(month),
            _ => None,
        },
        word: super::promises::unknown_word(look, node, iljari_disclosure::plan::Measure::Count(unit), year, this_year),
    }
}

fn period_tables(look: &Look, node: &str) -> Vec<PeriodTable> {
    let slots = Unit::ALL.iter().flat_map(|unit| {
        let years = look.progress.years(node, *unit).into_iter().rev();
        years.map(move |year| (*unit, year))
    });
    let table = |(unit, year): (Unit, Year)| PeriodTable {
        year: year.to_string(),
        unit: unit.as_str().to_owned(),
        rows: periods(look, node, year, unit),
    };
    slots.map(table).collect()
}

/// This year's course against the target that the district names first; none before a record came in.
fn course(look: &Look, node: &str, name: &str, today: Date) -> Option<CourseView> {
    let (book, year) = (&look.book, today.year());
    let set = iljari_plans::pages::words::main_set(book)?;
    let unit = counter(unit_of(set)?);
    let judgement = judge(book, set, year, &look.sums(), today)?;
    let pace =
        if node == set.node { &judgement.whole } else { &judgement.rows.iter().find(|row| row.id == node)?.pace };
    let what = format!("{name} {year}년");
    let picture = course_line::line(&judgement, node, year, "node-course", &what, unit, pace);
    (!picture.as_str().is_empty()).then(|| CourseView {
        year: year.to_string(),
        picture,
        sentence: pace.sentence(unit),
        even: pace.against_even(unit),
        method: course_line::method(pace),
    })
}

fn children(look: &Look, plan: Option<&Plan>, node: &str) -> Vec<Child> {
    let Some(plan) = plan else { return Vec::new() };
    let child = |below: &iljari_disclosure::plan::Node| {
        let latest = Unit::ALL.iter().find_map(|unit| {
            let year = look.progress.years(&below.id, *unit).into_iter().next_back()?;
            let split = look.progress.whole(&below.id, year, *unit, &[])?;
            Some((Number::total(&look.book.code, &below.id, year, *unit, split.total()), year))
        });
        Child {
            name: below.name.clone(),
            href: node_href(&look.book.code, &below.id),
            level: plan.level_name(below).to_owned(),
            year: latest.as_ref().map(|(_, year)| year.to_string()).unwrap_or_default(),
            number: latest.map(|(number, _)| number),
        }
    };
    plan.children(node).map(child).collect()
}

fn gap(plan: Option<&Plan>, node: &str) -> String {
    let unknown = plan.and_then(|plan| plan.node(node)).is_some_and(|node| node.children_unknown);
    if unknown {
        "이 아래에 이름이 알려지지 않은 것이 더 있습니다.".to_owned()
    } else {
        String::new()
    }
}

impl Sample for NodePage {
    fn samples() -> Vec<Self> {
        sample_pages::node()
    }
}
