//! A node's story, year by year: what was promised, what was entered, what was set right, what was
//! put out.
//!
//! Owns: the order and the sentences between entries. Does not own: an entry's own sentence
//! (`entry_view`). What a newcomer gets wrong: leaving out what lies below. A task's number is the
//! sum of its programs, so a correction of a program is a correction of the task.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::korean::with_particle;
use iljari_base::{Date, Year};
use iljari_disclosure::log::words::Unit;
use iljari_disclosure::plan::{Plan, TargetSet, When};
use iljari_plans::pages::promised::{Layer, Promised};
use iljari_plans::pages::words::node_year_href;

use super::entry_view::{EntryView, view};
use super::look::{Look, Reach};
use super::number::{Number, Said, counter};
use crate::model::{Counted, Disclosure, Entry};

/// Entries of a year that are told one by one; more of them are told together.
const ENTRIES_MAX: usize = 6;

/// One year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    pub(crate) year: String,
    pub(crate) events: Vec<Event>,
}

/// One thing that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The day as people read it, or a word where nobody knows.
    pub(crate) day: String,
    /// The day as machines read it; empty where it is less than a day or unknown.
    pub(crate) machine_day: String,
    pub(crate) what: Said,
    pub(crate) notes: Vec<String>,
    /// Where to read on: words and address.
    pub(crate) link: Option<(String, String)>,
    pub(crate) correction: bool,
    /// The entry, where the event is one.
    pub(crate) entry: Option<EntryView>,
}

/// Sorts events: dated ones by day, undated ones first; alike ones in the order they came in.
type Key = (Option<String>, usize);

/// The story of a node, the oldest year first.
pub fn story(
    look: &Look,
    node: &str,
    disclosures: &[Disclosure],
    changes: &BTreeMap<&str, (i64, i64)>,
) -> Vec<Chapter> {
    let mut years: BTreeSet<Year> = Unit::ALL.iter().flat_map(|unit| look.progress.years(node, *unit)).collect();
    let promised = |year: &Year| {
        let sets = look.book.target_sets();
        sets.iter().any(|set| look.book.node_targets(node, &set.id, *year).in_force().is_some())
    };
    years.extend(look.book.years().into_iter().filter(promised));
    let chapter = |year: Year| {
        let mut events: Vec<(Key, Event)> = Vec::new();
        plan_events(look, node, year, &mut events);
        entry_events(look, node, year, changes, &mut events);
        disclosure_events(look, node, year, disclosures, &mut events);
        events.sort_by(|(one, _), (other, _)| one.cmp(other));
        Chapter { year: year.to_string(), events: events.into_iter().map(|(_, event)| event).collect() }
    };
    years.into_iter().map(chapter).filter(|chapter| !chapter.events.is_empty()).collect()
}

fn push(events: &mut Vec<(Key, Event)>, day: Option<String>, event: Event) {
    let place = events.len();
    events.push(((day, place), event));
}

/// When a plan was put out, as exact as its document says.
fn day_of(plan: &Plan) -> (Option<String>, String, String) {
    match plan.disclosed {
        Some(When::Day(day)) => (Some(day.to_string()), When::Day(day).korean(), day.to_string()),
        Some(when) => (Some(when.to_string()), when.korean(), String::new()),
        None => (None, "날짜 자료 없음".to_owned(), String::new()),
    }
}

fn plan_events(look: &Look, node: &str, year: Year, events: &mut Vec<(Key, Event)>) {
    let book = &look.book;
    let here = |set: &&TargetSet| book.node_targets(node, &set.id, year).in_force().is_some();
    let promised = book.target_sets().iter().filter(|set| here(set)).count();
    for set in book.target_sets() {
        let at = book.node_targets(node, &set.id, year);
        let name = named(set, promised);
        if let (Some(figure), Some(plan)) = (at.term, book.term_plan(year)) {
            let target = Promised::target(figure, &set.id, node, year, Layer::Term);
            let what = Said::new(&format!("종합계획이 {year}년 {name}목표를 "))
                .promised(&target)
                .words(&format!("{} 정했습니다", ending(target.text(), "으로/로")));
            let (key, day, machine_day) = day_of(plan);
            push(events, key, Event { day, machine_day, what, notes: vec![plan.title.clone()], ..Event::default() });
        }
        let yearly = book.yearly_plans(year).rev().find(|plan| plan.target(node, &set.id, year).is_some());
        if let (Some(figure), Some(plan)) = (at.yearly, yearly) {
            let target = Promised::target(figure, &set.id, node, year, Layer::Yearly);
            let what = match at.term.filter(|_| at.revised()) {
                Some(term) => Said::new(&format!("{year}년 세부계획이 {name}목표를 "))
                    .promised(&Promised::target(term, &set.id, node, year, Layer::Term))
                    .words("에서 ")
                    .promised(&target)
                    .words(&format!("{} 바꿨습니다", ending(target.text(), "으로/로"))),
                None => Said::new(&format!("{year}년 세부계획이 {name}목표를 "))
                    .promised(&target)
                    .words(&format!("{} 정했습니다", ending(target.text(), "으로/로"))),
            };
            let reason = figure.reason.clone().or_else(|| plan.target_set(&set.id)?.reason.clone());
            let reason = match reason {
                Some(reason) => Some(format!("까닭: {reason}")),
                None => at.revised().then(|| "문서에 까닭이 없습니다".to_owned()),
            };
            let (key, day, machine_day) = day_of(plan);
            let notes = reason.into_iter().chain([plan.title.clone()]).collect();
            push(events, key, Event { day, machine_day, what, notes, ..Event::default() });
        }
    }
}

