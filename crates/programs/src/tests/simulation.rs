//! A district's year over the real code with a fake clock: one seed, one year, whatever chance does.
//!
//! Two rounds of calls from the notice to the last day of work, with look-ups, objections, seals, a disclosure each
//! half-year that changed a number, acts that break in the middle and a program that starts again. What always holds is asked all along.
//! `ILJARI_SIMULATION_SEEDS=200` tries more, `ILJARI_SIMULATION_SEED=17` tries one that failed.

mod faults;
mod holds;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Date, Entropy as _, Outcome, SeededEntropy, Stop};
use iljari_disclosure::bundle::Bundle;
use iljari_store::testing::FreshSqlite;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::Desk;
use super::desk::{RULES, day, places, pools, terms};
use crate::model::Terms;
use crate::rulebook::Rulebook;
use crate::{call, chores};

/// Seeds that every run tries.
const SEEDS: u64 = 20;

/// Days of the two halves: notice, first and last day of 접수, results, first and last day of work.
const HALVES: [[&str; 6]; 2] = [
    ["2026-01-05", "2026-01-07", "2026-01-13", "2026-01-20", "2026-02-02", "2026-06-26"],
    ["2026-07-01", "2026-07-03", "2026-07-09", "2026-07-16", "2026-07-27", "2026-12-18"],
];

struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, most: u64) -> u64 {
        self.0.below(most)
    }

    fn one_in(&self, most: u64) -> bool {
        self.below(most) == 0
    }

    fn pick<'i, T>(&self, items: &'i [T]) -> Option<&'i T> {
        items.get(usize::try_from(self.below(u64::try_from(items.len().max(1)).ok()?)).ok()?)
    }
}

/// Refusals are answers; anything else ends the year.
fn allowed<T>(outcome: Outcome<T>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(Stop::Refused(refusals)) => {
            // Only shown where the year fails; the last one then says what stood against it.
            println!("refused: {:?}", refusals.iter().map(|refusal| refusal.code).collect::<Vec<_>>());
            None
        }
        Err(stop) => panic!("{stop:?}"),
    }
}

/// Somebody who lives here and may apply in both halves.
#[derive(Clone)]
struct Person {
    name: String,
    birth: &'static str,
}

/// How often each thing happened, over all seeds: a simulation in which nothing happens shows nothing.
type Told = BTreeMap<&'static str, u64>;

/// A district's year under way.
struct Year {
    desk: Desk,
    dice: Dice,
    folder: TempDir,
    people: Vec<Person>,
    /// Leaves that a confirmed correction took back.
    taken_back: BTreeSet<String>,
    bundles: Vec<Bundle>,
    /// The totals as they were last disclosed.
    disclosed: Option<String>,
    told: Told,
}

fn half(nth: usize) -> Terms {
    let [notice, first, last, result, work_first, work_last] = HALVES[nth].map(day);
    Terms {
        title: format!("2026년 {} 나루 공공근로 참여자 모집(예시)", ["상반기", "하반기"][nth]),
        as_of_on: notice,
        apply_first_on: first,
        apply_last_on: last,
        result_on: result,
        work_first_on: work_first,
        work_last_on: work_last,
        ..terms()
    }
}

impl Year {
    async fn new(seed: u64) -> Self {
        let FreshSqlite { store, folder } = FreshSqlite::make().await;
        let chance = format!("year {seed}");
        let desk = Desk::at(store, day("2026-01-02").at_hour(9), &chance).await;
        let dice = Dice(SeededEntropy::new(&format!("dice {seed}")));
        let people = (0..7 + dice.below(4))
            .map(|nth| Person {
                name: format!("예시{}", char::from_u32(0xac00 + u32::try_from(nth).expect("few")).expect("a letter")),
                birth: dice
                    .pick(&["1961-03-02", "1969-12-31", "1985-11-11", "1999-01-01", "2000-02-29"])
                    .expect("a day"),
            })
            .collect();
        Self {
            desk,
            dice,
            folder,
            people,
            taken_back: BTreeSet::new(),
            bundles: Vec::new(),
            disclosed: None,
            told: Told::new(),
        }
    }

    fn tell(&mut self, what: &'static str) {
        *self.told.entry(what).or_default() += 1;
    }

    /// The morning of a day; the chores of every start and every hour have run.
    async fn morning(&mut self, on: Date) {
        self.desk.clock.set(on.at_hour(9));
        iljari_people::residents::rotate_keys(&self.desk.office).await.expect("the week's keys");
        let done = chores::run(&self.desk.office).await.expect("the chores");
        if done.destroyed > 0 {
            self.tell("evidence destroyed");
        }
    }

