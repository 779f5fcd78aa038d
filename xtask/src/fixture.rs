//! `cargo xtask fixture NAME`: the data of this program as a release leaves them behind, for every later one to open.
//!
//! Owns making the files below `crates/app/tests/releases/`. It does not own what later programs must do with them (the
//! test beside them does). A newcomer makes one anew when a test fails: never. A fixture is what people have on their
//! disks; it is made once, before a release, and kept for good.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::{Outcome, cargo, finish, target_folder};

/// What a fixture is made of.
#[derive(Args)]
pub struct Wanted {
    /// Its name: the version, `1.0.0`
    name: String,
    /// The released program [default: built from this tree]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Makes one: the invented office of the demo, backed up by its own program, with its keys.
pub fn run(root: &Path, wanted: &Wanted) -> Outcome {
    let kept = root.join("crates/app/tests/releases").join(&wanted.name);
    if kept.exists() {
        return Err(format!("{} is there: a fixture is never made again", kept.display()));
    }
    let program = match &wanted.program {
        Some(program) => program.clone(),
        None => {
            finish(cargo().args(["build", "-p", "iljari-app"]).current_dir(root))?;
            target_folder(root).join("debug/iljari")
        }
    };
    let work = target_folder(root).join("fixture").join(&wanted.name);
    if work.exists() {
        fs::remove_dir_all(&work).map_err(|error| told(&work, &error))?;
    }
    let (data, backups) = (work.join("data"), work.join("backups"));
    finish(Command::new(&program).args(["demo", "--once", "--data"]).arg(&data))?;
    finish(Command::new(&program).args(["backup", "--data"]).arg(&data).arg("--to").arg(&backups))?;
    let backup = files(&backups)?.into_iter().find(|path| path.ends_with("backup.json"));
    let backup = backup.as_deref().and_then(Path::parent).ok_or("the program made no backup")?.to_path_buf();
    for path in files(&backup)? {
        put(&path, &kept.join("backup").join(path.strip_prefix(&backup).unwrap_or(&path)))?;
    }
    let keys = work.join("data.keys");
    for path in files(&keys)?.into_iter().filter(|path| path.extension().is_none_or(|ending| ending != "lock")) {
        put(&path, &kept.join("keys").join(path.strip_prefix(&keys).unwrap_or(&path)))?;
    }
    put(&data.join("demo-password"), &kept.join("demo-password"))?;
    finish(Command::new("gzip").args(["-9", "-n"]).arg(kept.join("backup/iljari.db")))?;
    println!("{}: commit it, and never change it", kept.display());
    Ok(())
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn put(from: &Path, to: &Path) -> Outcome {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
    fs::copy(from, to).map(drop).map_err(|error| told(from, &error))
}

/// Every file below a folder.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).map_err(|error| told(&at, &error))? {
            let path = entry.map_err(|error| told(&at, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
