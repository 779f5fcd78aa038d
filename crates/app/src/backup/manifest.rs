//! The list of a backup (백업 목록): what is in it and what its database held.
//!
//! Owns: `backup.json`, written and read. Does not own: whether the files are as listed (`check`).

use std::collections::BTreeMap;
use std::path::Path;

use iljari_base::{Failure, Outcome, Refusal, Timestamp};
use iljari_store::files::{read_if_there, write_whole};
use serde::{Deserialize, Serialize};

/// The list's name. It is written last: a folder without it was never whole.
pub const LIST: &str = "backup.json";

/// The format of the list.
const FORMAT: &str = "iljari-backup/1";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    /// When it was made.
    pub made_at: String,
    /// The program that made it.
    pub version: String,
    /// Whether the data are a demo's.
    pub demo: bool,
    /// Every other file.
    pub files: Vec<File>,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Each district's log.
    pub districts: Vec<District>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path inside the backup, forward slashes.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

/// One district's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// 자치구 코드.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Entries that are leaves of the log.
    pub sealed: u64,
    /// Entries that waited for a seal.
    pub pending: u64,
    /// The root of the last seal; empty before the first.
    pub root: String,
}

impl Manifest {
    /// A list of what was just copied.
    pub fn new(
        made_at: Timestamp,
        demo: bool,
        files: Vec<File>,
        rows: BTreeMap<String, u64>,
        districts: Vec<District>,
    ) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT.to_owned(), made_at: made_at.to_string(), version, demo, files, rows, districts }
    }

    /// Writes the list into the folder of the backup.
    pub fn write(&self, folder: &Path) -> Outcome<()> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::new(error).context("write a list"))?;
        Ok(write_whole(&folder.join(LIST), format!("{text}\n").as_bytes(), true)?)
    }

    /// Reads the list of a backup.
    ///
    /// Refusals: `not-a-backup`, `backup-list-broken`, `backup-too-new`.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let here = folder.display();
        let Some(bytes) = read_if_there(&folder.join(LIST))? else {
            let message = format!(
                "{here}에 {LIST}이(가) 없습니다. 백업 폴더가 아니거나, 만들다가 멈춘 백업입니다. 다른 백업을 골라 주세요."
            );
            return Err(Refusal::new("not-a-backup", "", message).into());
        };
        let broken = |fault: serde_json::Error| {
            let message = format!("{here}의 {LIST}을(를) 읽지 못했습니다({fault}). 다른 백업을 골라 주세요.");
            Refusal::new("backup-list-broken", "", message)
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(broken)?;
        if value.get("format").and_then(serde_json::Value::as_str).is_some_and(|format| format != FORMAT) {
            let message =
                format!("{here}은(는) 이 프로그램이 모르는 형식의 백업입니다. 백업을 만든 판의 프로그램을 쓰세요.");
            return Err(Refusal::new("backup-too-new", "", message).into());
        }
        Ok(serde_json::from_value(value).map_err(broken)?)
    }
}
