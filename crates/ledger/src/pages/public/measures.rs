//! Rates, labour statistics and development projects: what the ledger does not count.
//!
//! Owns: their rows on the home page. Does not own: any of the figures; all of them are the plan
//! files', with definition, basis, source and day. What a newcomer gets wrong: adding rates up.

use iljari_base::Rate;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::{Development, District, Figure, Measure, Statistic, StatisticKind, TargetSet};
use iljari_plans::pages::words::{NOTHING, node_href, source_titles};

/// A year of a target that is no count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateRow {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) unconfirmed: bool,
    pub(crate) year: String,
    pub(crate) before: String,
    pub(crate) target: String,
    pub(crate) actual: String,
    pub(crate) actual_note: String,
    pub(crate) note: String,
    pub(crate) source: String,
}

/// Every year of every target that the ledger does not count.
pub fn rates(book: &District) -> Vec<RateRow> {
    let sets = book.target_sets();
    let others = sets.into_iter().filter(|set| !matches!(set.measure, Measure::Count(_)));
    others.flat_map(|set| rate_rows(book, set)).collect()
}

fn rate_rows(book: &District, set: &TargetSet) -> Vec<RateRow> {
    // A later plan may speak of years that the first one did not, so every year is asked.
    let rows = book.years().into_iter().filter_map(|year| rate_row(book, set, year));
    let mut merged: Vec<(RateRow, iljari_base::Year)> = Vec::new();
    for (year, row) in rows {
        match merged.last_mut() {
            Some((last, first)) if RateRow { year: row.year.clone(), ..last.clone() } == row => {
                last.year = format!("{first}~{year}");
            }
            _ => merged.push((row, year)),
        }
    }
    merged.into_iter().map(|(row, _)| row).collect()
}

fn rate_row(book: &District, set: &TargetSet, year: iljari_base::Year) -> Option<(iljari_base::Year, RateRow)> {
    let at = book.targets(&set.id, year);
    let published = book.results_of(year).find(|result| {
        result.measure == set.measure && result.indicator.is_some() && result.indicator == set.indicator
    });
    let target = at.in_force();
    if target.is_none() && published.is_none() {
        return None;
    }
    let actual = published.map(|result| &result.figure);
    let row = RateRow {
        name: set.name.clone(),
        definition: set.definition.clone().unwrap_or_default(),
        unconfirmed: set.definition.is_none(),
        year: year.to_string(),
        before: at.term.filter(|_| at.revised()).map(Figure::text).unwrap_or_default(),
        target: target.map_or_else(|| NOTHING.to_owned(), Figure::text),
        actual: actual.map_or_else(|| NOTHING.to_owned(), Figure::text),
        actual_note: actual.map(basis).unwrap_or_default(),
        note: target.and_then(|figure| figure.note.clone()).unwrap_or_default(),
        source: target.or(actual).map(|figure| source_titles(book, figure)).unwrap_or_default(),
    };
    Some((year, row))
}

/// `지역별고용조사 · 2023년 12월 31일 기준 · 공시`.
fn basis(figure: &Figure) -> String {
    let ratio = figure.ratio.map(|(top, bottom)| format!("{} ÷ {}", grouped(top), grouped(bottom)));
    let parts = [
        figure.statistic.clone(),
        ratio,
        figure.as_of.map(|day| format!("{} 기준", day.korean())),
        figure.basis.clone(),
        figure.as_printed.as_ref().map(|printed| format!("원문 ‘{printed}’")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A statistic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatisticRow {
    pub(crate) name: String,
    pub(crate) printed_name: String,
    pub(crate) value: String,
    pub(crate) definition: String,
    pub(crate) unconfirmed: bool,
    pub(crate) basis: String,
    pub(crate) source: String,
    pub(crate) doubt: String,
    pub(crate) answer: String,
    pub(crate) note: String,
}

/// Population and labour statistics first, then the other numbers that are known; each list in
/// the files' order.
pub fn statistics(book: &District) -> (Vec<StatisticRow>, Vec<StatisticRow>) {
    let every: Vec<&Statistic> = book.all_statistics().collect();
    let row = |statistic: &&Statistic| StatisticRow {
        name: statistic.name.clone(),
        printed_name: statistic.printed_name.clone().unwrap_or_default(),
        value: statistic.figure.text(),
        definition: statistic.figure.definition.clone().unwrap_or_default(),
        unconfirmed: statistic.definition_unconfirmed || statistic.figure.definition.is_none(),
        basis: basis(&statistic.figure),
        source: source_titles(book, &statistic.figure),
        doubt: doubt(&every, statistic),
        answer: statistic.answer.clone().unwrap_or_default(),
        note: statistic.figure.note.clone().unwrap_or_default(),
    };
    let (others, labour): (Vec<_>, Vec<_>) = every.iter().partition(|one| one.kind == StatisticKind::Other);
    (labour.into_iter().map(row).collect(), others.into_iter().map(row).collect())
}

/// Above this share of all residents a figure cannot be the economically active population.
const ACTIVE_SHARE_MAX_PER_MILLE: i64 = 750;

/// A doubt that the figures themselves raise, in words.
fn doubt(every: &[&Statistic], statistic: &Statistic) -> String {
    if statistic.kind != StatisticKind::Active {
        return String::new();
    }
    let same_day =
        |other: &&&Statistic| other.kind == StatisticKind::Population && other.figure.as_of == statistic.figure.as_of;
    let residents =
        every.iter().find(same_day).or_else(|| every.iter().find(|other| other.kind == StatisticKind::Population));
    let share = residents.and_then(|residents| {
        let residents = residents.figure.count()?;
        Some((residents, Rate::new(statistic.figure.count()?, residents)?))
    });
    match share {
        Some((residents, share)) if share.per_mille() > ACTIVE_SHARE_MAX_PER_MILLE => format!(
            "주민 {}명의 {share}입니다. 경제활동인구가 이만큼 될 수는 없어, 15세 이상 인구를 그렇게 부른 것으로 보입니다.",
            grouped(residents)
        ),
        _ => String::new(),
    }
}

/// A development project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DevelopmentView {
    pub(crate) name: String,
    pub(crate) stage: String,
    pub(crate) description: String,
    pub(crate) milestones: Vec<String>,
    pub(crate) linked: Vec<(String, String)>,
    pub(crate) expected: String,
    pub(crate) source: String,
}

/// Every development project, in the files' order.
pub fn developments(book: &District) -> Vec<DevelopmentView> {
    book.all_developments().map(|development| development_view(book, development)).collect()
}

fn development_view(book: &District, development: &Development) -> DevelopmentView {
    let linked = development.linked.iter().map(|id| {
        let name =
            book.plans.iter().rev().find_map(|plan| plan.node(id)).map_or(id.as_str(), |node| node.name.as_str());
        (name.to_owned(), node_href(&book.code, id))
    });
    let titles = development.sources.iter().filter_map(|id| book.sources.get(id)).map(|source| source.title.as_str());
    DevelopmentView {
        name: development.name.clone(),
        stage: development.stage.map(|stage| stage.as_str().to_owned()).unwrap_or_default(),
        description: development.description.clone().or_else(|| development.note.clone()).unwrap_or_default(),
        milestones: development.milestones.iter().map(|(what, when)| format!("{} {what}", when.korean())).collect(),
        linked: linked.collect(),
        expected: development.expected_jobs.as_ref().map_or_else(|| NOTHING.to_owned(), Figure::text),
        source: titles.collect::<Vec<_>>().join(", "),
    }
}
