//! Conditions and cells of a rule file (조건과 칸): from text to terms, faults at their letters.
//!
//! Owns: where in the file a fault of an expression is shown. Does not own: the grammar (`expr`) or
//! the names (`compile`). What a newcomer gets wrong: pointing at the whole line. The officer sees
//! the very word that is not known.

use iljari_authored::{self as authored, Both, Place, Span, Yaml, both};

use super::Reader;
use crate::Problem;
use crate::codes::Code;
use crate::compile::{CompiledTest, Names, Term, Type, Wrong};
use crate::expr::{At, Fault, parse_condition, parse_test};

/// A condition, resolved.
pub(super) fn condition(cx: &mut Reader<'_>, names: Names<'_>, text: &str, span: Span) -> Option<Term> {
    let expr = match parse_condition(text) {
        Ok(expr) => expr,
        Err(fault) => {
            unreadable(cx, text, span, &fault);
            return None;
        }
    };
    names.condition(&expr).map_err(|wrong| say_wrong(cx, text, span, &wrong)).ok()
}

/// What is looked up or compared: its text, its term, its type.
pub(super) fn subject(cx: &mut Reader<'_>, names: Names<'_>, node: &Yaml) -> Option<(String, Term, Type)> {
    let text = cx.text(node)?;
    let read = match parse_condition(&text) {
        Ok(expr) => names.term(&expr).map_err(|wrong| say_wrong(cx, &text, node.span, &wrong)).ok(),
        Err(fault) => {
            unreadable(cx, &text, node.span, &fault);
            None
        }
    };
    read.map(|(term, of)| (text, term, of))
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

/// The key of a row is a cell. `예`, `아니오` and the words of a choice need no quotes there.
pub(super) fn row_tests(
    cx: &mut Reader<'_>,
    names: Names<'_>,
    label: &str,
    span: Span,
    of: Type,
    subject: &Term,
) -> Option<Vec<CompiledTest>> {
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
