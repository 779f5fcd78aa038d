//! The plan against `eval`, for the rule files of the project and for conditions of every form.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

use std::path::{Path, PathBuf};

use iljari_authored::{Lang, Severity, render_text};
use iljari_base::Date;
use iljari_rules::batch::{Builder, Masks, Plan, Verdict};
use iljari_rules::compile::Term;
use iljari_rules::num::Num;
use iljari_rules::{Kind, Outcome, Person, RuleSet, Truth, Value, check, eval, explain, screen};

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of rules") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "faulty") {
                found.extend(rule_files(&path));
            }
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(files: &[(String, String)]) -> Vec<RuleSet> {
    let (sets, report) = check(files);
    assert_eq!(report.count(Severity::Error), 0, "{}", render_text(&report, Lang::En, false));
    sets
}

/// SplitMix64 by its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ mixed >> 31) % u64::try_from(below.max(1)).expect("small")).expect("small")
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// Numbers that conditions of these rules compare with, and their neighbours.
fn bounds(sets: &[&RuleSet]) -> Vec<i64> {
    let mut found = vec![0, 1, 2, 3, 4, 5];
    let mut add = |number: Num| {
        for step in -1..=1 {
            let near = number.plus(Num::whole(step)).and_then(Num::rounded).and_then(Num::as_whole);
            found.extend(near);
        }
    };
    for set in sets {
        for reference in &set.references {
            for (_, number) in reference.history.iter().flat_map(|dated| &dated.values) {
                add(*number);
                add(number.times(Num::new(85, 2).expect("0.85")).expect("fits"));
            }
        }
        for clause in &set.clauses {
            clause.condition.walk(&mut |term| {
                if let Term::Constant(Value::Number(number)) = term {
                    add(*number);
                }
            });
        }
    }
    found
}

fn some_value(kind: &Kind, bounds: &[i64], as_of: Date, chance: &mut Chance) -> Value {
    match kind {
        Kind::Number | Kind::Won => Value::Number(Num::whole(chance.of(bounds))),
        Kind::Date => {
            let years = i64::try_from(chance.below(90)).expect("small");
            let days = i64::try_from(chance.below(3)).expect("small") - 1;
            let far = i64::try_from(chance.below(366)).expect("small");
            // Half of them have their birthday about the day that counts.
            let birthday = Date::new(as_of.year().0 - i16::try_from(years).expect("small"), 3, 1).expect("a day");
            let near = Date::new(birthday.year().0, as_of.month().of_year(), as_of.day()).unwrap_or(birthday);
            Value::Date(if chance.below(2) == 0 { near.plus_days(days) } else { birthday.plus_days(far) })
        }
        Kind::Yes => Value::Yes(chance.below(2) == 0),
        Kind::One(words) => Value::Word(chance.of(words)),
        Kind::Any(words) => Value::Words(words.iter().filter(|_| chance.below(3) == 0).cloned().collect()),
    }
}

/// Holds the plan against `eval` for people by chance, and says how often each outcome came.
fn agree(sets: &[&RuleSet], as_of: Date, people: usize, seed: u64, odd: bool) -> [usize; 3] {
    println!("seed {seed}");
    let plan = Plan::of(sets, as_of);
    let (mut chance, bounds) = (Chance(seed), bounds(sets));
    let kinds: Vec<Kind> = plan.facts().iter().map(|(_, kind)| kind.clone()).collect();
    let from_call: Vec<bool> = plan
        .facts()
        .iter()
        .map(|(name, _)| sets.iter().flat_map(|set| &set.facts).any(|fact| fact.name == name && fact.from_call))
        .collect();
    let rows: Vec<Vec<Option<Value>>> = (0..people)
        .map(|row| {
            let known = |(kind, from_call): (&Kind, &bool)| {
                let value = some_value(kind, &bounds, as_of, &mut chance);
                let half = Value::Number(Num::new(25, 1).expect("2.5"));
                match kind {
                    _ if *from_call => Some(Value::Date(as_of)),
                    _ if row % 3 != 0 && chance.below(5) == 0 => None,
                    Kind::Number if odd && row % 700 == 5 => Some(half),
                    _ => Some(value),
                }
            };
            kinds.iter().zip(&from_call).map(known).collect()
        })
        .collect();
    let mut table = Builder::new(plan.facts());
    for values in &rows {
        table.push(|slot| values[slot].as_ref());
    }
    let table = table.finish();
    let (mut masks, mut verdict) = (Masks::default(), Verdict::default());
    plan.screen(&table, &mut masks);
    let mut outcomes = [0; 3];
    for (row, values) in rows.iter().enumerate() {
        assert_eq!(&table.values(plan.facts(), row), values, "what went in comes out");
        plan.judge(&plan.known(values.clone()), &mut verdict);
        for (at, set) in sets.iter().enumerate() {
            let facts: Vec<Option<Value>> = plan.facts().of_set(at).iter().map(|slot| values[*slot].clone()).collect();
            let person = Person { facts, as_of };
            let (mut broken, mut unknown) = (0_u64, 0_u64);
            for (place, clause) in set.clauses.iter().enumerate() {
                let (truth, _) = eval::clause_truth(set, &person, clause);
                broken |= u64::from(truth == Truth::NotMet) << place;
                unknown |= u64::from(truth == Truth::Unknown) << place;
            }
            let said = format!("person {row} {values:?} by {} {}", set.id, set.edition);
            assert_eq!((masks.broken(at, row), masks.unknown(at, row)), (broken, unknown), "{said}");
            assert_eq!(verdict.programs[at], (broken, unknown), "{said}");
            let (outcome, _) = eval::outcome(set, &person);
            assert_eq!((masks.outcome(at, row), verdict.outcomes[at]), (outcome, outcome), "{said}");
            outcomes[outcome as usize] += 1;
            if row % 50 == 0 {
                let reasons = explain(set, &person).reasons;
                let of_reasons = |truth| {
                    let some = reasons.iter().filter(|reason| reason.truth == truth);
                    some.fold(0_u64, |mask, reason| mask | 1 << reason.clause)
                };
                assert_eq!((of_reasons(Truth::NotMet), of_reasons(Truth::Unknown)), (broken, unknown), "{said}");
            }
        }
    }
    outcomes
}

