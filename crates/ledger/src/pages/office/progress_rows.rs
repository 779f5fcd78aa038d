//! The rows of `/office/progress`, and its samples.
//!
//! Owns: how a judged node, a sum, a restatement is said in a row. Does not own: the numbers.

use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::{District, TargetSet};
use iljari_plans::pages::words::{NOTHING, node_href};
use iljari_web::charts::{Cumulative, Svg, cumulative, spark_expected};
use iljari_web::parts::{Choice, Pager};
use iljari_web::{Desk, Sample};

use super::counter;
use super::progress::{Head, Page, PrintedRow, Whole, set_words};
use crate::progress::judged::Judged;
use crate::progress::overview::{Overview, OverviewRow, SoFar, unit_of};
use crate::progress::pace::Outlook;
use crate::progress::restated::Restated;
use crate::progress::year::YearRead;

/// A node of the tree beside its target.
#[derive(Debug, Clone, Default)]
pub struct TaskRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) department: String,
    pub(super) picture: Svg,
    pub(super) target: String,
    pub(super) actual: String,
    pub(super) until: String,
    pub(super) rate: String,
    pub(super) end: String,
    pub(super) span: String,
    pub(super) missing: String,
    /// The kind of tag: good, bad, care, info, quiet.
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    pub(super) fresh: String,
    pub(super) overdue: bool,
    pub(super) lagging: String,
}

/// The row of a judged node. `nth`: its place on the page, for names inside its picture.
pub(super) fn task_row(book: &District, row: &Judged, nth: usize) -> TaskRow {
    let pace = &row.pace;
    let span = match pace.forecast {
        Ok(told) if pace.end().is_some() => told.span(),
        _ if pace.end().is_some() => "구간은 자료 부족".to_owned(),
        _ => String::new(),
    };
    TaskRow {
        name: row.name.clone(),
        href: node_href(&book.code, &row.id),
        department: row.department.clone().unwrap_or_else(|| "담당부서 자료 없음".to_owned()),
        picture: spark_expected(&format!("s{nth}"), pace.actual, pace.target, pace.end()),
        target: pace.target.map_or_else(|| NOTHING.to_owned(), grouped),
        actual: pace.actual.map_or_else(|| "아직 없음".to_owned(), grouped),
        until: pace.until.filter(|month| *month < 12).map(|month| format!("{month}월까지")).unwrap_or_default(),
        rate: pace.rate().map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
        end: pace.end().map_or_else(|| "–".to_owned(), grouped),
        span,
        missing: pace.missing().map_or_else(|| "–".to_owned(), |by| format!("−{}", grouped(by))),
        kind: kind(pace.outlook),
        word: pace.word(),
        fresh: row.fresh.map(|fresh| fresh.sentence()).unwrap_or_default(),
        overdue: row.fresh.is_some_and(|fresh| fresh.overdue),
        lagging: lagging(&row.lagging),
    }
}

fn kind(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Reached => "good",
        Outlook::Missed { .. } | Outlook::WillMiss { .. } => "bad",
        Outlook::WillReach { .. } => "info",
        Outlook::NoTarget | Outlook::Nothing | Outlook::TooEarly | Outlook::Unfinished => "quiet",
    }
}

/// `아래 2곳은 더 이른 달까지만 들어왔습니다: 골목 살피미, 돌봄 말벗`.
fn lagging(names: &[String]) -> String {
    const NAMED: usize = 3;
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = if names.len() > NAMED { " …" } else { "" };
    format!("아래 {}곳은 더 이른 달까지만 들어왔습니다: {}{more}", names.len(), shown.join(", "))
}

/// A row of the summary.
#[derive(Debug, Clone, Default)]
pub struct SumRow {
    pub(super) name: String,
    pub(super) programs: String,
    pub(super) units: String,
    pub(super) target: String,
    pub(super) actual: String,
    pub(super) rate: String,
    pub(super) is_total: bool,
}

/// The rows of a summary, 계 last.
pub(super) fn sum_rows(rows: &[OverviewRow], total: &OverviewRow, unit: &str) -> Vec<SumRow> {
    let row = |row: &OverviewRow, is_total: bool| SumRow {
        name: row.name.clone(),
        programs: row.programs.to_string(),
        units: row.units.to_string(),
        target: row.target.text(),
        actual: row.actual.map_or_else(|| "아직 없음".to_owned(), |actual| format!("{}{unit}", grouped(actual))),
        rate: row.rate().map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
        is_total,
    };
    if rows.is_empty() {
        return Vec::new();
    }
    rows.iter().map(|one| row(one, false)).chain([row(total, true)]).collect()
}

