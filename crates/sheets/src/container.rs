//! The ZIP around a workbook, distrusted.
//!
//! Owns the structure: what the directory at the end says is held against the bytes, every entry is
//! inflated once and counted while it streams, and anything that a spreadsheet program would not have
//! written is refused. Does not own what the entries mean. What a newcomer gets wrong: using a name from an
//! archive as a path. Names are only compared, here and everywhere.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use encoding_rs::EUC_KR;
use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;

use crate::limits::Limits;
use crate::no::No;

/// A ZIP whose structure is sound and whose entries are what they say.
pub(crate) struct Container<'b> {
    bytes: &'b [u8],
    entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name in canonical form.
    pub name: String,
    /// Bytes when inflated, counted.
    pub inflated: u64,
}

impl Entry {
    pub(crate) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }
}

/// What the central directory says of an entry.
struct Listed {
    name: String,
    raw_name: (usize, usize),
    method: u16,
    packed: u64,
    inflated: u64,
    offset: usize,
}

const END: u32 = 0x0605_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;
const END_LENGTH: usize = 22;
const CENTRAL_LENGTH: usize = 46;
const LOCAL_LENGTH: usize = 30;

/// Entries smaller than this may shrink as well as they can; a sheet of empty rows does.
const RATIO_COUNTS_FROM: u64 = 1 << 20;

/// The longest name of an entry, in bytes; a Mac writes nine for a Hangul syllable.
const LONGEST_NAME: usize = 1024;

impl<'b> Container<'b> {
    /// Checks the structure, then inflates every entry once, counting.
    pub(crate) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, No> {
        let listed = directory(bytes, limits)?;
        agree(bytes, &listed)?;
        let declared: u64 = listed.iter().map(|entry| entry.inflated).fold(0, u64::saturating_add);
        if declared > limits.inflated_bytes {
            return Err(No::ZipBomb);
        }
        let mut archive = open(bytes)?;
        if archive.len() != listed.len() {
            return Err(No::ZipForm("목록이 맞지 않음"));
        }
        let (mut entries, mut total) = (Vec::with_capacity(listed.len()), 0u64);
        for (index, entry) in listed.into_iter().enumerate() {
            let mut part = archive.by_index(index).map_err(|_| No::ZipForm("풀 수 없는 항목"))?;
            let most = limits.inflated_bytes.saturating_sub(total);
            let inflated = count(&mut part, most)?;
            if inflated > RATIO_COUNTS_FROM && inflated > entry.packed.saturating_mul(limits.ratio) {
                return Err(No::ZipBomb);
            }
            if inflated != entry.inflated {
                return Err(No::ZipForm("적힌 크기와 실제 크기가 다름"));
            }
            total = total.saturating_add(inflated);
            entries.push(Entry { name: entry.name, inflated });
        }
        Ok(Self { bytes, entries })
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of this name, in any case: parts of a workbook are named without regard to it.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let wanted = name.trim_start_matches('/').to_lowercase();
        self.entries.iter().position(|entry| entry.name.to_lowercase() == wanted)
    }

    /// Hands an entry's inflated bytes to a reader.
    pub(crate) fn with_part<T>(
        &self,
        index: usize,
        read: impl FnOnce(&mut dyn Read) -> Result<T, No>,
    ) -> Result<T, No> {
        let mut archive = open(self.bytes)?;
        let mut part = archive.by_index(index).map_err(|_| No::ZipForm("풀 수 없는 항목"))?;
        read(&mut part)
    }

    /// An entry's inflated bytes, where they are no more than this.
    pub(crate) fn part(&self, index: usize, most: u64) -> Result<Vec<u8>, No> {
        let declared = self.entries.get(index).map_or(0, |entry| entry.inflated);
        if declared > most {
            return Err(No::TooLarge { limit: usize::try_from(most).unwrap_or(usize::MAX) });
        }
        self.with_part(index, |part| {
            let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0));
            part.take(most).read_to_end(&mut bytes).map_err(|_| No::ZipForm("풀 수 없는 항목"))?;
            Ok(bytes)
        })
    }
}

