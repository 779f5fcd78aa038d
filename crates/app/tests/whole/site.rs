//! The public side as a folder of files: every link arrives, nothing of the office is in it, and the
//! same data gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iljari_app::cli::read_tree;
use iljari_app::site::{self, folder::MARK};
use iljari_base::Stop;

use super::town::Town;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    read_tree(folder).expect("the folder").into_iter().collect()
}

/// The values of these attributes outside scripts, as written.
fn attributes(html: &str, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (nth, piece) in html.split("<script").enumerate() {
        let text = if nth == 0 { piece } else { piece.split_once("</script>").map_or("", |(_, after)| after) };
        // A script's own address stands in its opening tag.
        let opening = if nth == 0 { "" } else { piece.split('>').next().unwrap_or_default() };
        for part in [text, opening] {
            for name in names {
                let opening = format!(" {name}=\"");
                let values = part.split(&opening).skip(1);
                found.extend(values.filter_map(|rest| rest.split('"').next()).map(ToOwned::to_owned));
            }
        }
    }
    found
}

fn unpercent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let hex = std::str::from_utf8(&after[..2]).expect("two letters");
            bytes.push(u8::from_str_radix(hex, 16).expect("hex"));
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("text")
}

/// The file a link names, from the file it stands in; `None` when it leaves the folder's world.
fn target(from: &str, link: &str) -> Option<(String, String)> {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    if ["https:", "http:", "tel:", "mailto:", "data:"].iter().any(|scheme| path.starts_with(scheme)) {
        return None;
    }
    let mut segments: Vec<String> = from.split('/').map(ToOwned::to_owned).collect();
    if !path.is_empty() {
        segments.pop();
    }
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment {
            "." => {}
            ".." => assert!(segments.pop().is_some(), "{from}: {link} climbs out of the folder"),
            name => segments.push(unpercent(name)),
        }
    }
    Some((segments.join("/"), fragment.to_owned()))
}

/// Every link of every page and style sheet that arrives nowhere.
fn dead_links(files: &BTreeMap<String, Vec<u8>>) -> (Vec<String>, usize) {
    let ids: BTreeMap<&String, BTreeSet<String>> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .map(|(name, bytes)| (name, attributes(&String::from_utf8_lossy(bytes), &["id"]).into_iter().collect()))
        .collect();
    let (mut dead, mut followed) = (Vec::new(), 0);
    for (name, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        let links = match name.rsplit('.').next() {
            Some("html") => attributes(&text, &["href", "src", "action", "srcset", "poster", "data"]),
            Some("css") => text
                .split("url(")
                .skip(1)
                .filter_map(|rest| rest.split(')').next())
                .map(|link| link.trim_matches(['"', '\'']).to_owned())
                .collect(),
            _ => continue,
        };
        for link in links {
            if link.starts_with('/') {
                dead.push(format!("{name}: {link} needs a server"));
                continue;
            }
            let Some((to, fragment)) = target(name, &link) else { continue };
            followed += 1;
            let arrives = files.contains_key(&to)
                && (fragment.is_empty() || ids.get(&to).is_some_and(|ids| ids.contains(&unpercent(&fragment))));
            if !arrives {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    (dead, followed)
}

#[tokio::test]
async fn the_public_side_lies_in_a_folder_where_every_link_arrives() {
    let town = Town::fresh().await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("site");
    let written = site::write(&town.office, &out, "").await.expect("written");
    assert_eq!(written.dropped, [], "every link of every page leads somewhere");
    assert_eq!(written.as_of.to_string(), "2026-11-23T01:00:00.000000Z");
    let mut found = files(&out);
    assert_eq!(found.len(), written.files + 1, "and the mark");
    let pages = found.keys().filter(|name| name.ends_with("index.html")).count();
    assert!(pages == written.pages && pages > 200, "{pages} pages");
    let (dead, followed) = dead_links(&found);
    assert_eq!(dead, Vec::<String>::new());
    assert!(followed > 5_000, "only {followed} links");

    for name in [
        "index.html",
        "assets/iljari.css",
        "districts/11215/index.html",
        "districts/11215/plan.year-2025/index.html",
        "districts/11215/plan/전체/2025/index.html",
        "districts/99001/data/catalog.json",
        "districts/99001/data/entries.csv",
        "districts/99001/disclosures/1/bundle.zip",
        "log/99001/checkpoint",
        "log/99001/key",
    ] {
        assert!(found.contains_key(name), "{name} is missing");
    }
    assert!(found.keys().any(|name| name.starts_with("log/99001/tile/entries/")), "the log's tiles");
    // Documents to keep and the checker that stands alone are no pages of the site.
    let is_page =
        |name: &str| name.ends_with(".html") && !name.contains("/documents/") && !name.ends_with("verify.html");
    for (name, bytes) in found.iter().filter(|(name, _)| is_page(name)) {
        let html = String::from_utf8_lossy(bytes);
        assert!(!html.contains("/office") && !html.contains("담당자 로그인"), "{name} speaks of the office");
        // The checker's forms are answered in the page itself.
        let checks = name.ends_with("/verify/index.html");
        assert!(checks || (!html.contains("<form") && !html.contains("type=\"submit\"")), "{name} needs a server");
        assert!(html.contains("<time datetime=\"2026-11-23\">"), "{name} does not say how new it is");
        assert!(html.contains("id=\"size-5\""), "{name}: letters can still grow");
    }

    // The checker can fail: without one page there are links to nowhere.
    found.remove("districts/11215/how/index.html");
    assert!(dead_links(&found).0.iter().any(|dead| dead.contains("how/index.html")));
}

#[tokio::test]
async fn the_same_data_gives_the_same_bytes_and_nothing_of_an_earlier_run_stays() {
    let town = Town::fresh().await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("site");
    site::write(&town.office, &out, "").await.expect("written");
    let first = files(&out);
    std::fs::write(out.join("districts/leftover.html"), "old").expect("a leftover");
    town.clock.advance_seconds(40 * 24 * 3600);
    let written = site::write(&town.office, &out, "").await.expect("written again");
    assert_eq!(written.replaced, first.len());
    let second = files(&out);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    for (name, bytes) in &first {
        assert!(second[name] == *bytes, "{name} differs");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("listed").collect();
    assert_eq!(left.len(), 1, "nothing lies beside it");

    // With an address the pages and the catalogue say where they are found.
    site::write(&town.office, &out, "https://jobs.example.kr/open").await.expect("written with an address");
    let third = files(&out);
    let page = String::from_utf8_lossy(&third["districts/99001/how/index.html"]).into_owned();
    assert!(page.contains("<link rel=\"canonical\" href=\"https://jobs.example.kr/open/districts/99001/how/\">"));
    let catalog = String::from_utf8_lossy(&third["districts/99001/data/catalog.json"]).into_owned();
    assert!(catalog.contains("\"@base\": \"https://jobs.example.kr/open/districts/99001/data/catalog.json\""));
}

#[tokio::test]
async fn a_folder_of_somebody_else_is_left_alone() {
    let town = Town::fresh().await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("documents");
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("letter.txt"), "dear").expect("a letter");
    match site::write(&town.office, &out, "").await {
        Err(Stop::Refused(refusals)) => assert_eq!(refusals[0].code, "not-an-export"),
        other => panic!("{other:?}"),
    }
    assert_eq!(files(&out).keys().collect::<Vec<_>>(), ["letter.txt"]);
    std::fs::remove_file(out.join("letter.txt")).expect("empty now");
    site::write(&town.office, &out, "").await.expect("an empty folder may be filled");
    assert!(files(&out).contains_key(MARK));
}