#[test]
fn the_rule_files_of_the_project_mean_the_same_to_a_table_as_to_one_person() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a file");
    let files: Vec<(String, String)> =
        rule_files(&folder).iter().map(|path| (path.to_string_lossy().into_owned(), text(path))).collect();
    let sets = read(&files);
    // Ten thousand people, in turn on the first day of each file.
    let share = 10_000 / sets.len() + 1;
    for (seed, set) in (1_u64..).zip(&sets) {
        let all: Vec<&RuleSet> = std::iter::once(set).chain(sets.iter().filter(|other| other.id != set.id)).collect();
        let some = all.get(..all.len().min(4)).unwrap_or_default();
        let outcomes = agree(some, set.from, share / some.len() + 1, seed, false);
        assert!(outcomes[2] > 0, "nobody is refused by {}", set.id);
    }
}

const FORMS: &str = r#"형식: 일자리-규칙/1
번호: 꼴
이름: 모든 꼴의 조건(예시)
판: 1
유효: 2026-01-01 ~
예시: 예
출처: [{번호: 가, 이름: 지어낸 것(예시)}]
사실:
  - {이름: 시작일, 종류: 날짜, 공고: 예}
  - {이름: 생일, 종류: 날짜, 서류: ㄱ}
  - {이름: 끝난날, 종류: 날짜, 서류: ㄱ}
  - {이름: 구민, 종류: 예아니오, 서류: ㄱ}
  - {이름: 세대주, 종류: 예아니오, 서류: ㄱ}
  - {이름: 식구, 종류: 수, 서류: ㄱ}
  - {이름: 횟수, 종류: 수, 서류: ㄱ}
  - {이름: 소득, 종류: 원, 서류: ㄱ}
  - {이름: 재산, 종류: 원, 서류: ㄱ}
  - {이름: 일, 종류: 하나, 말: [없음이다, 있다, 쉰다], 서류: ㄱ}
  - {이름: 앞일, 종류: 하나, 말: [없음이다, 있다, 쉰다], 서류: ㄱ}
  - {이름: 사정, 종류: 여럿, 말: [하나다, 둘이다, 셋이다, 넷이다], 서류: ㄱ}
기준값:
  - {이름: 중위, 단위: 원, 값: [{시행: 2026-01-01, 출처: 가, 값: {1: 2564238, 2: 4199292, 3: 5359036}}]}
  - {이름: 한도, 단위: 원, 값: [{시행: 2026-01-01, 출처: 가, 값: 4억9900만원}]}
