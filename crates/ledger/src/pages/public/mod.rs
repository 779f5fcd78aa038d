//! The ledger's pages for everybody: where a district stands, and every record behind a number.
//!
//! Owns: what these pages say. Does not own: any number; pages read one [`look::Look`] and add only
//! what a reader could add. What a newcomer gets wrong: 0 for a number nobody knows. It is a word
//! and a dashed bar.

pub mod chart_file;
pub mod data;
pub mod disclosed_files;
pub mod disclosure;
pub mod disclosures;
pub mod entry_view;
pub mod home;
mod home_head;
pub mod how;
pub mod log_files;
pub mod look;
pub mod maps;
pub mod measures;
pub mod node;
pub mod node_facts;
pub mod node_year;
pub mod number;
pub mod promises;
pub mod published;
pub mod receipt;
pub mod story;
pub mod verifier;
pub mod verify;

mod sample_home;
mod sample_pages;
#[cfg(test)]
pub(crate) mod tests;

use iljari_web::Sample;

/// One sample page: its name and its HTML.
pub type RenderedSample = (&'static str, Result<String, askama::Error>);

/// Every public page of the ledger with each of its samples, for the wall.
pub fn samples() -> Vec<RenderedSample> {
    let mut all = Vec::new();
    rendered::<home::HomePage>("home", &mut all);
    rendered::<node::NodePage>("node", &mut all);
    rendered::<node_year::NodeYearPage>("node-year", &mut all);
    rendered::<how::HowPage>("how", &mut all);
    rendered::<disclosures::DisclosuresPage>("disclosures", &mut all);
    rendered::<disclosure::DisclosurePage>("disclosure", &mut all);
    rendered::<data::DataPage>("data", &mut all);
    rendered::<verify::VerifyPage>("verify", &mut all);
    rendered::<receipt::ReceiptPage>("receipt", &mut all);
    all
}

fn rendered<P: Sample + askama::Template>(name: &'static str, all: &mut Vec<RenderedSample>) {
    all.extend(P::samples().into_iter().map(|page| (name, page.render())));
}
