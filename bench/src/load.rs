//! R-17 and R-18 (부하): readers and applicants at the counter come at a fixed pace, whether or not the server keeps up.
//!
//! Owns: the pace, the connections, what came back, and looking up afterwards every record that was acknowledged.
//! Does not own: the server, which runs beside it. What a newcomer gets wrong: timing from the moment of sending. A
//! client that waits for a slow server sends less and measures well; here each question has its time in a plan made
//! before, and waits from then on.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::exchange::exchange;
use crate::figure::{Line, Times};

/// Longer than any answer may take; what takes longer counts as an error.
const PATIENCE: Duration = Duration::from_secs(35);

/// Who asks for what, how often, for how long.
#[derive(Debug, Clone)]
pub struct Load {
    /// Where the server listens.
    pub address: SocketAddr,
    /// Public pages a second, one of `pages` after another.
    pub reads: u64,
    /// Applications taken in by a clerk a second.
    pub submits: u64,
    /// Pages of the counter a second.
    pub counter: u64,
    /// For how many seconds.
    pub seconds: u64,
    /// The public pages.
    pub pages: Vec<String>,
    /// The officer's session, as a cookie.
    pub cookie: String,
    /// The address of the call that takes them.
    pub call: String,
    /// The first applicant's number: who applied in an earlier run may not apply again.
    pub first: u64,
}

impl Load {
    /// The pace of R-17 in the demonstration's invented district, so many times: 200 pages and 50 acts a second, and a
    /// counter that looks something up twice a second whatever the pace.
    pub fn of_r17(address: SocketAddr, cookie: String, (factor, seconds): (u64, u64), first: u64) -> Self {
        let pages = ["/", "/districts/99001", "/districts/99001/calls", "/districts/99001/plan", "/districts/11215"];
        Self {
            address,
            reads: 200 * factor,
            submits: 50 * factor,
            counter: 2,
            seconds,
            pages: pages.map(str::to_owned).to_vec(),
            cookie,
            call: "/office/calls/3".to_owned(),
            first,
        }
    }
}

/// What one kind of question came to.
#[derive(Debug, Default, Clone)]
struct Told {
    waits: Vec<Duration>,
    statuses: BTreeMap<u16, u64>,
    failures: u64,
    told_when: u64,
    acknowledged: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Read,
    Submit,
    Counter,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Read => "reads",
            Kind::Submit => "submits",
            Kind::Counter => "counter",
        }
    }
}

/// Connections that wait for the next question.
type Idle = Arc<Mutex<Vec<TcpStream>>>;

/// What came back.
struct Answer {
    status: u16,
    retry_after: bool,
    location: Option<String>,
    cookie: Option<String>,
}

/// Signs an officer in and gives the session as a cookie.
pub async fn sign_in(address: SocketAddr, login: &str, password: &str, code: &str) -> Result<String, String> {
    let body = format!("login={}&password={}&code={code}&next=", encoded(login), encoded(password));
    let answer = ask(&Idle::default(), address, &post(address, "/office/sign-in", "", &body)).await?;
    answer.cookie.filter(|_| answer.status == 303).ok_or_else(|| format!("signing in ended with {}", answer.status))
}

