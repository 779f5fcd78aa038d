//! Where libraries come from.
//!
//! Owns that each is one of ours or lies in the one registry under a checksum. It does not own which libraries may be
//! used; `deny.toml` says. A newcomer tries a patch from a repository: it works, and nobody can check it later.

use super::Problem;
use super::tree::{Tree, problem};
use crate::sbom::packages;

const LOCK: &str = "Cargo.lock";

/// Every package of the lock file is ours or comes from one registry, by its SHA-256.
pub fn one_registry(tree: &Tree) -> Vec<Problem> {
    let Some(lock) = tree.files.get(LOCK) else { return vec![problem(LOCK, 0, "does not exist")] };
    let packages = packages(lock);
    let registry = packages.iter().map(|it| it.source.as_str()).find(|source| source.starts_with("registry+"));
    let mut problems = Vec::new();
    for package in &packages {
        let ours = package.name.starts_with("iljari-") || package.name == "xtask";
        let sha256 = package.checksum.len() == 64 && package.checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
        let message = match (ours, package.source.is_empty()) {
            (true, true) => continue,
            (true, false) => format!("{} has a name of ours and comes from elsewhere", package.name),
            (false, true) => format!("{} is not ours and has no source", package.name),
            (false, false) if Some(package.source.as_str()) != registry => {
                format!("{} comes from {}", package.name, package.source)
            }
            (false, false) if !sha256 => format!("{} has no checksum", package.name),
            (false, false) => continue,
        };
        problems.push(problem(LOCK, package.line, message));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_comes_from_the_registry_by_its_checksum() {
        let package = |name: &str, source: &str, checksum: &str| {
            let line = |key: &str, value: &str| {
                if value.is_empty() { String::new() } else { format!("{key} = \"{value}\"\n") }
            };
            let head = format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
            head + &line("source", source) + &line("checksum", checksum) + "\n"
        };
        let sound = "a".repeat(64);
        let lock = [
            package("good", "registry+one", &sound),
            package("iljari-base", "", ""),
            package("git", "git+https://example.test/x", ""),
            package("mirror", "registry+other", &sound),
            package("bare", "registry+one", ""),
            package("vendored", "", ""),
            package("iljari-web", "registry+one", &sound),
        ]
        .concat();
        let found: Vec<String> =
            one_registry(&Tree::of(&[("Cargo.lock", &lock)])).iter().map(|it| it.message.clone()).collect();
        assert_eq!(
            found,
            [
                "git comes from git+https://example.test/x",
                "mirror comes from registry+other",
                "bare has no checksum",
                "vendored is not ours and has no source",
                "iljari-web has a name of ours and comes from elsewhere",
            ]
        );
        assert_eq!(one_registry(&Tree::of(&[])).len(), 1);
    }
}
