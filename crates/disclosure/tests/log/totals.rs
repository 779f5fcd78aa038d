//! Totals are a fold of leaves: whatever the order, to the unit.

use std::collections::BTreeMap;

use iljari_base::Year;
use iljari_disclosure::log::rollup::{PlanTree, RollUpProblem, TreeProblem, roll_up};
use iljari_disclosure::log::totals::{Key, Source, Split, TotalsProblem, fold};
use iljari_disclosure::log::words::{Field, Grade, NodeId, Unit};
use iljari_disclosure::log::{Body, Leaf};
use proptest::prelude::*;

use crate::fixture::{self, correction, count, id, job, leaf, leaves, node, seniors, slot, tree, youth};

fn key(year: i16, node: &str, unit: Unit, field: Field) -> Key {
    Key { year: Year(year), node: node.parse().expect("a node"), unit, field }
}

#[test]
fn a_correction_belongs_to_the_split_of_the_leaf_it_answers() {
    let (own, problems) = fold(&leaves());
    assert_eq!(problems, []);
    let split = own[&key(2023, "어르신", Unit::Jobs, Field::Direct)];
    assert_eq!(split, Split { records: 1, sums: 122, press: 0 });
    assert_eq!(own[&key(2023, "청년", Unit::Jobs, Field::Private)], Split { records: 0, sums: 0, press: 40 });
    let gone = [job("hong", seniors()), correction("left", "hong", seniors(), -1)];
    assert_eq!(fold(&gone).0[&key(2023, "어르신", Unit::Jobs, Field::Direct)], Split::default());
    // A correction of a correction stays in the split of the first.
    let back = [
        leaf("p", Body::Count { slot: youth(), n: 9, grade: Grade::Press, rest: false }),
        correction("q", "p", youth(), -4),
        correction("r", "q", youth(), 2),
    ];
    assert_eq!(fold(&back).0[&key(2023, "청년", Unit::Jobs, Field::Private)].press, 7);
}

#[test]
fn a_leaf_counts_in_the_year_of_its_first_month() {
    let across = slot("어르신", 202312, 202402, Field::Direct, Unit::Jobs);
    let (own, _) = fold(&[count("a", across, 3, Grade::Sum)]);
    assert_eq!(own.keys().map(|key| key.year).collect::<Vec<_>>(), [Year(2023)]);
}

#[test]
fn the_published_parts_and_cumulative_figures_add_up() {
    let year = |from, to| slot("전체", from, to, Field::Unknown, Unit::Jobs);
    let own = |leaves: &[Leaf]| fold(leaves).0.values().map(|split| split.total()).sum::<i64>();
    assert_eq!(
        own(&[
            count("a", year(202201, 202209), 13_262, Grade::Sum),
            count("b", year(202210, 202212), 1_693, Grade::Sum)
        ]),
        14_955
    );
    let rest = Body::Count { slot: year(202301, 202312), n: 3_416, grade: Grade::Press, rest: true };
    assert_eq!(
        own(&[
            count("c", year(202301, 202312), 2_624, Grade::Press),
            count("d", year(202301, 202312), 157, Grade::Press),
            leaf("e", rest)
        ]),
        6_197
    );
}

