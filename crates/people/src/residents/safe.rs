//! The week keys (주 열쇠) of residents' records, in the key folder.
//!
//! Owns: `residents/2026-11-23.key` and its like in the key folder, wrapping record keys with them,
//! and the tags of the blind index. Does not own: which record is wrapped with which key (`store`),
//! nor when a key goes ([`super::rotate`]).
//! What a newcomer gets wrong: sealing anything lasting with a week key itself. It wraps the keys of
//! records and nothing else; every week the living records are wrapped anew, and five weeks after
//! its first day a week key is destroyed, which is what makes an erased record unreadable in every
//! backup:
//!
//! ```text
//!  Mon 23 Nov        Mon 30 Nov                                      Mon 28 Dec
//!  │ key 11-23 made  │ all living records wrapped with 11-30         │ key 11-23 destroyed
//!  ├──── erased ──── X                                               │
//!                    └ backups of that week still hold the wrapped key, but from 28 Dec on nothing opens it:
//!                      at most 35 days after the erasure. A backup of a living record stays readable for 28 days.
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use iljari_base::{Clock, Date, DistrictCode, Entropy, Failure};
use sha2::Sha256;

use crate::seal::Sealer;

/// The folder of the week keys inside the key folder.
pub const FOLDER: &str = "residents";

/// How long a week key lives, from its first day (열쇠를 없애는 때): the promise of 35 days.
pub const KEY_DAYS: i64 = 35;

/// A week key that can be used no longer: the record it wrapped stays sealed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyGone;

/// The week keys of the key folder, read once and handed to acts (열쇠 상자). Cheap to clone.
///
/// Open one per request with [`Safe::open`], before the act: an act awaits its own statements only.
#[derive(Clone)]
pub struct Safe {
    keys: Arc<BTreeMap<Date, Sealer>>,
    week: Date,
}

impl Safe {
    /// Reads the week keys; makes this week's on first use.
    pub fn open(keys: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let (folder, week) = (keys.join(FOLDER), monday(clock.today()));
        let mut read = read_all(&folder)?;
        if let std::collections::btree_map::Entry::Vacant(place) = read.entry(week) {
            place.insert(Sealer::read_or_make(&key_file(&folder, week), entropy)?);
        }
        Ok(Self { keys: Arc::new(read), week })
    }

    /// Reads the week keys and makes none: for asking whether they open what others sealed.
    pub fn existing(keys: &Path, clock: &dyn Clock) -> Result<Self, Failure> {
        Ok(Self { keys: Arc::new(read_all(&keys.join(FOLDER))?), week: monday(clock.today()) })
    }

    /// The first day of the week that the newest key was made for; `None` before the first.
    pub fn newest_week(&self) -> Option<Date> {
        self.keys.keys().next_back().copied()
    }

    /// The first day of the week whose key wraps what is written now.
    pub(crate) fn week(&self) -> Date {
        self.week
    }

    /// The weeks whose keys are there, the earliest first.
    pub(crate) fn weeks(&self) -> impl Iterator<Item = Date> {
        self.keys.keys().copied()
    }

    /// Wraps a record's key with this week's key.
    pub(crate) fn wrap(&self, entropy: &dyn Entropy, context: &str, key: &Sealer) -> Result<Vec<u8>, Failure> {
        match self.keys.get(&self.week) {
            Some(week) => week.seal(entropy, context, key.bytes()),
            None => Err(Failure::new("this week's key is not there")),
        }
    }

    /// The record's key that was wrapped in that week. `Ok(None)`: the key is there and does not fit.
    pub(crate) fn unwrap(&self, week: Date, context: &str, wrapped: &[u8]) -> Result<Option<Sealer>, KeyGone> {
        let week = self.keys.get(&week).ok_or(KeyGone)?;
        Ok(week.open_sealed(context, wrapped).and_then(|key| Sealer::of(&key)))
    }

    /// The tag of a text in the blind index, as made in that week; `None` when the week's key is gone.
    ///
    /// The index has a key of its own, derived from the week's: when that goes, tags in old backups
    /// tell nobody any more whether a name was here.
    pub(crate) fn tag(&self, week: Date, district: &DistrictCode, kind: &str, text: &str) -> Option<[u8; 16]> {
        let week = self.keys.get(&week)?;
        let key = mac(week.bytes(), "iljari residents index 1")?;
        let line = serde_json::json!([district.as_str(), kind, text]).to_string();
        let whole = mac(&key, &line)?;
        let mut tag = [0; 16];
        tag.copy_from_slice(&whole[..16]);
        Some(tag)
    }
}

fn read_all(folder: &Path) -> Result<BTreeMap<Date, Sealer>, Failure> {
    let mut read = BTreeMap::new();
    for (week, path) in key_files(folder)? {
        // Gone between listing and reading: another process destroyed it.
        if let Some(key) = Sealer::read(&path)? {
            read.insert(week, key);
        }
    }
    Ok(read)
}

/// `None` never comes: HMAC takes keys of every length.
fn mac(key: &[u8; 32], text: &str) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().into())
}

/// The Monday of the week a day lies in.
pub(crate) fn monday(day: Date) -> Date {
    // 2024-01-01 was a Monday; the date is always one.
    let since = Date::new(2024, 1, 1).map_or(0, |known| known.days_until(day));
    day.plus_days(-since.rem_euclid(7))
}

