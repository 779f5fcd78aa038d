//! From a rule file to a set of rules (규칙 파일 읽기): every problem of the file in one pass.
//!
//! Owns: the keys of `일자리-규칙/1` (docs/reference/rules-format.md). Does not own: what compares
//! two places of the file (`check`). What a newcomer gets wrong: the order. Facts and reference
//! values are read first, because conditions, tables and cases name them.

mod cases;
mod conditions;
mod references;

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_authored::{self as authored, Both, Cx, Map, Place, Span, Yaml, both};
use iljari_base::Date;
use iljari_base::korean::{canonical_name, read_number};

use self::cases::cases;
use self::conditions::{condition, row_tests, subject};
use self::references::references;
use crate::codes::Code;
use crate::compile::{AS_OF, Names};
use crate::frozen::kept;
use crate::model::{Clause, Fact, Limit, LimitKind, RuleSet, ScoreItem, ScoreRow, Tie};
use crate::value::Kind;
use crate::{Problem, Problems};

/// The one format this crate reads.
pub(crate) const FORMAT: &str = "일자리-규칙/1";

const PAGE: &str = "docs/reference/rules-format.md";

type Reader<'a> = Cx<'a, Code>;

/// Reads one file. `None` where not even its head can be read.
pub(crate) fn read(name: &Arc<str>, bytes: &[u8], problems: &mut Problems) -> (Option<RuleSet>, String) {
    let text = authored::decode(name, bytes, problems).unwrap_or_default();
    if text.is_empty() {
        return (None, text);
    }
    let Some(root) = authored::parse(name, &text, problems) else { return (None, text) };
    let mut cx = Cx { file: Arc::clone(name), text: &text, problems, format_page: PAGE };
    let rules = rule_set(&mut cx, &root);
    (rules, text)
}

const KEYS: &[&str] = &[
    "형식",
    "번호",
    "이름",
    "판",
    "구",
    "유효",
    "예시",
    "출처",
    "사실",
    "기준값",
    "자격",
    "제외",
    "배점",
    "배점 예시",
    "만점",
    "동점",
    "제한",
    "시험",
    "비고",
];

fn rule_set(cx: &mut Reader<'_>, root: &Yaml) -> Option<RuleSet> {
    let map = cx.map(root, KEYS)?;
    let format = cx.required_text(&map, "형식")?;
    if format != FORMAT {
        let title = both!("'{format}'[은/는] 모르는 형식입니다", "'{format}' is not a format known here");
        let todo = both!("'형식: {FORMAT}'[으로/로] 적어 주세요", "write '형식: {FORMAT}'");
        cx.refuse(Code::UnknownFormat, map.key_span("형식"), title, &format, todo);
        return None;
    }
    let id = cx.required_text(&map, "번호");
    let name = cx.required_text(&map, "이름");
    let edition = cx.required_text(&map, "판");
    let validity = cx.required(&map, "유효").and_then(|node| days(cx, node)).and_then(|(from, upto)| {
        if from.is_none() {
            let title = both!("유효 기간의 첫날이 없습니다", "the validity has no first day");
            let todo = both!("2026-01-09 ~ 처럼 첫날을 적어 주세요", "write its first day, like 2026-01-09 ~");
            cx.refuse(Code::BadDate, map.key_span("유효"), title, "~", todo);
        }
        from.map(|from| (from, upto))
    });
    let sources = cx.required(&map, "출처").map(|node| sources(cx, node)).unwrap_or_default();
    let facts = cx.required(&map, "사실").map(|node| facts(cx, node)).unwrap_or_default();
    let references = map.get("기준값").map(|node| references(cx, node, &sources, &facts)).unwrap_or_default();
    let names = Names { facts: &facts, references: &references };
    let mut clauses = Vec::new();
    for (key, is_exclusion) in [("자격", false), ("제외", true)] {
        if let Some(node) = map.get(key) {
            clauses.extend(self::clauses(cx, names, node, is_exclusion));
        }
    }
    let scores = map.get("배점").map(|node| scores(cx, names, node)).unwrap_or_default();
    let ties = map.get("동점").map(|node| ties(cx, names, node)).unwrap_or_default();
    let limits = map.get("제한").map(|node| limits(cx, node)).unwrap_or_default();
    let cases = map.get("시험").map(|node| cases(cx, &facts, &clauses, node)).unwrap_or_default();
    points_total(cx, &map, &scores);
    let (from, upto) = validity?;
    Some(RuleSet {
        id: id?,
        name: name?,
        edition: edition?,
        district: cx.text_of(&map, "구"),
        from,
        upto,
        is_sample: cx.yes(&map, "예시"),
        sources,
        facts,
        references,
        clauses,
        scores,
        scores_are_sample: cx.yes(&map, "배점 예시"),
        ties,
        limits,
        cases,
        note: cx.text_of(&map, "비고").unwrap_or_default(),
        text: kept(cx.text),
        place: Place::start_of(&cx.file),
    })
}

