//! Every format carries every document, the same bytes each time, and no text becomes anything else.

use std::io::Read as _;

use iljari_print::{Document, Format, chart, files, render};

use crate::sample::{self, HOSTILE};

fn all() -> [Document; 3] {
    [sample::ordinary(), sample::extreme(), sample::empty()]
}

fn part(package: &[u8], path: &str) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("a package");
    let mut text = String::new();
    package.by_name(path).expect("the part").read_to_string(&mut text).expect("text");
    text
}

fn unescaped(markup: &str) -> String {
    markup
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[test]
fn a_document_written_twice_has_the_same_bytes_in_every_format() {
    for document in all() {
        let (one, other) = (files(&document).expect("files"), files(&document).expect("files"));
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &one {
            assert!(other.get(name) == Some(bytes), "{name} differs");
            assert!(!bytes.is_empty(), "{name} is empty");
        }
    }
}

#[test]
fn another_day_or_number_is_another_file() {
    let first = sample::ordinary();
    let mut later = first.clone();
    later.meta.as_of = later.meta.as_of.plus_days(1);
    for format in Format::ALL {
        let (one, other) = (render(&first, format).expect("a file"), render(&later, format).expect("a file"));
        assert!(one != other, "{format:?}");
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let document = sample::extreme();
    let html = String::from_utf8(render(&document, Format::Html).expect("HTML")).expect("text");
    assert!(!html.contains("<script"), "a script in HTML");
    let json: serde_json::Value =
        serde_json::from_slice(&render(&document, Format::Json).expect("JSON")).expect("JSON");
    let json = json.to_string();
    let xlsx = render(&document, Format::Xlsx).expect("XLSX");
    let strings = part(&xlsx, "xl/sharedStrings.xml");
    let hwpx = render(&document, Format::Hwpx).expect("HWPX");
    let section = part(&hwpx, "Contents/section0.xml");
    for text in HOSTILE {
        assert!(unescaped(&html).contains(text), "HTML lost {text}");
        assert!(json.contains(&serde_json::Value::from(text).to_string()), "JSON lost {text}");
        assert!(unescaped(&strings).contains(text), "XLSX lost {text}");
        assert!(unescaped(&section).contains(text), "HWPX lost {text}");
    }
    assert!(html.contains("웃음 😀") && json.contains("웃음 😀") && section.contains("웃음 😀"), "an emoji was lost");
    for sheet in 1..=6 {
        let sheet = part(&xlsx, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "a formula or a link");
    }
}

#[test]
fn every_page_and_sheet_of_a_draft_says_so() {
    let document = sample::extreme();
    let html = String::from_utf8(render(&document, Format::Html).expect("HTML")).expect("text");
    assert!(html.contains(">확정 전</span>") && html.contains(">예시</span>"));
    let xlsx = render(&document, Format::Xlsx).expect("XLSX");
    for sheet in 1..=6 {
        let sheet = part(&xlsx, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(sheet.contains("확정 전 · 예시</oddHeader>"), "{}", &sheet[sheet.len() - 600..]);
    }
    let section = part(&render(&document, Format::Hwpx).expect("HWPX"), "Contents/section0.xml");
    assert!(section.contains("[확정 전 · 예시] 나루구"), "no running head");
    let picture = chart::svg(&sample::split(), &document.meta.marks());
    assert!(picture.contains(">확정 전</text>") && picture.contains(">예시</text>"));
}

#[test]
fn an_hwpx_package_begins_with_its_type_and_its_tables_have_heads() {
    let bytes = render(&sample::ordinary(), Format::Hwpx).expect("HWPX");
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..57], b"application/hwp+zip");
    let section = part(&bytes, "Contents/section0.xml");
    assert_eq!(section.matches("<hp:tbl ").count(), section.matches("</hp:tbl>").count());
    assert!(section.contains(r#"repeatHeader="1""#));
    assert!(section.contains(r#"<hp:cellSpan colSpan="3" rowSpan="1"/>"#), "no head over three columns");
    assert!(section.contains(r#"<hp:cellSpan colSpan="1" rowSpan="2"/>"#), "no head over two rows");
    assert!(section.contains("붙임  1. 2025년 일자리대책 추진실적 1부."), "no list of enclosures");
}

#[test]
fn a_picture_has_its_pixels_and_says_where_its_numbers_come_from() {
    for drawn in [sample::year_bars(), sample::line(), sample::line_past_target(), sample::split(), sample::tiles()] {
        let svg = chart::svg(&drawn, &["예시"]);
        assert!(svg.contains("출처: 나루구 일자리 원장"), "{svg}");
        assert!(svg.contains(r#"role="img""#) && !svg.contains("href"), "{svg}");
        let png = chart::png(&svg, 960).expect("PNG");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&png[16..20], 960_u32.to_be_bytes());
    }
}
