//! A graceful end: SIGTERM while many ask, somebody sends slowly and a long document is being made.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use iljari_web::local::query_value;

use super::{Served, World, ask, enter, form};

/// Until every process must have ended.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// Waits for the end and gives its code.
fn ended(mut served: Served, began: Instant) -> Option<i32> {
    loop {
        if let Some(ended) = served.process.try_wait().expect("asked") {
            return ended.code();
        }
        assert!(began.elapsed() < ENDS_WITHIN, "still there after {:?}", began.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends a form in pieces, the rest of it only after the signal; what came back.
fn send_slowly(to: SocketAddr, cookie: &str, body: &str, told: &AtomicBool) -> String {
    let mut stream = TcpStream::connect(to).expect("a connection");
    stream.set_read_timeout(Some(ENDS_WITHIN)).expect("a timeout");
    let head = format!(
        "POST /office/entries/new HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (now, later) = body.as_bytes().split_at(body.len() / 3);
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(now)).expect("written");
    while !told.load(SeqCst) {
        std::thread::sleep(Duration::from_millis(20));
    }
    for part in later.chunks(later.len() / 10) {
        std::thread::sleep(Duration::from_millis(200));
        stream.write_all(part).expect("the door still listens");
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn told_to_end_it_answers_whole_whatever_was_asked_before() {
    let world = World::new();
    let served = world.serve();
    let (writer, checker) = (served.sign_in(&world, "한시범"), served.sign_in(&world, "김보기"));
    enter(&served, &writer, &checker, 0);
    let (public, office) = (served.public, served.office);
    let (told, in_flight) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let hands: Vec<_> = (0..100)
        .map(|_| {
            let (told, in_flight) = (Arc::clone(&told), Arc::clone(&in_flight));
            std::thread::spawn(move || {
                let (mut answers, mut last_began) = (Vec::new(), Instant::now());
                while !told.load(SeqCst) {
                    last_began = Instant::now();
                    in_flight.fetch_add(1, SeqCst);
                    // Not one is cut: every connection was made before the signal.
                    let answer = ask(public, "GET", "/districts/99001", "", "").expect("a whole answer");
                    in_flight.fetch_sub(1, SeqCst);
                    answers.push(answer.status);
                }
                (answers, last_began)
            })
        })
        .collect();
    let upload = {
        let (told, writer, body) = (Arc::clone(&told), writer.clone(), form(7).1);
        std::thread::spawn(move || send_slowly(office, &writer, &body, &told))
    };
    let export = std::thread::spawn(move || {
        let path = format!("/office/disclosures/drafts/2023/{}.pdf", query_value("추진실적"));
        (ask(office, "GET", &path, &checker, "").expect("a whole document"), Instant::now())
    });
    std::thread::sleep(Duration::from_millis(700));
    told.store(true, SeqCst);
    let asked = in_flight.load(SeqCst);
    let began = Instant::now();
    served.told_to_end();

    let (mut answered, mut after) = (0, 0);
    for hand in hands {
        let (answers, last_began) = hand.join().expect("a hand that was not cut");
        assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
        assert!(last_began <= began, "asked after the signal");
        answered += answers.len();
        after += usize::from(!answers.is_empty());
    }
    let upload = upload.join().expect("the upload");
    assert!(upload.starts_with("HTTP/1.1 303"), "{upload}");
    let (document, made_at) = export.join().expect("the document");
    assert_eq!(document.status, 200);
    let text = document.text.trim_end();
    assert!(text.contains("%PDF") && text.ends_with("%%EOF"), "half a document");
    assert!(made_at > began, "the document was there before the signal: it was not long enough");
    // Who comes later finds a closed door, not one that closes in the middle.
    loop {
        match TcpStream::connect(public) {
            Err(error) => break assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
            Ok(_) => assert!(began.elapsed() < ENDS_WITHIN, "the door never closes"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(ended(served, began), Some(0));
    println!("{answered} answered, {asked} of them asked when the signal came, ended after {:?}", began.elapsed());
    assert!(asked > 50 && after == 100, "{asked} were asked when the signal came, {after} hands were answered");
    assert!(world.remarks().contains_key(&form(7).0), "what was answered with 303 is not there");
    world.is_sound();
}

#[test]
fn told_to_end_it_waits_for_nobody_who_never_finishes_asking() {
    let world = World::new();
    let served = world.serve();
    let mut slow = TcpStream::connect(served.public).expect("a connection");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("written");
    // So that the door has let the slow one in.
    assert_eq!(ask(served.public, "GET", "/livez", "", "").expect("an answer").status, 200);
    let (began, public) = (Instant::now(), served.public);
    served.told_to_end();
    let mut ready = 200;
    while let Ok(answer) = ask(public, "GET", "/readyz", "", "") {
        ready = answer.status;
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(ready, 503, "while it ends, new work shall go elsewhere");
    assert_eq!(ended(served, began), Some(0));
    world.is_sound();
    drop(slow);
}
