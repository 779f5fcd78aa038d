//! Submitting an upload (확인에 올리기): every changed row becomes a staged number.
//!
//! Owns: that an upload is submitted whole or not at all. Does not own: the refusals of a number; each
//! goes through `ledger::record` like one typed by hand. What a newcomer gets wrong: thinking that a
//! submitted number counts. A second officer confirms it first.

use iljari_base::{Outcome, Refusal};
use iljari_disclosure::plan::District;
use iljari_ledger::record;
use iljari_people::Cx;
use iljari_store::Tx;

use crate::model::{Round, RowState, Upload, UploadState};
use crate::weigh::{Change, Verdict, Weighed, number, weigh};
use crate::{look, store};

/// How many numbers went to the second officer, and how many answers change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submitted {
    /// Staged numbers.
    pub staged: usize,
    /// Answers by which nothing changes, 실적 없음 among them.
    pub same: usize,
}

/// Submits an upload: all its rows or none.
///
/// | code | when |
/// | --- | --- |
/// | `not-yours-to-see` | there is no such upload |
/// | `already-decided` | it is not being looked at any more |
/// | `faults-left` | a cell is faulty, in the file or by what stands now |
/// | `nothing-answered` | every cell is empty |
pub async fn submit(tx: &mut Tx, cx: &Cx, book: &District, upload_no: i64) -> Outcome<Submitted> {
    let upload = look::upload(tx, cx, upload_no).await?;
    if upload.state != UploadState::Previewed {
        return Err(look::already(&upload));
    }
    let (round, asks) = look::round_with_asks(tx, cx, upload.round_no).await?;
    let files = store::faults_of(tx, &cx.district, upload_no).await?;
    let rows = store::rows_of(tx, &cx.district, upload_no).await?;
    let weighed = weigh(tx, cx, book, &round, &asks, rows).await?;
    let of_rows = weighed.iter().filter(|it| matches!(it.verdict, Verdict::Faulty(_))).count();
    let faults = files.iter().filter(|fault| fault.blocks).count().saturating_add(of_rows);
    if faults > 0 {
        let message = format!("고칠 칸이 {faults}개 남아 있습니다. 고친 파일을 다시 올려 주세요.");
        return Err(Refusal::new("faults-left", "", message).into());
    }
    if weighed.iter().all(|it| it.verdict == Verdict::Unanswered) {
        let message = "적힌 수도 ‘실적 없음’도 없습니다. 빈칸은 답이 아니어서 올릴 것이 없습니다.";
        return Err(Refusal::new("nothing-answered", "", message).into());
    }
    let mut done = Submitted { staged: 0, same: 0 };
    for it in &weighed {
        let state = match &it.verdict {
            Verdict::Changes(change, _) => {
                done.staged = done.staged.saturating_add(1);
                RowState::Staged(stage(tx, cx, &round, &upload, it, change).await?)
            }
            Verdict::Same | Verdict::Waits => {
                done.same = done.same.saturating_add(1);
                RowState::Same
            }
            Verdict::Unanswered | Verdict::Faulty(_) => continue,
        };
        store::set_row_state(tx, &cx.district, upload_no, it.row.no, &state).await?;
    }
    let waiting = UploadState::Waiting { by: cx.actor, at: cx.now() };
    look::move_on(tx, cx, &upload, &waiting).await?;
    Ok(done)
}

async fn stage(tx: &mut Tx, cx: &Cx, round: &Round, upload: &Upload, it: &Weighed, change: &Change) -> Outcome<String> {
    let staged = match change {
        Change::New(period, figure) => {
            // Where it came from is office knowledge; the department's own words come first.
            let from = format!("{} 취합 {}회차 {}번 올린 파일, {}", it.ask.department, round.no, upload.no, cell(it));
            let remark = [it.row.reason.trim(), &from].into_iter().filter(|part| !part.is_empty());
            let remark = remark.collect::<Vec<_>>().join(" · ");
            record::record(tx, cx, &it.ask.facts(), &number(&it.ask, *period, *figure, remark)).await?
        }
        // A correction's words are public, so they stay the department's alone.
        Change::Correct { leaf_id, right, why } => {
            record::correct(tx, cx, leaf_id, *right, *why, it.row.reason.trim()).await?
        }
    };
    Ok(staged.to_string())
}

fn cell(it: &Weighed) -> &str {
    let cells = &it.row.cells;
    if it.row.own.is_some() && !cells.own.is_empty() { &cells.own } else { &cells.cumulative }
}
