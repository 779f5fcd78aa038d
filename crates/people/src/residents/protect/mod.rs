//! Protected residents (보호 대상) and looking with a reason (긴급 열람): at a protected record, or at a file of
//! another slice that is somebody else's.
//!
//! Owns: who is protected, who looked all the same, why, and until when. Which file a look of the second kind opens
//! is its slice's business. Does not own: leaving protected
//! residents out of searches and lists: each of those does it itself, and a test asks all of them.
//! What a newcomer gets wrong: hiding that somebody looked. Whoever breaks the glass is told so before,
//! the look stands in the resident's own list, and an officer with the duty 감사 has to see it.

mod store;

use std::collections::BTreeSet;
use std::str::FromStr;

use iljari_base::korean::refuse_resident_number;
use iljari_base::{Actor, DistrictCode, Id, Outcome, Refusal, Timestamp, id};
use iljari_store::Tx;

use super::open::{existing, field_context, key_of, no_such_resident};
use super::safe::Safe;
use super::store::{Content, Record};
use crate::access::{Access, SHORTEST_REASON, Whose, log_access};
use crate::cx::Cx;
use crate::store::Book;

/// How long one look with a reason lasts, in minutes.
pub const LOOK_MINUTES: i64 = 30;
/// Longest remark, in letters.
const REMARK_LETTERS_MAX: usize = 300;
/// Most looks on one page.
const LOOKS_MAX: i64 = 200;
/// The word in the place of a [`BreakReason`] for a look at a file; it opens no protected record.
pub(super) const FILE: &str = "file";

super::model::words! {
    /// Why a protected record is opened (긴급 열람의 까닭).
    BreakReason, "break-reason-unknown" {
        /// She is here herself.
        Here = "here", "본인이 창구에 와 있음";
        /// She has to be reached at once.
        Urgent = "urgent", "본인에게 급히 알려야 함";
        /// Her own case is being worked on.
        Case = "case", "맡은 사람의 심사와 배치";
        /// A court or the police asks, by law.
        Law = "law", "법령에 따른 요청";
    }
}

