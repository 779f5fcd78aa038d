//! `iljari-bench`: our side of the benches, run by `cargo xtask bench`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use iljari_bench::run::{self, Effort};

/// Our side of the benches: the same files in as for the peers, JSON lines out.
#[derive(Parser)]
#[command(name = "iljari-bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn `rules.json` of workload A into rule files of ours
    Convert {
        /// The workload's rules
        rules: PathBuf,
        /// The folder for our files
        folder: PathBuf,
    },
    /// Workload A: residents by rule files
    Rules {
        /// The workload's residents
        residents: PathBuf,
        /// The folder with our files
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Convert { rules, folder } => run::convert(&rules, &folder).map(|count| eprintln!("{count} files.")),
        Command::Rules { residents, folder } => {
            run::rules(&residents, &folder, Effort::FULL, &mut |line| println!("{line}"))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
