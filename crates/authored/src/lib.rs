//! Files that officers write (작성 파일): YAML 1.2 with Korean keys, read with every problem in it.
//!
//! Owns: the guards on raw bytes, nodes that know where they stand, mappings that know their keys,
//! problems in Korean and English, and how a report is shown. Does not own: the meaning of any key;
//! a format brings its own rules ([`file_rules!`]) and readers. What a newcomer gets wrong: stopping
//! at the first problem, or deserialising into types at once. Put it in the bag and read on.

mod cx;
mod place;
mod problem;
mod render;
mod rule;
mod yaml;

use std::sync::Arc;

pub use cx::{Cx, Map, NOT_AVAILABLE, closest, suggestion};
pub use place::{Place, Point, Span};
pub use problem::{Both, Lang, Problem, Problems, Severity, particles, quoted, shortened};
pub use render::{render_json, render_text, width};
pub use rule::{Common, FileRule};
pub use yaml::{Entry, FILE_MAX, Value, Yaml, decode, is_hidden, parse};

/// Every problem of some files, with the texts they stand in.
#[derive(Debug)]
pub struct Report<R> {
    /// By file and line.
    pub problems: Vec<Problem<R>>,
    /// Name and text of each file, as far as it could be decoded.
    pub texts: Vec<(Arc<str>, String)>,
}

impl<R: FileRule> Report<R> {
    /// How many problems of that weight there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether something keeps the files from being used.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}
