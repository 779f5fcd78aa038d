//! The manifest (목록): path, size and SHA-256 of every other file, signed once.
//!
//! Owns: its text. Does not own: the files. What a newcomer gets wrong: allowing a second
//! signature. One manifest, one signer: a second line could be swapped without anybody noticing.

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Year};

use super::{Bundle, Heading, MANIFEST, is_path};
use crate::log::checkpoint::{is_origin, read_decimal};
use crate::log::leaf::AMOUNT_MAX;
use crate::log::tree::Hash;

/// The first line. It holds a slash and no origin may equal it, so that no checkpoint and no
/// manifest can be taken for each other although one key signs both.
pub const HEADER: &str = "iljari.example/bundle@v1";

/// One listed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// How many bytes.
    pub size: u64,
}

/// A manifest's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// What is disclosed.
    pub heading: Heading,
    /// Every file but the manifest, by path.
    pub files: BTreeMap<String, Listed>,
}

impl Manifest {
    /// The manifest over every file of a bundle but the manifest itself.
    pub fn over(heading: Heading, bundle: &Bundle) -> Self {
        let listed =
            |bytes: &Vec<u8>| Listed { sha256: Hash::of(bytes), size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) };
        let files = bundle.iter().filter(|(path, _)| *path != MANIFEST);
        Self { heading, files: files.map(|(path, bytes)| (path.clone(), listed(bytes))).collect() }
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let Heading { origin, district, year, no } = &self.heading;
        let mut text = format!("{HEADER}\n{origin}\n{district}\n{year} {no}\n");
        for (path, listed) in &self.files {
            text.push_str(&format!("{} {} {path}\n", listed.sha256, listed.size));
        }
        text
    }

    /// Reads the text; `None` unless it is exactly as it would be written.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        lines.next().filter(|header| *header == HEADER)?;
        let origin = lines.next().filter(|origin| is_origin(origin) && *origin != HEADER)?.to_owned();
        let district: DistrictCode = lines.next()?.parse().ok()?;
        let (year, no) = lines.next()?.split_once(' ')?;
        let year: Year = year.parse().ok()?;
        let no = i64::try_from(read_decimal(no)?).ok().filter(|no| (1..=AMOUNT_MAX).contains(no))?;
        let mut files = BTreeMap::new();
        for line in lines {
            let (sha256, rest) = line.split_once(' ')?;
            let (size, path) = rest.split_once(' ')?;
            if !is_path(path) || path == MANIFEST {
                return None;
            }
            files.insert(path.to_owned(), Listed { sha256: sha256.parse().ok()?, size: read_decimal(size)? });
        }
        let manifest = Self { heading: Heading { origin, district, year, no }, files };
        (manifest.text() == text).then_some(manifest)
    }
}
