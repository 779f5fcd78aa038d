//! The tree of a plan: nodes in nested or flat form, linked, levelled and put parents first.

use std::collections::{BTreeMap, BTreeSet};

use super::cx::{Cx, closest};
use super::figure::Inherited;
use super::node::draft;
use super::targets::Sets;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Node, ROOT};
use iljari_authored::Yaml;
use iljari_authored::{Both, both, quoted};
use iljari_authored::{Place, Span};

/// Levels a tree may have, and how deep it may be.
pub(crate) const DEPTH_MAX: usize = 8;

/// More nodes than any district has; keeps a hostile file from costing minutes.
pub(super) const NODES_MAX: usize = 5_000;

/// A node as it stands in the file, before it is linked.
pub(super) struct Draft {
    pub(super) node: Node,
    /// The level the file names for it.
    pub(super) level: Option<(usize, Place)>,
    /// Where the parent is named, for a flat list.
    pub(super) parent_place: Option<Place>,
    /// The id's characters as written, to tell two Unicode forms of one id apart.
    pub(super) raw_id: String,
    pub(super) id_place: Place,
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
            both!(
                "'{id}'[은/는] {line}번째 줄의 번호와 유니코드 꼴만 다릅니다",
                "'{id}' differs from the id in line {line} in Unicode form only"
            ),
        )
    } else {
        (Code::DuplicateId, both!("번호 '{id}'[을/를] 두 번 썼습니다", "the id '{id}' is used twice"))
    };
    let names = if first.node.name == second.node.name {
        both!(
            "{line}번째 줄에 같은 것이 있습니다. 한 곳에만 두세요",
            "the same stands in line {line}; keep it in one place"
        )
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
            both!(
                "'{name}'보다 아래 단계를 적거나 상위를 고쳐 주세요",
                "name a level below '{name}', or mend the parent"
            ),
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