/// Comes at this pace, says what came of it, and looks up what was acknowledged.
pub async fn load(load: Load, what: &str, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let load = Arc::new(load);
    let idle = Idle::default();
    let told: Arc<Mutex<BTreeMap<Kind, Told>>> = Arc::default();
    let mut plan: Vec<(u64, Kind, u64)> = Vec::new();
    for (kind, pace) in [(Kind::Read, load.reads), (Kind::Submit, load.submits), (Kind::Counter, load.counter)] {
        plan.extend((0..pace * load.seconds).map(|nth| (nth * 1_000_000 / pace.max(1), kind, nth)));
    }
    plan.sort_unstable();
    let mut work = Times::default();
    let started = work.start();
    let began = Instant::now();
    let mut asking = JoinSet::new();
    for (at, kind, nth) in plan {
        let due = began + Duration::from_micros(at);
        sleep_until(due).await;
        let (load, idle, told) = (Arc::clone(&load), Arc::clone(&idle), Arc::clone(&told));
        asking.spawn(async move {
            let question = question(&load, kind, nth);
            let answer = timeout(PATIENCE, ask(&idle, load.address, &question)).await;
            note(&told, kind, due.elapsed(), answer.unwrap_or_else(|_| Err("no answer".to_owned())));
        });
        while asking.try_join_next().is_some() {}
    }
    while asking.join_next().await.is_some() {}
    work.stop(started);
    let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
    let mut lost = 0;
    for (kind, mut told) in told {
        for location in &told.acknowledged {
            let there = ask(&idle, load.address, &get(load.address, location, &load.cookie)).await?;
            lost += u64::from(there.status != 200);
        }
        say(line(what, kind, &mut told, lost, &work));
    }
    if lost > 0 {
        return Err(format!("{lost} acknowledged applications are not there"));
    }
    Ok(())
}

fn line(what: &str, kind: Kind, told: &mut Told, lost: u64, work: &Times) -> String {
    told.waits.sort_unstable();
    let share = |hundredths: usize| {
        let last = told.waits.len().saturating_sub(1);
        told.waits.get((told.waits.len() * hundredths / 100).min(last)).copied().unwrap_or_default()
    };
    let of = |status: u16| told.statuses.get(&status).copied().unwrap_or(0);
    let right = if kind == Kind::Submit { of(303) } else { of(200) };
    let all: u64 = told.statuses.values().sum::<u64>() + told.failures;
    Line::of("iljari", "load", &format!("{what}, {}", kind.word()), "app::serve")
        .number("n", all)
        .number("right", right)
        .number("turned_away", of(503))
        .number("told_when", told.told_when)
        .number("wrong", all - right - of(503))
        .number("acknowledged_lost", lost)
        .times(work)
        .time("p50_s", share(50))
        .time("p95_s", share(95))
        .time("p99_s", share(99))
        .end()
}

fn note(told: &Mutex<BTreeMap<Kind, Told>>, kind: Kind, wait: Duration, answer: Result<Answer, String>) {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let told = told.entry(kind).or_default();
    match answer {
        Ok(answer) => {
            *told.statuses.entry(answer.status).or_default() += 1;
            // Whoever was turned away did not wait for anything; his time says nothing of those who were let in.
            if answer.status == 503 {
                told.told_when += u64::from(answer.retry_after);
            } else {
                told.waits.push(wait);
            }
            if answer.status == 303 {
                told.acknowledged.extend(answer.location);
            }
        }
        Err(_) => told.failures += 1,
    }
}

fn question(load: &Load, kind: Kind, nth: u64) -> String {
    match kind {
        Kind::Read => {
            let pages = u64::try_from(load.pages.len().max(1)).unwrap_or(1);
            let page = usize::try_from(nth % pages).ok().and_then(|at| load.pages.get(at));
            get(load.address, page.map_or("/", String::as_str), "")
        }
        Kind::Counter => get(load.address, &format!("{}/applications", load.call), &load.cookie),
        Kind::Submit => {
            let nth = load.first + nth;
            // Everybody is somebody else, or the second would be turned away as one person's second application.
            let body = format!(
                "channel=post&dong={dong}&name={}&birth={}-{:02}-{:02}&phone=&address_dong={dong}&contact_note=&head=self\
                 &household=&household_birth=&note=&wanted=1-01&consents=select&consents=look-up&act=submit&draft=",
                encoded(&name(nth)),
                1940 + nth % 60,
                1 + nth % 12,
                1 + nth % 28,
                dong = encoded("갈대동"),
            );
            post(load.address, &format!("{}/applications/new", load.call), &load.cookie, &body)
        }
    }
}

/// An invented name, another one for each number.
fn name(nth: u64) -> String {
    const SYLLABLES: [char; 14] = ['가', '나', '다', '라', '마', '바', '사', '아', '자', '차', '카', '타', '파', '하'];
    let mut rest = nth;
    let mut name = "예시".to_owned();
    for _ in 0..5 {
        name.push(SYLLABLES[usize::try_from(rest % 14).unwrap_or(0)]);
        rest /= 14;
    }
    name
}

