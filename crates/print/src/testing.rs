//! What a reader gets out of a file, by other means than the writers': for tests that search files for what must not
//! stand in them.
//!
//! Owns: going into packages and PDF files, however deep, and looking for values there. Does not own: the values. What a newcomer gets
//! wrong: searching the bytes of a compressed file. There one finds nothing, whatever stands in it.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::io::{Cursor, Read as _, Write as _};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// How deep packages may lie in each other.
const DEEPEST: usize = 6;

/// Something that can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// Where it lies: the file, then the parts inside it, e.g. `bundle.zip!documents/a.xlsx!xl/sharedStrings.xml`.
    pub place: String,
    /// Its bytes, or the text that was got out of it.
    pub bytes: Vec<u8>,
}

/// Everything that can be read out of a file: its bytes; of a package each part and each part's name; of markup the
/// text between the tags, once more without white space; of a PDF what `pdftotext` and `pdfinfo` (poppler) say.
///
/// # Panics
/// When a package or a PDF cannot be read, for then nothing was searched.
#[must_use]
pub fn readable(name: &str, bytes: &[u8]) -> Vec<Readable> {
    let mut all = Vec::new();
    into(name, bytes, 0, &mut all);
    all
}

fn into(place: &str, bytes: &[u8], depth: usize, all: &mut Vec<Readable>) {
    assert!(depth < DEEPEST, "{place} lies too deep");
    let mut put = |what: &str, bytes: Vec<u8>| all.push(Readable { place: format!("{place}{what}"), bytes });
    put("", bytes.to_vec());
    if bytes.starts_with(b"%PDF") {
        let text = poppler("pdftotext", &["-raw", "-enc", "UTF-8"], place, bytes);
        put(" (text)", bare(&text).into_bytes());
        put(" (text as set)", text.into_bytes());
        put(" (facts)", poppler("pdfinfo", &["-enc", "UTF-8"], place, bytes).into_bytes());
        put(" (description)", poppler("pdfinfo", &["-meta", "-enc", "UTF-8"], place, bytes).into_bytes());
    } else if bytes.starts_with(b"PK\x03\x04") {
        let mut package = match zip::ZipArchive::new(Cursor::new(bytes)) {
            Ok(package) => package,
            Err(error) => panic!("{place} cannot be read: {error}"),
        };
        put(" (remark)", package.comment().to_vec());
        let mut parts = Vec::new();
        for nth in 0..package.len() {
            let read = package.by_index(nth).map_err(|error| error.to_string()).and_then(|mut part| {
                let name = part.name().map_err(|error| error.to_string())?.into_owned();
                let mut inside = Vec::new();
                part.read_to_end(&mut inside).map_err(|error| error.to_string())?;
                Ok((name, inside))
            });
            match read {
                Ok(part) => parts.push(part),
                Err(error) => panic!("part {nth} of {place} cannot be read: {error}"),
            }
        }
        for (name, inside) in parts {
            let inner = format!("{place}!{name}");
            all.push(Readable { place: format!("the name {inner}"), bytes: name.into_bytes() });
            into(&inner, &inside, depth + 1, all);
        }
    } else if let Ok(text) = std::str::from_utf8(bytes)
        && text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
    {
        put(" (between the tags)", bare(&between_tags(text)).into_bytes());
    }
}

/// What a program of poppler says about a PDF.
fn poppler(program: &str, arguments: &[&str], place: &str, bytes: &[u8]) -> String {
    let said = || -> std::io::Result<std::process::Output> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        let mut command = Command::new(program);
        command.args(arguments).arg(file.path());
        if program == "pdftotext" {
            command.arg("-");
        }
        command.output()
    };
    match said() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => panic!("{program} cannot read {place}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{program} (Debian's package poppler-utils): {error}"),
    }
}

/// A text without its white space: a line's end in the middle of a value hides nothing.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Markup without its tags, its escapes read.
fn between_tags(markup: &str) -> String {
    let mut text = String::new();
    for piece in markup.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
    }
    let mut read = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        read.push_str(before);
        match after.split_once(';').and_then(|(name, after)| Some((escaped(name)?, after))) {
            Some((letter, after)) => {
                read.push(letter);
                rest = after;
            }
            None => {
                read.push('&');
                rest = after;
            }
        }
    }
    read.push_str(rest);
    read
}

/// The letter that an escape stands for.
fn escaped(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// A package of these files, compressed.
///
/// # Panics
/// When it cannot be written.
#[must_use]
pub fn package(files: &[(&str, &[u8])]) -> Vec<u8> {
    let packed = || -> zip::result::ZipResult<Vec<u8>> {
        let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, bytes) in files {
            package.start_file(*name, options)?;
            package.write_all(bytes)?;
        }
        Ok(package.finish()?.into_inner())
    };
    match packed() {
        Ok(bytes) => bytes,
        Err(error) => panic!("{error}"),
    }
}

/// How many bytes of a value lead to it.
const START: usize = 6;

/// Values to look for, by their first bytes, so that everything is walked over once.
#[derive(Debug)]
pub struct Search<'v> {
    values: HashMap<[u8; START], Vec<&'v str>>,
    /// Files that were opened and held nothing: the same one again need not be.
    clean: Mutex<HashSet<u64>>,
}

