//! Checkpoints (C2SP tlog-checkpoint): a signed note saying which log, how many leaves, which root.
//!
//! Owns: the text. Does not own: the decision to sign; whoever signs must have checked that the
//! tree continues everything signed before. What a newcomer gets wrong: comparing sizes only. Two
//! checkpoints of one size with different roots are two histories, and an alarm.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::note::{Note, NoteFault, Signer, VerifierKey};
use super::tree::{Hash, Tree};

/// Largest size read: beyond it JavaScript can no longer count exactly.
pub const SIZE_MAX: u64 = (1 << 53) - 1;

/// A tree head (점검표): the log's name, its size and its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log (기원): the first line.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The stored leaves are not the ones sealed before (갈라짐): nothing may be signed over them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("봉인한 기재 {size}건의 값은 {sealed}인데 지금 남아 있는 기재의 값은 다릅니다: {found:?}")]
pub struct Fork {
    /// How many leaves were sealed.
    pub size: u64,
    /// The root that was sealed.
    pub sealed: Hash,
    /// The root of as many leaves now; `None` where there are fewer.
    pub found: Option<Hash>,
}

/// Whether a text may be an origin: printable ASCII without space or plus, 1 to 100 characters.
pub fn is_origin(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+')
}

/// Reads a decimal without sign or leading zeros, up to [`SIZE_MAX`].
pub(crate) fn read_decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok().filter(|size| *size <= SIZE_MAX)
}

impl Checkpoint {
    /// The head over this tree, if it continues what was sealed last. A single flipped bit in an old
    /// leaf is found here, before anything is signed.
    pub fn continuing(origin: &str, last: Option<&Checkpoint>, tree: &Tree) -> Result<Self, Fork> {
        if let Some(last) = last {
            let found = tree.root_at(last.size);
            if found != Some(last.root) {
                return Err(Fork { size: last.size, sealed: last.root, found });
            }
        }
        Ok(Self { origin: origin.to_owned(), size: tree.size(), root: tree.root() })
    }

    /// The note text: three lines, no extension lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// The signed note.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteFault> {
        if !is_origin(&self.origin) || self.size > SIZE_MAX {
            return Err(NoteFault::Malformed);
        }
        signer.sign(&self.text())
    }

    /// The note signed by several keys, a line for each: by the old one and the new one where a key is replaced.
    pub fn sign_by(&self, signers: &[&Signer]) -> Result<String, NoteFault> {
        let mut note = String::new();
        for signer in signers {
            let signed = self.sign(signer)?;
            match signed.rsplit_once("\n\n") {
                Some((_, line)) if !note.is_empty() => note.push_str(line),
                _ => note = signed,
            }
        }
        if note.is_empty() { Err(NoteFault::NotSigned) } else { Ok(note) }
    }

    /// Reads a note text. Extension lines are allowed where they are not empty, and are ignored.
    pub fn parse_text(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|origin| is_origin(origin))?;
        let size = read_decimal(lines.next()?)?;
        let root = Hash::from_slice(&STANDARD.decode(lines.next()?).ok()?)?;
        lines.all(|extension| !extension.is_empty()).then(|| Self { origin: origin.to_owned(), size, root })
    }

    /// Reads a signed checkpoint without checking who signed it.
    pub fn parse_unverified(bytes: &[u8]) -> Result<Self, NoteFault> {
        Self::parse_text(Note::parse(bytes)?.text()).ok_or(NoteFault::Malformed)
    }

    /// Reads a signed checkpoint that this key must have signed.
    pub fn open(bytes: &[u8], key: &VerifierKey) -> Result<Self, NoteFault> {
        Self::parse_text(Note::parse(bytes)?.verify(&[key])?).ok_or(NoteFault::Malformed)
    }
}
