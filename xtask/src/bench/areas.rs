//! Workloads E (pages), F (ledger) and G (documents): ours and the peers in turn, and the ratios.
//!
//! Owns: which peers there are, what of theirs stands beside what of ours, and the table of medians. It
//! times nothing itself.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{Built, Side, build, install, load, python, take, usual_workload};
use crate::{Outcome, finish, target_folder};

/// A peer in Python and the packages it needs besides numpy.
type Peer = (&'static str, &'static [&'static str]);

/// Peers of workload F.
const LEDGER_PEERS: &[Peer] = &[
    ("numpy", &[]),
    ("polars", &["polars"]),
    ("duckdb", &["duckdb", "pyarrow"]),
    ("datafusion", &["datafusion", "pyarrow"]),
    ("sqlite", &[]),
    ("append", &[]),
    ("merkle", &["pymerkle"]),
];

/// Peers of workload G.
const DOCUMENT_PEERS: &[Peer] = &[
    ("jinja", &["jinja2"]),
    ("xlsx", &["xlsxwriter"]),
    ("openpyxl", &["openpyxl"]),
    ("docx", &["python-docx"]),
    ("hwpx", &["python-hwpx"]),
    ("typst", &["typst"]),
    ("reportlab", &["reportlab"]),
];

/// What of ours stands beside what of the peers.
struct Beside {
    title: &'static str,
    /// Whether a disk is waited for, so that wall time counts.
    wall: bool,
    /// Our `what`.
    ours: &'static [&'static str],
    /// How the peers' `what` begins, and the key of a rate where they tell one instead of a time.
    peers: &'static [(&'static str, &'static str)],
}

const fn beside(
    title: &'static str,
    ours: &'static [&'static str],
    peers: &'static [(&'static str, &'static str)],
) -> Beside {
    Beside { title, wall: false, ours, peers }
}

const LEDGER: &[Beside] = &[
    beside("sum of a row", &["roll-up"], &[("roll-up", "")]),
    beside("a kept-up cell", &["kept-up cell: an entry added", "kept-up cell: a total asked for"], &[]),
    beside("leaf hash", &["leaf hashes"], &[("leaf hash", ""), ("append, prove, verify", "leaves_per_cpu_s")]),
    beside(
        "node of a tree, by leaf",
        &["tree from leaf hashes", "root alone"],
        &[("build from hashed leaves", ""), ("Merkle root", ""), ("append one by one", "")],
    ),
    beside(
        "inclusion proof",
        &["inclusion proofs"],
        &[("inclusion proofs", ""), ("append, prove, verify", "proofs_per_cpu_s")],
    ),
    beside("check of a proof", &["checks of them"], &[("verify", ""), ("append, prove, verify", "verify_per_cpu_s")]),
    beside("leaf of a whole disclosure checked", &["check of a whole disclosure"], &[]),
    Beside {
        title: "durable act or commit of one row",
        wall: true,
        ours: &["durable acts of one row"],
        peers: &[("append, 1 row(s) a commit", "commits_per_s")],
    },
    Beside { title: "seal", wall: true, ours: &["seal of pending entries", "seal of one more"], peers: &[] },
];

const DOCUMENTS: &[Beside] = &[
    beside("every document of a district", &["every document of a district, every format"], &[]),
    beside("HTML document", &["HTML, results of a year"], &[("HTML", "")]),
    beside("PDF document", &["PDF, results of a year"], &[("PDF", "")]),
    beside("XLSX document", &["XLSX, results of a year"], &[("XLSX", "")]),
    beside("HWPX document", &["HWPX, results of a year"], &[("HWPX", ""), ("DOCX", "")]),
];

/// An address with a question mark is never kept, so its page is drawn each time.
const DRAWN: &str = "/?drawn";

const PAGES: &[Beside] = &[
    Beside { title: "page, as kept", wall: true, ours: &["page /"], peers: &[("page /", "")] },
    Beside { title: "page, drawn anew", wall: true, ours: &["page /?drawn"], peers: &[("page /", "")] },
];

/// Where everything lies.
struct Places {
    ours: PathBuf,
    product: PathBuf,
    data: PathBuf,
    workload: Option<PathBuf>,
    python: Option<PathBuf>,
}

