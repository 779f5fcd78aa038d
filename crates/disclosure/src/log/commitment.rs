//! Commitments (봉인 값): what stands in a person's leaf instead of the person.
//!
//! Owns: the hash and its check. Does not own: the opening; it lives with the person's record and
//! is destroyed with it. What a newcomer gets wrong: reusing a blinding. Each leaf takes 32 fresh
//! random bytes, so two leaves of one person have nothing in common, and a guessed name or phone
//! number cannot be tried against a leaf.

use sha2::{Digest, Sha256};

use super::tree::Hash;

/// Keeps these hashes apart from every other SHA-256 in the system.
const DOMAIN: &[u8] = b"iljari.example/commitment@v1\n";

/// What opens a commitment. Deliberately without `Display`; its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    blinding: [u8; 32],
    content: Vec<u8>,
}

impl Opening {
    /// From 32 fresh random bytes and canonical content (see [`content`]).
    pub fn new(blinding: [u8; 32], content: Vec<u8>) -> Self {
        Self { blinding, content }
    }

    /// The blinding, to be stored sealed.
    pub fn blinding(&self) -> &[u8; 32] {
        &self.blinding
    }

    /// The content, to be stored sealed.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The value that goes into the leaf.
    pub fn commitment(&self) -> Hash {
        let hasher = Sha256::new().chain_update(DOMAIN).chain_update(self.blinding).chain_update(&self.content);
        Hash(hasher.finalize().into())
    }

    /// Whether this opens the value in a leaf.
    pub fn opens(&self, commitment: &Hash) -> bool {
        self.commitment() == *commitment
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening(…)")
    }
}

/// Canonical bytes of named values: each name and value after its length (two bytes, most
/// significant first), in the order given. `None` where a text is not NFC or too long.
pub fn content(values: &[(&str, &str)]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for text in values.iter().flat_map(|(name, value)| [name, value]) {
        if !unicode_normalization::is_nfc(text) {
            return None;
        }
        bytes.extend_from_slice(&u16::try_from(text.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    Some(bytes)
}
