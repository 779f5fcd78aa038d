//! Who may confirm: never the one who wrote it, and a deputy only between two days (대리 확인자).
//!
//! Owns: [`may_confirm`], the one question every door asks before a number counts (I9), and
//! appointing deputies. Does not own: what is confirmed.
//! What a newcomer gets wrong: trusting the viewer's duties. They are those of the request's
//! beginning; this reads the rows again, inside the confirming act.

use iljari_base::korean::with_particle;
use iljari_base::{Actor, Date, Id, Outcome, Refusal, id};
use iljari_store::Tx;
use iljari_web::{Duty, Viewer};

use crate::admin;
use crate::cx::Cx;
use crate::model::{ConfirmingAs, Deputy, Officer, OfficerState};
use crate::store;

/// The longest deputyship in days.
pub const LONGEST_DAYS: i64 = 366;

/// Whether the viewer may confirm what `recorded_by` wrote, and in whose name.
///
/// Refusals, the most senior first:
///
/// | code | when |
/// | --- | --- |
/// | `own-confirmation` | the viewer wrote it, whatever duty or deputyship they hold |
/// | `own-confirmation` | the viewer only deputises for the one who wrote it |
/// | `not-confirmer` | neither duty 확인 nor a deputyship in force on that day |
///
/// Handing work over changes nothing here: who typed a number stays the one who typed it.
pub async fn may_confirm(tx: &mut Tx, viewer: &Viewer, recorded_by: Actor, on: Date) -> Outcome<ConfirmingAs> {
    const BASIS: &str = "작성자와 확인자는 다른 사람이어야 합니다";
    if recorded_by == viewer.actor() {
        let message = "스스로 적은 숫자는 스스로 확인할 수 없습니다. 확인 업무를 맡은 다른 담당자가 확인해야 합니다.";
        return Err(Refusal::new("own-confirmation", BASIS, message).into());
    }
    let not_confirmer = || {
        Refusal::new(
            "not-confirmer",
            "",
            "확인 업무를 맡고 있지 않습니다. 관리 담당자에게 확인 업무나 대리 확인자 지정을 부탁하세요.",
        )
    };
    let Some(officer) = store::officer(tx, &viewer.district, viewer.officer).await? else {
        return Err(not_confirmer().into());
    };
    if !matches!(officer.state, OfficerState::Active { .. }) {
        return Err(not_confirmer().into());
    }
    if officer.duties_on(on).contains(&Duty::Confirm) {
        return Ok(ConfirmingAs::Oneself);
    }
    let principals = principals_of(tx, &officer, on).await?;
    match principals.iter().find(|principal| Actor::Officer(principal.id) != recorded_by) {
        Some(principal) => Ok(ConfirmingAs::DeputyOf(principal.id)),
        None if principals.is_empty() => Err(not_confirmer().into()),
        None => {
            let message = "대신 확인해 드리는 그 담당자가 적은 숫자입니다. 본인이 확인하는 것과 같으므로 다른 확인 담당자가 확인해야 합니다.";
            Err(Refusal::new("own-confirmation", BASIS, message).into())
        }
    }
}

/// For whom this officer confirms on a day; the first of several.
pub(crate) async fn principal_of(tx: &mut Tx, officer: &Officer, on: Date) -> Outcome<Option<Officer>> {
    Ok(principals_of(tx, officer, on).await?.into_iter().next())
}

/// All for whom this officer deputises on a day and who hold the duty themselves.
async fn principals_of(tx: &mut Tx, officer: &Officer, on: Date) -> Outcome<Vec<Officer>> {
    let mut principals = Vec::new();
    for line in store::deputies(tx, &officer.district, officer.id).await? {
        if line.deputy != officer.id || !line.in_force(on) {
            continue;
        }
        let principal = store::officer(tx, &officer.district, line.principal).await?;
        principals.extend(principal.filter(|principal| principal.duties_on(on).contains(&Duty::Confirm)));
    }
    Ok(principals)
}

