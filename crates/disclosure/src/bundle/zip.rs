//! The ZIP twin: the same bundle as one file, the same bytes whoever writes it.
//!
//! Owns: writing and reading that one shape of ZIP. Does not own: ZIP at large; an archive packed
//! by any other program is refused, and its holder told to unpack it and check the folder. What a
//! newcomer gets wrong: reading generously. Where two readers may see two contents in one archive,
//! one of them can be fooled; here the archive must equal what would be written from its content.

use super::{BYTES_MAX, Bundle, FILES_MAX, is_path};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 1.0: stored entries need nothing newer.
const VERSION: u16 = 10;
/// Names are UTF-8.
const UTF8_NAMES: u16 = 0x0800;
const STORED: u16 = 0;
const MIDNIGHT: u16 = 0;
/// 1980-01-01, the first day a ZIP can name.
const FIRST_DAY: u16 = 0x0021;

/// Why a ZIP is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipFault {
    /// More than 20,000 files.
    #[error("파일이 2만 개를 넘습니다")]
    TooManyFiles,
    /// More than 512 MB.
    #[error("모두 합쳐 512MB를 넘습니다")]
    TooLarge,
    /// A path that leaves the bundle or has an odd form.
    #[error("쓸 수 없는 경로가 들어 있습니다: {0:?}")]
    BadPath(String),
    /// A path that comes twice or out of order.
    #[error("경로가 두 번 나오거나 차례가 다릅니다: {0:?}")]
    Order(String),
    /// A compressed file.
    #[error("압축된 파일이 들어 있습니다. 압축을 풀어 폴더째 확인해 주세요: {0:?}")]
    NotStored(String),
    /// Not a ZIP, or not one that this program would have written.
    #[error("이 프로그램이 만드는 꼴의 ZIP이 아닙니다. 압축을 풀어 폴더째 확인해 주세요")]
    NotCanonical,
}

/// The CRC-32 that ZIP asks for; it protects against nothing but a bad cable.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let mut rest = byte as u32;
            let mut bit = 0;
            while bit < 8 {
                rest = if rest & 1 == 1 { 0xedb8_8320 ^ (rest >> 1) } else { rest >> 1 };
                bit += 1;
            }
            table[byte] = rest;
            byte += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc, byte| TABLE[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ (crc >> 8))
}

/// The fields that a file's two headers share.
fn write_common(out: &mut Vec<u8>, path: &str, size: u32, crc: u32) {
    for short in [VERSION, UTF8_NAMES, STORED, MIDNIGHT, FIRST_DAY] {
        out.extend_from_slice(&short.to_le_bytes());
    }
    for long in [crc, size, size] {
        out.extend_from_slice(&long.to_le_bytes());
    }
    let name_length = u16::try_from(path.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&name_length.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
}

/// Hands the archive out piece by piece.
fn write(bundle: &Bundle, mut piece: impl FnMut(&[u8])) -> Result<(), ZipFault> {
    if bundle.len() > FILES_MAX {
        return Err(ZipFault::TooManyFiles);
    }
    if total(bundle) > BYTES_MAX {
        return Err(ZipFault::TooLarge);
    }
    if let Some(path) = bundle.keys().find(|path| !is_path(path)) {
        return Err(ZipFault::BadPath(path.clone()));
    }
    // Within the limits above no count and no offset leaves its field.
    let short = |count: usize| u16::try_from(count).map_err(|_| ZipFault::TooManyFiles);
    let long = |count: usize| u32::try_from(count).map_err(|_| ZipFault::TooLarge);
    let (mut offset, mut central) = (0, Vec::new());
    for (path, bytes) in bundle {
        let (size, crc) = (long(bytes.len())?, crc32(bytes));
        let mut header = LOCAL.to_le_bytes().to_vec();
        write_common(&mut header, path, size, crc);
        header.extend_from_slice(path.as_bytes());
        piece(&header);
        piece(bytes);
        central.extend_from_slice(&CENTRAL.to_le_bytes());
        central.extend_from_slice(&VERSION.to_le_bytes());
        write_common(&mut central, path, size, crc);
        // Comment length, disk, internal and external attributes.
        central.extend_from_slice(&[0; 10]);
        central.extend_from_slice(&long(offset)?.to_le_bytes());
        central.extend_from_slice(path.as_bytes());
        offset += header.len() + bytes.len();
    }
    let mut end = END.to_le_bytes().to_vec();
    end.extend_from_slice(&[0; 4]);
    for _ in 0..2 {
        end.extend_from_slice(&short(bundle.len())?.to_le_bytes());
    }
    end.extend_from_slice(&long(central.len())?.to_le_bytes());
    end.extend_from_slice(&long(offset)?.to_le_bytes());
    end.extend_from_slice(&[0; 2]);
    piece(&central);
    piece(&end);
    Ok(())
}

fn total(bundle: &Bundle) -> u64 {
    bundle.values().map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)).fold(0, u64::saturating_add)
}

/// The bundle as one ZIP: stored, sorted, timeless.
pub fn zip(bundle: &Bundle) -> Result<Vec<u8>, ZipFault> {
    let mut out = Vec::new();
    write(bundle, |piece| out.extend_from_slice(piece))?;
    Ok(out)
}

/// Reads a ZIP that [`zip`] has written.
pub fn from_zip(bytes: &[u8]) -> Result<Bundle, ZipFault> {
    let mut bundle = Bundle::new();
    let mut rest = bytes;
    let mut room = BYTES_MAX;
    while rest.starts_with(&LOCAL.to_le_bytes()) {
        let (header, after) = rest.split_first_chunk::<30>().ok_or(ZipFault::NotCanonical)?;
        let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let size = u32::from_le_bytes([header[22], header[23], header[24], header[25]]);
        let (name, after) = after.split_at_checked(usize::from(short(26))).ok_or(ZipFault::NotCanonical)?;
        let path = std::str::from_utf8(name).map_err(|_| ZipFault::NotCanonical)?;
        if !is_path(path) {
            return Err(ZipFault::BadPath(path.to_owned()));
        }
        if short(8) != STORED {
            return Err(ZipFault::NotStored(path.to_owned()));
        }
        if bundle.last_key_value().is_some_and(|(last, _)| last.as_str() >= path) {
            return Err(ZipFault::Order(path.to_owned()));
        }
        if bundle.len() == FILES_MAX {
            return Err(ZipFault::TooManyFiles);
        }
        room = room.checked_sub(size.into()).ok_or(ZipFault::TooLarge)?;
        let length = usize::try_from(size).map_err(|_| ZipFault::TooLarge)?;
        let (content, after) = after.split_at_checked(length).ok_or(ZipFault::NotCanonical)?;
        bundle.insert(path.to_owned(), content.to_vec());
        rest = after;
    }
    // Everything read so far is only a guess until the whole archive comes out the same.
    let (mut rest, mut same) = (bytes, true);
    write(&bundle, |piece| match rest.strip_prefix(piece) {
        Some(after) => rest = after,
        None => same = false,
    })?;
    if same && rest.is_empty() && !bundle.is_empty() { Ok(bundle) } else { Err(ZipFault::NotCanonical) }
}
