//! A wall clock that steps: the order of the ledger, the life of sessions, the date of a signature.

use iljari_ledger::store;

use super::{World, ask, code, enter, now};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

#[test]
fn a_session_gains_no_life_when_the_clock_steps() {
    for step in [-HOUR, -400 * DAY, HOUR, 400 * DAY] {
        let world = World::new();
        let served = world.serve();
        let cookie = served.sign_in(&world, "한시범");
        let status = || ask(served.office, "GET", "/office/entries/new", &cookie, "").expect("an answer").status;
        assert_eq!(status(), 200);
        world.set_clock(step);
        assert_ne!(status(), 200, "still in after a step of {step} seconds");
        world.set_clock(20);
        assert_eq!(status(), 200, "a clock that is put right by seconds throws nobody out");
        assert_eq!(ask(served.public, "GET", "/livez", "", "").expect("an answer").status, 200);
    }
}

#[test]
fn the_ledger_follows_its_sequence_and_no_signature_is_dated_before_the_last() {
    let world = World::new();
    let seal = || world.run(&["ledger", "seal", "--district", "99001"]);
    let at = |clock: i64, nth: usize, (writer, checker): (&str, &str)| {
        world.set_clock(clock);
        let served = world.serve();
        enter(&served, &served.sign_in(&world, writer), &served.sign_in(&world, checker), nth);
        served.kill();
    };
    let (one, other) = (("한시범", "김보기"), ("홍예시", "이견본"));
    // A clock that is more than a year ahead, then put right: back by 398 days. Duties begin today, so all is later.
    at(400 * DAY, 0, one);
    at(2 * DAY, 1, other);
    at(3 * DAY, 2, other);
    let entries = now(async {
        let store = world.data().await;
        let entries = store.read(|tx| Box::pin(async move { store::entries(tx, &code()).await })).await;
        store.close().await;
        entries.expect("read")
    });
    let counted: Vec<_> = entries.iter().filter(|entry| entry.counted.is_some()).collect();
    let remarks: Vec<&str> = counted.iter().map(|entry| entry.remark.as_str()).collect();
    assert_eq!(remarks, ["예시 기록 0", "예시 기록 1", "예시 기록 2"]);
    assert!(!counted.iter().map(|entry| entry.entered_at).is_sorted(), "the clock did not step");

    world.set_clock(400 * DAY + HOUR);
    let sealed = seal();
    assert_eq!(sealed.0, Some(0), "{}", sealed.1);
    let checkpoint = || std::fs::read(world.path("data/published/99001/log/checkpoint")).expect("published");
    let first = checkpoint();
    at(4 * DAY, 3, other);
    let refused = seal();
    assert!(refused.0 == Some(1) && refused.1.contains("시계"), "{refused:?}");
    assert_eq!(checkpoint(), first, "the last good checkpoint stays");
    world.set_clock(400 * DAY + 2 * HOUR);
    let sealed = seal();
    assert_eq!(sealed.0, Some(0), "{}", sealed.1);
    assert_ne!(checkpoint(), first);
    world.is_sound();
}
