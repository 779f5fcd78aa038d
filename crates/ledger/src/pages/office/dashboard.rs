//! `/office`: how many tasks will miss, then what waits today.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::Measure;
use iljari_plans::Books;
use iljari_web::{Desk, DisplayPrefs, Hint, Hints, Office, PageError, Sample, Shell, Viewer, render};

use super::progress_rows::{TaskRow, task_row};
use super::{Names, NumberRow, book, entry_row, frame, staged_row};
use crate::progress::judged::{By, Judged, Judgement, first_sentence, sort};
use crate::progress::year;
use crate::store;

/// How many of the newest entries the dashboard shows.
const NEWEST: i64 = 8;
/// How many of the tasks that will miss the dashboard shows; the page of progress has all.
const MISSING_MAX: usize = 8;
/// How many of the numbers that wait; their own page has all.
const WAITING_MAX: usize = 10;

/// One counted target of this year.
#[derive(Debug, Clone, Default)]
pub struct TargetRow {
    name: String,
    target: String,
    actual: String,
    rate: String,
    href: String,
}

#[derive(Template)]
#[template(path = "office/dashboard.html")]
pub(super) struct Page {
    shell: Shell,
    district: String,
    year: Year,
    title: String,
    missing: Vec<TaskRow>,
    more_missing: usize,
    late: Vec<(String, String)>,
    hints: Vec<Hint>,
    waiting: Vec<NumberRow>,
    all_waiting: usize,
    own_waiting: usize,
    targets: Vec<TargetRow>,
    pending: usize,
    last_seal: String,
    entries: Vec<NumberRow>,
    elsewhere: String,
}

/// Shows the dashboard.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    hints: Option<Extension<Hints>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "대시보드", Desk::Dashboard).await?;
    let today = office.clock.today();
    let year = today.year();
    let hints = hints.map_or_else(Hints::default, |Extension(hints)| hints);
    let (at, actor, viewer) = (Arc::clone(&book), viewer.actor(), viewer.clone());
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &at.code).await?;
                let read = year::read(tx, &at, year).await?;
                let judged = read.judgement(&at, today);
                let judgement = judged.as_ref().map(|(_, judgement)| judgement);
                let (missing, more_missing) = judgement.map(|told| missing(&at, told)).unwrap_or_default();
                let waiting = store::staged_waiting(tx, &at.code).await?;
                let newest = store::latest_entries(tx, &at.code, NEWEST).await?;
                let targets = at.target_sets().into_iter().filter_map(|set| {
                    let Measure::Count(_) = set.measure else { return None };
                    let this = read.progress.of_target(&at, set).into_iter().find(|row| row.year == year)?;
                    Some(TargetRow {
                        name: set.name.clone(),
                        target: this.target.map_or_else(|| "자료 없음".to_owned(), grouped),
                        actual: this.actual.map_or_else(|| "아직 없음".to_owned(), |split| grouped(split.total())),
                        rate: this.rate().map_or_else(|| "–".to_owned(), |rate| rate.to_string()),
                        href: format!("/districts/{}/plan/{}", at.code, set.node),
                    })
                });
                Ok(Page {
                    shell,
                    district: at.name.clone(),
                    year,
                    title: judgement.map_or_else(
                        || format!("{year}년에는 견줄 계획이 없습니다"),
                        |judgement| first_sentence(judgement, year, year),
                    ),
                    missing,
                    more_missing,
                    late: judgement.map(late).unwrap_or_default(),
                    hints: hints.today(tx, &at.code, today).await?,
                    all_waiting: waiting.len(),
                    own_waiting: waiting.iter().filter(|staged| staged.recorded_by == actor).count(),
                    waiting: waiting.iter().take(WAITING_MAX).map(|staged| staged_row(&at, &names, staged)).collect(),
                    targets: targets.collect(),
                    pending: store::pending_entries(tx, &at.code).await?.len(),
                    last_seal: store::latest_seal(tx, &at.code)
                        .await?
                        .map(|seal| seal.sealed_at.korean())
                        .unwrap_or_default(),
                    elsewhere: iljari_people::session::notice(tx, &viewer).await?.unwrap_or_default(),
                    entries: newest.iter().map(|entry| entry_row(&at, &names, entry)).collect(),
                })
            })
        })
        .await?;
    Ok(render(page))
}

