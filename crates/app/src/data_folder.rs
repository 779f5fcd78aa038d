//! The data folder and, apart from it, the key folder.
//!
//! Owns: where the database, the published files and the keys lie, and who made a data folder.
//! Does not own: what is in them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use iljari_base::{Failure, OsEntropy, Outcome, Refusal, SystemClock};
use iljari_people::OfficeGate;
use iljari_store::Store;
use iljari_web::Office;

/// Where an office keeps its things. The same for every command.
#[derive(Args, Clone, Debug)]
pub struct Folders {
    /// 자료 폴더
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// 열쇠 폴더. 자료 폴더와 그 백업 밖에 둡니다 [기본: 자료 폴더 이름 뒤에 .keys]
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// 데이터베이스 주소 [기본: 자료 폴더의 SQLite]
    #[arg(long, value_name = "URL", env = "ILJARI_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Folders {
    /// The key folder: as named, else beside the data folder, never inside it.
    pub fn keys(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| beside(&self.data, "", ".keys"))
    }

    fn database(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("iljari.db").display()))
    }

    /// Whether a database of ours is here already (for SQLite; a server's database is always "there").
    pub fn has_database(&self) -> bool {
        self.database.is_some() || self.data.join("iljari.db").exists()
    }
}

/// What stands beside a folder under its name, with something before and after it.
pub fn beside(folder: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(folder.file_name().unwrap_or_default());
    name.push(after);
    folder.with_file_name(name)
}

/// The key under which the database remembers who made it.
const MADE_BY: &str = "made_by";
/// What the demo writes there.
pub const BY_DEMO: &str = "demo";

/// Opens an office that is there; commands other than the demo's own do not make one by accident.
pub async fn open(folders: &Folders) -> Outcome<Arc<Office>> {
    if !folders.has_database() {
        return Err(Refusal::new(
            "no-data-folder",
            "",
            format!("{}에 자료가 없습니다. 폴더 이름을 확인해 주세요.", folders.data.display()),
        )
        .into());
    }
    open_or_make(folders).await
}

/// Opens an office, making its folders and its database where there are none.
pub async fn open_or_make(folders: &Folders) -> Outcome<Arc<Office>> {
    for folder in [&folders.data, &folders.keys()] {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::new(error).context(format!("make the folder {}", folder.display())))?;
    }
    let store = Store::open(&folders.database()).await?;
    store.migrate().await?;
    let demo = made_by(&store).await?.as_deref() == Some(BY_DEMO);
    Ok(office(folders, store, demo))
}

/// Opens the demo's own data folder, or makes one. A folder that the demo did not make is refused:
/// it seeds entries without a second person, and must never do that to an office's ledger.
pub async fn open_for_demo(folders: &Folders) -> Outcome<(Arc<Office>, bool)> {
    let fresh = !folders.has_database();
    if fresh && folders.data.exists() && std::fs::read_dir(&folders.data).is_ok_and(|mut found| found.next().is_some())
    {
        return Err(not_the_demos(folders));
    }
    for folder in [&folders.data, &folders.keys()] {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::new(error).context(format!("make the folder {}", folder.display())))?;
    }
    let store = Store::open(&folders.database()).await?;
    store.migrate().await?;
    let made_by = made_by(&store).await?;
    if fresh && made_by.is_none() {
        let now = iljari_base::Clock::now(&SystemClock);
        store
            .write(move |tx| Box::pin(async move { Ok(iljari_store::set_setting(tx, MADE_BY, BY_DEMO, now).await?) }))
            .await?;
    } else if made_by.as_deref() != Some(BY_DEMO) {
        return Err(not_the_demos(folders));
    }
    Ok((office(folders, store, true), fresh))
}

fn not_the_demos(folders: &Folders) -> iljari_base::Stop {
    Refusal::new(
        "not-the-demos-folder",
        "",
        format!(
            "{}은(는) 시연이 만든 폴더가 아닙니다. 시연은 다른 자료를 건드리지 않습니다. 빈 폴더나 새 이름을 주세요.",
            folders.data.display()
        ),
    )
    .into()
}

async fn made_by(store: &Store) -> Outcome<Option<String>> {
    store.read(|tx| Box::pin(async move { Ok(iljari_store::setting(tx, MADE_BY).await?) })).await
}

/// The office over an open database.
pub(crate) fn office(folders: &Folders, store: Store, demo: bool) -> Arc<Office> {
    Arc::new(Office {
        gate: Arc::new(OfficeGate::new(store.clone())),
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        demo,
        published: folders.data.join("published"),
        keys: folders.keys(),
    })
}
