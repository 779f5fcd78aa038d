//! The districts that come with the program: published facts stand in them as published.

use iljari_base::Year;
use iljari_disclosure::plan::{Code, District, Lang, Report, Severity, check, render_text, results_to_counts, show};

use crate::{folder, root};

fn report(name: &str) -> Report {
    check(&folder(&root().join("districts").join(name)))
}

fn district(name: &str) -> District {
    let report = report(name);
    assert!(!report.has_errors(), "{}", render_text(&report, Lang::Ko, false));
    report.district.expect("a district")
}

/// The ledger's sum of what was published for a year, over all nodes.
fn entered(district: &District, year: i16) -> i64 {
    results_to_counts(district)
        .iter()
        .filter(|count| count.period.first().year() == Year(year))
        .map(|count| count.n)
        .sum()
}

#[test]
fn every_district_passes_and_its_texts_can_be_printed() {
    for name in ["gwangjin", "eunpyeong", "naru"] {
        let district = district(name);
        assert!(show(&district, Lang::Ko).contains(&district.name));
        assert_eq!(district.is_sample, name == "naru");
    }
}

#[test]
fn eunpyeong_promises_51200_jobs_and_raises_2025() {
    let district = district("eunpyeong");
    let set = district
        .target_sets()
        .into_iter()
        .find(|set| set.values.total.as_ref().and_then(|total| total.count()) == Some(51_200))
        .expect("the promise of 51,200");
    assert_eq!(set.values.sum(), Some(51_200));
    let at = district.targets(&set.id, Year(2025));
    assert_eq!(at.term.and_then(|figure| figure.count()), Some(12_894));
    assert_eq!(at.yearly.and_then(|figure| figure.count()), Some(13_931));
    assert!(at.revised());
    assert_eq!(at.in_force().and_then(|figure| figure.count()), Some(13_931));
}

#[test]
fn eunpyeong_s_results_enter_once() {
    let district = district("eunpyeong");
    assert_eq!(entered(&district, 2022), 14_955);
    assert_eq!(entered(&district, 2023), 14_434);
    assert_eq!(entered(&district, 2024), 0, "14,700여 is about and enters nothing");
}

#[test]
fn gwangjin_s_results_enter_with_parts_and_rest() {
    let district = district("gwangjin");
    let of_2023: Vec<(i64, bool)> = results_to_counts(&district)
        .into_iter()
        .filter(|count| count.period.first().year() == Year(2023))
        .map(|count| (count.n, count.rest))
        .collect();
    assert_eq!(of_2023, [(2_624, false), (157, false), (3_416, true)]);
    assert_eq!(entered(&district, 2024), 6_318);
    assert_eq!(entered(&district, 2025), 6_570);
}

#[test]
fn the_doubts_about_real_plans_stay_visible() {
    let seen = |name: &str| -> Vec<Code> {
        report(name)
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Warning)
            .map(|problem| problem.code)
            .collect()
    };
    let gwangjin = seen("gwangjin");
    assert!(gwangjin.contains(&Code::DeclaredCount), "six strategies said, five named");
    assert!(gwangjin.contains(&Code::RateUndefined), "70 % of what");
    assert!(seen("eunpyeong").contains(&Code::RateUndefined), "65.3 % of whom");
    let shares = report("eunpyeong").problems.iter().filter(|problem| problem.code == Code::WorkingAgeShare).count();
    assert_eq!(shares, 1, "425,469 of 468,988 residents");
}

#[test]
fn every_number_of_a_real_district_has_a_listed_source() {
    for name in ["gwangjin", "eunpyeong"] {
        let report = report(name);
        let unsourced = [Code::NoSource, Code::UnknownSource];
        assert!(!report.problems.iter().any(|problem| unsourced.contains(&problem.code)));
    }
}
