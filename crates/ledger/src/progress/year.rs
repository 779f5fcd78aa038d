//! A district's year, read at one moment: judgement, sums, restatements.
//!
//! Owns: reading them together. Does not own: what is shown of them. What a newcomer gets wrong:
//! reading the entries. Totals and sums by month are enough, however many people were counted.

use iljari_base::{Date, Outcome, Year};
use iljari_disclosure::plan::{District, TargetSet};
use iljari_plans::pages::words::main_set;
use iljari_store::Tx;

use super::course::{MonthSums, month_sums};
use super::judged::{Judgement, judge, years_needed};
use super::restated::{Restated, from_files, restated};
use super::{Progress, progress};

/// What is known of a year.
#[derive(Debug, Clone)]
pub struct YearRead {
    /// The year.
    pub year: Year,
    /// Totals, rolled up.
    pub progress: Progress,
    /// Sums by month, of this year and some before it.
    pub sums: MonthSums,
    /// Numbers said again: in the ledger first, then in files.
    pub restated: Vec<Restated>,
}

/// Reads a year.
pub async fn read(tx: &mut Tx, district: &District, year: Year) -> Outcome<YearRead> {
    let progress = progress(tx, district).await?;
    let sums = month_sums(tx, &district.code, years_needed(year)).await?;
    let mut said_again = restated(tx, &district.code, year).await?;
    // What a file restates and the ledger holds as a correction is one restatement, not two.
    let of_files = from_files(district, year).into_iter().filter(|of_file| {
        !said_again.iter().any(|known| (&known.node, known.old, known.new) == (&of_file.node, of_file.old, of_file.new))
    });
    let of_files: Vec<Restated> = of_files.collect();
    said_again.extend(of_files);
    Ok(YearRead { year, progress, sums, restated: said_again })
}

impl YearRead {
    /// The set that the district's pages name first, and the judgement against it.
    pub fn judgement<'d>(&self, district: &'d District, today: Date) -> Option<(&'d TargetSet, Judgement)> {
        let set = main_set(district)?;
        Some((set, judge(district, set, self.year, &self.sums, today)?))
    }
}
