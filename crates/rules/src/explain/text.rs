//! The explanation in words (사유의 글): one text for officers, one that a resident understands.
//!
//! Owns: Korean sentences around what was found. Does not own: anything found. What a newcomer gets
//! wrong: showing points of an example sheet without saying so. The mark stands beside every total.

use std::fmt::Write as _;

use iljari_base::korean::with_particle;

use super::Explanation;
use crate::eval::ItemPoints;
use crate::model::{Outcome, RuleSet};
use crate::value::Truth;

/// The answer for a resident (쉬운 설명): short sentences, nothing about conditions and terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// What it comes to, in a sentence.
    pub headline: String,
    /// Why, a sentence each: what is broken and what it would take, or what is not known yet.
    pub because: Vec<String>,
    /// Documents still to be brought, with what for.
    pub to_bring: Vec<String>,
    /// What changes by itself or was changed lately.
    pub later: Vec<String>,
}

impl Explanation {
    /// The explanation for the person herself.
    pub fn plain(&self, rules: &RuleSet) -> Plain {
        let headline = match self.outcome {
            Outcome::Eligible => "알려 주신 대로라면 신청할 수 있습니다.",
            Outcome::Conditional => "안 되는 까닭은 아직 없습니다. 아래를 확인하면 신청할 수 있는지 정해집니다.",
            Outcome::NotEligible => "지금은 신청할 수 없습니다.",
        };
        let (mut because, mut later) = (Vec::new(), Vec::new());
        for reason in &self.reasons {
            let Some(clause) = rules.clauses.get(reason.clause) else { continue };
            if !reason.is_asked {
                if let Some(upto) = clause.upto.filter(|upto| *upto < rules.from) {
                    later.push(format!("{upto}까지 보던 조건은 이제 보지 않습니다: {}.", clause.name));
                }
                continue;
            }
            match reason.truth {
                Truth::Met => {}
                Truth::NotMet => {
                    let mut sentence = format!("‘{}’라는 조건에 맞지 않습니다.", clause.name);
                    for remedy in &reason.remedy {
                        let _ = write!(sentence, " {}.", remedy.trim_end_matches('.'));
                    }
                    because.push(sentence);
                    later.extend(reason.turns.as_ref().map(|(_, _, sentence)| format!("{sentence}.")));
                }
                Truth::Unknown if self.outcome == Outcome::Conditional => {
                    because.push(format!("‘{}’라는 조건은 아직 확인하지 못했습니다.", clause.name));
                }
                Truth::Unknown => {}
            }
        }
        if self.outcome != Outcome::NotEligible {
            later.extend(self.changes.iter().map(|(_, _, sentence)| format!("{sentence}.")));
        }
        let mut to_bring = Vec::new();
        for document in &self.to_bring {
            let facts: Vec<&str> = self
                .missing
                .iter()
                .filter_map(|place| rules.facts.get(*place))
                .filter(|fact| fact.document == *document)
                .map(|fact| fact.name.as_str())
                .collect();
            to_bring.push(format!("{document} ({} 확인)", facts.join(", ")));
        }
        for stale in &self.stale {
            let Some(fact) = rules.facts.get(stale.fact) else { continue };
            let fact = with_particle(&fact.name, "을/를");
            because.push(format!("{fact} 보여 주는 {} 서류는 {}일이 지나 새로 필요합니다.", stale.dated, stale.days));
        }
        Plain { headline: headline.to_owned(), because, to_bring, later }
    }

    /// The explanation as lines a person reads, the score sheet behind it where there is one.
    pub fn text(&self, rules: &RuleSet, points: &[ItemPoints]) -> String {
        let mut out = format!("{} · {}: {}\n", rules.name, rules.edition, self.outcome.korean());
        for reason in &self.reasons {
            let Some(clause) = rules.clauses.get(reason.clause) else { continue };
            if !reason.is_asked {
                let days = match (clause.from, clause.upto) {
                    (_, Some(upto)) if upto < rules.from => format!("{upto}까지 보던 조건"),
                    (from, upto) => {
                        let day = |day: Option<iljari_base::Date>| day.map(|day| day.to_string()).unwrap_or_default();
                        format!("{} ~ {}에만 보는 조건", day(from), day(upto))
                    }
                };
                let _ = writeln!(out, "  [보지 않음] {} ({days})", clause.name);
                continue;
            }
            let _ = writeln!(out, "  [{}] {}{}", reason.truth, clause.name, parenthesised(&clause.basis));
            for (used, value) in &reason.used {
                let Some(fact) = rules.facts.get(*used) else { continue };
                let proof = self.proofs.iter().find(|(place, _, _)| place == used);
                let by = match proof {
                    Some((_, proof, Some(last))) => {
                        format!("{}, {} 자, {last}까지 씁니다", proof.document, proof.dated)
                    }
                    Some((_, proof, None)) => format!("{}, {} 자", proof.document, proof.dated),
                    None => fact.document.clone(),
                };
                let _ = writeln!(out, "      {}: {value}{}", fact.name, parenthesised(&by));
            }
            for (name, value, from, source) in &reason.references {
                let _ = writeln!(out, "      {name}: {value} ({from}부터, {source})");
            }
            for place in &reason.missing {
                let Some(fact) = rules.facts.get(*place) else { continue };
                let old = self.stale.iter().find(|stale| stale.fact == *place);
                let old = old.map(|old| format!(". {} 자 서류는 {}일이 지났습니다", old.dated, old.days));
                let (name, by) = (&fact.name, parenthesised(&fact.document));
                let _ = writeln!(out, "      아직 모름: {name}{by}{}", old.unwrap_or_default());
            }
            for remedy in &reason.remedy {
                let _ = writeln!(out, "      바뀌려면: {remedy}");
            }
            if let Some((_, _, sentence)) = &reason.turns {
                let _ = writeln!(out, "      저절로: {sentence}");
            }
        }
        if let Some((_, _, sentence)) = &self.changes {
            let _ = writeln!(out, "  {sentence}");
        }
        if !self.documents.is_empty() {
            let _ = writeln!(out, "  필요한 서류: {}", self.documents.join(", "));
        }
        if !self.to_bring.is_empty() {
            let _ = writeln!(out, "  아직 확인할 서류: {}", self.to_bring.join(", "));
        }
        if !points.is_empty() {
            let (least, most) =
                (points.iter().map(|item| item.least).sum::<i64>(), points.iter().map(|item| item.most).sum::<i64>());
            let span = if least == most { format!("{least}점") } else { format!("{least}~{most}점") };
            let example = if rules.scores_are_sample { " (예시 배점표)" } else { "" };
            let _ = writeln!(out, "  점수: {span}{example}");
            for (item, got) in rules.scores.iter().zip(points) {
                let label =
                    got.row.and_then(|row| item.rows.get(row)).map_or("아직 모름", |row| row.label.as_str());
                let span =
                    if got.least == got.most { got.least.to_string() } else { format!("{}~{}", got.least, got.most) };
                let _ = writeln!(out, "      {}: {label} → {span}점", item.name);
            }
        }
        out
    }
}

fn parenthesised(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}
