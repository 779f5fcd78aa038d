//! One fault at one step of writing, for tests that walk all of them.
//!
//! The fault holds for the thread of the story: on the runtime of a plain `#[tokio::test]` the acts and their keeper run
//! there too. A fault breaks one step and no more; whatever comes after it is done as ever.

use std::cell::RefCell;

use crate::steps::Fate;

/// How a step breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is not done.
    Fails,
    /// It is done, but says that it was not.
    FailsButPersists,
}

/// A step of writing that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `statement`, a word of a transaction, or what is done with a file.
    pub what: &'static str,
    /// The statement's text or the file's path; nothing for a word.
    pub of: String,
}

struct Plan {
    at: Option<(usize, How)>,
    seen: Vec<Step>,
}

thread_local! {
    static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
}

/// Does the work while the step number `nth` (from 0) breaks in this way. Gives back what came of it and the steps
/// that were reached, in order; where there are no more than `nth` of them, nothing broke.
pub async fn broken_at<T>(nth: usize, how: How, work: impl Future<Output = T>) -> (T, Vec<Step>) {
    watched(Some((nth, how)), work).await
}

/// Does the work and lists its steps; nothing breaks.
pub async fn listed<T>(work: impl Future<Output = T>) -> (T, Vec<Step>) {
    watched(None, work).await
}

async fn watched<T>(at: Option<(usize, How)>, work: impl Future<Output = T>) -> (T, Vec<Step>) {
    PLAN.with_borrow_mut(|plan| *plan = Some(Plan { at, seen: Vec::new() }));
    let outcome = work.await;
    let seen = PLAN.with_borrow_mut(Option::take).map(|plan| plan.seen).unwrap_or_default();
    (outcome, seen)
}

/// What becomes of the next step; done where no test watches.
pub(crate) fn fate(what: &'static str, of: &str) -> Fate {
    PLAN.with_borrow_mut(|plan| {
        let Some(plan) = plan else { return Fate::Done };
        let nth = plan.seen.len();
        plan.seen.push(Step { what, of: of.to_owned() });
        match plan.at {
            Some((at, How::Fails)) if at == nth => Fate::Fails,
            Some((at, How::FailsButPersists)) if at == nth => Fate::FailsButPersists,
            _ => Fate::Done,
        }
    })
}
