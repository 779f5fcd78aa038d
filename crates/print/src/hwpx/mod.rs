//! HWPX (KS X 6101): what an office pastes into its own papers and hands on for approval.
//!
//! Owns: the package, in the order that Hancom Office expects it: `mimetype` first and stored, then
//! the parts, all with one fixed time. Tables are real tables with header cells that repeat on each page. A
//! chart is its table: pictures are downloaded as PNG. Does not own: looks (`styles.rs`).
//! What a newcomer gets wrong: leaving out ids and counts. They look idle, and Hancom refuses
//! a package where one of them does not fit.

mod body;
mod styles;

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::model::{Document, Unwritable};
use crate::text::escaped;

/// The type of the package, as its first part says it.
pub const MIMETYPE: &str = "application/hwp+zip";
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>"#;

/// The namespaces that parts of the document declare; Hancom wants all of them, used or not.
const NAMESPACES: &str = concat!(
    r#" xmlns:ha="http://www.hancom.co.kr/hwpml/2011/app""#,
    r#" xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph""#,
    r#" xmlns:hp10="http://www.hancom.co.kr/hwpml/2016/paragraph""#,
    r#" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section""#,
    r#" xmlns:hc="http://www.hancom.co.kr/hwpml/2011/core""#,
    r#" xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head""#,
    r#" xmlns:hhs="http://www.hancom.co.kr/hwpml/2011/history""#,
    r#" xmlns:hm="http://www.hancom.co.kr/hwpml/2011/master-page""#,
    r#" xmlns:hpf="http://www.hancom.co.kr/schema/2011/hpf""#,
    r#" xmlns:dc="http://purl.org/dc/elements/1.1/""#,
    r#" xmlns:opf="http://www.idpf.org/2007/opf/""#,
    r#" xmlns:ooxmlchart="http://www.hancom.co.kr/hwpml/2016/ooxmlchart""#,
    r#" xmlns:hwpunitchar="http://www.hancom.co.kr/hwpml/2016/HwpUnitChar""#,
    r#" xmlns:epub="http://www.idpf.org/2007/ops""#,
    r#" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0""#,
);

/// The document as a package.
pub fn document(document: &Document) -> Result<Vec<u8>, Unwritable> {
    document.check()?;
    let body = body::written(document);
    let parts = [
        ("version.xml", version()),
        ("META-INF/container.xml", container()),
        ("META-INF/container.rdf", parts_of_the_document()),
        ("META-INF/manifest.xml", manifest()),
        ("Contents/content.hpf", content(document)),
        ("Contents/header.xml", styles::header()),
        ("Contents/section0.xml", body.section),
        ("settings.xml", settings()),
        ("Preview/PrvText.txt", body.preview),
    ];
    packed(&parts).map_err(|error| Unwritable::Writer { format: "HWPX", reason: error.to_string() })
}

fn packed(parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let deflated = stored.compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // Readers find out what the package is from its first bytes.
    writer.start_file("mimetype", stored)?;
    writer.write_all(MIMETYPE.as_bytes())?;
    for (path, text) in parts {
        writer.start_file(*path, deflated)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

fn version() -> String {
    format!(
        r#"{XML}<hv:HCFVersion xmlns:hv="http://www.hancom.co.kr/hwpml/2011/version" tagetApplication="WORDPROCESSOR" major="5" minor="1" micro="1" buildNumber="0" os="1" xmlVersion="1.5" application="iljari" appVersion="0, 1, 0, 0"/>"#
    )
}

fn container() -> String {
    format!(
        r#"{XML}<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:hpf="http://www.hancom.co.kr/schema/2011/hpf"><ocf:rootfiles><ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/><ocf:rootfile full-path="Preview/PrvText.txt" media-type="text/plain"/><ocf:rootfile full-path="META-INF/container.rdf" media-type="application/rdf+xml"/></ocf:rootfiles></ocf:container>"#
    )
}

fn parts_of_the_document() -> String {
    let package = "http://www.hancom.co.kr/hwpml/2016/meta/pkg#";
    let part = |path: &str, kind: &str| {
        format!(
            r#"<rdf:Description rdf:about=""><pkg:hasPart rdf:resource="{path}"/></rdf:Description><rdf:Description rdf:about="{path}"><rdf:type rdf:resource="{package}{kind}"/></rdf:Description>"#
        )
    };
    format!(
        r#"{XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pkg="{package}">{}{}<rdf:Description rdf:about=""><rdf:type rdf:resource="{package}Document"/></rdf:Description></rdf:RDF>"#,
        part("Contents/header.xml", "HeaderFile"),
        part("Contents/section0.xml", "SectionFile"),
    )
}

fn manifest() -> String {
    format!(r#"{XML}<odf:manifest xmlns:odf="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#)
}

fn settings() -> String {
    format!(
        r#"{XML}<ha:HWPApplicationSetting xmlns:ha="http://www.hancom.co.kr/hwpml/2011/app" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"><ha:CaretPosition listIDRef="0" paraIDRef="0" pos="0"/></ha:HWPApplicationSetting>"#
    )
}

fn content(document: &Document) -> String {
    let meta = &document.meta;
    let (title, issuer, subtitle) = (escaped(&meta.title), escaped(&meta.issuer), escaped(&meta.subtitle));
    let moment = format!("{}T00:00:00Z", meta.as_of);
    format!(
        r#"{XML}<opf:package{NAMESPACES} version="" unique-identifier="" id=""><opf:metadata><opf:title>{title}</opf:title><opf:language>ko</opf:language><opf:meta name="creator" content="text">{issuer}</opf:meta><opf:meta name="subject" content="text">{subtitle}</opf:meta><opf:meta name="description" content="text"/><opf:meta name="lastsaveby" content="text">{issuer}</opf:meta><opf:meta name="CreatedDate" content="text">{moment}</opf:meta><opf:meta name="ModifiedDate" content="text">{moment}</opf:meta><opf:meta name="date" content="text">{}</opf:meta><opf:meta name="keyword" content="text"/></opf:metadata><opf:manifest><opf:item id="header" href="Contents/header.xml" media-type="application/xml"/><opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/><opf:item id="settings" href="settings.xml" media-type="application/xml"/><opf:item id="version" href="version.xml" media-type="application/xml"/></opf:manifest><opf:spine><opf:itemref idref="header" linear="yes"/><opf:itemref idref="section0" linear="yes"/></opf:spine></opf:package>"#,
        meta.as_of.korean(),
    )
}
