//! One question and its answer over a connection that is kept (문답).
//!
//! Owns: as much HTTP as a bench needs: an answer in one piece whose length is told. Does not own: what is asked, or how
//! often. What a newcomer gets wrong: taking an answer in pieces for one; a rate of halves is no rate.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The head of an answer (답의 머리). Read without a copy: the client has one of the two cores, and what it needs for
/// itself is taken from the server that is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Where the body begins.
    pub body_at: usize,
    /// How long the body is.
    pub length: usize,
}

impl Head {
    /// The head at the beginning of what was read; `None` while it is not whole.
    pub fn of(read: &[u8]) -> Result<Option<Self>, String> {
        let Some(end) = memchr::memmem::find(read, b"\r\n\r\n") else { return Ok(None) };
        let said = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        let first = read.get(..end).unwrap_or_default().split(|byte| *byte == b'\r').next().unwrap_or_default();
        let status = first.split(|byte| *byte == b' ').nth(1).and_then(number);
        let status = status.and_then(|status| u16::try_from(status).ok());
        let status = status.ok_or_else(|| format!("the server says {}", said(first)))?;
        let head = Self { status, body_at: end + 4, length: 0 };
        let length = head.field(read, "content-length").and_then(|length| number(length.as_bytes()));
        let length = length.ok_or_else(|| "an answer without its length".to_owned())?;
        Ok(Some(Self { length, ..head }))
    }

    /// A field by its name, whatever its letters' case, of the answer that begins what was read.
    pub fn field<'r>(&self, read: &'r [u8], name: &str) -> Option<&'r str> {
        let mut rest = read.get(..self.body_at)?;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at(end);
            if let Some((known, value)) = line.split_at_checked(name.len())
                && known.eq_ignore_ascii_case(name.as_bytes())
                && let Some(value) = value.strip_prefix(b":")
            {
                return std::str::from_utf8(value).ok().map(str::trim);
            }
            rest = after.get(1..)?;
        }
        None
    }
}

fn number(text: &[u8]) -> Option<usize> {
    std::str::from_utf8(text).ok()?.parse().ok()
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
