//! Where things lie on disk: the binary, the fetched tools, the pictures.
//!
//! Owns finding them from the running test, and building or fetching what is not there. It does
//! not start anything that stays. A newcomer expects cargo to hand over the binary's path: cargo
//! does so only inside the package that owns the binary, and the journeys are a package apart.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::{Step, Trouble};

/// The binary, up to date.
///
/// `cargo xtask ci` has built it already and says where. Otherwise cargo is asked, once per test
/// run; when nothing changed, that takes a moment.
pub(crate) fn binary() -> Step<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            if let Some(given) = std::env::var_os("ILJARI_BIN") {
                return Ok(PathBuf::from(given));
            }
            cargo(&["build", "--quiet", "--package", "iljari-app"])?;
            Ok(debug_folder().join("iljari"))
        })
        .clone()
        .map_err(Trouble::new)
}

/// The program of an example of the crate that checks bundles, up to date like the binary.
pub(crate) fn example(name: &str) -> Step<PathBuf> {
    if let Some(given) = std::env::var_os("ILJARI_BIN") {
        return Ok(Path::new(&given).with_file_name("examples").join(name));
    }
    cargo(&["build", "--quiet", "--package", "iljari-disclosure", "--example", name]).map_err(Trouble::new)?;
    Ok(debug_folder().join("examples").join(name))
}

/// The HTML checker's program file.
pub(crate) fn vnu_jar() -> Step<PathBuf> {
    static FETCHED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FETCHED
        .get_or_init(|| {
            let jar = target_folder().join("tools").join("vnu.jar");
            if !jar.is_file() {
                cargo(&["xtask", "tools"])?;
            }
            Ok(jar)
        })
        .clone()
        .map_err(Trouble::new)
}

/// Where a journey leaves what a person may want to look at.
pub(crate) fn kept(name: &str) -> Step<PathBuf> {
    let folder = target_folder().join("e2e");
    std::fs::create_dir_all(&folder).map_err(Trouble::when("making the folder of pictures"))?;
    Ok(folder.join(name))
}

/// The folder above `debug`.
fn target_folder() -> PathBuf {
    let debug = debug_folder();
    debug.parent().map(Path::to_path_buf).unwrap_or(debug)
}

/// The folder of built programs: a test runs from `deps` inside it.
fn debug_folder() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_default();
    test.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let out = Command::new(program)
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .stdin(Stdio::null())
        .output()
        .map_err(|err| format!("cargo does not run: {err}"))?;
    if out.status.success() {
        Ok(())
    } else {
        Err(format!("`cargo {}` failed:\n{}", arguments.join(" "), String::from_utf8_lossy(&out.stderr)))
    }
}
