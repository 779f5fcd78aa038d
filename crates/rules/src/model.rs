//! A set of rules as read (규칙 한 벌): facts, reference values, clauses, scores, limits, cases.
//!
//! Owns: the shape, with every name resolved. Does not own: what it comes to for a person (`eval`).
//! What a newcomer gets wrong: an exclusion (제외) is a clause that must not hold; there is no second
//! kind of logic behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use iljari_authored::Place;
use iljari_base::Date;

use crate::compile::Term;
use crate::num::Num;
use crate::value::{Kind, Truth, Value};

/// Rules of one program for one time (규칙 한 벌).
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// Its id: the program's.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Which edition: `2026 상반기`.
    pub edition: String,
    /// District code, where it is one district's.
    pub district: Option<String>,
    /// In force from.
    pub from: Date,
    /// In force up to, that day included; `None` while it is open.
    pub upto: Option<Date>,
    /// Whether it is invented.
    pub is_sample: bool,
    /// Sources by id.
    pub sources: BTreeMap<String, String>,
    /// Facts, in the order in which they are asked.
    pub facts: Vec<Fact>,
    /// Reference values with their histories.
    pub references: Vec<Reference>,
    /// What must hold, exclusions among it.
    pub clauses: Vec<Clause>,
    /// The score sheet.
    pub scores: Vec<ScoreItem>,
    /// Whether the score sheet is an example only.
    pub scores_are_sample: bool,
    /// What decides between equal points, in this order.
    pub ties: Vec<Tie>,
    /// Limits across rows, enforced where applications are kept.
    pub limits: Vec<Limit>,
    /// Test cases.
    pub cases: Vec<Case>,
    /// What the file remarks on itself, such as what is not known.
    pub note: String,
    /// The whole file, as it is hashed ([`RuleSet::hash`]).
    pub text: Arc<str>,
    /// Where the file begins.
    pub place: Place,
}

/// A fact about a person (사실).
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name, as conditions use it.
    pub name: String,
    /// What it can be.
    pub kind: Kind,
    /// What it is counted in (명, 개월, %), as people read it behind the number; 원 for money.
    pub unit: String,
    /// How it is asked.
    pub question: String,
    /// Which document or look-up proves it.
    pub document: String,
    /// How many days old the document may be.
    pub fresh_days: Option<i64>,
    /// Whether the call says it (사업시작일) and nobody is asked.
    pub from_call: bool,
    /// Where it stands.
    pub place: Place,
}

/// A reference value with its history (기준값).
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its name, as conditions use it.
    pub name: String,
    /// Whether it is an amount of won.
    pub is_won: bool,
    /// Whether it is a table by a whole number, such as household size.
    pub by_number: bool,
    /// Oldest first.
    pub history: Vec<Dated>,
    /// Where it stands.
    pub place: Place,
}

/// A reference value from a day on.
#[derive(Debug, Clone)]
pub struct Dated {
    /// In force from.
    pub from: Date,
    /// Id of its source.
    pub source: String,
    /// By number; a single value stands under 0.
    pub values: BTreeMap<i64, Num>,
}

impl Reference {
    /// What was in force on a day.
    pub fn on(&self, day: Date) -> Option<&Dated> {
        self.history.iter().rev().find(|dated| dated.from <= day)
    }
}

/// A clause (조항): what must hold.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its id.
    pub id: String,
    /// What it asks, in a sentence.
    pub name: String,
    /// The article it rests on.
    pub basis: String,
    /// Whether it is an exclusion: its condition must not hold.
    pub is_exclusion: bool,
    /// The condition as written.
    pub text: String,
    /// The condition.
    pub condition: Term,
    /// What to tell somebody who fails, beyond what can be worked out.
    pub advice: String,
    /// Asked from this day on; `None` where it always was.
    pub from: Option<Date>,
    /// Asked up to this day, that day included; `None` where nobody has lifted it.
    pub upto: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

impl Clause {
    /// Whether it is asked on a day. A clause outside its days is kept by everybody.
    pub fn applies_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.upto.is_none_or(|upto| day <= upto)
    }
}

