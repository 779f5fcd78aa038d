//! The key folder (열쇠 폴더): the signing keys of the logs, and what was last signed with them.
//!
//! Owns: the secret key of a district, those that signed before it and, beside them, the last signed size and root. Does not own:
//! what is signed. What a newcomer gets wrong: putting this folder into the data's backup. It is
//! kept apart on purpose: a restored old database then finds that it is behind its own signature
//! and refuses to sign, so a restore never forks the log.

use std::fs::File;
use std::path::{Path, PathBuf};

use iljari_base::{DistrictCode, Entropy, Failure};
use iljari_disclosure::log::note::{Signer, VerifierKey};
use iljari_disclosure::log::tree::Hash;

use iljari_store::files::{list, read_if_there, remove_if_there, write_whole};

/// The key folder of an office.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    folder: PathBuf,
    demo: bool,
}

/// What was last signed for a district.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastSigned {
    /// Leaves in the log.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl KeyFolder {
    /// The folder at this path; a demo's logs say so in their origin line.
    pub fn new(folder: &Path, demo: bool) -> Self {
        Self { folder: folder.to_path_buf(), demo }
    }

    /// The log's origin line, which is also the key's name.
    pub fn origin(&self, district: &DistrictCode) -> String {
        if self.demo { format!("demo.iljari.example/{district}") } else { format!("iljari.example/{district}") }
    }

    /// The district's key, made on first use.
    pub fn signer(&self, district: &DistrictCode, entropy: &dyn Entropy) -> Result<Signer, Failure> {
        if let Some(signer) = self.existing(district)? {
            return Ok(signer);
        }
        // Two first seals at once must not make two keys.
        let _alone = lock(&self.lock_path(district, "key"))?;
        if let Some(signer) = self.existing(district)? {
            return Ok(signer);
        }
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        let signer = Signer::new(&self.origin(district), &seed)
            .map_err(|fault| Failure::new(fault).context("make a signing key"))?;
        let path = self.key_path(district);
        write_whole(&path, secret(&signer).as_bytes(), true)?;
        Ok(signer)
    }

    /// The key that others check with; `None` before the district's first seal. Makes nothing: pages ask.
    pub fn verifier(&self, district: &DistrictCode) -> Result<Option<VerifierKey>, Failure> {
        Ok(self.existing(district)?.map(|signer| signer.verifier().clone()))
    }

    /// The key as it lies here; makes nothing.
    pub(crate) fn existing(&self, district: &DistrictCode) -> Result<Option<Signer>, Failure> {
        read_signer(&self.key_path(district))
    }

    /// The key that is to follow, while a rotation is under way.
    pub(crate) fn next(&self, district: &DistrictCode) -> Result<Option<Signer>, Failure> {
        read_signer(&self.next_path(district))
    }

    /// The same, made where there is none. The work `seal` is ours meanwhile.
    pub(crate) fn next_made(&self, district: &DistrictCode, entropy: &dyn Entropy) -> Result<Signer, Failure> {
        if let Some(next) = self.next(district)? {
            return Ok(next);
        }
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        let next = Signer::new(&self.origin(district), &seed)
            .map_err(|fault| Failure::new(fault).context("make the next signing key"))?;
        write_whole(&self.next_path(district), secret(&next).as_bytes(), true)?;
        Ok(next)
    }

    /// The key that is to follow becomes the one that signs; the one before is kept, because the bundles that it
    /// signed are made again with it. May be done again after it broke off anywhere.
    pub(crate) fn turn(&self, district: &DistrictCode) -> Result<(), Failure> {
        let (Some(now), Some(next)) = (self.existing(district)?, self.next(district)?) else { return Ok(()) };
        if now.verifier() != next.verifier() {
            let former = self.former_path(district, &now);
            write_whole(&former, secret(&now).as_bytes(), true)?;
            write_whole(&self.key_path(district), secret(&next).as_bytes(), true)?;
        }
        remove_if_there(&self.next_path(district))
    }

    /// Every key that signed before, in no order.
    pub(crate) fn former(&self, district: &DistrictCode) -> Result<Vec<Signer>, Failure> {
        let start = format!("log-{district}.former-");
        let is_former = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&start) && name.ends_with(".key")
        };
        let paths = list(&self.folder)?.into_iter().filter(is_former);
        paths.filter_map(|path| read_signer(&path).transpose()).collect()
    }

    fn key_path(&self, district: &DistrictCode) -> PathBuf {
        self.folder.join(format!("log-{district}.key"))
    }

    fn next_path(&self, district: &DistrictCode) -> PathBuf {
        self.folder.join(format!("log-{district}.next.key"))
    }

    fn former_path(&self, district: &DistrictCode, key: &Signer) -> PathBuf {
        let id: String = key.verifier().id().iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("log-{district}.former-{id}.key"))
    }

    /// What was last signed for the district; `None` before the first seal.
    pub fn last_signed(&self, district: &DistrictCode) -> Result<Option<LastSigned>, Failure> {
        let path = self.signed_path(district);
        let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
        let text = String::from_utf8_lossy(&bytes);
        let read = text
            .trim_end()
            .split_once(' ')
            .and_then(|(size, root)| Some(LastSigned { size: size.parse().ok()?, root: root.parse().ok()? }));
        match read {
            Some(last) => Ok(Some(last)),
            None => Err(Failure::new("what was last signed cannot be read").context(path.display())),
        }
    }

    /// Remembers what was signed. Called after the seal is in the database, before it is published.
    pub fn remember_signed(&self, district: &DistrictCode, last: LastSigned) -> Result<(), Failure> {
        write_whole(&self.signed_path(district), format!("{} {}\n", last.size, last.root).as_bytes(), true)
    }

    /// Waits until nobody else, in this program or another over this folder, is at the same work of the
    /// district; then it is ours until the answer is dropped.
    pub(crate) async fn alone(&self, district: &DistrictCode, work: &str) -> Result<File, Failure> {
        let path = self.lock_path(district, work);
        let locked = tokio::task::spawn_blocking(move || lock(&path)).await;
        locked.map_err(|error| Failure::new(error).context("wait for a lock"))?
    }

    fn lock_path(&self, district: &DistrictCode, work: &str) -> PathBuf {
        self.folder.join(format!("log-{district}.{work}.lock"))
    }

    fn signed_path(&self, district: &DistrictCode) -> PathBuf {
        self.folder.join(format!("log-{district}.signed"))
    }
}

