//! The summary of a year (총괄표): by 부문, by department, and level by level of the tree.
//!
//! Owns: what may be added to what, and counting what nobody knows beside what is known. Does not
//! own: the totals, the targets, the money; it adds up what plans and ledger say.
//! What a newcomer gets wrong: adding a missing target as 0. A sum carries how many parts of it are
//! missing, and says so wherever it is shown.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::quantity::grouped;
use iljari_base::{Rate, Won, Year};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_disclosure::plan::{District, Funding, Measure, Node, Plan, ROOT, TargetSet, won_text};

use super::Progress;

/// A sum that remembers what it does not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Partial {
    /// What is known, added up.
    pub sum: i64,
    /// How many parts that is.
    pub known: usize,
    /// How many parts nobody knows.
    pub missing: usize,
}

impl Partial {
    /// Adds a part, known or not.
    pub fn add(&mut self, part: Option<i64>) {
        match part.and_then(|part| self.sum.checked_add(part)) {
            Some(sum) => {
                self.sum = sum;
                self.known += 1;
            }
            None => self.missing += 1,
        }
    }

    /// The sum, where every part is known and there is one.
    pub fn whole(self) -> Option<i64> {
        (self.known > 0 && self.missing == 0).then_some(self.sum)
    }

    /// What is known, where anything is.
    pub fn some(self) -> Option<i64> {
        (self.known > 0).then_some(self.sum)
    }

    /// `1,200`, `1,200 (3개 자료 없음)`, `자료 없음`.
    pub fn text(self) -> String {
        self.said(grouped)
    }

    /// The same for money.
    pub fn money(self) -> String {
        self.said(|won| won_text(Won(won)))
    }

    fn said(self, number: impl Fn(i64) -> String) -> String {
        match (self.some(), self.missing) {
            (None, _) => "자료 없음".to_owned(),
            (Some(sum), 0) => number(sum),
            (Some(sum), missing) => format!("{} ({missing}개 자료 없음)", number(sum)),
        }
    }
}

/// Whose money, added up: 국비, 시비, 구비, 민자, 계.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funds {
    /// 국비.
    pub national: Partial,
    /// 시비.
    pub city: Partial,
    /// 구비.
    pub district: Partial,
    /// 민자.
    pub private: Partial,
    /// 계.
    pub total: Partial,
}

impl Funds {
    /// The five columns with their names.
    pub fn columns(&self) -> [(&'static str, Partial); 5] {
        [
            ("국비", self.national),
            ("시비", self.city),
            ("구비", self.district),
            ("민자", self.private),
            ("계", self.total),
        ]
    }

    fn add(&mut self, funding: Option<&Funding>) {
        let won = |of: fn(&Funding) -> Option<Won>| funding.and_then(of).map(|won| won.0);
        self.national.add(won(|it| it.national.as_ref()?.won()));
        self.city.add(won(|it| it.city.as_ref()?.won()));
        self.district.add(won(|it| it.district.as_ref()?.won()));
        self.private.add(won(|it| it.private.as_ref()?.won()));
        self.total.add(won(Funding::amount));
    }
}

/// A row of the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverviewRow {
    /// 부문, department, or 계.
    pub name: String,
    /// Programs (사업).
    pub programs: usize,
    /// Unit projects (단위사업).
    pub units: usize,
    /// Targets of the programs.
    pub target: Partial,
    /// What came of them; `None` where no entry speaks of it.
    pub actual: Option<i64>,
    /// Money planned.
    pub planned: Funds,
    /// Money spent.
    pub spent: Funds,
}

impl OverviewRow {
    /// Actual over target, where every target is known.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(self.actual?, self.target.whole()?)
    }
}

/// The summary of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// By 부문.
    pub by_field: Vec<OverviewRow>,
    /// By department.
    pub by_department: Vec<OverviewRow>,
    /// 계: the whole tree, with the target of the set itself and every entry of the year.
    pub total: OverviewRow,
    /// What was counted above the programs, so that no department can claim it.
    pub above: Option<i64>,
}

