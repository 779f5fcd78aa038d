//! What a file is, by its bytes.
//!
//! Owns telling a workbook, a CSV and a ZIP of sheets from everything else that people upload. What a
//! newcomer gets wrong: trusting the name. The name is only held against what the bytes say.

use crate::container::Container;
use crate::no::No;
use crate::reading::words;

/// What the first bytes allow it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ZIP: a workbook, or a ZIP of sheets.
    Zip,
    /// Text: a CSV.
    Text,
}

/// What a ZIP holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A workbook.
    Workbook,
    /// Other files.
    Files,
}

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
const PICTURES: &[&[u8]] = &[b"\x89PNG", &[0xFF, 0xD8, 0xFF], b"GIF8", b"BM", b"II*\0", b"MM\0*"];
const ARCHIVES: &[&[u8]] = &[b"7z\xBC\xAF", b"Rar!", &[0x1F, 0x8B]];

/// The part of a name after its last dot, in lower case; empty where there is none.
pub(crate) fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.rsplit_once('.').map(|(_, extension)| extension.trim().to_lowercase()).unwrap_or_default()
}

/// A name as it is shown: its last part, without letters that hide or turn others, cut to a hundred letters.
pub fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let shown: String = words(last).chars().filter(|letter| !letter.is_control()).collect();
    let length = shown.chars().count();
    if length <= SHOWN_LETTERS {
        return shown;
    }
    // The extension stays in sight.
    let (head, tail) = (SHOWN_LETTERS - 20, length - 19);
    format!("{}…{}", shown.chars().take(head).collect::<String>(), shown.chars().skip(tail).collect::<String>())
}

/// The most letters of a name that are shown.
const SHOWN_LETTERS: usize = 100;

/// How people know the programs whose files are no sheets.
fn other_program(extension: &str) -> Option<No> {
    Some(match extension {
        "xls" => No::OldFormat { what: "옛 엑셀(.xls)" },
        "xlsb" => No::OldFormat { what: "엑셀 바이너리(.xlsb)" },
        "ods" => No::OldFormat { what: "ODS" },
        "cell" => No::OldFormat { what: "한셀(.cell)" },
        "hwp" => No::NotASheet { what: "한글(.hwp)" },
        "hwpx" => No::NotASheet { what: "한글(.hwpx)" },
        "doc" | "docx" => No::NotASheet { what: "워드" },
        "ppt" | "pptx" => No::NotASheet { what: "파워포인트" },
        "pdf" => No::NotASheet { what: "PDF" },
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "heic" | "webp" => No::Picture,
        _ => return None,
    })
}