    /// From the notice to the last day of work.
    async fn half(&mut self, nth: usize) {
        let [notice, first, last, result, work_first, work_last] = HALVES[nth].map(day);
        self.morning(notice).await;
        let rules = Rulebook::freeze(&RULES.replace("유효: 2026-07-01", "유효: 2026-01-01")).expect("sound rules");
        let no = self
            .must(async |desk| {
                let (cx, rules, terms) = (desk.cx(&desk.clerk), rules.clone(), half(nth));
                desk.write(move |tx| Box::pin(async move { call::draft(tx, &cx, terms, rules).await })).await
            })
            .await;
        self.must(async |desk| desk.set_places(no, pools(), places()).await).await;
        self.must(async |desk| desk.check(&desk.clerk, no).await).await;
        self.must(async |desk| desk.publish(&desk.checker, no).await).await;
        self.morning(first).await;
        self.take_applications(no).await;
        self.morning(last).await;
        self.withdraw_somebody(no).await;
        self.look_up(no).await;
        self.screen_all(no).await;
        self.morning(result).await;
        if !self.select(no).await {
            self.morning(work_last.plus_days(2)).await;
            self.disclose().await;
            return;
        }
        self.holds(no).await;
        self.objections(no).await;
        self.morning(work_first).await;
        self.answer_objections(no).await;
        let mut today = work_first;
        while today < work_last {
            self.work(no, today).await;
            if self.dice.one_in(3) {
                self.holds(no).await;
            }
            today = today.plus_days(1 + i64::try_from(self.dice.below(26)).expect("few")).min(work_last);
            self.morning(today).await;
        }
        self.attendance(no, work_first).await;
        self.morning(work_last.plus_days(2)).await;
        self.holds(no).await;
        self.disclose().await;
    }

    /// What strangers get, as one hash over the names and bytes of every published file.
    fn export(&self) -> String {
        let root = &self.desk.office.published;
        let mut files = iljari_store::files::list(root).expect("listed");
        files.sort();
        let mut hash = Sha256::new();
        for path in files {
            let bytes = std::fs::read(&path).expect("a file");
            hash.update(path.strip_prefix(root).expect("below").to_string_lossy().as_bytes());
            hash.update(bytes.len().to_be_bytes());
            hash.update(bytes);
        }
        hex::encode(hash.finalize())
    }
}

/// Lives a year: what strangers get at its end, and what happened.
async fn year(seed: u64) -> (String, Told) {
    let mut year = Year::new(seed).await;
    for nth in 0..HALVES.len() {
        year.half(nth).await;
    }
    year.restart().await;
    let export = year.export();
    year.desk.office.store.close().await;
    (export, year.told)
}

/// The years of these seeds, a few at a time; the seed that fails is named.
fn years(seeds: &[u64]) -> Vec<(String, Told)> {
    const AT_ONCE: usize = 4;
    let mut all = Vec::new();
    for some in seeds.chunks(AT_ONCE) {
        let lives: Vec<_> = some.iter().map(|seed| (*seed, std::thread::spawn(one_after_the_other(*seed)))).collect();
        for (seed, life) in lives {
            all.push(
                life.join().unwrap_or_else(|_| panic!("the year fails; again with ILJARI_SIMULATION_SEED={seed}")),
            );
        }
    }
    all
}

/// A year in which nothing happens at once: on a thread and a runtime of its own.
fn one_after_the_other(seed: u64) -> impl FnOnce() -> (String, Told) + Send + 'static {
    move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(year(seed))
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn whatever_chance_does_in_a_year_what_always_holds_holds() {
    if let Some(seed) = number("ILJARI_SIMULATION_SEED") {
        println!("{:#?}", years(&[seed]));
        return;
    }
    let seeds = number("ILJARI_SIMULATION_SEEDS").unwrap_or(SEEDS);
    // The first seed twice: the same year, byte for byte.
    let all: Vec<u64> = std::iter::once(0).chain(0..seeds).collect();
    let lived = years(&all);
    assert_eq!(lived[0], lived[1], "one seed, one year");
    let exports: BTreeSet<&str> = lived.iter().map(|(export, _)| export.as_str()).collect();
    assert_eq!(exports.len(), lived.len() - 1, "every other year differs");
    for (nth, (_, told)) in lived.iter().enumerate() {
        let often = |what: &str| told.get(what).copied().unwrap_or(0);
        let first = often("disclosed") + often("nothing to disclose yet");
        let again = often("disclosed again") + often("nothing to disclose again");
        assert_eq!(first + again, 2, "each half-year is asked to be disclosed, in year {nth} of {seeds}: {told:?}");
        assert!(again <= often("disclosed"), "nothing is disclosed again before it was once: {told:?}");
    }
    let mut told = Told::new();
    for (what, often) in lived.iter().flat_map(|(_, told)| told) {
        *told.entry(*what).or_default() += often;
    }
    println!("{seeds} years: {told:?}");
    for wanted in [
        "applied again",
        "withdrawn",
        "looked up",
        "conflict",
        "overridden",
        "chosen",
        "objection",
        "upheld",
        "placed",
        "started",
        "left",
        "promoted",
        "declined",
        "expired",
        "taken back",
        "attendance",
        "sealed",
        "disclosed",
        "disclosed again",
        "fault",
        "restart",
        "evidence destroyed",
    ] {
        assert!(told.contains_key(wanted), "{wanted} never happened: {told:?}");
    }
}
