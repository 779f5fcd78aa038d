//! What every reading function has in hand: the file, the bag of problems, and mappings that know their keys.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::place::{Place, Span};
use crate::problem::{Both, Problem, Problems, both, shortened};
use crate::rule::{Common, FileRule};
use crate::yaml::{Entry, Value, Yaml};

/// How a file says that a value is not known.
pub const NOT_AVAILABLE: &str = "자료 없음";

/// Items of one list or mapping that are read: far more than any plan has.
const ITEMS_MAX: usize = 5_000;

/// The file being read and the problems found in it.
pub struct Cx<'a, R> {
    /// The file's name.
    pub file: Arc<str>,
    /// Its text.
    pub text: &'a str,
    /// Where problems go.
    pub problems: &'a mut Problems<R>,
    /// The page that describes the format, for advice.
    pub format_page: &'static str,
}

/// A mapping whose keys have been checked.
#[derive(Clone, Copy)]
pub struct Map<'y> {
    entries: &'y [Entry],
    /// Where it stands.
    pub span: Span,
}

impl<'y> Map<'y> {
    /// The value of a key; `None` when it is left out, empty, or says '자료 없음'.
    pub fn get(&self, key: &str) -> Option<&'y Yaml> {
        self.raw(key).filter(|value| !is_empty(value) && !says_not_available(value))
    }

    /// Whether the key says '자료 없음'.
    pub fn is_not_available(&self, key: &str) -> bool {
        self.raw(key).is_some_and(says_not_available)
    }

    fn raw(&self, key: &str) -> Option<&'y Yaml> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Where the key itself stands, else where the mapping begins.
    pub fn key_span(&self, key: &str) -> Span {
        self.entries.iter().find(|entry| entry.key == key).map_or(self.span, |entry| entry.key_span)
    }
}

