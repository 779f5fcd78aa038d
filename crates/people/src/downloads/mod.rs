//! Lists that leave the house (내려받기 승인): few rows go with a reason, many only when a second officer lets them.
//!
//! Owns: how many rows one officer takes out alone, requests for more, who may answer them, and that an answer opens one
//! file once. Does not own: what stands in a list, and the line that tells of the file; both belong to whoever hands it out.
//! What a newcomer gets wrong: writing the request in an act that refuses. Nothing of it would stay. [`clear`] says
//! "not yet" as a value, so that the request and its line are kept.

mod store;

use iljari_base::{Actor, Date, DistrictCode, Id, Outcome, Refusal, Timestamp, id};
use iljari_store::Tx;
use iljari_web::{Answer as Told, Hint, Viewer};

use crate::access::{Access, DownloadReason, Whose, log_access};
use crate::cx::Cx;
use crate::deputy::may_confirm;
use crate::store::Book;

/// The most rows that one officer takes out alone.
pub const ROWS_ALONE: i64 = 500;
/// The most rows of one file, whoever lets it go.
pub const ROWS_MAX: i64 = 100_000;
/// How long a release opens the way, in hours.
pub const RELEASE_HOURS: i64 = 24;
/// Most requests on one page.
const REQUESTS_MAX: i64 = 200;

/// The rule that asks for the second person.
const BASIS: &str = "개인정보의 안전성 확보조치 기준 제5조";

/// What a second officer said (답).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It may go, once.
    Released,
    /// It may not.
    Refused,
}

impl Answer {
    /// The word stored in the database.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Released => "released",
            Answer::Refused => "refused",
        }
    }

    /// The word on the page.
    pub fn korean(self) -> &'static str {
        match self {
            Answer::Released => "승인",
            Answer::Refused => "거절",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Answer::Released, Answer::Refused].into_iter().find(|answer| answer.code() == code)
    }
}

/// A request for a large list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its number in the district.
    pub no: i64,
    /// What was asked for, in our words.
    pub what: String,
    /// How many rows it had then; a release opens no more than these and a tenth.
    pub rows: i64,
    /// Why, in the officer's words.
    pub reason: String,
    /// Who asked.
    pub asked_by: Id<id::Officer>,
    /// When.
    pub asked_at: Timestamp,
    /// What was answered, by whom, when.
    pub answer: Option<(Answer, Id<id::Officer>, Timestamp)>,
    /// When the file was taken.
    pub used_at: Option<Timestamp>,
}

impl Request {
    /// The rows that an answer holds for: a list that is worked on grows by some while it waits.
    fn covers(&self) -> i64 {
        self.rows.saturating_add(self.rows / 10)
    }

    /// Whether it opens a file of so many rows now.
    fn opens(&self, rows: i64, now: Timestamp) -> bool {
        let released = self
            .answer
            .is_some_and(|(answer, _, at)| answer == Answer::Released && now < at.plus_seconds(RELEASE_HOURS * 3600));
        released && self.used_at.is_none() && rows <= self.covers()
    }
}

/// The leave to take a list out: its reason, and how many rows at most. Only [`clear`] gives one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    reason: DownloadReason,
    rows: i64,
}

impl Cleared {
    /// The reason, for the line in the access log; `None` where the list has more rows than were cleared.
    pub fn reason_for(self, rows: usize) -> Option<DownloadReason> {
        (as_rows(rows) <= self.rows).then_some(self.reason)
    }
}

