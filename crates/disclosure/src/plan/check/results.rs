//! Published results: nothing counted twice, parts within their whole, printed rates as computed.

use iljari_base::quantity::grouped;

use crate::log::words::Field;
use crate::plan::codes::Code;
use crate::plan::counts::countable;
use crate::plan::model::{Aggregation, District, Measure, PublishedResult, ROOT};
use crate::plan::read::{computed_percent, cuts_to, dangling, rounds_to};
use crate::plan::{Problem, Problems};
use iljari_authored::{Severity, both, quoted};

pub(super) fn check(district: &District, whole: bool, problems: &mut Problems) {
    for (at, result) in district.results.iter().enumerate() {
        references(district, result, whole, problems);
        parts(result, problems);
        let target = target(district, result);
        rate(result, target, problems);
        printed_target(district, result, problems);
        shortfall(result, target, problems);
        if matches!(result.measure, Measure::Count(_)) && !result.figure.exact {
            let text = result.figure.as_printed.clone().unwrap_or_else(|| result.figure.text());
            let title = both!(
                "'{text}': 어림수라 장부의 합계에 들어가지 않습니다",
                "'{text}' is approximate and enters no total of the ledger"
            );
            let todo = both!("정확한 수를 찾으면 고쳐 주세요", "mend it when the exact number turns up");
            problems.push(Problem::new(Code::AboutResult, &result.figure.place, title).todo(todo));
        }
        if matches!(result.measure, Measure::Count(_)) && result.period.first().year() != result.period.last().year() {
            let (months, period) = (result.period, result.period.korean());
            let title = both!(
                "{period}: 한 해를 넘는 기간의 수는 장부에 들어가지 않습니다",
                "{months}: a number over more than one calendar year enters no ledger"
            );
            let todo =
                both!("해마다 나눈 수가 있으면 나눠 적어 주세요", "give the numbers year by year if the source does");
            problems.push(Problem::new(Code::ResultOverYears, &result.place, title).todo(todo));
        }
        for earlier in &district.results[..at] {
            overlap(district, earlier, result, problems);
        }
    }
    falling(district, problems);
}

fn references(district: &District, result: &PublishedResult, whole: bool, problems: &mut Problems) {
    if !whole {
        return;
    }
    let year = result.period.first().year();
    let tree = district.tree_in_force(year);
    let nodes =
        [(&result.node, &result.place)].into_iter().chain(result.parts.iter().map(|part| (&part.node, &part.place)));
    for (node, place) in nodes.filter(|(node, _)| node.as_str() != ROOT) {
        if tree.is_some_and(|plan| plan.node(node).is_some()) {
            continue;
        }
        let known: Vec<&str> =
            district.plans.iter().flat_map(|plan| &plan.nodes).map(|node| node.id.as_str()).collect();
        if !known.contains(&node.as_str()) {
            problems.push(dangling(place, node, &known));
        } else {
            let it = quoted(node, "은/는");
            let title = both!("{it} {year}년의 나무에 없습니다", "'{node}' is not in the tree of {year}");
            let todo = both!(
                "그 해 계획의 '구조'에 넣거나 '전체'의 실적으로 적어 주세요",
                "put it into that year's tree, or give the result to '전체'"
            );
            let problem = Problem::new(Code::DanglingId, place, title).found_text(node).todo(todo);
            problems.push(problem.weighing(Severity::Warning));
        }
    }
    let ids: Vec<&str> = district.results.iter().filter_map(|result| result.id.as_deref()).collect();
    if let Some((of, _)) = result.restates.as_ref().filter(|(of, _)| !ids.contains(&of.as_str())) {
        problems.push(dangling(&result.place, of, &ids));
    }
    if let Some(id) = &result.id
        && let Some(first) = district.results.iter().find(|other| other.id.as_ref() == Some(id))
        && !std::ptr::eq(first, result)
    {
        let title = both!("실적 번호 '{id}'[을/를] 두 번 썼습니다", "the result id '{id}' is used twice");
        let line = first.place.span.start.line;
        let todo = both!("{line}번째 줄과 다른 번호를 붙여 주세요", "give it another id than the one in line {line}");
        problems.push(Problem::new(Code::DuplicateId, &result.place, title).found_text(id).todo(todo));
    }
    if let Some(id) = result.indicator.as_deref().filter(|id| district.indicator(id).is_none()) {
        let ids: Vec<&str> =
            district.plans.iter().flat_map(|plan| &plan.indicators).map(|one| one.id.as_str()).collect();
        problems.push(dangling(&result.place, id, &ids));
    }
    if let Some(id) = result.printed_target.as_ref().and_then(|target| target.set.as_deref())
        && district.target_set(id).is_none()
    {
        let sets = district.target_sets();
        let ids: Vec<&str> = sets.iter().map(|set| set.id.as_str()).collect();
        problems.push(dangling(&result.place, id, &ids));
    }
}

