//! Participation as types (참여의 모양). Pure.

use iljari_base::{Actor, Date, Month, Timestamp};

/// Somebody's participation (참여).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// Her number in the call.
    pub app_no: i64,
    /// Where she works.
    pub place: String,
    /// Where it stands.
    pub state: WorkState,
    /// Who placed her.
    pub placed_by: Actor,
    /// When.
    pub placed_at: Timestamp,
    /// The leaf of her job; `None` where her seat's job was counted before.
    pub leaf_id: Option<String>,
    /// Her first day, where it is known.
    pub started_on: Option<Date>,
}

impl Participation {
    /// Whether she works or has worked: a second officer confirmed her start.
    pub fn has_started(&self) -> bool {
        matches!(self.state, WorkState::Started | WorkState::Left { .. } | WorkState::Ended { .. })
    }
}

/// Where a participation stands.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | – | `participate::place` | placed |
/// | placed | `report_start` by an officer with 작성 | reported |
/// | reported | `confirm_start` by another officer with 확인 | started |
/// | reported | `take_back_start` | placed |
/// | placed | `give_up` | given up |
/// | started | `leave` | left |
/// | started | the last day of work | ended |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkState {
    /// 배치함.
    Placed,
    /// 시작 확인 대기.
    Reported {
        /// Who wrote the start down.
        by: Actor,
    },
    /// 일하는 중.
    Started,
    /// 시작하지 않음.
    GivenUp,
    /// 그만둠.
    Left {
        /// Her last day.
        on: Date,
        /// Why, in the office's words.
        why: String,
    },
    /// 마침.
    Ended {
        /// Her last day.
        on: Date,
    },
}

impl WorkState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            WorkState::Placed => "placed",
            WorkState::Reported { .. } => "reported",
            WorkState::Started => "started",
            WorkState::GivenUp => "given-up",
            WorkState::Left { .. } => "left",
            WorkState::Ended { .. } => "ended",
        }
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        match self {
            WorkState::Placed => "배치함",
            WorkState::Reported { .. } => "시작 확인 대기",
            WorkState::Started => "일하는 중",
            WorkState::GivenUp => "시작하지 않음",
            WorkState::Left { .. } => "그만둠",
            WorkState::Ended { .. } => "마침",
        }
    }
}

/// A month of somebody's attendance (출근부).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    /// Her number in the call.
    pub app_no: i64,
    /// The month.
    pub month: Month,
    /// Days worked.
    pub days: i64,
    /// Hours worked.
    pub hours: i64,
}

/// How somebody is after the work (사후 확인), after 3, 6 and 12 months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// 취업 중.
    Hired,
    /// 창업.
    Founded,
    /// 다른 사업 참여.
    OtherProgram,
    /// 교육·훈련.
    Training,
    /// 구직 중.
    Looking,
    /// 쉬는 중.
    Resting,
    /// 확인 못 함: nobody could be reached.
    Unreached,
}

impl After {
    /// All of them, in the order of the form.
    pub const ALL: [After; 7] = [
        After::Hired,
        After::Founded,
        After::OtherProgram,
        After::Training,
        After::Looking,
        After::Resting,
        After::Unreached,
    ];

    /// The word in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            After::Hired => "hired",
            After::Founded => "founded",
            After::OtherProgram => "other-program",
            After::Training => "training",
            After::Looking => "looking",
            After::Resting => "resting",
            After::Unreached => "unreached",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            After::Hired => "취업 중",
            After::Founded => "창업",
            After::OtherProgram => "다른 사업 참여",
            After::Training => "교육·훈련",
            After::Looking => "구직 중",
            After::Resting => "쉬는 중",
            After::Unreached => "확인 못 함",
        }
    }

    /// Reads [`After::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|after| after.as_str() == text)
    }
}

/// How somebody was asked (여쭌 방법).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// 전화.
    Phone,
    /// 문자.
    Message,
    /// 우편.
    Post,
    /// 만나서.
    Person,
}

impl AskedBy {
    /// All of them, in the order of the form.
    pub const ALL: [AskedBy; 4] = [AskedBy::Phone, AskedBy::Message, AskedBy::Post, AskedBy::Person];

    /// The word in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            AskedBy::Phone => "phone",
            AskedBy::Message => "message",
            AskedBy::Post => "post",
            AskedBy::Person => "person",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            AskedBy::Phone => "전화",
            AskedBy::Message => "문자",
            AskedBy::Post => "우편",
            AskedBy::Person => "만나서",
        }
    }

    /// Reads [`AskedBy::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// What somebody answered (사후 확인).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// After how many months.
    pub months: i64,
    /// How she is.
    pub after: After,
    /// On which day she was asked; answers of the first days say none.
    pub asked_on: Option<Date>,
    /// By which way.
    pub asked_by: Option<AskedBy>,
}

/// After how many months somebody is asked.
pub const AFTER_MONTHS: [i64; 3] = [3, 6, 12];
