//! `cargo xtask bench`: ours beside its peers, on the same files, in the same run.
//!
//! Owns: getting inputs and peers ready, the turns, and the table. It times nothing itself: our side
//! is `bench/`, the peers' is the folder of side-by-side benches. What a newcomer gets wrong: quoting a
//! figure from one run against another of last week. Only ratios of one run say anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::Value;

use crate::{Outcome, cargo, finish, target_folder};

mod areas;
mod load;

/// Benches by workload.
#[derive(Subcommand)]
pub enum Bench {
    /// Workload A: 350,000 residents by 47 programs
    Rules(Side),
    /// Workload F: sums, trees, proofs, seals, durable acts
    Ledger(Side),
    /// Workload G: a year's documents of 25 districts in every format
    Documents(Side),
    /// Workload E: pages beside a fixed one
    Pages(Side),
    /// the running program at the pace of an opening, then at five times that
    Load(load::Load),
}

/// Where things are, and how often.
#[derive(Args)]
pub struct Side {
    /// Folder for the inputs; without it, one in the build folder
    #[arg(long, env = "BENCH_DATA")]
    data: Option<PathBuf>,
    /// Folder of the side-by-side benches (`gen.py`, `a_rules.py`); without it ours runs alone on its sample
    #[arg(long, env = "PEERS")]
    workload: Option<PathBuf>,
    /// Peers to run, with commas between; without it all that can be had
    #[arg(long, value_delimiter = ',')]
    peers: Option<Vec<String>>,
    /// How often each takes its turn
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Folder of a Python environment for the peers; without it, one in the build folder
    #[arg(long, env = "BENCH_VENV")]
    venv: Option<PathBuf>,
}

/// Peers of workload A, and the Python package each needs besides numpy.
const RULES_PEERS: &[(&str, Option<&str>)] = &[
    ("numpy", None),
    ("polars", Some("polars")),
    ("duckdb", Some("duckdb")),
    ("sqlite", None),
    ("openfisca", Some("openfisca-core")),
    ("closures", None),
    ("zen", Some("zen-engine")),
    ("cel", Some("cel-python")),
    ("business", Some("business-rules")),
];

/// Runs a bench.
pub fn run(root: &Path, bench: &Bench) -> Outcome {
    match bench {
        Bench::Rules(side) => rules(root, side),
        Bench::Ledger(side) => areas::ledger(root, side),
        Bench::Documents(side) => areas::documents(root, side),
        Bench::Pages(side) => areas::pages(root, side),
        Bench::Load(asked) => load::run(root, asked),
    }
}

fn rules(root: &Path, side: &Side) -> Outcome {
    let Built { ours, .. } = build(root)?;
    let own = target_folder(root).join("bench");
    let data = side.data.clone().unwrap_or_else(|| own.join("data"));
    // A run elsewhere must find it too.
    fs::create_dir_all(&data).map_err(|err| format!("{}: {err}", data.display()))?;
    let data = data.canonicalize().map_err(|err| format!("{}: {err}", data.display()))?;
    let beside = side.workload.clone().or_else(|| usual_workload(root));
    let sample = root.join("bench").join("sample");
    let mut peers = Vec::new();
    let (residents, source) = match &beside {
        None => {
            println!("No folder of peers; ours alone, on the sample.");
            (sample.join("residents_512.csv"), sample.join("rules.json"))
        }
        Some(workload) => {
            let python = python(&own, side)?;
            generate(&python, workload, &data)?;
            peers = ready(&python, workload, &data, side.peers.as_deref());
            (data.join("residents_350000.csv"), data.join("rules.json"))
        }
    };
    let folder = data.join("rules");
    finish(Command::new(&ours).arg("convert").arg(source).arg(&folder))?;
    println!("load before: {}", load());
    let results = data.join("results-rules.jsonl");
    let mut lines = Vec::new();
    for turn in 1..=side.runs.max(1) {
        println!("turn {turn}");
        take(Command::new(&ours).arg("rules").arg(&residents).arg(&folder), "iljari", &mut lines);
        for peer in &mut peers {
            take(&mut peer.1, &peer.0, &mut lines);
        }
        // A run that is ended early has told its whole turns.
        let kept: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&results, kept).map_err(|err| format!("{}: {err}", results.display()))?;
    }
    println!("load after: {}", load());
    print!("{}", table(&lines));
    println!("Lines: {}", results.display());
    Ok(())
}

