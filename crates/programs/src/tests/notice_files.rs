//! The files of a notice, opened by other programs than ours: PDF, HWPX, the feed and the calendar.
//!
//! What each says is held against the page that everybody reads: the same days, places and pay. `pdftotext` reads the
//! PDF, `zip` and `quick-xml` the HWPX and the feed; the calendar is read by the line rules of RFC 5545, written here.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::process::Command;

use iljari_base::Timestamp;
use iljari_plans::Books;
use iljari_store::testing::both;
use iljari_web::Side;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::Event;
use tower::ServiceExt as _;

use super::Desk;
use super::desk::{day, places, pools, terms};
use crate::model::Terms;

/// Everything that a format could take for something of its own.
const TITLE: &str =
    "2026년 하반기 나루 공공근로(안심, 돌봄; 기후\\환경) 참여자 모집 <예시> & \"함께\" 일하실 분을 찾습니다";

fn odd() -> Terms {
    Terms { title: TITLE.to_owned(), program: "나루 공공근로; 하반기, 예시".to_owned(), ..terms() }
}

/// What a publisher's address answers with.
async fn bytes(desk: &Desk, path: String) -> Vec<u8> {
    let router = crate::routes().into_router(desk.office.clone(), Side::Public).layer(axum::Extension(Books::new()));
    let request = axum::http::Request::builder().uri(&path).header("host", "localhost");
    let answer = router.oneshot(request.body(axum::body::Body::empty()).expect("a request")).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body").to_vec()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The pairs of the page's first list of facts, and the cells of its table of places.
fn told_on_page(page: &str) -> (Vec<(String, String)>, Vec<String>) {
    let plain = |piece: &str| unescape(piece).expect("entities").into_owned();
    let list = page.split("<dl class=\"summary\">").nth(1).and_then(|rest| rest.split("</dl>").next()).expect("facts");
    let mut facts = Vec::new();
    for pair in list.split("<dt>").skip(1) {
        let (label, rest) = pair.split_once("</dt><dd>").expect("a pair");
        facts.push((plain(label), plain(rest.split("</dd>").next().expect("its end"))));
    }
    let mut cells = Vec::new();
    let table = page.split("<table").nth(1).and_then(|rest| rest.split("</table>").next()).expect("the places");
    for row in table.split("<tr>").skip(2) {
        for cell in row.split("</t").filter_map(|cell| cell.rsplit('>').next()) {
            cells.push(plain(cell.trim()));
        }
    }
    cells.retain(|cell| !cell.is_empty());
    (facts, cells)
}

/// The text as another program reads it says everything that the page says.
fn says_the_same(what: &str, read: &str, page: &str) {
    let (facts, cells) = told_on_page(page);
    let read = bare(read);
    let labels: Vec<&str> = facts.iter().map(|(label, _)| label.as_str()).collect();
    for wanted in ["접수", "결과 발표", "일하는 기간", "일하는 시간", "임금", "이의신청", "묻는 곳"]
    {
        assert!(labels.contains(&wanted), "the page has no {wanted}: {labels:?}");
    }
    for (label, value) in facts.iter().filter(|(label, _)| label != "규칙 확인값") {
        assert!(read.contains(&bare(label)) && read.contains(&bare(value)), "{what}: {label} {value}\n{read}");
    }
    for (label, value) in [("접수", "2026년 11월 21일(토)부터 2026년 11월 27일(금)까지"), ("임금", "시간당 10,320원")]
    {
        assert!(facts.contains(&(label.to_owned(), value.to_owned())), "{facts:?}");
    }
    for place in places() {
        assert!(cells.contains(&place.no) && cells.contains(&place.name), "{cells:?}");
        for told in [&place.no, &place.name, &place.site, &place.dong, &place.area] {
            assert!(read.contains(&bare(told)), "{what}: {told}\n{read}");
        }
    }
    assert!(read.contains(&bare(TITLE)), "{what}: the title\n{read}");
}

async fn published(desk: &Desk) -> i64 {
    let no = desk.draft(odd()).await.expect("drafted");
    desk.set_places(no, pools(), places()).await.expect("places");
    desk.check(&desk.clerk, no).await.expect("checked");
    desk.publish(&desk.checker, no).await.expect("published");
    desk.clock.set(day("2026-11-23").at_hour(10));
    no
}

#[tokio::test]
async fn other_programs_read_in_the_papers_what_the_page_says() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let here = format!("/districts/99001/calls/{}", published(&desk).await);
        let page = text(bytes(&desk, here.clone()).await);

        let mut pdf = tempfile::NamedTempFile::new().expect("a file");
        pdf.write_all(&bytes(&desk, format!("{here}/notice.pdf")).await).expect("written");
        let read = Command::new("pdftotext")
            .args(["-raw", "-enc", "UTF-8"])
            .arg(pdf.path())
            .arg("-")
            .output()
            .expect("pdftotext (Debian's package poppler-utils)");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        says_the_same("PDF", &text(read.stdout), &page);

        says_the_same("HWPX", &hwpx_text(&bytes(&desk, format!("{here}/notice.hwpx")).await), &page);
    })
    .await;
}

