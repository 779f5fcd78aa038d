//! The catalogues of words (말): what residents read, in five languages, a file each.
//!
//! Owns: which languages there are and where a word stands. Does not own: the rules' own text, which stays
//! Korean; a translation of a question is there for reference (참고용). What a newcomer gets wrong: writing a
//! sentence of a resident's page into a template. It goes into `words/ko.yaml` and into the four beside it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use iljari_authored::{Problems, Value, Yaml};
use iljari_base::Date;
use iljari_base::markup::escaped;
use iljari_rules::Code;

/// A language of the residents' pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 한국어.
    Ko,
    /// 쉬운 한국어.
    Easy,
    /// English.
    En,
    /// 中文.
    Zh,
    /// Tiếng Việt.
    Vi,
}

impl Lang {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Lang; 5] = [Lang::Ko, Lang::Easy, Lang::En, Lang::Zh, Lang::Vi];

    /// The word in an address: `?lang=vi`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::Easy => "ko-easy",
            Lang::En => "en",
            Lang::Zh => "zh",
            Lang::Vi => "vi",
        }
    }

    /// The value of a `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Ko | Lang::Easy => "ko",
            Lang::En => "en",
            Lang::Zh => "zh-Hans",
            Lang::Vi => "vi",
        }
    }

    /// Its name, in its own script.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Ko => "한국어",
            Lang::Easy => "쉬운 한국어",
            Lang::En => "English",
            Lang::Zh => "中文",
            Lang::Vi => "Tiếng Việt",
        }
    }

    /// Whether the rules' own text has to be translated for its readers.
    pub fn is_foreign(self) -> bool {
        self.tag() != "ko"
    }

    /// The language of that code; Korean where there is none.
    pub fn read(code: &str) -> Self {
        Lang::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or(Lang::Ko)
    }

    /// Its catalogue.
    pub fn words(self) -> &'static Words {
        &CATALOGUES[self as usize]
    }

    /// A day as its readers write it.
    pub fn day(self, day: Date) -> String {
        let (year, month, of_month) = (day.year(), day.month().of_year(), day.day());
        match self {
            Lang::Ko | Lang::Easy => day.korean(),
            Lang::Zh => format!("{year}年{month}月{of_month}日"),
            Lang::Vi => format!("{of_month:02}/{month:02}/{year}"),
            Lang::En => day.to_string(),
        }
    }
}

/// A sentence in its language, Korean words inside it marked as such for whoever listens. Finished mark-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Said {}

impl Lang {
    /// A text as it stands on a page of this language.
    pub fn said(self, text: &str) -> Said {
        if !self.is_foreign() {
            return Said(escaped(text));
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(from) = rest.find(is_hangul) {
            let korean = rest.get(from..).unwrap_or_default();
            // A run of Korean goes on over what stands between two of its words.
            let mut upto = 0;
            for (place, letter) in korean.char_indices() {
                if is_hangul(letter) {
                    upto = place + letter.len_utf8();
                } else if !matches!(letter, ' ' | '·' | ',' | '0'..='9') {
                    break;
                }
            }
            let (run, after) = korean.split_at(upto);
            out.push_str(&escaped(rest.get(..from).unwrap_or_default()));
            out.push_str(&format!("<span lang=\"ko\">{}</span>", escaped(run)));
            rest = after;
        }
        out.push_str(&escaped(rest));
        Said(out)
    }
}

fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

const FILES: [&str; 5] = [
    include_str!("../words/ko.yaml"),
    include_str!("../words/ko-easy.yaml"),
    include_str!("../words/en.yaml"),
    include_str!("../words/zh.yaml"),
    include_str!("../words/vi.yaml"),
];

static CATALOGUES: LazyLock<[Words; 5]> = LazyLock::new(|| FILES.map(Words::read));

/// One language's words.
#[derive(Debug, Default)]
pub struct Words {
    said: BTreeMap<String, String>,
    questions: BTreeMap<String, String>,
    options: BTreeMap<String, String>,
}

impl Words {
    /// A word of the pages. Tests see to it that every catalogue has it; without them it would show its key.
    pub fn say<'w>(&'w self, key: &'w str) -> &'w str {
        self.said.get(key).map_or(key, String::as_str)
    }

    /// A sentence with what goes into its braces.
    pub fn fill(&self, key: &str, parts: &[(&str, &str)]) -> String {
        parts.iter().fold(self.say(key).to_owned(), |text, (name, part)| text.replace(&format!("{{{name}}}"), part))
    }

    /// How a fact is asked in this language, where somebody translated it.
    pub fn question(&self, fact: &str) -> Option<&str> {
        self.questions.get(fact).map(String::as_str)
    }

    /// A word of a fact in this language, where somebody translated it.
    pub fn option(&self, word: &str) -> Option<&str> {
        self.options.get(word).map(String::as_str)
    }

