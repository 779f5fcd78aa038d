//! The acts of an officer with the duty 관리: invite, set duties, mark as left.
//!
//! Owns: who has an account and what it may do, and the history of both (three years, append-only:
//! 안전성 확보조치 기준 제5조 제3항). Does not own: signing in.
//! What a newcomer gets wrong: the administrator never learns a second factor. An invitation holds
//! a temporary password only; the code is set up by its owner at the first sign-in.

use iljari_base::korean::with_particle;
use iljari_base::{Date, DistrictCode, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_store::{OnUnique, Tx};
use iljari_web::{Duty, Office};

use crate::access::{Access, Whose, log_access};
use crate::cx::Cx;
use crate::model::{Login, Officer, OfficerState, display_name};
use crate::password::{self, Password};
use crate::store::{self, NewOfficer, RightsLine};

/// Hours for which a temporary password opens the enrolment page.
pub const INVITATION_HOURS: i64 = 72;

/// Whom to invite, as typed.
#[derive(Debug, Clone, Default)]
pub struct InvitationWanted {
    /// The name to sign in with.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The department's code.
    pub department: String,
    /// What the officer may do from today.
    pub duties: Vec<Duty>,
}

/// An invitation, to be handed over in person.
#[derive(Debug)]
pub struct Invited {
    /// The officer.
    pub officer: Id<id::Officer>,
    /// Opens the enrolment page until [`Invited::until`]; kept nowhere.
    pub temporary: Password,
    /// When it stops opening.
    pub until: Timestamp,
}

/// Invites an officer: an account with a temporary password and no second factor yet.
pub async fn invite(office: &Office, cx: &Cx, wanted: InvitationWanted) -> Outcome<Invited> {
    let temporary = password::temporary(cx.entropy.as_ref());
    let phc = password::hash(temporary.clone(), cx.entropy.as_ref()).await?;
    let until = cx.now().plus_seconds(INVITATION_HOURS * 3600);
    let cx = cx.clone();
    let officer =
        office.store.write(move |tx| Box::pin(async move { insert(tx, &cx, wanted, &phc, until).await })).await?;
    Ok(Invited { officer, temporary, until })
}

/// The account's row, its duties and their history. All faults of the form at once.
pub(crate) async fn insert(
    tx: &mut Tx,
    cx: &Cx,
    wanted: InvitationWanted,
    phc: &str,
    until: Timestamp,
) -> Outcome<Id<id::Officer>> {
    let mut refusals = Vec::new();
    let login = wanted.login.parse::<Login>().map_err(|refusal| refusals.push(refusal));
    let name = display_name(&wanted.name).map_err(|refusal| refusals.push(refusal));
    if let Err(refusal) = known_department(tx, &cx.district, &wanted.department).await? {
        refusals.push(refusal);
    }
    let (Ok(login), Ok(name), true) = (login, name, refusals.is_empty()) else {
        return Err(Stop::Refused(refusals));
    };
    let id = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let new = NewOfficer {
        id,
        district: &cx.district,
        login: &login,
        name: &name,
        department: &wanted.department,
        invited_until: until,
        password_phc: phc,
        by: cx.actor,
        at: cx.now(),
    };
    store::insert_officer(tx, new).await.on_unique("officer_login", || {
        let message = format!(
            "{} 다른 사람이 쓰고 있는 로그인 이름입니다. 한 사람이 하나씩 쓰므로 다른 이름을 적어 주세요.",
            with_particle(login.as_str(), "은/는")
        );
        Refusal::new("login-taken", "개인정보의 안전성 확보조치 기준 제5조 제4항", message).at("login")
    })?;
    remember(tx, cx, id, "초대", format!("{login}, {}", wanted.department), cx.today()).await?;
    let officer = existing(tx, &cx.district, id).await?;
    for duty in Duty::ALL.into_iter().filter(|duty| wanted.duties.contains(duty)) {
        store::grant(tx, &officer, duty, cx.today(), cx.actor, cx.now()).await?;
        remember(tx, cx, id, "업무 더함", duty.korean().to_owned(), cx.today()).await?;
    }
    log_access(tx, cx, Access::to("담당자 초대", Whose::Officer(id))).await?;
    Ok(id)
}

async fn known_department(tx: &mut Tx, district: &DistrictCode, code: &str) -> Outcome<Result<(), Refusal>> {
    let known = store::departments(tx, district).await?;
    if known.iter().any(|(known, _)| known == code) {
        return Ok(Ok(()));
    }
    Ok(Err(Refusal::new("no-such-department", "", "부서를 목록에서 하나 골라 주세요.").at("department")))
}

/// Invites again an officer who lost the phone or the password: the old ones stop working at once.
pub async fn invite_again(office: &Office, cx: &Cx, officer: Id<id::Officer>) -> Outcome<Invited> {
    let temporary = password::temporary(cx.entropy.as_ref());
    let phc = password::hash(temporary.clone(), cx.entropy.as_ref()).await?;
    let until = cx.now().plus_seconds(INVITATION_HOURS * 3600);
    let cx = cx.clone();
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let officer = still_here(tx, &cx, officer).await?;
                store::reinvite(tx, &officer, &phc, until).await?;
                store::end_sessions(tx, &officer, None, "invited-again", cx.now()).await?;
                remember(tx, &cx, officer.id, "다시 초대", officer.login.to_string(), cx.today()).await?;
                log_access(tx, &cx, Access::to("담당자 다시 초대", Whose::Officer(officer.id))).await?;
                Ok(())
            })
        })
        .await?;
    Ok(Invited { officer, temporary, until })
}

