//! the running program at the pace of an opening, and at five times that.
//!
//! Owns: preparing a demonstration, starting it, signing an officer in, and what the server itself took. The pace and
//! the figures are `iljari-bench load`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use super::areas::Running;
use super::{Built, build};
use crate::{Outcome, finish, target_folder};

/// How long, and how much.
#[derive(Args)]
pub struct Load {
    /// Seconds at the pace of an opening: 200 pages and 50 acts a second
    #[arg(long, default_value_t = 600)]
    held: u64,
    /// Seconds at five times that pace
    #[arg(long, default_value_t = 120)]
    overload: u64,
}

/// A clerk of the demonstration who takes applications in.
const CLERK: &str = "오보기";

/// Prepares, starts, loads.
pub fn run(root: &Path, asked: &Load) -> Outcome {
    let Built { ours, product: program } = build(root)?;
    let folder = target_folder(root).join("bench").join("load");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|err| format!("{}: {err}", folder.display()))?;
    }
    let data = folder.join("data");
    println!("preparing the demonstration");
    let mut once = Command::new(&program);
    finish(once.args(["demo", "--once", "--data"]).arg(&data).stdout(Stdio::null()))?;

    let began = Instant::now();
    let mut demo = Command::new(&program);
    demo.args(["demo", "--port", "0", "--data"]).arg(&data);
    let mut child = demo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|err| format!("{}: {err}", program.display()))?;
    let lines = BufReader::new(child.stdout.take().ok_or("the program says nothing")?).lines();
    let server = child.id();
    let _running = Running(child);
    let (mut address, mut password, mut code) = (String::new(), String::new(), String::new());
    for line in lines {
        let line = line.map_err(|err| err.to_string())?;
        let after = |word: &str| line.split_once(word).and_then(|(_, rest)| rest.split("  ").next()).map(str::to_owned);
        if address.is_empty()
            && let Some(rest) = line.strip_prefix("http://")
        {
            address = rest.split(' ').next().unwrap_or_default().to_owned();
        }
        if line.starts_with(CLERK) {
            password = after("비밀번호 ").unwrap_or_default();
            code = after("인증 번호 ").unwrap_or_default();
        }
        if line.starts_with("끝내려면") {
            break;
        }
    }
    println!("ready after {} ms", began.elapsed().as_millis());
    let load = |what: &str, (seconds, factor): (u64, u64), first: u64, code: &str| {
        let mut command = Command::new(&ours);
        command.args(["load", &address, "--what", what, "--login", CLERK, "--password", &password, "--code", code]);
        command.args(["--seconds", &seconds.to_string(), "--factor", &factor.to_string()]);
        command.args(["--first", &first.to_string()]);
        finish(&mut command)
    };
    let fresh_code = || -> Outcome<String> {
        // A code opens once; the next one comes with the next half minute.
        std::thread::sleep(Duration::from_secs(31));
        let told = Command::new(&program).args(["demo", "code", CLERK, "--data"]).arg(&data).output();
        let told = told.map_err(|err| format!("{}: {err}", program.display()))?;
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        text.split_whitespace()
            .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
            .map(str::to_owned)
            .ok_or_else(|| format!("no code: {text}"))
    };
    // Fifty applicants a second, and nobody twice.
    let (second, third) = (50 * asked.held, 50 * (asked.held + 5 * asked.overload));
    let held = load("R-17, held", (asked.held, 1), 0, &code);
    println!("the server's most memory: {} MiB", memory(server));
    let over = load("R-18, five times", (asked.overload, 5), second, &fresh_code()?);
    let after = load("R-18, after it", (10, 1), third, &fresh_code()?);
    println!("the server's most memory: {} MiB", memory(server));
    held.and(over).and(after)
}

/// The most memory a process has had.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