/// More rows than there are numbers for are too many all the same.
fn as_rows(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Whether a list may leave now. Up to [`ROWS_ALONE`] rows it may; above, it may where a second officer has released it, once and
/// within [`RELEASE_HOURS`]. Otherwise the request is written down and the refusal inside says what happens next:
/// `download-asked`, `download-waiting`.
///
/// `what` names the list in our words and is the same for the same list: `모집공고 3번 자격 조회 명단`.
///
/// Refusals: `download-too-large`, `officers-only`.
pub async fn clear(
    tx: &mut Tx,
    cx: &Cx,
    what: &str,
    rows: usize,
    reason: DownloadReason,
) -> Outcome<Result<Cleared, Refusal>> {
    let rows = as_rows(rows);
    if rows > ROWS_MAX {
        let message = format!("한 번에 {ROWS_MAX}줄까지 내려받을 수 있습니다. 이 명단은 {rows}줄입니다.");
        return Err(Refusal::new("download-too-large", BASIS, message).at("reason").into());
    }
    if rows <= ROWS_ALONE {
        return Ok(Ok(Cleared { reason, rows }));
    }
    let Actor::Officer(officer) = cx.actor else {
        let message = format!("{ROWS_ALONE}줄이 넘는 명단은 로그인한 담당자만 내려받을 수 있습니다.");
        return Err(Refusal::new("officers-only", BASIS, message).at("reason").into());
    };
    let last = store::last_of(tx, &cx.district, officer, what).await?;
    if let Some(open) = last.as_ref().filter(|last| last.opens(rows, cx.now()))
        && store::put_used(tx, &cx.district, open.no, cx.now()).await?
    {
        return Ok(Ok(Cleared { reason, rows }));
    }
    let said = |code, what: String| -> Outcome<Result<Cleared, Refusal>> {
        let message = format!(
            "이 명단은 {rows}줄입니다. {ROWS_ALONE}줄이 넘어 다른 담당자의 승인이 있어야 합니다. {what} 확인 업무를 맡은 다른 \
             담당자가 ‘내려받기 승인’ 화면에서 승인하면, 그때부터 {RELEASE_HOURS}시간 안에 여기에서 한 번 내려받을 수 있습니다."
        );
        Ok(Err(Refusal::new(code, BASIS, message).at("reason")))
    };
    if let Some(waiting) = last.filter(|last| last.answer.is_none() && rows <= last.covers()) {
        return said("download-waiting", format!("{}에 부탁한 승인을 아직 기다립니다.", waiting.asked_at.korean()));
    }
    let (no, _) = crate::store::next_number(tx, &cx.district, Book::Downloads, cx.now()).await?;
    let new = store::NewRequest { no, what, rows, reason: reason.as_str(), asked_by: officer };
    store::add(tx, &cx.district, new, cx.now()).await?;
    log_access(tx, cx, Access::to(format!("내려받기 승인 부탁: {what}({rows}줄)"), Whose::Nobody)).await?;
    said("download-asked", "승인을 부탁했습니다.".to_owned())
}

/// A second officer lets a list go, or does not.
///
/// Refusals, most senior first: `no-such-download`, `own-download`, `not-confirmer`, `already-answered`.
pub async fn answer(tx: &mut Tx, cx: &Cx, viewer: &Viewer, no: i64, answer: Answer) -> Outcome<()> {
    let Some(request) = store::request(tx, &cx.district, no).await? else {
        return Err(Refusal::new("no-such-download", "", "찾는 내려받기 부탁이 없습니다.").into());
    };
    let asked_by = Actor::Officer(request.asked_by);
    if let Err(stop) = may_confirm(tx, viewer, asked_by, cx.today()).await {
        if stop.has("own-confirmation") {
            let message = "부탁한 담당자와 그 담당자를 대신하는 대리 확인자는 답할 수 없습니다. 확인 업무를 맡은 다른 담당자가 답해야 합니다.";
            return Err(Refusal::new("own-download", BASIS, message).into());
        }
        return Err(stop);
    }
    if !store::put_answer(tx, &cx.district, no, (answer, viewer.officer), cx.now()).await? {
        return Err(Refusal::new("already-answered", "", "이미 답한 부탁입니다.").into());
    }
    let line = format!("내려받기 {}: {}({}줄)", answer.korean(), request.what, request.rows);
    log_access(tx, cx, Access::to(line, Whose::Officer(request.asked_by))).await?;
    Ok(())
}

/// Requests that wait first, then the latest.
pub async fn requests(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Request>> {
    store::latest(tx, district, REQUESTS_MAX).await
}

/// What the office's first page says of requests that wait.
pub fn hints(tx: &mut Tx, district: DistrictCode, _today: Date) -> Told<'_, Vec<Hint>> {
    Box::pin(async move {
        let waiting = store::waiting(tx, &district).await?;
        let hint = Hint {
            what: format!("내려받기 · 부탁 {waiting}건이 승인을 기다립니다"),
            said: format!("{ROWS_ALONE}줄이 넘는 명단은 다른 담당자가 승인해야 나갑니다."),
            href: "/office/downloads".to_owned(),
            late: false,
        };
        Ok(if waiting > 0 { vec![hint] } else { Vec::new() })
    })
}
