//! An application and what is known of the applicant, as types (접수의 모양). Pure.
//!
//! Owns: the shapes, and how evidence is written as text before it is sealed. Does not own: the verdict
//! (`judge`). What a newcomer gets wrong: printing [`Evidence`]. It has no `Debug` that tells anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use iljari_base::{Actor, Date, Id, Timestamp, id};
use iljari_rules::{Outcome, Truth};
use serde_json::{Map, Value, json};

/// How an application came in (접수 방법).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// At the counter of a 동 주민센터.
    Counter,
    /// By post.
    Post,
    /// By telephone.
    Phone,
}

impl Channel {
    /// All of them, in the order of the form.
    pub const ALL: [Channel; 3] = [Channel::Counter, Channel::Post, Channel::Phone];

    /// The word in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Counter => "counter",
            Channel::Post => "post",
            Channel::Phone => "phone",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Counter => "동 주민센터 창구",
            Channel::Post => "우편",
            Channel::Phone => "전화",
        }
    }

    /// Reads [`Channel::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// What somebody agrees to (동의 목적). One that is not needed may be refused, and nothing depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consent {
    /// Taking the application and selecting.
    Select,
    /// Looking up income, assets and other programs.
    LookUp,
    /// Being told about other jobs.
    OtherJobs,
    /// Being asked how it went.
    Survey,
}

impl Consent {
    /// All of them, in the order of the form.
    pub const ALL: [Consent; 4] = [Consent::Select, Consent::LookUp, Consent::OtherJobs, Consent::Survey];

    /// The word in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Consent::Select => "select",
            Consent::LookUp => "look-up",
            Consent::OtherJobs => "other-jobs",
            Consent::Survey => "survey",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Consent::Select => "신청을 받고 선발하는 데 쓰기",
            Consent::LookUp => "소득, 재산, 다른 일자리 사업 참여를 조회하기",
            Consent::OtherJobs => "다른 일자리 소식 받기",
            Consent::Survey => "참여가 끝난 뒤 어떻게 지내는지 여쭙기",
        }
    }

    /// Whether there is no application without it.
    pub fn needed(self) -> bool {
        matches!(self, Consent::Select | Consent::LookUp)
    }
}

/// How far an application has come, without by whom and when (단계).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// 접수함.
    Received,
    /// 서류확인함.
    Screened,
    /// 취하함.
    Withdrawn,
}

impl Stage {
    const ALL: [Stage; 3] = [Stage::Received, Stage::Screened, Stage::Withdrawn];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Screened => "screened",
            Stage::Withdrawn => "withdrawn",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Received => "접수함",
            Stage::Screened => "서류확인함",
            Stage::Withdrawn => "취하함",
        }
    }

    /// Reads [`Stage::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

/// Where an application stands.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | – | `intake::submit` | received |
/// | received, screened | `screen::decide` | screened |
/// | received, screened | `intake::withdraw` | withdrawn |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationState {
    /// 접수함.
    Received,
    /// 서류확인함.
    Screened {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// 취하함.
    Withdrawn,
}

impl ApplicationState {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        match self {
            ApplicationState::Received => Stage::Received,
            ApplicationState::Screened { .. } => Stage::Screened,
            ApplicationState::Withdrawn => Stage::Withdrawn,
        }
    }

    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        self.stage().as_str()
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        self.stage().label()
    }
}

/// An application (신청). Nothing in it names anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The call.
    pub call_no: i64,
    /// Its number in the call's one sequence, from 1.
    pub no: i64,
    /// Who applies.
    pub resident: Id<id::Resident>,
    /// Where the evidence is sealed.
    pub evidence_box: Id<id::ResidentBox>,
    /// How it came in.
    pub channel: Channel,
    /// The 동 that took it.
    pub dong: String,
    /// The pool it is ranked in.
    pub pool: String,
    /// 희망 사업번호.
    pub wanted: String,
    /// The head of the household, as the clerk saw it in the register.
    pub household: Id<id::Resident>,
    /// Which of the household's applications it is, from 1.
    pub household_slot: i64,
    /// Where it stands.
    pub state: ApplicationState,
    /// The verdict last computed.
    pub verdict: Outcome,
    /// Ids of the clauses that are broken or not known: codes that stay.
    pub broken: Vec<String>,
    /// How many times two origins contradict each other.
    pub conflicts: i64,
    /// Set against the verdict by the screener.
    pub overridden: Option<Outcome>,
    /// Why.
    pub override_reason: String,
    /// Who took it.
    pub taken_by: Actor,
    /// When, to the second: this decides whether it was in time.
    pub taken_at: Timestamp,
    /// When its evidence was destroyed.
    pub destroyed_at: Option<Timestamp>,
}

