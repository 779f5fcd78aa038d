//! The plan file: its format, its reader, its checker, and what can be shown of it.
//!
//! Owns: `일자리-계획/1` as described in `docs/reference/plan-format.md`. Does not own: reading
//! files from a disk (callers hand in names and bytes), the database's copy of a plan, ledger
//! leaves. What a newcomer gets wrong: a rule here says that a *document* is at odds with itself;
//! whether the office kept its promise is no business of the checker.

mod check;
mod codes;
mod counts;
mod diff;
mod model;
mod place;
mod problem;
mod read;
mod render;
mod show;
mod yaml;

pub use codes::Code;
pub use counts::{CountProposal, results_to_counts};
pub use diff::{Change, ChangeKind, diff, render_changes};
pub use model::*;
pub use place::{Place, Point, Span};
pub use problem::{Both, Lang, Problem, Severity};
pub use render::{render_json, render_text};
pub use show::show;
pub use yaml::FILE_MAX;

use problem::Problems;

/// What checking a folder of plan files found.
#[derive(Debug)]
pub struct Report {
    /// Every problem, by file and line.
    pub problems: Vec<Problem>,
    /// The district as far as it could be read; `None` without a readable file of kind 구.
    pub district: Option<District>,
    texts: Vec<(std::sync::Arc<str>, String)>,
}

impl Report {
    /// Whether something keeps the files from being used.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many problems of that weight there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }
}

/// Checks the files of one district, given as names and bytes. Never panics, never stops at the
/// first problem.
pub fn check<N: AsRef<str>, B: AsRef<[u8]>>(files: &[(N, B)]) -> Report {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_ref(), bytes.as_ref())).collect();
    let mut problems = Problems::default();
    let read = read::read(&files, &mut problems);
    if let Some(district) = &read.district {
        check::check(district, &read.cited, read.whole, &mut problems);
    }
    Report {
        problems: problems.into_sorted(),
        district: read.district,
        texts: read.texts.into_iter().map(|file| (file.name, file.text)).collect(),
    }
}
