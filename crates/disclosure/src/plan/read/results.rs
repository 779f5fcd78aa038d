//! Files of kind 실적: results as they were published.

use super::cx::Cx;
use super::extras;
use super::figure::{FUNDING_KEYS, Inherited, Wanted};
use super::head::HEAD_KEYS;
use super::scalar::RateBound;
use super::targets::measure;
use super::tree::head_of;
use crate::log::words::{Field, Unit, Why};
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{DongTable, Funding, Measure, Part, PrintedRate, PrintedTarget, PublishedResult, Statistic};
use iljari_authored::both;
use iljari_authored::{Value, Yaml};

/// What a file of kind 실적 adds to its district.
pub(crate) struct ResultFile {
    pub(crate) results: Vec<PublishedResult>,
    pub(crate) statistics: Vec<Statistic>,
    pub(crate) dong_tables: Vec<DongTable>,
}

/// Reads a file of kind 실적.
pub(crate) fn result_file(cx: &mut Cx<'_>, root: &Yaml) -> ResultFile {
    let keys: Vec<&str> =
        HEAD_KEYS.iter().copied().chain(["제목", "실적", "동별", "통계", "금액 단위", "비고"]).collect();
    let empty = ResultFile { results: Vec::new(), statistics: Vec::new(), dong_tables: Vec::new() };
    let Some(map) = cx.map(root, &keys) else { return empty };
    let mut inner = Inherited::default().within(cx, &map);
    inner.won_unit = cx.won_unit(&map);
    let results = map
        .get("실적")
        .map(|node| cx.list(node).iter().filter_map(|item| result(cx, item, &inner)).collect())
        .unwrap_or_default();
    let statistics = extras::statistics(cx, &map, &inner);
    let dong_tables = super::places::dong_tables(cx, &map, &inner);
    ResultFile { results, statistics, dong_tables }
}

const RESULT_KEYS: &[&str] = &[
    "번호",
    "노드",
    "기간",
    "부문",
    "단위",
    "지표",
    "값",
    "정밀도",
    "누계",
    "내역",
    "목표",
    "달성률",
    "미달 사유",
    "초과 사유",
    "향후계획",
    "부서 수",
    "사업 수",
    "사업비 집행",
    "바로잡음",
    "까닭",
    "출처",
    "기준",
    "기준일",
    "정의",
    "표기",
    "분자",
    "분모",
    "공표값",
    "비고",
];

fn result(cx: &mut Cx<'_>, item: &Yaml, outer: &Inherited) -> Option<PublishedResult> {
    let map = cx.map(item, RESULT_KEYS)?;
    let inner = outer.within(cx, &map);
    let place = cx.place(head_of(map.span));
    let node = cx.required_text(&map, "노드");
    let period = cx.required(&map, "기간").and_then(|node| cx.period(node));
    let unit = if cx.required(&map, "단위").is_some() { measure(cx, &map) } else { None };
    let field = cx.word_of(&map, "부문", Field::ALL, Field::as_str);
    if matches!(unit, Some(Measure::Count(_))) && field.is_none() && map.get("부문").is_none() {
        let _ = cx.required(&map, "부문");
    }
    let parts_node = map.get("내역");
    let value = cx.required(&map, "값");
    let (unit, value) = (unit?, value?);
    let figure = cx.figure_of(&map, value, &inner, Wanted::published(unit));
    let parts = parts_node
        .map(|node| cx.list(node).iter().filter_map(|item| part(cx, item, &inner, unit)).collect())
        .unwrap_or_default();
    let printed_target = map.get("목표").and_then(|node| printed_target(cx, node, &inner, unit));
    let printed_rate = map.get("달성률").and_then(|node| {
        let text = cx.text(node)?;
        let percent = cx.percent(&text, node.span, RateBound::Achievement)?;
        Some(PrintedRate { percent, place: cx.place(node.span) })
    });
    let number = |unit: Unit| Wanted::published(Measure::Count(unit));
    let department_count = map.get("부서 수").and_then(|node| cx.figure(node, &inner, number(Unit::Cases)));
    let project_count = map.get("사업 수").and_then(|node| cx.figure(node, &inner, number(Unit::Cases)));
    let spent = map.get("사업비 집행").map(|node| cx.funding(node, &inner, FUNDING_KEYS));
    let restates = cx.text_of(&map, "바로잡음");
    let why = restates.as_ref().and_then(|_| {
        let node = cx.required(&map, "까닭")?;
        cx.word(node, Why::ALL, Why::as_str)
    });
    Some(PublishedResult {
        id: cx.text_of(&map, "번호"),
        node: node?,
        period: period?,
        field,
        measure: unit,
        indicator: cx.text_of(&map, "지표"),
        figure: figure?,
        cumulative: cx.yes(&map, "누계"),
        parts,
        printed_target,
        printed_rate,
        short_reason: cx.text_of(&map, "미달 사유"),
        over_reason: cx.text_of(&map, "초과 사유"),
        outlook: cx.text_of(&map, "향후계획"),
        department_count,
        project_count,
        spent: spent.unwrap_or_else(Funding::default),
        restates: restates.zip(why),
        note: cx.text_of(&map, "비고"),
        place,
    })
}

const PART_KEYS: &[&str] = &["노드", "값", "부문", "단위", "정밀도", "출처", "기준", "기준일", "정의", "표기", "비고"];

fn part(cx: &mut Cx<'_>, item: &Yaml, outer: &Inherited, whole: Measure) -> Option<Part> {
    let map = cx.map(item, PART_KEYS)?;
    let inner = outer.within(cx, &map);
    let node = cx.required_text(&map, "노드");
    let field = cx.word_of(&map, "부문", Field::ALL, Field::as_str);
    let unit = if map.get("단위").is_some() { measure(cx, &map) } else { Some(whole) }?;
    if unit != whole {
        let place = cx.place(map.key_span("단위"));
        let (here, there) = (unit.as_str(), whole.as_str());
        let title = both!(
            "내역의 단위 '{here}'[이/가] 전체의 단위 '{there}'[과/와] 다릅니다",
            "the part counts '{here}', its whole '{there}'"
        );
        let todo = both!(
            "다른 단위로 센 수는 내역이 아니라 따로 적어 주세요",
            "give numbers in another unit an entry of their own"
        );
        cx.say(Problem::new(Code::UnitMixed, &place, title).found_text(here).todo(todo));
        return None;
    }
    let value = cx.required(&map, "값")?;
    let figure = cx.figure_of(&map, value, &inner, Wanted::published(unit));
    Some(Part { node: node?, field, measure: unit, figure: figure?, place: cx.place(head_of(map.span)) })
}

fn printed_target(cx: &mut Cx<'_>, node: &Yaml, inner: &Inherited, unit: Measure) -> Option<PrintedTarget> {
    let wanted = Wanted::published(unit);
    let names_a_set = matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key == "묶음"));
    if !names_a_set {
        return Some(PrintedTarget { set: None, figure: cx.figure(node, inner, wanted)? });
    }
    let map = cx.map(node, &["묶음", "값", "정밀도", "출처", "기준", "기준일", "정의", "표기", "비고"])?;
    let inner = inner.within(cx, &map);
    let set = cx.text_of(&map, "묶음");
    let value = cx.required(&map, "값")?;
    Some(PrintedTarget { set, figure: cx.figure_of(&map, value, &inner, wanted)? })
}
