//! The log: checkpoints, entries, leaves, tiles, roots, and the leaves that speak about the log.

use std::collections::{BTreeMap, BTreeSet};

use super::super::report::Code;
use super::super::{Bundle, CHECKPOINT, CHECKPOINT_1, KEY, LOG, Report};
use super::Found;
use crate::log::checkpoint::Checkpoint;
use crate::log::leaf::{Body, Leaf, LeafId};
use crate::log::note::NoteFault;
use crate::log::tile::{Level, Tile, hash_tiles, read_entry_bundle};
use crate::log::tree::{Hash, Range, leaf_hash};

pub(super) fn check(bundle: &Bundle, found: &mut Found, report: &mut Report) {
    let mark = report.mark();
    found.first = head(bundle, CHECKPOINT_1, found, report);
    found.second = head(bundle, CHECKPOINT, found, report);
    if let Some(disclosed) = &mut report.disclosure {
        disclosed.first = found.first.as_ref().map(|head| (head.size, head.root));
        disclosed.second = found.second.as_ref().map(|head| (head.size, head.root));
    }
    report.check("봉인 서명", mark, "봉인 두 건이 모두 묶음의 키로 서명되어 있습니다.");

    let mark = report.mark();
    leaves(bundle, found, report);
    report.leaves = u64::try_from(found.leaves.len()).unwrap_or(u64::MAX);
    report.check("기재", mark, format!("기재 {}건을 모두 읽었습니다.", report.leaves));

    if !found.entries {
        report.not_done("장부의 이어짐", "기재를 읽을 수 없어 견주지 못했습니다.");
        report.not_done("장부에 적힌 공시와 키", "기재를 읽을 수 없어 견주지 못했습니다.");
        return;
    }
    let mark = report.mark();
    tiles(bundle, found, report);
    let roots = roots(found);
    for (path, head) in [(CHECKPOINT_1, &found.first), (CHECKPOINT, &found.second)] {
        if let Some(head) = head {
            root_fits(path, head, &roots, report);
        }
    }
    if let Some(second) = &found.second
        && u64::try_from(found.hashes.len()) != Ok(second.size)
    {
        let (there, said) = (found.hashes.len(), second.size);
        report.problem(
            Code::SizeDiffers,
            CHECKPOINT,
            format!("봉인에는 기재가 {said}건이라고 되어 있는데 묶음에는 {there}건이 있습니다."),
            format!("The checkpoint says {said} leaves; the bundle holds {there}."),
        );
    }
    report.check("장부의 이어짐", mark, "기재에서 다시 만든 장부가 서명된 봉인과 같습니다.");

    let mark = report.mark();
    speaking_leaves(found, &roots, report);
    report.check("장부에 적힌 공시와 키", mark, "장부에 적힌 공시와 키가 장부와 맞습니다.");
}

fn head(bundle: &Bundle, path: &str, found: &Found, report: &mut Report) -> Option<Checkpoint> {
    let bytes = bundle.get(path)?;
    let Ok(head) = Checkpoint::parse_unverified(bytes) else {
        report.problem(
            Code::CheckpointForm,
            path,
            format!("봉인을 읽을 수 없습니다: {path}."),
            format!("Not a checkpoint: {path}."),
        );
        return None;
    };
    let signed = found.key.as_ref().map_or(Err(NoteFault::NotSigned), |key| Checkpoint::open(bytes, key).map(|_| ()));
    if signed.is_err() {
        report.problem(
            Code::CheckpointSignature,
            path,
            format!("봉인의 서명이 묶음의 키와 맞지 않습니다: {path}."),
            format!("Not signed by the bundle's key: {path}."),
        );
    }
    if found.heading.as_ref().is_some_and(|heading| heading.origin != head.origin) {
        report.problem(
            Code::CheckpointOrigin,
            path,
            format!("다른 장부의 봉인입니다: {}.", head.origin),
            format!("A checkpoint of another log: {}.", head.origin),
        );
    }
    Some(head)
}

/// Reads every entry bundle in order. Where one is missing, broken or out of place, nobody knows at
/// which index a later leaf stands: no leaf is read then, and whatever needs them is left out.
fn leaves(bundle: &Bundle, found: &mut Found, report: &mut Report) {
    let mut bundles = Vec::new();
    for (path, bytes) in bundle.range(format!("{LOG}tile/entries/")..format!("{LOG}tile/entries0")) {
        if let Some(tile) = path.strip_prefix(LOG).and_then(|path| path.parse::<Tile>().ok()) {
            bundles.push((tile.index, tile.width, path, bytes));
        }
    }
    bundles.sort_unstable();
    let count = bundles.len();
    let mut entries = Vec::new();
    found.entries = true;
    for (place, (index, width, path, bytes)) in bundles.into_iter().enumerate() {
        // Only the last bundle may be partial, or the leaves behind it would shift.
        let in_place = u64::try_from(place) == Ok(index) && (width == 256 || place + 1 == count);
        match read_entry_bundle(bytes) {
            Ok(read) if in_place && read.len() == usize::from(width) => {
                entries.extend(read.into_iter().map(|entry| (path, entry)));
            }
            _ => {
                broken(path, report);
                found.entries = false;
            }
        }
    }
    if found.entries {
        entries.into_iter().for_each(|(path, entry)| leaf(path, entry, found, report));
    }
}

