//! Sentences of change: what was, what is, with the particles that fit.

use std::collections::BTreeSet;

use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;

use super::{Change, ChangeKind};
use crate::plan::model::{Amount, Figure, won_text};
use iljari_authored::{Both, quoted, shortened};

/// A clause and where its changes go.
pub(super) struct Clause<'a> {
    changes: &'a mut Vec<Change>,
    name: Both,
}

impl<'a> Clause<'a> {
    pub(super) fn new(changes: &'a mut Vec<Change>, name: Both) -> Self {
        Self { changes, name }
    }

    fn push(&mut self, kind: ChangeKind, ko: String, en: String) {
        self.changes.push(Change { clause: self.name.clone(), kind, sentence: Both { ko, en } });
    }

    /// A short text that was, is, or changed.
    pub(super) fn text(&mut self, what: &Both, old: Option<&str>, new: Option<&str>) {
        if old == new {
            return;
        }
        let (ko, en) = (&what.ko, &what.en);
        match (old, new) {
            (Some(old), Some(new)) => {
                let subject = with_particle(ko, "이/가");
                let to = quoted(new, "으로/로");
                let old = shortened(old);
                let sentence = format!("{subject} '{old}'에서 {to} 바뀌었습니다");
                self.push(ChangeKind::Changed, sentence, format!("{en} changes from '{old}' to '{}'", shortened(new)));
            }
            (None, Some(new)) => {
                let added = quoted(new, "이/가");
                self.push(
                    ChangeKind::Added,
                    format!("{ko} {added} 생겼습니다"),
                    format!("{en} is added: '{}'", shortened(new)),
                );
            }
            (Some(old), None) => {
                let gone = quoted(old, "이/가");
                self.push(
                    ChangeKind::Removed,
                    format!("{ko} {gone} 없어졌습니다"),
                    format!("{en} is gone: '{}'", shortened(old)),
                );
            }
            (None, None) => {}
        }
    }

    /// A long text: that it changed, not how.
    pub(super) fn prose(&mut self, what: &Both, old: Option<&str>, new: Option<&str>) {
        if old == new {
            return;
        }
        let (subject, en) = (with_particle(&what.ko, "이/가"), &what.en);
        match (old, new) {
            (Some(_), Some(_)) => {
                self.push(ChangeKind::Changed, format!("{subject} 바뀌었습니다"), format!("{en} changes"))
            }
            (None, _) => self.push(ChangeKind::Added, format!("{subject} 생겼습니다"), format!("{en} is added")),
            (_, None) => self.push(ChangeKind::Removed, format!("{subject} 없어졌습니다"), format!("{en} is gone")),
        }
    }

    /// A list of names: each one that came or went.
    pub(super) fn list(&mut self, what: &Both, old: &[String], new: &[String]) {
        let before: BTreeSet<&String> = old.iter().collect();
        let now: BTreeSet<&String> = new.iter().collect();
        for gone in old.iter().filter(|name| !now.contains(name)) {
            self.text(what, Some(gone), None);
        }
        for added in new.iter().filter(|name| !before.contains(name)) {
            self.text(what, None, Some(added));
        }
    }

    /// A number, with how much it rose or fell, and the reason where the file gives one.
    pub(super) fn figure(&mut self, what: &Both, old: Option<&Figure>, new: Option<&Figure>) {
        let (ko, en) = (&what.ko, &what.en);
        let (before, now) = match (old, new) {
            (Some(before), Some(now)) => (before, now),
            (old, new) => {
                let text = |figure: Option<&Figure>| figure.map(Figure::text);
                self.text(what, text(old).as_deref(), text(new).as_deref());
                return;
            }
        };
        if before.amount == now.amount && before.exact == now.exact {
            self.source(what, before, now);
            return;
        }
        let subject = with_particle(ko, "이/가");
        let (from, to) = (before.text(), now.text());
        let toward = with_particle(&to, "으로/로");
        let reason = now.reason.as_deref();
        let because = reason.map(|reason| format!(" (까닭: {})", shortened(reason))).unwrap_or_default();
        let because_en = reason.map(|reason| format!(" ({})", shortened(reason))).unwrap_or_default();
        let (by, way, way_en) = match step(before, now) {
            Some((amount, true)) => (format!(" {amount}"), "늘었습니다", "rises"),
            Some((amount, false)) => (format!(" {amount}"), "줄었습니다", "falls"),
            None => (String::new(), "바뀌었습니다", "changes"),
        };
        self.push(
            ChangeKind::Changed,
            format!("{subject} {from}에서 {toward}{by} {way}{because}"),
            format!("{en} {way_en} from {from} to {to}{because_en}"),
        );
    }

    /// The same number from elsewhere is a change too: it stands on other feet.
    fn source(&mut self, what: &Both, before: &Figure, now: &Figure) {
        if before.sources != now.sources {
            let (ko, en) = (&what.ko, &what.en);
            let what = Both { ko: format!("{ko}의 출처"), en: format!("source of {en}") };
            let text = |figure: &Figure| Some(figure.sources.join(", ")).filter(|text| !text.is_empty());
            self.text(&what, text(before).as_deref(), text(now).as_deref());
        }
    }
}

/// How much, and whether upwards. `None` for amounts of different kinds.
fn step(before: &Figure, now: &Figure) -> Option<(String, bool)> {
    let (difference, text) = match (before.amount, now.amount) {
        (Amount::Count(one), Amount::Count(two)) => {
            let difference = two.checked_sub(one)?;
            (difference, format!("{}{}", grouped(difference.abs()), now.measure.counter()))
        }
        (Amount::Won(one), Amount::Won(two)) => {
            let difference = two.0.checked_sub(one.0)?;
            (difference, won_text(iljari_base::Won(difference.abs())))
        }
        (Amount::Percent(one), Amount::Percent(two)) => {
            let difference = two.fine().checked_sub(one.fine())?;
            let points = crate::plan::model::Percent::new(difference.abs(), 4)?.to_string();
            let digits = points.trim_end_matches('%').trim_end_matches('0').trim_end_matches('.').to_owned();
            (difference, format!("{digits} %p"))
        }
        _ => return None,
    };
    (difference != 0).then_some((text, difference > 0))
}
