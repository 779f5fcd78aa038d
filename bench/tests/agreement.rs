//! One meaning, four ways to it: the workload as its README gives it, `eval`, the tree of reasons, and
//! the plan, for many people at once and for one.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

use std::path::{Path, PathBuf};

use iljari_base::Date;
use iljari_bench::chance::Chance;
use iljari_bench::plain::{Program, programs};
use iljari_bench::workload::{COLUMNS, FLAG_COUNT, FLAGS, flag};
use iljari_bench::{convert, crc, run, workload};
use iljari_rules::batch::{Builder, Masks, Plan, Verdict};
use iljari_rules::num::Num;
use iljari_rules::{Outcome, Person, RuleSet, Truth, Value, eval, explain};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample").join(name)
}

fn workload_programs() -> Vec<Program> {
    programs(&std::fs::read_to_string(sample("rules.json")).expect("the rules")).expect("readable rules")
}

fn converted(programs: &[Program]) -> Vec<RuleSet> {
    let file = |program: &Program| (program.id.clone(), convert::file(program).expect("a convertible program"));
    let files: Vec<(String, String)> = programs.iter().map(file).collect();
    run::compiled(&files).unwrap_or_else(|told| panic!("{told}"))
}

fn as_of() -> Date {
    convert::AS_OF.parse().expect("a day")
}

/// A number of the workload as our value.
fn value(column: usize, number: i64) -> Value {
    if COLUMNS[column].name != FLAGS {
        return Value::Number(Num::whole(number));
    }
    Value::Words((0..FLAG_COUNT).filter(|bit| number >> bit & 1 == 1).map(flag).collect())
}

fn truth(holds: Option<bool>) -> Truth {
    holds.map_or(Truth::Unknown, Truth::of)
}

