//! 은평구: two layers of targets, cumulative results, and a label that is kept though it is wrong.
//!
//! Owns: the numbers of this district as they were published. Does not own: anything said of all districts.
//! What a newcomer gets wrong: entering 13,262 and 14,955 both; or 14,700 as if it were exact.

use super::*;

#[test]
fn years_sum_to_51200_and_2025_has_both_layers() {
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
fn cumulative_results_enter_as_differences() {
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
fn printed_rates_stand_beside_the_computed_ones() {
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