fn places(root: &Path, side: &Side) -> Outcome<Places> {
    let Built { ours, product } = build(root)?;
    let own = target_folder(root).join("bench");
    let data = side.data.clone().unwrap_or_else(|| own.join("data"));
    fs::create_dir_all(&data).map_err(|err| format!("{}: {err}", data.display()))?;
    let data = data.canonicalize().map_err(|err| format!("{}: {err}", data.display()))?;
    let workload = side.workload.clone().or_else(|| usual_workload(root));
    let python = if workload.is_some() { Some(python(&own, side)?) } else { None };
    Ok(Places { ours, product, data, workload, python })
}

/// Makes the inputs of an area where they are not there yet.
fn inputs(places: &Places, area: &str, one_of_them: &str) -> Outcome {
    let (Some(workload), Some(python)) = (&places.workload, &places.python) else { return Ok(()) };
    if places.data.join(one_of_them).exists() {
        return Ok(());
    }
    println!("making the inputs");
    let mut make = Command::new(python);
    make.args(["-B", "gen.py", "--only", area]).current_dir(workload).env("BENCH_DATA", &places.data);
    finish(&mut make)
}

/// The peers that can run here, each with its command.
fn peers(places: &Places, script: &str, all: &[Peer], side: &Side) -> Vec<(String, Command)> {
    let (Some(workload), Some(python)) = (&places.workload, &places.python) else {
        println!("No folder of peers; ours alone.");
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, packages) in all {
        if side.peers.as_ref().is_some_and(|wanted| !wanted.iter().any(|it| it == name)) {
            continue;
        }
        if let Some(package) = packages.iter().find(|package| !install(python, package)) {
            println!("left out: {name} needs {package}, which cannot be installed here");
            continue;
        }
        let mut command = Command::new(python);
        command.args(["-B", script, "--peer", name]).current_dir(workload).env("BENCH_DATA", &places.data);
        command.env("BENCH_OUT", places.data.join("results.jsonl"));
        found.push(((*name).to_owned(), command));
    }
    found
}

/// Ours and the peers in turn, then the table.
fn turns(
    places: &Places,
    side: &Side,
    name: &str,
    ours: &mut [Command],
    peers: &mut [(String, Command)],
    groups: &[Beside],
) -> Outcome {
    println!("load before: {}", load());
    let results = places.data.join(format!("results-{name}.jsonl"));
    let mut lines = Vec::new();
    for turn in 1..=side.runs.max(1) {
        println!("turn {turn}");
        for command in ours.iter_mut() {
            take(command, "iljari", &mut lines);
        }
        for peer in peers.iter_mut() {
            take(&mut peer.1, &peer.0, &mut lines);
        }
        let kept: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&results, kept).map_err(|err| format!("{}: {err}", results.display()))?;
    }
    println!("load after: {}", load());
    print!("{}", table(&lines, groups));
    println!("Lines: {}", results.display());
    let ours = lines.iter().filter(|line| line["peer"] == "iljari").count();
    if ours == 0 { Err("none of ours came to an end".to_owned()) } else { Ok(()) }
}

/// Workload F.
pub fn ledger(root: &Path, side: &Side) -> Outcome {
    let places = places(root, side)?;
    inputs(&places, "f", "ledger_10000000.amount.i32")?;
    let mut peers = peers(&places, "f_ledger.py", LEDGER_PEERS, side);
    match std::env::var_os("PEERS_BIN") {
        Some(program) => {
            let mut command = Command::new(program);
            command.args(["merkle", "1000000"]);
            peers.push(("trees in Rust".to_owned(), command));
        }
        None => println!("left out: rs_merkle and ct-merkle (PEERS_BIN says where they are built)"),
    }
    let ours = |arguments: &[&str]| {
        let mut command = Command::new(&places.ours);
        command.args(arguments);
        command
    };
    let data = places.data.to_string_lossy().into_owned();
    let mut all = vec![ours(&["merkle"]), ours(&["verify"]), ours(&["door", &data]), ours(&["seal", &data])];
    if places.data.join("ledger_10000000.amount.i32").exists() {
        all.insert(0, ours(&["roll-up", &data]));
    } else {
        println!("left out: the roll-up, whose columns are made by the folder of peers");
    }
    turns(&places, side, "ledger", &mut all, &mut peers, LEDGER)
}

