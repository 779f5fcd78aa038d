//! `/office/progress`: which tasks will miss, then the year's sums, promises, restatements.
//!
//! Owns: the page and its files. Does not own: any judgement or sum (`crate::progress` makes them).
//! What a newcomer gets wrong: sorting in the browser. Each heading is a link; the address says the
//! order, and works without script.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::quantity::grouped;
use iljari_base::{Date, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::plan::{District, ROOT, TargetSet};
use iljari_plans::Books;
use iljari_plans::pages::words::{NOTHING, node_href, set_total, years_text};
use iljari_print::model::Table;
use iljari_web::charts::Svg;
use iljari_web::parts::{Choice, Pager};
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Shell, Typed, Viewer, render};

use super::progress_rows::{Money, PromiseRow, RestatedRow, SumRow, TaskRow, promise_rows, sum_rows, task_row};
use super::{book, counter, frame};
use crate::pages::public::maps::{MapView, maps};
use crate::pages::public::measures::{DevelopmentView, developments};
use crate::pages::{course_line, csv_file};
use crate::progress::judged::{By, Judged, Judgement, first_sentence, sort};
use crate::progress::overview::{Overview, overview, unit_of};
use crate::progress::printed::{Printed, Same, printed};
use crate::progress::year::{YearRead, read};
use crate::progress::{fresh, tables};

/// A heading that sorts.
#[derive(Debug, Clone, Default)]
pub struct Head {
    pub(super) name: &'static str,
    pub(super) href: String,
    /// `ascending`, `descending` or nothing, for `aria-sort`.
    pub(super) sorted: &'static str,
    pub(super) num: bool,
}

