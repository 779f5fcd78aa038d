//! Indicators, target sets, and the targets of nodes.

use std::collections::BTreeMap;

use iljari_base::Year;

use super::cx::{Cx, Map};
use super::figure::{Inherited, UNCONFIRMED, Wanted};
use super::scalar::RateBound;
use super::tree::{dangling, head_of};
use crate::log::words::Field;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Aggregation, Direction, Indicator, IndicatorKind, Measure, ROOT, TargetSet, YearFigures};
use iljari_authored::Yaml;
use iljari_authored::{both, quoted};

/// Indicators and sets of the plans read before this one: a yearly plan says only what it changes.
#[derive(Debug, Default)]
pub(crate) struct Before {
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) sets: Vec<TargetSet>,
}

/// Target sets a node's targets may refer to: the plan's own, then those of the plans before.
pub(crate) struct Sets<'s> {
    pub(crate) own: &'s [TargetSet],
    pub(crate) before: &'s [TargetSet],
}

impl Sets<'_> {
    fn find(&self, id: &str) -> Option<&TargetSet> {
        self.own.iter().chain(self.before).find(|set| set.id == id)
    }

    fn ids(&self) -> Vec<&str> {
        self.own.iter().chain(self.before).map(|set| set.id.as_str()).collect()
    }

    /// A node's `목표`: by target set, or straight by year where there is only one set.
    pub(crate) fn node_targets(
        &self,
        cx: &mut Cx<'_>,
        node: &Yaml,
        inner: &Inherited,
    ) -> BTreeMap<String, YearFigures> {
        let mut found = BTreeMap::new();
        let pairs = cx.each_pair(node);
        let by_year = pairs.first().is_some_and(|(entry, _)| entry.key == "계" || entry.key.parse::<Year>().is_ok());
        if by_year {
            let known = if self.own.is_empty() { self.before } else { self.own };
            match known {
                [only] => {
                    found.insert(only.id.clone(), cx.year_figures(node, &with_definition(inner, only), wanted(only)));
                }
                _ => {
                    let title = both!(
                        "어느 목표 묶음의 목표인지 알 수 없습니다",
                        "it is not said which target set this belongs to"
                    );
                    let todo = both!(
                        "'목표: {{묶음 번호: {{2023: …}}}}'처럼 적어 주세요",
                        "write it as '목표: {{set: {{2023: …}}}}'"
                    );
                    let ids = self.ids().join(", ");
                    cx.refuse(Code::MissingKey, head_of(node.span), title, &ids, todo);
                }
            }
            return found;
        }
        for (entry, not_available) in pairs {
            match self.find(&entry.key) {
                Some(set) if !not_available => {
                    let inner = with_definition(inner, set);
                    found.insert(set.id.clone(), cx.year_figures(&entry.value, &inner, wanted(set)));
                }
                Some(_) => {}
                None => {
                    let place = cx.place(entry.key_span);
                    cx.say(dangling(&place, &entry.key, &self.ids()));
                }
            }
        }
        found
    }
}

fn wanted(set: &TargetSet) -> Wanted {
    Wanted::exact(Some(set.measure))
}

fn with_definition(inner: &Inherited, set: &TargetSet) -> Inherited {
    Inherited { definition: set.definition.clone().or_else(|| inner.definition.clone()), ..inner.clone() }
}

/// A definition in words; `None` for '정의 미확인' or nothing.
fn definition(cx: &mut Cx<'_>, map: &Map<'_>) -> (Option<String>, bool) {
    match cx.text_of(map, "뜻") {
        Some(words) if words == UNCONFIRMED => (None, true),
        words => (words, false),
    }
}

/// A unit by its word. `개` and other words that do not say what is counted are refused by name.
pub(crate) fn measure(cx: &mut Cx<'_>, map: &Map<'_>) -> Option<Measure> {
    let node = map.get("단위")?;
    let text = cx.text(node)?;
    if matches!(text.as_str(), "개" | "일자리" | "자리" | "인" | "인원") {
        let place = cx.place(node.span);
        let it = quoted(&text, "으로/로");
        let title = both!(
            "단위가 {it} 적혀 있어 무엇을 셌는지 알 수 없습니다",
            "the unit '{text}' does not say what is counted"
        );
        let expected = both!("일자리 수, 실인원, 연인원, 건, 명, 곳, 율", "일자리 수, 실인원, 연인원, 건, 명, 곳, 율");
        let todo = both!(
            "일자리를 셌으면 '일자리 수', 사람을 한 번씩 셌으면 '실인원', 거듭 셌으면 '연인원'으로 적어 주세요",
            "use '일자리 수' for jobs, '실인원' for different people, '연인원' for people counted each time"
        );
        cx.say(Problem::new(Code::UnitUnclear, &place, title).found_text(&text).expected(expected).todo(todo));
        return None;
    }
    cx.word(node, Measure::ALL, Measure::as_str)
}