자격:
  - {번호: a1, 이름: ㄱ, 근거: ㄱ, 조건: "만나이(생일, 시작일) >= 18"}
  - {번호: a2, 이름: ㄱ, 근거: ㄱ, 조건: "연나이(생일, 기준일) in [19..39)"}
  - {번호: a3, 이름: ㄱ, 근거: ㄱ, 조건: "소득 <= 중위(식구) * 0.85"}
  - {번호: a4, 이름: ㄱ, 근거: ㄱ, 조건: "한도 >= 재산"}
  - {번호: a5, 이름: ㄱ, 근거: ㄱ, 조건: "구민 = true or 세대주 != false"}
  - {번호: a6, 이름: ㄱ, 근거: ㄱ, 조건: "구민 = 세대주 or 구민"}
  - {번호: a7, 이름: ㄱ, 근거: ㄱ, 조건: "일 in (\"있다\", \"쉰다\") or 일 = 앞일"}
  - {번호: a8, 이름: ㄱ, 근거: ㄱ, 조건: "사정 in (\"둘이다\", \"넷이다\") and not(사정 = \"하나다\")"}
  - {번호: a9, 이름: ㄱ, 근거: ㄱ, 조건: "사정 != \"셋이다\""}
  - {번호: b1, 이름: ㄱ, 근거: ㄱ, 조건: "개수(사정) >= 2"}
  - {번호: b2, 이름: ㄱ, 근거: ㄱ, 조건: "식구 > 횟수"}
  - {번호: b3, 이름: ㄱ, 근거: ㄱ, 조건: "식구 + 횟수 * 2 < 7"}
  - {번호: b4, 이름: ㄱ, 근거: ㄱ, 조건: "횟수 in (0, > 3)"}
  - {번호: b5, 이름: ㄱ, 근거: ㄱ, 조건: "식구 between 2 and 4"}
  - {번호: b6, 이름: ㄱ, 근거: ㄱ, 조건: "횟수 >= 1.5 and 횟수 != 3"}
  - {번호: b7, 이름: ㄱ, 근거: ㄱ, 조건: "개월(끝난날, 기준일) >= 6"}
  - {번호: b8, 이름: ㄱ, 근거: ㄱ, 조건: "생일 < 끝난날"}
  - {번호: b9, 이름: ㄱ, 근거: ㄱ, 조건: "생일 >= date(\"1961-03-02\")"}
  - {번호: c1, 이름: ㄱ, 근거: ㄱ, 조건: "5 in (식구, 5)"}
  - {번호: c2, 이름: ㄱ, 근거: ㄱ, 조건: "반올림(식구 * 0.5) = 횟수"}
  - {번호: c3, 이름: ㄱ, 근거: ㄱ, 조건: "중위(9) >= 소득"}
  - {번호: c4, 이름: ㄱ, 근거: ㄱ, 조건: "3 < 4"}
  - {번호: c5, 이름: ㄱ, 근거: ㄱ, 조건: "소득 > 중위(식구)"}
  - {번호: c6, 이름: ㄱ, 근거: ㄱ, 조건: "소득 != 중위(횟수) or 재산 = 한도"}
제외:
  - {번호: d1, 이름: ㄱ, 근거: ㄱ, 조건: "일 = \"있다\""}
  - {번호: d2, 이름: ㄱ, 근거: ㄱ, 조건: "구민 and 세대주 and 횟수 > 2"}
  - {번호: d3, 이름: ㄱ, 근거: ㄱ, 조건: "not(식구 in [1..3]) or not(구민 = true)"}
시험:
  - {이름: 아무것도 모르는 사람(예시), 기준일: 2026-01-09, 사실: {}, 결과: 조건부 가능}
"#;

#[test]
fn conditions_of_every_form_mean_the_same_to_a_table_as_to_one_person() {
    let sets = read(&[("forms".to_owned(), FORMS.to_owned())]);
    let rules = &sets[0];
    assert!(rules.clauses.len() > 16, "more than one plane");
    // Half a person in a column of whole numbers makes it plain; with and without.
    for (seed, day, odd) in [(7, "2026-02-28", false), (8, "2026-03-01", true), (9, "2028-02-29", false)] {
        agree(&[rules], day.parse().expect("a day"), 3_000, seed, odd);
    }
}

#[test]
fn a_table_screened_at_once_says_what_it_says_row_by_row() {
    let sets = read(&[("forms".to_owned(), FORMS.to_owned())]);
    let rules = &sets[0];
    let as_of: Date = "2026-01-09".parse().expect("a day");
    let (mut chance, bounds) = (Chance(3), bounds(&[rules]));
    let people: Vec<Person> = (0..700)
        .map(|_| {
            let known = |fact: &iljari_rules::Fact| {
                (chance.below(4) != 0).then(|| some_value(&fact.kind, &bounds, as_of, &mut chance))
            };
            Person { facts: rules.facts.iter().map(known).collect(), as_of }
        })
        .collect();
    let at_once = screen::screen_all(rules, as_of, &people);
    let each: Vec<_> = people.iter().map(|person| screen::screen(rules, person)).collect();
    assert_eq!(at_once, each);
    assert_eq!(screen::screen_all(rules, as_of, &[]), []);
}

#[test]
fn the_answer_in_short_names_clauses_and_missing_documents() {
    let sets = read(&[("forms".to_owned(), FORMS.to_owned())]);
    let plan = Plan::of(&[&sets[0]], "2026-01-09".parse().expect("a day"));
    let slot = plan.facts().iter().position(|(name, _)| name == "일").expect("a fact");
    let mut values = vec![None; plan.facts().len()];
    values[slot] = Some(Value::Word("있다".to_owned()));
    let (known, mut verdict, mut text) = (plan.known(values), Verdict::default(), String::new());
    plan.judge(&known, &mut verdict);
    plan.text(&known, &verdict, &mut text);
    assert_eq!(verdict.outcomes, [Outcome::NotEligible]);
    assert!(text.starts_with("모든 꼴의 조건(예시): 불가\n"), "{text}");
    assert_eq!(text.matches("[미충족]").count(), 1, "{text}");
    assert!(text.contains("      생일: ㄱ\n") && !text.contains("      일: "), "{text}");
}
