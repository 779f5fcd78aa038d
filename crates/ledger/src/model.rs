//! What the ledger keeps, as types (원장의 모양). Pure: no statements, no clock.

use iljari_base::id::{self, Id};
use iljari_base::{Actor, Date, DistrictCode, Period, Timestamp, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::{Field, Grade, NodeId, Unit, Why};
use iljari_disclosure::suppress::Place;

/// What a number rests on (근거 종류). It stays in the office; only its grade enters the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// A press report or release (보도 자료).
    Press,
    /// A department's own sum (부서 집계표).
    DepartmentSum,
    /// The participant confirmed it (참여자 확인).
    Participant,
    /// The employer confirmed it (사업주 확인).
    Employer,
    /// A contract, an attendance sheet or an insurance record was seen (문서 증빙).
    Document,
}

impl EvidenceKind {
    /// Every kind an officer may choose, weakest first. Press reports are chosen too: old years are
    /// known from nothing else.
    pub const ALL: &'static [EvidenceKind] = &[
        EvidenceKind::DepartmentSum,
        EvidenceKind::Document,
        EvidenceKind::Employer,
        EvidenceKind::Participant,
        EvidenceKind::Press,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            EvidenceKind::Press => "보도",
            EvidenceKind::DepartmentSum => "부서집계",
            EvidenceKind::Participant => "본인확인",
            EvidenceKind::Employer => "사업주확인",
            EvidenceKind::Document => "문서",
        }
    }

    /// As an officer reads it.
    pub fn label(self) -> &'static str {
        match self {
            EvidenceKind::Press => "보도 자료",
            EvidenceKind::DepartmentSum => "부서 집계표",
            EvidenceKind::Participant => "참여자 본인 확인",
            EvidenceKind::Employer => "사업주 확인서",
            EvidenceKind::Document => "근로계약서·출근부·고용보험 기록",
        }
    }

    /// The grade that enters the leaf (증빙 등급).
    pub fn grade(self) -> Grade {
        match self {
            EvidenceKind::Press => Grade::Press,
            EvidenceKind::DepartmentSum => Grade::Sum,
            EvidenceKind::Participant => Grade::Person,
            EvidenceKind::Employer => Grade::Employer,
            EvidenceKind::Document => Grade::Document,
        }
    }

    /// Reads [`EvidenceKind::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// The kinds of entry (기재 종류), as in the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// An adopted plan version.
    Plan,
    /// A department's aggregate.
    Count,
    /// One person's job.
    Job,
    /// Answers another entry.
    Correction,
    /// A disclosure.
    Disclosure,
    /// A new signing key.
    Key,
}

impl EntryKind {
    /// The word in the database and in the leaf.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryKind::Plan => "plan",
            EntryKind::Count => "count",
            EntryKind::Job => "job",
            EntryKind::Correction => "correction",
            EntryKind::Disclosure => "disclosure",
            EntryKind::Key => "key",
        }
    }

    /// Reads [`EntryKind::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        use EntryKind::{Correction, Count, Disclosure, Job, Key, Plan};
        [Plan, Count, Job, Correction, Disclosure, Key].into_iter().find(|kind| kind.as_str() == text)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            EntryKind::Plan => "계획",
            EntryKind::Count => "집계",
            EntryKind::Job => "개별 기록",
            EntryKind::Correction => "정정",
            EntryKind::Disclosure => "공시",
            EntryKind::Key => "서명 키",
        }
    }
}

/// The numbers of a counting entry (세는 기재의 내용): what `count`, `job` and `correction` share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The node of the plan it hangs on.
    pub node: NodeId,
    /// First to last month.
    pub period: Period,
    /// 부문.
    pub field: Field,
    /// 단위.
    pub unit: Unit,
    /// How many; negative only in corrections.
    pub amount: i64,
    /// Evidence grade.
    pub grade: Grade,
    /// Whether it is the unknown remainder of a known whole (내역 미상).
    pub rest: bool,
}

impl Counted {
    /// The year it counts in: the year of its first month.
    pub fn year(&self) -> Year {
        self.period.first().year()
    }
}

