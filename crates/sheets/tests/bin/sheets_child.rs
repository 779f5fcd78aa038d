//! The child for this crate's own tests, and children that misbehave.
//!
//! Called by its own name it is what the product's binary is with the hidden subcommand. Called by another
//! name (a link, because a child gets no environment) it does what a hostile file would make it do.

use std::process::ExitCode;

use iljari_sheets::child;

fn main() -> ExitCode {
    let mut arguments = std::env::args();
    let name = arguments.next().unwrap_or_default();
    let asked = arguments.next();
    if name.ends_with("/server") {
        return serve(&asked.unwrap_or_default(), &arguments.next().unwrap_or_default());
    }
    if asked.as_deref() != Some(child::SUBCOMMAND) || std::env::vars_os().next().is_some() {
        return ExitCode::from(64);
    }
    match name.rsplit('/').next().unwrap_or_default() {
        "greedy" => {
            let mut kept = Vec::new();
            if child::confine().is_err() {
                return ExitCode::SUCCESS;
            }
            while kept.len() < 64 {
                kept.push(vec![1u8; 16 << 20]);
            }
            // A gigabyte: the limit did not hold, which the parent must not take for a death.
            print!("{}", kept.len());
            ExitCode::SUCCESS
        }
        "stuck" => loop {
            std::thread::park();
        },
        "talker" => loop {
            println!("{}", "0123456789abcdef".repeat(4096));
        },
        "panicking" => panic!("as a reader would that met what it did not expect"),
        "curious" => {
            // Says in its exit code whether a confined child could still open a file.
            if child::confine().is_err() {
                return ExitCode::from(1);
            }
            let opened = std::fs::File::open("/etc/hostname").is_ok();
            ExitCode::from(if opened { 2 } else { 71 })
        }
        "babbler" => {
            print!("no frame of ours, and long enough to look like one");
            ExitCode::SUCCESS
        }
        _ => child::main(),
    }
}

/// A server that reads every file of a folder through the child, says how each is answered, and how many
/// kilobytes it grew by at most.
fn serve(child: &str, folder: &str) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let Ok(entries) = std::fs::read_dir(folder) else { return ExitCode::FAILURE };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let files: Vec<(String, Vec<u8>)> = paths
        .iter()
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), std::fs::read(path).ok()?)))
        .collect();
    let reader = iljari_sheets::Reader::new(child);
    let before = most_memory();
    for (name, bytes) in &files {
        let answer = runtime.block_on(reader.read(bytes, name));
        let code = answer.map(|_| "read").unwrap_or_else(|stop| stop.refusals().first().map_or("failed", |no| no.code));
        println!("{name} {code}");
    }
    println!("grown {}", most_memory().saturating_sub(before));
    ExitCode::SUCCESS
}

/// The most memory that this process has held, in kilobytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
