//! A graceful end: SIGTERM while many ask.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use super::{World, ask};

#[test]
fn told_to_end_it_answers_what_was_asked_and_waits_for_nobody_who_never_finishes() {
    let world = World::new();
    let served = world.serve();
    // Somebody who begins to ask and never ends.
    let mut slow = TcpStream::connect(served.public).expect("a connection");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("written");
    let (public, told) = (served.public, Arc::new(AtomicBool::new(false)));
    let hands: Vec<_> = (0..100)
        .map(|_| {
            let told = Arc::clone(&told);
            std::thread::spawn(move || {
                let mut answered = 0;
                loop {
                    let asked_before = !told.load(SeqCst);
                    match ask(public, "GET", "/districts/99001", "", "") {
                        Ok(answer) if [200, 503].contains(&answer.status) => answered += 1,
                        Ok(answer) => return Err(format!("answered with {}", answer.status)),
                        // Who comes after the signal finds the door closed.
                        Err(_) if told.load(SeqCst) => return Ok((answered, asked_before)),
                        Err(error) => return Err(format!("not answered before the signal: {error}")),
                    }
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(700));
    told.store(true, SeqCst);
    let began = Instant::now();
    served.told_to_end();
    let (mut answered, mut cut) = (0, 0);
    for hand in hands {
        let (some, was_asked_before) = hand.join().expect("a hand").expect("answers");
        answered += some;
        cut += usize::from(was_asked_before);
    }
    let mut served = served;
    let ended = loop {
        if let Some(ended) = served.process.try_wait().expect("asked") {
            break ended;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "still there after {:?}", began.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    };
    println!("{answered} answered, {cut} connections met the closing door, ended after {:?}", began.elapsed());
    assert_eq!(ended.code(), Some(0));
    assert!(answered >= 100, "only {answered} answers");
    world.is_sound();
    drop(slow);
}
