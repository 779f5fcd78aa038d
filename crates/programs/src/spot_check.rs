//! Spot checks (표본 점검): whose documents an auditor looks at once more, drawn so that anybody can draw it again.
//!
//! Owns: the draw. Does not own: what comes of looking. What a newcomer gets wrong: letting an officer choose the
//! seed. It is the root of the first seal after 접수 has ended: public, signed, and known to nobody while people applied.

use iljari_base::Outcome;
use iljari_ledger::store as ledger;
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_store::Tx;
use sha2::{Digest as _, Sha256};

use crate::application::Application;
use crate::call::published_of;
use crate::model::Call;
use crate::store;

/// One in how many applications is drawn.
pub const ONE_IN: usize = 20;
/// Fewest that are drawn, where there are as many.
pub const AT_LEAST: usize = 5;

/// The rule as it stands on the page.
pub const RULE: &str = "접수가 끝난 뒤 첫 봉인의 뿌리값과 접수번호를 줄바꿈으로 이은 글의 SHA-256 값이 작은 것부터 뽑습니다. \
     스무 건에 한 건, 적어도 다섯 건입니다.";

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The call.
    pub call: Call,
    /// The root that it was drawn with; `None` while nothing was sealed since 접수 ended.
    pub seed: Option<String>,
    /// How many applications stand.
    pub of: usize,
    /// 접수번호 in the order of the draw, each with its number in the call.
    pub receipts: Vec<(i64, String)>,
}

/// Draws a call's sample; the same one whenever it is asked for, as long as no application is withdrawn.
///
/// Refusals: `no-such-call`, `call-not-published`.
pub async fn draw(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<Drawn> {
    let call = published_of(tx, cx, call_no).await?;
    let closed = |at: iljari_base::Timestamp| at.seoul_date() > call.terms.apply_last_on;
    let seals = ledger::seals(tx, &cx.district).await?;
    let seed = seals.into_iter().find(|seal| closed(seal.sealed_at)).map(|seal| seal.root);
    let live: Vec<i64> = store::applications(tx, &cx.district, call_no)
        .await?
        .iter()
        .filter(|it| it.is_live())
        .map(|it: &Application| it.no)
        .collect();
    let receipts = seed.as_deref().map(|seed| sample(&call, &live, seed)).unwrap_or_default();
    log_access(tx, cx, Access::to(format!("모집공고 {call_no}번 표본 점검 명단"), Whose::Nobody)).await?;
    Ok(Drawn { of: live.len(), call, seed, receipts })
}

/// The sample by the published rule: pure.
pub fn sample(call: &Call, live: &[i64], seed: &str) -> Vec<(i64, String)> {
    let mut all: Vec<(String, i64, String)> = live
        .iter()
        .map(|no| {
            let receipt = call.receipt(*no);
            (hex::encode(Sha256::digest(format!("{seed}\n{receipt}").as_bytes())), *no, receipt)
        })
        .collect();
    all.sort();
    all.truncate(live.len().div_ceil(ONE_IN).max(AT_LEAST));
    all.into_iter().map(|(_, no, receipt)| (no, receipt)).collect()
}
