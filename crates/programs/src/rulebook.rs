//! The rules of a call, frozen (얼린 규칙): the file's text with its SHA-256.
//!
//! Owns: that rules with a fault cannot be frozen, and that a text changed afterwards cannot be used.
//! Does not own: what rules mean (`rules`). What a newcomer gets wrong: keeping a path to the file. A
//! published call keeps the text itself; the file may go on changing.

use std::fmt::Write as _;

use iljari_authored::{Lang, Severity, render_text};
use iljari_base::{Failure, Inconsistency, Refusal, Stop};
use iljari_rules::{RuleHash, RuleSet};

/// A rule file as it was when somebody froze it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    text: String,
    sha256: String,
}

/// How many faults of a file are told at once.
const FAULTS_TOLD: usize = 3;

impl Rulebook {
    /// Freezes a rule file. Refused with its first faults where the check finds any, where it has no test
    /// case, or where a case does not come out as written.
    pub fn freeze(text: &str) -> Result<Self, Refusal> {
        let (mut sets, mut report) = iljari_rules::check(&[("규칙", text.as_bytes())]);
        let refuse = |message: String| Refusal::new("rules-not-sound", "규칙 형식", message).at("rules");
        let errors = report.count(Severity::Error);
        if errors > 0 {
            report.problems.retain(|problem| problem.severity == Severity::Error);
            report.problems.truncate(FAULTS_TOLD);
            let mut message = format!("규칙 파일에 고칠 곳이 {errors}개 있습니다. ");
            let _ = write!(message, "{}", render_text(&report, Lang::Ko, false));
            return Err(refuse(message));
        }
        match sets.pop() {
            Some(rules) if rules.cases.is_empty() => {
                Err(refuse("시험이 하나도 없는 규칙으로는 공고할 수 없습니다.".to_owned()))
            }
            Some(rules) if rules.scores.is_empty() => {
                Err(refuse("배점표가 없습니다. 점수로 뽑는 모집에는 배점이 있어야 합니다.".to_owned()))
            }
            Some(rules) => Ok(Self { text: text.to_owned(), sha256: rules.hash().to_string() }),
            None => Err(refuse("규칙 파일을 읽지 못했습니다.".to_owned())),
        }
    }

    /// What the database holds; nothing is checked before [`Rulebook::open`].
    pub fn kept(text: String, sha256: String) -> Self {
        Self { text, sha256 }
    }

    /// The text as frozen.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The rules. A text that no longer has its hash is an inconsistency: nobody may be selected by it.
    pub fn open(&self) -> Result<RuleSet, Stop> {
        if RuleHash::of(&self.text).to_string() != self.sha256 {
            let row = self.sha256.clone();
            return Err(Inconsistency { table: "program_call", column: "rules_text".to_owned(), row }.into());
        }
        let (mut sets, _) = iljari_rules::check(&[("규칙", self.text.as_bytes())]);
        sets.pop().ok_or_else(|| Failure::new("frozen rules could not be read").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = include_str!("../../../rules/gwangjin/donghaeng-2026-h1.yaml");
    const FAULTY: &str = include_str!("../../../rules/faulty/case-fails.yaml");

    #[test]
    fn sound_rules_freeze_and_open_and_a_changed_letter_is_noticed() {
        let frozen = Rulebook::freeze(SOUND).expect("sound");
        assert_eq!(frozen.open().expect("opens").id, "동행일자리");
        let changed = Rulebook::kept(frozen.text().replace("0.85", "0.95"), frozen.sha256().to_owned());
        assert!(matches!(changed.open(), Err(Stop::Inconsistent(_))));
    }

    #[test]
    fn rules_whose_case_fails_cannot_be_frozen() {
        let refusal = Rulebook::freeze(FAULTY).expect_err("refused");
        assert_eq!((refusal.code, refusal.field), ("rules-not-sound", Some("rules")));
    }
}
