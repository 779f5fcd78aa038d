//! The database server falls over below the running program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use iljari_store::testing::start_keeping_postgres;

use super::{World, ask};

#[test]
fn while_the_server_is_down_the_program_lives_and_is_not_ready_and_is_ready_again_by_itself() {
    // Its own server: the one that other stories share does not fall.
    let mut server = start_keeping_postgres();
    let world = World::new();
    let url = server.url().to_owned();
    let served = world.serve_with(|command| {
        command.env("ILJARI_DATABASE", &url);
    });
    let public = served.public;
    let status = move |path: &str| ask(public, "GET", path, "", "").expect("a whole answer").status;
    let (end, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let pulse = {
        let (end, looks) = (Arc::clone(&end), Arc::clone(&looks));
        std::thread::spawn(move || {
            while !end.load(SeqCst) {
                let began = Instant::now();
                assert_eq!(status("/livez"), 200);
                assert!(began.elapsed() < Duration::from_secs(2), "/livez took {:?}", began.elapsed());
                looks.fetch_add(1, SeqCst);
                std::thread::sleep(Duration::from_millis(20));
            }
        })
    };
    for _ in 0..2 {
        assert_eq!(status("/readyz"), 200);
        server.fall_over();
        assert_eq!(status("/readyz"), 503);
        assert_eq!(status("/"), 500, "a page says that something broke, whole and with its own face");
        server.come_back();
        let back = Instant::now();
        while status("/readyz") != 200 {
            assert!(back.elapsed() < Duration::from_secs(5), "not ready {:?} after the server was", back.elapsed());
        }
        assert_eq!(status("/"), 200);
        println!("ready again after {:?}", back.elapsed());
    }
    end.store(true, SeqCst);
    pulse.join().expect("alive throughout");
    assert!(looks.load(SeqCst) > 20, "{} looks", looks.load(SeqCst));
}