fn points_total(cx: &mut Reader<'_>, map: &Map<'_>, scores: &[ScoreItem]) {
    let Some(stated) = map.get("만점").and_then(|node| whole(cx, node)) else { return };
    let best = |item: &ScoreItem| item.rows.iter().map(|row| row.points).max().unwrap_or(0).max(0);
    let sum: i64 = scores.iter().map(best).sum();
    if sum != stated {
        let title = both!("항목마다 가장 높은 점수를 더하면 {sum}점입니다", "the best rows add up to {sum} points");
        let todo = both!("만점({stated})이나 배점을 고쳐 주세요", "mend the total ({stated}) or the rows");
        cx.refuse(Code::PointsTotal, map.key_span("만점"), title, &stated.to_string(), todo);
    }
}

/// `2026-01-01 ~ 2026-06-30`, `2026-01-01 ~`, `~ 2025-12-31`: the first and the last day, each where there is one.
fn days(cx: &mut Reader<'_>, node: &Yaml) -> Option<(Option<Date>, Option<Date>)> {
    let text = cx.text(node)?;
    let (first, last) = text.split_once(['~', '∼', '〜']).unwrap_or((&text, &text));
    let from = if first.trim().is_empty() { None } else { Some(date(cx, first, node.span)?) };
    let upto = if last.trim().is_empty() { None } else { Some(date(cx, last, node.span)?) };
    if from.zip(upto).is_some_and(|(from, upto)| upto < from) {
        let title = both!("유효 기간의 끝이 처음보다 앞섭니다", "the validity ends before it begins");
        let todo = both!("두 날의 차례를 봐 주세요", "look at the order of the two days");
        cx.refuse(Code::ValidityReversed, node.span, title, &text, todo);
        return None;
    }
    Some((from, upto))
}

fn date(cx: &mut Reader<'_>, text: &str, span: Span) -> Option<Date> {
    let read = text.trim().parse::<Date>().ok();
    if read.is_none() {
        let title = both!("'{text}'[을/를] 날짜로 읽을 수 없습니다", "'{text}' cannot be read as a date");
        let todo = both!("달력에 있는 날을 2026-01-09처럼 적어 주세요", "write a day of the calendar like 2026-01-09");
        cx.refuse(Code::BadDate, span, title, text, todo);
    }
    read
}

fn sources(cx: &mut Reader<'_>, node: &Yaml) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["번호", "이름", "주소", "날짜", "비고"]) else { continue };
        let (id, name) = (cx.required_text(&map, "번호"), cx.required_text(&map, "이름"));
        let (Some(id), Some(name)) = (id, name) else { continue };
        if all.insert(id.clone(), name).is_some() {
            twice(cx, map.key_span("번호"), &id);
        }
    }
    all
}