/// A rate as printed beside ours.
#[derive(Debug, Clone, Default)]
pub struct PrintedRow {
    pub(super) name: String,
    pub(super) period: String,
    pub(super) value: String,
    pub(super) printed: String,
    pub(super) computed: String,
    pub(super) same: &'static str,
    pub(super) differs: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Whole {
    pub(super) sentence: String,
    pub(super) even: String,
    pub(super) picture: Svg,
    pub(super) method: String,
    pub(super) fresh: String,
    pub(super) overdue: bool,
}

#[derive(Template)]
#[template(path = "office/progress.html")]
pub(super) struct Page {
    pub(super) shell: Shell,
    pub(super) district: String,
    pub(super) year: Year,
    pub(super) title: String,
    pub(super) set: String,
    pub(super) years: Vec<Choice>,
    pub(super) levels: Vec<Choice>,
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<TaskRow>,
    pub(super) all: usize,
    pub(super) pager: Pager,
    pub(super) csv: String,
    pub(super) whole: Whole,
    pub(super) promises: Vec<PromiseRow>,
    pub(super) by_field: Vec<SumRow>,
    pub(super) by_department: Vec<SumRow>,
    pub(super) above: String,
    pub(super) money: Vec<Money>,
    pub(super) split: Vec<(&'static str, String)>,
    pub(super) printed: Vec<PrintedRow>,
    pub(super) restated: Vec<RestatedRow>,
    pub(super) developments: Vec<DevelopmentView>,
    pub(super) maps: Vec<MapView>,
    pub(super) rule: &'static str,
}

/// What an address asks for.
struct Asked {
    year: Year,
    level: Option<usize>,
    by: By,
    turned: bool,
    page: i64,
}

fn asked(book: &District, today: Date, typed: &Typed) -> Asked {
    let years = planned_years(book);
    let newest = years.iter().copied().filter(|year| *year <= today.year()).max().or(years.first().copied());
    let year = typed.get("year").parse::<Year>().ok().filter(|year| years.contains(year)).or(newest);
    Asked {
        year: year.unwrap_or(today.year()),
        level: typed.get("level").parse().ok(),
        by: By::from_text(typed.get("sort")),
        turned: typed.get("dir") == "up",
        page: typed.get("page").parse().unwrap_or(1),
    }
}

fn planned_years(book: &District) -> Vec<Year> {
    book.years().into_iter().filter(|year| book.tree_in_force(*year).is_some()).collect()
}

/// Everything a page or a file needs.
struct Found {
    book: Arc<District>,
    asked: Asked,
    read: YearRead,
    today: Date,
}

async fn find(office: &Office, books: &Books, viewer: &Viewer, typed: &Typed) -> Result<Found, PageError> {
    let book = book(office, books, viewer).await?;
    let today = office.clock.today();
    let asked = asked(&book, today, typed);
    let (at, year) = (Arc::clone(&book), asked.year);
    let read = office.store.read(move |tx| Box::pin(async move { read(tx, &at, year).await })).await?;
    Ok(Found { book, asked, read, today })
}

/// Shows the year (`?year=`, `?level=`, `?sort=`, `?dir=up`, `?page=`).
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    typed: Typed,
) -> Result<Response, PageError> {
    let found = find(&office, &books, &viewer, &typed).await?;
    let shell = frame(&office, &prefs, &viewer, "진행 상황", Desk::Progress).await?;
    Ok(render(build(shell, &found)))
}

/// One of the year's tables as a file: `tasks`, `by_field`, `by_department`, `promises`, `developments`.
pub async fn file(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    viewer: Viewer,
    Path(name): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let found = find(&office, &books, &viewer, &typed).await?;
    let id = name.strip_suffix(".csv").ok_or(PageError::NotFound)?;
    let table = table(&found, id).ok_or(PageError::NotFound)?;
    csv_file::response(&table, &format!("{}-{}-{id}", found.book.code, found.asked.year))
}

fn table(found: &Found, id: &str) -> Option<Table> {
    let (book, read) = (&found.book, &found.read);
    let (set, judgement) = read.judgement(book, found.today)?;
    let unit = unit_of(set).map(counter)?;
    let summary = || overview(book, set, read.year, &read.progress);
    let table = match id {
        "tasks" => tables::judged_table(&judgement, &judgement.rows.iter().collect::<Vec<_>>(), unit),
        "by_field" => {
            let summary = summary();
            tables::overview_table(id, "부문", &summary.by_field, &summary, unit)
        }
        "by_department" => {
            let summary = summary();
            tables::overview_table(id, "부서", &summary.by_department, &summary, unit)
        }
        "promises" => tables::promises_table(book, read, &counted_sets(book)),
        "developments" => tables::developments_table(book),
        _ => return None,
    };
    Some(table)
}

fn counted_sets(book: &District) -> Vec<&TargetSet> {
    book.target_sets().into_iter().filter(|set| unit_of(set).is_some() && set_total(set).is_some()).collect()
}

fn build(shell: Shell, found: &Found) -> Page {
    let (book, read, asked) = (&found.book, &found.read, &found.asked);
    let judged = read.judgement(book, found.today);
    let unit = judged.as_ref().and_then(|(set, _)| unit_of(set)).map(counter).unwrap_or_default();
    let summary = judged.as_ref().map(|(set, _)| overview(book, set, read.year, &read.progress)).unwrap_or_default();
    let (list, levels, level) = match &judged {
        Some((_, judgement)) => listed(book, judgement, asked),
        None => (List { rows: Vec::new(), all: 0, pager: Pager::of(0, 1, "") }, Vec::new(), 0),
    };
    let this_year = found.today.year();
    Page {
        shell,
        district: book.name.clone(),
        year: read.year,
        title: judged.as_ref().map_or_else(
            || format!("{}년에는 견줄 계획이 없습니다", read.year),
            |(_, judgement)| first_sentence(judgement, read.year, this_year),
        ),
        set: judged.as_ref().map(|(set, _)| set.name.clone()).unwrap_or_default(),
        years: planned_years(book)
            .into_iter()
            .map(|year| Choice::new(year.to_string(), format!("{year}년")).chosen(year == read.year))
            .collect(),
        heads: heads(asked, level),
        levels,
        rows: list.rows,
        all: list.all,
        pager: list.pager,
        csv: format!("?year={}", read.year),
        whole: judged.as_ref().map(|(set, judgement)| whole(book, set, judgement, read.year, unit)).unwrap_or_default(),
        promises: promise_rows(book, read, &counted_sets(book)),
        by_field: sum_rows(&summary.by_field, &summary.total, unit),
        by_department: sum_rows(&summary.by_department, &summary.total, unit),
        above: above(&summary, unit),
        money: Money::rows(&summary),
        split: judged.as_ref().map(|(set, _)| split(read, set, unit)).unwrap_or_default(),
        printed: printed(book, read.year).iter().map(|one| printed_row(book, one)).collect(),
        restated: read.restated.iter().map(|one| RestatedRow::of(book, one)).collect(),
        developments: developments(book),
        maps: maps(book),
        rule: fresh::RULE,
    }
}

struct List {
    rows: Vec<TaskRow>,
    all: usize,
    pager: Pager,
}

fn listed(book: &District, judgement: &Judgement, asked: &Asked) -> (List, Vec<Choice>, usize) {
    let used = judgement.used_levels();
    let known = |level: &usize| used.iter().any(|(known, _)| known == level);
    let level = asked.level.filter(known).or(Some(judgement.task_level).filter(known));
    let level = level.or(used.first().map(|(level, _)| *level)).unwrap_or(0);
    let mut rows: Vec<&Judged> = judgement.level(level);
    sort(&mut rows, asked.by, asked.turned);
    let all = rows.len();
    let href = format!("{}&page=", address(asked, level, asked.by, asked.turned));
    let pager = Pager::of(i64::try_from(all).unwrap_or(i64::MAX), asked.page, href);
    let from = usize::try_from(pager.offset()).unwrap_or(0);
    let size = usize::try_from(Pager::ROWS).unwrap_or(50);
    let shown = rows.iter().skip(from).take(size).enumerate().map(|(nth, row)| task_row(book, row, nth));
    let levels = used.iter().map(|(at, name)| {
        Choice::new(format!("/office/progress?year={}&level={at}", asked.year), (*name).to_owned()).chosen(*at == level)
    });
    (List { rows: shown.collect(), all, pager }, levels.collect(), level)
}

fn address(asked: &Asked, level: usize, by: By, turned: bool) -> String {
    let turned = if turned { "&dir=up" } else { "" };
    format!("/office/progress?year={}&level={level}&sort={}{turned}", asked.year, by.as_str())
}

fn heads(asked: &Asked, level: usize) -> Vec<Head> {
    let head = |(name, by, num): (&'static str, By, bool)| {
        let here = asked.by == by;
        let turned = here && !asked.turned;
        // Numbers begin with the largest, except rates and dates, where the lowest needs care first.
        let falls = !matches!(by, By::Rate | By::Fresh | By::Name);
        let sorted = match (here, falls != asked.turned) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        };
        Head { name, href: address(asked, level, by, turned), sorted, num }
    };
    [
        ("이름", By::Name, false),
        ("목표", By::Target, true),
        ("실적", By::Actual, true),
        ("달성률", By::Rate, true),
        ("모자랄 수", By::Missing, true),
        ("갱신", By::Fresh, false),
    ]
    .map(head)
    .to_vec()
}

