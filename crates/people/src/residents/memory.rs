//! What was erased, remembered beside the keys: so that a restored backup does not bring it back.
//!
//! Owns: the file `residents/erased.txt` in the key folder. Does not own: erasing (`erase`, `boxes`).
//! What a newcomer gets wrong: why this is needed although keys go. A key goes after 35 days; a
//! backup of yesterday, restored today, would show somebody who was erased this morning. The key
//! folder is not restored with the data, so the list of erased ids survives and is applied again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use iljari_base::{DistrictCode, Entropy, Failure, Timestamp};

use super::safe::FOLDER;

const FILE: &str = "erased.txt";

/// Ids of records and boxes, each with its district and the instant it went.
pub(crate) type Gone = BTreeMap<(DistrictCode, String), Timestamp>;

/// What is remembered; nothing before the first erasure.
pub(crate) fn read(keys: &Path) -> Result<Gone, Failure> {
    let path = keys.join(FOLDER).join(FILE);
    let broken = |err: &dyn std::fmt::Display| Failure::new(err).context(format!("reading {}", path.display()));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(err) if err.kind() == ErrorKind::NotFound => return Ok(Gone::new()),
        Err(err) => return Err(broken(&err)),
    };
    let mut gone = Gone::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        let (Some(district), Some(id), Some(at), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(broken(&"a line that is not district, id and instant"));
        };
        let district = district.parse().map_err(|err| broken(&err))?;
        gone.insert((district, id.to_owned()), at.parse().map_err(|err| broken(&err))?);
    }
    Ok(gone)
}

/// Writes the whole list under a passing name and renames it into place.
pub(crate) fn write(keys: &Path, gone: &Gone, entropy: &dyn Entropy) -> Result<(), Failure> {
    let folder = keys.join(FOLDER);
    let write = || -> std::io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let mut suffix = [0; 8];
        entropy.fill(&mut suffix);
        let passing = folder.join(format!("{FILE}.{}", hex::encode(suffix)));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&passing)?;
        for ((district, id), at) in gone {
            writeln!(file, "{district} {id} {at}")?;
        }
        file.sync_all()?;
        fs::rename(&passing, folder.join(FILE))?;
        fs::File::open(&folder)?.sync_all()
    };
    write().map_err(|err| Failure::new(err).context(format!("writing what was erased into {}", folder.display())))
}
