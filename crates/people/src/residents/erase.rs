//! Erasing a resident (삭제, 파기): the key goes, and with it everything it sealed.
//!
//! Owns: [`erase`] and the promise in words. Does not own: whether something still stands against it
//! (a running application): the slice that knows asks before.
//! What a newcomer gets wrong: deleting the row. The id stays, so that applications and the access
//! log keep pointing to something, and what they find is the fact that it was erased.

use iljari_base::{Id, Outcome, Refusal, id};
use iljari_store::Tx;

use super::model::{DestroyReason, EraseReason};
use super::open::existing;
use super::store;
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;

/// What is promised to whoever asks to be erased, word for word.
pub const PROMISE: &str = "이곳에서는 바로 지워지고, 백업에서는 35일 뒤부터 읽을 수 없습니다.";

/// Erases a resident: her key, her fields, her tags in the blind index, every box of hers. The id and
/// the fact stay. Works on protected residents too, without opening anything.
///
/// Refusals: `no-such-resident`, `already-erased`.
pub async fn erase(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>, why: EraseReason) -> Outcome<()> {
    existing(tx, cx, id).await?;
    if !store::erase(tx, &cx.district, id, why.code(), cx.actor, cx.now()).await? {
        return Err(Refusal::new("already-erased", "", "이미 지운 정보입니다.").into());
    }
    store::drop_tags(tx, &cx.district, id).await?;
    let owner_erased = DestroyReason::OwnerErased.code();
    store::destroy_boxes_of(tx, &cx.district, id, owner_erased, cx.actor, cx.now()).await?;
    log_access(tx, cx, Access::to(format!("주민 정보 삭제({})", why.korean()), Whose::Resident(id))).await?;
    Ok(())
}
