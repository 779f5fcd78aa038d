//! Making a backup: copy, look at the copy, write the list.
//!
//! Owns: the order. Does not own: where backups are kept and for how long; that is the operator's
//! calendar. What a newcomer gets wrong: describing the living database. It moves on while the copy is
//! written; the list says what the copy itself holds.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use iljari_base::{Actor, Failure, Outcome, Refusal};
use iljari_people::{Access, Cx, Whose, log_access};
use iljari_store::Store;
use iljari_store::files::write_whole;
use iljari_web::Office;
use sha2::{Digest as _, Sha256};

use super::manifest::{District, File, Manifest};
use super::{DATABASE, RULES};
use crate::cli::read_names;

/// Makes a backup in a new folder below `into` and says where. The office may go on working.
///
/// Refusals: `backup-beside-keys`, `database-of-a-server`, `backup-exists`.
pub async fn make(office: &Office, data: &Path, into: &Path) -> Outcome<(PathBuf, Manifest)> {
    apart(into, &office.keys)?;
    let now = office.clock.now();
    let folder = into.join(format!("iljari-backup-{}", now.to_string().replace(['T', ':', '+'], "-")));
    let failed = |error: std::io::Error| Failure::new(error).context(format!("make {}", folder.display()));
    fs::create_dir_all(into).map_err(failed)?;
    match fs::create_dir(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let message = format!("{}이(가) 이미 있습니다. 잠시 뒤에 다시 해 주세요.", folder.display());
            return Err(Refusal::new("backup-exists", "", message).into());
        }
        Err(error) => return Err(failed(error).into()),
    }
    office.store.copy_to(&folder.join(DATABASE)).await?;
    let copy = Store::open(&format!("sqlite:{}", folder.join(DATABASE).display())).await?;
    let seen = describe(&copy).await;
    copy.close().await;
    let (rows, districts) = seen?;
    if data.join(RULES).is_dir() {
        for name in read_names(&data.join(RULES))? {
            let from = data.join(RULES).join(&name);
            let bytes = fs::read(&from).map_err(|error| Failure::new(error).context(from.display()))?;
            write_whole(&folder.join(RULES).join(&name), &bytes, false)?;
        }
    }
    let mut files = Vec::new();
    for path in read_names(&folder)? {
        files.push(listed(&folder, path)?);
    }
    let manifest = Manifest::new(now, office.demo, files, rows, districts);
    manifest.write(&folder)?;
    note(office, &manifest).await?;
    Ok((folder, manifest))
}

/// A backup beside the keys would be the whole secret in one place.
fn apart(into: &Path, keys: &Path) -> Outcome<()> {
    // The nearest folder that is there: the backup's own may still be made.
    let nearest = into.ancestors().find_map(|at| fs::canonicalize(at).ok());
    let within = match (nearest, fs::canonicalize(keys)) {
        (Some(into), Ok(keys)) => into.starts_with(&keys),
        _ => into.starts_with(keys),
    };
    if within {
        let message =
            "백업을 열쇠 폴더 안에 둘 수 없습니다. 열쇠와 자료가 한곳에 있으면 지운 정보가 지워진 것이 아닙니다.";
        return Err(Refusal::new("backup-beside-keys", "", message).into());
    }
    Ok(())
}

type Described = (std::collections::BTreeMap<String, u64>, Vec<District>);

async fn describe(copy: &Store) -> Outcome<Described> {
    let health = copy.health().await?;
    if let Some(first) = health.damage.first() {
        return Err(Failure::new(format!("the copy of the database is damaged: {first}")).into());
    }
    if health.broken_references > 0 {
        return Err(Failure::new(format!("{} rows point to nothing", health.broken_references)).into());
    }
    let districts = copy
        .read(|tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for district in iljari_plans::store::districts(tx).await? {
                    let standing = iljari_ledger::seal::standing(tx, &district.code).await?;
                    all.push(District {
                        code: district.code.to_string(),
                        name: district.name,
                        sealed: standing.sealed,
                        pending: standing.pending,
                        root: standing.last.map_or_else(String::new, |seal| seal.root),
                    });
                }
                Ok(all)
            })
        })
        .await?;
    Ok((health.rows, districts))
}

/// One file of the backup, hashed as it lies on the disk.
pub(super) fn listed(folder: &Path, path: String) -> Outcome<File> {
    let at = folder.join(&path);
    let failed = |error: std::io::Error| Failure::new(error).context(format!("read {}", at.display()));
    let mut file = fs::File::open(&at).map_err(failed)?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0_u64, vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut piece).map_err(failed)?;
        if count == 0 {
            break;
        }
        hash.update(piece.get(..count).unwrap_or_default());
        bytes = bytes.saturating_add(u64::try_from(count).unwrap_or(0));
    }
    Ok(File { path, bytes, sha256: hex::encode(hash.finalize()) })
}

/// The access log of every district says that its data were copied (개인정보의 안전성 확보조치 기준 제8조).
async fn note(office: &Office, manifest: &Manifest) -> Outcome<()> {
    for district in &manifest.districts {
        let code = district.code.parse().map_err(|fault| Failure::new(fault).context("read a district's code"))?;
        let cx = Cx::inside(office, Actor::Operator, code);
        let act = format!("백업 {}", manifest.made_at);
        office
            .store
            .write(move |tx| {
                Box::pin(async move { log_access(tx, &cx, Access::to(act, Whose::Nobody)).await.map(drop) })
            })
            .await?;
    }
    Ok(())
}
