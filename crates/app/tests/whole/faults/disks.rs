//! A disk without room, and syncs that fail.

use std::time::{Duration, Instant};

use super::{Fates, Number, World, ask, enter};

/// What anybody reads while nothing can be written.
const READ: [&str; 4] = ["/", "/districts/99001", "/livez", "/log/99001/checkpoint"];

#[test]
fn a_full_disk_refuses_cleanly_keeps_reading_and_goes_on_when_there_is_room() {
    let world = World::new();
    let sealed = world.run(&["ledger", "seal", "--district", "99001"]);
    assert_eq!(sealed.0, Some(0), "{}", sealed.1);
    let served = world.serve();
    let cookie = served.sign_in(&world, "한시범");
    let checker = served.sign_in(&world, "김보기");
    enter(&served, &cookie, &checker, 100);
    let mut fates = Fates::default();
    for nth in 0..5 {
        assert_eq!(fates.write(&served, &cookie, nth), Some(303));
    }
    world.tell(Number::Full, 1);
    for nth in 5..10 {
        let began = Instant::now();
        assert_eq!(fates.write(&served, &cookie, nth), Some(507));
        assert!(began.elapsed() < Duration::from_secs(1), "the refusal took {:?}", began.elapsed());
    }
    assert!(world.number(Number::Refused) >= 5, "no write found the disk full");
    for path in READ.iter().cycle().take(100) {
        assert_eq!(ask(served.public, "GET", path, "", "").expect("an answer").status, 200, "{path}");
    }
    let desk = ask(served.office, "GET", "/office/staged", &cookie, "").expect("an answer");
    assert_eq!(desk.status, 200, "an officer can read too");
    let ready = ask(served.public, "GET", "/readyz", "", "").expect("an answer");
    assert_eq!(ready.status, 503, "who asks is told not to send more: {}", ready.text);
    // A seal finds no room either: it says so, and signs and publishes nothing by half.
    let before = std::fs::read(world.path("data/published/99001/log/checkpoint")).expect("published");
    let sealed = world.run(&["ledger", "seal", "--district", "99001"]);
    assert_eq!(sealed.0, Some(1), "{}", sealed.1);
    assert_eq!(std::fs::read(world.path("data/published/99001/log/checkpoint")).expect("published"), before);
    world.tell(Number::Full, 0);
    let began = Instant::now();
    for nth in 10..15 {
        assert_eq!(fates.write(&served, &cookie, nth), Some(303));
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    let ready = ask(served.public, "GET", "/readyz", "", "").expect("an answer");
    assert_eq!(ready.status, 200, "{}", ready.text);
    let sealed = world.run(&["ledger", "seal", "--district", "99001"]);
    assert_eq!(sealed.0, Some(0), "{}", sealed.1);
    assert_ne!(std::fs::read(world.path("data/published/99001/log/checkpoint")).expect("published"), before);
    served.kill();
    fates.hold(&world);
}

#[test]
fn every_acknowledged_write_was_synced_before_its_answer() {
    let world = World::new();
    let served = world.serve();
    let cookie = served.sign_in(&world, "한시범");
    let mut fates = Fates::default();
    for nth in 0..20 {
        let before = world.number(Number::Syncs);
        assert_eq!(fates.write(&served, &cookie, nth), Some(303));
        assert!(world.number(Number::Syncs) > before, "write {nth} was answered without a sync");
    }
    served.kill();
    fates.hold(&world);
}

#[test]
fn a_failing_sync_is_never_acknowledged() {
    let world = World::new();
    let served = world.serve();
    let cookie = served.sign_in(&world, "한시범");
    let mut fates = Fates::default();
    let mut nth = 0..;
    for well in 0..6 {
        for _ in 0..well {
            assert_eq!(fates.write(&served, &cookie, nth.next().expect("endless")), Some(303));
        }
        let (syncs, broken) = (world.number(Number::Syncs), world.number(Number::Broken));
        world.tell(Number::From, syncs + 1);
        world.tell(Number::Until, u64::MAX);
        for _ in 0..3 {
            let status = fates.write(&served, &cookie, nth.next().expect("endless"));
            assert!(status.is_some_and(|status| status >= 500), "answered {status:?} without a sync");
        }
        assert!(world.number(Number::Broken) >= broken + 3, "nothing was injected");
        let ready = ask(served.public, "GET", "/readyz", "", "").expect("an answer");
        assert_eq!(ready.status, 503, "{}", ready.text);
        let told = ask(served.office, "GET", "/metrics", "", "").expect("an answer").text;
        assert!(!told.contains("iljari_lost_writes 0") && told.contains("iljari_lost_writes "), "{told}");
        world.tell(Number::Until, 0);
        assert_eq!(fates.write(&served, &cookie, nth.next().expect("endless")), Some(303));
        let ready = ask(served.public, "GET", "/readyz", "", "").expect("an answer");
        assert_eq!(ready.status, 200, "{}", ready.text);
    }
    served.kill();
    fates.hold(&world);
}

#[test]
fn a_seal_whose_sync_fails_at_any_place_is_finished_by_the_next() {
    let mut told_at = 0;
    for nth in 1.. {
        let world = World::new();
        world.tell(Number::From, nth);
        world.tell(Number::Until, nth + 1);
        let (ended, words) = world.run(&["ledger", "seal", "--district", "99001"]);
        if world.number(Number::Broken) == 0 {
            assert_eq!(ended, Some(0), "{words}");
            assert!(nth > 10, "only {nth} syncs were seen");
            break;
        }
        told_at += usize::from(ended != Some(0));
        // Where the command said yes, everything is there: then the sync was one that SQLite may do later.
        world.tell(Number::From, 0);
        if ended != Some(0) {
            let (ended, words) = world.run(&["ledger", "seal", "--district", "99001"]);
            assert_eq!(ended, Some(0), "sync {nth}: {words}");
        }
        let (ended, words) = world.run(&["ledger", "audit", "--district", "99001"]);
        assert_eq!(ended, Some(0), "sync {nth}: {words}");
        let checkpoint = std::fs::read_to_string(world.path("data/published/99001/log/checkpoint")).expect("published");
        let size = checkpoint.lines().nth(1).expect("a size").to_owned();
        let memory = std::fs::read_to_string(world.path("data.keys/log-99001.signed")).expect("remembered");
        assert!(memory.starts_with(&format!("{size} ")), "sync {nth}: {size} published, {memory} remembered");
        world.is_sound();
    }
    assert!(told_at > 5, "only {told_at} broken syncs were told");
}
