//! Putting a backup back, and the drill (복구 연습): the same thing into a folder that is thrown away.
//!
//! Owns: that a restore is whole or not there, and what is asked of it. Does not own: what every start
//! does with data that were restored (`serve::prepare`). What a newcomer gets wrong: restoring the keys,
//! too. The key folder stays as it is today: it remembers what was signed and what was erased since.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use iljari_base::{Clock as _, Failure, Outcome, Refusal, SystemClock, Timestamp};
use iljari_store::Store;
use iljari_store::files::{read_if_there, write_whole};
use iljari_web::Office;

use super::DATABASE;
use super::check::Check;
use super::manifest::Manifest;
use crate::data_folder::{self, Folders, beside};
use crate::serve;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The backup's own list.
    pub manifest: Manifest,
    /// What was asked and answered.
    pub check: Check,
}

/// Puts a backup into a data folder that does not exist yet. Where a check fails the data stay, with the finding:
/// damaged data are better than none, and the next backup may be older.
///
/// Refusals: those of [`Manifest::read`], `data-not-empty`, `backup-damaged`, `database-of-a-server`.
pub async fn restore(backup: &Path, folders: &Folders) -> Outcome<Restored> {
    if folders.database.is_some() {
        let message = "PostgreSQL의 자료는 PostgreSQL의 도구로 되살립니다. 이 명령은 자료 폴더의 SQLite를 되살립니다.";
        return Err(Refusal::new("database-of-a-server", "", message).into());
    }
    let empty = fs::read_dir(&folders.data).map_or(true, |mut found| found.next().is_none());
    if !empty {
        let message = format!(
            "{}에 이미 자료가 있습니다. 되살리기는 있는 자료를 덮어쓰지 않습니다. 새 폴더 이름을 주세요.",
            folders.data.display()
        );
        return Err(Refusal::new("data-not-empty", "", message).into());
    }
    let manifest = Manifest::read(backup)?;
    let mut check = Check::default();
    check.files(backup, &manifest)?;
    refuse_damaged(&check)?;
    copy(backup, &manifest, &folders.data)?;
    ask(&manifest, &mut check, folders).await?;
    let office = data_folder::open(folders).await?;
    let prepared = serve::prepare(&office).await;
    office.store.close().await;
    prepared?;
    Ok(Restored { manifest, check })
}

/// Puts a backup into a passing folder, asks everything, and throws the folder away. Keys are only read; that it went
/// well is written beside them.
pub async fn drill(backup: &Path, keys: &Path) -> Outcome<Restored> {
    let manifest = Manifest::read(backup)?;
    let mut check = Check::default();
    check.files(backup, &manifest)?;
    refuse_damaged(&check)?;
    let passing = tempfile::tempdir().map_err(|error| Failure::new(error).context("make a passing folder"))?;
    let folders = Folders { data: passing.path().join("data"), keys: Some(keys.to_path_buf()), database: None };
    copy(backup, &manifest, &folders.data)?;
    ask(&manifest, &mut check, &folders).await?;
    if check.good() && keys.is_dir() {
        // Beside the keys, because that is where the running program looks and a backup never reaches.
        write_whole(&keys.join(DRILLED), format!("{}\n", SystemClock.now()).as_bytes(), false)?;
    }
    Ok(Restored { manifest, check })
}

/// The file in the key folder that says when a drill went well last.
const DRILLED: &str = "backup-drill";

/// When a drill over these keys went well last; `None` for never.
pub fn drilled_at(keys: &Path) -> Result<Option<Timestamp>, Failure> {
    let path = keys.join(DRILLED);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    text.trim().parse().map(Some).map_err(|fault| Failure::new(fault).context(format!("read {}", path.display())))
}

fn refuse_damaged(check: &Check) -> Outcome<()> {
    match check.lines.iter().find(|line| !line.good) {
        Some(line) => {
            let message = format!("백업이 손상되었습니다. {} 다른 백업을 골라 주세요.", line.text);
            Err(Refusal::new("backup-damaged", "", message).into())
        }
        None => Ok(()),
    }
}

/// Copies beside the data folder and renames: the folder appears whole or not at all.
fn copy(backup: &Path, manifest: &Manifest, data: &Path) -> Outcome<()> {
    let failed = |at: &Path, error: std::io::Error| Failure::new(error).context(format!("restore {}", at.display()));
    let beside = beside(data, ".", ".restoring");
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(|error| failed(&beside, error))?;
    }
    for file in &manifest.files {
        let to = beside.join(&file.path);
        let folder = to.parent().unwrap_or(&beside);
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        fs::copy(backup.join(&file.path), &to).map_err(|error| failed(&to, error))?;
        fs::File::open(&to).and_then(|file| file.sync_all()).map_err(|error| failed(&to, error))?;
    }
    if data.exists() {
        fs::remove_dir(data).map_err(|error| failed(data, error))?;
    }
    fs::rename(&beside, data).map_err(|error| failed(data, error))?;
    let above = data.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(fs::File::open(above).and_then(|folder| folder.sync_all()).map_err(|error| failed(above, error))?)
}

/// Asks the data as they were copied, before any start changes them.
async fn ask(manifest: &Manifest, check: &mut Check, folders: &Folders) -> Outcome<()> {
    let store = Store::open(&format!("sqlite:{}", folders.data.join(DATABASE).display())).await?;
    let office: Arc<Office> = data_folder::office(folders, store, manifest.demo);
    let asked = async {
        check.database(&office, manifest).await?;
        // Later questions need the tables that today's program knows.
        office.store.migrate().await?;
        check.logs(&office, manifest).await?;
        check.residents(&office).await
    }
    .await;
    office.store.close().await;
    asked
}
