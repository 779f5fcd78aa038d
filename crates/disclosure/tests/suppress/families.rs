//! Random small families over two disclosures, each hidden small number against the attacker.

use std::collections::BTreeMap;

use iljari_disclosure::bundle::attributes::PublishedTable;
use iljari_disclosure::suppress::{AttributeTable, Mark, Screened, screen};
use proptest::prelude::*;

use crate::attacker::Attacker;
use crate::stories::{parents, table, tree, truth};

const NODES: &[(&str, &str)] = &[("가", "전체"), ("가.1", "가"), ("가.2", "가")];
const ITEMS: [&str; 3] = ["청년", "중년", "장년"];

/// Numbers of three items; small ones often.
fn numbers() -> impl Strategy<Value = [i64; 3]> {
    let n = prop_oneof![3 => 0_i64..=4, 2 => 5_i64..=9];
    [n.clone(), n.clone(), n]
}

/// People at 가.1, at 가.2 and at 가 itself; which tables were handed in; what changes afterwards.
#[derive(Debug, Clone)]
struct Town {
    people: [[i64; 3]; 3],
    tables: [bool; 3],
    change: [[i64; 3]; 3],
    tables_then: [bool; 3],
}

fn towns() -> impl Strategy<Value = Town> {
    let change = prop_oneof![4 => Just([0_i64; 3]), 3 => [0_i64..=3, 0..=1, 0..=0], 1 => [-2_i64..=2, -1..=1, 0..=6]];
    let own = prop_oneof![2 => Just([0_i64; 3]), 1 => numbers()];
    ((numbers(), numbers(), own), any::<[bool; 3]>(), [change.clone(), change.clone(), change], any::<[bool; 3]>())
        .prop_map(|((one, other, own), tables, change, tables_then)| Town {
            people: [one, other, own],
            tables,
            change,
            tables_then,
        })
}

fn handed_in(people: &[[i64; 3]; 3], tables: [bool; 3]) -> Vec<AttributeTable> {
    let whole: [i64; 3] = std::array::from_fn(|item| people.iter().map(|own| own[item]).sum());
    let of = |node: &str, numbers: &[i64; 3]| {
        let items: Vec<(&str, i64)> = ITEMS.iter().copied().zip(numbers.iter().copied()).collect();
        table(node, &items)
    };
    let every = [of("가.1", &people[0]), of("가.2", &people[1]), of("가", &whole)];
    every.into_iter().zip(tables).filter(|(_, there)| *there).map(|(table, _)| table).collect()
}

fn public(at_once: &[Screened]) -> Vec<PublishedTable> {
    at_once.iter().map(|one| one.published("이름")).collect()
}

/// Judges what was published; the number of small numbers it looked at.
fn judge(disclosures: &[Vec<Screened>]) -> Result<usize, TestCaseError> {
    let published: Vec<Vec<PublishedTable>> = disclosures.iter().map(|at_once| public(at_once)).collect();
    let attacker = Attacker::new(&published, &parents(NODES), |layer, node| truth(&disclosures[layer], node));
    let mut judged = 0;
    for (layer, at_once) in disclosures.iter().enumerate() {
        for one in at_once.iter().filter(|one| one.withheld.is_none()) {
            let node = one.table.place.node.as_str();
            for ((item, n), mark) in one.table.items.iter().zip(&one.marks) {
                let small = (1..5).contains(n);
                prop_assert!(!small || *mark == Mark::Small, "{node} {item} {n} in the open");
                if *mark == Mark::Small {
                    judged += 1;
                    let could_be = attacker.values(layer, node, item, 5);
                    prop_assert_eq!(&could_be[..], &[1, 2, 3, 4, 5], "{} {} {} {}", layer, node, item, n);
                }
                // An earlier complement may follow from what came later; it is not small.
                if *mark == Mark::Complement && layer + 1 == disclosures.len() {
                    let other = (0..=40).any(|value| value != *n && attacker.values_at(layer, node, item, value));
                    prop_assert!(other, "{node} {item} {n} hidden in vain");
                }
            }
        }
    }
    Ok(judged)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_hidden_small_number_follows_from_everything_published(town in towns()) {
        let tree = tree(NODES);
        let first = screen(&handed_in(&town.people, town.tables), &tree, &[]);
        let then: [[i64; 3]; 3] = std::array::from_fn(|place| {
            std::array::from_fn(|item| (town.people[place][item] + town.change[place][item]).max(0))
        });
        let second = screen(&handed_in(&then, town.tables_then), &tree, std::slice::from_ref(&first));
        let again = screen(&handed_in(&then, town.tables_then), &tree, std::slice::from_ref(&first));
        prop_assert_eq!(&second, &again);
        judge(&[first, second])?;
    }
}

#[test]
fn the_attacker_breaks_tables_that_hide_small_numbers_alone() {
    // The judge must be able to say no: small numbers hidden, nothing else.
    let naive = |tables: &[AttributeTable]| -> Vec<Screened> {
        let mark = |n: i64| if (1..5).contains(&n) { Mark::Small } else { Mark::Open };
        let one = |table: &AttributeTable| Screened {
            marks: table.items.iter().map(|(_, n)| mark(*n)).collect(),
            table: table.clone(),
            withheld: None,
        };
        tables.iter().map(one).collect()
    };
    assert!(judge(&[naive(&[table("가", &[("청년", 3), ("중년", 40)])])]).is_err());
    let square = [
        table("가.1", &[("청년", 3), ("중년", 4), ("장년", 9)]),
        table("가.2", &[("청년", 6), ("중년", 7), ("장년", 8)]),
        table("가", &[("청년", 9), ("중년", 11), ("장년", 17)]),
    ];
    assert!(judge(&[naive(&square)]).is_err());
    assert_eq!(judge(&[screen(&square, &tree(NODES), &[])]).expect("safe"), 2);
    // A complement alone, and what it hid a moment ago shown in the next disclosure.
    let first = screen(&[table("가", &[("청년", 3), ("중년", 8), ("장년", 9)])], &tree(NODES), &[]);
    let second = naive(&[table("가", &[("청년", 7), ("중년", 8), ("장년", 9)])]);
    assert!(judge(&[first, second]).is_err());
}

#[test]
fn most_random_towns_keep_something_to_show() {
    // Hiding everything would pass the audit too. Here is what is left to read.
    let mut shown: BTreeMap<bool, usize> = BTreeMap::new();
    for seed in 0_i64..200 {
        let mix = |at: i64| (seed * 7919 + at * 104_729 + (seed * at) % 31) % 13;
        let people: [[i64; 3]; 3] =
            std::array::from_fn(|place| std::array::from_fn(|item| mix(place as i64 * 3 + item as i64)));
        for one in screen(&handed_in(&people, [true, false, true]), &tree(NODES), &[]) {
            *shown.entry(one.withheld.is_none() && one.marks.contains(&Mark::Open)).or_default() += 1;
        }
    }
    assert!(shown[&true] > shown[&false], "{shown:?}");
}
