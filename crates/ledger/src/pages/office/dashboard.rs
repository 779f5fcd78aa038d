//! `/office`: what waits today, and how the year stands.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use iljari_base::Year;
use iljari_base::quantity::grouped;
use iljari_disclosure::plan::Measure;
use iljari_plans::Books;
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Viewer, render};

use super::{Names, NumberRow, book, entry_row, frame, staged_row};
use crate::{progress, store};

/// How many of the newest entries the dashboard shows.
const NEWEST: i64 = 8;

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
    waiting: Vec<NumberRow>,
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
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let book = book(&office, &books, &viewer).await?;
    let shell = frame(&office, &prefs, &viewer, "대시보드", Desk::Dashboard).await?;
    let year = office.clock.today().year();
    let (at, actor, viewer) = (Arc::clone(&book), viewer.actor(), viewer.clone());
    let page = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let names = Names::read(tx, &at.code).await?;
                let progress = progress::progress(tx, &at).await?;
                let waiting = store::staged_waiting(tx, &at.code).await?;
                let newest = store::latest_entries(tx, &at.code, NEWEST).await?;
                let targets = at.target_sets().into_iter().filter_map(|set| {
                    let Measure::Count(_) = set.measure else { return None };
                    let this = progress.of_target(&at, set).into_iter().find(|row| row.year == year)?;
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
                    own_waiting: waiting.iter().filter(|staged| staged.recorded_by == actor).count(),
                    waiting: waiting.iter().map(|staged| staged_row(&at, &names, staged)).collect(),
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

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |waiting: usize, targets: usize| Page {
            shell: super::sample_shell("대시보드", Desk::Dashboard),
            district: "나루구".to_owned(),
            year: Year(2026),
            waiting: (0..waiting).map(super::sample_row).collect(),
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