pub(crate) fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, No> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| No::ZipForm("열 수 없음"))
}

/// How many bytes come out, up to one more than `most`; the checksum is checked on the way.
fn count(part: &mut dyn Read, most: u64) -> Result<u64, No> {
    let mut buffer = vec![0; 64 << 10];
    let mut total = 0u64;
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(length) => total = total.saturating_add(u64::try_from(length).unwrap_or(u64::MAX)),
            Err(_) => return Err(No::ZipForm("손상된 항목")),
        }
        if total > most {
            return Err(No::ZipBomb);
        }
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn wide(number: u32) -> Result<usize, No> {
    usize::try_from(number).map_err(|_| No::ZipForm("너무 큼"))
}

/// Where the end record stands: the bytes after it are exactly its comment.
fn end_record(bytes: &[u8]) -> Result<usize, No> {
    let last = bytes.len().checked_sub(END_LENGTH).ok_or(No::ZipForm("끝이 잘림"))?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let mut something_else = false;
    for at in (first..=last).rev() {
        if four(bytes, at) == Some(END) {
            if two(bytes, at + 20).map(usize::from) == Some(bytes.len() - at - END_LENGTH) {
                return Ok(at);
            }
            something_else = true;
        }
    }
    Err(No::ZipForm(if something_else { "끝 뒤에 다른 자료가 붙어 있음" } else { "끝이 잘림" }))
}

fn directory(bytes: &[u8], limits: &Limits) -> Result<Vec<Listed>, No> {
    const CUT: No = No::ZipForm("목록이 잘림");
    let end = end_record(bytes)?;
    if end >= 20 && four(bytes, end - 20) == Some(ZIP64_LOCATOR) {
        return Err(No::ZipForm("ZIP64 형식"));
    }
    let (disk, start_disk) = (two(bytes, end + 4), two(bytes, end + 6));
    let (here, all) = (two(bytes, end + 8).ok_or(CUT)?, two(bytes, end + 10).ok_or(CUT)?);
    let (size, start) = (four(bytes, end + 12).ok_or(CUT)?, four(bytes, end + 16).ok_or(CUT)?);
    if all == u16::MAX || size == u32::MAX || start == u32::MAX {
        return Err(No::ZipForm("ZIP64 형식"));
    }
    if disk != Some(0) || start_disk != Some(0) || here != all {
        return Err(No::ZipForm("나뉜 압축 파일"));
    }
    if usize::from(all) > limits.entries {
        return Err(No::ZipBomb);
    }
    let mut at = wide(start)?;
    if at.checked_add(wide(size)?) != Some(end) {
        return Err(No::ZipForm("목록과 끝 사이에 다른 자료가 있음"));
    }
    let mut names = BTreeSet::new();
    let mut listed = Vec::with_capacity(usize::from(all));
    for _ in 0..all {
        if four(bytes, at) != Some(CENTRAL) {
            return Err(CUT);
        }
        let field = |from: usize| two(bytes, at + from).ok_or(CUT);
        let (made_by, flags, method) = (field(4)?, field(8)?, field(10)?);
        let (name_length, extra, comment) = (usize::from(field(28)?), usize::from(field(30)?), usize::from(field(32)?));
        let long = |from: usize| four(bytes, at + from).ok_or(CUT);
        let (packed, inflated, attributes, offset) = (long(20)?, long(24)?, long(38)?, long(42)?);
        if field(34)? != 0 {
            return Err(No::ZipForm("나뉜 압축 파일"));
        }
        if packed == u32::MAX || inflated == u32::MAX || offset == u32::MAX {
            return Err(No::ZipForm("ZIP64 형식"));
        }
        if flags & 0x2041 != 0 {
            return Err(No::ZipLocked);
        }
        if method != 0 && method != 8 {
            return Err(No::ZipForm("알 수 없는 압축 방식"));
        }
        // Made on Unix (3) or a Mac (19), the upper half is the file's mode; 0o12 in its type is a symbolic link.
        if matches!(made_by >> 8, 3 | 19) && attributes >> 28 == 0o12 {
            return Err(No::ZipName);
        }
        let raw_name = (at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + name_length);
        let name = entry_name(bytes.get(raw_name.0..raw_name.1).ok_or(CUT)?, flags)?;
        if !names.insert(name.to_lowercase()) {
            return Err(No::ZipName);
        }
        let offset = wide(offset)?;
        listed.push(Listed { name, raw_name, method, packed: packed.into(), inflated: inflated.into(), offset });
        at = raw_name.1 + extra + comment;
    }
    if at != end {
        return Err(No::ZipForm("목록에 다른 자료가 섞여 있음"));
    }
    Ok(listed)
}

