//! The child's side: limits first, then the stranger's file.
//!
//! Owns the hidden subcommand and the limits that the process sets for itself before it reads a byte.
//! What a newcomer gets wrong: calling [`main`] late. Anything done before it (a runtime, a log, an opened
//! database) is something that a hostile file could reach.

use std::io::{Read, Write};
use std::process::ExitCode;

use crate::limits::Limits;
use crate::wire::{self, Reply, Request, Task};
use crate::{many, mark, read};

/// The hidden subcommand by which the binary is asked to be the child.
pub const SUBCOMMAND: &str = "parse-sheet";

/// The exit code of a child that could not limit itself and so read nothing.
pub(crate) const UNCONFINED: i32 = 71;

/// The exit code of a child that was asked nonsense.
const NO_REQUEST: u8 = 64;

/// The child: limits itself, reads one request from standard input, answers on standard output.
pub fn main() -> ExitCode {
    if confine().is_err() {
        return ExitCode::from(u8::try_from(UNCONFINED).unwrap_or(u8::MAX));
    }
    let most = u64::try_from(Limits::default().many_bytes).unwrap_or(u64::MAX).saturating_mul(4);
    let mut bytes = Vec::new();
    if std::io::stdin().lock().take(most).read_to_end(&mut bytes).is_err() {
        return ExitCode::from(NO_REQUEST);
    }
    let Some((request, file)) = wire::read_request(&bytes) else {
        return ExitCode::from(NO_REQUEST);
    };
    let (reply, rest) = answer(&request, file);
    let Some(head) = wire::reply_head(&reply) else {
        return ExitCode::FAILURE;
    };
    let mut output = std::io::stdout().lock();
    let said = output.write_all(&head).and_then(|()| output.write_all(&rest)).and_then(|()| output.flush());
    if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The answer to a request, and the bytes that follow it.
fn answer(request: &Request, file: &[u8]) -> (Reply, Vec<u8>) {
    let grid = |read: Result<_, Vec<_>>| read.map_or_else(|refusals| Reply::refused(&refusals), Reply::Grid);
    match &request.task {
        Task::Read => (grid(read::read(file, &request.name, &request.limits)), Vec::new()),
        Task::List => {
            let reply = match many::list(file, &request.name, &request.limits) {
                Ok(None) => Reply::Single,
                Ok(Some(names)) => Reply::Names(names),
                Err(refusals) => Reply::refused(&refusals),
            };
            (reply, Vec::new())
        }
        Task::ReadEntry(entry) => match many::take_out(file, *entry, &request.limits) {
            Ok((name, bytes)) => (grid(read::read(&bytes, &name, &request.limits)), bytes),
            Err(refusals) => (Reply::refused(&refusals), Vec::new()),
        },
        Task::Mark(marks) => match mark::with_error_column(file, &request.name, marks, &request.limits) {
            Ok(bytes) => (Reply::Marked, bytes),
            Err(refusals) => (Reply::refused(&refusals), Vec::new()),
        },
    }
}

/// Memory for reading, in bytes, beyond what the program itself maps.
#[cfg(unix)]
const MEMORY: u64 = 256 << 20;

/// Seconds of computing.
#[cfg(unix)]
const SECONDS: u64 = 10;

/// Sets the limits that this system knows, for good. Called by [`main`] before it reads anything.
#[cfg(unix)]
pub fn confine() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let mut limits = vec![
        (Resource::As, MEMORY.saturating_add(mapped())),
        (Resource::Cpu, SECONDS),
        // Files already open stay open: the three standard streams. No other can be opened or written.
        (Resource::Nofile, 3),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    if cfg!(target_os = "linux") {
        // Does not bind root; a server is not to run as root.
        limits.push((Resource::Nproc, 0));
    }
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// What the program itself maps, in bytes: its code and fonts count as address space too.
#[cfg(unix)]
fn mapped() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")).and_then(|size| size.trim().parse().ok());
    kilobytes.map_or(0, |size: u64| size.saturating_mul(1024))
}

/// Other systems have no such limits; the parent's clock and cap still hold.
#[cfg(not(unix))]
pub fn confine() -> std::io::Result<()> {
    Ok(())
}
