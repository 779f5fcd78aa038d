//! `cargo xtask ci`: everything that must hold before a change lands, in one command.
//!
//! Owns the order of the steps, their headings and their times. It does not own any check: each
//! step is a command that a contributor can also run alone. A newcomer wonders why a failing step
//! does not end the run: the steps do not depend on one another, and one run should tell all.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::pg::Postgres;
use crate::{Outcome, cargo, finish, machine, target_folder, tidy, tools};

/// Runs the whole check.
pub fn run(root: &Path) -> Outcome {
    let mut report = Report::default();
    let prepared = report.step("prepare this machine", || prepare(root));
    if !prepared {
        // Without its programs every later step would only repeat this failure in other words.
        return report.end();
    }
    report.step("format", || run_cargo(root, &["fmt", "--all", "--check"]));
    report.step("house rules", || tidy::run(root));
    let mut compiler = Compiler::Linting(clippy_driver());
    let mut built = report.step("clippy and build", || build(root, &compiler));
    if !built {
        // What offends a lint may still pass its tests, and one run should tell both.
        compiler = Compiler::Plain;
        built = report.step("build without lints", || build(root, &compiler));
    }
    if built {
        report.step("tests on SQLite and PostgreSQL, journeys in the browser", || test(root, &compiler));
    }
    report.end()
}

fn prepare(root: &Path) -> Outcome {
    for component in ["fmt", "clippy"] {
        let present = cargo()
            .args([component, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !present {
            return Err(format!(
                "`cargo {component}` is not installed. With rustup: rustup component add rustfmt clippy"
            ));
        }
    }
    let needs: Vec<&machine::Need> = machine::NEEDS.iter().collect();
    machine::prepare(&needs)?;
    tools::run(root)
}

/// Who compiles our own crates. `cargo clippy` is `cargo check` with clippy in the compiler's place; in the place of
/// the compiler of a build it writes programs too, so that a clean clone compiles its libraries once and not twice.
enum Compiler {
    /// Clippy, at this path, every warning an error.
    Linting(PathBuf),
    Plain,
}

impl Compiler {
    fn cargo(&self) -> Command {
        let mut command = cargo();
        if std::env::var_os("CI").is_some() {
            // A fresh clone is built once: what would make the next build quicker only takes time and room.
            command.env("CARGO_INCREMENTAL", "0");
        }
        if let Self::Linting(driver) = self {
            // The separator is what cargo-clippy itself joins its arguments with.
            command
                .env("RUSTC_WORKSPACE_WRAPPER", driver)
                .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
        }
        command
    }
}

/// Clippy beside the compiler in use; where that cannot be found out, by its name.
fn clippy_driver() -> PathBuf {
    let told = Command::new("rustc").args(["--print", "sysroot"]).stderr(Stdio::null()).output();
    let sysroot = told.ok().and_then(|told| String::from_utf8(told.stdout).ok());
    let beside = sysroot.map(|sysroot| Path::new(sysroot.trim()).join("bin").join("clippy-driver"));
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("clippy-driver"))
}

/// All targets at once, so that the binary that the journeys start is built with the very features that the
/// tests have; built alone it would compile half the dependencies again.
fn build(root: &Path, compiler: &Compiler) -> Outcome {
    let mut command = compiler.cargo();
    command.args(["build", "--workspace", "--all-targets"]);
    finish(command.current_dir(root))
}

/// Every test of the workspace, with one PostgreSQL for the whole run.
fn test(root: &Path, compiler: &Compiler) -> Outcome {
    let server = Postgres::start()?;
    let binary = target_folder(root).join("debug").join("iljari");
    let mut command = compiler.cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("ILJARI_TEST_POSTGRES", server.url())
        .env("ILJARI_BIN", binary);
    finish(command.current_dir(root))
}

fn run_cargo(root: &Path, arguments: &[&str]) -> Outcome {
    let mut command = cargo();
    command.args(arguments);
    finish(command.current_dir(root))
}

/// What became of each step, for the table at the end.
#[derive(Default)]
struct Report {
    lines: Vec<(String, bool, Duration)>,
}

impl Report {
    /// Runs one step under its heading and remembers how it went.
    fn step(&mut self, name: &str, check: impl FnOnce() -> Outcome) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let done = check();
        let took = started.elapsed();
        if let Err(message) = &done {
            eprintln!("{message}");
        }
        println!("== {name}: {} in {}", if done.is_ok() { "ok" } else { "FAILED" }, seconds(took));
        self.lines.push((name.to_owned(), done.is_ok(), took));
        done.is_ok()
    }

    /// Prints the table and turns any failed step into the failure of the run.
    fn end(self) -> Outcome {
        let total = self.lines.iter().map(|(_, _, took)| *took).sum();
        println!("\n== summary");
        for (name, ok, took) in &self.lines {
            println!("{:>8}  {}  {name}", seconds(*took), if *ok { "ok    " } else { "FAILED" });
        }
        println!("{:>8}  in all", seconds(total));
        let failed = self.lines.iter().filter(|(_, ok, _)| !ok).count();
        if failed == 0 { Ok(()) } else { Err(format!("{failed} of the steps above failed.")) }
    }
}

fn seconds(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_run_but_not_the_next_step() {
        let mut report = Report::default();
        assert!(!report.step("breaks", || Err("on purpose".to_owned())));
        assert!(report.step("holds", || Ok(())));
        assert_eq!(report.end(), Err("1 of the steps above failed.".to_owned()));
    }

    #[test]
    fn times_have_one_decimal() {
        assert_eq!(seconds(Duration::from_millis(12_349)), "12.3 s");
    }
}
