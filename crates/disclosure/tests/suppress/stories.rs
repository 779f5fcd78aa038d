//! What is hidden, told by example.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::log::rollup::{PlanNode, PlanTree};
use iljari_disclosure::log::words::{Attribute, Unit};
use iljari_disclosure::suppress::{AttributeTable, Mark, Place, Screened, Withheld, screen};

use crate::attacker::{Attacker, Guess};

pub const YEAR: Year = Year(2025);

/// A tree from pairs of node and parent; the root is 전체.
pub fn tree(nodes: &[(&str, &str)]) -> PlanTree {
    let node = |node: &str, parent: Option<&str>| PlanNode {
        year: YEAR,
        node: node.parse().expect("a node"),
        parent: parent.map(|parent| parent.parse().expect("a node")),
        name: format!("{node} (예시)"),
        field: None,
    };
    let all = nodes.iter().map(|(name, parent)| node(name, Some(parent)));
    PlanTree::new(all.chain([node("전체", None)])).expect("a tree")
}

pub fn parents(nodes: &[(&str, &str)]) -> BTreeMap<String, String> {
    nodes.iter().map(|(node, parent)| ((*node).to_owned(), (*parent).to_owned())).collect()
}

pub fn table_of(attribute: Attribute, node: &str, items: &[(&str, i64)]) -> AttributeTable {
    AttributeTable {
        place: Place { year: YEAR, unit: Unit::Jobs, attribute, node: node.parse().expect("a node") },
        total: items.iter().map(|(_, n)| n).sum(),
        items: items.iter().map(|(item, n)| ((*item).to_owned(), *n)).collect(),
    }
}

pub fn table(node: &str, items: &[(&str, i64)]) -> AttributeTable {
    table_of(Attribute::Age, node, items)
}

const FLAT: &[(&str, &str)] = &[("가", "전체"), ("나", "전체"), ("가.1", "가"), ("가.2", "가")];

/// `가 소 대` with what is hidden in brackets, small ones marked; withheld tables by their reason.
fn told(screened: &[Screened]) -> Vec<String> {
    let line = |one: &Screened| {
        let node = &one.table.place.node;
        if let Some(reason) = one.withheld {
            return format!("{node}: {}", reason.as_str());
        }
        let items = one.table.items.iter().zip(&one.marks).map(|((_, n), mark)| match mark {
            Mark::Open => n.to_string(),
            Mark::Small => format!("[{n}!]"),
            Mark::Complement => format!("[{n}]"),
        });
        format!("{node}: {}", items.collect::<Vec<_>>().join(" "))
    };
    screened.iter().map(line).collect()
}

/// The numbers behind a table that was screened.
pub fn truth(at_once: &[Screened], node: &str) -> Guess {
    let table = at_once.iter().find(|one| one.table.place.node.as_str() == node).expect("a table");
    table.table.items.iter().cloned().collect()
}

/// An attacker who has all of these disclosures.
fn attacker(disclosures: &[&[Screened]]) -> Attacker {
    let published: Vec<_> =
        disclosures.iter().map(|at_once| at_once.iter().map(|one| one.published("이름")).collect()).collect();
    Attacker::new(&published, &parents(FLAT), |layer, node| truth(disclosures[layer], node))
}

fn now(tables: &[AttributeTable]) -> Vec<Screened> {
    screen(tables, &tree(FLAT), &[])
}

#[test]
fn a_table_without_small_numbers_is_shown_whole() {
    let shown = now(&[table("가", &[("남성", 12), ("여성", 30), ("기타", 0), ("미상", 2)])]);
    assert_eq!(told(&shown), ["가: 12 30 0 2"]);
}

#[test]
fn a_small_number_takes_the_smallest_other_one_with_it() {
    let shown = now(&[table("가", &[("청년", 3), ("중년", 40), ("장년", 20), ("노년", 0)])]);
    assert_eq!(told(&shown), ["가: [3!] 40 [20] 0"]);
}

#[test]
fn small_numbers_that_hide_each_other_need_no_further_one() {
    let shown = now(&[table("가", &[("청년", 3), ("중년", 4), ("장년", 20)])]);
    assert_eq!(told(&shown), ["가: [3!] [4!] 20"]);
    // Two ones could only be one and one.
    let shown = now(&[table("가", &[("청년", 1), ("중년", 1), ("장년", 20)])]);
    assert_eq!(told(&shown), ["가: [1!] [1!] [20]"]);
}

#[test]
fn a_table_of_few_people_or_of_one_item_is_withheld() {
    let shown =
        now(&[table("가", &[("남성", 1), ("여성", 3)]), table("나", &[("남성", 0), ("여성", 30), ("미상", 6)])]);
    assert_eq!(told(&shown), ["가: few-people", "나: one-item"]);
    assert_eq!(shown[0].published("가").items, []);
    // Five people in two items: whatever is hidden, four is the most one can be.
    assert_eq!(told(&now(&[table("가", &[("남성", 2), ("여성", 3)])])), ["가: unprotected"]);
}

#[test]
fn what_two_tables_of_one_parent_would_give_away_together_is_hidden_in_both() {
    // 가 is 가.1 and 가.2: with 가 and 가.2 in the open, 가.1 is the difference.
    let tables = [
        table("가", &[("청년", 13), ("중년", 40), ("장년", 50)]),
        table("가.1", &[("청년", 3), ("중년", 20), ("장년", 30)]),
        table("가.2", &[("청년", 10), ("중년", 20), ("장년", 20)]),
    ];
    let shown = now(&tables);
    let hidden = |node: usize| shown[node].marks.iter().filter(|mark| **mark != Mark::Open).count();
    assert_eq!(shown[1].marks[0], Mark::Small);
    assert_eq!(hidden(1), 2);
    assert!((hidden(0), hidden(2)) == (0, 2) || (hidden(0), hidden(2)) == (2, 0), "{:?}", told(&shown));
    assert_eq!(attacker(&[&shown]).values(0, "가.1", "청년", 5), [1, 2, 3, 4, 5]);
}

