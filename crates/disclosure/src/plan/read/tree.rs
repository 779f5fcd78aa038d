//! The tree of a plan: nodes in nested or flat form, linked, levelled and put parents first.

use std::collections::{BTreeMap, BTreeSet};

use iljari_base::Year;

use super::cx::{Cx, Map, closest};
use super::figure::{BUDGET_KEYS, FUNDING_KEYS, Inherited};
use super::targets::Sets;
use crate::log::words::Field;
use crate::plan::codes::Code;
use crate::plan::model::{Counting, CountingRule, DatedRule, Node, ROOT, Responsible, Standing, YearBudget};
use crate::plan::place::{Place, Span};
use crate::plan::problem::{Both, Problem, both, quoted};
use crate::plan::yaml::{Value, Yaml, is_hidden};

/// Levels a tree may have, and how deep it may be.
pub(crate) const DEPTH_MAX: usize = 8;

/// More nodes than any district has; keeps a hostile file from costing minutes.
const NODES_MAX: usize = 5_000;

const NODE_KEYS: &[&str] = &[
    "번호", "이름", "단계", "상위", "하위", "설명", "부문", "담당부서", "협조부서", "사업기간", "구분", "대상", "사업내용",
    "법적근거", "관련지침", "세는 기준", "집계 방식", "목표", "사업비", "출처", "기준", "기준일", "정의", "비고",
];

/// A node as it stands in the file, before it is linked.
struct Draft {
    node: Node,
    /// The level the file names for it.
    level: Option<(usize, Place)>,
    /// Where the parent is named, for a flat list.
    parent_place: Option<Place>,
    /// The id's characters as written, to tell two Unicode forms of one id apart.
    raw_id: String,
    id_place: Place,
}

/// What reading a node needs besides the node.
pub(crate) struct TreeContext<'s> {
    pub(crate) levels: &'s [String],
    pub(crate) sets: &'s Sets<'s>,
}

/// Reads `구조`: every node once, parents before children.
pub(crate) fn tree(cx: &mut Cx<'_>, node: &Yaml, inner: &Inherited, context: &TreeContext<'_>) -> Vec<Node> {
    let mut drafts = Vec::new();
    for item in cx.list(node) {
        draft(cx, item, inner, context, ROOT, &mut drafts);
    }
    link(cx, drafts, context.levels)
}

fn draft(
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
    let expected = both!("한글, 영문자, 숫자, '-', '.'으로 된 40자 안의 번호", "at most 40 letters, digits, Hangul, hyphens, dots");
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

/// Gives every node its parent and level. What cannot be linked is said and hung on the root.
fn link(cx: &mut Cx<'_>, drafts: Vec<Draft>, levels: &[String]) -> Vec<Node> {
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        match by_id.get(&draft.node.id).and_then(|first| kept.get(*first)) {
            None => {
                by_id.insert(draft.node.id.clone(), kept.len());
                kept.push(draft);
            }
            Some(first) => twice(cx, first, &draft),
        }
    }
    for draft in &mut kept {
        if draft.node.parent != ROOT && !by_id.contains_key(&draft.node.parent) {
            let place = draft.parent_place.clone().unwrap_or_else(|| draft.id_place.clone());
            let words: Vec<&str> = by_id.keys().map(String::as_str).collect();
            cx.say(dangling(&place, &draft.node.parent, &words));
            ROOT.clone_into(&mut draft.node.parent);
        }
    }
    break_cycles(cx, &mut kept, &by_id);
    let order = parents_first(&kept);
    let mut levelled: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut too_deep = false;
    let mut slots: Vec<Option<Draft>> = kept.into_iter().map(Some).collect();
    let mut nodes = Vec::new();
    for at in order {
        let Some(mut draft) = slots.get_mut(at).and_then(Option::take) else { continue };
        let above = levelled.get(&draft.node.parent).copied();
        let depth = above.map_or(1, |(_, depth)| depth + 1);
        if depth > DEPTH_MAX && !too_deep {
            too_deep = true;
            let name = &draft.node.id;
            let title = both!("'{name}'까지 {depth}단계입니다", "'{name}' lies {depth} levels deep");
            let todo = both!("나무는 {DEPTH_MAX}단계까지입니다", "a tree has at most {DEPTH_MAX} levels");
            cx.say(Problem::new(Code::TooDeep, &draft.id_place, title).todo(todo));
        }
        let next = above.map_or(0, |(level, _)| level + 1);
        draft.node.level = match &draft.level {
            Some((level, place)) if *level < next => {
                level_below(cx, place, &draft.node, *level, next, levels);
                *level
            }
            Some((level, _)) => *level,
            None => {
                if next >= levels.len() && !levels.is_empty() && depth <= DEPTH_MAX {
                    level_below(cx, &draft.id_place, &draft.node, next, next, levels);
                }
                next
            }
        };
        levelled.insert(draft.node.id.clone(), (draft.node.level, depth));
        nodes.push(draft.node);
    }
    nodes
}

