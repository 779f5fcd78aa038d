//! Workbooks for tests, part by part, sound or broken in one place.
//!
//! Owns building ZIPs and workbooks from text. Used by this crate's unit tests and, by path, by those that
//! start the child. A newcomer commits a broken file: nobody sees afterwards what is broken about it.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What a test cannot do without.
fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("building a file for a test: {error:?}"))
}

/// A ZIP of these entries, deflated.
pub fn zip_with(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).compression_method(method);
    for (name, bytes) in entries {
        must(writer.start_file(*name, options));
        must(writer.write_all(bytes));
    }
    must(writer.finish()).into_inner()
}

/// A workbook in parts.
#[derive(Clone)]
pub struct Book {
    parts: Vec<(String, Vec<u8>)>,
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

impl Book {
    /// A workbook with one sheet 실적 whose `sheetData` is this.
    pub fn of_rows(rows: &str) -> Self {
        Self::of_sheet(&format!("<sheetData>{rows}</sheetData>"))
    }

    /// A workbook with one sheet 실적 whose worksheet is this.
    pub fn of_sheet(inner: &str) -> Self {
        let book = Self { parts: Vec::new() };
        book.with(
            "[Content_Types].xml",
            &format!(
                r#"{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#
            ),
        )
        .with(
            "_rels/.rels",
            &format!(
                r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        )
        .with("xl/workbook.xml", &workbook("", r#"<sheet name="실적" sheetId="1" r:id="rId1"/>"#))
        .with("xl/_rels/workbook.xml.rels", &relations(""))
        .with(
            "xl/styles.xml",
            // Styles 0 plain, 1 percent, 2 day, 3 grouped, 4 own day without a year, 5 text.
            &format!(
                r#"{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="mm&quot;월&quot; dd&quot;일&quot;"/></numFmts><fonts count="1"><font><sz val="11"/><name val="맑은 고딕"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="3"/><xf numFmtId="164"/><xf numFmtId="49"/></cellXfs></styleSheet>"#
            ),
        )
        .with(
            "xl/sharedStrings.xml",
            &format!(
                r#"{HEAD}<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>사업 코드</t></si><si><r><t>당기 </t></r><r><t>실적</t></r><rPh sb="0" eb="1"><t>reading aid</t></rPh></si></sst>"#
            ),
        )
        .with("xl/worksheets/sheet1.xml", &format!(r#"{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{inner}</worksheet>"#))
    }

    /// The same with a part replaced or added.
    pub fn with(self, name: &str, text: &str) -> Self {
        self.with_bytes(name, text.as_bytes())
    }

    /// The same with a part replaced or added, which may be no text.
    pub fn with_bytes(mut self, name: &str, bytes: &[u8]) -> Self {
        self.parts.retain(|(known, _)| known != name);
        self.parts.push((name.to_owned(), bytes.to_vec()));
        self
    }

    /// The same with something replaced in a part.
    pub fn edited(self, name: &str, from: &str, to: &str) -> Self {
        let text = must(String::from_utf8(self.part(name)));
        assert!(text.contains(from), "{name} has no {from}");
        self.with(name, &text.replace(from, to))
    }

    /// The bytes of a part.
    pub fn part(&self, name: &str) -> Vec<u8> {
        let part = self.parts.iter().find(|(known, _)| known == name);
        must(part.map(|(_, bytes)| bytes.clone()).ok_or(name))
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let entries: Vec<(&str, &[u8])> =
            self.parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip_with(&entries, CompressionMethod::Deflated)
    }
}

/// A workbook part with these properties and sheets.
pub fn workbook(properties: &str, sheets: &str) -> String {
    format!(r#"{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}<sheets>{sheets}</sheets></workbook>"#)
}

/// The relationships of a workbook, with more.
pub fn relations(more: &str) -> String {
    format!(
        r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>{more}</Relationships>"#
    )
}

/// One relationship of this kind.
pub fn relation(id: &str, kind: &str, target: &str, external: bool) -> String {
    let mode = if external { r#" TargetMode="External""# } else { "" };
    format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>"#)
}
