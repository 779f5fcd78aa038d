//! A frozen edition (고정본): rules that can be published and selected by, because nobody can change them.
//!
//! Owns: the canonical text of a set of rules, its SHA-256, and who may come through: sound, with test
//! cases, unchanged. Does not own: where a call keeps the text and the hash. What a newcomer gets
//! wrong: selecting by the file as it lies in a folder today. Only a [`Frozen`] can rank people.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use iljari_authored::{Severity, both};
use iljari_base::Refusal;
use sha2::{Digest, Sha256};

use crate::codes::Code;
use crate::eval::Person;
use crate::model::RuleSet;
use crate::rank::{self, Key, Ranked};
use crate::value::Value;
use crate::{Problem, Report, check};

/// SHA-256 of a set of rules (규칙의 해시): of its text without byte-order mark, lines ending in LF.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleHash([u8; 32]);

impl RuleHash {
    /// The hash of a rule file's text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(canonical(text).as_bytes()).into())
    }
}

impl fmt::Display for RuleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RuleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleHash({self})")
    }
}

impl FromStr for RuleHash {
    type Err = Refusal;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || Refusal::new("bad-rules-hash", "", "규칙의 해시는 16진수 64자리여야 합니다.");
        if text.len() != 64 || !text.is_ascii() {
            return Err(refused());
        }
        let mut bytes = [0_u8; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(place * 2..place * 2 + 2).ok_or_else(refused)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refused())?;
        }
        Ok(Self(bytes))
    }
}

/// The text as it is hashed: no byte-order mark, lines ending in LF whatever the editor wrote.
pub fn canonical(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

impl RuleSet {
    /// What names this very edition: a letter more, another hash.
    pub fn hash(&self) -> RuleHash {
        RuleHash::of(&self.text)
    }
}

/// Rules as a call froze them (고정본).
#[derive(Debug, Clone)]
pub struct Frozen {
    rules: RuleSet,
    hash: RuleHash,
}

impl Frozen {
    /// Opens what a call kept. Refused where the text is not the one that was frozen (`rules-changed`)
    /// or cannot be read without an error (`rules-unreadable`).
    pub fn open(text: &str, frozen: RuleHash) -> Result<Self, Refusal> {
        let found = RuleHash::of(text);
        if found != frozen {
            let message = format!(
                "공고한 뒤에 규칙이 바뀌어 이 규칙으로는 선발할 수 없습니다. 공고한 규칙 {frozen}, 지금 규칙 {found}."
            );
            return Err(Refusal::new("rules-changed", "공고에 고정한 규칙", message));
        }
        let (mut sets, report) = check(&[("고정한 규칙", text)]);
        match sets.pop() {
            Some(rules) if !report.has_errors() => Ok(Self { rules, hash: found }),
            _ => {
                let said = iljari_authored::render_text(&report, iljari_authored::Lang::Ko, false);
                Err(Refusal::new("rules-unreadable", "", format!("고정한 규칙을 읽을 수 없습니다.\n{said}")))
            }
        }
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The text to keep with the call.
    pub fn text(&self) -> &str {
        &self.rules.text
    }

    /// The hash to keep with the call.
    pub fn hash(&self) -> RuleHash {
        self.hash
    }

    /// Refuses other rules than the frozen ones (`rules-changed`), for whoever still holds a [`RuleSet`].
    pub fn is_same(&self, rules: &RuleSet) -> Result<(), Refusal> {
        Self::open(&rules.text, self.hash).map(|_| ())
    }

    /// Points, order and what decided it, in the order in which the people were given.
    pub fn rank(&self, people: &[Person]) -> Vec<Ranked> {
        rank::rank(&self.rules, people)
    }

    /// Places by each tie-break from its values; a row for each person, in the order in which they were given.
    /// With her points they are all that [`Frozen::order`] needs, also after the values are destroyed.
    pub fn tie_places(&self, values: &[Vec<Option<Value>>]) -> Vec<Vec<i64>> {
        rank::places(&self.rules, values)
    }

    /// Who stands before whom; equal where nothing in the rules tells them apart.
    pub fn order(&self, one: &Key, other: &Key) -> Ordering {
        rank::stands(one, other)
    }

    /// The rules alone, for whoever reads them and ranks nobody.
    pub fn into_rules(self) -> RuleSet {
        self.rules
    }
}

/// Freezes rules for a call, or says everything that keeps them from being published: any error, no
/// test case, a case that comes out otherwise, and what the checker only warns of, such as a clause
/// that no case fails at. The text is read again: a set that was read with errors has lost clauses.
pub fn publishable(rules: &RuleSet) -> Result<Frozen, Vec<Problem>> {
    let (mut sets, report): (Vec<RuleSet>, Report) = check(&[(&*rules.place.file, &*rules.text)]);
    let against: Vec<Problem> =
        report.problems.into_iter().filter(|problem| problem.severity != Severity::Note).collect();
    match sets.pop() {
        Some(read) if against.is_empty() => Ok(Frozen { hash: read.hash(), rules: read }),
        _ if against.is_empty() => {
            let title = both!("규칙을 다시 읽을 수 없습니다", "the rules cannot be read again");
            Err(vec![Problem::new(Code::YamlSyntax, &rules.place, title)])
        }
        _ => Err(against),
    }
}

/// The text of a set behind a pointer that many may hold.
pub(crate) fn kept(text: &str) -> Arc<str> {
    Arc::from(canonical(text))
}
