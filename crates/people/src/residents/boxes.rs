//! What other slices keep about a resident: sealed with her record's key, or in a box of its own.
//!
//! Owns: [`seal_for`] and [`open_for`], boxes and their destruction. Does not own: what is sealed, nor
//! the line of the access log: whoever shows it to somebody writes that line.
//! What a newcomer gets wrong: which of the two. With the record's key goes what stays as long as
//! she is known here. Into a box goes what must go earlier: the evidence of one application, which is
//! destroyed when its objection period is over (고용정책 기본법 제13조의4).
//!
//! | | sealed with the record's key | sealed in a box |
//! | --- | --- | --- |
//! | destroyed by | [`erase`](super::erase) | [`destroy_box`], or [`erase`](super::erase) of its owner |
//! | unreadable in every backup | 35 days later | 35 days later |

use iljari_base::{Id, Outcome, Refusal, Stop, id};
use iljari_store::Tx;
use zeroize::Zeroizing;

use super::model::DestroyReason;
use super::open::{existing, field_context, key_of, unwrap};
use super::safe::Safe;
use super::store::{self, BoxRow, WrappedKey};
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;
use crate::seal::Sealer;

/// Seals bytes with the resident's own key, for a context of the caller's: table, row and column.
///
/// Refusals: `no-such-resident`, `resident-erased`, `resident-key-gone`.
pub async fn seal_for(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    context: &str,
    plain: &[u8],
) -> Outcome<Vec<u8>> {
    let key = key_of(safe, &existing(tx, cx, id).await?)?;
    Ok(key.seal(cx.entropy.as_ref(), &outside(cx, id, context), plain)?)
}

/// Opens what [`seal_for`] sealed for the same resident and context.
///
/// Refusals: as [`seal_for`]. Bytes that do not fit are an inconsistency of the caller's row.
pub async fn open_for(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::Resident>,
    context: &str,
    sealed: &[u8],
) -> Outcome<Zeroizing<Vec<u8>>> {
    let key = key_of(safe, &existing(tx, cx, id).await?)?;
    key.open_sealed(&outside(cx, id, context), sealed)
        .ok_or_else(|| store::impossible("resident", "sealed for", context))
}

fn outside(cx: &Cx, id: Id<id::Resident>, context: &str) -> String {
    field_context(&cx.district, id, &format!("for {context}"))
}

/// What a box's key is wrapped for.
pub(crate) fn box_key_context(row: &BoxRow) -> String {
    format!("resident box key {} {} {}", row.district, row.owner, row.id)
}

/// Makes a box for one resident (증빙함).
///
/// Refusals: `no-such-resident`, `resident-erased`.
pub async fn new_box(tx: &mut Tx, cx: &Cx, safe: &Safe, owner: Id<id::Resident>) -> Outcome<Id<id::ResidentBox>> {
    // Only a living record has boxes: asking for its key says so.
    key_of(safe, &existing(tx, cx, owner).await?)?;
    let id = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let row = BoxRow { id, district: cx.district.clone(), owner, key: None };
    let key = Sealer::fresh(cx.entropy.as_ref());
    let wrapped = safe.wrap(cx.entropy.as_ref(), &box_key_context(&row), &key)?;
    let key = WrappedKey { week: safe.week(), wrapped };
    store::insert_box(tx, &cx.district, (id, owner), key, cx.actor, cx.now()).await?;
    Ok(id)
}

async fn box_of(tx: &mut Tx, cx: &Cx, id: Id<id::ResidentBox>) -> Outcome<BoxRow> {
    let none = || Stop::from(Refusal::new("no-such-box", "", "찾는 증빙함이 없습니다."));
    store::box_row(tx, &cx.district, id).await?.ok_or_else(none)
}

pub(crate) fn box_key(safe: &Safe, row: &BoxRow) -> Outcome<Sealer> {
    let Some(key) = &row.key else {
        let message = "없앤 증빙입니다. 다시 열 수 없습니다.";
        return Err(Refusal::new("box-destroyed", "고용정책 기본법 제13조의4", message).into());
    };
    unwrap(safe, key, &box_key_context(row))?
        .ok_or_else(|| store::impossible("resident_box", "wrapped_key", &row.id.to_string()))
}

fn inside(row: &BoxRow, context: &str) -> String {
    format!("resident box {} {} {context}", row.district, row.id)
}

/// Seals bytes in a box, for a context of the caller's.
///
/// Refusals: `no-such-box`, `box-destroyed`, `resident-key-gone`.
pub async fn seal_in(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::ResidentBox>,
    context: &str,
    plain: &[u8],
) -> Outcome<Vec<u8>> {
    let row = box_of(tx, cx, id).await?;
    Ok(box_key(safe, &row)?.seal(cx.entropy.as_ref(), &inside(&row, context), plain)?)
}

/// Opens what [`seal_in`] sealed in the same box for the same context.
///
/// Refusals: as [`seal_in`]. Bytes that do not fit are an inconsistency of the caller's row.
pub async fn open_in(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    id: Id<id::ResidentBox>,
    context: &str,
    sealed: &[u8],
) -> Outcome<Zeroizing<Vec<u8>>> {
    let row = box_of(tx, cx, id).await?;
    let plain = box_key(safe, &row)?.open_sealed(&inside(&row, context), sealed);
    plain.ok_or_else(|| store::impossible("resident_box", "sealed in", context))
}

/// Destroys a box's key, and with it whatever was sealed in it. The owner's record stays.
/// Destroying one twice is no mistake: the chore that does it may come again.
///
/// Refusals: `no-such-box`.
pub async fn destroy_box(tx: &mut Tx, cx: &Cx, id: Id<id::ResidentBox>, why: DestroyReason) -> Outcome<()> {
    let row = box_of(tx, cx, id).await?;
    if store::destroy_box(tx, &cx.district, id, why.code(), cx.actor, cx.now()).await? {
        log_access(tx, cx, Access::to(format!("증빙 파기({})", why.korean()), Whose::Resident(row.owner))).await?;
    }
    Ok(())
}