/// Who confirms in whose place, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appointment {
    /// The officer with the duty 확인.
    pub principal: Id<id::Officer>,
    /// The one who confirms meanwhile.
    pub deputy: Id<id::Officer>,
    /// The first day.
    pub from: Date,
    /// The last day. There is none without.
    pub until: Date,
}

/// Appoints a deputy confirmer. Done by the principal or by an officer with the duty 관리.
pub async fn appoint_deputy(tx: &mut Tx, cx: &Cx, wanted: Appointment) -> Outcome<()> {
    let principal = admin::existing(tx, &cx.district, wanted.principal).await?;
    let deputy = admin::existing(tx, &cx.district, wanted.deputy).await?;
    let today = cx.today();
    let mut refusals = Vec::new();
    let mut refuse = |code, field, message: String| refusals.push(Refusal::new(code, "", message).at(field));
    if principal.id == deputy.id {
        refuse(
            "deputy-of-oneself",
            "deputy",
            "자기 자신을 대리 확인자로 정할 수 없습니다. 다른 담당자를 골라 주세요.".to_owned(),
        );
    }
    if !principal.duties_on(today.max(wanted.from)).contains(&Duty::Confirm) {
        refuse(
            "principal-not-confirmer",
            "deputy",
            format!("{} 확인 업무를 맡고 있지 않아서 대신할 확인이 없습니다.", with_particle(&principal.name, "은/는")),
        );
    }
    if !matches!(deputy.state, OfficerState::Active { .. }) {
        refuse(
            "deputy-not-active",
            "deputy",
            format!(
                "{} 지금 로그인할 수 없는 담당자입니다. 다른 담당자를 골라 주세요.",
                with_particle(&deputy.name, "은/는")
            ),
        );
    }
    if wanted.until < wanted.from {
        refuse(
            "deputy-ends-before-start",
            "until",
            format!(
                "끝나는 날은 시작하는 날({}) 뒤여야 합니다. {} 적으셨습니다.",
                wanted.from.korean(),
                with_particle(&wanted.until.korean(), "으로/로")
            ),
        );
    } else if wanted.until < today {
        refuse(
            "deputy-over",
            "until",
            format!("끝나는 날이 이미 지났습니다. 오늘({})이나 그 뒤로 적어 주세요.", today.korean()),
        );
    } else if wanted.until > wanted.from.plus_days(LONGEST_DAYS) {
        refuse(
            "deputy-too-long",
            "until",
            "대리는 한 번에 1년까지 정할 수 있습니다. 끝나는 날을 더 가깝게 적어 주세요.".to_owned(),
        );
    }
    if !refusals.is_empty() {
        return Err(iljari_base::Stop::Refused(refusals));
    }
    let row =
        Deputy { principal: principal.id, deputy: deputy.id, from: wanted.from, until: wanted.until, revoked_at: None };
    store::put_deputy(tx, &cx.district, &row, cx.actor, cx.now()).await?;
    let detail = format!("{}의 확인을 대신함, {}까지", principal.login, wanted.until);
    admin::remember(tx, cx, deputy.id, "대리 확인자 지정", detail, wanted.from).await
}

/// Takes a deputyship back before its last day.
pub async fn end_deputy(tx: &mut Tx, cx: &Cx, principal: Id<id::Officer>, deputy: Id<id::Officer>) -> Outcome<()> {
    let ended = store::revoke_deputy(tx, &cx.district, principal, deputy, cx.now()).await?;
    if ended == 0 {
        return Err(Refusal::new("no-such-deputy", "", "이미 끝난 대리 확인자입니다.").into());
    }
    let principal = admin::existing(tx, &cx.district, principal).await?;
    admin::remember(tx, cx, deputy, "대리 확인자 해제", format!("{}의 확인", principal.login), cx.today()).await
}

/// Everything in which the officer is principal or deputy, the latest first.
pub async fn deputies(tx: &mut Tx, cx: &Cx, officer: Id<id::Officer>) -> Outcome<Vec<Deputy>> {
    store::deputies(tx, &cx.district, officer).await
}
