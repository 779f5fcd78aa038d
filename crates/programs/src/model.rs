//! What the slice keeps, as types (모집의 모양). Pure: no statements, no clock.

use iljari_base::{Actor, Date, Month, Period, Timestamp};
use iljari_disclosure::log::words::NodeId;

use crate::rulebook::Rulebook;

/// What a call says (공고의 내용).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// `2027년 상반기 공공근로 참여자 모집`.
    pub title: String,
    /// The program's name as people know it (사업 이름).
    pub program: String,
    /// The day on which eligibility is judged (기준일).
    pub as_of_on: Date,
    /// First day of 접수.
    pub apply_first_on: Date,
    /// Last day of 접수.
    pub apply_last_on: Date,
    /// The day on which results are promised (발표 예정일).
    pub result_on: Date,
    /// First day of work.
    pub work_first_on: Date,
    /// Last day of work; the reserve list ends with it.
    pub work_last_on: Date,
    /// Days to object after the result (이의신청).
    pub objection_days: i64,
    /// Working days that somebody on the reserve list has to answer.
    pub answer_days: i64,
    /// Won an hour.
    pub wage_hourly: i64,
    /// `하루 4시간, 주 5일`.
    pub hours: String,
    /// What comes on top: 간식비, 주휴수당, 4대 보험.
    pub pay_note: String,
    /// Documents to bring (필요한 서류).
    pub documents: Vec<String>,
    /// What else is to be said.
    pub body: String,
    /// Where a human answers.
    pub contact: String,
}

impl Terms {
    /// The months of work; a person's leaf carries all of them, never the month she started.
    pub fn period(&self) -> Option<Period> {
        Period::new(self.work_first_on.month(), self.work_last_on.month())
    }

    /// The months' first one.
    pub fn first_month(&self) -> Month {
        self.work_first_on.month()
    }
}

/// A pool that is ranked apart (모집 구분): 일반, 청년.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// Completed years at least, on the first day of work.
    pub age_min: Option<i64>,
    /// Completed years at most.
    pub age_max: Option<i64>,
}

impl Pool {
    /// Whether somebody of that age belongs to it.
    pub fn takes(&self, age: i64) -> bool {
        self.age_min.is_none_or(|least| age >= least) && self.age_max.is_none_or(|most| age <= most)
    }

    /// `만 18세부터 39세까지`; empty where anybody may.
    pub fn ages(&self) -> String {
        match (self.age_min, self.age_max) {
            (None, None) => String::new(),
            (Some(least), None) => format!("만 {least}세부터"),
            (None, Some(most)) => format!("만 {most}세까지"),
            (Some(least), Some(most)) => format!("만 {least}세부터 {most}세까지"),
        }
    }
}

/// A place to work at (사업번호): one project at one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkPlace {
    /// 사업번호, as applicants write it.
    pub no: String,
    /// What is done there.
    pub name: String,
    /// The site.
    pub site: String,
    /// The 동 it lies in.
    pub dong: String,
    /// The field it is announced under (분야): 사회안전.
    pub area: String,
    /// Its pool.
    pub pool: String,
    /// The unit project of the plan that it counts for.
    pub node: NodeId,
    /// How many people work there (자리).
    pub capacity: i64,
}

/// A call for applications (모집공고).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Number within the district, from 1.
    pub no: i64,
    /// What it says.
    pub terms: Terms,
    /// Its frozen rules.
    pub rules: Rulebook,
    /// Where it stands.
    pub state: CallState,
    /// Who drafted it.
    pub drafted_by: Actor,
    /// When.
    pub drafted_at: Timestamp,
    /// Why it was sent back last; empty where it never was.
    pub reason: String,
}

/// Where a call stands.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | – | `draft` by an officer with 작성 | draft |
/// | draft | `revise`, `set_places` | draft |
/// | draft | `check`, when nothing is missing | checked |
/// | checked | `send_back` by another officer, with a reason | draft |
/// | checked | `publish` by another officer with 확인 | published |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallState {
    /// 작성 중.
    Draft,
    /// 점검함: complete, waiting for the second officer.
    Checked {
        /// Who said that it is complete.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// 공고함: public, and nothing of it changes any more.
    Published {
        /// Who said that it is complete.
        checked_by: Actor,
        /// 확인자.
        by: Actor,
        /// When.
        at: Timestamp,
    },
}

impl CallState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            CallState::Draft => "draft",
            CallState::Checked { .. } => "checked",
            CallState::Published { .. } => "published",
        }
    }

    /// As people read it.
    pub fn label(&self) -> &'static str {
        match self {
            CallState::Draft => "작성 중",
            CallState::Checked { .. } => "확인 대기",
            CallState::Published { .. } => "공고함",
        }
    }
}

impl Call {
    /// Whether everybody may see it.
    pub fn is_public(&self) -> bool {
        matches!(self.state, CallState::Published { .. })
    }

    /// Whether applications are taken on that day.
    pub fn takes_applications(&self, on: Date) -> bool {
        self.is_public() && self.terms.apply_first_on <= on && on <= self.terms.apply_last_on
    }

    /// Where the call stands for somebody who thinks of applying.
    pub fn phase(&self, on: Date) -> &'static str {
        let terms = &self.terms;
        if on < terms.apply_first_on {
            "접수 전"
        } else if on <= terms.apply_last_on {
            "접수 중"
        } else if on < terms.work_first_on {
            "접수 마감"
        } else if on <= terms.work_last_on {
            "일하는 중"
        } else {
            "끝남"
        }
    }

    /// A 접수번호 of this call: `27-003-0012`.
    pub fn receipt(&self, no: i64) -> String {
        format!("{:02}-{:03}-{no:04}", self.terms.first_month().year().0.rem_euclid(100), self.no)
    }

    /// The rule that decides where everything else is equal: the smaller of these comes first.
    pub fn last_tie_key(&self, no: i64) -> String {
        use sha2::{Digest as _, Sha256};
        hex::encode(Sha256::digest(format!("{}\n{}", self.rules.sha256(), self.receipt(no)).as_bytes()))
    }
}

/// The published words of the last tie-break (마지막 동점 처리).
pub const LAST_TIE: &str = "여기까지 모두 같으면, 이 공고의 규칙 확인값과 접수번호를 줄바꿈으로 이은 글의 SHA-256 값이 작은 사람이 먼저입니다. \
     누구나 다시 셈할 수 있습니다.";
