//! Test cases of a rule file (시험): facts that an officer wrote down with their right outcome.
//!
//! Owns: reading `시험`. Does not own: whether they come out so (`check`). What a newcomer gets wrong:
//! taking `자료 없음` for no. It is a fact that is not known.

use iljari_authored::{Both, Span, Yaml, both, closest, quoted};

use super::{Reader, bad_value, date, whole};
use crate::codes::Code;
use crate::model::{Case, Clause, Fact, Outcome};
use crate::value::Value;

pub(super) fn cases(cx: &mut Reader<'_>, facts: &[Fact], clauses: &[Clause], node: &Yaml) -> Vec<Case> {
    let mut all = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["이름", "기준일", "사실", "결과", "걸리는 조항", "점수", "비고"])
        else {
            continue;
        };
        let name = cx.required_text(&map, "이름");
        let as_of = cx.required_text(&map, "기준일").and_then(|text| date(cx, &text, map.key_span("기준일")));
        let known = cx.required(&map, "사실").map(|node| case_facts(cx, facts, node));
        let outcomes = [Outcome::Eligible, Outcome::Conditional, Outcome::NotEligible];
        let expected = cx.required(&map, "결과").and_then(|node| cx.word(node, &outcomes, Outcome::korean));
        let failing = map.get("걸리는 조항").map(|node| cx.texts(node));
        for id in failing.iter().flatten() {
            if !clauses.iter().any(|clause| clause.id == *id) {
                let ids: Vec<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
                let title = both!("'{id}'[이라는/라는] 조항이 없습니다", "there is no clause '{id}'");
                let todo = match closest(id, &ids) {
                    Some(near) => both!("'{near}'인가요?", "did you mean '{near}'?"),
                    None => both!("조항의 번호를 봐 주세요", "look at the ids of the clauses"),
                };
                cx.refuse(Code::UnknownName, map.key_span("걸리는 조항"), title, id, todo);
            }
        }
        let points = map.get("점수").and_then(|node| whole(cx, node));
        let place = cx.place(Span { start: map.span.start, end: map.span.start });
        if let (Some(name), Some(as_of), Some(known), Some(expected)) = (name, as_of, known, expected) {
            all.push(Case { name, facts: known, as_of, expected, failing, points, place });
        }
    }
    all
}

fn case_facts(cx: &mut Reader<'_>, facts: &[Fact], node: &Yaml) -> Vec<Option<Value>> {
    let mut known = vec![None; facts.len()];
    for (entry, unknown) in cx.each_pair(node) {
        let Some(place) = facts.iter().position(|fact| fact.name == entry.key) else {
            let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
            cx.unknown_word(entry.key_span, &entry.key, &names);
            continue;
        };
        // '자료 없음' in a case is a fact that is not known.
        if unknown {
            continue;
        }
        let Some(text) = cx.texts(&entry.value).into_iter().reduce(|one, other| format!("{one}, {other}")) else {
            continue;
        };
        match facts.get(place).map(|fact| fact.kind.read(&text)) {
            Some(Ok(value)) => {
                if let Some(slot) = known.get_mut(place) {
                    *slot = Some(value);
                }
            }
            Some(Err(expected)) => {
                let key = quoted(&entry.key, "은/는");
                let en = format!("a value of the kind of '{}'", entry.key);
                bad_value(cx, entry.value.span, &text, Both { ko: format!("{key} {expected}"), en });
            }
            None => {}
        }
    }
    known
}
