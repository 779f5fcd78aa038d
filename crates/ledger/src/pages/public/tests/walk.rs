//! Every public route as a stranger, on both engines: what is there, what is not, what it carries.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use iljari_disclosure::bundle::{self, Options};
use iljari_disclosure::log::VerifierKey;
use iljari_disclosure::log::proof::Receipt;
use iljari_store::Store;
use iljari_store::testing::{both, on_sqlite};
use iljari_web::check_html;

use super::Town;

const NARU: &str = "99001";

/// The addresses a page leads to, the fragment cut off.
fn links(html: &str) -> BTreeSet<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.split('#').next().unwrap_or_default().replace("&amp;", "&"))
        .filter(|href| href.starts_with('/') && !href.starts_with("/assets/"))
        .collect()
}

/// A page's own script or style, once it is seen to be allowed by its hash, is judged elsewhere.
fn without_what_the_policy_allows(path: &str, mut html: String, policy: &str) -> String {
    for name in ["script", "style"] {
        let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
        while let Some((before, rest)) = html.split_once(&begin) {
            let (inside, after) = rest.split_once(&end).expect("an end");
            assert!(policy.contains(&iljari_web::script::policy_hash(inside)), "{path}: a {name} nobody allowed");
            html = format!("{before}{after}");
        }
    }
    html
}

#[tokio::test]
async fn every_link_leads_somewhere_and_every_page_stands() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let mut waiting = vec!["/".to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let got = town.get(&path).await;
            assert_eq!(got.status, StatusCode::OK, "{path}");
            // A document to keep is no page of this site, even where it is HTML.
            let is_page = got.header("content-disposition").is_empty();
            if is_page && got.header("content-type").starts_with("text/html") {
                let html = without_what_the_policy_allows(&path, got.html(), got.header("content-security-policy"));
                assert_eq!(check_html(&html), Vec::<String>::new(), "{path}");
                waiting.extend(links(&html));
            }
        }
        for page in ["/districts/11215/how", "/districts/99001/disclosures/2", "/log/99001/key"] {
            assert!(seen.contains(page), "no page leads to {page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_chart_is_kept_as_table_and_as_picture_with_the_same_numbers() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let root = "%EC%A0%84%EC%B2%B4";
        let table = town.get(&format!("/districts/11215/plan/{root}/years.csv")).await;
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        for number in ["6197", "6318", "6570", "6000"] {
            assert!(table.html().contains(number), "{number} is missing in {}", table.html());
        }
        let picture = town.get(&format!("/districts/11215/plan/{root}/years.svg")).await;
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        assert!(
            picture.html().contains("6,570") && picture.html().contains("출처") && !picture.html().contains("예시")
        );
        let invented = town.get(&format!("/districts/{NARU}/plan/{root}/months.svg")).await;
        assert!(invented.html().contains("예시"), "an invented picture says so wherever it goes");
        let pixels = town.get(&format!("/districts/{NARU}/plan/1-2/years.png")).await;
        assert_eq!((pixels.status, &pixels.bytes[1..4]), (StatusCode::OK, b"PNG".as_slice()));
        for path in ["전체/other.svg", "nowhere/years.svg", "전체/months.gif"] {
            let path = path.replace("전체", root);
            assert_eq!(
                town.get(&format!("/districts/11215/plan/{path}")).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        for path in [
            "/districts/00000",
            "/districts/gwangjin",
            "/districts/11215/plan/nowhere",
            "/districts/11215/plan/nowhere/2025",
            "/districts/11215/plan/%EC%A0%84%EC%B2%B4/1999",
            "/districts/11215/plan/%EC%A0%84%EC%B2%B4/soon",
            "/districts/00000/how",
            "/districts/00000/verify",
            "/districts/00000/disclosures",
            "/districts/11215/disclosures/1",
            "/districts/99001/disclosures/0",
            "/districts/99001/disclosures/one",
            "/districts/99001/disclosures/99/bundle.zip",
            "/log/00000/checkpoint",
            "/log/00000/key",
            "/log/99001/tile/0/999",
            "/log/99001/tile/0/../../../keys/log-99001.key",
            "/log/99001/tile/..%2F..%2F..%2Fkeys%2Flog-99001.key",
            "/log/99001/tile/entries/000.p/0",
            "/log/99001/proof/00000000000000000000000000000000",
            "/log/99001/proof/x",
            "/districts/99001/receipts/x",
            "/districts/00000/verify.html",
        ] {
            assert_eq!(town.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stranger_checks_the_bundle_the_receipt_and_the_tiles() {
    both(async |store: Store| {
        let town = Town::on(store).await;
        let key_text = town.page(&format!("/log/{NARU}/key")).await;
        let key: VerifierKey = key_text.trim().parse().expect("a key");

        let got = town.get(&format!("/districts/{NARU}/disclosures/2/bundle.zip")).await;
        assert_eq!(got.header("content-type"), "application/zip");
        assert_eq!(got.header("content-disposition"), "attachment; filename=\"iljari-99001-2.zip\"");
        assert_eq!(got.header("content-length"), got.bytes.len().to_string());
        let read = bundle::from_zip(&got.bytes).expect("a bundle");
        let report = bundle::verify(&read, &Options { key: Some(&key.fingerprint()), since: None });
        assert_eq!(report.exit_code(), 0, "{report:?}");

        let look = town.look(NARU).await;
        let entry = look.entries.iter().find(|entry| entry.sealed.is_some()).expect("a sealed entry");
        let got = town.get(&format!("/log/{NARU}/proof/{}", entry.leaf_id)).await;
        let receipt = Receipt::parse(&got.html()).expect("a receipt");
        assert_eq!(receipt.extra.as_deref(), Some(entry.body.as_slice()));
        let head = receipt.verify(&entry.body, &key).expect("proven");
        assert_eq!(i64::try_from(head.size).ok(), look.seal.as_ref().map(|seal| seal.size));
        assert!(receipt.verify(b"another line", &key).is_err());
        let proven = iljari_disclosure::log::proof::check(&got.html(), &key).expect("it carries its leaf");
        assert_eq!(proven.leaf.to_line().as_bytes(), entry.body);
        let printed = town.page(&format!("/districts/{NARU}/receipts/{}", entry.leaf_id)).await;
        assert!(printed.contains(iljari_disclosure::log::proof::PROVES) && printed.contains("확인증 글 전체가 들어"));

        let checkpoint = town.get(&format!("/log/{NARU}/checkpoint")).await;
        assert_eq!(checkpoint.html(), look.seal.as_ref().expect("a seal").checkpoint);
        assert_eq!(checkpoint.header("cache-control"), "public, no-cache");
        for tile in iljari_disclosure::log::tile::tiles(head.size) {
            let got = town.get(&format!("/log/{NARU}/{tile}")).await;
            assert_eq!(got.status, StatusCode::OK, "{tile}");
            assert_eq!(got.header("content-type"), "application/octet-stream");
            assert_eq!(got.header("access-control-allow-origin"), "*");
            let for_ever = got.header("cache-control").contains("immutable");
            assert_eq!(for_ever, tile.width == 256, "{tile}");
        }
    })
    .await;
}
