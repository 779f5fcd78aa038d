//! Files of kind 구 and 출처: the district, its departments, terms and sources.

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, korean};

use super::cx::{Cx, Map};
use super::figure::Inherited;
use super::head::HEAD_KEYS;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Department, District, OfficeTerm, Source, SourceKind};
use iljari_authored::{Value, Yaml};
use iljari_authored::{both, quoted};

const DISTRICT_KEYS: &[&str] =
    &["코드", "이름", "영문", "시도", "동", "동 자리", "예시", "부서", "임기", "출처 목록", "통계", "개발사업", "비고"];

/// Reads the district's own file. `None` when its code or name cannot be read.
pub(crate) fn district(cx: &mut Cx<'_>, root: &Yaml) -> Option<District> {
    let keys: Vec<&str> = HEAD_KEYS.iter().chain(DISTRICT_KEYS).copied().collect();
    let map = cx.map(root, &keys)?;
    let inner = Inherited::default().within(cx, &map);
    let code = cx.required(&map, "코드").and_then(|node| district_code(cx, node));
    let name = cx.required_text(&map, "이름");
    let english = cx.text_of(&map, "영문");
    let province = cx.text_of(&map, "시도");
    let is_sample = cx.yes(&map, "예시");
    let dongs = map.get("동").map(|node| cx.texts(node)).unwrap_or_default();
    let dong_places = super::places::dong_places(cx, &map, &dongs);
    let departments: Vec<Department> = map
        .get("부서")
        .map(|node| cx.list(node).iter().filter_map(|item| department(cx, item)).collect())
        .unwrap_or_default();
    let terms = map
        .get("임기")
        .map(|node| cx.list(node).iter().filter_map(|item| office_term(cx, item)).collect())
        .unwrap_or_default();
    let sources = sources(cx, &map);
    let statistics = super::extras::statistics(cx, &map, &inner);
    let developments = super::extras::developments(cx, &map, &inner);
    let departments_known = map.get("부서").is_some();
    repeated_names(cx, &departments);
    Some(District {
        code: code?,
        name: name?,
        english,
        province,
        is_sample,
        dongs,
        dong_places,
        departments,
        departments_known,
        terms,
        sources,
        plans: Vec::new(),
        results: Vec::new(),
        dong_tables: Vec::new(),
        statistics,
        developments,
        place: cx.place(root.span),
    })
}

/// A district's five digits.
pub(crate) fn district_code(cx: &mut Cx<'_>, node: &Yaml) -> Option<DistrictCode> {
    let text = cx.text(node)?;
    match text.parse() {
        Ok(code) => Some(code),
        Err(_) => {
            let it = quoted(&text, "은/는");
            let title = both!("{it} 자치구 코드가 아닙니다", "'{text}' is no district code");
            let todo = both!(
                "행정표준코드 앞 다섯 자리를 적어 주세요(광진구는 11215)",
                "write the first five digits of the administrative code (11215 for Gwangjin)"
            );
            cx.refuse(Code::UnknownWord, node.span, title, &text, todo);
            None
        }
    }
}

fn department(cx: &mut Cx<'_>, node: &Yaml) -> Option<Department> {
    let place = cx.place(node.span);
    if let Value::Scalar { .. } = node.value {
        let name = cx.text(node)?;
        return Some(Department { name, teams: Vec::new(), telephone: None, former_names: Vec::new(), place });
    }
    let map = cx.map(node, &["이름", "팀", "전화", "옛 이름"])?;
    Some(Department {
        name: cx.required_text(&map, "이름")?,
        teams: map.get("팀").map(|node| cx.texts(node)).unwrap_or_default(),
        telephone: cx.text_of(&map, "전화"),
        former_names: map.get("옛 이름").map(|node| cx.texts(node)).unwrap_or_default(),
        place,
    })
}

fn repeated_names(cx: &mut Cx<'_>, departments: &[Department]) {
    for (at, department) in departments.iter().enumerate() {
        if let Some(first) = departments[..at].iter().find(|other| other.name == department.name) {
            let line = first.place.span.start.line;
            let name = &department.name;
            let title = both!("부서 '{name}'[을/를] 두 번 적었습니다", "the department '{name}' stands here twice");
            let todo = both!(
                "{line}번째 줄에 이미 있습니다. 하나만 남겨 주세요",
                "it already stands in line {line}; keep one"
            );
            cx.say(Problem::new(Code::DuplicateId, &department.place, title).found_text(name).todo(todo));
        }
    }
}

fn office_term(cx: &mut Cx<'_>, node: &Yaml) -> Option<OfficeTerm> {
    let map = cx.map(node, &["이름", "처음", "끝"])?;
    let name = cx.required_text(&map, "이름");
    let first = cx.required(&map, "처음").and_then(|node| cx.when(node));
    let last = cx.required(&map, "끝").and_then(|node| cx.when(node));
    let period = cx.checked_period(first?, last?, node.span, "")?;
    Some(OfficeTerm { name: name?, period, place: cx.place(node.span) })
}

/// The list of sources of a file, by id.
pub(crate) fn sources(cx: &mut Cx<'_>, map: &Map<'_>) -> BTreeMap<String, Source> {
    let mut sources = BTreeMap::new();
    let Some(node) = map.get("출처 목록") else { return sources };
    for (entry, _) in cx.each_pair(node) {
        let Some(id) = korean::canonical_name(&entry.key) else { continue };
        let place = cx.place(entry.key_span);
        let Some(map) = cx.map(&entry.value, &["제목", "종류", "낸 곳", "날짜", "주소", "비고"]) else {
            continue;
        };
        let title = cx.required_text(&map, "제목");
        let kind = cx.required(&map, "종류").and_then(|node| cx.word(node, SourceKind::ALL, SourceKind::as_str));
        let publisher = cx.text_of(&map, "낸 곳");
        let date = cx.when_of(&map, "날짜");
        let address = cx.text_of(&map, "주소");
        let note = cx.text_of(&map, "비고");
        // A source that says too little is still a source: the missing key was said, the figures that
        // cite it need not be blamed for it.
        sources.insert(
            id.clone(),
            Source {
                title: title.unwrap_or_else(|| id.clone()),
                kind: kind.unwrap_or(SourceKind::Internal),
                id,
                publisher,
                date,
                address,
                note,
                place,
            },
        );
    }
    sources
}

/// A file of kind 출처.
pub(crate) fn source_file(cx: &mut Cx<'_>, root: &Yaml) -> BTreeMap<String, Source> {
    let keys: Vec<&str> = HEAD_KEYS.iter().copied().chain(["출처 목록", "비고"]).collect();
    match cx.map(root, &keys) {
        Some(map) => {
            let _ = cx.required(&map, "출처 목록");
            sources(cx, &map)
        }
        None => BTreeMap::new(),
    }
}