impl<'v> Search<'v> {
    /// A search for these.
    ///
    /// # Panics
    /// When a value is shorter than six bytes: it would be found everywhere.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = &'v str>) -> Self {
        let mut by_start: HashMap<[u8; START], Vec<&str>> = HashMap::new();
        for value in values {
            let Some(start) = value.as_bytes().first_chunk::<START>() else { panic!("{value} is too short") };
            by_start.entry(*start).or_default().push(value);
        }
        Self { values: by_start, clean: Mutex::default() }
    }

    /// Every value.
    pub fn values(&self) -> impl Iterator<Item = &'v str> {
        self.values.values().flatten().copied()
    }

    /// What of them stands in these bytes as they are.
    #[must_use]
    pub fn in_bytes(&self, bytes: &[u8]) -> Vec<&'v str> {
        let mut found = Vec::new();
        for (place, start) in bytes.windows(START).enumerate() {
            let Some(values) = start.first_chunk::<START>().and_then(|start| self.values.get(start)) else { continue };
            let rest = bytes.get(place..).unwrap_or_default();
            found.extend(values.iter().filter(|value| rest.starts_with(value.as_bytes())));
        }
        found
    }

    /// What of them stands in a file, each with its place in it: see [`readable`].
    ///
    /// # Panics
    /// As [`readable`].
    #[must_use]
    pub fn in_file(&self, name: &str, bytes: &[u8]) -> Vec<String> {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let known = hasher.finish();
        if self.clean.lock().unwrap_or_else(PoisonError::into_inner).contains(&known) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for part in readable(name, bytes) {
            found.extend(self.in_bytes(&part.bytes).into_iter().map(|value| format!("{value} in {}", part.place)));
        }
        if found.is_empty() {
            self.clean.lock().unwrap_or_else(PoisonError::into_inner).insert(known);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Document, Fact, Format, Meta, render};

    /// The positive control: what was planted in a compressed file is found, and a search of the bytes finds nothing.
    #[test]
    fn what_is_planted_in_a_compressed_file_is_found() {
        let (name, number) = ("견본쇍뷁007", "010-0077-7107");
        let long = format!("{}{name} {number}", "가나다라마바사아자차카타파하 ".repeat(40));
        let today = "2026-11-30".parse().expect("a day");
        let mut document = Document {
            meta: Meta::new("모집공고(예시)", "나루구", iljari_base::Year(2026), today, "notice"),
            blocks: vec![Block::Paragraph(long)],
        };
        // A workbook has tables and the facts of its head, and no running text.
        document.meta.facts.push(Fact::new("연락", format!("{name} {number}")));
        let stands = |bytes: &[u8], value: &str| bytes.windows(value.len()).any(|part| part == value.as_bytes());
        let found = |file: &str, bytes: &[u8], value: &str| -> Vec<String> {
            let all = readable(file, bytes).into_iter();
            all.filter(|part| stands(&part.bytes, value)).map(|part| part.place).collect()
        };
        let mut files = Vec::new();
        for format in [Format::Pdf, Format::Xlsx, Format::Hwpx] {
            let file = format!("notice.{}", format.ending());
            let bytes = render(&document, format).expect("a file");
            for value in [name, number] {
                assert!(!stands(&bytes, value), "{file}: its bytes tell {value}, so they need not be opened");
                assert!(!found(&file, &bytes, value).is_empty(), "{value} in {file}");
            }
            files.push((file, bytes));
        }
        // The same in a package in a package.
        let named: Vec<(&str, &[u8])> = files.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice())).collect();
        let bundle = package(&[("inner.zip", &package(&named)), ("쇍.txt", b"")]);
        assert!(!stands(&bundle, name));
        let places = found("bundle.zip", &bundle, name);
        for (file, _) in &files {
            assert!(
                places.iter().any(|place| place.starts_with(&format!("bundle.zip!inner.zip!{file}"))),
                "{places:?}"
            );
        }
        assert_eq!(found("bundle.zip", &bundle, "쇍.txt").len(), 2, "names too: as a part's, and in the bytes");
        // In the facts about a file: its title.
        document.meta.title = format!("{name} 모집공고");
        document.blocks.clear();
        let titled = render(&document, Format::Pdf).expect("a file");
        assert!(found("titled.pdf", &titled, name).iter().any(|place| place.contains("(facts)")));
        let search = Search::of([name, number]);
        assert_eq!(search.in_bytes(&bundle), Vec::<&str>::new());
        for (file, bytes) in &files {
            let found = search.in_file(file, bytes);
            assert!([name, number].iter().all(|value| found.iter().any(|it| it.starts_with(value))), "{found:?}");
            assert!(!search.in_file(file, bytes).is_empty(), "a second time too");
        }
        assert_eq!(search.in_file("other.txt", "견본쇍 010-0077".as_bytes()), Vec::<String>::new());
        // Letters that markup keeps apart, and escapes.
        let markup = "<p><run>견본</run><run>쇍</run> &#xbdc1;<b>0</b>07</p>";
        assert_eq!(found("page.html", markup.as_bytes(), name), ["page.html (between the tags)"]);
    }
}
