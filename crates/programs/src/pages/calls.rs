//! `/office/calls`: the calls of the district, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use iljari_base::quantity::grouped;
use iljari_web::{DisplayPrefs, Duty, Office, PageError, Sample, Shell, Viewer, render};

use super::frame;
use crate::model::CallState;
use crate::store;

struct CallRow {
    href: String,
    title: String,
    state: &'static str,
    kind: &'static str,
    apply: String,
    work: String,
    seats: String,
}

#[derive(Template)]
#[template(path = "programs/calls.html")]
pub(super) struct Page {
    shell: Shell,
    rows: Vec<CallRow>,
    may_draft: bool,
}

/// The list.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let (district, today) = (viewer.district.clone(), office.clock.today());
    let rows = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let mut rows = Vec::new();
                for call in store::calls(tx, &district).await? {
                    let places = store::places(tx, &district, call.no).await?;
                    let seats: i64 = places.iter().map(|place| place.capacity).sum();
                    let (kind, state) = match &call.state {
                        CallState::Draft => ("plain", call.state.label()),
                        CallState::Checked { .. } => ("care", call.state.label()),
                        CallState::Published { .. } => ("good", call.phase(today)),
                    };
                    rows.push(CallRow {
                        href: format!("/office/calls/{}", call.no),
                        apply: format!("{} ~ {}", call.terms.apply_first_on, call.terms.apply_last_on),
                        work: format!("{} ~ {}", call.terms.work_first_on, call.terms.work_last_on),
                        seats: grouped(seats),
                        title: call.terms.title,
                        state,
                        kind,
                    });
                }
                Ok(rows)
            })
        })
        .await?;
    let shell = frame(&prefs, &viewer, "모집과 선발");
    Ok(render(Page { shell, rows, may_draft: viewer.may(Duty::Record) }))
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let row = |nth: usize| CallRow {
            href: format!("/office/calls/{nth}"),
            title: "2027년 상반기 나루 공공근로(안심·돌봄·기후환경) 참여자 모집(예시)".to_owned(),
            state: "접수 중",
            kind: "good",
            apply: "2026-11-23 ~ 2026-12-04".to_owned(),
            work: "2027-01-11 ~ 2027-06-30".to_owned(),
            seats: "332".to_owned(),
        };
        let page = |rows: usize, may_draft: bool| Page {
            shell: super::sample_shell("모집과 선발"),
            rows: (1..=rows).map(row).collect(),
            may_draft,
        };
        vec![page(0, true), page(0, false), page(3, true), page(80, false)]
    }
}
