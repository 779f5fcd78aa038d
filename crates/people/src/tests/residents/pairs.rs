//! Pairs that may be one person: decided, linked, undone.

use iljari_base::{Actor, Id, Outcome, id};
use iljari_store::Store;
use iljari_store::testing::both;

use super::super::kit::{TestOffice, codes};
use super::{han, hong};
use crate::cx::Cx;
use crate::residents::{self, ChangeReason, Decision, DecisionLine, DecisionWanted, NewResident, OpenPair, PairReason};

type Pair = (Id<id::Resident>, Id<id::Resident>);

impl TestOffice {
    async fn decide(&self, cx: &Cx, pair: Pair, decision: Decision, why: PairReason, remark: &str) -> Outcome<()> {
        let (cx, safe) = (cx.clone(), self.safe());
        let wanted = DecisionWanted { pair, decision, why, remark: remark.to_owned() };
        self.act(move |tx| Box::pin(async move { residents::decide(tx, &cx, &safe, wanted).await })).await
    }

    pub async fn open_pairs(&self, cx: &Cx) -> Vec<OpenPair> {
        let (cx, safe) = (cx.clone(), self.safe());
        self.act(move |tx| Box::pin(async move { residents::open_pairs(tx, &cx, &safe).await })).await.expect("pairs")
    }

    async fn linked(&self, cx: &Cx, id: Id<id::Resident>) -> Vec<Id<id::Resident>> {
        let cx = cx.clone();
        let all = self.act(move |tx| Box::pin(async move { residents::linked(tx, &cx, id).await })).await;
        all.expect("linked").into_iter().collect()
    }

    async fn history(&self, cx: &Cx, pair: Pair) -> Vec<DecisionLine> {
        let (cx, safe) = (cx.clone(), self.safe());
        self.act(move |tx| Box::pin(async move { residents::history(tx, &cx, &safe, pair).await })).await.expect("read")
    }
}

#[tokio::test]
async fn a_merge_is_a_link_and_an_unmerge_takes_it_back() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let clerk = office.officer("김보기", &[]).await;
        let cx = office.by(clerk);
        let one = office.enrol(&cx, han()).await.expect("enrolled").id;
        office.clock.advance_seconds(60);
        let slip = NewResident { name: "한시빔".to_owned(), phone: None, ..han() };
        let enrolled = office.enrol(&cx, slip).await.expect("enrolled");
        let other = enrolled.id;
        assert_eq!(
            enrolled.alike[0].score.sentence(),
            "이름 비슷함(+3), 생년월일 같음(+6), 전화 알 수 없음(0), 동 같음(+1): 모두 10점"
        );
        let open = office.open_pairs(&cx).await;
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].one.id, open[0].other.id, open[0].score.total()), (one, other, 10));
        assert_eq!((open[0].one.masked_name.as_str(), open[0].other.masked_name.as_str()), ("한○범", "한○빔"));
        assert_eq!(office.linked(&cx, one).await, [one], "nothing is merged by itself");

        // The order in which the two are named does not matter.
        office.decide(&cx, (other, one), Decision::Same, PairReason::Documents, "신분증을 봄").await.expect("decided");
        assert_eq!(office.linked(&cx, one).await, [one, other]);
        assert_eq!(office.linked(&cx, other).await, [one, other]);
        assert!(office.open_pairs(&cx).await.is_empty());
        for (id, name) in [(one, "한시범"), (other, "한시빔")] {
            assert_eq!(office.open_resident(&cx, id).await.expect("both stay").name, name);
        }
        assert_eq!(
            codes(office.decide(&cx, (one, other), Decision::Different, PairReason::Asked, "").await),
            ["already-decided"]
        );

        office.decide(&cx, (one, other), Decision::Undo, PairReason::Wrong, "").await.expect("undone");
        assert_eq!(office.linked(&cx, one).await, [one]);
        assert_eq!(office.open_pairs(&cx).await.len(), 1);
        assert_eq!(
            codes(office.decide(&cx, (one, other), Decision::Undo, PairReason::Wrong, "").await),
            ["already-decided"]
        );
        office.decide(&cx, (one, other), Decision::Different, PairReason::Family, "").await.expect("decided");
        assert!(office.open_pairs(&cx).await.is_empty());

        let history = office.history(&cx, (other, one)).await;
        let read: Vec<_> =
            history.iter().map(|line| (line.decision, line.score, line.why, line.remark.as_deref(), line.by)).collect();
        let by = Actor::Officer(clerk);
        assert_eq!(
            read,
            [
                (Decision::Same, 10, PairReason::Documents, Some("신분증을 봄"), by),
                (Decision::Undo, 10, PairReason::Wrong, None, by),
                (Decision::Different, 10, PairReason::Family, None, by),
            ]
        );
        assert_eq!(history[0].at, office.now());
        // A pair that is found again keeps what was decided about it.
        let (change, safe) = (cx.clone(), office.safe());
        let same = NewResident { phone: None, ..han() };
        office
            .act(move |tx| {
                Box::pin(async move { residents::change(tx, &change, &safe, other, (same, ChangeReason::Slip)).await })
            })
            .await
            .expect("changed");
        assert!(office.open_pairs(&cx).await.is_empty());
        for sql in ["UPDATE resident_decision SET decision = 'open'", "DELETE FROM resident_decision"] {
            let refused = office.act(move |tx| Box::pin(async move { Ok(tx.execute(sql, vec![]).await?) })).await;
            assert!(refused.expect_err(sql).to_string().contains("a trigger refused it"));
        }
    })
    .await;
}