fn get(address: SocketAddr, path: &str, cookie: &str) -> String {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{cookie}\r\n")
}

fn post(address: SocketAddr, path: &str, cookie: &str, body: &str) -> String {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\n{cookie}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// One question over a connection that waits, or a new one.
async fn ask(idle: &Idle, address: SocketAddr, question: &str) -> Result<Answer, String> {
    let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    if let Some(stream) = kept
        // A kept connection may have been closed meanwhile; a question that nobody read is asked again.
        && let Ok(answer) = over(stream, idle, question).await
    {
        return Ok(answer);
    }
    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    over(stream, idle, question).await
}

async fn over(mut stream: TcpStream, idle: &Idle, question: &str) -> Result<Answer, String> {
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let mut read = Vec::with_capacity(1 << 15);
    let head = exchange(&mut stream, question, &mut read).await?;
    let cookie = head.field(&read, "set-cookie").and_then(|cookie| cookie.split(';').next());
    let answer = Answer {
        status: head.status,
        retry_after: head.field(&read, "retry-after").is_some(),
        location: head.field(&read, "location").map(str::to_owned),
        cookie: cookie.map(str::to_owned),
    };
    idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Answers 303 to every second number written, 503 to the others, and 200 to what was acknowledged but one.
    async fn server(listener: tokio::net::TcpListener, lose: bool) {
        let count = Arc::new(Mutex::new(0_u64));
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                while let Ok(read @ 1..) = stream.read(&mut asked).await {
                    let text = String::from_utf8_lossy(&asked[..read]).into_owned();
                    let nth = {
                        let mut count = count.lock().expect("the count");
                        *count += 1;
                        *count
                    };
                    let answer = if text.starts_with("POST") && nth % 2 == 0 {
                        format!("HTTP/1.1 303 See Other\r\nLocation: /there/{nth}\r\nContent-Length: 0\r\n\r\n")
                    } else if text.starts_with("POST") {
                        "HTTP/1.1 503 Busy\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n".to_owned()
                    } else if lose && text.starts_with("GET /there/") {
                        "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n".to_owned()
                    } else {
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned()
                    };
                    stream.write_all(answer.as_bytes()).await.expect("sent");
                }
            });
        }
    }

    async fn run(lose: bool) -> (Result<(), String>, Vec<serde_json::Value>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(server(listener, lose));
        let asked = Load {
            address,
            reads: 40,
            submits: 20,
            counter: 4,
            seconds: 1,
            pages: vec!["/".to_owned(), "/a".to_owned()],
            cookie: "iljari_session=a".to_owned(),
            call: "/office/calls/3".to_owned(),
            first: 0,
        };
        let mut lines = Vec::new();
        let done = load(asked, "a try", &mut |line| lines.push(line)).await;
        (done, lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect())
    }

    #[tokio::test]
    async fn the_pace_is_kept_and_what_was_acknowledged_is_looked_up() {
        let (done, lines) = run(false).await;
        assert_eq!(done, Ok(()));
        let n: Vec<_> = lines.iter().map(|line| (line["n"].as_u64(), line["wrong"].as_u64())).collect();
        assert_eq!(n, [(Some(40), Some(0)), (Some(20), Some(0)), (Some(4), Some(0))]);
        let submits = &lines[1];
        assert_eq!(submits["right"].as_u64().map(|right| right + submits["told_when"].as_u64().unwrap_or(0)), Some(20));
        let (done, _) = run(true).await;
        assert!(done.is_err_and(|told| told.contains("not there")), "what is lost is told");
    }

    #[test]
    fn everybody_has_a_name_of_her_own() {
        let names: std::collections::BTreeSet<String> = (0..30_000).map(name).collect();
        assert_eq!(names.len(), 30_000);
    }

    #[test]
    fn what_is_typed_is_encoded() {
        assert_eq!(encoded("a b가"), "a%20b%EA%B0%80");
    }
}