/// The money of a 부문 or department.
#[derive(Debug, Clone, Default)]
pub struct Money {
    pub(super) name: String,
    pub(super) planned: Vec<(&'static str, String)>,
    pub(super) spent: Vec<(&'static str, String)>,
    pub(super) is_total: bool,
}

impl Money {
    /// By department, 계 last; nothing where no plan gives money.
    pub(super) fn rows(summary: &Overview) -> Vec<Money> {
        let of = |row: &OverviewRow, is_total| Money {
            name: row.name.clone(),
            planned: row.planned.columns().map(|(name, sum)| (name, sum.money())).to_vec(),
            spent: row.spent.columns().map(|(name, sum)| (name, sum.money())).to_vec(),
            is_total,
        };
        let known = summary.total.planned.total.known + summary.total.spent.total.known;
        if known == 0 {
            return Vec::new();
        }
        summary.by_department.iter().map(|row| of(row, false)).chain([of(&summary.total, true)]).collect()
    }
}

/// A promise over several years.
#[derive(Debug, Clone, Default)]
pub struct PromiseRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) years: String,
    pub(super) target: String,
    pub(super) actual: String,
    pub(super) rate: String,
    pub(super) unknown: String,
}

/// Every counted promise with a sum, side by side.
pub(super) fn promise_rows(book: &District, read: &YearRead, sets: &[&TargetSet]) -> Vec<PromiseRow> {
    let row = |set: &&TargetSet| {
        let so_far = SoFar::of(book, set, &read.progress, read.year)?;
        let unit = unit_of(set).map(counter).unwrap_or_default();
        let (years, href) = set_words(book, set);
        let unknown: Vec<String> = so_far.unknown.iter().map(|year| format!("{year}년")).collect();
        Some(PromiseRow {
            name: set.name.clone(),
            href,
            years,
            target: format!("{}{unit}", grouped(so_far.target)),
            actual: so_far.actual.map_or_else(|| "아직 없음".to_owned(), |all| format!("{}{unit}", grouped(all))),
            rate: so_far.rate().map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
            unknown: unknown.join(", "),
        })
    };
    sets.iter().filter_map(row).collect()
}

/// A number that was said again.
#[derive(Debug, Clone, Default)]
pub struct RestatedRow {
    pub(super) name: String,
    pub(super) period: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) why: String,
    pub(super) words: String,
    pub(super) href: String,
}

impl RestatedRow {
    pub(super) fn of(book: &District, one: &Restated) -> Self {
        let unit = counter(one.unit);
        Self {
            name: super::node_name(book, &one.node, one.period.first().year()),
            period: one.period.korean(),
            old: format!("{}{unit}", grouped(one.old)),
            new: format!("{}{unit}", grouped(one.new)),
            why: one.why.map_or_else(|| NOTHING.to_owned(), |why| why.as_str().to_owned()),
            words: one.words.clone(),
            href: one.leaf_id.as_ref().map(|leaf| format!("/office/entries/{leaf}")).unwrap_or_default(),
        }
    }
}

fn sample_task(nth: usize) -> TaskRow {
    let misses = nth.is_multiple_of(3);
    TaskRow {
        name: "찾아가는 일자리센터 취업 연계와 어르신·장애인 맞춤 상담(예시)".to_owned(),
        href: "/districts/99001/plan/3-2".to_owned(),
        department: "일자리정책과".to_owned(),
        picture: spark_expected(&format!("s{nth}"), Some(31), Some(60), misses.then_some(42)),
        target: "12,345".to_owned(),
        actual: "10,547".to_owned(),
        until: "10월까지".to_owned(),
        rate: "85.4 %".to_owned(),
        end: if misses { "12,025".to_owned() } else { "–".to_owned() },
        span: if misses { "11,980~12,140".to_owned() } else { String::new() },
        missing: if misses { "−320".to_owned() } else { "–".to_owned() },
        kind: if misses { "bad" } else { "good" },
        word: if misses { "못 미칠 듯" } else { "목표 넘음" },
        fresh: "갱신이 늦었습니다. 2026년 10월 31일까지였습니다".to_owned(),
        overdue: misses,
        lagging: lagging(&vec!["강변 정원지기".to_owned(); nth % 5]),
    }
}

/// Some invented tasks, for the samples of pages that show them.
pub(super) fn sample_tasks(count: usize) -> Vec<TaskRow> {
    (0..count).map(sample_task).collect()
}

