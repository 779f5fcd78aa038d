//! 광진구: two promises over one series, 47 programs said, parts and a rest.
//!
//! Owns: the numbers of this district as they were published. Does not own: anything said of all districts.
//! What a newcomer gets wrong: adding people selected for public work to the jobs of the year.

use super::*;

#[test]
fn keeps_two_promises_over_one_series() {
    let gwangjin = district("gwangjin");
    let (four, total, sum) = promise(&gwangjin, "종합-2023", "공공-4년");
    assert_eq!(four, [(2023, 6000), (2024, 6000), (2025, 6000), (2026, 6000)]);
    assert_eq!((total, sum), (24_000, 24_000));
    let (five, total, sum) = promise(&gwangjin, "종합-2023", "공약-5년");
    assert_eq!(five.first(), Some(&(2022, 6000)));
    assert_eq!((five.len(), total, sum), (5, 30_000, 30_000));
    let sets = [gwangjin.target_set("공공-4년"), gwangjin.target_set("공약-5년")].map(|set| set.expect("the set"));
    assert_eq!(sets[0].indicator, sets[1].indicator);
    assert!(sets.iter().all(|set| set.counts_field(Field::Direct) && !set.counts_field(Field::Training)));
}

#[test]
fn says_47_programs_and_names_21() {
    let report = report("gwangjin");
    let gwangjin = report.district.as_ref().expect("a district");
    let term = gwangjin.plan("종합-2023").expect("the term plan");
    let said = |level: &str| term.declared_counts[level].count();
    let named = |level: &str| term.nodes.iter().filter(|node| term.level_name(node) == level).count();
    assert_eq!((said("전략"), named("전략")), (Some(6), 5));
    assert_eq!((said("실천과제"), named("실천과제")), (Some(33), 0));
    assert_eq!((said("사업"), named("사업")), (Some(47), 21));
    let said_so = report.problems.iter().find(|problem| {
        problem.code.as_str() == "declared-count"
            && &*problem.place.file == "term-2023.yaml"
            && problem.expected.ko.contains("47")
    });
    let said_so = said_so.expect("the check says that 47 are not named");
    assert!(said_so.found.ko.contains("21"), "{}", said_so.found.ko);
    let year = gwangjin.plan("연차-2025").expect("the plan of 2025");
    let said = |level: &str| year.declared_counts[level].count();
    assert_eq!(
        ["전략", "세부과제", "사업", "단위사업", "부서"].map(said),
        [Some(5), Some(30), Some(64), Some(126), Some(25)]
    );
    assert_eq!(year.declared_budget[&Year(2025)].won(), Some(Won(55_700_000_000)));
}

#[test]
fn results_enter_as_parts_and_a_rest() {
    let gwangjin = district("gwangjin");
    let first = result(&gwangjin, "2023-공공");
    let parts: Vec<(&str, Option<i64>)> =
        first.parts.iter().map(|part| (part.node.as_str(), part.figure.count())).collect();
    assert_eq!(parts, [("어르신일자리", Some(2624)), ("장애인일자리", Some(157))]);
    assert_eq!((first.figure.count(), first.rest()), (Some(6197), Some(3416)));
    let counts = results_to_counts(&gwangjin);
    assert!(counts.iter().all(|count| count.unit == Unit::Jobs), "people selected or insured are no jobs");
    let of = |year: i16| counts.iter().filter(move |count| count.period.first().year() == Year(year));
    assert_eq!(
        of(2023).map(|count| (count.n, count.rest)).collect::<Vec<_>>(),
        [(2624, false), (157, false), (3416, true)]
    );
    assert_eq!(of(2023).map(|count| count.n).sum::<i64>(), 6197);
    assert_eq!(of(2024).map(|count| count.n).collect::<Vec<_>>(), [6318]);
    assert_eq!(of(2025).map(|count| count.n).collect::<Vec<_>>(), [6570]);
    assert_eq!(of(2022).count() + of(2026).count(), 0, "nothing is known of 2022 and 2026");
}

#[test]
fn insured_people_are_kept_with_their_dates() {
    let gwangjin = district("gwangjin");
    let insured = result(&gwangjin, "2024-피보험자");
    assert_eq!(insured.measure, Measure::People);
    assert_eq!(insured.figure.count(), Some(66_942));
    assert_eq!(insured.figure.as_of.map(|when| when.to_string()).as_deref(), Some("2024-11-30"));
    let promised = |year: i16| gwangjin.targets("피보험자", Year(year)).in_force().and_then(Figure::count);
    assert_eq!((promised(2024), promised(2025), promised(2023)), (Some(66_500), Some(66_500), None));
}

#[test]
fn rounds_of_public_work_add_up() {
    let gwangjin = district("gwangjin");
    for (round, whole, fields) in [
        ("동행-2024하", 306, [("경제", 18), ("신체", 56), ("안전", 75), ("디지털", 5), ("기후", 152)]),
        ("동행-2026상", 332, [("경제", 15), ("돌봄", 36), ("안전", 111), ("디지털", 4), ("기후", 166)]),
    ] {
        assert_eq!(statistic(&gwangjin, round).figure.count(), Some(whole));
        let mut sum = 0;
        for (field, number) in fields {
            let figure = &statistic(&gwangjin, &format!("{round}-{field}")).figure;
            assert_eq!((figure.count(), figure.measure), (Some(number), Measure::People), "{round} {field}");
            sum += number;
        }
        assert_eq!(sum, whole, "{round}");
    }
    assert_eq!(statistic(&gwangjin, "동행-2026상-시급").figure.won(), Some(Won(10_320)));
    let direct = ["2011-직접", "2011-간접"].map(|id| statistic(&gwangjin, id).figure.count().expect("a count"));
    assert_eq!(statistic(&gwangjin, "2011-일자리").figure.count(), Some(direct.iter().sum()));
}
