//! One node of the tree: everything its mapping says, and its children.

use std::collections::BTreeMap;

use iljari_base::Year;

use super::cx::{Cx, Map};
use super::figure::{BUDGET_KEYS, FUNDING_KEYS, Inherited};
use super::tree::{Draft, NODES_MAX, TreeContext};
use crate::log::words::Field;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Counting, CountingRule, DatedRule, Node, ROOT, Responsible, Standing, YearBudget};
use iljari_authored::Place;
use iljari_authored::both;
use iljari_authored::{Value, Yaml, is_hidden};

const NODE_KEYS: &[&str] = &[
    "번호",
    "이름",
    "단계",
    "상위",
    "하위",
    "설명",
    "부문",
    "담당부서",
    "협조부서",
    "사업기간",
    "구분",
    "대상",
    "사업내용",
    "법적근거",
    "관련지침",
    "세는 기준",
    "집계 방식",
    "목표",
    "사업비",
    "출처",
    "기준",
    "기준일",
    "정의",
    "비고",
];

/// Reads a node and, below it, its children; the drafts come in the order of the file.
pub(super) fn draft(
    cx: &mut Cx<'_>,
    item: &Yaml,
    outer: &Inherited,
    context: &TreeContext<'_>,
    parent: &str,
    drafts: &mut Vec<Draft>,
) {
    if drafts.len() >= NODES_MAX {
        if drafts.len() == NODES_MAX {
            let title = both!("구조에 적은 것이 {NODES_MAX}개를 넘습니다", "the tree has more than {NODES_MAX} nodes");
            let todo = both!("계획을 여러 파일로 나눠 주세요", "split the plan");
            cx.refuse(Code::TooLarge, item.span, title, "", todo);
        }
        return;
    }
    let Some(map) = cx.map(item, NODE_KEYS) else { return };
    let inner = outer.within(cx, &map);
    let id_node = cx.required(&map, "번호");
    let id = id_node.and_then(|node| node_id(cx, node));
    let id_span = id_node.map_or(map.span, |node| node.span);
    let name = cx.required_text(&map, "이름");
    let level = map.get("단계").and_then(|node| level(cx, node, context.levels));
    let flat_parent = map.get("상위").and_then(|node| Some((cx.text(node)?, cx.place(node.span))));
    let (parent, parent_place) = match flat_parent {
        Some((id, place)) => (id, Some(place)),
        None => (parent.to_owned(), None),
    };
    let budget = budget(cx, &map, &inner);
    let read = Node {
        id: id.clone().unwrap_or_default(),
        name: name.or_else(|| id.clone()).unwrap_or_default(),
        level: 0,
        parent,
        children_unknown: map.is_not_available("하위"),
        description: cx.text_of(&map, "설명"),
        // A word that is none of the list is said; the program is not blamed a second time.
        field: map.get("부문").map(|node| cx.word(node, Field::ALL, Field::as_str).unwrap_or(Field::Unknown)),
        responsible: map.get("담당부서").and_then(|node| responsible(cx, node)),
        helping: map.get("협조부서").map(|node| cx.texts(node)).unwrap_or_default(),
        period: map.get("사업기간").and_then(|node| cx.period(node)),
        standing: cx.word_of(&map, "구분", Standing::ALL, Standing::as_str),
        audience: map.get("대상").map(|node| cx.texts(node)).unwrap_or_default(),
        content: cx.text_of(&map, "사업내용"),
        laws: map.get("법적근거").map(|node| cx.texts(node)).unwrap_or_default(),
        guidelines: map.get("관련지침").map(|node| cx.texts(node)).unwrap_or_default(),
        rules: map.get("세는 기준").map(|node| rules(cx, node)).unwrap_or_default(),
        counting: map.get("집계 방식").map(|node| counting(cx, node)).unwrap_or_default(),
        targets: map.get("목표").map(|node| context.sets.node_targets(cx, node, &inner)).unwrap_or_default(),
        targets_unknown: map.is_not_available("목표"),
        budget,
        note: cx.text_of(&map, "비고"),
        place: cx.place(id_span),
    };
    let below = read.id.clone();
    if id.is_some() {
        let raw_id = cx.raw(id_span).trim().trim_matches(['"', '\'']).to_owned();
        let id_place = cx.place(id_span);
        drafts.push(Draft { node: read, level, parent_place, raw_id, id_place });
    }
    if let Some(children) = map.get("하위") {
        for child in cx.list(children) {
            draft(cx, child, &inner, context, &below, drafts);
        }
    }
}

