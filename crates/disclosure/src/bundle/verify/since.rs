//! Against an earlier bundle: the log must continue, and no two heads may tell two histories.

use super::super::report::Code;
use super::super::{Bundle, CHECKPOINT, CHECKPOINT_1, KEY, Report};
use super::Found;
use crate::log::leaf::Body;
use crate::log::note::VerifierKey;
use crate::log::tree::Range;
use crate::log::{Checkpoint, Hash};

pub(super) fn check(old: &Bundle, found: &Found, report: &mut Report) {
    let mark = report.mark();
    let key = old.get(KEY).and_then(|bytes| std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?.parse().ok());
    let Some(old_key): Option<VerifierKey> = key else {
        unusable(KEY, report);
        report.check("지난 공시와의 이어짐", mark, "");
        return;
    };
    key_continues(&old_key, found, report);
    let mut heads = Vec::new();
    for path in [CHECKPOINT_1, CHECKPOINT] {
        match old.get(path).map(|bytes| Checkpoint::open(bytes, &old_key)) {
            Some(Ok(head)) => heads.push((path, head)),
            _ => unusable(path, report),
        }
    }
    for (path, head) in &heads {
        continues(path, head, found, report);
    }
    let size = heads.last().map_or(0, |(_, head)| head.size);
    report.check("지난 공시와의 이어짐", mark, format!("지난 공시의 장부 {size}건이 그대로 이어집니다."));
}

fn unusable(path: &str, report: &mut Report) {
    report.problem(
        Code::SinceForm,
        path,
        format!("지난 묶음의 {path} 파일을 읽을 수 없거나 서명이 맞지 않습니다."),
        format!("The earlier bundle's {path} is unreadable or not signed by its key."),
    );
}

/// The same key, or one that the log itself has named since.
fn key_continues(old_key: &VerifierKey, found: &Found, report: &mut Report) {
    let Some(key) = found.key.as_ref().filter(|_| found.entries) else {
        return;
    };
    let named =
        found.leaves.iter().flatten().any(|leaf| matches!(leaf.body(), Body::Key { key: named } if named == key));
    if key != old_key && !named {
        report.problem(
            Code::SinceKey,
            KEY,
            format!(
                "지난 공시와 다른 키인데 장부에 키 교체가 적혀 있지 않습니다. 지난 키의 지문은 {}입니다.",
                old_key.fingerprint()
            ),
            format!("Another key than before (fingerprint {}), and no leaf says so.", old_key.fingerprint()),
        );
    }
}

fn continues(path: &str, old: &Checkpoint, found: &Found, report: &mut Report) {
    let heads = || found.first.iter().chain(&found.second);
    if heads().any(|head| head.origin != old.origin) {
        report.problem(
            Code::SinceOrigin,
            path,
            format!("지난 묶음은 다른 장부({})의 것입니다.", old.origin),
            format!("The earlier bundle is of another log: {}.", old.origin),
        );
        return;
    }
    for head in heads() {
        if head.size == old.size && head.root != old.root {
            report.problem(
                Code::TwoHistories,
                path,
                format!(
                    "경보: 같은 크기({}건)의 봉인이 두 가지입니다. 지난 묶음 {}, 이번 묶음 {}. 장부가 두 갈래로 서명되었습니다.",
                    old.size, old.root, head.root
                ),
                format!("ALARM: two signed heads of size {}: {} before, {} now.", old.size, old.root, head.root),
            );
        }
    }
    if !found.entries {
        return;
    }
    match root_at(&found.hashes, old.size) {
        None => report.problem(
            Code::SinceLonger,
            path,
            format!("지난 묶음의 장부({}건)가 이번 묶음({}건)보다 깁니다.", old.size, found.hashes.len()),
            format!("The earlier log has {} leaves, this one {}.", old.size, found.hashes.len()),
        ),
        Some(root) if root != old.root => report.problem(
            Code::SinceDiffers,
            path,
            format!("지난 공시 때 봉인한 기재 {}건이 이번 장부와 다릅니다. 지나간 기재가 바뀌었습니다.", old.size),
            format!("The first {} leaves are not those sealed before: {} became {root}.", old.size, old.root),
        ),
        Some(_) => {}
    }
}

fn root_at(hashes: &[Hash], size: u64) -> Option<Hash> {
    let prefix = hashes.get(..usize::try_from(size).ok()?)?;
    let mut range = Range::new();
    prefix.iter().for_each(|hash| range.push(*hash));
    Some(range.root())
}
