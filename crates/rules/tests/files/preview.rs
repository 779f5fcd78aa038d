//! The preview of a change: who flips, by which clause, and what is honestly not known.

use std::collections::BTreeMap;

use iljari_base::Date;
use iljari_rules::preview::{self, ClosedRow, OpenRow, Preview};
use iljari_rules::{Outcome, Person, RuleSet, Truth, check, eval};

use super::{person, root, set};

const NARU: &str = "naru/donghaeng-2026-h1.yaml";

fn as_of() -> Date {
    "2026-01-09".parse().expect("a day")
}

/// The rules of 나루구 with something changed; cases may come out otherwise, which is the point.
fn changed(pairs: &[(&str, &str)]) -> RuleSet {
    let mut text = std::fs::read_to_string(root().join(NARU)).expect("a file");
    for (from, to) in pairs {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    let (mut sets, _) = check(&[("바꾼 규칙", text.as_str())]);
    sets.remove(0)
}

fn applicant(rules: &RuleSet, income: &str, assets: &str) -> Person {
    person(
        rules,
        "2026-01-09",
        &[
            ("사업시작일", "2026-01-09"),
            ("생년월일", "1980-01-01"),
            ("나루구민", "예"),
            ("가구원수", "1"),
            ("가구소득", income),
            ("가구재산", assets),
            ("세대주", "예"),
            ("부양가족수", "0"),
            ("취약계층", "없음"),
            ("실업개월수", "0"),
            ("휴폐업", "아니오"),
            ("최근참여횟수", "0"),
        ],
    )
}

fn open_rows(old: &RuleSet, new: &RuleSet, people: &[(&str, &str)]) -> Vec<OpenRow> {
    let rows = people.iter().enumerate().map(|(at, (income, assets))| OpenRow {
        label: format!("{:03}", at + 1),
        before: applicant(old, income, assets),
        after: applicant(new, income, assets),
    });
    rows.collect()
}

fn outcome_of(preview: &Preview, at: usize) -> Option<Outcome> {
    preview.changes[at].after
}

#[test]
fn an_open_round_flips_by_the_clause_that_changed_and_ranks_move() {
    let (old, new) = (set(NARU), changed(&[("가구원수) * 0.85", "가구원수) * 0.7")]));
    let rows = open_rows(&old, &new, &[("2000000", "0"), ("1000000", "0"), ("2200000", "0")]);
    let preview = preview::open(&old, &new, &rows);
    assert_eq!(
        preview.counts(),
        [
            (Outcome::Eligible, Some(Outcome::Eligible), 1),
            (Outcome::Eligible, Some(Outcome::NotEligible), 1),
            (Outcome::NotEligible, Some(Outcome::NotEligible), 1)
        ]
    );
    let flips: Vec<(&str, &[String])> =
        preview.flips().map(|change| (change.label.as_str(), change.clauses.as_slice())).collect();
    assert_eq!(flips, [("001", ["소득".to_owned()].as_slice())]);
    assert_eq!((preview.changes[0].rank_before, preview.changes[0].rank_after), (Some(2), None));
    assert_eq!(
        preview.text(),
        "가능 → 가능: 1명\n가능 → 불가: 1명\n불가 → 불가: 1명\n  001: 가능 → 불가 (조항 소득)\n  001: 44점 2위 → 44점 순위 없음\n"
    );
}

/// A closed row as an office keeps it: what the old rules said, without the facts.
fn closed_row(rules: &RuleSet, label: &str, person: &Person) -> ClosedRow {
    let clauses: BTreeMap<String, Truth> =
        rules.clauses.iter().map(|one| (one.id.clone(), eval::clause_truth(rules, person, one).0)).collect();
    let items = rules.scores.iter().zip(eval::points(rules, person));
    let brackets = items.filter_map(|(item, got)| Some((item.id.clone(), item.rows[got.row?].label.clone())));
    let brackets = brackets.collect();
    ClosedRow { label: label.to_owned(), outcome: eval::outcome(rules, person).0, clauses, brackets, rank: None }
}

#[test]
fn a_closed_round_answers_where_the_bracket_decides_and_says_not_known_where_it_does_not() {
    let old = set(NARU);
    let rows: Vec<ClosedRow> =
        [("2000000", "5000만원"), ("2000000", "2억5000만원"), ("2000000", "4억5000만원"), ("2000000", "6억원")]
            .iter()
            .zip(1..)
            .map(|((income, assets), at)| closed_row(&old, &format!("{at:03}"), &applicant(&old, income, assets)))
            .collect();
    let limit = |amount: &str| changed(&[("값: 4억9900만원", amount)]);
    // 3억: a limit on the edge of a bracket. Everybody is decided; 6억 was refused and stays so.
    let preview = preview::closed(&old, &limit("값: 3억원"), as_of(), &rows);
    let decided: Vec<Option<Outcome>> = (0..4).map(|at| outcome_of(&preview, at)).collect();
    let (yes, no) = (Some(Outcome::Eligible), Some(Outcome::NotEligible));
    assert_eq!(decided, [yes, yes, no, no]);
    assert_eq!(preview.changes[2].clauses, ["재산"]);
    // 2억 2000만: inside the bracket of the second.
    let preview = preview::closed(&old, &limit("값: 2억2000만원"), as_of(), &rows);
    assert_eq!((0..4).map(|at| outcome_of(&preview, at)).collect::<Vec<_>>(), [yes, None, no, no]);
    assert_eq!(preview.changes[1].clauses, ["재산"], "which clause is not known");
    assert!(preview.text().contains("가능 → 알 수 없음: 1명"), "{}", preview.text());
    // 5억: whoever kept 4억9900만 keeps it; of 6억 only '> 4억9900만' is left, and that does not decide.
    let preview = preview::closed(&old, &limit("값: 5억원"), as_of(), &rows);
    assert_eq!((0..4).map(|at| outcome_of(&preview, at)).collect::<Vec<_>>(), [yes, yes, yes, None]);
}

#[test]
fn a_closed_round_knows_that_a_looser_limit_refuses_nobody_who_kept_the_tighter_one() {
    let old = set(NARU);
    let rows = [
        closed_row(&old, "001", &applicant(&old, "2000000", "0")),
        closed_row(&old, "002", &applicant(&old, "2200000", "0")),
    ];
    let share = |share: &str| changed(&[("가구원수) * 0.85", share)]);
    let looser = preview::closed(&old, &share("가구원수) * 0.9"), as_of(), &rows);
    assert_eq!((outcome_of(&looser, 0), outcome_of(&looser, 1)), (Some(Outcome::Eligible), None));
    let tighter = preview::closed(&old, &share("가구원수) * 0.8"), as_of(), &rows);
    assert_eq!((outcome_of(&tighter, 0), outcome_of(&tighter, 1)), (None, Some(Outcome::NotEligible)));
    // A new clause on something that was never kept is not known for anybody who is not refused anyway.
    let residence = changed(&[("조건: 나루구민 = true", "조건: 나루구민 = true and 휴폐업 = true")]);
    let preview = preview::closed(&old, &residence, as_of(), &rows);
    // 휴폐업 has an item of its own: its bracket says 아니오, and that decides.
    assert_eq!(outcome_of(&preview, 1), Some(Outcome::NotEligible));
}

#[test]
fn points_of_a_closed_round_move_with_the_table_and_stay_a_span_where_brackets_are_cut_anew() {
    let old = set(NARU);
    let row = closed_row(&old, "001", &applicant(&old, "2000000", "1억5000만원"));
    let more = changed(&[("\"(1억원..2억원]\": 24", "\"(1억원..2억원]\": 26")]);
    assert_eq!(preview::closed(&old, &more, as_of(), std::slice::from_ref(&row)).changes[0].points_after, (40, 40));
    let cut = changed(&[("\"(1억원..2억원]\": 24", "\"(1억원..1억2000만원]\": 28, \"(1억2000만원..2억원]\": 20")]);
    let change = &preview::closed(&old, &cut, as_of(), std::slice::from_ref(&row)).changes[0];
    assert_eq!((change.points_before, change.points_after), ((38, 38), (34, 42)));
    assert_eq!(change.rank_after, None);
}

#[test]
fn what_a_closed_round_says_is_what_the_facts_would_have_said() {
    let old = set(NARU);
    let editions = [
        changed(&[("값: 4억9900만원", "값: 3억5000만원")]),
        changed(&[("값: 4억9900만원", "값: 6억원"), ("가구원수) * 0.85", "가구원수) * 0.9")]),
        changed(&[
            ("가구원수) * 0.85", "가구원수) * 0.6"),
            ("생년월일, 사업시작일) >= 18", "생년월일, 사업시작일) >= 40"),
        ]),
        changed(&[("조건: 나루구민 = true", "조건: 나루구민 = true and 세대주 = true")]),
    ];
    let mut decided = 0;
    for new in &editions {
        let people = preview::invented(&old, new, as_of(), 7, 100);
        let rows: Vec<ClosedRow> = people.iter().map(|row| closed_row(&old, &row.label, &row.before)).collect();
        for (closed, row) in preview::closed(&old, new, as_of(), &rows).changes.iter().zip(&people) {
            let truth = eval::outcome(new, &row.after).0;
            if let Some(after) = closed.after {
                // What was not known when the round was open may still be not known.
                assert_eq!(after, truth, "{}: {:?}", closed.label, row.after);
                decided += 1;
            }
            let points: (i64, i64) =
                eval::points(new, &row.after).iter().fold((0, 0), |sum, item| (sum.0 + item.least, sum.1 + item.most));
            assert!(closed.points_after.0 <= points.0 && points.1 <= closed.points_after.1, "{}", closed.label);
        }
    }
    assert!(decided > 150, "only {decided} of 400 were decided");
}

#[test]
fn a_table_without_the_start_of_the_call_is_judged_as_if_it_were_the_day() {
    let rules = set(NARU);
    let row = |facts: &[(&str, &str)]| preview::on_the_day(&rules, person(&rules, "2026-01-09", facts));
    let start = rules.fact("사업시작일").expect("a fact");
    let value = |row: &Person| row.facts[start].as_ref().map(|value| value.in_unit(""));
    assert_eq!(value(&row(&[])).as_deref(), Some("2026-01-09"));
    assert_eq!(value(&row(&[("사업시작일", "2026-02-02")])).as_deref(), Some("2026-02-02"));
    // Nothing else is filled in.
    assert_eq!(row(&[]).facts.iter().flatten().count(), 1);
}

#[test]
fn invented_people_are_the_same_for_the_same_seed_and_stand_where_rules_turn() {
    let (old, new) = (set(NARU), changed(&[("가구원수) * 0.85", "가구원수) * 0.8")]));
    let people = preview::invented(&old, &new, as_of(), 1, 200);
    assert_eq!(people, preview::invented(&old, &new, as_of(), 1, 200));
    assert_ne!(people, preview::invented(&old, &new, as_of(), 2, 200));
    assert!(people.iter().all(|row| row.label.starts_with("예시 ")));
    let preview = preview::open(&old, &new, &people);
    let flips: Vec<_> = preview.flips().collect();
    assert!(!flips.is_empty(), "nobody stands between 80 % and 85 %");
    assert!(flips.iter().all(|change| change.clauses == ["소득"]), "{flips:?}");
    let eligible = preview.changes.iter().filter(|change| change.before == Outcome::Eligible).count();
    assert!(eligible > 20, "only {eligible} of 200 are eligible");
}