/// The folder beside the repository where the benches usually are.
fn usual_workload(root: &Path) -> Option<PathBuf> {
    let usual = root.parent()?.join("shared").join("bench");
    usual.join("a_rules.py").exists().then_some(usual)
}

/// Our programs as they are shipped.
struct Built {
    /// Our side of the benches.
    ours: PathBuf,
    /// The product itself.
    product: PathBuf,
}

/// Builds both at once: alone, each would ask for other features of the same libraries, and the longest of them would
/// be compiled twice.
fn build(root: &Path) -> Outcome<Built> {
    let both = ["build", "--release", "--package", "iljari-bench", "--package", "iljari-app"];
    finish(cargo().args(both).current_dir(root))?;
    let folder = target_folder(root).join("release");
    Ok(Built { ours: folder.join("iljari-bench"), product: folder.join("iljari") })
}

/// A Python of our own with numpy, in which peers can be installed.
fn python(own: &Path, side: &Side) -> Outcome<PathBuf> {
    let venv = side.venv.clone().unwrap_or_else(|| own.join("venv"));
    let python = venv.join("bin").join("python");
    if !python.exists() {
        finish(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    if install(&python, "numpy") { Ok(python) } else { Err("numpy cannot be had; the inputs need it".to_owned()) }
}

/// Installs a package where it is not there yet, and says whether it is there now.
fn install(python: &Path, package: &str) -> bool {
    let quiet = |command: &mut Command| {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
    };
    let there = quiet(Command::new(python).args(["-m", "pip", "show", package]));
    there || quiet(Command::new(python).args(["-m", "pip", "install", "--quiet", package]))
}

fn generate(python: &Path, workload: &Path, data: &Path) -> Outcome {
    if data.join("residents_350000.csv").exists() && data.join("rules.json").exists() {
        return Ok(());
    }
    println!("making the inputs");
    finish(Command::new(python).args(["gen.py", "--only", "a"]).current_dir(workload).env("BENCH_DATA", data))
}

/// The peers that can run here, each with its command.
fn ready(python: &Path, workload: &Path, data: &Path, wanted: Option<&[String]>) -> Vec<(String, Command)> {
    let mut found = Vec::new();
    for (name, package) in RULES_PEERS {
        if wanted.is_some_and(|wanted| !wanted.iter().any(|it| it == name)) {
            continue;
        }
        if package.is_some_and(|package| !install(python, package)) {
            println!("left out: {name} cannot be installed here");
            continue;
        }
        let mut command = Command::new(python);
        command.args(["a_rules.py", "--peer", name]).current_dir(workload).env("BENCH_DATA", data);
        command.env("BENCH_OUT", data.join("results.jsonl")).env("PYTHONDONTWRITEBYTECODE", "1");
        found.push(((*name).to_owned(), command));
    }
    // The peers in Rust are built by hand; whoever has them says where.
    if let Some(program) = std::env::var_os("PEERS_BIN") {
        let mut command = Command::new(program);
        command.arg("cel").arg(data).arg("2000");
        found.push(("cel in Rust".to_owned(), command));
    }
    found
}

/// Runs one and keeps its JSON lines.
fn take(command: &mut Command, name: &str, lines: &mut Vec<Value>) {
    let told = match command.stdin(Stdio::null()).stderr(Stdio::inherit()).output() {
        Ok(told) if told.status.success() => told.stdout,
        Ok(told) => return println!("{name} ended with {}", told.status),
        Err(err) => return println!("{name} does not run: {err}"),
    };
    for line in String::from_utf8_lossy(&told).lines() {
        println!("{line}");
        lines.extend(serde_json::from_str::<Value>(line).ok());
    }
}

fn load() -> String {
    let read = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    read.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// One row of the table: the medians of all turns.
struct Row {
    name: String,
    people: u64,
    /// Processor time of a person by one program, in picoseconds.
    each: u128,
    memory: String,
    eligible: String,
}

/// The lines as a table: what one person by one program costs, and how that stands to our masks.
fn table(lines: &[Value]) -> String {
    let mut by_name: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for line in lines {
        let word = |key: &str| line[key].as_str().unwrap_or("?");
        let name = line["fn"].as_str().map_or_else(|| word("peer").to_owned(), |it| format!("iljari {it}"));
        by_name.entry(name).or_default().push(line);
    }
    let mut rows: Vec<Row> = by_name.iter().filter_map(|(name, lines)| row(name, lines)).collect();
    rows.sort_by_key(|row| row.each);
    let ours = rows.iter().find(|row| row.name.ends_with("::screen")).map_or(1, |row| row.each.max(1));
    let mut out = String::from("\n   ns each   to ours    people   MiB  eligible  who\n");
    for row in &rows {
        let (each, ratio) = (row.each / 10, row.each * 10 / ours);
        out += &format!(
            "{:>7}.{:02} {:>7}.{} {:>9} {:>5} {:>9}  {}\n",
            each / 100,
            each % 100,
            ratio / 10,
            ratio % 10,
            row.people,
            row.memory,
            row.eligible,
            row.name
        );
    }
    out
}

fn row(name: &str, lines: &[&Value]) -> Option<Row> {
    let first = lines.first()?;
    let mut times: Vec<u128> = lines.iter().filter_map(|line| nanoseconds(line)).collect();
    times.sort_unstable();
    let people = first["n"].as_u64()?;
    let programs = u128::from(first["programs"].as_u64().unwrap_or(47));
    let each = times.get(times.len() / 2)?.saturating_mul(1_000) / (u128::from(people) * programs).max(1);
    let shown = |key: &str| if first[key].is_null() { "-".to_owned() } else { first[key].to_string() };
    Some(Row { name: name.to_owned(), people, each, memory: shown("rss_mib"), eligible: shown("eligible") })
}

/// Processor time, or wall time where a peer does not tell it.
fn nanoseconds(line: &Value) -> Option<u128> {
    let seconds = line["cpu_s"].as_f64().or_else(|| line["s"].as_f64())?;
    Duration::try_from_secs_f64(seconds).ok().map(|time| time.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_compares_medians_of_one_person_by_one_program() {
        let ours = |cpu: f64| json!({"fn": "rules::batch::Plan::screen", "n": 1000, "programs": 10, "cpu_s": cpu, "rss_mib": 5});
        let peer = |cpu: f64| json!({"peer": "numpy", "n": 500, "programs": 10, "cpu_s": cpu, "eligible": 7});
        let lines = [ours(0.003), peer(0.01), ours(0.001), ours(0.002), peer(0.02), peer(0.9)];
        let told = table(&lines);
        let rows: Vec<Vec<&str>> = told.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
        // 2 ms for 10,000 pairs are 200 ns; 20 ms for 5,000 are 4,000 ns, twenty times as much.
        assert_eq!(rows[0], ["200.00", "1.0", "1000", "5", "-", "iljari", "rules::batch::Plan::screen"]);
        assert_eq!(rows[1], ["4000.00", "20.0", "500", "-", "7", "numpy"]);
    }

    #[test]
    fn a_peer_without_processor_time_is_taken_at_its_wall_time() {
        assert_eq!(nanoseconds(&json!({"s": 0.5})), Some(500_000_000));
        assert_eq!(nanoseconds(&json!({"s": 0.5, "cpu_s": 0.25})), Some(250_000_000));
        assert_eq!(nanoseconds(&json!({"peer": "none"})), None);
    }
}
