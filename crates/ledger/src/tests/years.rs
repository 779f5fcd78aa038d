//! Random years of work: whatever officers do in whatever order, the totals are the fold of the
//! entries, and both engines tell the same story.

use std::collections::BTreeMap;

use iljari_base::{Date, Entropy as _, SeededEntropy, Year};
use iljari_store::Store;
use iljari_store::testing::{both, on_postgres, on_sqlite};
use iljari_web::Viewer;

use super::{Desk, code_of, facts, fault_rounds, number};
use crate::disclose::{Wish, disclose};
use crate::model::EntryKind;
use crate::record::Figure;
use crate::{store, totals};

const NODES: [&str; 4] = ["1-1-1", "1-1-2", "1-1-2-1", "전체"];

/// Does `acts` random acts and tells what came of each.
async fn live(desk: &Desk, seed: &str, acts: usize) -> Vec<String> {
    let chance = SeededEntropy::new(seed);
    let pick = |bound: usize| usize::try_from(chance.below(u64::try_from(bound).expect("small"))).expect("small");
    let month = || i8::try_from(pick(12)).expect("small") + 1;
    let mut told = Vec::new();
    for nth in 0..acts {
        desk.clock.advance_seconds(i64::try_from(pick(3600)).expect("small"));
        let writer: &Viewer = if pick(2) == 0 { &desk.writer } else { &desk.both };
        let checker: &Viewer = if pick(4) == 0 { &desk.both } else { &desk.checker };
        let line = match pick(10) {
            0..=3 => {
                let amount = i64::try_from(pick(400)).expect("small") - 5;
                let (first, last) = (month(), month());
                let figure = if pick(3) == 0 { Figure::Cumulative(amount * 5) } else { Figure::Own(amount) };
                let first = if matches!(figure, Figure::Cumulative(_)) { 1 } else { first.min(last) };
                let year = 2023 + i16::try_from(pick(4)).expect("small");
                let mut typed = number(year, (first, first.max(last)), figure, "부서 취합표 (예시)");
                let kinds = crate::model::EvidenceKind::ALL;
                typed.evidence_kind = kinds[pick(kinds.len())];
                let node = NODES[pick(NODES.len())];
                format!("record {node} {}", code_of(&desk.record_as(writer, &facts(node), typed).await))
            }
            4..=6 => {
                let waiting = desk.look(|tx, code| Box::pin(store::staged_waiting(tx, code))).await;
                let Some(staged) = waiting.get(pick(waiting.len().max(1))) else { continue };
                format!("confirm {}", code_of(&desk.confirm(checker, staged).await))
            }
            7 | 8 => {
                let entries = desk.entries().await;
                let entry = &entries[pick(entries.len())];
                let right = i64::try_from(pick(500)).expect("small");
                format!("correct {}", code_of(&desk.stage_correction(&entry.leaf_id, right).await))
            }
            _ if pick(3) > 0 => format!("seal {}", code_of(&desk.seal().await)),
            _ => {
                let wish = Wish {
                    year: Year(2023 + i16::try_from(pick(4)).expect("small")),
                    approval_no: "일자리정책과-1 (예시)".to_owned(),
                    approval_on: Date::new(2026, 11, 20),
                    remark: "늦게 온 실적을 넣었습니다".to_owned(),
                };
                format!("disclose {}", code_of(&disclose(&desk.office, &desk.cx(&desk.checker), wish).await))
            }
        };
        told.push(format!("{nth} {line}"));
    }
    told
}

#[tokio::test]
async fn after_any_year_of_work_the_totals_are_the_fold_of_the_entries() {
    for seed in ["가람", "나루", "다리"] {
        both(async |store: Store| {
            let desk = Desk::on(store).await;
            let told = live(&desk, seed, 120).await;
            assert!(!told.iter().any(|line| line.ends_with("failed") || line.ends_with("inconsistent")), "{told:#?}");
            for kind in [EntryKind::Count, EntryKind::Correction, EntryKind::Disclosure] {
                assert!(desk.entries().await.iter().any(|entry| entry.kind == kind), "{seed}: a tame year: {told:#?}");
            }
            desk.seal().await.expect("sealed");
            desk.balances().await;

            let kept = desk.look(|tx, code| Box::pin(store::totals(tx, code))).await;
            let (code, clock) = (desk.code.clone(), desk.clock.clone());
            desk.write(move |tx| Box::pin(async move { totals::rebuild(tx, &*clock, &code).await }))
                .await
                .expect("rebuilt");
            assert_eq!(desk.look(|tx, code| Box::pin(store::totals(tx, code))).await, kept, "seed {seed}");

            // Everything published can be made again, after all that happened since.
            let published = desk.published();
            std::fs::remove_dir_all(&desk.office.published).expect("removed");
            crate::publish::publish(&desk.office, &desk.code).await.expect("published");
            let again = desk.published();
            let differing: Vec<_> = published.keys().filter(|name| published.get(*name) != again.get(*name)).collect();
            assert_eq!((differing, published.len()), (Vec::<&String>::new(), again.len()), "seed {seed}");
        })
        .await;
    }
}

#[tokio::test]
async fn both_engines_tell_the_same_year() {
    let told = std::sync::Mutex::new(Vec::new());
    let keep = async |store: Store| {
        let desk = Desk::on(store).await;
        let acts = live(&desk, "같은 해", fault_rounds(200)).await;
        let roots: Vec<String> = desk.seals().await.into_iter().map(|seal| seal.root).collect();
        let published: BTreeMap<String, Vec<u8>> = desk.published();
        told.lock().expect("nobody panicked").push((acts, roots, published));
    };
    on_sqlite(&keep).await;
    on_postgres(&keep).await;
    let told = told.into_inner().expect("nobody panicked");
    let [(acts, roots, files), (other_acts, other_roots, other_files)] = told.as_slice() else { panic!("two years") };
    assert_eq!(acts, other_acts);
    assert!(roots.len() > 3, "{acts:#?}");
    assert_eq!(roots, other_roots);
    assert!(files == other_files, "the engines published different bytes");
}

#[tokio::test]
async fn no_two_leaves_show_that_one_hand_wrote_them() {
    both(async |store: Store| {
        let desk = Desk::on(store).await;
        for month in 1..=6 {
            desk.enter("1-1-1", 2026, (month, month), 11).await;
        }
        desk.seal().await.expect("sealed").expect("something to seal");
        let names: Vec<String> = [&desk.writer, &desk.checker, &desk.both]
            .iter()
            .flat_map(|viewer| [viewer.name.clone(), viewer.officer.to_string()])
            .collect();
        let inside: Vec<String> = desk.entries().await.iter().map(|entry| entry.id.to_string()).collect();
        let published: BTreeMap<String, Vec<u8>> = desk.published();
        for (path, bytes) in &published {
            let text = String::from_utf8_lossy(bytes).into_owned();
            for secret in
                names.iter().chain(&inside).map(String::as_str).chain(["부서 취합표", "부서집계", "2026-11-20"])
            {
                assert!(!text.contains(secret), "{path} shows {secret}");
            }
        }
    })
    .await;
}