#[tokio::test]
async fn links_lead_on_and_an_erased_record_leaves_the_queue() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let mut ids = Vec::new();
        for _ in 0..3 {
            office.clock.advance_seconds(60);
            ids.push(office.enrol(&cx, han()).await.expect("enrolled").id);
        }
        assert_eq!(office.open_pairs(&cx).await.len(), 3);
        let told = "둘 다 본인 것이라 함";
        office.decide(&cx, (ids[0], ids[1]), Decision::Same, PairReason::Asked, told).await.expect("decided");
        assert_eq!(office.history(&cx, (ids[0], ids[1])).await[0].remark.as_deref(), Some(told));
        office.decide(&cx, (ids[1], ids[2]), Decision::Same, PairReason::Asked, "").await.expect("decided");
        assert_eq!(office.linked(&cx, ids[0]).await, ids, "a link to a link counts");
        assert_eq!(office.open_pairs(&cx).await.len(), 1);
        office.erase_resident(&cx, ids[0]).await.expect("erased");
        assert!(office.open_pairs(&cx).await.is_empty());
        assert_eq!(
            codes(office.decide(&cx, (ids[0], ids[2]), Decision::Same, PairReason::Asked, "").await),
            ["resident-erased"]
        );
        // What was linked stays linked: past rounds of hers still count.
        assert_eq!(office.linked(&cx, ids[2]).await, ids);
        let history = office.history(&cx, (ids[0], ids[1])).await;
        assert!(history.len() == 1 && history[0].remark.is_none(), "words about both go with the first who goes");
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_refused_in_this_order() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let one = office.enrol(&cx, han()).await.expect("enrolled").id;
        let stranger = office.enrol(&cx, hong()).await.expect("enrolled").id;
        let long = "가".repeat(301);
        for (remark, code) in
            [("610312-1234567", "resident-number"), (long.as_str(), "remark-too-long"), ("", "not-a-pair")]
        {
            let refused = office.decide(&cx, (one, stranger), Decision::Same, PairReason::Asked, remark).await;
            assert_eq!(codes(refused), [code]);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_officers_who_decide_at_once_one_is_told_so() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let (left, right) = (office.officer("김보기", &[]).await, office.officer("이견본", &[]).await);
        let (left, right) = (office.by(left), office.by(right));
        let one = office.enrol(&left, han()).await.expect("enrolled").id;
        let other = office.enrol(&left, han()).await.expect("enrolled").id;
        let (first, second) = tokio::join!(
            office.decide(&left, (one, other), Decision::Same, PairReason::Documents, ""),
            office.decide(&right, (one, other), Decision::Different, PairReason::Family, ""),
        );
        let mut told = [codes(first), codes(second)];
        told.sort();
        assert_eq!(told, [vec![], vec!["already-decided"]]);
        assert_eq!(office.history(&left, (one, other)).await.len(), 1);
    })
    .await;
}
