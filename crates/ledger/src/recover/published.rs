//! A folder of published files, believed only as far as our own signatures reach.
//!
//! Owns: reading the log's checkpoint, its entry bundles and the disclosures' bundles, and that every leaf is below
//! the checkpoint. Does not own: what becomes of them. What a newcomer gets wrong: believing a file because it lies where
//! we once wrote it. The folder may come from a mirror, from anybody.

use std::path::Path;

use iljari_base::{DistrictCode, Failure, Outcome, Refusal};
use iljari_disclosure::bundle::{self, Bundle, CHECKPOINT, CHECKPOINT_1};
use iljari_disclosure::log::Checkpoint;
use iljari_disclosure::log::leaf::Leaf;
use iljari_disclosure::log::note::Signer;
use iljari_disclosure::log::tile::{self, Level};
use iljari_disclosure::log::tree::{Tree, leaf_hash};
use iljari_store::files::{list, read_if_there};

/// What an office published of one district's log.
pub(super) struct Published {
    /// The newest signed head.
    pub(super) head: Checkpoint,
    /// Every leaf below it.
    pub(super) leaves: Vec<Leaf>,
    /// The tree over them.
    pub(super) tree: Tree,
    /// Every head that we signed and that this tree holds, with its signed text: the newest and those of bundles.
    pub(super) heads: Vec<(Checkpoint, String)>,
    /// The bundles of disclosures, in no order, not yet believed.
    pub(super) bundles: Vec<Bundle>,
}

impl Published {
    /// Reads the folder: `log/` and `disclosures/` in it.
    pub(super) fn read(from: &Path, district: &DistrictCode, origin: &str, signers: &[Signer]) -> Outcome<Self> {
        let log = from.join("log");
        let Some(checkpoint) = read_if_there(&log.join("checkpoint"))? else {
            let message = format!(
                "{}에 log/checkpoint가 없습니다. 공개 폴더인 published/{district} 또는 그 사본을 가리켜 주세요.",
                from.display()
            );
            return Err(Refusal::new("no-published-log", "", message).into());
        };
        let ours = |bytes: &[u8]| {
            let opened = signers.iter().find_map(|key| Checkpoint::open(bytes, key.verifier()).ok());
            opened.filter(|head| head.origin == origin)
        };
        let head = ours(&checkpoint).ok_or_else(|| {
            let message =
                "공개 폴더의 서명이 열쇠 폴더의 열쇠로 확인되지 않습니다. 다른 곳의 기록이거나 다른 열쇠 폴더입니다.";
            Refusal::new("published-not-ours", "", message)
        })?;
        let (leaves, tree) = leaves(&log, district, head.size)?;
        if tree.root() != head.root {
            return Err(spoiled("기록을 모두 더한 값이 서명한 값과 다릅니다").into());
        }
        let bundles = bundles(&from.join("disclosures"))?;
        let texts = bundles.iter().flat_map(|bundle| [bundle.get(CHECKPOINT), bundle.get(CHECKPOINT_1)]).flatten();
        let heads = texts
            .chain([&checkpoint])
            .filter_map(|bytes| Some((ours(bytes)?, String::from_utf8(bytes.clone()).ok()?)))
            .filter(|(head, _)| tree.root_at(head.size) == Some(head.root))
            .collect();
        Ok(Self { head, leaves, tree, heads, bundles })
    }

    /// What is said where the key folder remembers a signature that these files do not hold.
    pub(super) fn does_not_hold(&self, signed: u64) -> Refusal {
        if self.head.size < signed {
            return Refusal::new(
                "published-behind",
                "",
                format!(
                    "공개 폴더에는 기록이 {}건뿐인데 이미 {signed}건까지 서명했습니다. 더 새로운 공개 폴더나 공시 묶음을 찾아 주세요.",
                    self.head.size
                ),
            );
        }
        super::differs(signed)
    }
}

fn spoiled(what: &str) -> Refusal {
    Refusal::new(
        "published-spoiled",
        "",
        format!("공개 폴더가 손상되었습니다({what}). 다른 사본을 가리켜 주세요. 아무것도 채우지 않았습니다."),
    )
}

/// Every leaf of the entry bundles, of which `size` are signed.
fn leaves(log: &Path, district: &DistrictCode, size: u64) -> Outcome<(Vec<Leaf>, Tree)> {
    let (mut leaves, mut tree) = (Vec::new(), Tree::of(Vec::new()));
    for tile in tile::tiles(size).into_iter().filter(|tile| tile.level == Level::Entries) {
        let bytes = read_if_there(&log.join(tile.to_string()))?.ok_or_else(|| spoiled(&format!("{tile}: 없습니다")))?;
        let lines = tile::read_entry_bundle(&bytes).map_err(|fault| spoiled(&format!("{tile}: {fault}")))?;
        if lines.len() != usize::from(tile.width) {
            return Err(spoiled(&format!("{tile}: 기록이 {}건이어야 합니다", tile.width)).into());
        }
        for line in lines {
            let leaf = Leaf::parse(line).map_err(|fault| spoiled(&format!("{tile}: {fault}")))?;
            if leaf.district() != district {
                return Err(spoiled(&format!("{tile}: 다른 구의 기록이 있습니다")).into());
            }
            tree.push(leaf_hash(line));
            leaves.push(leaf);
        }
    }
    Ok((leaves, tree))
}

/// Every bundle: the folders, and archives that have no folder beside them.
fn bundles(disclosures: &Path) -> Outcome<Vec<Bundle>> {
    let mut found = Vec::new();
    if !disclosures.is_dir() {
        return Ok(found);
    }
    let failed = |error: std::io::Error| Failure::new(error).context(format!("list {}", disclosures.display()));
    for entry in std::fs::read_dir(disclosures).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            let mut bundle = Bundle::new();
            for file in list(&path)? {
                let name = file.strip_prefix(&path).unwrap_or(&file).to_string_lossy().into_owned();
                let bytes = read_if_there(&file)?.unwrap_or_default();
                bundle.insert(bundle::canonical_path(&name), bytes);
            }
            found.push(bundle);
        } else if path.extension().is_some_and(|ending| ending == "zip") && !path.with_extension("").is_dir() {
            let bytes = read_if_there(&path)?.unwrap_or_default();
            // One that cannot be read is as good as none: whether one is missing is said where it is needed.
            found.extend(bundle::from_zip(&bytes).ok());
        }
    }
    Ok(found)
}