/// Marks a resident as protected, at once and by one officer: waiting for a second could cost more.
///
/// Refusals: `no-such-resident`, `resident-erased`, `already-protected`.
pub async fn protect(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<()> {
    let record = existing(tx, cx, id).await?;
    if matches!(record.content, Content::Erased { .. }) {
        return Err(Refusal::new("resident-erased", "", "지운 정보입니다.").into());
    }
    if record.protected_by.is_some() {
        return Err(Refusal::new("already-protected", "", "이미 보호 대상입니다.").into());
    }
    set(tx, cx, id, true).await
}

/// Ends the protection. Another officer than the one who set it: one alone could undo it under pressure.
///
/// Refusals: `no-such-resident`, `not-protected`, `own-protection`.
pub async fn lift(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<()> {
    match existing(tx, cx, id).await?.protected_by {
        None => Err(Refusal::new("not-protected", "", "보호 대상이 아닙니다.").into()),
        Some(by) if by == cx.actor => {
            let message = "보호를 건 담당자는 풀 수 없습니다. 다른 담당자가 풀어 주세요.";
            Err(Refusal::new("own-protection", "개인정보의 안전성 확보조치 기준 제5조", message).into())
        }
        Some(_) => set(tx, cx, id, false).await,
    }
}

async fn set(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>, protected: bool) -> Outcome<()> {
    let (word, act) =
        if protected { ("protected", "보호 대상 지정") } else { ("lifted", "보호 대상 해제") };
    let (seq, _) = crate::store::next_number(tx, &cx.district, Book::ResidentProtections, cx.now()).await?;
    store::add_protection(tx, &cx.district, (seq, id, word), cx.actor, cx.now()).await?;
    super::store::set_protection(tx, &cx.district, id, protected.then_some((cx.actor, cx.now()))).await?;
    log_access(tx, cx, Access::to(act, Whose::Resident(id))).await?;
    Ok(())
}

/// Opens the way to a protected record for [`LOOK_MINUTES`], with a reason; until when.
///
/// Refusals, most senior first: `officers-only`, `resident-number`, `remark-too-short`, `remark-too-long`,
/// `no-such-resident`, `not-protected`, `resident-key-gone`.
pub async fn break_glass(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    why: BreakReason,
    remark: &str,
) -> Outcome<Timestamp> {
    let (officer, remark) = reasoned(cx, remark)?;
    let record = existing(tx, cx, id).await?;
    if record.protected_by.is_none() {
        return Err(Refusal::new("not-protected", "", "보호 대상이 아니어서 그냥 열 수 있습니다.").into());
    }
    let (_, ends_at) = write_down(tx, cx, safe, &record, (officer, why.code(), remark)).await?;
    log_access(tx, cx, Access::to(format!("보호 대상 긴급 열람 시작({})", why.korean()), Whose::Resident(id))).await?;
    Ok(ends_at)
}

/// Writes down that an officer opens a file of a resident that is somebody else's, with a reason: the look, and until
/// when. `what` names the file in our words, e.g. `맡지 않은 신청(26-001-0003)`. A protected record stays closed.
///
/// Refusals, most senior first: `officers-only`, `resident-number`, `remark-too-short`, `remark-too-long`,
/// `no-such-resident`, `resident-erased`, `resident-key-gone`.
pub async fn break_glass_of_file(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    what: &str,
    remark: &str,
) -> Outcome<(Id<id::BreakGlass>, Timestamp)> {
    let (officer, remark) = reasoned(cx, remark)?;
    let record = existing(tx, cx, id).await?;
    let look = write_down(tx, cx, safe, &record, (officer, FILE, remark)).await?;
    log_access(tx, cx, Access::to(format!("{what} 긴급 열람 시작"), Whose::Resident(id))).await?;
    Ok(look)
}

/// Who asks, and her words where they say something.
fn reasoned<'r>(cx: &Cx, remark: &'r str) -> Outcome<(Id<id::Officer>, &'r str)> {
    let Actor::Officer(officer) = cx.actor else {
        return Err(Refusal::new("officers-only", "", "로그인한 담당자만 열 수 있습니다.").into());
    };
    let remark = remark.trim();
    refuse_resident_number("remark", remark)?;
    if remark.chars().filter(|letter| letter.is_alphanumeric()).count() < SHORTEST_REASON {
        let message = format!("무슨 일로 여는지 {SHORTEST_REASON}자 이상 적어 주세요. 예: 창구에서 신청서를 고치려 함");
        return Err(Refusal::new("remark-too-short", "", message).at("remark").into());
    }
    if remark.chars().count() > REMARK_LETTERS_MAX {
        let message = format!("{REMARK_LETTERS_MAX}자까지 적을 수 있습니다.");
        return Err(Refusal::new("remark-too-long", "", message).at("remark").into());
    }
    Ok((officer, remark))
}

async fn write_down(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    record: &Record,
    (officer, why, remark): (Id<id::Officer>, &'static str, &str),
) -> Outcome<(Id<id::BreakGlass>, Timestamp)> {
    let look = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let context = field_context(&cx.district, record.id, &remark_field(look));
    let sealed = key_of(safe, record)?.seal(cx.entropy.as_ref(), &context, remark.as_bytes())?;
    let ends_at = cx.now().plus_seconds(LOOK_MINUTES * 60);
    let new = store::NewLook { id: look, resident: record.id, officer, why, sealed, ends_at };
    store::add_look(tx, &cx.district, new, cx.now()).await?;
    Ok((look, ends_at))
}

fn remark_field(look: Id<id::BreakGlass>) -> String {
    format!("look {look} remark")
}

/// Whether the officer of this act may look at this protected resident now.
pub async fn may_look(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<bool> {
    match cx.actor {
        Actor::Officer(officer) => store::looks_now(tx, &cx.district, officer, id, cx.now()).await,
        // A chore or a command shows nobody anything and has no reason to give.
        Actor::Operator | Actor::System | Actor::Demo => Ok(false),
    }
}

/// Every protected resident of a district: for slices that leave their places out of what they show.
pub async fn protected(tx: &mut Tx, district: &DistrictCode) -> Outcome<BTreeSet<Id<id::Resident>>> {
    super::store::protected(tx, district).await
}

/// A look with a reason, as the supervisor reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct BreakGlassLine {
    /// Its id.
    pub id: Id<id::BreakGlass>,
    /// At whom.
    pub resident: Id<id::Resident>,
    /// Who.
    pub officer: Id<id::Officer>,
    /// Why a protected record; `None` for a file that was not the officer's.
    pub why: Option<BreakReason>,
    /// In the officer's words; `None` where they cannot be opened any more.
    pub remark: Option<String>,
    /// From when.
    pub at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who has seen it, as supervisor.
    pub seen_by: Option<Id<id::Officer>>,
}

/// The looks that a supervisor has not seen yet, and the latest ones; the latest first.
pub async fn looks_with_reason(tx: &mut Tx, cx: &Cx, safe: &Safe) -> Outcome<Vec<BreakGlassLine>> {
    let mut lines = Vec::new();
    for row in store::looks(tx, &cx.district, LOOKS_MAX).await? {
        let record = super::store::record(tx, &cx.district, row.resident).await?.ok_or_else(no_such_resident)?;
        let context = field_context(&cx.district, row.resident, &remark_field(row.id));
        let remark = key_of(safe, &record)
            .ok()
            .zip(row.sealed.as_deref())
            .and_then(|(key, sealed)| key.open_sealed(&context, sealed))
            .map(|plain| String::from_utf8_lossy(&plain).into_owned());
        let impossible = || super::store::impossible("resident_break_glass", "why", &row.id.to_string());
        lines.push(BreakGlassLine {
            id: row.id,
            resident: row.resident,
            officer: row.officer,
            why: match row.why.as_str() {
                FILE => None,
                word => Some(word.parse().map_err(|_| impossible())?),
            },
            remark,
            at: row.at,
            ends_at: row.ends_at,
            seen_by: row.seen_by,
        });
    }
    Ok(lines)
}

/// How many looks no supervisor has seen yet.
pub async fn unseen_looks(tx: &mut Tx, cx: &Cx) -> Outcome<i64> {
    store::unseen(tx, &cx.district).await
}

/// A supervisor has seen a look (확인함).
///
/// Refusals: `officers-only`, `no-such-look`, `own-look`, `already-seen`.
pub async fn mark_seen(tx: &mut Tx, cx: &Cx, look: Id<id::BreakGlass>) -> Outcome<()> {
    let Actor::Officer(officer) = cx.actor else {
        return Err(Refusal::new("officers-only", "", "로그인한 담당자만 확인할 수 있습니다.").into());
    };
    let Some(row) = store::look(tx, &cx.district, look).await? else {
        return Err(Refusal::new("no-such-look", "", "찾는 긴급 열람 기록이 없습니다.").into());
    };
    if row.officer == officer {
        let message = "자기가 연 기록은 다른 감사 담당자가 확인합니다.";
        return Err(Refusal::new("own-look", "개인정보의 안전성 확보조치 기준 제8조", message).into());
    }
    if !store::mark_seen(tx, &cx.district, look, officer, cx.now()).await? {
        return Err(Refusal::new("already-seen", "", "이미 확인한 기록입니다.").into());
    }
    log_access(tx, cx, Access::to("긴급 열람 확인", Whose::Resident(row.resident))).await?;
    Ok(())
}