/// An id that may enter a leaf: letters, digits, Hangul, hyphen, dot; at most 40 characters.
pub(crate) fn node_id(cx: &mut Cx<'_>, node: &Yaml) -> Option<String> {
    let text = cx.text(node)?;
    let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.');
    // An invisible character has been said already.
    if text.chars().any(is_hidden) {
        return None;
    }
    let odd = text.chars().find(|letter| !allowed(*letter));
    let long = text.chars().count() > 40;
    if text != ROOT && odd.is_none() && !long {
        return Some(text);
    }
    let place = cx.place(node.span);
    let title = if text == ROOT {
        both!("'{ROOT}'는 나무의 뿌리라 번호로 쓸 수 없습니다", "'{ROOT}' is the root and cannot be an id")
    } else if let Some(odd) = odd {
        both!("번호에 쓸 수 없는 글자 '{odd}'[이/가] 있습니다", "the id holds '{odd}', which is not allowed")
    } else {
        both!("번호가 40자를 넘습니다", "the id is longer than 40 characters")
    };
    let expected = both!(
        "한글, 영문자, 숫자, '-', '.'으로 된 40자 안의 번호",
        "at most 40 letters, digits, Hangul, hyphens, dots"
    );
    let todo = both!("빈칸 대신 '-'를 쓰거나 짧게 줄여 주세요", "use '-' for a space, or shorten it");
    cx.say(Problem::new(Code::BadId, &place, title).found_text(&text).expected(expected).todo(todo));
    None
}

fn level(cx: &mut Cx<'_>, node: &Yaml, levels: &[String]) -> Option<(usize, Place)> {
    let text = cx.text(node)?;
    let found = levels.iter().position(|level| *level == text);
    if found.is_none() {
        let words: Vec<&str> = levels.iter().map(String::as_str).collect();
        cx.unknown_word(node.span, &text, &words);
    }
    found.map(|level| (level, cx.place(node.span)))
}

fn responsible(cx: &mut Cx<'_>, node: &Yaml) -> Option<Responsible> {
    let place = cx.place(node.span);
    if let Value::Scalar { .. } = node.value {
        return Some(Responsible { department: cx.text(node)?, team: None, contact: None, place });
    }
    let map = cx.map(node, &["부서", "팀", "담당"])?;
    Some(Responsible {
        department: cx.required_text(&map, "부서")?,
        team: cx.text_of(&map, "팀"),
        contact: cx.text_of(&map, "담당"),
        place,
    })
}

fn rules(cx: &mut Cx<'_>, node: &Yaml) -> Vec<DatedRule> {
    let items: Vec<&Yaml> = match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    let mut rules: Vec<DatedRule> = items.into_iter().filter_map(|item| rule(cx, item)).collect();
    rules.sort_by_key(|rule| rule.since);
    rules
}

fn rule(cx: &mut Cx<'_>, node: &Yaml) -> Option<DatedRule> {
    if let Value::Scalar { .. } = node.value {
        let rule = cx.word(node, CountingRule::ALL, CountingRule::as_str)?;
        return Some(DatedRule { rule, minimum: None, since: None, description: None });
    }
    let map = cx.map(node, &["방법", "최소 참여", "시행", "설명"])?;
    Some(DatedRule {
        rule: cx.required(&map, "방법").and_then(|node| cx.word(node, CountingRule::ALL, CountingRule::as_str))?,
        minimum: cx.text_of(&map, "최소 참여"),
        since: cx.when_of(&map, "시행"),
        description: cx.text_of(&map, "설명"),
    })
}

fn counting(cx: &mut Cx<'_>, node: &Yaml) -> BTreeMap<Option<Year>, Counting> {
    let mut modes = BTreeMap::new();
    if let Value::Scalar { .. } = node.value {
        if let Some(mode) = cx.word(node, Counting::ALL, Counting::as_str) {
            modes.insert(None, mode);
        }
        return modes;
    }
    for (entry, _) in cx.each_pair(node) {
        let year = cx.year_key(&entry.key, entry.key_span);
        let mode = cx.word(&entry.value, Counting::ALL, Counting::as_str);
        if let (Some(year), Some(mode)) = (year, mode) {
            modes.insert(Some(year), mode);
        }
    }
    modes
}

fn budget(cx: &mut Cx<'_>, map: &Map<'_>, inner: &Inherited) -> BTreeMap<Year, YearBudget> {
    let mut years = BTreeMap::new();
    let Some(node) = map.get("사업비") else { return years };
    for (entry, not_available) in cx.each_pair(node) {
        let Some(year) = cx.year_key(&entry.key, entry.key_span) else { continue };
        if not_available {
            continue;
        }
        let planned = cx.funding(&entry.value, inner, BUDGET_KEYS);
        let spent = match &entry.value.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == "집행"),
            _ => None,
        };
        let spent = spent.map(|entry| cx.funding(&entry.value, inner, FUNDING_KEYS)).unwrap_or_default();
        years.insert(year, YearBudget { planned, spent });
    }
    years
}