/// One ledger entry (원장 기재), as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Internal id.
    pub id: Id<id::Entry>,
    /// Order of recording; internal, in no leaf.
    pub seq: i64,
    /// The leaf's own random id, public.
    pub leaf_id: String,
    /// What kind.
    pub kind: EntryKind,
    /// The leaf's line, byte for byte.
    pub body: Vec<u8>,
    /// What it counts, where it counts something.
    pub counted: Option<Counted>,
    /// Which part of the total it belongs to.
    pub source: Option<Source>,
    /// The leaf it answers.
    pub answers: Option<String>,
    /// What it rests on; office only.
    pub evidence_kind: String,
    /// The officer's words: where the number comes from, or why it was corrected.
    pub remark: String,
    /// 작성자.
    pub recorded_by: Actor,
    /// 확인자.
    pub confirmed_by: Actor,
    /// When it was confirmed and so entered.
    pub entered_at: Timestamp,
    /// Where it lies in the log and since when, once sealed.
    pub sealed: Option<Sealed>,
}

/// Where an entry lies in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// Index of the leaf.
    pub leaf_index: i64,
    /// Number of the seal.
    pub seal_no: i64,
    /// When that seal was made.
    pub sealed_at: Timestamp,
    /// Whether it came back from what was published; then `sealed_at` is when it came back.
    pub recovered: bool,
}

impl Entry {
    /// Whether it came late: sealed more than [`LATE_AFTER_DAYS`] days after its period ended (늦은 기재).
    ///
    /// Judged by the seal's date, which nobody can set back, and never for press reports: they are
    /// old years carried over and say so by their grade. Nor for what came back from what was published: the
    /// day of its own seal is not known any more.
    pub fn is_late(&self) -> bool {
        let (Some(counted), Some(sealed)) = (&self.counted, &self.sealed) else {
            return false;
        };
        if counted.grade == Grade::Press || sealed.recovered {
            return false;
        }
        counted
            .period
            .day_after()
            .is_some_and(|day_after| sealed.sealed_at.seoul_date() > day_after.plus_days(LATE_AFTER_DAYS))
    }
}

/// After how many days beyond its period's end an entry is called late.
pub const LATE_AFTER_DAYS: i64 = 60;

/// What waits for its second person (확인 대기).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// Its id.
    pub id: Id<id::Staged>,
    /// The district.
    pub district: DistrictCode,
    /// What it would enter.
    pub counted: Counted,
    /// As the officer typed it: `당기 120` or `누계 1,320`.
    pub as_typed: String,
    /// The leaf it would answer, and why; `None` for an ordinary number.
    pub correction: Option<(String, Why)>,
    /// What it rests on.
    pub evidence_kind: EvidenceKind,
    /// The officer's words.
    pub remark: String,
    /// 작성자.
    pub recorded_by: Actor,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// Where it stands.
    pub state: StagedState,
}

/// Where a staged number stands. Each variant holds what is true only then.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | waiting | `confirm` by another officer | confirmed |
/// | waiting | `send_back` by another officer, with a reason | sent back |
/// | waiting | `withdraw` by the recorder | withdrawn |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagedState {
    /// 확인 대기.
    Waiting,
    /// 확인됨: entered as this entry.
    Confirmed {
        /// 확인자.
        by: Actor,
        /// When.
        at: Timestamp,
        /// The entry's order of recording.
        entry_seq: i64,
    },
    /// 반려됨.
    SentBack {
        /// Who sent it back.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// The recorder took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

impl StagedState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            StagedState::Waiting => "waiting",
            StagedState::Confirmed { .. } => "confirmed",
            StagedState::SentBack { .. } => "sent-back",
            StagedState::Withdrawn { .. } => "withdrawn",
        }
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        match self {
            StagedState::Waiting => "확인 대기",
            StagedState::Confirmed { .. } => "확인됨",
            StagedState::SentBack { .. } => "반려됨",
            StagedState::Withdrawn { .. } => "거둬들임",
        }
    }
}

