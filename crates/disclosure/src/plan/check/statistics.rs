//! Population and labour statistics against each other.
//!
//! The bounds are wide on purpose: a district of students or of pensioners is no mistake. They
//! catch a figure under the wrong label, such as everybody of 15 and over called 경제활동인구.

use iljari_base::quantity::grouped;

use crate::plan::codes::Code;
use crate::plan::model::{District, Measure, Statistic, StatisticKind};
use crate::plan::read::computed_percent;
use crate::plan::{Problem, Problems};
use iljari_authored::{Severity, both, quoted};

pub(super) fn check(district: &District, problems: &mut Problems) {
    let populations: Vec<&Statistic> =
        district.all_statistics().filter(|statistic| statistic.kind == StatisticKind::Population).collect();
    for statistic in district.all_statistics() {
        if statistic.figure.as_of.is_none() {
            let name = &statistic.name;
            let title = both!("통계 '{name}'의 기준일이 없습니다", "the statistic '{name}' has no reference date");
            let todo = both!("'기준일: 2022-12'처럼 적어 주세요", "add '기준일: 2022-12' or another date");
            problems.push(Problem::new(Code::NoReferenceDate, &statistic.place, title).todo(todo));
        }
        denominator(statistic, &populations, problems);
        if statistic.figure.measure == Measure::People && statistic.kind != StatisticKind::Population {
            against_population(statistic, &populations, problems);
        }
    }
}

/// The population statistic nearest in time; more than two years apart says nothing.
fn nearest<'a>(statistic: &Statistic, populations: &[&'a Statistic]) -> Option<&'a Statistic> {
    let year = |statistic: &Statistic| statistic.figure.as_of.map(|when| i32::from(when.year().0));
    let own = year(statistic)?;
    let apart = populations.iter().filter_map(|population| Some(((year(population)? - own).abs(), *population)));
    apart.filter(|(apart, _)| *apart <= 2).min_by_key(|(apart, _)| *apart).map(|(_, population)| population)
}

/// A share of the district's people cannot be of more people than it has.
fn denominator(statistic: &Statistic, populations: &[&Statistic], problems: &mut Problems) {
    let Some((_, below)) = statistic.figure.ratio else { return };
    let Some(whole) = nearest(statistic, populations).and_then(|population| population.figure.count()) else { return };
    if below > whole {
        let name = &statistic.name;
        let (below, whole) = (grouped(below), grouped(whole));
        let title = both!("'{name}'의 분모가 주민보다 많습니다", "the denominator of '{name}' exceeds the residents");
        let found = both!("분모 {below} / 주민 {whole}", "denominator {below}, residents {whole}");
        let todo = both!("분모가 이 구의 수인지 봐 주세요", "look whether the denominator is this district's");
        problems.push(Problem::new(Code::LargerThanPopulation, &statistic.place, title).found(found).todo(todo));
    }
}

/// The share of residents against what such a share can be.
fn against_population(statistic: &Statistic, populations: &[&Statistic], problems: &mut Problems) {
    let Some(population) = nearest(statistic, populations) else { return };
    let (Some(part), Some(whole)) = (statistic.figure.count(), population.figure.count()) else { return };
    if whole == 0 {
        return;
    }
    let per_mille = i64::try_from(i128::from(part) * 1000 / i128::from(whole)).unwrap_or(i64::MAX);
    let share = computed_percent(part, whole, 1);
    let adults_or_not = both!(
        "15세 이상 인구가 아닌지 봐 주세요. 말을 그대로 두려면 '답변'에 까닭을 적어 주세요",
        "look whether it is the population of 15 and over; to keep the words, answer in '답변'"
    );
    let impossible =
        both!("무엇을 센 수인지, 이 구의 수인지 봐 주세요", "look what was counted, and whether it is this district's");
    let look = both!(
        "무엇을 센 수인지 봐 주세요. 맞으면 '답변'에 까닭을 적어 주세요",
        "look what was counted; if it is right, say why in '답변'"
    );
    let (code, bounds, todo) = match statistic.kind {
        _ if per_mille > 1000 => {
            (Code::LargerThanPopulation, both!("주민 수 이하", "no more than there are residents"), impossible)
        }
        StatisticKind::Active if per_mille > 750 => {
            (Code::WorkingAgeShare, both!("주민의 75 % 이하", "at most 75 % of residents"), adults_or_not)
        }
        StatisticKind::Adults if !(800..=950).contains(&per_mille) => {
            (Code::AdultShare, both!("주민의 80~95 %", "80-95 % of residents"), look)
        }
        StatisticKind::PrimeAge if !(600..=800).contains(&per_mille) => {
            (Code::PrimeAgeShare, both!("주민의 60~80 %", "60-80 % of residents"), look)
        }
        _ => return,
    };
    let name = &statistic.name;
    let it = quoted(name, "은/는");
    let title = both!("{it} 주민의 {share}입니다", "'{name}' is {share} of residents");
    let (one, other) = (statistic.figure.text(), population.figure.text());
    let found = both!("{one} / 주민 {other}", "{one} of {other} residents");
    let problem = Problem::new(code, &statistic.figure.place, title).found(found).expected(bounds);
    problems.push(match &statistic.answer {
        // An answered doubt stays visible beside its answer; an impossibility stays an error.
        Some(answer) if code != Code::LargerThanPopulation => {
            problem.todo(both!("답변: {answer}", "answered: {answer}")).weighing(Severity::Note)
        }
        _ => problem.todo(todo),
    });
}
