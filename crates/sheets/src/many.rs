//! A ZIP of sheets, as a department hands in several at once; and one to hand out.
//!
//! Owns finding and taking out the sheets of such a ZIP, and writing one. Does not own reading them
//! (`read`). What a newcomer gets wrong: a workbook is a ZIP as well; what is inside decides.

use std::io::{Cursor, Write};

use iljari_base::{Failure, Refusal};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::container::{Container, Entry};
use crate::limits::Limits;
use crate::no::No;
use crate::recognise::{Inside, Kind, extension, inside, kind};

/// How sheets are named, also those that are then told how to be saved.
const SHEETS: &[&str] = &["xlsx", "csv", "xlsm", "xls", "xlsb", "ods", "cell"];

/// The sheets in a ZIP, by entry and name; `None` where the file is no ZIP of sheets but one file.
pub(crate) fn list(
    bytes: &[u8],
    file_name: &str,
    limits: &Limits,
) -> Result<Option<Vec<(usize, String)>>, Vec<Refusal>> {
    names(bytes, file_name, limits).map_err(|no| vec![no.refusal()])
}

fn names(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Option<Vec<(usize, String)>>, No> {
    if bytes.len() > limits.many_bytes {
        return Err(No::TooLarge { limit: limits.many_bytes });
    }
    // What is wrong with one file is said when it is read.
    if kind(bytes, file_name) != Ok(Kind::Zip) {
        return Ok(None);
    }
    let container = match Container::open(bytes, limits) {
        Ok(container) => container,
        Err(_) if extension(file_name) != "zip" => return Ok(None),
        Err(no) => return Err(no),
    };
    if inside(&container, file_name) != Ok(Inside::Files) {
        return Ok(None);
    }
    let files = container.entries().iter().enumerate().filter(|(_, entry)| is_somebodys(entry));
    let names: Vec<(usize, String)> = files.map(|(index, entry)| (index, entry.name.clone())).collect();
    if !names.iter().any(|(_, name)| SHEETS.contains(&extension(name).as_str())) {
        return Err(No::ManyEmpty);
    }
    if names.len() > limits.many_files {
        return Err(No::ManyTooMany { limit: limits.many_files });
    }
    Ok(Some(names))
}

/// Whether somebody put the file there, and not a computer by itself.
fn is_somebodys(entry: &Entry) -> bool {
    let last = entry.name.rsplit('/').next().unwrap_or_default();
    let by_itself = entry.name.starts_with("__MACOSX/")
        || last.starts_with('.')
        || last.starts_with("~$")
        || matches!(last.to_lowercase().as_str(), "thumbs.db" | "desktop.ini");
    !entry.is_folder() && !by_itself
}

/// One sheet of a ZIP: its name and its bytes.
pub(crate) fn take_out(bytes: &[u8], entry: usize, limits: &Limits) -> Result<(String, Vec<u8>), Vec<Refusal>> {
    let taken = || {
        let container = Container::open(bytes, limits)?;
        let name = container.entries().get(entry).map(|entry| entry.name.clone()).ok_or(No::ManyEmpty)?;
        let most = u64::try_from(limits.file_bytes).unwrap_or(u64::MAX);
        Ok((name, container.part(entry, most)?))
    };
    taken().map_err(|no: No| vec![no.refusal()])
}

/// Files as one ZIP, to hand out. The same files give the same bytes.
pub fn zip_of(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Failure> {
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = || {
        for (name, bytes) in files {
            writer.start_file(name, options)?;
            writer.write_all(bytes)?;
        }
        Ok::<(), zip::result::ZipError>(())
    };
    let written = write();
    let done = written.and_then(|()| writer.finish());
    done.map(Cursor::into_inner).map_err(|error| Failure::new(error).context("writing a ZIP of sheets"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(files: &[(&str, &[u8])], name: &str) -> Result<Option<Vec<(usize, String)>>, &'static str> {
        let files: Vec<(String, Vec<u8>)> =
            files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
        list(&zip_of(&files).unwrap(), name, &Limits::default()).map_err(|refusals| refusals[0].code)
    }

    #[test]
    fn what_people_put_into_a_zip_is_found_and_what_computers_put_there_is_not() {
        let found = listed(
            &[
                ("실적/일자리과.xlsx", b"x"),
                ("실적/~$일자리과.xlsx", b"x"),
                ("__MACOSX/실적/._일자리과.xlsx", b"x"),
                ("복지과.csv", b"a,1\n"),
                ("안내.hwp", b"x"),
                ("Thumbs.db", b"x"),
            ],
            "제출.zip",
        );
        let names = found.unwrap().unwrap();
        assert_eq!(
            names.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
            ["실적/일자리과.xlsx", "복지과.csv", "안내.hwp"]
        );
    }

    #[test]
    fn a_zip_without_sheets_is_refused_and_one_file_is_no_zip_of_files() {
        assert_eq!(listed(&[("안내.hwp", b"x")], "제출.zip"), Err("sheet-zip-without-sheets"));
        assert_eq!(list("가,1\n".as_bytes(), "실적.csv", &Limits::default()), Ok(None));
        let many: Vec<(String, Vec<u8>)> = (0..201).map(|n| (format!("{n}.csv"), b"a".to_vec())).collect();
        let refused = list(&zip_of(&many).unwrap(), "제출.zip", &Limits::default());
        assert_eq!(refused.map_err(|refusals| refusals[0].code), Err("sheet-zip-too-many"));
    }

    #[test]
    fn a_zip_within_a_zip_is_not_opened() {
        let inner = zip_of(&[("실적.csv".to_owned(), b"a,1\n".to_vec())]).unwrap();
        let outer = zip_of(&[("안.zip".to_owned(), inner.clone()), ("안.xlsx".to_owned(), inner)]).unwrap();
        let limits = Limits::default();
        let read = |entry| {
            let (name, bytes) = take_out(&outer, entry, &limits).unwrap();
            crate::read(&bytes, &name, &limits).map_err(|refusals| refusals[0].code)
        };
        assert_eq!(read(0), Err("sheet-not-a-sheet"));
        assert_eq!(read(1), Err("sheet-not-as-named"));
    }

    #[test]
    fn the_same_files_give_the_same_zip() {
        let files = vec![("가.csv".to_owned(), b"a,1\n".to_vec()), ("나.csv".to_owned(), vec![b'b'; 1000])];
        let zip = zip_of(&files).unwrap();
        assert_eq!(zip, zip_of(&files).unwrap());
        assert_eq!(take_out(&zip, 1, &Limits::default()).unwrap(), files[1]);
    }
}
