//! `cargo xtask fuzz`: the targets of `fuzz/`, one after the other, for some minutes each.
//!
//! Owns the flags that make this workspace's own compiler count the lines a run reaches, the seeds, and one line of what came
//! of each target. It does not own the targets (`fuzz/fuzz_targets/`). A newcomer looks for cargo-fuzz and a nightly compiler:
//! the flags are all it adds, apart from the address sanitizer, which has no `unsafe` of ours to watch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, cargo, finish};

/// What counts edges and compares; the targets' own assertions stay in.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions -Copt-level=2";

/// The longest input a target is given, in bytes.
const LONGEST: &str = "-max_len=65536";

/// How long, and which.
#[derive(clap::Args)]
pub struct Fuzz {
    /// Minutes for each target
    #[arg(long, default_value_t = 1)]
    minutes: u32,
    /// Only these targets; all without
    targets: Vec<String>,
}

/// Builds, makes the seeds, runs; a finding of one target does not keep the next from running.
pub fn run(root: &Path, wanted: &Fuzz) -> Outcome {
    let folder = root.join("fuzz");
    let targets: Vec<String> = targets(&folder)?
        .into_iter()
        .filter(|target| wanted.targets.is_empty() || wanted.targets.contains(target))
        .collect();
    if targets.is_empty() {
        return Err(format!("none of {:?} is a target; they are the files in fuzz/fuzz_targets", wanted.targets));
    }
    let triple = host()?;
    let build = folder.join("target");
    let corpus = folder.join("corpus");
    finish(cargo().args(["run", "--quiet", "--bin", "seeds", "--"]).arg(&corpus).current_dir(&folder))?;
    // With a named platform the flags are for the targets alone, not for build scripts that run while building.
    let mut instrumented = cargo();
    instrumented.args(["build", "--target", &triple, "--target-dir"]).arg(&build).env("RUSTFLAGS", FLAGS);
    finish(instrumented.args(targets.iter().flat_map(|it| ["--bin", it.as_str()])).current_dir(&folder))?;
    fs::create_dir_all(folder.join("artifacts")).map_err(|err| err.to_string())?;
    let mut found = Vec::new();
    for target in &targets {
        let program = build.join(&triple).join("debug").join(target);
        let output = Command::new(program)
            .arg(format!("-max_total_time={}", wanted.minutes * 60))
            .args([LONGEST, "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/{target}-", folder.join("artifacts").display()))
            .arg(corpus.join(target))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .output()
            .map_err(|err| format!("{target}: {err}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        println!("{}", line(target, &said, output.status.success()));
        if !output.status.success() {
            let log = folder.join("artifacts").join(format!("{target}.log"));
            fs::write(&log, &output.stderr).map_err(|err| err.to_string())?;
            found.push(log.display().to_string());
        }
    }
    if found.is_empty() { Ok(()) } else { Err(format!("findings: {}", found.join(", "))) }
}

/// The names of the targets, in order.
fn targets(folder: &Path) -> Outcome<Vec<String>> {
    let files = fs::read_dir(folder.join("fuzz_targets")).map_err(|err| err.to_string())?;
    let stem = |path: PathBuf| path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
    let mut found: Vec<String> = files.filter_map(|file| stem(file.ok()?.path())).collect();
    found.sort();
    Ok(found)
}

/// The platform of this machine, as the compiler calls it.
fn host() -> Outcome<String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|err| format!("rustc: {err}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.ok_or_else(|| "rustc does not say which platform this is".to_owned())
}

/// What a run says of itself at its end, in one line.
fn line(target: &str, said: &str, sound: bool) -> String {
    let after = |mark: &str| {
        let found = said.lines().rev().find_map(|line| line.split_once(mark));
        found.and_then(|(_, rest)| rest.split_whitespace().next()).unwrap_or("?").to_owned()
    };
    let (edges, features, runs) = (after(" cov: "), after(" ft: "), after("stat::number_of_executed_units:"));
    format!(
        "{target}: {runs} inputs, {edges} edges, {features} features, {}",
        if sound { "no finding" } else { "A FINDING" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_in_one_line_and_every_parser_has_its_target() {
        let said = "#2\tINITED cov: 120 ft: 300 corp: 3/9b\n#50\tNEW    cov: 131 ft: 344 corp: 4/12b\n\
            stat::number_of_executed_units: 4096\nstat::peak_rss_mb: 44\n";
        assert_eq!(line("leaf", said, true), "leaf: 4096 inputs, 131 edges, 344 features, no finding");
        assert_eq!(line("leaf", "", false), "leaf: ? inputs, ? edges, ? features, A FINDING");
        let root = crate::workspace_root();
        let found = targets(&root.join("fuzz")).expect("targets");
        assert_eq!(found, ["bundle", "checkpoint", "csv", "leaf", "parts", "plan", "proof", "rules", "workbook"]);
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).expect("a manifest");
        for target in &found {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target} is built");
        }
        // The XML that sets the PDF and the web are far from here.
        for heavy in ["iljari-print", "iljari-web", "iljari-store", "typst"] {
            assert!(!manifest.contains(heavy), "{heavy} would be built for every run");
        }
    }
}
