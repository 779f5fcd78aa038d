//! Who did it: the hand behind every act (행위자).

use crate::id::{self, Id};

/// The hand behind an act (행위자). Stored as text beside what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An officer who signed in (담당자).
    Officer(Id<id::Officer>),
    /// A command run on the machine by the office's operator (운영자 명령). It stages, it does not confirm.
    Operator,
    /// The program itself, by the clock (정해진 때 도는 일).
    System,
    /// Invented seed data of the demo (시연자료). Only `iljari demo` acts as this.
    Demo,
}

impl Actor {
    /// The text stored in the database.
    pub fn to_text(self) -> String {
        match self {
            Actor::Officer(id) => id.to_string(),
            Actor::Operator => "operator".to_owned(),
            Actor::System => "system".to_owned(),
            Actor::Demo => "demo".to_owned(),
        }
    }

    /// Reads what [`Actor::to_text`] wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "operator" => Some(Actor::Operator),
            "system" => Some(Actor::System),
            "demo" => Some(Actor::Demo),
            other => other.parse().ok().map(Actor::Officer),
        }
    }

    /// The officer's id, where the actor is one.
    pub fn officer(self) -> Option<Id<id::Officer>> {
        match self {
            Actor::Officer(id) => Some(id),
            _ => None,
        }
    }
}
