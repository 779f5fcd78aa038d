//! The text files of a workspace, read once and handed to every rule.
//!
//! Owns which folders are ours to judge. It does not judge. A newcomer expects git to be asked:
//! the rules also run on made-up trees in tests and in exports without a repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Problem;
use crate::Outcome;

/// Folders at the root that hold nothing written here: build output, the repository, run-time data.
const NOT_OURS: &[&str] = &["target", ".git", "data", "keys"];

/// Folders that a run of the fuzzer leaves beside its targets.
const MADE_BY_FUZZING: &[&str] = &["target", "corpus", "artifacts"];

/// A folder of this name, anywhere, holds other people's files: they exist, but no rule reads them.
const VENDORED: &str = "vendor";

/// Files as path → text. Paths start at the root and use `/`.
pub struct Tree {
    /// Text files by path.
    pub files: BTreeMap<String, String>,
    /// Every other path there is, folders included, for rules that only ask whether one exists.
    pub paths: Vec<String>,
}

impl Tree {
    /// Reads everything under `root`.
    pub fn read(root: &Path) -> Outcome<Tree> {
        let mut tree = Tree { files: BTreeMap::new(), paths: Vec::new() };
        tree.add(root, "", true)?;
        Ok(tree)
    }

    fn add(&mut self, folder: &Path, prefix: &str, judged: bool) -> Outcome {
        let complain = |err: std::io::Error| format!("{}: {err}", folder.display());
        for entry in fs::read_dir(folder).map_err(complain)? {
            let entry = entry.map_err(complain)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let made = prefix == "fuzz/" && MADE_BY_FUZZING.contains(&name.as_str());
            if made || (prefix.is_empty() && NOT_OURS.contains(&name.as_str())) {
                continue;
            }
            let path = format!("{prefix}{name}");
            self.paths.push(path.clone());
            if entry.path().is_dir() {
                self.add(&entry.path(), &format!("{path}/"), judged && name != VENDORED)?;
            } else if judged && let Ok(text) = fs::read_to_string(entry.path()) {
                self.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// Whether a file or folder of this path exists.
    pub fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.paths.iter().any(|known| known == path)
    }

    /// The Rust files of the product: what lies in the `src` of a crate.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(|(path, _)| path.starts_with("crates/") && path.contains("/src/") && path.ends_with(".rs"))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every Rust file of the workspace.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// The folder under `crates/` that a path belongs to.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// A problem at a line of a file.
pub fn problem(file: &str, line: usize, message: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line, message: message.into() }
}

#[cfg(test)]
impl Tree {
    /// A made-up tree, for the tests of the rules.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut paths = Vec::new();
        for (path, _) in files {
            let mut at = 0;
            while let Some(slash) = path[at..].find('/') {
                at += slash;
                paths.push(path[..at].to_owned());
                at += 1;
            }
            paths.push((*path).to_owned());
        }
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Tree { files, paths }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_when_something_lies_in_it() {
        let tree = Tree::of(&[("crates/base/src/lib.rs", "")]);
        assert!(tree.exists("crates/base/") && tree.exists("crates/base/src/lib.rs"));
        assert!(!tree.exists("crates/bas") && !tree.exists("crates/base/src/gone.rs"));
    }

    #[test]
    fn build_output_is_not_read_and_vendored_text_is_not_judged() {
        let root = tempfile::tempdir().unwrap();
        for path in ["target/x.rs", "e2e/vendor/y.js", "e2e/z.rs"] {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "text").unwrap();
        }
        let tree = Tree::read(root.path()).unwrap();
        assert_eq!(tree.files.keys().collect::<Vec<_>>(), ["e2e/z.rs"]);
        assert!(tree.exists("e2e/vendor/y.js"));
    }
}
