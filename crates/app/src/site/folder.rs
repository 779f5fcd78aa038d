//! The folder an export is written into, and putting it in the earlier one's place.
//!
//! Owns: that a reader sees the whole earlier export or the whole new one. Does not own: what the
//! files say. What a newcomer gets wrong: writing over the earlier files. What is gone from the
//! site would stay in the folder for ever.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use iljari_base::{Failure, Outcome, Refusal, Timestamp};

use crate::data_folder::beside;

// Names that nobody else gives a folder: what stands there may be removed unseen.
const NEW: &str = ".iljari-publish.new";
const OLD: &str = ".iljari-publish.old";

/// The file by which we know our own folder again.
pub const MARK: &str = "iljari-publish.txt";

/// A new folder beside the one that will be replaced.
#[derive(Debug)]
pub struct Fresh {
    path: PathBuf,
}

impl Fresh {
    /// Makes it empty. What a run that was cut off left there is ours and goes.
    pub fn beside(out: &Path) -> Outcome<Self> {
        check_ours(out)?;
        let path = beside(out, ".", NEW);
        remove(&path)?;
        fs::create_dir_all(&path).map_err(|error| failed("make", &path, error))?;
        Ok(Self { path })
    }

    /// Writes one file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome<()> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("make", folder, error))?;
        }
        Ok(fs::write(&path, bytes).map_err(|error| failed("write", &path, error))?)
    }

    /// Reads one back.
    pub fn read(&self, name: &str) -> Outcome<String> {
        let path = self.path.join(name);
        Ok(fs::read_to_string(&path).map_err(|error| failed("read", &path, error))?)
    }

    /// Puts the new folder where the earlier one was; how many files gave way. The mark is written
    /// last, so a folder without it was never whole.
    pub fn swap_in(self, out: &Path, as_of: Timestamp) -> Outcome<usize> {
        let files = count(&self.path)?;
        let mark = format!("iljari publish\n자료 기준: {as_of}\n파일: {files}개\n");
        self.write(MARK, mark.as_bytes())?;
        let old = beside(out, ".", OLD);
        remove(&old)?;
        let replaced = if out.exists() { count(out)?.saturating_sub(usize::from(out.join(MARK).exists())) } else { 0 };
        match fs::rename(out, &old) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed("move away", out, error).into()),
        }
        if let Err(error) = fs::rename(&self.path, out) {
            // The earlier one goes back: better an old site than none.
            let _ = fs::rename(&old, out);
            return Err(failed("move in", out, error).into());
        }
        remove(&old)?;
        Ok(replaced)
    }
}

impl Drop for Fresh {
    /// A run that did not come to its end leaves nothing; after the swap there is nothing to remove.
    fn drop(&mut self) {
        let _ = remove(&self.path);
    }
}

/// A folder that is empty, not there, or an export of ours may be replaced; nothing else.
fn check_ours(out: &Path) -> Outcome<()> {
    let ours = match fs::read_dir(out) {
        Ok(mut found) => found.next().is_none() || out.join(MARK).is_file(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if ours {
        return Ok(());
    }
    let message = format!(
        "{}: 이 프로그램이 내보낸 폴더가 아닙니다. 다른 파일을 지우지 않으려고 멈췄습니다. 빈 폴더나 새 이름을 주세요.",
        out.display()
    );
    Err(Refusal::new("not-an-export", "", message).into())
}

fn remove(path: &Path) -> Outcome<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("remove", path, error).into()),
        _ => Ok(()),
    }
}

fn count(folder: &Path) -> Outcome<usize> {
    Ok(crate::cli::read_names(folder)?.len())
}

fn failed(what: &str, path: &Path, error: std::io::Error) -> Failure {
    Failure::new(error).context(format!("{what} {}", path.display()))
}
