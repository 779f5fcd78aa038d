//! Embeds the migrations: lists both dialect folders and writes one table of file texts each.
//!
//! Watches the folders, so that a new or changed migration always rebuilds the crate.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut code = String::new();
    for (constant, folder) in [("SQLITE", "sqlite"), ("POSTGRES", "postgres")] {
        let folder = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        writeln!(code, "pub(crate) const {constant}: &[Migration] = &[")?;
        for file in migration_files(&folder)? {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file.file_stem().and_then(|stem| stem.to_str()).ok_or("a file name is not UTF-8")?;
            let number = name
                .split_once('_')
                .filter(|(digits, _)| digits.len() == 4)
                .and_then(|(digits, _)| digits.parse::<u16>().ok())
                .ok_or_else(|| format!("{}: a migration is named NNNN_slice_what.sql", file.display()))?;
            let path = file.to_str().ok_or("a path is not UTF-8")?;
            writeln!(code, "    Migration {{ number: {number}, name: {name:?}, sql: include_str!({path:?}) }},")?;
        }
        writeln!(code, "];")?;
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("migrations.rs");
    std::fs::write(out, code)?;
    Ok(())
}

/// The `.sql` files of a folder, by name.
fn migration_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder)? {
        let path = item?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