fn parts(result: &PublishedResult, problems: &mut Problems) {
    let (Some(rest), Some(whole)) = (result.rest(), result.figure.count()) else { return };
    if rest < 0 {
        let (sum, whole, over) = (grouped(whole - rest), grouped(whole), grouped(-rest));
        let title = both!("내역의 합이 전체보다 큽니다", "the parts exceed their whole");
        let found = both!("내역 {sum}, 전체 {whole}", "parts {sum}, whole {whole}");
        let expected = both!("내역이 전체를 넘지 않음(넘은 수 {over})", "parts within the whole (over by {over})");
        let todo = both!(
            "내역끼리 겹치지 않는지, 같은 기준으로 센 수인지 봐 주세요",
            "look whether parts overlap or were counted on another basis"
        );
        problems.push(
            Problem::new(Code::PartsExceed, &result.figure.place, title).found(found).expected(expected).todo(todo),
        );
    }
}

/// The target a result is to be measured by: printed beside it, else the only one that fits.
fn target(district: &District, result: &PublishedResult) -> Option<i64> {
    if let Some(printed) = &result.printed_target {
        return printed.figure.count();
    }
    let year = result.period.first().year();
    let mut fitting = district.counted_targets(year).into_iter().filter(|target| {
        let field_fits = target.set.fields.is_empty() || result.field.is_some_and(|field| target.set.fields == [field]);
        let sums = target.set.aggregation == Aggregation::Sum;
        target.set.node == result.node && Measure::Count(target.unit) == result.measure && field_fits && sums
    });
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => only.at.in_force().and_then(|figure| figure.count()),
        _ => None,
    }
}

fn rate(result: &PublishedResult, target: Option<i64>, problems: &mut Problems) {
    let (Some(printed), Some(actual), Some(target)) = (&result.printed_rate, result.figure.count(), target) else {
        return;
    };
    if target <= 0 || rounds_to(actual, target, printed.percent) {
        return;
    }
    let percent = printed.percent;
    let computed = computed_percent(actual, target, 1);
    let (actual_text, target_text) = (grouped(actual), grouped(target));
    let expected = both!("{actual_text} ÷ {target_text} = {computed}", "{actual_text} / {target_text} = {computed}");
    let problem = if cuts_to(actual, target, percent) {
        let title = both!(
            "달성률 {percent}[은/는] 끝자리를 버린 값입니다(계산 {computed})",
            "the rate {percent} was cut, not rounded (computed {computed})"
        );
        let todo = both!(
            "그대로 두세요. 적힌 값과 계산한 값을 나란히 보여 드립니다",
            "leave it; printed and computed are shown side by side"
        );
        Problem::new(Code::PrintedRateCut, &printed.place, title).todo(todo)
    } else {
        let title = both!(
            "적힌 달성률 {percent}[이/가] 계산한 값 {computed}[과/와] 다릅니다",
            "the printed rate {percent} is not the computed {computed}"
        );
        let todo = both!(
            "실적, 목표, 달성률 가운데 잘못 옮긴 것이 있는지 봐 주세요",
            "look whether result, target or rate was copied wrongly"
        );
        Problem::new(Code::PrintedRate, &printed.place, title).todo(todo)
    };
    problems.push(problem.found(both!("{percent}", "{percent}")).expected(expected));
}

fn printed_target(district: &District, result: &PublishedResult, problems: &mut Problems) {
    let Some(printed) = &result.printed_target else { return };
    let (Some(set), Some(said)) = (&printed.set, printed.figure.count()) else { return };
    let at = district.node_targets(&result.node, set, result.period.first().year());
    let layers = [at.term, at.yearly].map(|figure| figure.and_then(|figure| figure.count()));
    if layers.iter().all(Option::is_none) || layers.contains(&Some(said)) {
        return;
    }
    let planned = at.in_force().map(|figure| figure.text()).unwrap_or_default();
    let title =
        both!("실적에 적힌 목표가 계획의 목표와 다릅니다", "the target printed beside the result is not the plan's");
    let todo = both!(
        "보도가 잘못 적었을 수 있습니다. 그대로 두려면 '비고'에 적어 주세요",
        "the source may have misprinted it; if so, say it in '비고'"
    );
    let problem = Problem::new(Code::PrintedTarget, &printed.figure.place, title).found_text(&printed.figure.text());
    problems.push(problem.expected(both!("{planned}", "{planned}")).todo(todo));
}

