//! Bytes to a tree of YAML nodes that know where they stand.
//!
//! Owns: the guards on raw bytes, the refusal of what the format does not take (anchors, tags,
//! duplicate keys, unquoted booleans), the node tree. Does not own: the meaning of any key. What a
//! newcomer gets wrong: deserialising into types here. A serde error ends the reading; this tree
//! lets the reader find every problem of a file in one pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, options};
use iljari_base::korean;
use unicode_normalization::UnicodeNormalization;

use crate::place::{Place, Point, Span};
use crate::problem::{Both, Problem, Problems, both};
use crate::rule::{Common, FileRule};

/// A value with the place it stands at.
#[derive(Debug, Clone)]
pub struct Yaml {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text. `plain` when it stood there without quotes.
    Scalar {
        /// The text, NFC.
        text: String,
        /// Whether it stood there without quotes.
        plain: bool,
    },
    /// A list.
    List(Vec<Yaml>),
    /// A mapping, in the file's order.
    Map(Vec<Entry>),
}

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, trimmed.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Yaml,
}

/// Largest file the checker takes.
pub const FILE_MAX: usize = 10 * 1024 * 1024;

/// Nesting deeper than any plan needs: eight levels of nodes take about thirty.
const NESTING_MAX: usize = 100;

/// The text of a file, or `None` with the reason among the problems.
pub fn decode<R: FileRule>(file: &Arc<str>, bytes: &[u8], problems: &mut Problems<R>) -> Option<String> {
    let mut refuse = |code: Common, byte: usize, title: Both, todo: Both| {
        let mut place = Place::start_of(file);
        let (line, column) = line_and_column(bytes, byte);
        let point = Point { line, column, byte: u32::try_from(byte).unwrap_or(u32::MAX) };
        place.span = Span { start: point, end: point };
        problems.push(Problem::new(code.into(), &place, title).todo(todo));
        None
    };
    if bytes.len() > FILE_MAX {
        let size = iljari_base::quantity::grouped(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        return refuse(
            Common::TooLarge,
            0,
            both!("파일이 너무 큽니다({size} 바이트)", "the file is too large ({size} bytes)"),
            both!("10 MB까지 읽습니다. 파일을 나눠 주세요", "split it; up to 10 MB is read"),
        );
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if body.len() < bytes.len() && body.trim_ascii().is_empty() {
        return refuse(
            Common::BomOnly,
            0,
            both!("바이트 순서 표시(BOM)만 있고 내용이 없습니다", "there is a byte-order mark and nothing else"),
            both!("내용을 적어 저장해 주세요", "write something and save it"),
        );
    }
    if let Some(byte) = bytes.iter().position(|byte| *byte == 0) {
        let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        return refuse(
            Common::NulByte,
            byte,
            both!("{byte}번째 바이트에 NUL 문자가 있습니다", "there is a NUL character at byte {byte}"),
            if wide {
                both!(
                    "UTF-16으로 저장한 파일 같습니다. UTF-8로 저장해 주세요",
                    "it looks like UTF-16; save it as UTF-8"
                )
            } else {
                both!("그 문자를 지워 주세요", "delete that character")
            },
        );
    }
    match std::str::from_utf8(body) {
        Ok(text) if text.trim().is_empty() => refuse(
            Common::EmptyFile,
            0,
            both!("파일이 비어 있습니다", "the file is empty"),
            both!("'형식: …'부터 적어 주세요", "begin with '형식: …'"),
        ),
        Ok(text) => Some(text.to_owned()),
        Err(error) => {
            let byte = bytes.len() - body.len() + error.valid_up_to();
            refuse(
                Common::NotUtf8,
                byte,
                both!("{byte}번째 바이트부터 UTF-8이 아닙니다", "not UTF-8 from byte {byte} on"),
                both!(
                    "편집기에서 'UTF-8'을 골라 다시 저장해 주세요. 한글 윈도우의 기본값(CP949)으로 저장했을 수 있습니다",
                    "save it as UTF-8; it may have been saved in CP949"
                ),
            )
        }
    }
}

fn line_and_column(bytes: &[u8], byte: usize) -> (u32, u32) {
    let before = bytes.get(..byte).unwrap_or_default();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// A list or mapping that is still open.
enum Open {
    List { start: Span, items: Vec<Yaml> },
    Map { start: Span, entries: Vec<Entry>, key: Option<(String, Span)>, seen: BTreeMap<String, Span> },
}

/// Reads the one document of a file. `None` when it is no YAML; everything else is said among the
/// problems and the node tree goes on.
pub fn parse<R: FileRule>(file: &Arc<str>, text: &str, problems: &mut Problems<R>) -> Option<Yaml> {
    let options = options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
    };
    let mut builder = Builder { file, problems, open: Vec::new(), root: None, documents: 0 };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => {
                if builder.documents > 1 {
                    return None;
                }
                builder.take(event, &span);
            }
            Err(error) => {
                let point = point(error.marker());
                let place = Place { file: Arc::clone(file), span: Span { start: point, end: point } };
                let (title, todo) = syntax_words(&error, point);
                builder.problems.push(Problem::new(Common::YamlSyntax.into(), &place, title).todo(todo));
                return None;
            }
        }
    }
    if builder.root.is_none() {
        let title = both!("파일에 내용이 없습니다", "there is nothing in the file");
        let todo = both!("'형식: …'부터 적어 주세요", "begin with '형식: …'");
        builder.problems.push(Problem::new(Common::EmptyFile.into(), &Place::start_of(file), title).todo(todo));
    }
    builder.root
}

