//! What the PDF says, read by another program, held against the JSON.

use std::io::Write as _;
use std::process::Command;

use iljari_print::{Document, Format, render};
use serde_json::Value;

use crate::sample::{self, HOSTILE};

/// The text of a document's PDF as pdftotext reads it, without any white space. `-raw` keeps the order of
/// the file, so that a cell of several lines is read as one.
fn pdf_text(document: &Document) -> String {
    bare(&pdf_words(document))
}

/// The same with its white space.
fn pdf_words(document: &Document) -> String {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&render(document, Format::Pdf).expect("PDF")).expect("written");
    let read = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output()
        .expect("pdftotext (Debian's package poppler-utils)");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("text")
}

fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Every cell of every table of the JSON, as people read it.
fn cells(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("cells", Value::Object(cells)) => found.extend(cells.values().map(shown)),
                    _ => cells(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| cells(value, found)),
        _ => {}
    }
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::Number(number) => iljari_base::quantity::grouped(number.as_i64().expect("a whole number")),
        Value::String(text) => text.clone(),
        other => other["shown"].as_str().expect("what is shown").to_owned(),
    }
}

#[test]
fn every_figure_of_the_json_is_found_in_the_pdf() {
    for document in [sample::ordinary(), sample::extreme()] {
        let text = pdf_text(&document);
        let json = serde_json::from_slice(&render(&document, Format::Json).expect("JSON")).expect("JSON");
        let mut found = Vec::new();
        cells(&json, &mut found);
        assert!(found.len() > 400, "{}", found.len());
        for cell in found {
            assert!(text.contains(&bare(&cell)), "the PDF lacks {cell:?}");
        }
        for fact in &document.meta.facts {
            assert!(text.contains(&bare(&fact.value)), "the PDF lacks {fact:?}");
        }
    }
}

/// Every text that a document's blocks say, tables included.
fn texts(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("heading" | "paragraph" | "note" | "caption" | "title", Value::String(text)) => {
                        found.push(text.clone());
                    }
                    ("list" | "items" | "enclosures", Value::Array(items)) => {
                        found.extend(items.iter().filter_map(|item| item.as_str().map(str::to_owned)));
                    }
                    ("cells", Value::Object(cells)) => found.extend(cells.values().map(shown)),
                    _ => texts(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn no_korean_word_is_broken_at_the_end_of_a_line() {
    let document = sample::ordinary();
    let text = pdf_words(&document);
    let printed: std::collections::BTreeSet<&str> = text.split_whitespace().collect();
    let json = serde_json::from_slice(&render(&document, Format::Json).expect("JSON")).expect("JSON");
    let mut said = Vec::new();
    texts(&json, &mut said);
    let words: Vec<&str> = said.iter().flat_map(|text| text.split_whitespace()).collect();
    assert!(words.len() > 1000, "{}", words.len());
    for word in words {
        let whole = printed.contains(word) || printed.contains(format!("{word}.").as_str());
        assert!(whole, "{word:?} is not whole on any line");
    }
}

#[test]
fn hostile_texts_stay_texts_on_paper_too() {
    let text = pdf_text(&sample::extreme());
    for hostile in HOSTILE {
        assert!(text.contains(&bare(hostile)), "the PDF lacks {hostile}");
    }
    // The fonts have no emoji, and PDF/A forbids an empty glyph.
    assert!(text.contains("웃음[U+1F600]"), "the PDF lost a letter that the fonts do not hold");
}

#[test]
fn a_draft_says_so_on_every_page() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&render(&sample::extreme(), Format::Pdf).expect("PDF")).expect("written");
    let read = Command::new("pdftotext").arg(file.path()).arg("-").output().expect("pdftotext");
    let text = String::from_utf8(read.stdout).expect("text");
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() > 10, "{}", pages.len());
    for page in pages {
        assert!(bare(page).contains("확정전") && page.contains("예시"), "{page}");
    }
}
