//! A selection run, standings, seats, offers and objections, as types (선발의 모양). Pure.

use iljari_base::{Actor, Date, Timestamp};

/// A run of the selection (선발안).
///
/// | from | act | to |
/// | --- | --- | --- |
/// | – | `select::draw_up` by an officer with 작성 | drawn |
/// | drawn | `select::send_back` by another officer, with a reason | sent back |
/// | drawn | `select::confirm` by another officer with 확인 | confirmed |
///
/// A confirmed run stays as it is. `again::draw_up` makes another one that takes its place once it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Number within the call, from 1.
    pub no: i64,
    /// Where it stands.
    pub state: RunState,
    /// The hash of the rules it was computed with.
    pub rules_sha256: String,
    /// Who drew it up.
    pub drawn_by: Actor,
    /// When.
    pub drawn_at: Timestamp,
    /// Set where it takes the place of a confirmed run.
    pub again: Option<Again>,
}

/// That a run takes the place of another (다시 선발).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The run it replaces.
    pub replaces: i64,
    /// Why places get additional seats; empty where none does.
    pub reason: String,
}

/// Why a result was replaced, as everybody reads it. Never about anybody.
pub const AGAIN_WHY: &str =
    "받아들인 이의신청이 있어 서류와 점수를 다시 확인했습니다. 먼저 자리를 받은 분의 자리는 그대로입니다.";

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunState {
    /// 선발안: waiting for the second officer.
    Drawn,
    /// 돌려보냄.
    SentBack {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 확정: the result is public.
    Confirmed {
        /// 확인자.
        by: Actor,
        /// When.
        at: Timestamp,
        /// The last day to object.
        objections_until: Date,
    },
}

impl RunState {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            RunState::Drawn => "drawn",
            RunState::SentBack { .. } => "sent-back",
            RunState::Confirmed { .. } => "confirmed",
        }
    }
}

/// What came out for somebody (선발 결과).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 선발.
    Chosen,
    /// 예비자.
    Reserve,
    /// 예비자에서 올라 선발됨.
    Promoted,
    /// 답이 없거나 사양해 순번이 지남.
    Passed,
    /// 서류 부족: nothing speaks against it, but something was not proven.
    Unproven,
    /// 자격 없음.
    NotEligible,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 6] = [
        Standing::Chosen,
        Standing::Reserve,
        Standing::Promoted,
        Standing::Passed,
        Standing::Unproven,
        Standing::NotEligible,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Chosen => "chosen",
            Standing::Reserve => "reserve",
            Standing::Promoted => "promoted",
            Standing::Passed => "passed",
            Standing::Unproven => "unproven",
            Standing::NotEligible => "not-eligible",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Chosen => "선발",
            Standing::Reserve => "예비자",
            Standing::Promoted => "예비자에서 선발",
            Standing::Passed => "예비 순번이 지남",
            Standing::Unproven => "서류 부족",
            Standing::NotEligible => "자격 없음",
        }
    }

    /// Reads [`Standing::as_str`].
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text)
    }

    /// Whether a seat belongs to it.
    pub fn has_seat(self) -> bool {
        matches!(self, Standing::Chosen | Standing::Promoted)
    }
}

/// One applicant in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Her number in the call.
    pub app_no: i64,
    /// Her pool.
    pub pool: String,
    /// The place she wants or holds.
    pub place: String,
    /// What came out.
    pub outcome: Standing,
    /// Her points.
    pub total: i64,
    /// Her rank in the pool; `None` where she was not ranked.
    pub rank: Option<i64>,
    /// Her number on the reserve list of the place.
    pub reserve_no: Option<i64>,
    /// Her place by each tie-break.
    pub tie_places: Vec<i64>,
    /// Whether a person has to look at her before the result is confirmed.
    pub borderline: bool,
    /// Who of the confirmers looked, and when.
    pub opened: Option<(Actor, Timestamp)>,
}

/// One item of somebody's points; it stays when the evidence is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// The item.
    pub item: String,
    /// The bracket's words; empty where nothing was proven.
    pub bracket: String,
    /// Points.
    pub points: i64,
}

/// Where an offer of a freed seat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// 연락 중.
    Open,
    /// 하겠다고 함.
    Accepted,
    /// 사양함.
    Declined,
    /// 답이 없어 지남.
    Expired,
}

impl OfferState {
    /// All of them.
    pub const ALL: [OfferState; 4] =
        [OfferState::Open, OfferState::Accepted, OfferState::Declined, OfferState::Expired];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Accepted => "accepted",
            OfferState::Declined => "declined",
            OfferState::Expired => "expired",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            OfferState::Open => "연락 중",
            OfferState::Accepted => "하겠다고 함",
            OfferState::Declined => "사양함",
            OfferState::Expired => "답이 없어 지남",
        }
    }
}

/// A freed seat offered to somebody on the reserve list (결원 충원).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Number within the call, from 1.
    pub no: i64,
    /// To whom.
    pub app_no: i64,
    /// Which place.
    pub place: String,
    /// Where it stands.
    pub state: OfferState,
    /// The last day to answer.
    pub answer_by: Date,
    /// Who offered it.
    pub offered_by: Actor,
    /// When.
    pub offered_at: Timestamp,
}

/// An attempt to reach somebody (연락 기록).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The offer.
    pub offer_no: i64,
    /// How: 전화, 문자, 방문.
    pub how: String,
    /// What came of it.
    pub result: String,
    /// Who tried.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// An objection (이의신청).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Number within the call, from 1.
    pub no: i64,
    /// Whose.
    pub app_no: i64,
    /// The last day to answer.
    pub answer_due_on: Date,
    /// Whether it still waits.
    pub open: bool,
    /// Whether it was found right.
    pub upheld: bool,
    /// The answer; never about anybody else.
    pub answer: String,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Who took it.
    pub received_by: Actor,
    /// When.
    pub received_at: Timestamp,
}