/// The text of all sections. The package is what OWPML asks for, and every part that is XML is well formed.
fn hwpx_text(package: &[u8]) -> String {
    let field = |at: usize| u16::from_le_bytes([package[at], package[at + 1]]);
    assert_eq!(&package[..4], b"PK\x03\x04");
    assert_eq!((field(8), field(28)), (0, 0), "the first part is stored, and nothing stands before its bytes");
    assert_eq!(&package[30..57], b"mimetypeapplication/hwp+zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    for wanted in ["version.xml", "META-INF/container.xml", "Contents/content.hpf", "Contents/header.xml"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted} is not in {names:?}");
    }
    let mut told = String::new();
    for name in names {
        let mut part = Vec::new();
        archive.by_name(&name).expect("a part").read_to_end(&mut part).expect("its bytes, by their checksum");
        if [".xml", ".hpf", ".rdf"].iter().any(|ending| name.ends_with(ending)) {
            let read = xml(&name, &text(part));
            if name.starts_with("Contents/section") {
                let words = read.iter().filter(|(path, _)| path.last().is_some_and(|last| last == "hp:t"));
                told.extend(words.map(|(_, text)| text.as_str()));
            }
        }
    }
    told
}

/// A text with the elements that it stands in, the outermost first.
type Told = (Vec<String>, String);

/// Every text of well-formed XML.
fn xml(name: &str, markup: &str) -> Vec<Told> {
    let mut reader = Reader::from_str(markup);
    let (mut open, mut read, mut roots): (Vec<String>, Vec<Told>, usize) = (Vec::new(), Vec::new(), 0);
    let mut say = |open: &Vec<String>, said: &str| match read.last_mut() {
        Some((path, text)) if path == open => text.push_str(said),
        _ => read.push((open.clone(), said.to_owned())),
    };
    loop {
        match reader.read_event().unwrap_or_else(|fault| panic!("{name}: {fault}")) {
            Event::Start(start) => {
                roots += usize::from(open.is_empty());
                attributes(name, &start);
                open.push(start.name().as_ref().to_owned());
                say(&open, "");
            }
            Event::Empty(empty) => {
                roots += usize::from(open.is_empty());
                attributes(name, &empty);
            }
            Event::End(_) => drop(open.pop().expect("it was opened")),
            Event::Text(said) => say(&open, &said.xml10_content()),
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref().expect("a letter") {
                    Some(letter) => letter.to_string(),
                    None => resolve_predefined_entity(&reference).expect("one of the five").to_owned(),
                };
                say(&open, &letter);
            }
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("{name}: {other:?} is nothing that we write"),
        }
    }
    assert!(open.is_empty() && roots == 1, "{name}: {open:?} {roots}");
    read
}

fn attributes(name: &str, element: &quick_xml::events::BytesStart<'_>) {
    for attribute in element.attributes() {
        let attribute = attribute.unwrap_or_else(|fault| panic!("{name}: {fault}"));
        unescape(&attribute.value).unwrap_or_else(|fault| panic!("{name}: {}: {fault}", attribute.value));
    }
}

#[tokio::test]
async fn another_reader_of_feeds_finds_the_notice() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let (no, _) = (published(&desk).await, desk.published().await);
        let feed = text(bytes(&desk, "/districts/99001/calls.atom".to_owned()).await);
        assert!(feed.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\">"));
        let read = xml("calls.atom", &feed);
        let of = |path: &[&str]| -> Vec<String> {
            let here = |(at, _): &&Told| at.iter().map(String::as_str).eq(path.iter().copied());
            read.iter().filter(here).map(|(_, text)| text.clone()).collect()
        };
        // RFC 4287, 4.1.1 and 4.1.2: one of each for the list, one of each for every entry.
        for path in [["feed", "id"], ["feed", "title"], ["feed", "updated"]] {
            assert_eq!(of(&path).len(), 1, "{path:?}");
        }
        assert_eq!(of(&["feed", "author", "name"]), ["나루구"]);
        let ids = of(&["feed", "entry", "id"]);
        assert_eq!(ids.len(), 2);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 2);
        assert!(ids.contains(&format!("urn:iljari:99001:calls:{no}")));
        assert!(of(&["feed", "entry", "title"]).contains(&TITLE.to_owned()));
        let summary = "접수 2026년 11월 21일(토)부터 2026년 11월 27일(금)까지";
        assert_eq!(of(&["feed", "entry", "summary"]), [summary, summary]);
        let updated: Vec<Timestamp> = [of(&["feed", "updated"]), of(&["feed", "entry", "updated"])]
            .concat()
            .iter()
            .map(|at| at.parse().expect("an instant"))
            .collect();
        assert_eq!(updated.len(), 3);
        assert_eq!(updated[1..].iter().max(), updated.first(), "the list is as new as its newest entry");
    })
    .await;
}