/// The name of a row for what names no department.
pub const NO_DEPARTMENT: &str = "부서 자료 없음";

/// Adds a year up. `set`: whose targets; its unit is the one counted.
pub fn overview(book: &District, set: &TargetSet, year: Year, progress: &Progress) -> Overview {
    let Measure::Count(unit) = set.measure else { return Overview::default() };
    let Some(plan) = book.tree_in_force(year) else { return Overview::default() };
    let mut by_field: BTreeMap<usize, OverviewRow> = BTreeMap::new();
    let mut by_department: BTreeMap<(usize, String), OverviewRow> = BTreeMap::new();
    let mut total = OverviewRow { name: "계".to_owned(), ..OverviewRow::default() };
    let below = below(plan);
    let mut counted_below = Partial::default();
    for program in programs(plan) {
        let field = plan.field(&program.id).unwrap_or(Field::Unknown);
        if !set.counts_field(field) && field != Field::Unknown {
            continue;
        }
        let target = book.node_targets(&program.id, &set.id, year).in_force().and_then(|figure| figure.count());
        let planned = book.budget(&program.id, year).map(|budget| &budget.planned).filter(|money| !money.is_empty());
        let spent = spent(book, program, year);
        let units = below.get(program.id.as_str()).copied().unwrap_or(0);
        let actual = progress.whole(&program.id, year, unit, &set.fields).map(|split| split.total());
        if actual.is_some() {
            counted_below.add(actual);
        }
        let responsible = plan.responsible(&program.id).map(|responsible| responsible.department.clone());
        let place = responsible.as_ref().and_then(|name| book.departments.iter().position(|it| it.name == *name));
        let name = responsible.unwrap_or_else(|| NO_DEPARTMENT.to_owned());
        let order = place.unwrap_or(if name == NO_DEPARTMENT { usize::MAX } else { usize::MAX - 1 });
        let of_department = by_department.entry((order, name.clone())).or_default();
        of_department.name = name;
        of_department.actual = sum(of_department.actual, actual);
        let of_field = by_field.entry(field_place(field)).or_default();
        of_field.name = field.as_str().to_owned();
        for row in [of_department, of_field, &mut total] {
            row.programs += 1;
            row.units += units;
            row.target.add(target);
            row.planned.add(planned);
            row.spent.add(spent);
        }
    }
    // Every entry has a field, also one that hangs on no program: the fields' actuals are complete.
    for line in progress.lines(ROOT, year, unit) {
        let Some(field) = line.field.filter(|field| set.counts_field(*field)) else { continue };
        let row = by_field.entry(field_place(field)).or_default();
        row.name = field.as_str().to_owned();
        row.actual = Some(line.whole.total());
    }
    total.actual = progress.whole(ROOT, year, unit, &set.fields).map(|split| split.total());
    if let Some(promised) = book.targets(&set.id, year).in_force().and_then(|figure| figure.count()) {
        total.target = Partial { sum: promised, known: 1, missing: 0 };
    }
    let above = total.actual.map(|all| all.saturating_sub(counted_below.sum)).filter(|rest| *rest != 0);
    Overview {
        by_field: by_field.into_values().collect(),
        by_department: by_department.into_values().collect(),
        total,
        above,
    }
}

/// The programs of a plan (사업): the nodes of that level, with no program above them.
pub fn programs(plan: &Plan) -> impl Iterator<Item = &Node> {
    let level = plan.program_level().unwrap_or(0);
    let programs: BTreeSet<&str> =
        plan.nodes.iter().filter(|node| node.level == level).map(|node| node.id.as_str()).collect();
    plan.nodes.iter().filter(move |node| node.level == level && !programs.contains(node.parent.as_str()))
}

