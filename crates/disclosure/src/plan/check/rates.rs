//! Rates: a target needs a definition, an actual needs its two numbers or a named statistic.

use crate::plan::codes::Code;
use crate::plan::model::{Aggregation, District, Figure, Measure, Plan, TargetSet};
use crate::plan::{Problem, Problems};
use iljari_authored::{Both, both};

pub(super) fn check_plan(plan: &Plan, earlier: &[Plan], problems: &mut Problems) {
    // A later plan's values of a set are no new promise; the doubt about the set was said once.
    let is_new = |set: &&TargetSet| !earlier.iter().any(|plan| plan.target_set(&set.id).is_some());
    for set in plan.target_sets.iter().filter(is_new) {
        let name = &set.name;
        if set.measure == Measure::Rate && set.aggregation == Aggregation::Sum {
            let title = both!("'{name}': 율을 더하려고 합니다", "'{name}': a rate aggregated as a sum");
            let todo = both!(
                "'집계: 마지막', '평균', '비율' 가운데 하나로 고쳐 주세요",
                "make it '집계: 마지막', '평균' or '비율'"
            );
            problems.push(Problem::new(Code::RateSummed, &set.place, title).found_text("합").todo(todo));
        }
        if set.definition.is_some() {
            continue;
        }
        if set.measure == Measure::Rate {
            let title = both!("율 '{name}'의 정의를 모릅니다", "nobody says what the rate '{name}' is of");
            let todo = both!(
                "무엇을 무엇으로 나눈 값인지 '뜻'에 적어 주세요. 문서에 없으면 이 경고가 그대로 공개됩니다",
                "say in '뜻' what is divided by what; where the document does not, this warning stays public"
            );
            problems.push(Problem::new(Code::RateUndefined, &set.place, title).todo(todo));
        } else {
            no_definition(&set.place, &both!("목표 묶음 '{name}'", "target set '{name}'"), problems);
        }
        if set.measure == Measure::People && set.aggregation == Aggregation::Sum {
            let title = both!(
                "'{name}': '명'은 더하는 목표의 단위가 될 수 없습니다",
                "'{name}': '명' cannot be the unit of a target that is summed"
            );
            let todo = both!(
                "한 번씩 셌으면 '실인원', 거듭 셌으면 '연인원', 일자리를 셌으면 '일자리 수'로 적어 주세요",
                "use '실인원', '연인원' or '일자리 수'"
            );
            problems.push(Problem::new(Code::UnitUnclear, &set.place, title).found_text("명").todo(todo));
        }
    }
}

pub(super) fn check_district(district: &District, problems: &mut Problems) {
    let results = district.results.iter().map(|result| &result.figure);
    let statistics = district.all_statistics().map(|statistic| &statistic.figure);
    for figure in results.chain(statistics) {
        actual(figure, problems);
    }
    for statistic in district.all_statistics() {
        if statistic.figure.definition.is_none() {
            let name = &statistic.name;
            no_definition(&statistic.place, &both!("통계 '{name}'", "statistic '{name}'"), problems);
        }
    }
}

fn actual(figure: &Figure, problems: &mut Problems) {
    if figure.percent().is_none() || figure.ratio.is_some() || figure.statistic.is_some() {
        return;
    }
    let title = both!("실적인 율에 분자와 분모가 없습니다", "an actual rate without numerator and denominator");
    let expected =
        both!("분자·분모, 또는 공표한 통계의 이름", "numerator and denominator, or the statistic that published it");
    let todo = both!(
        "'{{값: 65.0%, 분자: …, 분모: …}}'나 '{{값: 65.0%, 공표값: 지역별고용조사}}'로 적어 주세요",
        "write '{{값: 65.0%, 분자: …, 분모: …}}' or '{{값: 65.0%, 공표값: …}}'"
    );
    let problem = Problem::new(Code::RateWithoutParts, &figure.place, title).found_text(&figure.text());
    problems.push(problem.expected(expected).todo(todo));
}

fn no_definition(place: &iljari_authored::Place, what: &Both, problems: &mut Problems) {
    let title = what.says(both!("정의가 없거나 확인되지 않았습니다", "no definition, or an unconfirmed one"));
    let todo = both!("무엇을 센 수인지 '뜻'에 적어 주세요", "say in '뜻' what is counted");
    problems.push(Problem::new(Code::NoDefinition, place, title).todo(todo));
}