/// Whether a value is nothing at all: `키:` or `키: null`.
fn is_empty(node: &Yaml) -> bool {
    match &node.value {
        Value::Scalar { text, plain } => {
            text.trim().is_empty() || (*plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL"))
        }
        Value::List(_) | Value::Map(_) => false,
    }
}

/// Whether the pair is what a comma tore off a number: `{2023: 24,000}` reads as 2023: 24 and 000.
fn is_torn_off(entry: &Entry) -> bool {
    is_empty(&entry.value)
        && entry.key.len() <= 3
        && entry.key.bytes().all(|byte| byte.is_ascii_digit())
        && !entry.key.is_empty()
}

fn says_not_available(node: &Yaml) -> bool {
    matches!(&node.value, Value::Scalar { text, .. } if text.trim() == NOT_AVAILABLE)
}

impl<R: FileRule> Cx<'_, R> {
    /// A place in this file.
    pub fn place(&self, span: Span) -> Place {
        Place { file: Arc::clone(&self.file), span }
    }

    /// Puts a problem into the bag.
    pub fn say(&mut self, problem: Problem<R>) {
        self.problems.push(problem);
    }

    /// The short way for problems that need no more than a title, the text found and an advice.
    pub fn refuse(&mut self, code: impl Into<R>, span: Span, title: Both, found: &str, todo: Both) {
        let place = self.place(span);
        self.say(Problem::new(code.into(), &place, title).found_text(found).todo(todo));
    }

    /// Opens a mapping; `None`, and a problem, for anything else. Unknown and empty keys are said here.
    pub fn map<'y>(&mut self, node: &'y Yaml, keys: &[&str]) -> Option<Map<'y>> {
        let map = self.pairs(node)?;
        for entry in map.entries {
            if !keys.contains(&entry.key.as_str()) && !is_torn_off(entry) {
                self.unknown_key(entry, keys);
            }
        }
        Some(map)
    }

    /// Opens a mapping whose keys are free (years, ids, names).
    pub fn pairs<'y>(&mut self, node: &'y Yaml) -> Option<Map<'y>> {
        match &node.value {
            Value::Map(entries) => {
                let mut entries = entries.as_slice();
                if entries.len() > ITEMS_MAX {
                    self.too_many(node.span);
                    entries = &entries[..ITEMS_MAX];
                }
                for entry in entries.iter().filter(|entry| is_empty(&entry.value)) {
                    let key = &entry.key;
                    if is_torn_off(entry) {
                        self.torn_number(entry);
                        continue;
                    }
                    self.refuse(
                        Common::EmptyValue,
                        entry.key_span,
                        both!("'{key}' 뒤에 값이 없습니다", "there is nothing behind '{key}'"),
                        key,
                        both!(
                            "모르면 '자료 없음'이라고 적거나 줄을 지워 주세요",
                            "write '자료 없음' if it is not known, or delete the line"
                        ),
                    );
                }
                // The entries live as long as the node tree; the borrow of `self` ends here.
                Some(Map { entries, span: node.span })
            }
            Value::Scalar { .. } | Value::List(_) => {
                self.wrong_shape(node, both!("'항목: 값'의 묶음", "a mapping of keys and values"));
                None
            }
        }
    }

    /// The pairs of a free mapping, without empty ones. The flag tells values that say '자료 없음'.
    pub fn each_pair<'y>(&mut self, node: &'y Yaml) -> Vec<(&'y Entry, bool)> {
        let entries = self.pairs(node).map_or(&[][..], |map| map.entries);
        entries
            .iter()
            .filter(|entry| !is_empty(&entry.value))
            .map(|entry| (entry, says_not_available(&entry.value)))
            .collect()
    }

    /// The items of a list; a problem for anything else.
    pub fn list<'y>(&mut self, node: &'y Yaml) -> &'y [Yaml] {
        match &node.value {
            Value::List(items) if items.len() > ITEMS_MAX => {
                self.too_many(node.span);
                &items[..ITEMS_MAX]
            }
            Value::List(items) => items,
            Value::Scalar { .. } | Value::Map(_) => {
                self.wrong_shape(node, both!("'- '로 시작하는 목록", "a list whose items begin with '- '"));
                &[]
            }
        }
    }

    /// A text, trimmed; a problem for a list or mapping.
    pub fn text(&mut self, node: &Yaml) -> Option<String> {
        match &node.value {
            Value::Scalar { text, .. } => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::List(_) | Value::Map(_) => {
                self.wrong_shape(node, both!("글자나 숫자 하나", "a single text or number"));
                None
            }
        }
    }

    /// One text or a list of them.
    pub fn texts(&mut self, node: &Yaml) -> Vec<String> {
        match &node.value {
            Value::Scalar { .. } => self.text(node).into_iter().collect(),
            _ => self.list(node).iter().filter_map(|item| self.text(item)).collect(),
        }
    }

    /// The text of a key, if it is there.
    pub fn text_of(&mut self, map: &Map<'_>, key: &str) -> Option<String> {
        map.get(key).and_then(|node| self.text(node))
    }

    /// The text of a key that must be there.
    pub fn required_text(&mut self, map: &Map<'_>, key: &str) -> Option<String> {
        let node = self.required(map, key)?;
        self.text(node)
    }

    /// The value of a key that must be there.
    pub fn required<'y>(&mut self, map: &Map<'y>, key: &str) -> Option<&'y Yaml> {
        let value = map.get(key);
        // An empty value has been said already.
        if value.is_none() && (map.raw(key).is_none() || map.is_not_available(key)) {
            let place = self.place(Span { start: map.span.start, end: map.span.start });
            let title = both!("'{key}' 항목이 없습니다", "the key '{key}' is missing");
            let todo = both!("'{key}: …'를 적어 주세요", "add '{key}: …'");
            self.say(Problem::new(Common::MissingKey.into(), &place, title).todo(todo));
        }
        value
    }

    /// One of a closed list of words.
    pub fn word<T: Copy>(&mut self, node: &Yaml, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let text = self.text(node)?;
        let found = all.iter().copied().find(|word| name(*word) == text);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|word| name(*word)).collect();
            self.unknown_word(node.span, &text, &words);
        }
        found
    }

    /// The word of a key, if it is there.
    pub fn word_of<T: Copy>(&mut self, map: &Map<'_>, key: &str, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let node = map.get(key)?;
        self.word(node, all, name)
    }

    /// `예` or `아니오`; anything else is a problem and counts as no.
    pub fn yes(&mut self, map: &Map<'_>, key: &str) -> bool {
        self.word_of(map, key, &[true, false], |yes| if yes { "예" } else { "아니오" }).unwrap_or(false)
    }

    fn torn_number(&mut self, entry: &Entry) {
        let title = both!("중괄호 안에서는 쉼표가 수를 둘로 가릅니다", "inside braces a comma tears a number in two");
        let found = format!(", {}", entry.key);
        let todo = both!(
            "쉼표를 빼거나(24000) 따옴표로 묶어 주세요(\"24,000\")",
            "drop the comma (24000) or quote the number (\"24,000\")"
        );
        self.refuse(Common::BadCommas, entry.key_span, title, &found, todo);
    }

    fn too_many(&mut self, span: Span) {
        let start = Span { start: span.start, end: span.start };
        let title =
            both!("한 목록에 {ITEMS_MAX}개를 넘게 적었습니다", "there are more than {ITEMS_MAX} items in one list");
        let todo = both!("나눠 적어 주세요. 그 뒤의 것은 읽지 않았습니다", "split it; what comes after was not read");
        self.refuse(Common::TooLarge, start, title, "", todo);
    }

    /// Says that a word is not one of those used here, and which one was probably meant.
    pub fn unknown_word(&mut self, span: Span, text: &str, words: &[&str]) {
        let place = self.place(span);
        let list = words.join(", ");
        let title = both!("'{text}'[은/는] 여기에 쓰는 말이 아닙니다", "'{text}' is not one of the words used here");
        let problem =
            Problem::new(Common::UnknownWord.into(), &place, title).found_text(text).expected(Both::same(list));
        self.say(problem.todo(suggestion(text, words)));
    }

    fn unknown_key(&mut self, entry: &Entry, keys: &[&str]) {
        if self.problems.is_full() {
            return;
        }
        let place = self.place(entry.key_span);
        let key = shortened(&entry.key);
        let title = both!("'{key}'[은/는] 모르는 항목입니다", "'{key}' is not a key known here");
        let mut problem = Problem::new(Common::UnknownKey.into(), &place, title).found_text(&entry.key);
        if closest(&entry.key, keys).is_none() {
            problem = problem.expected(Both::same(keys.join(", ")));
        }
        self.say(problem.todo(suggestion(&entry.key, keys)));
    }

    /// Says that a list, mapping or value stands where another belongs.
    pub fn wrong_shape(&mut self, node: &Yaml, expected: Both) {
        let place = self.place(Span { start: node.span.start, end: node.span.start });
        let found = match &node.value {
            Value::Scalar { text, .. } => Both::same(shortened(text)),
            Value::List(_) => both!("목록", "a list"),
            Value::Map(_) => both!("'항목: 값'의 묶음", "a mapping"),
        };
        let title = both!("여기에는 다른 모양의 값이 와야 합니다", "a value of another shape belongs here");
        let page = self.format_page;
        let todo = both!("형식 문서의 보기를 봐 주세요({page})", "see the examples in {page}");
        self.say(Problem::new(Common::WrongShape.into(), &place, title).found(found).expected(expected).todo(todo));
    }

    /// The characters of the file that a span covers.
    pub fn raw(&self, span: Span) -> &str {
        let range = usize::try_from(span.start.byte).unwrap_or(0)..usize::try_from(span.end.byte).unwrap_or(0);
        self.text.get(range).unwrap_or_default()
    }
}

