//! Reference values of a rule file (기준값): dated histories, each row with its source.
//!
//! Owns: reading `기준값`. Does not own: which value is in force (`model`). What a newcomer gets
//! wrong: overwriting last year's value. A new row is added, and the old one stays to judge by.

use std::collections::BTreeMap;

use iljari_authored::{self as authored, Map, Span, Yaml, both};
use iljari_base::korean::{read_number, read_won};

use super::{Reader, bad_value, date, twice, usable_name};
use crate::codes::Code;
use crate::model::{Dated, Fact, Reference};
use crate::num::Num;

pub(super) fn references(
    cx: &mut Reader<'_>,
    node: &Yaml,
    sources: &BTreeMap<String, String>,
    facts: &[Fact],
) -> Vec<Reference> {
    let mut all: Vec<Reference> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["이름", "단위", "값", "비고"]) else { continue };
        let name = usable_name(cx, &map, "이름");
        let is_won = cx.text_of(&map, "단위").as_deref() == Some("원");
        let place = cx.place(Span { start: map.span.start, end: map.span.start });
        let mut history: Vec<Dated> = Vec::new();
        let mut by_number = None;
        let rows = cx.required(&map, "값").map(|node| cx.list(node)).unwrap_or_default();
        for row in rows {
            let Some(row_map) = cx.map(row, &["시행", "출처", "값", "비고"]) else { continue };
            let from = cx.required_text(&row_map, "시행").and_then(|text| date(cx, &text, row_map.key_span("시행")));
            let source = cited(cx, &row_map, sources);
            let Some(values_node) = cx.required(&row_map, "값") else { continue };
            let is_table = matches!(values_node.value, authored::Value::Map(_));
            if by_number.replace(is_table).is_some_and(|before| before != is_table) {
                cx.wrong_shape(values_node, both!("앞의 줄과 같은 모양(표나 값 하나)", "the shape of the row above"));
            }
            let values = reference_values(cx, values_node, is_table, is_won);
            let (Some(from), Some(source)) = (from, source) else { continue };
            if history.last().is_some_and(|last| last.from >= from) {
                let title = both!("시행일이 앞줄보다 늦지 않습니다", "the date does not come after the row above");
                let todo = both!("오래된 값부터 차례대로 적어 주세요", "write the oldest first");
                cx.refuse(Code::HistoryOrder, row_map.key_span("시행"), title, &from.to_string(), todo);
                continue;
            }
            history.push(Dated { from, source, values });
        }
        let Some(name) = name else { continue };
        if all.iter().any(|known| known.name == name) || facts.iter().any(|fact| fact.name == name) {
            twice(cx, map.key_span("이름"), &name);
            continue;
        }
        all.push(Reference { name, is_won, by_number: by_number.unwrap_or(false), history, place });
    }
    all
}

fn cited(cx: &mut Reader<'_>, map: &Map<'_>, sources: &BTreeMap<String, String>) -> Option<String> {
    let Some(source) = cx.text_of(map, "출처") else {
        let title = both!("이 값의 출처가 없습니다", "this value has no source");
        let todo = both!("'출처: 번호'를 적어 주세요", "add '출처: id'");
        cx.refuse(Code::NoSource, Span { start: map.span.start, end: map.span.start }, title, "", todo);
        return None;
    };
    if !sources.contains_key(&source) {
        let known: Vec<&str> = sources.keys().map(String::as_str).collect();
        let title = both!("'{source}'[은/는] 출처 목록에 없습니다", "'{source}' is not among the sources");
        cx.refuse(Code::UnknownSource, map.key_span("출처"), title, &source, authored::suggestion(&source, &known));
    }
    Some(source)
}

fn reference_values(cx: &mut Reader<'_>, node: &Yaml, is_table: bool, is_won: bool) -> BTreeMap<i64, Num> {
    let mut values = BTreeMap::new();
    if !is_table {
        values.extend(number(cx, node, is_won).map(|number| (0, number)));
        return values;
    }
    for (entry, unknown) in cx.each_pair(node) {
        let key = read_number(&entry.key).ok().filter(|read| !read.about).map(|read| read.value);
        let Some(key) = key else {
            bad_value(cx, entry.key_span, &entry.key, both!("1, 2처럼 적은 정수", "a whole number like 1 or 2"));
            continue;
        };
        if !unknown {
            values.extend(number(cx, &entry.value, is_won).map(|number| (key, number)));
        }
    }
    values
}

/// A whole amount or an exact decimal.
fn number(cx: &mut Reader<'_>, node: &Yaml, is_won: bool) -> Option<Num> {
    let text = cx.text(node)?;
    let whole = if is_won { read_won(&text) } else { read_number(&text) };
    if let Some(read) = whole.ok().filter(|read| !read.about) {
        return Some(Num::whole(read.value));
    }
    let decimal = text.split_once('.').and_then(|(whole, rest)| {
        let digits = format!("{whole}{rest}");
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty();
        let decimals = u8::try_from(rest.len()).ok()?;
        if plain { Num::new(digits.parse().ok()?, decimals) } else { None }
    });
    if decimal.is_none() {
        bad_value(cx, node.span, &text, both!("4억9900만원이나 0.85처럼 적은 값", "a value like 4억9900만원 or 0.85"));
    }
    decimal
}
