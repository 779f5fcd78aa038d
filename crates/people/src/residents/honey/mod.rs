//! Records that nobody has a reason to look at (미끼 기록): whoever finds or opens one raises an alarm.
//!
//! Owns: planting one, the alarms, and that an auditor has seen them. Does not own: the line of the access log that
//! raises the alarm; every look writes one anyway, so no look at a planted record can be made without it.
//! What a newcomer gets wrong: showing which records are planted. To everybody but the auditors they are like any other.

mod store;

use iljari_base::{Actor, Id, Outcome, Refusal, Timestamp, id};
use iljari_store::Tx;

use super::enrol::enrol;
use super::model::NewResident;
use super::safe::Safe;
use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;

/// Most lines that one planted record is asked for.
const LINES_MAX: i64 = 200;

/// Somebody found or opened a planted record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoneyAlarm {
    /// The planted record.
    pub resident: Id<id::Resident>,
    /// Who did, as the access log names the hand.
    pub actor: String,
    /// The account.
    pub account: String,
    /// What was done.
    pub act: String,
    /// When; `None` where the stored text cannot be read.
    pub at: Option<Timestamp>,
}

/// Plants a record with an invented name (미끼 심기). Refusals: those of `enrol`, and `name-known` where somebody of
/// that name and day of birth is here: a look at her could be an honest one.
pub async fn plant(tx: &mut Tx, cx: &Cx, safe: &Safe, new: NewResident) -> Outcome<Id<id::Resident>> {
    if !super::enrol::find(tx, cx, safe, &new.name, new.birth).await?.is_empty() {
        let message = "이름과 생년월일이 같은 분이 있습니다. 아무도 찾을 까닭이 없는 이름을 지어내 주세요.";
        return Err(Refusal::new("name-known", "", message).at("name").into());
    }
    let enrolled = enrol(tx, cx, safe, new).await?;
    let upto = store::newest_line(tx, &cx.district).await?;
    store::insert(tx, &cx.district, (enrolled.id, upto), cx.actor, cx.now()).await?;
    Ok(enrolled.id)
}

/// How many records are planted.
pub async fn planted(tx: &mut Tx, cx: &Cx) -> Outcome<usize> {
    Ok(store::all(tx, &cx.district).await?.len())
}

/// Everybody who found or opened a planted record since an auditor last looked, the latest first. Whoever planted one
/// raises no alarm.
pub async fn honey_alarms(tx: &mut Tx, cx: &Cx) -> Outcome<Vec<HoneyAlarm>> {
    let mut alarms = Vec::new();
    for row in store::all(tx, &cx.district).await? {
        let mut lines = about(tx, cx, &Whose::Resident(row.resident)).await?;
        for no in super::store::lists_with(tx, &cx.district, row.resident).await? {
            lines.extend(about(tx, cx, &Whose::ResidentList(no)).await?);
        }
        lines.retain(|line| line.seq > row.seen_seq && Actor::from_text(&line.actor) != Some(row.planted_by));
        alarms.extend(lines.into_iter().map(|line| {
            let alarm = HoneyAlarm {
                resident: row.resident,
                at: line.at.parse().ok(),
                actor: line.actor,
                account: line.account,
                act: line.act,
            };
            (line.seq, alarm)
        }));
    }
    alarms.sort_by_key(|(seq, _)| -seq);
    Ok(alarms.into_iter().map(|(_, alarm)| alarm).collect())
}

async fn about(tx: &mut Tx, cx: &Cx, whose: &Whose) -> Outcome<Vec<crate::access::AccessLine>> {
    crate::store::access_lines_about(tx, &cx.district, &whose.to_text(), LINES_MAX).await
}

/// An auditor has seen every alarm (확인함). Refusals: `officers-only`, `no-alarm`, `own-look`.
pub async fn mark_alarms_seen(tx: &mut Tx, cx: &Cx) -> Outcome<()> {
    let Actor::Officer(_) = cx.actor else {
        return Err(Refusal::new("officers-only", "", "로그인한 담당자만 확인할 수 있습니다.").into());
    };
    let alarms = honey_alarms(tx, cx).await?;
    if alarms.is_empty() {
        return Err(Refusal::new("no-alarm", "", "확인할 경보가 없습니다.").into());
    }
    if alarms.iter().any(|alarm| Actor::from_text(&alarm.actor) == Some(cx.actor)) {
        let message = "자기가 연 기록은 다른 감사 담당자가 확인합니다.";
        return Err(Refusal::new("own-look", "개인정보의 안전성 확보조치 기준 제8조", message).into());
    }
    log_access(tx, cx, Access::to(format!("미끼 기록 경보 {}건 확인", alarms.len()), Whose::Nobody)).await?;
    let upto = store::newest_line(tx, &cx.district).await?;
    for row in store::all(tx, &cx.district).await? {
        store::set_seen(tx, &cx.district, row.resident, upto).await?;
    }
    Ok(())
}
