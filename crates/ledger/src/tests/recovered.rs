//! What an old backup lacks comes back from the published files, and the log goes on without a fork.

use std::path::Path;
use std::sync::Arc;

use iljari_base::{Actor, Entropy as _, SeededEntropy};
use iljari_disclosure::log::words::Unit;
use iljari_store::Store;
use iljari_store::testing::{FreshSqlite, on_postgres, on_sqlite};

use super::bank::bank_test;
use super::restored::{copy_folder, desk_like, office_over};
use super::rotation::put_out;
use super::{Desk, code_of, facts, fault_rounds, fault_seed, number, plan_file};
use crate::adopt::adopt;
use crate::model::Staged;
use crate::record::{Figure, NewNumber};
use crate::recover::{Recovered, UNKNOWN_EVIDENCE, recover};
use crate::rotate::rotate;
use crate::{job, publish, store};

/// What an office does, one after another. The same list told to two offices makes the same log, to the byte.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// A number, written and confirmed.
    Enter,
    /// A number that is only written.
    Write,
    /// What was written last is confirmed.
    Confirm,
    /// The first number is corrected.
    Correct,
    Seal,
    /// A year is disclosed, or disclosed again.
    Disclose,
    /// Another key signs from here on.
    Rotate,
}

fn deeds(chance: &SeededEntropy, how_many: usize) -> Vec<Deed> {
    let deed = |_| match chance.below(16) {
        0..=5 => Deed::Enter,
        6..=7 => Deed::Write,
        8..=9 => Deed::Confirm,
        10 => Deed::Correct,
        11..=13 => Deed::Seal,
        14 => Deed::Disclose,
        _ => Deed::Rotate,
    };
    (0..how_many).map(deed).collect()
}

/// Where a story stands.
#[derive(Default)]
struct Told {
    entered: i16,
    wrote: i16,
    corrected: i64,
    first: Option<String>,
    written: Option<Staged>,
}

/// The number `nth` of a node: each has months and a unit of its own, inside the plan's four years.
fn own_number(nth: i16) -> NewNumber {
    let month = i8::try_from(nth % 10).expect("small") + 1;
    let unit = [Unit::Jobs, Unit::Persons, Unit::Visits, Unit::Cases][usize::try_from(nth / 40).expect("small")];
    let figure = Figure::Own(50 + i64::from(nth));
    NewNumber { unit, ..number(2026 - nth / 10 % 4, (month, month), figure, "부서 취합표") }
}

impl Told {
    async fn tell(&mut self, desk: &Desk, deed: Deed) {
        match deed {
            Deed::Enter => {
                let new = own_number(self.entered);
                self.entered += 1;
                let staged = desk.record_as(&desk.writer, &facts("1-1-1"), new).await.expect("written");
                let entry = desk.confirm(&desk.checker, &staged).await.expect("confirmed");
                self.first.get_or_insert(entry.leaf_id);
            }
            Deed::Write => {
                let new = own_number(self.wrote);
                self.wrote += 1;
                self.written = Some(desk.record_as(&desk.writer, &facts("1-1-2"), new).await.expect("written"));
            }
            Deed::Confirm => {
                if let Some(staged) = self.written.take() {
                    desk.confirm(&desk.checker, &staged).await.expect("confirmed");
                }
            }
            Deed::Correct => {
                if let Some(first) = &self.first {
                    self.corrected += 1;
                    desk.correct(first, 500 + self.corrected).await;
                }
            }
            Deed::Seal => drop(desk.seal().await.expect("sealed")),
            Deed::Disclose => {
                let outcome = put_out(desk).await;
                assert!(["accepted", "nothing-counted", "nothing-changed"].contains(&code_of(&outcome)), "{outcome:?}");
            }
            Deed::Rotate => {
                let outcome = rotate(&desk.office, &desk.code, Actor::Operator).await;
                assert!(["accepted", "nothing-signed"].contains(&code_of(&outcome)), "{outcome:?}");
            }
        }
    }
}

