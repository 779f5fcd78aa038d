//! What others can read (공개): the log's tiles and checkpoint, and the bundles, as plain files.
//!
//! Owns: bringing `published/` to exactly what the database says. Does not own: any fact. What a
//! newcomer gets wrong: writing a published file from anywhere else. Sealing, disclosing, starting
//! and rebuilding all end here, so the road that repairs is walked every day.

use std::collections::BTreeMap;
use std::path::PathBuf;

use iljari_base::{DistrictCode, Failure, Outcome, Timestamp};
use iljari_disclosure::log::tile;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_store::Tx;
use iljari_web::Office;

use crate::disclose;
use crate::keys::KeyFolder;
use crate::model::Seal;
use crate::{seal, store};
use iljari_store::files::{bring_to, read_if_there, write_whole};

/// The folder of a district's published files.
pub fn folder(office: &Office, district: &DistrictCode) -> PathBuf {
    office.published.join(district.as_str())
}

/// Where a disclosure's bundle lies, as a folder.
pub fn bundle_folder(office: &Office, district: &DistrictCode, no: i64) -> PathBuf {
    folder(office, district).join("disclosures").join(no.to_string())
}

/// Where a disclosure's bundle lies, as one file.
pub fn bundle_zip(office: &Office, district: &DistrictCode, no: i64) -> PathBuf {
    folder(office, district).join("disclosures").join(format!("{no}.zip"))
}

/// The log's public files: tiles, entry bundles, and the newest checkpoint.
pub fn log_files(lines: &[Vec<u8>], checkpoint: &str) -> Result<BTreeMap<String, Vec<u8>>, tile::BundleFault> {
    let leaves: Vec<Hash> = lines.iter().map(|line| tree::leaf_hash(line)).collect();
    let mut files = tile::hash_tiles(&leaves);
    files.extend(tile::entry_bundles(lines)?);
    files.insert("checkpoint".to_owned(), checkpoint.as_bytes().to_vec());
    Ok(files)
}

/// Brings the district's published files to what the database says. Safe to run at any time: data
/// that is not what was signed, an old backup for one, is refused before a published file is touched.
///
/// Refusals: `behind-own-signature`, `differs-from-own-signature`, and `other-key` where a bundle has
/// to be made.
pub async fn publish(office: &Office, district: &DistrictCode) -> Outcome<()> {
    let keys = KeyFolder::new(&office.keys, office.demo);
    let _alone = keys.alone(district, "publish").await?;
    let last_signed = keys.last_signed(district)?;
    let at = district.clone();
    // A bundle never changes once it is whole; the manifest is written last, the ZIP after it.
    let is_whole = |no: i64| {
        bundle_folder(office, district, no).join("manifest").exists() && bundle_zip(office, district, no).exists()
    };
    let wanted = {
        let at = district.clone();
        let all = office.store.read(move |tx| Box::pin(async move { store::disclosures(tx, &at).await })).await?;
        all.into_iter().filter(|disclosure| !is_whole(disclosure.no)).collect::<Vec<_>>()
    };
    let mut signers = Vec::new();
    if !wanted.is_empty() {
        signers.push(seal::signer(office, district).await?);
        signers.extend(keys.former(district)?);
    }
    let (log, bundles) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let log = seal::checked_log(tx, &at, last_signed).await?;
                let mut bundles = Vec::new();
                for disclosure in wanted {
                    // One whose leaf is not sealed yet is finished by the seal that comes next.
                    if let Some(bundle) = disclose::bundle_of(tx, &at, &disclosure, &log.lines, &signers).await? {
                        bundles.push((disclosure.no, bundle));
                    }
                }
                Ok((log, bundles))
            })
        })
        .await?;
    let Some(last) = log.last else { return Ok(()) };
    for (no, bundle) in bundles {
        bring_to(&bundle_folder(office, district, no), &bundle, "manifest")?;
        let zip = disclose::zip(&bundle)?;
        let path = bundle_zip(office, district, no);
        if read_if_there(&path)?.as_deref() != Some(zip.as_slice()) {
            write_whole(&path, &zip, false)?;
        }
    }
    let files = log_files(&log.lines, &last.checkpoint)
        .map_err(|fault| Failure::new(fault).context("lay out the log's tiles"))?;
    bring_to(&folder(office, district).join("log"), &files, "checkpoint")?;
    Ok(())
}

/// Whether the published checkpoint is this seal's. It is written after everything else, so the rest is there too.
pub(crate) fn shows(office: &Office, district: &DistrictCode, seal: &Seal) -> Result<bool, Failure> {
    let published = read_if_there(&folder(office, district).join("log").join("checkpoint"))?;
    Ok(published.as_deref() == Some(seal.checkpoint.as_bytes()))
}

/// The newest fact that any district's public pages can show; `None` while there is nothing. An
/// export is drawn at this instant, so that the machine's clock has no part in it.
pub async fn newest_fact(tx: &mut Tx) -> Outcome<Option<Timestamp>> {
    let mut newest = None;
    for district in iljari_plans::store::districts(tx).await? {
        newest = newest.max(newest_fact_of(tx, &district.code).await?);
    }
    Ok(newest)
}

/// The newest fact of one district: an adopted file, an entry, a seal, a disclosure, a channel.
pub async fn newest_fact_of(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<Timestamp>> {
    let adopted = iljari_plans::store::last_adopted(tx, district).await?;
    Ok(adopted.max(store::newest_fact(tx, district).await?))
}

/// The names of the log's published files: `checkpoint`, `tile/0/000.p/12`, sorted.
pub fn log_file_names(office: &Office, district: &DistrictCode) -> Outcome<Vec<String>> {
    let folder = folder(office, district).join("log");
    let inside = |path: PathBuf| Some(path.strip_prefix(&folder).ok()?.to_str()?.replace('\\', "/"));
    Ok(iljari_store::files::list(&folder)?.into_iter().filter_map(inside).collect())
}
