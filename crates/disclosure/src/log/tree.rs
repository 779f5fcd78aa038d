//! The Merkle tree of RFC 6962 over SHA-256: hashes, roots, proofs and their checks.
//!
//! Owns: the arithmetic. Does not own: what a leaf says, or how hashes lie in files (see
//! [`super::tile`]). What a newcomer gets wrong: proving from the empty tree. Every tree grows out
//! of nothing, so such a proof proves nothing and is refused here.

use std::fmt;
use std::str::FromStr;

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A SHA-256 value (해시).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("해시가 아닙니다(소문자 16진수 64자리): {0:?}")]
pub struct BadHash(pub String);

impl Hash {
    /// The plain SHA-256 of some bytes: what `sha256sum` prints.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From exactly 32 bytes, or `None`.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadHash(text.to_owned());
        if text.len() != 64 || !is_lower_hex(text) {
            return Err(bad());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| bad())?;
        Ok(Self(bytes))
    }
}

/// Whether a text consists of lower-case hexadecimal digits only.
pub(crate) fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Hash of a leaf: SHA-256 of `0x00` and the leaf's bytes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    // A leaf is under 512 bytes, and one from elsewhere may be any length.
    let short = if leaf.len() < 119 { in_one_go::<2>(0, leaf, &[]) } else { in_one_go::<9>(0, leaf, &[]) };
    short.unwrap_or_else(|| Hash(Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()))
}

/// Hash of a node: SHA-256 of `0x01`, the left and the right hash.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    in_one_go::<2>(1, &left.0, &right.0).unwrap_or_else(|| {
        Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
    })
}

/// SHA-256 of a first byte and two parts that fit into so many blocks of 64 bytes, laid out once and
/// hashed without a hasher's own buffer, which costs a third more. `None` where they do not fit.
fn in_one_go<const BLOCKS: usize>(first: u8, one: &[u8], two: &[u8]) -> Option<Hash> {
    let (middle, length) = (1 + one.len(), 1 + one.len() + two.len());
    let used = (length + 9).div_ceil(64);
    let mut blocks = [[0_u8; 64]; BLOCKS];
    let all = blocks.as_flattened_mut().get_mut(..used * 64)?;
    *all.first_mut()? = first;
    all.get_mut(1..middle)?.copy_from_slice(one);
    all.get_mut(middle..length)?.copy_from_slice(two);
    *all.get_mut(length)? = 0x80;
    let bits = u64::try_from(length).ok()? * 8;
    all.last_chunk_mut::<8>()?.copy_from_slice(&bits.to_be_bytes());
    let mut state = SHA256_START;
    compress256(&mut state, blocks.get(..used)?);
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    Some(Hash(hash))
}

/// What SHA-256 starts from (FIPS 180-4, 5.3.3).
const SHA256_START: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];

/// Root of the tree without leaves.
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// Root of the tree over these leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut range = Range::new();
    for leaf in leaves {
        range.push(*leaf);
    }
    range.root()
}

/// The right edge of a growing tree: one hash per set bit of its size, largest subtree first.
///
/// Enough to append and to know the root at every moment, without keeping the leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    size: u64,
    edge: Vec<Hash>,
}

