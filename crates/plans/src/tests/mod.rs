//! The public plan pages with the three districts of this repository, and the statements behind them.

mod pages;
mod statements;
mod walk;

use std::path::Path;

use iljari_disclosure::plan::{District, check};

/// The files of a district of this repository.
pub(crate) fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts").join(name);
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .expect("the district's folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .filter(|(name, _)| name.ends_with(".yaml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no plan files", folder.display());
    files
}

/// A district of this repository.
pub(crate) fn book(name: &str) -> District {
    check(&files(name)).district.expect("a district")
}
