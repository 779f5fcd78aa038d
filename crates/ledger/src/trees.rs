//! The logs' trees kept in memory (나무), from which receipts are proven.
//!
//! Owns: a whole tree a district, grown by what was sealed since, and its agreement with the seal that
//! was asked for. Does not own: signing; a seal hashes every entry anew and trusts nothing kept. What
//! a newcomer gets wrong: asking how old a kept tree is. A root says what a tree holds: one that comes
//! to the seal's root is the seal's tree, and one that does not is read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use iljari_base::{DistrictCode, Inconsistency, Outcome, Stop};
use iljari_disclosure::log::Hash;
use iljari_disclosure::log::tree::{Tree, leaf_hash};
use iljari_store::Tx;

use crate::model::Seal;
use crate::store;

/// The tree kept of each district, beside its database.
#[derive(Debug, Default)]
struct Kept(Mutex<BTreeMap<DistrictCode, Arc<Tree>>>);

impl Kept {
    fn get(&self, district: &DistrictCode) -> Option<Arc<Tree>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(district).cloned()
    }

    fn put(&self, district: &DistrictCode, tree: &Arc<Tree>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(district.clone(), Arc::clone(tree));
    }
}

/// A tree whose first leaves are those of the seal; it may hold later ones too. Entries that do not hash to
/// the seal's root are an inconsistency.
pub async fn of_seal(tx: &mut Tx, district: &DistrictCode, seal: &Seal) -> Outcome<Arc<Tree>> {
    let wrong = || {
        Stop::Inconsistent(Inconsistency {
            table: "entry",
            column: "body".to_owned(),
            row: format!("{district}: the entries no longer hash to the root of seal {}", seal.no),
        })
    };
    let size = u64::try_from(seal.size).map_err(|_| wrong())?;
    let root: Hash = seal.root.parse().map_err(|_| wrong())?;
    let kept = tx.memory().map(|memory| memory.of::<Kept>());
    let known = kept.as_ref().and_then(|kept| kept.get(district));
    if let Some(tree) = &known {
        if tree.root_at(size) == Some(root) {
            return Ok(Arc::clone(tree));
        }
        let mut grown = Tree::clone(tree);
        let from = i64::try_from(grown.size()).unwrap_or(i64::MAX);
        for line in store::leaf_lines_from(tx, district, from).await? {
            grown.push(leaf_hash(&line));
        }
        if grown.root_at(size) == Some(root) {
            return Ok(keep(kept.as_deref(), district, grown));
        }
    }
    let lines = store::leaf_lines(tx, district).await?;
    let tree = Tree::of(lines.iter().map(|line| leaf_hash(line)).collect());
    if tree.root_at(size) != Some(root) {
        return Err(wrong());
    }
    Ok(keep(kept.as_deref(), district, tree))
}

fn keep(kept: Option<&Kept>, district: &DistrictCode, tree: Tree) -> Arc<Tree> {
    let tree = Arc::new(tree);
    if let Some(kept) = kept {
        kept.put(district, &tree);
    }
    tree
}