#[test]
fn inconsistencies_are_told_never_swallowed() {
    let problems = |leaves: &[Leaf]| fold(leaves).1;
    let first = count("a", seniors(), 10, Grade::Sum);
    let late = correction("fix", "a", seniors(), -3);
    assert_eq!(
        problems(&[late.clone(), first.clone()]),
        [TotalsProblem::NoEarlierLeaf { index: 0, id: id("fix"), of: id("a") }]
    );
    assert_eq!(problems(&[first.clone(), late]), []);
    let other_slots = [
        slot("청년", 202301, 202312, Field::Direct, Unit::Jobs),
        slot("어르신", 202401, 202412, Field::Direct, Unit::Jobs),
        slot("어르신", 202301, 202312, Field::Other, Unit::Jobs),
        slot("어르신", 202301, 202312, Field::Direct, Unit::Visits),
    ];
    for elsewhere in other_slots {
        let found = problems(&[first.clone(), correction("fix", "a", elsewhere, -3)]);
        assert_eq!(found, [TotalsProblem::OtherSlot { index: 1, id: id("fix"), of: id("a") }]);
    }
    let of_a_plan = [leaves()[0].clone(), correction("fix", "plan", seniors(), -3)];
    assert!(matches!(problems(&of_a_plan)[..], [TotalsProblem::NoEarlierLeaf { .. }]));
    assert_eq!(
        problems(&[first.clone(), correction("fix", "a", seniors(), -11)]),
        [TotalsProblem::BelowZero {
            key: key(2023, "어르신", Unit::Jobs, Field::Direct), source: Source::Sums, n: -1
        }]
    );
    // Enough in another split does not help.
    let press = Body::Count { slot: seniors(), n: 100, grade: Grade::Press, rest: false };
    assert!(matches!(
        problems(&[first.clone(), leaf("p", press), correction("fix", "a", seniors(), -11)])[..],
        [TotalsProblem::BelowZero { source: Source::Sums, .. }]
    ));
    assert_eq!(problems(&[first.clone(), first.clone()]), [TotalsProblem::DuplicateId { index: 1, id: id("a") }]);
    let Body::Job { slot, grade, commit } = job("hong", seniors()).body().clone() else { panic!("a job") };
    let copy = leaf("copy", Body::Job { slot, grade, commit });
    assert_eq!(
        problems(&[job("hong", seniors()), copy]),
        [TotalsProblem::DuplicateCommitment { index: 1, id: id("copy") }]
    );
}

#[test]
fn totals_roll_up_along_the_tree_of_their_year() {
    let (own, _) = fold(&leaves());
    let (lines, problems) = roll_up(&own, &tree(), Year(2023));
    assert_eq!(problems, []);
    let line = |node: &str, unit: Unit, field: Option<Field>| {
        let line = lines.iter().find(|line| line.node.as_str() == node && line.unit == unit && line.field == field);
        line.map(|line| (line.whole.total(), line.own.total()))
    };
    assert_eq!(line("전체", Unit::Jobs, None), Some((163, 0)));
    assert_eq!(line("전체", Unit::Jobs, Some(Field::Direct)), Some((123, 0)));
    assert_eq!(line("전체", Unit::Jobs, Some(Field::Private)), Some((40, 0)));
    assert_eq!(line("전체", Unit::Visits, None), Some((12, 0)));
    assert_eq!(line("어르신", Unit::Jobs, None), Some((123, 123)));
    assert_eq!(line("청년", Unit::Visits, Some(Field::Training)), Some((12, 0)));
    assert_eq!(line("청년.1", Unit::Visits, Some(Field::Training)), Some((12, 12)));
    // Unknown is not 0: nothing was ever counted there.
    assert_eq!(line("청년.1", Unit::Jobs, None), None);
    // Later years than the disclosed one stay out.
    assert!(roll_up(&own, &tree(), Year(2022)).0.is_empty());
    let (_, problems) = roll_up(&own, &PlanTree::default(), Year(2023));
    assert!(problems.iter().all(|problem| matches!(problem, RollUpProblem::UnknownNode(_))) && !problems.is_empty());
}

