//! Rules (규칙): who may take part, why or why not, and with how many points. Data, not code.
//!
//! Owns: the format of rule files, their checks, and evaluation in three values with reasons, for one
//! person and for many. Does not own: who the person is, or what an office does with a verdict. What
//! a newcomer gets wrong: answering "no" for want of a document. What is not known is not known, and
//! the answer says which document would settle it.

pub mod answers;
pub mod batch;
pub mod check;
mod codes;
pub mod compile;
pub mod eval;
pub mod evidence;
pub mod explain;
pub mod expr;
pub mod frozen;
pub mod model;
pub mod num;
pub mod preview;
pub mod question;
pub mod rank;
mod read;
pub mod screen;
pub mod value;

use std::sync::Arc;

pub use codes::Code;
pub use eval::Person;
pub use evidence::{Evidence, Known, Proof, Stale};
pub use explain::{Explanation, Plain, Reason, explain, explain_evidence};
pub use frozen::{Frozen, RuleHash, publishable};
pub use model::{Case, Clause, Fact, Outcome, RuleSet};
pub use question::next_question;
pub use rank::{Before, Key, Ranked};
pub use value::{Kind, Truth, Value};

/// A problem of a rule file.
pub type Problem = iljari_authored::Problem<Code>;
/// The problems of rule files.
pub(crate) type Problems = iljari_authored::Problems<Code>;
/// What checking rule files found.
pub type Report = iljari_authored::Report<Code>;

/// Reads and checks rule files, each of which stands alone. Never stops at the first problem; the
/// sets that could be read come back even where something is wrong with them.
pub fn check<N: AsRef<str>, B: AsRef<[u8]>>(files: &[(N, B)]) -> (Vec<RuleSet>, Report) {
    let mut problems = Problems::default();
    let (mut sets, mut texts) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let name: Arc<str> = Arc::from(name.as_ref());
        let (rules, text) = read::read(&name, bytes.as_ref(), &mut problems);
        if let Some(rules) = rules {
            check::check(&rules, &mut problems);
            sets.push(rules);
        }
        texts.push((name, text));
    }
    (sets, Report { problems: problems.into_sorted(), texts })
}
