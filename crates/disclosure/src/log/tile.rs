//! Tiles and entry bundles (C2SP tlog-tiles): how a log lies in static files.
//!
//! Owns: paths, widths, bytes. Does not own: the files themselves. What a newcomer gets wrong:
//! hashing a partial tile into the level above. Only full tiles of 256 go up.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::checkpoint::SIZE_MAX;
use super::tree::{Hash, Range};

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The leaves themselves, as an entry bundle.
    Entries,
    /// Hashes at this level; 0 holds leaf hashes.
    Hashes(u8),
}

/// One tile: which level, which index, how wide (1 to 256; 256 is full).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Its level.
    pub level: Level,
    /// Its index within the level.
    pub index: u64,
    /// How many hashes or entries it holds.
    pub width: u16,
}

/// A path that names no tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("타일 경로가 아닙니다: {0:?}")]
pub struct BadTilePath(pub String);

/// Why an entry bundle cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// An entry of more than 65,535 bytes.
    #[error("한 기재가 65,535바이트를 넘습니다")]
    EntryTooLong,
    /// The bytes end inside an entry.
    #[error("기재 묶음이 중간에서 끊겼습니다")]
    Cut,
    /// More than 256 entries.
    #[error("기재 묶음에 256건이 넘게 들어 있습니다")]
    TooMany,
}

impl fmt::Display for Tile {
    /// The path below the log's prefix: `tile/0/x001/x234/067.p/5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Entries => f.write_str("tile/entries/")?,
            Level::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (place, group) in groups.iter().enumerate().rev() {
            if place > 0 {
                write!(f, "x{group:03}/")?;
            } else {
                write!(f, "{group:03}")?;
            }
        }
        if u64::from(self.width) < WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for Tile {
    type Err = BadTilePath;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        // One path per tile: whatever does not print back the same is refused.
        read_path(path).filter(|tile| tile.to_string() == path).ok_or_else(|| BadTilePath(path.to_owned()))
    }
}

fn read_path(path: &str) -> Option<Tile> {
    let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let level = match level {
        "entries" => Level::Entries,
        digits => Level::Hashes(digits.parse().ok().filter(|level| *level <= 63)?),
    };
    let (index_path, width) = match rest.split_once(".p/") {
        Some((index_path, width)) => (index_path, width.parse().ok().filter(|width| (1..=255).contains(width))?),
        None => (rest, 256),
    };
    let mut index: u64 = 0;
    for group in index_path.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse::<u16>().ok()?.into())?;
    }
    (index <= SIZE_MAX).then_some(Tile { level, index, width })
}

/// Every tile of a tree of `size` leaves, entry bundles included; no empty ones.
pub fn tiles(size: u64) -> Vec<Tile> {
    let mut tiles = row(Level::Entries, size);
    let mut count = size;
    for level in 0..=u8::try_from(u64::BITS / 8).unwrap_or(8) {
        if count == 0 {
            break;
        }
        tiles.extend(row(Level::Hashes(level), count));
        count /= WIDTH;
    }
    tiles
}

/// The tiles of one level over `count` hashes: full ones, then a partial one where something is left.
fn row(level: Level, count: u64) -> Vec<Tile> {
    let full = count / WIDTH;
    let mut tiles: Vec<Tile> = (0..full).map(|index| Tile { level, index, width: 256 }).collect();
    if let Ok(width @ 1..) = u16::try_from(count % WIDTH) {
        tiles.push(Tile { level, index: full, width });
    }
    tiles
}

/// Every hash tile over these leaf hashes, by path.
pub fn hash_tiles(leaves: &[Hash]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut hashes = leaves.to_vec();
    let mut level = 0;
    while !hashes.is_empty() {
        let mut above = Vec::new();
        for (index, part) in (0_u64..).zip(hashes.chunks(256)) {
            let width = u16::try_from(part.len()).unwrap_or(256);
            let bytes = part.iter().flat_map(|hash| hash.0).collect();
            files.insert(Tile { level: Level::Hashes(level), index, width }.to_string(), bytes);
            if width == 256 {
                let mut range = Range::new();
                part.iter().for_each(|hash| range.push(*hash));
                above.push(range.root());
            }
        }
        hashes = above;
        level += 1;
    }
    files
}

/// Every entry bundle over these leaves, by path.
pub fn entry_bundles<L: AsRef<[u8]>>(leaves: &[L]) -> Result<BTreeMap<String, Vec<u8>>, BundleFault> {
    let mut files = BTreeMap::new();
    for (index, part) in (0_u64..).zip(leaves.chunks(256)) {
        let width = u16::try_from(part.len()).unwrap_or(256);
        files.insert(Tile { level: Level::Entries, index, width }.to_string(), entry_bundle(part)?);
    }
    Ok(files)
}

/// The bytes of one entry bundle: each entry after its length, two bytes, most significant first.
pub fn entry_bundle<L: AsRef<[u8]>>(entries: &[L]) -> Result<Vec<u8>, BundleFault> {
    if entries.len() > 256 {
        return Err(BundleFault::TooMany);
    }
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| BundleFault::EntryTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of one bundle.
pub fn read_entry_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, BundleFault> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        if entries.len() == 256 {
            return Err(BundleFault::TooMany);
        }
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleFault::Cut)?;
        let (entry, after) =
            after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(BundleFault::Cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}