/// Workload G.
pub fn documents(root: &Path, side: &Side) -> Outcome {
    let places = places(root, side)?;
    inputs(&places, "g", "disclosure.json")?;
    let made = places.data.join("disclosure.json");
    let districts = if made.exists() { made } else { root.join("bench").join("sample").join("disclosure_1.json") };
    let mut peers = peers(&places, "g_docs.py", DOCUMENT_PEERS, side);
    let mut ours = Command::new(&places.ours);
    ours.arg("documents").arg(districts);
    turns(&places, side, "documents", &mut [ours], &mut peers, DOCUMENTS)
}

/// A server that is ended with us.
pub(super) struct Running(pub(super) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// A port that nobody uses just now.
fn free_port() -> Outcome<u16> {
    let wrong = |err: std::io::Error| format!("no free port: {err}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(wrong)?;
    Ok(listener.local_addr().map_err(wrong)?.port())
}

/// Starts a server and waits until it listens.
fn started(command: &mut Command, port: u16) -> Outcome<Running> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.map_err(|err| format!("{name}: {err}"))?);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    for _ in 0..600 {
        if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
            return Ok(running);
        }
        if let Ok(Some(status)) = running.0.try_wait() {
            return Err(format!("{name} ended with {status}"));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err(format!("{name} does not listen on {port}"))
}

/// Workload E, pages: our demonstration's front page, as it is kept and drawn anew, and the peer's fixed page, asked by the
/// same client.
pub fn pages(root: &Path, side: &Side) -> Outcome {
    let places = places(root, side)?;
    let port = free_port()?;
    let mut demo = Command::new(&places.product);
    demo.args(["demo", "--port", &port.to_string()]);
    println!("preparing the demonstration");
    let _ours = started(&mut demo, port)?;
    let asked = |port: u16, page: &str, peer: &str| {
        let mut command = Command::new(&places.ours);
        command.args(["pages", &format!("127.0.0.1:{port}"), "--page", page, "--peer", peer]);
        command
    };
    let mut peers = Vec::new();
    let mut running = Vec::new();
    match std::env::var_os("PEERS_BIN") {
        Some(program) => {
            let port = free_port()?;
            running.push(started(Command::new(program).args(["http", &port.to_string()]), port)?);
            peers.push(("axum".to_owned(), asked(port, "/page", "axum, a fixed page of 8 KiB")));
        }
        None => println!("left out: axum's fixed page (PEERS_BIN says where it is built)"),
    }
    let mut ours = [asked(port, "/", "iljari"), asked(port, DRAWN, "iljari")];
    turns(&places, side, "pages", &mut ours, &mut peers, PAGES)
}

/// Picoseconds for one row, leaf, proof, act or document of a line.
fn picoseconds(line: &Value, wall: bool, rate: &str) -> Option<u128> {
    let time = |seconds: f64| Duration::try_from_secs_f64(seconds).ok().map(|time| time.as_nanos() * 1_000);
    if !rate.is_empty() {
        let rate = line[rate].as_f64().and_then(|rate| Duration::try_from_secs_f64(rate).ok())?;
        // So many a second, told to a billionth, so that no float is divided.
        return (rate.as_nanos() > 0).then(|| 1_000_000_000_000_000_000_000 / rate.as_nanos());
    }
    if !wall && let Some(each) = line["each_cpu_s"].as_f64() {
        return time(each);
    }
    let keys: &[&str] = if wall { &["work_s", "s"] } else { &["cpu_s", "s"] };
    let seconds = keys.iter().find_map(|key| line[*key].as_f64())?;
    let number = ["rows", "docs", "n"].iter().find_map(|key| line[*key].as_u64()).unwrap_or(1);
    Some(time(seconds)? / u128::from(number.max(1)))
}

/// What a line belongs to: who, and what of theirs.
type Who = (bool, String);

/// The medians group by group, and how they stand to ours.
fn table(lines: &[Value], groups: &[Beside]) -> String {
    let mut out = String::new();
    for group in groups {
        let mut by_who: BTreeMap<Who, (Vec<u128>, String)> = BTreeMap::new();
        for line in lines {
            let what = line["what"].as_str().unwrap_or_default();
            let (is_ours, rate) = match line["peer"].as_str() {
                Some("iljari") if group.ours.contains(&what) => (true, ""),
                Some("iljari") => continue,
                _ => match group.peers.iter().find(|(begins, _)| what.starts_with(begins)) {
                    Some((_, rate)) => (false, *rate),
                    None => continue,
                },
            };
            let Some(each) = picoseconds(line, group.wall, rate) else { continue };
            let peer = line["peer"].as_str().unwrap_or("?");
            let name = match line["fn"].as_str() {
                Some(function) => format!("{peer} {function}, {what}"),
                None => format!("{peer} {}, {what}", line["version"].as_str().unwrap_or_default()),
            };
            let of = by_who.entry((!is_ours, name)).or_default();
            of.0.push(each);
            of.1 = line["rss_mib"].to_string();
        }
        let kind = if group.wall { "wall time" } else { "processor time" };
        out += &format!("\n{} ({kind})\n     ns each       least   to ours     MiB  who\n", group.title);
        let mut first = None;
        for ((_, name), (mut times, memory)) in by_who {
            times.sort_unstable();
            let (Some(least), Some(median)) = (times.first(), times.get(times.len() / 2)) else { continue };
            let to_ours = median * 100 / *first.get_or_insert(*median).max(&mut 1);
            out += &format!(
                "{:>9}.{:02} {:>8}.{:02} {:>6}.{:02} {:>7}  {name}\n",
                median / 1_000,
                median % 1_000 / 10,
                least / 1_000,
                least % 1_000 / 10,
                to_ours / 100,
                to_ours % 100,
                memory
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn medians_stand_beside_ours_by_one_row_one_proof_or_one_act() {
        let roll_up =
            |cpu: f64| json!({"peer": "iljari", "what": "roll-up", "fn": "f", "n": 1000, "cpu_s": cpu, "rss_mib": 9});
        let numpy = |cpu: f64| json!({"peer": "numpy", "what": "roll-up 10M", "version": "2", "rows": 500, "cpu_s": cpu, "rss_mib": 5});
        let proofs = json!({"peer": "iljari", "what": "inclusion proofs", "fn": "p", "n": 2, "cpu_s": 9.0, "each_cpu_s": 0.000001});
        let py = json!({"peer": "pymerkle", "what": "append, prove, verify", "version": "7", "n": 20, "proofs_per_cpu_s": 2000});
        let lines = [roll_up(0.003), numpy(0.01), roll_up(0.001), roll_up(0.002), numpy(0.02), numpy(0.9), proofs, py];
        let told = table(&lines, LEDGER);
        let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
        let row = |who: &str| rows.iter().find(|row| row.contains(&who)).expect("a row").clone();
        // 2 ms for 1,000 rows are 2,000 ns; 20 ms for 500 are 40,000, twenty times as much.
        assert_eq!(row("f,")[..4], ["2000.00", "1000.00", "1.00", "9"]);
        assert_eq!(row("numpy")[..4], ["40000.00", "20000.00", "20.00", "5"]);
        // A microsecond a proof, and 2,000 proofs a second.
        assert_eq!(row("p,")[..3], ["1000.00", "1000.00", "1.00"]);
        assert_eq!(row("pymerkle")[..3], ["500000.00", "500000.00", "500.00"]);
    }

    #[test]
    fn what_waits_for_a_disk_is_told_by_the_wall_clock() {
        let ours = json!({"peer": "iljari", "what": "durable acts of one row", "fn": "w", "n": 100, "work_s": 0.01, "cpu_s": 9.0});
        let sqlite = json!({"peer": "sqlite", "what": "append, 1 row(s) a commit", "rows": 300, "commits_per_s": 1000, "s": 0.3});
        let told = table(&[ours, sqlite], LEDGER);
        assert!(told.contains("100000.00") && told.contains("1000000.00") && told.contains("10.00"), "{told}");
        assert_eq!(picoseconds(&json!({"peer": "none"}), true, ""), None);
    }
}
