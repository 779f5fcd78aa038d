//! What a collection round keeps, as types (취합의 모양). Pure: no statements, no clock.

use iljari_base::{Actor, Date, Month, Period, Timestamp};
use iljari_disclosure::log::words::{Field, NodeId, Unit};
use iljari_ledger::record::{Counting, NodeFacts};

/// A collection round (취합 회차): every department is asked for the numbers of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Number within the district, from 1.
    pub no: i64,
    /// What people call it: `2026년 10월 실적`.
    pub title: String,
    /// The months asked for, within one year.
    pub period: Period,
    /// The last day to hand in (마감).
    pub deadline: Date,
    /// 결재 문서번호 of the letter that asked; empty where there is none yet.
    pub approval_no: String,
    /// 결재 일자.
    pub approval_on: Option<Date>,
    /// Why there is no approval yet.
    pub approval_remark: String,
    /// Who opened it.
    pub opened_by: Actor,
    /// When.
    pub opened_at: Timestamp,
}

impl Round {
    /// Days from today to the deadline; negative once it has passed.
    pub fn days_left(&self, today: Date) -> i64 {
        today.days_until(self.deadline)
    }

    /// January to the last month asked for: what a cumulative figure covers.
    pub fn year_so_far(&self) -> Period {
        let last = self.period.last();
        Month::new(last.year().0, 1).and_then(|first| Period::new(first, last)).unwrap_or(self.period)
    }
}

/// One unit project that a round asks for (묻는 사업). Kept with the round, so that the workbooks stay
/// what they were when the plan changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The node of the plan.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// The department that answers for it; [`NO_DEPARTMENT`] where the plan names none.
    pub department: String,
    /// 부문.
    pub field: Field,
    /// 단위.
    pub unit: Unit,
    /// How it is counted. What is counted by single records is listed and locked.
    pub counting: Counting,
}

/// What stands for the department of a project that has none in the plan.
pub const NO_DEPARTMENT: &str = "담당 부서 없음";

impl Ask {
    /// The node as the ledger's acts want it.
    pub fn facts(&self) -> NodeFacts {
        NodeFacts { node: self.node.clone(), name: self.name.clone(), field: Some(self.field), counting: self.counting }
    }

    /// Whether the department fills anything in (집계), or the office's own records count it (개별).
    pub fn by_hand(&self) -> bool {
        self.counting == Counting::Sums
    }
}

/// The departments of a round in the order of the plan, each once.
pub fn departments(asks: &[Ask]) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for ask in asks {
        if !found.contains(&ask.department.as_str()) {
            found.push(&ask.department);
        }
    }
    found
}

/// One upload (올린 묶음): one or several files that are looked at, submitted and confirmed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Number within the district, from 1.
    pub no: i64,
    /// The round it answers.
    pub round_no: i64,
    /// Who uploaded it.
    pub uploaded_by: Actor,
    /// When.
    pub uploaded_at: Timestamp,
    /// Where it stands.
    pub state: UploadState,
}

/// Where an upload stands. Each variant holds what is true only then.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | previewed | `submit` by an officer with 작성 | waiting |
/// | previewed | `send_back` to the department, with a reason | sent back |
/// | previewed | `withdraw` | withdrawn |
/// | waiting | `confirm` by another officer | applying |
/// | waiting | `send_back` by another officer, with a reason | sent back |
/// | waiting | `withdraw` by the submitter | withdrawn |
/// | applying | the last row | applied |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// 살펴보는 중: nothing is written down.
    Previewed,
    /// 확인 대기: every changed row is a staged number.
    Waiting {
        /// Who submitted it.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// 반려: back to the department.
    SentBack {
        /// Who sent it back.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 거둬들임.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// 반영 중: confirmed, its rows are becoming entries.
    Applying {
        /// Who submitted it.
        submitted_by: Actor,
        /// 확인자.
        by: Actor,
        /// When it was confirmed.
        at: Timestamp,
    },
    /// 반영됨: every row has its end.
    Applied {
        /// 확인자.
        by: Actor,
        /// When it was confirmed.
        at: Timestamp,
        /// When the last row had its end.
        finished_at: Timestamp,
    },
}

impl UploadState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            UploadState::Previewed => "previewed",
            UploadState::Waiting { .. } => "waiting",
            UploadState::SentBack { .. } => "sent-back",
            UploadState::Withdrawn { .. } => "withdrawn",
            UploadState::Applying { .. } => "applying",
            UploadState::Applied { .. } => "applied",
        }
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        match self {
            UploadState::Previewed => "살펴보는 중",
            UploadState::Waiting { .. } => "확인 대기",
            UploadState::SentBack { .. } => "반려됨",
            UploadState::Withdrawn { .. } => "거둬들임",
            UploadState::Applying { .. } => "반영 중",
            UploadState::Applied { .. } => "반영됨",
        }
    }
}