/// What the bytes may be, held against the name.
pub(crate) fn kind(bytes: &[u8], name: &str) -> Result<Kind, No> {
    let extension = extension(name);
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.is_empty() {
        return Err(No::Empty);
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if starts(OLE) {
        return Err(other_program(&extension).unwrap_or(No::Protected));
    }
    // "BM" is also how a word may begin; a bitmap has a zero byte early on.
    let picture =
        |magic: &&&[u8]| starts(magic) && (**magic != b"BM".as_slice() || bytes.iter().take(16).any(|byte| *byte == 0));
    if PICTURES.iter().find(picture).is_some()
        || (bytes.get(4..8) == Some(b"ftyp"))
        || (starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
    {
        return Err(No::Picture);
    }
    if starts(b"%PDF") {
        return Err(No::NotASheet { what: "PDF" });
    }
    if starts(b"HWP Document File") {
        return Err(No::NotASheet { what: "한글(.hwp)" });
    }
    if ARCHIVES.iter().any(|magic| starts(magic)) {
        return Err(No::NotASheet { what: "7z·RAR·GZ 압축" });
    }
    let text = looks_like_text(bytes);
    if let Some(no) = other_program(&extension) {
        return Err(if text || extension != "xls" { no } else { No::Protected });
    }
    if !text {
        return Err(No::Protected);
    }
    let head: String = String::from_utf8_lossy(&bytes[..bytes.len().min(512)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    if ["<html", "<!doctype", "<?xml", "<table", "<meta"].iter().any(|tag| head.starts_with(tag)) {
        return Err(No::NotAsNamed { content: "웹 문서(HTML·XML)" });
    }
    match extension.as_str() {
        "xlsx" | "xlsm" | "zip" => Err(No::NotAsNamed { content: "글자로 된 파일(CSV 등)" }),
        _ => Ok(Kind::Text),
    }
}

/// Whether the beginning has no byte that text never has. UTF-16 with its mark is text.
fn looks_like_text(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let head = &bytes[..bytes.len().min(4096)];
    marked || !head.iter().any(|byte| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x1A))
}

/// What a sound ZIP holds, held against the name.
pub(crate) fn inside(container: &Container<'_>, name: &str) -> Result<Inside, No> {
    let extension = extension(name);
    let has = |prefix: &str| container.entries().iter().any(|entry| entry.name.to_lowercase().starts_with(prefix));
    if has("word/") {
        return Err(No::NotASheet { what: "워드" });
    }
    if has("ppt/") {
        return Err(No::NotASheet { what: "파워포인트" });
    }
    if container.find("mimetype").is_some() {
        let kind = container.find("mimetype").map(|index| container.part(index, 256)).transpose()?.unwrap_or_default();
        let kind = String::from_utf8_lossy(&kind).into_owned();
        return Err(match kind.trim() {
            "application/hwp+zip" => No::NotASheet { what: "한글(.hwpx)" },
            "application/vnd.oasis.opendocument.spreadsheet" => No::OldFormat { what: "ODS" },
            _ => No::NotASheet { what: "다른 프로그램의" },
        });
    }
    if container.find("[Content_Types].xml").is_none() {
        return match extension.as_str() {
            "xlsx" | "xlsm" | "csv" => Err(No::NotAsNamed { content: "압축 파일(ZIP)" }),
            _ => Ok(Inside::Files),
        };
    }
    if has("xl/workbook.bin") {
        return Err(No::OldFormat { what: "엑셀 바이너리(.xlsb)" });
    }
    match extension.as_str() {
        "xlsx" | "xlsm" | "xltx" => Ok(Inside::Workbook),
        _ => Err(No::NotAsNamed { content: "엑셀 통합 문서(.xlsx)" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8], name: &str) -> Result<Kind, &'static str> {
        kind(bytes, name).map_err(|no| no.code())
    }

    const OLE_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0];

    #[test]
    fn a_wrapped_or_unknown_file_is_answered_word_for_word() {
        for (bytes, name) in [
            (OLE_FILE, "실적.xlsx"),
            (OLE_FILE, "실적.csv"),
            (OLE_FILE, "실적"),
            (b"<DOCUMENT SAFER\x00\x01\x02".as_slice(), "실적.xlsx"),
            (&[0x9B, 0x20, 0x44, 0x52, 0x4D, 0x4F, 0x4E, 0x45, 0x00], "실적.csv"),
            (&[0x9B, 0x20, 0x44, 0x52, 0x4D, 0x4F, 0x4E, 0x45, 0x00], "실적.xls"),
        ] {
            let refusal = kind(bytes, name).unwrap_err().refusal();
            assert_eq!(refusal.code, "sheet-protected", "{name}");
            assert_eq!(refusal.message, "문서보안(DRM) 또는 암호가 걸린 파일로 보입니다. 해제한 뒤 다시 올려 주세요");
        }
    }

    #[test]
    fn files_of_other_programs_are_told_how_to_be_saved() {
        assert_eq!(code(OLE_FILE, "실적.xls"), Err("sheet-old-format"));
        assert_eq!(code(b"<html><table>", "실적.xls"), Err("sheet-old-format"));
        assert_eq!(code(OLE_FILE, "보고.hwp"), Err("sheet-not-a-sheet"));
        assert_eq!(code(b"HWP Document File V3.00", "보고.hwp"), Err("sheet-not-a-sheet"));
        assert_eq!(code(b"%PDF-1.7", "표.pdf"), Err("sheet-not-a-sheet"));
        assert_eq!(code(b"\x89PNG\r\n\x1a\n", "표.png"), Err("sheet-picture"));
        assert_eq!(code(b"\xFF\xD8\xFF\xE0", "표.xlsx"), Err("sheet-picture"));
        let said = kind(OLE_FILE, "실적.xls").unwrap_err().refusal().message;
        assert!(said.contains("다른 이름으로 저장") && said.contains(".xlsx"), "{said}");
        assert_eq!(crate::http_status("sheet-picture"), 415);
    }

    #[test]
    fn a_name_is_only_shown_and_shows_all_it_has() {
        assert_eq!(shown_name("C:\\fakepath\\실적.xlsx"), "실적.xlsx");
        assert_eq!(shown_name("../../etc/실적.csv"), "실적.csv");
        assert_eq!(shown_name("실적\u{202e}xslx.exe\r\n.csv"), "실적xslx.exe .csv");
        let long = shown_name(&format!("{}.xlsx", "가".repeat(300)));
        assert!(long.chars().count() == 100 && long.ends_with("가.xlsx"), "{long}");
        for name in ["CON.csv", "\"실적\".csv", "🙂.csv", "실적\r\n.csv"] {
            assert_eq!(code("가,1\n".as_bytes(), name), Ok(Kind::Text), "{name}");
        }
    }

    #[test]
    fn a_name_that_says_something_else_is_refused() {
        assert_eq!(code("사업,실적\n".as_bytes(), "실적.xlsx"), Err("sheet-not-as-named"));
        assert_eq!(code(b"<html>", "실적.csv"), Err("sheet-not-as-named"));
        assert_eq!(code("사업,실적\n".as_bytes(), "실적.CSV"), Ok(Kind::Text));
        assert_eq!(code(b"PK\x03\x04", "실적.xlsx"), Ok(Kind::Zip));
        assert_eq!(code(b"", "실적.xlsx"), Err("sheet-empty"));
        assert_eq!(code(b"B", "실적.csv"), Ok(Kind::Text));
    }
}