/// The set's name in a sentence, where there is more than one.
fn named(set: &TargetSet, sets: usize) -> String {
    if sets > 1 { format!("‘{}’ ", set.name) } else { String::new() }
}

/// Only the particle: the word before it is marked up on its own.
fn ending(word: &str, pair: &str) -> String {
    with_particle(word, pair).get(word.len()..).unwrap_or_default().to_owned()
}

fn entry_events(
    look: &Look,
    node: &str,
    year: Year,
    changes: &BTreeMap<&str, (i64, i64)>,
    events: &mut Vec<(Key, Event)>,
) {
    for unit in Unit::ALL {
        let found = look.counted(node, year, *unit, &[]);
        let (corrections, plain): (Vec<_>, Vec<_>) = found.into_iter().partition(|(entry, _)| entry.answers.is_some());
        if plain.len() > ENTRIES_MAX {
            together(look, node, year, *unit, &plain, events);
        }
        let one_by_one = if plain.len() > ENTRIES_MAX { &[] } else { plain.as_slice() };
        for (entry, counted) in one_by_one.iter().chain(&corrections) {
            let view = view(look, entry, counted, changes);
            let below = counted.node.as_str() != node;
            let mut notes = Vec::new();
            if !view.why.is_empty() {
                notes.push(view.why.clone());
            }
            let event = Event {
                day: view.sealed.clone(),
                machine_day: view.machine_day.clone(),
                what: view.title.clone(),
                notes,
                link: below.then(|| (view.node.clone(), view.node_href.clone())),
                correction: view.correction,
                entry: Some(view),
            };
            push(events, Some(key_of(entry)), event);
        }
    }
}

/// What waits for its seal comes after everything that has one.
fn key_of(entry: &Entry) -> String {
    entry.sealed.map_or_else(|| "9".to_owned(), |sealed| sealed.sealed_at.seoul_date().to_string())
}

/// Many entries of a year as one event, up to the day of the newest.
fn together(
    look: &Look,
    node: &str,
    year: Year,
    unit: Unit,
    plain: &[(&Entry, &Counted)],
    events: &mut Vec<(Key, Event)>,
) {
    let last = plain.iter().map(|(entry, _)| key_of(entry)).max();
    let day = last.as_deref().and_then(|day| day.parse::<Date>().ok());
    // The sum is the total of the year: corrections are in it, so the words speak of both.
    let Some(split) = look.progress.whole(node, year, unit, &[]) else { return };
    let number = Number::total(&look.book.code, node, year, unit, split.total());
    let word = counter(unit);
    let when = match look.reach(node, year, unit, &[]) {
        Some(Reach::Until(month)) => format!("{year}년 {}월까지의 기록을 모두 더해 ", month.of_year()),
        _ => format!("{year}년 기록을 모두 더해 "),
    };
    let event = Event {
        day: match day {
            Some(day) => format!("{}까지 봉인", day.korean()),
            None => "일부는 다음 봉인을 기다립니다".to_owned(),
        },
        machine_day: day.map(|day| day.to_string()).unwrap_or_default(),
        what: Said::new(&when).number(&number).words(&format!("{} 되었습니다", with_particle(word, "이/가"))),
        notes: vec!["기록이 많아 하나로 모아 적었습니다. 정정은 따로 보입니다.".to_owned()],
        link: Some(("기록 하나하나 보기".to_owned(), node_year_href(&look.book.code, node, year))),
        ..Event::default()
    };
    push(events, last, event);
}

fn disclosure_events(look: &Look, node: &str, year: Year, disclosures: &[Disclosure], events: &mut Vec<(Key, Event)>) {
    if !Unit::ALL.iter().any(|unit| look.progress.whole(node, year, *unit, &[]).is_some()) {
        return;
    }
    for one in disclosures.iter().filter(|one| one.year == year) {
        let day = one.disclosed_at.seoul_date();
        let what = match one.corrects_no {
            Some(no) => format!("{year}년 숫자를 바로잡아 다시 공시했습니다(제{no}호를 바로잡는 제{}호)", one.no),
            None => format!("{year}년 숫자를 공시했습니다(제{}호)", one.no),
        };
        let notes =
            if one.corrects_no.is_some() { vec![format!("다시 낸 까닭: {}", one.remark)] } else { Vec::new() };
        let event = Event {
            day: day.korean(),
            machine_day: day.to_string(),
            what: Said::new(&what),
            notes,
            link: Some((
                format!("그날 얼린 숫자 보기(제{}호)", one.no),
                format!("/districts/{}/disclosures/{}", look.book.code, one.no),
            )),
            ..Event::default()
        };
        // A disclosure seals first, so it comes after what was sealed on its day.
        push(events, Some(format!("{day}~")), event);
    }
}