/// A seal (봉인): a signed size and root of the district's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Number within the district, from 1.
    pub no: i64,
    /// Leaves up to here.
    pub size: i64,
    /// Root, hex.
    pub root: String,
    /// The signed checkpoint, as published.
    pub checkpoint: String,
    /// Whose hand started it.
    pub sealed_by: Actor,
    /// When.
    pub sealed_at: Timestamp,
}

/// A disclosure (공시).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Its id.
    pub id: Id<id::Disclosure>,
    /// Number within the district, from 1.
    pub no: i64,
    /// The year it discloses.
    pub year: Year,
    /// Its leaf.
    pub leaf_id: String,
    /// The seal that froze the numbers (C₁).
    pub first_seal: i64,
    /// The newest adopted plan file at that moment: the trees that the tables were laid out by.
    pub books_seq: i64,
    /// The disclosure it corrects.
    pub corrects_no: Option<i64>,
    /// 결재 문서번호; empty when there is none yet.
    pub approval_no: String,
    /// 결재 일자.
    pub approval_on: Option<Date>,
    /// Why there is no approval yet, or why an earlier one is corrected.
    pub remark: String,
    /// Whose hand disclosed it.
    pub disclosed_by: Actor,
    /// When.
    pub disclosed_at: Timestamp,
}

/// A table by a personal attribute as a department handed it in (개인 속성 집계). Every number of it
/// stays in the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeSheet {
    /// Its id.
    pub id: Id<id::AttributeSheet>,
    /// Year, unit, attribute and node.
    pub place: Place,
    /// Item and number, without the unknown rest.
    pub items: Vec<(String, i64)>,
    /// Where it comes from, in the officer's words.
    pub remark: String,
    /// 작성자.
    pub recorded_by: Actor,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// Where it stands.
    pub state: SheetState,
}

/// Where a handed-in table stands; as a staged number, but it raises no total.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | waiting | `confirm` by another officer | confirmed |
/// | waiting | `send_back` by another officer, with a reason | sent back |
/// | waiting | `withdraw` by the recorder | withdrawn |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetState {
    /// 확인 대기.
    Waiting,
    /// 확인됨.
    Confirmed {
        /// 확인자.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// 반려됨.
    SentBack {
        /// Who sent it back.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// The recorder took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

impl SheetState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            SheetState::Waiting => "waiting",
            SheetState::Confirmed { .. } => "confirmed",
            SheetState::SentBack { .. } => "sent-back",
            SheetState::Withdrawn { .. } => "withdrawn",
        }
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        match self {
            SheetState::Waiting => "확인 대기",
            SheetState::Confirmed { .. } => "확인됨",
            SheetState::SentBack { .. } => "반려됨",
            SheetState::Withdrawn { .. } => "거둬들임",
        }
    }
}

/// What kind of place a disclosure was announced in (알린 곳).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The district's own web site.
    Website,
    /// 지역고용정보네트워크 (reis.or.kr), where districts see each other's.
    Reis,
    /// A newspaper, a broadcast, a press release.
    Press,
    /// A meeting with residents.
    Briefing,
}

impl Channel {
    /// All, in the order pages list them.
    pub const ALL: [Channel; 4] = [Channel::Website, Channel::Reis, Channel::Press, Channel::Briefing];

    /// The word on pages, in forms and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Website => "홈페이지",
            Channel::Reis => "REIS",
            Channel::Press => "언론",
            Channel::Briefing => "설명회",
        }
    }

    /// The same with what an abbreviation stands for.
    pub fn label(self) -> &'static str {
        match self {
            Channel::Reis => "REIS(지역고용정보네트워크)",
            other => other.as_str(),
        }
    }

    /// Reads the word.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// A disclosure was announced somewhere, on a day (알림).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Number within the district, from 1.
    pub no: i64,
    /// The disclosure it is about.
    pub disclosure_no: i64,
    /// What kind of place.
    pub channel: Channel,
    /// The day it was announced.
    pub announced_on: Date,
    /// Where: a web address, a paper's name and headline, a hall.
    pub place: String,
    /// Whose hand wrote it down.
    pub told_by: Actor,
    /// When.
    pub told_at: Timestamp,
    /// Why the line is wrong and since when that is known; `None` while it stands.
    pub struck: Option<(String, Timestamp)>,
}