/// How many unit projects lie below each program.
fn below(plan: &Plan) -> BTreeMap<&str, usize> {
    let level = plan.program_level().unwrap_or(0);
    let mut program_of: BTreeMap<&str, &str> = BTreeMap::new();
    let mut below: BTreeMap<&str, usize> = BTreeMap::new();
    // Parents stand before their children, so one pass is enough.
    for node in &plan.nodes {
        if node.level <= level {
            program_of.insert(&node.id, &node.id);
        } else if let Some(program) = program_of.get(node.parent.as_str()).copied() {
            program_of.insert(&node.id, program);
            *below.entry(program).or_default() += 1;
        }
    }
    below
}

/// What was spent on a node: as the plan has it, else as the newest report of that very year has it.
pub fn spent<'b>(book: &'b District, node: &Node, year: Year) -> Option<&'b Funding> {
    let planned = book.budget(&node.id, year).map(|budget| &budget.spent).filter(|money| !money.is_empty());
    let reported = || {
        let of_node = book.results_of(year).filter(|result| result.node == node.id && !result.spent.is_empty());
        of_node.max_by_key(|result| result.period.last()).map(|result| &result.spent)
    };
    planned.or_else(reported)
}

fn field_place(field: Field) -> usize {
    Field::ALL.iter().position(|known| *known == field).unwrap_or(usize::MAX)
}

fn sum(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// How far a promise over several years has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// What it promises over all its years.
    pub target: i64,
    /// What was counted in them; `None` where nothing was.
    pub actual: Option<i64>,
    /// The years that were counted.
    pub counted: Vec<Year>,
    /// The years up to this one that nobody counted (미확인).
    pub unknown: Vec<Year>,
}

impl SoFar {
    /// How far a counted set has come; `None` where it promises no sum.
    pub fn of(book: &District, set: &TargetSet, progress: &Progress, this_year: Year) -> Option<Self> {
        let target = iljari_plans::pages::words::set_total(set)?;
        let years = progress.of_target(book, set);
        let counted = years.iter().filter(|line| line.actual.is_some()).map(|line| line.year).collect();
        let unknown = years.iter().filter(|line| line.actual.is_none() && line.year < this_year);
        let actual = years.iter().filter_map(|line| line.actual).map(|split| split.total());
        Some(Self {
            target,
            actual: actual.fold(None, |all, one| sum(all, Some(one))),
            counted,
            unknown: unknown.map(|line| line.year).collect(),
        })
    }

    /// Actual over target.
    pub fn rate(&self) -> Option<Rate> {
        Rate::new(self.actual?, self.target)
    }
}