fn twice(cx: &mut Reader<'_>, span: Span, name: &str) {
    let title = both!("'{name}'[이/가] 두 번 있습니다", "'{name}' stands here twice");
    let todo = both!("하나의 이름을 바꾸거나 지워 주세요", "rename or delete one");
    cx.refuse(Code::DuplicateName, span, title, name, todo);
}

/// A name that conditions can use: letters, digits and underscores, a letter first.
fn usable_name(cx: &mut Reader<'_>, map: &Map<'_>, key: &str) -> Option<String> {
    let name = cx.required_text(map, key)?;
    let first = name.chars().next().is_some_and(char::is_alphabetic);
    let letters = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let taken =
        matches!(name.as_str(), "and" | "or" | "not" | "in" | "between" | "true" | "false" | "date") || name == AS_OF;
    if !first || !letters || taken || canonical_name(&name).is_none() {
        let title = both!("'{name}'[은/는] 조건에 쓸 수 없는 이름입니다", "'{name}' cannot be used in a condition");
        let todo =
            both!("빈칸과 기호 없이 글자로 시작하게 적어 주세요", "begin with a letter, without spaces and signs");
        cx.refuse(Code::BadName, map.key_span(key), title, &name, todo);
        return None;
    }
    Some(name)
}

fn facts(cx: &mut Reader<'_>, node: &Yaml) -> Vec<Fact> {
    let mut all: Vec<Fact> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["이름", "종류", "단위", "말", "물음", "서류", "며칠 안", "공고", "비고"])
        else {
            continue;
        };
        let name = usable_name(cx, &map, "이름");
        let words = map.get("말").map(|node| cx.texts(node)).unwrap_or_default();
        let kind = cx.required(&map, "종류").and_then(|node| {
            let kinds = ["수", "원", "날짜", "예아니오", "하나", "여럿"];
            let word = cx.text(node)?;
            match word.as_str() {
                "수" => Some(Kind::Number),
                "원" => Some(Kind::Won),
                "날짜" => Some(Kind::Date),
                "예아니오" => Some(Kind::Yes),
                "하나" => Some(Kind::One(words.clone())),
                "여럿" => Some(Kind::Any(words.clone())),
                _ => {
                    cx.unknown_word(node.span, &word, &kinds);
                    None
                }
            }
        });
        if matches!(&kind, Some(Kind::One(words) | Kind::Any(words)) if words.is_empty()) {
            cx.required(&map, "말");
        }
        let place = cx.place(Span { start: map.span.start, end: map.span.start });
        let (Some(name), Some(kind)) = (name, kind) else { continue };
        if all.iter().any(|fact| fact.name == name) {
            twice(cx, map.key_span("이름"), &name);
            continue;
        }
        let unit = match kind {
            Kind::Won => "원".to_owned(),
            _ => cx.text_of(&map, "단위").unwrap_or_default(),
        };
        let question = cx.text_of(&map, "물음").unwrap_or_else(|| name.clone());
        let document = cx.text_of(&map, "서류").unwrap_or_default();
        let fresh_days = map.get("며칠 안").and_then(|node| whole(cx, node));
        all.push(Fact { name, kind, unit, question, document, fresh_days, from_call: cx.yes(&map, "공고"), place });
    }
    all
}

fn whole(cx: &mut Reader<'_>, node: &Yaml) -> Option<i64> {
    let text = cx.text(node)?;
    let read = match text.strip_prefix('-') {
        Some(rest) => read_number(rest).ok().map(|read| -read.value),
        None => read_number(&text).ok().filter(|read| !read.about).map(|read| read.value),
    };
    if read.is_none() {
        bad_value(cx, node.span, &text, both!("10이나 -5처럼 적은 정수", "a whole number like 10 or -5"));
    }
    read
}

fn bad_value(cx: &mut Reader<'_>, span: Span, text: &str, expected: Both) {
    let place = cx.place(span);
    let title = both!("'{text}'[을/를] 읽을 수 없습니다", "'{text}' cannot be read");
    cx.say(Problem::new(Code::BadValue, &place, title).found_text(text).expected(expected));
}

