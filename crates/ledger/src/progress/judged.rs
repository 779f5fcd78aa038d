//! Every node of a year's tree beside its target (판단): what misses, what is late, in which order.
//!
//! Owns: which target a node is held to, and the order of lists. Does not own: the judgement of one
//! node (`pace`), the day a report is due (`fresh`).
//! What a newcomer gets wrong: one walk over the tree for each node. Months are rolled up once for
//! the whole tree; four hundred unit projects cost as much as one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use iljari_base::{Date, Rate, Year};
use iljari_disclosure::log::words::Field;
use iljari_disclosure::plan::{District, Plan, ROOT, TargetSet};

use super::course::{Course, Courses, MonthSums};
use super::fresh::{Fresh, fresh};
use super::overview::{Partial, unit_of};
use super::pace::{Outlook, Pace, pace};

/// How many earlier years a judgement looks back on.
pub const YEARS_BACK: i16 = 4;

/// The years whose months a judgement of this year needs.
pub fn years_needed(year: Year) -> (Year, Year) {
    (Year(year.0.saturating_sub(YEARS_BACK)), year)
}

/// One node of the year's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its level, as an index into the plan's levels.
    pub level: usize,
    /// 담당부서.
    pub department: Option<String>,
    /// 부문.
    pub field: Option<Field>,
    /// Its year beside its target.
    pub pace: Pace,
    /// How new its numbers are.
    pub fresh: Option<Fresh>,
    /// Names of what lies below and stops earlier than the node itself.
    pub lagging: Vec<String>,
}

/// A year's judgement.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The whole district.
    pub whole: Pace,
    /// How new the whole district's numbers are.
    pub fresh: Option<Fresh>,
    /// Every node, in the plan's order.
    pub rows: Vec<Judged>,
    /// Names of the plan's levels, outermost first.
    pub levels: Vec<String>,
    /// The level that people call 실천과제.
    pub task_level: usize,
    courses: Courses,
}

/// Judges every node of the year's tree against one counted set; `None` for a set that counts
/// nothing. A year whose plan has no tree is judged as a whole.
pub fn judge(book: &District, set: &TargetSet, year: Year, sums: &MonthSums, today: Date) -> Option<Judgement> {
    let unit = unit_of(set)?;
    let plan = book.tree_in_force(year);
    let mut courses = Courses::new();
    let years: Vec<Year> = (years_needed(year).0.0..=year.0).rev().map(Year).collect();
    for year in &years {
        courses.extend(sums.courses(book.tree_in_force(*year), *year, unit, &set.fields));
    }
    let empty = Course::default();
    let targets = plan.map(|plan| targets(book, plan, set, year)).unwrap_or_default();
    let of = |node: &str, year: Year| courses.get(&(node.to_owned(), year)).unwrap_or(&empty);
    let judged = |node: &str, target: Option<i64>| {
        let before: Vec<&Course> = years.iter().skip(1).map(|year| of(node, *year)).collect();
        let newest: Vec<(Year, &Course)> = years.iter().map(|year| (*year, of(node, *year))).collect();
        let pace = pace(target, year, of(node, year), &before, today);
        (pace, fresh(&newest, year, today).filter(|_| year == today.year()))
    };
    let own: BTreeMap<&str, i8> = own_ends(sums, year, unit, &set.fields);
    let nodes = plan.into_iter().flat_map(|plan| plan.nodes.iter().map(move |node| (plan, node)));
    let rows = nodes.map(|(plan, node)| {
        let (pace, fresh) = judged(&node.id, targets.get(node.id.as_str()).copied());
        Judged {
            id: node.id.clone(),
            name: node.name.clone(),
            level: node.level,
            department: plan.responsible(&node.id).map(|responsible| responsible.department.clone()),
            field: plan.field(&node.id),
            lagging: Vec::new(),
            pace,
            fresh,
        }
    });
    let mut rows: Vec<Judged> = rows.collect();
    if let Some(plan) = plan {
        note_lagging(plan, &own, &mut rows);
    }
    let (whole, fresh) = judged(ROOT, book.targets(&set.id, year).in_force().and_then(|figure| figure.count()));
    let levels = plan.map(|plan| plan.levels.clone()).unwrap_or_default();
    Some(Judgement { whole, fresh, rows, levels, task_level: plan.map(task_level).unwrap_or_default(), courses })
}

/// The level of 실천과제: the one with 과제 in its name, else the one above the programs.
pub fn task_level(plan: &Plan) -> usize {
    let named = plan.levels.iter().position(|level| level.contains("과제"));
    named.unwrap_or_else(|| plan.program_level().unwrap_or(0).saturating_sub(1))
}