impl Application {
    /// The verdict that counts: the screener's own where there is one.
    pub fn standing_verdict(&self) -> Outcome {
        self.overridden.unwrap_or(self.verdict)
    }

    /// Whether it still stands.
    pub fn is_live(&self) -> bool {
        self.state != ApplicationState::Withdrawn
    }
}

/// The words of verdicts in the database.
pub fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Eligible => "eligible",
        Outcome::Conditional => "conditional",
        Outcome::NotEligible => "not-eligible",
    }
}

/// Reads [`outcome_text`].
pub fn outcome_of(text: &str) -> Option<Outcome> {
    [Outcome::Eligible, Outcome::Conditional, Outcome::NotEligible]
        .into_iter()
        .find(|outcome| outcome_text(*outcome) == text)
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The applicant said so.
    Declared,
    /// The answer sheet of a look-up said so.
    LookUp,
    /// A screener read it in a document.
    Document,
}

impl Origin {
    /// All of them, the weakest first.
    pub const ALL: [Origin; 3] = [Origin::Declared, Origin::LookUp, Origin::Document];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Declared => "declared",
            Origin::LookUp => "look-up",
            Origin::Document => "document",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Origin::Declared => "본인",
            Origin::LookUp => "조회",
            Origin::Document => "서류",
        }
    }

    /// Reads [`Origin::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}

/// What one origin says: facts as text, and for a look-up what it says of clauses and of other programs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Facts by name.
    pub facts: BTreeMap<String, String>,
    /// Clauses by id (조회 결과: 충족, 미충족, 미확인).
    pub clauses: BTreeMap<String, Truth>,
    /// The day of the look-up (조회일).
    pub looked_up_on: Option<Date>,
    /// Whether nobody else pays for a job of hers (재정지원 중복참여): met is none.
    pub duplicate: Option<Truth>,
    /// The day of that look-up.
    pub duplicate_on: Option<Date>,
    /// Free words: a note of the clerk.
    pub note: String,
}

/// All that is known of an applicant, by origin.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What she said.
    pub declared: Said,
    /// What a look-up said.
    pub look_up: Said,
    /// What documents said.
    pub document: Said,
    /// The documents that were seen.
    pub seen: BTreeSet<String>,
}

/// Says only that there is some: nothing personal gets into a log by way of `{:?}`.
impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Evidence(…)")
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(…)")
    }
}

/// The words for three values in sheets.
pub fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::Met => "충족",
        Truth::NotMet => "미충족",
        Truth::Unknown => "미확인",
    }
}

/// Reads what an answer sheet says; `None` for anything else.
pub fn truth_of(word: &str) -> Option<Truth> {
    match word.trim() {
        "충족" | "적합" | "해당 없음" => Some(Truth::Met),
        "미충족" | "부적합" | "중복" => Some(Truth::NotMet),
        "미확인" | "확인 불가" => Some(Truth::Unknown),
        _ => None,
    }
}

impl Said {
    /// The text that is sealed.
    pub fn to_text(&self) -> String {
        let facts: Map<String, Value> = self.facts.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
        let clauses: Map<String, Value> =
            self.clauses.iter().map(|(id, truth)| (id.clone(), json!(truth_word(*truth)))).collect();
        json!({
            "facts": facts,
            "clauses": clauses,
            "looked_up_on": self.looked_up_on.map(|day| day.to_string()),
            "duplicate": self.duplicate.map(truth_word),
            "duplicate_on": self.duplicate_on.map(|day| day.to_string()),
            "note": self.note,
        })
        .to_string()
    }

    /// Reads [`Said::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let day = |key: &str| value[key].as_str().and_then(|text| text.parse().ok());
        let facts = value["facts"].as_object()?.iter();
        let clauses = value["clauses"].as_object()?.iter();
        Some(Self {
            facts: facts.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect(),
            clauses: clauses.filter_map(|(id, word)| Some((id.clone(), truth_of(word.as_str()?)?))).collect(),
            looked_up_on: day("looked_up_on"),
            duplicate: value["duplicate"].as_str().and_then(truth_of),
            duplicate_on: day("duplicate_on"),
            note: value["note"].as_str().unwrap_or_default().to_owned(),
        })
    }
}
