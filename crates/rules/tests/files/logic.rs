//! What must hold for any rules and any person: what is not known never speaks against anybody.

use iljari_rules::num::Num;
use iljari_rules::{Outcome, Person, RuleSet, Truth, Value, check, eval, explain, next_question};
use proptest::prelude::*;

use super::{person, set};

const FACTS: usize = 5;

/// Rules with three facts that are yes or no and two numbers, and these conditions.
fn rules_of(conditions: &[(String, bool)]) -> RuleSet {
    use std::fmt::Write as _;
    let mut text = "형식: 일자리-규칙/1\n번호: 예시\n이름: 예시\n판: 예시\n유효: 2026-01-01 ~\n예시: 예\n출처:\n  - {번호: 공고, 이름: 공고}\n사실:\n".to_owned();
    for at in 0..3 {
        let _ = writeln!(text, "  - {{이름: 가{at}, 종류: 예아니오, 서류: 서류 가{at}}}");
    }
    for at in 0..2 {
        let _ = writeln!(text, "  - {{이름: 수{at}, 종류: 수, 서류: 서류 수{at}}}");
    }
    for (key, wanted) in [("자격", false), ("제외", true)] {
        let chosen: Vec<_> = conditions.iter().enumerate().filter(|(_, (_, exclusion))| *exclusion == wanted).collect();
        if !chosen.is_empty() {
            let _ = writeln!(text, "{key}:");
        }
        for (at, (condition, _)) in chosen {
            let _ = writeln!(text, "  - {{번호: 조항{at}, 이름: 조항 {at}, 근거: 공고, 조건: \"{condition}\"}}");
        }
    }
    let (mut sets, report) = check(&[("예시", text.as_str())]);
    assert_eq!(sets.len(), 1, "{report:?}");
    assert_eq!(sets[0].clauses.len(), conditions.len(), "{text}\n{report:?}");
    sets.remove(0)
}

fn condition(only_yes: bool) -> impl Strategy<Value = String> {
    let yes = (0..3_usize, any::<bool>()).prop_map(|(at, value)| format!("가{at} = {value}")).boxed();
    let number = prop_oneof![
        (0..2_usize, 0..10_i64).prop_map(|(at, bound)| format!("수{at} <= {bound}")),
        (0..2_usize, 0..10_i64, 0..5_i64).prop_map(|(at, low, more)| format!("수{at} in [{low}..{}]", low + more)),
        (0..20_i64).prop_map(|bound| format!("수0 + 수1 > {bound}")),
    ];
    let leaf = if only_yes { yes } else { prop_oneof![yes, number].boxed() };
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("not({part})")),
        ]
    })
}

fn conditions(only_yes: bool) -> impl Strategy<Value = Vec<(String, bool)>> {
    proptest::collection::vec((condition(only_yes), any::<bool>()), 1..5)
}

/// A full set of values, and which of them are known.
fn people() -> impl Strategy<Value = (Vec<Value>, Vec<bool>)> {
    let values = (proptest::collection::vec(any::<bool>(), 3), proptest::collection::vec(0..12_i64, 2)).prop_map(
        |(yes, numbers)| {
            let yes = yes.into_iter().map(Value::Yes);
            yes.chain(numbers.into_iter().map(|number| Value::Number(Num::whole(number)))).collect()
        },
    );
    (values, proptest::collection::vec(any::<bool>(), FACTS))
}

