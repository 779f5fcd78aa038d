//! Tables by 동 and the places of their tiles.

use super::cx::{Cx, Map};
use super::figure::{Inherited, Wanted};
use super::targets::{measure, repeated};
use crate::plan::codes::Code;
use crate::plan::model::{DongPlaces, DongTable, DongValue, SMALL, WITHHELD};
use iljari_authored::{Span, Value, both, suggestion};

const TABLE_KEYS: &[&str] =
    &["번호", "이름", "노드", "기간", "단위", "값", "계", "출처", "기준", "기준일", "정의", "비고"];

/// Columns and rows a map may have.
const PLACE_MAX: i64 = 8;

/// Reads `동별`.
pub(crate) fn dong_tables(cx: &mut Cx<'_>, map: &Map<'_>, outer: &Inherited) -> Vec<DongTable> {
    let Some(node) = map.get("동별") else { return Vec::new() };
    let mut found: Vec<DongTable> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, TABLE_KEYS) else { continue };
        let inner = outer.within(cx, &map);
        let id_node = cx.required(&map, "번호");
        let id = id_node.and_then(|node| cx.text(node));
        let name = cx.required_text(&map, "이름");
        let of = cx.required_text(&map, "노드");
        let period = cx.required(&map, "기간").and_then(|node| cx.period(node));
        let unit = if cx.required(&map, "단위").is_some() { measure(cx, &map) } else { None };
        let values = cx.required(&map, "값");
        let (Some(id), Some(name), Some(of), Some(period), Some(unit), Some(values)) =
            (id, name, of, period, unit, values)
        else {
            continue;
        };
        let wanted = Wanted::exact(Some(unit));
        let mut read = Vec::new();
        for (entry, not_available) in cx.each_pair(values) {
            if not_available {
                continue;
            }
            let value = match &entry.value.value {
                Value::Scalar { text, .. } if text.trim() == SMALL => Some(DongValue::Small),
                Value::Scalar { text, .. } if text.trim() == WITHHELD => Some(DongValue::Withheld),
                _ => cx.figure(&entry.value, &inner, wanted).map(|figure| DongValue::Known(Box::new(figure))),
            };
            read.extend(value.map(|value| (entry.key.clone(), value)));
        }
        let total = map.get("계").and_then(|node| cx.figure(node, &inner, wanted));
        let place = cx.place(id_node.map_or(map.span, |node| node.span));
        if let Some(first) = found.iter().find(|other| other.id == id) {
            repeated(cx, &place, &id, first.place.span.start.line);
            continue;
        }
        found.push(DongTable { id, name, node: of, period, measure: unit, values: read, total, place });
    }
    found
}

/// Reads `동 자리`: 동 → [column, row].
pub(crate) fn dong_places(cx: &mut Cx<'_>, map: &Map<'_>, dongs: &[String]) -> DongPlaces {
    let Some(node) = map.get("동 자리") else { return DongPlaces::new() };
    let mut places = DongPlaces::new();
    for (entry, not_available) in cx.each_pair(node) {
        if not_available {
            continue;
        }
        if !dongs.contains(&entry.key) {
            let names: Vec<&str> = dongs.iter().map(String::as_str).collect();
            let advice = suggestion(&entry.key, &names);
            let name = &entry.key;
            let title = both!("'{name}'[은/는] 이 구의 동이 아닙니다", "'{name}' is no 동 of this district");
            cx.refuse(Code::UnknownDong, entry.key_span, title, name, advice);
            continue;
        }
        let numbers: Vec<Option<i64>> = cx
            .list(&entry.value)
            .iter()
            .map(|item| match &item.value {
                Value::Scalar { text, .. } => text.trim().parse().ok().filter(|n| (1..=PLACE_MAX).contains(n)),
                Value::List(_) | Value::Map(_) => None,
            })
            .collect();
        let small = |number: &Option<i64>| number.and_then(|number| u8::try_from(number).ok());
        match numbers.as_slice() {
            [column, row] => match (small(column), small(row)) {
                (Some(column), Some(row)) if !places.values().any(|taken| *taken == (column, row)) => {
                    places.insert(entry.key.clone(), (column, row));
                }
                _ => bad_place(cx, entry.value.span),
            },
            _ => bad_place(cx, entry.value.span),
        }
    }
    places
}

fn bad_place(cx: &mut Cx<'_>, span: Span) {
    let found = cx.raw(span).to_owned();
    let title = both!("동의 자리로 쓸 수 없습니다", "this is no place for a tile");
    let todo = both!(
        "'[가로, 세로]'를 1부터 8까지의 수로, 동마다 다르게 적어 주세요",
        "write '[column, row]' with numbers from 1 to 8, another pair for each 동"
    );
    cx.refuse(Code::DongPlace, span, title, &found, todo);
}
