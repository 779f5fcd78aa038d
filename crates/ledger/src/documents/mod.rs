//! Documents (공시 문서): a year's plan and results as an office publishes them, composed and kept.
//!
//! Owns: what 종합계획, 연차별 세부계획, 추진실적 and the letter for approval (기안문) say. Does not own:
//! how a format looks (`print`), nor when a document becomes a disclosure (`disclose`). What a
//! newcomer gets wrong: composing a disclosed document again. What was disclosed lies in the
//! database byte for byte; only drafts are made anew.

mod corrections;
pub mod facts;
pub mod files;
mod letter;
mod parts;
mod programs;
mod results;
mod sums;
mod targets;
mod term;
#[cfg(test)]
mod tests;
mod year;

use iljari_print::Document;

pub use facts::{Corrects, Disclosed, Facts, Place, Standing};

/// The documents of a disclosure (공시 문서의 종류).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// 종합계획: the term's plan.
    TermPlan,
    /// 연차별 세부계획: the year's plan.
    YearPlan,
    /// 추진실적: what came of the year.
    Results,
}

impl DocumentKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: &'static [DocumentKind] = &[Self::Results, Self::YearPlan, Self::TermPlan];

    /// The word in file names and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentKind::TermPlan => "종합계획",
            DocumentKind::YearPlan => "세부계획",
            DocumentKind::Results => "추진실적",
        }
    }

    /// Whether the year has it: plans only where one covers the year.
    pub fn is_there(self, facts: &Facts) -> bool {
        match self {
            DocumentKind::TermPlan => facts.term_plan().is_some(),
            DocumentKind::YearPlan => facts.tree().is_some(),
            DocumentKind::Results => true,
        }
    }

    /// Reads [`DocumentKind::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// How the programs of a document are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// To be read: a table for each strategy, below its heading.
    Pages,
    /// To be sorted and pasted: one table with every program, its strategy and task beside it.
    Sheets,
}

/// Composes a document; `None` where no plan covers the year.
pub fn compose(facts: &Facts, kind: DocumentKind, layout: Layout) -> Option<Document> {
    match kind {
        DocumentKind::TermPlan => Some(term::compose(facts, facts.term_plan()?, layout)),
        DocumentKind::YearPlan => Some(year::compose(facts, facts.tree()?, layout)),
        DocumentKind::Results => Some(results::compose(facts, layout)),
    }
}

pub use letter::{letter, letter_text};
