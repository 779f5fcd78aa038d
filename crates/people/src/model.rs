//! Officers, deputies, hand-overs, sessions: the types and what is true of them (pure).
//!
//! Owns: what an officer is and when a duty, a deputyship or a hand-over is in force. Does not own:
//! rows (`store`) or acts.
//! What a newcomer gets wrong: a day that ends something. `held_until` is exclusive (the first day
//! without the duty); a deputyship's `ends_on` is its last day.

use std::str::FromStr;

use iljari_base::korean::canonical_name;
use iljari_base::{Date, DistrictCode, Id, Refusal, Timestamp, id};
use iljari_web::Duty;

/// The name one signs in with (로그인 이름): NFC, small letters, 2 to 30 letters, digits, `.`, `-`, `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Login(String);

impl Login {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Login {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refusal = || {
            Refusal::new(
                "login-impossible",
                "",
                "로그인 이름은 글자, 숫자, 점, 줄표로 2자에서 30자까지 적어 주세요. 빈칸은 쓸 수 없습니다.",
            )
            .at("login")
        };
        let name = canonical_name(text).ok_or_else(refusal)?.to_lowercase();
        let length = name.chars().count();
        let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
        if (2..=30).contains(&length) && name.chars().all(allowed) { Ok(Self(name)) } else { Err(refusal()) }
    }
}

/// A person's name as shown (이름): any letters, 1 to 30.
pub fn display_name(text: &str) -> Result<String, Refusal> {
    match canonical_name(text) {
        Some(name) if name.chars().count() <= 30 && name.chars().any(char::is_alphabetic) => Ok(name),
        _ => Err(Refusal::new("name-impossible", "", "이름을 1자에서 30자까지 적어 주세요.").at("name")),
    }
}

/// Where an officer stands (담당자의 상태). What is true only then is inside.
///
/// | from | act | to |
/// | --- | --- | --- |
/// | – | invite | Invited |
/// | Invited | enrol | Active |
/// | Invited, Active | invite again (lost phone, lost password) | Invited |
/// | Invited, Active | mark left | Left |
/// | Left | – | – (a person who comes back is invited under a new account) |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficerState {
    /// Has a temporary password and no second factor yet (초대함).
    Invited {
        /// From then on the temporary password opens nothing.
        until: Timestamp,
    },
    /// Signs in with password and code (쓰는 중).
    Active {
        /// When the second factor was set up.
        since: Timestamp,
    },
    /// Has left the office or this work (떠남).
    Left {
        /// The first day without access.
        on: Date,
    },
}

/// A duty an officer holds or held (맡은 업무).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldDuty {
    /// Which.
    pub duty: Duty,
    /// The first day.
    pub since: Date,
    /// The first day without it, where one is set.
    pub until: Option<Date>,
}

impl HeldDuty {
    /// Whether it is in force on that day.
    pub fn in_force(self, on: Date) -> bool {
        self.since <= on && self.until.is_none_or(|until| on < until)
    }
}

/// An office user (담당자).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The internal id.
    pub id: Id<id::Officer>,
    /// The district whose data this officer works on.
    pub district: DistrictCode,
    /// What one signs in with.
    pub login: Login,
    /// The name on pages.
    pub name: String,
    /// The department's code (부서).
    pub department: String,
    /// All duties, past ones too, in order of their first day.
    pub duties: Vec<HeldDuty>,
    /// Where the officer stands.
    pub state: OfficerState,
}

impl Officer {
    /// The duties in force on a day, in the order of [`Duty::ALL`]; none after leaving.
    pub fn duties_on(&self, on: Date) -> Vec<Duty> {
        if self.has_left(on) {
            return Vec::new();
        }
        let holds = |duty: &Duty| self.duties.iter().any(|held| held.duty == *duty && held.in_force(on));
        Duty::ALL.into_iter().filter(holds).collect()
    }

    /// Whether the officer has left by that day.
    pub fn has_left(&self, on: Date) -> bool {
        matches!(self.state, OfficerState::Left { on: left } if left <= on)
    }
}

/// Who confirms in another's place, and until when (대리 확인자).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    /// The officer with the duty 확인.
    pub principal: Id<id::Officer>,
    /// The one who confirms meanwhile.
    pub deputy: Id<id::Officer>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// When it was taken back early, where it was.
    pub revoked_at: Option<Timestamp>,
}

impl Deputy {
    /// Whether it is in force on that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.revoked_at.is_none() && self.from <= on && on <= self.until
    }
}