fn twice(cx: &mut Cx<'_>, first: &Draft, second: &Draft) {
    let line = first.id_place.span.start.line;
    let id = &second.node.id;
    let other_form = first.raw_id != second.raw_id;
    let (code, title) = if other_form {
        (
            Code::DuplicateIdForm,
            both!("'{id}'[은/는] {line}번째 줄의 번호와 유니코드 꼴만 다릅니다", "'{id}' differs from the id in line {line} in Unicode form only"),
        )
    } else {
        (Code::DuplicateId, both!("번호 '{id}'[을/를] 두 번 썼습니다", "the id '{id}' is used twice"))
    };
    let names = if first.node.name == second.node.name {
        both!("{line}번째 줄에 같은 것이 있습니다. 한 곳에만 두세요", "the same stands in line {line}; keep it in one place")
    } else {
        both!("{line}번째 줄과 다른 번호를 붙여 주세요", "give it another id than the one in line {line}")
    };
    cx.say(Problem::new(code, &second.id_place, title).found_text(id).todo(names));
}

fn level_below(cx: &mut Cx<'_>, place: &Place, node: &Node, level: usize, next: usize, levels: &[String]) {
    let name = levels.get(level).map_or("?", String::as_str);
    let (id, parent) = (&node.id, &node.parent);
    let it = quoted(id, "은/는");
    let (title, todo) = if level < next {
        (
            both!("{it} 상위 '{parent}'보다 아래 단계여야 합니다", "'{id}' must lie below its parent '{parent}'"),
            both!("'{name}'보다 아래 단계를 적거나 상위를 고쳐 주세요", "name a level below '{name}', or mend the parent"),
        )
    } else {
        (
            both!("{it} 단계 이름이 모자랄 만큼 깊습니다", "'{id}' lies deeper than the levels that are named"),
            both!("'단계'에 이름을 더하거나 자리를 옮겨 주세요", "add a name to '단계', or move the node"),
        )
    };
    let list = levels.join(" → ");
    cx.say(Problem::new(Code::LevelOrder, place, title).expected(Both::same(list)).todo(todo));
}

/// A reference to something that is not there, with the most likely one meant.
pub(crate) fn dangling(place: &Place, id: &str, words: &[&str]) -> Problem {
    let it = quoted(id, "이/가");
    let title = both!("{it} 가리키는 것이 없습니다", "'{id}' refers to nothing");
    let todo = match closest(id, words) {
        Some(word) => both!("'{word}'인가요?", "did you mean '{word}'?"),
        None => both!("번호를 고치거나, 빠진 것을 적어 주세요", "mend the id, or add what is missing"),
    };
    Problem::new(Code::DanglingId, place, title).found_text(id).todo(todo)
}

fn break_cycles(cx: &mut Cx<'_>, drafts: &mut [Draft], by_id: &BTreeMap<String, usize>) {
    let mut sound: BTreeSet<usize> = BTreeSet::new();
    for start in 0..drafts.len() {
        let mut path: Vec<usize> = Vec::new();
        let mut at = Some(start);
        while let Some(here) = at {
            if sound.contains(&here) {
                break;
            }
            if let Some(from) = path.iter().position(|step| *step == here) {
                let ids: Vec<&str> =
                    path[from..].iter().chain([&here]).map(|step| drafts[*step].node.id.as_str()).collect();
                let circle = ids.join(" → ");
                let place = drafts[here].parent_place.clone().unwrap_or_else(|| drafts[here].id_place.clone());
                let title = both!("상위가 돌고 돕니다", "the parents go round in a circle");
                let todo = both!("이 가운데 하나의 '상위'를 고쳐 주세요", "mend the '상위' of one of them");
                cx.say(Problem::new(Code::Cycle, &place, title).found(Both::same(circle)).todo(todo));
                ROOT.clone_into(&mut drafts[here].node.parent);
                break;
            }
            path.push(here);
            at = by_id.get(&drafts[here].node.parent).copied();
        }
        sound.extend(path);
    }
}

/// Indexes in an order that puts every parent before its children and keeps the file's order else.
fn parents_first(drafts: &[Draft]) -> Vec<usize> {
    let mut below: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        below.entry(&draft.node.parent).or_default().push(at);
    }
    let mut order = Vec::with_capacity(drafts.len());
    let mut waiting: Vec<usize> = below.get(ROOT).cloned().unwrap_or_default();
    waiting.reverse();
    while let Some(at) = waiting.pop() {
        order.push(at);
        if let Some(children) = below.get(drafts[at].node.id.as_str()) {
            waiting.extend(children.iter().rev());
        }
    }
    order
}

/// A span that is only a point, for messages about a mapping as a whole.
pub(crate) fn head_of(span: Span) -> Span {
    Span { start: span.start, end: span.start }
}