/// What an officer may do, and where, from today on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsWanted {
    /// The department's code.
    pub department: String,
    /// Exactly these duties.
    pub duties: Vec<Duty>,
}

/// Sets duties and department. What is taken away is gone at the officer's next request, and all
/// sessions end where something was taken away or the department changed (제5조 제2항).
pub async fn set_rights(tx: &mut Tx, cx: &Cx, officer: Id<id::Officer>, wanted: RightsWanted) -> Outcome<()> {
    let officer = still_here(tx, cx, officer).await?;
    let today = cx.today();
    let now_held = officer.duties_on(today);
    let mut less = false;
    if wanted.department != officer.department {
        known_department(tx, &cx.district, &wanted.department).await??;
        store::set_department(tx, &officer, &wanted.department).await?;
        remember(tx, cx, officer.id, "부서 바꿈", format!("{} → {}", officer.department, wanted.department), today)
            .await?;
        less = true;
    }
    for duty in Duty::ALL {
        match (now_held.contains(&duty), wanted.duties.contains(&duty)) {
            (false, true) => {
                store::grant(tx, &officer, duty, today, cx.actor, cx.now()).await?;
                remember(tx, cx, officer.id, "업무 더함", duty.korean().to_owned(), today).await?;
            }
            (true, false) => {
                if duty == Duty::Administer {
                    another_administrator(tx, cx, &officer).await?;
                }
                store::withdraw(tx, &officer, duty, today).await?;
                remember(tx, cx, officer.id, "업무 뺌", duty.korean().to_owned(), today).await?;
                less = true;
            }
            _ => {}
        }
    }
    if less {
        store::end_sessions(tx, &officer, None, "rights-changed", cx.now()).await?;
    }
    log_access(tx, cx, Access::to("담당자 업무 정하기", Whose::Officer(officer.id))).await?;
    Ok(())
}

