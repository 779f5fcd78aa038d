//! A problem of an authored file: where, what was found, what was expected, what to do, in two languages.
//!
//! Owns: the shape of a problem and the bag they are collected in. Does not own: the rules that
//! find them (`read`, `check`) or how they are printed (`render`). What a newcomer gets wrong:
//! returning at the first problem. Put it in the bag and go on; a planner wants them all at once.

use crate::place::Place;
use crate::rule::{Common, FileRule};
use crate::yaml::is_hidden;

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 한국어.
    #[default]
    Ko,
    /// English.
    En,
}

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 오류: the file cannot be used as it is.
    Error,
    /// 경고: usable, but somebody should look; stays public.
    Warning,
    /// 알림: how something was read, or a fact worth knowing.
    Note,
}

impl Severity {
    /// The word in front of a problem.
    pub fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Error, Lang::Ko) => "오류",
            (Self::Warning, Lang::Ko) => "경고",
            (Self::Note, Lang::Ko) => "알림",
            (Self::Error, Lang::En) => "error",
            (Self::Warning, Lang::En) => "warning",
            (Self::Note, Lang::En) => "note",
        }
    }
}

/// One text in Korean and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Both {
    /// Korean, polite register.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The same characters in both languages: a number, a name, something quoted.
    pub fn same(text: impl Into<String>) -> Self {
        let ko = text.into();
        Self { en: ko.clone(), ko }
    }

    /// What a sentence is about, in front of it: `'청년 일자리'의 목표: 연도를 더한 값이 …`.
    pub fn says(&self, sentence: Both) -> Both {
        Both { ko: format!("{}: {}", self.ko, sentence.ko), en: format!("{}: {}", self.en, sentence.en) }
    }

    /// The text in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }
}

/// Both languages at once: `both!("합이 {sum}입니다", "the sum is {sum}")`. A particle behind a
/// variable word is written as a pair in brackets, `'{name}'[을/를]`, and chosen by the word's last sound.
#[macro_export]
macro_rules! both {
    ($ko:literal, $en:literal $(, $arg:expr)* $(,)?) => {
        $crate::Both {
            ko: $crate::particles(&format!($ko $(, $arg)*)),
            en: format!($en $(, $arg)*),
        }
    };
}
pub use both;

/// Something wrong, doubtful or worth knowing in an authored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem<R> {
    /// The rule, stable over time.
    pub code: R,
    /// Its weight; usually the code's own.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is the matter, in one sentence.
    pub title: Both,
    /// What stands there.
    pub found: Both,
    /// What was expected. Empty where the title says it.
    pub expected: Both,
    /// What to do about it.
    pub todo: Both,
}

impl<R: FileRule> Problem<R> {
    /// A problem with the code's own severity; the rest is added with `found`, `expected` and `todo`.
    pub fn new(code: R, place: &Place, title: Both) -> Self {
        Self {
            code,
            severity: code.severity(),
            place: place.clone(),
            title,
            found: Both::default(),
            expected: Both::default(),
            todo: Both::default(),
        }
    }

    /// What stands there.
    pub fn found(mut self, found: Both) -> Self {
        self.found = found;
        self
    }

    /// What stands there, quoted from the file.
    pub fn found_text(self, text: &str) -> Self {
        self.found(Both::same(shortened(text)))
    }

    /// What was expected.
    pub fn expected(mut self, expected: Both) -> Self {
        self.expected = expected;
        self
    }

    /// What to do.
    pub fn todo(mut self, todo: Both) -> Self {
        self.todo = todo;
        self
    }

    /// Another weight than the code's own.
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// A text short enough for one line of a message.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    // What cannot be seen must not reach a terminal, where it may turn text round or colour it.
    let seen: String = text.chars().map(|letter| if is_hidden(letter) { '·' } else { letter }).collect();
    let line: String = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST - 1).chain(['…']).collect()
}

/// Where problems are collected. Bounded, so that a hostile file cannot fill the memory with them.
#[derive(Debug)]
pub struct Problems<R> {
    list: Vec<Problem<R>>,
}

impl<R> Default for Problems<R> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

/// More problems than anybody reads.
const PROBLEMS_MAX: usize = 1000;

impl<R: FileRule> Problems<R> {
    /// Adds one, until there are too many.
    pub fn push(&mut self, problem: Problem<R>) {
        if self.list.len() < PROBLEMS_MAX {
            self.list.push(problem);
        } else if self.list.len() == PROBLEMS_MAX {
            let title = both!(
                "문제가 {PROBLEMS_MAX}개를 넘어 나머지는 적지 않았습니다",
                "more than {PROBLEMS_MAX} problems; the rest is not listed"
            );
            let todo = both!("위의 것부터 고치고 다시 검사해 주세요", "mend the first ones and check again");
            self.list.push(Problem::new(Common::TooManyProblems.into(), &problem.place, title).todo(todo));
        }
    }

    /// Whether looking for more is of no use.
    pub fn is_full(&self) -> bool {
        self.list.len() > PROBLEMS_MAX
    }

    /// In the order of files and lines.
    pub fn into_sorted(mut self) -> Vec<Problem<R>> {
        self.list.sort_by(|one, other| {
            (&one.place, one.severity, one.code.as_str()).cmp(&(&other.place, other.severity, other.code.as_str()))
        });
        self.list
    }
}

/// The text in quotes with the particle that fits its last sound: `'24,000'을`.
pub fn quoted(text: &str, pair: &str) -> String {
    iljari_base::korean::with_particle(&format!("'{}'", shortened(text)), pair)
}

/// Chooses between the two forms of every bracketed particle.
pub fn particles(text: &str) -> String {
    const PAIRS: &[&str] = &["은/는", "이/가", "을/를", "과/와", "으로/로"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let pair = PAIRS.iter().find(|pair| rest[1..].starts_with(**pair) && rest[1 + pair.len()..].starts_with(']'));
        match pair {
            Some(pair) => {
                out.push_str(&iljari_base::korean::particle(&out, pair));
                rest = &rest[pair.len() + 2..];
            }
            None => {
                out.push('[');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_follow_the_word_they_stand_behind() {
        assert_eq!(particles("'사업'[을/를] 적고 '과제'[을/를] 봅니다"), "'사업'을 적고 '과제'를 봅니다");
        assert_eq!(particles("[2023] 65.3%[으로/로] [모름]"), "[2023] 65.3%로 [모름]");
    }
}
