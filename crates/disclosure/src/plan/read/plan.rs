//! Files of kind 종합계획 and 연차계획.

use iljari_base::Year;

use super::cx::{Cx, Map};
use super::extras;
use super::figure::Inherited;
use super::head::HEAD_KEYS;
use super::node::node_id;
use super::targets::{Before, Sets, indicators, target_sets};
use super::tree::{DEPTH_MAX, TreeContext, head_of, tree};
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Counting, Plan, PlanKind};
use iljari_authored::Yaml;
use iljari_authored::both;

const PLAN_KEYS: &[&str] = &[
    "이름표",
    "제목",
    "기간",
    "연도",
    "종합계획",
    "공시일",
    "임기",
    "비전",
    "비고",
    "금액 단위",
    "집계 방식",
    "단계",
    "구성",
    "사업비 총액",
    "지표",
    "목표 묶음",
    "구조",
    "총괄표",
    "장",
    "개발사업",
    "통계",
];

/// Reads a plan. `before` are the indicators and target sets of plans read earlier. `None` when it
/// says neither its label nor its years, so that nothing could refer to it.
pub(crate) fn plan(cx: &mut Cx<'_>, root: &Yaml, kind: PlanKind, before: &Before, sha256: &str) -> Option<Plan> {
    let keys: Vec<&str> = HEAD_KEYS.iter().chain(PLAN_KEYS).copied().collect();
    let map = cx.map(root, &keys)?;
    let mut inner = Inherited::default().within(cx, &map);
    inner.won_unit = cx.won_unit(&map);
    let ref_label = cx.required(&map, "이름표").and_then(|node| node_id(cx, node));
    let title = cx.required_text(&map, "제목");
    let years = years(cx, &map, kind);
    let levels = levels(cx, &map);
    let default_counting = cx.word_of(&map, "집계 방식", Counting::ALL, Counting::as_str);
    let indicators = indicators(cx, &map);
    // A plan whose years cannot be read is still checked; the years are a problem of their own.
    let (first_year, last_year) = years.unwrap_or((Year(1900), Year(2200)));
    let target_sets = target_sets(cx, &map, &inner, (first_year, last_year), &indicators, before);
    let sets = Sets { own: &target_sets, before: &before.sets };
    let context = TreeContext { levels: &levels, sets: &sets };
    let nodes = map.get("구조").map(|node| tree(cx, node, &inner, &context)).unwrap_or_default();
    let sum_tables = extras::sum_tables(cx, &map, &inner, &sets);
    let chapters = extras::chapters(cx, &map);
    let developments = extras::developments(cx, &map, &inner);
    let statistics = extras::statistics(cx, &map, &inner);
    let declared_counts = extras::declared_counts(cx, &map, &inner);
    let declared_budget = extras::declared_budget(cx, &map, &inner);
    years?;
    let ref_label = ref_label?;
    Some(Plan {
        kind,
        title: title.unwrap_or_else(|| ref_label.clone()),
        ref_label,
        first_year,
        last_year,
        term_plan: cx.text_of(&map, "종합계획"),
        disclosed: cx.when_of(&map, "공시일"),
        office_term: cx.text_of(&map, "임기"),
        vision: cx.text_of(&map, "비전"),
        note: cx.text_of(&map, "비고"),
        levels,
        declared_counts,
        declared_budget,
        has_tree: map.get("구조").is_some(),
        nodes,
        indicators,
        target_sets,
        chapters,
        developments,
        statistics,
        sum_tables,
        default_counting,
        file_name: cx.file.to_string(),
        bytes_sha256: sha256.to_owned(),
        place: cx.place(head_of(root.span)),
    })
}

fn years(cx: &mut Cx<'_>, map: &Map<'_>, kind: PlanKind) -> Option<(Year, Year)> {
    match kind {
        PlanKind::Term => {
            let node = cx.required(map, "기간")?;
            let period = cx.period(node)?;
            Some((period.first().year(), period.last().year()))
        }
        PlanKind::Yearly => {
            let node = cx.required(map, "연도")?;
            let text = cx.text(node)?;
            let year = cx.year_text(&text, node.span)?;
            Some((year, year))
        }
    }
}

fn levels(cx: &mut Cx<'_>, map: &Map<'_>) -> Vec<String> {
    let Some(node) = map.get("단계") else {
        if map.get("구조").is_some() {
            let _ = cx.required(map, "단계");
        }
        return Vec::new();
    };
    let levels = cx.texts(node);
    let count = levels.len();
    if count > DEPTH_MAX {
        let title = both!("단계가 {count}개입니다", "there are {count} levels");
        let todo = both!("나무는 {DEPTH_MAX}단계까지입니다", "a tree has at most {DEPTH_MAX} levels");
        cx.refuse(Code::TooDeep, node.span, title, &levels.join(", "), todo);
    }
    for (at, level) in levels.iter().enumerate() {
        if levels[..at].contains(level) {
            let place = cx.place(node.span);
            let title = both!("단계 '{level}'[을/를] 두 번 적었습니다", "the level '{level}' stands here twice");
            let todo = both!("단계마다 다른 이름을 적어 주세요", "give every level its own name");
            cx.say(Problem::new(Code::DuplicateId, &place, title).found_text(level).todo(todo));
        }
    }
    levels
}