/// Takes back what is missing, and shows that the log is the one that was signed and goes on.
async fn takes_back(restored: &Desk, whole: &Desk, from: &Path, told: &str) -> Option<Recovered> {
    let signed = whole.keys().last_signed(&whole.code).expect("readable").expect("signed");
    let published = whole.published();
    let recovered = recover(&restored.office, &restored.code, from, Actor::Operator).await;
    let recovered = recovered.unwrap_or_else(|stop| panic!("{told}: {stop:?}"));
    assert_eq!(restored.keys().last_signed(&restored.code).expect("readable"), Some(signed), "{told}");
    publish::publish(&restored.office, &restored.code).await.expect("published");
    assert!(restored.published() == published, "{told}: other files are published than before");
    // The bundles too are made again to the byte from what came back.
    std::fs::remove_dir_all(&restored.office.published).expect("removed");
    publish::publish(&restored.office, &restored.code).await.expect("published anew");
    assert!(restored.published() == published, "{told}: other files are made from what came back");
    bank_test(&restored.office, &restored.code).await;
    // Numbers that came back are not late: nobody knows when they were sealed.
    let entries = restored.entries().await;
    let late = entries.iter().find(|entry| entry.sealed.is_some_and(|sealed| sealed.recovered) && entry.is_late());
    assert_eq!(late, None, "{told}");

    restored.enter("1-1-2-1", 2026, (11, 11), 5).await;
    let sealed = restored.seal().await.unwrap_or_else(|stop| panic!("{told}: {stop:?}")).expect("something to seal");
    assert!(u64::try_from(sealed.size).expect("small") > signed.size, "{told}");
    let lines = restored.look(|tx, code| Box::pin(store::leaf_lines(tx, code))).await;
    let before = whole.look(|tx, code| Box::pin(store::leaf_lines(tx, code))).await;
    assert_eq!(lines[..before.len()], before[..], "{told}: the log that went on does not begin as it was");
    bank_test(&restored.office, &restored.code).await;
    recovered
}

#[tokio::test]
async fn from_any_backup_the_log_goes_on_without_a_fork() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let backups = tempfile::tempdir().expect("a folder");
    let chance = fault_seed("recovered");
    let mut story = Told::default();
    let rounds = fault_rounds(40);
    let deeds = deeds(&chance, rounds.min(200));
    for (nth, deed) in deeds.iter().enumerate() {
        story.tell(&desk, *deed).await;
        copy_folder(fresh.folder.path(), &backups.path().join(nth.to_string()));
    }
    desk.enter("1-1-1", 2026, (11, 11), 3).await;
    desk.seal().await.expect("sealed").expect("something to seal");

    let (mut sum, mut behind) = (Recovered::default(), 0);
    for round in 0..rounds {
        let nth = if rounds <= deeds.len() {
            round
        } else {
            usize::try_from(chance.below(deeds.len() as u64)).expect("small")
        };
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(&backups.path().join(nth.to_string()), folder.path());
        let file = folder.path().join("iljari.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.expect("the backup opens");
        let (keys, published) = (folder.path().join("keys"), folder.path().join("published"));
        copy_folder(&desk.office.keys, &keys);
        let restored =
            Desk { office: Arc::new(office_over(&desk, store.clone(), &keys, &published)), ..desk_like(&desk) };
        let from = desk.office.published.join(desk.code.as_str());
        let told = format!("backup {nth}, after {:?}", deeds[nth]);
        // Before a change of keys the backup does not know today's key, either.
        let refused = code_of(&restored.seal().await).to_owned();
        assert_eq!(refused, "behind-own-signature", "{told}");
        let recovered = takes_back(&restored, &desk, &from, &told).await.expect("something was missing");
        behind += 1;
        sum.pending += recovered.pending;
        sum.with_words += recovered.with_words;
        sum.bare += recovered.bare;
        sum.disclosures.extend(recovered.disclosures);
        let own = restored.office.published.join(restored.code.as_str());
        let again = recover(&restored.office, &restored.code, &own, Actor::Operator).await.expect("asked again");
        assert_eq!(again, None, "{told}: it came back twice");
        store.close().await;
    }
    println!("{behind} backups, all behind, all gone on: {sum:?}");
    assert!(sum.pending > 0 && sum.with_words > 0 && sum.bare > 0 && !sum.disclosures.is_empty(), "{sum:?}");
    fresh.store.close().await;
}

