//! The verdict on an applicant (판정): the frozen rules over what is known, by origin.
//!
//! Owns: which origin counts, what contradicts what, and which documents are still missing. Does not own:
//! the rules' own logic (`rules`). What a newcomer gets wrong: taking a word for a proof. At screening a
//! fact that a document must prove is not known until the document or a look-up has been seen.

use iljari_base::Date;
use iljari_rules::eval::{self, ItemPoints, Person};
use iljari_rules::model::Fact;
use iljari_rules::{Outcome, RuleSet, Truth, Value, explain};

use crate::application::{Evidence, Origin};
use crate::model::Call;

/// The fact that the call itself says.
const FIRST_DAY: &str = "사업시작일";
/// The fact that the resident's record says.
pub const BIRTH: &str = "생년월일";
/// The word by which a fact says that the office looks it up.
pub const LOOKED_UP: &str = "조회";
/// The same, for what other offices keep.
const OFFICE_ASKS: &str = "구청이 확인";
/// The id under which the look-up of other programs stands among the clauses.
pub const DUPLICATE: &str = "중복참여";

/// What has to stand behind a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The applicant's word is enough: at the counter.
    Word,
    /// A document or a look-up: from screening on.
    Seen,
}

/// One clause, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseVerdict {
    /// Its id.
    pub id: String,
    /// What it asks.
    pub name: String,
    /// Its article.
    pub basis: String,
    /// Kept or not.
    pub truth: Truth,
    /// What would change it.
    pub remedy: Vec<String>,
}

/// The verdict.
#[derive(Clone, PartialEq, Eq)]
pub struct Judged {
    /// What comes out.
    pub outcome: Outcome,
    /// Clause by clause.
    pub clauses: Vec<ClauseVerdict>,
    /// Documents that are still missing.
    pub missing: Vec<String>,
    /// What contradicts what, in a sentence each.
    pub conflicts: Vec<String>,
    /// The score sheet, item by item.
    pub points: Vec<ItemPoints>,
    /// What decides between equal points: the value of each tie-break, where it is known.
    pub ties: Vec<Option<Value>>,
    /// When time by itself changes the outcome.
    pub changes: Option<(Date, Outcome, String)>,
}

impl Judged {
    /// The ids of clauses that are not kept: the codes that stay.
    pub fn broken(&self) -> Vec<String> {
        self.clauses.iter().filter(|clause| clause.truth != Truth::Met).map(|clause| clause.id.clone()).collect()
    }

    /// The points that are certain. An item that is not proven gives nothing, and no deduction either.
    pub fn total(&self) -> i64 {
        self.points.iter().map(certain).sum()
    }
}

/// An item's points that are certain: what is not proven gives nothing, and takes nothing away.
pub fn certain(item: &ItemPoints) -> i64 {
    item.least.max(0).min(item.most)
}

/// Whether the office looks a fact up, instead of asking for a paper.
pub fn is_looked_up(fact: &Fact) -> bool {
    fact.document.contains(LOOKED_UP) || fact.document.contains(OFFICE_ASKS)
}

/// A fact's text with where it comes from; `None` where nothing that counts says it.
pub fn fact_text<'e>(fact: &Fact, evidence: &'e Evidence, proof: Proof) -> Option<(Origin, &'e str)> {
    let said = |origin: Origin| {
        let of = match origin {
            Origin::Declared => &evidence.declared,
            Origin::LookUp => &evidence.look_up,
            Origin::Document => &evidence.document,
        };
        of.facts.get(&fact.name).map(|text| (origin, text.as_str()))
    };
    let proven = said(Origin::Document).or_else(|| said(Origin::LookUp));
    let declared_counts = proof == Proof::Word || fact.document.is_empty() || evidence.seen.contains(&fact.document);
    proven.or_else(|| if declared_counts { said(Origin::Declared) } else { None })
}

