//! Files that must be whole or not there: written beside, synced, then renamed.
//!
//! Owns: writing to disk what must survive a power cut. Does not own: what the files hold.
//! A folder is brought to exactly a given set of files, so that what is published can be deleted
//! and made again to the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use iljari_base::Failure;

use crate::steps::on_file;

/// Writes a file so that a crash leaves the old one or the new one, never half of either.
///
/// Only the owner may read it when `secret`.
pub fn write_whole(path: &Path, bytes: &[u8], secret: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io(&error).context(format!("write {}", path.display()));
    let folder = path.parent().unwrap_or(Path::new("."));
    on_file("make the folder", path, || fs::create_dir_all(folder)).map_err(failed)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.new"));
    {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        if secret {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = on_file("make a file beside", path, || options.open(&beside)).map_err(failed)?;
        on_file("write it", path, || file.write_all(bytes)).map_err(failed)?;
        on_file("sync it", path, || file.sync_all()).map_err(failed)?;
    }
    on_file("rename it", path, || fs::rename(&beside, path)).map_err(failed)?;
    // The rename itself must survive a power cut too.
    on_file("sync the folder", path, || fs::File::open(folder).and_then(|folder| folder.sync_all())).map_err(failed)
}

/// Reads a file that may be absent.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(error).context(format!("read {}", path.display()))),
    }
}

/// Removes a file that may be absent, so that it stays away after a power cut.
pub fn remove_if_there(path: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io(&error).context(format!("remove {}", path.display()));
    match on_file("remove it", path, || fs::remove_file(path)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        removed => removed.map_err(failed)?,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    on_file("sync the folder", path, || fs::File::open(folder).and_then(|folder| folder.sync_all())).map_err(failed)
}

/// Brings a folder to exactly these files: writes what is missing or different, removes the rest.
///
/// `last` is written after everything else: the file that points at the others.
pub fn bring_to(folder: &Path, files: &BTreeMap<String, Vec<u8>>, last: &str) -> Result<(), Failure> {
    let pointed_at = files.iter().filter(|(name, _)| name.as_str() != last);
    for (name, bytes) in pointed_at.chain(files.get_key_value(last)) {
        let path = folder.join(name);
        if read_if_there(&path)?.as_deref() != Some(bytes.as_slice()) {
            write_whole(&path, bytes, false)?;
        }
    }
    for path in list(folder)? {
        let known = path
            .strip_prefix(folder)
            .ok()
            .and_then(Path::to_str)
            .is_some_and(|name| files.contains_key(&name.replace('\\', "/")));
        if !known {
            on_file("remove it", &path, || fs::remove_file(&path))
                .map_err(|error| Failure::new(error).context(format!("remove {}", path.display())))?;
        }
    }
    Ok(())
}

/// Every file below a folder, sorted; nothing when the folder is not there.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure::io(&error).context(format!("list {}", folder.display()));
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_brought_to_exactly_the_given_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        write_whole(&path.join("tile/0/000.p/1"), b"old", false).expect("written");
        let files: BTreeMap<String, Vec<u8>> =
            [("checkpoint".to_owned(), b"c".to_vec()), ("tile/0/000.p/2".to_owned(), b"new".to_vec())].into();
        bring_to(&path, &files, "checkpoint").expect("brought");
        let names: Vec<_> = list(&path)
            .expect("listed")
            .iter()
            .map(|found| found.strip_prefix(&path).expect("below").to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["checkpoint", "tile/0/000.p/2"]);
    }
}
