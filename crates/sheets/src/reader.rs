//! Reading a file in a child process.
//!
//! Owns starting the child, feeding it, and what is said when it dies, hangs or answers nonsense. Does not
//! own what happens inside (`child`). What a newcomer gets wrong: taking the death of the child for an error
//! of the server. It is the answer to a hostile file, and the person gets a sentence.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use iljari_base::{Failure, Outcome, Refusal, Stop};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::child;
use crate::grid::Grid;
use crate::limits::Limits;
use crate::mark::Marks;
use crate::no::No;
use crate::recognise::shown_name;
use crate::wire::{self, Reply, Request, Task};

/// How long a child may take, by the wall's clock.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most a child may answer, besides a file that it sends back.
const LONGEST_ANSWER: usize = 48 << 20;

/// How many children read at one time.
const CHILDREN: usize = 2;

/// Reads strangers' files, each in a process of its own.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    limits: Limits,
    patience: Duration,
    seats: Semaphore,
}

/// A file that came in, alone or in a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name as it is shown; never a path.
    pub name: String,
    /// Its bytes; empty where it could not be taken out of its ZIP.
    pub bytes: Vec<u8>,
    /// What stands in it, or why it is refused.
    pub grid: Result<Grid, Vec<Refusal>>,
}

impl Reader {
    /// A reader that starts `program` (an absolute path, usually of the running binary) with the hidden
    /// subcommand [`child::SUBCOMMAND`]. That program calls [`child::main`] before anything else.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), limits: Limits::default(), patience: PATIENCE, seats: Semaphore::new(CHILDREN) }
    }

    /// The same with other caps.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with another time to wait for a child.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The caps in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads one workbook or CSV.
    pub async fn read(&self, bytes: &[u8], file_name: &str) -> Outcome<Grid> {
        match self.ask(Task::Read, bytes, file_name).await? {
            (Reply::Grid(grid), _) => Ok(grid),
            (Reply::Refused(sent), _) => Err(Stop::Refused(wire::refusals(sent))),
            _ => Err(garbled()),
        }
    }

    /// Reads one workbook or CSV, or a ZIP of them, each in a child of its own: what is wrong with one does not
    /// touch the others. Refused as a whole only where the ZIP itself is.
    pub async fn read_many(&self, bytes: &[u8], file_name: &str) -> Outcome<Vec<Part>> {
        let names = match self.ask(Task::List, bytes, file_name).await? {
            (Reply::Names(names), _) => names,
            (Reply::Single, _) => {
                let grid = refusals_apart(self.read(bytes, file_name).await)?;
                return Ok(vec![Part { name: shown_name(file_name), bytes: bytes.to_vec(), grid }]);
            }
            (Reply::Refused(sent), _) => return Err(Stop::Refused(wire::refusals(sent))),
            _ => return Err(garbled()),
        };
        let mut parts = Vec::with_capacity(names.len().min(self.limits.many_files));
        for (entry, name) in names.into_iter().take(self.limits.many_files) {
            let answer = self.ask(Task::ReadEntry(entry), bytes, file_name).await;
            parts.push(match answer {
                Ok((Reply::Grid(grid), bytes)) => Part { name, bytes, grid: Ok(grid) },
                Ok((Reply::Refused(sent), bytes)) => Part { name, bytes, grid: Err(wire::refusals(sent)) },
                Ok(_) => Part { name, bytes: Vec::new(), grid: Err(vec![No::Garbled.refusal()]) },
                Err(stop) => Part { name, bytes: Vec::new(), grid: refusals_apart(Err(stop))? },
            });
        }
        Ok(parts)
    }

    /// The file as it came, with a column 오류 at the right of each sheet that has marks.
    pub async fn mark(&self, bytes: &[u8], file_name: &str, marks: Vec<Marks>) -> Outcome<Vec<u8>> {
        match self.ask(Task::Mark(marks), bytes, file_name).await? {
            (Reply::Marked, marked) => Ok(marked),
            (Reply::Refused(sent), _) => Err(Stop::Refused(wire::refusals(sent))),
            _ => Err(garbled()),
        }
    }

    /// Starts a child, hands it the file and waits for its answer.
    async fn ask(&self, task: Task, bytes: &[u8], file_name: &str) -> Outcome<(Reply, Vec<u8>)> {
        if bytes.len() > self.limits.many_bytes {
            return Err(No::TooLarge { limit: self.limits.many_bytes }.refusal().into());
        }
        let request = Request { task, name: file_name.to_owned(), limits: self.limits };
        let line = wire::request_line(&request).ok_or_else(|| Failure::new("a request to the child has no JSON"))?;
        let _seat = self.seats.acquire().await.map_err(|closed| Failure::new(closed).context("waiting for a child"))?;
        let broken = |doing: &'static str| move |error: std::io::Error| Failure::new(error).context(doing);
        let mut running = Command::new(&self.program)
            .arg(child::SUBCOMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(broken("starting the child that reads a sheet"))?;
        let (Some(mut input), Some(output)) = (running.stdin.take(), running.stdout.take()) else {
            return Err(Failure::new("the child that reads a sheet has no pipes").into());
        };
        let longest = LONGEST_ANSWER + self.limits.many_bytes;
        let mut answer = Vec::new();
        let talk = async {
            let feed = async {
                // A child that stops reading has its reason, and its end tells it.
                let fed = async {
                    input.write_all(&line).await?;
                    input.write_all(bytes).await?;
                    input.shutdown().await
                };
                let _ = fed.await;
                drop(input);
            };
            let mut capped = output.take(u64::try_from(longest).unwrap_or(u64::MAX) + 1);
            let (_, heard) = tokio::join!(feed, capped.read_to_end(&mut answer));
            if heard.is_ok_and(|length| length > longest) {
                return Ok(None);
            }
            running.wait().await.map(Some)
        };
        let ended = tokio::time::timeout(self.patience, talk).await;
        let status = match ended {
            Ok(Ok(Some(status))) => status,
            Ok(Ok(None)) => {
                running.kill().await.map_err(broken("ending a child that says too much"))?;
                return Err(garbled());
            }
            Ok(Err(error)) => return Err(broken("waiting for the child that reads a sheet")(error).into()),
            Err(_) => {
                running.kill().await.map_err(broken("ending a child that takes too long"))?;
                return Err(No::Slow.refusal().into());
            }
        };
        verdict(status)?;
        wire::read_reply(answer).ok_or_else(garbled)
    }
}

/// What the child's end means.
fn verdict(status: ExitStatus) -> Outcome<()> {
    match status.code() {
        Some(0) => Ok(()),
        Some(child::UNCONFINED) => {
            Err(Failure::new("the child that reads a sheet could not limit itself, so it read nothing").into())
        }
        _ => Err(No::Died.refusal().into()),
    }
}

fn garbled() -> Stop {
    No::Garbled.refusal().into()
}

/// Refusals as a result of their own; what else went wrong stays what it is.
fn refusals_apart(outcome: Outcome<Grid>) -> Outcome<Result<Grid, Vec<Refusal>>> {
    match outcome {
        Ok(grid) => Ok(Ok(grid)),
        Err(Stop::Refused(refusals)) => Ok(Err(refusals)),
        Err(stop) => Err(stop),
    }
}