/// Destroys the keys whose time is over; their weeks. Call only when no living record needs them.
///
/// A file is overwritten before it goes. On disks that write elsewhere what is overwritten, the
/// disk's own encryption has to do the rest (SECURITY.md).
pub(crate) fn destroy_old(keys: &Path, today: Date) -> Result<Vec<Date>, Failure> {
    let folder = keys.join(FOLDER);
    let mut destroyed = Vec::new();
    for (week, path) in key_files(&folder)? {
        if week.days_until(today) < KEY_DAYS {
            continue;
        }
        destroy(&path).map_err(|err| Failure::new(err).context(format!("destroying the key {}", path.display())))?;
        destroyed.push(week);
    }
    Ok(destroyed)
}

fn destroy(path: &Path) -> std::io::Result<()> {
    let length = usize::try_from(fs::metadata(path)?.len()).unwrap_or(usize::MAX).min(4096);
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(&vec![b'0'; length])?;
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)?;
    fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn key_file(folder: &Path, week: Date) -> PathBuf {
    folder.join(format!("{week}.key"))
}

/// The key files of the folder by week; passing files and strange names are none.
fn key_files(folder: &Path) -> Result<Vec<(Date, PathBuf)>, Failure> {
    let broken = |err: std::io::Error| Failure::new(err).context(format!("listing the keys in {}", folder.display()));
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(err) if err.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(broken(err)),
    };
    let mut files = Vec::new();
    for entry in found {
        let path = entry.map_err(broken)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".key"));
        if let Some(week) = name.and_then(|name| name.parse::<Date>().ok()) {
            files.push((week, path));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use iljari_base::{FixedClock, SeededEntropy};

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_week_begins_on_monday() {
        for (of, expected) in [
            ("2026-11-23", "2026-11-23"),
            ("2026-11-29", "2026-11-23"),
            ("2026-11-30", "2026-11-30"),
            ("2024-01-01", "2024-01-01"),
            ("2023-12-31", "2023-12-25"),
        ] {
            assert_eq!(monday(day(of)), day(expected), "{of}");
        }
    }

    #[test]
    fn a_wrapped_key_opens_with_its_week_and_its_context_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FixedClock::at("2026-11-26T01:00:00.000000Z".parse().expect("an instant"));
        let entropy = SeededEntropy::new("safe");
        let safe = Safe::open(folder.path(), &clock, &entropy).expect("a safe");
        let record = Sealer::fresh(&entropy);
        let wrapped = safe.wrap(&entropy, "resident 1", &record).expect("wrapped");
        let week = safe.week();
        let opened = safe.unwrap(week, "resident 1", &wrapped).expect("the key is there").expect("it fits");
        assert_eq!(opened.bytes(), record.bytes());
        assert!(safe.unwrap(week, "resident 2", &wrapped).expect("the key is there").is_none());
        assert_eq!(safe.unwrap(week.plus_days(-7), "resident 1", &wrapped).err(), Some(KeyGone));
        let file = folder.path().join("residents/2026-11-23.key");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        let folder_mode = fs::metadata(folder.path().join("residents")).expect("there").permissions().mode();
        assert_eq!(folder_mode & 0o777, 0o700);
    }

    #[test]
    fn tags_differ_by_week_district_and_kind() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FixedClock::at("2026-11-26T01:00:00.000000Z".parse().expect("an instant"));
        let entropy = SeededEntropy::new("tags");
        let first = Safe::open(folder.path(), &clock, &entropy).expect("a safe").week();
        clock.advance_seconds(7 * 86_400);
        let safe = Safe::open(folder.path(), &clock, &entropy).expect("a safe");
        let (one, other): (DistrictCode, DistrictCode) = ("11999".parse().expect("a"), "11215".parse().expect("b"));
        let tags = [
            safe.tag(first, &one, "name-birth", "가"),
            safe.tag(safe.week(), &one, "name-birth", "가"),
            safe.tag(first, &other, "name-birth", "가"),
            safe.tag(first, &one, "phone", "가"),
            safe.tag(first, &one, "name-birth", "나"),
        ];
        for (place, tag) in tags.iter().enumerate() {
            assert!(tag.is_some() && !tags[..place].contains(tag), "{place}");
        }
        assert_eq!(safe.tag(first, &one, "name-birth", "가"), tags[0], "the same again");
        assert_eq!(safe.tag(first.plus_days(-7), &one, "name-birth", "가"), None);
    }

    #[test]
    fn a_key_goes_on_its_thirty_fifth_day_and_no_sooner() {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FixedClock::at("2026-11-23T01:00:00.000000Z".parse().expect("an instant"));
        Safe::open(folder.path(), &clock, &SeededEntropy::new("old")).expect("a safe");
        let beside = folder.path().join("residents/notes.txt");
        fs::write(&beside, "kept").expect("written");
        assert_eq!(destroy_old(folder.path(), day("2026-12-27")).expect("looked"), vec![]);
        assert_eq!(destroy_old(folder.path(), day("2026-12-28")).expect("done"), vec![day("2026-11-23")]);
        assert_eq!(destroy_old(folder.path(), day("2026-12-28")).expect("done"), vec![]);
        assert!(beside.exists() && !folder.path().join("residents/2026-11-23.key").exists());
    }
}
