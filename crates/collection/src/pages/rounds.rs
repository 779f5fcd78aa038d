//! `/office/collection`: the rounds of the district, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use iljari_web::{DisplayPrefs, Duty, Office, PageError, Sample, Shell, Viewer, render};

use super::frame;
use crate::board::time_left;
use crate::look::boards;
use crate::model::DepartmentState;

/// One round in the list.
struct RoundRow {
    href: String,
    title: String,
    period: String,
    deadline: String,
    left: String,
    late: bool,
    handed_in: usize,
    departments: usize,
}

#[derive(Template)]
#[template(path = "collection/rounds.html")]
pub(super) struct Page {
    shell: Shell,
    rows: Vec<RoundRow>,
    may_open: bool,
}

/// The list.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let shell = frame(&office, &prefs, &viewer, "취합").await?.here("취합");
    let (district, today) = (viewer.district.clone(), office.clock.today());
    let rows = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let mut rows = Vec::new();
                for (round, lines) in boards(tx, &district).await? {
                    let owes = lines.iter().filter(|line| line.state.owes()).count();
                    let by_hand = lines.iter().filter(|line| line.state != DepartmentState::Counted).count();
                    rows.push(RoundRow {
                        href: format!("/office/collection/{}", round.no),
                        title: round.title.clone(),
                        period: round.period.korean(),
                        deadline: round.deadline.korean(),
                        left: if owes == 0 { "모두 받았습니다".to_owned() } else { time_left(&round, today) },
                        late: owes > 0 && round.days_left(today) < 0,
                        handed_in: by_hand.saturating_sub(owes),
                        departments: by_hand,
                    });
                }
                Ok(rows)
            })
        })
        .await?;
    Ok(render(Page { shell, rows, may_open: viewer.may(Duty::Disclose) }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |nth: usize| RoundRow {
            href: format!("/office/collection/{nth}"),
            title: "2026년 3분기 공공·민간 일자리 실적과 상담 건수를 함께 묻는 회차(예시)".to_owned(),
            period: "2026년 7~9월".to_owned(),
            deadline: "2026년 12월 4일(금)".to_owned(),
            left: "마감이 3일 지났습니다".to_owned(),
            late: nth.is_multiple_of(2),
            handed_in: nth,
            departments: 120,
        };
        let page = |rows: usize, may_open: bool| Page {
            shell: super::sample_shell("취합"),
            rows: (1..=rows).map(row).collect(),
            may_open,
        };
        vec![page(0, true), page(0, false), page(3, true), page(60, false)]
    }
}
