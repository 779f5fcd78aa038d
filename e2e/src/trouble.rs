//! What a step of a journey answers when it does not go as told.
//!
//! Owns one error type that is a message for the reader of a failed test. There are no kinds of
//! trouble to match on: a journey that expects something to fail says so about the page. A
//! newcomer looks for `unwrap`: a test returns [`Step`], and `?` does the rest.

use std::fmt;

/// A step of a journey, or a whole one.
pub type Step<T = ()> = Result<T, Trouble>;

/// Why a journey could not go on.
pub struct Trouble(String);

impl Trouble {
    /// Trouble in these words.
    pub fn new(message: impl Into<String>) -> Trouble {
        Trouble(message.into())
    }

    /// Turns any error into trouble, saying what was being done.
    pub fn when<E: fmt::Display>(doing: &str) -> impl FnOnce(E) -> Trouble + '_ {
        move |err| Trouble(format!("{doing}: {err}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The test runner shows errors with `Debug`; the message is meant to be read, so it is the same.
impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}
