//! Acts that happen once (한 번만 하는 일): from which form an act came, written together with the act.
//!
//! Owns: the mark that the door writes into an act's own transaction, and what is known of a marked form. Does not
//! own: where the id of a form comes from, nor what the second of two equal forms is answered (`web` does).
//! What a newcomer gets wrong: marking a form after its act was committed. A stop between the two, and the same form
//! would do its work once more. That is why the mark stands in the door, through which every act has to go, and not in
//! the handlers, of which one could forget it.
//!
//! An act that was refused leaves no mark, because nothing was committed: the mended form may be sent again. Neither
//! does a look that only wrote down who looked ([`LOOKS`]); doing that again shows the same once more and is written
//! down once more.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use iljari_base::{DistrictCode, Id, Outcome, Refusal, Timestamp, id};

use crate::Tx;
use crate::store;
use crate::tables::Tables;

tokio::task_local! {
    /// The form behind the acts of this task.
    static FORM: Option<Arc<Form>>;
}

/// The tables into which a look writes that it was there, and what slows down guessing. A write that changed nothing
/// else is no act.
const LOOKS: &str = "access_log people_book resident_list resident_list_member sign_in_lane sign_in_attempt";

/// A form that was sent (보낸 양식).
#[derive(Debug)]
pub struct Form {
    district: DistrictCode,
    officer: Id<id::Officer>,
    act: String,
    body: String,
    at: Timestamp,
    mark: AtomicU8,
}

const NONE: u8 = 0;
const DONE: u8 = 1;
const TAKEN: u8 = 2;

impl Form {
    /// A form by the hash of its one-time id, and the hash of what was typed into it.
    pub fn new(district: DistrictCode, officer: Id<id::Officer>, act: String, body: String, at: Timestamp) -> Self {
        Self { district, officer, act, body, at, mark: AtomicU8::new(NONE) }
    }

    /// Whether an act of this form was committed while its work ran.
    pub fn is_done(&self) -> bool {
        self.mark.load(Ordering::Acquire) == DONE
    }

    /// Whether an act of the same form was committed elsewhere in the meantime (another node), and ours undone.
    pub fn was_taken(&self) -> bool {
        self.mark.load(Ordering::Acquire) == TAKEN
    }

    /// Writes the mark into the act's transaction; `false` where the act was only a look, or an earlier act of the
    /// same work wrote it.
    pub(crate) async fn mark(&self, tx: &mut Tx) -> Outcome<bool> {
        let looks_only = tx.noted().is_within(&Tables::of(LOOKS));
        if self.is_done() || looks_only {
            return Ok(false);
        }
        let line = (self.act.as_str(), self.body.as_str());
        if store::add_form_act(tx, &self.district, self.officer, line, self.at).await? {
            return Ok(true);
        }
        self.mark.store(TAKEN, Ordering::Release);
        Err(Refusal::new("form-already-used", "", "이미 한 번 처리한 양식입니다.").into())
    }

    /// The transaction in which the mark stands was committed.
    pub(crate) fn committed(&self) {
        self.mark.store(DONE, Ordering::Release);
    }
}

/// What is known of a form whose act was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who sent it.
    pub officer: Id<id::Officer>,
    /// The hash of what was typed into it.
    pub body: String,
    /// When its act was done.
    pub at: Timestamp,
    /// What was answered: the status, and where to go on. `None` where that is not
    /// kept yet, or the program stopped before it could be.
    pub answer: Option<(u16, Option<String>)>,
}

/// Does a work; its acts are those of this form.
pub async fn as_form<F: Future>(form: Arc<Form>, work: F) -> F::Output {
    FORM.scope(Some(form), work).await
}

/// Does a part of a form's work that may happen again without harm and is not yet what the form asks for: a refusal
/// that comes later leaves the form free.
pub async fn aside<F: Future>(work: F) -> F::Output {
    FORM.scope(None, work).await
}

/// The form behind this task's acts.
pub(crate) fn current() -> Option<Arc<Form>> {
    FORM.try_with(Clone::clone).ok().flatten()
}

/// What is known of a form, by the hash of its id.
pub async fn known(tx: &mut Tx, district: &DistrictCode, act: &str) -> Outcome<Option<Known>> {
    Ok(store::form_act(tx, district, act).await?)
}

/// Keeps what a form was answered.
pub async fn keep_answer(
    tx: &mut Tx,
    district: &DistrictCode,
    act: &str,
    (status, location): (u16, Option<&str>),
) -> Outcome<()> {
    Ok(store::answer_form_act(tx, district, act, status, location).await?)
}

/// Forgets the forms whose act was done before that instant; how many there were.
pub async fn forget_before(tx: &mut Tx, instant: Timestamp) -> Outcome<u64> {
    Ok(store::forget_form_acts(tx, instant).await?)
}
