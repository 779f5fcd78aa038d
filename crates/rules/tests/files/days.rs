//! What depends on a day: ages of two kinds, lifted bans, documents that grow old, changes that come by themselves.

use iljari_base::Date;
use iljari_rules::{Evidence, Known, Outcome, Proof, Truth, check, eval, explain, explain_evidence};

use super::{person, set};

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A set with one clause, on 생년월일, 사업시작일 or whatever facts are given.
fn one_clause(facts: &str, clause: &str) -> iljari_rules::RuleSet {
    let text = format!(
        "형식: 일자리-규칙/1\n번호: 예시\n이름: 예시\n판: 예시\n유효: 2026-01-09 ~\n예시: 예\n출처:\n  - {{번호: 공고, 이름: 공고}}\n\
         사실:\n{facts}자격:\n  - {clause}\n시험:\n  - {{이름: 없음, 기준일: 2026-01-09, 사실: {{}}, 결과: 조건부 가능}}\n"
    );
    let (mut sets, report) = check(&[("예시", text.as_str())]);
    assert!(!report.problems.iter().any(|problem| problem.code.as_str().starts_with("bad")), "{report:?}");
    sets.remove(0)
}

const BIRTH: &str = "  - {이름: 생년월일, 종류: 날짜, 서류: 등본}\n";

#[test]
fn completed_years_turn_on_the_birthday_and_calendar_years_on_new_years_day() {
    let age = one_clause(BIRTH, "{번호: 나이, 이름: 나이, 근거: 공고, 조건: \"만나이(생년월일, 기준일) >= 20\"}");
    let calendar = one_clause(BIRTH, "{번호: 나이, 이름: 나이, 근거: 공고, 조건: \"연나이(생년월일, 기준일) >= 20\"}");
    // born, on, completed years reach 20, calendar years reach 20
    for (birth, on, completed, by_calendar) in [
        ("2006-01-01", "2025-12-31", false, false),
        ("2006-01-01", "2026-01-01", true, true),
        ("2006-12-31", "2026-01-01", false, true),
        ("2006-12-31", "2026-12-30", false, true),
        ("2006-12-31", "2026-12-31", true, true),
        ("2007-01-01", "2026-12-31", false, false),
        ("2008-02-29", "2028-02-28", false, true),
        ("2008-02-29", "2028-02-29", true, true),
        // 2026 has no 29 February: the 20th year is completed on 1 March.
        ("2006-02-28", "2026-02-28", true, true),
        ("2004-02-29", "2023-03-01", false, false),
        ("2004-02-29", "2024-02-28", false, true),
        ("2004-02-29", "2024-02-29", true, true),
    ] {
        let outcome = |rules| eval::outcome(rules, &person(rules, on, &[("생년월일", birth)])).0 == Outcome::Eligible;
        assert_eq!((outcome(&age), outcome(&calendar)), (completed, by_calendar), "born {birth}, on {on}");
    }
}

#[test]
fn a_broken_clause_says_the_day_on_which_it_turns_by_itself() {
    let sixty_five =
        one_clause(BIRTH, "{번호: 나이, 이름: 65세 이상, 근거: 공고, 조건: \"만나이(생년월일, 기준일) >= 65\"}");
    let told = explain(&sixty_five, &person(&sixty_five, "2026-03-01", &[("생년월일", "1962-03-02")]));
    let (on, truth, sentence) = told.reasons[0].turns.clone().expect("a birthday");
    assert_eq!((on, truth), (day("2027-03-02"), Truth::Met));
    assert_eq!(sentence, "2027-03-02에 만 65세가 됩니다");
    // Born on 29 February: on 1 March of an ordinary year.
    let leap = explain(&sixty_five, &person(&sixty_five, "2026-03-01", &[("생년월일", "1964-02-29")]));
    assert_eq!(leap.changes.map(|(on, _, _)| on), Some(day("2029-03-01")));
    let calendar =
        one_clause(BIRTH, "{번호: 나이, 이름: 40세 이상, 근거: 공고, 조건: \"연나이(생년월일, 기준일) >= 40\"}");
    let told = explain(&calendar, &person(&calendar, "2026-03-01", &[("생년월일", "1987-12-31")]));
    assert_eq!(told.changes.expect("a new year").2, "2027-01-01에 연 나이 40세가 됩니다. 그때부터 신청할 수 있습니다");
}