/// A file of an upload, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Number within the upload, from 1.
    pub no: i64,
    /// Its name, cleaned for showing.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// The cells that a row was read from (`D17`); empty where the sheet has no such column.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowCells {
    /// 코드.
    pub code: String,
    /// 당기.
    pub own: String,
    /// 누계.
    pub cumulative: String,
    /// 실적 없음.
    pub nothing: String,
    /// 사유.
    pub reason: String,
}

/// One line of a sheet as it was read (읽은 줄).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Number within the upload, from 1.
    pub no: i64,
    /// The file it stands in.
    pub file_no: i64,
    /// The sheet it stands in; empty in a CSV file.
    pub sheet: String,
    /// Its cells.
    pub cells: RowCells,
    /// The node asked for.
    pub node: NodeId,
    /// 당기.
    pub own: Option<i64>,
    /// 누계.
    pub cumulative: Option<i64>,
    /// Whether the department says that there is nothing to report (실적 없음).
    pub nothing: bool,
    /// 사유.
    pub reason: String,
    /// How far it has come.
    pub state: RowState,
}

impl SheetRow {
    /// Whether the department said anything at all. An empty cell is no answer.
    pub fn answered(&self) -> bool {
        self.nothing || self.own.is_some() || self.cumulative.is_some()
    }
}

/// How far a row has come (줄의 상태).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// Read; nothing is written down.
    Read,
    /// Submitted, and nothing changes by it.
    Same,
    /// Submitted as this staged number.
    Staged(String),
    /// Confirmed: it is an entry.
    Applied(String),
    /// Refused at its confirmation, in these words.
    Refused(String),
}

impl RowState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            RowState::Read => "read",
            RowState::Same => "same",
            RowState::Staged(_) => "staged",
            RowState::Applied(_) => "applied",
            RowState::Refused(_) => "refused",
        }
    }
}

/// Something wrong or odd in a file (지적): where, what stood there, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file it stands in; 0 for the upload as a whole.
    pub file_no: i64,
    /// The sheet.
    pub sheet: String,
    /// The cell, `D17`; empty for the sheet as a whole.
    pub cell: String,
    /// What stood there.
    pub stood: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub todo: String,
    /// Whether the upload cannot be submitted before it is mended; otherwise it is only pointed out.
    pub blocks: bool,
}

/// How a department stands in a round (부서의 상태), on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepartmentState {
    /// 제출: everything asked for is answered and confirmed.
    HandedIn,
    /// 검토중: everything is answered, and something waits for its second officer.
    InReview,
    /// 반려: the last thing that came was sent back.
    SentBack,
    /// 미제출: something asked for has no answer.
    Missing,
    /// 실적 없음: everything is answered, with 실적 없음.
    Nothing,
    /// 시스템 집계: nothing to hand in; the office's own records count.
    Counted,
}

impl DepartmentState {
    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            DepartmentState::HandedIn => "제출",
            DepartmentState::InReview => "검토중",
            DepartmentState::SentBack => "반려",
            DepartmentState::Missing => "미제출",
            DepartmentState::Nothing => "실적 없음",
            DepartmentState::Counted => "시스템 집계",
        }
    }

    /// Whether the office still waits for the department.
    pub fn owes(self) -> bool {
        matches!(self, DepartmentState::SentBack | DepartmentState::Missing)
    }
}
