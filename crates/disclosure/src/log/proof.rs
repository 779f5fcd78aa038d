//! Receipts (확인증): `c2sp.org/tlog-proof@v1`, one leaf's place in a signed tree, as a text file.
//!
//! Owns: writing, reading and checking that text. Does not own: the leaf; the holder keeps it. What
//! a newcomer gets wrong: believing that a receipt proves the job. It proves that the record is in
//! the log, not that what it says is true.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, read_decimal};
use super::leaf::Leaf;
use super::note::{NoteFault, VerifierKey};
use super::tree::{Hash, Tree, inclusion, leaf_hash, verify_inclusion};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// No tree that can be counted needs a longer proof.
const STEPS_MAX: usize = 64;

/// What a receipt proves and what not, for people.
pub const PROVES: &str = "이 기록이 이 장부에 들어 있습니다. 내용이 사실임을 증명하지는 않습니다.";

/// A receipt, read or about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Bytes for the reader's convenience that nothing vouches for.
    pub extra: Option<Vec<u8>>,
    /// Which leaf, counted from 0.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling upwards.
    pub steps: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

/// Why a receipt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// Not the text of a receipt.
    #[error("확인증의 꼴이 아닙니다")]
    Malformed,
    /// The checkpoint inside is not signed by the key.
    #[error("확인증 안의 서명이 맞지 않습니다: {0}")]
    Signature(NoteFault),
    /// The leaf is not at that place of the signed tree.
    #[error("이 기록이 그 장부에 들어 있다는 증명이 맞지 않습니다")]
    NotIncluded,
    /// It carries no leaf, so there is nothing whose place it could prove.
    #[error("확인증에 기록 한 줄이 들어 있지 않습니다")]
    NoLeaf,
}

/// What a receipt has proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The leaf it carries.
    pub leaf: Leaf,
    /// Its place, counted from 0.
    pub index: u64,
    /// The signed head under which it stands there.
    pub head: Checkpoint,
}

/// Checks a receipt that carries its own leaf, as those for people do.
pub fn check(text: &str, key: &VerifierKey) -> Result<Proven, ReceiptFault> {
    let receipt = Receipt::parse(text)?;
    let line = receipt.extra.as_deref().ok_or(ReceiptFault::NoLeaf)?;
    let leaf = Leaf::parse(line).map_err(|_| ReceiptFault::NoLeaf)?;
    let head = receipt.verify(line, key)?;
    Ok(Proven { leaf, index: receipt.index, head })
}

impl Receipt {
    /// The receipt for leaf `index` of the tree over `leaves`, under a signed checkpoint of exactly
    /// that tree. `None` where there is no such leaf.
    pub fn issue(leaves: &[Hash], index: u64, checkpoint: &str, extra: Option<Vec<u8>>) -> Option<Self> {
        Some(Self { extra, index, steps: inclusion(leaves, index)?, checkpoint: checkpoint.to_owned() })
    }

    /// The same from a tree that is kept, over its first `size` leaves.
    pub fn from_tree(tree: &Tree, size: u64, index: u64, checkpoint: &str, extra: Option<Vec<u8>>) -> Option<Self> {
        Some(Self { extra, index, steps: tree.inclusion(index, size)?, checkpoint: checkpoint.to_owned() })
    }

    /// Reads a receipt, strictly: whatever would not be written the same way is refused.
    pub fn parse(text: &str) -> Result<Self, ReceiptFault> {
        let receipt = Self::read(text).ok_or(ReceiptFault::Malformed)?;
        if receipt.to_string() == text { Ok(receipt) } else { Err(ReceiptFault::Malformed) }
    }

    fn read(text: &str) -> Option<Self> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n').peekable();
        lines.next().filter(|line| *line == HEADER)?;
        let extra = match lines.next_if(|line| line.starts_with("extra ")) {
            Some(line) => Some(STANDARD.decode(line.strip_prefix("extra ")?).ok()?),
            None => None,
        };
        let index = read_decimal(lines.next()?.strip_prefix("index ")?)?;
        let mut steps = Vec::new();
        for line in lines {
            if steps.len() == STEPS_MAX {
                return None;
            }
            steps.push(Hash::from_slice(&STANDARD.decode(line).ok()?)?);
        }
        Some(Self { extra, index, steps, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `leaf` stands at the receipt's place in a tree this key signed; returns that
    /// tree's head.
    pub fn verify(&self, leaf: &[u8], key: &VerifierKey) -> Result<Checkpoint, ReceiptFault> {
        let head = Checkpoint::open(self.checkpoint.as_bytes(), key).map_err(ReceiptFault::Signature)?;
        // The key's name is its log's origin; another log's head proves nothing here.
        if head.origin != key.name() {
            return Err(ReceiptFault::Signature(NoteFault::NotSigned));
        }
        if verify_inclusion(self.index, head.size, &leaf_hash(leaf), &self.steps, &head.root) {
            Ok(head)
        } else {
            Err(ReceiptFault::NotIncluded)
        }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for step in &self.steps {
            writeln!(f, "{}", STANDARD.encode(step.0))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
