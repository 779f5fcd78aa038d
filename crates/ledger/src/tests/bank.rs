//! The bank test: what must hold after every story, recomputed from the entries and the log alone.

use std::collections::BTreeSet;

use iljari_base::DistrictCode;
use iljari_disclosure::log::checkpoint::Checkpoint;
use iljari_disclosure::log::leaf::{Body, Leaf};
use iljari_disclosure::log::note::VerifierKey;
use iljari_disclosure::log::totals::fold;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_store::{Act, Tx};
use iljari_web::Office;

use super::Desk;
use crate::keys::KeyFolder;
use crate::model::Seal;
use crate::{store, totals};

impl Desk {
    /// Looks at the data; a look that fails fails the test.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl for<'t> FnOnce(&'t mut Tx, &'t DistrictCode) -> Act<'t, T> + Send + 'static,
    ) -> T {
        let code = self.code.clone();
        let looked = self.office.store.read(move |tx| Box::pin(async move { look(tx, &code).await })).await;
        looked.expect("a look")
    }

    pub(super) async fn seals(&self) -> Vec<Seal> {
        self.look(|tx, code| Box::pin(store::seals(tx, code))).await
    }

    pub(super) fn keys(&self) -> KeyFolder {
        KeyFolder::new(&self.office.keys, self.office.demo)
    }

    /// The newest published checkpoint as text.
    pub(super) fn published_checkpoint(&self) -> String {
        let path = self.office.published.join(self.code.as_str()).join("log/checkpoint");
        std::fs::read_to_string(path).expect("a published checkpoint")
    }

    /// The bank test: run at the end of every story.
    pub(super) async fn balances(&self) {
        bank_test(&self.office, &self.code).await;
    }
}

/// Every kept-up total is the fold of the entries; the sealed log is a log: each seal signed, each
/// continuing the one before, every correction behind what it answers, nothing entered twice.
pub(super) async fn bank_test(office: &Office, code: &DistrictCode) {
    let at = code.clone();
    let (lines, seals, entries, kept, wrong) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                Ok((
                    store::leaf_lines(tx, &at).await?,
                    store::seals(tx, &at).await?,
                    store::entries(tx, &at).await?,
                    store::totals(tx, &at).await?,
                    totals::audit(tx, &at).await?,
                ))
            })
        })
        .await
        .expect("the books");
    assert_eq!(wrong, [], "kept-up totals differ from the entries");

    // Added up here by the simplest means there are, apart from `fold`.
    let by_hand: i64 = entries.iter().filter_map(|entry| entry.counted.as_ref()).map(|counted| counted.amount).sum();
    assert_eq!(kept.iter().map(|(_, split)| split.total()).sum::<i64>(), by_hand);

    let leaves: Vec<Leaf> = lines.iter().map(|line| Leaf::parse(line).expect("a leaf")).collect();
    let hashes: Vec<Hash> = lines.iter().map(|line| tree::leaf_hash(line)).collect();
    let (_, problems) = fold(&leaves);
    assert_eq!(problems, [], "the sealed leaves do not add up");
    let mut seen = BTreeSet::new();
    for leaf in &leaves {
        if let Body::Correction { of, .. } = leaf.body() {
            assert!(seen.contains(&of.to_string()), "a correction stands before what it answers");
        }
        assert!(seen.insert(leaf.id().to_string()), "a leaf stands twice in the log");
    }
    let Some(last) = seals.last() else { return assert!(leaves.is_empty()) };
    assert_eq!(usize::try_from(last.size).expect("small"), leaves.len());
    let folder = KeyFolder::new(&office.keys, office.demo);
    let mut keys: Vec<VerifierKey> =
        folder.former(code).expect("readable").iter().map(|key| key.verifier().clone()).collect();
    keys.push(folder.verifier(code).expect("readable").expect("a key"));
    let mut before: Option<(u64, Hash)> = None;
    for seal in &seals {
        let opened = keys.iter().find_map(|key| Checkpoint::open(seal.checkpoint.as_bytes(), key).ok());
        let head = opened.expect("signed by a key of the log");
        let size = usize::try_from(head.size).expect("small");
        assert_eq!((head.size, head.root.to_string()), (u64::try_from(seal.size).expect("small"), seal.root.clone()));
        assert_eq!(head.root, tree::root(&hashes[..size]));
        if let Some((old_size, old_root)) = before {
            let proof = tree::consistency(&hashes[..size], old_size).expect("a proof");
            assert!(tree::verify_consistency(old_size, &old_root, head.size, &head.root, &proof));
        }
        before = Some((head.size, head.root));
    }
}
