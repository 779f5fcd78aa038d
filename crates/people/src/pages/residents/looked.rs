//! Who looked at one resident's record: her list, made to be printed and handed over.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::Timestamp;
use iljari_web::filters;
use iljari_web::{Desk, DisplayPrefs, Duty, Office, PageError, Sample, Shell, Viewer, render};

use super::super::{RenderedSample, rendered, sample};
use super::{known, or_not_found, safe, shell};
use crate::cx::{ClientAddress, Cx};
use crate::residents::{self, LookLine, ResidentState};

/// `GET /office/residents/{resident}/looked`.
#[derive(Template)]
#[template(path = "looked.html")]
pub struct LookedPage {
    shell: Shell,
    id: String,
    /// The name, its middle hidden; `None` where nothing may or can be shown.
    name: Option<String>,
    lines: Vec<LookLine>,
    /// When the list was made.
    at: Timestamp,
}

impl LookedPage {
    /// Looks of officers alone: what a chore does is no look.
    fn count(&self) -> usize {
        self.lines.iter().filter(|line| !line.department.is_empty()).count()
    }
}

/// Shows the list.
pub async fn show(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(resident): Path<String>,
) -> Result<Response, PageError> {
    let cx = Cx::of(&office, &viewer, &address);
    let (id, safe, at) = (known(&office, &viewer, &resident).await?, safe(&office)?, cx.now());
    let (card, lines) = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                // The list first: it ends before this very look.
                let lines = residents::who_looked(tx, &cx, id).await?;
                Ok((residents::card(tx, &cx, &safe, id).await?, lines))
            })
        })
        .await
        .map_err(or_not_found)?;
    Ok(render(LookedPage {
        shell: shell(&prefs, &viewer, "내 정보를 본 사람")
            .crumb("주민 정보", format!("/office/residents/{id}"))
            .here("내 정보를 본 사람"),
        id: id.to_string(),
        name: match card.state {
            ResidentState::Open => card.masked.map(|masked| masked.name),
            // Paper with a protected name on it can be found by somebody else.
            _ => None,
        },
        lines,
        at,
    }))
}

pub(super) fn samples(all: &mut Vec<RenderedSample>) {
    rendered::<LookedPage>("looked", all);
}

impl Sample for LookedPage {
    fn samples() -> Vec<Self> {
        let page = |many: u16, name: Option<String>| {
            let line = |number: u16| LookLine {
                at: (number != 3).then(sample::now),
                who: sample::longest(),
                department: if number.is_multiple_of(7) { String::new() } else { "일자리정책과".to_owned() },
                what: "보호 대상 긴급 열람(심사)".to_owned(),
                reason: number.is_multiple_of(2).then(|| "자격 조회 의뢰".to_owned()),
                break_glass: number.is_multiple_of(5),
            };
            Self {
                shell: sample::shell("내 정보를 본 사람", Desk::Residents, &[Duty::Record]),
                id: sample::id::<iljari_base::id::Resident>(1).to_string(),
                name,
                lines: (0..many).map(line).collect(),
                at: sample::now(),
            }
        };
        vec![page(0, None), page(5, Some(residents::masked_name(&sample::longest()))), page(2000, None)]
    }
}
