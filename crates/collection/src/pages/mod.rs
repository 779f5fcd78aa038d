//! Officers' pages of collection: rounds, one round's board, an upload on its way.
//!
//! Owns: forms and tables. Does not own: any refusal or rule; the acts give those.

pub mod files;
pub mod hand_in;
pub mod new_round;
pub mod round;
pub mod rounds;
pub mod upload;
mod upload_view;

use std::sync::Arc;

use iljari_base::quantity::grouped;
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{District, Measure};
use iljari_ledger::store as ledger;
use iljari_plans::Books;
use iljari_web::{Desk, DisplayPrefs, Office, PageError, Sample, Shell, Viewer, number};

use crate::store;

/// A page's name with one of its samples, rendered.
pub type RenderedSample = (&'static str, Result<String, askama::Error>);

/// Every page of collection with each of its samples, for the wall.
pub fn samples() -> Vec<RenderedSample> {
    let mut all = Vec::new();
    rendered::<rounds::Page>("collection-rounds", &mut all);
    rendered::<new_round::Page>("collection-new-round", &mut all);
    rendered::<round::Page>("collection-round", &mut all);
    rendered::<upload_view::Page>("collection-upload", &mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}

/// The frame of an officer's page of collection, with what waits.
async fn frame(office: &Office, prefs: &DisplayPrefs, viewer: &Viewer, title: &str) -> Result<Shell, PageError> {
    let district = viewer.district.clone();
    let (numbers, uploads) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let numbers = ledger::staged_waiting(tx, &district).await?.len();
                Ok((numbers, store::uploads_waiting(tx, &district).await?.len()))
            })
        })
        .await?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(Shell::office(prefs, viewer, title, Desk::Collection)
        .count(Desk::Staged, count(numbers))
        .count(Desk::Collection, count(uploads))
        .crumb("담당자", "/office"))
}

/// The viewer's district as adopted.
async fn book(office: &Office, books: &Books, viewer: &Viewer) -> Result<Arc<District>, PageError> {
    books.of(&office.store, &viewer.district).await?.ok_or(PageError::NotFound)
}

/// A number with its counter.
fn counted(amount: i64, unit: Unit) -> String {
    format!("{}{}", grouped(amount), Measure::Count(unit).counter())
}

/// A difference, plus or minus said in front.
fn change(amount: i64) -> String {
    if amount < 0 { format!("−{}", grouped(amount.saturating_abs())) } else { format!("+{}", grouped(amount)) }
}

/// A frame for samples: a signed-in officer of the invented district.
fn sample_shell(title: &str) -> Shell {
    Shell::office(&DisplayPrefs::sample(), &sample_viewer(), title, Desk::Collection)
        .crumb("담당자", "/office")
        .crumb("취합", "/office/collection")
        .here(title)
}

#[expect(clippy::expect_used, reason = "a constant that is a code")]
fn sample_viewer() -> Viewer {
    use iljari_base::{FixedClock, Id, SeededEntropy, Timestamp};
    let clock = FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000));
    let entropy = SeededEntropy::new("samples");
    Viewer {
        officer: Id::fresh(&clock, &entropy),
        name: "한시범 (예시)".to_owned(),
        district: "99001".parse().expect("five digits"),
        department: "일자리정책과".to_owned(),
        duties: iljari_web::Duty::ALL.to_vec(),
        session: Id::fresh(&clock, &entropy),
    }
}