struct Builder<'a, R> {
    file: &'a Arc<str>,
    problems: &'a mut Problems<R>,
    open: Vec<Open>,
    root: Option<Yaml>,
    documents: usize,
}

impl<R: FileRule> Builder<'_, R> {
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let here = Span { start: point(&span.start), end: point(&span.end) };
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let title =
                        both!("한 파일에 문서가 둘 이상입니다(---)", "more than one document in the file (---)");
                    let todo = both!("문서마다 파일을 따로 만들어 주세요", "make one file of each document");
                    self.refuse(Common::SeveralDocuments, here, title, todo);
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.no_extras(here, anchor, tag.is_some());
                let plain = style == ScalarStyle::Plain;
                let text: String = text.nfc().collect();
                self.look_at_text(&text, plain, here);
                self.put(Yaml { span: here, value: Value::Scalar { text, plain } });
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.no_extras(here, anchor, tag.is_some());
                self.open.push(Open::List { start: here, items: Vec::new() });
            }
            Event::MappingStart(_, anchor, tag) => {
                self.no_extras(here, anchor, tag.is_some());
                self.open.push(Open::Map { start: here, entries: Vec::new(), key: None, seen: BTreeMap::new() });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let node = match self.open.pop() {
                    Some(Open::List { start, items }) => {
                        Yaml { span: Span { start: start.start, end: here.end }, value: Value::List(items) }
                    }
                    Some(Open::Map { start, entries, .. }) => {
                        Yaml { span: Span { start: start.start, end: here.end }, value: Value::Map(entries) }
                    }
                    None => return,
                };
                self.put(node);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.no_extras(here, 1, false);
                self.put(Yaml { span: here, value: Value::Scalar { text: "*".to_owned(), plain: false } });
            }
            _ => {}
        }
    }

    /// Puts a finished node where it belongs: into the innermost open list or mapping.
    fn put(&mut self, node: Yaml) {
        let duplicate = match self.open.last_mut() {
            None => {
                if self.root.is_none() {
                    self.root = Some(node);
                }
                return;
            }
            Some(Open::List { items, .. }) => {
                items.push(node);
                return;
            }
            Some(Open::Map { entries, key, seen, .. }) => match key.take() {
                None => {
                    let text = match node.value {
                        Value::Scalar { text, .. } => text.trim().to_owned(),
                        Value::List(_) | Value::Map(_) => String::new(),
                    };
                    let twice = seen.get(&text).copied();
                    let words = twice.map(|first| (text.clone(), first, node.span));
                    seen.entry(text.clone()).or_insert(node.span);
                    *key = Some((text, node.span));
                    words
                }
                Some((key, key_span)) => {
                    entries.push(Entry { key, key_span, value: node });
                    None
                }
            },
        };
        if let Some((key, first, second)) = duplicate {
            let line = first.start.line;
            let title = both!("'{key}' 항목을 두 번 적었습니다", "the key '{key}' stands here twice");
            let todo = both!(
                "{line}번째 줄에 이미 있습니다. 하나만 남겨 주세요",
                "it already stands in line {line}; keep one"
            );
            self.refuse(Common::DuplicateKey, second, title, todo);
        }
    }

    fn no_extras(&mut self, span: Span, anchor: usize, tag: bool) {
        if anchor != 0 {
            let title = both!("앵커(&)와 별칭(*)은 받지 않습니다", "anchors (&) and aliases (*) are not taken");
            let todo = both!("내용을 그 자리에 그대로 적어 주세요", "write the content out where it belongs");
            self.refuse(Common::AnchorAlias, span, title, todo);
        }
        if tag {
            let title = both!("태그(!)는 받지 않습니다", "tags (!) are not taken");
            let todo =
                both!("느낌표로 시작하는 말을 지워 주세요", "delete the word that begins with an exclamation mark");
            self.refuse(Common::YamlTag, span, title, todo);
        }
    }

    /// Refusals that hold for any text, whatever key it stands under.
    fn look_at_text(&mut self, text: &str, plain: bool, span: Span) {
        if plain && is_boolean_word(text) {
            let quoted = format!("\"{text}\"");
            let title = both!(
                "따옴표 없는 '{text}'[은/는] 예/아니오인지 글자인지 알 수 없습니다",
                "'{text}' without quotes may be a word or a yes/no"
            );
            let todo = both!(
                "예 또는 아니오로 적거나 글자라면 {quoted}처럼 따옴표로 묶어 주세요",
                "write 예 or 아니오, or quote it: {quoted}"
            );
            self.refuse(Common::YamlBoolean, span, title, todo);
        }
        if korean::looks_like_resident_number(text) {
            let title = both!(
                "주민등록번호로 보이는 숫자가 있습니다",
                "there is something shaped like a resident registration number"
            );
            let todo =
                both!("이 파일은 그대로 공개됩니다. 지워 주세요", "such files are published as they are; delete it");
            self.refuse(Common::ResidentNumber, span, title, todo);
        }
        if let Some(hidden) = text.chars().find(|letter| is_hidden(*letter)) {
            let number = u32::from(hidden);
            let title = both!(
                "보이지 않는 문자(U+{number:04X})가 있습니다",
                "there is an invisible character (U+{number:04X})"
            );
            let todo = both!("그 문자를 지우고 다시 적어 주세요", "delete it and type the text again");
            self.refuse(Common::HiddenCharacter, span, title, todo);
        }
    }

    fn refuse(&mut self, code: Common, span: Span, title: Both, todo: Both) {
        let place = Place { file: Arc::clone(self.file), span };
        self.problems.push(Problem::new(code.into(), &place, title).todo(todo));
    }
}