#[tokio::test]
async fn both_engines_take_back_the_same() {
    let fresh = FreshSqlite::make().await;
    let whole = Desk::on(fresh.store.clone()).await;
    let chance = fault_seed("recovered on both");
    let deeds = [
        &[Deed::Enter, Deed::Write, Deed::Seal, Deed::Disclose, Deed::Confirm, Deed::Rotate][..],
        &deeds(&chance, 18)[..],
        &[Deed::Correct, Deed::Disclose, Deed::Enter, Deed::Seal],
    ]
    .concat();
    let mut story = Told::default();
    for deed in &deeds {
        story.tell(&whole, *deed).await;
    }
    let from = whole.office.published.join(whole.code.as_str());
    for round in 0..fault_rounds(4).min(100) {
        let cut = usize::try_from(chance.below(deeds.len() as u64 - 1)).expect("small");
        let restores = async |store: Store| {
            // An office that did the beginning of the same, under today's keys.
            let restored = Desk::on(store).await;
            let mut story = Told::default();
            for deed in &deeds[..cut] {
                story.tell(&restored, *deed).await;
            }
            let today = under_todays_keys(&whole, &restored);
            takes_back(&today, &whole, &from, &format!("round {round}, after {cut} deeds")).await;
        };
        on_sqlite(&restores).await;
        on_postgres(&restores).await;
    }
    fresh.store.close().await;
}

/// An office and a twin of it that stopped earlier, under the office's keys; where the published files lie.
async fn twins(store: Store, fresh: &FreshSqlite) -> (Desk, Desk, std::path::PathBuf) {
    let (whole, behind) = (Desk::on(store).await, Desk::on(fresh.store.clone()).await);
    for desk in [&whole, &behind] {
        desk.enter("1-1-1", 2026, (1, 2), 63).await;
        desk.seal().await.expect("sealed").expect("something to seal");
    }
    let from = whole.office.published.join(whole.code.as_str());
    (whole, behind, from)
}

/// The same data under the keys of today, with a chance of its own: nothing is published yet.
fn under_todays_keys(whole: &Desk, behind: &Desk) -> Desk {
    let (keys, published) = (behind.folder.path().join("today.keys"), behind.folder.path().join("today"));
    copy_folder(&whole.office.keys, &keys);
    let office = office_over(behind, behind.office.store.clone(), &keys, &published);
    Desk { office: Arc::new(office), ..desk_like(behind) }
}

