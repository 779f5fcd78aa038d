//! Whose an application is (담당): the department that drafted the call, and whoever took it in.
//!
//! Owns: who may open, screen or withdraw one, the line that is written where somebody else tries, and opening one
//! all the same with a reason (긴급 열람). Does not own: duties (the route table), protection, or the looks that an
//! auditor goes through (`people::residents`). What a newcomer gets wrong: telling an officer that there is such an
//! application. For whoever has nothing to do with it there is none; she sees how many there are.

use std::collections::BTreeSet;

use iljari_base::{Actor, Date, DistrictCode, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_people::residents::{self, Safe};
use iljari_people::{Access, Cx, Whose, admin, deputies, log_access};
use iljari_store::Tx;
use iljari_web::{Office, PageError};

use crate::application::Application;
use crate::call::published_of;
use crate::model::Call;
use crate::store;

/// For how many days a department is told of a look on the office's first page.
const TOLD_DAYS: i64 = 7;

/// Which applications of a call are an officer's (맡은 신청).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theirs {
    /// Every one: her department answers for the call.
    All,
    /// These: she took them in, or looks at them with a reason at this hour.
    Only(BTreeSet<i64>),
}

impl Theirs {
    /// The officer's of this act.
    pub async fn of(tx: &mut Tx, cx: &Cx, call: &Call) -> Outcome<Self> {
        if answers_for(tx, cx, call).await? {
            return Ok(Self::All);
        }
        let mut theirs = store::taken_by(tx, &cx.district, call.no, cx.actor).await?;
        if let Actor::Officer(officer) = cx.actor {
            theirs.extend(store::looked_at_now(tx, &cx.district, call.no, officer, cx.now()).await?);
        }
        Ok(Self::Only(theirs))
    }

    /// Whether this application is hers.
    pub fn has(&self, app_no: i64) -> bool {
        match self {
            Self::All => true,
            Self::Only(theirs) => theirs.contains(&app_no),
        }
    }

    /// Whether she has anything to do with the call.
    pub fn any(&self) -> bool {
        match self {
            Self::All => true,
            Self::Only(theirs) => !theirs.is_empty(),
        }
    }
}

/// Whether the officer of this act answers for a call: she is of the department that drafted it, or deputises for
/// somebody who is. The department is the one the drafter is in today, so that a call goes with whoever answers for
/// it. What no officer drafted, as a command may, is every officer's.
pub async fn answers_for(tx: &mut Tx, cx: &Cx, call: &Call) -> Outcome<bool> {
    let (Actor::Officer(asks), Actor::Officer(drafted)) = (cx.actor, call.drafted_by) else { return Ok(true) };
    if asks == drafted {
        return Ok(true);
    }
    let officers = admin::officers(tx, &cx.district).await?;
    let department = |wanted| officers.iter().find(|officer| officer.id == wanted).map(|officer| &officer.department);
    let Some(of_call) = department(drafted) else { return Ok(false) };
    if department(asks) == Some(of_call) {
        return Ok(true);
    }
    let today = cx.today();
    let stands_in = deputies(tx, cx, asks).await?;
    Ok(stands_in
        .iter()
        .filter(|line| line.deputy == asks && line.in_force(today))
        .any(|line| department(line.principal) == Some(of_call)))
}

/// Refuses an act on a whole call to whoever does not answer for it: `not-your-call`.
pub async fn only_who_answers(tx: &mut Tx, cx: &Cx, call: &Call) -> Outcome<()> {
    if answers_for(tx, cx, call).await? { Ok(()) } else { Err(not_your_call()) }
}

/// Refuses an act on a call to whoever has nothing to do with it: `not-your-call`.
pub async fn only_with_a_part(tx: &mut Tx, cx: &Cx, call: &Call) -> Outcome<()> {
    if Theirs::of(tx, cx, call).await?.any() { Ok(()) } else { Err(not_your_call()) }
}

fn not_your_call() -> Stop {
    let message = "이 공고를 맡은 부서의 담당자만 할 수 있습니다. 그 부서에 부탁하세요.";
    Refusal::new("not-your-call", "개인정보의 안전성 확보조치 기준 제5조", message).into()
}

/// Whether an application is this officer's.
pub async fn is_theirs(tx: &mut Tx, cx: &Cx, call: &Call, it: &Application) -> Outcome<bool> {
    if it.taken_by == cx.actor || answers_for(tx, cx, call).await? {
        return Ok(true);
    }
    let Actor::Officer(officer) = cx.actor else { return Ok(true) };
    Ok(store::looked_at_now(tx, &cx.district, call.no, officer, cx.now()).await?.contains(&it.no))
}

/// How an officer stands to an application that an address names.
enum Standing {
    Hers,
    SomebodyElses { resident: Id<id::Resident>, receipt: String },
    NotThere,
}

/// Lets an officer go on to an application of a call; 404 where it is not hers, and a line in the access log that
/// the person herself finds in her list.
pub async fn admit(office: &Office, cx: &Cx, at: (i64, i64)) -> Result<(), PageError> {
    match standing(office, cx, at).await? {
        Standing::Hers => Ok(()),
        Standing::SomebodyElses { .. } | Standing::NotThere => Err(PageError::NotFound),
    }
}

/// As [`admit`], for an act that itself says that there is no such application.
pub async fn admit_where_there(office: &Office, cx: &Cx, at: (i64, i64)) -> Result<(), PageError> {
    match standing(office, cx, at).await? {
        Standing::Hers | Standing::NotThere => Ok(()),
        Standing::SomebodyElses { .. } => Err(PageError::NotFound),
    }
}

