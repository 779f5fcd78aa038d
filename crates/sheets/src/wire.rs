//! What the server and its reading child say to each other.
//!
//! Owns the frames on the two pipes: a request is one line of JSON and the file's bytes, a reply is the
//! length of its JSON, the JSON and bytes where the task makes some. Does not own the tasks (`child`).
//! What a newcomer gets wrong: trusting the reply. The child has read a stranger's file and may say
//! anything, so a reply that does not fit is a refusal like any other.

use iljari_base::Refusal;
use serde::{Deserialize, Serialize};

use crate::grid::Grid;
use crate::limits::Limits;
use crate::mark::Marks;
use crate::no::{No, known_code};

/// The first line of a request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub task: Task,
    pub name: String,
    pub limits: Limits,
}

/// What the child is to do with the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Read it.
    Read,
    /// Say which sheets lie in it, where it is a ZIP of sheets.
    List,
    /// Take this entry out of a ZIP of sheets, and read it.
    ReadEntry(usize),
    /// Write faults into it.
    Mark(Vec<Marks>),
}

/// What the child answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    /// The file, read. After [`Task::ReadEntry`] the entry's bytes follow.
    Grid(Grid),
    /// The file is refused; codes and messages. The entry's bytes follow where it could be taken out.
    Refused(Vec<(String, String)>),
    /// The file is one sheet.
    Single,
    /// The file holds these sheets: their entries and their names.
    Names(Vec<(usize, String)>),
    /// The marked file follows.
    Marked,
}

impl Reply {
    pub(crate) fn refused(refusals: &[Refusal]) -> Self {
        Reply::Refused(refusals.iter().map(|refusal| (refusal.code.to_owned(), refusal.message.clone())).collect())
    }
}

/// The refusals that a child has sent; one that no code of ours fits is told as a garbled answer.
pub(crate) fn refusals(sent: Vec<(String, String)>) -> Vec<Refusal> {
    let known: Option<Vec<Refusal>> =
        sent.into_iter().map(|(code, message)| known_code(&code).map(|code| Refusal::new(code, "", message))).collect();
    known.filter(|refusals| !refusals.is_empty()).unwrap_or_else(|| vec![No::Garbled.refusal()])
}

/// A request as bytes, without the file's, which follow.
pub(crate) fn request_line(request: &Request) -> Option<Vec<u8>> {
    let mut line = serde_json::to_vec(request).ok()?;
    line.push(b'\n');
    Some(line)
}

/// A request and where the file's bytes begin.
pub(crate) fn read_request(bytes: &[u8]) -> Option<(Request, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((serde_json::from_slice(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// A reply as bytes, without what follows it.
pub(crate) fn reply_head(reply: &Reply) -> Option<Vec<u8>> {
    let mut head = vec![0; 4];
    serde_json::to_writer(&mut head, reply).ok()?;
    let length = u32::try_from(head.len() - 4).ok()?;
    head[..4].copy_from_slice(&length.to_le_bytes());
    Some(head)
}

/// A reply and the bytes that follow it.
pub(crate) fn read_reply(mut bytes: Vec<u8>) -> Option<(Reply, Vec<u8>)> {
    let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    let end = usize::try_from(length).ok()?.checked_add(4)?;
    let reply = serde_json::from_slice(bytes.get(4..end)?).ok()?;
    bytes.drain(..end);
    Some((reply, bytes))
}
