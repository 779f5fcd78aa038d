//! The three districts of the repository, read as the checker and the pages read them.
//!
//! Owns: that the two real districts hold published facts only, each with its source, and that the
//! numbers agree with each other as they were published. Does not own: the checker's rules (the
//! faulty files try those). What a newcomer gets wrong: mending a warning of a real district by
//! making something up. The expected warnings stand below; a new one needs a look, not a fix.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iljari_base::{Won, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{
    self, Amount, CountProposal, Counting, District, Figure, Funding, Measure, PlanKind, PublishedResult, ROOT, Report,
    Severity, SourceKind, Statistic, YearFigures, results_to_counts,
};

const REAL: [&str; 2] = ["gwangjin", "eunpyeong"];

fn report(name: &str) -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts").join(name);
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .expect("the district's folder")
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    plan::check(&files)
}

fn district(name: &str) -> District {
    report(name).district.expect("a district")
}

/// How often each code of one weight was said.
fn codes(report: &Report, severity: Severity) -> BTreeMap<&'static str, usize> {
    let mut codes = BTreeMap::new();
    for problem in report.problems.iter().filter(|problem| problem.severity == severity) {
        *codes.entry(problem.code.as_str()).or_default() += 1;
    }
    codes
}

fn of_years<'a>(values: &'a YearFigures, found: &mut Vec<&'a Figure>) {
    found.extend(values.years.values().chain(&values.total));
}

fn of_funding<'a>(funding: &'a Funding, found: &mut Vec<&'a Figure>) {
    found.extend(funding.funds().into_iter().filter_map(|(_, figure)| figure).chain(&funding.total));
}

/// Every figure of a district, walked here once more so that the checker's own walk is not trusted.
fn figures(district: &District) -> Vec<&Figure> {
    let mut found = Vec::new();
    for plan in &district.plans {
        found.extend(plan.declared_counts.values().chain(plan.declared_budget.values()));
        plan.target_sets.iter().for_each(|set| of_years(&set.values, &mut found));
        for node in &plan.nodes {
            node.targets.values().for_each(|values| of_years(values, &mut found));
            for budget in node.budget.values() {
                of_funding(&budget.planned, &mut found);
                of_funding(&budget.spent, &mut found);
            }
        }
        for table in &plan.sum_tables {
            table.by_field.iter().for_each(|(_, row)| of_years(row, &mut found));
            table.by_department.iter().for_each(|(_, row)| of_years(row, &mut found));
            table.field_total.iter().chain(&table.department_total).for_each(|row| of_years(row, &mut found));
        }
    }
    for result in &district.results {
        found.push(&result.figure);
        found.extend(result.parts.iter().map(|part| &part.figure));
        found.extend(result.printed_target.iter().map(|target| &target.figure));
        found.extend(result.department_count.iter().chain(&result.project_count));
        of_funding(&result.spent, &mut found);
    }
    found.extend(district.all_statistics().map(|statistic| &statistic.figure));
    found.extend(district.all_developments().filter_map(|development| development.expected_jobs.as_ref()));
    found
}

fn result<'a>(district: &'a District, id: &str) -> &'a PublishedResult {
    district.results.iter().find(|result| result.id.as_deref() == Some(id)).expect("a result of that id")
}

fn statistic<'a>(district: &'a District, id: &str) -> &'a Statistic {
    district.all_statistics().find(|statistic| statistic.id == id).expect("a statistic of that id")
}

/// Values of a target set year by year, the total as written, and the sum.
fn promise(district: &District, label: &str, set: &str) -> (Vec<(i16, i64)>, i64, i64) {
    let values = &district.plan(label).expect("the plan").target_set(set).expect("the set").values;
    let years = values.years.iter().map(|(year, figure)| (year.0, figure.count().expect("a count"))).collect();
    let total = values.total.as_ref().and_then(Figure::count).expect("a total");
    (years, total, values.sum().expect("years that add up"))
}

/// What the ledger would hold of a node in a year, as (first month, last month, number, rest).
fn entered(counts: &[CountProposal], node: &str, year: i16) -> Vec<(String, i64, bool)> {
    let of_year = |count: &&CountProposal| count.node == node && count.period.first().year() == Year(year);
    counts.iter().filter(of_year).map(|count| (count.period.to_string(), count.n, count.rest)).collect()
}

#[test]
fn no_district_has_an_error() {
    for name in ["gwangjin", "eunpyeong", "naru"] {
        let report = report(name);
        let errors: Vec<String> = report
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| format!("{} {} {}", problem.place, problem.code.as_str(), problem.title.ko))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert!(report.district.is_some(), "{name}");
    }
}