const INDICATOR_KEYS: &[&str] = &["번호", "이름", "뜻", "단위", "집계", "구분", "방향", "통계", "비고"];

/// Reads `지표`.
pub(crate) fn indicators(cx: &mut Cx<'_>, map: &Map<'_>) -> Vec<Indicator> {
    let Some(node) = map.get("지표") else { return Vec::new() };
    let mut found: Vec<Indicator> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, INDICATOR_KEYS) else { continue };
        let id_node = cx.required(&map, "번호");
        let id = id_node.and_then(|node| cx.text(node));
        let name = cx.required_text(&map, "이름");
        let unit_said = cx.required(&map, "단위").is_some();
        let measure = if unit_said { measure(cx, &map) } else { None };
        let aggregation =
            cx.required(&map, "집계").and_then(|node| cx.word(node, Aggregation::ALL, Aggregation::as_str));
        let (definition, _) = definition(cx, &map);
        let kind = cx.word_of(&map, "구분", IndicatorKind::ALL, IndicatorKind::as_str);
        let direction = cx.word_of(&map, "방향", Direction::ALL, Direction::as_str);
        let statistic = cx.text_of(&map, "통계");
        let note = cx.text_of(&map, "비고");
        let (Some(id), Some(measure), Some(aggregation)) = (id, measure, aggregation) else { continue };
        let place = cx.place(id_node.map_or(map.span, |node| node.span));
        if let Some(first) = found.iter().find(|other| other.id == id) {
            repeated(cx, &place, &id, first.place.span.start.line);
            continue;
        }
        let name = name.unwrap_or_else(|| id.clone());
        found.push(Indicator { id, name, definition, measure, aggregation, kind, direction, statistic, note, place });
    }
    found
}

pub(crate) fn repeated(cx: &mut Cx<'_>, place: &iljari_authored::Place, id: &str, line: u32) {
    let title = both!("번호 '{id}'[을/를] 두 번 썼습니다", "the id '{id}' is used twice");
    let todo = both!("{line}번째 줄과 다른 번호를 붙여 주세요", "give it another id than the one in line {line}");
    cx.say(Problem::new(Code::DuplicateId, place, title).found_text(id).todo(todo));
}

const SET_KEYS: &[&str] = &[
    "번호",
    "이름",
    "지표",
    "뜻",
    "단위",
    "집계",
    "부문",
    "노드",
    "연도",
    "값",
    "계",
    "바꾼 까닭",
    "출처",
    "기준",
    "기준일",
    "정의",
    "비고",
];

/// Reads `목표 묶음`. Unit, definition and aggregation come from the set itself, its indicator, or
/// the set of the same id in a plan read before.
pub(crate) fn target_sets(
    cx: &mut Cx<'_>,
    map: &Map<'_>,
    outer: &Inherited,
    years: (Year, Year),
    indicators: &[Indicator],
    before: &Before,
) -> Vec<TargetSet> {
    let Some(node) = map.get("목표 묶음") else { return Vec::new() };
    let mut found: Vec<TargetSet> = Vec::new();
    for item in cx.list(node) {
        let Some(set) = target_set(cx, item, outer, years, indicators, before) else { continue };
        if let Some(first) = found.iter().find(|other| other.id == set.id) {
            repeated(cx, &set.place, &set.id, first.place.span.start.line);
            continue;
        }
        found.push(set);
    }
    found
}