/// The target of every node: its own, else the sum of its children's where each has one.
fn targets<'p>(book: &District, plan: &'p Plan, set: &TargetSet, year: Year) -> BTreeMap<&'p str, i64> {
    let mut below: BTreeMap<&str, Partial> = BTreeMap::new();
    let mut targets = BTreeMap::new();
    // Children stand after their parents, so going backwards every sum is complete when it is asked.
    for node in plan.nodes.iter().rev() {
        let own = book.node_targets(&node.id, &set.id, year).in_force().and_then(|figure| figure.count());
        let sum = below.get(node.id.as_str()).copied().filter(|_| !node.children_unknown).and_then(Partial::whole);
        let target = own.or(sum);
        below.entry(node.parent.as_str()).or_default().add(target);
        if let Some(target) = target {
            targets.insert(node.id.as_str(), target);
        }
    }
    targets
}

/// The last month reported for each node that has entries of its own.
fn own_ends<'s>(
    sums: &'s MonthSums,
    year: Year,
    unit: iljari_disclosure::log::words::Unit,
    fields: &[Field],
) -> BTreeMap<&'s str, i8> {
    let mut ends: BTreeMap<&str, i8> = BTreeMap::new();
    let counts = sums.0.iter().filter(|sum| {
        sum.unit == unit && sum.period.first().year() == year && (fields.is_empty() || fields.contains(&sum.field))
    });
    for sum in counts {
        let last = if sum.period.last().year() == year { sum.period.last().of_year() } else { 12 };
        let end = ends.entry(&sum.node).or_insert(last);
        *end = (*end).max(last);
    }
    ends
}

fn note_lagging(plan: &Plan, own: &BTreeMap<&str, i8>, rows: &mut [Judged]) {
    let place: BTreeMap<&str, usize> =
        plan.nodes.iter().enumerate().map(|(place, node)| (node.id.as_str(), place)).collect();
    for (id, end) in own {
        let Some(node) = plan.node(id) else { continue };
        for above in plan.ancestors(id) {
            let Some(row) = place.get(above.id.as_str()).and_then(|place| rows.get_mut(*place)) else { continue };
            if row.pace.until.is_some_and(|until| until > *end) {
                row.lagging.push(node.name.clone());
            }
        }
    }
}

impl Judgement {
    /// The nodes of one level.
    pub fn level(&self, level: usize) -> Vec<&Judged> {
        self.rows.iter().filter(|row| row.level == level).collect()
    }

    /// The nodes that people call 실천과제.
    pub fn tasks(&self) -> Vec<&Judged> {
        self.level(self.task_level)
    }

    /// How a node's year went.
    pub fn course(&self, node: &str, year: Year) -> Option<&Course> {
        self.courses.get(&(node.to_owned(), year))
    }

    /// The name of the task level: `실천과제`.
    pub fn task_word(&self) -> &str {
        self.levels.get(self.task_level).map_or("실천과제", String::as_str)
    }

    /// Levels that have nodes, with their names.
    pub fn used_levels(&self) -> Vec<(usize, &str)> {
        let used: BTreeSet<usize> = self.rows.iter().map(|row| row.level).collect();
        used.into_iter().filter_map(|level| Some((level, self.levels.get(level)?.as_str()))).collect()
    }
}

/// By what a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// What misses most of its target first.
    Missing,
    /// 목표.
    Target,
    /// 실적.
    Actual,
    /// 달성률.
    Rate,
    /// Oldest report first.
    Fresh,
    /// Name.
    Name,
    /// The plan's own order.
    Plan,
}

impl By {
    /// Every order, as links name it.
    pub const ALL: [(By, &'static str); 7] = [
        (By::Missing, "missing"),
        (By::Target, "target"),
        (By::Actual, "actual"),
        (By::Rate, "rate"),
        (By::Fresh, "fresh"),
        (By::Name, "name"),
        (By::Plan, "plan"),
    ];

    /// The word in a link.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(by, _)| *by == self).map_or("missing", |(_, word)| word)
    }

    /// Reads a link's word; anything else is the usual order.
    pub fn from_text(text: &str) -> Self {
        Self::ALL.iter().find(|(_, word)| *word == text).map_or(By::Missing, |(by, _)| *by)
    }
}

