//! What a change of rules would do (규칙 변경 미리보기): who would flip, how, and by which clause.
//!
//! Owns: comparing two editions on open rounds (all facts), closed rounds (`closed`, what is left of
//! them) and invented people (`invented`). Does not own: deciding whether the change is wanted. What a
//! newcomer gets wrong: answering for closed rounds where the kept brackets do not decide. That is
//! '알 수 없음', and it is counted as such.

mod closed;
mod invented;
mod spell;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iljari_base::Date;

pub use closed::ClosedRow;
pub use invented::invented;

use crate::eval::{self, Person};
use crate::model::{Outcome, RuleSet};
use crate::rank::rank;
use crate::value::{Kind, Truth, Value};

/// Somebody of an open round, as both editions see her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    /// 접수번호, or 예시 with a number.
    pub label: String,
    /// By the facts of the old rules.
    pub before: Person,
    /// By the facts of the new ones.
    pub after: Person,
}

/// One person under both editions (한 사람의 앞뒤).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// 접수번호, or 예시 with a number.
    pub label: String,
    /// Under the old rules.
    pub before: Outcome,
    /// Under the new ones; `None` is '알 수 없음'.
    pub after: Option<Outcome>,
    /// Ids of the clauses that made the difference: newly broken, or no longer broken or undecided.
    pub clauses: Vec<String>,
    /// Least and most points under the old rules.
    pub points_before: (i64, i64),
    /// Least and most points under the new ones.
    pub points_after: (i64, i64),
    /// Rank under the old rules, where there is one.
    pub rank_before: Option<usize>,
    /// Rank under the new ones, where there is one.
    pub rank_after: Option<usize>,
}

impl Change {
    /// Whether the outcome is another, for certain.
    pub fn flips(&self) -> bool {
        self.after.is_some_and(|after| after != self.before)
    }
}

/// What a change of rules would do to a number of people (미리보기).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// In the order in which they were given.
    pub changes: Vec<Change>,
    /// Whether ranks were compared: not where it is not known of somebody whether she would be ranked, or with what.
    pub ranks_known: bool,
}

/// The person with the call's own days filled in: where a table does not say 사업시작일, it is the day
/// that is judged.
pub fn on_the_day(rules: &RuleSet, mut person: Person) -> Person {
    for (fact, known) in rules.facts.iter().zip(&mut person.facts) {
        if fact.from_call && fact.kind == Kind::Date && known.is_none() {
            *known = Some(Value::Date(person.as_of));
        }
    }
    person
}

/// The two editions on people whose facts are all at hand.
pub fn open(old: &RuleSet, new: &RuleSet, rows: &[OpenRow]) -> Preview {
    let (befores, afters): (Vec<Person>, Vec<Person>) =
        rows.iter().map(|row| (row.before.clone(), row.after.clone())).unzip();
    let (old_ranks, new_ranks) = (rank(old, &befores), rank(new, &afters));
    let ranked = rows.iter().zip(old_ranks.iter().zip(&new_ranks));
    let changes = ranked.map(|(row, (before, after))| {
        let (was, is) = (truths(old, &row.before), truths(new, &row.after));
        Change {
            label: row.label.clone(),
            before: before.outcome,
            after: Some(after.outcome),
            clauses: if before.outcome == after.outcome { Vec::new() } else { differing(&was, &is) },
            points_before: before.points,
            points_after: after.points,
            rank_before: before.rank,
            rank_after: after.rank,
        }
    });
    Preview { changes: changes.collect(), ranks_known: true }
}

/// The two editions on a closed round, of which only verdicts, brackets and points are left. Ranks are
/// compared where the points of all who stay eligible are certain.
pub fn closed(old: &RuleSet, new: &RuleSet, as_of: Date, rows: &[ClosedRow]) -> Preview {
    let mut changes: Vec<Change> = rows.iter().map(|row| closed::change(old, new, as_of, row)).collect();
    let certain = |change: &Change| match change.after {
        None => false,
        Some(Outcome::Eligible) => change.points_after.0 == change.points_after.1,
        Some(_) => true,
    };
    let ranks_known = changes.iter().all(certain);
    if ranks_known {
        let points: Vec<Option<i64>> = changes
            .iter()
            .map(|change| (change.after == Some(Outcome::Eligible)).then_some(change.points_after.0))
            .collect();
        for (change, mine) in changes.iter_mut().zip(&points) {
            // Equal points share a rank: what broke the tie is no longer kept.
            change.rank_after = mine.map(|mine| 1 + points.iter().flatten().filter(|other| **other > mine).count());
        }
    }
    Preview { changes, ranks_known }
}

fn truths<'r>(rules: &'r RuleSet, person: &Person) -> BTreeMap<&'r str, Truth> {
    let each = rules.clauses.iter();
    each.map(|clause| (clause.id.as_str(), eval::clause_truth(rules, person, clause).0)).collect()
}

/// Clauses that are kept in one edition and not in the other; one that is not there is kept.
fn differing(was: &BTreeMap<&str, Truth>, is: &BTreeMap<&str, Truth>) -> Vec<String> {
    let mut ids: Vec<&str> = was.keys().chain(is.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let at = |truths: &BTreeMap<&str, Truth>, id: &str| truths.get(id).copied().unwrap_or(Truth::Met);
    ids.into_iter().filter(|id| at(was, id) != at(is, id)).map(str::to_owned).collect()
}

impl Preview {
    /// How many people go from which outcome to which; `None` is '알 수 없음'.
    pub fn counts(&self) -> Vec<(Outcome, Option<Outcome>, usize)> {
        let mut counts: Vec<(Outcome, Option<Outcome>, usize)> = Vec::new();
        let all = [Outcome::Eligible, Outcome::Conditional, Outcome::NotEligible];
        for before in all {
            for after in all.map(Some).into_iter().chain([None]) {
                let count =
                    self.changes.iter().filter(|change| change.before == before && change.after == after).count();
                if count > 0 {
                    counts.push((before, after, count));
                }
            }
        }
        counts
    }

    /// Those whose outcome is another.
    pub fn flips(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.flips())
    }

    /// As lines a person reads: the counts, those who flip, and those whose points or rank move.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (before, after, count) in self.counts() {
            let after = after.map_or("알 수 없음", Outcome::korean);
            let _ = writeln!(out, "{} → {after}: {count}명", before.korean());
        }
        for change in self.flips() {
            let after = change.after.map_or("알 수 없음", Outcome::korean);
            let by = if change.clauses.is_empty() { "-".to_owned() } else { change.clauses.join(", ") };
            let _ = writeln!(out, "  {}: {} → {after} (조항 {by})", change.label, change.before.korean());
        }
        let span = |(least, most): (i64, i64)| {
            if least == most { format!("{least}점") } else { format!("{least}~{most}점") }
        };
        let place = |rank: Option<usize>| match rank {
            _ if !self.ranks_known => String::new(),
            None => " 순위 없음".to_owned(),
            Some(rank) => format!(" {rank}위"),
        };
        for change in &self.changes {
            let moves = self.ranks_known && change.rank_before != change.rank_after;
            if change.points_before != change.points_after || moves {
                let _ = writeln!(
                    out,
                    "  {}: {}{} → {}{}",
                    change.label,
                    span(change.points_before),
                    place(change.rank_before),
                    span(change.points_after),
                    place(change.rank_after)
                );
            }
        }
        if !self.ranks_known {
            out.push_str("순위는 견주지 않았습니다. 결과나 점수를 알 수 없는 사람이 있습니다.\n");
        }
        out
    }
}
