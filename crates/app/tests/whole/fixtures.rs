//! The published numbers of the two real districts stand on their pages as they were published.

use super::numbers::data;
use super::town::{ROOT, Town};

/// The page's words, tags away, white space evened out.
fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the page shows this number as one of the ledger's, under these attributes.
fn counts(html: &str, value: &str, wanted: &[(&str, &str)]) -> bool {
    data(html).iter().any(|(attributes, _)| {
        attributes["value"] == value
            && wanted.iter().all(|(name, value)| attributes.get(*name).map(String::as_str) == Some(*value))
    })
}

#[tokio::test]
async fn eunpyeongs_promise_and_results_stand_on_its_pages() {
    let town = Town::fresh().await;
    let home = town.page("/districts/11380").await;
    let text = words(&home);
    for said in ["51,200", "12,515", "12,703", "12,894", "13,931", "13,088", "14,955", "14,434"] {
        assert!(text.contains(said), "은평 home does not say {said}");
    }
    let root = town.page(&format!("/districts/11380/plan/{ROOT}")).await;
    assert!(counts(&home, "14955", &[("data-year", "2022")]) && counts(&root, "14955", &[("data-year", "2022")]));
    assert!(counts(&home, "14434", &[("data-year", "2023")]) && counts(&root, "14434", &[("data-year", "2023")]));
    // Three quarters of 2022, as a part of the same year and never beside it.
    let of_2022 = town.page(&format!("/districts/11380/plan/{ROOT}/2022")).await;
    let quarters = [("data-through", "202209"), ("data-node", "전체")];
    assert!(counts(&home, "13262", &quarters) || counts(&root, "13262", &quarters), "13,262 for 2022.1~9");
    assert!(counts(&of_2022, "14955", &[]) && !words(&of_2022).contains("28,217"), "the quarters are not added on top");
    // About is not exact: told as printed, in no total, and no digits of it in the ledger.
    assert!(text.contains("14,700여"), "the printed words are told");
    for page in [&home, &root] {
        let numbers = data(page);
        assert!(!numbers.iter().any(|(at, _)| {
            // What was promised for 2024 is a number of the plan; what came of it is only printed.
            let counted = !at.contains_key("data-set");
            at["value"] == "14700" || (counted && at.get("data-year").is_some_and(|year| year == "2024"))
        }));
    }
    let log = town.get("/log/11380/checkpoint").await.text();
    let size = log.lines().nth(1).expect("a size").to_owned();
    let entries = town.get(&format!("/log/11380/tile/entries/000.p/{size}")).await.text();
    assert!(entries.contains("\"n\":14434") && !entries.contains("14700") && !entries.contains("\"from\":2024"));
}

#[tokio::test]
async fn gwangjins_promises_and_results_stand_on_its_pages() {
    let town = Town::fresh().await;
    let home = town.page("/districts/11215").await;
    let text = words(&home);
    for said in ["24,000", "30,000", "6,197", "6,318", "6,570"] {
        assert!(text.contains(said), "광진 home does not say {said}");
    }
    for (year, value) in [("2023", "6197"), ("2024", "6318"), ("2025", "6570")] {
        assert!(counts(&home, value, &[("data-year", year), ("data-node", "전체")]), "{value} in {year}");
    }
    let of_2023 = town.page(&format!("/districts/11215/plan/{ROOT}/2023")).await;
    for (value, rest) in [("2624", false), ("157", false), ("3416", true)] {
        let shown = data(&of_2023).iter().any(|(at, _)| at["value"] == value && at.contains_key("data-leaf"));
        assert!(shown, "{value} is one of the entries of 2023");
        assert!(!rest || words(&of_2023).contains("내역 미상"), "the remainder is named as one");
    }
    assert!(counts(&of_2023, "6197", &[]), "2,624 + 157 + 3,416");
}