#[test]
fn the_warnings_of_the_districts_are_the_known_ones() {
    let known = |list: &[(&'static str, usize)]| list.iter().copied().collect::<BTreeMap<_, _>>();
    let gwangjin = known(&[
        // six strategies said and five named; 47 programs said and 21 named; 64 and 11 in 2025
        ("declared-count", 3),
        // private jobs of the 7th term, twice, and the insured
        ("no-definition", 3),
        ("no-reference-date", 2),
        // what 70 % of private jobs is a share of
        ("rate-undefined", 1),
    ]);
    let eunpyeong = known(&[
        // 17 tasks said and five named; 158 programs said and one named in 2023
        ("declared-count", 2),
        ("no-definition", 1),
        ("rate-undefined", 1),
        ("working-age-share", 1),
    ]);
    assert_eq!(codes(&report("gwangjin"), Severity::Warning), gwangjin);
    assert_eq!(codes(&report("eunpyeong"), Severity::Warning), eunpyeong);
    assert_eq!(codes(&report("naru"), Severity::Warning), BTreeMap::new());
}

#[test]
fn every_figure_of_a_real_district_has_a_listed_source() {
    for (name, at_least) in [("gwangjin", 70), ("eunpyeong", 40)] {
        let district = district(name);
        assert!(!district.is_sample, "{name}");
        let figures = figures(&district);
        assert!(figures.len() >= at_least, "{name}: only {} figures were walked", figures.len());
        for figure in figures {
            assert!(!figure.sources.is_empty(), "{name} {}: {} has no source", figure.place, figure.text());
            for source in &figure.sources {
                assert!(district.sources.contains_key(source), "{name} {}: {source} is not listed", figure.place);
            }
        }
    }
}

#[test]
fn real_districts_cite_no_invented_source_and_name_no_unknown_department() {
    for name in REAL {
        let district = district(name);
        assert!(district.sources.values().all(|source| source.kind != SourceKind::Sample), "{name}");
        assert!(!district.departments_known, "{name}: no source lists the departments");
        let named: BTreeSet<&str> = district
            .plans
            .iter()
            .flat_map(|plan| &plan.nodes)
            .filter_map(|node| node.responsible.as_ref())
            .map(|responsible| responsible.department.as_str())
            .collect();
        let known: &[&str] = if name == "gwangjin" { &["지역경제과"] } else { &[] };
        assert_eq!(named, known.iter().copied().collect(), "{name}");
    }
}

#[test]
fn a_number_of_a_real_district_without_a_source_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts/eunpyeong");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a readable file");
    let results = read("results.yaml");
    let without = results.replacen("    출처: S9\n", "", 1);
    assert_ne!(results, without);
    let files = [("district.yaml", read("district.yaml")), ("results.yaml", without)];
    let report = plan::check(&files);
    assert!(report.problems.iter().any(|problem| problem.code.as_str() == "no-source"));
}

#[test]
fn districts_have_their_codes_and_dongs() {
    for (name, code, called, dongs) in
        [("gwangjin", "11215", "광진구", 15), ("eunpyeong", "11380", "은평구", 16), ("naru", "99001", "나루구", 12)]
    {
        let district = district(name);
        assert_eq!(district.code.to_string(), code);
        assert_eq!(district.name, called);
        assert_eq!(district.dongs.iter().collect::<BTreeSet<_>>().len(), dongs, "{name}");
    }
}

