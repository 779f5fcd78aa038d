//! 업무 인계: from a day on, everything of one officer is another's.
//!
//! Owns: hand-overs and the question who is responsible now. Does not own: the things themselves;
//! slices keep the officer who did them and ask here who answers for them today.
//! What a newcomer gets wrong: rewriting the officer in one's own rows. History says who did it;
//! [`responsible`] says who has it now.

use iljari_base::korean::with_particle;
use iljari_base::{Date, DistrictCode, Id, Outcome, Refusal, Stop, id};
use iljari_store::Tx;

use crate::admin;
use crate::cx::Cx;
use crate::model::{Handover, OfficerState, follow};
use crate::store::{self, Book};

/// Who takes over from whom, from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverWanted {
    /// Who hands over.
    pub from: Id<id::Officer>,
    /// Who takes over.
    pub to: Id<id::Officer>,
    /// The first day of the new officer.
    pub effective_on: Date,
    /// Why, in the officer's words; may be empty.
    pub remark: String,
}

/// Hands everything of one officer over to another, from a day on.
pub async fn hand_over(tx: &mut Tx, cx: &Cx, wanted: HandoverWanted) -> Outcome<()> {
    let from = admin::existing(tx, &cx.district, wanted.from).await?;
    let to = admin::existing(tx, &cx.district, wanted.to).await?;
    let mut refusals = Vec::new();
    if from.id == to.id {
        refusals.push(
            Refusal::new("handover-to-oneself", "", "자기 자신에게 인계할 수 없습니다. 다른 담당자를 골라 주세요.")
                .at("to"),
        );
    } else if matches!(to.state, OfficerState::Left { .. }) {
        let message = format!(
            "{} 떠난 담당자라서 인계받을 수 없습니다. 다른 담당자를 골라 주세요.",
            with_particle(&to.name, "은/는")
        );
        refusals.push(Refusal::new("handover-to-left", "", message).at("to"));
    }
    if wanted.effective_on > cx.today().plus_days(366) {
        refusals.push(Refusal::new("handover-too-far", "", "인계하는 날은 1년 안으로 적어 주세요.").at("effective_on"));
    }
    let remark = wanted.remark.trim().to_owned();
    if remark.chars().count() > 200 {
        refusals.push(Refusal::new("remark-too-long", "", "인계하는 이유는 200자까지 적을 수 있습니다.").at("remark"));
    }
    if iljari_base::korean::looks_like_resident_number(&remark) {
        refusals.push(
            Refusal::new(
                "resident-number-typed",
                "개인정보 보호법 제24조의2",
                "주민등록번호처럼 보이는 숫자가 있습니다. 빼고 다시 적어 주세요.",
            )
            .at("remark"),
        );
    }
    if !refusals.is_empty() {
        return Err(Stop::Refused(refusals));
    }
    let (seq, _) = store::next_number(tx, &cx.district, Book::Handover, cx.now()).await?;
    let row = Handover { seq, from: from.id, to: to.id, effective_on: wanted.effective_on, remark };
    store::add_handover(tx, &cx.district, &row, cx.actor, cx.now()).await?;
    admin::remember(tx, cx, from.id, "업무 인계", format!("{}에게", to.login), wanted.effective_on).await?;
    admin::remember(tx, cx, to.id, "업무 인수", format!("{}에게서", from.login), wanted.effective_on).await
}

/// All hand-overs of a district, in the order they were written.
pub async fn handovers(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Handover>> {
    store::handovers(tx, district).await
}

/// Who answers on `on` for everything that was ever this officer's; the officer where nothing was handed over.
pub async fn responsible(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    on: Date,
) -> Outcome<Id<id::Officer>> {
    Ok(follow(&store::handovers(tx, district).await?, officer, None, on))
}

/// Who answers on `on` for a thing this officer made on `made_on`: a hand-over before that day does not take it along.
pub async fn responsible_for(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    made_on: Date,
    on: Date,
) -> Outcome<Id<id::Officer>> {
    Ok(follow(&store::handovers(tx, district).await?, officer, Some(made_on), on))
}

/// Who took over from this officer by that day; `None` where nobody did.
pub async fn successor_of(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    on: Date,
) -> Outcome<Option<Id<id::Officer>>> {
    let now_at = responsible(tx, district, officer, on).await?;
    Ok((now_at != officer).then_some(now_at))
}