#[test]
fn a_ban_that_was_lifted_is_shown_and_keeps_nobody_out() {
    let rules = set("gwangjin/donghaeng-2026-h1.yaml");
    let facts = [
        ("사업시작일", "2026-01-09"),
        ("생년월일", "2003-03-03"),
        ("광진구민", "예"),
        ("가구원수", "2"),
        ("가구소득", "0"),
        ("가구재산", "0"),
        ("생계급여", "예"),
        ("재학생", "예"),
    ];
    let told = explain(&rules, &person(&rules, "2026-01-09", &facts));
    assert_eq!(told.outcome, Outcome::Eligible);
    let lifted: Vec<&str> =
        told.reasons.iter().filter(|reason| !reason.is_asked).map(|reason| &*rules.clauses[reason.clause].id).collect();
    assert_eq!(lifted, ["생계급여", "실업급여", "재학"]);
    let text = told.text(&rules, &[]);
    assert!(text.contains("[보지 않음] 생계급여를 받는 사람 (2026-01-08까지 보던 조건)"), "{text}");
    assert!(
        told.plain(&rules).later.iter().any(|line| line.contains("이제 보지 않습니다")),
        "{:?}",
        told.plain(&rules)
    );
    // The day before, both were in the way; the answer says when that ends.
    let before = explain(&rules, &person(&rules, "2026-01-08", &facts));
    assert_eq!(before.outcome, Outcome::NotEligible);
    assert_eq!(before.changes.map(|(on, outcome, _)| (on, outcome)), Some((day("2026-01-09"), Outcome::Eligible)));
    // What was lifted is not asked any more.
    let asked =
        |on: &str| -> Vec<&str> { rules.asked_on(day(on)).into_iter().map(|at| &*rules.facts[at].name).collect() };
    assert!(asked("2026-01-08").contains(&"생계급여") && asked("2026-01-08").contains(&"재학생"));
    assert!(!asked("2026-01-09").iter().any(|name| ["생계급여", "실업급여", "재학생", "사업시작일"].contains(name)));
}

#[test]
fn a_document_that_is_too_old_leaves_its_fact_unknown_and_says_so() {
    let rules = set("naru/donghaeng-2026-h1.yaml");
    let known = person(
        &rules,
        "2026-02-10",
        &[
            ("사업시작일", "2026-02-10"),
            ("생년월일", "1967-05-20"),
            ("나루구민", "예"),
            ("가구원수", "4"),
            ("가구소득", "1900000"),
            ("가구재산", "0"),
        ],
    );
    let evidence = |looked_up: &str| {
        let facts = rules.facts.iter().zip(&known.facts).map(|(fact, value)| {
            let proof = (fact.name == "가구소득")
                .then(|| Proof { document: "소득 조회".to_owned(), dated: day(looked_up) });
            value.clone().map(|value| Known { value, proof })
        });
        Evidence { facts: facts.collect(), as_of: day("2026-02-10") }
    };
    // 30 days are allowed.
    let fresh = explain_evidence(&rules, &evidence("2026-01-11"));
    assert_eq!((fresh.outcome, fresh.stale.len()), (Outcome::Eligible, 0));
    assert_eq!(fresh.proofs[0].2, Some(day("2026-02-10")), "its last good day");
    assert!(fresh.text(&rules, &[]).contains("소득 조회, 2026-01-11 자, 2026-02-10까지 씁니다"));
    let old = explain_evidence(&rules, &evidence("2026-01-10"));
    assert_eq!(old.outcome, Outcome::Conditional);
    assert_eq!(old.to_bring, ["소득 조회(구청이 확인)"], "exactly what has to be brought");
    let text = old.text(&rules, &[]);
    assert!(
        text.contains("아직 모름: 가구소득 (소득 조회(구청이 확인)). 2026-01-10 자 서류는 30일이 지났습니다"),
        "{text}"
    );
    let plain = old.plain(&rules);
    assert_eq!(plain.to_bring, ["소득 조회(구청이 확인) (가구소득 확인)"]);
    assert!(plain.because.contains(&"가구소득을 보여 주는 2026-01-10 서류는 30일이 지나 새로 필요합니다.".to_owned()));
    assert_eq!(plain.headline, "안 되는 까닭은 아직 없습니다. 아래를 확인하면 신청할 수 있는지 정해집니다.");
}