/// 'Did you mean', or the list to choose from.
pub fn suggestion(text: &str, words: &[&str]) -> Both {
    match closest(text, words) {
        Some(word) => both!("'{word}'인가요?", "did you mean '{word}'?"),
        None => both!("형식 문서에 있는 말로 적어 주세요", "use one of the words of the format page"),
    }
}

/// The word that is most alike, if any is alike enough. Hangul is compared letter by letter (자모),
/// so that `실천과재` is one step from `실천과제`, not one syllable of four.
pub fn closest<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    let letters = |word: &str| -> Vec<char> {
        word.nfd().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(text);
    if wanted.is_empty() || wanted.len() > 200 {
        return None;
    }
    words
        .iter()
        .map(|word| {
            let have = letters(word);
            (distance(&wanted, &have), have.len().max(wanted.len()), *word)
        })
        .filter(|(steps, length, _)| steps * 3 <= *length)
        .min_by_key(|(steps, ..)| *steps)
        .map(|(_, _, word)| word)
}

/// Insertions, deletions and replacements from one word to the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (index, against) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != against);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_one_letter_is_recognised() {
        assert_eq!(closest("실천과재", &["전략", "실천과제"]), Some("실천과제"));
        assert_eq!(closest("목표묶음", &["목표 묶음", "목표"]), Some("목표 묶음"));
        assert_eq!(closest("예산", &["사업비", "단계"]), None);
    }
}
