//! The rules of a call, frozen (얼린 규칙): the file's text with its SHA-256.
//!
//! Owns: what a call keeps of its rules, and what an officer is told of a file that cannot be frozen. Does
//! not own: who may come through, the hash, the order of people (`rules::Frozen`). What a newcomer gets wrong: keeping a path to the file. A
//! published call keeps the text itself; the file may go on changing.

use std::sync::{Arc, Mutex, PoisonError};

use iljari_authored::{Lang, Severity, render_text};
use iljari_base::{Refusal, Stop};
use iljari_rules::{Frozen, Problem, Report, RuleHash, RuleSet, publishable};

/// A rule file as it was when somebody froze it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    text: String,
    sha256: String,
}

/// How many faults of a file are told at once.
const FAULTS_TOLD: usize = 3;

/// How many read rules stay in memory.
const READ_MAX: usize = 32;

/// Rules that were read before, by the hash of their text. One text says one thing for ever, and reading it takes longer
/// than all else that an application asks of them while everybody waits at the write door.
static READ: Mutex<Vec<(RuleHash, Arc<RuleSet>)>> = Mutex::new(Vec::new());

impl Rulebook {
    /// Freezes a rule file for a call. What `rules::publishable` finds keeps it from that: any error, no test case,
    /// a case that comes out otherwise, and what is only a warning in a draft of rules, such as a clause that no
    /// case fails at. A call that is published cannot be mended, so nothing doubtful goes into one.
    ///
    /// Refusals: `rules-not-sound` with the first faults, also where there is no score sheet to select by.
    pub fn freeze(text: &str) -> Result<Self, Refusal> {
        let (mut sets, report) = iljari_rules::check(&[("규칙", text.as_bytes())]);
        let refuse = |message: String| Refusal::new("rules-not-sound", "규칙 형식", message).at("rules");
        let faults = |problems: Vec<Problem>| {
            let count = problems.len();
            let told =
                Report { problems: problems.into_iter().take(FAULTS_TOLD).collect(), texts: report.texts.clone() };
            refuse(format!("규칙 파일에 고칠 곳이 {count}개 있습니다. {}", render_text(&told, Lang::Ko, false)))
        };
        let Some(rules) = sets.pop() else {
            return Err(faults(report.problems.iter().filter(|it| it.severity == Severity::Error).cloned().collect()));
        };
        let frozen = publishable(&rules).map_err(faults)?;
        if frozen.rules().scores.is_empty() {
            return Err(refuse("배점표가 없습니다. 점수로 뽑는 모집에는 배점이 있어야 합니다.".to_owned()));
        }
        Ok(Self { text: frozen.text().to_owned(), sha256: frozen.hash().to_string() })
    }

    /// What the database holds; nothing is checked before [`Rulebook::frozen`].
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

    /// The rules as frozen: what a selection needs. Refused where the text is no longer the one that was frozen
    /// (`rules-changed`), or where the hash itself is none (`bad-rules-hash`).
    pub fn frozen(&self) -> Result<Frozen, Refusal> {
        Frozen::open(&self.text, self.sha256.parse::<RuleHash>()?)
    }

    /// The rules, to judge one person by or to show. Refused as [`Rulebook::frozen`]: nobody is told something by
    /// rules that were not announced.
    pub fn open(&self) -> Result<Arc<RuleSet>, Stop> {
        let hash = self.sha256.parse::<RuleHash>()?;
        let read = |all: &[(RuleHash, Arc<RuleSet>)]| {
            all.iter().find(|(of, _)| *of == hash).map(|(_, rules)| Arc::clone(rules))
        };
        if let Some(rules) = read(&READ.lock().unwrap_or_else(PoisonError::into_inner))
            && RuleHash::of(&self.text) == hash
        {
            return Ok(rules);
        }
        let rules = Arc::new(self.frozen()?.into_rules());
        let mut all = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if read(&all).is_none() {
            all.truncate(READ_MAX - 1);
            all.insert(0, (hash, Arc::clone(&rules)));
        }
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = include_str!("../../../rules/gwangjin/donghaeng-2026-h1.yaml");
    const NARU: &str = include_str!("../../../rules/naru/donghaeng-2026-h1.yaml");
    const FAULTY: &str = include_str!("../../../rules/faulty/case-fails.yaml");

    #[test]
    fn sound_rules_freeze_and_open_and_a_changed_letter_is_noticed() {
        let frozen = Rulebook::freeze(SOUND).expect("sound");
        assert_eq!(frozen.open().expect("opens").id, "동행일자리");
        let changed = Rulebook::kept(frozen.text().replace("0.85", "0.95"), frozen.sha256().to_owned());
        assert_eq!(changed.frozen().map(|_| ()).map_err(|refusal| refusal.code), Err("rules-changed"));
        assert!(changed.open().is_err_and(|stop| stop.has("rules-changed")), "also while the others are in memory");
    }

    #[test]
    fn what_is_only_a_warning_in_a_draft_of_rules_keeps_a_call_from_freezing_them() {
        // Without the case at which the clause of income fails.
        let case = NARU.find("  - 이름: 소득이 1원 많은").expect("the case");
        let next = NARU.find("  - 이름: 다른 구에 살고").expect("the next");
        let draft = format!("{}{}", &NARU[..case], &NARU[next..]);
        let (sets, report) = iljari_rules::check(&[("규칙", &draft)]);
        assert_eq!((sets.len(), report.has_errors()), (1, false), "a draft of rules may stand so");
        assert!(Rulebook::freeze(NARU).is_ok());
        let refusal = Rulebook::freeze(&draft).expect_err("refused");
        assert_eq!((refusal.code, refusal.field), ("rules-not-sound", Some("rules")));
        assert!(refusal.message.contains("고칠 곳이"), "{}", refusal.message);
    }

    #[test]
    fn rules_whose_case_fails_cannot_be_frozen() {
        let refusal = Rulebook::freeze(FAULTY).expect_err("refused");
        assert_eq!((refusal.code, refusal.field), ("rules-not-sound", Some("rules")));
    }
}