/// A name in canonical form, where it is an ordinary one.
fn entry_name(raw: &[u8], flags: u16) -> Result<String, No> {
    // Bit 11 says UTF-8. Korean Windows writes CP949 without it, and a Mac UTF-8 without it.
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) if flags & 0x0800 != 0 => return Err(No::ZipName),
        Err(_) => {
            let decoded = EUC_KR.decode_without_bom_handling_and_without_replacement(raw);
            decoded.ok_or(No::ZipName)?.into_owned()
        }
    };
    let name: String = text.nfc().collect();
    let letters_fine = !name.chars().any(|letter| {
        letter.is_control()
            || matches!(letter, '\\' | ':' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    });
    let path = name.strip_suffix('/').unwrap_or(&name);
    let steps_fine = path.split('/').all(|step| !step.is_empty() && step != "." && step != "..");
    if name.is_empty() || raw.len() > LONGEST_NAME || !letters_fine || !steps_fine {
        return Err(No::ZipName);
    }
    Ok(name)
}

/// The header before each entry agrees with the directory, and no two entries share bytes.
fn agree(bytes: &[u8], listed: &[Listed]) -> Result<(), No> {
    const TORN: No = No::ZipForm("항목과 목록이 맞지 않음");
    let mut stretches = Vec::with_capacity(listed.len());
    for entry in listed {
        let at = entry.offset;
        if four(bytes, at) != Some(LOCAL) {
            return Err(TORN);
        }
        let field = |from: usize| two(bytes, at + from).ok_or(TORN);
        let (flags, method, name_length, extra) =
            (field(6)?, field(8)?, usize::from(field(26)?), usize::from(field(28)?));
        let name = bytes.get(at + LOCAL_LENGTH..at + LOCAL_LENGTH + name_length);
        let listed_name = bytes.get(entry.raw_name.0..entry.raw_name.1);
        if flags & 0x2041 != 0 {
            return Err(No::ZipLocked);
        }
        if method != entry.method || name.is_none() || name != listed_name {
            return Err(TORN);
        }
        let (packed, inflated) = (four(bytes, at + 18).ok_or(TORN)?, four(bytes, at + 22).ok_or(TORN)?);
        let streamed = flags & 0x0008 != 0;
        if !streamed && (u64::from(packed) != entry.packed || u64::from(inflated) != entry.inflated) {
            return Err(TORN);
        }
        let data = at + LOCAL_LENGTH + name_length + extra;
        let end = data.checked_add(usize::try_from(entry.packed).map_err(|_| TORN)?).ok_or(TORN)?;
        stretches.push((at, end));
    }
    stretches.sort_unstable();
    if stretches.first().is_some_and(|(first, _)| *first != 0) {
        return Err(No::ZipForm("앞에 다른 자료가 붙어 있음"));
    }
    let directory = listed.first().map_or(0, |entry| entry.raw_name.0 - CENTRAL_LENGTH);
    let overlap = stretches.windows(2).any(|pair| pair[0].1 > pair[1].0);
    if overlap || stretches.last().is_some_and(|(_, end)| *end > directory) {
        return Err(No::ZipForm("항목이 서로 겹침"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "container/tests.rs"]
mod tests;
