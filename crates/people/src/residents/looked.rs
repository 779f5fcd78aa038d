//! Who looked at one resident's record (내 정보를 본 사람): her own list, printed when she asks.
//!
//! Owns: finding her lines in the access log, alone and in lists. Does not own: the log itself.
//! What a newcomer gets wrong: looking only for her id. A list of two hundred names is one line;
//! the numbers of the lists she was in lead to those.

use iljari_base::{Actor, Id, Outcome, Timestamp, id};
use iljari_store::Tx;

use super::open::existing;
use super::store;
use crate::access::{Access, AccessLine, Whose, log_access};
use crate::cx::Cx;

/// Most lines of one list; more than three years of one person's dealings with an office.
const LINES_MAX: i64 = 2000;

/// One look, as the person herself may read it (열람 한 줄).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookLine {
    /// When; `None` where the stored text cannot be read.
    pub at: Option<Timestamp>,
    /// The officer's name; the word for what no person did.
    pub who: String,
    /// The officer's department; empty where there is none.
    pub department: String,
    /// What was done, and for which purpose.
    pub what: String,
    /// Why it was taken out of the office's pages, where it was.
    pub reason: Option<String>,
    /// Whether it was a look at a protected record with a reason (긴급 열람).
    pub break_glass: bool,
}

/// Everybody who looked, the latest first. Asking is itself a look and stands in the next list.
///
/// Works for erased residents too: the looks outlive what was looked at.
/// Refusals: `no-such-resident`.
pub async fn who_looked(tx: &mut Tx, cx: &Cx, id: Id<id::Resident>) -> Outcome<Vec<LookLine>> {
    existing(tx, cx, id).await?;
    let mut lines =
        crate::store::access_lines_about(tx, &cx.district, &Whose::Resident(id).to_text(), LINES_MAX).await?;
    for no in store::lists_with(tx, &cx.district, id).await? {
        let subject = Whose::ResidentList(no).to_text();
        lines.extend(crate::store::access_lines_about(tx, &cx.district, &subject, LINES_MAX).await?);
    }
    lines.sort_by_key(|line| -line.seq);
    let officers = crate::store::officers(tx, &cx.district).await?;
    let mut departments = std::collections::BTreeMap::new();
    for (code, name) in crate::store::departments(tx, &cx.district).await? {
        departments.insert(code, name);
    }
    let read = |line: AccessLine| {
        let (who, department) = match Actor::from_text(&line.actor) {
            Some(Actor::Officer(officer)) => match officers.iter().find(|known| known.id == officer) {
                Some(known) => {
                    let department = departments.get(&known.department).cloned();
                    (known.name.clone(), department.unwrap_or_else(|| known.department.clone()))
                }
                None => ("지난 담당자".to_owned(), String::new()),
            },
            Some(Actor::Operator) => ("운영자 명령".to_owned(), String::new()),
            Some(Actor::System) => ("정해진 때 도는 일".to_owned(), String::new()),
            Some(Actor::Demo) => ("시연자료".to_owned(), String::new()),
            None => (line.account.clone(), String::new()),
        };
        LookLine {
            at: line.at.parse().ok(),
            who,
            department,
            break_glass: line.act.contains("긴급 열람"),
            what: line.act,
            reason: line.reason,
        }
    };
    let lines = lines.into_iter().map(read).collect();
    log_access(tx, cx, Access::to("내 정보를 본 사람 목록", Whose::Resident(id))).await?;
    Ok(lines)
}
