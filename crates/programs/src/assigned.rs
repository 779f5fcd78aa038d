//! Whose an application is (담당): the department that drafted the call, and whoever took it in.
//!
//! Owns: who may open, screen or withdraw one, and the line that is written where somebody else tries. Does not own:
//! duties (the route table) or protection (`people::residents`). What a newcomer gets wrong: telling an officer that
//! there is such an application. For whoever has nothing to do with it there is none.

use iljari_base::{Actor, Outcome};
use iljari_people::{Access, Cx, Whose, admin, log_access};
use iljari_store::Tx;
use iljari_web::{Office, PageError};

use crate::application::Application;
use crate::model::Call;
use crate::store;

/// Whether an application is this officer's: she took it in, or her department drafted the call. The department is
/// the one the drafter is in today, so that a call goes with whoever answers for it. What no officer drafted, as a
/// command may, is every officer's.
pub async fn is_theirs(tx: &mut Tx, cx: &Cx, call: &Call, it: &Application) -> Outcome<bool> {
    let (Actor::Officer(asks), Actor::Officer(drafted)) = (cx.actor, call.drafted_by) else { return Ok(true) };
    if it.taken_by == cx.actor || asks == drafted {
        return Ok(true);
    }
    let officers = admin::officers(tx, &cx.district).await?;
    let department = |wanted| officers.iter().find(|officer| officer.id == wanted).map(|officer| &officer.department);
    Ok(department(asks).zip(department(drafted)).is_some_and(|(one, other)| one == other))
}

/// Lets an officer go on to an application of a call; 404 where it is not hers, and a line in the access log that
/// the person herself finds in her list.
pub async fn admit(office: &Office, cx: &Cx, (call_no, app_no): (i64, i64)) -> Result<(), PageError> {
    let acting = cx.clone();
    let theirs = office.store.write(move |tx| {
        Box::pin(async move {
            let Some(call) = store::call_of(tx, &acting.district, call_no).await? else { return Ok(false) };
            let Some(it) = store::application_of(tx, &acting.district, call_no, app_no).await? else {
                return Ok(false);
            };
            if is_theirs(tx, &acting, &call, &it).await? {
                return Ok(true);
            }
            let act = format!("맡지 않은 신청({})을 열려 함: 보여 주지 않음", call.receipt(app_no));
            log_access(tx, &acting, Access::to(act, Whose::Resident(it.resident))).await?;
            Ok(false)
        })
    });
    if theirs.await? { Ok(()) } else { Err(PageError::NotFound) }
}
