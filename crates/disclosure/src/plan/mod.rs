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
mod read;
mod show;

pub use codes::Code;
pub use counts::{CountProposal, results_to_counts};
pub use diff::{Change, ChangeKind, diff, render_changes};
pub use iljari_authored::{Both, FILE_MAX, Lang, Place, Point, Severity, Span};
pub use model::*;
pub use show::show;

/// A problem of a plan file.
pub type Problem = iljari_authored::Problem<Code>;
/// The problems of plan files.
pub(crate) type Problems = iljari_authored::Problems<Code>;

/// What checking a folder of plan files found.
#[derive(Debug)]
pub struct Report {
    /// Every problem, by file and line.
    report: iljari_authored::Report<Code>,
    /// The district as far as it could be read; `None` without a readable file of kind 구.
    pub district: Option<District>,
}

impl std::ops::Deref for Report {
    type Target = iljari_authored::Report<Code>;

    fn deref(&self) -> &Self::Target {
        &self.report
    }
}

/// The report as a terminal shows it.
pub fn render_text(report: &Report, lang: Lang, colour: bool) -> String {
    iljari_authored::render_text(&report.report, lang, colour)
}

/// The report as JSON, `iljari-plan-check/1`.
pub fn render_json(report: &Report) -> String {
    iljari_authored::render_json(&report.report, "iljari-plan-check/1")
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
        report: iljari_authored::Report {
            problems: problems.into_sorted(),
            texts: read.texts.into_iter().map(|file| (file.name, file.text)).collect(),
        },
        district: read.district,
    }
}