#[test]
fn what_is_no_tree_is_refused() {
    let root = || node(2023, "전체", "", "전체");
    let problems = |nodes: Vec<_>| PlanTree::new(nodes).expect_err("no tree");
    let place = |name: &str| (Year(2023), name.parse::<NodeId>().expect("a node"));
    let (year, a) = place("a");
    assert_eq!(problems(vec![node(2023, "a", "전체", "가")]).len(), 2);
    assert_eq!(problems(vec![root(), node(2023, "a", "b", "가")]), [TreeProblem::UnknownParent(year, a.clone())]);
    assert_eq!(problems(vec![root(), node(2023, "a", "", "가")]), [TreeProblem::Rootless(year, a.clone())]);
    assert_eq!(
        problems(vec![root(), node(2023, "a", "전체", "가"), node(2023, "a", "전체", "나")]),
        [TreeProblem::Twice(year, a.clone())]
    );
    assert_eq!(
        problems(vec![root(), node(2023, "a", "b", "가"), node(2023, "b", "a", "나")]),
        [TreeProblem::Cycle(year, a.clone()), TreeProblem::Cycle(year, place("b").1)]
    );
    for name in ["", " 가", "가\n나", "\u{1100}\u{1161}", "가\u{200b}", &"가".repeat(201)] {
        assert_eq!(problems(vec![root(), node(2023, "a", "전체", name)]), [TreeProblem::BadName(year, a.clone())]);
    }
    // A year with a tree says nothing about the year after.
    assert!(PlanTree::new([root(), node(2024, "a", "전체", "가")]).is_err());
}

/// A log of counts, jobs and corrections of what stands before.
fn arbitrary_log() -> impl Strategy<Value = Vec<Leaf>> {
    let step = (0_usize..4, 0_i64..50, 0_usize..3, any::<prop::sample::Index>(), any::<bool>());
    prop::collection::vec(step, 0..40).prop_map(|steps| {
        let slots = [seniors(), youth(), slot("청년.1", 202301, 202306, Field::Training, Unit::Visits)];
        let mut log: Vec<Leaf> = Vec::new();
        for (number, (kind, n, which, answered, press)) in steps.into_iter().enumerate() {
            let label = format!("leaf {number}");
            let grade = if press { Grade::Press } else { Grade::Employer };
            log.push(match kind {
                0 => job(&label, seniors()),
                1 if !log.is_empty() => {
                    let target = answered.get(&log).clone();
                    let Some(slot) = target.slot().cloned() else { continue };
                    let body = Body::Correction {
                        of: target.id(),
                        slot,
                        n: n + 1,
                        grade,
                        why: iljari_disclosure::log::words::Why::Omission,
                    };
                    leaf(&label, body)
                }
                _ => count(&label, slots[which].clone(), n, grade),
            });
        }
        log
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_are_the_fold_whatever_the_order(log in arbitrary_log(), seed in any::<u64>()) {
        let (forward, problems) = fold(&log);
        prop_assert!(problems.is_empty());
        // Any order in which no correction stands before what it answers.
        let mut waiting: Vec<Leaf> = log.clone();
        let mut shuffled: Vec<Leaf> = Vec::new();
        let mut chance = seed;
        while !waiting.is_empty() {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (chance >> 33) as usize % waiting.len();
            let ready = match waiting[place].body() {
                Body::Correction { of, .. } => shuffled.iter().any(|leaf| leaf.id() == *of),
                _ => true,
            };
            if ready {
                shuffled.push(waiting.swap_remove(place));
            }
        }
        let (other, problems) = fold(&shuffled);
        prop_assert!(problems.is_empty());
        prop_assert_eq!(&forward, &other);
        // And the sum over everything is the sum of the amounts.
        let by_hand: i64 = log.iter().map(Leaf::amount).sum();
        prop_assert_eq!(forward.values().map(|split| split.total()).sum::<i64>(), by_hand);
        // The root's line over all fields is that sum again, unit by unit.
        let (lines, unplaced) = roll_up(&forward, &fixture::tree(), Year(2023));
        prop_assert!(unplaced.is_empty());
        let mut by_unit: BTreeMap<Unit, i64> = BTreeMap::new();
        for (key, split) in &forward {
            *by_unit.entry(key.unit).or_default() += split.total();
        }
        for line in lines.iter().filter(|line| line.node.is_root() && line.field.is_none()) {
            prop_assert_eq!(line.whole.total(), by_unit[&line.unit]);
        }
    }
}
