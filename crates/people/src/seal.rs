//! Sealing small secrets with a key of the key folder (XChaCha20-Poly1305).
//!
//! Owns: `people.key`, how a key's file is made and read, sealing and opening. Does not own: what is
//! sealed, nor which keys residents' records have (`residents::safe`).
//! What a newcomer gets wrong: the context. A sealed value opens only with the same context, so
//! that a secret cut out of one officer's row is worth nothing in another's.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use iljari_base::{Entropy, Failure};
use zeroize::Zeroizing;

/// The file's name in the key folder.
pub const KEY_FILE: &str = "people.key";

const NONCE_BYTES: usize = 24;

/// Seals with the office's key (봉함). Not the seal of the ledger.
pub struct Sealer {
    key: Zeroizing<[u8; 32]>,
}

impl Sealer {
    /// Reads the key of this folder; makes it on first use, readable by its owner only.
    pub fn open(keys: &Path, entropy: &dyn Entropy) -> Result<Self, Failure> {
        Self::read_or_make(&keys.join(KEY_FILE), entropy)
    }

    /// Reads the key in this file; makes it on first use, readable by its owner only.
    pub(crate) fn read_or_make(path: &Path, entropy: &dyn Entropy) -> Result<Self, Failure> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        make(path, entropy).map_err(|err| Failure::new(err).context(format!("making the key {}", path.display())))?;
        // Another process may have been first: what counts is what lies there.
        Self::read(path)?.ok_or_else(|| Failure::new(format!("the key {} vanished", path.display())))
    }

    /// Reads the key in this file; `None` where there is no such file.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let broken =
            |err: &dyn std::fmt::Display| Failure::new(err).context(format!("reading the key {}", path.display()));
        match fs::read_to_string(path) {
            Ok(text) => {
                let mode = fs::metadata(path).map_err(|err| broken(&err))?.permissions().mode();
                if mode & 0o077 != 0 {
                    return Err(broken(&"the key file is readable by others; set its mode to 0600"));
                }
                let text = Zeroizing::new(text);
                let mut key = Zeroizing::new([0; 32]);
                hex::decode_to_slice(text.trim(), key.as_mut_slice()).map_err(|err| broken(&err))?;
                Ok(Some(Self { key }))
            }
            Err(err) if err.kind() == ErrorKind::NotFound => Ok(None),
            Err(err) => Err(broken(&err)),
        }
    }

    /// A fresh key that lies in no file.
    pub(crate) fn fresh(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut_slice());
        Self { key }
    }

    /// A key from its bytes; `None` when they are not as many as a key has.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        (bytes.len() == key.len()).then(|| {
            key.copy_from_slice(bytes);
            Self { key }
        })
    }

    /// The bytes, to be sealed under another key.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// Seals `plain` for `context`.
    pub fn seal(&self, entropy: &dyn Entropy, context: &str, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut nonce = [0; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let sealed =
            self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Failure::new("sealing a secret"))?;
        Ok([nonce.as_slice(), sealed.as_slice()].concat())
    }

    /// Opens what was sealed for the same context; `None` for anything else.
    pub fn open_sealed(&self, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: rest, aad: context.as_bytes() };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.key))
    }
}

/// Writes a fresh key under a passing name and links it into place: the name appears with the
/// whole key behind it or not at all, and the second of two makers loses.
fn make(path: &Path, entropy: &dyn Entropy) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let key = Sealer::fresh(entropy);
    let mut suffix = [0; 8];
    entropy.fill(&mut suffix);
    let mut passing = path.as_os_str().to_os_string();
    passing.push(format!(".{}", hex::encode(suffix)));
    let passing = Path::new(&passing);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(passing)?;
    let text = Zeroizing::new(format!("{}\n", hex::encode(key.bytes())));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(passing, path);
    fs::remove_file(passing)?;
    // A key that seals something must outlive a power cut: its name is kept before it is used.
    fs::File::open(folder)?.sync_all()?;
    match linked {
        Err(err) if err.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::SeededEntropy;

    #[test]
    fn a_secret_opens_with_its_key_and_its_context_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let entropy = SeededEntropy::new("seal");
        let sealer = Sealer::open(folder.path(), &entropy).expect("a key");
        let sealed = sealer.seal(&entropy, "officer:1", b"secret").expect("sealed");
        let again = Sealer::open(folder.path(), &entropy).expect("the same key");
        assert_eq!(again.open_sealed("officer:1", &sealed).expect("opened").as_slice(), b"secret");
        assert!(again.open_sealed("officer:2", &sealed).is_none());
        assert!(again.open_sealed("officer:1", &sealed[..10]).is_none());
        for place in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[place] ^= 1;
            assert!(again.open_sealed("officer:1", &flipped).is_none(), "byte {place}");
        }
        let other = tempfile::tempdir().expect("a folder");
        let stranger = Sealer::open(other.path(), &entropy).expect("another key");
        assert!(stranger.open_sealed("officer:1", &sealed).is_none());
    }

    #[test]
    fn the_key_is_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let entropy = SeededEntropy::new("mode");
        Sealer::open(folder.path(), &entropy).expect("a key");
        let path = folder.path().join(KEY_FILE);
        assert_eq!(fs::metadata(&path).expect("the key").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "no passing file is left");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("loosened");
        assert!(Sealer::open(folder.path(), &entropy).is_err());
    }
}
