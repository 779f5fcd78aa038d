//! Workload A on our side (일감 A): masks of a district, one person by all programs, her reasons.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use iljari_authored::{Lang, Severity, render_text};
use iljari_base::Date;
use iljari_rules::batch::{Known, Masks, People, Plan, Verdict};
use iljari_rules::{Outcome, Person, RuleSet, explain};

use crate::figure::{Line, Times};
use crate::{convert, crc, plain, workload};

/// How often everything is worked out, and for how many.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Times the masks of everybody are worked out.
    pub all: usize,
    /// Times the people that are judged one by one are.
    pub one: usize,
    /// How many these are.
    pub people: usize,
    /// How many get their whole trees.
    pub trees: usize,
}

impl Effort {
    /// For a figure.
    pub const FULL: Effort = Effort { all: 61, one: 21, people: 2_000, trees: 100 };
    /// To see that it runs.
    pub const ONCE: Effort = Effort { all: 1, one: 1, people: 20, trees: 2 };
}

/// Writes `rules.json` as our files into a folder and says how many.
pub fn convert(rules: &Path, folder: &Path) -> Result<usize, String> {
    let programs = plain::programs(&read(rules)?)?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for program in &programs {
        let path = folder.join(format!("{}.yaml", program.id));
        fs::write(&path, convert::file(program)?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(programs.len())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every rule file of a folder, by name, compiled; none may have an error.
pub fn rule_sets(folder: &Path) -> Result<Vec<RuleSet>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.extension().is_some_and(|end| end == "yaml") {
            files.push((path.to_string_lossy().into_owned(), read(&path)?));
        }
    }
    files.sort();
    compiled(&files)
}

/// Rule files by name and text, compiled; none may have an error.
pub fn compiled(files: &[(String, String)]) -> Result<Vec<RuleSet>, String> {
    let (sets, report) = iljari_rules::check(files);
    match report.count(Severity::Error) {
        0 => Ok(sets),
        _ => Err(render_text(&report, Lang::En, false)),
    }
}

/// Runs the workload and hands each line to `say`.
pub fn rules(residents: &Path, folder: &Path, effort: Effort, say: &mut dyn FnMut(String)) -> Result<(), String> {
    let as_of: Date = convert::AS_OF.parse().map_err(|error| format!("{error}"))?;
    let mut load = Times::default();
    let loaded = load.run(|| -> Result<_, String> {
        let sets = rule_sets(folder)?;
        let table = workload::residents(&read(residents)?)?;
        Ok((sets, table))
    });
    let (sets, table) = loaded?;
    let sets: Vec<&RuleSet> = sets.iter().collect();
    let plan = Plan::of(&sets, as_of);
    let people = load.run(|| workload::people(plan.facts(), &table))?;
    let rows = u64::try_from(people.rows()).unwrap_or(0);

    let (mut work, mut masks) = (Times::default(), Masks::default());
    // The first time asks for memory; its line is its own.
    let mut first = Times::default();
    first.run(|| Plan::of(&sets, as_of).screen(&people, &mut masks));
    for _ in 0..effort.all {
        work.run(|| Plan::of(&sets, as_of).screen(&people, &mut masks));
    }
    let (mut join, mut write) = (Times::default(), Times::default());
    let mut joined = join.run(|| joined(&masks, sets.len()));
    let out = folder.join("masks.u16");
    write.run(|| {
        let bytes: Vec<u8> = joined.iter().flat_map(|mask| mask.to_le_bytes()).collect();
        fs::write(&out, bytes).map_err(|error| format!("{}: {error}", out.display()))
    })?;
    let crc = crc::of_masks(&joined);
    // What the machine can do at that moment: so much memory filled with one value.
    let mut fill = Times::default();
    for turn in 0..effort.all {
        fill.run(|| black_box(&mut joined).fill(u16::try_from(turn).unwrap_or(0)));
    }
    let eligible = (0..sets.len())
        .map(|set| (0..people.rows()).filter(|row| masks.outcome(set, *row) == Outcome::Eligible).count())
        .sum::<usize>();
    let (tests, in_columns) = plan.tests();
    let clauses: usize = sets.iter().map(|set| set.clauses.len()).sum();
    let count = |number: usize| u64::try_from(number).unwrap_or(0);
    say(Line::new("A", "eligible+failed-clause mask", "rules::batch::Plan::screen")
        .number("n", rows)
        .number("programs", count(sets.len()))
        .number("clauses", count(clauses))
        .number("tests", count(tests))
        .number("tests_in_columns", count(in_columns))
        .number("eligible", count(eligible))
        .number("crc", crc)
        .time("load_s", load.total())
        .times(&work)
        .time("fill_cpu_s", fill.processor())
        .time("fill_cpu_min_s", fill.processor_least())
        .time("first_s", first.wall())
        .time("join_s", join.wall())
        .time("write_s", write.wall())
        .end());
    one_by_one(&sets, &plan, &people, effort, say);
    Ok(())
}

/// The masks as the workload has them: sixteen clauses a number, program by program.
pub fn joined(masks: &Masks, programs: usize) -> Vec<u16> {
    let of_program = |program| (0..masks.rows()).map(move |row| masks.broken(program, row));
    (0..programs).flat_map(of_program).map(|broken| u16::try_from(broken & 0xFFFF).unwrap_or(u16::MAX)).collect()
}

fn one_by_one(sets: &[&RuleSet], plan: &Plan<'_>, people: &People, effort: Effort, say: &mut dyn FnMut(String)) {
    let count = effort.people.min(people.rows());
    let values: Vec<Vec<_>> = (0..count).map(|row| people.values(plan.facts(), row)).collect();
    let known: Vec<Known> = values.iter().map(|values| plan.known(values.clone())).collect();
    let (mut verdict, mut text) = (Verdict::default(), String::new());
    let persons = |set: usize, rules: &RuleSet, values: &[Option<iljari_rules::Value>], as_of: Date| {
        let slots = plan.facts().of_set(set).iter();
        let facts = slots.map(|slot| values.get(*slot).cloned().flatten()).collect::<Vec<_>>();
        debug_assert_eq!(facts.len(), rules.facts.len());
        Person { facts, as_of }
    };
    let mut say_one = |what: &str, function: &str, count: usize, times: &Times, eligible: usize, bytes: usize| {
        let each = u32::try_from(count).unwrap_or(1).max(1);
        say(Line::new("A", what, function)
            .number("n", u64::from(each))
            .number("programs", u64::try_from(sets.len()).unwrap_or(0))
            .number("eligible", u64::try_from(eligible).unwrap_or(0))
            .number("bytes_each", u64::try_from(bytes / count.max(1)).unwrap_or(0))
            .times(times)
            .time("each_s", times.wall() / each)
            .time("each_min_s", times.shortest() / each)
            .end());
    };

    let (mut times, mut eligible) = (Times::default(), 0);
    for _ in 0..effort.one {
        eligible = times.run(|| {
            let outcomes = known.iter().map(|known| {
                plan.judge(known, &mut verdict);
                black_box(&verdict).outcomes.iter().filter(|outcome| **outcome == Outcome::Eligible).count()
            });
            outcomes.sum()
        });
    }
    say_one("one person, all programs", "rules::batch::Plan::judge", count, &times, eligible, 0);

    let (mut times, mut bytes) = (Times::default(), 0);
    for _ in 0..effort.one {
        bytes = times.run(|| {
            let lengths = known.iter().map(|known| {
                plan.judge(known, &mut verdict);
                text.clear();
                plan.text(known, &verdict, &mut text);
                black_box(&text).len()
            });
            lengths.sum()
        });
    }
    say_one("one person, all programs, with text", "rules::batch::Plan::text", count, &times, eligible, bytes);

    // The whole tree: every clause with facts, documents, bounds and what would change it.
    let as_of = plan.as_of();
    let some = count.min(effort.trees);
    let (mut times, mut bytes) = (Times::default(), 0);
    for _ in 0..effort.one {
        bytes = times.run(|| {
            let each = values.iter().take(some).map(|values| {
                let told = sets.iter().enumerate().map(|(set, rules)| {
                    let person = persons(set, rules, values, as_of);
                    black_box(explain(rules, &person).text(rules, &[])).len()
                });
                told.sum::<usize>()
            });
            each.sum()
        });
    }
    say_one("one person, all programs, whole tree with text", "rules::explain", some, &times, 0, bytes);
}
