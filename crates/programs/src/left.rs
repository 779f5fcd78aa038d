//! What is left of a round that is over (닫힌 회차): verdicts and brackets, for trying other rules on it.
//!
//! Owns: the rows of the result that stands, pool by pool. Does not own: what other rules would make of them
//! (`rules::preview`). What a newcomer gets wrong: opening evidence for it. Nothing sealed is read here, so that the
//! answer is the same before the evidence is destroyed and after.

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_base::Outcome;
use iljari_people::Cx;
use iljari_rules::preview::ClosedRow;
use iljari_rules::{Outcome as Verdict, RuleSet, Truth};
use iljari_store::Tx;

use crate::application::Application;
use crate::call::published_of;
use crate::model::Call;
use crate::selection::{Line, Points};
use crate::{select, store};

/// A pool's name and what is left of its applicants.
pub type Pool = (String, Vec<ClosedRow>);

/// A call with what is left of everybody who was in its result, each pool apart, for each is ranked apart.
///
/// Refusals: `no-such-call`, `call-not-published`, `selection-not-confirmed`, `rules-changed`.
pub async fn of_round(tx: &mut Tx, cx: &Cx, call_no: i64) -> Outcome<(Call, Arc<RuleSet>, Vec<Pool>)> {
    let call = published_of(tx, cx, call_no).await?;
    let (run, _) = select::confirmed(tx, cx, call_no).await?;
    let rules = call.rules.open()?;
    let lines = store::lines(tx, &cx.district, call_no, run.no).await?;
    let mut points = store::points_of_run(tx, &cx.district, (call_no, run.no)).await?;
    let mut pools: BTreeMap<String, Vec<ClosedRow>> = BTreeMap::new();
    for it in store::applications(tx, &cx.district, call_no).await? {
        let Some(line) = lines.iter().find(|line| line.app_no == it.no) else { continue };
        let points = points.remove(&it.no).unwrap_or_default();
        pools.entry(line.pool.clone()).or_default().push(row(&call, &rules, &lines, line, &it, &points));
    }
    Ok((call, rules, pools.into_iter().collect()))
}

fn row(call: &Call, rules: &RuleSet, lines: &[Line], line: &Line, it: &Application, points: &[Points]) -> ClosedRow {
    let with_points = |other: &&Line| other.pool == line.pool && other.rank.is_some() && other.total > line.total;
    ClosedRow {
        label: call.receipt(it.no),
        outcome: it.standing_verdict(),
        clauses: clauses(rules, it),
        brackets: rules
            .scores
            .iter()
            .filter_map(|item| {
                let had = points.iter().find(|had| had.item == item.name && !had.bracket.is_empty())?;
                Some((item.id.clone(), had.bracket.clone()))
            })
            .collect(),
        // By points alone: the values that broke ties are gone, and new rules cannot be asked for them either.
        rank: line.rank.map(|_| lines.iter().filter(with_points).count().saturating_add(1)),
    }
}

/// What the verdict still says of each clause. A verdict that a screener changed says nothing of any.
fn clauses(rules: &RuleSet, it: &Application) -> BTreeMap<String, Truth> {
    let ids = rules.clauses.iter().map(|clause| clause.id.clone());
    match (it.overridden, it.verdict) {
        (Some(_), _) | (None, Verdict::Conditional) => BTreeMap::new(),
        (None, Verdict::Eligible) => ids.map(|id| (id, Truth::Met)).collect(),
        // The others were met or not known; which of the two is no longer told apart.
        (None, Verdict::NotEligible) => ids.filter(|id| it.broken.contains(id)).map(|id| (id, Truth::NotMet)).collect(),
    }
}