/// A property of a calendar: name, parameters, value as written.
type Property = (String, Vec<String>, String);

/// The properties of a calendar by RFC 5545, 3.1: lines of at most 75 bytes that end in CRLF, folded by a space.
fn properties(calendar: &str) -> Vec<Property> {
    let body = calendar.strip_suffix("\r\n").expect("the last line ends as well");
    let mut lines: Vec<String> = Vec::new();
    for line in body.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
        match line.strip_prefix(' ') {
            Some(rest) => lines.last_mut().expect("a line to go on").push_str(rest),
            None => lines.push(line.to_owned()),
        }
    }
    lines
        .iter()
        .map(|line| {
            let (head, value) = line.split_once(':').unwrap_or_else(|| panic!("{line} has no value"));
            assert!(!value.chars().any(char::is_control), "{line:?}");
            let mut parts = head.split(';').map(str::to_owned);
            let name = parts.next().expect("a name");
            assert!(name.bytes().all(|letter| letter.is_ascii_uppercase() || letter == b'-'), "{name}");
            (name, parts.collect(), value.to_owned())
        })
        .collect()
}

/// A text value without its escapes (3.3.11); a bare separator is a fault.
fn unescaped(value: &str) -> String {
    let (mut out, mut letters) = (String::new(), value.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => out.push(escaped),
                other => panic!("\\{other:?} in {value}"),
            },
            ';' | ',' => panic!("a bare {letter} in {value}"),
            other => out.push(other),
        }
    }
    out
}

#[tokio::test]
async fn the_calendar_keeps_the_rules_of_calendars_and_says_the_days_of_the_page() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let here = format!("/districts/99001/calls/{}", published(&desk).await);
        let calendar = text(bytes(&desk, format!("{here}/dates.ics")).await);
        let all = properties(&calendar);
        let words: Vec<(&str, &str)> = all.iter().map(|(name, _, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!((words.first(), words.last()), (Some(&("BEGIN", "VCALENDAR")), Some(&("END", "VCALENDAR"))));
        for wanted in ["VERSION", "PRODID"] {
            assert_eq!(words.iter().filter(|(name, _)| *name == wanted).count(), 1, "{wanted}");
        }
        assert!(words.contains(&("VERSION", "2.0")));
        let events: Vec<&[Property]> = all
            .split(|(name, _, value)| name == "BEGIN" && value == "VEVENT")
            .skip(1)
            .map(|rest| {
                let end = rest.iter().position(|(name, _, value)| name == "END" && value == "VEVENT");
                &rest[..end.expect("its end")]
            })
            .collect();
        let mut seen = BTreeSet::new();
        let mut days = Vec::new();
        for event in events {
            let one = |wanted: &str| {
                let mut found = event.iter().filter(|(name, ..)| name == wanted);
                let (_, parameters, value) = found.next().unwrap_or_else(|| panic!("no {wanted}"));
                assert!(found.next().is_none(), "{wanted} twice");
                (parameters.clone(), value.clone())
            };
            assert!(seen.insert(one("UID").1), "a UID names one event");
            let stamp = one("DTSTAMP").1;
            let shape: String = stamp.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
            assert_eq!(shape, "00000000T000000Z", "an instant in UTC");
            let (start, end) = (one("DTSTART"), one("DTEND"));
            for (parameters, value) in [&start, &end] {
                assert_eq!(parameters, &["VALUE=DATE"]);
                assert!(value.len() == 8 && value.bytes().all(|digit| digit.is_ascii_digit()), "{value}");
            }
            assert!(start.1 < end.1, "the end is the day after the last");
            assert_eq!(unescaped(&one("DESCRIPTION").1), TITLE);
            days.push((unescaped(&one("SUMMARY").1), start.1, end.1));
        }
        let program = odd().program;
        let wanted = [
            (format!("{program} 접수"), "20261121".to_owned(), "20261128".to_owned()),
            (format!("{program} 결과 발표 예정"), "20261129".to_owned(), "20261130".to_owned()),
            (format!("{program} 일하는 기간"), "20261130".to_owned(), "20270101".to_owned()),
        ];
        assert_eq!(days, wanted);
    })
    .await;
}