fn leaf(path: &str, entry: &[u8], found: &mut Found, report: &mut Report) {
    let number = found.leaves.len();
    let leaf = match Leaf::parse(entry) {
        Ok(leaf) => Some(leaf),
        Err(fault) => {
            report.problem(
                Code::LeafForm,
                path,
                format!("{number}번 기재를 읽을 수 없습니다. {fault}."),
                format!("Leaf {number} is not canonical: {fault:?}."),
            );
            None
        }
    };
    if let (Some(leaf), Some(heading)) = (&leaf, &found.heading)
        && *leaf.district() != heading.district
    {
        report.problem(
            Code::LeafDistrict,
            path,
            format!("{number}번 기재는 다른 자치구({})의 것입니다.", leaf.district()),
            format!("Leaf {number} belongs to district {}.", leaf.district()),
        );
    }
    found.hashes.push(leaf_hash(entry));
    found.leaves.push(leaf);
}

fn broken(path: &str, report: &mut Report) {
    report.problem(
        Code::EntriesForm,
        path,
        format!("기재 묶음이 끊겼거나 빠진 곳이 있습니다: {path}."),
        format!("An entry bundle is broken or out of place: {path}."),
    );
}

fn tiles(bundle: &Bundle, found: &Found, report: &mut Report) {
    let wanted = hash_tiles(&found.hashes);
    for (tile, bytes) in &wanted {
        let path = format!("{LOG}{tile}");
        match bundle.get(&path) {
            None => report.problem(
                Code::TileMissing,
                &path,
                format!("해시 파일이 없습니다: {path}."),
                format!("A tile is missing: {path}."),
            ),
            Some(there) if there != bytes => report.problem(
                Code::TileChanged,
                &path,
                format!("해시 파일이 기재와 맞지 않습니다: {path}."),
                format!("A tile does not follow from the entries: {path}."),
            ),
            Some(_) => {}
        }
    }
    for path in bundle.keys() {
        let tile = path.strip_prefix(LOG).and_then(|rest| Some((rest, rest.parse::<Tile>().ok()?)));
        if let Some((rest, tile)) = tile
            && tile.level != Level::Entries
            && !wanted.contains_key(rest)
        {
            report.problem(
                Code::TileChanged,
                path,
                format!("이 크기의 장부에는 없어야 하는 해시 파일입니다: {path}."),
                format!("A tile that a log of this size does not have: {path}."),
            );
        }
    }
}

/// The root at every size that anything in the bundle speaks of.
fn roots(found: &Found) -> BTreeMap<u64, Hash> {
    let mut asked: BTreeSet<u64> = found.first.iter().chain(&found.second).map(|head| head.size).collect();
    for leaf in found.leaves.iter().flatten() {
        if let Body::Disclosure { size, .. } = leaf.body() {
            asked.insert(*size);
        }
    }
    let mut roots = BTreeMap::new();
    let mut range = Range::new();
    let mut next = found.hashes.iter();
    loop {
        if asked.contains(&range.size()) {
            roots.insert(range.size(), range.root());
        }
        match next.next() {
            Some(hash) => range.push(*hash),
            None => return roots,
        }
    }
}

fn root_fits(path: &str, head: &Checkpoint, roots: &BTreeMap<u64, Hash>, report: &mut Report) {
    match roots.get(&head.size) {
        Some(root) if *root == head.root => {}
        Some(root) => report.problem(
            Code::RootDiffers,
            path,
            format!(
                "기재 {}건에서 다시 만든 값이 봉인과 다릅니다. 봉인 {}, 다시 만든 값 {root}.",
                head.size, head.root
            ),
            format!("At size {} the checkpoint says {}, the leaves give {root}.", head.size, head.root),
        ),
        None => report.problem(
            Code::SizeDiffers,
            path,
            format!("봉인은 기재 {}건을 말하는데 묶음의 장부는 더 짧습니다.", head.size),
            format!("The checkpoint speaks of {} leaves; the log is shorter.", head.size),
        ),
    }
}

/// Disclosure leaves must tell the truth about the log before them; the last key leaf names the key
/// that signs now.
fn speaking_leaves(found: &Found, roots: &BTreeMap<u64, Hash>, report: &mut Report) {
    let mut earlier: Vec<(LeafId, iljari_base::Year, i64)> = Vec::new();
    let mut current_key = None;
    for (index, leaf) in (0_u64..).zip(&found.leaves) {
        match leaf.as_ref().map(|leaf| (leaf, leaf.body())) {
            Some((leaf, Body::Disclosure { year, no, size, root, corrects, .. })) => {
                let true_to_log = *size <= index && roots.get(size) == Some(root);
                let answers = corrects.is_none_or(|of| earlier.iter().any(|(id, its, _)| *id == of && its == year));
                let again = earlier.iter().any(|(_, its, number)| (its, number) == (year, no));
                if !true_to_log || !answers || again {
                    report.problem(
                        Code::DisclosureDiffers,
                        &format!("{LOG}tile/entries"),
                        format!("{index}번 기재({year}년 {no}번째 공시)가 그때까지의 장부와 맞지 않습니다."),
                        format!("Leaf {index} (disclosure {year} no. {no}) does not fit the log before it."),
                    );
                }
                earlier.push((leaf.id(), *year, *no));
            }
            Some((_, Body::Key { key })) => current_key = Some(key),
            _ => {}
        }
    }
    if let (Some(current), Some(key)) = (current_key, &found.key)
        && current != key
    {
        report.problem(
            Code::KeyReplaced,
            KEY,
            format!("장부에 따르면 지금 쓰는 키는 다른 키(지문 {})입니다.", current.fingerprint()),
            format!("By the log the current key is another one, fingerprint {}.", current.fingerprint()),
        );
    }
}
