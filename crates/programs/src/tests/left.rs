//! A round that is over, tried with other rules: from what is left of it, before the evidence is gone and after.

use std::sync::Arc;

use iljari_rules::RuleSet;
use iljari_rules::preview::{self, Preview};
use iljari_store::testing::both;

use super::desk::{RULES, day};
use super::{Desk, codes};
use crate::rulebook::Rulebook;
use crate::{evidence, left};

/// The invented rules with another limit of assets; their cases come out otherwise, which is the point.
fn with_limit(amount: &str) -> RuleSet {
    let text = RULES.replace("출처: 지어냄, 값: 4억9900만원}", &format!("출처: 지어냄, 값: {amount}}}"));
    assert_ne!(text, RULES);
    iljari_rules::check(&[("바꾼 규칙", text)]).0.remove(0)
}

async fn tried(desk: &Desk, no: i64, new: &RuleSet) -> Vec<(String, Preview)> {
    let cx = desk.cx(&desk.clerk);
    let (call, old, pools) =
        desk.write(move |tx| Box::pin(async move { left::of_round(tx, &cx, no).await })).await.expect("a round");
    let each = pools.into_iter();
    each.map(|(pool, rows)| (pool, preview::closed(&old, new, call.terms.as_of_on, &rows))).collect()
}

#[tokio::test]
async fn a_closed_round_says_who_would_flip_also_when_its_evidence_is_destroyed() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let cx = desk.cx(&desk.clerk);
        let early = desk.write(move |tx| Box::pin(async move { left::of_round(tx, &cx, no).await })).await;
        assert_eq!(codes(&early), ["selection-not-confirmed"]);
        let no = desk.selected().await;
        let same = Rulebook::freeze(RULES).expect("sound").open().expect("opens");
        let lines = desk.lines(no).await;
        let unchanged = tried(&desk, no, &same).await;
        let people: usize = unchanged.iter().map(|(_, preview)| preview.changes.len()).sum();
        assert_eq!(people, lines.len(), "everybody of the result, whatever came out");
        let mut pools: Vec<&str> = lines.iter().map(|line| line.pool.as_str()).collect();
        pools.sort_unstable();
        pools.dedup();
        assert_eq!(unchanged.iter().map(|(pool, _)| pool.as_str()).collect::<Vec<_>>(), pools);
        for (pool, preview) in &unchanged {
            assert_eq!((preview.flips().count(), preview.ranks_known), (0, true), "{pool}");
            for change in preview.changes.iter().filter(|change| change.rank_before.is_some()) {
                assert_eq!((change.points_before, change.rank_before), (change.points_after, change.rank_after));
            }
        }
        // A limit on the edge of a bracket: whoever has more flips, and it is said by which clause.
        let tighter = with_limit("1억원");
        let before = tried(&desk, no, &tighter).await;
        let flipped: Vec<&str> = before
            .iter()
            .flat_map(|(_, preview)| preview.flips())
            .flat_map(|it| &it.clauses)
            .map(String::as_str)
            .collect();
        assert!(!flipped.is_empty() && flipped.iter().all(|clause| *clause == "재산"), "{flipped:?}");
        desk.clock.set(day("2027-02-01").at_hour(10));
        assert!(evidence::destroy_due(&Arc::clone(&desk.office)).await.expect("destroyed") > 0);
        assert_eq!(tried(&desk, no, &tighter).await, before, "nothing of it needed the evidence");
    })
    .await;
}