fn clauses(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml, is_exclusion: bool) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["번호", "이름", "근거", "조건", "유효", "안내", "비고"]) else {
            continue;
        };
        let id = cx.required_text(&map, "번호");
        let name = cx.required_text(&map, "이름");
        let (from, upto) = map.get("유효").and_then(|node| days(cx, node)).unwrap_or_default();
        let basis = cx.text_of(&map, "근거").unwrap_or_default();
        let advice = cx.text_of(&map, "안내").unwrap_or_default();
        let condition = cx.required(&map, "조건").and_then(|node| {
            let text = cx.text(node)?;
            condition(cx, names, &text, node.span).map(|term| (text, term))
        });
        let place = cx.place(Span { start: map.span.start, end: map.span.start });
        let (Some(id), Some(name)) = (id, name) else { continue };
        if all.iter().any(|clause| clause.id == id) {
            twice(cx, map.key_span("번호"), &id);
        }
        let Some((text, condition)) = condition else { continue };
        all.push(Clause { id, name, basis, is_exclusion, text, condition, advice, from, upto, place });
    }
    all
}

fn scores(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml) -> Vec<ScoreItem> {
    let mut all: Vec<ScoreItem> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["번호", "이름", "값", "표", "근거", "비고"]) else { continue };
        let (id, name) = (cx.required_text(&map, "번호"), cx.required_text(&map, "이름"));
        let subject = cx.required(&map, "값").and_then(|node| subject(cx, names, node));
        let place = cx.place(Span { start: map.span.start, end: map.span.start });
        let Some(table) = cx.required(&map, "표") else { continue };
        let mut rows = Vec::new();
        let Some((text, subject, of)) = subject else { continue };
        for (entry, _) in cx.each_pair(table) {
            let points = whole(cx, &entry.value);
            let tests = row_tests(cx, names, &entry.key, entry.key_span, of, &subject);
            if let (Some(points), Some(tests)) = (points, tests) {
                rows.push(ScoreRow { label: entry.key.clone(), tests, points });
            }
        }
        let (Some(id), Some(name)) = (id, name) else { continue };
        if all.iter().any(|known| known.id == id) {
            twice(cx, map.key_span("번호"), &id);
        }
        all.push(ScoreItem { id, name, text, subject, rows, place });
    }
    all
}

fn ties(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml) -> Vec<Tie> {
    let mut all = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["이름", "값", "먼저", "비고"]) else { continue };
        let name = cx.required_text(&map, "이름");
        let subject = cx.required(&map, "값").and_then(|node| subject(cx, names, node));
        let first = cx.word_of(&map, "먼저", &[true, false], |large| if large { "큰 쪽" } else { "작은 쪽" });
        if let (Some(name), Some((_, subject, _))) = (name, subject) {
            all.push(Tie { name, subject, larger_first: first.unwrap_or(true) });
        }
    }
    all
}

fn limits(cx: &mut Reader<'_>, node: &Yaml) -> Vec<Limit> {
    let mut all = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["세대당", "횟수", "개월", "근거", "비고"]) else { continue };
        let basis = cx.text_of(&map, "근거").unwrap_or_default();
        let household = map.get("세대당").and_then(|node| whole(cx, node));
        let times = map.get("횟수").and_then(|node| whole(cx, node));
        let months = map.get("개월").and_then(|node| whole(cx, node));
        match (household, times, months) {
            (Some(most), None, None) => all.push(Limit { kind: LimitKind::PerHousehold(most), basis }),
            (None, Some(times), Some(months)) => all.push(Limit { kind: LimitKind::Rounds { times, months }, basis }),
            _ => cx
                .wrong_shape(item, both!("'세대당: 1'이나 '횟수: 2, 개월: 24'", "'세대당: 1', or '횟수: 2, 개월: 24'")),
        }
    }
    all
}
