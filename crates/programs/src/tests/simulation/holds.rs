//! What always holds, asked all along a year.

use std::collections::BTreeSet;

use iljari_disclosure::log::totals::Source;

use super::Year;
use crate::selection::Standing;
use crate::tests::desk::places;
use crate::work::WorkState;
use crate::{select, store};

/// The id of the rules that every call of the year froze.
const RULES_ID: &str = "나루공공근로";

impl Year {
    /// Seats are never oversold, starts and entries agree, totals are the fold of entries, ranks come out again, one
    /// household applies once, nobody takes part a third time.
    pub(super) async fn holds(&self, call_no: i64) {
        let desk = &self.desk;
        let cx = desk.cx(&desk.clerk);
        let (seats, work, totals, differences, again, lines, live) = desk
            .write(move |tx| {
                Box::pin(async move {
                    let call = store::call_of(tx, &cx.district, call_no).await?.expect("a call");
                    let run = store::run(tx, &cx.district, call_no).await?.expect("a run");
                    let mut work = Vec::new();
                    for call in store::calls(tx, &cx.district).await? {
                        for it in store::participations(tx, &cx.district, call.no).await? {
                            work.push((call.no, it));
                        }
                    }
                    let live: Vec<_> = store::applications(tx, &cx.district, call_no)
                        .await?
                        .into_iter()
                        .filter(crate::application::Application::is_live)
                        .collect();
                    let mut rounds = Vec::new();
                    for it in &live {
                        rounds.push(store::rounds(tx, &cx.district, RULES_ID, it.resident).await?.len());
                    }
                    assert!(rounds.iter().all(|rounds| *rounds <= 2), "two rounds in two years: {rounds:?}");
                    Ok((
                        store::seats(tx, &cx.district, call_no).await?,
                        work,
                        iljari_ledger::store::totals(tx, &cx.district).await?,
                        iljari_ledger::totals::audit(tx, &cx.district).await?,
                        select::recompute(tx, &cx, &call, &run).await?,
                        store::lines(tx, &cx.district, call_no, run.no).await?,
                        live,
                    ))
                })
            })
            .await
            .expect("read");
        for place in places() {
            let held = seats.iter().filter(|(at, ..)| *at == place.no).count();
            assert!(i64::try_from(held).expect("few") <= place.capacity, "{} has {held}", place.no);
        }
        let leaves = work.iter().filter_map(|(_, it)| it.leaf_id.as_ref());
        let counted = leaves.filter(|leaf| !self.taken_back.contains(*leaf)).count();
        let records: i64 = totals.iter().map(|(_, split)| split.part(Source::Records)).sum();
        assert_eq!(records, i64::try_from(counted).expect("few"), "a job counts because an entry exists");
        assert!(differences.is_empty(), "totals are a fold of entries");
        for ranked in again {
            let line = lines.iter().find(|line| line.app_no == ranked.no).expect("a line");
            assert_eq!((line.rank, line.reserve_no), (Some(ranked.rank), ranked.reserve_no));
        }
        for line in lines.iter().filter(|line| line.outcome == Standing::Reserve) {
            let at_work = work
                .iter()
                .any(|(no, it)| *no == call_no && it.app_no == line.app_no && it.state == WorkState::Started);
            assert!(!at_work, "nobody works from the reserve list");
        }
        let holders: BTreeSet<i64> = seats.iter().map(|(_, _, app)| *app).collect();
        assert_eq!(holders.len(), seats.len(), "nobody holds two seats");
        let households: BTreeSet<_> = live.iter().map(|it| it.household).collect();
        let residents: BTreeSet<_> = live.iter().map(|it| it.resident).collect();
        assert_eq!((households.len(), residents.len()), (live.len(), live.len()), "one of a household, once");
    }
}
