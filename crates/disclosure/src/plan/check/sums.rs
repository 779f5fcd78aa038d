//! Sums: years and their total, funds and their total, children and their parent.

use iljari_base::{Won, Year};

use super::{number, shown};
use crate::plan::codes::Code;
use crate::plan::model::{Aggregation, District, Figure, Funding, Node, Plan, ROOT, TargetSet, YearFigures};
use crate::plan::{Problem, Problems};
use iljari_authored::Place;
use iljari_authored::{Both, Severity, both};

pub(super) fn check(district: &District, plan: &Plan, problems: &mut Problems) {
    for set in &plan.target_sets {
        let what = both!("목표 묶음 '{}'", "target set '{}'", set.name);
        years(&set.values, set, &what, problems);
    }
    for node in &plan.nodes {
        for (id, values) in &node.targets {
            if let Some(set) = plan.target_set(id).or_else(|| district.target_set(id)) {
                let what = both!("'{}'의 목표", "the target of '{}'", node.name);
                years(values, set, &what, problems);
            }
        }
        for (year, budget) in &node.budget {
            let planned = both!("'{}' {year}년 사업비", "the {year} budget of '{}'", node.name);
            let spent = both!("'{}' {year}년 집행액", "the {year} spending of '{}'", node.name);
            funds(&budget.planned, &planned, problems);
            funds(&budget.spent, &spent, problems);
        }
    }
    for set in plan.target_sets.iter().filter(|set| set.aggregation == Aggregation::Sum) {
        for year in plan.first_year.0..=plan.last_year.0 {
            tree_of(plan, set, Year(year), problems);
        }
    }
    budgets(plan, problems);
}

/// The years against the total the document gives.
fn years(values: &YearFigures, set: &TargetSet, what: &Both, problems: &mut Problems) {
    let Some(total) = &values.total else { return };
    if total.percent().is_some() {
        let title = what.says(both!("율의 '계'는 있을 수 없습니다", "there is no total of rates"));
        let todo = both!(
            "'계'를 지워 주세요. 마지막 해의 값이 계획의 목표입니다",
            "delete the total; the last year's value is the plan's target"
        );
        problems.push(Problem::new(Code::RateSummed, &total.place, title).found_text(&total.text()).todo(todo));
        return;
    }
    let Some(said) = total.count() else { return };
    if set.aggregation != Aggregation::Sum {
        let last = values.years.values().next_back().and_then(Figure::count);
        if let Some(last) = last.filter(|last| set.aggregation == Aggregation::Last && *last != said) {
            let title = what.says(both!("계가 마지막 해의 값과 다릅니다", "the total is not the last year's value"));
            let expected = Both::same(shown(last, total));
            let todo = both!(
                "집계가 '마지막'인 목표의 계는 마지막 해의 값입니다. 계를 지우거나 고쳐 주세요",
                "the total of a target aggregated as 마지막 is its last value; delete or mend it"
            );
            let problem = Problem::new(Code::PlanSum, &total.place, title).found_text(&total.text());
            problems.push(problem.expected(expected).todo(todo));
        }
        return;
    }
    if values.years.is_empty() {
        return;
    }
    let Some(sum) = values.sum() else { return };
    if sum == said {
        return;
    }
    let missing: Vec<String> = (set.first_year.0..=set.last_year.0)
        .map(Year)
        .filter(|year| !values.years.contains_key(year))
        .map(|year| year.to_string())
        .collect();
    let title = what.says(both!("연도를 더한 값이 계와 다릅니다", "the years do not sum to the total"));
    let (sum_text, said_text, apart) = (shown(sum, total), shown(said, total), shown((said - sum).abs(), total));
    let list: Vec<String> = values.years.values().map(|figure| figure.amount.to_string()).collect();
    let list = list.join(" + ");
    let found = both!("{list} = {sum_text}, 계 {said_text}", "{list} = {sum_text}, total {said_text}");
    let expected = both!("같은 값(차이 {apart})", "the same number (difference {apart})");
    let problem = Problem::new(Code::PlanSum, &total.place, title).found(found).expected(expected);
    if missing.is_empty() || sum > said {
        let todo = both!(
            "잘못 옮긴 연도가 있는지, 계를 고쳐야 하는지 봐 주세요",
            "look whether a year was copied wrongly or the total needs mending"
        );
        problems.push(problem.todo(todo));
    } else {
        let years = missing.join(", ");
        let todo = both!(
            "{years}년 값이 없습니다. 문서에 있으면 적어 주세요",
            "there is no value for {years}; add it if the document gives one"
        );
        problems.push(problem.todo(todo).weighing(Severity::Warning));
    }
}

/// 국비 + 시비 + 구비 + 민자 against 계.
fn funds(funding: &Funding, what: &Both, problems: &mut Problems) {
    let Some(total) = &funding.total else { return };
    let all_exact = funding.funds().iter().all(|(_, figure)| figure.is_none_or(|figure| figure.exact));
    let (Some(Won(sum)), complete) = funding.known_sum() else { return };
    let Some(said) = number(total).filter(|_| all_exact) else { return };
    if sum == said || (!complete && sum < said) {
        return;
    }
    let title = what.says(both!("국비·시비·구비·민자의 합이 계와 다릅니다", "the funds do not sum to the total"));
    let (sum, said, apart) = (shown(sum, total), shown(said, total), shown((said - sum).abs(), total));
    let found = both!("합 {sum}, 계 {said}", "sum {sum}, total {said}");
    let expected = both!("같은 금액(차이 {apart})", "the same amount (difference {apart})");
    let todo = both!(
        "금액 단위를 섞지 않았는지, 잘못 옮긴 금액이 있는지 봐 주세요",
        "look whether units were mixed or an amount was copied wrongly"
    );
    problems.push(Problem::new(Code::BudgetSum, &total.place, title).found(found).expected(expected).todo(todo));
}