fn target_set(
    cx: &mut Cx<'_>,
    item: &Yaml,
    outer: &Inherited,
    years: (Year, Year),
    indicators: &[Indicator],
    before: &Before,
) -> Option<TargetSet> {
    let map = cx.map(item, SET_KEYS)?;
    let mut inner = outer.within(cx, &map);
    let id_node = cx.required(&map, "번호")?;
    let id = cx.text(id_node)?;
    let earlier = before.sets.iter().find(|set| set.id == id);
    let indicator = map.get("지표").and_then(|node| {
        let wanted = cx.text(node)?;
        let known: Vec<&Indicator> = indicators.iter().chain(&before.indicators).collect();
        let found = known.iter().find(|indicator| indicator.id == wanted).copied();
        if found.is_none() {
            let ids: Vec<&str> = known.iter().map(|indicator| indicator.id.as_str()).collect();
            let place = cx.place(node.span);
            cx.say(dangling(&place, &wanted, &ids));
        }
        found
    });
    let own = measure(cx, &map);
    let from_outside = indicator.map(|indicator| indicator.measure).or(earlier.map(|set| set.measure));
    if let (Some(own), Some(outside)) = (own, from_outside)
        && own != outside
    {
        let (here, there) = (own.as_str(), outside.as_str());
        let title =
            both!("단위가 '{there}'에서 '{here}'[으로/로] 바뀌었습니다", "the unit changes from '{there}' to '{here}'");
        let todo = both!(
            "다른 것을 세는 목표라면 번호를 새로 붙여 주세요",
            "give the set a new id if it counts something else"
        );
        cx.refuse(Code::UnitMixed, map.key_span("단위"), title, here, todo);
    }
    let said = map.get("단위").is_some();
    if own.is_none() && from_outside.is_none() && !said {
        let place = cx.place(head_of(map.span));
        let title = both!("목표 묶음 '{id}'의 단위가 없습니다", "the target set '{id}' has no unit");
        let expected = both!("일자리 수, 실인원, 연인원, 건, 명, 곳, 율", "일자리 수, 실인원, 연인원, 건, 명, 곳, 율");
        let todo =
            both!("'단위: 일자리 수'처럼 적거나 '지표'를 적어 주세요", "add '단위: 일자리 수' or name an indicator");
        cx.say(Problem::new(Code::NoUnit, &place, title).expected(expected).todo(todo));
    }
    let unit = own.or(from_outside);
    let (own_definition, unconfirmed) = definition(cx, &map);
    let definition = match (own_definition, unconfirmed) {
        (Some(words), _) => Some(words),
        (None, true) => None,
        (None, false) => indicator
            .and_then(|indicator| indicator.definition.clone())
            .or_else(|| earlier.and_then(|set| set.definition.clone()))
            .or_else(|| inner.definition.clone()),
    };
    inner.definition = definition.clone();
    let values = map.get("값").map(|node| cx.year_figures(node, &inner, Wanted::exact(unit))).unwrap_or_default();
    let of_total = Wanted { bound: RateBound::Achievement, ..Wanted::exact(unit) };
    let total = map.get("계").and_then(|node| cx.figure(node, &inner, of_total));
    let values = YearFigures { total: total.or(values.total), ..values };
    // Without a unit the writing decides, so that the rest of the file can still be checked.
    let measure = unit.or_else(|| values.years.values().next().map(|figure| figure.measure));
    let measure = measure.unwrap_or(Measure::Count(crate::log::words::Unit::Jobs));
    let own_aggregation = cx.word_of(&map, "집계", Aggregation::ALL, Aggregation::as_str);
    let aggregation = own_aggregation
        .or(indicator.map(|indicator| indicator.aggregation))
        .or(earlier.map(|set| set.aggregation))
        .unwrap_or(if measure == Measure::Rate { Aggregation::Last } else { Aggregation::Sum });
    let fields = map.get("부문").map(|node| fields(cx, node));
    let span = map.get("연도").and_then(|node| cx.period(node));
    let (first_year, last_year) = match (span, earlier) {
        (Some(period), _) => (period.first().year(), period.last().year()),
        (None, Some(set)) => (set.first_year, set.last_year),
        (None, None) => years,
    };
    Some(TargetSet {
        name: cx
            .text_of(&map, "이름")
            .or_else(|| earlier.map(|set| set.name.clone()))
            .or_else(|| indicator.map(|indicator| indicator.name.clone()))
            .unwrap_or_else(|| id.clone()),
        indicator: indicator
            .map(|indicator| indicator.id.clone())
            .or_else(|| earlier.and_then(|set| set.indicator.clone())),
        definition,
        measure,
        aggregation,
        fields: fields.or_else(|| earlier.map(|set| set.fields.clone())).unwrap_or_default(),
        node: cx
            .text_of(&map, "노드")
            .or_else(|| earlier.map(|set| set.node.clone()))
            .unwrap_or_else(|| ROOT.to_owned()),
        first_year,
        last_year,
        values,
        reason: cx.text_of(&map, "바꾼 까닭"),
        note: cx.text_of(&map, "비고"),
        place: cx.place(id_node.span),
        id,
    })
}

/// `전체` or a list of fields; empty means all.
fn fields(cx: &mut Cx<'_>, node: &Yaml) -> Vec<Field> {
    let words: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
    let mut found = Vec::new();
    for text in cx.texts(node) {
        if text == ROOT {
            return Vec::new();
        }
        match text.parse() {
            Ok(field) => found.push(field),
            Err(_) => cx.unknown_word(node.span, &text, &words),
        }
    }
    found
}
