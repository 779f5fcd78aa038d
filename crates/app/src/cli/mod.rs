//! The commands, a file each. They call the acts that the pages call.

pub mod actuals;
pub mod backup;
pub mod disclose;
pub mod ledger;
pub mod officer;
pub mod plan;
pub mod print;
pub mod publish;
pub mod rebuild;
pub mod rules;
pub mod verify;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use iljari_base::{DistrictCode, Failure, Outcome, Refusal};

/// Runs an asynchronous command to its end.
pub fn on_runtime(command: impl Future<Output = Outcome<ExitCode>>) -> Outcome<ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error).context("start the runtime"))?
        .block_on(command)
}

/// The district of a command line.
pub fn district(text: &str) -> Result<DistrictCode, String> {
    text.parse().map_err(|fault: iljari_base::code::BadDistrictCode| fault.to_string())
}

/// Every file below a folder with its path inside it, forward slashes, sorted. A single file stands alone.
pub fn read_tree(path: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let failed = |at: &Path, error: std::io::Error| Failure::new(error).context(format!("{}", at.display()));
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(|error| failed(path, error))?;
        return Ok(vec![(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes)]);
    }
    if !path.is_dir() {
        return Err(Refusal::new("no-such-path", "", format!("{}을(를) 찾지 못했습니다.", path.display())).into());
    }
    let mut found = Vec::new();
    for name in read_names(path)? {
        let at = path.join(&name);
        found.push((name, std::fs::read(&at).map_err(|error| failed(&at, error))?));
    }
    Ok(found)
}

/// The path of every file below a folder, inside it, forward slashes, sorted.
pub fn read_names(path: &Path) -> Outcome<Vec<String>> {
    let failed = |at: &Path, error: std::io::Error| Failure::new(error).context(format!("{}", at.display()));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
            let at = entry.map_err(|error| failed(&folder, error))?.path();
            if at.is_dir() {
                folders.push(at);
            } else {
                found.push(at.strip_prefix(path).unwrap_or(&at).to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}
