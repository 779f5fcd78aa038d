//! From a rule file to a set of rules (규칙 파일 읽기): every problem of the file in one pass.
//!
//! Owns: the keys of `일자리-규칙/1` (docs/reference/rules-format.md). Does not own: what compares
//! two places of the file (`check`). What a newcomer gets wrong: the order. Facts and reference
//! values are read first, because conditions, tables and cases name them.

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_authored::{self as authored, Both, Cx, Map, Place, Span, Yaml, both, closest, quoted};
use iljari_base::Date;
use iljari_base::korean::{canonical_name, read_number, read_won};

use crate::codes::Code;
use crate::compile::{AS_OF, Names, Term, Type, Wrong};
use crate::expr::{At, Fault, parse_condition, parse_test};
use crate::model::{
    Case, Clause, Dated, Fact, Limit, LimitKind, Outcome, Reference, RuleSet, ScoreItem, ScoreRow, Tie,
};
use crate::num::Num;
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
    let validity = cx.required(&map, "유효").and_then(|node| validity(cx, node));
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

/// `2026-01-01 ~ 2026-06-30`, `2026-01-01 ~`.
fn validity(cx: &mut Reader<'_>, node: &Yaml) -> Option<(Date, Option<Date>)> {
    let text = cx.text(node)?;
    let (first, last) = text.split_once(['~', '∼', '〜']).unwrap_or((&text, &text));
    let from = date(cx, first, node.span)?;
    let upto = if last.trim().is_empty() { None } else { Some(date(cx, last, node.span)?) };
    if upto.is_some_and(|upto| upto < from) {
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
        let Some(map) = cx.map(item, &["이름", "종류", "말", "물음", "서류", "며칠 안", "공고", "비고"])
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
        let question = cx.text_of(&map, "물음").unwrap_or_else(|| name.clone());
        let document = cx.text_of(&map, "서류").unwrap_or_default();
        let fresh_days = map.get("며칠 안").and_then(|node| whole(cx, node));
        all.push(Fact { name, kind, question, document, fresh_days, from_call: cx.yes(&map, "공고"), place });
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

fn references(cx: &mut Reader<'_>, node: &Yaml, sources: &BTreeMap<String, String>, facts: &[Fact]) -> Vec<Reference> {
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

fn clauses(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml, is_exclusion: bool) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["번호", "이름", "근거", "조건", "안내", "비고"]) else { continue };
        let id = cx.required_text(&map, "번호");
        let name = cx.required_text(&map, "이름");
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
        all.push(Clause { id, name, basis, is_exclusion, text, condition, advice, place });
    }
    all
}

fn condition(cx: &mut Reader<'_>, names: Names<'_>, text: &str, span: Span) -> Option<Term> {
    let expr = match parse_condition(text) {
        Ok(expr) => expr,
        Err(fault) => {
            unreadable(cx, text, span, &fault);
            return None;
        }
    };
    names.condition(&expr).map_err(|wrong| say_wrong(cx, text, span, &wrong)).ok()
}

fn subject(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml) -> Option<(Term, Type)> {
    let text = cx.text(node)?;
    match parse_condition(&text) {
        Ok(expr) => names.term(&expr).map_err(|wrong| say_wrong(cx, &text, node.span, &wrong)).ok(),
        Err(fault) => {
            unreadable(cx, &text, node.span, &fault);
            None
        }
    }
}

/// The place of a part of an expression: exact where the text stands on one line without quotes.
fn inside(cx: &Reader<'_>, text: &str, span: Span, at: At) -> Place {
    let on_one_line = span.start.line == span.end.line && cx.raw(span).trim_end() == text;
    if !on_one_line {
        return cx.place(span);
    }
    let point = |letters: usize| {
        let bytes: usize = text.chars().take(letters).map(char::len_utf8).sum();
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        authored::Point {
            line: span.start.line,
            column: span.start.column.saturating_add(small(letters)),
            byte: span.start.byte.saturating_add(small(bytes)),
        }
    };
    cx.place(Span { start: point(at.from), end: point(at.to.max(at.from + 1)) })
}

fn unreadable(cx: &mut Reader<'_>, text: &str, span: Span, fault: &Fault) {
    let place = inside(cx, text, span, fault.at);
    let title = if fault.found.is_empty() {
        both!("조건이 여기서 끝나 읽을 수 없습니다", "the condition ends here and cannot be read")
    } else {
        let found = &fault.found;
        both!("'{found}'에서 조건을 더 읽을 수 없습니다", "the condition cannot be read on at '{found}'")
    };
    let expected = Both { ko: fault.ko.clone(), en: fault.en.clone() };
    cx.say(Problem::new(Code::BadExpression, &place, title).found_text(text).expected(expected));
}

fn say_wrong(cx: &mut Reader<'_>, text: &str, span: Span, wrong: &Wrong) {
    match wrong {
        Wrong::Name { at, name, near } => {
            let place = inside(cx, text, span, *at);
            let title = both!("'{name}'[은/는] 모르는 이름입니다", "'{name}' is not a name known here");
            let todo = match near {
                Some(near) => both!("'{near}'인가요?", "did you mean '{near}'?"),
                None => both!("사실이나 기준값에 먼저 적어 주세요", "add it to the facts or reference values first"),
            };
            cx.say(Problem::new(Code::UnknownName, &place, title).found_text(text).todo(todo));
        }
        Wrong::Types { at, ko } => {
            let place = inside(cx, text, span, *at);
            let title = Both { ko: ko.clone(), en: "values of different kinds stand together".to_owned() };
            cx.say(Problem::new(Code::WrongType, &place, title).found_text(text));
        }
    }
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
        let Some((subject, of)) = subject else { continue };
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
        all.push(ScoreItem { id, name, subject, rows, place });
    }
    all
}

/// The key of a row is a cell. `예`, `아니오` and the words of a choice need no quotes there.
fn row_tests(
    cx: &mut Reader<'_>,
    names: Names<'_>,
    label: &str,
    span: Span,
    of: Type,
    subject: &Term,
) -> Option<Vec<crate::compile::CompiledTest>> {
    let cell = match (of, label) {
        (_, "-" | "그 밖") => "-".to_owned(),
        (Type::Yes, "예") => "true".to_owned(),
        (Type::Yes, "아니오") => "false".to_owned(),
        (Type::Word | Type::Words, word) if !word.contains('"') => format!("\"{word}\""),
        (_, other) => other.to_owned(),
    };
    let tests = match parse_test(&cell) {
        Ok(tests) => tests,
        Err(fault) => {
            unreadable(cx, label, span, &fault);
            return None;
        }
    };
    let read: Result<Vec<_>, _> = tests.iter().map(|test| names.test(test, of, subject)).collect();
    read.map_err(|wrong| say_wrong(cx, label, span, &wrong)).ok()
}

fn ties(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml) -> Vec<Tie> {
    let mut all = Vec::new();
    for item in cx.list(node) {
        let Some(map) = cx.map(item, &["이름", "값", "먼저", "비고"]) else { continue };
        let name = cx.required_text(&map, "이름");
        let subject = cx.required(&map, "값").and_then(|node| subject(cx, names, node));
        let first = cx.word_of(&map, "먼저", &[true, false], |large| if large { "큰 쪽" } else { "작은 쪽" });
        if let (Some(name), Some((subject, _))) = (name, subject) {
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

fn cases(cx: &mut Reader<'_>, facts: &[Fact], clauses: &[Clause], node: &Yaml) -> Vec<Case> {
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

fn case_facts(cx: &mut Reader<'_>, facts: &[Fact], node: &Yaml) -> Vec<Option<crate::value::Value>> {
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