fn shortfall(result: &PublishedResult, target: Option<i64>, problems: &mut Problems) {
    let whole_year = result.period == result.period.first().year().period();
    let (Some(actual), Some(target)) = (result.figure.count(), target) else { return };
    if whole_year && actual < target && result.short_reason.is_none() {
        let (actual, target, short) = (grouped(actual), grouped(target), grouped(target - actual));
        let title =
            both!("목표보다 {short} 적은데 미달 사유가 없습니다", "{short} short of the target, without a reason");
        let found = both!("실적 {actual}, 목표 {target}", "result {actual}, target {target}");
        let todo = both!("'미달 사유'와 '향후계획'을 적어 주세요", "add '미달 사유' and '향후계획'");
        problems.push(Problem::new(Code::ShortWithoutReason, &result.place, title).found(found).todo(todo));
    }
}

/// Two results that would count the same jobs: one node or one above the other, shared months, one
/// unit, and fields that are the same or not known.
fn overlap(district: &District, one: &PublishedResult, two: &PublishedResult, problems: &mut Problems) {
    let (Some((unit, field)), Some((other_unit, other_field))) = (countable(one), countable(two)) else { return };
    let same_series =
        one.cumulative && two.cumulative && one.node == two.node && one.period.first() == two.period.first();
    let fields_meet = field == other_field || [field, other_field].contains(&Field::Unknown);
    let restated = one.restates.is_some() || two.restates.is_some();
    if restated || unit != other_unit || !fields_meet || !one.period.overlaps(two.period) {
        return;
    }
    if one.node != two.node && !above(district, one, &two.node) && !above(district, two, &one.node) {
        return;
    }
    if same_series && field == other_field && one.period != two.period {
        return;
    }
    let line = one.place.to_string();
    let (first, second) = (one.period.korean(), two.period.korean());
    let title = both!("같은 달의 일자리를 두 번 세는 실적입니다", "two results count the same months");
    let found = both!("'{}' {first}, '{}' {second}", "'{}' {first}, '{}' {second}", one.node, two.node);
    let todo = if one.node == two.node {
        both!(
            "{line}[과/와] 견주어 주세요. 누계면 둘 다 '누계: 예', 고친 값이면 '바로잡음'을 적어 주세요",
            "compare with {line}; write '누계: 예' in both if they are cumulative, '바로잡음' if one restates the other"
        )
    } else {
        both!(
            "{line}[과/와] 견주어 주세요. 아래의 수는 위 실적의 '내역'으로 적어 주세요",
            "compare with {line}; give the lower one as a part ('내역') of the upper"
        )
    };
    problems.push(Problem::new(Code::OverlappingResults, &two.place, title).found(found).todo(todo));
}

fn above(district: &District, upper: &PublishedResult, node: &str) -> bool {
    let year = upper.period.first().year();
    let tree = district.tree_in_force(year);
    upper.node == ROOT || tree.is_some_and(|plan| plan.ancestors(node).iter().any(|above| above.id == upper.node))
}

/// A cumulative number that is smaller than one of earlier months.
fn falling(district: &District, problems: &mut Problems) {
    for result in district.results.iter().filter(|result| result.cumulative) {
        let Some(now) = result.figure.count() else { continue };
        let before = district.results.iter().filter(|other| {
            other.cumulative
                && other.node == result.node
                && (other.field, other.measure) == (result.field, result.measure)
                && other.period.first() == result.period.first()
                && other.period.last() < result.period.last()
        });
        let highest = before.filter_map(|other| Some((other.figure.count()?, other))).max_by_key(|(count, _)| *count);
        if let Some((count, other)) = highest.filter(|(count, _)| *count > now) {
            let (from, to, until) = (grouped(count), grouped(now), other.period.last());
            let title =
                both!("누계가 {from}에서 {to}[으로/로] 줄었습니다", "the cumulative number falls from {from} to {to}");
            let expected = both!("{until}까지의 {from} 이상", "at least the {from} of {until}");
            let todo = both!(
                "맞는 값이면 장부에는 정정으로 들어갑니다. 까닭을 '비고'에 적어 주세요",
                "if it is right it enters the ledger as a correction; say why in '비고'"
            );
            let problem = Problem::new(Code::FallingCumulative, &result.figure.place, title).found_text(&to);
            problems.push(problem.expected(expected).todo(todo));
        }
    }
}
