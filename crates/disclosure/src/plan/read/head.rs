//! The head of every file: which format, which kind, which district.

use super::cx::{Cx, closest};
use crate::plan::Problem;
use crate::plan::codes::Code;
use iljari_authored::{Both, both, quoted};
use iljari_authored::{Value, Yaml};

/// Keys that may stand at the top of every file.
pub(crate) const HEAD_KEYS: &[&str] = &["형식", "종류", "구", "출처", "기준", "기준일", "정의"];

/// The one format this checker reads.
pub(crate) const FORMAT: &str = "일자리-계획/1";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    District,
    Sources,
    Term,
    Yearly,
    Results,
}

impl FileKind {
    const ALL: &'static [FileKind] = &[Self::District, Self::Sources, Self::Term, Self::Yearly, Self::Results];

    fn as_str(self) -> &'static str {
        match self {
            Self::District => "구",
            Self::Sources => "출처",
            Self::Term => "종합계획",
            Self::Yearly => "연차계획",
            Self::Results => "실적",
        }
    }
}

/// Reads 형식 and 종류. `None` when the file cannot be one of ours.
pub(crate) fn head(cx: &mut Cx<'_>, root: &Yaml) -> Option<FileKind> {
    let Value::Map(entries) = &root.value else {
        cx.wrong_shape(
            root,
            both!("'형식: {FORMAT}'으로 시작하는 묶음", "a mapping that begins with '형식: {FORMAT}'"),
        );
        return None;
    };
    let of = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    match of("형식") {
        None => {
            // A slip in the very first key is said by name; the file is read all the same.
            let words: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
            let near = closest("형식", &words)
                .map(|word| both!("'{word}'[을/를] '형식'으로 고쳐 주세요", "change '{word}' to '형식'"));
            let title = both!("'형식'이 없습니다", "the key '형식' is missing");
            let todo = near
                .unwrap_or(both!("첫 줄에 '형식: {FORMAT}'을 적어 주세요", "write '형식: {FORMAT}' in the first line"));
            let place = cx.place(iljari_authored::Span { start: root.span.start, end: root.span.start });
            cx.say(Problem::new(Code::MissingKey, &place, title).todo(todo));
        }
        Some(node) => {
            let text = cx.text(node)?;
            if text != FORMAT {
                let it = quoted(&text, "은/는");
                let title = both!("{it} 모르는 형식입니다", "'{text}' is not a format known here");
                let todo = both!(
                    "'{FORMAT}'로 적어 주세요. 더 새로운 판이면 프로그램을 새로 받아 주세요",
                    "write '{FORMAT}'; for a newer version get a newer program"
                );
                let place = cx.place(node.span);
                let problem = Problem::new(Code::UnknownFormat, &place, title).found_text(&text);
                cx.say(problem.expected(Both::same(FORMAT)).todo(todo));
                return None;
            }
        }
    }
    match of("종류") {
        None => {
            let words = "구, 출처, 종합계획, 연차계획, 실적";
            let title = both!("'종류'가 없습니다", "the key '종류' is missing");
            let todo = both!("'종류: 종합계획'처럼 적어 주세요", "write '종류: 종합계획' or another kind");
            let place = cx.place(iljari_authored::Span { start: root.span.start, end: root.span.start });
            cx.say(Problem::new(Code::MissingKey, &place, title).expected(Both::same(words)).todo(todo));
            None
        }
        Some(node) => cx.word(node, FileKind::ALL, FileKind::as_str),
    }
}
