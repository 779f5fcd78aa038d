//! The documents: the disclosure leaf, the list of documents, the plan files.

use std::collections::{BTreeMap, BTreeSet};

use super::super::documents::read_documents_sha256;
use super::super::report::Code;
use super::super::{
    Bundle, DICTIONARY_CSV, DOCUMENTS, DOCUMENTS_SHA256, LOG, PLANS, Report, TOTALS_CSV, TOTALS_JSON, TREE_CSV,
    plan_path,
};
use super::Found;
use crate::log::Hash;
use crate::log::leaf::{Body, Leaf};

pub(super) fn check(bundle: &Bundle, found: &Found, report: &mut Report) {
    if found.entries {
        let mark = report.mark();
        disclosure_leaf(bundle, found, report);
        report.check("공시 기재", mark, "장부에 이 공시가 적혀 있고, 문서와 맞습니다.");
    } else {
        report.not_done("공시 기재", "기재를 읽을 수 없어 찾지 못했습니다.");
    }
    let mark = report.mark();
    let listed = documents(bundle, report);
    let bound = bundle.keys().filter(|path| is_bound_only(path)).count();
    let mut note = format!("문서 {listed}개가 장부에 적힌 그대로입니다.");
    if bound > 0 {
        note.push_str(&format!(" 이 가운데 {bound}개의 내역은 장부로 재계산되지 않습니다."));
    }
    report.check("공시 문서", mark, note);
    let Some(disclosed) = found.disclosed() else {
        report.not_done("계획 파일", "기재나 봉인을 읽을 수 없어 견주지 못했습니다.");
        return;
    };
    let mark = report.mark();
    let plans = plans(bundle, found.leaves.iter().take(disclosed).flatten(), report);
    report.check("계획 파일", mark, format!("계획 파일 {plans}개가 장부에 적힌 그대로입니다."));
}

/// Whether a document is bound by its hash alone: no leaf determines what it says.
fn is_bound_only(path: &str) -> bool {
    let determined = [TOTALS_CSV, TOTALS_JSON, TREE_CSV, DICTIONARY_CSV].contains(&path) || path.starts_with(PLANS);
    path.starts_with(DOCUMENTS) && !determined
}

/// The leaf that announces this very disclosure stands behind C₁ and names C₁ and the documents.
fn disclosure_leaf(bundle: &Bundle, found: &Found, report: &mut Report) {
    let (Some(heading), Some(first)) = (&found.heading, &found.first) else {
        report.problem(
            Code::DisclosureMissing,
            LOG,
            "공시 기재를 찾을 수 없습니다. 목록이나 봉인을 읽을 수 없기 때문입니다.",
            "The disclosure leaf cannot be looked for: manifest or checkpoint unreadable.",
        );
        return;
    };
    let is_this = |leaf: &&Leaf| matches!(leaf.body(), Body::Disclosure { year, no, .. } if *year == heading.year && *no == heading.no);
    let behind_first = usize::try_from(first.size).unwrap_or(usize::MAX);
    let Some(leaf) = found.leaves.iter().skip(behind_first).flatten().find(is_this) else {
        report.problem(
            Code::DisclosureMissing,
            LOG,
            format!("장부에 {}년 {}번째 공시가 적혀 있지 않습니다.", heading.year, heading.no),
            format!("No leaf announces disclosure {} no. {}.", heading.year, heading.no),
        );
        return;
    };
    if let Body::Disclosure { size, root, docs, .. } = leaf.body() {
        if (*size, *root) != (first.size, first.root) {
            report.problem(
                Code::DisclosureDiffers,
                LOG,
                format!("공시 기재가 말하는 장부({size}건)와 공시에 쓴 봉인({}건)이 다릅니다.", first.size),
                format!("The disclosure leaf names a log of {size} leaves, checkpoint-1 one of {}.", first.size),
            );
        }
        if bundle.get(DOCUMENTS_SHA256).map(|bytes| Hash::of(bytes)) != Some(*docs) {
            report.problem(
                Code::DisclosureDiffers,
                DOCUMENTS_SHA256,
                "문서 목록이 공시 기재에 적힌 것과 다릅니다.",
                "documents.sha256 is not the file whose hash the disclosure leaf holds.",
            );
        }
    }
}

fn documents(bundle: &Bundle, report: &mut Report) -> usize {
    let Some(bytes) = bundle.get(DOCUMENTS_SHA256) else {
        return 0;
    };
    let Some(listed) = read_documents_sha256(bytes) else {
        report.problem(
            Code::DocumentsForm,
            DOCUMENTS_SHA256,
            "문서 목록을 읽을 수 없습니다.",
            "documents.sha256 is not in its canonical form.",
        );
        return 0;
    };
    for (path, hash) in &listed {
        match bundle.get(path) {
            None => report.problem(
                Code::DocumentMissing,
                path,
                format!("공시된 문서가 없습니다: {path}."),
                format!("A disclosed document is missing: {path}."),
            ),
            Some(bytes) if Hash::of(bytes) != *hash => report.problem(
                Code::DocumentChanged,
                path,
                format!("공시된 뒤에 바뀐 문서입니다: {path}."),
                format!("Changed since it was disclosed: {path}."),
            ),
            Some(_) => {}
        }
    }
    for path in bundle.keys().filter(|path| path.starts_with(DOCUMENTS) && !listed.contains_key(*path)) {
        report.problem(
            Code::DocumentUnlisted,
            path,
            format!("공시되지 않은 문서가 들어 있습니다: {path}."),
            format!("A document that was not disclosed: {path}."),
        );
    }
    listed.len()
}

/// Every plan adopted before C₁ lies in the bundle, under its name and with its bytes.
fn plans<'l>(bundle: &Bundle, leaves: impl Iterator<Item = &'l Leaf>, report: &mut Report) -> usize {
    let mut versions = BTreeMap::new();
    let mut named = BTreeSet::new();
    for leaf in leaves {
        let Body::Plan { reference, sha256 } = leaf.body() else {
            continue;
        };
        let nth = versions.entry(reference).or_insert(0);
        *nth += 1;
        let path = plan_path(reference, *nth);
        match bundle.get(&path) {
            None => report.problem(
                Code::PlanMissing,
                &path,
                format!("채택된 계획 '{reference}'의 파일이 없습니다: {path}."),
                format!("The file of adopted plan {reference} is missing: {path}."),
            ),
            Some(bytes) if Hash::of(bytes) != *sha256 => report.problem(
                Code::PlanChanged,
                &path,
                format!("계획 '{reference}'의 파일이 채택된 것과 다릅니다: {path}."),
                format!("The file of plan {reference} is not the adopted one: {path}."),
            ),
            Some(_) => {}
        }
        named.insert(path);
    }
    for path in bundle.keys().filter(|path| path.starts_with(PLANS) && !named.contains(*path)) {
        report.problem(
            Code::PlanUnknown,
            path,
            format!("장부에 채택되었다고 적히지 않은 계획입니다: {path}."),
            format!("A plan file that no leaf names: {path}."),
        );
    }
    named.len()
}