/// Sorts a list. What nobody knows stands last, whichever way it is turned; equals keep the plan's order.
pub fn sort(rows: &mut [&Judged], by: By, turned: bool) {
    let rate = |row: &Judged| row.pace.rate().map(Rate::per_mille);
    match by {
        By::Missing => {
            // Missed first, by the share that is missing; then what was judged, lowest rate first.
            rows.sort_by_key(|row| {
                let share = row.pace.missing().zip(row.pace.target).and_then(|(by, target)| Rate::new(by, target));
                let judged = !matches!(row.pace.outlook, Outlook::NoTarget | Outlook::Nothing);
                (Reverse(share.map(Rate::per_mille)), !judged, rate(row))
            });
            if turned {
                rows.reverse();
            }
        }
        By::Target => by_number(rows, turned, |row| row.pace.target.map(i64::saturating_neg)),
        By::Actual => by_number(rows, turned, |row| row.pace.actual.map(i64::saturating_neg)),
        By::Rate => by_number(rows, turned, |row| rate(row)),
        By::Fresh => by_number(rows, turned, |row| row.fresh?.last.map(|month| month.number())),
        By::Name => {
            rows.sort_by(|one, other| one.name.cmp(&other.name));
            if turned {
                rows.reverse();
            }
        }
        By::Plan => {
            if turned {
                rows.reverse();
            }
        }
    }
}

fn by_number(rows: &mut [&Judged], turned: bool, number: impl Fn(&Judged) -> Option<i64>) {
    rows.sort_by_key(|row| {
        let number = number(row);
        let turned_number = number.map(|number| if turned { number.saturating_neg() } else { number });
        (number.is_none(), turned_number)
    });
}

