//! Files that must be whole or not there: written beside, synced, then renamed.
//!
//! Owns: writing to disk what must survive a power cut. Does not own: what the files hold.
//! A folder is brought to exactly a given set of files, so that what is published can be deleted
//! and made again to the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use iljari_base::Failure;

use crate::steps::on_file;

/// Writes a file so that a crash leaves the old one or the new one, never half of either.
///
/// Only the owner may read it when `secret`.
pub fn write_whole(path: &Path, bytes: &[u8], secret: bool) -> Result<(), Failure> {
    let failed = failing("write", path);
    let folder = path.parent().unwrap_or(Path::new("."));
    on_file("make the folder", path, || fs::create_dir_all(folder)).map_err(failed)?;
    let beside = beside(path);
    let file = write_beside(path, &beside, bytes, secret).map_err(failed)?;
    on_file("sync it", path, || file.sync_all()).map_err(failed)?;
    on_file("rename it", path, || fs::rename(&beside, path)).map_err(failed)?;
    // The rename itself must survive a power cut too.
    on_file("sync the folder", path, || sync(folder)).map_err(failed)
}

fn sync(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder).and_then(|folder| folder.sync_all())
}

fn failing<'p>(what: &'p str, path: &'p Path) -> impl Fn(std::io::Error) -> Failure + Copy + 'p {
    move |error| Failure::io(&error).context(format!("{what} {}", path.display()))
}

/// Where a file is written before it takes its name.
fn beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".{}.new", path.file_name().unwrap_or_default().to_string_lossy()))
}

fn write_beside(path: &Path, beside: &Path, bytes: &[u8], secret: bool) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = on_file("make a file beside", path, || options.open(beside))?;
    on_file("write it", path, || file.write_all(bytes))?;
    Ok(file)
}

/// Files that are open at once while many are written.
const OPEN_AT_ONCE: usize = 64;

/// Writes many files below a folder, each whole or not at all, as [`write_whole`] does one.
///
/// All are written before the first is synced, and a folder is synced once for all that took their
/// names in it: the disk then waits a few times instead of twice for each file.
fn write_many(root: &Path, files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let mut folders = BTreeSet::new();
    for part in files.chunks(OPEN_AT_ONCE) {
        let mut written = Vec::with_capacity(part.len());
        for (path, bytes) in part {
            let failed = failing("write", path);
            let folder = path.parent().unwrap_or(root);
            if folders.insert(folder.to_path_buf()) {
                on_file("make the folder", path, || fs::create_dir_all(folder)).map_err(failed)?;
                // A folder made just now is a name in the one above it.
                let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
                folders.extend(above.map(Path::to_path_buf));
            }
            written.push((path, write_beside(path, &beside(path), bytes, false).map_err(failed)?));
        }
        for (path, file) in &written {
            on_file("sync it", path, || file.sync_all()).map_err(failing("write", path))?;
        }
        for (path, _) in written {
            on_file("rename it", path, || fs::rename(beside(path), path)).map_err(failing("write", path))?;
        }
    }
    for folder in folders.iter().rev() {
        on_file("sync the folders", folder, || sync(folder)).map_err(failing("sync", folder))?;
    }
    Ok(())
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
    let failed = failing("remove", path);
    match on_file("remove it", path, || fs::remove_file(path)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        removed => removed.map_err(failed)?,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    on_file("sync the folder", path, || sync(folder)).map_err(failed)
}

/// Brings a folder to exactly these files: writes what is missing or different, removes the rest.
///
/// `last` is written after everything else: the file that points at the others.
pub fn bring_to(folder: &Path, files: &BTreeMap<String, Vec<u8>>, last: &str) -> Result<(), Failure> {
    let mut changed = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.as_str() != last) {
        let path = folder.join(name);
        if read_if_there(&path)?.as_deref() != Some(bytes.as_slice()) {
            changed.push((path, bytes.as_slice()));
        }
    }
    write_many(folder, &changed)?;
    if let Some((name, bytes)) = files.get_key_value(last) {
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

    #[test]
    fn many_files_are_written_whole_and_what_a_crash_left_beside_them_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        write_whole(&path.join("tile/entries/.003.new"), b"half", false).expect("written");
        let mut files: BTreeMap<String, Vec<u8>> =
            (0..150).map(|number| (format!("tile/entries/{number:03}"), vec![number; 300])).collect();
        files.insert("checkpoint".to_owned(), b"c".to_vec());
        for change in [None, Some(7), Some(149)] {
            if let Some(changed) = change {
                files.insert(format!("tile/entries/{changed:03}"), b"other".to_vec());
            }
            bring_to(&path, &files, "checkpoint").expect("brought");
            let there: BTreeMap<String, Vec<u8>> = list(&path)
                .expect("listed")
                .into_iter()
                .map(|found| {
                    let name = found.strip_prefix(&path).expect("below").to_string_lossy().into_owned();
                    (name, fs::read(&found).expect("read"))
                })
                .collect();
            assert_eq!(there, files);
        }
    }
}
