//! Taking an upload in (받기): files become rows and faults, and nothing else yet.
//!
//! Owns: that a file is refused before anything of it is stored, that the same content is not taken in
//! twice, and keeping the bytes so that they can go back with their faults. Does not own: reading a
//! file (`sheets`) or what its columns mean (`read_sheet`). What a newcomer gets wrong: trusting a file's
//! name; two files of one name are two files, and one file under two names is one.

use iljari_base::{Outcome, Refusal, Stop};
use iljari_people::Cx;
use iljari_sheets::{Part, Reader};
use iljari_store::Tx;
use sha2::{Digest as _, Sha256};

use crate::model::{Fault, SheetRow, Upload, UploadState, UploadedFile};
use crate::read_sheet::{place_of, read_sheet};
use crate::{look, store};

/// A file as somebody sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The name they gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What came of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedIn {
    /// It was taken in under this number.
    New(i64),
    /// Every file of it was taken in before, last under this number (이미 처리한 파일).
    Known(i64),
}

/// Longest file name that is kept, in characters.
const NAME_MAX: usize = 120;

/// Reads files and ZIPs of files, each in a process of its own. Outside any act: this takes its time.
///
/// Refusals are those of `sheets`, each naming its file where several came, and `no-file`.
pub async fn read(reader: &Reader, files: Vec<Incoming>) -> Outcome<Vec<Part>> {
    let files: Vec<Incoming> = files.into_iter().filter(|file| !file.name.is_empty()).collect();
    if files.is_empty() {
        return Err(Refusal::new("no-file", "", "올릴 파일을 골라 주세요.").at("files").into());
    }
    let (mut parts, mut refusals) = (Vec::new(), Vec::new());
    for file in files {
        let name = shown_name(&file.name);
        match reader.read_many(&file.bytes, &name).await {
            Ok(read) => parts.extend(read),
            Err(Stop::Refused(of_file)) => refusals.extend(of_file.into_iter().map(|refusal| (name.clone(), refusal))),
            Err(other) => return Err(other),
        }
    }
    for part in &parts {
        let of_part = part.grid.as_ref().err().into_iter().flatten();
        refusals.extend(of_part.map(|refusal| (part.name.clone(), refusal.clone())));
    }
    if refusals.is_empty() {
        return Ok(parts);
    }
    let mut names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    names.extend(refusals.iter().map(|(name, _)| name.as_str()));
    names.sort_unstable();
    names.dedup();
    let several = names.len() > 1;
    let told = |(name, refusal): (String, Refusal)| {
        let message = if several { format!("{name}: {}", refusal.message) } else { refusal.message.clone() };
        Refusal { message, ..refusal }.at("files")
    };
    Err(Stop::Refused(refusals.into_iter().map(told).collect()))
}

/// How often one officer hands in within a day (ASVS 5.2.4). Every department of a large district fits several times.
const UPLOADS_A_DAY: i64 = 200;

/// Takes read files in for a round. Refusals: `not-yours-to-see`, `too-many-uploads`, and those of a file that was not
/// read.
pub async fn hand_in(tx: &mut Tx, cx: &Cx, round_no: i64, parts: Vec<Part>) -> Outcome<HandedIn> {
    let (round, asks) = look::round_with_asks(tx, cx, round_no).await?;
    if let Some(refusals) = parts.iter().find_map(|part| part.grid.as_ref().err()) {
        return Err(Stop::Refused(refusals.clone()));
    }
    let mut fresh: Vec<(Part, String)> = Vec::new();
    let (mut skipped, mut known) = (Vec::new(), 0);
    for part in parts {
        let sha256 = hex::encode(Sha256::digest(&part.bytes));
        let before = store::upload_with_content(tx, &cx.district, round_no, &sha256).await?;
        if let Some(no) = before {
            known = no;
            skipped.push(note(format!("{no}번으로 이미 처리한 파일이어서 건너뛰었습니다: {}", part.name)));
        } else if fresh.iter().any(|(_, other)| *other == sha256) {
            skipped.push(note(format!("함께 올린 다른 파일과 내용이 같아 건너뛰었습니다: {}", part.name)));
        } else {
            fresh.push((part, sha256));
        }
    }
    if fresh.is_empty() && known > 0 {
        return Ok(HandedIn::Known(known));
    }
    let yesterday = cx.now().plus_seconds(-24 * 3600);
    if store::uploads_since(tx, &cx.district, cx.actor, yesterday).await? >= UPLOADS_A_DAY {
        let message = format!(
            "한 사람이 하루에 {UPLOADS_A_DAY}번까지 올릴 수 있고, 오늘은 다 쓰셨습니다. 내일 올리시거나, 여러 부서의 파일을 한 번에 골라 올려 주세요."
        );
        return Err(Refusal::new("too-many-uploads", "", message).at("files").into());
    }
    let upload = Upload {
        no: store::next_upload_no(tx, &cx.district).await?,
        round_no,
        uploaded_by: cx.actor,
        uploaded_at: cx.now(),
        state: UploadState::Previewed,
    };
    store::insert_upload(tx, &cx.district, &upload).await?;
    let (mut rows, mut faults): (Vec<SheetRow>, Vec<Fault>) = (Vec::new(), skipped);
    for (file_no, (part, sha256)) in (1_i64..).zip(fresh) {
        let file = UploadedFile { no: file_no, name: part.name, sha256 };
        store::insert_file(tx, &cx.district, upload.no, &file, &part.bytes, cx.now()).await?;
        let Ok(grid) = part.grid else { continue };
        let read = read_sheet(&cx.district, &round, &asks, file_no, &grid);
        faults.extend(read.faults);
        for row in read.rows {
            match rows.iter().find(|known| known.node == row.node) {
                Some(earlier) => faults.push(twice(&row, earlier)),
                None => rows.push(row),
            }
        }
    }
    for (row_no, row) in (1_i64..).zip(rows) {
        store::insert_row(tx, &cx.district, upload.no, &SheetRow { no: row_no, ..row }, cx.now()).await?;
    }
    store::insert_faults(tx, &cx.district, upload.no, &faults, cx.now()).await?;
    Ok(HandedIn::New(upload.no))
}

fn twice(row: &SheetRow, earlier: &SheetRow) -> Fault {
    Fault {
        file_no: row.file_no,
        sheet: row.sheet.clone(),
        cell: row.cells.code.clone(),
        stood: row.node.to_string(),
        what: format!("같은 사업이 {}번째 파일 {}에도 있습니다", earlier.file_no, place_of(earlier)),
        todo: "한 파일에만 남겨 주세요".to_owned(),
        blocks: true,
    }
}

fn note(what: String) -> Fault {
    Fault {
        file_no: 0,
        sheet: String::new(),
        cell: String::new(),
        stood: String::new(),
        what,
        todo: "다시 올릴 것은 없습니다".to_owned(),
        blocks: false,
    }
}

/// The name without folders, control letters and letters that turn the line around; never a path.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(visible).take(NAME_MAX).collect();
    if name.trim().is_empty() { "이름 없는 파일".to_owned() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::shown_name;

    #[test]
    fn a_name_is_shown_without_its_folders_and_tricks() {
        assert_eq!(shown_name("C:\\서류\\실적.xlsx"), "실적.xlsx");
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("실적\u{202e}xslx.exe\r\n"), "실적xslx.exe");
        assert_eq!(shown_name("///"), "이름 없는 파일");
        assert_eq!(shown_name(&"가".repeat(400)).chars().count(), 120);
    }
}