#[test]
fn the_rest_beside_the_tables_below_is_protected_like_a_table() {
    // Nobody printed a table of 가.2, but 가 less 가.1 is one: two young people.
    let tables = [
        table("가", &[("청년", 12), ("중년", 40), ("장년", 50)]),
        table("가.1", &[("청년", 10), ("중년", 20), ("장년", 30)]),
    ];
    let shown = now(&tables);
    let hidden: usize = shown.iter().flat_map(|one| &one.marks).filter(|mark| **mark != Mark::Open).count();
    assert!(hidden >= 2, "{:?}", told(&shown));
    assert!(shown.iter().all(|one| one.withheld.is_none()));
}

#[test]
fn a_correction_does_not_tell_who_was_taken_out() {
    let first = screen(&[table("가", &[("남성", 60), ("여성", 63)])], &tree(FLAT), &[]);
    assert_eq!(told(&first), ["가: 60 63"]);
    // One woman less: both must go, or the difference says who it was.
    let second = screen(&[table("가", &[("남성", 60), ("여성", 62)])], &tree(FLAT), std::slice::from_ref(&first));
    assert_eq!(told(&second), ["가: [60] [62]"]);
    assert_eq!(attacker(&[&first, &second]).values(1, "가", "여성", 70), [62, 63]);
    // A change of five and more in each may be seen.
    let third = screen(&[table("가", &[("남성", 70), ("여성", 80)])], &tree(FLAT), &[first]);
    assert_eq!(told(&third), ["가: 70 80"]);
}

#[test]
fn the_same_numbers_disclosed_again_hide_the_same_items() {
    let ages = table("가", &[("청년", 3), ("중년", 40), ("장년", 20), ("노년", 33)]);
    let first = now(std::slice::from_ref(&ages));
    let again = screen(std::slice::from_ref(&ages), &tree(FLAT), std::slice::from_ref(&first));
    assert_eq!(told(&again), told(&first));
    // What was small and has grown does not tell what it was.
    let grown = table("가", &[("청년", 9), ("중년", 40), ("장년", 20), ("노년", 33)]);
    let third = screen(&[grown], &tree(FLAT), &[first.clone(), again.clone()]);
    let could_be = attacker(&[&first, &again, &third]).values(0, "가", "청년", 5);
    assert_eq!(could_be, [1, 2, 3, 4, 5], "{:?}", told(&third));
}

#[test]
fn other_items_than_last_time_or_than_above_are_not_shown() {
    let first = now(&[table("가", &[("30대", 20), ("40대", 30)])]);
    let again = screen(&[table("가", &[("30~34세", 8), ("35~49세", 42)])], &tree(FLAT), &[first]);
    assert_eq!(told(&again), ["가: other-items"]);
    let both = now(&[table("가", &[("30대", 20), ("40대", 30)]), table("가.1", &[("청년", 8), ("중년", 9)])]);
    assert_eq!(told(&both), ["가: 20 30", "가.1: other-items"]);
    // Fewer items are the same items: what is left out is 0.
    let both = now(&[table("가", &[("30대", 20), ("40대", 30)]), table("가.1", &[("30대", 8), ("40대", 9)])]);
    assert_eq!(told(&both), ["가: 20 30", "가.1: 8 9"]);
}

#[test]
fn a_table_that_contradicts_those_below_it_is_withheld_until_somebody_has_looked() {
    let both = now(&[table("가", &[("남성", 20), ("여성", 30)]), table("가.1", &[("남성", 25), ("여성", 5)])]);
    assert_eq!(told(&both), ["가: uneven", "가.1: 25 5"]);
}

#[test]
fn a_word_hidden_in_one_table_is_hidden_in_every_table_of_the_same_people() {
    let groups = table_of(Attribute::Priority, "가", &[("장애인", 10), ("고령자", 20), ("해당 없음", 30)]);
    let disability = table_of(Attribute::Disability, "가", &[("장애인", 56), ("해당 없음", 4)]);
    let shown = screen(&[groups.clone(), disability.clone()], &tree(FLAT), &[]);
    assert_eq!(told(&shown), ["가: [10] [20] 30", "가: [56] [4!]"]);
    let swapped = screen(&[disability, groups], &tree(FLAT), &[]);
    assert_eq!(told(&swapped), told(&shown), "the order handed in plays no part");
}

#[test]
fn what_was_withheld_before_teaches_nothing_and_what_is_left_out_now_is_remembered() {
    let upper = table("가", &[("청년", 13), ("중년", 40)]);
    let first = screen(std::slice::from_ref(&upper), &tree(FLAT), &[]);
    assert_eq!(told(&first), ["가: 13 40"]);
    // Next time a table of 가.1 alone comes: 가 is still on people's disks, and 가 less 가.1 is small.
    let lower = table("가.1", &[("청년", 10), ("중년", 20)]);
    let second = screen(std::slice::from_ref(&lower), &tree(FLAT), &[first]);
    assert_eq!(told(&second), ["가.1: [10] [20]"]);
    let withheld = vec![Screened { marks: vec![Mark::Open; 2], table: upper, withheld: Some(Withheld::Unprotected) }];
    assert_eq!(told(&screen(&[lower], &tree(FLAT), &[withheld])), ["가.1: 10 20"]);
}
