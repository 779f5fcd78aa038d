//! What the pages must say of the real districts, each figure as it was published.

use iljari_store::Store;
use iljari_store::testing::on_sqlite;
use iljari_web::wall::check_samples;

use super::Town;
use crate::pages::public::disclosure::{DisclosurePage, size_text};
use crate::pages::public::disclosures::DisclosuresPage;
use crate::pages::public::home::HomePage;
use crate::pages::public::how::HowPage;
use crate::pages::public::node::NodePage;
use crate::pages::public::node_year::NodeYearPage;
use crate::pages::public::receipt::ReceiptPage;
use crate::pages::public::verify::VerifyPage;

/// The words of a page, without its mark-up.
fn words(html: &str) -> String {
    let mut words = String::new();
    for piece in html.split('<') {
        words.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_says(html: &str, wanted: &[&str]) {
    let words = words(html);
    for want in wanted {
        assert!(words.contains(want), "the page does not say {want:?}:\n{words}");
    }
}

#[test]
fn every_sample_stands() {
    assert_eq!(check_samples::<HomePage>(), Vec::<String>::new());
    assert_eq!(check_samples::<NodePage>(), Vec::<String>::new());
    assert_eq!(check_samples::<NodeYearPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<HowPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<DisclosuresPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<DisclosurePage>(), Vec::<String>::new());
    assert_eq!(check_samples::<VerifyPage>(), Vec::<String>::new());
    assert_eq!(check_samples::<ReceiptPage>(), Vec::<String>::new());
}

#[tokio::test]
async fn the_page_that_checks_runs_one_script_by_its_hash_and_says_how_to_do_without() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let got = town.get("/districts/99001/verify").await;
        let (html, policy) = (got.html(), got.header("content-security-policy").to_owned());
        let (_, script) = html.split_once("<script>").expect("a script");
        let (script, _) = script.split_once("</script>").expect("its end");
        let hash = iljari_web::script::policy_hash(script);
        assert!(policy.ends_with(&format!("; script-src {hash}; connect-src 'none'")), "{policy}");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        assert_eq!(html.matches("<script").count(), 1);
        // Without script: the form is not there, the program is.
        assert!(
            html.contains("id=\"checker\" aria-labelledby=\"checker-title\"")
                && html.contains("data-with-script hidden")
        );
        assert!(html.contains("iljari verify iljari-99001-"));

        let alone = town.get("/districts/99001/verify.html").await;
        let (file, policy) = (alone.html(), alone.header("content-security-policy").to_owned());
        let inside = policy.trim_end_matches("; frame-ancestors 'none'").replace('\'', "&#39;");
        assert!(file.contains(&format!("content=\"{inside}\"")), "the file carries its own policy: {inside}");
        assert!(
            policy.contains("default-src 'none'") && policy.contains(&hash) && policy.contains("connect-src 'none'")
        );
        for address in ["src=", "href=\"/", "href=\"http", "url(", "@import", "<link"] {
            assert!(!file.contains(address), "{address} would leave the file");
        }
    })
    .await;
}

#[tokio::test]
async fn gwangjin_made_6570_jobs_in_2025() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let home = town.page("/districts/11215").await;
        assert_says(
            &home,
            &[
                "광진구는 2025년에 일자리 6,570개를 만들었습니다",
                "109.5",
                "목표 6,000개보다 570개 많습니다",
                "6,197",
                "6,318",
                "19,085",
                "목표 24,000개",
                "목표 30,000개",
                "79.5 %",
                "63.6 %",
                "2,624",
                "157",
                "내역 미상 3,416개",
                "103%",
                "정의 미확인",
                "66,942명",
                "2022년은 자료 없음",
                "2026년은 진행 중",
            ],
        );
        let whole = town.page("/districts/11215/plan/%EC%A0%84%EC%B2%B4/2023").await;
        assert_says(&whole, &["6,197", "2,624", "157", "3,416", "내역 미상"]);
    })
    .await;
}

#[tokio::test]
async fn eunpyeong_promised_51200_and_its_published_numbers_stand_beside_the_computed_ones() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let home = town.page("/districts/11380").await;
        assert_says(
            &home,
            &[
                "은평구는 4년 동안 일자리 51,200개를 약속했습니다",
                "115.3",
                "14,434",
                "13,262",
                "14,955",
                "121%",
                "121.9 %",
                "108.1 %",
                "약 14,700개",
                "원문 ‘14,700여’",
                "13,931앞서 12,894",
                "65.1% 67.5%",
                "425,469",
                "주민 468,988명의 90.7 %입니다",
            ],
        );
        // 약 enters no total: the year stays without a bar and without a number of the ledger.
        assert!(!home.contains("value=\"14700\""), "an approximate figure became a number");
        assert_says(&home, &["미확인"]);
        let root = town.page("/districts/11380/plan/%EC%A0%84%EC%B2%B4").await;
        assert_says(&root, &["2022년 1~9월", "13,262", "2022년 10~12월", "1,693", "14,955"]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_shows_the_old_number_the_new_one_and_why() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let look = town.look("99001").await;
        // The newest one is the invented officer's; those before it come from the district's files.
        let correction = look.entries.iter().rfind(|entry| entry.answers.is_some()).expect("a correction");
        let counted = correction.counted.as_ref().expect("a number");
        let answered = look.entry(correction.answers.as_deref().unwrap_or_default()).expect("the answered entry");
        let old = answered.counted.as_ref().expect("a number").amount;
        let path = iljari_plans::pages::words::node_href(&look.book.code, counted.node.as_str());
        let page = town.page(&path).await;
        let grouped = iljari_base::quantity::grouped;
        let of_node = |entry: &&crate::model::Entry| {
            entry.answers.is_some() && entry.counted.as_ref().is_some_and(|other| other.node == counted.node)
        };
        let corrections = look.entries.iter().filter(of_node).count();
        assert_says(
            &page,
            &[
                &format!("실적을 {}개에서 {}개", grouped(old), grouped(old - 5)),
                "정정 사유: 중복",
                "겹친 5건을 뺐습니다",
                &format!("정정 {corrections}번 있음"),
                "확인증 보기",
            ],
        );
        let disclosed = town.page("/districts/99001/disclosures/2").await;
        assert_says(&disclosed, &["제1호", "앞 공시와 달라진 숫자", "−5", "다시 낸 까닭", "서명 키 지문"]);
        let first = town.page("/districts/99001/disclosures/1").await;
        assert!(!first.contains("앞 공시와 달라진 숫자"));
    })
    .await;
}

#[tokio::test]
async fn nobody_who_wrote_a_number_is_named() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let look = town.look("99001").await;
        let page = town.page("/districts/99001/plan/%EC%A0%84%EC%B2%B4/2025").await;
        for entry in &look.entries {
            assert!(!page.contains(&entry.id.to_string()), "an internal id is on the page");
            if let Some(officer) = entry.recorded_by.officer() {
                assert!(!page.contains(&officer.to_string()), "an officer is on the page");
            }
        }
    })
    .await;
}

#[test]
fn sizes_are_rounded_once() {
    assert_eq!(size_text(999), "999바이트");
    assert_eq!(size_text(1_949), "1.9 KB");
    assert_eq!(size_text(1_950_000), "2.0 MB");
}