/// A key as its file holds it.
fn secret(key: &Signer) -> String {
    format!("{}\n", key.to_secret_text())
}

fn read_signer(path: &Path) -> Result<Option<Signer>, Failure> {
    let Some(bytes) = read_if_there(path)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    Signer::from_secret_text(text.trim_end())
        .map(Some)
        .map_err(|fault| Failure::new(fault).context(format!("read the key {}", path.display())))
}

/// Takes the lock of a file, waiting for it; the system gives it back when the file is closed.
fn lock(path: &Path) -> Result<File, Failure> {
    let failed = |error: std::io::Error| Failure::new(error).context(format!("lock {}", path.display()));
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    File::lock(&file).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::SeededEntropy;

    #[test]
    fn a_key_is_made_once_and_what_was_signed_is_remembered() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = KeyFolder::new(folder.path(), true);
        let district: DistrictCode = "11215".parse().expect("a code");
        let entropy = SeededEntropy::new("keys");
        let one = keys.signer(&district, &entropy).expect("a key");
        let other = keys.signer(&district, &entropy).expect("the same key");
        assert_eq!(one.verifier().to_string(), other.verifier().to_string());
        assert!(one.verifier().to_string().starts_with("demo.iljari.example/11215+"));
        assert_eq!(keys.last_signed(&district).expect("readable"), None);
        let last = LastSigned { size: 7, root: Hash([9; 32]) };
        keys.remember_signed(&district, last).expect("written");
        assert_eq!(keys.last_signed(&district).expect("readable"), Some(last));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join("log-11215.key")).expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "only the owner reads the key");
        }
    }
}