/// An item of the score sheet (배점 항목).
#[derive(Debug, Clone)]
pub struct ScoreItem {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is looked up, as written.
    pub text: String,
    /// What is looked up.
    pub subject: Term,
    /// Rows, first match first; the checker knows that only one matches.
    pub rows: Vec<ScoreRow>,
    /// Where it stands.
    pub place: Place,
}

/// A row of a score table.
#[derive(Debug, Clone)]
pub struct ScoreRow {
    /// The cell as written.
    pub label: String,
    /// What the subject must be.
    pub tests: Vec<crate::compile::CompiledTest>,
    /// Points; deductions are negative.
    pub points: i64,
}

/// A tie-break (동점 처리).
#[derive(Debug, Clone)]
pub struct Tie {
    /// Its name.
    pub name: String,
    /// What is compared.
    pub subject: Term,
    /// Whether the larger comes first.
    pub larger_first: bool,
}

/// A limit across applications (제한).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Which.
    pub kind: LimitKind,
    /// The article it rests on.
    pub basis: String,
}

/// The kinds of limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// 세대당 사람 수: so many of one household in a round.
    PerHousehold(i64),
    /// 기간 안의 참여 횟수: so many rounds in so many months, this one included.
    Rounds {
        /// How many.
        times: i64,
        /// In how many months.
        months: i64,
    },
}

/// A test case that an officer wrote (시험).
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Known facts by place in [`RuleSet::facts`].
    pub facts: Vec<Option<Value>>,
    /// The day it is judged as of.
    pub as_of: Date,
    /// What must come out.
    pub expected: Outcome,
    /// Ids of the clauses that must be at fault, where the case says so.
    pub failing: Option<Vec<String>>,
    /// Points that must come out, where the case says so.
    pub points: Option<i64>,
    /// Where it stands.
    pub place: Place,
}

/// What comes out for a person (판정).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 가능.
    Eligible,
    /// 조건부 가능: nothing speaks against it, something is not known yet.
    Conditional,
    /// 불가.
    NotEligible,
}

impl Outcome {
    /// The word in files and on pages.
    pub fn korean(self) -> &'static str {
        match self {
            Outcome::Eligible => "가능",
            Outcome::Conditional => "조건부 가능",
            Outcome::NotEligible => "불가",
        }
    }
}

impl From<Truth> for Outcome {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Met => Outcome::Eligible,
            Truth::NotMet => Outcome::NotEligible,
            Truth::Unknown => Outcome::Conditional,
        }
    }
}

impl RuleSet {
    /// The place of a fact by its name.
    pub fn fact(&self, name: &str) -> Option<usize> {
        self.facts.iter().position(|fact| fact.name == name)
    }

    /// A reference value by its name.
    pub fn reference(&self, name: &str) -> Option<&Reference> {
        self.references.iter().find(|reference| reference.name == name)
    }

    /// Whether the rules are in force on a day.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.from <= day && self.upto.is_none_or(|upto| day <= upto)
    }

    /// The facts that somebody has to be asked on a day, by place: those of a lifted ban are not, nor
    /// what the call says. Whoever asks for more collects what the office has no use for.
    pub fn asked_on(&self, day: Date) -> Vec<usize> {
        let mut used = std::collections::BTreeSet::new();
        for clause in self.clauses.iter().filter(|clause| clause.applies_on(day)) {
            used.extend(clause.condition.facts());
        }
        for subject in self.scores.iter().map(|item| &item.subject).chain(self.ties.iter().map(|tie| &tie.subject)) {
            used.extend(subject.facts());
        }
        used.retain(|place| self.facts.get(*place).is_some_and(|fact| !fact.from_call));
        used.into_iter().collect()
    }

    /// What must stand beside every point, on pages and on paper, while the score sheet is no real one.
    pub fn example_scores(&self) -> Option<&'static str> {
        (self.scores_are_sample && !self.scores.is_empty()).then_some("예시 배점표입니다. 실제 사업의 배점이 아닙니다.")
    }

    /// The most points anybody can get: the best row of each item.
    pub fn points_max(&self) -> i64 {
        self.scores.iter().map(|item| item.rows.iter().map(|row| row.points).max().unwrap_or(0).max(0)).sum()
    }
}
