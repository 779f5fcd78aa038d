//! `cargo xtask tidy`: the house rules that no compiler knows. The same rules run as a test.
//!
//! Owns the list of rules and how a problem is told. Each rule lives in a file of its own, is a
//! function from a tree of files to problems, and has a test that shows it can fail. What a
//! newcomer gets wrong: a rule that is in the way is changed here, with a reason in the commit,
//! never worked around in the code it speaks about.

use std::fmt;
use std::path::Path;

use crate::{Outcome, cargo};

mod claims;
mod documents;
mod floors;
mod glossary;
mod lock;
mod migrations;
mod particles;
mod rust;
mod sources;
mod sql;
mod templates;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use tree::Tree;

/// One breach of a rule, at the place where it is mended.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path from the root of the workspace.
    pub file: String,
    /// Line, counted from one; zero when the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

/// A rule over the files of the workspace.
type Rule = fn(&Tree) -> Vec<Problem>;

/// Every rule that only needs the files, by the name it has in the output.
const RULES: &[(&str, Rule)] = &[
    ("SQL stands in store.rs only", sql::only_in_stores),
    ("a store.rs speaks only of its own tables", sql::only_own_tables),
    ("migrations come in pairs and say why", migrations::in_pairs),
    ("every template is used", templates::all_used),
    ("particles are not glued by hand", particles::not_glued),
    ("paths in documents exist", documents::paths_exist),
    ("libraries come from one registry, by checksum", lock::one_registry),
    ("what the pages about threats and requirements name is tested", claims::hold),
    ("glossary types exist", glossary::types_exist),
    ("modules say what they own", sources::modules_documented),
    ("no lint is switched off silently", sources::no_allow),
    ("floor 0 touches nothing outside", sources::floor_zero_is_pure),
    ("no machine's paths, no registry's hosts, no bare reminders", words::none_forbidden),
];

/// Checks the workspace and prints what is wrong with it.
pub fn run(root: &Path) -> Outcome {
    let problems = problems(root)?;
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() {
        println!("{} house rules hold.", RULES.len() + 1);
        Ok(())
    } else {
        Err(format!("{} breaches of the house rules.", problems.len()))
    }
}

/// Everything wrong with the workspace at `root`, in the order of the files.
fn problems(root: &Path) -> Outcome<Vec<Problem>> {
    let tree = Tree::read(root)?;
    let mut problems = floors::imports_point_down(&metadata(root)?)?;
    for (name, rule) in RULES {
        problems.extend(
            rule(&tree)
                .into_iter()
                .map(|problem| Problem { message: format!("{} [{name}]", problem.message), ..problem }),
        );
    }
    problems.sort();
    Ok(problems)
}

/// What cargo knows about the packages of the workspace.
fn metadata(root: &Path) -> Outcome<serde_json::Value> {
    let out = cargo()
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|err| format!("cargo metadata does not run: {err}"))?;
    if !out.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&out.stderr)));
    }
    serde_json::from_slice(&out.stdout).map_err(|err| format!("cargo metadata: {err}"))
}