#[tokio::test]
async fn only_whole_files_of_our_own_are_believed() {
    on_sqlite(async |store: Store| {
        let fresh = FreshSqlite::make().await;
        let (whole, behind, from) = twins(store, &fresh).await;
        let early = tempfile::tempdir().expect("a folder");
        copy_folder(&from, early.path());
        whole.enter("1-1-1", 2026, (3, 4), 20).await;
        whole.seal().await.expect("sealed").expect("something to seal");
        let behind = &under_todays_keys(&whole, &behind);
        let before = (behind.entries().await, behind.seals().await);
        let refused = async |from: &Path, wanted: &str| {
            let outcome = recover(&behind.office, &behind.code, from, Actor::Operator).await;
            assert_eq!(code_of(&outcome), wanted, "{}", from.display());
            assert_eq!((behind.entries().await, behind.seals().await), before, "something was written");
        };
        refused(&from.join("nowhere"), "no-published-log").await;
        refused(early.path(), "published-behind").await;
        let chance = fault_seed("spoiled");
        let names: Vec<_> = iljari_store::files::list(&from.join("log/tile/entries")).expect("listed");
        for _ in 0..fault_rounds(30) {
            let spoiled = tempfile::tempdir().expect("a folder");
            copy_folder(&from, spoiled.path());
            let name = names[0].strip_prefix(&from).expect("below");
            let mut bytes = std::fs::read(from.join(name)).expect("read");
            let place = usize::try_from(chance.below(bytes.len() as u64)).expect("small");
            bytes[place] ^= 1 << chance.below(8);
            std::fs::write(spoiled.path().join(name), bytes).expect("written");
            refused(spoiled.path(), "published-spoiled").await;
        }
        // Files that another key signed, however whole.
        let stranger = FreshSqlite::make().await;
        let other = Desk::on(stranger.store.clone()).await;
        drop(other.keys().signer(&other.code, &SeededEntropy::new("a stranger")).expect("another key"));
        other.seal().await.expect("sealed").expect("something to seal");
        refused(&other.office.published.join(other.code.as_str()), "published-not-ours").await;
        stranger.store.close().await;
        recover(&behind.office, &behind.code, &from, Actor::Operator).await.expect("asked").expect("taken back");
        fresh.store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_come_back_is_said() {
    on_sqlite(async |store: Store| {
        let fresh = FreshSqlite::make().await;
        let (whole, behind, from) = twins(store, &fresh).await;
        // Behind the backup: a number, one person's job, and an amended plan.
        whole.enter("1-1-1", 2026, (3, 4), 20).await;
        let cx = whole.cx(&whole.checker);
        let (viewer, writer) = (whole.checker.clone(), whole.writer.actor());
        let counting = crate::record::NodeFacts { counting: crate::record::Counting::Records, ..facts("1-1-2-1") };
        let entered = whole.write(move |tx| {
            Box::pin(async move {
                let new = job::NewJob {
                    facts: &counting,
                    period: super::period(2026, (1, 6)),
                    evidence_kind: crate::model::EvidenceKind::Document,
                    remark: "예시 사업",
                    recorded_by: writer,
                    stands_for: &[("resident", "예시")],
                };
                job::enter(tx, &cx, &viewer, new).await
            })
        });
        let one_job = entered.await.expect("entered").entry.leaf_id;
        let amended = format!("{}\n# 고친 계획 (예시)\n", super::PLAN);
        let file = plan_file(&amended);
        let adopts = async |desk: &Desk| {
            let (cx, file) = (desk.cx(&desk.both), file.clone());
            desk.write(move |tx| Box::pin(async move { adopt(tx, &cx, file).await })).await.expect("adopted");
        };
        adopts(&whole).await;
        whole.seal().await.expect("sealed").expect("something to seal");

        // Since the restore somebody wrote the lost number again.
        let behind = &under_todays_keys(&whole, &behind);
        let again = behind.enter("1-1-1", 2026, (4, 5), 21).await;
        let missing = recover(&behind.office, &behind.code, &from, Actor::Operator).await;
        assert_eq!(code_of(&missing), "plan-missing");
        adopts(behind).await;
        let recovered =
            recover(&behind.office, &behind.code, &from, Actor::Operator).await.expect("asked").expect("back");
        assert_eq!((recovered.jobs.as_slice(), recovered.bare), (&[one_job.clone()][..], 3));
        let back = behind.entries().await;
        let of = |leaf: &str| back.iter().find(|entry| entry.leaf_id == leaf).expect("there");
        assert_eq!(
            (of(&one_job).evidence_kind.as_str(), of(&one_job).confirmed_by),
            (UNKNOWN_EVIDENCE, Actor::Operator)
        );
        let [(since, came_back)] = recovered.twice.as_slice() else { panic!("{:?}", recovered.twice) };
        assert_eq!(since, &again.leaf_id);
        assert_eq!(of(came_back).counted.as_ref().expect("a number").amount, 20);
        // And what counts twice is mended as any wrong number is.
        behind.correct(since, 0).await;
        behind.correct(&one_job, 0).await;
        behind.seal().await.expect("sealed").expect("something to seal");
        assert_eq!(behind.total("1-1-1", 2026).await, 83);
        behind.balances().await;
        fresh.store.close().await;
    })
    .await;
}
