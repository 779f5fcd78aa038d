//! One question and its answer over a connection that is kept (문답).
//!
//! Owns: as much HTTP as a bench needs: an answer in one piece whose length is told. Does not own: what is asked, or how
//! often. What a newcomer gets wrong: taking an answer in pieces for one; a rate of halves is no rate.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The head of an answer (답의 머리).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Where the body begins.
    pub body_at: usize,
    /// How long the body is.
    pub length: usize,
    text: String,
}

impl Head {
    /// The head at the beginning of what was read; `None` while it is not whole.
    pub fn of(read: &[u8]) -> Result<Option<Self>, String> {
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let text = String::from_utf8_lossy(read.get(..end).unwrap_or_default()).into_owned();
        let first = text.lines().next().unwrap_or_default();
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| format!("the server says {first}"))?;
        let head = Self { status, body_at: end + 4, length: 0, text };
        let length = head.field("content-length").and_then(|length| length.parse().ok());
        let length = length.ok_or_else(|| "an answer without its length".to_owned())?;
        Ok(Some(Self { length, ..head }))
    }

    /// A field by its name, whatever its letters' case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.text.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks, and reads the whole answer into `read`, over what stood there.
pub async fn exchange(stream: &mut TcpStream, question: &str, read: &mut Vec<u8>) -> Result<Head, String> {
    let wrong = |error: std::io::Error| error.to_string();
    stream.write_all(question.as_bytes()).await.map_err(wrong)?;
    read.clear();
    let mut head: Option<Head> = None;
    loop {
        if head.is_none() {
            head = Head::of(read)?;
        }
        if let Some(head) = head.take_if(|head| read.len() >= head.body_at + head.length) {
            return Ok(head);
        }
        if stream.read_buf(read).await.map_err(wrong)? == 0 {
            return Err("the connection was closed".to_owned());
        }
    }
}
