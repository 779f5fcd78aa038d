//! The outer shell: paths, key, manifest, and every file against its listed hash.

use iljari_base::korean::with_particle;

use super::super::manifest::Manifest;
use super::super::report::{Code, Disclosed};
use super::super::{
    BYTES_MAX, Bundle, CHECKPOINT, CHECKPOINT_1, DICTIONARY_CSV, DOCUMENTS, DOCUMENTS_SHA256, FILES_MAX, KEY, LOG,
    MANIFEST, Report, TOTALS_CSV, TOTALS_JSON, TREE_CSV, is_path,
};
use super::{Found, Options};
use crate::log::Hash;
use crate::log::note::{Note, VerifierKey};
use crate::log::tile::Tile;

const REQUIRED: [&str; 9] =
    [MANIFEST, KEY, CHECKPOINT, CHECKPOINT_1, DOCUMENTS_SHA256, TOTALS_CSV, TOTALS_JSON, DICTIONARY_CSV, TREE_CSV];

pub(super) fn check(bundle: &Bundle, options: &Options<'_>, found: &mut Found, report: &mut Report) {
    layout(bundle, report);
    key(bundle, options, found, report);
    let manifest = manifest(bundle, found, report);
    listed(bundle, manifest.as_ref(), report);
    found.heading = manifest.map(|manifest| manifest.heading);
    report.disclosure = found.heading.as_ref().map(|heading| Disclosed {
        origin: heading.origin.clone(),
        district: heading.district.clone(),
        year: heading.year,
        no: heading.no,
        first: None,
        second: None,
    });
}

fn layout(bundle: &Bundle, report: &mut Report) {
    let mark = report.mark();
    for path in REQUIRED.iter().filter(|path| !bundle.contains_key(**path)) {
        report.problem(
            Code::RequiredMissing,
            path,
            format!("묶음에 꼭 있어야 하는 파일 {}", with_particle(path, "이/가") + " 없습니다."),
            format!("The bundle lacks the file {path}."),
        );
    }
    for path in bundle.keys() {
        let log_file = |path: &str| path.strip_prefix(LOG).is_some_and(|rest| rest.parse::<Tile>().is_ok());
        if !is_path(path) {
            report.problem(
                Code::PathForm,
                path,
                format!("쓸 수 없는 경로입니다: {path:?}."),
                format!("Not a path a bundle may hold: {path:?}."),
            );
        } else if !REQUIRED.contains(&path.as_str()) && !path.starts_with(DOCUMENTS) && !log_file(path) {
            report.problem(
                Code::FileUnexpected,
                path,
                format!("묶음에 있을 자리가 없는 파일입니다: {path}."),
                format!("A file without a place in the layout: {path}."),
            );
        }
    }
    let bytes =
        bundle.values().map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)).fold(0, u64::saturating_add);
    if bundle.len() > FILES_MAX || bytes > BYTES_MAX {
        report.problem(
            Code::TooLarge,
            "",
            format!("묶음이 너무 큽니다: 파일 {}개, {bytes}바이트입니다.", bundle.len()),
            format!("The bundle is too large: {} files, {bytes} bytes.", bundle.len()),
        );
    }
    report.check("파일 구성", mark, format!("파일 {}개가 모두 제자리에 있습니다.", bundle.len()));
}

fn key(bundle: &Bundle, options: &Options<'_>, found: &mut Found, report: &mut Report) {
    let mark = report.mark();
    let text = bundle.get(KEY).and_then(|bytes| std::str::from_utf8(bytes).ok()?.strip_suffix('\n'));
    found.key = text.and_then(|text| text.parse::<VerifierKey>().ok());
    if found.key.is_none() && bundle.contains_key(KEY) {
        report.problem(Code::KeyForm, KEY, "묶음에 든 키를 읽을 수 없습니다.", "The key file holds no verifier key.");
    }
    report.fingerprint = found.key.as_ref().map(VerifierKey::fingerprint);
    let note = match (options.key, &found.key) {
        (Some(named), Some(key)) if key.is_meant_by(named) => {
            report.key_named = true;
            "지정한 키와 같습니다.".to_owned()
        }
        (Some(named), key) => {
            let fingerprint = key.as_ref().map_or("없음".to_owned(), VerifierKey::fingerprint);
            report.problem(
                Code::KeyOther,
                KEY,
                format!("지정한 키가 아닙니다. 묶음의 키 지문은 {fingerprint}입니다."),
                format!("Not the key that was named ({named}); the bundle's fingerprint is {fingerprint}."),
            );
            String::new()
        }
        (None, _) => "키를 지정하지 않았습니다. 아래 지문이 구청이 알린 지문과 같은지 직접 견주어 보세요.".to_owned(),
    };
    report.check("서명 키", mark, note);
}

