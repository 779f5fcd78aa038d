//! The home of a district empty, ordinary and at its largest.
//!
//! Owns: invented values only; 나루구 is not a real district.

use iljari_base::quantity::grouped;
use iljari_disclosure::log::totals::Source;
use iljari_plans::pages::promised::Promised;
use iljari_plans::pages::words::{NOTHING, SourceView};
use iljari_web::PublicNav;
use iljari_web::charts::{Gauge, SplitBar, Svg, YearBar, YearBars, gauge, split_bar, year_bars};

use super::home::{Door, Headline, HomePage, Picture, PlanDoor, SplitRow, Years};
use super::measures::{DevelopmentView, RateRow, StatisticRow};
use super::promises::{PromiseView, YearRow};
use super::published::{PartLine, PublishedRow};
use super::sample_pages::{LARGE, LONG, number, pairs, said, shell};

pub(super) fn home() -> Vec<HomePage> {
    vec![home_empty(), home_of(318, "나루구 일자리"), home_of(LARGE, LONG)]
}

fn home_empty() -> HomePage {
    HomePage {
        shell: shell("일자리 계획 진행 상황", PublicNav::Progress),
        eyebrow: String::new(),
        is_sample: true,
        title: said("나루구의 일자리 약속은 아직 이곳에 없습니다", None, ""),
        figure: None,
        picture: None,
        doors: vec![Door {
            href: "/districts/99001/plan".to_owned(),
            title: "계획 들여다보기".to_owned(),
            text: "전략과 사업, 부서와 사업비".to_owned(),
        }],
        years: None,
        promises: Vec::new(),
        splits: Vec::new(),
        other_splits: Vec::new(),
        split_picture: Svg::default(),
        plan: None,
        rates: Vec::new(),
        published: Vec::new(),
        statistics: Vec::new(),
        other_statistics: Vec::new(),
        developments: Vec::new(),
        sources: Vec::new(),
        trust: pairs(&[("봉인한 기록", "0건"), ("마지막 봉인", "아직 없음")]),
        how_href: "/districts/99001/how".to_owned(),
        root_href: "/districts/99001/plan/전체".to_owned(),
        maps: super::maps::sample(),
    }
}

fn gauge_of(id: &str, target: i64, actual: Option<i64>) -> Svg {
    let what = "나루구 일자리 목표";
    gauge(&Gauge { id, what, unit: "개", target: Some(target), actual, legend: true, ..Gauge::default() })
}

