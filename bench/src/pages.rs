//! Workload E, pages (일감 E의 화면): one address asked again and again over connections that are kept.
//!
//! Owns: a client that asks and counts. Does not own: the server, ours or the peer's, which runs beside it. What a
//! newcomer gets wrong: quoting the rate alone. On a machine of two cores the client has one of them, so only
//! the ratio to a peer asked by the same client says anything.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::crc::crc32;
use crate::exchange::{Head, exchange};
use crate::figure::{Line, Times};

/// What is asked, of whom, how long.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where the server listens.
    pub address: SocketAddr,
    /// The page.
    pub page: String,
    /// Whose page it is.
    pub peer: String,
    /// How many connections.
    pub connections: usize,
    /// For how many seconds.
    pub seconds: u64,
}

/// What one connection got.
#[derive(Debug, Default)]
struct Got {
    waits: Vec<Duration>,
    bytes: usize,
    crc: u32,
}

/// Asks for a page until the time is over and says how many answers came.
pub async fn pages(asked: Asked, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let mut work = Times::default();
    let started = work.start();
    let until = Instant::now() + Duration::from_secs(asked.seconds);
    let mut asking = JoinSet::new();
    for _ in 0..asked.connections {
        let (address, page) = (asked.address, asked.page.clone());
        asking.spawn(async move { ask(address, &page, until).await });
    }
    let (mut waits, mut bytes, mut crc) = (Vec::new(), 0, 0);
    while let Some(done) = asking.join_next().await {
        let got = done.map_err(|error| error.to_string())??;
        waits.extend(got.waits);
        (bytes, crc) = (got.bytes, got.crc);
    }
    work.stop(started);
    waits.sort_unstable();
    let share = |thousandths: usize| {
        waits.get((waits.len() * thousandths / 1000).min(waits.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    let answers = u64::try_from(waits.len()).unwrap_or(0);
    let per_second = u128::from(answers) * 1_000_000_000 / work.wall().as_nanos().max(1);
    let function = if asked.peer == "iljari" { "app::serve" } else { "" };
    let line = Line::of(&asked.peer, "E", &format!("page {}", asked.page), function)
        .number("n", answers)
        .number("per_s", u64::try_from(per_second).unwrap_or(0))
        .number("page_bytes", u64::try_from(bytes).unwrap_or(0))
        .number("crc", crc)
        .time("load_s", Duration::ZERO)
        .times(&work)
        .time("write_s", Duration::ZERO)
        .time("p50_s", share(500))
        .time("p99_s", share(990));
    say(line.end());
    Ok(())
}

/// One connection's questions, one after another.
async fn ask(address: SocketAddr, page: &str, until: Instant) -> Result<Got, String> {
    let wrong = |error: String| format!("{address}: {error}");
    let stream = TcpStream::connect(address).await;
    let mut stream = stream
        .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
        .map_err(|error| wrong(error.to_string()))?;
    let question = format!("GET {page} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let (mut got, mut read) = (Got::default(), Vec::with_capacity(1 << 16));
    while Instant::now() < until {
        let from = Instant::now();
        let head = exchange(&mut stream, &question, &mut read).await.and_then(only_a_page).map_err(wrong)?;
        got.waits.push(from.elapsed());
        if got.bytes == 0 {
            got.crc = crc32(read.iter().skip(head.body_at).copied());
        }
        got.bytes = head.length;
    }
    Ok(got)
}

/// Anything but a page is refused: a rate of errors is no rate of pages.
fn only_a_page(head: Head) -> Result<Head, String> {
    if head.status == 200 { Ok(head) } else { Err(format!("the server says {}", head.status)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[test]
    fn only_a_whole_page_is_an_answer() {
        let head = |read: &[u8]| match Head::of(read)? {
            Some(head) => only_a_page(head).map(|head| Some((head.body_at, head.length))),
            None => Ok(None),
        };
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Le"), Ok(None));
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"), Ok(Some((38, 5))));
        assert!(head(b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello").is_err());
        assert!(head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }

    #[tokio::test]
    async fn answers_of_a_server_are_counted() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut asked = [0; 1024];
                    while stream.read(&mut asked).await.is_ok_and(|read| read > 0) {
                        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
                        stream.write_all(answer).await.expect("sent");
                    }
                });
            }
        });
        let asked = Asked { address, page: "/".to_owned(), peer: "five bytes".to_owned(), connections: 4, seconds: 1 };
        let mut lines = Vec::new();
        pages(asked, &mut |line| lines.push(line)).await.expect("asked");
        let line: serde_json::Value = serde_json::from_str(&lines[0]).expect("a line of JSON");
        assert!(line["n"].as_u64() > Some(10) && line["page_bytes"].as_u64() == Some(5), "{line}");
        assert_eq!(line["crc"].as_u64(), Some(u64::from(crc32(b"hello".iter().copied()))));
    }
}