/// What is known of a set below a node, and whether that is everything.
#[derive(Clone, Copy)]
struct Known {
    sum: i64,
    complete: bool,
    any: bool,
}

fn known(plan: &Plan, set: &TargetSet, node: &Node, year: Year) -> Known {
    let own = node.targets.get(&set.id).and_then(|values| values.years.get(&year)).and_then(Figure::count);
    let own = own.or_else(|| plan.target(&node.id, &set.id, year).and_then(Figure::count));
    if let Some(sum) = own {
        return Known { sum, complete: true, any: true };
    }
    let below = known_below(plan, set, &node.id, year);
    if below.any || below.complete {
        return below;
    }
    // Another field's program says nothing about this set; that is no gap.
    let outside = plan.field(&node.id).is_some_and(|field| !set.counts_field(field));
    Known { sum: 0, complete: outside, any: false }
}

fn known_below(plan: &Plan, set: &TargetSet, id: &str, year: Year) -> Known {
    let mut all = Known { sum: 0, complete: true, any: false };
    let mut children = 0_usize;
    for child in plan.children(id) {
        children += 1;
        let known = known(plan, set, child, year);
        all.sum = all.sum.saturating_add(known.sum);
        all.complete &= known.complete;
        all.any |= known.any;
    }
    let unnamed = plan.node(id).is_some_and(|node| node.children_unknown);
    all.complete &= children > 0 && !unnamed;
    all
}

/// Every parent that has a target of this set and year against its children.
fn tree_of(plan: &Plan, set: &TargetSet, year: Year, problems: &mut Problems) {
    let parents = plan.nodes.iter().map(|node| (node.id.as_str(), node.name.as_str()));
    for (id, name) in parents.chain([(ROOT, ROOT)]) {
        let Some(target) = plan.target(id, &set.id, year) else { continue };
        let Some(said) = target.count() else { continue };
        let below = known_below(plan, set, id, year);
        if !below.any || said == below.sum || (!below.complete && below.sum < said) {
            continue;
        }
        tree_problem(&target.place, name, set, year, said, below, target, problems);
    }
}

#[expect(clippy::too_many_arguments, reason = "one message needs all of them; a struct would only rename them")]
fn tree_problem(
    place: &Place,
    name: &str,
    set: &TargetSet,
    year: Year,
    said: i64,
    below: Known,
    like: &Figure,
    problems: &mut Problems,
) {
    let set = &set.name;
    let (sum, target, apart) = (shown(below.sum, like), shown(said, like), shown((said - below.sum).abs(), like));
    let title = both!(
        "'{name}'의 {year}년 '{set}' 목표가 아래 목표의 합과 다릅니다",
        "the {year} target '{set}' of '{name}' is not the sum of those below"
    );
    let found = both!("아래의 합 {sum}, 목표 {target}", "sum below {sum}, target {target}");
    let expected = if below.complete {
        both!("같은 값(차이 {apart})", "the same number (difference {apart})")
    } else {
        both!("아래의 합이 목표를 넘지 않음(넘은 수 {apart})", "no more below than the target (over by {apart})")
    };
    let todo = both!(
        "같은 것을 두 번 셌거나 빠뜨린 사업이 있는지 봐 주세요",
        "look whether something is counted twice or left out"
    );
    problems.push(Problem::new(Code::TreeSum, place, title).found(found).expected(expected).todo(todo));
}

/// Program budgets against what the document gives for the whole plan.
fn budgets(plan: &Plan, problems: &mut Problems) {
    let Some(level) = plan.program_level() else { return };
    let programs: Vec<&Node> = plan.nodes.iter().filter(|node| node.level == level).collect();
    for (year, declared) in &plan.declared_budget {
        let amounts: Vec<Option<Won>> =
            programs.iter().map(|node| node.budget.get(year).and_then(|budget| budget.planned.amount())).collect();
        let Some(said) = number(declared) else { continue };
        let sum = amounts.iter().flatten().try_fold(0_i64, |sum, won| sum.checked_add(won.0));
        let Some(sum) = sum.filter(|_| amounts.iter().any(Option::is_some)) else { continue };
        let complete = amounts.iter().all(Option::is_some);
        if sum == said || (!complete && sum < said) {
            continue;
        }
        let (sum, total, apart) = (shown(sum, declared), shown(said, declared), shown((said - sum).abs(), declared));
        let title = both!(
            "{year}년 사업비 총액이 사업별 사업비의 합과 다릅니다",
            "the {year} budget of the plan is not the sum of its programs'"
        );
        let found = both!("사업별 합 {sum}, 총액 {total}", "sum of programs {sum}, total {total}");
        let expected = both!("같은 금액(차이 {apart})", "the same amount (difference {apart})");
        let todo = both!("총액이 어림수면 '약'을 붙여 주세요", "write '약' before the total if it is rounded");
        problems
            .push(Problem::new(Code::BudgetTotal, &declared.place, title).found(found).expected(expected).todo(todo));
    }
}