fn manifest(bundle: &Bundle, found: &Found, report: &mut Report) -> Option<Manifest> {
    let mark = report.mark();
    let bytes = bundle.get(MANIFEST)?;
    let note = Note::parse(bytes).ok();
    let manifest = note.as_ref().and_then(|note| Manifest::parse(note.text()));
    if manifest.is_none() {
        report.problem(
            Code::ManifestForm,
            MANIFEST,
            "파일 목록을 읽을 수 없습니다.",
            "The manifest is not a signed note in its canonical form.",
        );
    }
    if let Some(note) = &note {
        if note.signatures().len() != 1 {
            report.problem(
                Code::ManifestSignatures,
                MANIFEST,
                format!("파일 목록에는 서명이 하나만 있어야 하는데 {}개 있습니다.", note.signatures().len()),
                format!("The manifest must have exactly one signature; it has {}.", note.signatures().len()),
            );
        }
        // Without a readable key nothing is signed by it.
        let signed = found.key.as_ref().is_some_and(|key| note.verify(&[key]).is_ok());
        if !signed {
            report.problem(
                Code::ManifestSignature,
                MANIFEST,
                "파일 목록의 서명이 묶음의 키와 맞지 않습니다. 목록이 바뀌었거나 다른 키로 서명되었습니다.",
                "The manifest's signature is not by the bundle's key.",
            );
        }
    }
    if let Some(manifest) = &manifest {
        let heading = &manifest.heading;
        let named_for_district = heading.origin.ends_with(&format!("/{}", heading.district));
        let signed_by_log = found.key.as_ref().is_none_or(|key| key.name() == heading.origin);
        if !named_for_district || !signed_by_log {
            report.problem(
                Code::OriginOther,
                MANIFEST,
                format!("장부 이름 {}, 자치구 {}, 키 이름이 서로 맞지 않습니다.", heading.origin, heading.district),
                format!("Origin {}, district {} and key name do not agree.", heading.origin, heading.district),
            );
        }
    }
    report.check("파일 목록의 서명", mark, "서명이 하나이고, 묶음의 키와 맞습니다.");
    manifest
}

fn listed(bundle: &Bundle, manifest: Option<&Manifest>, report: &mut Report) {
    let mark = report.mark();
    let Some(manifest) = manifest else {
        report.not_done("파일 내용", "파일 목록을 읽을 수 없어 견주지 못했습니다.");
        return;
    };
    for (path, listed) in &manifest.files {
        match bundle.get(path) {
            None => report.problem(
                Code::FileMissing,
                path,
                format!("목록에 있는 파일이 없습니다: {path}."),
                format!("Listed but missing: {path}."),
            ),
            Some(bytes) => {
                let same_size = u64::try_from(bytes.len()) == Ok(listed.size);
                if !same_size || Hash::of(bytes) != listed.sha256 {
                    report.problem(
                        Code::FileChanged,
                        path,
                        format!("서명된 뒤에 바뀐 파일입니다: {path}."),
                        format!("Changed since it was signed: {path}."),
                    );
                }
            }
        }
    }
    for path in bundle.keys().filter(|path| *path != MANIFEST && !manifest.files.contains_key(*path)) {
        report.problem(
            Code::FileUnlisted,
            path,
            format!("목록에 없는 파일이 들어 있습니다: {path}."),
            format!("Present but not listed: {path}."),
        );
    }
    report.check("파일 내용", mark, format!("파일 {}개가 서명된 그대로입니다.", manifest.files.len()));
}
