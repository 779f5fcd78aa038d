//! The project's own commands, run as `cargo xtask COMMAND`.
//!
//! Owns what a contributor or a CI machine needs around the code: the whole check, the house
//! rules, a throw-away PostgreSQL, the fetched tools. It owns nothing of the product and depends
//! on no crate of it, so that it builds in seconds and still runs while the product does not.
//! A newcomer looks for shell scripts: there are none, these commands are all there is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod ci;
mod fixture;
mod fuzz;
mod machine;
mod pg;
mod sbom;
mod tidy;
mod tools;

/// What a command answers: nothing, or one message for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything: format, clippy, house rules, every test on both engines, browser journeys
    Ci,
    /// Check the house rules that no compiler knows
    Tidy,
    /// Keep the data of this program as a release leaves them, for every later one to open
    Fixture(fixture::Wanted),
    /// Start a throw-away PostgreSQL and print its URL, until Ctrl-C or the end of the input
    Pg,
    /// Write the list of every library with its checksum (CycloneDX)
    Sbom,
    /// Make up inputs for every parser of what strangers send, and watch which lines they reach
    Fuzz(fuzz::Fuzz),
    /// Fetch the HTML checker that the browser tests use
    Tools,
    /// Ours beside its peers on the same files, in the same run
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
}

fn main() -> ExitCode {
    let root = workspace_root();
    let done = match Arguments::parse().command {
        Command::Ci => ci::run(&root),
        Command::Tidy => tidy::run(&root),
        Command::Fixture(wanted) => fixture::run(&root, &wanted),
        Command::Pg => pg::run(),
        Command::Sbom => sbom::run(&root),
        Command::Fuzz(wanted) => fuzz::run(&root, &wanted),
        Command::Tools => tools::run(&root),
        Command::Bench { bench } => bench::run(&root, &bench),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds the workspace's Cargo.toml.
fn workspace_root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// The folder cargo builds into, wherever the environment has put it.
fn target_folder(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(elsewhere) => root.join(elsewhere),
        None => root.join("target"),
    }
}

/// Runs a command to its end; it hears nothing from our keyboard and says what it has to say itself.
fn finish(command: &mut std::process::Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.stdin(std::process::Stdio::null()).status();
    let status = status.map_err(|err| format!("{name} does not run: {err}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// The cargo that runs us, without what it told us about ourselves: a build script that looks at the name of its package
/// (ring's does) would see ours, and a library and all above it be compiled again after each build by hand.
fn cargo() -> std::process::Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(program);
    for (name, _) in std::env::vars_os() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_"];
        if told.iter().any(|begins| name.to_string_lossy().starts_with(begins)) {
            command.env_remove(name);
        }
    }
    command
}