#[test]
fn gwangjin_keeps_two_promises_over_one_series() {
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
fn gwangjin_says_47_programs_and_names_21() {
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
fn gwangjin_results_enter_as_parts_and_a_rest() {
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
fn gwangjin_insured_people_are_kept_with_their_dates() {
    let gwangjin = district("gwangjin");
    let insured = result(&gwangjin, "2024-피보험자");
    assert_eq!(insured.measure, Measure::People);
    assert_eq!(insured.figure.count(), Some(66_942));
    assert_eq!(insured.figure.as_of.map(|when| when.to_string()).as_deref(), Some("2024-11-30"));
    let promised = |year: i16| gwangjin.targets("피보험자", Year(year)).in_force().and_then(Figure::count);
    assert_eq!((promised(2024), promised(2025), promised(2023)), (Some(66_500), Some(66_500), None));
}

#[test]
fn gwangjin_rounds_of_public_work_add_up() {
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

#[test]
fn eunpyeong_years_sum_to_51200_and_2025_has_both_layers() {
    let eunpyeong = district("eunpyeong");
    let (years, total, sum) = promise(&eunpyeong, "종합-2023", "일자리");
    assert_eq!(years, [(2023, 12_515), (2024, 12_703), (2025, 12_894), (2026, 13_088)]);
    assert_eq!((total, sum), (51_200, 51_200));
    let at = eunpyeong.targets("일자리", Year(2025));
    assert_eq!(at.term.and_then(Figure::count), Some(12_894));
    assert_eq!(at.yearly.and_then(Figure::count), Some(13_931));
    assert_eq!(at.in_force().and_then(Figure::count), Some(13_931));
    assert!(at.revised());
    assert_eq!(eunpyeong.targets("일자리", Year(2022)).in_force().and_then(Figure::count), Some(12_270));
    let rate = |year: i16| {
        let at = eunpyeong.targets("고용률", Year(year));
        [at.term, at.yearly].map(|figure| figure.and_then(Figure::percent).map(|percent| percent.to_string()))
    };
    let both = |term: Option<&str>, yearly: Option<&str>| [term, yearly].map(|text| text.map(str::to_owned));
    assert_eq!(rate(2023), both(None, Some("65%")));
    assert_eq!(rate(2024), both(Some("65.1%"), Some("67.5%")));
    assert_eq!(rate(2025), both(None, Some("68.7%")), "65.2 % would be an inference");
    assert_eq!(rate(2026), both(Some("65.3%"), None));
}

#[test]
fn eunpyeong_cumulative_results_enter_as_differences() {
    let eunpyeong = district("eunpyeong");
    let counts = results_to_counts(&eunpyeong);
    let first = ("2022-01 ~ 2022-09".to_owned(), 13_262, false);
    let then = ("2022-10 ~ 2022-12".to_owned(), 1_693, false);
    let of_2022: Vec<(String, i64, bool)> = counts
        .iter()
        .filter(|count| count.period.first().year() == Year(2022))
        .map(|count| (format!("{} ~ {}", count.period.first(), count.period.last()), count.n, count.rest))
        .collect();
    assert_eq!(of_2022, [first, then]);
    assert_eq!(of_2022.iter().map(|(_, n, _)| n).sum::<i64>(), 14_955);
    assert_eq!(entered(&counts, ROOT, 2023).iter().map(|(_, n, _)| *n).collect::<Vec<_>>(), [14_434]);
    assert!(entered(&counts, ROOT, 2024).is_empty(), "약 enters no exact total");
    let about = result(&eunpyeong, "2024-12월");
    assert!(!about.figure.exact);
    assert_eq!(about.figure.amount, Amount::Count(14_700));
    assert_eq!(about.figure.as_printed.as_deref(), Some("14,700여"));
}

#[test]
fn eunpyeong_printed_rates_stand_beside_the_computed_ones() {
    let report = report("eunpyeong");
    let eunpyeong = report.district.as_ref().expect("a district");
    let year = result(eunpyeong, "2022-12월");
    assert_eq!(year.printed_rate.as_ref().map(|rate| rate.percent.to_string()).as_deref(), Some("121%"));
    assert_eq!(codes(&report, Severity::Note).get("printed-rate-cut"), Some(&1), "121.9 % printed as 121 %");
    assert_eq!(codes(&report, Severity::Warning).get("printed-rate"), None);
}

#[test]
fn the_wrong_label_of_425469_is_kept_and_doubted() {
    let report = report("eunpyeong");
    let eunpyeong = report.district.as_ref().expect("a district");
    let people = statistic(eunpyeong, "경제활동인구");
    assert_eq!(people.figure.count(), Some(425_469));
    assert_eq!(people.printed_name.as_deref(), Some("15세 이상 경제활동인구"));
    assert_eq!(statistic(eunpyeong, "주민").figure.count(), Some(468_988));
    assert_eq!(
        statistic(eunpyeong, "청년비중").figure.percent().map(|percent| percent.to_string()).as_deref(),
        Some("25.02%")
    );
    let doubt = report.problems.iter().find(|problem| problem.code.as_str() == "working-age-share");
    let doubt = doubt.expect("the check doubts it");
    assert_eq!(doubt.severity, Severity::Warning);
    assert!(doubt.found.ko.contains("425,469"), "{}", doubt.found.ko);
}

#[test]
fn development_projects_hang_on_named_nodes() {
    let projects = |district: &District| -> Vec<String> {
        district.all_developments().map(|development| development.name.clone()).collect()
    };
    let (gwangjin, eunpyeong) = (district("gwangjin"), district("eunpyeong"));
    for name in ["2040 광진 플랜", "동서울터미널 현대화사업", "자양1촉진구역 첨단업무복합단지"]
    {
        assert!(projects(&gwangjin).iter().any(|project| project == name), "{name}");
    }
    for name in ["국립한국문학관", "기자촌 문화예술 특화마을"] {
        assert!(projects(&eunpyeong).iter().any(|project| project == name), "{name}");
    }
    for district in [&gwangjin, &eunpyeong] {
        for development in district.all_developments() {
            assert!(!development.linked.is_empty(), "{} is tied to nothing", development.name);
            assert!(!development.sources.is_empty(), "{} has no source", development.name);
            assert!(development.linked.iter().all(|node| district.knows_node(node)), "{}", development.name);
        }
    }
}

#[test]
fn naru_is_invented_and_complete() {
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
fn naru_2026_raises_one_target_and_lowers_one_with_a_reason() {
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
fn naru_has_no_sums_where_people_are_recorded_one_by_one() {
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
fn naru_results_of_a_year_are_what_the_ledger_would_hold() {
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