/// The unit of a counted set.
pub fn unit_of(set: &TargetSet) -> Option<Unit> {
    match set.measure {
        Measure::Count(unit) => Some(unit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use iljari_disclosure::log::totals::{Key, Split};
    use iljari_disclosure::plan::results_to_counts;

    use super::*;
    use crate::pages::public::tests::book;

    /// What the ledger would hold of a district's published results.
    fn progress_of(book: &District) -> Progress {
        let mut totals: BTreeMap<Key, Split> = BTreeMap::new();
        for count in results_to_counts(book) {
            let key = Key {
                year: count.period.first().year(),
                node: count.node.parse().expect("a node"),
                unit: count.unit,
                field: count.field,
            };
            totals.entry(key).or_default().press += count.n;
        }
        Progress::of(book, &totals).expect("it rolls up")
    }

    #[test]
    fn two_promises_stand_over_the_same_actuals() {
        let gwangjin = book("gwangjin");
        let progress = progress_of(&gwangjin);
        let so_far = |id: &str| {
            let set = gwangjin.target_set(id).expect("a set");
            SoFar::of(&gwangjin, set, &progress, Year(2026)).expect("a promise with a sum")
        };
        let four = so_far("공공-4년");
        assert_eq!((four.target, four.actual), (24_000, Some(6_197 + 6_318 + 6_570)));
        assert_eq!(four.actual, Some(19_085));
        assert_eq!(four.rate().map(|rate| rate.percent_text()), Some("79.5".to_owned()));
        assert_eq!((four.counted, four.unknown), (vec![Year(2023), Year(2024), Year(2025)], vec![]));
        let five = gwangjin.target_sets().into_iter().find(|set| set.first_year == Year(2022)).expect("the pledge");
        let five = SoFar::of(&gwangjin, five, &progress, Year(2026)).expect("a promise with a sum");
        assert_eq!((five.target, five.actual, five.unknown), (30_000, Some(19_085), vec![Year(2022)]));
        assert_eq!(Rate::new(19_085, 30_000).map(|rate| rate.percent_text()), Some("63.6".to_owned()));
    }

    #[test]
    fn a_promise_is_the_sum_of_its_years() {
        let eunpyeong = book("eunpyeong");
        let set = iljari_plans::pages::words::main_set(&eunpyeong).expect("a set");
        assert_eq!(12_515 + 12_703 + 12_894 + 13_088, 51_200);
        let so_far = SoFar::of(&eunpyeong, set, &progress_of(&eunpyeong), Year(2026)).expect("a sum");
        assert_eq!((so_far.target, so_far.actual), (51_200, Some(14_434)));
        assert_eq!(so_far.unknown, [Year(2024), Year(2025)], "'14,700여' enters no sum");
    }

    #[test]
    fn the_invented_year_adds_up_by_field_and_by_department() {
        let naru = book("naru");
        let progress = progress_of(&naru);
        let set = iljari_plans::pages::words::main_set(&naru).expect("a set");
        let told = overview(&naru, set, Year(2025), &progress);
        let programs = |rows: &[OverviewRow]| rows.iter().map(|row| row.programs).sum::<usize>();
        assert_eq!((programs(&told.by_field), programs(&told.by_department), told.total.programs), (31, 31, 31));
        assert_eq!(told.total.units, 48);
        let actual = |rows: &[OverviewRow]| rows.iter().filter_map(|row| row.actual).sum::<i64>();
        assert_eq!(Some(actual(&told.by_field)), told.total.actual);
        assert_eq!(Some(actual(&told.by_department) + told.above.unwrap_or(0)), told.total.actual);
        let money: i64 = told.by_department.iter().filter_map(|row| row.planned.total.some()).sum();
        assert_eq!(Some(money), told.total.planned.total.some());
        assert!(told.total.spent.total.some().is_some(), "departments reported what they spent");
        let row = told.by_department.first().expect("a department");
        assert_eq!(row.name, "일자리정책과", "departments stand in the district's own order");
    }

    #[test]
    fn what_nobody_knows_is_counted_and_never_zero() {
        let gwangjin = book("gwangjin");
        let set = gwangjin.target_set("공공-4년").expect("a set");
        let told = overview(&gwangjin, set, Year(2025), &progress_of(&gwangjin));
        assert_eq!(told.total.actual, Some(6_570));
        assert_eq!(told.total.target.whole(), Some(6_000), "the promise itself is known");
        let row = told.by_department.first().expect("a row");
        assert_eq!((row.actual, row.target.text()), (None, "자료 없음".to_owned()));
        assert_eq!(told.above, Some(6_570), "counted for the whole district only");
        assert_eq!(row.planned.total.money(), "자료 없음");
    }

    #[test]
    fn a_sum_says_what_it_does_not_hold() {
        let mut sum = Partial::default();
        assert_eq!((sum.text().as_str(), sum.whole()), ("자료 없음", None));
        sum.add(Some(1_200));
        assert_eq!((sum.text().as_str(), sum.whole()), ("1,200", Some(1_200)));
        sum.add(None);
        assert_eq!((sum.text().as_str(), sum.whole(), sum.some()), ("1,200 (1개 자료 없음)", None, Some(1_200)));
        sum.add(Some(i64::MAX));
        assert_eq!(sum.missing, 2, "what does not fit is not known");
    }
}
