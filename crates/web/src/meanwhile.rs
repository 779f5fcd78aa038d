//! Two who change one text (그 사이에 바뀐 글): the second is shown both, and nothing of either is lost.
//!
//! Owns: the version that a form carries, the question whether what it was opened on still stands, and both texts side
//! by side. Does not own: any text. What a newcomer gets wrong: asking before the act. Ask inside of it, on the rows
//! that it is about to change; writes come one after the other, so nobody comes between the question and the change.
//!
//! A version is the hash of what the form showed, so it needs no column and no act can forget to raise it: where the
//! same text stands again, nothing is lost by saving. It lies nowhere but in the page. A form without one (a script) is
//! not asked, and overwrites like a form that was opened this moment.

use iljari_base::{Refusal, Stop};
use sha2::{Digest as _, Sha256};

use crate::digest::take;
use crate::form::Typed;

/// The hidden field that carries the version.
const FIELD: &str = "version";

/// The code of the refusal.
const CODE: &str = "changed-meanwhile";

/// What a form knows of the text that it changes (그 사이에 바뀐 것).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meanwhile {
    /// The version that saving will be held against; empty for a form that changes nothing that is there.
    pub version: String,
    /// What differs, where somebody changed it in the meantime.
    pub rows: Vec<Differs>,
}

/// One field that two people filled differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// What the field is called.
    pub label: String,
    /// What is kept now.
    pub theirs: String,
    /// What this form says.
    pub mine: String,
}

/// The version of what a form shows.
fn version_of(shown: &Typed) -> String {
    let mut hash = Sha256::new();
    for (name, value) in shown.pairs() {
        take(&mut hash, name.as_bytes());
        take(&mut hash, value.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Refuses where the form was opened on something else than what stands now.
pub fn unchanged(sent: &Typed, now: &Typed) -> Result<(), Refusal> {
    let opened_on = sent.get(FIELD);
    if opened_on.is_empty() || opened_on == version_of(now) {
        return Ok(());
    }
    let message = "그 사이에 다른 담당자가 고쳐서 저장하지 않았습니다. 아래에 두 글이 나란히 있습니다. \
                   적으신 것은 그대로 남아 있으니, 견주어 고친 뒤 다시 저장해 주세요.";
    Err(Refusal::new(CODE, "", message))
}

/// Whether the act was refused because somebody else changed the text.
pub fn is_changed(stop: &Stop) -> bool {
    stop.has(CODE)
}

impl Meanwhile {
    /// For a form that shows this.
    pub fn opened_on(shown: &Typed) -> Self {
        Self { version: version_of(shown), rows: Vec::new() }
    }

    /// For a form that comes back for another reason.
    pub fn as_sent(sent: &Typed) -> Self {
        Self { version: sent.get(FIELD).to_owned(), rows: Vec::new() }
    }

    /// For a form that comes back because the text changed: saving again overwrites what stands now. The labels name
    /// the fields that are compared.
    pub fn compared(now: &Typed, sent: &Typed, labels: &[(&str, &str)]) -> Self {
        Self::compared_in_words(now, sent, Typed::clone, labels)
    }

    /// The same, where the fields hold codes: both are compared and shown in words.
    pub fn compared_in_words(
        now: &Typed,
        sent: &Typed,
        words: impl Fn(&Typed) -> Typed,
        labels: &[(&str, &str)],
    ) -> Self {
        let (theirs, mine) = (words(now), words(sent));
        let text = |typed: &Typed, name: &str| {
            let lines = typed.all(name).join(", ").replace("\r\n", "\n");
            lines.trim().to_owned()
        };
        let rows = labels
            .iter()
            .map(|(name, label)| Differs {
                label: (*label).to_owned(),
                theirs: text(&theirs, name),
                mine: text(&mine, name),
            })
            .filter(|row| row.theirs != row.mine)
            .collect();
        Self { version: version_of(now), rows }
    }

    /// For samples: a form that comes back with so many fields changed.
    pub fn sample(rows: usize) -> Self {
        let row = |nth: usize| Differs {
            label: format!("칸 {nth}"),
            theirs: "다른 담당자가 적은 글입니다. ".repeat(nth),
            mine: if nth == 1 { String::new() } else { "제가 적은 글입니다.\n둘째 줄입니다.".to_owned() },
        };
        Self { version: "5f".repeat(32), rows: (1..=rows).map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Typed {
        Typed::new().with("title", "공고").with("body", "첫 줄\n둘째 줄").with("duty", "record").with("duty", "confirm")
    }

    #[test]
    fn who_saves_on_an_older_text_is_told_and_who_saves_on_this_one_is_not() {
        let opened = Meanwhile::opened_on(&kept());
        let sent = Typed::new().with("title", "새 공고").with("version", &opened.version);
        assert_eq!(unchanged(&sent, &kept()), Ok(()));
        let changed = kept().with("body", "셋째 줄");
        let stop = Stop::from(unchanged(&sent, &changed).expect_err("changed"));
        assert!(is_changed(&stop));
        assert_eq!(crate::page_error::status_of(&stop).as_u16(), 412);
        assert_eq!(unchanged(&Typed::new(), &changed), Ok(()), "a script that knows of no version");
    }

    #[test]
    fn both_texts_stand_side_by_side_and_the_next_saving_is_held_against_the_new_one() {
        let sent = Typed::new().with("title", "새 공고").with("body", "첫 줄\r\n둘째 줄\r\n").with("duty", "record");
        let labels = [("title", "제목"), ("body", "글"), ("duty", "업무")];
        let compared = Meanwhile::compared(&kept(), &sent, &labels);
        let told: Vec<_> =
            compared.rows.iter().map(|row| (row.label.as_str(), row.theirs.as_str(), row.mine.as_str())).collect();
        assert_eq!(told, [("제목", "공고", "새 공고"), ("업무", "record, confirm", "record")]);
        assert_eq!(unchanged(&sent.with("version", compared.version), &kept()), Ok(()));
    }

    #[test]
    fn a_version_tells_fields_apart() {
        let one = Typed::new().with("a", "bc").with("d", "");
        let other = Typed::new().with("ab", "c").with("d", "");
        assert_ne!(version_of(&one), version_of(&other));
    }
}
