//! Every `<data>` of every public page is compared with the ledger.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Month, Period, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::{Field, Unit};
use iljari_store::Store;
use iljari_store::testing::on_sqlite;

use super::Town;
use crate::pages::public::entry_view::before_and_after;
use crate::pages::public::look::Look;

/// The attributes of every `<data>` of a page.
fn data(html: &str) -> Vec<BTreeMap<String, String>> {
    let tags = html.split("<data ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    tags.map(|tag| {
        let mut attributes = BTreeMap::new();
        let mut rest = tag;
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a closing quote");
            attributes.insert(name.trim().to_owned(), value.to_owned());
            rest = after;
        }
        attributes
    })
    .collect()
}

fn pages_of(look: &Look) -> Vec<String> {
    let code = &look.book.code;
    let mut pages: BTreeSet<String> = BTreeSet::from([format!("/districts/{code}")]);
    let nodes = look.book.plans.iter().flat_map(|plan| &plan.nodes).map(|node| node.id.clone());
    for node in nodes.chain(["전체".to_owned()]) {
        pages.insert(iljari_plans::pages::words::node_href(code, &node));
        for unit in Unit::ALL {
            for year in look.progress.years(&node, *unit) {
                pages.insert(iljari_plans::pages::words::node_year_href(code, &node, year));
            }
        }
    }
    pages.into_iter().collect()
}

/// What the ledger says for a `<data>`, from the entries themselves.
fn from_entries(look: &Look, data: &BTreeMap<String, String>) -> i64 {
    let get = |name: &str| data.get(name).map(String::as_str);
    if let (Some(leaf), Some(when)) = (get("data-leaf"), get("data-stands")) {
        let (before, after) = before_and_after(&look.entries)[leaf];
        return if when == "뒤" { after } else { before };
    }
    if let Some(leaf) = get("data-leaf") {
        return look.entry(leaf).and_then(|entry| entry.counted.as_ref()).expect("an entry").amount;
    }
    let (first, last) = match get("data-year").expect("a year").split_once("..") {
        Some((first, last)) => (first.parse().expect("a year"), last.parse().expect("a year")),
        None => {
            let year: Year = get("data-year").expect("a year").parse().expect("a year");
            (year, year)
        }
    };
    let unit: Unit = get("data-unit").expect("a unit").parse().expect("a unit");
    let fields: Vec<Field> = get("data-field")
        .map(|fields| fields.split(',').map(|field| field.parse().expect("a field")).collect())
        .unwrap_or_default();
    let through = get("data-through").and_then(|month| Month::from_number(month.parse().expect("a month")));
    let within = get("data-within").and_then(|period| {
        let (first, last) = period.split_once("..").expect("two months");
        let month = |text: &str| Month::from_number(text.parse().expect("a month")).expect("a month");
        Period::new(month(first), month(last))
    });
    let part = get("data-part").map(|part| {
        [Source::Records, Source::Sums, Source::Press].into_iter().find(|it| it.korean() == part).expect("a part")
    });
    let years = (first.0..=last.0).map(Year);
    let counted = years.flat_map(|year| look.counted(get("data-node").expect("a node"), year, unit, &fields));
    counted
        .filter(|(_, counted)| through.is_none_or(|month| counted.period.last() <= month))
        .filter(|(_, counted)| within.is_none_or(|within| within.covers(counted.period)))
        .filter(|(_, counted)| {
            let period = format!("{}..{}", counted.period.first().number(), counted.period.last().number());
            get("data-period").is_none_or(|wanted| wanted == period)
        })
        .filter(|(entry, _)| part.is_none_or(|part| entry.source == Some(part)))
        .map(|(_, counted)| counted.amount)
        .sum()
}

#[tokio::test]
async fn every_number_on_every_page_is_the_sum_of_its_entries() {
    on_sqlite(async |store: Store| {
        let town = Town::on(store).await;
        let mut compared = 0;
        for code in ["11215", "11380", "99001"] {
            let look = town.look(code).await;
            for path in pages_of(&look) {
                let counted = |data: &BTreeMap<String, String>| {
                    !data.contains_key("data-layer") && !data.contains_key("data-fund")
                };
                for data in data(&town.page(&path).await).into_iter().filter(counted) {
                    let said: i64 = data["value"].parse().expect("a number");
                    assert_eq!(said, from_entries(&look, &data), "{path}: {data:?}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 500, "only {compared} numbers were compared");
    })
    .await;
}
