//! The three districts of the repository, read as the checker and the pages read them.
//!
//! Owns: that the two real districts hold published facts only, each with its source, and that the
//! numbers agree with each other as they were published. Does not own: the checker's rules (the
//! faulty files try those). What a newcomer gets wrong: mending a warning of a real district by
//! making something up. The expected warnings stand below; a new one needs a look, not a fix.

#![expect(clippy::expect_used, reason = "a test that cannot read its district has failed")]

#[path = "districts/eunpyeong.rs"]
mod eunpyeong;
#[path = "districts/gwangjin.rs"]
mod gwangjin;
#[path = "districts/naru.rs"]
mod naru;

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
