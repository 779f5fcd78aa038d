//! Chapters, development projects, statistics and summary tables.

use std::collections::BTreeMap;

use iljari_base::Year;

use super::cx::{Cx, Map};
use super::figure::{Inherited, UNCONFIRMED, Wanted};
use super::targets::{Sets, measure, repeated};
use super::tree::{dangling, head_of};
use crate::log::words::{Field, Unit};
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{
    Chapter, Development, Figure, Measure, Stage, Statistic, StatisticKind, SumTable, TableOf, When, YearFigures,
};
use iljari_authored::both;
use iljari_authored::{Value, Yaml};

/// Reads `장`.
pub(crate) fn chapters(cx: &mut Cx<'_>, map: &Map<'_>) -> Vec<Chapter> {
    let Some(node) = map.get("장") else { return Vec::new() };
    let mut found: Vec<Chapter> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["번호", "제목", "본문"]) else { continue };
        let title = cx.required_text(&map, "제목");
        let text = cx.required_text(&map, "본문");
        let id = cx.text_of(&map, "번호").or_else(|| title.clone());
        let (Some(id), Some(title), Some(text)) = (id, title, text) else { continue };
        let place = cx.place(head_of(map.span));
        if let Some(first) = found.iter().find(|other| other.id == id) {
            repeated(cx, &place, &id, first.place.span.start.line);
            continue;
        }
        found.push(Chapter { id, title, text, place });
    }
    found
}

const DEVELOPMENT_KEYS: &[&str] =
    &["번호", "이름", "상태", "일정", "연계", "예상 일자리", "설명", "출처", "기준", "기준일", "정의", "비고"];

/// Reads `개발사업`.
pub(crate) fn developments(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited) -> Vec<Development> {
    let Some(node) = map.get("개발사업") else { return Vec::new() };
    let mut found: Vec<Development> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, DEVELOPMENT_KEYS) else { continue };
        let inner = outer.within(cx, &map);
        let id_node = cx.required(&map, "번호");
        let id = id_node.and_then(|node| cx.text(node));
        let name = cx.required_text(&map, "이름");
        let stage = cx.word_of(&map, "상태", Stage::ALL, Stage::as_str);
        let milestones = map
            .get("일정")
            .map(|node| cx.list(node).iter().filter_map(|item| milestone(cx, item)).collect())
            .unwrap_or_default();
        let linked = map.get("연계").map(|node| cx.texts(node)).unwrap_or_default();
        let wanted = Wanted::published(Measure::Count(Unit::Jobs));
        let expected_jobs = map.get("예상 일자리").and_then(|node| cx.figure(node, &inner, wanted));
        let description = cx.text_of(&map, "설명");
        let note = cx.text_of(&map, "비고");
        let (Some(id), Some(name)) = (id, name) else { continue };
        let place = cx.place(id_node.map_or(map.span, |node| node.span));
        if let Some(first) = found.iter().find(|other| other.id == id) {
            repeated(cx, &place, &id, first.place.span.start.line);
            continue;
        }
        let sources = inner.sources;
        found.push(Development {
            id,
            name,
            stage,
            milestones,
            linked,
            expected_jobs,
            description,
            sources,
            note,
            place,
        });
    }
    found
}

fn milestone(cx: &mut Cx<'_>, item: &Yaml) -> Option<(String, When)> {
    let map = cx.map(item, &["무엇", "때"])?;
    let what = cx.required_text(&map, "무엇");
    let when = cx.required(&map, "때").and_then(|node| cx.when(node));
    Some((what?, when?))
}

const STATISTIC_KEYS: &[&str] = &[
    "번호",
    "이름",
    "종류",
    "뜻",
    "단위",
    "값",
    "정밀도",
    "기준",
    "기준일",
    "출처",
    "정의",
    "쓰인 이름",
    "표기",
    "까닭",
    "분자",
    "분모",
    "공표값",
    "답변",
    "비고",
];

/// Reads `통계`.
pub(crate) fn statistics(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited) -> Vec<Statistic> {
    let Some(node) = map.get("통계") else { return Vec::new() };
    let mut found: Vec<Statistic> = Vec::new();
    for item in cx.list(node) {
        let Some(statistic) = statistic(cx, item, outer) else { continue };
        if let Some(first) = found.iter().find(|other| other.id == statistic.id) {
            repeated(cx, &statistic.place, &statistic.id, first.place.span.start.line);
            continue;
        }
        found.push(statistic);
    }
    found
}

fn statistic(cx: &mut Cx<'_>, item: &Yaml, outer: &Inherited) -> Option<Statistic> {
    let map = cx.map(item, STATISTIC_KEYS)?;
    let mut inner = outer.within(cx, &map);
    let id_node = cx.required(&map, "번호");
    let id = id_node.and_then(|node| cx.text(node));
    let name = cx.required_text(&map, "이름");
    let kind = cx.required(&map, "종류").and_then(|node| cx.word(node, StatisticKind::ALL, StatisticKind::as_str));
    let words = cx.text_of(&map, "뜻").or_else(|| inner.definition.clone());
    let definition_unconfirmed = words.as_deref() == Some(UNCONFIRMED);
    inner.definition = words.filter(|words| words != UNCONFIRMED);
    let unit = match map.get("단위") {
        Some(_) => measure(cx, &map)?,
        None => {
            let place = cx.place(head_of(map.span));
            let title = both!("통계에 단위가 없습니다", "the statistic has no unit");
            let todo = both!("'단위: 명'처럼 적어 주세요", "add '단위: 명' or another unit");
            cx.say(Problem::new(Code::NoUnit, &place, title).todo(todo));
            return None;
        }
    };
    let value = cx.required(&map, "값")?;
    let figure: Figure = cx.figure_of(&map, value, &inner, Wanted::published(unit))?;
    Some(Statistic {
        id: id?,
        name: name?,
        kind: kind?,
        printed_name: cx.text_of(&map, "쓰인 이름"),
        figure,
        definition_unconfirmed,
        answer: cx.text_of(&map, "답변"),
        place: cx.place(id_node.map_or(map.span, |node| node.span)),
    })
}