/// The first later day on which the outcome is another, found by trying every day.
fn first_by_trying(rules: &iljari_rules::RuleSet, person: &iljari_rules::Person, days: i64) -> Option<(Date, Outcome)> {
    let now = eval::outcome(rules, person).0;
    (1..=days).map(|after| person.as_of.plus_days(after)).find_map(|day| {
        let mut then = iljari_rules::Person { facts: person.facts.clone(), as_of: day };
        for (fact, value) in rules.facts.iter().zip(&mut then.facts) {
            // The start of the call moves along, as the next call's would.
            if let (true, Some(iljari_rules::Value::Date(at))) = (fact.from_call, &*value) {
                *value = Some(iljari_rules::Value::Date((*at).max(day)));
            }
        }
        let outcome = eval::outcome(rules, &then).0;
        (outcome != now).then_some((day, outcome))
    })
}

#[test]
fn the_day_on_which_an_answer_changes_by_itself_is_the_first_such_day() {
    const DAYS: i64 = 800;
    let (mut compared, mut changing) = (0, 0);
    for (file, from) in [
        ("naru/donghaeng-2026-h1.yaml", "2026-01-09"),
        ("gwangjin/donghaeng-2026-h1.yaml", "2025-12-20"),
        ("eunpyeong/internship-4050-2024.yaml", "2024-03-04"),
        ("eunpyeong/imom-taxi-2026.yaml", "2026-02-01"),
        ("sangju/community-2026.yaml", "2026-03-02"),
        ("gwangjin/regional-youth-2021.yaml", "2021-03-02"),
    ] {
        let rules = set(file);
        for row in iljari_rules::preview::invented(&rules, &rules, day(from), 3, 40) {
            let told = explain(&rules, &row.before).changes.map(|(on, outcome, _)| (on, outcome));
            let within = told.filter(|(on, _)| *on <= row.before.as_of.plus_days(DAYS));
            assert_eq!(within, first_by_trying(&rules, &row.before, DAYS), "{file}: {:?}", row.before);
            compared += 1;
            changing += usize::from(within.is_some());
        }
    }
    assert!(compared == 240 && changing > 10, "{changing} of {compared} change");
}

#[test]
fn what_it_would_take_is_said_in_units_and_in_the_words_of_the_question() {
    let remedies = |file: &str, on: &str, facts: &[(&str, &str)]| -> Vec<String> {
        let rules = set(file);
        explain(&rules, &person(&rules, on, facts)).reasons.into_iter().flat_map(|reason| reason.remedy).collect()
    };
    assert_eq!(
        remedies(
            "gwangjin/midlife-internship-2025.yaml",
            "2025-03-19",
            &[("생년월일", "1990-01-01"), ("미취업", "아니오")]
        ),
        ["만 나이가 50세 이상 64세 이하여야 합니다(지금 35세)", "‘지금 일자리가 없으신가요?’의 답이 ‘예’여야 합니다"]
    );
    assert_eq!(
        remedies("seoul/youth-academy-2023.yaml", "2023-06-01", &[("재학생", "예")]),
        ["‘학교에 다니고 계시나요?’의 답이 ‘아니오’여야 합니다"]
    );
    assert_eq!(
        remedies(
            "eunpyeong/regional-youth-firms-2026.yaml",
            "2026-01-20",
            &[("기업유형", "일반기업"), ("상시근로자수", "4")]
        ),
        [
            "다음 가운데 하나면 됩니다: 기업유형이 사회적경제기업 또는 협동조합 또는 비영리단체 또는 청년기업이어야 합니다(지금 일반기업) / \
          상시근로자수가 5명 이상이어야 합니다(지금 4명)"
        ]
    );
    let sangju = remedies(
        "sangju/community-2026.yaml",
        "2026-03-02",
        &[("생년월일", "1970-01-01"), ("미취업", "예"), ("중위소득비율", "61"), ("가구재산", "4억원")],
    );
    assert_eq!(sangju.len(), 2);
    // Nobody is told to be 34 again.
    assert_eq!(sangju[0], "중위소득비율이 60 % 이하여야 합니다(지금 61 %)");
    assert_eq!(sangju[1], "가구재산이 400,000,000원보다 적어야 합니다(지금 400,000,000원)");
}