    fn read(text: &str) -> Self {
        let mut problems = Problems::<Code>::default();
        let tree = iljari_authored::parse(&"words".into(), text, &mut problems);
        let mut words = Self::default();
        let Some(Yaml { value: Value::Map(parts), .. }) = tree else { return words };
        for part in parts {
            let into = match part.key.as_str() {
                "말" => &mut words.said,
                "물음" => &mut words.questions,
                "낱말" => &mut words.options,
                _ => continue,
            };
            let Value::Map(entries) = part.value.value else { continue };
            for entry in entries {
                if let Value::Scalar { text, .. } = entry.value.value {
                    into.insert(entry.key, text);
                }
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::shelf::Shelf;
    use crate::suitable;

    const USES: [&str; 6] = [
        include_str!("pages/suitable.rs"),
        include_str!("pages/suitable/result.rs"),
        include_str!("pages/suitable/fields.rs"),
        include_str!("../templates/programs/suitable.html"),
        include_str!("../templates/programs/suitable_result.html"),
        include_str!("../templates/programs/_suitable.html"),
    ];

    /// Words that are said by their key, and those whose key is chosen first.
    fn used() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for (text, call) in USES.iter().flat_map(|text| [(text, ".say(\""), (text, ".fill(\"")]) {
            keys.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
        let chosen =
            |literal: &&str| *literal == "turns" || literal.starts_with("fault-") || literal.starts_with("changes-");
        keys.extend(USES.iter().flat_map(|text| text.split('"').filter(chosen)).map(str::to_owned));
        keys
    }

    #[test]
    fn every_catalogue_has_the_words_of_the_pages_and_no_others() {
        let used = used();
        assert!(used.len() > 50, "{used:?}");
        for lang in Lang::ALL {
            let known: BTreeSet<String> = lang.words().said.keys().cloned().collect();
            assert_eq!(known, used, "{}", lang.code());
            assert!(lang.words().said.values().all(|text| !text.trim().is_empty()), "{}", lang.code());
        }
    }

    #[test]
    fn a_sentence_has_the_same_braces_in_every_language() {
        let braces = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
        };
        for (key, korean) in &Lang::Ko.words().said {
            for lang in Lang::ALL {
                assert_eq!(braces(lang.words().say(key)), braces(korean), "{key} in {}", lang.code());
            }
        }
    }

    #[test]
    fn every_question_of_a_real_shelf_is_translated_and_nothing_else_is() {
        let shelf = Shelf::built_in();
        let (mut facts, mut words) = (BTreeSet::new(), BTreeSet::new());
        for code in ["11200", "11215", "11230", "11380", "11620", "30110", "44270", "47250", "99001"] {
            for day in ["2021-06-30", "2023-11-01", "2024-11-01", "2026-03-01", "2026-11-26", "2027-03-02"] {
                let day = day.parse().expect("a day");
                let row = shelf.row(&code.parse().expect("a code"), day);
                for question in suitable::questions(&row.lots, day) {
                    facts.insert(question.name.clone());
                    words.extend(question.words().iter().cloned());
                }
            }
        }
        for lang in [Lang::En, Lang::Zh, Lang::Vi] {
            let catalogue = lang.words();
            let (asked, offered) = (catalogue.questions.keys().cloned(), catalogue.options.keys().cloned());
            assert_eq!(asked.collect::<BTreeSet<_>>(), facts, "{}", lang.code());
            assert_eq!(offered.collect::<BTreeSet<_>>(), words, "{}", lang.code());
        }
        let easy = Lang::Easy.words();
        assert!(easy.questions.keys().all(|fact| facts.contains(fact)) && easy.options.is_empty());
    }

    #[test]
    fn korean_inside_another_language_is_marked_and_nothing_becomes_mark_up() {
        let said = |lang: Lang, text: &str| lang.said(text).to_string();
        assert_eq!(said(Lang::En, "the pension (기초연금)?"), "the pension (<span lang=\"ko\">기초연금</span>)?");
        assert_eq!(
            said(Lang::Zh, "洞居民中心（동 주민센터）或"),
            "洞居民中心（<span lang=\"ko\">동 주민센터</span>）或"
        );
        assert_eq!(said(Lang::Vi, "<b> 가 2, 나 3 <i>"), "&lt;b&gt; <span lang=\"ko\">가 2, 나</span> 3 &lt;i&gt;");
        assert_eq!(said(Lang::Vi, "không có"), "không có");
        assert_eq!(said(Lang::Easy, "<가>"), "&lt;가&gt;");
    }

    #[test]
    fn a_language_is_known_by_its_code_and_anything_else_is_korean() {
        for lang in Lang::ALL {
            assert_eq!(Lang::read(lang.code()), lang);
        }
        assert_eq!(Lang::read("xx"), Lang::Ko);
        let day = "2026-12-04".parse().expect("a day");
        let days = Lang::ALL.map(|lang| lang.day(day));
        assert_eq!(days, ["2026년 12월 4일(금)", "2026년 12월 4일(금)", "2026-12-04", "2026年12月4日", "04/12/2026"]);
    }
}