/// From a day on, everything of one officer is another's (업무 인계).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its number in the district.
    pub seq: i64,
    /// Who hands over.
    pub from: Id<id::Officer>,
    /// Who takes over.
    pub to: Id<id::Officer>,
    /// The first day of the new officer.
    pub effective_on: Date,
    /// Why, in the officer's words.
    pub remark: String,
}

/// Follows hand-overs: who is responsible on `on` for what was `officer`'s on `made_on`.
///
/// ```text
///  A ──May 1──▶ B ──Aug 1──▶ A      made by A in April, asked in June: B; asked in September: A
///  made by A in September: A (the hand-over of May 1 lies before it)
/// ```
///
/// Order is (day, number), strictly growing, so that giving something back and forth ends.
pub fn follow(handovers: &[Handover], officer: Id<id::Officer>, made_on: Option<Date>, on: Date) -> Id<id::Officer> {
    let mut now_at = officer;
    // A hand-over of the very day something was made takes it along.
    let mut passed: Option<(Date, i64)> = None;
    loop {
        let next = handovers
            .iter()
            .filter(|step| step.from == now_at && step.effective_on <= on)
            .filter(|step| made_on.is_none_or(|made| step.effective_on >= made))
            .filter(|step| passed.is_none_or(|passed| (step.effective_on, step.seq) > passed))
            .min_by_key(|step| (step.effective_on, step.seq));
        match next {
            Some(step) => {
                now_at = step.to;
                passed = Some((step.effective_on, step.seq));
            }
            None => return now_at,
        }
    }
}

/// In whose name a confirmation is given (확인하는 자격).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmingAs {
    /// By one's own duty.
    Oneself,
    /// In another's place.
    DeputyOf(Id<id::Officer>),
}

/// A living sign-in as the officer's own page lists it (접속).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Its id.
    pub id: Id<id::Session>,
    /// From where.
    pub address: String,
    /// Since when.
    pub since: Timestamp,
    /// The last request.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
    /// What this sign-in should be told (another device signed in).
    pub notice: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::{FixedClock, SeededEntropy};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_login_is_one_spelling() {
        for (typed, expected) in [
            (" Hansibeom ", Some("hansibeom")),
            ("한시범", Some("한시범")),
            ("\u{1112}\u{1161}\u{11ab}시범", Some("한시범")),
            ("h.an-si_beom2", Some("h.an-si_beom2")),
            ("h", None),
            ("han sibeom", None),
            ("han\u{200b}sibeom", None),
            ("", None),
        ] {
            assert_eq!(typed.parse::<Login>().ok().as_ref().map(Login::as_str), expected, "{typed:?}");
        }
    }

    #[test]
    fn names_of_people_are_taken_as_they_are() {
        for good in ["홍", "O'Brien", "Nguyễn Thị Ánh", "王小明", "선우 예시"] {
            assert_eq!(display_name(good).as_deref(), Ok(good));
        }
        for bad in ["", "  ", "...", "한\u{202e}시범", &"가".repeat(31)] {
            assert!(display_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_duty_ends_on_the_day_it_says() {
        let held = HeldDuty { duty: Duty::Record, since: day("2026-03-01"), until: Some(day("2026-04-01")) };
        for (on, expected) in [("2026-02-28", false), ("2026-03-01", true), ("2026-03-31", true), ("2026-04-01", false)]
        {
            assert_eq!(held.in_force(day(on)), expected, "{on}");
        }
    }

    #[test]
    fn what_is_handed_over_is_followed_in_order() {
        let clock = FixedClock::at(Timestamp::from_microsecond(1_790_000_000_000_000));
        let entropy = SeededEntropy::new("follow");
        let ids: Vec<Id<id::Officer>> = (0..4).map(|_| Id::fresh(&clock, &entropy)).collect();
        let (a, b, c, d) = (ids[0], ids[1], ids[2], ids[3]);
        let step = |seq, from, to, on| Handover { seq, from, to, effective_on: day(on), remark: String::new() };
        let all = [
            step(1, a, b, "2026-05-01"),
            step(2, b, a, "2026-08-01"),
            step(3, c, d, "2026-05-01"),
            step(4, d, c, "2026-05-01"),
            // d had handed over before c's things came.
            step(5, d, a, "2026-04-01"),
        ];
        for (who, made_on, on, expected) in [
            (a, None, "2026-04-30", a),
            (a, None, "2026-05-01", b),
            (a, None, "2026-07-31", b),
            (a, None, "2026-08-01", a),
            (a, Some("2026-09-01"), "2026-10-01", a),
            (a, Some("2026-05-01"), "2026-06-01", b),
            (c, None, "2026-12-31", c),
            (b, None, "2026-12-31", a),
        ] {
            assert_eq!(follow(&all, who, made_on.map(day), day(on)), expected, "on {on}");
        }
    }
}