fn home_of(actual: i64, name: &str) -> HomePage {
    let target = actual - actual / 20;
    let bar = |year: i16, target, actual| YearBar {
        label: format!("{year}년"),
        target: Some(target),
        actual,
        note: "진행 중".to_owned(),
    };
    let bars = [bar(2023, target, Some(actual)), bar(2024, target, Some(target / 2)), bar(2025, target, None)];
    let row = |year: i16, actual: Option<i64>, word: &str| YearRow {
        year: year.to_string(),
        target: grouped(target).as_str().into(),
        before: if year == 2025 { grouped(target - 1).as_str().into() } else { Promised::default() },
        actual: actual.map(|actual| number("전체", year, actual)),
        word: word.to_owned(),
        rate: if actual.is_some() { "105.0 %".to_owned() } else { "–".to_owned() },
    };
    let part = |source: Source, value: i64| (source.korean(), number("전체", 2023, value).of_part(source));
    let promise = |place: usize| PromiseView {
        id: format!("promise-{place}"),
        name: name.to_owned(),
        definition: name.to_owned(),
        heading: format!("{name}, 79.5 % 왔습니다"),
        number: Some(number("전체", 2023, actual)),
        said: "2023~2024년".to_owned(),
        picture: gauge_of(&format!("promise-{place}"), target * 4, Some(actual)),
        note: "2023~2026년 4년 가운데 2년치를 확인했습니다. 고르게 갔다면 50.0 %인 때입니다.".to_owned(),
    };
    let statistic = StatisticRow {
        name: "15세 이상 경제활동인구".to_owned(),
        printed_name: name.to_owned(),
        value: "90,000명".to_owned(),
        unconfirmed: true,
        basis: "2022년 12월 기준 · 보도".to_owned(),
        source: name.to_owned(),
        doubt: "주민 100,000명의 90.0 %입니다.".to_owned(),
        answer: "원문 표현을 그대로 두었습니다".to_owned(),
        ..StatisticRow::default()
    };
    HomePage {
        eyebrow: format!("2023년 · {name}"),
        title: said("나루구는 2023년에 일자리 ", Some(number("전체", 2023, actual)), "개를 만들었습니다"),
        figure: Some(Headline {
            figure: "105.3".to_owned(),
            unit: "%".to_owned(),
            said: format!("목표 {}개보다 {}개 많습니다", grouped(target), grouped(actual - target)),
            href: "/districts/99001/plan/a/2023".to_owned(),
        }),
        picture: Some(Picture {
            caption: "2023년 목표와 실적".to_owned(),
            note: "단위: 개 · 2023년 12월 31일 기준".to_owned(),
            svg: gauge_of("gauge", target, Some(actual)),
        }),
        years: Some(Years {
            heading: "확인된 2년 가운데 1년은 목표에 닿았습니다".to_owned(),
            name: name.to_owned(),
            unit: "개".to_owned(),
            bars: year_bars(&YearBars { id: "years-chart", what: name, unit: "개", rows: &bars }),
            rows: vec![row(2023, Some(actual), ""), row(2024, Some(target / 2), "9월까지"), row(2025, None, "진행 중")],
            sum: Some(row(2023, Some(actual), "")),
            total: grouped(target * 4),
            span: "2023~2026년".to_owned(),
        }),
        promises: vec![promise(0), promise(1)],
        splits: vec![SplitRow {
            year: "2023".to_owned(),
            unit: "일자리 수".to_owned(),
            parts: vec![
                part(Source::Records, actual / 3),
                part(Source::Sums, actual / 3),
                part(Source::Press, actual - actual / 3 * 2),
            ],
            whole: number("전체", 2023, actual),
        }],
        split_picture: split_bar(&SplitBar {
            id: "split",
            what: "2023년 실적",
            unit: "개",
            records: actual / 3,
            sums: actual / 3,
            press: actual - actual / 3 * 2,
        }),
        plan: Some(PlanDoor {
            heading: "2025년 계획은 이렇게 짜였습니다".to_owned(),
            href: "/districts/99001/plan?year=2025".to_owned(),
            counts: vec![("전략".to_owned(), 1), ("실천과제".to_owned(), 1), ("사업".to_owned(), 47)],
            money: "1,178억 원".to_owned(),
            outermost: vec![(name.to_owned(), "/districts/99001/plan/a".to_owned())],
        }),
        rates: vec![RateRow {
            name: name.to_owned(),
            unconfirmed: true,
            year: "2026".to_owned(),
            before: "65.1%".to_owned(),
            target: "67.5%".to_owned(),
            actual: NOTHING.to_owned(),
            source: name.to_owned(),
            ..RateRow::default()
        }],
        published: published(actual, name),
        statistics: vec![statistic.clone()],
        other_statistics: vec![statistic; 3],
        developments: vec![DevelopmentView {
            name: name.to_owned(),
            stage: "공사 중".to_owned(),
            description: name.to_owned(),
            milestones: vec!["2023년 3월 착공".to_owned(), "2025년 완공".to_owned()],
            linked: vec![(name.to_owned(), "/districts/99001/plan/a".to_owned())],
            expected: NOTHING.to_owned(),
            source: name.to_owned(),
        }],
        sources: vec![source(name), SourceView { href: "https://naru.example/a".to_owned(), ..source(name) }],
        ..home_empty()
    }
}

pub(super) fn published(actual: i64, name: &str) -> Vec<PublishedRow> {
    vec![
        PublishedRow {
            period: "2023년".to_owned(),
            value: format!("{}개", grouped(actual)),
            printed_rate: "105%".to_owned(),
            computed_rate: "105.3 %".to_owned(),
            differs: true,
            ledger: Some(number("전체", 2023, actual)),
            counter: "개",
            parts: vec![
                PartLine { name: name.to_owned(), number: Some(number("a", 2023, actual / 3)), text: String::new() },
                PartLine { name: "내역 미상".to_owned(), number: None, text: "100개".to_owned() },
            ],
            notes: vec!["부서 2곳".to_owned(), name.to_owned()],
            source: name.to_owned(),
            ..PublishedRow::default()
        },
        PublishedRow {
            period: "2024년".to_owned(),
            value: "약 330개".to_owned(),
            printed: "330여 개".to_owned(),
            about: true,
            ..PublishedRow::default()
        },
    ]
}

fn source(name: &str) -> SourceView {
    SourceView {
        id: "S1".to_owned(),
        title: name.to_owned(),
        about: "예시 · 나루구".to_owned(),
        address: "naru.example/plan".to_owned(),
        ..SourceView::default()
    }
}
