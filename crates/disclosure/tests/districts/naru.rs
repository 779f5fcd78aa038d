//! 나루구(예시): invented, complete, and at peace with itself.
//!
//! Owns: that every construct is used and every sum holds. Does not own: what the demo records there.
//! What a newcomer gets wrong: adding a sum where people are recorded one by one.

use super::*;

#[test]
fn is_invented_and_complete() {
    let naru = district("naru");
    assert!(naru.is_sample);
    assert!(naru.sources.values().all(|source| source.kind == SourceKind::Sample));
    assert_eq!(naru.departments.len(), 9);
    assert!(naru.departments.iter().all(|department| !department.teams.is_empty()));
    let term = naru.plan("종합-2023").expect("the term plan");
    let at = |level: &str| term.nodes.iter().filter(|node| term.level_name(node) == level).collect::<Vec<_>>();
    assert_eq!(["전략", "실천과제", "사업", "단위사업"].map(|level| at(level).len()), [5, 12, 31, 48]);
    let fields: BTreeSet<Field> = at("사업").iter().filter_map(|node| term.field(&node.id)).collect();
    assert_eq!(fields.len(), 8, "every 부문 but 미상");
    for program in at("사업") {
        let name = &program.name;
        assert!(program.responsible.as_ref().is_some_and(|one| one.team.is_some()), "{name}: team");
        assert!(program.period.is_some() && program.standing.is_some() && program.content.is_some(), "{name}");
        assert!(!program.audience.is_empty() && !program.guidelines.is_empty() && !program.rules.is_empty(), "{name}");
        for year in (2023..=2026).map(Year) {
            let budget = term.budget(&program.id, year).expect("money of every year");
            assert_eq!(budget.planned.known_sum(), (budget.planned.amount(), true), "{name} {year}");
        }
        assert!(program.targets.values().all(|values| values.years.len() == 4), "{name}");
    }
    let aggregations: BTreeSet<&str> = term.indicators.iter().map(|indicator| indicator.aggregation.as_str()).collect();
    assert_eq!(aggregations, ["마지막", "비율", "평균", "합"].into());
    assert_eq!(term.sum_tables.len(), 2);
    assert!(term.chapters.len() >= 3);
}

#[test]
fn year_2026_raises_one_target_and_lowers_one_with_a_reason() {
    let naru = district("naru");
    let both = |node: &str, set: &str| {
        let at = naru.node_targets(node, set, Year(2026));
        (at.term.and_then(Figure::count), at.yearly.and_then(Figure::count))
    };
    assert_eq!(both("3-2", "일자리"), (Some(600), Some(620)));
    assert_eq!(both("1-3-3", "일자리"), (Some(80), Some(60)));
    assert_eq!(both(ROOT, "일자리"), (Some(6200), Some(6200)));
    let lowered = naru.node_targets("1-3-3", "일자리", Year(2026)).yearly.and_then(|figure| figure.reason.clone());
    assert!(lowered.is_some_and(|reason| reason.contains("훈련기관")));
    let year = naru.plan("연차-2026").expect("the plan of 2026");
    assert_eq!((year.kind, year.has_tree), (PlanKind::Yearly, true));
    assert!(!naru.plan("연차-2025").expect("the plan of 2025").has_tree);
}

#[test]
fn has_no_sums_where_people_are_recorded_one_by_one() {
    let naru = district("naru");
    let one_by_one: BTreeSet<&str> =
        naru.plans.iter().flat_map(|plan| &plan.nodes).map(|node| node.id.as_str()).collect();
    let year = Year(2026);
    let tree = naru.tree_in_force(year).expect("a tree");
    let one_by_one: Vec<&str> =
        one_by_one.into_iter().filter(|id| tree.counting(id, year) == Some(Counting::Individual)).collect();
    assert!(one_by_one.len() >= 3, "{one_by_one:?}");
    let counts = results_to_counts(&naru);
    for count in counts.iter().filter(|count| count.period.first().year() == year) {
        assert!(!one_by_one.contains(&count.node.as_str()), "{}: a sum beside single entries", count.place);
        let below = tree.descendants(&count.node);
        let mixed = below.iter().find(|node| one_by_one.contains(&node.id.as_str()));
        assert!(mixed.is_none(), "{}: a sum above single entries", count.place);
    }
}

#[test]
fn results_of_a_year_are_what_the_ledger_would_hold() {
    let naru = district("naru");
    let counts = results_to_counts(&naru);
    let jobs = |node: &str, year: i16| -> i64 {
        let of = |count: &&CountProposal| {
            count.unit == Unit::Jobs
                && count.period.first().year() == Year(year)
                && (count.node == node || count.node.starts_with(&format!("{node}-")))
        };
        counts.iter().filter(of).map(|count| count.n).sum()
    };
    assert_eq!(jobs("3-2-1", 2025), 452, "129 of the second quarter was restated as 124");
    assert_eq!(jobs("3-2-2", 2025), 136, "two cumulative numbers");
    assert_eq!(jobs("3-2", 2025), 588);
    assert_eq!(jobs("1-1-1", 2025), 641);
    assert_eq!(jobs("5-1-2", 2024), 0, "약");
    let taken_back: Vec<i64> = counts.iter().filter(|count| count.correction.is_some()).map(|count| count.n).collect();
    assert_eq!(taken_back, [-5]);
    let rests = counts.iter().filter(|count| count.rest && count.period.first().year() == Year(2023) && count.n > 0);
    assert_eq!(rests.map(|count| count.node.as_str()).collect::<BTreeSet<_>>(), ["1-1-1", "1-2-1"].into());
}