/// The tasks that will miss, the largest share first, and how many more there are.
fn missing(book: &iljari_disclosure::plan::District, judgement: &Judgement) -> (Vec<TaskRow>, usize) {
    let mut tasks: Vec<&Judged> = judgement.tasks().into_iter().filter(|task| task.pace.misses()).collect();
    sort(&mut tasks, By::Missing, false);
    let shown = tasks.iter().take(MISSING_MAX).enumerate().map(|(nth, task)| task_row(book, task, nth)).collect();
    (shown, tasks.len().saturating_sub(MISSING_MAX))
}

/// Departments whose programs are overdue: name, and how many of them since when.
fn late(judgement: &Judgement) -> Vec<(String, String)> {
    let mut late: std::collections::BTreeMap<&str, (usize, iljari_base::Date)> = std::collections::BTreeMap::new();
    let programs = judgement.rows.iter().filter(|row| row.level > judgement.task_level && row.pace.target.is_some());
    for row in programs {
        let (Some(fresh), Some(department)) = (row.fresh.filter(|fresh| fresh.overdue), &row.department) else {
            continue;
        };
        let at = late.entry(department).or_insert((0, fresh.due));
        *at = (at.0 + 1, at.1.min(fresh.due));
    }
    let said = |(name, (count, due)): (&str, (usize, iljari_base::Date))| {
        let day = format!("{}월 {}일", due.month().of_year(), due.day());
        (name.to_owned(), format!("{count}개 자리, 가장 이른 것은 {day}까지였습니다"))
    };
    late.into_iter().map(said).collect()
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |waiting: usize, targets: usize| Page {
            shell: super::sample_shell("대시보드", Desk::Dashboard),
            district: "나루구".to_owned(),
            year: Year(2026),
            title: match waiting {
                0 => "2026년에는 견줄 계획이 없습니다".to_owned(),
                _ => "실천과제 33개 중 4개가 올해 목표에 못 미칠 것 같습니다".to_owned(),
            },
            missing: super::progress_rows::sample_tasks(waiting.min(8)),
            more_missing: waiting / 10,
            late: (0..waiting.min(3))
                .map(|_| ("지역경제과".to_owned(), "2개 자리, 가장 이른 것은 10월 31일까지였습니다".to_owned()))
                .collect(),
            hints: (0..waiting.min(3))
                .map(|nth| Hint {
                    what: "취합 · 2026년 3분기 실적(예시)".to_owned(),
                    said: "마감까지 3일 남았습니다. 아직 내지 않은 부서가 4곳 있습니다.".to_owned(),
                    href: format!("/office/collection/{nth}"),
                    late: nth == 1,
                })
                .collect(),
            all_waiting: waiting,
            waiting: (0..waiting.min(10)).map(super::sample_row).collect(),
            own_waiting: waiting / 2,
            targets: (0..targets)
                .map(|nth| TargetRow {
                    name: format!("일자리 목표 {nth}"),
                    target: "6,200".to_owned(),
                    actual: "5,764".to_owned(),
                    rate: "93.0 %".to_owned(),
                    href: "/districts/99001/plan/전체".to_owned(),
                })
                .collect(),
            pending: waiting,
            last_seal: if waiting == 0 { String::new() } else { "2026년 11월 5일(목) 14:03".to_owned() },
            entries: (0..waiting.min(8)).map(super::sample_row).collect(),
            elsewhere: if waiting == 3 {
                "다른 기기에서도 로그인되어 있습니다.".to_owned()
            } else {
                String::new()
            },
        };
        vec![page(0, 0), page(3, 2), page(300, 9)]
    }
}