/// Judges.
pub fn judge(call: &Call, rules: &RuleSet, evidence: &Evidence, proof: Proof) -> Judged {
    let mut conflicts = Vec::new();
    let known: Vec<Option<Value>> = rules
        .facts
        .iter()
        .map(|fact| {
            if fact.from_call {
                return (fact.name == FIRST_DAY).then_some(Value::Date(call.terms.work_first_on));
            }
            conflicts.extend(conflict(fact, evidence));
            fact_text(fact, evidence, proof).and_then(|(_, text)| fact.kind.read(text).ok())
        })
        .collect();
    let person = Person { facts: known, as_of: call.terms.as_of_on };
    let explained = explain(rules, &person);
    let mut clauses = Vec::new();
    for (clause, reason) in rules.clauses.iter().zip(&explained.reasons) {
        let looked = evidence.look_up.clauses.get(&clause.id).copied().filter(|truth| *truth != Truth::Unknown);
        let truth = match (reason.truth, looked) {
            // What the figures do not decide, the look-up's own answer does.
            (Truth::Unknown, Some(answer)) => answer,
            (computed, Some(answer)) if computed != answer => {
                conflicts.push(format!(
                    "‘{}’: 적힌 값으로는 {computed}, 조회 결과는 {answer}입니다. 어느 쪽이 맞는지 확인해 주세요.",
                    clause.name
                ));
                computed
            }
            (computed, _) => computed,
        };
        clauses.push(ClauseVerdict {
            id: clause.id.clone(),
            name: clause.name.clone(),
            basis: clause.basis.clone(),
            truth,
            remedy: reason.remedy.clone(),
        });
    }
    // Nobody is paid by two programs at once. Before a look-up it is not asked.
    if let Some(truth) = evidence.look_up.duplicate {
        clauses.push(ClauseVerdict {
            id: DUPLICATE.to_owned(),
            name: "다른 재정지원 일자리에 참여하고 있지 않습니다".to_owned(),
            basis: "재정지원 일자리 중복참여 제한".to_owned(),
            truth,
            remedy: vec!["지금 참여하는 사업이 끝난 뒤에 신청할 수 있습니다".to_owned()],
        });
    }
    let all = clauses.iter().fold(Truth::Met, |all, clause| all.and(clause.truth));
    let outcome = Outcome::from(all);
    Judged {
        outcome,
        missing: missing(rules, evidence, proof, &explained.missing),
        conflicts,
        points: eval::points(rules, &person),
        ties: rules.ties.iter().map(|tie| eval::value(rules, &person, &tie.subject).ok()).collect(),
        changes: explained.changes,
        clauses,
    }
}

fn conflict(fact: &Fact, evidence: &Evidence) -> Option<String> {
    let said = [(&evidence.declared, "본인"), (&evidence.look_up, "조회"), (&evidence.document, "서류")];
    let read: Vec<(&str, Value)> = said
        .into_iter()
        .filter_map(|(said, who)| Some((who, fact.kind.read(said.facts.get(&fact.name)?).ok()?)))
        .collect();
    let (first, rest) = read.split_first()?;
    // A document settles what the others said.
    if rest.iter().all(|(_, value)| *value == first.1) || read.iter().any(|(who, _)| *who == "서류") {
        return None;
    }
    let won = fact.kind == iljari_rules::Kind::Won;
    let each: Vec<String> = read.iter().map(|(who, value)| format!("{who} {}", value.text(won))).collect();
    Some(format!("‘{}’에 적힌 것이 서로 다릅니다: {}.", fact.name, each.join(", ")))
}

/// The documents for every fact that could still decide or give points, without repeats.
fn missing(rules: &RuleSet, evidence: &Evidence, proof: Proof, wanted: &[usize]) -> Vec<String> {
    let mut documents: Vec<String> = Vec::new();
    for (place, fact) in rules.facts.iter().enumerate() {
        let unproven = fact_text(fact, evidence, proof).is_none() && !fact.from_call;
        let asked = wanted.contains(&place) || evidence.declared.facts.contains_key(&fact.name);
        if unproven && asked && !fact.document.is_empty() && !documents.contains(&fact.document) {
            documents.push(fact.document.clone());
        }
    }
    documents
}
/// What is wrong with an answer to a question of the rules; nothing asked here is less than nothing.
pub fn fault_of(fact: &iljari_rules::Fact, text: &str) -> Option<String> {
    const SIGNS: [char; 4] = ['-', '−', '－', '–'];
    let counts = matches!(fact.kind, iljari_rules::Kind::Number | iljari_rules::Kind::Won);
    if counts && text.trim_start().starts_with(SIGNS) {
        return Some("0보다 작을 수 없습니다".to_owned());
    }
    fact.kind.read(text).err()
}