#[test]
fn ten_thousand_people_with_unknowns_get_the_same_verdict_every_way() {
    const SEED: u64 = 20_260_109;
    println!("seed {SEED}");
    let programs = workload_programs();
    let sets = converted(&programs);
    let sets: Vec<&RuleSet> = sets.iter().collect();
    assert_eq!((sets.len(), sets.iter().map(|set| set.clauses.len()).sum::<usize>()), (47, 324));
    let plan = Plan::of(&sets, as_of());
    assert_eq!(plan.tests(), (120, 120), "distinct tests, and those with a form in columns");
    let columns: Vec<usize> = plan
        .facts()
        .iter()
        .map(|(name, _)| COLUMNS.iter().position(|column| column.fact == name).expect("a column"))
        .collect();

    let mut chance = Chance::new(SEED);
    // Every third person is known whole; the others lack each fact once in six.
    let people: Vec<Vec<Option<i64>>> = (0..10_000)
        .map(|row| {
            let known = |column: &usize| {
                let (number, gap) = (chance.below(COLUMNS[*column].below), chance.below(6));
                (row % 3 == 0 || gap != 0).then_some(number)
            };
            columns.iter().map(known).collect()
        })
        .collect();
    let values: Vec<Vec<Option<Value>>> = people
        .iter()
        .map(|person| columns.iter().zip(person).map(|(column, number)| number.map(|it| value(*column, it))).collect())
        .collect();
    let mut table = Builder::new(plan.facts());
    for values in &values {
        table.push(|slot| values[slot].as_ref());
    }
    let (mut masks, mut verdict) = (Masks::default(), Verdict::default());
    plan.screen(&table.finish(), &mut masks);

    let (mut outcomes, mut reasons) = ([0_u32; 3], 0_u32);
    for (row, (person, values)) in people.iter().zip(&values).enumerate() {
        plan.judge(&plan.known(values.clone()), &mut verdict);
        let of = |name: &str| {
            let column = COLUMNS.iter().position(|column| column.name == name)?;
            columns.iter().position(|it| *it == column).and_then(|slot| person[slot])
        };
        for (at, (set, program)) in sets.iter().zip(&programs).enumerate() {
            let facts = plan.facts().of_set(at).iter().map(|slot| values[*slot].clone()).collect();
            let ours = Person { facts, as_of: as_of() };
            let (broken, unknown) = (masks.broken(at, row), masks.unknown(at, row));
            assert_eq!(verdict.programs[at], (broken, unknown), "person {row}, {}", set.id);
            for (place, (clause, plain)) in set.clauses.iter().zip(&program.clauses).enumerate() {
                let wanted = truth(plain.holds(&of));
                let batch = match (broken >> place & 1, unknown >> place & 1) {
                    (0, 0) => Truth::Met,
                    (1, 0) => Truth::NotMet,
                    (0, 1) => Truth::Unknown,
                    both => panic!("person {row}, {} {}: {both:?}", set.id, clause.id),
                };
                let (scalar, _) = eval::clause_truth(set, &ours, clause);
                assert_eq!((batch, scalar), (wanted, wanted), "person {row}, {} {}", set.id, clause.id);
            }
            let (outcome, _) = eval::outcome(set, &ours);
            assert_eq!(masks.outcome(at, row), outcome);
            assert_eq!(verdict.outcomes[at], outcome);
            outcomes[outcome as usize] += 1;
            // The tree, for one program of each person: every program has its turn.
            if at == row % sets.len() {
                let told = explain(set, &ours);
                assert_eq!(told.outcome, outcome);
                for reason in &told.reasons {
                    let expected = (broken >> reason.clause & 1 == 1, unknown >> reason.clause & 1 == 1);
                    assert_eq!((reason.truth == Truth::NotMet, reason.truth == Truth::Unknown), expected);
                    reasons += 1;
                }
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 5_000) && reasons > 60_000, "{outcomes:?} {reasons}");
}

#[test]
fn the_sample_has_the_masks_that_the_workload_itself_gives() {
    let programs = workload_programs();
    let sets = converted(&programs);
    let sets: Vec<&RuleSet> = sets.iter().collect();
    let plan = Plan::of(&sets, as_of());
    let text = std::fs::read_to_string(sample("residents_512.csv")).expect("the residents");
    let residents = workload::residents(&text).expect("readable residents");
    let people = workload::people(plan.facts(), &residents).expect("columns");
    let mut masks = Masks::default();
    plan.screen(&people, &mut masks);
    let mut wanted = Vec::new();
    for program in &programs {
        wanted.extend((0..people.rows()).map(|row| {
            let of = |name: &str| COLUMNS.iter().position(|column| column.name == name).map(|at| residents[at][row]);
            let failed = program.clauses.iter().map(|clause| clause.holds(&of) == Some(false)).enumerate();
            failed.fold(0_u16, |mask, (place, failed)| mask | u16::from(failed) << place)
        }));
    }
    assert_eq!(people.rows(), 512);
    let joined = run::joined(&masks, sets.len());
    assert!(joined == wanted, "other masks than the workload's own");
    let eligible = |set: usize| (0..512).filter(|row| masks.outcome(set, *row) == Outcome::Eligible).count();
    let eligible: usize = (0..sets.len()).map(eligible).sum();
    assert_eq!(eligible, wanted.iter().filter(|mask| **mask == 0).count());
    // By the same files in numpy, with the peers' own script.
    assert_eq!((crc::of_masks(&joined), eligible), (SAMPLE_CRC, SAMPLE_ELIGIBLE));
}

/// What the peers' numpy says of the sample.
const SAMPLE_CRC: u32 = 273_953_065;
const SAMPLE_ELIGIBLE: usize = 1_973;

#[test]
fn the_bench_says_its_lines() {
    let folder = std::env::temp_dir().join(format!("iljari-bench-{}", std::process::id()));
    assert_eq!(run::convert(&sample("rules.json"), &folder), Ok(47));
    let mut lines = Vec::new();
    let done = run::rules(&sample("residents_512.csv"), &folder, run::Effort::ONCE, &mut |line| lines.push(line));
    std::fs::remove_dir_all(&folder).expect("its own folder");
    assert_eq!(done, Ok(()));
    let read: Vec<serde_json::Value> =
        lines.iter().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(read[0]["crc"].as_u64(), Some(u64::from(SAMPLE_CRC)));
    let functions: Vec<&str> = read.iter().filter_map(|line| line["fn"].as_str()).collect();
    assert_eq!(
        functions,
        ["rules::batch::Plan::screen", "rules::batch::Plan::judge", "rules::batch::Plan::text", "rules::explain"]
    );
}