/// `실천과제 12개 중 3개가 올해 목표에 못 미칠 것 같습니다`: the first sentence of an office's day.
pub fn first_sentence(judgement: &Judgement, year: Year, this_year: Year) -> String {
    use iljari_base::korean::with_particle;
    let tasks = judgement.tasks();
    let word = judgement.task_word();
    let count = tasks.len();
    if count == 0 {
        return format!("{year}년 계획에는 {} 없습니다", with_particle(word, "이/가"));
    }
    let missing = tasks.iter().filter(|task| task.pace.misses()).count();
    let judged = tasks
        .iter()
        .filter(|task| !matches!(task.pace.outlook, Outlook::NoTarget | Outlook::Nothing | Outlook::TooEarly));
    let judged = judged.count();
    let when = if year == this_year { "올해".to_owned() } else { format!("{year}년") };
    let past = tasks.iter().filter(|task| task.pace.misses()).all(|task| task.pace.until == Some(12));
    match (judged, missing) {
        (0, _) => format!("{word} {count}개가 {when} 목표에 닿을지 아직 말할 수 없습니다"),
        (_, 0) if judged == count => format!("{word} {count}개 모두 {when} 목표에 닿을 것으로 보입니다"),
        (_, 0) => {
            format!("견줄 수 있는 {word} {judged}개는 {when} 목표에 닿을 것으로 보입니다")
        }
        _ if past => format!("{word} {count}개 중 {missing}개가 {when} 목표에 못 미쳤습니다"),
        _ => format!("{word} {count}개 중 {missing}개가 {when} 목표에 못 미칠 것 같습니다"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::MonthSum;
    use super::super::course::tests::months;
    use super::*;
    use crate::pages::public::tests::book;
    use iljari_base::Timestamp;
    use iljari_disclosure::log::words::Unit;
    use iljari_disclosure::plan::results_to_counts;

    fn sums_of(book: &District) -> MonthSums {
        let counts = results_to_counts(book).into_iter();
        MonthSums(
            counts
                .map(|count| MonthSum {
                    node: count.node,
                    period: count.period,
                    field: count.field,
                    unit: count.unit,
                    amount: count.n,
                    entries: 1,
                    newest: Timestamp::from_microsecond(0),
                })
                .collect(),
        )
    }

    fn day() -> Date {
        Date::new(2026, 11, 20).expect("a day")
    }

    fn judged(name: &str, year: i16) -> Judgement {
        let book = book(name);
        let set = iljari_plans::pages::words::main_set(&book).expect("a set");
        judge(&book, set, Year(year), &sums_of(&book), day()).expect("a judgement")
    }

    #[test]
    fn the_first_sentence_says_how_many_tasks_will_miss() {
        let naru = judged("naru", 2026);
        let missing = naru.tasks().iter().filter(|task| task.pace.misses()).count();
        assert!(missing > 0 && missing < 12, "{missing}");
        let said = first_sentence(&naru, Year(2026), Year(2026));
        assert_eq!(said, format!("실천과제 12개 중 {missing}개가 올해 목표에 못 미칠 것 같습니다"));
        let past = first_sentence(&judged("naru", 2023), Year(2023), Year(2026));
        assert!(past.contains("2023년 목표에 못 미쳤습니다"), "{past}");
        let gwangjin = first_sentence(&judged("gwangjin", 2025), Year(2025), Year(2026));
        assert!(!gwangjin.contains("못 미"), "nothing is claimed without targets: {gwangjin}");
    }

    #[test]
    fn the_whole_district_is_judged_by_the_promise_itself() {
        let eunpyeong = judged("eunpyeong", 2022);
        assert_eq!((eunpyeong.whole.target, eunpyeong.whole.actual), (Some(12_270), Some(14_955)));
        assert_eq!(eunpyeong.whole.sentence("개"), "목표보다 2,685개 많습니다");
        assert_eq!(eunpyeong.course(ROOT, Year(2022)).map(Course::points), Some(vec![(9, 13_262), (12, 14_955)]));
        let gwangjin = judged("gwangjin", 2025);
        assert_eq!(gwangjin.whole.sentence("개"), "목표보다 570개 많습니다");
        assert!(gwangjin.fresh.is_none(), "a past year awaits nothing");
    }

    #[test]
    fn a_node_without_a_target_takes_its_childrens_where_each_has_one() {
        let naru = book("naru");
        let plan = naru.tree_in_force(Year(2026)).expect("a tree");
        let set = iljari_plans::pages::words::main_set(&naru).expect("a set");
        let targets = targets(&naru, plan, set, Year(2026));
        let of_level = |level: usize| plan.nodes.iter().filter(move |node| node.level == level);
        let sum = of_level(1).filter_map(|node| targets.get(node.id.as_str())).sum::<i64>();
        let strategies = of_level(0).filter_map(|node| targets.get(node.id.as_str())).sum::<i64>();
        assert_eq!(strategies, sum, "strategies have no target of their own");
    }

    #[test]
    fn what_lies_below_and_stops_earlier_is_named() {
        let naru = book("naru");
        let set = iljari_plans::pages::words::main_set(&naru).expect("a set");
        let sum = |node: &str, last| MonthSum {
            node: node.to_owned(),
            period: months(2026, 1, last),
            field: Field::Direct,
            unit: Unit::Jobs,
            amount: 100,
            entries: 1,
            newest: Timestamp::from_microsecond(0),
        };
        let sums = MonthSums(vec![sum("1-1-1-1", 6), sum("1-1-1-2", 9)]);
        let told = judge(&naru, set, Year(2026), &sums, day()).expect("a judgement");
        let row = |id: &str| told.rows.iter().find(|row| row.id == id).expect("a row");
        assert_eq!(row("1-1-1").lagging, ["골목 살피미"]);
        assert_eq!(row("1-1").lagging, ["골목 살피미"]);
        assert!(row("1-1-1-1").lagging.is_empty() && row("1-2").lagging.is_empty());
        assert_eq!(row("1-1").pace.until, Some(9));
    }

    #[test]
    fn lists_are_sorted_by_every_column_both_ways_and_the_unknown_stands_last() {
        let naru = judged("naru", 2026);
        for (by, word) in By::ALL {
            assert_eq!((By::from_text(word), by.as_str()), (by, word));
        }
        assert_eq!(By::from_text("'; drop"), By::Missing);
        let mut rows = naru.level(2);
        sort(&mut rows, By::Missing, false);
        let misses = rows.iter().take_while(|row| row.pace.misses()).count();
        assert_eq!(misses, rows.iter().filter(|row| row.pace.misses()).count(), "what misses stands first");
        sort(&mut rows, By::Target, false);
        let targets: Vec<i64> = rows.iter().filter_map(|row| row.pace.target).collect();
        assert!(targets.is_sorted_by(|one, other| one >= other), "{targets:?}");
        sort(&mut rows, By::Target, true);
        let turned: Vec<i64> = rows.iter().filter_map(|row| row.pace.target).collect();
        assert!(turned.is_sorted() && turned.len() == targets.len(), "{turned:?}");
        for turned in [false, true] {
            sort(&mut rows, By::Actual, turned);
            let first_unknown = rows.iter().position(|row| row.pace.actual.is_none()).unwrap_or(rows.len());
            assert!(rows.iter().skip(first_unknown).all(|row| row.pace.actual.is_none()));
        }
        sort(&mut rows, By::Name, true);
        assert!(rows.is_sorted_by(|one, other| one.name >= other.name));
    }
}