/// Controls other than line breaks and tabs, and characters that change nothing on screen.
pub fn is_hidden(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{3164}' | '\u{ad}')
}

/// The words that YAML 1.1 took for yes and no; readers differ about them to this day.
fn is_boolean_word(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false")
}

fn point(marker: &granit_parser::Marker) -> Point {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Point {
        line: small(marker.line()),
        column: small(marker.col().saturating_add(1)),
        byte: small(marker.byte_offset().unwrap_or(marker.index())),
    }
}

/// What a syntax error most likely means to somebody who has never read the YAML specification.
fn syntax_words(error: &granit_parser::ScanError, at: Point) -> (Both, Both) {
    use granit_parser::ErrorKind as K;
    let byte = at.byte;
    let detail = error.to_string();
    let title =
        both!("여기서 더 읽을 수 없습니다({byte}번째 바이트)", "cannot read on from here (byte {byte}): {detail}");
    let todo = match error.kind() {
        K::TabNotAllowed | K::TabInBlockIndentation => {
            both!("들여쓰기는 탭이 아니라 빈칸으로 해 주세요", "indent with spaces, not tabs")
        }
        K::UnexpectedEof
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::UnexpectedEofBlockSequence
        | K::UnexpectedEofBlockMapping
        | K::UnclosedFlowCollection { .. }
        | K::UnclosedQuotedScalar => {
            both!(
                "닫지 않은 괄호나 따옴표가 있습니다. 파일이 중간에 끊기지 않았는지도 봐 주세요",
                "a bracket or quote is not closed, or the file ends too early"
            )
        }
        K::InvalidIndentation | K::ExpectedBlockMappingKey | K::InvalidSimpleKey | K::SimpleKeyExpected => {
            both!(
                "들여쓰기가 윗줄과 맞는지, '항목: 값'에서 쌍점 뒤에 빈칸이 있는지 봐 주세요",
                "look whether the indentation fits the line above and whether a space follows the colon in 'key: value'"
            )
        }
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => {
            both!(
                "중괄호나 대괄호 안에서 쉼표가 빠졌거나 닫는 괄호가 없습니다",
                "a comma or a closing bracket is missing"
            )
        }
        _ => both!("앞뒤의 따옴표, 괄호, 들여쓰기를 봐 주세요", "look at quotes, brackets and indentation around it"),
    };
    (title, todo)
}
