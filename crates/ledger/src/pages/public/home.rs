//! `/districts/{code}`: where the district stands.
//!
//! Owns: the page. Does not own: its first sentence (`home_head`) nor the rows below it (`promises`,
//! `published`, `measures`). What a newcomer gets wrong: a section for what is not there. An empty
//! list leaves its section out; an unknown number inside one is a word.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{ROOT, TargetSet};
use iljari_plans::Books;
use iljari_plans::pages::plan::counts;
use iljari_plans::pages::words::{SourceView, main_set, node_href, plan_href, set_total, source_view, years_text};
use iljari_web::charts::{SplitBar, Svg, split_bar};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, filters, render};

use super::home_head::head;
use super::look::{Look, look};
use super::maps::{MapView, maps};
use super::measures::{DevelopmentView, RateRow, StatisticRow, developments, rates, statistics};
use super::number::{Number, counter};
use super::promises::{
    PromiseView, YearLine, YearRow, bars, known_sum, promise, rows, unit_of, year_lines, years_sentence,
};
use super::published::{self, PublishedRow};
use super::sample_home;

/// The home of a district.
#[derive(Debug, Clone, Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub(crate) shell: Shell,
    pub(crate) eyebrow: String,
    pub(crate) is_sample: bool,
    pub(crate) title: Sentence,
    pub(crate) figure: Option<Headline>,
    pub(crate) picture: Option<Picture>,
    pub(crate) doors: Vec<Door>,
    pub(crate) years: Option<Years>,
    pub(crate) promises: Vec<PromiseView>,
    pub(crate) splits: Vec<SplitRow>,
    pub(crate) other_splits: Vec<SplitRow>,
    pub(crate) split_picture: Svg,
    pub(crate) plan: Option<PlanDoor>,
    pub(crate) rates: Vec<RateRow>,
    pub(crate) published: Vec<PublishedRow>,
    pub(crate) statistics: Vec<StatisticRow>,
    pub(crate) other_statistics: Vec<StatisticRow>,
    pub(crate) developments: Vec<DevelopmentView>,
    pub(crate) sources: Vec<SourceView>,
    pub(crate) trust: Vec<(String, String)>,
    pub(crate) how_href: String,
    pub(crate) root_href: String,
    pub(crate) maps: Vec<MapView>,
}

/// A sentence around a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    pub(crate) before: String,
    pub(crate) number: Option<Number>,
    pub(crate) after: String,
}

/// The one large figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headline {
    pub(crate) figure: String,
    pub(crate) unit: String,
    pub(crate) said: String,
    pub(crate) href: String,
}

/// The gauge beside the sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    pub(crate) caption: String,
    pub(crate) note: String,
    pub(crate) svg: Svg,
}

/// A way on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Door {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// The years of the first promise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Years {
    pub(crate) heading: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) bars: Svg,
    pub(crate) rows: Vec<YearRow>,
    pub(crate) sum: Option<YearRow>,
    pub(crate) total: String,
    pub(crate) span: String,
}

/// What a year's number is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitRow {
    pub(crate) year: String,
    pub(crate) unit: String,
    pub(crate) parts: Vec<(&'static str, Number)>,
    pub(crate) whole: Number,
}

/// How the plan of a year is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanDoor {
    pub(crate) heading: String,
    pub(crate) href: String,
    pub(crate) counts: Vec<(String, i64)>,
    pub(crate) money: String,
    pub(crate) outermost: Vec<(String, String)>,
}

/// `GET /districts/{code}`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let look = look(&office, &books, &code).await?;
    Ok(render(build(&prefs, &look, office.clock.today().year())))
}

/// The page of one look.
pub fn build(prefs: &DisplayPrefs, look: &Look, this_year: Year) -> HomePage {
    let book = &look.book;
    let set = main_set(book);
    let lines = set.map(|set| year_lines(look, set, this_year)).unwrap_or_default();
    let told = set.and_then(|set| head(look, set, &lines));
    let (eyebrow, title, figure, picture) = told.unwrap_or_else(|| {
        let title = format!("{}의 일자리 약속은 아직 이곳에 없습니다", book.name);
        (String::new(), Sentence { before: title, ..Sentence::default() }, None, None)
    });
    let first_unit = set.and_then(unit_of).unwrap_or(Unit::Jobs);
    let (splits, other_splits): (Vec<SplitRow>, Vec<SplitRow>) =
        splits(look).into_iter().partition(|row| row.unit == first_unit.as_str());
    let home = format!("/districts/{}", book.code);
    let (labour, others) = statistics(book);
    HomePage {
        shell: Shell::public(prefs, "일자리 계획 진행 상황", Some(look.district()), PublicNav::Progress),
        eyebrow,
        is_sample: book.is_sample,
        title,
        figure,
        picture,
        doors: doors(&home),
        years: set.map(|set| years(look, set, &lines)).filter(|years| !years.rows.is_empty()),
        promises: counted_sets(look)
            .into_iter()
            .enumerate()
            .filter_map(|(place, set)| promise(look, set, place, this_year))
            .collect(),
        split_picture: split_picture(&splits),
        splits,
        other_splits,
        plan: plan_door(look, this_year),
        rates: rates(book),
        published: published::rows(look, ROOT),
        statistics: labour,
        other_statistics: others,
        developments: developments(book),
        sources: book.sources.values().map(source_view).collect(),
        trust: trust(look),
        how_href: format!("{home}/how"),
        root_href: node_href(&book.code, ROOT),
        maps: maps(book),
    }
}