fn known(values: &[Value], known: &[bool]) -> Person {
    let facts = values.iter().zip(known).map(|(value, known)| known.then(|| value.clone()));
    Person { facts: facts.collect(), as_of: "2026-01-09".parse().expect("a day") }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_learned_never_contradicts_a_definite_answer(
        conditions in conditions(false), (values, mask) in people(), (others, _) in people()
    ) {
        let rules = rules_of(&conditions);
        let partly = known(&values, &mask);
        let (before, missing) = eval::outcome(&rules, &partly);
        // Any values in the place of what is not known.
        let filled: Vec<Value> =
            values.iter().zip(&others).zip(&mask).map(|((own, other), known)| if *known { own } else { other }.clone()).collect();
        let (after, none) = eval::outcome(&rules, &known(&filled, &[true; FACTS]));
        prop_assert_ne!(after, Outcome::Conditional, "everything is known");
        prop_assert!(none.is_empty());
        if before != Outcome::Conditional {
            prop_assert_eq!(before, after);
            prop_assert!(missing.is_empty());
        }
        // A no rests on a clause that is broken by what is known, and each clause keeps its own answer too.
        let told = explain(&rules, &partly);
        prop_assert_eq!(before == Outcome::NotEligible, told.reasons.iter().any(|reason| reason.truth == Truth::NotMet));
        for (reason, clause) in told.reasons.iter().zip(&rules.clauses) {
            let (later, _) = eval::clause_truth(&rules, &known(&filled, &[true; FACTS]), clause);
            prop_assert!(reason.truth == Truth::Unknown || reason.truth == later, "{}", clause.text);
            prop_assert_eq!(reason.truth == Truth::Unknown, !reason.missing.is_empty());
        }
    }

    #[test]
    fn the_documents_still_to_be_brought_are_exactly_those_that_can_decide(
        conditions in conditions(false), (values, mask) in people()
    ) {
        let rules = rules_of(&conditions);
        let told = explain(&rules, &known(&values, &mask));
        prop_assert_eq!(told.outcome == Outcome::Conditional, !told.to_bring.is_empty());
        // Everything else may become known: the answer is still open.
        let rest: Vec<bool> = (0..FACTS).map(|at| mask[at] || !told.missing.contains(&at)).collect();
        prop_assert_eq!(eval::outcome(&rules, &known(&values, &rest)).0, told.outcome);
        // With them it is not.
        let with: Vec<bool> = (0..FACTS).map(|at| mask[at] || told.missing.contains(&at)).collect();
        prop_assert_ne!(eval::outcome(&rules, &known(&values, &with)).0, Outcome::Conditional);
        let documents: Vec<String> = told.missing.iter().map(|at| rules.facts[*at].document.clone()).collect();
        prop_assert_eq!(documents, told.to_bring);
    }

    #[test]
    fn no_other_question_leaves_less_to_ask(
        one in conditions(true), other in conditions(true), (values, mask) in people()
    ) {
        let programs = [rules_of(&one), rules_of(&other)];
        let person = known(&values, &mask);
        let asked: Vec<(&RuleSet, &Person)> = programs.iter().map(|rules| (rules, &person)).collect();
        let open = |person: &Person| -> Vec<Vec<Truth>> {
            programs.iter().map(|rules| {
                rules.clauses.iter().map(|clause| eval::clause_truth(rules, person, clause).0).collect()
            }).collect()
        };
        let left = |truths: &Vec<Vec<Truth>>| -> usize {
            let of = |program: &Vec<Truth>| program.iter().filter(|truth| **truth == Truth::Unknown).count();
            truths.iter().map(|program| if program.contains(&Truth::NotMet) { 0 } else { of(program) }).sum()
        };
        // Twice the mean of what yes and no leave open; where they do the same, one result counts twice.
        let twice_left = |at: usize| -> usize {
            let results = [true, false].map(|answer| {
                let mut then = person.clone();
                then.facts[at] = Some(Value::Yes(answer));
                left(&open(&then))
            });
            results.iter().sum()
        };
        let candidates: Vec<usize> = (0..3).filter(|at| {
            person.facts[*at].is_none() && programs.iter().any(|rules| {
                let (outcome, missing) = eval::outcome(rules, &person);
                outcome == Outcome::Conditional && missing.contains(at)
            })
        }).collect();
        match next_question(&asked) {
            None => prop_assert!(candidates.is_empty()),
            Some(name) => {
                let chosen = programs[0].fact(name).expect("a fact");
                prop_assert!(candidates.contains(&chosen));
                for at in candidates {
                    prop_assert!(twice_left(chosen) <= twice_left(at), "{name} leaves more than 가{at}");
                }
            }
        }
    }

    #[test]
    fn less_income_fewer_assets_and_more_years_never_take_eligibility_away(
        birth in 0..40_000_i64, older in 0..5_000_i64, household in 1..7_i64,
        income in 0..9_000_000_i64, less in 0..9_000_000_i64, assets in 0..700_000_000_i64, fewer in 0..700_000_000_i64
    ) {
        for name in ["naru/donghaeng-2026-h1.yaml", "dongdaemun/donghaeng-2026-h1.yaml"] {
            thread_local! {
                static READ: std::cell::RefCell<std::collections::BTreeMap<&'static str, std::rc::Rc<RuleSet>>> =
                    const { std::cell::RefCell::new(std::collections::BTreeMap::new()) };
            }
            let rules = READ.with_borrow_mut(|read| read.entry(name).or_insert_with(|| std::rc::Rc::new(set(name))).clone());
            let lives = if name.starts_with("naru") { "나루구민" } else { "동대문구민" };
            let day: iljari_base::Date = "2026-01-09".parse().expect("a day");
            let applicant = |birth: i64, income: i64, assets: i64| {
                let texts = [day.plus_days(-birth).to_string(), household.to_string(), income.to_string(), assets.to_string()];
                let [birth, household, income, assets] = texts.each_ref().map(String::as_str);
                let facts = [("사업시작일", "2026-01-09"), ("생년월일", birth), (lives, "예"), ("가구원수", household), ("가구소득", income), ("가구재산", assets)];
                eval::outcome(&rules, &person(&rules, "2026-01-09", &facts)).0
            };
            if applicant(birth, income, assets) == Outcome::Eligible {
                prop_assert_eq!(applicant(birth + older, income.min(less), assets.min(fewer)), Outcome::Eligible);
            }
        }
    }
}

#[test]
fn the_question_that_ends_a_program_comes_before_one_that_is_asked_everywhere() {
    // 가0 alone decides the first clause; 가1 and 가2 stand in two clauses each and decide none alone.
    let all = |text: &[&str]| rules_of(&text.iter().map(|one| ((*one).to_owned(), false)).collect::<Vec<_>>());
    let rules = all(&["가1 = true or 가2 = true", "가2 = true or 가1 = false", "가0 = true"]);
    let nobody = Person { facts: vec![None; FACTS], as_of: "2026-01-09".parse().expect("a day") };
    // After 가0: nothing or two clauses are left; after 가2: one or two or three.
    assert_eq!(next_question(&[(&rules, &nobody)]), Some("가0"));
    let decided = Person { facts: vec![Some(Value::Yes(false)), None, None, None, None], ..nobody.clone() };
    assert_eq!(next_question(&[(&rules, &decided)]), None, "nothing is asked of a program that is refused");
}
