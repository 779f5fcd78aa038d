//! SIGKILL at any moment, and in the middle of a migration.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use iljari_base::{Clock as _, Entropy as _, SystemClock};
use iljari_store::Store;
use iljari_store::args;

use super::{Fates, SLOTS, World, ask, form, now, rounds, seed};

/// People at their desks.
const CLIENTS: usize = 8;

/// The form of a number; every second one carries a one-time id, as the page writes it in.
fn sent(nth: usize, drawn: i64) -> (String, String) {
    let (remark, body) = form(nth);
    let once = if has_id(nth) { format!("once={drawn:x}-{nth:0>24}&") } else { String::new() };
    (remark, once + &body)
}

fn has_id(nth: usize) -> bool {
    nth.is_multiple_of(2)
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let chance = seed("kills");
    let drawn = SystemClock.now().as_microsecond() / 1_000_000;
    let (mut kept, mut unknown, mut found_after_all) = (0, 0, 0);
    let mut world = World::new();
    let mut cookie = String::new();
    let (mut fates, next) = (Fates::default(), Arc::new(AtomicUsize::new(0)));
    let rounds = rounds(100);
    for round in 0..rounds {
        if round > 0 && round % 100 == 0 {
            println!("{round} of {rounds} kills");
        }
        let served = Arc::new(world.serve());
        if cookie.is_empty() {
            cookie = served.sign_in(&world, "한시범");
        }
        let answered = Arc::new(AtomicUsize::new(0));
        let hands: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (served, cookie, next) = (Arc::clone(&served), cookie.clone(), Arc::clone(&next));
                let answered = Arc::clone(&answered);
                std::thread::spawn(move || {
                    let mut fates = Fates::default();
                    loop {
                        let nth = next.fetch_add(1, SeqCst);
                        if nth >= SLOTS || fates.send(&served, &cookie, sent(nth, drawn)).is_none() {
                            return fates;
                        }
                        answered.fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        // Every other time not before the work is in its stride, however slow the machine.
        let began = Instant::now();
        while round % 2 == 0 && answered.load(SeqCst) < CLIENTS && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(20 + chance.below(380)));
        let gone = Command::new("kill").args(["-KILL", &served.process.id().to_string()]).status();
        assert!(gone.expect("kill").success());
        let mut of_round = Fates::default();
        hands.into_iter().for_each(|hand| of_round.extend(hand.join().expect("a hand")));
        assert!(of_round.refused.is_empty(), "round {round}: refused {:?}", of_round.refused);
        kept += of_round.kept.len();
        unknown += of_round.unknown.len();
        Arc::into_inner(served).expect("every hand is done").kill();
        fates.extend(of_round);
        fates.hold(&world);
        let there = world.remarks();
        found_after_all += fates.unknown.iter().filter(|remark| there.contains_key(*remark)).count();
        // Whoever got no answer sends the same form again: the number is there once, whatever had become of it. With an
        // id the form is answered as it was, or by where to look; without one the number that stands refuses it.
        let served = world.serve();
        for remark in std::mem::take(&mut fates.unknown) {
            let nth = remark.rsplit(' ').next().and_then(|nth| nth.parse().ok()).expect("its number");
            let body = sent(nth, drawn).1;
            let answer = ask(served.office, "POST", "/office/entries/new", &cookie, &body).expect("an answer");
            let wanted: &[u16] = match (there.contains_key(&remark), has_id(nth)) {
                (true, true) => &[303, 200],
                (true, false) => &[422],
                (false, _) => &[303],
            };
            assert!(wanted.contains(&answer.status), "round {round}: {remark}: {}", answer.text);
            fates.kept.insert(remark);
        }
        served.kill();
        fates.hold(&world);
        if next.load(SeqCst) + SLOTS / 3 > SLOTS {
            // The plan is full of numbers: another office.
            (world, cookie, fates) = (World::new(), String::new(), Fates::default());
            next.store(0, SeqCst);
        }
    }
    println!("{kept} acknowledged, none lost; {unknown} without an answer, {found_after_all} of them written");
    assert!(kept > 20 && unknown > 0, "{kept} acknowledged, {unknown} unknown: nothing was tried");
}

/// Every table, index and trigger, and which migrations were applied.
pub(super) fn schema(world: &World) -> Vec<String> {
    now(async {
        let store = world.data().await;
        let lines = store.read(|tx| {
            Box::pin(async move {
                let all = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema
                           UNION ALL SELECT 'migration ' || name || ' ' || sha256 FROM migration ORDER BY 1";
                let rows = tx.fetch_all(all, args![]).await?;
                Ok(rows.iter().map(|row| row.text("line")).collect::<Result<Vec<_>, _>>()?)
            })
        });
        let lines = lines.await.expect("the schema");
        store.close().await;
        lines
    })
}

/// A data folder that nobody migrated yet.
fn empty() -> World {
    let world = World::new();
    std::fs::remove_dir_all(world.path("data")).expect("removed");
    std::fs::create_dir(world.path("data")).expect("made");
    std::fs::write(world.path("data/iljari.db"), b"").expect("written");
    world
}

const LOOK: [&str; 4] = ["ledger", "show", "--district", "99001"];

#[test]
fn a_migration_that_is_killed_is_done_or_untouched_and_the_next_start_goes_on() {
    let chance = seed("migrations");
    let whole = empty();
    assert_eq!(whole.run(&LOOK).0, Some(0));
    let wanted = schema(&whole);
    let all = wanted.iter().filter(|line| line.starts_with("migration 0")).count();
    let (mut in_the_middle, mut killed) = (0, 0);
    while killed < rounds(30) {
        let world = empty();
        loop {
            let mut process =
                world.program(&LOOK).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
            std::thread::sleep(Duration::from_millis(15 + chance.below(150)));
            if process.try_wait().expect("asked").is_some() {
                break;
            }
            process.kill().expect("killed");
            process.wait().expect("ended");
            killed += 1;
            let migrated = now(async {
                let store = world.data().await;
                let health = store.health().await.expect("asked");
                assert_eq!((health.damage, health.broken_references), (vec![], 0));
                store.close().await;
                health.rows.get("migration").copied().unwrap_or(0)
            });
            in_the_middle += usize::from(migrated > 0 && usize::try_from(migrated).is_ok_and(|some| some < all));
        }
        assert_eq!(world.run(&LOOK).0, Some(0));
        assert_eq!(schema(&world), wanted);
    }
    println!("{killed} kills, {in_the_middle} between two migrations");
    assert!(in_the_middle > 0, "no kill fell into the migrations");
}

#[test]
fn data_of_a_newer_program_is_refused_with_an_exit_code_of_its_own() {
    let world = World::new();
    now(async {
        let store: Store = world.data().await;
        let newer =
            "INSERT INTO migration (number, name, sha256, applied_at) VALUES (9999, '9999_store_later', '00', '')";
        let done = store.write(move |tx| Box::pin(async move { Ok(tx.execute(newer, args![]).await?) })).await;
        assert_eq!(done.expect("marked as newer"), 1);
        store.close().await;
    });
    for arguments in [&LOOK[..], &["serve"]] {
        let (code, words) = world.run(arguments);
        assert_eq!(code, Some(78), "{words}");
        assert!(words.contains("더 새로운 프로그램"), "{words}");
    }
}
