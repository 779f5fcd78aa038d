//! Files that come in bring nothing where it must not stand (S-05): values planted in uploads of every kind, refused
//! ones and taken ones, are looked for in answers, addresses, titles, counts, logs, the database and what is public.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use iljari_base::Year;
use iljari_print::testing::{Search, package};
use iljari_print::{Document, Fact, Format, Meta, render};

use super::town::{Got, Town};

/// How many people there are: all of them stand together in one file of each kind.
const PEOPLE: usize = 500;
/// How many of them also come alone, in every kind of file that there is.
const ALONE: usize = 12;

/// What stands in a file of somebody: what may be told of her by nobody, and the number that is refused.
struct Canary {
    name: String,
    phone: String,
    number: String,
}

fn canaries() -> Vec<Canary> {
    let one = |nth: usize| Canary {
        name: format!("올림쇍뷁{nth:03}"),
        phone: format!("010-0066-{:04}", 6100 + nth),
        number: format!("6103{:02}-1{:06}", 1 + nth % 28, 345_000 + nth),
    };
    (0..PEOPLE).map(one).collect()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A form with a file, as a browser sends it.
fn multipart(field: &str, file_name: &str, bytes: &[u8], typed: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in typed {
        let part = format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--boundary\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--boundary--\r\n");
    body
}

/// Names and values of a form's fields.
type Typed = &'static [(&'static str, &'static str)];

/// Where files come in: the address, the file's field, what is typed beside it.
const UPLOADS: [(&str, &str, Typed); 5] = [
    ("/office/calls/1/lookup", "file", &[]),
    ("/office/calls/1/work/attendance", "file", &[]),
    ("/office/calls/4/places", "places_file", &[("pools", "일반"), ("places", "")]),
    ("/office/calls/new", "rules_file", &[("title", "여름 공공근로(예시)"), ("rules", "")]),
    ("/office/collection/1/uploads", "files", &[]),
];

/// A workbook with these words in its cells.
fn workbook(words: &[&str]) -> Vec<u8> {
    let mut meta = Meta::new("명단", "나루구", Year(2026), "2026-11-23".parse().expect("a day"), "list");
    meta.sample = true;
    meta.facts = words.iter().map(|word| Fact::new(*word, *word)).collect();
    render(&Document { meta, blocks: Vec::new() }, Format::Xlsx).expect("a workbook")
}

/// The files that one person's upload is tried with: the name, the bytes, and whether her number stands in it.
fn files(it: &Canary) -> Vec<(String, Vec<u8>, bool)> {
    let Canary { name, phone, number } = it;
    let rows = |cell: &str| {
        let lookup = format!("접수번호,조회일,비고\n26-001-0001,2026-11-23,{cell}\n");
        let attendance = format!("접수번호,달,일한 날,일한 시간,비고\n26-001-0001,2026-12,4,16,{cell}\n");
        [lookup, attendance]
    };
    let mut all = vec![
        // In the file's name.
        (format!("{number}.csv"), rows("")[0].clone().into_bytes(), true),
        (format!("{number} 명단.xlsx"), workbook(&["접수번호", "조회일"]), true),
        // In a workbook, with and without a name around it.
        ("명단.xlsx".to_owned(), workbook(&["접수번호", &format!("{name} {number} {phone}")]), true),
        ("명단.xlsx".to_owned(), workbook(&["접수번호", &format!("{name} {phone}")]), false),
        // What is no sheet at all, under a name that says it is.
        ("명단.xlsx".to_owned(), package(&[("명단.txt", format!("{name} {phone}").as_bytes())]), false),
        ("명단.xlsx".to_owned(), format!("{name} {phone}").into_bytes(), false),
        ("명단.hwp".to_owned(), format!("{name} {phone}").into_bytes(), false),
        ("빈.csv".to_owned(), Vec::new(), false),
    ];
    for text in rows(&format!("{name} {number}")) {
        all.push(("명단.csv".to_owned(), text.into_bytes(), true));
    }
    for text in rows(&format!("{name} {phone}")) {
        all.push(("명단.csv".to_owned(), text.into_bytes(), false));
    }
    // Rules with her in them.
    let rules = format!("이름: {name}\n전화: {phone}\n번호: {number}\n");
    all.push(("규칙.yaml".to_owned(), rules.into_bytes(), true));
    all
}

/// Everybody in one file: with their numbers, which is refused, and without, which is read.
fn together(all: &[Canary]) -> Vec<(String, Vec<u8>, bool)> {
    let sheet = |head: &str, row: &str, cell: &dyn Fn(&Canary) -> String| {
        let rows: String = all.iter().map(|it| format!("{row},{}\n", cell(it))).collect();
        format!("{head},비고\n{rows}").into_bytes()
    };
    let (lookup, attendance) =
        (("접수번호,조회일", "26-001-0001,2026-11-23"), ("접수번호,달,일한 날,일한 시간", "26-001-0001,2026-12,4,16"));
    let mut files = Vec::new();
    for (head, row) in [lookup, attendance] {
        files.push(("명단.csv".to_owned(), sheet(head, row, &|it| format!("{} {}", it.name, it.phone)), false));
        files.push(("명단.csv".to_owned(), sheet(head, row, &|it| format!("{} {}", it.name, it.number)), true));
    }
    let words: Vec<String> = all.iter().map(|it| format!("{} {}", it.name, it.phone)).collect();
    files.push(("명단.xlsx".to_owned(), workbook(&words.iter().map(String::as_str).collect::<Vec<_>>()), false));
    files
}

#[tokio::test(flavor = "current_thread")]
async fn what_comes_in_with_a_file_stands_nowhere_else() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _kept = tracing::subscriber::set_default(subscriber);
    iljari_web::health::count();
    let all = canaries();
    let numbers = Search::of(all.iter().map(|it| it.number.as_str()));
    let secrets = Search::of(all.iter().flat_map(|it| [it.name.as_str(), it.phone.as_str(), it.number.as_str()]));
    let town = Town::fresh().await;
    let cookie = town.sign_in("최모형").await;
    let kind = ("content-type", "multipart/form-data; boundary=boundary");
    let (mut refused, mut answered) = (0, 0);
    let together = ("", together(&all));
    let alone = all.iter().take(ALONE).map(|it| (it.number.as_str(), files(it)));
    for (number, files) in alone.chain([together]) {
        for (path, field, typed) in UPLOADS {
            for (name, bytes, has_number) in &files {
                let has_number = *has_number;
                // Departments' own sheets are kept as they came, for whoever goes through them; a number is not.
                if path.contains("/collection/") && !has_number {
                    continue;
                }
                let body = multipart(field, name, bytes, typed);
                let said = format!("{path} with {name}");
                let got = town.send(&Method::POST, path, &[("cookie", &cookie), kind], body).await;
                assert!(!got.status.is_server_error(), "{said}: {}", got.text());
                answered += 1;
                if has_number {
                    assert_ne!(got.status, StatusCode::OK, "{said}");
                    refused += usize::from(got.status.is_client_error());
                    assert_eq!(numbers.in_file(&said, &got.bytes), Vec::<String>::new(), "{said}");
                }
                holds_nothing_outside(&secrets, &said, &got);
                if !got.location().is_empty() {
                    let shown = town
                        .ask_as(&cookie, &Method::GET, got.location().split('#').next().unwrap_or_default(), "")
                        .await;
                    assert_eq!(numbers.in_file(&said, &shown.bytes), Vec::<String>::new(), "what {said} led to");
                    holds_nothing_outside(&secrets, &said, &shown);
                }
            }
        }
        // A form that breaks off in the middle of its file, and one that is none.
        for path in UPLOADS.map(|(path, ..)| path) {
            let whole = multipart("file", "명단.csv", format!("접수번호\n견본 {number}\n").as_bytes(), &[]);
            let half = whole.get(..whole.len() - 20).expect("most of it").to_vec();
            let plain = format!("file={number}&note={number}").into_bytes();
            for (body, kind) in [(half, kind), (plain, ("content-type", "application/x-www-form-urlencoded"))] {
                let got = town.send(&Method::POST, path, &[("cookie", &cookie), kind], body).await;
                assert!(!got.status.is_server_error() && got.status != StatusCode::OK, "{path}: {}", got.status);
                holds_nothing_outside(&secrets, path, &got);
                assert_eq!(numbers.in_file(path, &got.bytes), Vec::<String>::new(), "{path}");
            }
        }
    }
    assert!(answered > ALONE * 50 && refused > ALONE * 25, "{refused} of {answered} were refused");

    let counted = town.get("/metrics").await;
    assert!(counted.text().contains("/office/calls/{no}/lookup"), "it was counted: {}", counted.text());
    assert_eq!(secrets.in_file("the counts", &counted.bytes), Vec::<String>::new());
    let page = town.ask_as(&cookie, &Method::GET, "/office/access-log", "").await;
    assert_eq!((page.status, secrets.in_file("the access log", &page.bytes)), (StatusCode::OK, Vec::new()));
    for (path, html) in town.public_pages().await {
        assert_eq!(secrets.in_bytes(html.as_bytes()), Vec::<&str>::new(), "{path}");
    }
    let kept = log.0.lock().expect("a log").clone();
    assert!(String::from_utf8_lossy(&kept).contains("/office/calls/{no}/lookup"), "the log is listened to");
    assert_eq!(secrets.in_bytes(&kept), Vec::<&str>::new(), "in the log");
    // What was written meanwhile: the database with its log, what is published, and whatever else lies in the folder.
    town.office.store.close().await;
    let mut searched = 0;
    for path in iljari_store::files::list(town.folder()).expect("listed") {
        let (name, bytes) = (path.display().to_string(), std::fs::read(&path).expect("a file"));
        assert_eq!(secrets.in_bytes(name.as_bytes()), Vec::<&str>::new(), "{name}");
        assert_eq!(secrets.in_bytes(&bytes), Vec::<&str>::new(), "{name}");
        searched += usize::from(Search::of(["접속기록 열람"]).in_bytes(&bytes) != Vec::<&str>::new());
    }
    assert!(searched > 0, "the search finds what lies in plain");
}

/// Nothing of anybody in addresses, headers and titles, whatever the answer was.
fn holds_nothing_outside(secrets: &Search<'_>, said: &str, got: &Got) {
    let headers = format!("{:?}", got.headers);
    let title = got.text();
    let title = title.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map(|(title, _)| title);
    let mut written: Vec<String> = secrets.values().map(iljari_web::local::query_value).collect();
    written.extend(secrets.values().map(str::to_owned));
    for value in written {
        assert!(!headers.contains(&value), "{said}: {value} in {headers}");
    }
    assert_eq!(secrets.in_bytes(title.unwrap_or_default().as_bytes()), Vec::<&str>::new(), "{said}");
}
