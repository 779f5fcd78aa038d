//! Sound inputs to begin from, a folder for each target: `seeds FOLDER`.
//!
//! Owns: which files of the repository, and which made-up ones, a target starts with. Does not own: what a run finds
//! from there. A newcomer leaves the folder empty: no machine guesses a signature or a zip's directory by chance.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use iljari_disclosure::bundle::zip;
use iljari_disclosure::log::Hash;
use iljari_disclosure::log::proof::Receipt;

#[path = "../../crates/disclosure/tests/log/fixture.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod fixture;
#[path = "../../crates/sheets/src/testing.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod workbook;

/// A sheet with what the reader looks at: columns, shared and inline texts, numbers, days, a formula, merged cells.
const SHEET: &str = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Y-01 &amp; 가</t></is></c><c r="B2" s="1"><v>0.653</v></c><c r="C2" s="2"><v>44990.5</v></c><c r="D2"><f>SUM(B2:C2)</f><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A5:B6"/></mergeCells>"#;

fn main() -> io::Result<()> {
    let to = std::env::args().nth(1).map(PathBuf::from);
    let to = to.ok_or_else(|| io::Error::other("usage: seeds FOLDER"))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seeds = Seeds { to, count: BTreeMap::new() };
    for file in files_below(&root.join("districts"))? {
        seeds.put("plan", &fs::read(file)?)?;
    }
    for file in files_below(&root.join("rules"))? {
        seeds.put("rules", &fs::read(file)?)?;
    }
    for file in files_below(&root.join("crates/sheets/tests/fixtures"))? {
        let ending = file.extension().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
        match ending.as_str() {
            "csv" => seeds.put("csv", &fs::read(file)?)?,
            "xlsx" => seeds.put("workbook", &fs::read(file)?)?,
            _ => {}
        }
    }
    for text in [
        "사업 코드,누계 실적,사유\r\nY-01,\"1,204\",\"가 \"\"나\"\"\"\r\n합계,1204,\r\n",
        "a;b\n=1+1;-2\n",
        "가\t나\n1\t2\n",
    ] {
        seeds.put("csv", text.as_bytes())?;
        seeds.put("csv", &[b"\xEF\xBB\xBF", text.as_bytes()].concat())?;
        seeds.put("csv", &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())?;
    }
    workbooks(&mut seeds)?;
    log(&mut seeds)?;
    for (target, count) in &seeds.count {
        println!("{target}: {count} seeds");
    }
    Ok(())
}

/// A workbook whole, and its parts one by one, each behind the byte that names it.
fn workbooks(seeds: &mut Seeds) -> io::Result<()> {
    let book = workbook::Book::of_sheet(SHEET);
    seeds.put("workbook", &book.bytes())?;
    for (nth, part) in iljari_fuzz::PARTS.iter().enumerate() {
        let nth = u8::try_from(nth).unwrap_or_default();
        seeds.put("parts", &[&[nth][..], &book.part(part)].concat())?;
    }
    Ok(())
}

/// The invented log of the format's page: its lines, heads, receipts and bundle.
fn log(seeds: &mut Seeds) -> io::Result<()> {
    let leaves = fixture::leaves();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf.hash()).collect();
    let signed = |size: usize| fixture::head_over(&leaves[..size]).sign(&fixture::signer()).map_err(io::Error::other);
    let head = signed(leaves.len())?;
    for (nth, leaf) in (0_u64..).zip(&leaves) {
        seeds.put("leaf", leaf.to_line().as_bytes())?;
        let line = leaf.to_line().into_bytes();
        for extra in [Some(line), None] {
            let receipt = Receipt::issue(&hashes, nth, &head, extra);
            let receipt = receipt.ok_or_else(|| io::Error::other("no receipt"))?;
            seeds.put("proof", receipt.to_string().as_bytes())?;
        }
    }
    for size in 1..=leaves.len() {
        seeds.put("checkpoint", signed(size)?.as_bytes())?;
    }
    let bundle = fixture::small_bundle();
    for (path, bytes) in &bundle {
        if path.starts_with("checkpoint") {
            seeds.put("checkpoint", bytes)?;
        }
    }
    seeds.put("bundle", &zip(&bundle).map_err(io::Error::other)?)
}

/// Where seeds go, and how many went there.
struct Seeds {
    to: PathBuf,
    count: BTreeMap<&'static str, usize>,
}

impl Seeds {
    fn put(&mut self, target: &'static str, bytes: &[u8]) -> io::Result<()> {
        let folder = self.to.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(Hash::of(bytes).to_string().replace(['/', '+', '='], "-")), bytes)?;
        *self.count.entry(target).or_default() += 1;
        Ok(())
    }
}

/// Every file below a folder, in order.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