fn sample_page(rows: usize) -> Page {
    let some = |count: usize| rows.min(count);
    let money = |is_total| Money {
        name: "어르신복지과".to_owned(),
        planned: ["국비", "시비", "구비", "민자", "계"].map(|name| (name, "3억 5,630만 원".to_owned())).to_vec(),
        spent: ["국비", "시비", "구비", "민자", "계"].map(|name| (name, NOTHING.to_owned())).to_vec(),
        is_total,
    };
    let sum = |is_total| SumRow {
        name: if is_total { "계".to_owned() } else { "직업능력개발훈련".to_owned() },
        programs: "31".to_owned(),
        units: "400".to_owned(),
        target: "6,200 (3개 자료 없음)".to_owned(),
        actual: "5,764개".to_owned(),
        rate: "93.0 %".to_owned(),
        is_total,
    };
    let sums = |count: usize| (0..=count).map(|nth| sum(nth == count)).collect::<Vec<_>>();
    let points = [(3, 136), (6, 316), (9, 483)];
    Page {
        shell: super::sample_shell("진행 상황", Desk::Progress),
        district: "나루구".to_owned(),
        year: Year(2026),
        title: match rows {
            0 => "2026년에는 견줄 계획이 없습니다".to_owned(),
            _ => "실천과제 12개 중 3개가 올해 목표에 못 미칠 것 같습니다".to_owned(),
        },
        set: "일자리 목표".to_owned(),
        years: vec![Choice::new("2025", "2025년"), Choice::new("2026", "2026년").chosen(true)],
        levels: vec![
            Choice::new("/office/progress?year=2026&level=1", "실천과제").chosen(true),
            Choice::new("/office/progress?year=2026&level=3", "단위사업"),
        ],
        heads: ["이름", "목표", "실적", "달성률", "모자랄 수", "갱신"]
            .into_iter()
            .enumerate()
            .map(|(nth, name)| Head {
                name,
                href: format!("/office/progress?sort={nth}"),
                sorted: if nth == 4 { "descending" } else { "" },
                num: (1..5).contains(&nth),
            })
            .collect(),
        rows: sample_tasks(some(50)),
        all: rows,
        pager: Pager::of(i64::try_from(rows).unwrap_or(0), 2, "/office/progress?page="),
        csv: "?year=2026".to_owned(),
        whole: Whole {
            sentence: "이대로면 12월에 목표보다 320개 적습니다".to_owned(),
            even: "고르게 갈 때보다 30개 뒤져 있습니다".to_owned(),
            picture: if rows == 0 {
                Svg::default()
            } else {
                cumulative(&Cumulative {
                    id: "whole",
                    what: "나루구 2026년",
                    unit: "개",
                    target: Some(620),
                    points: &points,
                    last_year: &[],
                    forecast: Some((560, 580, 600)),
                })
            },
            method: "예상의 구간은 없습니다. 자료 부족: 견줄 지난 기간이 6개는 있어야 하는데 2개뿐입니다.".to_owned(),
            fresh: "2026년 9월까지 들어왔습니다. 다음 갱신 예정 2027년 1월 31일".to_owned(),
            overdue: rows > 100,
        },
        promises: (0..some(3))
            .map(|_| PromiseRow {
                name: "공약 3만 개".to_owned(),
                href: "/districts/11215/plan/전체".to_owned(),
                years: "2022~2026년".to_owned(),
                target: "30,000개".to_owned(),
                actual: "19,085개".to_owned(),
                rate: "63.6 %".to_owned(),
                unknown: "2022년".to_owned(),
            })
            .collect(),
        by_field: if rows == 0 { Vec::new() } else { sums(some(9)) },
        by_department: if rows == 0 { Vec::new() } else { sums(some(40)) },
        above: "사업보다 위의 자리에 적힌 실적 6,570개는 부서별 줄에 들어 있지 않습니다.".to_owned(),
        money: (0..some(9)).map(|nth| money(nth == 8)).collect(),
        split: vec![("기록", "12개".to_owned()), ("집계", "5,752개".to_owned()), ("보도", "0개".to_owned())],
        printed: (0..some(2))
            .map(|_| PrintedRow {
                name: "은평구 전체".to_owned(),
                period: "2022년".to_owned(),
                value: "14,955개".to_owned(),
                printed: "121%".to_owned(),
                computed: "121.9 %".to_owned(),
                same: "끝자리를 버림",
                differs: true,
            })
            .collect(),
        restated: (0..some(2))
            .map(|_| RestatedRow {
                name: "찾아가는 일자리센터 취업 연계".to_owned(),
                period: "2026년 6월".to_owned(),
                old: "63명".to_owned(),
                new: "58명".to_owned(),
                why: "중복".to_owned(),
                words: "5건이 겹쳤습니다 (예시)".to_owned(),
                href: "/office/entries/aa".to_owned(),
            })
            .collect(),
        developments: Vec::new(),
        maps: if rows == 0 { Vec::new() } else { crate::pages::public::maps::sample() },
        rule: crate::progress::fresh::RULE,
    }
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        vec![sample_page(0), sample_page(12), sample_page(400)]
    }
}