/// Marks an officer as left: no sign-in and no session from this moment, no duty from `on`.
pub async fn mark_left(tx: &mut Tx, cx: &Cx, officer: Id<id::Officer>, on: Date) -> Outcome<()> {
    let officer = still_here(tx, cx, officer).await?;
    if on > cx.today() {
        let message =
            format!("떠난 날은 오늘({})까지 적을 수 있습니다. 그날이 되면 다시 해 주세요.", cx.today().korean());
        return Err(Refusal::new("left-in-future", "", message).at("left_on").into());
    }
    if officer.duties_on(cx.today()).contains(&Duty::Administer) {
        another_administrator(tx, cx, &officer).await?;
    }
    for duty in officer.duties_on(cx.today()) {
        store::withdraw(tx, &officer, duty, cx.today()).await?;
        remember(tx, cx, officer.id, "업무 뺌", duty.korean().to_owned(), cx.today()).await?;
    }
    store::mark_left(tx, &officer, on).await?;
    store::end_sessions(tx, &officer, None, "left", cx.now()).await?;
    remember(tx, cx, officer.id, "떠남", officer.login.to_string(), on).await?;
    log_access(tx, cx, Access::to("담당자 떠남 처리", Whose::Officer(officer.id))).await?;
    Ok(())
}

/// An office without anybody who may let others in cannot be mended from its own pages.
async fn another_administrator(tx: &mut Tx, cx: &Cx, but: &Officer) -> Outcome<()> {
    let today = cx.today();
    let others = store::officers(tx, &cx.district).await?;
    let is_one = |officer: &Officer| {
        officer.id != but.id
            && matches!(officer.state, OfficerState::Active { .. })
            && officer.duties_on(today).contains(&Duty::Administer)
    };
    if others.iter().any(is_one) {
        return Ok(());
    }
    let message = format!(
        "{} 하나뿐인 관리 담당자입니다. 다른 담당자에게 먼저 관리 업무를 주세요.",
        with_particle(&but.name, "은/는")
    );
    Err(Refusal::new("last-administrator", "", message).at("duty").into())
}

/// An officer of this district.
pub(crate) async fn existing(tx: &mut Tx, district: &DistrictCode, officer: Id<id::Officer>) -> Outcome<Officer> {
    store::officer(tx, district, officer)
        .await?
        .ok_or_else(|| Refusal::new("no-such-officer", "", "이 구에 없는 담당자입니다.").into())
}

async fn still_here(tx: &mut Tx, cx: &Cx, officer: Id<id::Officer>) -> Outcome<Officer> {
    let officer = existing(tx, &cx.district, officer).await?;
    match officer.state {
        OfficerState::Left { on } => {
            let message =
                format!("{}에 떠난 담당자라서 바꿀 수 없습니다. 돌아오면 새 계정으로 초대하세요.", on.korean());
            Err(Refusal::new("officer-has-left", "", message).into())
        }
        OfficerState::Invited { .. } | OfficerState::Active { .. } => Ok(officer),
    }
}

/// Writes a line of the rights history.
pub(crate) async fn remember(
    tx: &mut Tx,
    cx: &Cx,
    officer: Id<id::Officer>,
    change: &str,
    detail: String,
    effective_on: Date,
) -> Outcome<()> {
    let line = RightsLine { change: change.to_owned(), detail, effective_on, by: cx.actor, at: cx.now() };
    store::add_rights_line(tx, &cx.district, officer, &line).await
}

/// Writes down the departments of a district, code and name; known ones get the new name.
pub async fn put_departments(tx: &mut Tx, cx: &Cx, departments: &[(String, String)]) -> Outcome<()> {
    for (code, name) in departments {
        store::put_department(tx, &cx.district, code, name, cx.now()).await?;
    }
    Ok(())
}

/// The departments of a district, by code.
pub async fn departments(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<(String, String)>> {
    store::departments(tx, district).await
}

/// An officer of this district, or `None`.
pub async fn officer(tx: &mut Tx, district: &DistrictCode, officer: Id<id::Officer>) -> Outcome<Option<Officer>> {
    store::officer(tx, district, officer).await
}

/// All officers of a district, by department and name.
pub async fn officers(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Officer>> {
    store::officers(tx, district).await
}

/// What changed in an officer's rights, the latest first.
pub async fn rights_history(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
) -> Outcome<Vec<RightsLine>> {
    store::rights_history(tx, district, officer).await
}