impl Range {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        // Each trailing one bit of the old size is a full left sibling waiting to be joined.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                carried = node_hash(&left, &carried);
            }
        }
        self.edge.push(carried);
        self.size += 1;
    }

    /// The root as of now.
    pub fn root(&self) -> Hash {
        let mut right_to_left = self.edge.iter().rev();
        let Some(last) = right_to_left.next() else {
            return empty_root();
        };
        right_to_left.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// The largest power of two below `size`; RFC 6962's split point. `size` must be at least 2.
fn split(size: usize) -> usize {
    1 << (usize::BITS - 1 - (size - 1).leading_zeros())
}

/// Proof that leaf `index` is in the tree over `leaves`, from the leaf's sibling upwards.
/// `None` when there is no such leaf. Hashes the whole tree; whoever asks again keeps a [`Tree`].
pub fn inclusion(leaves: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let mut index = usize::try_from(index).ok().filter(|index| *index < leaves.len())?;
    let mut rest = leaves;
    let mut from_top = Vec::new();
    while rest.len() > 1 {
        let (left, right) = rest.split_at(split(rest.len()));
        if index < left.len() {
            from_top.push(root(right));
            rest = left;
        } else {
            from_top.push(root(left));
            index -= left.len();
            rest = right;
        }
    }
    from_top.reverse();
    Some(from_top)
}

/// Proof that the tree over the first `old` leaves is a prefix of the tree over all of `leaves`.
/// `None` from size 0 and when `old` is larger than the tree.
pub fn consistency(leaves: &[Hash], old: u64) -> Option<Vec<Hash>> {
    let mut old = usize::try_from(old).ok().filter(|old| *old > 0 && *old <= leaves.len())?;
    let mut rest = leaves;
    let mut from_top = Vec::new();
    // While the old tree is exactly the left part seen so far, its root is known to the checker.
    let mut old_is_whole = true;
    while old < rest.len() {
        let (left, right) = rest.split_at(split(rest.len()));
        if old <= left.len() {
            from_top.push(root(right));
            rest = left;
        } else {
            from_top.push(root(left));
            old -= left.len();
            rest = right;
            old_is_whole = false;
        }
    }
    if !old_is_whole {
        from_top.push(root(rest));
    }
    from_top.reverse();
    Some(from_top)
}

/// A whole tree in memory: the hash of every full subtree, level by level, leaves first.
///
/// Costs 64 bytes a leaf, and then a root at any size or a proof is some twenty look-ups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree over these leaf hashes.
    pub fn of(leaves: Vec<Hash>) -> Self {
        let mut levels = Vec::new();
        let mut level = leaves;
        while level.len() > 1 {
            let above = level.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        Self { levels }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        u64::try_from(self.leaves().len()).unwrap_or(u64::MAX)
    }

    /// The leaf hashes.
    pub fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(level) else { return };
            hashes.push(carried);
            match hashes.as_chunks::<2>() {
                (pairs, []) => match pairs.last() {
                    Some([left, right]) => carried = node_hash(left, right),
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.over(0, self.leaves().len()).unwrap_or_else(empty_root)
    }

    /// The root as it was over the first `size` leaves; `None` where there are fewer.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let size = usize::try_from(size).ok().filter(|size| *size <= self.leaves().len())?;
        Some(self.over(0, size).unwrap_or_else(empty_root))
    }

    /// The root over the leaves from `start` up to `end`, where `start` is one of RFC 6962's split
    /// points: full subtrees from the right, joined leftwards. `None` over nothing.
    fn over(&self, start: usize, end: usize) -> Option<Hash> {
        let mut joined: Option<Hash> = None;
        let (mut at, mut rest) = (end, end.checked_sub(start)?);
        while rest > 0 {
            let level = rest.trailing_zeros();
            at -= 1 << level;
            let full = self.levels.get(usize::try_from(level).ok()?)?.get(at >> level)?;
            joined = Some(joined.map_or(*full, |right| node_hash(full, &right)));
            rest &= rest - 1;
        }
        joined
    }

    /// Proof that leaf `index` is in the tree over the first `size` leaves, from the leaf's sibling
    /// upwards. `None` when there is no such leaf.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        let size = usize::try_from(size).ok().filter(|size| *size <= self.leaves().len())?;
        let index = usize::try_from(index).ok().filter(|index| *index < size)?;
        let (mut start, mut end) = (0, size);
        let mut from_top = Vec::with_capacity(self.levels.len());
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                from_top.push(self.over(middle, end)?);
                end = middle;
            } else {
                from_top.push(self.over(start, middle)?);
                start = middle;
            }
        }
        from_top.reverse();
        Some(from_top)
    }

    /// Proof that the tree over the first `old` leaves is a prefix of the tree over the first `size`.
    /// `None` from size 0, and where there are not so many leaves.
    pub fn consistency(&self, old: u64, size: u64) -> Option<Vec<Hash>> {
        let size = usize::try_from(size).ok().filter(|size| *size <= self.leaves().len())?;
        let old = usize::try_from(old).ok().filter(|old| *old > 0 && *old <= size)?;
        let (mut start, mut end) = (0, size);
        let mut from_top = Vec::with_capacity(self.levels.len() + 1);
        // While the old tree is exactly the left part seen so far, its root is known to the checker.
        let mut old_is_whole = true;
        while old < end {
            let middle = start + split(end - start);
            if old <= middle {
                from_top.push(self.over(middle, end)?);
                end = middle;
            } else {
                from_top.push(self.over(start, middle)?);
                start = middle;
                old_is_whole = false;
            }
        }
        if !old_is_whole {
            from_top.push(self.over(start, end)?);
        }
        from_top.reverse();
        Some(from_top)
    }
}

/// Checks an inclusion proof (RFC 9162, 2.1.3.2): whether `leaf` stands at `index` in the tree of
/// `size` leaves with this root.
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut computed = *leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            computed = node_hash(sibling, &computed);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            computed = node_hash(&computed, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && computed == *root
}

/// Checks a consistency proof (RFC 9162, 2.1.4.2): whether the old tree is a prefix of the new one.
/// Proofs from size 0 are refused.
pub fn verify_consistency(old_size: u64, old_root: &Hash, new_size: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old_size == 0 || old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    // A full old tree is its own first step; the proof then leaves it out.
    let (first, rest) = if old_size.is_power_of_two() {
        (*old_root, proof)
    } else {
        match proof.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return false,
        }
    };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_computed, mut new_computed) = (first, first);
    for step in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_computed = node_hash(step, &old_computed);
            new_computed = node_hash(step, &new_computed);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_computed = node_hash(&new_computed, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_computed == *old_root && new_computed == *new_root
}