/// A look; only where something has to be written down does anybody else wait for it.
async fn standing(office: &Office, cx: &Cx, (call_no, app_no): (i64, i64)) -> Outcome<Standing> {
    let asking = cx.clone();
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let Some(call) = store::call_of(tx, &asking.district, call_no).await? else {
                    return Ok(Standing::NotThere);
                };
                let Some(it) = store::application_of(tx, &asking.district, call_no, app_no).await? else {
                    return Ok(Standing::NotThere);
                };
                if is_theirs(tx, &asking, &call, &it).await? {
                    return Ok(Standing::Hers);
                }
                Ok(Standing::SomebodyElses { resident: it.resident, receipt: call.receipt(app_no) })
            })
        })
        .await?;
    if let Standing::SomebodyElses { resident, receipt } = &found {
        let (acting, whose) = (cx.clone(), Whose::Resident(*resident));
        let act = format!("맡지 않은 신청({receipt})을 열려 함: 보여 주지 않음");
        office
            .store
            .write(move |tx| Box::pin(async move { log_access(tx, &acting, Access::to(act, whose)).await }))
            .await?;
    }
    Ok(found)
}

/// Opens an application that is somebody else's, with a reason, for [`residents::LOOK_MINUTES`]; its number in the
/// call. It gives no duty: what the officer may do there is what her duties say. The resident finds the look in her
/// list, an auditor has to see it, and the call's department is told.
///
/// | code | field | when |
/// | --- | --- | --- |
/// | `no-such-call`, `call-not-published` | | |
/// | `no-such-application` | `receipt` | no such 접수번호 in this call |
/// | `yours-already` | `receipt` | she may open it as it is |
/// | those of [`residents::break_glass_of_file`] | `remark` | |
pub async fn break_glass(
    tx: &mut Tx,
    cx: &Cx,
    safe: &Safe,
    call_no: i64,
    (receipt, remark): (&str, &str),
) -> Outcome<i64> {
    let call = published_of(tx, cx, call_no).await?;
    let receipt = receipt.trim();
    let no = receipt.rsplit('-').next().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let found = store::application_of(tx, &cx.district, call_no, no).await?;
    let Some(it) = found.filter(|it| receipt.parse::<i64>().is_ok() || call.receipt(it.no) == receipt) else {
        let message = "이 공고에 그런 접수번호가 없습니다. 접수증을 다시 확인해 주세요.";
        return Err(Refusal::new("no-such-application", "", message).at("receipt").into());
    };
    if is_theirs(tx, cx, &call, &it).await? {
        let message = "맡은 신청이거나 이미 연 신청이라 그냥 열 수 있습니다.";
        return Err(Refusal::new("yours-already", "", message).at("receipt").into());
    }
    let what = format!("맡지 않은 신청({})", call.receipt(it.no));
    let (look, ends_at) = residents::break_glass_of_file(tx, cx, safe, it.resident, &what, remark).await?;
    let Actor::Officer(officer) = cx.actor else { return Ok(it.no) };
    let look = Look { look, app_no: it.no, officer, at: cx.now(), ends_at };
    store::add_look(tx, &cx.district, call_no, &look).await?;
    Ok(it.no)
}

/// One look at an application that was somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The look, as the auditor finds it.
    pub look: Id<id::BreakGlass>,
    /// At which application.
    pub app_no: i64,
    /// Who.
    pub officer: Id<id::Officer>,
    /// From when.
    pub at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// A look as the call's department reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct ToldLook {
    /// The look.
    pub look: Look,
    /// The officer's name and department.
    pub who: String,
    /// Her reason; empty where it went with the record.
    pub remark: String,
}

/// Every look at applications of a call, for whoever answers for it; nothing for anybody else. The latest first.
pub async fn told(tx: &mut Tx, cx: &Cx, safe: &Safe, call: &Call) -> Outcome<Vec<ToldLook>> {
    let looks = store::looks(tx, &cx.district, call.no).await?;
    if looks.is_empty() || !answers_for(tx, cx, call).await? {
        return Ok(Vec::new());
    }
    let officers = admin::officers(tx, &cx.district).await?;
    let departments = admin::departments(tx, &cx.district).await?;
    let reasons = residents::looks_with_reason(tx, cx, safe).await?;
    let tell = |look: Look| {
        let who = officers.iter().find(|officer| officer.id == look.officer).map(|officer| {
            let department = departments.iter().find(|(code, _)| *code == officer.department);
            let department = department.map_or(officer.department.as_str(), |(_, name)| name.as_str());
            format!("{} ({department})", officer.name)
        });
        let reason = reasons.iter().find(|line| line.id == look.look).and_then(|line| line.remark.clone());
        ToldLook { look, who: who.unwrap_or_else(|| "지난 담당자".to_owned()), remark: reason.unwrap_or_default() }
    };
    Ok(looks.into_iter().map(tell).collect())
}

/// How many looks of a call the office's first page still tells its department of.
pub(crate) async fn lately(tx: &mut Tx, district: &DistrictCode, today: Date, call_no: i64) -> Outcome<usize> {
    let since = today.plus_days(-TOLD_DAYS);
    Ok(store::looks(tx, district, call_no).await?.iter().filter(|look| look.at.seoul_date() > since).count())
}
