//! Hashes over several parts (여러 부분의 해시).
//!
//! Owns: that no two lists of parts hash alike: each part goes in behind its length. Does not own: what is hashed.

use sha2::{Digest as _, Sha256};

/// Takes a part into the hash.
pub(crate) fn take(hash: &mut Sha256, part: &[u8]) {
    hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(part);
}
