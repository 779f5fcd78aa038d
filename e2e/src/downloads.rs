//! Files that a page hands out: taken the way a person takes them, and unpacked.
//!
//! Owns pressing a download link, waiting until the file is whole, and opening the plain ZIP of a
//! disclosure. It judges nothing about what is inside. A newcomer expects a ZIP reader to inflate:
//! the bundles are stored, not squeezed, so that anybody can read them, and this reader relies on it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::{Browser, Step, Trouble};

/// Longer than any file takes on this machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often we look whether the file is whole.
const GLANCE: Duration = Duration::from_millis(50);

impl Browser {
    /// Presses the link with these words and waits for the one file that comes of it in `folder`,
    /// which is made and must be new.
    pub fn download(&self, words: &str, folder: &Path) -> Step<PathBuf> {
        std::fs::create_dir(folder).map_err(Trouble::when("making a folder for a download"))?;
        self.devtools(
            "Browser.setDownloadBehavior",
            json!({ "behavior": "allow", "downloadPath": folder.to_string_lossy() }),
        )?;
        self.press(words)?;
        let started = Instant::now();
        loop {
            let files: Vec<PathBuf> = std::fs::read_dir(folder)
                .map_err(Trouble::when("looking for a download"))?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            if let [file] = files.as_slice()
                && is_whole(file)
            {
                return Ok(file.clone());
            }
            if started.elapsed() > PATIENCE {
                return Err(Trouble::new(format!("‘{words}’ downloaded no file: {files:?}")));
            }
            std::thread::sleep(GLANCE);
        }
    }
}

/// The browser writes under another name until the file is whole.
fn is_whole(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    !name.ends_with(".crdownload") && !name.starts_with('.')
}

/// Unpacks a stored ZIP into a new folder and tells the names of its files.
pub fn unpack(zip: &Path, folder: &Path) -> Step<Vec<String>> {
    let bytes = std::fs::read(zip).map_err(Trouble::when("reading a ZIP"))?;
    let mut names = Vec::new();
    let mut rest = bytes.as_slice();
    while let Some(Member { name, content, after }) = member(rest)? {
        let to = folder.join(&name);
        if name.split('/').any(|part| part.is_empty() || part == "..") {
            return Err(Trouble::new(format!("the ZIP wants to write to {name}")));
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(Trouble::when("unpacking a ZIP"))?;
        }
        std::fs::write(&to, content).map_err(Trouble::when("unpacking a ZIP"))?;
        names.push(name);
        rest = after;
    }
    if names.is_empty() {
        return Err(Trouble::new(format!("{} is no ZIP with files in it", zip.display())));
    }
    Ok(names)
}

/// A file of a ZIP, and the bytes behind it.
struct Member<'a> {
    name: String,
    content: &'a [u8],
    after: &'a [u8],
}

/// The next file, its content, and what follows; `None` at the directory that ends the files.
fn member(bytes: &[u8]) -> Step<Option<Member<'_>>> {
    let short = || Trouble::new("the ZIP ends early");
    if bytes.get(..4) != Some(b"PK\x03\x04".as_slice()) {
        return Ok(None);
    }
    let two =
        |at: usize| -> Option<usize> { Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))) };
    let (method, name, extra) = (two(8), two(26).ok_or_else(short)?, two(28).ok_or_else(short)?);
    if method != Some(0) {
        return Err(Trouble::new("the ZIP is squeezed; a bundle is stored"));
    }
    let size = bytes.get(18..22).and_then(|four| Some(u32::from_le_bytes(four.try_into().ok()?))).ok_or_else(short)?;
    let start = 30 + name + extra;
    let end = start + usize::try_from(size).map_err(|_| short())?;
    let named = String::from_utf8_lossy(bytes.get(30..30 + name).ok_or_else(short)?).into_owned();
    let content = bytes.get(start..end).ok_or_else(short)?;
    Ok(Some(Member { name: named, content, after: bytes.get(end..).unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &str, content: &[u8], method: u8) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x0a\x00\x00\x08".to_vec();
        bytes.extend([method, 0, 0, 0, 0x21, 0, 0, 0, 0, 0]);
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        bytes.extend(size);
        bytes.extend(size);
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(content);
        bytes
    }

    #[test]
    fn a_stored_zip_is_unpacked_and_nothing_escapes_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let zip = folder.path().join("a.zip");
        std::fs::write(&zip, [stored("가/나.csv", b"1,2", 0), stored("b", b"", 0), b"PK\x01\x02".to_vec()].concat())
            .unwrap();
        let to = folder.path().join("out");
        assert_eq!(unpack(&zip, &to).unwrap(), ["가/나.csv", "b"]);
        assert_eq!(std::fs::read(to.join("가/나.csv")).unwrap(), b"1,2");
        for bad in [stored("../out", b"x", 0), stored("squeezed", b"x", 8), b"no zip".to_vec()] {
            std::fs::write(&zip, bad).unwrap();
            assert!(unpack(&zip, &to).is_err());
        }
    }
}