fn doors(home: &str) -> Vec<Door> {
    let door = |path: &str, title: &str, text: &str| Door {
        href: format!("{home}{path}"),
        title: title.to_owned(),
        text: text.to_owned(),
    };
    vec![
        door("/plan", "계획 들여다보기", "전략과 사업, 부서와 사업비"),
        door("/disclosures", "공시 자료 받기", "표와 기록을 한 묶음으로"),
        door("/verify", "공시 숫자 확인하기", "인터넷 없이, 누구나"),
    ]
}

fn years(look: &Look, set: &TargetSet, lines: &[YearLine]) -> Years {
    let word = unit_of(set).map(counter).unwrap_or_default();
    Years {
        heading: years_sentence(lines),
        name: set.name.clone(),
        unit: word.to_owned(),
        bars: bars("years-chart", &format!("{} {}", look.book.name, set.name), word, lines),
        rows: rows(look, set, lines),
        sum: known_sum(look, set, lines),
        total: set_total(set).map(grouped).unwrap_or_default(),
        span: years_text(set.first_year, set.last_year),
    }
}

/// The sets the ledger can be compared with, whole-district ones first.
fn counted_sets(look: &Look) -> Vec<&TargetSet> {
    let mut sets: Vec<&TargetSet> = look.book.target_sets().into_iter().filter(|set| unit_of(set).is_some()).collect();
    sets.sort_by_key(|set| set.node != ROOT);
    sets
}

fn splits(look: &Look) -> Vec<SplitRow> {
    let code = &look.book.code;
    let row = |(unit, year): (Unit, Year)| {
        let split = look.progress.whole(ROOT, year, unit, &[])?;
        let total = |value| Number::total(code, ROOT, year, unit, value);
        let part = |source: Source| (source.korean(), total(split.part(source)).of_part(source));
        Some(SplitRow {
            year: year.to_string(),
            unit: unit.as_str().to_owned(),
            parts: [Source::Records, Source::Sums, Source::Press].map(part).to_vec(),
            whole: total(split.total()),
        })
    };
    let slots = Unit::ALL.iter().flat_map(|unit| {
        let years = look.progress.years(ROOT, *unit).into_iter().rev();
        years.map(move |year| (*unit, year))
    });
    slots.filter_map(row).collect()
}

fn split_picture(splits: &[SplitRow]) -> Svg {
    let Some(latest) = splits.first() else { return Svg::default() };
    let part = |place: usize| latest.parts.get(place).map_or(0, |(_, number)| number.value);
    split_bar(&SplitBar {
        id: "split",
        what: &format!("{}년 실적을 무엇으로 셌는지", latest.year),
        unit: latest.whole.counter,
        records: part(0),
        sums: part(1),
        press: part(2),
    })
}

fn plan_door(look: &Look, this_year: Year) -> Option<PlanDoor> {
    let book = &look.book;
    let years = iljari_plans::pages::plan::planned_years(book);
    let year = *years.iter().rev().find(|year| **year <= this_year).or(years.first())?;
    let plan = book.tree_in_force(year)?;
    let highest = plan.children(ROOT).map(|node| node.level).min().unwrap_or(0);
    let outermost = plan.children(ROOT).filter(|node| node.level == highest);
    let money = book.yearly_plans(year).chain(book.term_plan(year)).find_map(|plan| plan.declared_budget.get(&year));
    Some(PlanDoor {
        heading: format!("{year}년 계획은 이렇게 짜였습니다"),
        href: plan_href(&book.code, year),
        counts: counts(plan),
        money: money.map(|figure| figure.text()).unwrap_or_default(),
        outermost: outermost.map(|node| (node.name.clone(), node_href(&book.code, &node.id))).collect(),
    })
}

/// How far the numbers can be opened, in facts.
fn trust(look: &Look) -> Vec<(String, String)> {
    let sealed = look.entries.len().saturating_sub(look.unsealed());
    let waiting = match look.unsealed() {
        0 => String::new(),
        count => format!(" (다음 봉인을 기다리는 기록 {count}건)"),
    };
    let last = look.seal.as_ref().map_or_else(|| "아직 없음".to_owned(), |seal| seal.sealed_at.seoul_date().korean());
    vec![("봉인한 기록".to_owned(), format!("{sealed}건{waiting}")), ("마지막 봉인".to_owned(), last)]
}

impl Sample for HomePage {
    fn samples() -> Vec<Self> {
        sample_home::home()
    }
}
