//! The rounds of public works side by side: the limits of each, found by trying, against the table of facts.

use std::collections::BTreeSet;

use iljari_rules::{Outcome, RuleSet, check, eval, publishable};

use super::{files, person, root, set};

/// File, start, who lives there, share of the median income in per cent, largest assets that pass.
const ROUNDS: &[(&str, &str, &str, i64, i64)] = &[
    ("seoul/public-works-2017-h1.yaml", "2017-01-10", "서울시민", 60, 200_000_000),
    ("seoul/public-works-2019-h2.yaml", "2019-07-01", "서울시민", 65, 200_000_000),
    ("seongdong/donghaeng-2023-h2.yaml", "2023-07-01", "성동구민", 75, 469_000_000),
    ("seongdong/community-2023-h2.yaml", "2023-07-01", "성동구민", 70, 400_000_000),
    ("gwangjin/donghaeng-2024-h2.yaml", "2024-07-01", "광진구민", 80, 499_000_000),
    ("gwangjin/donghaeng-2026-h1.yaml", "2026-01-09", "광진구민", 85, 499_000_000),
    ("dongdaemun/donghaeng-2026-h1.yaml", "2026-01-05", "동대문구민", 85, 499_000_000),
    ("gwanak/donghaeng-2026-h1.yaml", "2026-02-02", "관악구민", 85, 499_000_000),
    ("daejeon-donggu/public-works-2024-h1.yaml", "2024-01-17", "동구민", 60, 400_000_000),
    ("dangjin/public-works-2021.yaml", "2021-01-01", "당진시민", 65, 200_000_000),
    // Less than 300 million, not 300 million at most.
    ("dangjin/community-2021.yaml", "2021-01-01", "당진시민", 65, 299_999_999),
];

/// The median income of one person living alone, by the notice for that year.
fn one_person(start: &str) -> i64 {
    match start.split('-').next() {
        Some("2021") => 1_827_831,
        Some("2023") => 2_077_892,
        Some("2024") => 2_228_445,
        Some("2026") => 2_564_238,
        year => panic!("no notice is known for {year:?}"),
    }
}

/// The largest whole number that passes, by halving: everything below it passes, nothing above.
fn largest(most: i64, passes: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (0, most);
    assert!(passes(low) && !passes(high));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if passes(middle) { low = middle } else { high = middle }
    }
    low
}

#[test]
fn every_round_has_the_limits_that_were_published_for_it() {
    for (file, start, lives, share, assets) in ROUNDS {
        let rules: RuleSet = set(file);
        let by_won = rules.fact("가구소득").is_some();
        let eligible = |income: i64, assets: i64| {
            let (income, assets) = (income.to_string(), assets.to_string());
            let income: &[(&str, &str)] = if by_won {
                &[("가구소득", &income), ("가구원수", "1")]
            } else {
                &[("중위소득비율", &income)]
            };
            let mut facts =
                vec![("사업시작일", *start), ("생년월일", "1960-01-01"), (*lives, "예"), ("가구재산", &assets)];
            facts.extend(income);
            eval::outcome(&rules, &person(&rules, start, &facts)).0 == Outcome::Eligible
        };
        assert_eq!(largest(2_000_000_000, |assets| eligible(0, assets)), *assets, "{file}");
        // 85 % of 2,564,238 won is 2,179,602.3 won.
        let income = if by_won { one_person(start) * share / 100 } else { *share };
        assert_eq!(largest(9_000_000, |income| eligible(income, 0)), income, "{file}");
        assert!(rules.in_force_on(start.parse().expect("a day")), "{file}");
        let real_points = !rules.scores.is_empty() && !rules.scores_are_sample;
        assert!(!real_points, "{file}: no real score sheet is known");
    }
}

#[test]
fn every_file_could_be_published_and_shows_somebody_taken_refused_and_undecided() {
    let files = files(&root());
    assert!(files.len() >= 30, "{} files", files.len());
    let mut hashes = BTreeSet::new();
    let page = std::fs::read_to_string(root().join("README.md")).expect("the list of files");
    for (name, bytes) in &files {
        let (sets, _) = check(&[(name, bytes)]);
        let frozen = publishable(&sets[0]).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert!(hashes.insert(frozen.hash()), "{name} is there twice");
        let rules = frozen.rules();
        let (_, short) = name.split_once("/rules/../../rules/").expect("below the folder");
        let upto = rules.upto.map(|upto| format!(" {upto}")).unwrap_or_default();
        let row = format!("| `{short}` | {} | {} | {} ~{upto} |", rules.name, rules.edition, rules.from);
        assert_eq!(page.matches(&row).count(), 1, "README.md should have this row once:\n{row}");
        let outcomes: BTreeSet<&str> = sets[0].cases.iter().map(|case| case.expected.korean()).collect();
        let all = [Outcome::Eligible, Outcome::Conditional, Outcome::NotEligible].map(Outcome::korean);
        assert_eq!(outcomes, BTreeSet::from(all), "{name}");
        // What is invented about a real program says so; what is not known is said in the file.
        assert!(sets[0].cases.iter().all(|case| case.name.ends_with("(예시)")), "{name}");
        assert!(!sets[0].note.is_empty(), "{name} says nothing of what is not known");
        assert!(sets[0].scores.is_empty() || sets[0].scores_are_sample, "{name}");
    }
}
