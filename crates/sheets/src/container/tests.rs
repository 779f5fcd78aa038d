//! The container, held against broken ones.
//!
//! Each test changes a sound ZIP in one place. A newcomer keeps such files in a folder: here the change
//! itself can be read.

use zip::CompressionMethod::{Deflated, Stored};

use super::*;
use crate::testing::zip_with;

fn code(bytes: &[u8]) -> Result<usize, &'static str> {
    Container::open(bytes, &Limits::default()).map(|container| container.entries().len()).map_err(|no| no.code())
}

fn sound() -> Vec<u8> {
    zip_with(&[("a.xml", b"first part"), ("xl/b.xml", b"second part")], Deflated)
}

/// Where a signature stands for the n-th time.
fn nth(bytes: &[u8], signature: u32, n: usize) -> usize {
    let pattern = signature.to_le_bytes();
    bytes.windows(4).enumerate().filter(|(_, window)| *window == pattern).nth(n).unwrap().0
}

fn changed(at: impl Fn(&[u8]) -> usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = sound();
    let at = at(&bytes);
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn a_sound_zip_is_opened_and_its_parts_come_out() {
    let bytes = sound();
    let container = Container::open(&bytes, &Limits::default()).unwrap();
    assert_eq!(container.find("/XL/B.xml"), Some(1));
    assert_eq!(container.part(1, 100), Ok(b"second part".to_vec()));
    assert_eq!(container.part(1, 5).map_err(|no| no.code()), Err("sheet-too-large"));
}

#[test]
fn names_that_could_be_paths_or_double_are_refused() {
    let long = format!("{}.xml", "a".repeat(1_100));
    for name in
        ["../../x", "a/../b", "/etc/passwd", "c:/a", "a\\b", "a\u{202e}fdp.xlsx", "a\rb", "a//b", "./a", long.as_str()]
    {
        assert_eq!(code(&zip_with(&[(name, b"x")], Stored)), Err("sheet-zip-name"), "{name}");
    }
    assert_eq!(code(&zip_with(&[("a.xml", b"x"), ("A.XML", b"y")], Stored)), Err("sheet-zip-name"));
    assert_eq!(code(&zip_with(&[("가.csv", b"x"), ("\u{1100}\u{1161}.csv", b"y")], Stored)), Err("sheet-zip-name"));
    let mut twice = zip_with(&[("a.xml", b"x"), ("b.xml", b"y")], Stored);
    while let Some(at) = twice.windows(5).position(|window| window == b"b.xml") {
        twice[at] = b'a';
    }
    assert_eq!(code(&twice), Err("sheet-zip-name"));
}

#[test]
fn korean_names_are_read_whatever_wrote_them() {
    let mut old = zip_with(&[("ABCD.csv", b"x")], Stored);
    let (name, _, _) = EUC_KR.encode("실적");
    while let Some(at) = old.windows(4).position(|window| window == b"ABCD") {
        old[at..at + 4].copy_from_slice(&name);
    }
    assert_eq!(Container::open(&old, &Limits::default()).unwrap().entries()[0].name, "실적.csv");
    let mac = zip_with(&[("\u{1109}\u{1175}.csv", b"x")], Stored);
    assert_eq!(Container::open(&mac, &Limits::default()).unwrap().entries()[0].name, "시.csv");
}

#[test]
fn symbolic_links_are_refused() {
    let mut bytes = sound();
    let at = nth(&bytes, CENTRAL, 0);
    bytes[at + 5] = 3;
    bytes[at + 38..at + 42].copy_from_slice(&(0o120_777u32 << 16).to_le_bytes());
    assert_eq!(code(&bytes), Err("sheet-zip-name"));
}

#[test]
fn locked_entries_are_refused_in_either_header() {
    assert_eq!(code(&changed(|bytes| nth(bytes, CENTRAL, 0) + 8, &[1, 0])), Err("sheet-zip-locked"));
    assert_eq!(code(&changed(|bytes| nth(bytes, LOCAL, 0) + 6, &[1, 0])), Err("sheet-zip-locked"));
}

#[test]
fn anything_before_between_or_behind_is_refused() {
    let sound = sound();
    assert_eq!(code(&sound), Ok(2));
    for rest in [&b"x"[..], b"PK\x05\x06", &sound] {
        assert_eq!(code(&[&sound[..], rest].concat()), Err("sheet-zip-form"));
    }
    assert_eq!(code(&[b"#!/bin/sh\n", &sound[..]].concat()), Err("sheet-zip-form"));
    for end in 0..sound.len() {
        assert!(code(&sound[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn zip64_and_unknown_methods_are_refused() {
    let end = |bytes: &[u8]| nth(bytes, END, 0);
    assert_eq!(code(&changed(|bytes| end(bytes) + 8, &[0xFF, 0xFF, 0xFF, 0xFF])), Err("sheet-zip-form"));
    assert_eq!(code(&changed(|bytes| nth(bytes, CENTRAL, 1) + 20, &[0xFF; 4])), Err("sheet-zip-form"));
    assert_eq!(code(&changed(|bytes| nth(bytes, CENTRAL, 0) + 10, &[9, 0])), Err("sheet-zip-form"));
    let at = end(&sound());
    let located = [&sound()[..at], &ZIP64_LOCATOR.to_le_bytes(), &[0; 16], &sound()[at..]].concat();
    assert_eq!(code(&located), Err("sheet-zip-form"));
}

#[test]
fn headers_that_lie_about_sizes_or_places_are_refused() {
    for field in [20, 24, 42] {
        assert!(code(&changed(|bytes| nth(bytes, CENTRAL, 1) + field, &[1, 0, 0, 0])).is_err(), "field {field}");
    }
    // Both headers agree on a size that is not the real one.
    let mut lying = sound();
    let (local, central) = (nth(&lying, LOCAL, 1), nth(&lying, CENTRAL, 1));
    lying[local + 22] -= 1;
    lying[central + 24] -= 1;
    assert_eq!(code(&lying), Err("sheet-zip-form"));
    // The second entry points at the first one's bytes.
    let first = zip_with(&[("a.xml", b"same"), ("a.xmm", b"same")], Stored);
    let mut overlapping = first.clone();
    let at = nth(&first, CENTRAL, 1) + 42;
    overlapping[at..at + 4].copy_from_slice(&0u32.to_le_bytes());
    assert_eq!(code(&overlapping), Err("sheet-zip-form"));
}

#[test]
fn damaged_bytes_are_found_by_their_checksum() {
    let mut bytes = zip_with(&[("a.xml", b"the figures of a department")], Stored);
    let at = bytes.windows(7).position(|window| window == b"figures").unwrap();
    bytes[at] = b'F';
    assert_eq!(code(&bytes), Err("sheet-zip-form"));
}

#[test]
fn bombs_are_refused_by_count_by_size_and_by_ratio() {
    let zeros = vec![0u8; 3 << 20];
    assert_eq!(code(&zip_with(&[("a.xml", &zeros)], Deflated)), Err("sheet-zip-bomb"));
    let names: Vec<String> = (0..1_001).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(code(&zip_with(&many, Stored)), Err("sheet-zip-bomb"));
    let limits = Limits { inflated_bytes: 1_000, ..Limits::default() };
    let large = zip_with(&[("a.xml", &[b'x'; 600]), ("b.xml", &[b'y'; 600])], Deflated);
    assert_eq!(Container::open(&large, &limits).map(|_| ()).map_err(|no| no.code()), Err("sheet-zip-bomb"));
    // A header that says 4 bytes for a stream of three megabytes.
    let mut lying = zip_with(&[("a.xml", &zeros)], Deflated);
    let (local, central) = (nth(&lying, LOCAL, 0), nth(&lying, CENTRAL, 0));
    lying[local + 22..local + 26].copy_from_slice(&4u32.to_le_bytes());
    lying[central + 24..central + 28].copy_from_slice(&4u32.to_le_bytes());
    assert_eq!(code(&lying), Err("sheet-zip-form"));
}

#[test]
fn a_small_part_may_shrink_as_far_as_it_can() {
    assert_eq!(code(&zip_with(&[("a.xml", &[b' '; 900_000])], Deflated)), Ok(1));
}
