//! The ten applicants worked by hand, held against the program line by line.

use std::collections::BTreeMap;

use iljari_rules::{Before, Outcome, Person, eval, publishable};

use super::{person, root, set};

type Row = Vec<String>;

/// The rows of the first table below a heading that begins so, without its head.
fn table(page: &str, heading: &str) -> Vec<Row> {
    let from = page.find(heading).expect(heading);
    let lines = page[from..].lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn ten_applicants_scored_on_paper_are_scored_so_by_the_program_line_by_line() {
    let page = std::fs::read_to_string(root().join("naru/ten-applicants.md")).expect("the page");
    let rules = set("naru/donghaeng-2026-h1.yaml");
    let frozen = publishable(&rules).expect("sound rules");
    let names = [
        "생년월일",
        "가구원수",
        "가구소득",
        "가구재산",
        "세대주",
        "부양가족수",
        "취약계층",
        "실업개월수",
        "휴폐업",
        "최근참여횟수",
    ];
    let facts = table(&page, "## 사실");
    assert_eq!(facts.len(), 10, "ten applicants");
    let people: Vec<Person> = facts
        .iter()
        .map(|row| {
            let known: Vec<(&str, &str)> = names
                .into_iter()
                .zip(row[1..].iter().map(String::as_str))
                .filter(|(_, cell)| *cell != "자료 없음")
                .chain([("사업시작일", "2026-01-09"), ("나루구민", "예")])
                .collect();
            person(&rules, "2026-01-09", &known)
        })
        .collect();
    let ranked = frozen.rank(&people);
    let span = |(least, most): (i64, i64)| if least == most { least.to_string() } else { format!("{least}~{most}") };
    let mut lines = 0;
    for ((row, ours), one) in facts.iter().zip(&ranked).zip(&people) {
        let (label, heading) =
            (&row[0], format!("### {}: {}점, {}\n", row[0], span(ours.points), ours.outcome.korean()));
        assert!(page.contains(&heading), "our heading of {label} is {heading}");
        let items = table(&page, &heading);
        assert_eq!(items.len(), rules.scores.len(), "items of {label}");
        for ((line, item), got) in items.iter().zip(&rules.scores).zip(&ours.items) {
            let cell = got.row.map_or("아직 모름", |row| item.rows[row].label.as_str());
            let wanted = [item.id.as_str(), cell, &span((got.least, got.most))];
            assert_eq!([&line[0], &line[2], &line[3]], wanted, "{label}, {}", item.name);
            if item.id == "소득" {
                let percent = eval::value(&rules, one, &item.subject).expect("a known income").in_unit("%");
                assert!(line[1].ends_with(&percent), "{label}: {} is {percent}", line[1]);
            }
            lines += 1;
        }
    }
    assert_eq!(lines, 80);
    let by_label: BTreeMap<&str, usize> = facts.iter().zip(0..).map(|(row, at)| (row[0].as_str(), at)).collect();
    let order = table(&page, "## 순위");
    for line in &order {
        let ours = &ranked[by_label[line[1].as_str()]];
        let before = match &ours.before_next {
            Some(Before::Points) => "점수",
            Some(Before::Tie(name)) => name,
            Some(Before::Nothing) => "없음",
            Some(Before::NotKnown(_)) => "모름",
            None => "-",
        };
        let wanted = [ours.rank.expect("a rank").to_string(), span(ours.points), before.to_owned()];
        assert_eq!([&line[0], &line[2], &line[3]].map(String::clone), wanted, "{}", line[1]);
    }
    let unranked: Vec<Outcome> = ranked.iter().filter(|one| one.rank.is_none()).map(|one| one.outcome).collect();
    assert_eq!(unranked, [Outcome::NotEligible, Outcome::Conditional]);
    assert_eq!(order.len() + unranked.len(), 10);
}

#[test]
fn whom_nothing_tells_apart_shares_a_rank_and_an_unknown_tie_break_is_said() {
    let rules = set("naru/donghaeng-2026-h1.yaml");
    let frozen = publishable(&rules).expect("sound rules");
    let twin = |income: Option<&str>, birth: &str| {
        let mut known = vec![
            ("사업시작일", "2026-01-09"),
            ("생년월일", birth),
            ("나루구민", "예"),
            ("가구원수", "1"),
            ("가구재산", "0"),
            ("세대주", "예"),
            ("부양가족수", "0"),
            ("취약계층", "없음"),
            ("실업개월수", "0"),
            ("휴폐업", "아니오"),
            ("최근참여횟수", "0"),
        ];
        known.extend(income.map(|income| ("가구소득", income)));
        person(&rules, "2026-01-09", &known)
    };
    let (one, other) = (twin(Some("100"), "1980-01-01"), twin(Some("100"), "1980-01-01"));
    let later = twin(Some("200"), "1970-01-01");
    let ranked = frozen.rank(&[later, one, other, twin(None, "1960-01-01")]);
    let ranks: Vec<Option<usize>> = ranked.iter().map(|one| one.rank).collect();
    assert_eq!(ranks, [Some(3), Some(1), Some(1), None]);
    assert_eq!(ranked[1].before_next, Some(Before::Nothing));
    assert_eq!(ranked[2].before_next, Some(Before::Tie("소득이 적은 사람".to_owned())));
    // In the Gwangjin sheet income breaks ties and gives no points: with it unknown she is not eligible yet.
    let gwangjin = set("gwangjin/donghaeng-2026-h1.yaml");
    assert!(gwangjin.ties.iter().any(|tie| tie.name == "소득이 적은 사람"));
    assert_eq!(gwangjin.example_scores(), Some("예시 배점표입니다. 실제 사업의 배점이 아닙니다."));
}
