//! Bundles that are wrong in many ways, with what the checker in Rust says about each.
//!
//! Owns asking the program that makes them. It knows neither a bundle nor a fault; the lines go to
//! the browser as they come. A newcomer expects them in files: they are made anew from two numbers.

use std::process::Command;

use serde_json::Value;

use crate::{Step, Trouble, places};

/// The lines of `mutants COUNT SEED`: first the sound bundles, then one line per mutant.
pub fn mutants(count: usize, seed: u64) -> Step<Vec<Value>> {
    let out = Command::new(places::example("mutants")?)
        .args([count.to_string(), seed.to_string()])
        .output()
        .map_err(Trouble::when("making mutants"))?;
    if !out.status.success() {
        return Err(Trouble::new(format!("no mutants: {}", String::from_utf8_lossy(&out.stderr))));
    }
    let lines = String::from_utf8_lossy(&out.stdout).into_owned();
    lines.lines().map(|line| serde_json::from_str(line).map_err(Trouble::when("reading a mutant"))).collect()
}
