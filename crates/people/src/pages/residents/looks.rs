//! Looks with a reason, for the supervisor: what is to be seen, what was.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_web::{Desk, DisplayPrefs, Duty, Office, PageError, Sample, Shell, Viewer, render};

use super::super::{RenderedSample, rendered, sample, see_other, who};
use super::{or_not_found, safe};
use crate::access::{Access, Whose, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, BreakGlassLine, BreakReason};
use crate::store;

/// What stands in the place of a reason where a file was opened that was not the officer's.
const NOT_MINE: &str = "맡지 않은 신청";

/// A look, ready to read.
pub struct LookRow {
    id: String,
    at: String,
    until: String,
    officer: String,
    resident: String,
    why: &'static str,
    remark: String,
    seen_by: Option<String>,
    own: bool,
}

/// `GET /office/residents/looks`.
#[derive(Template)]
#[template(path = "looks.html")]
pub struct LooksPage {
    shell: Shell,
    rows: Vec<LookRow>,
}

impl LooksPage {
    fn waiting(&self) -> usize {
        self.rows.iter().filter(|row| row.seen_by.is_none()).count()
    }
}

/// Lists looks, those that nobody has seen first.
pub async fn list(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let safe = safe(&office)?;
    let (lines, officers) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                log_access(tx, &cx, Access::to("긴급 열람 점검", Whose::AllOfficers)).await?;
                let lines = residents::looks_with_reason(tx, &cx, &safe).await?;
                Ok((lines, store::officers(tx, &cx.district).await?))
            })
        })
        .await?;
    let row = |line: BreakGlassLine| LookRow {
        id: line.id.to_string(),
        at: line.at.korean(),
        until: line.ends_at.korean(),
        officer: who(&officers, line.officer),
        resident: line.resident.to_string(),
        why: line.why.map_or(NOT_MINE, BreakReason::korean),
        remark: line.remark.unwrap_or_default(),
        seen_by: line.seen_by.map(|by| who(&officers, by)),
        own: line.officer == viewer.officer,
    };
    Ok(render(LooksPage {
        shell: Shell::office(&prefs, &viewer, "긴급 열람", Desk::BreakGlass)
            .crumb("담당자", "/office")
            .here("긴급 열람"),
        rows: lines.into_iter().map(row).collect(),
    }))
}

/// A supervisor has seen a look.
pub async fn seen(
    State(office): State<Arc<Office>>,
    viewer: Viewer,
    address: ClientAddress,
    Path(look): Path<String>,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let look = look.parse().map_err(|_| PageError::NotFound)?;
    let done = office.store.write(move |tx| Box::pin(async move { residents::mark_seen(tx, &cx, look).await })).await;
    done.map_err(or_not_found)?;
    Ok(see_other("/office/residents/looks"))
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<LooksPage>("looks", all);
}

impl Sample for LooksPage {
    fn samples() -> Vec<Self> {
        let page = |many: u8| {
            let row = |number: u8| LookRow {
                id: sample::id::<iljari_base::id::BreakGlass>(number).to_string(),
                at: sample::now().korean(),
                until: sample::now().plus_seconds(1800).korean(),
                officer: sample::longest(),
                resident: sample::id::<iljari_base::id::Resident>(number).to_string(),
                why: if number.is_multiple_of(2) { BreakReason::Urgent.korean() } else { NOT_MINE },
                remark: if number.is_multiple_of(4) {
                    String::new()
                } else {
                    "창구에서 신청서를 고치려 함 ".repeat(10)
                },
                seen_by: number.is_multiple_of(3).then(sample::longest),
                own: number.is_multiple_of(5),
            };
            Self {
                shell: sample::shell("긴급 열람", Desk::BreakGlass, &[Duty::Audit]),
                rows: (0..many).map(row).collect(),
            }
        };
        vec![page(0), page(7), page(200)]
    }
}
