//! The public plan pages: the list of districts, a year's plan, the plan as a table to download.
//!
//! Owns: what these pages say. Does not own: any number that was counted (`ledger`'s pages) nor the
//! frame (`web`). What a newcomer gets wrong: reading a file or a clock inside a page. A handler
//! asks the books and the clock, then hands plain values to a pure `build`.

pub mod districts;
pub mod plan;
pub mod plan_csv;
pub mod plan_sections;
pub mod promised;
pub mod tree_view;
pub mod words;

mod samples_of_plan;

use std::sync::Arc;

use iljari_base::DistrictCode;
use iljari_disclosure::plan::District;
use iljari_web::{Office, PageError, Sample};

use crate::books::Books;

/// The district of an address, or 404: a code that is none and a district that is not here look
/// the same to a reader.
pub async fn district_of(office: &Office, books: &Books, code: &str) -> Result<Arc<District>, PageError> {
    let code: DistrictCode = code.parse().map_err(|_| PageError::NotFound)?;
    books.of(&office.store, &code).await?.ok_or(PageError::NotFound)
}

/// One sample page: its name and its HTML.
pub type RenderedSample = (&'static str, Result<String, askama::Error>);

/// Every page of this crate with each of its samples, for the wall.
pub fn samples() -> Vec<RenderedSample> {
    let mut all = Vec::new();
    rendered::<districts::DistrictsPage>("districts", &mut all);
    rendered::<plan::PlanPage>("plan", &mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}