fn whole(book: &District, set: &TargetSet, judgement: &Judgement, year: Year, unit: &'static str) -> Whole {
    let pace = &judgement.whole;
    let (name, id) = (format!("{} {year}년 {}", book.name, set.name), "whole");
    Whole {
        sentence: pace.sentence(unit),
        even: pace.against_even(unit),
        picture: course_line::line(judgement, ROOT, year, id, &name, unit, pace),
        method: course_line::method(pace),
        fresh: judgement
            .fresh
            .map(|fresh| format!("{} 들어왔습니다. {}", fresh.until(), fresh.sentence()))
            .unwrap_or_default(),
        overdue: judgement.fresh.is_some_and(|fresh| fresh.overdue),
    }
}

fn above(summary: &Overview, unit: &str) -> String {
    match summary.above {
        None => String::new(),
        Some(rest) => format!(
            "사업보다 위의 자리에 적힌 실적 {}{unit}{} 부서별 줄에 들어 있지 않습니다.",
            grouped(rest),
            iljari_base::korean::particle(unit, "은/는")
        ),
    }
}

fn split(read: &YearRead, set: &TargetSet, unit: &str) -> Vec<(&'static str, String)> {
    let Some(split) = unit_of(set).and_then(|of| read.progress.whole(&set.node, read.year, of, &set.fields)) else {
        return Vec::new();
    };
    let part = |source: Source| (source.korean(), format!("{}{unit}", grouped(split.part(source))));
    [Source::Records, Source::Sums, Source::Press].map(part).to_vec()
}

fn printed_row(book: &District, one: &Printed) -> PrintedRow {
    PrintedRow {
        name: super::node_name(book, &one.node, one.period.first().year()),
        period: one.period.korean(),
        value: one.value.clone(),
        printed: one.printed.map_or_else(|| NOTHING.to_owned(), |rate| rate.to_string()),
        computed: one.computed.map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
        same: one.same.korean(),
        differs: matches!(one.same, Same::Cut | Same::Differs),
    }
}

/// The years of a set and the address of its node, for rows.
pub(super) fn set_words(book: &District, set: &TargetSet) -> (String, String) {
    (years_text(set.first_year, set.last_year), node_href(&book.code, &set.node))
}
