//! `iljari-bench`: our side of the benches, run by `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use iljari_bench::run::{self, Effort};
use iljari_bench::{documents, ledger, load, pages, writes};

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
    /// Workload F: sums of ten million entries, one cell of them
    RollUp {
        /// The workload's folder
        data: PathBuf,
        /// How many rows its columns have
        #[arg(long, default_value_t = 10_000_000)]
        rows: usize,
        /// How often each is worked out
        #[arg(long, default_value_t = 31)]
        runs: usize,
    },
    /// Workload F: leaf hashes, tree, proofs, checks
    Merkle {
        /// How many leaves
        #[arg(long, default_value_t = 1_000_000)]
        rows: usize,
        /// How often each is worked out
        #[arg(long, default_value_t = 7)]
        runs: usize,
    },
    /// Workload F: the check of a whole disclosure
    Verify {
        /// How many leaves
        #[arg(long, default_value_t = 200_000)]
        leaves: usize,
        /// How often
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
    /// Workload F: durable acts of one row
    Door {
        /// How many clients wait at a time
        #[arg(long, default_value_t = 256)]
        clients: usize,
        /// How many acts together
        #[arg(long, default_value_t = 20_000)]
        acts: usize,
        /// How often
        #[arg(long, default_value_t = 3)]
        runs: usize,
        /// A folder on the disk that is meant
        folder: PathBuf,
    },
    /// Workload F: seals
    Seal {
        /// How many entries wait
        #[arg(long, default_value_t = 10_000)]
        entries: u64,
        /// How often
        #[arg(long, default_value_t = 3)]
        runs: usize,
        /// A folder on the disk that is meant
        folder: PathBuf,
    },
    /// Workload G: a year's documents in every format
    Documents {
        /// The workload's districts
        districts: PathBuf,
        /// How many of them
        #[arg(long, default_value_t = 25)]
        most: usize,
    },
    /// Workload E: a page of a server that runs, over connections that are kept
    Pages {
        /// Where it listens
        address: std::net::SocketAddr,
        /// The page
        #[arg(long, default_value = "/")]
        page: String,
        /// Whose page it is
        #[arg(long, default_value = "iljari")]
        peer: String,
        /// How many connections
        #[arg(long, default_value_t = 64)]
        connections: usize,
        /// For how many seconds
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// readers and officers come at their pace, whether or not the server keeps up
    Load {
        /// Where the server listens
        address: std::net::SocketAddr,
        /// What the lines are called
        #[arg(long, default_value = "load")]
        what: String,
        /// A clerk who takes applications in
        #[arg(long)]
        login: String,
        /// The officer's password
        #[arg(long)]
        password: String,
        /// A code that is good now
        #[arg(long)]
        code: String,
        /// How many times the pace of R-17
        #[arg(long, default_value_t = 1)]
        factor: u64,
        /// For how many seconds
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first applicant's number, beyond those of earlier runs
        #[arg(long, default_value_t = 0)]
        first: u64,
    },
}

/// Waits for what is asynchronous; in a folder of its own where one is made.
fn wait<F: Future<Output = Result<(), String>>>(work: F) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(work)
}

/// A new folder inside this one, gone afterwards.
fn inside(folder: &Path) -> Result<tempfile::TempDir, String> {
    std::fs::create_dir_all(folder).and_then(|()| tempfile::tempdir_in(folder)).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let mut say = |line: String| println!("{line}");
    let done = match Arguments::parse().command {
        Command::Convert { rules, folder } => run::convert(&rules, &folder).map(|count| eprintln!("{count} files.")),
        Command::Rules { residents, folder } => run::rules(&residents, &folder, Effort::FULL, &mut say),
        Command::RollUp { data, rows, runs } => ledger::roll_up(&data, rows, runs, &mut say),
        Command::Merkle { rows, runs } => ledger::merkle(rows, runs, &mut say),
        Command::Verify { leaves, runs } => ledger::verify(leaves, runs, &mut say),
        Command::Door { clients, acts, runs, folder } => {
            inside(&folder).and_then(|folder| wait(writes::door(folder.path(), clients, acts, runs, &mut say)))
        }
        Command::Seal { entries, runs, folder } => {
            inside(&folder).and_then(|folder| wait(writes::sealing(folder.path(), entries, runs, &mut say)))
        }
        Command::Documents { districts, most } => documents::documents(&districts, most, &mut say),
        Command::Pages { address, page, peer, connections, seconds } => {
            let asked = pages::Asked { address, page, peer, connections, seconds };
            wait(pages::pages(asked, &mut say))
        }
        Command::Load { address, what, login, password, code, factor, seconds, first } => wait(async {
            let cookie = load::sign_in(address, &login, &password, &code).await?;
            load::load(load::Load::of_r17(address, cookie, (factor, seconds), first), &what, &mut say).await
        }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