/// Reads `총괄표`.
pub(crate) fn sum_tables(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited, sets: &Sets<'_>) -> Vec<SumTable> {
    let Some(node) = map.get("총괄표") else { return Vec::new() };
    let mut found = Vec::new();
    for item in cx.list(node) {
        let keys = &["묶음", "사업비", "부문별", "부서별", "출처", "기준", "기준일", "정의"];
        let Some(map) = cx.map(item, keys) else { continue };
        let inner = outer.within(cx, &map);
        let place = cx.place(head_of(map.span));
        let (of, unit) = match (map.get("묶음"), map.get("사업비")) {
            (Some(node), _) => {
                let Some(id) = cx.text(node) else { continue };
                match sets.own.iter().chain(sets.before).find(|set| set.id == id) {
                    Some(set) => (TableOf::Targets(id), set.measure),
                    None => {
                        let ids: Vec<&str> = sets.own.iter().chain(sets.before).map(|set| set.id.as_str()).collect();
                        let place = cx.place(node.span);
                        cx.say(dangling(&place, &id, &ids));
                        continue;
                    }
                }
            }
            (None, Some(node)) => {
                let spent = cx.word(node, &[false, true], |spent| if spent { "집행" } else { "계획" });
                (if spent == Some(true) { TableOf::SpentBudget } else { TableOf::PlannedBudget }, Measure::Won)
            }
            (None, None) => {
                let title = both!("무엇을 더한 표인지 없습니다", "the table does not say what it sums");
                let todo = both!(
                    "'묶음: 목표 묶음의 번호' 또는 '사업비: 계획'을 적어 주세요",
                    "add '묶음: …' or '사업비: 계획'"
                );
                cx.say(Problem::new(Code::MissingKey, &place, title).todo(todo));
                continue;
            }
        };
        let wanted = Wanted::exact(Some(unit));
        let (by_field, field_total) = rows(cx, map.get("부문별"), &inner, wanted);
        let (by_department, department_total) = rows(cx, map.get("부서별"), &inner, wanted);
        let words: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
        let by_field = by_field
            .into_iter()
            .filter_map(|(name, span, figures)| match name.parse::<Field>() {
                Ok(field) => Some((field, figures)),
                Err(_) => {
                    cx.unknown_word(span, &name, &words);
                    None
                }
            })
            .collect();
        let by_department = by_department.into_iter().map(|(name, _, figures)| (name, figures)).collect();
        found.push(SumTable { of, by_field, field_total, by_department, department_total, place });
    }
    found
}

type Rows = (Vec<(String, iljari_authored::Span, YearFigures)>, Option<YearFigures>);

fn rows(cx: &mut Cx<'_>, node: Option<&Yaml>, inner: &Inherited, wanted: Wanted) -> Rows {
    let (mut rows, mut total) = (Vec::new(), None);
    let Some(node) = node else { return (rows, total) };
    for (entry, not_available) in cx.each_pair(node) {
        if not_available {
            continue;
        }
        let figures = cx.year_figures(&entry.value, inner, wanted);
        if entry.key == "계" {
            total = Some(figures);
        } else {
            rows.push((entry.key.clone(), entry.key_span, figures));
        }
    }
    (rows, total)
}

/// Reads `구성`: level or kind → how many the document says.
pub(crate) fn declared_counts(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited) -> BTreeMap<String, Figure> {
    let mut counts = BTreeMap::new();
    let Some(node) = map.get("구성") else { return counts };
    for (entry, not_available) in cx.each_pair(node) {
        if not_available {
            continue;
        }
        let wanted = Wanted::published(Measure::Count(Unit::Cases));
        if let Some(figure) = counted(cx, &entry.value, outer, wanted) {
            counts.insert(entry.key.clone(), figure);
        }
    }
    counts
}

/// `33`, `33개`: how many there are of something, whatever counter stands behind it.
fn counted(cx: &mut Cx<'_>, node: &Yaml, outer: &Inherited, wanted: Wanted) -> Option<Figure> {
    if let Value::Scalar { text, plain } = &node.value
        && let Some(digits) = text.trim().strip_suffix('개')
    {
        let bare = Yaml { span: node.span, value: Value::Scalar { text: digits.to_owned(), plain: *plain } };
        return cx.figure(&bare, outer, wanted);
    }
    cx.figure(node, outer, wanted)
}

/// Reads `사업비 총액`: year → amount.
pub(crate) fn declared_budget(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited) -> BTreeMap<Year, Figure> {
    let Some(node) = map.get("사업비 총액") else { return BTreeMap::new() };
    cx.year_figures(node, outer, Wanted::published(Measure::Won)).years
}
