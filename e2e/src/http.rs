//! One request, one answer, over a plain socket on this machine.
//!
//! Owns as much HTTP as the driver's commands and the pages as served need: one request to a
//! connection, a body or none, no redirects, no compression. It is no client for anything else. A newcomer asks why not
//! a crate: everything here is on loopback and synchronous, and this is all of it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::{Step, Trouble};

/// Longer than any page or command takes; a hung one ends the journey with a message.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a server on this machine answered.
pub(crate) struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// Sends one request and reads the whole answer.
pub(crate) fn ask(
    method: &str,
    address: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Step<Answer> {
    let doing = format!("{method} {address}{path}");
    let mut stream = TcpStream::connect(address).map_err(Trouble::when(&doing))?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(Trouble::when(&doing))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        request.push_str("Content-Type: application/json; charset=utf-8\r\n");
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    request.push_str(body.unwrap_or_default());
    stream.write_all(request.as_bytes()).map_err(Trouble::when(&doing))?;
    read(&mut stream, &doing)
}

/// Reads until the announced length, or until the server closes when it announced none.
fn read(stream: &mut TcpStream, doing: &str) -> Step<Answer> {
    let mut bytes = Vec::new();
    let mut part = [0_u8; 64 * 1024];
    let mut end = None;
    loop {
        if end.is_none()
            && let Some(head) = find(&bytes, b"\r\n\r\n")
        {
            let announced = header(&bytes[..head], "content-length").and_then(|length| length.parse::<usize>().ok());
            end = Some((head + 4, announced.map(|length| head + 4 + length)));
        }
        if let Some((_, Some(full))) = end
            && bytes.len() >= full
        {
            break;
        }
        match stream.read(&mut part).map_err(Trouble::when(doing))? {
            0 => break,
            count => bytes.extend_from_slice(&part[..count]),
        }
    }
    let Some((start, _)) = end else {
        return Err(Trouble::new(format!("{doing}: the answer is not HTTP")));
    };
    let head = &bytes[..start];
    let status = String::from_utf8_lossy(head)
        .split_whitespace()
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| Trouble::new(format!("{doing}: the answer has no status")))?;
    let body = match header(head, "transfer-encoding").as_deref() {
        Some("chunked") => unchunked(&bytes[start..]),
        _ => bytes[start..].to_vec(),
    };
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
}

/// Joins the chunks of a body whose length the server did not know beforehand.
fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = find(rest, b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..line]);
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or_default();
        let from = line + 2;
        if size == 0 || rest.len() < from + size + 2 {
            break;
        }
        body.extend_from_slice(&rest[from..from + size]);
        rest = &rest[from + size + 2..];
    }
    body
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn header(head: &[u8], name: &str) -> Option<String> {
    String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        assert_eq!(unchunked(b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"), b"hello!");
        assert_eq!(unchunked(b""), b"");
    }

    #[test]
    fn a_header_is_found_whatever_its_case() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n";
        assert_eq!(header(head, "content-length").as_deref(), Some("12"));
        assert_eq!(header(head, "cookie"), None);
    }
}
